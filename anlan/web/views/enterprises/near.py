"""The filter "holds a substance" and "within so many metres of a place": together they find who keeps it nearby."""

import functools
import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.enterprises import selectors
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.kit.listing.filters import LONGEST_TEXT, Told
from anlan.packs.families import public_objects
from anlan.rules import distance

RADII = (500, 1000, 2000, 3000, 5000, 10000)
MOST_NEAR = 200  # places of one name or sort that are measured to
_DRAWN = ("id", "name", "kind", "west", "south", "east", "north")
_PUBLIC = ("public_object", "enterprise")
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
    around: list[Place] = field(default_factory=list)  # the nearest of them counts
    unknown: str = ""  # a place that nobody knows

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
        elif self.around:
            self._nearby(rows, float(radius))
        if not substance and not self.around:
            return rows.none() if self.unknown else rows
        return selectors.holding(rows, self.viewer, list(self.found))

    def told(self, asked: Sequence[str]) -> list[Told]:
        if not asked:
            return []
        substance, near, radius = asked
        found = []
        if substance:
            found.append(Told(_("持有：{name}").format(name=substance), {"substance": ()}))
        if self.around:
            name = self.around[0].name if len(self.around) == 1 else near
            words = _("距{name} ≤ {radius}").format(name=name, radius=said(int(radius)))
            # Translators: after "within 3 km of a school": there are so many schools, the nearest one is measured to
            words += _("（{n} 处中最近的一处）").format(n=len(self.around)) if len(self.around) > 1 else ""
            found.append(Told(words, {"near": (), "radius": ()}))
        elif near:
            found.append(Told(_("没有名为“{name}”且已画在图上的地点").format(name=near), {"near": (), "radius": ()}))
        return found

    def _resolve(self, near: str) -> None:
        """The place of that number or name, else all of that sort (学校), else all with the word in their name."""
        if not near:
            return
        drawn = core.places(self.viewer).filter(geometry__isnull=False).only(*_DRAWN)
        hits = list(drawn.filter(pk=int(near))[:1]) if near.isdecimal() and len(near) < 16 else []
        hits = hits or list(drawn.filter(name=near)[:MOST_NEAR])
        hits = hits or _of_sort(drawn, near)
        hits = hits or list((core.search_places(self.viewer, near) & drawn).order_by("name")[:MOST_NEAR])
        self.around, self.unknown = hits, "" if hits else near

    def _held(self, substance: str, radius: float) -> None:
        middles = [_middle(place) for place in self.around]
        if self.unknown:
            return
        near = (*middles[0], radius) if middles else None
        for one in selectors.holders(self.viewer, substance, near=near, others=middles[1:]):
            if one.firm is not None:
                found = self.found.setdefault(one.firm.id, Found(metres=one.metres))
                amount = one.quantity if one.quantity is not None else one.design_maximum
                found.holdings.append(f"{one.substance} {amount:g} t" if amount is not None else one.substance)

    def _nearby(self, rows: QuerySet[Place], radius: float) -> None:
        middles = {place.pk: _middle(place) for place in self.around}
        drawn = rows.filter(_around(list(middles.values()), radius), geometry__isnull=False).select_related(None)
        for place in drawn.only("id", "geometry"):
            others = (at for key, at in middles.items() if key != place.pk)
            metres = min((distance.metres(place.geometry or {}, at) for at in others), default=math.inf)
            if metres <= radius:
                self.found[place.pk] = Found(metres=metres)


def said(metres: float) -> str:
    """800 m, 2.5 km."""
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:g} km"


def _around(middles: Sequence[tuple[float, float]], radius: float) -> Q:
    """What may lie in one of the circles, by one box about them all; generous, as each is measured afterwards."""
    lon, lat = [at[0] for at in middles], [at[1] for at in middles]
    north = radius / 110_000
    east = north / max(math.cos(math.radians(max(map(abs, lat)))), 0.01)
    return Q(
        east__gte=min(lon) - east, west__lte=max(lon) + east, north__gte=min(lat) - north, south__lte=max(lat) + north
    )


def _of_sort(drawn: QuerySet[Place], word: str) -> list[Place]:
    """Every school where the word is 学校, every hospital where it is 医院: what the map marks as such."""
    known = public_objects.load(clock.today())
    sorts = [sort for sort in known.sorts if sort.name == word]
    if not sorts:
        return []
    named = functools.reduce(operator.or_, (Q(name__contains=each) for each in sorts[0].words))
    public = drawn.filter(named, kind__in=_PUBLIC)
    return [place for place in public if known.sorts[known.sort_of(place.name)] in sorts][:MOST_NEAR]


def _middle(place: Place) -> tuple[float, float]:
    found = selectors.middle(place)
    assert found is not None  # only drawn places are looked for
    return found
