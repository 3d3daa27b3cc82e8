"""值班台: what must I do now."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.apps.core import selectors as core
from anlan.apps.incidents import selectors as incidents
from anlan.apps.ledger import selectors as ledger
from anlan.apps.monitoring import actions, selectors
from anlan.apps.monitoring.choices import AlarmState, Limit
from anlan.apps.monitoring.selectors import AlarmRow
from anlan.kit import clock, sheets
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.packs.families import levels
from anlan.rules.levels import ORDER, Level
from anlan.rules.refusal import Refusal
from anlan.web.views.parts import is_part, layout, page, whole_number

MOST_CHIPS = 24  # offered of one filter, those that stand for most
DONE = 15  # alarms listed as done when nothing waits
ROWS = 100  # of the list that stand on the page at first, and that come with each "more"
FLOOD = 12  # alarms of one enterprise that are listed before the others of it become one line


Option = tuple[str, str, int | None]  # value in the address, words, level


@dataclass(frozen=True)
class Chip:
    """One filter of the list: what it says, how many rows it would leave, and its address."""

    label: str
    count: int
    query: str
    chosen: bool
    level: int | None = None


@dataclass(frozen=True)
class Flood:
    """The further alarms of an enterprise that has more than a list should hold, as one line."""

    place_id: int
    name: str
    count: int
    level: Level
    query: str


@page
def duty_page(request: HttpRequest, viewer: Viewer, alarm_id: int | None = None) -> HttpResponse:
    if alarm_id and is_part(request) and request.headers.get("HX-Target") == "duty-detail":
        return _detail_alone(request, viewer, alarm_id)
    queue = selectors.duty_queue(viewer)
    rows = _wanted(queue.rows, request.GET)
    kept, floods = _folded(rows, request.GET, alarm_id)
    most = whole_number(request, "rows", ROWS, range(ROWS, selectors.LONGEST_LIST + 1))
    shown = [row for at, row in enumerate(kept) if at < most or row.alarm_id == alarm_id]
    together = [row.alarm_id for row in rows if row.may_acknowledge and row.deadline]
    chosen = alarm_id or (shown[0].alarm_id if shown else None)
    context = {
        **layout(request),
        "queue": queue,
        "rows": shown,
        "floods": floods,
        "further": len(kept) - len(shown),
        "more": _more(request.GET, most),
        "shifts": _shifts(viewer),
        "red": sum(row.level == Level.MAJOR and bool(row.deadline) for row in queue.rows),
        "chips": _chips(queue.rows, request.GET),
        "filtered": bool(set(request.GET) & {"level", "state", "place"}),
        "query": request.GET.urlencode(),
        "chosen": chosen,
        "together": together,
        "together_ids": ",".join(map(str, together)),
        **_detail(viewer, chosen),
    }
    return render(request, "web/duty.html", context)


def _detail_alone(request: HttpRequest, viewer: Viewer, alarm_id: int) -> HttpResponse:
    """What is known about one alarm, for the right side of a desk that is open already."""
    return render(request, "web/duty/alone.html", {"chosen": alarm_id, **_detail(viewer, alarm_id)})


def _more(query: QueryDict, most: int) -> str:
    """The address of the same list with more rows."""
    asked = query.copy()
    asked["rows"] = str(most + ROWS)
    return asked.urlencode()


def _folded(rows: Sequence[AlarmRow], query: QueryDict, chosen: int | None) -> tuple[Sequence[AlarmRow], list[Flood]]:
    """The list without what would drown it: of each enterprise the most urgent, the rest as one line each."""
    if query.get("place"):
        return rows, []
    kept: list[AlarmRow] = []
    counts: dict[int | None, int] = {}
    rest: dict[int | None, list[AlarmRow]] = {}
    names: dict[int | None, str] = {}
    for row in rows:
        plant = next((ref for ref in row.place if ref.kind == "enterprise"), row.place[-1])
        counts[plant.id], names[plant.id] = counts.get(plant.id, 0) + 1, plant.name
        if counts[plant.id] <= FLOOD or row.alarm_id == chosen:
            kept.append(row)
        else:
            rest.setdefault(plant.id, []).append(row)
    return kept, [_flood(plant, names[plant], group, query) for plant, group in rest.items() if plant is not None]


def _flood(plant: int, name: str, group: list[AlarmRow], query: QueryDict) -> Flood:
    asked = query.copy()
    asked["place"] = str(plant)
    return Flood(plant, name, len(group), max((row.level for row in group), key=ORDER.index), asked.urlencode())


def _shifts(viewer: Viewer) -> list[incidents.Current]:
    """Whose desk it is, at each place with a roster that the viewer may read."""
    found = (incidents.current_shift(viewer, place) for place in incidents.desks(viewer)[:3])
    return [one for one in found if one is not None]


@page
def export(request: HttpRequest, viewer: Viewer) -> StreamingHttpResponse:
    """The list as it is filtered, as an Excel file."""
    rows = _wanted(selectors.duty_queue(viewer).rows, request.GET)
    titles = (_("等级"), _("地点"), _("监测点"), _("限值"), _("读数"), _("单位"), _("发生"), _("恢复"), _("确认时限"),
              _("状态"), _("确认人"))  # fmt: skip
    columns = [sheets.SheetColumn(title, 18) for title in titles]
    book = sheets.xlsx([sheets.Sheet(_("值班台"), columns, [_exported(row) for row in rows])])
    answer = StreamingHttpResponse(book, content_type=sheets.XLSX)
    name = f"{_('值班台')}-{timezone.localtime(clock.now()):%Y%m%d-%H%M}.xlsx"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _exported(row: AlarmRow) -> list[sheets.writing.Value]:
    word = levels.word_of("core/levels/risk", row.level, clock.today()).text
    place = " › ".join(ref.name for ref in row.place)
    told: list[sheets.writing.Value] = [_(word), place, row.tag_name, str(Limit[row.limit].label), row.value, row.unit]
    return [*told, row.raised, row.cleared, row.deadline, str(AlarmState(row.state).label), row.acknowledged_by]


def _detail(viewer: Viewer, alarm_id: int | None) -> dict[str, Any]:
    if alarm_id is None:
        return {"alarm": None, "done": selectors.alarms(viewer, None, [AlarmState.CLOSED], DONE)}
    alarm = selectors.alarm(viewer, alarm_id)
    place = core.place(viewer, alarm.row.place[-1].id or 0)
    return {
        "alarm": alarm,
        "place": place,
        "explanation": ledger.explain(viewer, place),
        "contacts": core.contacts(viewer, place),
        "may_comment": viewer.may("alarm.comment", place.path, place.sector),
        "may_try": viewer.may("scenario.view", place.path, place.sector),
    }


def _wanted(rows: Sequence[AlarmRow], query: QueryDict, but: str = "") -> Sequence[AlarmRow]:
    """The rows that fit the filters, ``but`` one of them."""
    level, state, place = ("" if name == but else query.get(name) for name in ("level", "state", "place"))
    if level:
        rows = [row for row in rows if str(int(row.level)) == level]
    if state:
        rows = [row for row in rows if row.state == state]
    return [row for row in rows if any(str(ref.id) == place for ref in row.place)] if place else rows


def _chips(rows: tuple[AlarmRow, ...], query: QueryDict) -> list[list[Chip]]:
    """Groups of filters; each keeps the others, so that they narrow together."""
    levels: list[Option] = [(str(int(level)), "", int(level)) for level in reversed(ORDER)]
    states: list[Option] = [(state.value, str(state.label), None) for state in AlarmState if state != AlarmState.CLOSED]
    plants = {ref.id: ref.name for row in rows for ref in row.place if ref.kind == "enterprise"}
    places: list[Option] = [
        (str(place_id), name, None) for place_id, name in sorted(plants.items(), key=lambda item: item[1])
    ]
    groups = (("level", levels), ("state", states), ("place", places if len(places) > 1 else []))
    return [chips for name, options in groups if (chips := _group(rows, query, name, options))]


def _group(rows: tuple[AlarmRow, ...], query: QueryDict, name: str, options: list[Option]) -> list[Chip]:
    others = {key: texts for key, texts in query.lists() if key != name}
    counts = Counter(value for row in _wanted(rows, query, but=name) for value in _values(row, name))
    offered = {value for value, _n in counts.most_common(MOST_CHIPS)} | {query.get(name)}
    found = []
    for value, label, level in options:
        chosen = query.get(name) == value
        if value in offered and (counts[value] or chosen):
            asked = urlencode(others if chosen else others | {name: [value]}, doseq=True)
            found.append(Chip(label, counts[value], asked, chosen, level))
    return found


def _values(row: AlarmRow, name: str) -> list[str]:
    """What a row is asked for by a filter: its level, its state, or every place that it lies in."""
    if name == "place":
        return [str(ref.id) for ref in row.place if ref.kind == "enterprise"]
    return [str(int(row.level))] if name == "level" else [row.state]


@require_POST
@page
def acknowledge(request: HttpRequest, viewer: Viewer, alarm_id: int) -> HttpResponse:
    actions.acknowledge(viewer, alarm_id, request.POST.get("text", ""))
    return _done(request, alarm_id, _("报警已确认。"))


@require_POST
@page
def acknowledge_all(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The rows that stood in the list when its button was pressed (``alarms``: their numbers, with commas)."""
    given = [number for number in request.POST.get("alarms", "").split(",") if number]
    if not all(number.isdecimal() and len(number) < 19 for number in given):
        raise BadInput(Refusal("alarm.bad_number", _("报警编号无法识别。"), _("请刷新后再试。")))
    alarms = actions.acknowledge_all(viewer, [int(number) for number in given], request.POST.get("text", ""))
    return _done(request, alarms[0].pk, _("报警已确认。"))


@require_POST
@page
def comment(request: HttpRequest, viewer: Viewer, alarm_id: int) -> HttpResponse:
    actions.comment(viewer, alarm_id, request.POST.get("text", ""))
    return _done(request, alarm_id, _("备注已记下。"))


def _done(request: HttpRequest, alarm_id: int, text: str) -> HttpResponse:
    """A script needs no new page: the live stream tells it, and everybody else, what has changed."""
    if is_part(request):
        return HttpResponse(status=204)
    messages.success(request, text)
    return redirect("web:alarm", alarm_id)
