"""Coast, heights, rivers and reservoirs."""

import itertools
from dataclasses import dataclass

import contourpy
import numpy as np
import shapely
from scipy import ndimage
from scipy.spatial import cKDTree
from shapely import LineString, MultiPolygon, Polygon
from shapely.ops import unary_union

from scripts.county.ground import EAST, NORTH, Floats, X, Y, at, hump, noise, smoothstep, spline

#: name, points from source to mouth [km], sway [m], width at source and mouth [m]
RIVERS = (
    (
        "望潮河",
        [(7, 42), (5, 33), (3.5, 27), (4.2, 21), (0.4, 14), (1.4, 8), (0.2, 3), (0.9, -2), (0.6, -6), (1.4, -12.5)],
        260,
        14,
        190,
    ),
    (
        "柳河",
        [(-22, 39), (-17, 30), (-12.5, 24), (-10, 18), (-7, 14), (-5.2, 10.5), (-1.2, 8.6), (1.3, 7.6)],
        240,
        9,
        46,
    ),
    ("石门河", [(24, 40), (19, 31), (16.5, 24), (13, 14.5), (13.6, 7), (12.2, 1), (12.8, -5), (12.4, -12)], 230, 8, 70),
    ("盐河", [(-30, 30), (-26, 21), (-22.5, 12), (-18.6, 8), (-16.6, 3), (-14.9, -3), (-14.2, -11)], 230, 7, 62),
)
#: side arms of the delta: from a point of the first river to the sea
ARMS = (
    [(0.7, -4.6), (2.6, -6.6), (4.6, -8.6), (6.0, -12.8)],
    [(0.6, -5.6), (-0.9, -7.4), (-1.9, -9.2), (-2.4, -12.8)],
)
#: streams that are drawn as lines
STREAMS = (
    [(9.5, 36), (11, 29), (9.2, 24), (6.4, 20.4), (2.6, 17.6)],
    [(-5.5, 30), (-6.4, 24), (-8.4, 19.5), (-8.6, 16)],
    [(21.5, 22), (19.6, 15), (16, 9.5), (13.6, 7.6)],
    [(-14.5, 15.5), (-12.4, 12.6), (-9, 11.4), (-5.6, 10.7)],
    [(6.6, 12.5), (5.4, 8), (6.4, 3), (4.4, -1.6), (2.2, -4.4)],
    [(-24, 16), (-22.4, 12)],
    [(20.6, 9), (19.4, 3.5), (20.4, -2.5), (19.8, -9)],
    [(-9.4, 4.6), (-10.8, 1), (-11.6, -3), (-11.2, -9)],
)
#: name, x, y of the dam [km], height of the water above the river there [m]
DAMS = (
    ("望潮水库", 4.1, 21.6, 46.0),
    ("柳河水库", -10.6, 19.6, 38.0),
    ("石门水库", 14.7, 20.6, 34.0),
)
PONDS = (("盐坨水库", -20.2, 2.4, 900, 620), ("东坡水库", 8.2, 11.4, 760, 520), ("苇湖", 5.2, -3.6, 1150, 640))


@dataclass(frozen=True)
class Water:
    """``height`` [m] on the grid; the rest in metres. ``rivers``: (name, area, middle line)."""

    height: Floats
    land: Polygon | MultiPolygon
    rivers: list[tuple[str, Polygon, LineString]]
    streams: list[LineString]
    reservoirs: list[tuple[str, Polygon]]
    lake: Polygon
    reed: Polygon | MultiPolygon
    flat: Polygon | MultiPolygon

    def wet(self) -> list[Polygon | MultiPolygon]:
        """Everything that nobody builds on."""
        return [*(area for _, area, _ in self.rivers), *(area for _, area in self.reservoirs), self.lake, self.reed]


