"""What lies around a site: public objects, plants, water and housing, each with its distance."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from django.db.models import Q

from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.parks.ground import Ground, ground
from anlan.kit import clock
from anlan.kit.accident.ground import METRES, Frame
from anlan.packs.families import public_objects, site_distances
from anlan.packs.families.site_distances import SiteDistances, Target
from anlan.rules import admission as rules
from anlan.rules import paths


@dataclass(frozen=True)
class Thing:
    """Something to keep away from; ``place_id`` None: a feature of the base map."""

    name: str
    sort: str  # of a public object
    kind: str  # of a place, or the class of the base map
    path: str
    place_id: int | None
    shape: shapely.Geometry


@dataclass(frozen=True)
class Spot:
    """A part of a site from which distances are measured."""

    facility: str
    name: str
    shape: shapely.Geometry


class Around:
    """Everything in a box and ``search_metres`` around it, whoever asks; names are told to those who may know."""

    def __init__(self, box: Sequence[float]) -> None:
        self.table: SiteDistances = site_distances.load(clock.today())
        self.box = _widened(box, self.table.search_metres)

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        west, south, east, north = self.box
        near = Q(east__gte=west, west__lte=east, north__gte=south, south__lte=north, geometry__isnull=False)
        kinds = (PlaceKind.PUBLIC_OBJECT, PlaceKind.ENTERPRISE)
        rows = list(Place.objects.filter(near, kind__in=kinds, retired=None).order_by("pk"))
        shapes = shapely.from_geojson([json.dumps(row.geometry) for row in rows]) if rows else []
        return tuple(_thing(row, shape) for row, shape in zip(rows, shapes, strict=True)) + self._drawn

    @property
    def _drawn(self) -> tuple[Thing, ...]:
        found = self._ground.near(self.box, self._classes)
        return tuple(Thing(one.name, "", one.kind, "", None, one.shape) for one in found)

    @cached_property
    def _ground(self) -> Ground:
        return ground(self._classes)

    @cached_property
    def _classes(self) -> frozenset[str]:
        return frozenset(one for target in self.table.targets for one in target.classes)

    def knows(self, target: Target) -> bool:
        """Whether such targets are registered or drawn anywhere at all: else there being none says nothing."""
        if any(one in self._ground.kinds for one in target.classes):
            return True
        if target.kinds:
            return Place.objects.filter(kind__in=target.kinds, geometry__isnull=False).exists()
        return Place.objects.filter(kind=PlaceKind.PUBLIC_OBJECT, geometry__isnull=False).exists()

    def gaps(self, target: Target, spots: Sequence[Spot], own: Iterable[str]) -> list[rules.Gap]:
        """From each spot to the nearest thing of a target, as far as a distance is required; ``own`` paths are left
        out."""
        mine = tuple(own)
        there = [
            one
            for one in self.things
            if _is(one, target) and not any(paths.covers(path, one.path) for path in mine if one.path)
        ]
        if not there:
            return []
        return [gap for spot in spots if (gap := self._gap(target, spot, there)) is not None]

    def public(self, at: tuple[float, float], metres: float, sorts: Sequence[str]) -> list[Thing]:
        """Public objects of some sorts within so many metres of a point [degree]."""
        middle = shapely.Point(0, 0)
        frame = Frame(*at)
        found = [one for one in self.things if one.sort in sorts]
        return [one for one in found if frame.flattened(one.shape).distance(middle) <= metres]

    def _gap(self, target: Target, spot: Spot, there: Sequence[Thing]) -> rules.Gap | None:
        required = self.table.required(spot.facility, target.key)
        if required is None:
            return None
        middle = spot.shape.centroid
        frame = Frame(middle.x, middle.y)
        here = frame.flattened(spot.shape)
        metres = [float(frame.flattened(one.shape).distance(here)) for one in there]
        at = int(np.argmin(metres))
        if metres[at] > self.table.search_metres:
            return None
        nearest = there[at]
        basis = f"{required.basis} {required.clause}".strip()
        name = nearest.name or _WORDS.get(nearest.kind, nearest.kind)
        return rules.Gap(spot.name, name, metres[at], required.metres, basis, nearest.place_id)


#: What the base map's classes are called where a feature has no name.
_WORDS = {
    "built": "建成区", "river": "河流", "stream": "溪流", "lake": "湖", "sea": "海岸", "reservoir": "水库",
    "canal": "渠道", "water": "水域",
}  # fmt: skip


def spots_of(shape: Mapping[str, Any] | None, facilities: Sequence[Mapping[str, Any]]) -> list[Spot]:
    """Where each facility stands: at its own point, else anywhere on the land."""
    if shape is None:
        return []
    land = shapely.from_geojson(json.dumps(shape))
    table = site_distances.load(clock.today())
    found = []
    for one in facilities:
        kind = table.facility(str(one["kind"]))
        x, y = one.get("longitude"), one.get("latitude")
        at = land if x is None or y is None else shapely.Point(float(x), float(y))
        if kind is not None:
            found.append(Spot(kind.key, str(one.get("name") or kind.name), at))
    return found


def _thing(row: Place, shape: shapely.Geometry) -> Thing:
    known = public_objects.load(clock.today())
    sort = known.sort_of(row.name) if row.kind == PlaceKind.PUBLIC_OBJECT else -1
    return Thing(row.name, known.sorts[sort].code if sort >= 0 else "", row.kind, row.path, row.pk, shape)


def _is(one: Thing, target: Target) -> bool:
    return one.sort in target.sorts or one.kind in target.kinds or (one.place_id is None and one.kind in target.classes)


def _widened(box: Sequence[float], metres: float) -> tuple[float, float, float, float]:
    west, south, east, north = box
    up = metres / METRES
    across = up / max(float(np.cos(np.radians((south + north) / 2))), 0.01)
    return west - across, south - up, east + across, north + up
