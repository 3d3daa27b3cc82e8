"""监测点与限值: find tags, change the limits of one or many, and see first what the change would have raised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anlan.apps.core import selectors as core
from anlan.apps.monitoring import gateways, trial
from anlan.apps.monitoring import selectors as monitoring
from anlan.apps.monitoring.actions.limits import set_limits
from anlan.apps.monitoring.choices import Limit
from anlan.apps.monitoring.models import Tag
from anlan.kit import clock, listing
from anlan.kit import words as kit_words
from anlan.kit.errors import BadInput, NotAllowed, Refused, check
from anlan.kit.grants import Viewer
from anlan.packs.families import alarm_facts
from anlan.rules import paths
from anlan.rules.alarms import Limits, check_limits
from anlan.rules.refusal import Refusal
from anlan.web.audit import sentences
from anlan.web.views.manage.frame import context, done, managed, number, refused, shown, words
from anlan.web.views.parts import list_page

TAG = "web:manage_tag"
SPANS = (("24", gettext_lazy("近 24 小时")), ("168", gettext_lazy("近 7 天")))
MOST = 200  # tags that are changed together
FIELDS: tuple[tuple[str, Any, Any], ...] = (
    ("hh", gettext_lazy("高高限"), ""),
    ("h", gettext_lazy("高限"), ""),
    ("l", gettext_lazy("低限"), ""),
    ("ll", gettext_lazy("低低限"), ""),
    ("deadband", gettext_lazy("回差"), ""),
    ("on_delay_s", gettext_lazy("报警延时"), gettext_lazy("秒")),
    ("off_delay_s", gettext_lazy("恢复延时"), gettext_lazy("秒")),
    ("missing_s", gettext_lazy("多久没有数据算中断"), gettext_lazy("秒")),
)
ALWAYS = ("deadband", "on_delay_s", "off_delay_s")  # empty means none, that is 0


class LimitsForm(forms.Form):
    """The alarm rules of one tag. An empty field means that there is no such rule."""

    def __init__(self, data: Mapping[str, Any] | None, tag: Tag) -> None:
        super().__init__(data, initial={name: _plain(getattr(tag, name)) for name, *_rest in FIELDS})
        self.tag = tag
        for name, label, _unit in FIELDS:
            self.fields[name] = forms.FloatField(label=label, required=False)

    def limits(self) -> Limits:
        """What was entered, checked by the rules."""
        given = {
            n: self.cleaned_data[n] if self.cleaned_data[n] is not None or n not in ALWAYS else 0.0 for n, *_r in FIELDS
        }
        limits = Limits(**given, range_low=self.tag.range_low, range_high=self.tag.range_high)
        check(check_limits(limits))
        return limits


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"


@managed("manage_tags")
def tags_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    more = {name: value for name, value in context(request, viewer).items() if name != "layout"}
    rows = gateways.editable_tags(viewer)
    return list_page(
        request, viewer, _listing(viewer), rows, "web/manage/list.html", **more, bulk=True, layout="web/base.html"
    )


def _listing(viewer: Viewer) -> listing.Listing:
    ranks = alarm_facts.load(clock.today()).ranks
    with_limits = (listing.Option("1", gettext_lazy("有限值")), listing.Option("0", gettext_lazy("没有限值")))
    return listing.Listing(
        name="manage-tags",
        title=gettext_lazy("监测点与限值"),
        columns=(
            listing.Column("name", gettext_lazy("监测点"), lambda one: one.name, _link, sort="name", width=24),
            listing.Column("code", gettext_lazy("位号"), lambda one: one.code, sort="code"),
            listing.Column("place", gettext_lazy("场所"), lambda one: one.place.name, sort="place__path"),
            listing.Column("source", gettext_lazy("来源"), lambda one: gateways.source_name(viewer, one), shown=False),
            listing.Column("unit", gettext_lazy("单位"), lambda one: one.unit),
            *(listing.Column(name, label, attrgetter(name), sort=name, number=True) for name, label, _u in FIELDS[:4]),
            *(
                listing.Column(name, label, attrgetter(name), number=True, shown=False)
                for name, label, _u in FIELDS[4:]
            ),
            listing.Column("rank", gettext_lazy("重要程度"), lambda one: ranks.get(one.rank, one.rank)),
            listing.Column("enabled", gettext_lazy("在用"), lambda one: one.enabled, shown=False),
            listing.Column("changed", gettext_lazy("最近修改"), lambda one: one.changed, sort="changed"),
        ),
        filters=(
            listing.Text(
                gettext_lazy("监测点、位号或场所"), ("name__icontains", "code__icontains", "place__name__icontains")
            ),
            listing.Choice(
                "under",
                gettext_lazy("场所"),
                [
                    listing.Option(str(one.pk), one.name)
                    for one in core.places(viewer, kinds=["town", "park", "county"])[:60]
                ],
                apply=lambda rows, asked: _under(viewer, rows, asked),
                many=False,
                named=lambda text: _named(viewer, text),
            ),
            listing.Choice(
                "rank", gettext_lazy("重要程度"), [listing.Option(key, name) for key, name in ranks.items()], "rank"
            ),
            listing.Choice(
                "limits",
                gettext_lazy("限值"),
                with_limits,
                apply=lambda rows, asked: _limited(rows, limited=asked[0] == "1"),
                many=False,
                inline=True,
            ),
        ),
        sort="place",
        empty=listing.Empty(gettext_lazy("还没有监测点"), gettext_lazy("在“数据来源”登记网关后，用导入添加监测点。")),
    )


def _under(viewer: Viewer, rows: Any, asked: Sequence[str]) -> Any:
    place_id = number(asked[0])
    path = core.place(viewer, place_id or 0).path
    return rows.filter(place__path__gte=path, place__path__lt=paths.after(path))


def _named(viewer: Viewer, text: str) -> str:
    found = core.places(viewer).filter(pk=number(text) or 0).first()
    return found.name if found else ""


def _limited(rows: Any, *, limited: bool) -> Any:
    none = {name: None for name, *_rest in FIELDS[:4]}
    return rows.exclude(**none) if limited else rows.filter(**none)


def _link(tag: Tag) -> str:
    box = '<input class="form-check-input pick" type="checkbox" form="bulk" name="tag" value="{}" aria-label="{}">'
    link = '<a href="{}">{}</a>'
    told = _("选中 {name}").format(name=tag.name)
    return format_html(box + link, tag.pk, told, reverse(TAG, args=[tag.pk]), tag.name)


@managed("manage_tags")
def tag_page(request: HttpRequest, viewer: Viewer, tag_id: int) -> HttpResponseBase:
    """One tag with its limits; a post with ``save`` changes them, one with ``hours`` only tries them."""
    tag = gateways.editable_tag(viewer, tag_id)
    form = LimitsForm(request.POST or None, tag)
    problem, tried = "", None
    if request.method == "POST" and form.is_valid():
        try:
            limits = form.limits()
            if "save" in request.POST:
                changed = set_limits(viewer, {tag.pk: limits})
                text = _("限值已更改，引擎在一秒内采用。") if changed else _("没有变化。")
                return done(request, text, TAG, tag.pk)
            tried = Tried.of(viewer, {tag.pk: limits}, _hours(request))
        except NotAllowed:
            raise
        except Refused as failure:
            problem = words(failure)
    rows = [(form[name], unit or tag.unit) for name, _label, unit in FIELDS]
    row = monitoring.tag(viewer, tag.pk)
    response = shown(
        request,
        viewer,
        "tag",
        tag=tag,
        row=row,
        above=[*core.ancestors(viewer, tag.place), tag.place],
        form=form,
        rows=rows,
        problem=problem,
        tried=tried,
        spans=SPANS,
        changes=sentences(viewer, gateways.tag_changes(viewer, tag.pk)),
        source_name=gateways.source_name(viewer, tag),
    )
    response.status_code = 422 if problem or (form.is_bound and form.errors) else 200
    return response


def _hours(request: HttpRequest) -> int:
    return 168 if request.POST.get("hours") == "168" else 24


@dataclass(frozen=True)
class Outcome:
    """What one set of rules made of a tag's past, in words."""

    count: int
    by_limit: str
    total: str
    longest: str
    alarms: Sequence[tuple[datetime, str, str, float | None]]  # since, limit, how long, value

    @classmethod
    def of(cls, found: Mapping[str, Any], end: datetime) -> "Outcome":
        counts = found["counts"]
        names = "，".join(f"{Limit[name].label} {n}" for name, n in counts.items())
        alarms = [_told(one, end) for one in found["alarms"]]
        spans = kit_words.span(found["total"] / 1000), kit_words.span(found["longest"] / 1000)
        return cls(sum(counts.values()), names, *spans, alarms)


