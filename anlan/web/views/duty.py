"""值班台: what must I do now."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.apps.core import selectors as core
from anlan.apps.ledger import selectors as ledger
from anlan.apps.monitoring import actions, selectors
from anlan.apps.monitoring.choices import AlarmState
from anlan.apps.monitoring.selectors import AlarmRow
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.rules.levels import ORDER
from anlan.rules.refusal import Refusal
from anlan.web.views.parts import is_part, layout, page

DONE = 15  # alarms listed as done when nothing waits


Option = tuple[str, str, int | None]  # value in the address, words, level


@dataclass(frozen=True)
class Chip:
    """One filter of the list: what it says, how many rows it would leave, and its address."""

    label: str
    count: int
    query: str
    chosen: bool
    level: int | None = None


@page
def duty_page(request: HttpRequest, viewer: Viewer, alarm_id: int | None = None) -> HttpResponse:
    queue = selectors.duty_queue(viewer)
    rows = [row for row in queue.rows if _wanted(row, request.GET)]
    chosen = alarm_id or (rows[0].alarm_id if rows else None)
    context = {
        **layout(request),
        "queue": queue,
        "rows": rows,
        "chips": _chips(queue.rows, request.GET),
        "filtered": bool(set(request.GET) & {"level", "state", "place"}),
        "query": request.GET.urlencode(),
        "chosen": chosen,
        "together": [row for row in rows if row.may_acknowledge and row.deadline],
        **_detail(viewer, chosen),
    }
    return render(request, "web/duty.html", context)


@page
def detail(request: HttpRequest, viewer: Viewer, alarm_id: int) -> HttpResponse:
    """What is known about one alarm, for the right side of the desk."""
    return render(request, "web/duty/detail.html", {"chosen": alarm_id, **_detail(viewer, alarm_id)})


def _detail(viewer: Viewer, alarm_id: int | None) -> dict[str, Any]:
    if alarm_id is None:
        return {"alarm": None, "done": selectors.alarms(viewer, None, [AlarmState.CLOSED], DONE)}
    alarm = selectors.alarm(viewer, alarm_id)
    place = core.place(viewer, alarm.row.place[-1].id or 0)
    return {
        "alarm": alarm,
        "explanation": ledger.explain(viewer, place.pk),
        "contacts": core.contacts(viewer, place),
        "may_comment": viewer.may("alarm.comment", place.path, place.sector),
    }


def _wanted(row: AlarmRow, query: QueryDict) -> bool:
    level, state, place = query.get("level"), query.get("state"), query.get("place")
    return (
        (not level or str(int(row.level)) == level)
        and (not state or row.state == state)
        and (not place or any(str(ref.id) == place for ref in row.place))
    )


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
    found = []
    for value, label, level in options:
        asked = query.copy()
        chosen = query.get(name) == value
        asked[name] = value
        count = sum(_wanted(row, asked) for row in rows)
        if chosen:
            del asked[name]
        if count or chosen:
            found.append(Chip(label, count, asked.urlencode(), chosen, level))
    return found


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
