"""The filter "holds a substance" and "within so many metres of a place": together they find who keeps it nearby."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors
from anlan.kit.grants import Viewer
from anlan.kit.listing.filters import LONGEST_TEXT, Told
from anlan.rules import distance

RADII = (500, 1000, 2000, 3000, 5000, 10000)
USUAL = 3000


@dataclass
class Found:
    """What was found for one enterprise: holdings in words, and how far [m]."""

    holdings: list[str] = field(default_factory=list)
    metres: float | None = None


@dataclass
class Holding:
    """Reads ``substance``, ``near`` (a name, a code or the number of a place) and ``radius`` [m]."""

    viewer: Viewer
    key: str = "holding"
    template: str = "web/enterprises/near.html"
    found: dict[int, Found] = field(default_factory=dict)
    around: Place | None = None
    unknown: str = ""  # a place that nobody knows
    others: int = 0  # how many places go by that name besides

    @property
    def keys(self) -> tuple[str, ...]:
        return ("substance", "near", "radius")

    @property
    def radii(self) -> list[tuple[int, str]]:
        return [(metres, said(metres)) for metres in RADII]

    def read(self, query: QueryDict) -> Sequence[str]:
        substance, near = (" ".join(query.get(key, "").split())[:LONGEST_TEXT] for key in ("substance", "near"))
        given = query.get("radius", "")
        radius = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else USUAL
        self._resolve(near)
        return (substance, near, str(max(radius, 1))) if substance or near else ()

    def narrow(self, rows: Any, asked: Sequence[str]) -> Any:
        substance, _near, radius = asked
        if substance:
            self._held(substance, float(radius))
        elif self.around is not None:
            self._nearby(rows, float(radius))
        if not substance and self.around is None:
            return rows.none() if self.unknown else rows
        return selectors.holding(rows, self.viewer, list(self.found))

    def told(self, asked: Sequence[str]) -> list[Told]:
        if not asked:
            return []
        substance, near, radius = asked
        found = []
        if substance:
            found.append(Told(_("持有：{name}").format(name=substance), {"substance": ()}))
        if self.around is not None:
            words = _("距{name} ≤ {radius}").format(name=self.around.name, radius=said(int(radius)))
            words += _("（同名还有 {n} 处）").format(n=self.others) if self.others else ""
            found.append(Told(words, {"near": (), "radius": ()}))
        elif near:
            found.append(Told(_("没有名为“{name}”且已画在图上的地点").format(name=near), {"near": (), "radius": ()}))
        return found

    def _resolve(self, near: str) -> None:
        if not near:
            return
        drawn = core.places(self.viewer).filter(geometry__isnull=False)
        hits = list(drawn.filter(pk=int(near))[:1]) if near.isdecimal() and len(near) < 16 else []
        hits = hits or list(drawn.filter(name=near)[:20])
        hits = hits or list((core.search_places(self.viewer, near) & drawn).order_by("name")[:20])
        self.around, self.others = (hits[0], len(hits) - 1) if hits else (None, 0)
        self.unknown = "" if hits else near

    def _held(self, substance: str, radius: float) -> None:
        near = (*_middle(self.around), radius) if self.around is not None else None
        if self.unknown:
            return
        for one in selectors.holders(self.viewer, substance, near=near):
            if one.firm is not None:
                found = self.found.setdefault(one.firm.id, Found(metres=one.metres))
                amount = one.quantity if one.quantity is not None else one.design_maximum
                found.holdings.append(f"{one.substance} {amount:g} t" if amount is not None else one.substance)

    def _nearby(self, rows: QuerySet[Place], radius: float) -> None:
        assert self.around is not None
        at = _middle(self.around)
        drawn = rows.filter(_around(at, radius), geometry__isnull=False).select_related(None)
        for place in drawn.only("id", "geometry"):
            metres = distance.metres(place.geometry or {}, at)
            if metres <= radius and place.pk != self.around.pk:
                self.found[place.pk] = Found(metres=metres)


def said(metres: float) -> str:
    """800 m, 2.5 km."""
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:g} km"


def _around(at: tuple[float, float], radius: float) -> Q:
    """What may lie in a circle, by the boxes of places; generous, as each is measured afterwards."""
    north = radius / 110_000
    east = north / max(math.cos(math.radians(at[1])), 0.01)
    return Q(east__gte=at[0] - east, west__lte=at[0] + east, north__gte=at[1] - north, south__lte=at[1] + north)


def _middle(place: Place) -> tuple[float, float]:
    found = selectors.middle(place)
    assert found is not None  # only drawn places are looked for
    return found
