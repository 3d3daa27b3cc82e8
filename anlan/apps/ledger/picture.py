"""The whole picture in memory: which facts count now, and what every place shows for it. Reads no clock, no database.

Moments are microseconds since 1970 (``moment``); facts are rows of arrays, so that a million of them fit.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from anlan.kernels.rollup import BUCKETS, Rollup, Touched, Tree
from anlan.rules.levels import ORDER, Level, severity

FOREVER = np.iinfo(np.int64).max
UNASSESSED = severity(Level.UNKNOWN)

#: Level (as stored) -> bucket of the kernel, and back.
BUCKET_OF = np.array([severity(level) for level in sorted(Level)], np.int8)
LEVEL_OF = np.array([int(level) for level in ORDER], np.int8)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SPARE = 1_024
_ADDED = 50_000

FACT = np.dtype(
    [
        ("id", "i8"),
        ("place", "i8"),
        ("bucket", "i1"),
        ("reaches", "?"),
        ("start", "i8"),
        ("end", "i8"),
        ("counted", "?"),
    ]
)
Facts = NDArray[np.void]


def moment(at: datetime) -> int:
    """A time as whole microseconds since 1970."""
    return (at - EPOCH) // _MICROSECOND


def ending(until: datetime | None, cleared: datetime | None) -> int:
    """When a fact stops counting: at its ``until`` or its clearing, whichever is first."""
    return min((moment(at) for at in (until, cleared) if at is not None), default=int(FOREVER))


@dataclass(frozen=True)
class Moved:
    """Places that a fact may have changed by beginning or ending to count."""

    touched: Touched
    fact_id: int


class Agenda:
    """When facts begin and end: a sorted list for those known at the start, a heap for those that came later."""

    def __init__(self, facts: Facts, now: int) -> None:
        times = np.concatenate([facts["start"], facts["end"]])
        ids = np.concatenate([facts["id"], facts["id"]])
        ahead = (times > now) & (times < FOREVER)
        order = np.argsort(times[ahead], kind="stable")
        self._times: NDArray[np.int64] = times[ahead][order]
        self._ids: NDArray[np.int64] = ids[ahead][order]
        self._next = 0
        self._heap: list[tuple[int, int]] = []

    def add(self, at: int, fact_id: int) -> None:
        if at < FOREVER:
            heapq.heappush(self._heap, (at, fact_id))

    def times(self, until: int) -> list[int]:
        """The moments up to ``until`` at which facts known at the start begin or end, each once."""
        return [int(at) for at in np.unique(self._times[self._next :]) if at <= until]

    def due(self, now: int) -> Iterator[int]:
        """Ids of the facts that begin or end up to ``now``, each taken off."""
        stop = int(np.searchsorted(self._times, now, side="right"))
        start, self._next = self._next, max(stop, self._next)
        yield from self._ids[start : self._next].tolist()
        while self._heap and self._heap[0][0] <= now:
            yield heapq.heappop(self._heap)[1]


class Picture:
    """Facts over a tree. Every change answers with the places that it may have moved."""

    def __init__(self, tree: Tree, facts: Facts, now: int) -> None:
        self._facts = facts
        self._used = self._sorted = len(facts)
        self._added: dict[int, int] = {}  # fact -> row, of those beyond the sorted ones
        self.agenda = Agenda(facts, now)
        self.stand_on(tree, now)

    @property
    def size(self) -> int:
        """How many facts are held: those that count and those that have not begun."""
        return self._used

    def stand_on(self, tree: Tree, now: int) -> None:
        """Begin again on a (new) tree, with the facts that are held."""
        self.tree = tree
        self._order = np.argsort(tree.ids, kind="stable")
        self._sorted_ids = tree.ids[self._order]
        self.rollup = Rollup(tree, UNASSESSED)
        facts = self._facts[: self._used]
        facts["counted"] = (facts["start"] <= now) & (now < facts["end"])
        self._pack(now)
        facts = self._facts
        at = self.positions(facts["place"])
        here = facts["counted"] & (at >= 0)
        self.rollup.load(at[here], facts["bucket"][here], facts["reaches"][here])

    def positions(self, place_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where places lie in the tree; -1 for those that are not in use."""
        if not len(self._sorted_ids):
            return np.full(len(place_ids), -1, np.int64)
        found = np.minimum(np.searchsorted(self._sorted_ids, place_ids), len(self._sorted_ids) - 1)
        return np.where(self._sorted_ids[found] == place_ids, self._order[found], -1)

    def add(self, fact: tuple[int, int, int, bool, int, int], now: int) -> Iterator[Moved]:
        """Fold a new fact (id, place, bucket, reaches, start, end) in. One that is known already changes nothing."""
        fact_id, *_, start, end = fact
        if end <= now or self._row(fact_id) is not None:
            return
        row = self._append(fact)
        if start > now:
            self.agenda.add(start, fact_id)
        self.agenda.add(end, fact_id)
        yield from self._weigh(row, now)

    def end(self, fact_id: int, at: int, now: int) -> Iterator[Moved]:
        """Fold a clearing in. Of a fact that is not held nothing is known or it has ended already."""
        row = self._row(fact_id)
        if row is None or at >= self._facts["end"][row]:
            return
        self._facts["end"][row] = at
        if at > now:
            self.agenda.add(at, fact_id)
        yield from self._weigh(row, now)

    def pass_time(self, now: int) -> Iterator[Moved]:
        """Facts that have begun or ended by ``now``."""
        for fact_id in self.agenda.due(now):
            row = self._row(fact_id)
            if row is not None:
                yield from self._weigh(row, now)

    def tidy(self, now: int) -> None:
        """Now and then, put the added facts in order and forget those that have ended. Nothing shown changes."""
        if len(self._added) > _ADDED:
            self._pack(now)

    def holders(self) -> NDArray[np.int64]:
        """For each place the newest fact that alone holds its level, 0 where there is none."""
        facts = self._facts[: self._used]
        facts = facts[facts["counted"]]
        at = self.positions(facts["place"])
        facts, at = facts[at >= 0], at[at >= 0]
        base = self.rollup.base
        newest = np.zeros(len(base), np.int64)
        own = facts["bucket"] == base[at]
        np.maximum.at(newest, at[own], facts["id"][own])
        for place, fact in zip(at[facts["reaches"]].tolist(), facts[facts["reaches"]], strict=True):
            below = slice(place, int(self.tree.end[place]))
            reached = base[below] == fact["bucket"]
            newest[below][reached] = np.maximum(newest[below][reached], fact["id"])
        return self.rollup.handed_up(newest)

    def _weigh(self, row: int, now: int) -> Iterator[Moved]:
        """Count a fact, or no longer, if that has changed."""
        fact = self._facts[row]
        counts = bool(fact["start"] <= now < fact["end"])
        if counts == bool(fact["counted"]):
            return
        self._facts["counted"][row] = counts
        at = int(self.positions(np.array([fact["place"]], np.int64))[0])
        if at >= 0:
            touched = self.rollup.put(at, int(fact["bucket"]), 1 if counts else -1, reaches=bool(fact["reaches"]))
            yield Moved(touched, int(fact["id"]))

    def _row(self, fact_id: int) -> int | None:
        if (added := self._added.get(fact_id)) is not None:
            return added
        ids = self._facts["id"][: self._sorted]
        row = int(np.searchsorted(ids, fact_id))
        return row if row < self._sorted and ids[row] == fact_id else None

    def _append(self, fact: tuple[int, int, int, bool, int, int]) -> int:
        if self._used == len(self._facts):
            spare = np.zeros(max(_SPARE, len(self._facts) // 8), FACT)
            self._facts = np.concatenate([self._facts, spare])
        row = self._used
        self._facts[row] = (*fact, False)
        self._added[fact[0]] = row
        self._used += 1
        return row

    def _pack(self, now: int) -> None:
        """Keep the facts that count and those on the agenda, sorted by id."""
        facts = self._facts[: self._used]
        kept = facts[facts["counted"] | ((facts["start"] > now) & (facts["end"] > now))]
        self._facts = kept[np.argsort(kept["id"], kind="stable")]
        self._used = self._sorted = len(kept)
        self._added = {}


def by_level(counts: Iterable[int]) -> tuple[int, ...]:
    """Counts by bucket, turned to counts by level as stored."""
    found = [0] * BUCKETS
    for bucket, count in enumerate(counts):
        found[int(LEVEL_OF[bucket])] = count
    return tuple(found)
