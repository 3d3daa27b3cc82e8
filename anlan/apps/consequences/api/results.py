"""What a scenario would do in a weather, kept or only tried: zones with who and what lies inside, vessels that fall."""

from collections.abc import Sequence
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.apps.consequences import selectors, worst
from anlan.apps.consequences.api.given import Asked, TriedIn, WeatherIn, asked, finite
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.neighbours import Hit, neighbours
from anlan.apps.consequences.selectors import LaidZone, Study
from anlan.apps.consequences.sites import Site
from anlan.apps.consequences.stations import Observed
from anlan.apps.consequences.worst import Worst
from anlan.apps.core import selectors as core
from anlan.kit.accident.zones import Effect
from anlan.kit.api import Id, Moment
from anlan.kit.grants import Viewer

router = Router(tags=[_("事故后果")])

#: Sites that are told of an effect, the worst and nearest; all are counted.
MOST_SITES = 500


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
    unsaid: int = Field(description="Enterprises there whose files do not say how many work in them.")
    sites: int = Field(description="Enterprises and public places in scope.")
    public_sites: int = Field(description="Of these, schools, hospitals and other public places.")
    geometry: dict[str, Any] = Field(description="GeoJSON in degrees.")


class ReachedSiteOut(Schema):
    """An enterprise or a public place in the zones of an effect."""

    place_id: Id
    name: str
    kind: str = Field(description="enterprise or public_object.", examples=["public_object"])
    sort: str = Field(description="School, hospital … by its name; empty = of no such sort.", examples=["学校"])
    level: str = Field(description="Key of the worst level that is reached there.", examples=["AEGL-2"])
    metres: float = Field(description="From the source to its nearest point [m].", examples=[310.0])
    longitude: float = Field(description="Of its middle [degree, CGCS2000].", examples=[121.5])
    latitude: float = Field(description="Of its middle [degree, CGCS2000].", examples=[41.1])
    value: float | None = Field(description="What comes to its nearest point, in the effect's unit; null = not told.")
    arrival: float | None = Field(description="When it comes there [s]; null = not told.", examples=[95.0])
    chance: float | None = Field(description="Of dying there in the open [-]; null = no law is known.")
    people: int | None = Field(description="Who work there; null = not said, or not for the reader.", examples=[120])


class FigureOut(Schema):
    """A figure behind an effect."""

    key: str = Field(description="Which, such as flame_length.", examples=["flame_length"])
    value: float = Field(description="In its unit.", examples=[23.1])
    unit: str = Field(description="Unit of the value.", examples=["m"])


class FarthestOut(Schema):
    """In which of the tried weathers a level reaches farthest."""

    level: str = Field(description="Key of the level.", examples=["AEGL-2"])
    reach: float = Field(description="How far [m].", examples=[1840.0])
    stability: str = Field(description="Pasquill's class.", examples=["F"])
    wind: float = Field(description="At 10 m [m/s].", examples=[1.5])


class EffectOut(Schema):
    """One thing that the accident does. Deaths are for people in the open who neither flee nor shelter."""

    kind: str = Field(description="toxic, flash_fire, explosion, jet_fire, pool_fire, fireball, vessel_burst.")
    unit: str = Field(description="Unit of what comes to a point; empty = it is known by its zones only.")
    zones: list[ZoneOut] = Field(description="From the mildest.")
    places: list[ReachedSiteOut] = Field(description=f"In scope, the worst and nearest first; at most {MOST_SITES}.")
    dead_residents: float | None = Field(description="Expected; null = it cannot be said.")
    dead_workers: float | None = Field(description="Expected, of enterprises in scope; null = it cannot be said.")
    law: str = Field(description="By which law deaths are told; empty = they are not.")
    figures: list[FigureOut] = Field(description="What is behind it.")
    models: list[str] = Field(description="What it was computed with.")
    notes: list[str] = Field(description="What the reader must know.")
    farthest: list[FarthestOut] = Field(description="With sky=worst, for each level from the mildest; else empty.")
    worst_from: float | None = Field(
        description="With sky=worst, where the wind comes from that kills most [degree from north]; null = not told."
    )


