"""The county's border, its towns, and the grids that tile each town exactly."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.ops import linemerge, polygonize, unary_union

from scripts.county.ground import SEED, Floats, at
from scripts.county.water import Water

PACK = Path(__file__).resolve().parents[2] / "anlan" / "packs" / "demo" / "lan"
#: how many grids a town has, and how many of them lie in its middle
GRIDS = {
    "chengguan": (14, 7),
    "shagang": (10, 2),
    "weiwan": (10, 2),
    "wanggang": (11, 3),
    "shimen": (9, 2),
    "liuhe": (10, 2),
    "dongpo": (10, 2),
    "yantan": (9, 1),
    "qingling": (9, 1),
    "yunshan": (9, 1),
    "shiqiao": (10, 2),
    "beiling": (9, 1),
}
COMMUNITIES = ["东街", "西街", "南门", "北关", "望江", "文昌", "朝阳", "新城", "河滨", "迎春"]
VILLAGES = {
    "chengguan": "柳林 河湾 大桥 东园 前营 后营 双井",
    "shagang": "沙岗 盐场 芦滩 新立 沙河 海堤 五间房 小洼",
    "weiwan": "芦花 苇塘 鹤鸣 水口 长堤 雁滩 月牙泡 圈河",
    "wanggang": "渔港 望海 老坨 滨海 三岔 沙坨子 盐田 红滩",
    "shimen": "石门 礁头 海蛎 东屿 南湾 灯塔 松岭",
    "liuhe": "柳河 杨树 枣园 新河 大榆 平桥 刘家 北甸",
    "dongpo": "东坡 果园 梨树 双山 红旗 前坡 马营 黄土坎",
    "yantan": "盐滩 白滩 西滩 卤水 新建 大洼 拉拉屯 旱台",
    "qingling": "青岭 铁山 矿口 桦树 黑石 上沟 下沟 石灰窑",
    "yunshan": "云山 松树 水源 上坪 下坪 竹溪 观音洞 半拉山",
    "shiqiao": "石桥 采石 崖下 大石 河口 青石 双桥 板石",
    "beiling": "北岭 岭上 岭后 栗园 冷泉 望县 羊角 野狼沟",
}


@dataclass
class Grid:
    """A grid of a town with the settlement in it."""

    key: str
    town: str
    name: str
    community: bool
    x: float
    y: float
    people: int = 0
    area: Polygon = field(default_factory=Polygon)


@dataclass
class Parts:
    towns: list[dict[str, str]]
    grids: list[Grid]
    areas: dict[str, Polygon]  # of the towns
    county: Polygon

    def grid_at(self, x: float, y: float) -> Grid | None:
        spot = Point(x, y)
        return next((each for each in self.grids if each.area.contains(spot)), None)


def towns() -> list[dict[str, str]]:
    with (PACK / "towns.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _border(water: Water) -> Polygon:
    rng = np.random.default_rng([SEED, 90])

    def edge(first: tuple[float, float], last: tuple[float, float]) -> list[tuple[float, float]]:
        share = np.linspace(0, 1, 60)
        swing = sum(
            h * np.sin(2 * np.pi * share * n + rng.uniform(0, 6.28))
            for n, h in ((1.5, 900), (4, 420), (9, 190), (17, 90))
        )
        swing = swing * np.minimum(1, np.minimum(share, 1 - share) * 8)
        across = np.array([-(last[1] - first[1]), last[0] - first[0]])
        across = across / np.hypot(*across)
        points = np.array(first) + share[:, None] * (np.array(last) - np.array(first)) + swing[:, None] * across
        return [tuple(point) for point in points]

    corners = [
        (-24_600, -24_000),
        (-25_200, 13_500),
        (-21_500, 27_500),
        (-2_000, 30_800),
        (14_500, 30_200),
        (23_300, 20_500),
        (24_400, -24_000),
    ]
    ring: list[tuple[float, float]] = []
    for first, last in zip(corners, [*corners[1:], corners[0]], strict=True):
        ring += edge(first, last)[:-1]
    return Polygon(ring).buffer(0).intersection(water.land).buffer(0)


def _dust(water: Water, county: Polygon) -> Floats:
    """Points whose Voronoi cells are the crumbs that grids are made of: dense in the towns."""
    rng = np.random.default_rng([SEED, 91])
    west, south, east, north = county.bounds
    found = []
    for step, near in ((430.0, None), (150.0, 1_700.0)):
        x, y = np.meshgrid(np.arange(west, east, step), np.arange(south, north, step))
        points = np.column_stack([x.ravel(), y.ravel()]) + rng.uniform(-0.42, 0.42, (x.size, 2)) * step
        middles = np.array([[float(t["x"]), float(t["y"])] for t in towns()])
        distance = cKDTree(middles).query(points)[0]
        found.append(points[(distance > 1_700.0) if near is None else (distance <= near)])
    return np.vstack(found)


def _crumbs(points: Floats, county: Polygon) -> tuple[list[Polygon], Floats]:
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(points), extend_to=county.envelope.buffer(3_000)))
    cells = shapely.set_precision(cells, 0.1)
    shapely.prepare(county)
    whole = shapely.contains_properly(county, cells)
    cut = np.where(whole, cells, shapely.intersection(cells, shapely.set_precision(county, 0.1)))
    keep = shapely.area(cut) > 1.0
    cells = list(cut[keep])
    return cells, shapely.get_coordinates(shapely.point_on_surface(cut[keep]))


def _side(water: Water, points: Floats) -> Floats:
    """Which bank of the main river a point lies on."""
    line = shapely.get_coordinates(water.rivers[0][2])
    order = np.argsort(line[:, 1])
    return np.sign(points[:, 0] - np.interp(points[:, 1], line[order, 1], line[order, 0]))


def _to_towns(water: Water, middles: Floats) -> Floats:
    found = towns()
    seats = np.array([[float(t["x"]), float(t["y"])] for t in found])
    distance = np.hypot(middles[:, None, 0] - seats[None, :, 0], middles[:, None, 1] - seats[None, :, 1])
    other = _side(water, middles)[:, None] != _side(water, seats)[None, :]
    pull = np.array([1.12 if t["character"] == "seat" else 1.0 for t in found])
    return np.argmin(distance / pull + 2_600 * other, axis=1)


def _seeds(town: dict[str, str], middles: Floats, water: Water) -> list[tuple[float, float, bool]]:
    """Where the town's settlements lie: some in its middle, villages as far from each other as can be."""
    count, inner = GRIDS[town["key"]]
    x, y = float(town["x"]), float(town["y"])
    rng = np.random.default_rng([SEED, 92, int(town["code"][-3:])])
    reach = 1_250 if inner > 3 else 480 if inner > 1 else 0
    turn = rng.uniform(0, 6.28)
    found = [
        (x + reach * np.cos(turn + 6.283 * n / inner), y + reach * np.sin(turn + 6.283 * n / inner), True)
        for n in range(inner)
    ]
    if inner > 3:
        found[0] = (x, y, True)
    slope = np.hypot(*np.gradient(water.height, 100.0))
    wet = unary_union(water.wet()).buffer(180)
    good = middles[(at(slope, *middles.T) < 0.16) & ~shapely.contains_xy(wet, *middles.T)]
    good = good[shapely.contains_xy(water.land.buffer(-450), *good.T)]
    near = cKDTree(good).query(good, k=9)[0][:, -1]
    good = good[near < 1_200]
    chosen = np.array([[x, y]])
    good = good[np.hypot(good[:, 0] - x, good[:, 1] - y) > (2_300 if inner > 3 else 1_500)]
    while len(found) < count:
        far = np.min(np.hypot(good[:, None, 0] - chosen[None, :, 0], good[:, None, 1] - chosen[None, :, 1]), axis=1)
        best = good[int(np.argmax(far * rng.uniform(0.72, 1.0, len(far)) - 8_000 * at(slope, *good.T)))]
        found.append((float(best[0]), float(best[1]), False))
        chosen = np.vstack([chosen, best])
    return [*found[:inner], *_evened(found[inner:], found[:inner], good, middles)]


