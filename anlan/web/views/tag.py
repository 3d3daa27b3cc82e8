"""One tag over time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from anlan.apps.core import selectors as core
from anlan.apps.monitoring import selectors as monitoring
from anlan.apps.monitoring.choices import AlarmState, Limit
from anlan.apps.monitoring.selectors import AlarmRow, TagRow
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.web import series as plot
from anlan.web.views.parts import page, whole_number

POINTS = 500
WINDOWS = (("30", "30 分钟"), ("120", "2 小时"), ("480", "8 小时"), ("1440", "24 小时"), ("10080", "7 天"))
LONGEST = timedelta(days=366)
_LAST_MS = 4_102_444_800_000  # 2100-01-01


@page
def tag_page(request: HttpRequest, viewer: Viewer, tag_id: int) -> HttpResponse:
    tag = monitoring.tag(viewer, tag_id)
    place = core.place(viewer, tag.place_id)
    minutes = whole_number(request, "minutes", 30, range(1, 10_081))
    context = {
        "tag": tag,
        "place": place,
        "path": [*core.ancestors(viewer, place), place],
        "limits": _limits(tag),
        "alarms": _alarms(viewer, tag)[:20],
        "minutes": str(minutes),
        "windows": WINDOWS,
    }
    return render(request, "web/tag.html", context)


@page
def series(request: HttpRequest, viewer: Viewer, tag_id: int) -> HttpResponse:
    """History between ``start`` and ``end`` [ms], else the last ``minutes``, with limits and alarms."""
    tag = monitoring.tag(viewer, tag_id)
    start, end = _window(request)
    found = monitoring.tag_history(viewer, tag_id, start, end, POINTS)
    answer = {
        "name": tag.name,
        "unit": tag.unit,
        "decimals": tag.decimals,
        "limits": _limits(tag),
        "alarms": [_span(row) for row in _alarms(viewer, tag) if _within(row, start, end)],
        "series": plot.columns(found),
        "start": plot.ms(start),
        "end": plot.ms(end),
    }
    return JsonResponse(answer)


def _window(request: HttpRequest) -> tuple[datetime, datetime]:
    now = clock.now()
    minutes = whole_number(request, "minutes", 30, range(1, 10_081))
    end_ms = whole_number(request, "end", plot.ms(now), range(1, _LAST_MS))
    end = datetime.fromtimestamp(end_ms / 1000, UTC)
    start_ms = whole_number(request, "start", plot.ms(end - timedelta(minutes=minutes)), range(0, end_ms))
    return max(datetime.fromtimestamp(start_ms / 1000, UTC), end - LONGEST), end


def _limits(tag: TagRow) -> list[dict[str, Any]]:
    named = ((Limit.HH, tag.limits.hh), (Limit.H, tag.limits.h), (Limit.L, tag.limits.l), (Limit.LL, tag.limits.ll))
    return [{"name": str(limit.label), "value": value} for limit, value in named if value is not None]


def _alarms(viewer: Viewer, tag: TagRow) -> list[AlarmRow]:
    rows = monitoring.alarms(viewer, tag.place_id, AlarmState.values)
    return [row for row in rows if row.tag_id == tag.id]


def _within(row: AlarmRow, start: datetime, end: datetime) -> bool:
    return row.raised < end and (row.cleared is None or row.cleared > start)


def _span(row: AlarmRow) -> dict[str, Any]:
    cleared = plot.ms(row.cleared) if row.cleared else None
    return {"raised": plot.ms(row.raised), "cleared": cleared, "level": row.level, "name": str(Limit[row.limit].label)}