def above(field: Floats, level: float, least: float = 0.0) -> MultiPolygon:
    """Where a field of the grid lies above a level, as smooth polygons of at least ``least`` [m²]."""
    held = np.pad(field, 1, constant_values=level - 1)
    x = np.concatenate([[X[0] - 1], X, [X[-1] + 1]])
    y = np.concatenate([[Y[0] - 1], Y, [Y[-1] + 1]])
    found = contourpy.contour_generator(x, y, held, fill_type="OuterOffset").filled(level, np.inf)
    rings = []
    for points, offsets in zip(*found, strict=True):
        parts = [points[a:b] for a, b in itertools.pairwise(offsets)]
        area = Polygon(parts[0], [hole for hole in parts[1:] if Polygon(hole).area > least]).buffer(0)
        rings += [each for each in shapely.get_parts(area) if each.area > least]
    return MultiPolygon([each for each in rings if each.geom_type == "Polygon"])


def _shore() -> Floats:
    """How far a point lies inland [m], negative at sea."""
    line = -8_300 + 650 * np.sin(EAST / 8_600 + 1.1) + 420 * np.sin(EAST / 3_700 + 0.4)
    line += 1_500 * hump(9_500, 0, 4_200, 1e9) - 1_900 * hump(18_200, 0, 3_000, 1e9)
    line -= 1_700 * hump(1_600, 0, 3_600, 1e9) + 700 * hump(-17_900, 0, 1_500, 1e9)
    line += 1_300 * hump(-12_900, 0, 2_600, 1e9)
    inland = NORTH - line + 620 * noise(1, 4_200, 6, 0.55)
    for x, y, size in ((6_400, -15_400, 620), (21_600, -14_400, 900), (-6_800, -13_600, 430)):
        inland = np.maximum(inland, (size * (1 + 0.35 * noise(2, 1_500, 3)) - np.hypot(EAST - x, NORTH - y)) * 1.5)
    return inland


def _hills(inland: Floats) -> Floats:
    plain = 1.0 + 10 * np.clip(inland, 0, 16_000) / 16_000 + 0.8 * noise(3, 5_000, 3)
    ridge = 1 - np.abs(noise(4, 9_000, 6, 0.52))
    rise = smoothstep((inland - 19_500 + 3_600 * noise(5, 14_000, 3)) / 16_000)
    lone = 150 * hump(18_900, -7_600, 2_100, 1_700) + 120 * hump(-16_300, 12_500, 2_300, 1_800)
    lone += 95 * hump(21_000, 5_500, 1_700, 2_600) + 80 * hump(-4_900, 11_900, 1_500) + 70 * hump(21_600, -14_400, 700)
    lone = lone * (1 + 0.45 * noise(6, 2_600, 4)) + 60 * hump(6_800, 15_500, 2_600) * (1 + noise(6, 2_600, 4))
    return plain + rise * (60 + 560 * np.clip(ridge, 0, 1) ** 1.6) + np.clip(lone, 0, None)


def _carved(height: Floats, lines: list[Floats]) -> Floats:
    """Valleys along rivers that never run uphill."""
    points = np.vstack(lines)
    floors = np.concatenate([np.minimum.accumulate(at(height, *line.T) * 0.5 + 0.2) for line in lines])
    distance, nearest = cKDTree(points).query(np.column_stack([EAST.ravel(), NORTH.ravel()]))
    distance, floor = distance.reshape(EAST.shape), floors[nearest].reshape(EAST.shape)
    width = 500 + 6.5 * np.clip(height - floor, 0, 260)
    return np.minimum(height, floor + np.clip(height - floor, 0, None) * smoothstep((distance - 40) / width))


def _band(line: Floats, first: float, last: float) -> Polygon:
    """A river's area: its line, wider and wider."""
    pieces = []
    count = len(line)
    for start in range(0, count - 1, 4):
        share = (start / count) ** 1.7
        pieces.append(LineString(line[start : min(start + 6, count)]).buffer((first + (last - first) * share) / 2))
    return unary_union(pieces).simplify(4)


