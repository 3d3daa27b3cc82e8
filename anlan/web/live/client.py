"""One browser or program at the stream: what it may see, and what it has not taken yet."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from anlan.engine.values import LastValues
from anlan.kit.events import CAPABILITY, REASON
from anlan.kit.grants import NOBODY, Viewer
from anlan.web import positions

Tags = npt.NDArray[np.uint32]

#: What a browser may leave lying [bytes] before it is sent away to come back and resume.
MOST_WAITING = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Event:
    """An outbox row, ready to be sent. ``person`` is set for what concerns one person only.

    ``bare`` is the frame without its reason, for those who may see the colour of a place and not its facts.
    """

    id: int
    topic: str
    path: str
    sector: str
    person: int | None
    frame: bytes
    bare: bytes | None = None

    @property
    def for_browsers(self) -> bool:
        return self.topic in CAPABILITY or self.topic == "notice"


def frame(event: str, data: Mapping[str, Any], event_id: int | None = None) -> bytes:
    """One server-sent event."""
    head = f"id: {event_id}\nevent: {event}\n" if event_id is not None else f"event: {event}\n"
    return head.encode() + b"data: " + orjson.dumps(data, option=orjson.OPT_SERIALIZE_NUMPY) + b"\n\n"


class Client:
    """Used by the event loop's thread only."""

    def __init__(self, key: str, viewer: Viewer, tags: Tags) -> None:
        self.key = key  # of a session, or what ``hub`` calls a token
        self.wanted = tags  # what was asked for; permitted again when grants change
        self.follows = False  # wants to hear of what moves
        self.closing = ""
        self.checked = 0.0
        self._frames: deque[bytes] = deque()
        self._waiting = 0
        self._values_waiting = self._moves_waiting = False
        self._roll, self._seen_of_roll, self._moves_cursor = positions.NOBODY, np.zeros(0, np.bool_), 0
        self._wake = asyncio.Event()
        self._closed = asyncio.Event()
        self.viewer, self._tags = NOBODY, tags[:0]
        self._tests: dict[str, Callable[[str, str], bool]] = {}
        self._reads_facts: Callable[[str, str], bool] = lambda path, sector: False
        self._cursor = 0
        self._lapses: datetime | None = None
        self.see(viewer, tags)

    def see(self, viewer: Viewer, tags: Tags) -> None:
        """From now on look with these grants, at these permitted tags."""
        if viewer == self.viewer and np.array_equal(tags, self._tags):
            return
        self.viewer = viewer
        self._tests = {topic: viewer.test(capability) for topic, capability in CAPABILITY.items()}
        self._tags = tags
        self._reads_facts = viewer.test(REASON)
        self._cursor = 0
        self._roll = positions.NOBODY  # who of it may be seen is found out anew
        self._lapses = min((scope.until for scope in viewer.scopes if scope.until), default=None)

    def lapsed(self, now: datetime) -> bool:
        """Whether one of the grants has ended by the clock, so that they must be read again."""
        return self._lapses is not None and self._lapses <= now

    def may_see(self, event: Event) -> bool:
        """Whether an event is for this viewer. Without a place nobody but its person sees it."""
        if event.person is not None:
            return event.topic == "notice" and event.person == self.viewer.oneself
        test = self._tests.get(event.topic)
        return test is not None and event.path != "" and test(event.path, event.sector)

    def frame_of(self, event: Event) -> bytes:
        """What this viewer may read of an event; empty for nothing."""
        if not self.may_see(event):
            return b""
        return event.frame if event.bare is None or self._reads_facts(event.path, event.sector) else event.bare

    def offer(self, event: Event) -> None:
        if data := self.frame_of(event):
            self.put(data)

    def offer_values(self, last: LastValues) -> None:
        """What changed among the tags since the browser took the frame before; nothing while that one still waits."""
        if self._values_waiting or not len(self._tags):
            return
        changes = last.changed_since(self._cursor, self._tags)
        self._cursor = changes.cursor
        if len(changes.tags):
            value = changes.values
            known = [None if v != v else v for v in value.value.tolist()]
            self.put(frame("values", {"t": changes.tags, "v": known, "ts": value.ts, "q": value.good}))
            self._values_waiting = True

    def offer_moves(self, last: LastValues, roll: positions.Roll) -> None:
        """What moved, of what this viewer may see, since the browser took the frame before."""
        if not self.follows or self._moves_waiting or self.closing:
            return
        if roll is not self._roll:
            test = self.viewer.test("place.view")
            may_see = [test(path, sector) for path, sector in zip(roll.paths, roll.sectors, strict=True)]
            self._roll, self._seen_of_roll, self._moves_cursor = roll, np.array(may_see, np.bool_), 0
        self._moves_cursor, found = positions.fixes(last, roll, self._moves_cursor)
        mine = self._seen_of_roll[found.rows]
        if mine.any():
            places = roll.places[found.rows[mine]]
            spots = {"x": found.lon[mine].round(6), "y": found.lat[mine].round(6)}
            self.put(frame("moves", {"p": places, **spots, "ts": found.ts[mine]}))
            self._moves_waiting = True

    def put(self, data: bytes) -> None:
        """Queue a frame; a browser that has left too much lying is sent away."""
        if self.closing:
            return
        if self._waiting + len(data) > MOST_WAITING:
            self.close("slow")
            return
        self._frames.append(data)
        self._waiting += len(data)
        self._wake.set()

    def close(self, reason: str) -> None:
        """End the stream; what waits is forgotten, because the browser resumes from the last id it saw."""
        if not self.closing:
            self.closing = reason
            self._frames.clear()
            self._frames.append(frame("bye", {"reason": reason}))
            self.see(NOBODY, self._tags[:0])
            self._wake.set()
            self._closed.set()

    async def dropped(self, linger_s: float) -> None:
        """Returns when the stream was closed and the browser has had so long to take the farewell."""
        await self._closed.wait()
        await asyncio.sleep(linger_s)

    async def take(self, wait_s: float) -> bytes:
        """Everything that waits, or a ping when nothing came for so long."""
        if not self._frames:
            try:
                await asyncio.wait_for(self._wake.wait(), wait_s)
            except TimeoutError:
                return b": ping\n\n"
        data = b"".join(self._frames)
        self._frames.clear()
        self._waiting = 0
        self._values_waiting = self._moves_waiting = False
        self._wake.clear()
        return data
