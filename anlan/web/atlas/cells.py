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
#: How far from the middle of its cell a cluster may stand, as a share of the cell: neighbours never touch.
SWAY = 0.22
MOST_NORTH = 85.0


@dataclass(frozen=True)
class Cells:
    """Cells with what is in them. ``only``: the index of the one mark in a cell, -1 where there are several.
    ``x y``: in the plane, 0 … 1; ``counts``: marks by level."""

    x: Floats
    y: Floats
    counts: npt.NDArray[np.int64]
    only: Ints
    cell: Ints  # of each mark


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
    """Marks at ``x y`` of the plane, by cells of this side."""
    across, down = np.floor(x / side).astype(np.int64), np.floor(y / side).astype(np.int64)
    keys, first, cell = np.unique(across << 32 | down, return_index=True, return_inverse=True)
    size = len(keys)
    counts = np.bincount(cell * LEVELS + levels, minlength=size * LEVELS).reshape(size, LEVELS)
    members = counts.sum(axis=1)
    middle_x, middle_y = ((keys >> 32) + 0.5) * side, ((keys & 0xFFFFFFFF) + 0.5) * side
    mean_x = np.bincount(cell, x, size) / np.maximum(members, 1)
    mean_y = np.bincount(cell, y, size) / np.maximum(members, 1)
    reach = SWAY * side
    return Cells(
        np.clip(mean_x, middle_x - reach, middle_x + reach),
        np.clip(mean_y, middle_y - reach, middle_y + reach),
        counts,
        np.where(members == 1, first, -1),
        cell,
    )
