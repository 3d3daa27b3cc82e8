"""How far a point is from a GeoJSON geometry [m], and whether it lies in one: flat around the point, good to 50 km."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

_RADIUS = 6_371_008.8  # [m], mean
Point = tuple[float, float]
Geometry = Mapping[str, Any]


def metres(geometry: Geometry, at: Point) -> float:
    """Shortest distance [m] from ``at`` (longitude, latitude [degree]) to a geometry; 0 inside an area."""
    if inside(geometry, at):
        return 0.0
    return min((_to_line(line, at) for line in _lines(geometry)), default=math.inf)


def inside(geometry: Geometry, at: Point) -> bool:
    """Whether a point lies in a Polygon or MultiPolygon and in none of its holes."""
    kind, shape = geometry["type"], geometry["coordinates"]
    polygons = [shape] if kind == "Polygon" else shape if kind == "MultiPolygon" else []
    return any(_in_ring(rings[0], at) and not any(_in_ring(hole, at) for hole in rings[1:]) for rings in polygons)


def within(geometry: Geometry, area: Geometry) -> bool:
    """Whether a geometry touches an area: one of its corners lies in it, or one of the area's in it."""
    return any(inside(area, point) for line in _lines(geometry) for point in line) or any(
        inside(geometry, point) for line in _lines(area) for point in line
    )


def _lines(geometry: Geometry) -> Iterator[list[Point]]:
    """Every ring, line or point of a geometry as a list of positions."""
    depth = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
    shape, kind = geometry["coordinates"], geometry["type"]
    if kind == "MultiPoint":
        yield from ([(point[0], point[1])] for point in shape)
        return
    yield from _at_depth(shape, depth[kind])


def _at_depth(shape: Sequence[Any], depth: int) -> Iterator[list[Point]]:
    if depth == 0:
        yield [(shape[0], shape[1])]
    elif depth == 1:
        yield [(point[0], point[1]) for point in shape]
    else:
        for part in shape:
            yield from _at_depth(part, depth - 1)


def _to_line(line: list[Point], at: Point) -> float:
    flat = [_flat(point, at) for point in line]
    if len(flat) == 1:
        return math.hypot(*flat[0])
    return min(_to_segment(start, end) for start, end in pairwise(flat))


def _flat(point: Point, at: Point) -> Point:
    """East and north of ``at`` [m]."""
    east = math.radians(point[0] - at[0]) * math.cos(math.radians(at[1])) * _RADIUS
    return east, math.radians(point[1] - at[1]) * _RADIUS


def _to_segment(start: Point, end: Point) -> float:
    """From the origin to the segment between two points."""
    along = (end[0] - start[0], end[1] - start[1])
    length = along[0] ** 2 + along[1] ** 2
    share = -(start[0] * along[0] + start[1] * along[1]) / length if length else 0.0
    share = min(max(share, 0.0), 1.0)
    return math.hypot(start[0] + share * along[0], start[1] + share * along[1])


def _in_ring(ring: Sequence[Sequence[float]], at: Point) -> bool:
    """Even-odd: how often a ray to the east crosses the ring."""
    found = False
    for (x1, y1), (x2, y2) in pairwise([(point[0], point[1]) for point in ring]):
        if (y1 > at[1]) != (y2 > at[1]) and at[0] < (x2 - x1) * (at[1] - y1) / (y2 - y1) + x1:
            found = not found
    return found
