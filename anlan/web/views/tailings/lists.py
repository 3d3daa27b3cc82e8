"""Lists: ponds, tests of their drains, ponds to be closed."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.tailings import selectors
from anlan.apps.tailings.choices import OVER, Method, Outcome, PondState, Way
from anlan.apps.tailings.models import DrainTest, Pond
from anlan.apps.tailings.selectors import ClosingRow
from anlan.kit import clock, listing
from anlan.kit.errors import NotAllowed
from anlan.kit.grants import Viewer
from anlan.kit.listing import Choice, Column, Dates, Empty, Listing, Option, Text, cells
from anlan.packs.families import tailings_ponds as pack
from anlan.web.views.parts import list_page, page, whole_number
from anlan.web.views.tailings import words


@page
def ponds_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    _ask(viewer)
    under = whole_number(request, "under", 0, range(2**31))
    place = core.place(viewer, under) if under else None
    may = place is not None and viewer.may("pond.edit", place.path, place.sector)
    context = {"under": place, "may_edit": may, "tab": "ponds"}
    return list_page(request, viewer, PONDS, selectors.ponds(viewer, place), "web/tailings/list.html", **context)


@page
def tests_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    _ask(viewer)
    return list_page(request, viewer, TESTS, selectors.tests(viewer), "web/tailings/list.html", tab="tests")


@page
def closing_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    _ask(viewer)
    return list_page(request, viewer, CLOSING, selectors.closings(viewer), "web/tailings/list.html", tab="closing")


def _ask(viewer: Viewer) -> None:
    if not viewer.may_anywhere("pond.view"):
        raise NotAllowed("pond.view")


def pond_link(pond: Pond) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("web:pond", args=[pond.pk]), pond.name)


def _grade(pond: Pond) -> str:
    return selectors.grade_of(pond).name


def _geometry(pond: Pond) -> dict[str, object] | None:
    place: Place = pond.place
    return place.geometry or ({"type": "Point", "coordinates": pond.path[0]} if pond.path else None)


def _of_levels(rows: Sequence[Pond], asked: Sequence[str]) -> Sequence[Pond]:
    return rows.filter(judged_level__in=[int(one) for one in asked]).exclude(state__in=OVER)  # type: ignore[attr-defined,no-any-return]  # a query set


CONDITIONS = [Option("critical", lazy("危库")), Option("unsafe", lazy("险库")), Option("defective", lazy("病库")),
              Option("normal", lazy("正常库"))]  # fmt: skip

PONDS = Listing(
    name="ponds",
    title=lazy("尾矿库"),
    columns=(
        Column("name", lazy("尾矿库"), lambda one: one.name, pond_link, sort="name"),
        Column("level", lazy("等级"), lambda one: one.judged_level, words.level, sort="judged_level", width=8),
        Column("condition", lazy("安全度"), lambda one: words.condition(one.condition), sort="condition"),
        Column("grade", lazy("等别"), _grade),
        Column("state", lazy("状态"), lambda one: one.get_state_display(), sort="state"),
        Column("place", lazy("场所"), lambda one: one.place.name, sort="place__path"),
        Column("height", lazy("坝高"), lambda one: one.height, sort="height", number=True, unit="m"),
        Column("volume", lazy("全库容"), lambda one: round(one.volume / words.WAN, 1), sort="volume", number=True,
               unit="万m³"),
        Column("people", lazy("下游一公里人数"), lambda one: one.people_below, sort="people_below", number=True),
        Column("method", lazy("筑坝方式"), lambda one: one.get_method_display(), sort="method", shown=False),
        Column("crest", lazy("坝顶标高"), lambda one: one.crest, number=True, unit="m", shown=False),
        Column("last", lazy("最后排尾"), lambda one: one.last_deposit, sort="last_deposit", shown=False),
        Column("judged", lazy("上次变化"), lambda one: one.judged, lambda one: cells.ago(one.judged), sort="judged"),
    ),
    filters=(
        Text(lazy("尾矿库、场所"), ("name__icontains", "place__name__icontains")),
        Choice("level", lazy("等级"), listing.levels(), apply=_of_levels, inline=True),
        Choice("condition", lazy("安全度"), CONDITIONS, "condition"),
        Choice("state", lazy("状态"), [Option(one.value, one.label) for one in PondState], "state"),
        Choice("method", lazy("筑坝方式"), [Option(one.value, one.label) for one in Method], "method"),
    ),
    sort="-level",
    empty=Empty(lazy("还没有登记尾矿库"), lazy("打开企业或它的库区，选“登记尾矿库”，写下坝高、库容和排洪设施。")),
    geometry=_geometry,
)  # fmt: skip


def _due(row: DrainTest) -> SafeString | str:
    today = clock.today()
    text = row.next_due.isoformat()
    return format_html("<strong>{} {}</strong>", text, _("已逾期")) if row.next_due < today else text


def _overdue(rows: Sequence[DrainTest], asked: Sequence[str]) -> Sequence[DrainTest]:
    today = clock.today()
    look = "next_due__lt" if asked[0] == "late" else "next_due__gte"
    return rows.filter(**{look: today})  # type: ignore[attr-defined,no-any-return]  # a query set


TESTS = Listing(
    name="pond_tests",
    title=lazy("排洪设施检测"),
    columns=(
        Column("drain", lazy("排洪设施"), lambda row: row.drain, sort="drain"),
        Column("pond", lazy("尾矿库"), lambda row: row.pond.name, lambda row: pond_link(row.pond), sort="pond__name"),
        Column("on", lazy("检测日期"), lambda row: row.on, sort="on"),
        Column("way", lazy("方法"), lambda row: row.get_way_display(), sort="way"),
        Column("flow", lazy("实测流量"), lambda row: row.flow, sort="flow", number=True, unit="m³/s"),
        Column("outcome", lazy("结果"), lambda row: row.get_outcome_display(), sort="outcome"),
        Column("due", lazy("下次检测"), lambda row: row.next_due, _due, sort="next_due"),
        Column("by", lazy("登记人"), lambda row: row.by.name if row.by else "", shown=False),
        Column("note", lazy("备注"), lambda row: row.note, width=40),
    ),
    filters=(
        Text(lazy("设施、尾矿库"), ("drain__icontains", "pond__name__icontains")),
        Choice("outcome", lazy("结果"), [Option(one.value, one.label) for one in Outcome], "outcome"),
        Choice("way", lazy("方法"), [Option(one.value, one.label) for one in Way], "way"),
        Choice("due", lazy("下次检测"), [Option("late", lazy("已逾期")), Option("good", lazy("未到期"))],
               apply=_overdue, many=False),
        Dates("on", lazy("检测日期"), "on"),
    ),
    sort="-on",
    empty=Empty(lazy("还没有检测记录"), lazy("在尾矿库页面的“排洪设施”里登记每次检测。")),
)  # fmt: skip


def _must(row: ClosingRow) -> str:
    if row.pond.state in OVER:
        return str(row.pond.get_state_display())
    if row.due.late:
        return _("逾期未闭库")
    if row.due.must:
        return _("应当闭库")
    return str(row.pond.get_state_display())


def _must_html(row: ClosingRow) -> SafeString:
    tables = pack.load(clock.today())
    if not row.due.must:
        return format_html("{}", _must(row))
    rank = tables.late_level if row.due.late else tables.closing_level
    return format_html("{} {}", cells.level(rank), _must(row))


def _done(row: ClosingRow) -> str:
    return "；".join(f"{name} {on:%Y-%m-%d}" for name, on in row.done)


def _closing_text(rows: Sequence[ClosingRow], text: str) -> Sequence[ClosingRow]:
    wanted = text.lower().split()
    told = ((row, f"{row.pond.name} {row.pond.place.name}".lower()) for row in rows)
    return [row for row, name in told if all(word in name for word in wanted)]


def _closing_states(rows: Sequence[ClosingRow], asked: Sequence[str]) -> Sequence[ClosingRow]:
    return [
        row
        for row in rows
        if ("late" in asked and row.due.late)
        or ("must" in asked and row.due.must and not row.due.late)
        or row.pond.state in asked
    ]


def _idle(row: ClosingRow) -> SafeString:
    return format_html("{}", "—" if row.idle is None else f"{row.idle:.1f}")


def _until(row: ClosingRow) -> date | None:
    return row.due.until


CLOSING = Listing(
    name="pond_closing",
    title=lazy("闭库销库清单"),
    columns=(
        Column("pond", lazy("尾矿库"), lambda row: row.pond.name, lambda row: pond_link(row.pond), sort="x"),
        Column("must", lazy("状态"), _must, _must_html, sort="x"),
        Column("place", lazy("场所"), lambda row: row.pond.place.name, sort="x"),
        Column("grade", lazy("等别"), lambda row: _grade(row.pond), sort="x"),
        Column("last", lazy("最后排尾"), lambda row: row.pond.last_deposit, sort="x"),
        Column("idle", lazy("停用年数"), lambda row: None if row.idle is None else round(row.idle, 1), _idle, sort="x",
               number=True),
        Column("since", lazy("应闭库起"), lambda row: row.due.since, sort="x"),
        Column("until", lazy("完成期限"), _until, sort="x"),
        Column("next", lazy("下一步"), lambda row: row.next.name if row.next else _("全部完成")),
        Column("done", lazy("已完成"), _done, width=60, shown=False),
    ),
    filters=(
        Text(lazy("尾矿库、场所"), apply=_closing_text),
        Choice("what", lazy("状态"), [Option("late", lazy("逾期未闭库")), Option("must", lazy("应当闭库")),
                                    Option("idle", lazy("停用")), Option("closing", lazy("闭库治理中")),
                                    Option("closed", lazy("已闭库")), Option("cancelled", lazy("已销库"))],
               apply=_closing_states),
    ),
    empty=Empty(lazy("没有停用或待闭库的尾矿库"), lazy("停止排尾后填写最后排尾日期，满三年自动列在这里。")),
)  # fmt: skip
