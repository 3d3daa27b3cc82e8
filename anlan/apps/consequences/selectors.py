"""The only reader of scenarios, and what they would do: zones on the ground, and who and what lies inside."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.db.models import Q, QuerySet

from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.specs import ScenarioSpec, refused
from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors as enterprises
from anlan.kernels.validity import OutOfRange
from anlan.kit import clock
from anlan.kit.accident.ground import Frame
from anlan.kit.accident.inputs import Sky
from anlan.kit.accident.simulate import Accident, simulate
from anlan.kit.accident.zones import Effect, Zone
from anlan.kit.errors import BadInput, NotInScope
from anlan.kit.grants import Viewer
from anlan.packs.families import substances

#: Kinds of places that are sites by themselves; what lies within an enterprise is told by the enterprise.
SITES = (PlaceKind.ENTERPRISE, PlaceKind.PUBLIC_OBJECT)
PROFILE_POINTS = 120


@dataclass(frozen=True)
class Wind:
    """The weather of a study: ``sky`` and where the wind comes from [degree]."""

    sky: Sky
    wind_from: float = 270.0


@dataclass(frozen=True)
class Site:
    """A place in a zone: ``metres`` from the source to its nearest point, ``arrival`` [s] of what comes there."""

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


@dataclass(frozen=True)
class LaidZone:
    """A zone on the map, and how many sites of the viewer's scope lie in it."""

    zone: Zone
    geometry: dict[str, Any]
    sites: int
    people: int


@dataclass(frozen=True)
class Study:
    """A scenario in a weather: the accident, its effects on the map."""

    scenario: Scenario
    wind: Wind
    frame: Frame
    accident: Accident

    def laid(self, viewer: Viewer, effect: Effect) -> tuple[list[LaidZone], list[Site]]:
        """The effect's zones from the mildest, and the sites in them, the worst and nearest first."""
        sites = _sites(viewer, self, effect)
        worst = {zone.level.key: _keys_from(effect, zone) for zone in effect.zones}
        laid = [
            LaidZone(
                zone,
                self.frame.geojson(zone.shape),
                len(inside := [site for site in sites if site.level in worst[zone.level.key]]),
                sum(site.people or 0 for site in inside),
            )
            for zone in effect.zones
        ]
        return laid, sites


def scenarios(viewer: Viewer, place: Place | None = None) -> QuerySet[Scenario]:
    """Scenarios in force that the viewer may see, at a place and below it if one is given."""
    found = Scenario.objects.filter(viewer.scope("scenario.view", "place__"), ended=None).select_related("place")
    if place is not None:
        found = found.filter(place__in=core.subtree(place.path))
    return found.order_by("place__path", "name", "pk")


def scenario(viewer: Viewer, scenario_id: int) -> Scenario:
    """One scenario, also if it has ended. Raises NotInScope."""
    found = Scenario.objects.filter(viewer.scope("scenario.view", "place__"), pk=scenario_id)
    one = found.select_related("place").first()
    if one is None:
        raise NotInScope
    return one


def spec_of(one: Scenario) -> ScenarioSpec:
    """What is written of it."""
    return ScenarioSpec(
        name=one.name, longitude=one.longitude, latitude=one.latitude, substance=one.substance, mass=one.mass,
        kind=one.kind, temperature=one.temperature, pressure=one.pressure, head=one.head, height=one.height,  # type: ignore[arg-type]  # checked when it was written
        bund=one.bund, diameter=one.diameter, length=one.length, duration=one.duration,
    )  # fmt: skip


def study(one: Scenario, wind: Wind) -> Study:
    """What it would do in a weather. Raises BadInput with the model's reason where it cannot be computed."""
    spec = replace(spec_of(one), name="", longitude=0.0, latitude=0.0)
    try:
        accident = _computed(spec, wind.sky, clock.now().date())
        frame = Frame(one.longitude, one.latitude, wind.wind_from)
    except OutOfRange as error:
        raise BadInput(refused(error)) from error
    return Study(one, wind, frame, accident)


