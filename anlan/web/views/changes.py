"""等级变化: which places changed colour in a night or a month, why, and what they show now."""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anlan.apps.core.choices import PlaceKind
from anlan.apps.ledger import selectors as ledger
from anlan.apps.ledger.models import LevelChange
from anlan.apps.ledger.selectors import Change
from anlan.kit import listing
from anlan.kit.grants import Viewer
from anlan.kit.listing import Choice, Column, Dates, Empty, Listing, Option, Text, cells
from anlan.rules.levels import ORDER, Level, severity
from anlan.web.views import where
from anlan.web.views.parts import list_page, page

WORSE, BETTER = "worse", "better"


@dataclass(frozen=True)
class Turn:
    """A change as a row of the list, with what the place shows now."""

    change: Change
    reason: str
    now: Level
    way: where.Way


@page
def changes_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    where.check(request, viewer)
    rows = where.usual(request, ledger.changes(viewer), "place__")
    return list_page(request, viewer, change_list(viewer), rows)


def change_list(viewer: Viewer) -> Listing:
    ways = (Option(WORSE, _("变重")), Option(BETTER, _("变轻")))
    return Listing(
        name="changes",
        title=_("等级变化"),
        columns=_columns(),
        filters=(
            Dates("at", _("时间"), "at", exact=True),
            Choice("way", _("变化方向"), ways, apply=_of_ways, inline=True),
            Choice("after", _("变为"), listing.levels(), "after", inline=True),
            Text(_("名称或编码"), ("place__name__icontains", "place__code__startswith")),
            where.under(viewer, lambda rows, ids: rows.filter(where.within(viewer, ids, "place__"))),
            where.of_kind("place__"),
        ),
        sort="-at",
        empty=Empty(_("这段时间没有变化"), _("颜色一变就记在这里，并写明原因。"), reverse("web:map"), _("看一张图")),
        prepare=lambda rows: _told(viewer, rows),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("at", _("时间"), lambda row: row.change.at, sort="at", width=20),
        Column("place", _("地点"), lambda row: row.change.place.name, html=_link, sort="place__name", width=28),
        Column("change", _("变化"), _in_words, html=_badges, width=22),
        Column("reason", _("原因"), lambda row: row.reason, html=_why, width=48),
        Column(
            "now", _("现在"), lambda row: cells.level_word(row.now), html=lambda row: cells.level(row.now), width=12
        ),
        Column("enterprise", _("企业"), lambda row: row.way.name_of("enterprise"), width=24),
        Column("town", _("乡镇、园区"), lambda row: row.way.name_of("park", "town"), width=18),
        Column("kind", _("类别"), lambda row: str(PlaceKind(row.change.place.kind).label), sort="place__kind"),
        Column("grid", _("网格"), lambda row: row.way.name_of("grid"), shown=False),
        Column("county", _("县"), lambda row: row.way.name_of("county"), shown=False),
    )


def _of_ways(rows: QuerySet[LevelChange], asked: Sequence[str]) -> QuerySet[LevelChange]:
    found = [Q(before=int(one), after__in=_beyond(one, way)) for way in asked for one in ORDER]
    return rows.filter(reduce(operator.or_, found))


def _beyond(level: Level, way: str) -> list[int]:
    """The levels that are worse, or better, than this one."""
    sign = 1 if way == WORSE else -1
    return [int(one) for one in ORDER if sign * (severity(one) - severity(level)) > 0]


def _link(row: Turn) -> SafeString:
    return cells.link(row.change.place.name, reverse("web:place", args=[row.change.place.id]))


def _in_words(row: Turn) -> str:
    return f"{cells.level_word(row.change.before)} → {cells.level_word(row.change.after)}"


def _badges(row: Turn) -> SafeString:
    return format_html("{} → {}", cells.level(row.change.before), cells.level(row.change.after))


def _why(row: Turn) -> SafeString:
    """The explanation as it was then."""
    asked = urlencode({"at": row.change.at.isoformat()})
    return cells.link(row.reason, f"{reverse('web:why', args=[row.change.place.id])}?{asked}")


def _told(viewer: Viewer, rows: Sequence[LevelChange]) -> list[Turn]:
    ways = where.ways(viewer, (row.place.path for row in rows))
    changes = ledger.told(viewer, rows)
    return [_turn(row, change, ways[row.place.path]) for row, change in zip(rows, changes, strict=True)]


def _turn(row: LevelChange, change: Change, way: where.Way) -> Turn:
    shown = getattr(row.place, "shown", None)
    reason = _("已消除：{reason}").format(reason=change.reason) if _ended(row, change) else change.reason
    return Turn(change, reason, Level(shown.level) if shown else Level.UNKNOWN, way)


def _ended(row: LevelChange, change: Change) -> bool:
    """Whether the fact behind the change held the colour before, and holds it no longer."""
    better = severity(change.after) < severity(change.before)
    return better and change.cause_id is not None and row.cause is not None and row.cause.level == change.before
