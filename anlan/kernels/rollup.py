"""Levels and counts of every place of a tree, from the levels of its facts.

Levels come as *buckets* 0 … 4, mildest first; what they mean is the caller's. A place *counts* its subtree and, for
every zone in what it counts, the subtrees of that zone's members, each place once. Its level is the highest bucket
found in what it counts; that needs only a histogram per place, which one fact changes along the way up.

Places lie in preorder, so that a subtree is one slice, and the histograms of all places are differences of running
sums. Positions (``at``) are indices into that order.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BUCKETS = 5
NOTHING = -1  # bucket of a place about which nothing is said

#: Up to so many places are changed one by one; beyond, everything is summed anew.
FEW = 256

Ints = NDArray[np.int64]
Places = NDArray[np.int32]
Counts = NDArray[np.int32]
Buckets = NDArray[np.int8]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Tree:
    """The shape: who is above whom, who is counted by whom.

    Attributes
    ----------
    ids : stable number of each place, in preorder
    depth : steps from the top, 1 …
    parent, end : position of the parent (-1 = top); the subtree of ``i`` is ``i … end[i] - 1``
    leaf : nothing below and, for a zone, no members
    points, enterprises : which places are counted as such
    inner, slot : positions of the places that are no leaves; the place of each in ``inner`` (-1 = leaf)
    zones_of : member -> zones that count it
    special, span_first, span_start, span_end : for the places (as slots) that count more than their subtree, all slices
        that they count; the slices of ``special[k]`` begin at ``span_first[k]``
    """

    ids: Ints
    depth: NDArray[np.int16]
    parent: Places
    end: Places
    leaf: Flags
    points: Flags
    enterprises: Flags
    inner: Places
    slot: Places
    zones_of: dict[int, tuple[int, ...]]
    special: Places
    span_first: Ints
    span_start: Places
    span_end: Places

    def counters(self, at: int) -> Iterator[int]:
        """Every place that counts ``at``, itself first, each once."""
        waiting = [at]
        seen: set[int] = set()
        while waiting:
            here = waiting.pop()
            while here >= 0 and here not in seen:
                seen.add(here)
                yield here
                waiting.extend(self.zones_of.get(here, ()))
                here = int(self.parent[here])

    def ancestors(self, at: int) -> Iterator[int]:
        """The place itself and those above it in the tree."""
        while at >= 0:
            yield at
            at = int(self.parent[at])


def plant(
    ids: Ints, depth: NDArray[np.int16], points: Flags, enterprises: Flags, members: Places, zones: Places
) -> Tree:
    """Build a tree.

    Parameters
    ----------
    ids, depth : number and depth (steps from the top, 1 …) of each place, in preorder
    points, enterprises : which places are counted as risk points (only leaves of the tree are) and as enterprises
    members, zones : positions; ``zones[k]`` counts ``members[k]``
    """
    parent, end = _nesting(depth)
    below = end - np.arange(len(ids), dtype=np.int32) > 1
    leaf = ~below
    leaf[zones] = False
    inner = np.flatnonzero(~leaf).astype(np.int32)
    slot = np.full(len(ids), -1, np.int32)
    slot[inner] = np.arange(len(inner), dtype=np.int32)
    zones_of: dict[int, tuple[int, ...]] = {}
    for member, zone in zip(members.tolist(), zones.tolist(), strict=True):
        zones_of[member] = (*zones_of.get(member, ()), zone)
    special, first, start, stop = _spans(parent, end, members, zones)
    return Tree(
        ids=ids,
        depth=depth,
        parent=parent,
        end=end,
        leaf=leaf,
        points=points & ~below,
        enterprises=enterprises,
        inner=inner,
        slot=slot,
        zones_of=zones_of,
        special=slot[special],
        span_first=first,
        span_start=start,
        span_end=stop,
    )


def _nesting(depth: NDArray[np.int16]) -> tuple[Places, Places]:
    """Parent and end of each place, one depth after another."""
    size = len(depth)
    parent = np.full(size, -1, np.int32)
    end = np.full(size, size, np.int32)
    above = np.empty(0, np.int64)  # positions of lesser depth, ascending
    for step in np.unique(depth):
        here = np.flatnonzero(depth == step)
        if len(above):
            parent[here] = above[np.searchsorted(above, here) - 1]
        above = np.sort(np.concatenate([above, here]), kind="stable")
        following = np.searchsorted(above, here) + 1
        closed = following < len(above)
        end[here[closed]] = above[following[closed]]
    return parent, end


def _spans(parent: Places, end: Places, members: Places, zones: Places) -> tuple[Places, Ints, Places, Places]:
    """The slices of each place that has a zone with members at or below it."""
    reach = _Reach(end, members, zones)
    special = sorted({up for zone in set(zones.tolist()) for up in _upward(parent, zone)})
    firsts, starts, ends = [], [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    length = 0
    for at in special:
        start, stop = reach.slices(at)
        firsts.append(length)
        starts.append(start)
        ends.append(stop)
        length += len(start)
    return np.array(special, np.int32), np.array(firsts, np.int64), np.concatenate(starts), np.concatenate(ends)


def _upward(parent: Places, at: int) -> Iterator[int]:
    while at >= 0:
        yield at
        at = int(parent[at])


class _Reach:
    """Finds what a place counts, as disjoint slices."""

    def __init__(self, end: Places, members: Places, zones: Places) -> None:
        order = np.argsort(zones, kind="stable")
        self._end = end
        self._zones, self._members = zones[order], members[order]

    def slices(self, at: int) -> tuple[Places, Places]:
        start = np.array([at], np.int32)
        while True:
            stop = self._end[start]
            low, high = np.searchsorted(self._zones, start), np.searchsorted(self._zones, stop)
            found = [self._members[a:b] for a, b in zip(low, high, strict=True) if b > a]
            wider = _outermost(np.concatenate([start, *found]), self._end)
            if len(wider) == len(start) and bool((wider == start).all()):
                return start, stop
            start = wider


def _outermost(tops: Places, end: Places) -> Places:
    """Those of some places that do not lie below another one of them, ascending."""
    tops = np.unique(tops)
    covered = np.maximum.accumulate(end[tops])
    outer: Places = tops[np.concatenate([[True], tops[1:] >= covered[:-1]])]
    return outer


@dataclass(frozen=True)
class Touched:
    """What one change did: places whose level or counts may differ now, and the level (bucket) each had before."""

    at: Ints
    was: Buckets


class Rollup:
    """The live state over a :class:`Tree`.

    Parameters
    ----------
    tree : the shape
    unassessed : bucket of a leaf that has no fact of its own

    Attributes
    ----------
    level : bucket of each place
    hist, points, enterprises : per inner place and bucket, how many of what it counts say so, how many of its risk
        points and of its enterprises show it
    """

    def __init__(self, tree: Tree, unassessed: int) -> None:
        size = len(tree.ids)
        self.tree = tree
        self.unassessed = unassessed
        self.own: Counts = np.zeros((size, BUCKETS), np.int32)
        self.reaching: dict[int, list[int]] = {}
        self.inherited: Buckets = np.full(size, NOTHING, np.int8)
        self.rebuild()

    def counts(self, at: int) -> tuple[list[int], list[int]]:
        """Risk points and enterprises of any place by bucket; a leaf counts at most itself."""
        slot = int(self.tree.slot[at])
        if slot >= 0:
            return self.points[slot].tolist(), self.enterprises[slot].tolist()
        one = [int(bucket == self.level[at]) for bucket in range(BUCKETS)]
        none = [0] * BUCKETS
        return (one if self.tree.points[at] else none), (one if self.tree.enterprises[at] else none)

    def counts_of_all(self) -> tuple[Counts, Counts]:
        """Risk points and enterprises of every place by bucket."""
        ones = (self.level[:, None] == np.arange(BUCKETS, dtype=np.int8)).astype(np.int32)
        points, enterprises = ones * self.tree.points[:, None], ones * self.tree.enterprises[:, None]
        points[self.tree.inner], enterprises[self.tree.inner] = self.points, self.enterprises
        return points, enterprises

    def load(self, at: Ints, buckets: Buckets, reaches: Flags) -> None:
        """Put many facts at once into an empty state and sum up."""
        np.add.at(self.own, (at, buckets), 1)
        for place, bucket in zip(at[reaches].tolist(), buckets[reaches].tolist(), strict=True):
            self.reaching.setdefault(place, [0] * BUCKETS)[bucket] += 1
        for place in sorted(self.reaching):
            self._inherit_below(place)
        self.rebuild()

    def handed_up(self, values: Ints) -> Ints:
        """Of the values of all that a place counts and that show its level, the largest, for every place.

        Parameters
        ----------
        values : one per place, positive; 0 = none
        """
        tree, level = self.tree, self.level
        found = np.where(self.base == level, values, 0)
        for depth in np.unique(tree.depth)[:0:-1]:
            here = np.flatnonzero(tree.depth == depth)
            here = here[(tree.parent[here] >= 0) & (level[here] == level[tree.parent[here]])]
            np.maximum.at(found, tree.parent[here], found[here])
        edges = list(tree.zones_of.items())
        while any(self._hand_to_zones(found, *edge) for edge in edges):
            continue
        return found

    def _hand_to_zones(self, found: Ints, member: int, zones: tuple[int, ...]) -> bool:
        """Hand a member's value to its zones and what lies above them; True if that changed anything."""
        changed = False
        for zone in zones:
            for above in self.tree.ancestors(zone):
                if self.level[above] != self.level[member] or found[above] >= found[member]:
                    break
                found[above] = found[member]
                changed = True
        return changed

    def put(self, at: int, bucket: int, count: int = 1, *, reaches: bool = False) -> Touched:
        """Add (``count`` = 1) or take away (-1) a fact; ``reaches``: it also holds for all places below."""
        self.own[at, bucket] += count
        if not reaches:
            return self._settle(at, at + 1)
        self.reaching.setdefault(at, [0] * BUCKETS)[bucket] += count
        if not any(self.reaching[at]):
            del self.reaching[at]
        before = self.inherited[at : self.tree.end[at]].copy()
        self._inherit(at)
        changed = np.flatnonzero(before != self.inherited[at : self.tree.end[at]])
        stop = at + int(changed[-1]) + 1 if len(changed) else at + 1
        return self._settle(at, stop)

    def rebuild(self) -> None:
        """Sum everything up from the facts."""
        self.base = self._base(0, len(self.tree.ids))
        self._sum_up()

    def _sum_up(self) -> None:
        tree = self.tree
        self.hist = _closure_sums(tree, self.base)
        self.level = self.base.copy()
        self.level[tree.inner] = _highest(self.hist, self.unassessed)
        self.points = _closure_sums(tree, np.where(tree.points, self.level, NOTHING))
        self.enterprises = _closure_sums(tree, np.where(tree.enterprises, self.level, NOTHING))

    def _inherit_below(self, at: int) -> None:
        here = slice(at, int(self.tree.end[at]))
        np.maximum(self.inherited[here], _top(self.reaching[at]), out=self.inherited[here])

    def _inherit(self, at: int) -> None:
        """What comes down to the places from ``at`` on, after its own reaching facts changed."""
        stop = int(self.tree.end[at])
        parent = int(self.tree.parent[at])
        self.inherited[at:stop] = self.inherited[parent] if parent >= 0 else NOTHING
        for place in sorted(place for place in self.reaching if at <= place < stop):
            self._inherit_below(place)

    def _base(self, start: int, stop: int) -> Buckets:
        """What is said about each place itself: own facts, inherited ones, or that nothing is known."""
        here = slice(start, stop)
        own = _highest(self.own[here], NOTHING)
        silent = (own == NOTHING) & self.tree.leaf[here]
        own[silent] = self.unassessed
        return np.maximum(own, self.inherited[here])

    def _settle(self, start: int, stop: int) -> Touched:
        """Bring a slice whose facts changed up to date, and everything that counts it."""
        fresh = self._base(start, stop)
        moved = np.flatnonzero(fresh != self.base[start:stop])
        if len(moved) > FEW:
            self.base[start:stop] = fresh
            return self._settle_all()
        touched: dict[int, int] = {}
        for offset in moved.tolist():
            self._move(start + offset, int(fresh[offset]), touched)
        return Touched(
            np.fromiter(touched.keys(), np.int64, len(touched)), np.fromiter(touched.values(), np.int8, len(touched))
        )

    def _settle_all(self) -> Touched:
        tree, level, points, enterprises = self.tree, self.level, self.points, self.enterprises
        self._sum_up()
        differs = level != self.level
        recounted = (points != self.points).any(axis=1) | (enterprises != self.enterprises).any(axis=1)
        differs[tree.inner[recounted]] = True
        at = np.flatnonzero(differs)
        return Touched(at, level[at])

    def _move(self, at: int, bucket: int, touched: dict[int, int]) -> None:
        """One place says another bucket: adjust all who count it."""
        was = int(self.base[at])
        self.base[at] = bucket
        risen: list[tuple[int, int, int]] = []
        for counter in self.tree.counters(at):
            before = int(self.level[counter])
            now = self._shift(self.hist, counter, was, bucket) if self.tree.slot[counter] >= 0 else bucket
            if now != before:
                self.level[counter] = now
                touched.setdefault(counter, before)
                risen.append((counter, before, now))
        for place, before, now in risen:
            self._recount(place, before, now, touched)

    def _shift(self, counted: Counts, at: int, was: int, now: int) -> int:
        """Move one count of a place from a bucket to another; returns the highest bucket in use."""
        row = counted[self.tree.slot[at]]
        if was >= 0:
            row[was] -= 1
        if now >= 0:
            row[now] += 1
        top = _top(row.tolist())
        return top if top >= 0 else self.unassessed

    def _recount(self, at: int, before: int, now: int, touched: dict[int, int]) -> None:
        """A risk point or an enterprise shows another level: adjust the counts of all who count it."""
        for flags, counted in ((self.tree.points, self.points), (self.tree.enterprises, self.enterprises)):
            if flags[at]:
                for counter in self.tree.counters(at):
                    touched.setdefault(counter, int(self.level[counter]))
                    if self.tree.slot[counter] >= 0:
                        self._shift(counted, counter, before, now)


def _top(row: list[int]) -> int:
    """The highest bucket with a count, or NOTHING."""
    return max((bucket for bucket, count in enumerate(row) if count), default=NOTHING)


def _highest(counts: Counts, otherwise: int) -> Buckets:
    """The highest bucket in use of each row."""
    found = np.full(len(counts), otherwise, np.int8)
    for bucket in range(BUCKETS):
        found[counts[:, bucket] > 0] = bucket
    return found


def _closure_sums(tree: Tree, buckets: Buckets) -> Counts:
    """For each inner place, how many of the places that it counts have each bucket."""
    sums = np.empty((len(tree.inner), BUCKETS), np.int32)
    running = np.zeros(len(buckets) + 1, np.int32)
    stops = tree.end[tree.inner]
    for bucket in range(BUCKETS):
        np.cumsum(buckets == bucket, dtype=np.int32, out=running[1:])
        sums[:, bucket] = running[stops] - running[tree.inner]
        if len(tree.special):
            spans = running[tree.span_end] - running[tree.span_start]
            sums[tree.special, bucket] = np.add.reduceat(spans, tree.span_first)
    return sums
