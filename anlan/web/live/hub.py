"""What all streams of this process share: one reader of the outbox, one of the values, one of the pulse.

Everything here runs in the event loop, except what asks the database: that is done by threads of its own.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from django.db import close_old_connections

from anlan.apps.core import actions as core_actions
from anlan.apps.core import selectors as core
from anlan.apps.core.models import Outbox
from anlan.apps.core.sign_in import lacks_second_factor
from anlan.apps.monitoring import selectors as monitoring
from anlan.engine.values import LastValues
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.kit.tail import Tail
from anlan.web import positions
from anlan.web.live.client import Client, Event, Tags, frame

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

POLL_S = 0.1  # between two looks at the outbox
TICK_S = 0.2  # between two frames of values
MOVES_S = 1.0  # between two frames of what moved
PULSE_S = 2.0  # between two looks at the heartbeats
SESSIONS_S = 5.0  # between two looks whether sessions still stand
GRANTS_S = 30.0  # grants are read again at least so often: they also end by the clock
REMEMBERED = 5_000  # events kept for browsers that come back
OVERLAP = 200  # ids looked back over when a browser comes back to another process
MOVING = ("places", "tags")  # topics after which a tag may lie in somebody else's scope
PROGRAM = "token:"  # how the key of a stream begins that was opened by token; no session's key does
MOST_MISSED = 2_000  # a browser that missed more loads its page anew


@dataclass(frozen=True)
class Identity:
    """Who is behind a session, and which of the wanted tags they may read."""

    viewer: Viewer
    tags: Tags


@dataclass(frozen=True)
class Missed:
    """What a browser that comes back has not seen; ``reset``: too much to tell."""

    events: tuple[Event, ...] = ()
    reset: bool = False


class Hub:
    """Started and stopped with the server."""

    def __init__(self, data: Path) -> None:
        self._last = LastValues(data / "values.bin")
        self._clients: set[Client] = set()
        self._recent: deque[Event] = deque(maxlen=REMEMBERED)  # in the order in which they became visible
        self._tail: Tail[Outbox] | None = None
        self.last_id = 0  # the newest event that was handed out; the tail may have read farther
        self._pulse = b""
        self._roll, self._rolled_at = positions.NOBODY, float("-inf")
        self._tasks: list[asyncio.Task[None]] = []
        self._following = ThreadPoolExecutor(1, "live-outbox")
        self._asking = ThreadPoolExecutor(2, "live-ask")

    def __len__(self) -> int:
        return len(self._clients)

    async def start(self) -> None:
        """Begin behind the newest event."""
        self._tail = await self._follow(lambda: Tail(Outbox.objects.select_related("place").defer("place__geometry")))
        self.last_id = self._tail.high
        loops = (
            (self._send_events, POLL_S),
            (self._send_values, TICK_S),
            (self._send_moves, MOVES_S),
            (self._send_pulse, PULSE_S),
            (self._check_sessions, SESSIONS_S),
        )
        self._tasks = [asyncio.create_task(_forever(work, every)) for work, every in loops]

    async def stop(self) -> None:
        """Send every browser away; they come back to the next process."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for client in self._clients:
            client.close("restart")
        self._following.shutdown(wait=False, cancel_futures=True)
        self._asking.shutdown(wait=False, cancel_futures=True)

    async def identify(self, key: str, wanted: Tags) -> Identity | None:
        """Who is behind a session or a token; None if nobody."""
        return await self._ask(lambda: _identify(key, wanted))

    async def admit(self, secret: str, address: str) -> str:
        """What a token that somebody shows is called here. Raises NotSignedIn or TooMany."""
        token = await self._ask(lambda: core_actions.use_token(secret, address, writes=False))
        return f"{PROGRAM}{token.pk}"

    async def join(self, client: Client, last_id: int | None) -> Missed:
        """Let a client take part; returns what it missed since ``last_id``. Between the two nothing is lost."""
        client.checked = time.monotonic()
        self._clients.add(client)
        if self._pulse:
            client.put(self._pulse)
        if last_id is None or last_id >= self.last_id:
            return Missed()  # a page may be newer than our last look: what it lacks is still to come
        places = [at for at, event in enumerate(self._recent) if event.id == last_id]
        if places:
            return Missed(tuple(self._recent)[places[0] + 1 :])
        return await self._ask(lambda: _missed(last_id))

    def leave(self, client: Client) -> None:
        self._clients.discard(client)

    async def _send_events(self) -> None:
        assert self._tail is not None
        rows = await self._follow(self._tail.poll)
        await self._look_at_lapsed()
        for event in map(_event, rows):
            if event.topic == "grants":
                await self._look_again([c for c in self._clients if c.viewer.person_id == event.person])
            elif event.topic in MOVING:
                self._rolled_at = float("-inf")
                for client in self._clients:
                    client.checked = 0.0
            if event.for_browsers:
                self._recent.append(event)
                for client in self._clients:
                    client.offer(event)
        self.last_id = self._tail.high

    async def _send_values(self) -> None:
        await self._look_at_lapsed()
        for client in self._clients:
            client.offer_values(self._last)

    async def _send_moves(self) -> None:
        following = [client for client in self._clients if client.follows]
        if not following:
            return
        if time.monotonic() - self._rolled_at > positions.AGAIN_S:
            self._rolled_at = time.monotonic()
            self._roll = await self._ask(positions.roll)
        for client in following:
            client.offer_moves(self._last, self._roll)

    async def _send_pulse(self) -> None:
        pulse = await self._ask(monitoring.pulse)
        self._pulse = frame("health", pulse)
        for client in self._clients:
            client.put(self._pulse)

    async def _check_sessions(self) -> None:
        """End the streams of ended sessions; read grants again that were read long ago."""
        asked = list(self._clients)  # others may come while the database is asked
        keys = {client.key for client in asked}
        standing = await self._ask(lambda: _standing(keys)) if keys else set()
        for client in asked:
            if client.key not in standing:
                client.close("signed_out")
        before = time.monotonic() - GRANTS_S
        await self._look_again([client for client in self._clients if client.checked < before and not client.closing])

    async def _look_at_lapsed(self) -> None:
        now = clock.now()
        await self._look_again([client for client in self._clients if client.lapsed(now)])

    async def _look_again(self, clients: list[Client]) -> None:
        for client in clients:
            client.checked = time.monotonic()
            found = await self.identify(client.key, client.wanted)
            if found is None:
                client.close("signed_out")
            else:
                client.see(found.viewer, found.tags)

    async def _ask(self, question: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._asking, _fresh(question))

    async def _follow(self, question: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._following, _fresh(question))


