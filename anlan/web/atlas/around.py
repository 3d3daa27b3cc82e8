"""A small drawn map of what lies around one place, as numbers for an SVG: ground, areas, neighbours in their levels."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from shapely.geometry import shape

from anlan.apps.core import selectors as core
from anlan.kit.accident.ground import METRES
from anlan.kit.documents.model import COLOURS
from anlan.kit.grants import Viewer
from anlan.web.atlas.look import Look

WIDTH, HEIGHT = 480, 240  # [px]
LEAST_M, MOST_M = 350.0, 6_000.0  # half of what is shown from west to east
AREAS, NEIGHBOURS, NAMED = 120, 60, 6
WATER = frozenset({"sea", "water", "lake", "reservoir", "river", "pond", "stream", "canal"})
_LENGTHS = (50, 100, 200, 500, 1_000, 2_000, 5_000)

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Drawn:
    """A path in the SVG's own pixels; ``level`` None for ground."""

    path: str
    kind: str
    level: int | None = None

    @property
    def colour(self) -> str:
        return COLOURS[self.level or 0]


@dataclass(frozen=True)
class Spot:
    x: float
    y: float
    level: int
    name: str

    @property
    def colour(self) -> str:
        return COLOURS[self.level]


@dataclass(frozen=True)
class Around:
    """``here`` is the place itself; ``bar``: length of the scale bar [px] and what it stands for [m]."""

    ground: tuple[Drawn, ...]
    areas: tuple[Drawn, ...]
    spots: tuple[Spot, ...]
    here: Spot
    bar: tuple[float, int]


class _Paper:
    """Degrees to pixels, on a plane about the middle."""

    def __init__(self, lon: float, lat: float, half_m: float) -> None:
        squeeze = float(np.cos(np.radians(lat)))
        self.per_m = WIDTH / 2 / half_m
        self._x, self._y = self.per_m * METRES * squeeze, self.per_m * METRES
        self._lon, self._lat = lon, lat
        across, up = WIDTH / 2 / self._x, HEIGHT / 2 / self._y
        self.box: Box = (lon - across, lat - up, lon + across, lat + up)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = WIDTH / 2 + (lon - self._lon) * self._x, HEIGHT / 2 - (lat - self._lat) * self._y
        return round(x, 1), round(y, 1)

    def path(self, geometry: Any) -> str:
        """The lines and rings of what of a shape lies on the paper."""
        seen = shapely.clip_by_rect(geometry, *self.box)
        return "".join(self._line(part) for part in _parts(seen))

    def _line(self, part: Any) -> str:
        closed = part.geom_type == "LinearRing"
        spots = [self.at(*corner[:2]) for corner in part.coords]
        return "M" + "L".join(f"{x} {y}" for x, y in spots) + ("Z" if closed else "")


def _parts(geometry: Any) -> Iterator[Any]:
    if geometry.is_empty or geometry.geom_type in ("Point", "MultiPoint"):
        return
    if geometry.geom_type == "Polygon":
        yield geometry.exterior
        yield from geometry.interiors
    elif hasattr(geometry, "geoms"):
        for one in geometry.geoms:
            yield from _parts(one)
    else:
        yield geometry


def around(look: Look, viewer: Viewer, row: int) -> Around | None:
    """What lies around a place; None where it has no spot of its own nor lies in one that the viewer sees drawn."""
    atlas = look.atlas
    placed = next((step for step in reversed(atlas.above(row)) if atlas.placed[step] and look.seen[step]), None)
    if placed is None:
        return None
    paper = _Paper(float(atlas.x[placed]), float(atlas.y[placed]), _half(look, placed))
    at = paper.at(float(atlas.x[placed]), float(atlas.y[placed]))
    here = Spot(*at, int(look.levels[row]), atlas.names[row])
    metres = max(length for length in _LENGTHS if length * paper.per_m <= WIDTH / 4 or length == _LENGTHS[0])
    bar = (round(metres * paper.per_m, 1), metres)
    return Around(tuple(_ground(paper)), tuple(_areas(look, viewer, paper)), _spots(look, paper, placed), here, bar)


