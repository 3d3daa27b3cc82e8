"""A park computed again after a change: only the sources that changed are summed anew.

Risks and deaths add up over sources. What changed is taken out of the map and put in again; the deaths of the others
stay as they were. The same sums as from nothing, but for rounding.
"""

import numpy as np

from anlan.kernels.qra import individual, societal
from anlan.kernels.qra.layout import Floats, Grid, Park
from anlan.kernels.qra.societal import Deaths
from anlan.kit.park.assembly import Scene
from anlan.kit.park.compute import Result, compute


def again(before: Scene, known: Result, after: Scene) -> Result:
    """The result of a scene, from that of one that differs in some of its sources.

    Sources may have been moved, changed, added or left out. Where grid, people or weather differ, everything is
    computed; ``reused`` counts the sources that were not.
    """
    same = before.grid == after.grid and np.array_equal(before.people, after.people)
    if not same or not np.array_equal(before.park.rose.probability, after.park.rose.probability):
        return compute(after, None)
    return again_of_parks(before.park, known, after.park, after.grid, after.people)


def again_of_parks(before: Park, known: Result, after: Park, grid: Grid, people: Floats) -> Result:
    """As :func:`again`, of parks with one rose on one grid."""
    partners = _partners(before, after)
    gone = set(range(len(before.at))) - set(partners.values())
    risk = known.risk.copy()
    if gone:
        part = np.zeros_like(risk)
        for location in gone:
            individual.add(part, grid, before, location, individual.field(before, location, grid.cell))
        risk -= part
        np.maximum(risk, 0.0, out=risk)
    number = np.zeros((len(after.releases.shape), after.rose.directions))
    for location in range(len(after.at)):
        if location in partners:
            number[after.of(location)] = known.deaths.number[before.of(partners[location])]
        else:
            individual.add(risk, grid, after, location, individual.field(after, location, grid.cell))
            number[after.of(location)] = societal.deaths_at(after, location, people, grid.cell)
    return Result(risk, Deaths(number, societal.frequencies(after)), len(partners))


def _partners(before: Park, after: Park) -> dict[int, int]:
    """Location of the new park -> the location of the old one that is the same in everything."""
    places = dict[tuple[float, float], list[int]]()
    for location, (x, y) in enumerate(before.at.tolist()):
        places.setdefault((x, y), []).append(location)
    found = dict[int, int]()
    for location, (x, y) in enumerate(after.at.tolist()):
        candidates = places.get((x, y), [])
        same = next((one for one in candidates if _same(before, one, after, location)), None)
        if same is not None:
            found[location] = same
            candidates.remove(same)
    return found


def _same(before: Park, one: int, after: Park, other: int) -> bool:
    """Whether the releases of two locations are equal, footprint by footprint."""
    mine, its = before.of(one), after.of(other)
    if len(mine) != len(its):
        return False
    old, new = before.releases, after.releases
    if not np.array_equal(old.frequency[mine], new.frequency[its]) or not np.array_equal(
        old.weather[mine], new.weather[its]
    ):
        return False
    pairs = zip(old.shape[mine].tolist(), new.shape[its].tolist(), strict=True)
    return all(_same_shape(before, a, after, b) for a, b in pairs)


def _same_shape(before: Park, one: int, after: Park, other: int) -> bool:
    old, new = before.tables, after.tables
    scalars = all(getattr(old, name)[one] == getattr(new, name)[other] for name in ("start", "step", "radial", "shift"))
    if not scalars or old.least != new.least:
        return False
    first = old.ab[old.first[one] : old.first[one + 1]]
    second = new.ab[new.first[other] : new.first[other + 1]]
    return first is second or np.array_equal(first, second)