class KnockOut(Schema):
    """A neighbouring vessel that may fall."""

    name: str = Field(description="What the vessel is called.")
    place_id: Id
    place: str = Field(description="What people call the place.", examples=["罐区"])
    firm: str = Field(description="In which enterprise; empty = in none that the reader sees.", examples=["九通化工"])
    of: str = Field(description="Class of equipment.", examples=["常压容器"])
    effect: str = Field(description="Which effect brings it down.")
    metres: float = Field(description="From the source [m].")
    longitude: float = Field(description="[degree, CGCS2000]", examples=[121.5])
    latitude: float = Field(description="[degree, CGCS2000]", examples=[41.1])
    exact: bool = Field(description="Whether it is drawn itself; else its plant's nearest edge counts.")
    value: float = Field(description="Heat [kW/m2] or overpressure [kPa].")
    threshold: float = Field(description="Below it nothing escalates, in the same unit.")
    unit: Literal["kW/m2", "kPa"] = Field(description="Unit of both.")
    probability: float = Field(description="Of escalation [-].")
    certain: bool = Field(description="Taken as sure because its volume or its law of failure is not known.")


class RefusedOut(Schema):
    """A model that does not take these inputs."""

    kind: str = Field(description="The effect that was not computed.")
    reason: str = Field(description="Why not.")


class StationSeenOut(Schema):
    """The weather station that was asked."""

    place_id: Id
    name: str
    metres: float = Field(description="From the source [m].", examples=[2100.0])
    clouds: Literal["measured", "assumed"] = Field(
        description="assumed: nobody watches them, the most stable class that any sky would give is taken."
    )
    calm: float | None = Field(description="Measured wind where it is less than models take [m/s]; null = it is not.")
    assumed: list[str] = Field(description="What was not measured and is taken as usual: air, humidity.")


class ResultOut(Schema):
    """What a scenario would do in a weather."""

    wind: float = Field(description="At 10 m [m/s].")
    wind_from: float = Field(description="Where it comes from [degree from north].")
    stability: str = Field(description="Pasquill's class.")
    station_id: Id | None = Field(description="Place of the weather station; null = no station was asked.")
    observed: Moment | None = Field(description="When the station measured the wind; null = no station was asked.")
    station: StationSeenOut | None = Field(description="More of that station; null = no station was asked.")
    skies: int = Field(description="With sky=worst, how many weathers were tried; else 0.")
    rate: float = Field(description="Outflow at first [kg/s]; 0 = all at once.")
    duration: float = Field(description="How long it flows [s].")
    released: float = Field(description="[kg]")
    airborne: float = Field(description="Of it, into the air [kg].")
    pool_diameter: float = Field(description="Of the pool [m]; 0 = there is none.")
    pool_rate: float = Field(description="What evaporates from the pool [kg/s].")
    effects: list[EffectOut] = Field(description="What is possible, each by itself.")
    refused: list[RefusedOut] = Field(description="Models that do not take these inputs.")
    neighbours: list[KnockOut] = Field(description="Vessels in scope that may fall, the likeliest first.")
    looked: int = Field(description="Vessels in scope that were judged.")
    undrawn: int = Field(description="Vessels of the source's own plant that are drawn nowhere and were not judged.")


@router.post("/scenarios/try", response=ResultOut, summary=_("推演"))
def try_scenario(request: HttpRequest, body: TriedIn) -> dict[str, Any]:
    """Compute a scenario without keeping it; its source must lie in scope."""
    viewer = core.request_viewer(request)
    return _result(viewer, body.scenario(viewer), body.sky)


@router.get("/scenarios/{scenario_id}/result", response=ResultOut, summary=_("事故后果"))
def get_result(request: HttpRequest, scenario_id: Id, query: Query[WeatherIn]) -> dict[str, Any]:
    """What a scenario would do in a weather: zones with people and sites inside, neighbours that may fall."""
    viewer = core.request_viewer(request)
    return _result(viewer, selectors.scenario(viewer, scenario_id), query)


