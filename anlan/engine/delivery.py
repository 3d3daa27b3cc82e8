"""Where the effects of records go: events to the database, readings to the history, the state to snapshots.

Each has its thread and its bounded backlog. Nothing here is ever lost: what was not delivered is in the log, and the
log keeps a segment until the snapshot, the database and the history all hold it.
"""

import logging
import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from anlan.engine.step import Effect

logger = logging.getLogger(__name__)

MOST_EVENTS = 1_000_000
MOST_ROWS = 2_000_000
EVENTS_AT_ONCE = 5_000
ROWS_AT_ONCE = 500_000
ROWS_AFTER_S = 10.0
RETRY_S = (0.2, 0.5, 1.0, 2.0, 5.0)


class Sink(Protocol):
    """Where events go, in one transaction with ``upto``; events at or below ``applied`` are skipped."""

    def applied(self, shard: int) -> int: ...

    def apply(
        self,
        shard: int,
        upto: int,
        events: np.ndarray,
        offsets: npt.NDArray[np.int64],
        arrival_ms: npt.NDArray[np.int64],
    ) -> None: ...


class History(Protocol):
    """Where readings go for good; durable, with ``upto``, when ``write`` returns."""

    def upto(self, shard: int) -> int: ...

    def write(
        self,
        shard: int,
        upto_offset: int,
        tags: npt.NDArray[np.uint32],
        ts: npt.NDArray[np.int64],
        values: npt.NDArray[np.float64],
        good: npt.NDArray[np.uint8],
    ) -> None: ...


@dataclass
class Progress:
    """How far a delivery is, and what keeps it."""

    upto: int = -1
    backlog: int = 0
    error: str = ""


class Delivery(ABC):
    """A thread that carries effects somewhere in the log's order, again and again until it works."""

    most: int  # a backlog of this size is full
    at_once: int  # so much is delivered together
    patience_s: float  # so long it waits for more

    def __init__(self, name: str, shard: int) -> None:
        self.name, self.shard = name, shard
        self.progress = Progress()
        self.known = threading.Event()  # set once the other side has said how far it is
        self._waiting: list[Effect] = []
        self._seen = -1  # everything up to here was put
        self._wanted = -1
        self._change = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def full(self) -> bool:
        return self.progress.backlog >= self.most

    def put(self, effect: Effect) -> None:
        """Take an effect; cheap, never waits."""
        size = self.size(effect)
        with self._change:
            self._seen = effect.offset
            if size:
                self._waiting.append(effect)
                self.progress.backlog += size
                if self.due_now(len(self._waiting)):
                    self._change.notify()

    def want(self, offset: int) -> None:
        """Somebody waits until everything up to ``offset`` is delivered."""
        with self._change:
            self._wanted = max(self._wanted, offset)
            self._change.notify()

    def stop(self, within_s: float) -> None:
        """Deliver what is waiting, as far as that works in time, and end."""
        with self._change:
            self._stopping = True
            self._wanted = self._seen
            self._change.notify()
        self._thread.join(within_s)

    def _run(self) -> None:
        failures = 0
        while True:
            try:
                if not self.known.is_set():
                    self.progress.upto = self.begin()
                    self.known.set()
                finished = self._turn()
                if failures:
                    logger.warning("%s takes again what waits", self.name)
                failures, self.progress.error = 0, ""
                if finished:
                    return
            except Exception as error:  # whatever the database or disk says: keep it, try again
                if not failures:
                    logger.exception("%s does not take what waits; trying again", self.name)
                self.progress.error = f"{type(error).__name__}: {error}"[:500]
                if self._rest(failures):
                    return
                failures += 1

    def _rest(self, failures: int) -> bool:
        until = time.monotonic() + RETRY_S[min(failures, len(RETRY_S) - 1)]
        while not self._stopping and time.monotonic() < until:
            time.sleep(0.05)
        return self._stopping and failures > 2

    def _turn(self) -> bool:
        """Deliver one portion; True when there is nothing left and the end was asked for."""
        with self._change:
            self._change.wait_for(self._due, timeout=self.patience_s)
            portion = self._portion()
            whole = len(portion) == len(self._waiting)
            upto = self._seen if whole else portion[-1].offset
            if not portion and self._wanted <= self.progress.upto:
                return self._stopping
        if upto > self.progress.upto:
            self.deliver(upto, [effect for effect in portion if effect.offset > self.progress.upto])
            self.progress.upto = upto
        with self._change:
            del self._waiting[: len(portion)]
            self.progress.backlog -= sum(map(self.size, portion))
        return False

    def _due(self) -> bool:
        return self._stopping or self._wanted > self.progress.upto or self.due_now(len(self._waiting))

    def _portion(self) -> list[Effect]:
        total, count = 0, 0
        while count < len(self._waiting) and total < self.at_once:
            total += self.size(self._waiting[count])
            count += 1
        return self._waiting[:count]

    @abstractmethod
    def begin(self) -> int:
        """The offset up to which the other side holds everything."""

    @abstractmethod
    def deliver(self, upto: int, effects: list[Effect]) -> None:
        """Carry effects there, and the word that everything up to ``upto`` is there."""

    @abstractmethod
    def size(self, effect: Effect) -> int:
        """How much there is to carry of an effect; 0 = nothing."""

    @abstractmethod
    def due_now(self, waiting: int) -> bool:
        """Whether so many waiting effects go at once."""


