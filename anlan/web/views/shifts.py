"""排班与交接: who has the desk this week, what was handed over, and the forms of those who write the roster."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import Any, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.apps.core.models import Place
from anlan.apps.incidents import actions, selectors
from anlan.apps.incidents.actions import NewShift
from anlan.apps.incidents.selectors import ShiftRow
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotAllowed, NotInScope, Refused
from anlan.kit.grants import Viewer
from anlan.kit.pages import shape
from anlan.rules.refusal import Refusal
from anlan.web.views.parts import Page, layout, page

P = ParamSpec("P")
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
PAST_SHOWN = 30


@dataclass(frozen=True)
class Day:
    """One day of the week with the shifts that begin in it."""

    day: date
    today: bool
    shifts: tuple[ShiftRow, ...]


@page
def shifts_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _shown(request, viewer, request.GET)


def spoken(view: Page[P]) -> Page[P]:
    """A view of a form: what a rule refuses is said on the page, with what was typed still there."""

    @wraps(view)
    def asked(request: HttpRequest, viewer: Viewer, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, viewer, *args, **kwargs)
        except NotAllowed:
            raise
        except Refused as refused:
            return _shown(request, viewer, request.POST, problem=refused.refusal)

    return asked


@require_POST
@page
@spoken
def add(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """One more shift on the roster; what was typed stays in the form when it is refused."""
    place_id, person_id = _number(request, "place"), _number(request, "person")
    since, until = _span(request.POST)
    actions.add_shifts(viewer, [NewShift(place_id, person_id, since, until)])
    messages.success(request, _("已排班。"))
    return _back(place_id, since)


@require_POST
@page
@spoken
def repeat(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Put the shifts of the week before on the roster of a week, as far as they do not stand there yet."""
    place = _desk(viewer, _number(request, "place"))
    start = _week(request.POST.get("week", ""))
    missing = _missing(viewer, place, start)
    if not missing:
        raise Refused(Refusal("shift.nothing_to_repeat", "没有可以照排的班次。", "上一周没有班次，或这一周已经排满。"))
    actions.add_shifts(viewer, missing)
    messages.success(request, _("已照上一周排了 {n} 个班次。").format(n=len(missing)))
    return _back(place.pk, start)


@require_POST
@page
@spoken
def edit(request: HttpRequest, viewer: Viewer, shift_id: int) -> HttpResponse:
    """Another person or other hours for a shift that has not begun."""
    since, until = _span(request.POST)
    shift = actions.edit_shift(viewer, shift_id, person_id=_number(request, "person"), since=since, until=until)
    messages.success(request, _("班次已改。"))
    return _back(shift.place_id, since)


@require_POST
@page
@spoken
def remove(request: HttpRequest, viewer: Viewer, shift_id: int) -> HttpResponse:
    actions.remove_shift(viewer, shift_id)
    messages.success(request, _("班次已删去。"))
    return redirect(_address(request.POST))


@require_POST
@page
@spoken
def take_over(request: HttpRequest, viewer: Viewer, shift_id: int) -> HttpResponse:
    """Begin one's shift with what was handed over."""
    shift = actions.take_over(viewer, shift_id, request.POST.get("note", ""))
    messages.success(request, _("已接班。"))
    return _back(shift.place_id, shift.since)


def _shown(request: HttpRequest, viewer: Viewer, query: QueryDict, problem: Refusal | None = None) -> HttpResponse:
    """The page, with what was typed and why it was refused."""
    desks = selectors.desks(viewer)
    chosen = query.get("place", "")
    place = next((desk for desk in desks if str(desk.pk) == chosen), None)
    if chosen.isdecimal() and place is None:
        raise NotInScope
    place = place or (desks[0] if desks else None)
    context: dict[str, Any] = {**layout(request), "desks": desks, "place": place, "typed": query}
    context["problem"] = shape(problem)["error"] if problem else None
    if place is not None:
        context |= _of(viewer, place, query)
    return render(request, "web/shifts.html", context, status=409 if problem else 200)


