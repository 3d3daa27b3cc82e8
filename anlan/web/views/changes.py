"""等级变化: which places changed colour in a night or a month, why, and what they show now."""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.ledger import selectors as ledger
from anlan.apps.ledger.models import LevelChange
from anlan.apps.ledger.selectors import Change
from anlan.kit import listing
from anlan.kit.grants import Viewer
from anlan.kit.listing import Choice, Column, Dates, Empty, Listing, Option, Text, cells
from anlan.rules import paths
from anlan.rules.levels import ORDER, Level, severity
from anlan.web.views import areas
from anlan.web.views.parts import list_page, page
from anlan.web.views.risks import ALL, POINTS, kinds

WORSE, BETTER = "worse", "better"


@dataclass(frozen=True)
class Turn:
    """A change as a row of the list, with what the place shows now."""

    change: Change
    reason: str
    now: Level
    above: Mapping[str, Place]  # by kind: town, enterprise …

    def name_of(self, *wanted: str) -> str:
        return next((self.above[kind].name for kind in wanted if kind in self.above), "")


@page
def changes_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    areas.check(request, viewer)
    asked = set(request.GET.getlist("kind"))
    rows = ledger.changes(viewer)
    if not asked & set(PlaceKind.values) and ALL not in asked:
        rows = rows.filter(place__kind__in=POINTS)
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
            areas.under(viewer, lambda rows, ids: rows.filter(areas.within(viewer, ids, "place__"))),
            Choice("kind", _("类别"), kinds(), apply=_of_kinds),
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
        Column("enterprise", _("企业"), lambda row: row.name_of("enterprise"), width=24),
        Column("town", _("乡镇、园区"), lambda row: row.name_of("park", "town"), width=18),
        Column("kind", _("类别"), lambda row: str(PlaceKind(row.change.place.kind).label), sort="place__kind"),
        Column("grid", _("网格"), lambda row: row.name_of("grid"), shown=False),
        Column("county", _("县"), lambda row: row.name_of("county"), shown=False),
    )


def _of_ways(rows: QuerySet[LevelChange], asked: Sequence[str]) -> QuerySet[LevelChange]:
    found = [Q(before=int(one), after__in=_beyond(one, way)) for way in asked for one in ORDER]
    return rows.filter(reduce(operator.or_, found))


def _beyond(level: Level, way: str) -> list[int]:
    """The levels that are worse, or better, than this one."""
    sign = 1 if way == WORSE else -1
    return [int(one) for one in ORDER if sign * (severity(one) - severity(level)) > 0]


def _of_kinds(rows: QuerySet[LevelChange], asked: Sequence[str]) -> QuerySet[LevelChange]:
    return rows if ALL in asked else rows.filter(place__kind__in=list(asked))


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
    ids = {step for row in rows for step in paths.ancestor_ids(row.place.path)}
    above: dict[int, Any] = core.places(viewer, retired=True).defer("geometry").in_bulk(ids)
    changes = ledger.told(viewer, rows)
    return [_turn(row, change, above) for row, change in zip(rows, changes, strict=True)]


def _turn(row: LevelChange, change: Change, above: Mapping[int, Place]) -> Turn:
    shown = getattr(row.place, "shown", None)
    way = [above[step] for step in paths.ancestor_ids(row.place.path) if step in above]
    reason = _("已消除：{reason}").format(reason=change.reason) if _ended(row, change) else change.reason
    return Turn(change, reason, Level(shown.level) if shown else Level.UNKNOWN, {one.kind: one for one in way})


def _ended(row: LevelChange, change: Change) -> bool:
    """Whether the fact behind the change held the colour before, and holds it no longer."""
    better = severity(change.after) < severity(change.before)
    return better and change.cause_id is not None and row.cause is not None and row.cause.level == change.before