class Events(Delivery):
    """Events into the database, at once."""

    most, at_once, patience_s = MOST_EVENTS, EVENTS_AT_ONCE, 1.0

    def __init__(self, sink: Sink, shard: int) -> None:
        super().__init__("database", shard)
        self.sink = sink

    def begin(self) -> int:
        return self.sink.applied(self.shard)

    def deliver(self, upto: int, effects: list[Effect]) -> None:
        none = np.empty(0, np.int64)
        if not effects:
            self.sink.apply(self.shard, upto, _no_events(), none, none)
            return
        sizes = [len(effect.events) for effect in effects]
        offsets = np.repeat(np.array([effect.offset for effect in effects], np.int64), sizes)
        arrivals = np.repeat(np.array([effect.record.arrival_ms for effect in effects], np.int64), sizes)
        self.sink.apply(self.shard, upto, np.concatenate([effect.events for effect in effects]), offsets, arrivals)

    def size(self, effect: Effect) -> int:
        return len(effect.events)

    def due_now(self, waiting: int) -> bool:
        return waiting > 0


class Readings(Delivery):
    """Readings into the history, some seconds of them at a time."""

    most, at_once, patience_s = MOST_ROWS, ROWS_AT_ONCE, ROWS_AFTER_S

    def __init__(self, history: History, shard: int) -> None:
        super().__init__("history", shard)
        self.history = history

    def begin(self) -> int:
        return self.history.upto(self.shard)

    def deliver(self, upto: int, effects: list[Effect]) -> None:
        columns = [_kept(effect) for effect in effects]
        if columns:
            tags, ts, values, good = (np.concatenate(column) for column in zip(*columns, strict=True))
        else:
            tags, ts, values, good = (np.empty(0, dtype) for dtype in ("u4", "i8", "f8", "u1"))
        self.history.write(self.shard, upto, tags, ts, values, good)

    def size(self, effect: Effect) -> int:
        return 0 if effect.verdicts is None else len(effect.verdicts)

    def due_now(self, waiting: int) -> bool:
        return self.progress.backlog >= ROWS_AT_ONCE


def _no_events() -> np.ndarray:
    from anlan.engine.step import NO_EVENTS

    return NO_EVENTS


def _kept(effect: Effect) -> tuple[np.ndarray, ...]:
    """The readings of a record that are neither duplicates nor in conflict."""
    from anlan.engine.records import Readings as Record

    assert isinstance(effect.record, Record) and effect.verdicts is not None
    record, keep = effect.record, effect.verdicts <= 1
    if keep.all():
        return record.tags, record.ts, record.values, record.good
    return record.tags[keep], record.ts[keep], record.values[keep], record.good[keep]
