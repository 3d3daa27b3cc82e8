"""Words for what the pages show: codes never reach the screen."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anlan.apps.core.choices import PlaceKind
from anlan.apps.ledger.selectors import PlaceRef
from anlan.apps.monitoring.choices import AlarmState, Limit
from anlan.apps.monitoring.selectors import AlarmRow, TagRow
from anlan.kit import clock, marks, words

register = template.Library()


@register.filter
def limit_name(limit: str) -> str:
    """``HH`` -> 高高限."""
    return str(Limit[limit].label)


@register.filter
def state_name(state: str) -> str:
    return str(AlarmState(state).label)


@register.filter
def kind_name(kind: str) -> str:
    return str(PlaceKind(kind).label) if kind in PlaceKind.values else ""


@register.simple_tag
def reading(value: float | None, decimals: int, unit: str) -> str:
    """A number with its unit, or a dash where there is none."""
    if value is None:
        return "—"
    return f"{words.number(value, decimals)} {unit}".rstrip()


@register.simple_tag
def alarm_title(row: AlarmRow) -> str:
    """What happened, in one line: the tag, which limit, what was read against what was allowed."""
    if row.limit == Limit.MISSING.name:
        if row.folded and not row.source_name:
            return _("数据来源失联，{count} 个监测点没有数据").format(count=row.folded + 1)
        if row.folded:
            return _("{source}失联，{count} 个监测点没有数据").format(source=row.source_name, count=row.folded + 1)
        return _("{tag}数据中断").format(tag=row.tag_name)
    read = reading(row.value, row.decimals, row.unit)
    limit = reading(row.limit_value, row.decimals, row.unit)
    low = row.limit in (Limit.L.name, Limit.LL.name)
    told = _("{tag} {value}，低至{name} {limit}") if low else _("{tag} {value}，达到{name} {limit}")
    return told.format(tag=row.tag_name, value=read, name=limit_name(row.limit), limit=limit)


_CLOCK = SafeString("\0")  # where the clock stands in a row: no page shows such a character


@register.simple_tag
def queue_row(row: AlarmRow, query: str = "") -> SafeString:
    """A row of the duty desk. All but its clock follows from the row, and is kept: a desk shows a hundred."""
    before, _clock, after = _queue_row(row, query, get_language(), clock.today(), get_script_prefix()).partition(_CLOCK)
    told = marks.clock(row.deadline, "due") if row.deadline else marks.clock(row.raised)
    return SafeString(f"{before}{told}{after}")


@lru_cache(maxsize=2_000)
def _queue_row(row: AlarmRow, query: str, _language: str | None, _day: date, _prefix: str) -> SafeString:
    drawn = get_template("web/duty/row.html").render({"row": row, "query": query, "clock": _CLOCK})
    return SafeString(drawn)


@register.filter
def from_plant(path: Sequence[PlaceRef]) -> Sequence[PlaceRef]:
    """The part of a path that a duty officer needs at a glance: from the enterprise down, else all of it."""
    start = next((at for at, place in enumerate(path) if place.kind == PlaceKind.ENTERPRISE), 0)
    return path[start:]


@register.filter
def plain(value: float | None) -> str:
    """A number for a script: never with the separators of a language."""
    return "" if value is None else repr(value)


@register.simple_tag
def limit_words(tag: TagRow) -> SafeString:
    """The limits of a tag from the lowest to the highest, by name, each on one line."""
    limits = ((Limit.LL, tag.limits.ll), (Limit.L, tag.limits.l), (Limit.H, tag.limits.h), (Limit.HH, tag.limits.hh))
    told = [(limit.label, words.number(value, tag.decimals)) for limit, value in limits if value is not None]
    return format_html_join(" ", '<span class="limit">{} <b>{}</b></span>', told) or SafeString("—")


@register.filter
def tag_names(tags: Sequence[TagRow]) -> str:
    """The names of some tags, as a list in a sentence."""
    return _("、").join(tag.name for tag in tags)
