"""风险清单: every place with its live level, why, and since when; to be narrowed, sorted and taken along as a file."""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.ledger.lists import STEPS, at_level
from anlan.apps.ledger.models import PlaceLevel
from anlan.apps.ledger.reasons import reasons
from anlan.kit import addresses, listing
from anlan.kit.grants import Viewer
from anlan.kit.listing import Choice, Column, Empty, Listing, Option, Text, cells
from anlan.rules.levels import Level
from anlan.web.views import where
from anlan.web.views.manage.choosing import sectors
from anlan.web.views.parts import list_page, page


@dataclass(frozen=True)
class Risk:
    """A place as a row of the list."""

    place: Place
    level: Level
    reason: str
    way: where.Way

    @property
    def shown(self) -> PlaceLevel | None:
        return getattr(self.place, "shown", None)


@page
def risks_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    where.check(request, viewer)
    rows = core.places(viewer).select_related("shown").annotate(severity=_severity())
    return list_page(request, viewer, risk_list(viewer), where.usual(request, rows))


def risk_list(viewer: Viewer) -> Listing:
    return Listing(
        name="risks",
        title=_("风险清单"),
        columns=_columns(),
        filters=(
            Text(_("名称或编码"), ("name__icontains", "code__startswith")),
            Choice("level", _("等级"), listing.levels(), apply=_of_levels, inline=True),
            where.under(viewer, lambda rows, ids: rows.filter(where.within(viewer, ids))),
            where.of_kind(),
            Choice("sector", _("行业"), [Option(key, name) for key, name in sectors()], "sector"),
        ),
        sort="-level",
        empty=Empty(_("没有风险点"), _("登记风险点后，它们的实时等级列在这里。"), reverse("web:map"), _("看一张图")),
        prepare=lambda rows: told(viewer, rows),
        geometry=lambda row: row.place.geometry,
    )  # fmt: skip


def _columns() -> tuple[Column, ...]:
    trades = dict(sectors())
    return (
        Column("name", _("名称"), lambda row: row.place.name, html=_link, sort="name", width=28),
        Column("level", _("等级"), lambda row: cells.level_word(row.level), html=lambda row: cells.level(row.level),
               sort="severity", width=12, steps=STEPS),
        Column("reason", _("原因"), lambda row: row.reason, html=_why, width=48),
        Column("since", _("自"), lambda row: row.shown.since if row.shown else None, sort="shown__since", width=20),
        Column("enterprise", _("企业"), lambda row: row.way.name_of("enterprise"), width=24),
        Column("town", _("乡镇、园区"), lambda row: row.way.name_of("park", "town"), width=18),
        Column("kind", _("类别"), lambda row: str(PlaceKind(row.place.kind).label), sort="kind"),
        Column("sector", _("行业"), lambda row: trades.get(row.place.sector, row.place.sector), sort="sector"),
        Column("grid", _("网格"), lambda row: row.way.name_of("grid"), shown=False),
        Column("county", _("县"), lambda row: row.way.name_of("county"), shown=False),
        Column("code", _("编码"), lambda row: row.place.code, sort="code", shown=False, width=22),
        Column("longitude", _("经度"), lambda row: middle(row.place.west, row.place.east), number=True, shown=False),
        Column("latitude", _("纬度"), lambda row: middle(row.place.south, row.place.north), number=True, shown=False),
    )  # fmt: skip


def _severity() -> Case:
    """The place of a row in that order."""
    return Case(*(When(step, then=Value(at)) for at, (step, _tie) in enumerate(STEPS)))


def _link(row: Risk) -> SafeString:
    return cells.link(row.place.name, addresses.of("web:place", row.place.pk))


def _why(row: Risk) -> SafeString:
    return cells.link(row.reason, addresses.of("web:why", row.place.pk))


def middle(low: float | None, high: float | None) -> float | None:
    """Between two sides of a box [degree]."""
    return None if low is None or high is None else round((low + high) / 2, 6)


def _of_levels(rows: QuerySet[Place], asked: Sequence[str]) -> QuerySet[Place]:
    return rows.filter(reduce(operator.or_, (at_level(Level(int(one))) for one in asked)))


def told(viewer: Viewer, rows: Sequence[Place]) -> list[Risk]:
    """Why, and in which town and enterprise, for a page or a few hundred rows at once."""
    why = reasons(viewer, [place.pk for place in rows])
    ways = where.ways(viewer, (place.path for place in rows))
    return [_risk(place, why, ways[place.path]) for place in rows]


def _risk(place: Place, why: Mapping[int, str], way: where.Way) -> Risk:
    row: PlaceLevel | None = getattr(place, "shown", None)
    level = Level(row.level) if row else Level.UNKNOWN
    said = why.get(place.pk) or (_("尚未评估") if level is Level.UNKNOWN else _("风险评估"))
    return Risk(place, level, said, way)
