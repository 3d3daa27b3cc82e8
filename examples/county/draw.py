"""Draws the invented county: its base map and the outlines of county, towns, park and coastal zone.

    python examples/county/draw.py

Everything is made from a few curves and one fixed seed, in metres east and north of the county's origin, and written
as GeoJSON into ``anlan/packs/demo``. The origin lies in the middle of the Yellow Sea, where there is no land, so that
no real place can be taken for it.
"""

import json
import math
from pathlib import Path

import numpy as np

OUT = Path(__file__).resolve().parents[2] / "anlan" / "packs" / "demo"
ORIGIN = (124.0, 36.0)  # longitude, latitude [degree]; the same as in county.yaml
METRES = 111_320.0  # of one degree of latitude
RNG = np.random.default_rng(990_221)
Points = list[tuple[float, float]]


def degrees(point: tuple[float, float]) -> list[float]:
    """Longitude and latitude of metres east and north of the origin."""
    x, y = point
    along = METRES * math.cos(math.radians(ORIGIN[1]))
    return [round(ORIGIN[0] + x / along, 6), round(ORIGIN[1] + y / METRES, 6)]


def wave(x: np.ndarray, scales: list[tuple[float, float]]) -> np.ndarray:
    """A smooth irregular line: sines of (length, height) [m] with random phases."""
    total = np.zeros_like(x)
    for length, height in scales:
        total += height * np.sin(2 * np.pi * x / length + RNG.uniform(0, 2 * np.pi))
    return total


def feature(kind: str, geometry: str, coordinates: object, name: str = "") -> dict[str, object]:
    properties = {"class": kind} | ({"name": name} if name else {})
    return {"type": "Feature", "properties": properties, "geometry": {"type": geometry, "coordinates": coordinates}}


def polygon(kind: str, ring: Points, name: str = "") -> dict[str, object]:
    return feature(kind, "Polygon", [[degrees(p) for p in [*ring, ring[0]]]], name)


def line(kind: str, points: Points, name: str = "") -> dict[str, object]:
    return feature(kind, "LineString", [degrees(p) for p in points], name)


def label(kind: str, at: tuple[float, float], name: str) -> dict[str, object]:
    return feature(kind, "Point", degrees(at), name)