def _of(viewer: Viewer, place: Place, query: QueryDict) -> dict[str, Any]:
    start = _week(query.get("week", ""))
    rows = selectors.roster(viewer, place, start, start + WEEK)
    writes = selectors.may_roster(viewer, place)
    return {
        "days": _days(rows, start),
        "start": start,
        "end": start + WEEK - DAY,
        "week": f"{timezone.localtime(start):%Y-%m-%d}",
        "before": f"{timezone.localtime(start - WEEK):%Y-%m-%d}",
        "after": f"{timezone.localtime(start + WEEK):%Y-%m-%d}",
        "this_week": start == _week(""),
        "writes": writes,
        "people": selectors.candidates(viewer, place) if writes else [],
        "current": selectors.current_shift(viewer, place),
        "handovers": selectors.handovers(viewer, place, limit=PAST_SHOWN),
        "past_shown": PAST_SHOWN,
    }


def _days(rows: list[ShiftRow], start: datetime) -> list[Day]:
    today = clock.today()
    found = []
    for number in range(7):
        day = clock.day_of(start + number * DAY)
        own = tuple(row for row in rows if clock.day_of(max(row.since, start)) == day)
        found.append(Day(day, day == today, own))
    return found


def _missing(viewer: Viewer, place: Place, start: datetime) -> list[NewShift]:
    """Last week's shifts a week later, where nobody stands yet and the time is not over."""
    there = selectors.roster(viewer, place, start, start + WEEK)
    now = clock.now()
    moved = [
        NewShift(place.pk, row.person_id, row.since + WEEK, row.until + WEEK)
        for row in selectors.roster(viewer, place, start - WEEK, start)
        if row.since >= start - WEEK
    ]
    free = (one for one in moved if not any(row.since < one.until and one.since < row.until for row in there))
    return [one for one in free if one.until > now]


def _week(text: str) -> datetime:
    """The Monday, at midnight here, of the week that a date lies in; of this week without one."""
    today = clock.today()
    try:
        day = date.fromisoformat(text) if text else today
        monday = day - timedelta(days=day.weekday())
        return timezone.make_aware(datetime.combine(monday, time()))
    except (ValueError, OverflowError):
        raise BadInput(
            Refusal("shift.bad_week", "看不懂日期“{text}”。", "请写成 2026-11-21 这样。", {"text": text[:20]})
        ) from None


def _span(form: QueryDict) -> tuple[datetime, datetime]:
    """A day and two times of it; an end that is not later lies in the next day."""
    try:
        day = date.fromisoformat(form.get("day", ""))
        begin, end = (time.fromisoformat(form.get(name, "")) for name in ("since", "until"))
        since = timezone.make_aware(datetime.combine(day, begin))
        until = timezone.make_aware(datetime.combine(day + (DAY if end <= begin else timedelta()), end))
    except (ValueError, OverflowError):
        raise BadInput(Refusal("shift.bad_time", "日期或时间没有填全。", "请填日期、开始和结束时间。")) from None
    return since, until


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isdecimal() or len(text) > 18:
        raise BadInput(Refusal("shift.not_chosen", "没有选择值班人员或地点。", "请先选择。"))
    return int(text)


def _desk(viewer: Viewer, place_id: int) -> Place:
    found = next((desk for desk in selectors.desks(viewer) if desk.pk == place_id), None)
    if found is None:
        raise NotInScope
    return found


def _back(place_id: int, at: datetime) -> HttpResponse:
    return redirect(f"{reverse('web:shifts')}?place={place_id}&week={timezone.localtime(at):%Y-%m-%d}")


def _address(form: QueryDict) -> str:
    kept = QueryDict(mutable=True)
    kept.update({name: form.get(name, "")[:20] for name in ("place", "week") if form.get(name)})
    return f"{reverse('web:shifts')}?{kept.urlencode()}"
