"""One tag over time: its chart is the chart page's, its address its own."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from anlan.apps.core import selectors as core
from anlan.apps.monitoring import selectors as monitoring
from anlan.apps.monitoring.choices import AlarmState
from anlan.apps.monitoring.selectors import AlarmRow, TagRow
from anlan.kit.grants import Viewer
from anlan.web import curves
from anlan.web import series as plot
from anlan.web.views.chart import desk
from anlan.web.views.parts import page

POINTS = 500
LISTED = 20


@page
def tag_page(request: HttpRequest, viewer: Viewer, tag_id: int) -> HttpResponse:
    tag = monitoring.tag(viewer, tag_id)
    place = core.place(viewer, tag.place_id)
    context = {
        "tag": tag,
        "tags": [tag],
        "place": place,
        "path": [*core.ancestors(viewer, place), place],
        "alarms": _alarms(viewer, tag)[:LISTED],
        "desk": desk(request, [tag]),
        "alone": True,
    }
    return render(request, "web/tag.html", context)


@page
def series(request: HttpRequest, viewer: Viewer, tag_id: int) -> HttpResponse:
    """History between ``start`` and ``end`` [ms], else the last ``minutes``, with limits and alarms."""
    tag = monitoring.tag(viewer, tag_id)
    at = curves.window(request)
    found = monitoring.tag_history(viewer, tag_id, at.start, at.end, POINTS)
    answer: dict[str, Any] = {
        "name": tag.name,
        "unit": tag.unit,
        "decimals": tag.decimals,
        "limits": curves.limits(tag),
        "alarms": [curves.span(row) for row in monitoring.alarms_of(viewer, [tag_id], at.start, at.end)],
        "series": plot.columns(found),
        "start": plot.ms(at.start),
        "end": plot.ms(at.end),
    }
    return JsonResponse(answer)


def _alarms(viewer: Viewer, tag: TagRow) -> list[AlarmRow]:
    rows = monitoring.alarms(viewer, tag.place_id, AlarmState.values)
    return [row for row in rows if row.tag_id == tag.id]
