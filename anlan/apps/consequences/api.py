"""Accident scenarios and what they would do, for other programs."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema, Status

from anlan.apps.consequences import actions, beginning, selectors, stations, worst
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.neighbours import Hit, neighbours
from anlan.apps.consequences.selectors import LaidZone, Study, Wind
from anlan.apps.consequences.specs import ScenarioSpec
from anlan.apps.core import selectors as core
from anlan.kit.accident.inputs import Sky
from anlan.kit.accident.zones import Effect
from anlan.kit.api import Id, Listed, Moment, Number, Slice, Strict, Words, cut
from anlan.kit.grants import Viewer

router = Router(tags=[_("事故后果")])

Degree = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
North = Annotated[float, Field(ge=-80, le=80, allow_inf_nan=False)]


class ScenarioIn(Strict):
    """What is stored and how it may get out, in SI units."""

    name: Words = Field(min_length=1, max_length=120, description="What people call it.")
    longitude: Degree = Field(description="Of the source [degree, CGCS2000].", examples=[121.5])
    latitude: North = Field(description="Of the source [degree, CGCS2000].", examples=[41.1])
    substance: Words = Field(max_length=60, description="Name or CAS number.", examples=["7664-41-7"])
    mass: Number = Field(gt=0, le=1e9, description="Stored [kg].", examples=[6000.0])
    kind: Literal["hole", "pipe", "rupture"] = Field(description="How it fails.", examples=["hole"])
    temperature: Number = Field(293.15, ge=20, le=1000, description="[K]")
    pressure: Number | None = Field(None, ge=5e4, le=1e8, description="Absolute [Pa]; null = its own vapour.")
    head: Number = Field(0.0, ge=0, le=100, description="Of liquid above the hole [m].")
    height: Number = Field(1.0, ge=0, le=200, description="Of the hole above the ground [m].")
    bund: Number | None = Field(None, gt=0, le=1e6, description="Area that holds a spill back [m2]; null = none.")
    diameter: Number = Field(0.0, ge=0, le=3, description="Of the hole or pipe [m].", examples=[0.025])
    length: Number = Field(0.0, ge=0, le=1e5, description="Of pipe up to the break [m].")
    duration: Number = Field(1800.0, ge=1, le=86_400, description="Until it is shut [s].")

    def spec(self) -> ScenarioSpec:
        columns = self.dict()
        columns.pop("place_id", None)
        return ScenarioSpec(**columns)


class NewScenario(ScenarioIn):
    """A scenario to be kept at a place."""

    place_id: Id


class ScenarioOut(ScenarioIn):
    """A scenario that is kept. ``ended``: since when it is possible no more."""

    id: Id
    place_id: Id
    created: Moment = Field(description="When it was written down.")
    ended: Moment | None = Field(None, description="Since when it is possible no more; null = it is.")


class ScenarioQuery(Slice):
    under: Id | None = Field(None, description="Only at this place and below.")


class WeatherIn(Strict):
    """The weather: as given, as a station measures it now, or the worst of all classes and directions."""

    sky: Literal["given", "live", "worst"] = Field("given", description="given, live (a weather station's), or worst.")
    station_id: Id | None = Field(None, description="Place of the station; null = the nearest with readings of now.")
    wind: Number = Field(2.0, ge=0.5, le=40, description="At 10 m [m/s].")
    wind_from: Number = Field(270.0, ge=0, le=360, description="Where it comes from [degree from north].")
    stability: Literal["A", "B", "C", "D", "E", "F"] = Field("D", description="Pasquill's class.")
    temperature: Number = Field(293.15, ge=233, le=333, description="Of the air [K].")
    humidity: Number = Field(0.6, ge=0, le=1, description="Relative [-].")
    ground: Literal["rural", "urban"] = Field("rural", description="What the wind blows over.")


class ZoneOut(Schema):
    """Where a level is reached."""

    level: str = Field(description="Key of the level, such as AEGL-2 or heat-12.5.")
    name: str = Field(description="What people call it.")
    value: float = Field(description="The threshold.")
    unit: str = Field(description="Unit of the threshold.")
    harm: str = Field(description="What it does to people or things.")
    source: str = Field(description="Where the threshold comes from.")
    reach: float = Field(description="Farthest point from the source [m].")
    area: float = Field(description="[m2]")
    residents: float | None = Field(description="How many live there; null = nobody counted.")
    workers: float = Field(description="How many work there, by the files of enterprises in scope.")
    sites: int = Field(description="Enterprises and public places in scope.")
    public_sites: int = Field(description="Of these, schools, hospitals and other public places.")
    geometry: dict[str, Any] = Field(description="GeoJSON in degrees.")


class EffectOut(Schema):
    """One thing that the accident does. Deaths are for people in the open who neither flee nor shelter."""

    kind: str = Field(description="toxic, flash_fire, explosion, jet_fire, pool_fire, fireball, vessel_burst.")
    zones: list[ZoneOut] = Field(description="From the mildest.")
    dead_residents: float | None = Field(description="Expected; null = it cannot be said.")
    dead_workers: float | None = Field(description="Expected, of enterprises in scope; null = it cannot be said.")
    models: list[str] = Field(description="What it was computed with.")
    notes: list[str] = Field(description="What the reader must know.")


class KnockOut(Schema):
    """A neighbouring vessel that may fall."""

    name: str = Field(description="What the vessel is called.")
    place_id: Id
    effect: str = Field(description="Which effect brings it down.")
    metres: float = Field(description="From the source [m].")
    value: float = Field(description="Heat [kW/m2] or overpressure [kPa].")
    threshold: float = Field(description="Below it nothing escalates, in the same unit.")
    probability: float = Field(description="Of escalation [-].")


class RefusedOut(Schema):
    """A model that does not take these inputs."""

    kind: str = Field(description="The effect that was not computed.")
    reason: str = Field(description="Why not.")


class ResultOut(Schema):
    """What a scenario would do in a weather."""

    wind: float = Field(description="At 10 m [m/s].")
    wind_from: float = Field(description="Where it comes from [degree from north].")
    stability: str = Field(description="Pasquill's class.")
    station_id: Id | None = Field(description="Place of the weather station; null = no station was asked.")
    observed: Moment | None = Field(description="When the station measured the wind; null = no station was asked.")
    rate: float = Field(description="Outflow at first [kg/s]; 0 = all at once.")
    released: float = Field(description="[kg]")
    airborne: float = Field(description="Of it, into the air [kg].")
    effects: list[EffectOut] = Field(description="What is possible, each by itself.")
    refused: list[RefusedOut] = Field(description="Models that do not take these inputs.")
    neighbours: list[KnockOut] = Field(description="Vessels in scope that may fall, the likeliest first.")


class TriedIn(ScenarioIn):
    """A scenario that is not kept, in a weather."""

    weather: WeatherIn | None = Field(None, description="In which weather; null = the usual one.")

    def spec(self) -> ScenarioSpec:
        return ScenarioSpec(**{name: value for name, value in self.dict().items() if name != "weather"})


@router.get("/scenarios", response=Listed[ScenarioOut], summary=_("事故情景列表"))
def list_scenarios(request: HttpRequest, query: Query[ScenarioQuery]) -> dict[str, Any]:
    """Scenarios in force in scope."""
    viewer = core.request_viewer(request)
    place = core.place(viewer, query.under, "scenario.view") if query.under is not None else None
    return cut(selectors.scenarios(viewer, place), query, "pk")


@router.post("/scenarios", response={201: ScenarioOut}, summary=_("新建事故情景"))
def add_scenario(request: HttpRequest, body: NewScenario) -> Status[Scenario]:
    """Keep a scenario at a place."""
    return Status(201, actions.add_scenario(core.request_viewer(request), body.place_id, body.spec()))


@router.post("/scenarios/try", response=ResultOut, summary=_("推演"))
def try_scenario(request: HttpRequest, body: TriedIn) -> dict[str, Any]:
    """Compute a scenario without keeping it; its source must lie in scope."""
    viewer = core.request_viewer(request)
    place = beginning.place_at(viewer, body.longitude, body.latitude)
    return _result(viewer, beginning.draft(place, body.spec()), body.weather or WeatherIn.model_validate({}))


@router.get("/scenarios/{scenario_id}", response=ScenarioOut, summary=_("查看事故情景"))
def get_scenario(request: HttpRequest, scenario_id: Id) -> Scenario:
    """One scenario, also if it has ended."""
    return selectors.scenario(core.request_viewer(request), scenario_id)


@router.put("/scenarios/{scenario_id}", response=ScenarioOut, summary=_("修改事故情景"))
def replace_scenario(request: HttpRequest, scenario_id: Id, body: ScenarioIn) -> Scenario:
    """Replace what a scenario says."""
    return actions.edit_scenario(core.request_viewer(request), scenario_id, body.spec())


@router.post("/scenarios/{scenario_id}/end", response=ScenarioOut, summary=_("停用事故情景"))
def end_scenario(request: HttpRequest, scenario_id: Id) -> Scenario:
    """The scenario is possible no more."""
    return actions.end_scenario(core.request_viewer(request), scenario_id)


@router.get("/scenarios/{scenario_id}/result", response=ResultOut, summary=_("事故后果"))
def get_result(request: HttpRequest, scenario_id: Id, query: Query[WeatherIn]) -> dict[str, Any]:
    """What a scenario would do in a weather: zones with people and sites inside, neighbours that may fall."""
    viewer = core.request_viewer(request)
    return _result(viewer, selectors.scenario(viewer, scenario_id), query)


def _result(viewer: Viewer, one: Scenario, asked: WeatherIn) -> dict[str, Any]:
    given = Sky(asked.wind, asked.stability, asked.temperature, asked.humidity, asked.ground)
    wind, seen = Wind(given, asked.wind_from % 360), None
    if asked.sky == "live":
        found = stations.stations(viewer, one.longitude, one.latitude)
        seen = stations.observed(found, asked.station_id, asked.ground)
        wind = seen.wind
    study, effects = _worst(viewer, one, wind) if asked.sky == "worst" else _one(viewer, one, wind)
    source = study.accident.source
    return {
        "wind": study.wind.sky.wind, "wind_from": study.wind.wind_from, "stability": study.wind.sky.stability,
        "station_id": seen.station.place_id if seen else None, "observed": seen.at if seen else None,
        "rate": source.rate, "released": source.released, "airborne": source.airborne, "effects": effects,
        "refused": [{"kind": kind, "reason": why} for kind, why in study.accident.refused],
        "neighbours": [_knock(hit) for hit in neighbours(viewer, study).hits],
    }  # fmt: skip


def _one(viewer: Viewer, one: Scenario, wind: Wind) -> tuple[Study, list[dict[str, Any]]]:
    study = selectors.study(one, wind)
    return study, [_effect(viewer, study, effect) for effect in study.accident.effects]


def _worst(viewer: Viewer, one: Scenario, wind: Wind) -> tuple[Study, list[dict[str, Any]]]:
    """The study told of is the one whose first effect reaches farthest, from the worst direction."""
    found, refused = worst.studies(one, wind)
    told = [worst.worst(found, refused, kind) for kind in worst.kinds(found)]
    if not told:
        return found[0], []
    blown = told[0].wind_from if told[0].wind_from is not None else wind.wind_from
    study = selectors.study(one, replace(wind, sky=told[0].farthest[-1].sky, wind_from=blown))
    effects = [_effect(viewer, study, each.effect) | {"dead_residents": each.residents} for each in told]
    return study, effects


def _effect(viewer: Viewer, study: Study, effect: Effect) -> dict[str, Any]:
    laid, sites = study.laid(viewer, effect)
    toll = study.toll(effect, sites)
    return {
        "kind": effect.kind, "zones": [_zone(one) for one in laid], "dead_residents": toll.residents,
        "dead_workers": toll.workers, "models": list(effect.models), "notes": list(effect.notes),
    }  # fmt: skip


def _zone(one: LaidZone) -> dict[str, Any]:
    level = one.zone.level
    return {
        "level": level.key, "name": level.name, "value": level.value, "unit": level.unit, "harm": level.harm,
        "source": level.source, "reach": one.zone.reach, "area": one.zone.area, "residents": one.residents,
        "workers": one.workers, "sites": one.sites, "public_sites": one.public, "geometry": one.geometry,
    }  # fmt: skip


def _knock(hit: Hit) -> dict[str, Any]:
    found = hit.found
    return {
        "name": hit.vessel.name, "place_id": hit.vessel.place_id, "effect": hit.effect, "metres": hit.metres,
        "value": found.value, "threshold": found.threshold, "probability": found.probability,
    }  # fmt: skip
