"""Maps for documents, drawn offline from the installation's base layer, with key, scale, north, source and date."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from math import cos, floor, log10, pi, radians, sin
from pathlib import Path
from typing import Any

import shapely

from anlan.kit.documents import charts
from anlan.kit.documents.canvas import CM, INK, SOFT, WHITE, Point, Sheet
from anlan.kit.documents.model import COLOURS
from anlan.rules.levels import Level

WIDTH, SHORTEST, TALLEST = 16 * CM, 7 * CM, 14 * CM
FOOT = 34.0
METRES = 111_320.0  # of a degree of latitude
Box = tuple[float, float, float, float]  # west, south, east, north
Geometry = Mapping[str, Any]

#: As the pages draw it: class → fill, from below.
FILLS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("land",), "#F6F4EF"), (("sea",), "#C6DAE8"), (("flat",), "#E3E6E0"), (("farmland",), "#F1F0E2"),
    (("forest", "green", "hills"), "#E3EADB"), (("reed",), "#E4EBE0"),
    (("water", "lake", "reservoir", "pond", "river"), "#C6DAE8"), (("town", "built", "village"), "#EAE4D9"),
    (("yard", "port", "industrial"), "#E2DED5"),
)  # fmt: skip
#: class → colour, width [pt], dash [pt].
LINES: tuple[tuple[tuple[str, ...], str, float, float], ...] = (
    (("stream",), "#C6DAE8", 0.7, 0.0), (("river", "canal"), "#C6DAE8", 1.8, 0.0),
    (("road_village", "road_track", "road_street"), "#DAD6CD", 0.5, 0.0),
    (("road_secondary", "road_minor"), "#C9C4BA", 0.8, 0.0),
    (("road_motorway", "road_primary", "road_major"), "#B9B3A7", 1.6, 0.0), (("rail",), "#A9A59D", 1.0, 0.0),
    (("power_line",), "#B3ACA0", 0.5, 4.0), (("boundary",), "#8A8F96", 0.8, 3.0),
)  # fmt: skip
#: Lines of zones from the worst outwards: width [pt], dash [pt], tint of the ground.
LINE_STEPS = ((2.2, 0.0, 0.2), (1.5, 0.0, 0.12), (1.3, 6.0, 0.08), (1.1, 3.0, 0.05), (0.9, 1.5, 0.03))
WATER, OUTSIDE = "#C6DAE8", "#E6E8EA"


@dataclass(frozen=True)
class Area:
    """A place as an area; ``level`` tints it, ``name`` is written in it."""

    geometry: Geometry
    level: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Spot:
    """Something at a point; ``label``: a number that the text beside the map explains."""

    longitude: float
    latitude: float
    level: int
    label: str = ""


@dataclass(frozen=True)
class Zone:
    """Where something reaches, ``rank`` 1 (mildest) to 4, ``name`` for the key."""

    geometry: Geometry
    rank: int
    name: str


@dataclass(frozen=True)
class Map:
    """What is drawn over the ground. ``box``: what is shown (none: all that is drawn); ``note``: source and time."""

    areas: Sequence[Area] = ()
    spots: Sequence[Spot] = ()
    zones: Sequence[Zone] = ()
    outline: Geometry | None = None
    box: Box | None = None
    note: str = ""
    levels: Sequence[int] = field(default=tuple(charts.WORST_FIRST))


@dataclass(frozen=True)
class Frame:
    """Degrees on paper [pt]."""

    box: Box
    width: float
    height: float

    def at(self, longitude: float, latitude: float) -> Point:
        west, south, east, north = self.box
        return (longitude - west) / (east - west) * self.width, (north - latitude) / (north - south) * self.height

    @property
    def metres(self) -> float:
        """Of a point of paper."""
        west, south, east, north = self.box
        return (east - west) * METRES * cos(radians((south + north) / 2)) / self.width


def draw(asked: Map, folder: Path, on: date) -> bytes:
    """The map as a picture; ``folder`` holds the base layer."""
    frame = framed(asked.box or _around(asked))
    sheet = Sheet(frame.width, frame.height + FOOT, WHITE)
    base = [one for one in _features(*_files(folder)) if _meets(one[0], frame.box)]
    sheet.box((0, 0), (frame.width, frame.height), _under(base))
    _ground(sheet, frame, base)
    for area in asked.areas:
        _area(sheet, frame, area)
    if asked.outline:
        for ring in _rings(asked.outline):
            sheet.line([frame.at(*point[:2]) for point in ring[0]], INK, 1.2)
    steps = _steps(asked.zones)
    for zone in sorted(asked.zones, key=lambda one: one.rank):
        _zone(sheet, frame, zone, steps[zone.name])
    _spots(sheet, frame, asked.spots)
    _names(sheet, frame, asked, base)
    _furniture(sheet, frame, asked, on)
    return sheet.png()


def framed(box: Box) -> Frame:
    """A box with some room around it, on a sheet that is neither too low nor too tall for it."""
    west, south, east, north = box
    shrunk = cos(radians((south + north) / 2))
    wide, tall = max((east - west) * shrunk, 2e-4) * 1.08, max(north - south, 2e-4) * 1.08
    height = min(max(WIDTH * tall / wide, SHORTEST), TALLEST)
    scale = max(wide / WIDTH, tall / height)
    half = (scale * WIDTH / shrunk / 2, scale * height / 2)
    x, y = (west + east) / 2, (south + north) / 2
    return Frame((x - half[0], y - half[1], x + half[0], y + half[1]), WIDTH, height)


def box_of(geometries: Iterable[Geometry]) -> Box | None:
    """The box around geometries; None around nothing."""
    points = [point for one in geometries for point in _points(one.get("coordinates", []))]
    if not points:
        return None
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def circle(longitude: float, latitude: float, metres: float, corners: int = 72) -> dict[str, Any]:
    """A circle on the ground as GeoJSON."""
    high = metres / METRES
    wide = high / cos(radians(latitude))
    turns = [2 * pi * number / corners for number in range(corners + 1)]
    ring = [[longitude + wide * cos(turn), latitude + high * sin(turn)] for turn in turns]
    return {"type": "Polygon", "coordinates": [ring]}


def _around(asked: Map) -> Box:
    drawn = [*(one.geometry for one in asked.areas), *(one.geometry for one in asked.zones)]
    if asked.outline:
        drawn.append(asked.outline)
    spots = [{"type": "Point", "coordinates": [one.longitude, one.latitude]} for one in asked.spots]
    return box_of([*drawn, *spots]) or (0.0, 0.0, 1.0, 1.0)


# ---------------------------------------------------------------- the ground

Feature = tuple[Box, str, str, Geometry]  # around it, class, name, geometry


def _files(folder: Path) -> tuple[tuple[str, int], ...]:
    return tuple((str(file), file.stat().st_mtime_ns) for file in sorted(folder.glob("*.geojson")))


@lru_cache(maxsize=2)
def _features(*files: tuple[str, int]) -> list[Feature]:
    return [one for name, _ in files for one in _read(Path(name))]


def _read(file: Path) -> Iterator[Feature]:
    """A file that is no GeoJSON draws nothing: a report does not fail for its background."""
    try:
        found = json.loads(file.read_text("utf-8")).get("features", [])
    except (ValueError, AttributeError):
        return
    for one in found:
        geometry, told = one.get("geometry"), one.get("properties") or {}
        if geometry and (box := box_of([geometry])):
            yield box, str(told.get("class", "")), str(told.get("name", "")), geometry


def _meets(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and one[2] >= other[0] and one[1] <= other[3] and one[3] >= other[1]


def _under(base: Sequence[Feature]) -> str:
    """What lies where nothing is drawn: the sea around drawn land, land around a drawn sea."""
    drawn = {name for _, name, _, _ in base}
    return WATER if "land" in drawn else "#F6F4EF" if "sea" in drawn else OUTSIDE


def _ground(sheet: Sheet, frame: Frame, base: Sequence[Feature]) -> None:
    by_class: dict[str, list[Geometry]] = {}
    for _, name, _, geometry in base:
        by_class.setdefault(name, []).append(geometry)
    for names, colour in FILLS:
        for geometry in (one for name in names for one in by_class.get(name, ())):
            for rings in _rings(geometry):
                sheet.polygon([[frame.at(*point[:2]) for point in ring] for ring in rings], colour)
    for names, colour, width, dash in LINES:
        for geometry in (one for name in names for one in by_class.get(name, ())):
            for line in _lines(geometry):
                sheet.line([frame.at(*point[:2]) for point in line], colour, width, dash)


# ---------------------------------------------------------------- what lies over it


def _area(sheet: Sheet, frame: Frame, area: Area) -> None:
    for rings in _rings(area.geometry):
        drawn = [[frame.at(*point[:2]) for point in ring] for ring in rings]
        if area.level is not None:
            sheet.polygon(drawn, COLOURS[area.level], 0.34)
            if area.level == Level.UNKNOWN:
                _hatch(sheet, drawn[0])
        sheet.line(drawn[0], SOFT, 0.7)


def _hatch(sheet: Sheet, ring: Sequence[Point]) -> None:
    """Unknown is hatched: strokes through the area, cut at its edges."""
    area = shapely.make_valid(shapely.Polygon(ring))
    west, north, east, south = area.bounds
    step, x = 5.0, west - (south - north)
    while x < east:
        cut = area.intersection(shapely.LineString([(x, south), (x + south - north, north)]))
        for piece in shapely.get_parts(cut):
            if piece.geom_type == "LineString":
                sheet.line(list(piece.coords), COLOURS[0], 0.4)
        x += step


def _steps(zones: Sequence[Zone]) -> dict[str, tuple[float, float, float]]:
    """Name of each zone → width, dash and tint of its line, from the worst: colour is kept for risk levels."""
    area: dict[str, tuple[int, float]] = {}
    for zone in zones:
        size = shapely.area(shapely.from_geojson(json.dumps(zone.geometry)))
        area[zone.name] = (-zone.rank, max(float(size), area.get(zone.name, (0, 0.0))[1]))
    ranked = sorted(area, key=lambda name: area[name])
    return {name: LINE_STEPS[min(number, len(LINE_STEPS) - 1)] for number, name in enumerate(ranked)}


def _zone(sheet: Sheet, frame: Frame, zone: Zone, step: tuple[float, float, float]) -> None:
    width, dash, tint = step
    for rings in _rings(zone.geometry):
        drawn = [[frame.at(*point[:2]) for point in ring] for ring in rings]
        sheet.polygon(drawn, INK, tint)
        sheet.line(drawn[0], INK, width, dash)


def _spots(sheet: Sheet, frame: Frame, spots: Sequence[Spot]) -> None:
    """The worst on top; a number stands beside its spot."""
    few = len(spots) <= 40
    for spot in sorted(spots, key=lambda one: one.level):
        at = frame.at(spot.longitude, spot.latitude)
        if not (0 <= at[0] <= frame.width and 0 <= at[1] <= frame.height):
            continue
        sheet.disc(at, 4.2 if few else 2.4 if spot.level >= Level.SERIOUS else 1.5, COLOURS[spot.level], WHITE, 0.7)
        if spot.label:
            sheet.text((at[0] + 6, at[1]), spot.label, 8, INK, "lm", WHITE)


def _names(sheet: Sheet, frame: Frame, asked: Map, base: Sequence[Feature]) -> None:
    """Names of areas, then of towns and waters as far as there is room."""
    wanted: list[tuple[Point, str, float, str]] = []
    for area in asked.areas:
        if area.name:
            spot = shapely.from_geojson(json.dumps(area.geometry)).representative_point()
            wanted.append((frame.at(spot.x, spot.y), area.name, 8.5, INK))
    for _, name, text, geometry in base:
        if name.startswith("label_") and text and geometry["type"] == "Point" and name != "label_village":
            water = name == "label_water"
            at = frame.at(*geometry["coordinates"][:2])
            wanted.append((at, text, 7.5, "#4B7591" if water else SOFT))
    taken: list[Box] = []
    written = set[str]()
    for (x, y), text, size, colour in wanted:
        half = sheet.long(text, size) / 2 + 2
        box = (x - half, y - size, x + half, y + size)
        inside = box[0] > 0 and box[2] < frame.width and box[1] > 0 and box[3] < frame.height
        if inside and text not in written and not any(_meets(box, other) for other in taken):
            sheet.text((x, y), text, size, colour, "mm", "#FBFAF7")
            taken.append(box)
            written.add(text)


def _furniture(sheet: Sheet, frame: Frame, asked: Map, on: date) -> None:
    """Frame, north, scale; under the map the key and where it comes from."""
    sheet.box((0, frame.height), (frame.width, frame.height + FOOT), WHITE)
    sheet.box((0, 0), (frame.width, frame.height), edge=SOFT, width=0.6)
    x, y = frame.width - 16, 14.0
    sheet.polygon([[(x, y - 8), (x + 5, y + 6), (x, y + 3), (x - 5, y + 6)]], INK)
    sheet.text((x, y + 13), "北", 8, INK, "mm", WHITE)
    metres = _round(frame.metres * 110)
    long = metres / frame.metres
    foot = frame.height - 10
    sheet.box((8, foot - 10), (16 + long + 44, foot + 6), "#FFFFFF")
    sheet.line([(12, foot - 3), (12, foot), (12 + long, foot), (12 + long, foot - 3)], INK, 1.0)
    said = f"{metres / 1000:g} 千米" if metres >= 1000 else f"{metres:g} 米"
    sheet.text((16 + long, foot - 2), said, 8, INK)
    y = frame.height + 11
    if asked.zones:
        _zone_key(sheet, asked, y)
    else:
        charts.key(sheet, (0, y), on, asked.levels)
    sheet.text((0, y + 15), sheet.cut(asked.note, 7.5, frame.width), 7.5, SOFT)


def _zone_key(sheet: Sheet, asked: Map, y: float) -> None:
    x = 0.0
    for name, (width, dash, _tint) in _steps(asked.zones).items():
        sheet.line([(x, y), (x + 18, y)], INK, width, dash)
        sheet.text((x + 22, y), name, 8, SOFT)
        x += 22 + sheet.long(name, 8) + 14


def _round(value: float) -> float:
    power = 10 ** floor(log10(value))
    return float(next(step for step in (5 * power, 2 * power, power) if step <= value))


# ---------------------------------------------------------------- geometry


def _points(value: Any) -> Iterator[Sequence[float]]:
    if value and isinstance(value[0], int | float):
        yield value
    else:
        for part in value:
            yield from _points(part)


def _rings(geometry: Geometry) -> list[Any]:
    """The polygons of an area, each its rings; none of what is no area."""
    kind, parts = geometry["type"], geometry.get("coordinates", [])
    if kind == "Polygon":
        return [parts]
    if kind == "MultiPolygon":
        return list(parts)
    if kind == "GeometryCollection":
        return [ring for one in geometry["geometries"] for ring in _rings(one)]
    return []


def _lines(geometry: Geometry) -> list[Any]:
    kind, parts = geometry["type"], geometry.get("coordinates", [])
    return [parts] if kind == "LineString" else list(parts) if kind == "MultiLineString" else []
