"""The only reader of scenarios, and what they would do: zones on the ground, and who and what lies inside."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from django.db.models import QuerySet

from anlan.apps.consequences import exposure, sites
from anlan.apps.consequences.exposure import Homes
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.sites import Site
from anlan.apps.consequences.specs import ScenarioSpec, refused
from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.kernels.validity import OutOfRange
from anlan.kit import clock
from anlan.kit.accident.course import Course, course
from anlan.kit.accident.ground import Frame
from anlan.kit.accident.inputs import Sky
from anlan.kit.accident.lethality import Lethality, lethality
from anlan.kit.accident.simulate import Accident, simulate
from anlan.kit.accident.zones import Effect, Level, Zone
from anlan.kit.errors import BadInput, NotInScope
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal

Floats = npt.NDArray[np.float64]
PROFILE_POINTS = 120
LOST = Refusal("scenario.lost", "这组数值太不相称，模型算不出结果。", "请检查储存量、温度、压力和泄漏口尺寸。")
FAR = Refusal("scenario.far", "这里离泄漏点太远，没有计算。", "请选泄漏点周围 100 千米以内的位置。")
#: Clouds are followed so far from the source [m].
FARTHEST_M = 100_000.0
#: No weather holds for the hours in which a cloud drifts farther than this [m].
LASTING_M = 15_000.0


@dataclass(frozen=True)
class Wind:
    """The weather of a study: ``sky`` and where the wind comes from [degree]."""

    sky: Sky
    wind_from: float = 270.0


@dataclass(frozen=True)
class LaidZone:
    """A zone on the map, and who is in it: sites of the viewer's scope, those of them that are public, people who work
    in them, residents (None where nobody counted). ``unsaid``: enterprises whose file does not say how many work."""

    zone: Zone
    geometry: dict[str, Any]
    sites: int
    public: int
    workers: float
    unsaid: int
    residents: float | None

    @property
    def drawn(self) -> bool:
        """Whether there is anything to see of it: what is smaller than the digits of a map is not."""
        return bool(self.geometry.get("coordinates"))


@dataclass(frozen=True)
class Toll:
    """How many would die if nobody fled or took shelter: residents and workers, None where it cannot be said;
    ``source`` of the law, '' where there is none."""

    residents: float | None
    workers: float | None
    source: str


@dataclass(frozen=True)
class Study:
    """A scenario in a weather: the accident, its effects on the map."""

    scenario: Scenario
    wind: Wind
    frame: Frame
    accident: Accident

    def laid(self, viewer: Viewer, effect: Effect) -> tuple[list[LaidZone], list[Site]]:
        """The effect's zones from the mildest, and the sites in them, the worst and nearest first."""
        law = self.lethality(effect)
        found = sites.sites(viewer, self.frame, effect, law)
        homes = exposure.homes(self.frame, shapely.union_all([zone.shape for zone in effect.zones]))
        return [_laid(self.frame, effect, zone, found, homes) for zone in effect.zones], found

    def lethality(self, effect: Effect) -> Lethality | None:
        """What the effect does to people in the open; None where no law is known, or the cloud cannot be followed."""
        if effect.field is None:
            return None
        try:
            return lethality(effect, self.accident.substance, self.wind.sky, clock.today())
        except OutOfRange:
            return None

    def toll(self, effect: Effect, found: Sequence[Site]) -> Toll:
        """Who would die, with the sites that :meth:`laid` found."""
        law = self.lethality(effect)
        if law is None:
            return Toll(None, None, "")
        region = shapely.union_all([zone.shape for zone in effect.zones])
        homes = exposure.homes(self.frame, region)
        workers = sum(site.dying or 0.0 for site in found)
        return Toll(homes.dying(law, region) if homes is not None else None, workers, law.source)


def _laid(frame: Frame, effect: Effect, zone: Zone, found: Sequence[Site], homes: Homes | None) -> LaidZone:
    levels = _keys_from(effect, zone)
    inside = [site for site in found if site.level in levels]
    return LaidZone(
        zone, frame.geojson(zone.shape), len(inside), sum(site.public for site in inside),
        sum(site.workers(zone.level.key) for site in inside),
        sum(not site.public and site.people is None for site in inside),
        homes.inside(zone.shape) if homes is not None else None,
    )  # fmt: skip


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


