"""GeoJSON geometry (RFC 7946) as this product takes it: longitude and latitude [degree], bounded, closed rings."""

from collections.abc import Iterator

from anlan.rules.refusal import Refusal

MAX_POSITIONS = 20_000
#: How deep the positions of a geometry lie in lists, and whether its lines are rings.
_SHAPES = {
    "Point": (0, False),
    "MultiPoint": (1, False),
    "LineString": (1, False),
    "MultiLineString": (2, False),
    "Polygon": (2, True),
    "MultiPolygon": (3, True),
}


class _Bad(Exception):
    """What is wrong with a geometry; becomes a Refusal at the edge of this module."""


def check(geometry: object) -> Refusal | None:
    """Whether ``geometry`` is a GeoJSON geometry that can be stored and drawn."""
    try:
        box(geometry)
    except _Bad as bad:
        fix = "请提供 RFC 7946 的 Point、LineString、Polygon（或其 Multi 形式），坐标为经度、纬度。"
        return Refusal("geometry.bad", "图形不可用：{why}。", fix, {"why": str(bad)})
    return None


def box(geometry: object) -> tuple[float, float, float, float]:
    """West, south, east, north [degree] of a geometry that :func:`check` lets pass; raises otherwise."""
    positions = list(_positions(geometry))
    longitudes, latitudes = [p[0] for p in positions], [p[1] for p in positions]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _positions(geometry: object) -> Iterator[tuple[float, float]]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or not isinstance(kind, str) or kind not in _SHAPES:
        raise _Bad("类型不认识")
    if set(geometry) - {"type", "coordinates", "bbox"}:
        raise _Bad("含有多余的内容")
    extent = geometry.get("bbox", [0, 0, 0, 0])
    if not isinstance(extent, list) or len(extent) not in (4, 6) or len(_numbers(extent)) != len(extent):
        raise _Bad("范围（bbox）应为 4 个或 6 个数")
    depth, rings = _SHAPES[kind]
    count = 0
    for line in _lines(geometry.get("coordinates"), depth):
        count += len(line)
        if count > MAX_POSITIONS:
            raise _Bad(f"坐标多于 {MAX_POSITIONS} 个")
        yield from _line(line, ring=rings, least=_least(kind))


def _least(shape: str) -> int:
    return 4 if shape.endswith("Polygon") else 2 if shape.endswith("LineString") else 1


def _lines(coordinates: object, depth: int) -> Iterator[list[object]]:
    """The lists of positions in ``coordinates``; a Point counts as a list of one."""
    if depth == 0:
        yield [coordinates]
        return
    if not isinstance(coordinates, list) or not coordinates:
        raise _Bad("缺少坐标")
    if depth == 1:
        yield coordinates
        return
    for part in coordinates:
        yield from _lines(part, depth - 1)


def _line(line: list[object], *, ring: bool, least: int) -> list[tuple[float, float]]:
    positions = [_position(p) for p in line]
    if len(positions) < least:
        raise _Bad(f"一条线少于 {least} 个点")
    if ring and positions[0] != positions[-1]:
        raise _Bad("多边形没有闭合")
    return positions


def _position(position: object) -> tuple[float, float]:
    if not isinstance(position, list) or len(position) not in (2, 3):
        raise _Bad("坐标应为 [经度, 纬度]")
    numbers = _numbers(position)
    if len(numbers) != len(position):
        raise _Bad("坐标不是数")
    if abs(numbers[0]) > 180 or abs(numbers[1]) > 90:
        raise _Bad("坐标超出经度 ±180、纬度 ±90")
    return float(numbers[0]), float(numbers[1])


def _numbers(values: list[object]) -> list[int | float]:
    """Those of them that are numbers a map can have."""
    return [n for n in values if isinstance(n, int | float) and not isinstance(n, bool) and abs(n) < 1e9]