def _evened(
    villages: list[tuple[float, float, bool]], inner: list[tuple[float, float, bool]], good: Floats, middles: Floats
) -> list[tuple[float, float, bool]]:
    """Villages moved to the middle of what is nearest to them (Lloyd), then to where one can build."""
    fixed = np.array([each[:2] for each in inner])
    spots = np.array([each[:2] for each in villages])
    for _ in range(8):
        nearest = cKDTree(np.vstack([spots, fixed])).query(middles)[1]
        spots = np.array([middles[nearest == n].mean(axis=0) for n in range(len(spots))])
    tree = cKDTree(good)
    rng = np.random.default_rng([SEED, 94, len(good)])
    spots = spots + rng.uniform(-380, 380, spots.shape)
    return [(float(good[n][0]), float(good[n][1]), False) for n in tree.query(spots)[1]]


def _smooth(points: Floats) -> Floats:
    """Corner cutting, the ends kept."""
    for _ in range(2):
        first, last = points[:-1], points[1:]
        cut = np.empty((2 * len(first), 2))
        cut[0::2], cut[1::2] = first * 0.75 + last * 0.25, first * 0.25 + last * 0.75
        points = np.vstack([points[:1], cut[1:-1], points[-1:]])
    return points


def _shared(areas: list[Polygon], county: Polygon) -> list[Polygon]:
    """The same areas with smoother borders, still tiling the county exactly: borders are smoothed once for both."""
    lines = unary_union([each.boundary for each in areas])
    merged = linemerge(lines) if lines.geom_type != "LineString" else lines
    coast = county.boundary.buffer(2.0)
    shapely.prepare(coast)
    arcs = []
    for arc in shapely.get_parts(merged):
        if arc.is_ring or coast.contains(arc):
            arcs.append(arc.simplify(3) if not arc.is_ring else arc)
        else:
            coarse = shapely.get_coordinates(arc.simplify(150))
            arcs.append(LineString(_smooth(coarse)).simplify(6))
    faces = list(polygonize(unary_union([shapely.set_precision(arc, 0.1) for arc in arcs])))
    tree = shapely.STRtree(areas)
    owned: dict[int, list[Polygon]] = {}
    for face in faces:
        spot = face.representative_point()
        hits = [n for n in tree.query(spot) if areas[n].contains(spot)]
        owner = hits[0] if hits else int(tree.nearest(spot))
        if county.buffer(30).contains(spot):
            owned.setdefault(owner, []).append(face)
    return [unary_union(owned[n]) for n in range(len(areas))]


