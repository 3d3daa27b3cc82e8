"""The live picture of a park: its border, its plants in their levels, its gates and facilities, drawn as lines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from anlan.apps.core.models import Place
from anlan.apps.parks.models import Gate, SharedFacility
from anlan.kit import clock
from anlan.kit.accident.ground import METRES
from anlan.packs.families import levels
from anlan.rules.levels import Level

WIDE = 1000.0
MARGIN = 0.03
SIGN = 13.5  # width of a Chinese character on the picture
GAP = 4.0  # between words on the picture


@dataclass(frozen=True)
class Plant:
    """A plant on the picture; ``d``: its outline; ``label``: as much of its name as there is room for."""

    place: Place
    level: Level
    d: str
    x: float
    y: float
    sign: str
    label: str
    label_y: float
    alarms: int


@dataclass(frozen=True)
class Mark:
    """A gate or a facility; ``left``: its name stands to the left, ``down``: so much lower, as there is room there."""

    x: float
    y: float
    name: str
    state: str
    kind: str
    left: bool = False
    down: float = 0.0


@dataclass(frozen=True)
class Picture:
    """``metres`` that a bar of ``bar`` units is long."""

    width: float
    height: float
    border: str
    plants: tuple[Plant, ...]
    marks: tuple[Mark, ...]
    bar: float
    metres: int


def picture(
    park: Place, plants: Sequence[tuple[Place, Level, int]], gates: Iterable[Gate], shared: Iterable[SharedFacility]
) -> Picture | None:
    """None where nothing of the park is drawn."""
    shapes = [park.geometry, *(plant.geometry for plant, _, _ in plants)]
    spots = [point for shape in shapes if shape for ring in _rings(shape) for point in ring]
    if not spots:
        return None
    sheet = _Sheet(np.asarray(spots))
    drawn = [_plant(sheet, plant, level, alarms) for plant, level, alarms in plants if plant.geometry]
    marks = [_mark(sheet, one, one.get_state_display(), "gate") for one in gates if one.longitude is not None]
    marks += [_mark(sheet, one, one.state, "shared") for one in shared if one.longitude is not None]
    named = _named(sheet, drawn, marks)
    boxes = [*(_box(sheet, plant.place) for plant in drawn), *(_words(plant) for plant in named if plant.label)]
    marks = [_free(mark, boxes) for mark in marks]
    metres = _round(sheet.metres / 5)
    return Picture(
        WIDE, round(sheet.height, 1), sheet.path(park.geometry) if park.geometry else "",
        tuple(named), tuple(marks),
        round(metres / sheet.metres * WIDE, 1), metres,
    )  # fmt: skip


class _Sheet:
    """Degrees as units of the picture, north up."""

    def __init__(self, spots: np.ndarray[Any, Any]) -> None:
        (west, south), (east, north) = spots.min(axis=0), spots.max(axis=0)
        self.shrunk = max(float(np.cos(np.radians((south + north) / 2))), 0.01)
        room = MARGIN * max(east - west, (north - south) / self.shrunk)
        self.west, self.north = west - room, north + room * self.shrunk
        degrees = east - west + 2 * room
        self.scale = WIDE / max(degrees, 1e-9)
        self.height = (north - south + 2 * room * self.shrunk) / self.shrunk * self.scale
        self.metres = degrees * METRES * self.shrunk

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        return round((longitude - self.west) * self.scale, 1), round(
            (self.north - latitude) / self.shrunk * self.scale, 1
        )

    def path(self, shape: Any) -> str:
        found = []
        for ring in _rings(shape):
            points = " ".join(f"{x},{y}" for x, y in (self.at(*point) for point in ring))
            found.append(f"M{points}{'Z' if str(shape['type']).endswith('Polygon') else ''}")
        return " ".join(found)


def _plant(sheet: _Sheet, place: Place, level: Level, alarms: int) -> Plant:
    left, top, right, bottom = _box(sheet, place)
    return Plant(
        place,
        level,
        sheet.path(place.geometry),
        round((left + right) / 2, 1),
        round((top + bottom) / 2, 1),
        _sign(level),
        "",
        0.0,
        alarms,
    )


def _sign(level: Level) -> str:
    return _(levels.word_of("core/levels/risk", level, clock.today()).sign)


def _box(sheet: _Sheet, place: Place) -> tuple[float, float, float, float]:
    spots = np.asarray([sheet.at(*point) for ring in _rings(place.geometry) for point in ring])
    (left, top), (right, bottom) = spots.min(axis=0), spots.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


Box = tuple[float, float, float, float]


def _named(sheet: _Sheet, drawn: Sequence[Plant], marks: Sequence[Mark]) -> list[Plant]:
    """Names inside the outlines that have room for them, else below or above, unless they would lie on something."""
    boxes = {plant.place.pk: _box(sheet, plant.place) for plant in drawn}
    taken: list[Box] = [(mark.x - SIGN, mark.y - SIGN, mark.x + SIGN, mark.y + SIGN) for mark in marks]
    named = []
    for plant in drawn:
        left, top, right, bottom = boxes[plant.place.pk]
        text = short_name(plant.place.name)
        half = len(text) * SIGN / 2
        others = [*taken, *(box for pk, box in boxes.items() if pk != plant.place.pk)]
        inside = 2 * half <= right - left and bottom - top >= 3 * SIGN
        tried = [plant.y + SIGN] if inside else [bottom + 0.8 * SIGN, top - 0.8 * SIGN]
        free = (y for y in tried if not any(_meet(_around(plant.x, y, half), box) for box in others))
        y = next(free, None)
        if y is not None:
            taken.append(_around(plant.x, y, half))
        named.append(replace(plant, label=text if y is not None else "", label_y=round(y or plant.y, 1)))
    return named


def _around(x: float, y: float, half: float) -> Box:
    return x - half, y - SIGN / 2, x + half, y + SIGN / 2


def _words(plant: Plant) -> Box:
    """Where the name of a plant stands."""
    return _around(plant.x, plant.label_y, len(plant.label) * SIGN / 2)


def _label(mark: Mark) -> Box:
    """Where the name of a gate or facility stands, with its sign."""
    long = len(mark.name) * SIGN + 2 * SIGN
    left = mark.x - long if mark.left else mark.x - SIGN
    y = mark.y + mark.down
    return left, y - 0.75 * SIGN, left + long, y + 0.75 * SIGN


def _free(mark: Mark, boxes: Sequence[Box]) -> Mark:
    """The mark with its name where it lies on no plant: beside it on either side, else a little higher or lower."""
    steps = [(mark.left, step * SIGN) for step in (-1.8, 1.8, -2.7, 2.7, -3.6, 3.6, -4.5, 4.5)]
    for left, down in [(mark.left, 0.0), (not mark.left, 0.0), *steps]:
        tried = replace(mark, left=left, down=down)
        box = _label(tried)
        if box[0] >= -SIGN and box[2] <= WIDE and not any(_meet(box, each) for each in boxes):
            return tried
    return mark


def short_name(name: str) -> str:
    """Without what every name has: the county before, the form of the company behind."""
    for ending in ("有限责任公司", "股份有限公司", "有限公司"):
        name = name.removesuffix(ending)
    at = next((at for at in (2, 3, 4) if name[at - 1 : at] in ("县", "市", "区")), 0)
    return name[at:] if len(name) - at >= 2 else name


def _meet(a: Box, b: Box) -> bool:
    """Whether two boxes meet, or lie so close that their words read as one."""
    return a[0] < b[2] + GAP and b[0] < a[2] + GAP and a[1] < b[3] + GAP and b[1] < a[3] + GAP


def _mark(sheet: _Sheet, one: Any, state: str, kind: str) -> Mark:
    x, y = sheet.at(one.longitude, one.latitude)
    left = x + (len(one.name) + 1.5) * SIGN > WIDE
    return Mark(x, y, one.name, state, kind, left)


def _rings(shape: Any) -> Iterator[list[tuple[float, float]]]:
    """Outer rings, lines and points of a geometry."""
    kind, at = shape["type"], shape["coordinates"]
    if kind == "Point":
        yield [(at[0], at[1])]
    elif kind in ("LineString", "MultiPoint"):
        yield [(one[0], one[1]) for one in at]
    elif kind in ("Polygon", "MultiLineString"):
        yield from ([(one[0], one[1]) for one in ring] for ring in at)
    else:
        yield from ([(one[0], one[1]) for one in ring] for part in at for ring in part)


def _round(metres: float) -> int:
    """The nearest number of the kind 1, 2, 5 × 10^n below."""
    power = 10 ** int(np.floor(np.log10(max(metres, 1))))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(metres, 1)))
