"""What lies inside an enterprise: areas that divide its site, units of large ones, risk points with their objects."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from anlan.cli.demonstration.lan.dice import Dice
from anlan.cli.demonstration.lan.ground import Ground
from anlan.cli.demonstration.lan.model import PlacePlan
from anlan.packs.families.county import County, Site, Trade
from anlan.packs.families.sector import ObjectTemplate

#: How far areas keep from the fence, and from each other, as shares of the site.
FENCE, ALLEY = 0.03, 0.02

Box = tuple[float, float, float, float]  # west, south, width, depth, as shares of the site


@dataclass(frozen=True)
class Instance:
    """One object of a template; ``number`` from 1, 0 when there is only one."""

    template: ObjectTemplate
    number: int

    @property
    def name(self) -> str:
        return f"{self.number}号{self.template.name}" if self.number else self.template.name


class Layout:
    """Turns shares of a site into geometries."""

    def __init__(self, ground: Ground, site: Site) -> None:
        self._ground, self._site = ground, site
        turn = math.radians(site.angle)
        self._along, self._behind = (math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))

    def outline(self) -> dict[str, Any]:
        return self.box((0, 0, 1, 1))

    def box(self, box: Box) -> dict[str, Any]:
        west, south, width, depth = box
        corners = [(west, south), (west + width, south), (west + width, south + depth), (west, south + depth)]
        ring = [self._degrees(u, v) for u, v in [*corners, corners[0]]]
        return {"type": "Polygon", "coordinates": [ring]}

    def spot(self, u: float, v: float) -> dict[str, Any]:
        return {"type": "Point", "coordinates": self._degrees(u, v)}

    def _degrees(self, u: float, v: float) -> list[float]:
        x, y = u * self._site.width, v * self._site.depth
        return self._ground.degrees(
            self._site.x + x * self._along[0] + y * self._behind[0],
            self._site.y + x * self._along[1] + y * self._behind[1],
        )


def instances(county: County, trade: Trade, size: str, objects: Sequence[ObjectTemplate], dice: Dice) -> list[Instance]:
    """The objects of an enterprise: those of its trade, fewer in a small one, several of a kind in a large one."""
    mine = [each for each in objects if each.parent_kind in trade.parents]
    low, high = county.sizes[size].points
    wanted = dice.whole(low, high)
    if wanted <= len(mine):
        kept = sorted(dice.shuffled(range(1, len(mine)))[: wanted - 1])
        return [Instance(mine[number], 0) for number in (0, *kept)]
    several = [each for each in mine if each.class_ in county.numbered] or mine
    counts = {each.code: 1 for each in mine}
    for extra in range(min(wanted - len(mine), 3 * len(several))):
        counts[several[extra % len(several)].code] += 1
    return [
        Instance(each, number if counts[each.code] > 1 else 0)
        for each in mine
        for number in range(1, counts[each.code] + 1)
    ]


def inside(county: County, top: PlacePlan, layout: Layout, found: Sequence[Instance]) -> Iterator[PlacePlan]:
    """Areas, units and risk points below ``top``, parents first. A school has its risk points right below it."""
    if top.kind == "public_object":
        yield from _points(top.key, layout, (0.0, 0.0, 1.0, 1.0), list(enumerate(found)), top.key)
        return
    parents = list(dict.fromkeys(each.template.parent_kind for each in found))
    shares = [sum(each.template.parent_kind == parent for each in found) for parent in parents]
    for number, (parent, box) in enumerate(zip(parents, _divided(shares), strict=True)):
        key = f"{top.key}/{number + 1}"
        yield PlacePlan(key, top.key, "area", county.areas.get(parent, parent), geometry=layout.box(box))
        here = [(at, each) for at, each in enumerate(found) if each.template.parent_kind == parent]
        yield from _units(key, layout, box, here, top.key)


def _units(area: str, layout: Layout, box: Box, here: list[tuple[int, Instance]], top: str) -> Iterator[PlacePlan]:
    """Objects of which there are several make a unit of their own; the others lie in the area itself."""
    spots = _spots(box, len(here))
    units: dict[str, str] = {}
    for (_, each), _spot in zip(here, spots, strict=True):
        if each.number == 1:
            units[each.template.code] = key = f"{area}-{each.template.code}"
            yield PlacePlan(key, area, "unit", f"{each.template.name}单元")
    for (at, each), spot in zip(here, spots, strict=True):
        yield _point(
            f"{top}#{at + 1}", units.get(each.template.code, area) if each.number else area, each, layout, spot
        )


def _points(parent: str, layout: Layout, box: Box, here: list[tuple[int, Instance]], top: str) -> Iterator[PlacePlan]:
    for (at, each), spot in zip(here, _spots(box, len(here)), strict=True):
        yield _point(f"{top}#{at + 1}", parent, each, layout, spot)


def _point(key: str, parent: str, each: Instance, layout: Layout, spot: tuple[float, float]) -> PlacePlan:
    return PlacePlan(key, parent, "risk_point", each.name, geometry=layout.spot(*spot), object=each.template.code)


def _divided(shares: Sequence[int]) -> list[Box]:
    """The site divided into boxes, each as large as its share, by halving the longer side again and again."""
    whole = (FENCE, FENCE, 1 - 2 * FENCE, 1 - 2 * FENCE)
    boxes = dict(_halved(whole, list(enumerate(shares)), across=True))
    return [boxes[number] for number in range(len(shares))]


def _halved(box: Box, parts: list[tuple[int, int]], *, across: bool) -> Iterable[tuple[int, Box]]:
    if len(parts) == 1:
        yield parts[0][0], box
        return
    middle = len(parts) // 2
    share = sum(size for _, size in parts[:middle]) / sum(size for _, size in parts)
    share = min(max(share, 0.28), 0.72)
    west, south, width, depth = box
    if across:
        first = (west, south, width * share - ALLEY / 2, depth)
        second = (west + width * share + ALLEY / 2, south, width * (1 - share) - ALLEY / 2, depth)
    else:
        first = (west, south, width, depth * share - ALLEY / 2)
        second = (west, south + depth * share + ALLEY / 2, width, depth * (1 - share) - ALLEY / 2)
    yield from _halved(first, parts[:middle], across=not across)
    yield from _halved(second, parts[middle:], across=not across)


def _spots(box: Box, count: int) -> list[tuple[float, float]]:
    """So many places in rows inside a box."""
    west, south, width, depth = box
    columns = max(1, math.ceil(math.sqrt(count)))
    rows = math.ceil(count / columns)
    return [
        (west + width * (n % columns + 0.5) / columns, south + depth * (n // columns + 0.5) / rows)
        for n in range(count)
    ]
