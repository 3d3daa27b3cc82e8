"""一张图: where is it red, and why."""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.web import picture
from anlan.web.views.parts import page, whole_number

HOUR = timedelta(hours=1)
REASONS = 3  # reasons told beside the map before anybody clicks
_NOTHING = {"type": "FeatureCollection", "features": []}


@page
def map_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    chosen = whole_number(request, "place", 0, range(2**31))
    config = {
        "urls": {
            "places": reverse("web:map_places"),
            "base": reverse("web:map_base"),
            "history": reverse("web:map_history"),
            "changes": reverse("web:map_changes"),
            "why": reverse("web:why", args=[0]),
        },
        "place": chosen or None,
    }
    return render(request, "web/map.html", {"config": config, **_side(viewer)})


@page
def changes(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list of what changed in the last hour, by itself."""
    return render(request, "web/map/changes.html", _side(viewer))


def _side(viewer: Viewer) -> dict[str, Any]:
    """What the right side says without a click: the worst place and why, then what changed."""
    worst = picture.worst(viewer)
    more = max(len(worst.lines) - REASONS, 0) + worst.further if worst else 0
    return {"worst": worst, "more_reasons": more, "stories": picture.stories(viewer, clock.now() - HOUR)}


@page
def places(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    below = whole_number(request, "under", 0, range(2**31))
    return JsonResponse(picture.below(viewer, below) if below else picture.everything(viewer))


@page
def history(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    now = clock.now()
    hours = whole_number(request, "hours", 24, range(1, 24 * 31 + 1))
    return JsonResponse(picture.history(viewer, now - hours * HOUR, now))


@page
def base(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """The base layer that this installation uses; without one, plain ground."""
    file = settings.DATA / "map" / "base.geojson"
    if not file.is_file():
        return HttpResponse(json.dumps(_NOTHING), content_type="application/geo+json")
    answer = FileResponse(file.open("rb"), content_type="application/geo+json")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
