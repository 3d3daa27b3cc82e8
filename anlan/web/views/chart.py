"""曲线: what did some tags do, side by side, over any stretch of time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.apps.monitoring import selectors as monitoring
from anlan.apps.monitoring.selectors import TagRow
from anlan.kit import clock, sheets
from anlan.kit.grants import Viewer
from anlan.kit.sheets import Sheet, SheetColumn
from anlan.web import curves, finding
from anlan.web import series as plot
from anlan.web.atlas.look import look
from anlan.web.atlas.question import Question
from anlan.web.views.parts import page, whole_number

POINTS = 500
MOST_POINTS = 2_000
EXPORTED = 5_000  # rows of a file: a year in steps of under two hours
OFFERED = 12  # tags offered while somebody types


@page
def chart_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    tags = curves.tags(viewer, request)
    context = {
        "desk": desk(request, tags),
        "tags": tags,
        "suggested": _suggested(viewer, tags),
        "hidden": len(curves.chosen(request)) - len(tags),
    }
    return render(request, "web/chart.html", context)


def desk(request: HttpRequest, tags: list[TagRow]) -> dict[str, Any]:
    """What the script of a chart must know."""
    at = curves.window(request)
    compare = request.GET.get("compare", "")
    return {
        "tags": [curves.about(tag) for tag in tags],
        "minutes": at.minutes,
        "start": plot.ms(at.start),
        "end": plot.ms(at.end),
        "compare": compare if compare in curves.COMPARED else "",
        "lanes": "tag" if request.GET.get("lanes") == "tag" else "unit",
        "spans": [{"minutes": minutes, "words": _(words)} for minutes, words in curves.SPANS],
        "most": curves.MOST_TAGS,
        "urls": {
            "page": reverse("web:chart"),
            "series": reverse("web:chart_series"),
            "tags": reverse("web:chart_tags"),
            "export": reverse("web:chart_export"),
            "alarm": reverse("web:alarm", args=[0]),
            "tag": reverse("web:tag", args=[0]),
        },
    }


def _suggested(viewer: Viewer, tags: list[TagRow]) -> list[TagRow]:
    """For an empty page: the tags that are in alarm now."""
    if tags:
        return []
    ids = [row.tag_id for row in monitoring.alarms(viewer, limit=4 * curves.MOST_TAGS)]
    return monitoring.tags(viewer, ids)[: curves.MOST_TAGS]


@page
def series(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    tags = curves.tags(viewer, request)
    points = whole_number(request, "points", POINTS, range(50, MOST_POINTS + 1))
    return JsonResponse(curves.curves(viewer, tags, curves.window(request), points, request.GET.get("compare", "")))


@page
def offered(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Tags that fit what somebody types, to be added to the chart."""
    text = request.GET.get("q", "").strip()[:80]
    rows = finding.tags(look(viewer, Question()), viewer, text, OFFERED) if text else []
    return JsonResponse({"tags": [curves.about(row) for row in rows]})


@page
def export(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    tags = curves.tags(viewer, request)
    at = curves.window(request)
    columns = [SheetColumn(_("时间"), 20), *(column for tag in tags for column in _columns(tag))]
    rows = _rows(viewer, tags, at)
    if request.GET.get("kind") == "csv":
        return _file(sheets.csv_text([column.title for column in columns], rows), "text/csv; charset=utf-8", "csv")
    book = [Sheet(_("曲线"), columns, rows), Sheet(_("报警"), _alarm_columns(), _alarm_rows(viewer, tags, at))]
    return _file(sheets.xlsx(book), sheets.XLSX, "xlsx")


def _columns(tag: TagRow) -> list[SheetColumn]:
    name = f"{tag.place_name} {tag.name}" + (f" [{tag.unit}]" if tag.unit else "")
    return [SheetColumn(f"{name} {words}", 18) for words in (_("平均"), _("最低"), _("最高"))]


def _rows(viewer: Viewer, tags: list[TagRow], at: curves.Window) -> Iterator[list[sheets.writing.Value]]:
    """One row for each step in which any of the tags was read."""
    start, end = plot.ms(at.start), plot.ms(at.end)
    width = max(1000, -(-(end - start) // EXPORTED))
    found = monitoring.tags_history(viewer, [tag.id for tag in tags], at.start, at.end, EXPORTED)
    table: dict[int, dict[int, tuple[float | None, ...]]] = {}
    for tag_id, one in found.items():
        told = plot.columns(one)
        for ts, *values in zip(told["ts"], told["mean"], told["low"], told["high"], strict=True):
            table.setdefault((ts - start) // width, {})[tag_id] = tuple(values)
    for step in sorted(table):
        row: list[sheets.writing.Value] = [datetime.fromtimestamp((start + step * width) / 1000, UTC)]
        for tag in tags:
            row += table[step].get(tag.id, (None, None, None))
        yield row


def _alarm_columns() -> list[SheetColumn]:
    titles = (_("发生"), _("恢复"), _("监测点"), _("限值"), _("读数"), _("限值大小"), _("确认人"), _("备注"))
    return [SheetColumn(title, 18) for title in titles]


def _alarm_rows(viewer: Viewer, tags: list[TagRow], at: curves.Window) -> Iterator[list[sheets.writing.Value]]:
    names = {tag.id: f"{tag.place_name} {tag.name}" for tag in tags}
    for alarm in curves.alarms(viewer, list(names), at):
        ends = datetime.fromtimestamp(alarm["cleared"] / 1000, UTC) if alarm["cleared"] else None
        said = "；".join(f"{note['by']}：{note['text']}" for note in alarm["notes"])
        raised = datetime.fromtimestamp(alarm["raised"] / 1000, UTC)
        told = (alarm["name"], alarm["value"], alarm["limit"], alarm["by"], said)
        yield [raised, ends, names[alarm["tag"]], *told]


def _file(content: Iterator[bytes], kind: str, suffix: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(content, content_type=kind)
    name = f"{_('曲线')}-{timezone.localtime(clock.now()):%Y%m%d-%H%M}.{suffix}"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer
