"""The engine's heart: ``step(state, records) -> (state, effects)``. No clock, no disk, no database.

The same records always give the same events, so replay after a crash, tests and re-runs of past days need nothing more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from anlan.engine.records import Configure, Readings, Record, Shift, Tick
from anlan.engine.tables import TagTable
from anlan.kernels import detect

REMEMBERED_BATCHES = 65_536
NO_BATCH = bytes(16)
NO_EVENTS = np.empty(0, detect.EVENT)


class Batches:
    """The last batch ids, oldest forgotten first: a batch that is sent again changes nothing."""

    def __init__(self, ids: Iterable[bytes] = (), room: int = REMEMBERED_BATCHES) -> None:
        self.room = room
        self._ids = dict.fromkeys(ids)

    def __contains__(self, batch: bytes) -> bool:
        return batch in self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, batch: bytes) -> None:
        if batch == NO_BATCH:
            return
        self._ids[batch] = None
        if len(self._ids) > self.room:
            del self._ids[next(iter(self._ids))]

    def to_bytes(self) -> bytes:
        return b"".join(self._ids)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Batches":
        return cls(data[position : position + 16] for position in range(0, len(data), 16))


@dataclass
class State:
    """All the engine knows after the record at ``offset``."""

    offset: int = -1
    arrival_ms: int = 0
    table: TagTable = field(default_factory=TagTable.empty)
    tags: detect.State = field(default_factory=lambda: detect.State.empty(1))
    batches: Batches = field(default_factory=Batches)


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """What one record did: events in their order, and for readings the verdict of each."""

    offset: int
    record: Record
    events: np.ndarray
    verdicts: npt.NDArray[np.uint8] | None = None


def step(state: State, records: Iterable[tuple[int, Record]]) -> tuple[State, list[Effect]]:
    """Take records in the log's order. The state is changed in place and returned."""
    return state, [_take(state, offset, record) for offset, record in records]


def _take(state: State, offset: int, record: Record) -> Effect:
    if offset <= state.offset:
        raise ValueError(f"record {offset} was taken already, the state is at {state.offset}")
    verdicts = None
    match record:
        case Readings():
            outcome = detect.detect(state.tags, record.tags, record.ts, record.values, record.good, record.arrival_ms)
            events, verdicts = outcome.events, outcome.verdicts
            for batch in record.batches["id"].tolist():
                state.batches.add(batch)
        case Configure():
            events = _configure(state, record)
        case Tick():
            events = detect.tick(state.tags, record.arrival_ms)
        case Shift():
            detect.shift(state.tags, record.jump_ms)
            events = NO_EVENTS
    state.offset, state.arrival_ms = offset, record.arrival_ms
    return Effect(offset, record, _numbered(events), verdicts)


def _numbered(events: np.ndarray) -> np.ndarray:
    """Events counted within their record: (shard, offset, index) names one event."""
    if len(events):
        events["index"] = np.arange(len(events), dtype=np.uint32)
    return events


def _configure(state: State, record: Configure) -> np.ndarray:
    """Put the new table in force; a tag that is no longer in it loses its rules, so its alarms clear."""
    table = record.table
    needed = max(len(table.owner), len(state.table.owner))
    state.tags.grow(needed)
    gone = np.setdiff1d(state.table.tags, table.tags).astype(np.uint32)
    empty = np.zeros(len(gone), detect.RULES)
    for name in ("hh", "h", "l", "ll"):
        empty[name] = np.nan
    state.table = table
    tags, rules = np.concatenate([table.tags, gone]), np.concatenate([table.rules, empty])
    return detect.configure(state.tags, tags, rules, record.arrival_ms)