def draw(water: Water) -> Parts:
    county = _border(water)
    crumbs, middles = _crumbs(_dust(water, county), county)
    of_town = _to_towns(water, middles)
    grids: list[Grid] = []
    owner = np.full(len(crumbs), -1)
    for number, town in enumerate(towns()):
        here = np.flatnonzero(of_town == number)
        seeds = _seeds(town, middles[here], water)
        spots = np.array([seed[:2] for seed in seeds])
        nearest = cKDTree(spots).query(middles[here])[1]
        owner[here] = len(grids) + nearest
        grids += _named(town, seeds)
    areas = [
        unary_union([crumbs[n] for n in np.flatnonzero(owner == number)]).buffer(0) for number in range(len(grids))
    ]
    for grid, area in zip(grids, _shared(areas, county), strict=True):
        grid.area = area
    _peopled(grids)
    of = {t["key"]: unary_union([g.area for g in grids if g.town == t["key"]]) for t in towns()}
    return Parts(towns(), grids, of, unary_union(list(of.values())))


def _named(town: dict[str, str], seeds: list[tuple[float, float, bool]]) -> list[Grid]:
    villages = iter(VILLAGES[town["key"]].split())
    streets = iter(COMMUNITIES)
    short = town["name"][:-1]
    found = []
    for number, (x, y, inner) in enumerate(seeds):
        name = f"{next(streets) if GRIDS[town['key']][1] > 1 else short}社区" if inner else f"{next(villages)}村"
        found.append(Grid(f"{town['key']}-{number + 1:02d}", town["key"], name, inner, x, y))
    return found


def _peopled(grids: list[Grid]) -> None:
    """People of each grid, adding up to its town's."""
    for town in towns():
        mine = [grid for grid in grids if grid.town == town["key"]]
        rng = np.random.default_rng([SEED, 93, int(town["code"][-3:])])
        weights = np.array([(5.5 if grid.community else 1.0) * rng.uniform(0.7, 1.3) for grid in mine])
        exact = weights / weights.sum() * int(town["population"])
        for grid, people in zip(mine, rounded(exact), strict=True):
            grid.people = int(people)


def rounded(exact: Floats) -> Floats:
    """Whole numbers with the same sum (largest remainders)."""
    floor = np.floor(exact)
    short = round(exact.sum() - floor.sum())
    floor[np.argsort(floor - exact, kind="stable")[:short]] += 1
    return floor.astype(int)
