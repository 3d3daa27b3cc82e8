"""Words and parts of enterprise files for templates."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext

from anlan.apps.enterprises.models import Item, Revision
from anlan.kit import clock
from anlan.kit.listing import Shown
from anlan.rules.levels import Level
from anlan.web.atlas.inside import sector_name
from anlan.web.views.enterprises.file import due_html, left
from anlan.web.views.enterprises.search import Tally, statistics

register = template.Library()


@register.filter
def said(text: str) -> str:
    """Words of a pack in the reader's language."""
    return gettext(text) if text else ""


@register.filter
def trade(key: str) -> str:
    return sector_name(key)


@register.filter
def due(day: date | None) -> str:
    """A date with how long there is left."""
    return due_html(day)


@register.filter
def days_left(day: date) -> str:
    return left(day, clock.today())


@register.filter
def tonnes(value: float | None) -> str:
    return "—" if value is None else f"{float(value):,.6g}"


@register.filter
def two_places(value: Any) -> str:
    """A ratio: never rounded up to the threshold."""
    number = int(value * 100) / 100
    return f"{number:.2f}"


@register.filter
def ref(row: Revision | Item) -> str:
    """How an address names a row: ``licence-12``."""
    return f"{row.kind}-{row.item_id}" if isinstance(row, Revision) else f"{row.KIND.value}-{row.pk}"


@register.filter
def change_word(revision: Revision) -> str:
    return str(revision.get_change_display())


@register.filter
def level_of(place: Any) -> int:
    shown = getattr(place, "shown", None)
    return int(shown.level) if shown else int(Level.UNKNOWN)


@register.inclusion_tag("web/enterprises/statistics.html")
def trade_statistics(shown: Shown, tally: Tally) -> Mapping[str, Any]:
    """What a list of enterprises found, by trade and level."""
    rows = statistics(shown, tally)
    totals = [sum(row["levels"][at][1] for row in rows) for at in range(5)]
    return {
        "rows": rows,
        "total": sum(row["total"] for row in rows),
        "totals": list(zip((4, 3, 2, 0, 1), totals, strict=True)),
    }


@register.filter
def day(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
