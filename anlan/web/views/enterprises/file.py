"""一企一档: the file of one enterprise."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.enterprises import forms, selectors
from anlan.apps.enterprises.models import Item
from anlan.apps.ledger import selectors as ledger
from anlan.apps.monitoring import selectors as monitoring
from anlan.kit import clock
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.kit.listing import Choice, Column, Empty, Listing, Option, Text, cells
from anlan.packs.families import lapse_facts
from anlan.packs.families.file_fields import Field
from anlan.packs.families.file_groups import Group
from anlan.rules import lapses
from anlan.rules.levels import severity
from anlan.web.atlas.inside import sector_name
from anlan.web.views.enterprises import filling
from anlan.web.views.enterprises.rows import item_url
from anlan.web.views.parts import layout, list_page, page

SHOWN_COLUMNS = 6
POINTS, ALARMS, FILES = 12, 12, 12


@page
def enterprise_page(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    place = selectors.file_place(viewer, place_id)
    context = _frame(viewer, place)
    key = request.GET.get("group", "")
    if not key:
        context |= {**layout(request), **_overview(viewer, place, context)}
        return render(request, "web/enterprises/file.html", context)
    group = forms.groups().group(key)
    if group is None:
        raise NotInScope
    context["group"] = group
    if group.kind == "enterprise":
        facts = context["facts"]
        lines = filling.lines(key, facts) if facts else []
        return render(request, "web/enterprises/basics.html", {**layout(request), **context, "lines": lines})
    ended = request.GET.get("ended") == "1"
    rows = selectors.rows(viewer, place, group, ended=ended)
    if group.kind == "chemical" and not ended:
        context["assessment"] = selectors.assess(viewer, place)
    context |= {"ended": ended, "ended_count": selectors.rows(viewer, place, group, ended=True).count()}
    return list_page(request, viewer, _listing(place, group), rows, "web/enterprises/group.html", **context)


def _frame(viewer: Viewer, place: Place) -> dict[str, Any]:
    """The head and the tree, on every page of a file."""
    facts = selectors.facts_of(place)
    shown = ledger.shown(viewer, [place.pk])
    return {
        "place": place,
        "facts": facts,
        "sector": sector_name(place.sector),
        "above": core.ancestors(viewer, place),
        "shown": shown.get(place.pk),
        "explanation": ledger.explain(viewer, place),
        "branches": selectors.tree(viewer, place),
        "may_edit": viewer.may("enterprise.edit", place.path, place.sector) and place.retired is None,
    }


def _overview(viewer: Viewer, place: Place, context: dict[str, Any]) -> dict[str, Any]:
    found = selectors.dues(viewer, place, kinds=_with_dates(context["branches"]))
    sees_alarms = viewer.may("alarm.view", place.path, place.sector)
    return {
        "bands": bands(found),
        "dues": found,
        "gaps": selectors.gaps(context["branches"], context["facts"]),
        "alarms": monitoring.alarms(viewer, place, limit=ALARMS) if sees_alarms else [],
        "sees_alarms": sees_alarms,
        "tags": monitoring.how_many_tags(viewer, place) if viewer.may("tag.view", place.path, place.sector) else None,
        "points": _points(viewer, place),
        "assessment": selectors.assess(viewer, place),
        "contacts": core.contacts(viewer, place) if sees_alarms else [],
        "changes": selectors.changes(viewer, place, 8),
        "files": core.newest_files(viewer, place, FILES),
    }


def _with_dates(branches: Iterable[selectors.Branch]) -> set[str]:
    """The kinds of rows that have any date at all: the others need not be asked for what runs out."""
    return {each.group.kind for branch in branches for each in branch.groups if each.due is not None}


def bands(found: Sequence[selectors.Due]) -> list[tuple[str, str, int]]:
    """The steps of the clock: (value in the address, words, how many), what has run out first."""
    steps = lapse_facts.load(clock.today()).soon_days
    spans = zip((0, *(days + 1 for days in steps)), steps, strict=False)
    words = [
        _("{first}–{last} 天").format(first=first, last=last) if first else _("{n} 天内").format(n=last)
        for first, last in spans
    ]
    counts = selectors.due_counts(found)
    return [(str(at), word, count) for at, (word, count) in enumerate(zip([_("已过期"), *words], counts, strict=True))]


def _points(viewer: Viewer, place: Place) -> list[ledger.Node]:
    """The risk points of the enterprise, the worst first."""
    nodes = ledger.tree_with_levels(viewer, place)
    points = [node for node in nodes if node.kind in ("risk_point", "segment", "mobile", "public_object")]
    points = [node for node in points if node.id != place.pk]
    return sorted(points, key=lambda node: (-severity(node.shown.level), node.name))


def _listing(place: Place, group: Group) -> Listing:
    form = forms.form(group.key)
    searched = [field.key for field in form.fields if field.type in ("text", "cas", "uscc")]
    text = Text(_("在本组中找"), apply=lambda rows, asked: _search(rows, asked, searched))
    clocks = [Choice("band", _("到期"), _band_options(), apply=_in_band)] if form.dues() else []
    return Listing(
        name=f"file-{group.key}",
        title=_(group.name),
        columns=(
            *(_column(group, field, at) for at, field in enumerate(_ordered(group, form.fields))),
            Column("place", _("所在"), lambda row: row.place.name, sort="place__name"),
            Column("source", _("数据来源"), lambda row: row.source, shown=False),
            Column("changed", _("最近更改"), lambda row: row.changed, sort="changed", shown=False),
        ),
        filters=(text, *clocks),
        empty=Empty(_("这一组还没有登记"), _("登记后会出现在这里，并计入档案目录。")),
    )


def _ordered(group: Group, fields: Sequence[Field]) -> list[Field]:
    """The field that names the row comes first."""
    return sorted(fields, key=lambda field: field.key != group.title)


def _column(group: Group, field: Field, at: int) -> Column:
    model = forms.MODELS[group.kind]
    choices = forms.form(group.key).choices.get(field.key, {})
    is_due = field.type == "due"
    return Column(
        key=field.key,
        label=_(field.label),
        value=lambda row: forms.field_value(row, field),
        html=_title if at == 0 else _due(field) if is_due else lambda row: _plain(row, field, choices),
        sort=field.key if field.key in forms.columns(model) else "",
        shown=at < SHOWN_COLUMNS or is_due,
        number=field.type in ("integer", "decimal"),
        unit=field.unit,
    )


def _title(row: Item) -> SafeString:
    group = forms.home_of(row)
    return cells.link(forms.value_of(row, group.title) or _(group.name), item_url(row))


def _plain(row: Item, field: Field, choices: Any) -> str:
    text = filling.shown(field, forms.value_of(row, field.key), choices)
    return text or format_html('<span class="nothing">{}</span>', "—")


def _due(field: Field) -> Any:
    return lambda row: due_html(forms.field_value(row, field), over=row.ended is not None)


def due_html(due: Any, *, over: bool = False) -> str:
    """A date with how long there is left, in words: run out, or soon to."""
    if not due:
        return format_html('<span class="nothing">{}</span>', "—")
    today = clock.today()
    steps = lapse_facts.load(today).soon_days
    at = lapses.band(due, today, steps)
    if over or at > len(steps):
        return str(due.isoformat())
    return format_html(
        '{} <span class="due-tag{}">{}</span>', due.isoformat(), " is-over" * (at == 0), left(due, today)
    )


def left(due: Any, today: Any) -> str:
    """``还剩 12 天``, ``今天到期``, ``已过 3 天``."""
    days = (due - today).days
    if days == 0:
        return _("今天到期")
    if days > 0:
        return ngettext("还剩 {n} 天", "还剩 {n} 天", days).format(n=days)
    return ngettext("已过 {n} 天", "已过 {n} 天", -days).format(n=-days)


def _search(rows: Any, text: str, keys: Sequence[str]) -> Any:
    own = forms.columns(rows.model)
    for word in text.split():
        asked = Q(place__name__icontains=word)
        for key in keys:
            asked |= Q(**{f"{key}__icontains" if key in own else f"values__{key}__icontains": word})
        rows = rows.filter(asked)
    return rows


def _band_options() -> list[Option]:
    steps = lapse_facts.load(clock.today()).soon_days
    return [Option("0", _("已过期")), *(Option(str(d), _("{n} 天内").format(n=d)) for d in steps)]


def _in_band(rows: Any, asked: Sequence[str]) -> Any:
    today = clock.today()
    either = Q(pk__in=[])
    for text in asked:
        days = int(text)
        either |= Q(due__lt=today) if days == 0 else Q(due__gte=today, due__lte=today + timedelta(days=days))
    return rows.filter(either)
