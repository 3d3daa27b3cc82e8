"""A scenario in a weather: its zones on the map, who and what lies inside, what comes along a line and to a point.

The same pages serve a scenario that is kept (``/consequences/7``) and one that is only tried
(``/consequences/what-if``, the scenario itself in the address).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from anlan.apps.consequences import selectors, spots
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.selectors import LaidZone, Receptor, Study
from anlan.apps.core import selectors as core
from anlan.kit.accident.zones import Effect
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.web import basemap
from anlan.web.views.consequences import result as results
from anlan.web.views.consequences import words
from anlan.web.views.consequences.drawing import SHOWN_SITES, STEPS, drawing
from anlan.web.views.consequences.forms import initial
from anlan.web.views.consequences.result import Result
from anlan.web.views.consequences.scenarios import substance_name
from anlan.web.views.consequences.subject import addresses, subject
from anlan.web.views.consequences.weather import Compass, WeatherForm, mode_of, query
from anlan.web.views.parts import page

SHOWN_HITS = 12


@dataclass(frozen=True)
class Row:
    """A zone as the table shows it, beside the same zone of what it is compared with; ``step`` of its line."""

    laid: LaidZone
    other: LaidZone | None
    step: int


@page
def study_page(request: HttpRequest, viewer: Viewer, scenario_id: int) -> HttpResponse:
    one = selectors.scenario(viewer, scenario_id)
    context = {
        "path": [*core.ancestors(viewer, one.place), one.place],
        "others": selectors.scenarios(viewer, one.place).exclude(pk=one.pk)[:50],
        "may_edit": one.ended is None and viewer.may("scenario.edit", one.place.path, one.place.sector),
    }
    return render(
        request, "web/consequences/study.html", frame(request, one) | context | computed(request, viewer, one)
    )


def frame(request: HttpRequest, one: Scenario) -> dict[str, Any]:
    """What stands around a result: the map's settings, the weather, how the scenario is called."""
    config = {
        "base": {"url": basemap.url(), "around": basemap.around(), "terrain": basemap.terrain()},
        "spot": [one.longitude, one.latitude],
        "urls": addresses(one) | {"place": reverse("web:place", args=[0])},
        "draft": not one.pk,
    }
    return {
        "scenario": one,
        "substance": substance_name(one.substance),
        "kind": words.KINDS.get(one.kind, ""),
        "config": config,
        "weather": WeatherForm(request.GET),
        "mode": mode_of(request.GET),
        "spelt": urlencode(initial(selectors.spec_of(one)) | {"substance": substance_name(one.substance), "name": ""}),
    }


@page
def study_part(request: HttpRequest, viewer: Viewer, scenario_id: int | None = None) -> HttpResponse:
    """What was computed, by itself: for a new weather."""
    try:
        one = subject(request, viewer, scenario_id)
    except BadInput as failure:
        return render(request, "web/consequences/result.html", {"refusal": failure.refusal})
    told = {"scenario": one, "kind": words.KINDS.get(one.kind, ""), **computed(request, viewer, one)}
    return render(request, "web/consequences/result.html", told)


@page
def profile(request: HttpRequest, viewer: Viewer, scenario_id: int | None = None) -> JsonResponse:
    """Value and arrival along a line ``?line=lon,lat,lon,lat,…``, or down the wind."""
    found = _found(request, viewer, scenario_id)
    if found is None:
        return JsonResponse({"metres": [], "value": [], "arrival": [], "unit": "", "levels": []})
    made, effect = found
    told = selectors.profile(made, effect, spots.line(request.GET.get("line", "")))
    unit = effect.field.unit if effect.field else ""
    return JsonResponse({**told, "unit": unit, "levels": _levels(effect)})


@page
def point(request: HttpRequest, viewer: Viewer, scenario_id: int | None = None) -> JsonResponse:
    """What comes to a point ``?at=lon,lat``, and its course over time."""
    found, at = _found(request, viewer, scenario_id), spots.line(request.GET.get("at", ""), least=1)
    told = selectors.receptor(*found, *at[0]) if found is not None and at is not None else None
    if found is None or told is None:
        return JsonResponse({"none": True})
    return JsonResponse(_receptor(told) | {"levels": _levels(found[1]), "effect": str(words.EFFECTS[found[1].kind])})


