"""A scenario in a weather: its zones on the map, who and what lies inside, what comes along a line."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from anlan.apps.consequences import selectors
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.selectors import LaidZone, Site, Study, Wind
from anlan.apps.core import selectors as core
from anlan.kit.accident.zones import Effect
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal
from anlan.web import basemap
from anlan.web.views.consequences import words
from anlan.web.views.consequences.scenarios import substance_name
from anlan.web.views.consequences.weather import Compass, WeatherForm, query
from anlan.web.views.parts import page

SHOWN_SITES = 200
AGAINST = "against"


@dataclass(frozen=True)
class Row:
    """A zone as the table shows it, beside the same zone of what it is compared with."""

    laid: LaidZone
    other: LaidZone | None


@page
def study_page(request: HttpRequest, viewer: Viewer, scenario_id: int) -> HttpResponse:
    one = selectors.scenario(viewer, scenario_id)
    config = {
        "base": {"url": basemap.url(), "around": basemap.around(), "terrain": basemap.terrain()},
        "spot": [one.longitude, one.latitude],
        "urls": {
            "part": reverse("web:study_part", args=[one.pk]),
            "profile": reverse("web:study_profile", args=[one.pk]),
            "place": reverse("web:place", args=[0]),
        },
    }
    context = {
        "scenario": one,
        "substance": substance_name(one.substance),
        "kind": words.KINDS[one.kind],
        "path": [*core.ancestors(viewer, one.place), one.place],
        "others": selectors.scenarios(viewer, one.place).exclude(pk=one.pk)[:50],
        "may_edit": one.ended is None and viewer.may("scenario.edit", one.place.path, one.place.sector),
        "config": config,
        "weather": WeatherForm(request.GET),
    }
    return render(request, "web/consequences/study.html", context | _computed(request, viewer, one))


@page
def study_part(request: HttpRequest, viewer: Viewer, scenario_id: int) -> HttpResponse:
    """What was computed, by itself: for a new weather."""
    one = selectors.scenario(viewer, scenario_id)
    return render(request, "web/consequences/result.html", {"scenario": one, **_computed(request, viewer, one)})


@page
def profile(request: HttpRequest, viewer: Viewer, scenario_id: int) -> JsonResponse:
    """Value and arrival along a line ``?line=lon,lat,lon,lat``, or down the wind."""
    made = _study(request, selectors.scenario(viewer, scenario_id))
    effect = _chosen(made, request.GET.get("effect", ""))
    if effect is None:
        return JsonResponse({"metres": [], "value": [], "arrival": [], "unit": ""})
    told = selectors.profile(made, effect, _line(request.GET.get("line", "")))
    return JsonResponse(told | {"unit": effect.field.unit if effect.field else ""})


def _line(text: str) -> tuple[tuple[float, float], tuple[float, float]] | None:
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        fix = "写成“经度,纬度,经度,纬度”，用十进制度数。"
        raise BadInput(Refusal("line.unreadable", "看不懂线段“{text}”。", fix, {"text": text[:60]})) from None
    if not all(abs(one) <= most for one, most in ((west, 180), (east, 180), (south, 80), (north, 80))):
        raise BadInput(Refusal("line.outside", "线段的经纬度不对。", "经度在 ±180、纬度在 ±80 以内。"))
    return (west, south), (east, north)


def _study(request: HttpRequest, one: Scenario) -> Study:
    return selectors.study(one, WeatherForm(request.GET).weather())


def _chosen(made: Study, kind: str) -> Effect | None:
    effects = made.accident.effects
    return made.accident.effect(kind) or (effects[0] if effects else None)


def _computed(request: HttpRequest, viewer: Viewer, one: Scenario) -> dict[str, Any]:
    """Everything below the weather: or what was refused, in words."""
    try:
        made = _study(request, one)
        other = _against(request, viewer)
    except BadInput as failure:
        return {"refusal": failure.refusal}
    effect = _chosen(made, request.GET.get("effect", ""))
    if effect is None:
        return {"made": made, "effects": [], "refused": _refused(made)}
    laid, sites = made.laid(viewer, effect)
    same = other.accident.effect(effect.kind) if other else None
    beside = other.laid(viewer, same)[0] if other and same else []
    return {
        "made": made,
        "compass": Compass(made.wind.wind_from),
        "effects": [(each.kind, words.EFFECTS[each.kind], each.kind == effect.kind) for each in made.accident.effects],
        "effect": effect,
        "rows": _rows(laid, beside),
        "sites": sites[:SHOWN_SITES],
        "more_sites": max(len(sites) - SHOWN_SITES, 0),
        "figures": [(words.FIGURES.get(key, key), value, unit) for key, value, unit in effect.figures],
        "source": _source(made),
        "refused": _refused(made),
        "other": other,
        "here": query(made.wind),
        "drawing": _drawing(laid, beside, sites, effect),
    }


def _rows(laid: list[LaidZone], beside: list[LaidZone]) -> list[Row]:
    """From the worst."""
    by_key = {one.zone.level.key: one for one in beside}
    return [Row(one, by_key.get(one.zone.level.key)) for one in reversed(laid)]


def _against(request: HttpRequest, viewer: Viewer) -> Study | None:
    """What the study is compared with: ``against`` holds another scenario's id and weather as a query of its own."""
    asked = QueryDict(request.GET.get(AGAINST, ""))
    number = asked.get("scenario", "")
    if not number.isdecimal():
        return None
    return selectors.study(selectors.scenario(viewer, int(number)), WeatherForm(asked).weather())


def _source(made: Study) -> list[tuple[str, float, str]]:
    from django.utils.translation import gettext as _

    source = made.accident.source
    lines = [
        (_("泄漏速率"), source.rate, "kg/s"),
        (_("泄漏时间"), source.duration, "s"),
        (_("泄漏总量"), source.released, "kg"),
        (_("进入空气"), source.airborne, "kg"),
        (_("液池直径"), source.pool_diameter, "m"),
        (_("液池蒸发"), source.pool_rate, "kg/s"),
    ]
    return [line for line in lines if line[1] > 0]


def _refused(made: Study) -> list[tuple[str, str]]:
    return [(str(words.EFFECTS[kind]), why) for kind, why in made.accident.refused]


def _drawing(laid: list[LaidZone], beside: list[LaidZone], sites: list[Site], effect: Effect) -> dict[str, Any]:
    """What the map draws: zones, those compared with, and the sites inside."""

    def features(zones: list[LaidZone]) -> dict[str, Any]:
        rows = [
            {
                "type": "Feature",
                "geometry": one.geometry,
                "properties": {"rank": one.zone.level.rank, "name": one.zone.level.name, "order": number},
            }
            for number, one in enumerate(zones)
            if not one.zone.shape.is_empty
        ]
        return {"type": "FeatureCollection", "features": rows}

    spots = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": list(site.position)},
            "properties": {"id": site.place_id, "name": site.name, "rank": site.rank},
        }
        for site in sites[:SHOWN_SITES]
    ]
    return {
        "effect": effect.kind,
        "zones": features(laid),
        "beside": features(beside),
        "sites": {"type": "FeatureCollection", "features": spots},
    }


__all__ = ["Wind", "profile", "study_page", "study_part"]
