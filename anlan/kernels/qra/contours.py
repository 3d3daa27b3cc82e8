"""Lines of equal individual risk as closed polygons, with their areas."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import contourpy
import numpy as np
import numpy.typing as npt

from anlan.kernels.qra.layout import Floats, Grid
from anlan.kernels.validity import OutOfRange, within

#: Risk [1/yr] below which logarithms are not taken.
_NOTHING = 1e-30


@dataclass(frozen=True)
class Contour:
    """Where the risk is at least ``level`` [1/yr].

    ``polygons``: each a list of closed rings f8[n, 2] [m], the outer one first, then its holes. ``area`` [m2].
    ``open_at_edge``: the risk reaches the edge of the grid, so that the contour is cut there.
    """

    level: float
    polygons: tuple[tuple[Floats, ...], ...]
    area: float
    open_at_edge: bool


def contours(risk: npt.ArrayLike, grid: Grid, levels: Sequence[float]) -> list[Contour]:
    """Contours of a map f8[rows, columns] [1/yr], interpolated in the logarithm between the cells' centres.

    Raises
    ------
    OutOfRange
        A level that is not positive, a map of another shape than the grid, or values that are negative or not finite.
    """
    values = np.asarray(risk, float)
    if values.shape != (grid.rows, grid.columns):
        raise OutOfRange(f"map has shape {values.shape}; the grid has {grid.rows} rows x {grid.columns} columns")
    within("risk", values, "1/yr", 0)
    within("contour level", list(levels), "1/yr", 1e-20, 1e4)
    logs = np.log10(np.maximum(values, _NOTHING))
    x, y = _padded_axis(grid.x, grid.cell), _padded_axis(grid.y, grid.cell)
    padded = np.pad(logs, 1, constant_values=np.log10(_NOTHING))
    generator = contourpy.contour_generator(x, y, padded, fill_type=contourpy.FillType.OuterOffset)
    return [_contour(generator, values, level) for level in levels]


def _padded_axis(centres: Floats, cell: float) -> Floats:
    """One more line on each side, half a cell off, where the risk is nothing: contours close at the grid's edge."""
    return np.concatenate(([centres[0] - cell / 2], centres, [centres[-1] + cell / 2]))


def _contour(generator: contourpy.ContourGenerator, values: Floats, level: float) -> Contour:
    filled = generator.filled(float(np.log10(level)), np.inf)
    points, offsets = cast(tuple[list[Floats], list[Floats]], filled)  # as FillType.OuterOffset has it
    polygons = tuple(_rings(vertices, ends) for vertices, ends in zip(points, offsets, strict=True))
    area = sum(signed_area(ring) for polygon in polygons for ring in polygon)
    edge = max(values[0].max(), values[-1].max(), values[:, 0].max(), values[:, -1].max())
    return Contour(level, polygons, abs(float(area)), bool(edge >= level))


def _rings(points: npt.ArrayLike, ends: npt.ArrayLike) -> tuple[Floats, ...]:
    vertices, edges = np.asarray(points, float), np.asarray(ends, int)
    return tuple(vertices[a:b] for a, b in pairwise(edges))


def signed_area(ring: Floats) -> float:
    """Area of a closed ring [m2], positive where it runs counter-clockwise."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)