def _told(one: Mapping[str, Any], end: datetime) -> tuple[datetime, str, str, float | None]:
    start = datetime.fromtimestamp(one["start"] / 1000, UTC)
    last = datetime.fromtimestamp(one["end"] / 1000, UTC) if one["end"] else end
    lasted = kit_words.span((last - start).total_seconds())
    return (
        start,
        str(Limit[one["limit"]].label),
        lasted if one["end"] else _("{span}，仍在").format(span=lasted),
        one["value"],
    )


@dataclass(frozen=True)
class TriedTag:
    """One tag of a trial."""

    tag: Tag
    readings: int
    since: datetime | None
    low: float | None
    high: float | None
    now: Outcome
    then: Outcome
    limits: Limits

    @property
    def more(self) -> int:
        """How many alarms more (or, below zero, fewer) the new limits would have raised."""
        return self.then.count - self.now.count


@dataclass(frozen=True)
class Tried:
    """A trial of limits on the past."""

    span: trial.Window
    hours: int
    tags: Sequence[TriedTag]

    @property
    def before(self) -> int:
        return sum(one.now.count for one in self.tags)

    @property
    def after(self) -> int:
        return sum(one.then.count for one in self.tags)

    @property
    def readings(self) -> int:
        return sum(one.readings for one in self.tags)

    @classmethod
    def of(cls, viewer: Viewer, wanted: Mapping[int, Limits], hours: int) -> "Tried":
        span = trial.window(hours)
        found = trial.try_limits(viewer, wanted, span)
        tags = gateways.editable_tags(viewer).in_bulk(list(wanted))
        return cls(span, hours, [_tried(tags[key], found[key], wanted[key], span.end) for key in wanted if key in tags])