def _receptor(told: Receptor) -> dict[str, Any]:
    course = {"time": told.course.time.tolist(), "value": told.course.value.tolist()} if told.course else None
    plain = {name: getattr(told, name) for name in ("metres", "value", "unit", "arrival", "lasting", "chance")}
    return {**plain, "level": told.level.name if told.level else None, "course": course}


def _levels(effect: Effect) -> list[dict[str, Any]]:
    """Thresholds that are values of the field, for lines in the charts."""
    return [{"name": level.name, "value": level.value} for level in selectors.thresholds(effect)]


def _found(request: HttpRequest, viewer: Viewer, scenario_id: int | None) -> tuple[Study, Effect] | None:
    """The study and the effect that a line or a point asks about."""
    one = subject(request, viewer, scenario_id)
    told = results.result(viewer, one, request.GET)
    effect = results.chosen(told.study, request.GET.get("effect", ""))
    return (told.study, effect) if effect is not None else None


def computed(request: HttpRequest, viewer: Viewer, one: Scenario) -> dict[str, Any]:
    """Everything below the weather: or what was refused, in words."""
    told = results.tried(viewer, one, request.GET)
    if isinstance(told, BadInput):
        return {"refusal": told.refusal}
    if told.effect is None:
        return {"result": told, "made": told.study, "effects": [], "refused": told.refused}
    try:
        other = results.against(viewer, request.GET, told.effect.kind)
    except BadInput as failure:
        return {"refusal": failure.refusal}
    return _shown(viewer, told, other)


def _shown(viewer: Viewer, told: Result, other: tuple[Study, list[LaidZone]] | None) -> dict[str, Any]:
    beside = other[1] if other else []
    near = told.neighbours(viewer)
    kind = told.effect.kind if told.effect else ""
    return {
        "result": told,
        "made": told.study,
        "compass": told.compass,
        "effects": [(key, words.EFFECTS[key], key == kind) for key in told.kinds],
        "effect": told.effect,
        "rows": _rows(told.laid, beside),
        "public": [site for site in told.sites if site.public][:SHOWN_SITES],
        "firms": [site for site in told.sites if not site.public][:SHOWN_SITES],
        "near": near,
        "hits": near.hits[:SHOWN_HITS],
        "other": other[0] if other else None,
        "here": query(told.study.wind),
        "now": _now(told),
        "worst": _worst(told),
        "drawing": drawing(told, beside, near.hits),
    }


def _rows(laid: tuple[LaidZone, ...], beside: list[LaidZone]) -> list[Row]:
    """From the worst."""
    by_key = {one.zone.level.key: one for one in beside}
    found = [
        Row(one, by_key.get(one.zone.level.key), min(len(laid) - number, STEPS)) for number, one in enumerate(laid)
    ]
    return found[::-1]


def _now(told: Result) -> Mapping[str, Any] | None:
    """What the page keeps of the weather of now: the fields filled in, and which tags to listen to."""
    seen = told.weather.observed
    if seen is None:
        return None
    station = seen.station
    return {
        "fields": query(told.study.wind),
        "tags": station.tag_ids,
        "station": station.place_id,
        "until": int((seen.at + station.fresh).timestamp() * 1000),
        "stations": [
            {"id": one.place_id, "name": one.name, "metres": round(one.metres)} for one in told.weather.stations
        ],
    }


def _worst(told: Result) -> Sequence[tuple[str, float, str, float]]:
    """Level, reach, class and wind of each zone, from the worst."""
    if told.worst is None:
        return []
    lines = [(one.level.name, one.reach, one.sky.stability, one.sky.wind) for one in told.worst.farthest]
    return lines[::-1]


__all__ = ["Compass", "computed", "frame", "point", "profile", "study_page", "study_part"]
