"""企业: the combined search, with statistics of what was found by trade and level."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.enterprises import forms, selectors
from anlan.apps.enterprises.models import Enterprise
from anlan.kit import addresses, clock
from anlan.kit.errors import NotAllowed
from anlan.kit.grants import Viewer
from anlan.kit.listing import Choice, Column, Empty, Listing, Option, Rows, Shown, Text, cells, levels
from anlan.packs.families import economic_types, industries
from anlan.web.atlas import trades
from anlan.web.atlas.inside import sector_name
from anlan.web.views.enterprises.near import Holding, said
from anlan.web.views.parts import list_page, page

AREAS = ("county", "town", "grid", "park", "zone")
MOST_AREAS = 200
SIGHTS = 400  # public objects that are offered by name
FEW = 1_000  # enterprises found that are counted one by one


@dataclass(frozen=True)
class Row:
    """One enterprise as the list shows it."""

    place: Place
    facts: Enterprise | None
    level: int
    metres: float | None
    holdings: str


@page
def enterprises_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    if not viewer.may_anywhere("enterprise.view"):
        raise NotAllowed("enterprise.view")
    rows = selectors.enterprises(viewer)
    tally, near = Tally(viewer, rows), Holding(viewer)
    sights = core.places(viewer, kinds=["public_object"]).order_by("name").values_list("name", flat=True)[:SIGHTS]
    context = {"sights": list(sights), "near": near, "tally": tally}
    return list_page(
        request, viewer, _listing(viewer, tally, near, request), rows, "web/enterprises/list.html", **context
    )


class Tally:
    """What the list shows by trade and level, and which trades and industries its menus offer."""

    def __init__(self, viewer: Viewer, rows: QuerySet[Place]) -> None:
        self._rows = rows
        self.found: list[selectors.Many] = []
        self.offered = trades.offered(viewer, lambda: selectors.trades(rows))

    def count(self, found: Rows) -> tuple[int, Rows]:
        """How many there are. Few of them are from then on known by their ids: to search again takes as long."""
        if not isinstance(found, QuerySet):
            return len(found), found
        known = [] if found is self._rows else selectors.one_by_one(found, FEW + 1)
        if found is self._rows or len(known) > FEW:
            self.found = selectors.counted(found)
            return sum(one.count for one in self.found), found
        self.found = [selectors.Many(sector, level, 1) for _pk, sector, level in known]
        return len(known), selectors.of_ids([pk for pk, _sector, _level in known])


def _listing(viewer: Viewer, tally: Tally, near: Holding, request: HttpRequest) -> Listing:
    asked = request.GET
    return Listing(
        name="enterprises",
        title=_("企业"),
        columns=_columns(substance=bool(asked.get("substance")), distance=bool(asked.get("near"))),
        filters=(Text(_("名称、代码、地址、负责人"), _TEXT), near, *_choices(viewer, tally)),
        sort="name",
        empty=Empty(_("还没有企业"), _("由系统管理员在“管理 › 场所”中登记，或在“导入导出”中用表格导入。")),
        prepare=lambda piece: _rows(piece, near),
        geometry=lambda row: row.place.geometry,
        count=tally.count,
    )


_TEXT = (
    "name__icontains",
    "code__istartswith",
    "enterprise__address__icontains",
    "enterprise__principal__icontains",
    "enterprise__safety_head__icontains",
)


def _columns(*, substance: bool, distance: bool) -> tuple[Column, ...]:
    names = industries.load(clock.today()).names()
    types = economic_types.load(clock.today()).names()
    return (
        Column("name", _("企业"), lambda row: row.place.name, html=_link, sort="name", width=32,
               parts=[Q(kind=kind) for kind in selectors.KINDS]),
        Column("level", _("等级"), lambda row: cells.level_word(row.level), html=_level, sort="shown__level"),
        Column("distance", _("距离"), lambda row: row.metres, html=_metres, number=True, unit="m", shown=distance),
        Column("holdings", _("持有"), lambda row: row.holdings, shown=substance, width=28),
        Column("sector", _("行业领域"), lambda row: sector_name(row.place.sector) if row.place.sector else ""),
        Column("industry", _("国民经济行业"), lambda row: _named(names, row.facts and row.facts.industry), width=24),
        Column("economic_type", _("经济类型"), lambda row: _named(types, row.facts and row.facts.economic_type)),
        Column("size", _("规模"), lambda row: row.facts and row.facts.size),
        Column("employees", _("从业人数"), lambda row: row.facts and row.facts.employees, number=True, unit=_("人"),
               sort="enterprise__employees"),
        Column("status", _("状况"), lambda row: row.facts.status if row.facts else _("未建档")),
        Column("code", _("统一社会信用代码"), lambda row: row.place.code, shown=False, width=22),
        Column("principal", _("主要负责人"), lambda row: row.facts and row.facts.principal, shown=False),
        Column("principal_phone", _("主要负责人电话"), lambda row: row.facts and row.facts.principal_phone,
               shown=False),
        Column("safety_head", _("安全负责人"), lambda row: row.facts and row.facts.safety_head, shown=False),
        Column("safety_phone", _("安全负责人电话"), lambda row: row.facts and row.facts.safety_head_phone, shown=False),
        Column("address", _("地址"), lambda row: row.facts and row.facts.address, shown=False, width=32),
        Column("grade", _("标准化等级"), lambda row: row.facts and row.facts.standardisation, shown=False),
    )  # fmt: skip


def _choices(viewer: Viewer, tally: Tally) -> tuple[Choice, ...]:
    areas = core.places(viewer, kinds=AREAS).only("id", "name")[:MOST_AREAS]
    words = {field.key: field.choices for field in forms.form("basics").fields}
    return (
        Choice("level", _("等级"), levels(), apply=_of_levels, inline=True),
        Choice("area", _("地区"), [Option(str(area.pk), area.name) for area in areas], many=False,
               apply=lambda found, asked: selectors.under(found, viewer, int(asked[0])),
               named=lambda value: _area_name(viewer, value)),
        Choice("sector", _("行业领域"), _sectors(tally), "sector"),
        Choice("industry", _("国民经济行业"), _industries(tally), apply=selectors.in_industry, named=_industry_name),
        Choice("type", _("经济类型"), _types(), apply=selectors.of_economic_type),
        Choice("size", _("规模"), _words(words["size"]), "enterprise__size"),
        Choice("status", _("状况"), [*_words(words["status"]), Option("-", _("未建档"))], apply=_of_status),
    )  # fmt: skip


def _words(choices: Iterable[str]) -> list[Option]:
    return [Option(word, _(word)) for word in choices]


def _of_levels(rows: QuerySet[Place], asked: Sequence[str]) -> QuerySet[Place]:
    found = rows.filter(shown__level__in=[int(level) for level in asked])
    return found | rows.filter(shown=None) if "0" in asked else found


def _of_status(rows: QuerySet[Place], asked: Sequence[str]) -> QuerySet[Place]:
    found = rows.filter(enterprise__status__in=[word for word in asked if word != "-"])
    return found | rows.filter(enterprise=None) if "-" in asked else found


def _area_name(viewer: Viewer, value: str) -> str:
    if not value.isdecimal() or len(value) > 15:
        return ""
    found = core.places(viewer).filter(pk=int(value)).values_list("name", flat=True).first()
    return found or ""


def _sectors(tally: Tally) -> list[Option]:
    """The trades that there are."""
    keys = tally.offered.sectors
    return sorted((Option(key, sector_name(key)) for key in keys if key), key=lambda option: str(option.label))


def _industries(tally: Tally) -> list[Option]:
    """The divisions that there are, under their sections."""
    known = industries.load(clock.today())
    codes = tally.offered.industries
    lines = {line[1].code: line for code in codes if code and len(line := known.line(code)) > 1}
    return [Option(code, f"{line[0].code}{code} {_(line[1].name)}") for code, line in sorted(lines.items())]


def _industry_name(value: str) -> str:
    return industries.load(clock.today()).names().get(value, "")


def _types() -> list[Option]:
    return [Option(code, _(name)) for code, name in economic_types.load(clock.today()).names().items()]


def _rows(piece: Sequence[Place], near: Holding) -> list[Row]:
    return [_row(place, near) for place in piece]


def _row(place: Place, near: Holding) -> Row:
    shown = getattr(place, "shown", None)
    found = near.found.get(place.pk)
    held = _("、").join(found.holdings) if found else ""
    return Row(place, selectors.facts_of(place), shown.level if shown else 0, found.metres if found else None, held)


def _link(row: Row) -> SafeString:
    return cells.link(row.place.name, addresses.of("web:enterprise", row.place.pk))


def _level(row: Row) -> SafeString:
    return cells.level(row.level)


def _metres(row: Row) -> str:
    return said(round(row.metres)) if row.metres is not None else ""


def _named(names: dict[str, str], code: str | None) -> str:
    return _(names[code]) if code in names else code or ""


def statistics(shown: Shown, tally: Tally) -> list[dict[str, Any]]:
    """What was found by trade and level, the largest trade first, each with the address that narrows to it."""
    found: dict[str, list[int]] = {}
    for one in tally.found:
        found.setdefault(one.sector, [0] * 5)[one.level] += one.count
    told = [
        {
            "name": sector_name(sector) if sector else _("未分行业"),
            "url": shown.link({"sector": [sector]}) if sector else "",
            "levels": [(level, counts[level]) for level in (4, 3, 2, 0, 1)],
            "total": sum(counts),
        }
        for sector, counts in found.items()
    ]
    return sorted(told, key=lambda row: -row["total"])
