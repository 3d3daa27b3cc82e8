"""Public objects, people on a grid, and the wind."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
import shapely.ops
from shapely import Geometry, Point

from scripts.county.ground import SEED, Floats, at
from scripts.county.parts import Grid, Parts, rounded
from scripts.county.plots import Plot
from scripts.county.water import Water
from scripts.county.ways import Way

#: What stands on the sites of zone ``civic``, in turn: name with {town} or {street}; high-rises in the seat only.
CIVIC = (
    "{town}人民政府",
    "{town}集贸市场",
    "{town}派出所",
    "{town}文化活动中心",
    "{town}客运站",
)
SEAT = (
    "澜县人民政府",
    "澜县应急管理局",
    "澜县消防救援大队",
    "澜县公安局",
    "澜县体育馆",
    "澜县图书馆",
    "澜县文化馆",
    "澜县影院",
    "澜城汽车站",
    "澜城中心市场",
    "澜城东市场",
    "望江农贸市场",
    "望江大厦",
    "潮起大厦",
    "澜城国际大厦",
    "滨河花园",
    "观澜家园",
    "澜水湾小区",
    "朝阳公寓",
    "文昌家园",
    "新城写字楼",
    "望海楼小区",
    "澜城百货商场",
    "澜县职教中心学校",
)
SPEEDS = ((1.0, "F"), (2.0, "E"), (2.5, "D"), (4.0, "D"), (6.0, "C"), (3.0, "B"))
CELL = 500.0


@dataclass
class Thing:
    name: str
    grid: str
    shape: Geometry
    kind: str
    level: str = "low"


def public(water: Water, parts: Parts, plots: list[Plot], ways: list[Way]) -> Iterator[Thing]:
    yield from _civic(parts, [plot for plot in plots if plot.zone.startswith("civic")])
    yield from _bridges(water, parts, ways)
    yield from _tunnels(water, parts, ways)
    for name, area in (*water.reservoirs, ("苇湖", water.lake)):
        spot = min((Point(c) for c in area.exterior.coords), key=lambda p: (p.y, p.x))
        grid = _nearest(parts, spot)
        yield Thing(f"{name}大坝" if "水库" in name else f"{name}水闸", grid.key, spot, "reservoir", "general")
    for name, x, y in (
        ("澜县火车站", -2_900, 7_560),
        ("望港客运码头", -16_900, -7_000),
        ("石门灯塔公园", 18_900, -9_000),
        ("观音洞寺庙", -5_200, 21_400),
    ):
        grid = _nearest(parts, Point(x, y))
        yield Thing(name, grid.key, Point(x, y), "public")


def _civic(parts: Parts, plots: list[Plot]) -> Iterator[Thing]:
    towns = {t["key"]: t["name"] for t in parts.towns}
    number: dict[str, int] = {}
    for plot in sorted(plots, key=lambda each: each.key):
        town = plot.grid.rpartition("-")[0]
        at_ = number.get(town, 0)
        number[town] = at_ + 1
        names = SEAT if town == "chengguan" else CIVIC
        if at_ < len(names):
            yield Thing(names[at_].format(town=towns[town]), plot.grid, plot.area, "public")


def _nearest(parts: Parts, spot: Point) -> Grid:
    return min(parts.grids, key=lambda grid: grid.area.distance(spot))


def _bridges(water: Water, parts: Parts, ways: list[Way]) -> Iterator[Thing]:
    """Where main roads cross rivers."""
    seen: list[Point] = []
    count: dict[str, int] = {}
    for way in ways:
        if way.kind not in ("road_motorway", "road_primary", "road_secondary"):
            continue
        for name, area, _ in water.rivers:
            for piece in shapely.get_parts(way.line.intersection(area)):
                if piece.geom_type != "LineString" or piece.length < 9:
                    continue
                spot = piece.interpolate(0.5, normalized=True)
                if not parts.county.contains(spot) or any(spot.distance(other) < 900 for other in seen):
                    continue
                seen.append(spot)
                count[name] = count.get(name, 0) + 1
                road = "高速" if way.kind == "road_motorway" else ""
                yield Thing(
                    f"{name}{road}{'一二三四五六七八九十'[count[name] - 1]}桥",
                    _nearest(parts, spot).key,
                    piece,
                    "bridge",
                )


def _tunnels(water: Water, parts: Parts, ways: list[Way]) -> Iterator[Thing]:
    """Under the highest ground that main roads pass."""
    found: list[tuple[float, Point, Way]] = []
    for way in ways:
        if way.kind == "road_primary" and way.line.length > 700:
            for along in np.arange(300, way.line.length - 300, 100):
                spot = way.line.interpolate(along)
                if parts.county.contains(spot):
                    found.append((float(at(water.height, [spot.x], [spot.y])[0]), spot, way))
    names = iter(("云岭隧道", "青石隧道", "北岭隧道"))
    taken: list[Point] = []
    for _, spot, way in sorted(found, key=lambda each: -each[0]):
        if all(spot.distance(other) > 4_000 for other in taken):
            taken.append(spot)
            along = way.line.project(spot)
            piece = shapely.ops.substring(way.line, along - 260, along + 260)
            yield Thing(next(names), _nearest(parts, spot).key, piece, "tunnel", "general")
        if len(taken) == 3:
            return


def population(water: Water, parts: Parts, built: Geometry) -> tuple[Floats, Floats, Floats]:
    """Middles of cells of 500 m and the people in them; together the people of every grid, and so of the county."""
    west, south, east, north = parts.county.bounds
    x, y = np.meshgrid(
        np.arange(west // CELL * CELL, east, CELL) + CELL / 2, np.arange(south // CELL * CELL, north, CELL) + CELL / 2
    )
    x, y = x.ravel(), y.ravel()
    cells = shapely.box(x - CELL / 2, y - CELL / 2, x + CELL / 2, y + CELL / 2)
    share = shapely.area(shapely.intersection(cells, built)) / CELL**2
    people = np.zeros(len(x), int)
    for grid in parts.grids:
        inside = np.flatnonzero(shapely.contains_xy(grid.area, x, y))
        if len(inside) == 0:
            inside = np.array([int(np.argmin(np.hypot(x - grid.x, y - grid.y)))])
        near = np.exp(-np.hypot(x[inside] - grid.x, y[inside] - grid.y) / (650 if grid.community else 420))
        weight = share[inside] * 3 + near + 0.004
        people[inside] += rounded(weight / weight.sum() * grid.people)
    lived = people > 0
    return x[lived], y[lived], people[lived]


def wind() -> list[tuple[float, str, float, float]]:
    """Direction it blows from [degree], stability class, speed [m/s], share of the year; the shares add up to 1."""
    rng = np.random.default_rng([SEED, 140])
    angle = np.arange(16) * 22.5
    rose = (
        0.35
        + np.exp(-(((angle - 180) / 45) ** 2)) * 1.2
        + np.exp(-(((angle - 22.5) / 34) ** 2)) * 0.95
        + rng.uniform(0, 0.12, 16)
    )
    weather = np.array([0.17, 0.14, 0.2, 0.27, 0.14, 0.08])
    table = rose[:, None] / rose.sum() * weather * rng.uniform(0.85, 1.15, (16, 6))
    parts = rounded(table.ravel() / table.sum() * 100_000).reshape(16, 6) / 100_000
    return [
        (degree, stability, speed, float(parts[row, column]))
        for row, degree in enumerate(angle)
        for column, (speed, stability) in enumerate(SPEEDS)
    ]
