"""Sites for enterprises: rectangles beside roads, of the zones and sizes that the trades ask for."""

import csv
import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Point, Polygon, box
from shapely.affinity import rotate
from shapely.ops import substring, unary_union

from scripts.county import ways as roads
from scripts.county.ground import SEED, at
from scripts.county.parts import PACK, Parts
from scripts.county.water import Water
from scripts.county.ways import Way

#: width along the road and depth [m], from and to, of a site; by zone and size where it differs
SIZES = {"L": ((330, 430), (240, 320)), "M": ((130, 180), (95, 135)), "S": ((46, 70), (38, 55))}
OWN_SIZES = {
    ("seat", "L"): ((150, 210), (120, 160)),
    ("seat", "M"): ((80, 110), (60, 85)),
    ("seat", "S"): ((36, 50), (30, 40)),
    ("town", "M"): ((80, 110), (60, 85)),
    ("town", "S"): ((34, 50), (28, 40)),
    ("civic", "S"): ((34, 48), (28, 38)),
    ("civic_seat", "S"): ((34, 48), (28, 38)),
    ("port", "L"): ((560, 700), (260, 330)),
    ("hill", "L"): ((520, 640), (380, 460)),
    ("hill", "M"): ((230, 300), (180, 240)),
    ("plain", "L"): ((1_750, 1_750), (340, 340)),
    ("tailings", "L"): ((820, 820), (640, 640)),
    ("coast", "M"): ((220, 300), (150, 200)),
    ("village", "M"): ((90, 120), (70, 90)),
    ("station", "M"): ((240, 260), (90, 110)),
}
#: how far the fence stands from the middle of the road [m]
SETBACK = {"road_primary": 24.0, "road_secondary": 19.0, "road_village": 13.0, "road_street": 14.0}
SPARE = 1.25
CIVIC = (26, 58)
STATION = (-2_900.0, 7_650.0)


@dataclass
class Plot:
    zone: str
    size: str
    grid: str
    road: str
    x: float
    y: float
    width: float
    depth: float
    angle: float
    way: int
    along: float
    gate: tuple[float, float]
    key: str = ""

    @property
    def area(self) -> Polygon:
        return rectangle(self.x, self.y, self.width, self.depth, math.radians(self.angle))


def rectangle(x: float, y: float, width: float, depth: float, turn: float) -> Polygon:
    along, behind = np.array([math.cos(turn), math.sin(turn)]), np.array([-math.sin(turn), math.cos(turn)])
    corner = np.array([x, y])
    return Polygon([corner, corner + along * width, corner + along * width + behind * depth, corner + behind * depth])


