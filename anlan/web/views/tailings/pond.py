"""One pond: is it safe tonight. And the short forms of those who look after it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_POST

from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.enterprises import selectors as enterprises
from anlan.apps.tailings import actions, selectors
from anlan.apps.tailings.actions import TestSpec
from anlan.apps.tailings.choices import Outcome, Way
from anlan.apps.tailings.models import Pond
from anlan.apps.tailings.selectors import Below, Measured, Outlook
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotAllowed, Refused
from anlan.kit.grants import Viewer
from anlan.kit.tailings.study import Result
from anlan.packs.families import tailings_ponds as pack
from anlan.rules.levels import Level
from anlan.rules.refusal import Refusal
from anlan.rules.tailings import Judgement, Part
from anlan.web import basemap
from anlan.web.views.parts import page
from anlan.web.views.tailings import words

MOST_MET = 40
COLOURS = {0: None, 1: Level.LOW, 2: Level.GENERAL, 3: Level.SERIOUS, 4: Level.MAJOR}
SIGNS = {1: noop("蓝"), 2: noop("黄"), 3: noop("橙"), 4: noop("红")}


@dataclass(frozen=True)
class Line:
    """An item as the table shows it: ``level`` of its warning, ``seen`` whether the viewer may open its tag."""

    one: Measured
    level: Level | None
    seen: bool

    @property
    def ladder(self) -> list[tuple[str, str]]:
        """The limits from the mildest, each by the character of its colour."""
        return [(_(SIGNS[rank]), f"{value:g}") for rank, value in sorted(self.one.limits.items())]

    @property
    def value(self) -> float | None:
        return self.one.value


@page
def pond_page(request: HttpRequest, viewer: Viewer, pond_id: int) -> HttpResponse:
    return _shown(request, viewer, selectors.pond(viewer, pond_id))


@require_POST
@page
def inspect(request: HttpRequest, viewer: Viewer, pond_id: int) -> HttpResponse:
    """What was seen at the pond."""
    return _acted(request, viewer, pond_id, lambda: _inspect(request, viewer, pond_id), _("巡查已登记。"))


@require_POST
@page
def test(request: HttpRequest, viewer: Viewer, pond_id: int) -> HttpResponse:
    """A test of a drain."""
    return _acted(request, viewer, pond_id, lambda: _test(request, viewer, pond_id), _("检测已登记。"))


@require_POST
@page
def step(request: HttpRequest, viewer: Viewer, pond_id: int) -> HttpResponse:
    """A step of closing that is done."""
    return _acted(request, viewer, pond_id, lambda: _step(request, viewer, pond_id), _("闭库步骤已登记。"))


def _inspect(request: HttpRequest, viewer: Viewer, pond_id: int) -> None:
    actions.add_inspection(viewer, pond_id, request.POST.getlist("seen"), request.POST.get("note", ""))


def _test(request: HttpRequest, viewer: Viewer, pond_id: int) -> None:
    said = request.POST
    spec = TestSpec(
        drain=said.get("drain", ""), on=_day(request, "on"), way=said.get("way", ""), outcome=said.get("outcome", ""),
        flow=_number(request, "flow"), note=said.get("note", ""),
    )  # fmt: skip
    actions.add_test(viewer, pond_id, spec)


def _step(request: HttpRequest, viewer: Viewer, pond_id: int) -> None:
    said = request.POST
    actions.add_step(viewer, pond_id, said.get("step", ""), _day(request, "on"), said.get("note", ""))


def _acted(request: HttpRequest, viewer: Viewer, pond_id: int, act: Any, done: str) -> HttpResponse:
    """Do it and go back; what a rule refuses is said on the page, with what was typed still there."""
    try:
        act()
    except NotAllowed:
        raise
    except Refused as refused:
        return _shown(request, viewer, selectors.pond(viewer, pond_id), refused.refusal)
    messages.success(request, done)
    return redirect("web:pond", pond_id)


def _day(request: HttpRequest, name: str) -> Any:
    text = request.POST.get(name, "")
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise BadInput(Refusal("pond.no_day", "日期“{text}”看不懂。", "请填年-月-日。", {"text": text[:20]}))
    return day


def _number(request: HttpRequest, name: str) -> float | None:
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if value != value:
        raise BadInput(Refusal("pond.no_number", "“{text}”不是数。", "请填数字，或留空。", {"text": text[:20]}))
    return value


def _shown(request: HttpRequest, viewer: Viewer, pond: Pond, problem: Refusal | None = None) -> HttpResponse:
    now = selectors.tonight(viewer, pond)
    verdict, readings, at, outlook = now.verdict, now.readings, now.level, now.outlook
    below = selectors.below(viewer, pond)
    editable = viewer.may("pond.edit", pond.place.path, pond.place.sector)
    tables = pack.load(clock.today())
    context: dict[str, Any] = {
        "pond": pond,
        "path": [*core.ancestors(viewer, pond.place), pond.place],
        "grade": selectors.grade_of(pond),
        "verdict": verdict,
        "parts": [
            (part, words.said(part, readings=readings)) for part in (_worst_first(verdict.judgement) if verdict else [])
        ],
        "condition": words.condition(verdict.condition if verdict else ""),
        "duty": tables.classes[verdict.condition].duty if verdict and verdict.condition else "",
        "lines": [Line(one, _colour(one), one.worst is not None) for one in now.found],
        "level": at,
        "basis": _("按现在的水位") if at else _("没有水位读数，按运行控制水位"),
        "narrowed": _narrowed(pond),
        "outlook": outlook,
        "headroom": outlook.limit - outlook.start if outlook else None,
        "close": verdict.close if verdict else None,
        "safe": now.safe,
        "period": selectors.period_of(pond),
        "demands": selectors.demands_of(pond),
        "below": below,
        "met": below.met[:MOST_MET],
        "more_met": max(len(below.met) - MOST_MET, 0),
        "overhead": tables.overhead_m,
        "may_edit": editable,
        "tests": selectors.tests(viewer, pond)[:12],
        "newest": _newest(pond),
        "inspections": selectors.inspections(pond)[:6],
        "judgings": _past(pond, readings=readings),
        "closing": selectors.closing(pond),
        "states": tables.seen("seen"),
        "ways": Way.choices,
        "outcomes": Outcome.choices,
        "drain_words": words.DRAINS,
        "today": clock.today().isoformat(),
        "typed": request.POST,
        "typed_seen": request.POST.getlist("seen"),
        "problem": problem,
        "config": _config(pond, below, outlook, at),
    }
    return render(request, "web/tailings/pond.html", context, status=422 if problem else 200)


def _colour(one: Measured) -> Level | None:
    return COLOURS[one.warning] if one.warning is not None else None


def _narrowed(pond: Pond) -> list[tuple[str, float]]:
    """Drains that count for less than all, with what is left of them [%]."""
    return [(name, 100 * share) for name, share in selectors.shares(pond).items() if share < 1]


def _past(pond: Pond, *, readings: bool) -> list[tuple[Any, str, list[dict[str, Any]]]]:
    """How the judgement changed: row, class, the part that decided; what changed beside it is no line of its own."""
    told = [
        (one, words.condition(one.condition), words.kept(one, readings=readings)[:1])
        for one in selectors.judgings(pond)[:40]
    ]
    marks = [(one.level, one.condition, [each["text"] for each in part]) for one, _name, part in told]
    return [each for each, mark, before in zip(told, marks, [*marks[1:], None], strict=False) if mark != before][:10]


def _worst_first(judgement: Judgement) -> list[Part]:
    """What counts from the worst; why the whole is one level above it comes right after the worst."""
    lifting = [part for part in judgement.parts if part.level is None]
    others = [part for part in judgement.parts if part.level is not None]
    return [*others[:1], *lifting, *others[1:]]


def _newest(pond: Pond) -> list[tuple[dict[str, Any], Any, bool]]:
    """Each drain with its last test and whether the next is overdue."""
    tests, today = selectors.newest_tests(pond), clock.today()
    return [
        (drain, test, test is not None and test.next_due < today)
        for drain in pond.drains
        for test in [tests.get(str(drain["name"]))]
    ]


def _config(pond: Pond, below: Below, outlook: Outlook | None, at: Any) -> dict[str, Any]:
    spot = pond.path[0] if pond.path else enterprises.middle(pond.place)
    begins = at[1] if at and at[1] else clock.now()
    courses = [] if outlook is None else [_course(result, begins) for result in outlook.floods]
    return {
        "base": {"url": basemap.url(), "around": basemap.around(), "terrain": basemap.terrain()},
        "spot": spot,
        "drawing": _drawing(below, pond),
        "courses": courses,
        "lines": level_lines(pond),
        "place": reverse("web:place", args=[0]),
    }


def _course(result: Result, begins: Any) -> dict[str, Any]:
    if result.period is not None:
        name = _("设计洪水 {n} 年一遇").format(n=round(result.period))
    else:
        name = _("24 小时 {n} mm").format(n=round(result.h24))
    return {"name": name, **selectors.course(result, None, 3)}


def level_lines(pond: Pond) -> list[dict[str, Any]]:
    """The levels that a chart draws as named lines."""
    demands = selectors.demands_of(pond)
    told = [(_("坝顶"), pond.crest), (_("允许最高"), demands.limit), (_("汛限水位"), pond.flood_limit_level)]
    return [{"name": name, "value": round(value, 2)} for name, value in told if value is not None]


#: Stretches of the valley from the farthest: the step of their line on the map, and what is written on it.
STEPS = {
    "tenth": (4, noop("一成同类溃坝到此")),
    "half": (2, noop("一半同类溃坝到此")),
    "close": (1, noop("坝下 1 公里")),
}


def _drawing(below: Below, pond: Pond) -> dict[str, Any]:
    """The valley, the places in it and the path, for the map."""
    zones = [
        {
            "type": "Feature",
            "geometry": one.shape,
            "properties": {"step": step, "words": _(said), "order": row, "reach": one.metres},
        }
        for row, one in enumerate(below.stretches)
        for step, said in [STEPS[one.kind]]
    ]
    sites = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [(p.west + p.east) / 2, (p.south + p.north) / 2]},
            "properties": {"id": p.pk, "name": p.name, "public": p.kind != PlaceKind.ENTERPRISE},
        }
        for one in below.met[:200]
        for p in [one.place]
        if p.west is not None and p.east is not None and p.south is not None and p.north is not None
    ]
    empty: dict[str, Any] = {"type": "FeatureCollection", "features": []}
    return {
        "effect": "valley",
        "zones": empty | {"features": zones},
        "beside": empty,
        "sites": empty | {"features": sites},
        "knock": empty,
        "wind": None,
        "spot": None,
        "line": list(pond.path),
    }