def blob(centre: tuple[float, float], radius: tuple[float, float], rough: float, corners: int = 28) -> Points:
    """A rounded irregular patch."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    bump = 1 + rough * (np.sin(3 * angle + RNG.uniform(0, 6)) + 0.6 * np.sin(5 * angle + RNG.uniform(0, 6)))
    x = centre[0] + radius[0] * bump * np.cos(angle)
    y = centre[1] + radius[1] * bump * np.sin(angle)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def blocks(centre: tuple[float, float], columns: int, rows: int, size: float) -> list[Points]:
    """Built-up blocks of a town: a grid of slightly uneven rectangles, thinner towards the edge."""
    found = []
    for column in range(columns):
        for row in range(rows):
            dx, dy = column - (columns - 1) / 2, row - (rows - 1) / 2
            if math.hypot(dx / columns, dy / rows) > RNG.uniform(0.38, 0.55):
                continue
            x, y = centre[0] + dx * size * 1.16, centre[1] + dy * size
            w, h = size * RNG.uniform(0.8, 0.98), size * RNG.uniform(0.72, 0.86)
            found.append([(x, y), (x + w, y), (x + w, y + h), (x, y + h)])
    return found


# ----------------------------------------------------------------- the land

EAST = np.arange(-60_000, 60_001, 700.0)
_SHORE = -8_200 + wave(EAST, [(52_000, 1_500), (17_000, 900), (6_300, 420), (2_900, 160)])
_SHORE = _SHORE + 1_900 * np.exp(-(((EAST + 1_500) / 1_500) ** 2))  # the river's mouth bites into the coast
SHORE: Points = list(zip(EAST.tolist(), _SHORE.tolist(), strict=True))


def shore_at(x: float) -> float:
    return float(np.interp(x, EAST, _SHORE))


def river() -> Points:
    """From the northern hills through the reservoir to the sea."""
    y = np.arange(26_000, -7_000, -600.0)
    x = -1_500 + (y + 7_000) * 0.28 + wave(y, [(15_000, 1_300), (6_100, 480), (2_700, 170)])
    x = np.where(y < -4_500, x + (-1_500 - x) * (-(y + 4_500) / 2_500), x)
    return list(zip(x.tolist(), y.tolist(), strict=True))


RIVER = river()


def river_x(y: float) -> float:
    north_up = RIVER[::-1]
    return float(np.interp(y, [p[1] for p in north_up], [p[0] for p in north_up]))


def between_shore(west: float, east: float) -> Points:
    """The shore from west to east."""
    inner = [p for p in SHORE if west < p[0] < east]
    return [(west, shore_at(west)), *inner, (east, shore_at(east))]


def side(start: tuple[float, float], end: tuple[float, float]) -> Points:
    """An uneven border between two points, without them."""
    share = np.linspace(0, 1, 18)[1:-1]
    x = start[0] + (end[0] - start[0]) * share + wave(share, [(0.6, 420), (0.23, 160)]) * np.sin(np.pi * share)
    y = start[1] + (end[1] - start[1]) * share
    return list(zip(x.tolist(), y.tolist(), strict=True))


def outlines() -> dict[str, Points]:
    """County, its two towns (the river parts them), the park and the coastal zone."""
    north, west, east = 14_500.0, -15_500.0, 14_000.0
    top_x = np.linspace(west, east, 26)
    top = list(zip(top_x.tolist(), (north + wave(top_x, [(17_000, 900), (5_000, 300)])).tolist(), strict=True))
    middle = [p for p in RIVER if p[1] < north - 1_500]
    mouth = (RIVER[-1][0], shore_at(RIVER[-1][0]))
    split = [*middle, mouth]
    head = (middle[0][0], float(np.interp(middle[0][0], top_x, [p[1] for p in top])))
    left = [p for p in top if p[0] < head[0]]
    right = [p for p in top if p[0] > head[0]]
    coast_west, coast_east = between_shore(west, mouth[0]), between_shore(mouth[0], east)
    edge_west, edge_east = side(top[0], coast_west[0]), side(coast_east[-1], top[-1])
    return {
        "county": [*coast_west, *coast_east[1:], *edge_east, *reversed(top), *edge_west],
        "shagang": [*coast_west[:-1], *reversed(split), head, *reversed(left), *edge_west],
        "weiwan": [*split, *coast_east[1:], *edge_east, *reversed(right), head],
        "park": [(-8_750, -5_780), (-5_800, -5_800), (-5_700, -3_550), (-8_650, -3_500)],
        "coast": [*between_shore(-13_500, 12_000), (12_000, -3_000), (-13_500, -3_000)],
    }


# ---------------------------------------------------------------- base map


def base() -> list[dict[str, object]]:
    """All features in the order in which they are drawn."""
    land = [*SHORE, (60_000, 60_000), (-60_000, 60_000)]
    hills = [((-9_000, 12_500), (5_200, 3_000)), ((3_800, 15_500), (4_800, 3_400)), ((11_500, 11_000), (3_000, 4_200))]
    marsh = [((3_800, -4_900), (2_600, 1_000)), ((-12_800, -4_200), (1_500, 1_500)), ((9_200, -5_000), (2_200, 900))]
    lake = blob((river_x(11_200) + 150, 11_700), (1_050, 1_450), 0.1)
    ponds = [blob((x, shore_at(x) + 900), (420, 230), 0.05, 12) for x in (5_600, 6_900, 8_200, 10_300, -11_200)]
    found = [polygon("land", land)]
    found += [polygon("green", blob(centre, radius, 0.09)) for centre, radius in (*hills, *marsh)]
    found += [polygon("water", lake, "望潮水库"), *(polygon("water", pond) for pond in ponds)]
    found += [
        line("river", RIVER, "望潮河"),
        line("river", brook(-11_500, -10_300)),
        line("river", brook(9_500, 4_500)),
    ]
    found += built_up() + ways() + labels()
    return found


def brook(start: float, end: float) -> Points:
    """A side stream down to the coast."""
    y = np.linspace(13_000, shore_at(end) + 200, 30)
    x = np.linspace(start, end, 30) + wave(y, [(5_200, 420), (2_300, 150)])
    return list(zip(x.tolist(), y.tolist(), strict=True))


TOWNS = {"沙岗镇": (-4_700, 1_700), "苇湾镇": (8_300, 1_900)}
VILLAGES = {
    "盐滩村": (-11_800, -1_900), "柳河村": (-9_600, 5_600), "石桥村": (-2_200, 8_700), "北岭村": (-11_000, 9_200),
    "芦花村": (4_300, -2_000), "渔港村": (11_000, -3_400), "东坡村": (11_300, 6_500), "果园村": (5_300, 6_400),
}  # fmt: skip


def built_up() -> list[dict[str, object]]:
    found = [polygon("town", ring) for ring in blocks(TOWNS["沙岗镇"], 13, 10, 250)]
    found += [polygon("town", ring) for ring in blocks(TOWNS["苇湾镇"], 9, 7, 240)]
    for centre in VILLAGES.values():
        found += [polygon("town", ring) for ring in blocks(centre, 3, 3, 190)]
    yards = [(-8_300, -5_550), (-7_150, -5_450), (-8_100, -4_550)]
    found += [polygon("yard", [(x, y), (x + 900, y), (x + 900, y + 640), (x, y + 640)]) for x, y in yards]
    found.append(polygon("yard", [(-6_950, -4_600), (-5_950, -4_600), (-5_900, -3_700), (-6_900, -3_700)]))
    return found


def curve(points: Points, step: float = 600.0) -> Points:
    """A road through some points, bending gently."""
    x, y = np.array([p[0] for p in points]), np.array([p[1] for p in points])
    along = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    at = np.arange(0, along[-1], step)
    sway = wave(at, [(7_000, 130), (3_100, 45)]) * np.sin(np.pi * at / along[-1])
    found = np.interp(at, along, x), np.interp(at, along, y) + sway
    return [*zip(found[0].tolist(), found[1].tolist(), strict=True), points[-1]]


def ways() -> list[dict[str, object]]:
    """Railway, main and side roads."""
    shagang, weiwan = TOWNS.values()
    main = [
        curve([(-45_000, -1_500), (-9_000, -2_900), (-4_700, -2_600), (6_000, -600), (45_000, 2_500)]),
        curve([(-4_700, -2_600), shagang, (-4_200, 6_500), (-5_600, 30_000)]),
        curve([(6_000, -600), weiwan, (9_300, 8_200), (8_000, 30_000)]),
    ]
    side = [
        curve([(-7_400, -2_850), (-7_250, -3_500), (-7_250, -5_700)], 300),
        curve([(-8_650, -4_720), (-5_800, -4_750)], 300),
        curve([shagang, (1_200, 2_900), weiwan]),
    ]
    for name, village in VILLAGES.items():
        nearest = min(TOWNS.values(), key=lambda town: math.dist(town, village))
        side.append(curve([village, nearest] if name != "盐滩村" else [village, (-9_000, -2_900)]))
    railway = curve([(-45_000, 4_800), (-6_200, 3_900), (2_500, 4_400), (45_000, 7_500)])
    siding = curve([(-12_500, 4_250), (-10_200, -1_500), (-8_650, -3_800)])
    found = [line("rail", railway, "望潮铁路"), line("rail", siding)]
    found += [line("road_minor", points) for points in side]
    return found + [line("road_major", p, n) for p, n in zip(main, ("滨海公路", "沙岗大道", "苇湾大道"), strict=True)]


def labels() -> list[dict[str, object]]:
    found = [label("label_town", (x, y - 1_700), name) for name, (x, y) in TOWNS.items()]
    found += [label("label_village", (x, y - 480), name) for name, (x, y) in VILLAGES.items()]
    return [
        *found,
        label("label_water", (0, -14_000), "望潮湾"),
        label("label_water", (river_x(11_200), 11_700), "望潮水库"),
    ]


def save(name: str, features: list[dict[str, object]]) -> None:
    """One feature a line, so that a change shows as a change."""
    text = ",\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in features)
    (OUT / name).write_text(f'{{"type":"FeatureCollection","features":[\n{text}\n]}}\n', encoding="utf-8")


def main() -> None:
    save("basemap.geojson", base())
    rings = outlines()
    shapes = [polygon("outline", ring) for ring in rings.values()]
    for key, shape in zip(rings, shapes, strict=True):
        shape["properties"] = {"key": key}
    save("outlines.geojson", shapes)


if __name__ == "__main__":
    main()