def _reservoir(height: Floats, line: Floats, dam: tuple[float, float], depth: float) -> Polygon:
    """What the dam drowns: below the water's level, upstream, in one piece."""
    x, y = dam[0] * 1000, dam[1] * 1000
    number = int(np.argmin(np.hypot(line[:, 0] - x, line[:, 1] - y)))
    level = float(at(height, *line[number : number + 1].T)[0]) + depth
    heading = line[number] - line[max(0, number - 12)]
    heading /= np.hypot(*heading)
    upstream = -((EAST - line[number, 0]) * heading[0] + (NORTH - line[number, 1]) * heading[1])
    near = np.hypot(EAST - line[number, 0], NORTH - line[number, 1]) < 5_200
    depthfield = np.where(
        near & (upstream > 0), np.minimum(level - height + 7 * noise(9, 1_300, 4), upstream / 4), -5.0
    )
    label, _ = ndimage.label(depthfield > 0)
    seed = line[max(0, number - 6)]
    row, column = round((seed[1] - Y[0]) / 100), round((seed[0] - X[0]) / 100)
    areas = above(np.where(label == label[row, column], depthfield, -5.0), 0.0, 20_000)
    return max(areas.geoms, key=lambda each: each.area).buffer(20).simplify(12)


def blob(x: float, y: float, width: float, depth: float, topic: int, corners: int = 48) -> Polygon:
    """A rounded irregular patch."""
    rng = np.random.default_rng([990_221, topic, 5])
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    bump = 1 + sum(0.34 / n * np.sin(n * angle + rng.uniform(0, 6.28)) for n in (2, 3, 5, 7))
    return Polygon(np.column_stack([x + width * bump * np.cos(angle), y + depth * bump * np.sin(angle)]))


def draw() -> Water:
    inland = _shore()
    lines = [
        spline([(x * 1000, y * 1000) for x, y in points], sway=sway, topic=n)
        for n, (_, points, sway, _, _) in enumerate(RIVERS)
    ]
    arms = [spline([(x * 1000, y * 1000) for x, y in arm], sway=110, topic=20 + n) for n, arm in enumerate(ARMS)]
    small = [spline([(x * 1000, y * 1000) for x, y in arm], sway=140, topic=30 + n) for n, arm in enumerate(STREAMS)]
    height = np.where(
        inland > 0, _carved(np.clip(_hills(inland), 0.4, None), lines + small), np.clip(inland / 60, -40, -0.3)
    )
    land = above(inland, 0.0, 60_000).simplify(15)
    mainland = max(land.geoms, key=lambda each: each.area)
    rivers = []
    for (name, _, _, first, last), line in zip(RIVERS, lines, strict=True):
        rivers.append(
            (name, _band(line, first, last).intersection(land.buffer(80)), LineString(line).intersection(mainland))
        )
    for arm in arms:
        rivers.append(
            ("望潮河", _band(arm, 60, 130).intersection(land.buffer(80)), LineString(arm).intersection(mainland))
        )
    reservoirs = []
    for name, x, y, depth in DAMS:
        line = min(lines, key=lambda each: float(np.min(np.hypot(each[:, 0] - x * 1000, each[:, 1] - y * 1000))))
        reservoirs.append((name, _reservoir(height, line, (x, y), depth)))
    for n, (name, x, y, width, depth) in enumerate(PONDS[:2]):
        reservoirs.append((name, blob(x * 1000, y * 1000, width, depth, 60 + n)))
    name, x, y, width, depth = PONDS[2]
    lake = blob(x * 1000, y * 1000, width, depth, 70)
    marsh = (
        1.25 * hump(5_600, -6_900, 4_600, 2_500) + 0.95 * hump(-3_100, -8_300, 1_500, 1_300) + 0.22 * noise(7, 1_600, 4)
    )
    reed = above(np.where(inland > 120, marsh, -1.0), 0.52, 90_000)
    reed = unary_union([reed]).difference(unary_union([area for _, area, _ in rivers])).difference(lake).simplify(14)
    tide = above(np.where(inland < 40, inland / 1_250 + 0.25 * noise(8, 2_200, 4), -3.0), -0.62, 90_000).difference(
        mainland.buffer(-30)
    )
    clipped = [each.intersection(land) for each in map(LineString, small)]
    return Water(height, land, rivers, clipped, reservoirs, lake, reed, tide.simplify(20))
