"""What the chart page draws: some tags over one stretch of time, their limits, alarms and what was said about them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _

from anlan.apps.monitoring import selectors as monitoring
from anlan.apps.monitoring.choices import Limit
from anlan.apps.monitoring.selectors import AlarmRow, TagRow
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotInScope
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal
from anlan.web import series as plot
from anlan.web.views.parts import whole_number

MOST_TAGS = 12
MOST_ALARMS = 400
DEFAULT_MINUTES = 480
LONGEST = timedelta(days=366)
_LAST_MS = 4_102_444_800_000  # 2100-01-01
_TOO_MANY = Refusal("chart.too_many", "一张图上最多画 {most} 个监测点。", "请先移去几个。", {"most": str(MOST_TAGS)})

#: Lengths of time that one click shows, in minutes.
SPANS = (
    (60, _("1 小时")),
    (480, _("8 小时")),
    (1440, _("24 小时")),
    (10_080, _("7 天")),
    (43_200, _("30 天")),
    (131_040, _("91 天")),
    (525_600, _("1 年")),
)
#: What the same tags are compared with: the same stretch, so many days earlier.
COMPARED = {"day": 1, "week": 7}


@dataclass(frozen=True)
class Window:
    """From when to when; ``minutes`` where the end is now and goes on."""

    start: datetime
    end: datetime
    minutes: int | None

    def before(self, days: int) -> "Window":
        back = timedelta(days=days)
        return Window(self.start - back, self.end - back, None)


def window(request: HttpRequest) -> Window:
    """``start`` and ``end`` [ms], else the last ``minutes``."""
    minutes = whole_number(request, "minutes", DEFAULT_MINUTES, range(1, 527_041))
    now = clock.now()
    fixed = "end" in request.GET
    end_ms = whole_number(request, "end", plot.ms(now), range(1, _LAST_MS))
    end = datetime.fromtimestamp(end_ms / 1000, UTC)
    start_ms = whole_number(request, "start", max(plot.ms(end) - minutes * 60_000, 0), range(0, end_ms))
    start = max(datetime.fromtimestamp(start_ms / 1000, UTC), end - LONGEST)
    return Window(start, end, None if fixed else minutes)


def chosen(request: HttpRequest) -> list[int]:
    """The numbers in ``?tags=1,2,3``, each once."""
    given = [number for number in request.GET.get("tags", "").split(",") if number.isdecimal() and len(number) < 12]
    ids = list(dict.fromkeys(int(number) for number in given))
    if len(ids) > MOST_TAGS:
        raise BadInput(_TOO_MANY)
    return ids


def tags(viewer: Viewer, request: HttpRequest) -> list[TagRow]:
    """The chosen tags that the viewer may read. Raises NotInScope where some are chosen and none may be read."""
    ids = chosen(request)
    found = monitoring.tags(viewer, ids)
    if ids and not found:
        raise NotInScope
    return found


def curves(viewer: Viewer, drawn: Sequence[TagRow], at: Window, points: int, compare: str = "") -> dict[str, Any]:
    """Everything that the chart draws of the tags, as JSON takes it."""
    ids = [tag.id for tag in drawn]
    found = monitoring.tags_history(viewer, ids, at.start, at.end, points)
    days = COMPARED.get(compare)
    then = at.before(days) if days else None
    earlier = monitoring.tags_history(viewer, ids, then.start, then.end, points) if then else {}
    return {
        "start": plot.ms(at.start),
        "end": plot.ms(at.end),
        "shift": days * 86_400_000 if days else 0,
        "tags": [
            {
                **about(tag),
                "series": plot.columns(found[tag.id]),
                "before": plot.columns(earlier[tag.id]) if tag.id in earlier else None,
            }
            for tag in drawn
            if tag.id in found
        ],
        "alarms": alarms(viewer, ids, at),
    }


def about(tag: TagRow) -> dict[str, Any]:
    return {
        "id": tag.id,
        "code": tag.code,
        "name": tag.name,
        "place": tag.place_name,
        "unit": tag.unit,
        "decimals": tag.decimals,
        "limits": limits(tag),
        "value": tag.value,
        "ts": plot.ms(tag.ts) if tag.ts else None,
    }


def limits(tag: TagRow) -> list[dict[str, Any]]:
    named = ((Limit.HH, tag.limits.hh), (Limit.H, tag.limits.h), (Limit.L, tag.limits.l), (Limit.LL, tag.limits.ll))
    return [
        {"name": str(limit.label), "value": value, "upper": limit in (Limit.HH, Limit.H)}
        for limit, value in named
        if value is not None
    ]


def alarms(viewer: Viewer, tag_ids: Collection[int], at: Window) -> list[dict[str, Any]]:
    """The newest alarms of the stretch, with what people said about them."""
    rows = monitoring.alarms_of(viewer, tag_ids, at.start, at.end, MOST_ALARMS)
    notes = monitoring.notes_of(viewer, [row.alarm_id for row in rows if row.comments])
    return [{**span(row), "notes": [_note(note) for note in notes.get(row.alarm_id, ())]} for row in rows]


def span(row: AlarmRow) -> dict[str, Any]:
    """An alarm as a stretch of the time axis."""
    return {
        "id": row.alarm_id,
        "tag": row.tag_id,
        "raised": plot.ms(row.raised),
        "cleared": plot.ms(row.cleared) if row.cleared else None,
        "level": row.level,
        "name": str(Limit[row.limit].label),
        "value": row.value,
        "limit": row.limit_value,
        "by": row.acknowledged_by,
    }


def _note(note: monitoring.NoteLine) -> dict[str, Any]:
    return {"at": plot.ms(note.at), "by": note.by, "text": note.text}
