"""Plants of a park that endanger each other: near neighbours, and those that an accident of the other would reach."""

from dataclasses import dataclass
from itertools import combinations

import shapely

from anlan.apps.consequences import selectors as consequences
from anlan.apps.core.models import Place
from anlan.apps.parks.selectors.checking import farthest
from anlan.apps.parks.selectors.parks import enterprises_in, groups
from anlan.kit import clock
from anlan.kit.accident.ground import Frame
from anlan.kit.grants import Viewer
from anlan.packs.families import park_desk

MOST_SCENARIOS = 60


@dataclass(frozen=True)
class Blow:
    """A scenario at one plant whose worst zone reaches the other; ``reach`` [m] in any direction of the wind."""

    scenario_id: int
    name: str
    zone: str
    reach: float
    metres: float


@dataclass(frozen=True)
class Pair:
    """Two plants. ``metres`` between them; ``to_b``, ``to_a``: what reaches the other; ``joined``: in one group."""

    a: Place
    b: Place
    metres: float
    to_b: tuple[Blow, ...]
    to_a: tuple[Blow, ...]
    joined: bool

    @property
    def mutual(self) -> bool:
        return bool(self.to_a and self.to_b)


def neighbours(viewer: Viewer, park: Place) -> list[Pair]:
    """Pairs that are near or reach each other, those that an accident reaches first, then the nearest."""
    plants = [one for one in enterprises_in(viewer, park) if one.geometry]
    if len(plants) < 2:
        return []
    frame = _frame(plants)
    shapes = {one.pk: frame.flat(one.geometry or {}) for one in plants}
    blows = _blows(viewer, plants, shapes, frame)
    near = park_desk.load(clock.today()).near_metres
    joined = {frozenset(two) for group in groups(park) for two in combinations([m.pk for m in group.members.all()], 2)}
    found = []
    for a, b in combinations(plants, 2):
        metres = float(shapes[a.pk].distance(shapes[b.pk]))
        to_b, to_a = blows.get((a.pk, b.pk), ()), blows.get((b.pk, a.pk), ())
        if to_b or to_a or metres <= near:
            found.append(Pair(a, b, metres, tuple(to_b), tuple(to_a), frozenset((a.pk, b.pk)) in joined))
    return sorted(found, key=lambda pair: (-len(pair.to_a) - len(pair.to_b), pair.metres))


def _blows(
    viewer: Viewer, plants: list[Place], shapes: dict[int, shapely.Geometry], frame: Frame
) -> dict[tuple[int, int], list[Blow]]:
    """(from, to) → scenarios at the one that reach the other."""
    found: dict[tuple[int, int], list[Blow]] = {}
    ids = {one.pk: one for one in plants}
    for plant in plants:
        for scenario in consequences.scenarios(viewer, plant)[:MOST_SCENARIOS]:
            zone, reach = farthest(scenario)
            x, y = frame.local(scenario.longitude, scenario.latitude)
            at = shapely.Point(float(x), float(y))
            for other in ids.values():
                metres = float(shapes[other.pk].distance(at))
                if other.pk != plant.pk and metres <= reach:
                    found.setdefault((plant.pk, other.pk), []).append(
                        Blow(scenario.pk, scenario.name, zone, reach, metres)
                    )
    return found


def _frame(plants: list[Place]) -> Frame:
    west = min(one.west or 0.0 for one in plants)
    south = min(one.south or 0.0 for one in plants)
    return Frame(west, south)