def seen(viewer: Viewer, ids: Collection[int]) -> set[int]:
    """Those of some scenarios that the viewer may see, ended ones too."""
    found = Scenario.objects.filter(viewer.scope("scenario.view", "place__"), pk__in=ids)
    return set(found.values_list("pk", flat=True))


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
        accident = _computed(spec, wind.sky, clock.today())
        frame = Frame(one.longitude, one.latitude, wind.wind_from)
    except OutOfRange as error:
        raise BadInput(refused(error)) from error
    except (
        ArithmeticError,
        IndexError,
        ValueError,
    ) as error:  # numbers so far apart that a model gets lost between them
        raise BadInput(LOST) from error
    return Study(one, wind, frame, accident)


@lru_cache(maxsize=128)
def _computed(spec: ScenarioSpec, sky: Sky, on: date) -> Accident:
    return simulate(spec.store(), spec.breach(), sky, on)


def profile(one: Study, effect: Effect, line: Sequence[tuple[float, float]] | None = None) -> dict[str, list[float]]:
    """What comes along a line through points [degree], or down the wind as far as the mildest zone: metres along it,
    the value, and when it comes [s]. Raises BadInput for a line that is too far off."""
    if effect.field is None:
        return {"metres": [], "value": [], "arrival": []}
    if line is None:
        reach = drawn_reach(effect) or 100.0
        along = np.geomspace(max(reach / 1000, 1.0), 1.2 * reach, PROFILE_POINTS)
        x, y = along, np.zeros_like(along)
    else:
        corners = np.array(line, float)
        x, y = _near(one, corners[:, 0], corners[:, 1])
        to_corner = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))))
        along = np.linspace(0.0, to_corner[-1], PROFILE_POINTS)
        x, y = np.interp(along, to_corner, x), np.interp(along, to_corner, y)
    value, arrival = effect.field.at(x, y), effect.field.arrival(x, y)
    return {"metres": along.tolist(), "value": value.tolist(), "arrival": arrival.tolist()}


def _near(one: Study, longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Points [degree] in the wind's frame [m]. Raises BadInput where one is farther off than anything is followed."""
    x, y = one.frame.local(longitude, latitude)
    if not (np.hypot(x, y) <= FARTHEST_M).all():
        raise BadInput(FAR)
    return x, y


def thresholds(effect: Effect) -> list[Level]:
    """Levels that are values of the effect's field, from the mildest."""
    unit = effect.field.unit if effect.field else ""
    return [zone.level for zone in effect.zones if zone.level.unit == unit]


def drawn_reach(effect: Effect) -> float:
    """How far the zones reach that a weather lasts for [m]: a cloud takes hours to those beyond ``LASTING_M``."""
    reaches = [zone.reach for zone in effect.zones if zone.reach > 0]
    return max((reach for reach in reaches if reach <= LASTING_M), default=min(reaches, default=0.0))


@dataclass(frozen=True)
class Receptor:
    """What a point gets: the largest ``value`` in the field's ``unit``, when it ``arrival`` [s] and how long it
    ``lasting`` [s]; the worst ``level`` that is reached, the ``chance`` of dying there in the open (None where no law
    is known), and its course over time (None for what is over at once)."""

    metres: float
    value: float
    unit: str
    arrival: float
    lasting: float
    level: Level | None
    chance: float | None
    course: Course | None


def receptor(one: Study, effect: Effect, longitude: float, latitude: float) -> Receptor | None:
    """What an effect brings to a point [degree]; None for effects that are known by their zones only. Raises BadInput
    for a point that is too far off."""
    field = effect.field
    if field is None:
        return None
    x, y = _near(one, [longitude], [latitude])
    law = one.lethality(effect)
    spot = shapely.Point(float(x[0]), float(y[0]))
    reached = [zone.level for zone in effect.zones if zone.shape.intersects(spot)]
    return Receptor(
        metres=float(np.hypot(x, y)[0]), value=float(field.at(x, y)[0]), unit=field.unit,
        arrival=float(field.arrival(x, y)[0]), lasting=float(field.lasting(x, y)[0]),
        level=reached[-1] if reached else None, chance=float(law.chance(x, y)[0]) if law is not None else None,
        course=course(effect, float(x[0]), float(y[0])),
    )  # fmt: skip


def _keys_from(effect: Effect, zone: Zone) -> set[str]:
    """This level and the worse ones."""
    keys = [one.level.key for one in effect.zones]
    return set(keys[keys.index(zone.level.key) :])
