"""大屏: is the county safe today, readable from across the room, for days without a hand."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from anlan.apps.core import selectors as core
from anlan.kit import assets, clock
from anlan.kit.grants import Viewer
from anlan.packs.families import public_objects
from anlan.web import basemap
from anlan.web.atlas import sight
from anlan.web.atlas.look import look
from anlan.web.atlas.question import USUAL, Question
from anlan.web.views.parts import is_part, page, whole_number
from anlan.web.wall import wall

STAYS = timedelta(days=30)  # a screen's sign-in, from its last look
AREAS = ("county", "town", "park")
MOST_AREAS = 60
_ASKED = ("view", "shapes")


@page
def wall_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    place_id = whole_number(request, "place", 0, range(2**31)) or None
    told = wall(viewer, place_id)
    if not is_part(request) and stays(viewer):
        request.session.set_expiry(STAYS)
    context: dict[str, Any] = {
        "layout": "web/part.html" if is_part(request) else "web/wall/base.html",
        "wall": told,
        "version": assets.url("wall.js"),
        "areas": [] if is_part(request) else core.places(viewer, kinds=AREAS).defer("geometry")[:MOST_AREAS],
        "config": None if is_part(request) else _config(viewer, place_id),
    }
    return render(request, "web/wall.html", context)


def stays(viewer: Viewer) -> bool:
    """Whether this sign-in may last: the role of a screen, and no right to change anything."""
    held = {capability for scope in viewer.scopes for capability in scope.capabilities}
    return "wall.stay" in held and all(one == "wall.stay" or one.endswith(".view") for one in held)


def _config(viewer: Viewer, place_id: int | None) -> dict[str, Any]:
    return {
        "urls": {name: reverse(f"web:map_{name}") for name in _ASKED},
        "base": {"url": basemap.url(), "around": basemap.around(), "terrain": basemap.terrain()},
        "bounds": sight.bounds(look(viewer, Question())),
        "usual": sorted(USUAL),
        "sorts": [[sort.code, sort.name, sort.mark] for sort in public_objects.load(clock.today()).sorts],
        "place": place_id,
    }
