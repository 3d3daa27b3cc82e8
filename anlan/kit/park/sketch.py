"""Contours for a screen while something is dragged: as fine as the screen shows them and only where it looks, packed
into few bytes.

A sketch takes every n-th cell of the map, each with its own value; nothing is averaged. :mod:`anlan.kit.park.lines`
draws from every cell.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any, cast

import contourpy
import numpy as np
import numpy.typing as npt

from anlan.kernels.qra.layout import Floats, Grid
from anlan.kit.accident.ground import Frame
from anlan.kit.park.lines import SLACK

#: Cells lie at least so many pixels apart on the screen; cells about the view, so that lines reach its edge.
PIXELS, BEYOND = 2.0, 2
_NOTHING, _FULL = 1e-30, 65_535
#: Turns in which points are dropped.
_ROUNDS = 4


@dataclass(frozen=True)
class View:
    """What a screen shows: its box in the grid's metres, and the length of a pixel [m]."""

    west: float
    south: float
    east: float
    north: float
    pixel: float


@dataclass(frozen=True)
class Part:
    """Every ``step``-th cell of ``rows`` and ``columns`` of a grid; ``grid``: the same cells as a grid of their own."""

    grid: Grid
    rows: slice
    columns: slice
    step: int

    def of(self, values: Floats) -> Floats:
        """The part's cells of a map of the whole grid; a copy."""
        return np.array(values[self.rows, self.columns])


def part_of(grid: Grid, view: View | None) -> Part:
    """The cells of a grid that a screen can tell apart; without a view, all of them."""
    if view is None:
        return Part(grid, slice(0, grid.rows), slice(0, grid.columns), 1)
    widest = max(min(grid.columns, grid.rows) // 4, 1)
    step = min(max(floor(PIXELS * view.pixel / grid.cell), 1), widest)
    columns = _cut(view.west - grid.west, view.east - grid.west, grid.cell, grid.columns, step)
    rows = _cut(view.south - grid.south, view.north - grid.south, grid.cell, grid.rows, step)
    cell = grid.cell * step
    west, south = (
        corner + (start.start + 0.5) * grid.cell - cell / 2
        for corner, start in ((grid.west, columns), (grid.south, rows))
    )
    return Part(Grid(west, south, cell, _count(columns), _count(rows)), rows, columns, step)


def _cut(low: float, high: float, cell: float, count: int, step: int) -> slice:
    """Cells from ``low`` to ``high`` [m] and a little beyond, at least two of them."""
    first = min(max(floor(low / cell) - BEYOND * step, 0), count - 1 - step)
    last = min(max(ceil(high / cell) + BEYOND * step, first + step + 1), count)
    return slice(first, last, step)


def _count(cells: slice) -> int:
    return len(range(cells.start, cells.stop, cells.step))


def packed(risk: Floats, grid: Grid, levels: Sequence[float], frame: Frame) -> dict[str, Any]:
    """The contours of a map in few bytes.

    Parameters
    ----------
    risk : f8[rows, columns]
        Of the cells of ``grid`` [1/yr].
    levels : sequence of float
        Of the contours [1/yr].
    frame : Frame
        Lays the grid's metres on the map.

    Returns
    -------
    dict
        ``box``: west, south, east, north of the grid [degree]. ``points``: base64 of little-endian u2[n, 2], from 0 at
        west and south to 65 535 at east and north, even in Mercator's projection. ``lines``: points of each line, one
        after another. ``levels``: those reached with the number of their lines, the lowest first.
    """
    logs = np.log10(np.maximum(risk, _NOTHING))
    made = contourpy.contour_generator(grid.x, grid.y, logs, line_type=contourpy.LineType.ChunkCombinedOffset)
    found = [(level, *_lines(made, level, grid.cell)) for level in sorted(levels)]
    whole = np.concatenate([points for _, points, _ in found])
    west, south, east, north = _box(grid, frame)
    x = (whole[:, 0] - grid.west) / (grid.columns * grid.cell)
    y = (_mercator(frame.degrees(whole)[:, 1]) - _mercator(south)) / (_mercator(north) - _mercator(south))
    points = np.rint(np.column_stack((x, y)) * _FULL).astype("<u2")
    return {
        "box": [west, south, east, north],
        "points": b64encode(points.tobytes()).decode("ascii"),
        "lines": np.concatenate([sizes for _, _, sizes in found]).tolist(),
        "levels": [{"level": level, "lines": len(sizes)} for level, _, sizes in found if len(sizes)],
    }


def _lines(made: contourpy.ContourGenerator, level: float, cell: float) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Points of all lines of a level [m], one line after another, and how many each has."""
    (points,), (offsets,) = cast(
        tuple[list[Floats | None], list[npt.NDArray[np.uint32] | None]], made.lines(float(np.log10(level)))
    )
    if points is None or offsets is None:
        return np.empty((0, 2)), np.empty(0, np.int64)
    return thinned(points, offsets.astype(np.int64), SLACK * cell)


def thinned(points: Floats, offsets: npt.NDArray[np.int64], slack: float) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Lines with fewer points: in four turns every other one goes that lies within ``slack`` [m] of the chord of its
    neighbours, so that no line ends farther than four times that from where it was.

    ``points`` f8[n, 2]; ``offsets`` i8[lines + 1]: where each line begins, and the end. Gives points, and how many each
    line has. Far cheaper than Douglas and Peucker's way, and ends with about as many points.
    """
    ends = np.zeros(len(points), bool)
    ends[offsets[:-1]] = ends[offsets[1:] - 1] = True
    line = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    for turn in range(_ROUNDS):
        before, here, after = points[:-2], points[1:-1], points[2:]
        chord, off = after - before, here - before
        across = chord[:, 0] * off[:, 1] - chord[:, 1] * off[:, 0]
        near = across**2 <= slack**2 * (chord**2).sum(axis=1)
        drop = np.zeros(len(points), bool)
        drop[1:-1] = near & ~ends[1:-1]
        drop[turn % 2 :: 2] = False
        points, ends, line = points[~drop], ends[~drop], line[~drop]
    return points, np.bincount(line, minlength=len(offsets) - 1)


def _box(grid: Grid, frame: Frame) -> list[float]:
    corners = [(grid.west, grid.south), (grid.west + grid.columns * grid.cell, grid.south + grid.rows * grid.cell)]
    return [float(each) for each in np.round(frame.degrees(np.array(corners)), 7).ravel()]


def _mercator(latitude: npt.ArrayLike) -> Floats:
    return np.asarray(np.arctanh(np.sin(np.radians(latitude))), float)