def _result(viewer: Viewer, one: Scenario, said: WeatherIn) -> dict[str, Any]:
    question = asked(viewer, one, said)
    study, effects, skies = _worst(viewer, one, question) if question.worst else _one(viewer, one, question)
    source, seen, near = study.accident.source, question.observed, neighbours(viewer, study)
    flow = ("rate", "duration", "released", "airborne", "pool_diameter", "pool_rate")
    return {
        "wind": study.wind.sky.wind, "wind_from": study.wind.wind_from, "stability": study.wind.sky.stability,
        "station_id": seen.station.place_id if seen else None, "observed": seen.at if seen else None,
        "station": _seen(seen) if seen else None, "skies": skies, **{name: getattr(source, name) for name in flow},
        "effects": effects, "refused": [{"kind": kind, "reason": why} for kind, why in study.accident.refused],
        "neighbours": [_knock(hit) for hit in near.hits], "looked": near.looked, "undrawn": near.undrawn,
    }  # fmt: skip


_Told = tuple[Study, list[dict[str, Any]], int]


def _one(viewer: Viewer, one: Scenario, question: Asked) -> _Told:
    study = selectors.study(one, question.wind)
    return study, [_effect(viewer, study, effect) for effect in study.accident.effects], 0


def _worst(viewer: Viewer, one: Scenario, question: Asked) -> _Told:
    """The study told of is the one whose first effect reaches farthest, from the worst direction."""
    found, refused = worst.studies(one, question.wind)
    told = [worst.worst(found, refused, kind) for kind in worst.kinds(found)]
    if not told:
        return found[0], [], len(found)
    study = worst.blown(one, question.wind, told[0])
    effects = [_effect(viewer, study, each.effect) | _farthest(each) for each in told]
    return study, effects, len(found)


def _effect(viewer: Viewer, study: Study, effect: Effect) -> dict[str, Any]:
    laid, sites = study.laid(viewer, effect)
    toll = study.toll(effect, sites)
    return {
        "kind": effect.kind, "unit": effect.field.unit if effect.field else "", "zones": [_zone(one) for one in laid],
        "places": _sites(sites), "dead_residents": toll.residents, "dead_workers": toll.workers, "law": toll.source,
        "figures": [dict(zip(("key", "value", "unit"), figure, strict=True)) for figure in effect.figures],
        "models": list(effect.models), "notes": list(effect.notes), "farthest": [], "worst_from": None,
    }  # fmt: skip


def _farthest(each: Worst) -> dict[str, Any]:
    lines = [
        {"level": one.level.key, "reach": one.reach, "stability": one.sky.stability, "wind": one.sky.wind}
        for one in each.farthest
    ]
    return {"dead_residents": each.residents, "farthest": lines, "worst_from": each.wind_from}


def _zone(one: LaidZone) -> dict[str, Any]:
    level = one.zone.level
    return {
        "level": level.key, "name": level.name, "value": level.value, "unit": level.unit, "harm": level.harm,
        "source": level.source, "reach": one.zone.reach, "area": one.zone.area, "residents": one.residents,
        "workers": one.workers, "unsaid": one.unsaid, "sites": one.sites, "public_sites": one.public,
        "geometry": one.geometry,
    }  # fmt: skip


def _sites(found: Sequence[Site]) -> list[dict[str, Any]]:
    names = ("place_id", "name", "kind", "sort", "level", "metres", "people")
    return [
        {name: getattr(site, name) for name in names}
        | {name: finite(getattr(site, name)) for name in ("value", "arrival", "chance")}
        | {"longitude": site.position[0], "latitude": site.position[1]}
        for site in found[:MOST_SITES]
    ]


def _knock(hit: Hit) -> dict[str, Any]:
    found, vessel = hit.found, hit.vessel
    return {
        "name": vessel.name, "place_id": vessel.place_id, "place": vessel.place_name, "firm": vessel.firm,
        "of": hit.class_name, "effect": hit.effect, "metres": hit.metres, "longitude": hit.position[0],
        "latitude": hit.position[1], "exact": vessel.exact, "value": found.value, "threshold": found.threshold,
        "unit": "kPa" if found.kind == "overpressure" else "kW/m2", "probability": found.probability,
        "certain": found.certain,
    }  # fmt: skip


def _seen(seen: Observed) -> dict[str, Any]:
    station = seen.station
    told = {"place_id": station.place_id, "name": station.name, "metres": station.metres}
    return told | {"clouds": seen.clouds, "calm": seen.calm, "assumed": list(seen.assumed)}
