"""Marks that would cover one another drawn as one: a fixed grid of the map's own plane, so that a cluster stays where
it is when the view moves, and its counts are those of its members, whatever is filtered."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int8]

LEVELS = 5
#: The world is this wide at zoom 0 [px].
WORLD = 512.0
#: Two marks closer than this share of a cell would touch: the smaller joins the larger.
APART = 0.8
MOST_NORTH = 85.0
_AROUND = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]


@dataclass(frozen=True)
class Cells:
    """Groups of marks. ``only``: the index of the one mark in a group, -1 where there are several. ``x y``: in the
    plane, 0 … 1; ``counts``: marks by level; ``group``: of each mark."""

    x: Floats
    y: Floats
    counts: npt.NDArray[np.int64]
    only: Ints
    group: Ints


def to_plane(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Web Mercator, 0 … 1 from the north-west corner."""
    sine = np.sin(np.radians(np.clip(lat, -MOST_NORTH, MOST_NORTH)))
    return lon / 360.0 + 0.5, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)


def to_degrees(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    return (x - 0.5) * 360.0, np.degrees(2 * np.arctan(np.exp((0.5 - y) * 2 * np.pi)) - np.pi / 2)


def width(zoom: float, pixels: float) -> float:
    """Side of a cell in the plane; zooms in halves, so that a pinch does not shuffle the marks."""
    return float(pixels / (WORLD * 2 ** (np.floor(zoom * 2) / 2)))


def gather(x: Floats, y: Floats, levels: Levels, side: float) -> Cells:
    """Marks at ``x y`` of the plane, by cells of this side; then what would still touch is put together."""
    across, down = np.floor(x / side).astype(np.int64), np.floor(y / side).astype(np.int64)
    keys, cell = np.unique(across << 32 | down, return_inverse=True)
    group = _joined(keys, _means(x, cell, len(keys)), _means(y, cell, len(keys)), np.bincount(cell), side)[cell]
    _, first, group = np.unique(group, return_index=True, return_inverse=True)
    size = len(first)
    counts = np.bincount(group * LEVELS + levels, minlength=size * LEVELS).reshape(size, LEVELS)
    only = np.where(counts.sum(axis=1) == 1, first, -1)
    return Cells(_means(x, group, size), _means(y, group, size), counts, only, group)


def _means(values: Floats, group: Ints, size: int) -> Floats:
    found: Floats = np.bincount(group, values, size) / np.maximum(np.bincount(group, minlength=size), 1)
    return found


def _joined(keys: Ints, x: Floats, y: Floats, members: Ints, side: float) -> Ints:
    """For each cell the one that it belongs to: itself, or a fuller neighbour whose mark it would touch."""
    at = {(int(key) >> 32, int(key) & 0xFFFFFFFF): cell for cell, key in enumerate(keys.tolist())}
    belongs = np.arange(len(keys))
    taken = np.zeros(len(keys), np.bool_)
    spots = list(at)
    for cell in np.lexsort((keys, -members)).tolist():
        if taken[cell]:
            continue
        for dx, dy in _AROUND:
            other = at.get((spots[cell][0] + dx, spots[cell][1] + dy), -1)
            if other < 0 or taken[other] or members[other] > members[cell]:
                continue
            if np.hypot(x[cell] - x[other], y[cell] - y[other]) < APART * side:
                belongs[other], taken[other], taken[cell] = cell, True, True
    return belongs
