"""一张图: where is it red, and why. The page, and what it draws as the reader moves about."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from anlan.apps.core import selectors as core
from anlan.apps.enterprises import selectors as enterprises
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotInScope
from anlan.kit.grants import Viewer
from anlan.packs.families import public_objects
from anlan.rules.refusal import Refusal
from anlan.web import basemap, picture
from anlan.web.atlas import around, finding, inside, sight, tree
from anlan.web.atlas.look import Look, look
from anlan.web.atlas.question import USUAL, Question, asked
from anlan.web.atlas.sight import View
from anlan.web.views.parts import moment, numbers, page, whole_number

HOUR = timedelta(hours=1)
REASONS = 3  # reasons told beside the map before anybody clicks
MOST_SHAPES = 400
#: Addresses that the script asks, by the name it knows them by.
_ASKED = ("view", "shapes", "tree", "find", "history", "changes", "inside", "hits", "filters")


@page
def map_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    chosen = whole_number(request, "place", 0, range(2**31))
    config = {
        "urls": {name: reverse(f"web:map_{name}") for name in _ASKED} | {"panel": reverse("web:map_panel", args=[0])},
        "base": {"url": basemap.url(), "around": basemap.around(), "terrain": basemap.terrain()},
        "place": chosen or None,
        "bounds": sight.bounds(look(viewer, Question())),
        "usual": sorted(USUAL),
        "sorts": [[sort.code, sort.name, sort.mark] for sort in public_objects.load(clock.today()).sorts],
    }
    substances = enterprises.substances(viewer, limit=200) if viewer.may_anywhere("enterprise.view") else []
    return render(request, "web/map.html", {"config": config, "substances": substances, **_side(viewer)})


@page
def changes(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The right side by itself: as it is, or as it was at a moment."""
    return render(request, "web/map/changes.html", _side(viewer, moment(request)))


def _side(viewer: Viewer, at: datetime | None = None) -> dict[str, Any]:
    """What the right side says without a click: the worst place and why, then what changed in the hour before."""
    worst = picture.worst(viewer, at)
    more = max(len(worst.lines) - REASONS, 0) + worst.further if worst else 0
    stories = picture.stories(viewer, (at or clock.now()) - HOUR, until=at)
    return {"worst": worst, "more_reasons": more, "stories": stories, "at": at}


@page
def view(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What the map draws in its present view, by layers, filters and moment."""
    question = asked(request, moment(request))
    seen, where = look(viewer, question), _view(request)
    there = sight.watched(seen.atlas, viewer, question.layers)
    gathered = sight.gather(seen, where)
    answer = {
        **sight.marks(seen, gathered),
        "outlines": sight.outlines(seen, where),
        "totals": sight.totals(seen, there),
        "anchors": sight.anchors(seen),
    }
    if question.at is None:
        answer |= {
            name: layer(seen, there, where, gathered) for name, layer in _OVER.items() if name in question.layers
        }
    if request.GET.get("heat") == "1":
        answer["heat"] = sight.density(seen, where)
    elif request.GET.get("heat") == "people":
        answer["heat"] = sight.people(where)
    if request.GET.get("shapes") == "1":
        answer["shapes"] = _shapes(viewer, answer["outlines"]["id"].tolist())
    return _json(answer)


_OVER = {"alarm": sight.alarms, "tag": sight.tags, "major": sight.installations}


def _view(request: HttpRequest) -> View:
    """``box=west,south,east,north``, ``zoom`` and ``cell``; the whole world where they make no sense."""
    try:
        west, south, east, north = (float(part) for part in request.GET.get("box", "").split(","))
        zoom, cell = float(request.GET.get("zoom", "9")), float(request.GET.get("cell", "80"))
    except ValueError:
        west, south, east, north, zoom, cell = -180.0, -85.0, 180.0, 85.0, 9.0, 80.0
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90 and 0 <= zoom <= 24 and 20 <= cell <= 400):
        fix = "box 写“西,南,东,北”四个度数，zoom 在 0 到 24 之间。"
        raise BadInput(Refusal("map.bad_view", "看不懂视野“{text}”。", fix, {"text": request.GET.get("box", "")[:60]}))
    return View(west, south, east, north, zoom, cell)


@page
def shapes(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The shapes of places, by id; those outside the viewer's scope are left out."""
    return _json(_shapes(viewer, set(numbers(request.GET.get("ids", "").split(",")[:MOST_SHAPES]))))


def _shapes(viewer: Viewer, ids: Collection[int]) -> dict[str, Any]:
    found = core.places(viewer).filter(pk__in=ids).order_by().values_list("pk", "geometry")
    return {str(pk): geometry for pk, geometry in found if geometry}


@page
def tree_rows(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The rows of the place tree: ``open=1,2,3`` (as at first without it), ``place=ID`` is to be among them."""
    text = request.GET.get("open")
    opened = None if text is None else numbers(text[:40_000].split(","))
    chosen = whole_number(request, "place", 0, range(2**31)) or None
    return _json(tree.listed(look(viewer, Question(at=moment(request))), opened, chosen))


@page
def find(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Places by name, code or address, for the box over the map."""
    found = finding.find(look(viewer, Question()), request.GET.get("q", "").strip()[:80])
    return _json({"places": found})


@page
def history(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    now = clock.now()
    hours = whole_number(request, "hours", 24, range(1, 24 * 31 + 1))
    return _json(picture.history(viewer, now - hours * HOUR, now))


@page
def filters(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The trades and kinds that there are, with how many enterprises and objects each has."""
    everything = inside.statistics(look(viewer, Question()))
    context = {"trades": everything.trades, "objects": everything.objects, "sorts": _sorts()}
    return render(request, "web/map/filters.html", context)


def _sorts() -> dict[str, str]:
    return {sort.name: sort.code for sort in public_objects.load(clock.today()).sorts}


@page
def base(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """The base layers that this installation has, as one; without any, plain ground."""
    file = basemap.built()
    if file is None:
        return HttpResponse(json.dumps(basemap.NOTHING), content_type="application/geo+json")
    return _kept(file, "application/geo+json", gzip=True)


@page
def terrain(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """The shaded relief under the base layers."""
    file = settings.DATA / "map" / "terrain.png"
    if not file.is_file():
        raise NotInScope
    return _kept(file, "image/png")


@page
def surroundings(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    """A small picture of what lies around a place, for pages on which it is one thing among others."""
    place = core.place(viewer, place_id)
    seen = look(viewer, Question())
    row = seen.atlas.row(place.pk)
    drawn = around.around(seen, viewer, row) if row >= 0 else None
    answer = render(request, "web/map/around.svg", {"drawn": drawn}, content_type="image/svg+xml")
    answer["Cache-Control"] = "private, max-age=20"
    return answer


def _kept(file: Path, content_type: str, *, gzip: bool = False) -> FileResponse:
    """A file whose address changes with its content: the browser need not ask again."""
    answer = FileResponse(file.open("rb"), content_type=content_type)
    answer["Cache-Control"] = "private, max-age=604800"
    if gzip:
        answer["Content-Encoding"] = "gzip"
    return answer


def _json(data: object) -> HttpResponse:
    text = orjson.dumps(data, option=orjson.OPT_SERIALIZE_NUMPY)
    answer = HttpResponse(text, content_type="application/json")
    answer["Cache-Control"] = "private, no-store"
    return answer


def seen_by(request: HttpRequest, viewer: Viewer) -> Look:
    """The look behind an address of the map, with its filters and its moment."""
    return look(viewer, asked(request, moment(request)))
