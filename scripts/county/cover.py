"""What covers the land: woods, fields, built-up ground of towns and villages, works, fish ponds and salt pans."""

import numpy as np
import shapely
from shapely import MultiPolygon, Point, Polygon, box
from shapely.affinity import rotate, scale
from shapely.ops import unary_union

from scripts.county import ways as roads
from scripts.county.ground import SEED, Floats, hump, noise
from scripts.county.parts import Parts
from scripts.county.water import Water, above, blob


def woods(water: Water, built: Polygon) -> list[Polygon]:
    high = water.height
    field = np.clip((high - 58) / 90, -0.6, 0.75) + 0.42 * noise(40, 2_600, 5) + 0.3 * hump(18_900, -7_600, 1_900)
    field = np.where(high > 4, field, -1.0)
    return _cut(above(field, 0.24, 220_000), water, built, 22)


def fields(water: Water, built: Polygon) -> list[Polygon]:
    high = water.height
    field = 0.62 - np.clip((high - 26) / 40, 0, 1.5) + 0.5 * noise(41, 1_700, 4)
    field = np.where(high > 1.5, field, -1.0)
    return _cut(above(field, 0.34, 350_000), water, built, 26)


def _cut(areas: MultiPolygon, water: Water, built: Polygon, tolerance: float) -> list[Polygon]:
    rest = areas.simplify(tolerance).buffer(0).difference(unary_union([*water.wet(), built]).simplify(10))
    return [each for each in shapely.get_parts(rest) if each.area > 60_000]


def towns(parts: Parts, water: Water) -> list[Polygon]:
    """The ground of each town: what lies between its streets."""
    dry = water.land.difference(unary_union(water.wet()).buffer(25))
    found = []
    for plan in roads.STREETS.values():
        hull = unary_union(roads.lattice(*plan)).convex_hull.buffer(plan[3] * 0.3)
        rough = hull.boundary.segmentize(90)
        rng = np.random.default_rng([SEED, 50, int(plan[0][0] * 10) % 997])
        points = shapely.get_coordinates(rough)[:-1]
        middle = np.array(hull.centroid.coords[0])
        swing = np.convolve(rng.uniform(-1, 1, len(points) + 6), np.ones(7) / 7, "valid")
        ring = middle + (points - middle) * (1 + 0.16 * swing[:, None])
        found.append(Polygon(ring).buffer(0).intersection(dry))
    return [each for area in found for each in shapely.get_parts(area) if each.area > 20_000]


def villages(parts: Parts, water: Water) -> list[Polygon]:
    dry = water.land.difference(unary_union(water.wet()).buffer(15))
    found = []
    for number, grid in enumerate(parts.grids):
        if not grid.community:
            size = 62 + 4.0 * np.sqrt(grid.people)
            found.append(blob(grid.x, grid.y, size * 1.25, size * 0.85, 400 + number, 22).intersection(dry))
    return [each for area in found for each in shapely.get_parts(area) if each.area > 3_000]


def works() -> list[Polygon]:
    """Parks and the port."""
    found = [Polygon(roads.PARK)]
    for (x, y), across, up, size, turn in (*roads.INDUSTRIAL, roads.PORT):
        middle = (x * 1000, y * 1000)
        block = scale(box(-0.5, -0.5, 0.5, 0.5), across * size + 260, up * size + 260, origin=(0, 0))
        found.append(rotate(shapely.affinity.translate(block, *middle), turn, origin=middle).buffer(-60).buffer(60))
    return found


def pans(water: Water, built: Polygon) -> list[Polygon]:
    """Salt pans and fish ponds behind the coast: rows of small basins."""
    rng = np.random.default_rng([SEED, 51])
    taken = unary_union([*water.wet(), built]).buffer(60)
    shapely.prepare(taken)
    dry = water.land.buffer(-140)
    shapely.prepare(dry)
    found = []
    for west, east, low, high_, wide, deep, turn in (
        (-24_000, -21_000, -8_300, -4_600, 420, 190, 4),
        (8_500, 14_500, -7_400, -4_800, 260, 150, -6),
        (-14_000, -11_900, -7_500, -4_900, 300, 170, 7),
        (20_500, 23_400, -8_600, -6_400, 240, 140, 3),
    ):
        for x in np.arange(west, east, wide + 26):
            for y in np.arange(low, high_, deep + 22):
                if rng.uniform() < 0.2:
                    continue
                basin = rotate(box(x, y, x + wide, y + deep), turn, origin=((west + east) / 2, (low + high_) / 2))
                if dry.contains(basin) and not taken.intersects(basin):
                    found.append(basin)
    return found


def shade(water: Water) -> Floats:
    """Hillshade 0 … 1, light from the north-west."""
    high = np.where(water.height > 0, water.height, 0.0) * 2.2
    north, east = np.gradient(high, 100.0)
    slope, aspect = np.arctan(np.hypot(north, east)), np.arctan2(-east, north)
    zenith, azimuth = np.radians(48), np.radians(-45)
    light = np.cos(zenith) * np.cos(slope) + np.sin(zenith) * np.sin(slope) * np.cos(azimuth - aspect)
    return np.clip(light, 0, 1)


def labels(parts: Parts) -> list[tuple[str, str, Point]]:
    found = [("label_town", t["name"], Point(float(t["x"]), float(t["y"]))) for t in parts.towns]
    found += [("label_village", g.name, Point(g.x, g.y)) for g in parts.grids if not g.community]
    hills = (
        ("云山", -6_500, 23_600),
        ("青岭", -18_600, 21_800),
        ("北岭", 11_400, 27_600),
        ("石门山", 18_700, -7_400),
        ("孤山", -16_300, 12_500),
        ("双峰", 6_800, 15_500),
    )
    found += [("label_hill", name, Point(x, y)) for name, x, y in hills]
    seas = (("望潮湾", -5_000, -15_500), ("石门海", 13_500, -17_500), ("望港湾", -19_500, -13_000))
    found += [("label_water", name, Point(x, y)) for name, x, y in seas]
    return [*found, ("label_reed", "望潮河口苇海湿地", Point(5_800, -6_700))]