async def _forever(work: Callable[[], Coroutine[Any, Any, None]], every_s: float) -> None:
    """Do ``work`` again and again; what goes wrong (the database is away) is logged and tried again."""
    while True:
        try:
            await work()
            await asyncio.sleep(every_s)
        except Exception:  # the stream must outlive whatever one round meets
            logger.exception("live: %s failed", work.__name__)
            await asyncio.sleep(1.0)


def _fresh(question: Callable[[], Answer]) -> Callable[[], Answer]:
    """With a database connection that works, or a new one."""

    def ask() -> Answer:
        close_old_connections()
        return question()

    return ask


def _identify(key: str, wanted: Tags) -> Identity | None:
    viewer = _viewer(key)
    if viewer is None or lacks_second_factor(viewer):
        return None
    permitted = monitoring.permitted_tags(viewer, wanted.tolist()) if len(wanted) else []
    return Identity(viewer, np.array(permitted, np.uint32))


def _viewer(key: str) -> Viewer | None:
    """Who is behind a session, or what a token lets through; None once it has ended."""
    if key.startswith(PROGRAM):
        token = core.live_tokens([int(key.removeprefix(PROGRAM))]).first()
        return core.viewer_of_token(token) if token else None
    person = core.person_of_session(key)
    return core.viewer_of(person) if person else None


def _standing(keys: set[str]) -> set[str]:
    """Which of these sessions and tokens have not ended."""
    tokens = {key for key in keys if key.startswith(PROGRAM)}
    live = core.live_tokens([int(key.removeprefix(PROGRAM)) for key in tokens]).values_list("pk", flat=True)
    return core.standing_sessions(keys - tokens) | {f"{PROGRAM}{pk}" for pk in live}


def _missed(last_id: int) -> Missed:
    """What came after ``last_id`` and just before it: another process may not have seen it in this order."""
    rows = Outbox.objects.filter(pk__gt=last_id - OVERLAP).select_related("place").defer("place__geometry")
    events = [_event(row) for row in rows.order_by("pk")[: MOST_MISSED + OVERLAP + 1]]
    if len(events) > MOST_MISSED + OVERLAP:
        return Missed(reset=True)
    return Missed(tuple(event for event in events if event.for_browsers and event.id != last_id))


def _event(row: Outbox) -> Event:
    place = row.place
    person = row.payload.get("person") if row.topic in ("notice", "grants") else None
    return Event(
        id=row.pk,
        topic=row.topic,
        path=place.path if place else "",
        sector=place.sector if place else "",
        person=person,
        frame=frame(row.topic, row.payload, row.pk),
        bare=frame(row.topic, row.payload | {"reason": ""}, row.pk) if row.payload.get("reason") else None,
    )
