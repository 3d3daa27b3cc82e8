"""What if? A scenario at any point of the map, computed as it is written and kept only if somebody wants to.

``?longitude=&latitude=`` alone asks what lies there and offers it; with a substance the result stands beside the map.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from anlan.apps.consequences import actions, beginning
from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.kit import clock
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.packs.families import substances, what_if
from anlan.web import basemap
from anlan.web.views.consequences.forms import WhatIfForm, initial
from anlan.web.views.consequences.scenarios import middle_of, substance_name
from anlan.web.views.consequences.study import computed, frame
from anlan.web.views.consequences.subject import place_of, subject
from anlan.web.views.consequences.weather import WeatherForm, mode_of
from anlan.web.views.parts import page, whole_number

NAMES = tuple(WhatIfForm.base_fields)


@page
def what_if_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    if request.GET.get("pick"):
        return _picked(request, viewer)
    if not request.GET.get("substance"):
        return _begin(request, viewer)
    context: dict[str, Any] = {"draft": True, "form": WhatIfForm(request.GET), "substances": _names()}
    try:
        one = subject(request, viewer, None)
    except BadInput as failure:
        place = _place(request, viewer)
        return _begin(request, viewer, {"refusal": failure.refusal, "form": context["form"], "place": place})
    context |= {"path": [*core.ancestors(viewer, one.place), one.place], "breaches": _breaches()}
    context["place"] = one.place
    context["may_edit"] = viewer.may("scenario.edit", one.place.path, one.place.sector)
    return render(
        request, "web/consequences/study.html", context | frame(request, one) | computed(request, viewer, one)
    )


def _picked(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """The address of what was picked at a place, spelt out: it can be changed, and sent to somebody."""
    place = core.place(viewer, whole_number(request, "place", 0, range(2**31)), "scenario.view")
    pick = next((one for one in beginning.picks(viewer, place) if one.key == request.GET["pick"]), None)
    if pick is None:
        return _begin(request, viewer)
    spec = beginning.begun(pick, request.GET.get("breach", ""))
    told = initial(spec) | {"substance": substance_name(spec.substance), "place": pick.place_id}
    if not pick.position or place.kind in beginning.INSIDE:  # nearer than the middle of the plant
        told |= _middle(place)
    sky = {name: request.GET[name] for name in ("sky", "station") if name in request.GET}
    return redirect(f"{reverse('web:what_if')}?{urlencode(told | sky)}")


def _begin(request: HttpRequest, viewer: Viewer, more: dict[str, Any] | None = None) -> HttpResponse:
    """Where nothing can be computed yet: the map to choose a point, what lies there, and what may be picked."""
    told = more or {}
    refusal = told.get("refusal")
    place = told.get("place")
    if place is None:
        try:
            place = _place(request, viewer)
        except BadInput as failure:
            refusal = refusal or failure.refusal
    spot = _spot(request) or (middle_of(place) if place is not None else None)
    start = (
        {"longitude": spot[0], "latitude": spot[1], "minutes": 30, "celsius": 20, "head": 0, "height": 1}
        if spot
        else {}
    )
    context = {
        "draft": True,
        "begin": True,
        "form": told.get("form") or WhatIfForm(initial={**start, "kind": "hole", "millimetres": 25}),
        "picks": beginning.picks(viewer, place) if place is not None else [],
        "place": place,
        "path": [*core.ancestors(viewer, place), place] if place is not None else [],
        "substances": _names(),
        "breaches": _breaches(),
        "refusal": refusal,
        "weather": WeatherForm(request.GET),
        "mode": mode_of(request.GET),
        "config": _config(place, spot),
    }
    return render(request, "web/consequences/begin.html", context, status=200)


def _config(place: Place | None, spot: tuple[float, float] | None) -> dict[str, Any]:
    return {
        "base": {"url": basemap.url(), "around": basemap.around(), "terrain": basemap.terrain()},
        "outline": place.geometry if place else None,
        "box": [place.west, place.south, place.east, place.north] if place else [None] * 4,
        "spot": spot,
        "here": reverse("web:what_if"),
    }


def _place(request: HttpRequest, viewer: Viewer) -> Place | None:
    """The place that was named, or in which the point lies; else the first area of the viewer's."""
    if whole_number(request, "place", 0, range(2**31)):
        return place_of(request, viewer, 0.0, 0.0)
    spot = _spot(request)
    if spot is not None:
        return beginning.place_at(viewer, *spot)
    return core.places(viewer).filter(viewer.scope("scenario.view"), west__isnull=False).first()


def _spot(request: HttpRequest) -> tuple[float, float] | None:
    try:
        longitude, latitude = (float(request.GET[name]) for name in ("longitude", "latitude"))
    except (KeyError, ValueError):
        return None
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 80 else None


def _middle(place: Place) -> dict[str, float]:
    spot = middle_of(place)
    return {"longitude": spot[0], "latitude": spot[1]} if spot else {}


def _names() -> list[str]:
    return sorted({one.name_zh for one in substances.load(clock.today()).values()})


def _breaches() -> list[what_if.Breach]:
    return list(what_if.load(clock.today()).breaches)


@require_POST
@page
def keep(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    """Write what was tried down at a place."""
    core.place(viewer, place_id, "scenario.edit")
    form = WhatIfForm(request.POST)
    if form.is_valid():
        try:
            made = actions.add_scenario(viewer, place_id, form.spec())
        except BadInput as failure:
            form.refuse(failure)
        else:
            weather = {name: request.POST[name] for name in WEATHER if request.POST.get(name)}
            return redirect(f"{reverse('web:study', args=[made.pk])}?{urlencode(weather)}")
    told = {name: value for name, value in request.POST.items() if name in NAMES}
    return redirect(f"{reverse('web:scenario_new', args=[place_id])}?{urlencode(told)}")


WEATHER = ("sky", "station", "wind", "from", "class", "air", "humidity", "ground", "effect")