def wanted() -> Counter[tuple[str, str]]:
    """How many sites of which zone and size the trades need, with some to spare."""
    need: Counter[tuple[str, str]] = Counter()
    with (PACK / "trades.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            zones, sizes = row["zones"].split(), row["sizes"]
            for number in range(int(row["count"])):
                need[zones[number % len(zones)], sizes[number % len(sizes)]] += 1
    need = Counter(
        {key: count if key[0] in ("plain", "tailings") else math.ceil(count * SPARE) for key, count in need.items()}
    )
    need["civic_seat", "S"], need["civic", "S"] = CIVIC
    return need


class Zones:
    """Which zones a point on a road belongs to."""

    def __init__(self, water: Water, parts: Parts) -> None:
        self._height = water.height
        self._middles = {t["key"]: np.array([float(t["x"]), float(t["y"])]) for t in parts.towns}
        self._streets = {key: unary_union(roads.lattice(*plan)).convex_hull for key, plan in roads.STREETS.items()}
        self._industry = unary_union([_block(plan) for plan in roads.INDUSTRIAL])
        self._port = _block(roads.PORT).buffer(120)
        self._park = Polygon(roads.PARK)
        self._coast = water.land.boundary
        self._rivers = unary_union([line for _, _, line in water.rivers])
        self._villages = np.array([[g.x, g.y] for g in parts.grids if not g.community])
        self._all = np.array([[g.x, g.y] for g in parts.grids])
        self.tests: dict[str, Callable[[float, float, Way], bool]] = {
            "tailings": lambda x, y, w: self._in_town("qingling", x, y, 4_500) and self.high(x, y) > 55,
            "plain": lambda x, y, w: (
                self.high(x, y) < 30
                and self.near(self._all, x, y) > 700
                and abs(x - 6_000) < 9_000
                and 6_000 < y < 14_000
            ),
            "chempark": lambda x, y, w: self._park.contains(Point(x, y)) and w.name.startswith("园区"),
            "port": lambda x, y, w: self._port.contains(Point(x, y)),
            "industrial": lambda x, y, w: w.name.startswith("工业"),
            "station": lambda x, y, w: math.hypot(x - STATION[0], y - STATION[1]) < 1_900,
            "seat": lambda x, y, w: self._streets["chengguan"].contains(Point(x, y)),
            "civic_seat": lambda x, y, w: self._town(x, y) == "chengguan",
            "civic": lambda x, y, w: self._town(x, y) not in ("", "chengguan"),
            "town": lambda x, y, w: self._town(x, y) not in ("", "chengguan"),
            "remote": lambda x, y, w: (
                self.near(self._all, x, y) > 1_000 and 12 < self.high(x, y) < 200 and w.kind == "road_village"
            ),
            "hill": lambda x, y, w: self.high(x, y) > 48 and self.near(self._all, x, y) > 450,
            "coast": lambda x, y, w: (
                self._coast.distance(Point(x, y)) < 2_000 and not self._port.buffer(900).contains(Point(x, y))
            ),
            "riverside": lambda x, y, w: self._rivers.distance(Point(x, y)) < 650 and self.high(x, y) < 40,
            "townedge": self._edge,
            "village": lambda x, y, w: 130 < self.near(self._villages, x, y) < 800 and w.kind != "road_primary",
            "road": lambda x, y, w: (
                w.kind == "road_primary" and not self._town(x, y) and self.near(self._all, x, y) > 350
            ),
        }

    def high(self, x: float, y: float) -> float:
        return float(at(self._height, [x], [y])[0])

    @staticmethod
    def near(spots: np.ndarray, x: float, y: float) -> float:
        return float(np.min(np.hypot(spots[:, 0] - x, spots[:, 1] - y)))

    def _town(self, x: float, y: float) -> str:
        spot = Point(x, y)
        return next((key for key, area in self._streets.items() if area.contains(spot)), "")

    def _in_town(self, key: str, x: float, y: float, reach: float) -> bool:
        return 1_300 < math.dist(self._middles[key], (x, y)) < reach

    def _edge(self, x: float, y: float, way: Way) -> bool:
        middle = self.near(np.array(list(self._middles.values())), x, y)
        return 700 < middle < 3_300 and not self._town(x, y) and not self._industry.contains(Point(x, y))


def _block(plan: tuple[tuple[float, float], int, int, float, float]) -> Polygon:
    (x, y), across, up, size, turn = plan
    area = box(
        x * 1000 - across * size / 2, y * 1000 - up * size / 2, x * 1000 + across * size / 2, y * 1000 + up * size / 2
    )
    return rotate(area, turn, origin=(x * 1000, y * 1000)).buffer(120)


class Free:
    """What ground is taken already, found by squares of a kilometre."""

    def __init__(self, taken: list[Polygon]) -> None:
        self._squares: dict[tuple[int, int], list[Polygon]] = defaultdict(list)
        for area in taken:
            self.take(area)

    def take(self, area: Polygon) -> None:
        for square in self._of(area):
            self._squares[square].append(area)

    def is_free(self, area: Polygon) -> bool:
        return not any(area.intersects(other) for square in self._of(area) for other in self._squares[square])

    @staticmethod
    def _of(area: Polygon) -> Iterator[tuple[int, int]]:
        west, south, east, north = (int(each // 1_000) for each in area.bounds)
        return ((x, y) for x in range(west, east + 1) for y in range(south, north + 1))


def _obstacles(water: Water, ways: list[Way], lines: list[LineString]) -> list[Polygon]:
    found = [each for area in water.wet() for each in shapely.get_parts(area.buffer(12))]
    found = [piece for area in found for piece in _split(area)]
    for way in ways:
        half = {"road_motorway": 40.0, "road_link": 16.0}.get(way.kind, SETBACK.get(way.kind, 12.0) - 4.0)
        found.append(way.line.buffer(half))
    found += [line.buffer(28) for line in lines]
    for x, y, width, depth in ((-8_300, -5_550, 900, 640), (-7_150, -5_450, 900, 640), (-8_100, -4_550, 900, 640)):
        found.append(box(x, y, x + width, y + depth).buffer(8))
    return found


def _split(area: Polygon) -> list[Polygon]:
    """A large area in pieces of a few kilometres, so that they are quick to test."""
    west, south, east, north = area.bounds
    tiles = [
        box(x, y, x + 2_000, y + 2_000) for x in np.arange(west, east, 2_000) for y in np.arange(south, north, 2_000)
    ]
    return [each for each in (area.intersection(tile) for tile in tiles) if each.area > 0]


def draw(water: Water, parts: Parts, ways: list[Way], lines: list[LineString]) -> list[Plot]:
    zones, free = Zones(water, parts), Free(_obstacles(water, ways, lines))
    rng = np.random.default_rng([SEED, 120])
    spots = list(_spots(ways))
    order = rng.permutation(len(spots))
    found: list[Plot] = []
    need = wanted()
    land = water.land.buffer(-60)
    shapely.prepare(land)
    for zone, test in zones.tests.items():
        here = [spots[n] for n in order if test(*spots[n][:2], ways[spots[n][2]])]
        for size in "LMS":
            left, steep = need[zone, size], 0.5 if zone in ("hill", "tailings") else 0.11
            for x, y, number, along, turn in here:
                if left <= 0:
                    break
                plot = _plot(zone, size, (x, y, number, along, turn), ways[number], rng)
                if _good(plot, parts, free, land, water, steep):
                    free.take(plot.area.buffer(7))
                    found.append(plot)
                    left -= 1
            if left > 0:
                pass
    for number, plot in enumerate(found):
        plot.key = f"{plot.zone}-{number + 1:03d}"
    return found


def _spots(ways: list[Way]) -> Iterator[tuple[float, float, int, float, float]]:
    """Points along both sides of every road where a site could open: x, y, way, distance along it, heading."""
    for number, way in enumerate(ways):
        if way.kind not in SETBACK:
            continue
        for along in np.arange(22.0, way.line.length - 15, 44.0):
            spot, ahead = way.line.interpolate(along), way.line.interpolate(along + 2)
            turn = math.atan2(ahead.y - spot.y, ahead.x - spot.x)
            yield spot.x, spot.y, number, float(along), turn
            yield spot.x, spot.y, number, float(along), turn + math.pi


def _plot(
    zone: str, size: str, spot: tuple[float, float, int, float, float], way: Way, rng: np.random.Generator
) -> Plot:
    x, y, number, along, turn = spot
    widths, depths = OWN_SIZES.get((zone, size), SIZES[size])
    width, depth = round(rng.uniform(*widths)), round(rng.uniform(*depths))
    back = SETBACK[way.kind]
    behind = np.array([-math.sin(turn), math.cos(turn)])
    gate = np.array([x, y]) + behind * back
    corner = gate - np.array([math.cos(turn), math.sin(turn)]) * width / 2
    degrees = round(math.degrees(turn) % 360, 2)
    return Plot(
        zone,
        size,
        "",
        way.name,
        round(corner[0], 1),
        round(corner[1], 1),
        width,
        depth,
        degrees,
        number,
        along,
        tuple(gate),
    )


def _good(plot: Plot, parts: Parts, free: Free, land: Polygon, water: Water, steep: float) -> bool:
    area = plot.area
    if not free.is_free(area) or not land.contains(area):
        return False
    corners = np.array(area.exterior.coords)
    heights = at(water.height, *corners.T)
    if np.ptp(heights) > steep * math.hypot(plot.width, plot.depth):
        return False
    if plot.zone == "chempark":
        plot.grid = "park"
        return Polygon(roads.PARK).contains(area)
    grid = parts.grid_at(*area.centroid.coords[0])
    if grid is None or not grid.area.contains(area):
        return False
    plot.grid = grid.key
    return True


def joined(ways: list[Way], plots: list[Plot]) -> list[Way]:
    """The roads with a short access road to every site's gate."""
    cuts: dict[int, set[float]] = defaultdict(set)
    for plot in plots:
        cuts[plot.way].add(plot.along)
    found = []
    for number, way in enumerate(ways):
        marks = [0.0, *sorted(cuts[number]), way.line.length]
        pieces = [substring(way.line, a, b) for a, b in itertools.pairwise(marks)]
        found += [Way(way.kind, way.name, _rounded(piece)) for piece in pieces]
    for plot in plots:
        spot = ways[plot.way].line.interpolate(plot.along)
        found.append(Way("road_access", "", _rounded(LineString([spot, plot.gate]))))
    return found


def _rounded(line: LineString) -> LineString:
    return LineString(np.round(shapely.get_coordinates(line), 1))
