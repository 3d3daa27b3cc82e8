"""What connectors inside the engine's process hand over: from any thread, taken by the engine's own."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

import numpy as np

from anlan.engine.admit import Batch
from anlan.engine.quarantine import Quarantine
from anlan.engine.tables import TagTable

MOST_WAITING = 4_096


class Delivered(NamedTuple):
    """A batch and whom to tell once it is durable."""

    batch: Batch
    done: Callable[[], None]


class Connector(Protocol):
    """Something that brings readings by itself, such as a broker's client."""

    def start(self, inbox: "Inbox") -> None: ...

    def stop(self) -> None: ...

    def report(self) -> dict[str, object]: ...


class Inbox:
    """Bounded: a connector that brings more than the engine can take waits."""

    def __init__(self, quarantine: Quarantine, wake: Callable[[], None]) -> None:
        self.table = TagTable.empty()
        self.poison = 0
        self._quarantine, self._wake = quarantine, wake
        self._waiting: deque[Delivered] = deque()
        self._room = threading.Semaphore(MOST_WAITING)

    def source(self, code: str) -> tuple[int, Mapping[str, int]] | None:
        """A source's id and its tags by code."""
        source = self.table.sources.get(code)
        return None if source is None else (source, self.table.codes_of.get(source, {}))

    def submit(
        self, source: int, identity: tuple[bytes, bool], parts: tuple[bytes, ...], done: Callable[[], None]
    ) -> None:
        """Hand over raw columns (ts, values, tags, good); ``done`` is called when they are durable."""
        ts, values, tags, good = parts
        columns = (np.frombuffer(tags, "<u4"), np.frombuffer(ts, "<i8"), np.frombuffer(values, "<f8"))
        batch = Batch(source, *identity, *columns, np.frombuffer(good, "u1"))
        self._room.acquire()
        self._waiting.append(Delivered(batch, done))
        self._wake()

    def set_aside(self, origin: str, payload: bytes, why: str) -> None:
        """Keep what cannot be read."""
        self.poison += 1
        self._quarantine.payload(origin, payload, why)

    def take(self, most_readings: int = 200_000) -> list[Delivered]:
        """What is waiting, up to a size."""
        taken: list[Delivered] = []
        readings = 0
        while self._waiting and readings < most_readings:
            taken.append(self._waiting.popleft())
            self._room.release()
            readings += len(taken[-1].batch.tags)
        return taken

    def put_back(self, taken: list[Delivered]) -> None:
        """They could not be logged: they are the first next time."""
        self._waiting.extendleft(reversed(taken))

    def __len__(self) -> int:
        return len(self._waiting)
