"""An invented list for the style page, with every kind of column and filter that a list has."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from anlan.kit import clock, listing
from anlan.kit.listing import Choice, Column, Dates, Empty, Listing, Option, Shown, Text, cells
from anlan.rules.levels import ORDER

SPAN = timedelta(hours=7)


@dataclass(frozen=True)
class Specimen:
    pk: int
    name: str
    kind: str
    level: int
    quantity: float | None
    since: datetime


def rows() -> list[Specimen]:
    """Forty invented tanks and vessels."""
    kinds, start = (_("储罐"), _("反应器"), _("压力管道")), clock.now()
    return [
        Specimen(
            at,
            _("{kind} {number} 号").format(kind=kinds[at % 3], number=at),
            kinds[at % 3],
            int(ORDER[at * 7 % 5]),
            None if at % 9 == 0 else at * 37 % 100 / 4,
            start - at * SPAN,
        )
        for at in range(1, 41)
    ]


def spec() -> Listing:
    kinds = sorted({row.kind for row in rows()})
    return Listing(
        name="specimen",
        title=_("设备清单"),
        columns=(
            Column("name", _("名称"), lambda row: row.name, sort="name"),
            Column("level", _("等级"), lambda row: row.level, html=lambda row: cells.level(row.level), sort="level"),
            Column("kind", _("类别"), lambda row: row.kind, sort="kind"),
            Column("quantity", _("存量"), lambda row: row.quantity, sort="quantity", number=True, unit="t"),
            Column("since", _("自"), lambda row: row.since, sort="since"),
            Column("number", _("编号"), lambda row: row.pk, sort="number", number=True, shown=False),
        ),
        filters=(
            Text(_("名称"), apply=lambda found, text: [row for row in found if text in row.name]),
            Choice("level", _("等级"), listing.levels(), "level", inline=True),
            Choice("kind", _("类别"), [Option(kind, kind) for kind in kinds], "kind"),
            Dates("since", _("时间"), "since"),
        ),
        sort="-since",
        empty=Empty(_("没有设备"), _("登记设备后会列在这里。")),
        page_size=8,
    )


def shown(request: HttpRequest) -> Shown:
    return listing.show(request, spec(), rows())


def part(request: HttpRequest) -> HttpResponseBase | None:
    """The answer where the list alone, or a file of it, is asked for."""
    if "format" in request.GET or request.headers.get("HX-Target") == "listing-specimen-body":
        return listing.answer(request, spec(), rows(), "web/style.html")
    return None