def _tried(tag: Tag, found: Mapping[str, Any], limits: Limits, end: datetime) -> TriedTag:
    first = found["first"]
    since = datetime.fromtimestamp(first / 1000, UTC) if first else None
    now, then = Outcome.of(found["now"], end), Outcome.of(found["then"], end)
    return TriedTag(tag, found["readings"], since, found["low"], found["high"], now, then, limits)


# Many tags at once


@dataclass(frozen=True)
class Row:
    """One tag of a change of many: what changes, in words, or why it cannot."""

    tag: Tag
    limits: Limits
    cells: Sequence[tuple[str, str, str]]  # rule, before, after
    problem: str = ""


@require_POST
@managed("manage_tags")
def bulk(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """Choose (``tag``, several), say what changes, see the summary, try it on the past, save."""
    ids = [found for text in request.POST.getlist("tag") if (found := number(text)) is not None]
    if not ids or len(ids) > MOST:
        code, text = (
            ("tag.none_chosen", _("没有选中监测点。")) if not ids else ("tag.too_many", _("一次最多改 200 个。"))
        )
        failure = BadInput(Refusal(code, text, _("请在列表中勾选要改的监测点。")))
        return refused(request, failure, "web:manage_tags")
    tags = [gateways.editable_tag(viewer, one) for one in dict.fromkeys(ids)]
    step = request.POST.get("step", "")
    problem, rows, tried = "", [], None
    if step:
        try:
            rows = [_row(tag, request.POST) for tag in tags]
        except BadInput as failure:
            problem = words(failure)
    changing = {row.tag.pk: row.limits for row in rows if row.cells and not row.problem}
    if step == "save" and changing and not any(row.problem for row in rows):
        n = set_limits(viewer, changing)
        return done(request, _("已更改 {n} 个监测点的限值。").format(n=n), "web:manage_tags")
    if step in ("24", "168") and changing:
        try:
            tried = Tried.of(viewer, dict(list(changing.items())[: trial.MOST_TAGS]), int(step))
        except Refused as failure:
            problem = words(failure)
    given = {name: (request.POST.get(f"how-{name}", "keep"), request.POST.get(name, "")) for name, *_r in FIELDS}
    fields = [(name, label, unit, *given[name]) for name, label, unit in FIELDS]
    bad = sum(bool(row.problem) for row in rows)
    more = {"rows": rows, "tried": tried, "problem": problem, "changing": len(changing), "bad": bad, "spans": SPANS}
    response = shown(request, viewer, "bulk", tags=tags, fields=fields, **more, tried_most=trial.MOST_TAGS)
    response.status_code = 422 if problem else 200
    return response


def _row(tag: Tag, given: Mapping[str, str]) -> Row:
    before = trial.limits_of(tag)
    after = before
    for name, label, _unit in FIELDS:
        changes: dict[str, Any] = {name: _changed(getattr(before, name), given, name, str(label))}
        after = replace(after, **changes)
    cells = [
        (str(label), _plain(getattr(before, name)) or "—", _plain(getattr(after, name)) or "—")
        for name, label, _unit in FIELDS
        if getattr(before, name) != getattr(after, name)
    ]
    refusal = check_limits(after)
    return Row(tag, after, cells, words(Refused(refusal)) if refusal else "")


def _changed(value: float | None, given: Mapping[str, str], name: str, label: str) -> float | None:
    """A rule after the change: kept, set, moved by so much or by per cent, or taken away."""
    how, text = given.get(f"how-{name}", "keep"), given.get(name, "").strip()
    if how == "keep":
        return value
    if how == "none":
        return 0.0 if name in ALWAYS else None
    try:
        entered = float(text)
    except ValueError:
        fix = _("请填写数字。")
        raise BadInput(Refusal("tag.not_a_number", _("“{label}”没有填数字。"), fix, {"label": label})) from None
    if how == "set":
        return entered
    if value is None:
        return None  # what is not there is not moved
    return value + entered if how == "add" else value * (1 + entered / 100)