@lru_cache(maxsize=128)
def _computed(spec: ScenarioSpec, sky: Sky, on: date) -> Accident:
    return simulate(spec.store(), spec.breach(), sky, on)


def profile(one: Study, effect: Effect, line: Sequence[tuple[float, float]] | None = None) -> dict[str, list[float]]:
    """What comes along a line of two points [degree], or down the wind as far as the mildest zone: metres along it, the
    value, and when it comes [s]."""
    if effect.field is None:
        return {"metres": [], "value": [], "arrival": []}
    if line is None:
        reach = max((zone.reach for zone in effect.zones), default=0.0) or 100.0
        along = np.geomspace(max(reach / 1000, 1.0), 1.2 * reach, PROFILE_POINTS)
        x, y = along, np.zeros_like(along)
    else:
        (west, south), (east, north) = line
        share = np.linspace(0, 1, PROFILE_POINTS)
        x, y = one.frame.local(west + share * (east - west), south + share * (north - south))
        along = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))))
    value, arrival = effect.field.at(x, y), effect.field.arrival(x, y)
    return {"metres": along.tolist(), "value": value.tolist(), "arrival": arrival.tolist()}


def stores(viewer: Viewer, place: Place) -> list[enterprises.Holder]:
    """What is kept at a place and below it of substances that the models know, to begin a scenario with."""
    known = substances.load(clock.now().date())
    held = [one for one in enterprises.holders(viewer) if one.path.startswith(place.path) and one.cas in known]
    return sorted(held, key=lambda one: -(one.design_maximum or one.quantity or 0.0))


def _keys_from(effect: Effect, zone: Zone) -> set[str]:
    """This level and the worse ones."""
    keys = [one.level.key for one in effect.zones]
    return set(keys[keys.index(zone.level.key) :])


def _sites(viewer: Viewer, one: Study, effect: Effect) -> list[Site]:
    whole = one.frame.shape(shapely.union_all([zone.shape for zone in effect.zones]))
    if whole.is_empty:
        return []
    near = list(_boxed(core.places(viewer, kinds=SITES).select_related("enterprise"), whole.bounds))
    drawn = shapely.from_geojson([json.dumps(place.geometry) for place in near]) if near else []
    found = []
    for place, shape in zip(near, drawn, strict=True):
        local = shapely.transform(shape, lambda points: np.column_stack(one.frame.local(points[:, 0], points[:, 1])))
        reached = [zone for zone in effect.zones if zone.shape.intersects(local)]
        if reached:
            found.append(_site(place, local, reached[-1], _people(viewer, place), effect))
    return sorted(found, key=lambda site: (-site.rank, site.metres, site.place_id))


def _site(place: Place, local: shapely.Geometry, worst: Zone, people: int | None, effect: Effect) -> Site:
    nearest = shapely.get_coordinates(shapely.shortest_line(local, shapely.Point(0, 0)))[0]
    x, y = nearest[:1], nearest[1:]
    arrival = float(effect.field.arrival(x, y)[0]) if effect.field is not None else None
    west, south, east, north = (value or 0.0 for value in (place.west, place.south, place.east, place.north))
    return Site(
        place.pk, place.name, place.kind, place.sector, worst.level.key, worst.level.rank,
        float(np.hypot(*nearest)), people, arrival, ((west + east) / 2, (south + north) / 2),
    )  # fmt: skip


def _boxed(found: QuerySet[Place], bounds: Iterable[float]) -> QuerySet[Place]:
    west, south, east, north = bounds
    return found.filter(Q(east__gte=west, west__lte=east, north__gte=south, south__lte=north), geometry__isnull=False)


def _people(viewer: Viewer, place: Place) -> int | None:
    """How many work there, where the viewer may read the file."""
    facts = enterprises.facts_of(place)
    may = viewer.may("enterprise.view", place.path, place.sector)
    return facts.employees if facts is not None and may else None