def _half(look: Look, row: int) -> float:
    """Far enough to see the whole enterprise and who is next to it [m]."""
    atlas = look.atlas
    firm = int(atlas.enterprise[row])
    west, south, east, north = atlas.box[:, firm if firm >= 0 and atlas.placed[firm] and look.seen[firm] else row]
    return float(np.clip(max(east - west, (north - south) * 2) * METRES, LEAST_M, MOST_M))


def _areas(look: Look, viewer: Viewer, paper: _Paper) -> Iterator[Drawn]:
    atlas, (west, south, east, north) = look.atlas, paper.box
    kinds = atlas.of_kind("park", "enterprise", "area", "unit", "risk_point", "public_object", "segment")
    with np.errstate(invalid="ignore"):
        near = (atlas.box[2] >= west) & (atlas.box[0] <= east) & (atlas.box[3] >= south) & (atlas.box[1] <= north)
    rows = np.flatnonzero(look.seen & kinds & atlas.has_extent & near)
    size = np.maximum(atlas.box[2] - atlas.box[0], atlas.box[3] - atlas.box[1])[rows]
    rows = rows[np.argsort(-size, kind="stable")[:AREAS]]
    shapes = dict(core.places(viewer).filter(pk__in=atlas.ids[rows].tolist()).values_list("pk", "geometry"))
    for row in rows.tolist():
        geometry = shapes.get(int(atlas.ids[row]))
        if geometry and (path := paper.path(shape(geometry))):
            yield Drawn(path, "line" if atlas.kind_of(row) == "segment" else atlas.kind_of(row), int(look.levels[row]))


def _spots(look: Look, paper: _Paper, placed: int) -> tuple[Spot, ...]:
    """Enterprises and public objects in sight, the nearest first; the first few with their names."""
    atlas, (west, south, east, north) = look.atlas, paper.box
    with np.errstate(invalid="ignore"):
        near = (atlas.x >= west) & (atlas.x <= east) & (atlas.y >= south) & (atlas.y <= north)
    near &= look.seen & atlas.of_kind("enterprise", "public_object", "mobile")
    near[[placed, max(int(atlas.enterprise[placed]), 0)]] = False
    rows = np.flatnonzero(near)
    far = np.hypot(atlas.x[rows] - atlas.x[placed], atlas.y[rows] - atlas.y[placed])
    rows = rows[np.argsort(far, kind="stable")[:NEIGHBOURS]]
    names = [atlas.names[row] if number < NAMED else "" for number, row in enumerate(rows.tolist())]
    spots = (paper.at(float(atlas.x[row]), float(atlas.y[row])) for row in rows.tolist())
    return tuple(
        Spot(*spot, int(look.levels[row]), name) for spot, row, name in zip(spots, rows.tolist(), names, strict=True)
    )


def _ground(paper: _Paper) -> Iterator[Drawn]:
    files = tuple(sorted((Path(settings.DATA) / "map").glob("*.geojson")))
    if not files:
        return
    tree, shapes, classes = _base(files, tuple(file.stat().st_mtime_ns for file in files))
    for at in sorted(tree.query(shapely.box(*paper.box)).tolist()):
        if (kind := _kind(classes[at])) and (path := paper.path(shapes[at])):
            yield Drawn(path, kind)


def _kind(of: str) -> str:
    if of in WATER:
        return "water"
    return "road" if of.startswith("road") else "rail" if of == "rail" else "built" if of in ("built", "yard") else ""


@lru_cache(maxsize=1)
def _base(files: tuple[Path, ...], stamp: tuple[int, ...]) -> tuple[shapely.STRtree, Sequence[Any], Sequence[str]]:
    features = [one for file in files for one in json.loads(file.read_text("utf-8"))["features"]]
    shapes = [shape(one["geometry"]) for one in features]
    return shapely.STRtree(shapes), shapes, [str(one["properties"].get("class", "")) for one in features]
