"""Who lives and works in the valley below a pond, how far tailings may come, and when."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.db.models import Q
from shapely import ops

from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors as enterprises
from anlan.apps.tailings.models import Pond
from anlan.kernels.tailings import dam_break
from anlan.kernels.tailings.dam_break import Reach
from anlan.kernels.validity import OutOfRange
from anlan.kit import clock, population
from anlan.kit.accident.ground import Frame
from anlan.kit.grants import Viewer
from anlan.kit.population import Floats, Ints
from anlan.kit.tailings import study
from anlan.packs.families import tailings_ponds as pack

KINDS = (PlaceKind.ENTERPRISE, PlaceKind.PUBLIC_OBJECT, PlaceKind.GRID)


@dataclass(frozen=True)
class Met:
    """A place in the valley.

    ``metres`` along it from the dam; ``chance`` that such a failure comes so far; ``earliest`` and ``latest`` arrival
    [s]; ``people`` who live (a village) or work (an enterprise) there, None where nobody knows.
    """

    place: Place
    metres: float
    chance: float
    earliest: float
    latest: float
    people: int | None


@dataclass(frozen=True)
class Stretch:
    """Ground of the valley as far as ``metres``: ``close`` to the dam, where half (``half``) or a tenth (``tenth``) of
    such failures come."""

    kind: str
    metres: float
    shape: Mapping[str, Any]


@dataclass(frozen=True)
class Below:
    """What lies below. ``reach`` None where the regressions refuse, with ``why``.

    ``warned`` [m]: as far as is told; ``residents`` in the valley within it, ``close`` within the distance of a pond
    over people's heads, None where nobody has counted; ``stretches``: ground for the map, the farthest first.
    """

    reach: Reach | None
    why: str
    warned: float
    met: tuple[Met, ...]
    residents: int | None
    close: int | None
    stretches: tuple[Stretch, ...]


def below(viewer: Viewer, pond: Pond) -> Below:
    """The valley below a pond, as far as it is drawn."""
    law = pack.load(clock.today()).dam_break
    reach, why = _reach(law, pond)
    if not pond.path:
        return Below(reach, why, 0.0, (), None, None, ())
    valley = _Valley(pond)
    warned = min(reach.exceeded_by(law.warn_share), valley.line.length) if reach else valley.line.length
    ground = valley.upto(warned)
    met = _met(viewer, valley, ground, (reach, law)) if reach else ()
    close = pack.load(clock.today()).overhead_m
    far = {"tenth": warned, "half": min(reach.median, warned) if reach else warned, "close": min(close, warned)}
    stretches = tuple(Stretch(kind, metres, valley.frame.geojson(valley.upto(metres))) for kind, metres in far.items())
    return Below(reach, why, warned, met, _residents(valley, ground), _residents(valley, valley.upto(close)), stretches)


def people_close(pond: Pond) -> int | None:
    """People within the distance of a pond over people's heads: as declared, or as counted, whichever is more."""
    counted = None
    if pond.path:
        valley = _Valley(pond)
        counted = _residents(valley, valley.upto(pack.load(clock.today()).overhead_m))
    known = [one for one in (pond.people_below, counted) if one is not None]
    return max(known) if known else None


class _Valley:
    """The path below the dam in metres, with the stretch of ground to both sides."""

    def __init__(self, pond: Pond) -> None:
        lon, lat = (np.array(column, float) for column in zip(*pond.path, strict=True))
        self.frame = Frame(float(lon[0]), float(lat[0]), 270.0)
        x, y = self.frame.local(lon, lat)
        self.line = shapely.LineString(np.column_stack([x, y]))
        self._width = pond.corridor

    def upto(self, metres: float) -> shapely.Polygon:
        """The ground within so many metres along the path; flat at the dam's side, round at the far one."""
        part = ops.substring(self.line, 0, min(max(metres, 1.0), self.line.length))
        return part.buffer(self._width)

    def along(self, shape: shapely.Geometry) -> float:
        """How far along the path one comes to a shape first [m]."""
        inside = self.line.intersection(shape.buffer(self._width))
        if inside.is_empty:
            return float(self.line.project(shape.centroid))
        return min(float(self.line.project(shapely.Point(spot))) for spot in shapely.get_coordinates(inside))

    def homes(self, ground: shapely.Geometry) -> tuple[Floats, Floats, Ints] | None:
        """Cells whose middle lies on the ground: x, y [m] and people; None where nobody counted."""
        grid = population.grid()
        if grid is None:
            return None
        west, south, east, north = shapely.from_geojson(_text(self.frame.geojson(ground))).bounds
        if not grid.covers((west + east) / 2, (south + north) / 2):
            return None
        near = grid.within(west, south, east, north)
        x, y = self.frame.local(near.lon, near.lat)
        inside = shapely.contains_xy(ground, x, y) if len(x) else np.zeros(0, np.bool_)
        return x[inside], y[inside], near.people[inside]

    def nearest_home(self, ground: shapely.Geometry) -> float:
        """How far along the path the first people live [m]."""
        found = self.homes(ground)
        if found is None or not found[2].sum():
            return self.along(ground)
        spots = [(x, y) for x, y, people in zip(*found, strict=True) if people]
        return min(float(self.line.project(shapely.Point(spot))) for spot in spots)


def _reach(law: pack.DamBreak, pond: Pond) -> tuple[Reach | None, str]:
    try:
        return study.reach(law, pond.stored or pond.volume, pond.height), ""
    except OutOfRange as error:
        return None, str(error)


def _met(viewer: Viewer, valley: _Valley, ground: shapely.Polygon, by: tuple[Reach, pack.DamBreak]) -> tuple[Met, ...]:
    reach, law = by
    west, south, east, north = shapely.from_geojson(_text(valley.frame.geojson(ground))).bounds
    boxed = Q(east__gte=west, west__lte=east, north__gte=south, south__lte=north, geometry__isnull=False)
    places = list(core.places(viewer, kinds=KINDS).filter(boxed).select_related("enterprise"))
    found = []
    for place in places:
        shape = valley.frame.flat(place.geometry or {})
        here = shape.intersection(ground)
        if here.is_empty:
            continue
        people = _residents(valley, here) if place.kind == PlaceKind.GRID else _workers(viewer, place)
        if place.kind == PlaceKind.GRID and not people:
            continue
        metres = valley.nearest_home(here) if place.kind == PlaceKind.GRID else valley.along(here)
        early, late = (float(dam_break.arrival(metres, speed)) for speed in (law.speed_fast, law.speed_slow))
        found.append(Met(place, metres, float(reach.chance(metres)), early, late, people))
    return tuple(sorted(found, key=lambda one: (one.metres, one.place.pk)))


def _workers(viewer: Viewer, place: Place) -> int | None:
    facts = enterprises.facts_of(place)
    return facts.employees if facts is not None and viewer.may("enterprise.view", place.path, place.sector) else None


def _residents(valley: _Valley, ground: shapely.Geometry) -> int | None:
    """People of the cells whose middle lies on the ground; None where nobody counted."""
    found = valley.homes(ground)
    return None if found is None else int(found[2].sum())


def _text(shape: Mapping[str, Any]) -> str:
    return json.dumps(shape)
