"""Places in the zones of an accident: enterprises with who works there, schools, hospitals and what else is public."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from django.db.models import Q, QuerySet

from anlan.apps.consequences import exposure
from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors as enterprises
from anlan.kit import clock
from anlan.kit.accident.ground import Frame
from anlan.kit.accident.lethality import Lethality
from anlan.kit.accident.zones import Effect, Zone
from anlan.kit.grants import Viewer
from anlan.packs.families import public_objects

Floats = npt.NDArray[np.float64]
#: Kinds of places that are sites by themselves; what lies within an enterprise is told by the enterprise.
KINDS = (PlaceKind.ENTERPRISE, PlaceKind.PUBLIC_OBJECT)


@dataclass(frozen=True)
class Site:
    """A place in a zone.

    ``metres`` from the source to its nearest point; what comes there: ``value`` in the field's unit, ``arrival`` [s],
    ``chance`` of dying in the open [-]; ``people`` who work there, None where the file does not say; ``inside``: the
    share of its area in each zone, by level; ``sort``: school, hospital … by its name, '' for none.
    """

    place_id: int
    name: str
    kind: str
    sector: str
    level: str
    rank: int
    metres: float
    people: int | None
    arrival: float | None
    position: tuple[float, float]
    value: float | None = None
    chance: float | None = None
    sort: str = ""
    inside: tuple[tuple[str, float], ...] = ()
    dying: float | None = None

    @property
    def public(self) -> bool:
        """Where people are who are not on the payroll of a plant."""
        return self.kind == PlaceKind.PUBLIC_OBJECT

    def workers(self, level: str) -> float:
        """Of those who work here, how many in the zone of a level, spread evenly over the site."""
        return (self.people or 0) * dict(self.inside).get(level, 0.0)


@dataclass(frozen=True)
class _Near:
    """A place with its shape in the wind's frame [m], and the zones that it meets from the mildest."""

    place: Place
    shape: shapely.Geometry
    reached: Sequence[Zone]


def sites(viewer: Viewer, frame: Frame, effect: Effect, law: Lethality | None) -> list[Site]:
    """Sites of the viewer's scope in an effect's zones: the worst and nearest first."""
    near = list(_reached(viewer, frame, effect))
    if not near:
        return []
    spots = np.array([_nearest(one.shape) for one in near])
    x, y = spots[:, 0], spots[:, 1]
    field = effect.field
    arrival = field.arrival(x, y).tolist() if field is not None else [None] * len(near)
    value = field.at(x, y).tolist() if field is not None else [None] * len(near)
    chance = law.chance(x, y).tolist() if law is not None else [None] * len(near)
    mean = exposure.chance_in(law, [one.shape for one in near]) if law is not None else [None] * len(near)
    away = np.hypot(x, y).tolist()
    found = [
        _site(viewer, effect, one, (away[row], arrival[row], value[row], chance[row], mean[row]))
        for row, one in enumerate(near)
    ]
    return sorted(found, key=lambda site: (-site.rank, site.metres, site.place_id))


def _reached(viewer: Viewer, frame: Frame, effect: Effect) -> Iterable[_Near]:
    whole = frame.shape(shapely.union_all([zone.shape for zone in effect.zones]))
    if whole.is_empty:
        return
    near = list(boxed(core.places(viewer, kinds=KINDS).select_related("enterprise"), whole.bounds))
    for place, shape in zip(near, shapes(frame, near), strict=True):
        reached = [zone for zone in effect.zones if zone.shape.intersects(shape)]
        if reached:
            yield _Near(place, shape, reached)


def shapes(frame: Frame, places: Sequence[Place]) -> list[shapely.Geometry]:
    """What is drawn of places, in metres of the wind's frame."""
    if not places:
        return []
    drawn = shapely.from_geojson([json.dumps(place.geometry) for place in places])
    return [frame.flattened(one) for one in drawn]


def boxed(found: QuerySet[Place], bounds: Iterable[float]) -> QuerySet[Place]:
    """Drawn places whose box meets another."""
    west, south, east, north = bounds
    return found.filter(Q(east__gte=west, west__lte=east, north__gte=south, south__lte=north), geometry__isnull=False)


_Told = tuple[float, float | None, float | None, float | None, float | None]


def _site(viewer: Viewer, effect: Effect, one: _Near, told: _Told) -> Site:
    metres, arrival, value, chance, mean = told
    place, people = one.place, _people(viewer, one.place)
    inside = tuple(
        (zone.level.key, float(exposure.shares(np.array([one.shape]), zone.shape)[0])) for zone in effect.zones
    )
    worst = one.reached[-1].level
    return Site(
        place.pk, place.name, place.kind, place.sector, worst.key, worst.rank, metres, people, arrival, middle(place),
        value, chance, _sort(place), inside, people * mean if people is not None and mean is not None else None,
    )  # fmt: skip


def _nearest(shape: shapely.Geometry) -> Floats:
    found: Floats = shapely.get_coordinates(shapely.shortest_line(shape, shapely.Point(0, 0)))[0]
    return found


def middle(place: Place) -> tuple[float, float]:
    """Of the box of a drawn place [degree]."""
    west, south, east, north = (value or 0.0 for value in (place.west, place.south, place.east, place.north))
    return (west + east) / 2, (south + north) / 2


def _sort(place: Place) -> str:
    if place.kind != PlaceKind.PUBLIC_OBJECT:
        return ""
    known = public_objects.load(clock.today())
    at = known.sort_of(place.name)
    return known.sorts[at].name if at >= 0 else ""


def _people(viewer: Viewer, place: Place) -> int | None:
    """How many work there, where the viewer may read the file."""
    facts = enterprises.facts_of(place)
    may = viewer.may("enterprise.view", place.path, place.sector)
    return facts.employees if facts is not None and may else None
