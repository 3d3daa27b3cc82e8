"""What an accident brings to a point, over time, and along a line; of a scenario that is kept or only tried."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.apps.consequences import selectors, spots, worst
from anlan.apps.consequences.api.given import (
    Degree,
    EffectKind,
    North,
    TriedIn,
    WeatherIn,
    asked,
    finite,
    finites,
)
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.selectors import Receptor, Study
from anlan.apps.consequences.spots import MOST_CORNERS, Spot
from anlan.apps.core import selectors as core
from anlan.kit.accident.zones import Effect, Level
from anlan.kit.api import Id, Strict, Words
from anlan.kit.grants import Viewer

router = Router(tags=[_("事故后果")])

ONLY = Field(None, description="Only this effect; null = each that is possible.")


class SpotIn(Strict):
    longitude: Degree = Field(description="[degree, CGCS2000]", examples=[121.502])
    latitude: North = Field(description="[degree, CGCS2000]", examples=[41.101])


class SpotQuery(WeatherIn):
    """A point, in a weather."""

    longitude: Degree = Field(description="Of the point [degree, CGCS2000].", examples=[121.502])
    latitude: North = Field(description="Of the point [degree, CGCS2000].", examples=[41.101])
    effect: EffectKind | None = ONLY


class TriedSpotIn(TriedIn):
    """A scenario that is not kept, in a weather, and a point."""

    at: SpotIn = Field(description="The point that is asked about.")
    effect: EffectKind | None = ONLY


class AlongQuery(WeatherIn):
    """A line, in a weather."""

    line: Words = Field(
        "", max_length=2_000,
        description=f"Corners `lon,lat,lon,lat,…` [degree], at most {MOST_CORNERS}; empty = down the wind.",
    )  # fmt: skip
    effect: EffectKind | None = ONLY


class TriedLineIn(TriedIn):
    """A scenario that is not kept, in a weather, and a line."""

    line: list[SpotIn] | None = Field(
        None, min_length=2, max_length=MOST_CORNERS, description="Its corners; null = down the wind."
    )
    effect: EffectKind | None = ONLY


class ThresholdOut(Schema):
    """A level that is told as a value of the same unit."""

    name: str
    value: float = Field(description="In the effect's unit.", examples=[12.5])


class ComesOut(Schema):
    """An effect, and the weather that it is told of: with sky=worst that in which it reaches farthest."""

    effect: EffectKind = Field(description="Which effect.")
    unit: str = Field(description="Unit of the values.", examples=["kg/m3"])
    wind: float = Field(description="At 10 m [m/s].", examples=[2.0])
    wind_from: float = Field(description="Where it comes from [degree from north].", examples=[270.0])
    stability: str = Field(description="Pasquill's class.", examples=["D"])
    thresholds: list[ThresholdOut] = Field(description="Levels in the same unit, from the mildest.")


class PassingOut(Schema):
    """What comes over time."""

    time: list[float] = Field(description="After the release begins [s] …")
    value: list[float | None] = Field(description="… the value then, in the effect's unit; null = none is known.")


class ReceptorOut(ComesOut):
    """What an effect brings to a point."""

    metres: float = Field(description="From the source [m].", examples=[150.0])
    value: float | None = Field(description="The largest that comes there, in the unit; null = beyond the model.")
    arrival: float | None = Field(description="When it comes [s]; 0 = at once; null = beyond the model.")
    lasting: float | None = Field(description="How long it stays [s]; 0 = over at once; null = beyond the model.")
    level: str | None = Field(description="Key of the worst level that is reached; null = none.", examples=["AEGL-2"])
    level_name: str = Field(description="What people call it; empty = none.", examples=["AEGL-2"])
    chance: float | None = Field(description="Of dying there in the open [-]; null = no law is known.")
    course: PassingOut | None = Field(description="Over time; null = over at once, or it never comes there.")


class ProfileOut(ComesOut):
    """What an effect brings to points of a line."""

    metres: list[float] = Field(description="Along the line, or down the wind from the source [m] …")
    value: list[float | None] = Field(description="… the largest that comes there, in the unit; null = not known …")
    arrival: list[float | None] = Field(description="… and when [s]; null = not known.")


@router.post("/scenarios/try/point", response=list[ReceptorOut], summary=_("推演：某一点的后果"))
def try_point(request: HttpRequest, body: TriedSpotIn) -> list[dict[str, Any]]:
    """What comes to a point by each effect of a scenario that is not kept."""
    viewer = core.request_viewer(request)
    return _point(viewer, body.scenario(viewer), body.sky, body.effect, (body.at.longitude, body.at.latitude))


@router.post("/scenarios/try/profile", response=list[ProfileOut], summary=_("推演：沿线剖面"))
def try_profile(request: HttpRequest, body: TriedLineIn) -> list[dict[str, Any]]:
    """What comes along a line by each effect of a scenario that is not kept."""
    viewer = core.request_viewer(request)
    line = [(corner.longitude, corner.latitude) for corner in body.line] if body.line else None
    return _profile(viewer, body.scenario(viewer), body.sky, body.effect, line)


@router.get("/scenarios/{scenario_id}/point", response=list[ReceptorOut], summary=_("某一点的事故后果"))
def get_receptor(request: HttpRequest, scenario_id: Id, query: Query[SpotQuery]) -> list[dict[str, Any]]:
    """What comes to a point by each effect: the largest value, when, how long, over time, and the chance of dying."""
    viewer = core.request_viewer(request)
    one = selectors.scenario(viewer, scenario_id)
    return _point(viewer, one, query, query.effect, (query.longitude, query.latitude))


@router.get("/scenarios/{scenario_id}/profile", response=list[ProfileOut], summary=_("事故后果沿线剖面"))
def get_profile(request: HttpRequest, scenario_id: Id, query: Query[AlongQuery]) -> list[dict[str, Any]]:
    """What comes along a line by each effect, without a line down the wind as far as its mildest zone."""
    viewer = core.request_viewer(request)
    return _profile(viewer, selectors.scenario(viewer, scenario_id), query, query.effect, spots.line(query.line))


def _point(viewer: Viewer, one: Scenario, said: WeatherIn, only: EffectKind | None, at: Spot) -> list[dict[str, Any]]:
    found = [
        (study, effect, told)
        for study, effect in _effects(viewer, one, said, only)
        if (told := selectors.receptor(study, effect, *at)) is not None
    ]
    return [_comes(study, effect) | _receptor(told) for study, effect, told in found]


def _profile(
    viewer: Viewer, one: Scenario, said: WeatherIn, only: EffectKind | None, line: list[Spot] | None
) -> list[dict[str, Any]]:
    return [
        _comes(study, effect) | _rows(selectors.profile(study, effect, line))
        for study, effect in _effects(viewer, one, said, only)
        if effect.field is not None
    ]


def _effects(viewer: Viewer, one: Scenario, said: WeatherIn, only: EffectKind | None) -> Iterator[tuple[Study, Effect]]:
    """Each effect with the study in whose weather it is told."""
    question = asked(viewer, one, said)
    if not question.worst:
        study = selectors.study(one, question.wind)
        yield from ((study, effect) for effect in study.accident.effects if only in (None, effect.kind))
        return
    found, refused = worst.studies(one, question.wind)
    for kind in worst.kinds(found):
        if only in (None, kind):
            study = worst.blown(one, question.wind, worst.worst(found, refused, kind))
            if (effect := study.accident.effect(kind)) is not None:
                yield study, effect


def _comes(study: Study, effect: Effect) -> dict[str, Any]:
    wind, unit = study.wind, effect.field.unit if effect.field else ""
    return {
        "effect": effect.kind, "unit": unit, "wind": wind.sky.wind, "wind_from": wind.wind_from,
        "stability": wind.sky.stability, "thresholds": [_threshold(one) for one in selectors.thresholds(effect)],
    }  # fmt: skip


def _threshold(level: Level) -> dict[str, Any]:
    return {"name": level.name, "value": level.value}


def _receptor(told: Receptor) -> dict[str, Any]:
    course = told.course
    over = {"time": course.time.tolist(), "value": finites(course.value)} if course is not None else None
    plain = {name: finite(getattr(told, name)) for name in ("metres", "value", "arrival", "lasting", "chance")}
    level = told.level
    return plain | {"level": level.key if level else None, "level_name": level.name if level else "", "course": over}


def _rows(told: dict[str, list[float]]) -> dict[str, Any]:
    return {
        "metres": told["metres"],
        "value": [finite(value) for value in told["value"]],
        "arrival": [finite(value) for value in told["arrival"]],
    }
