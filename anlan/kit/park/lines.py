"""Contours of a risk map as lines for a map in the browser: few points, in degrees."""

from collections.abc import Sequence
from typing import Any, cast

import contourpy
import numpy as np
import shapely

from anlan.kernels.qra.layout import Floats, Grid
from anlan.kit.accident.ground import Frame

#: A line may lie so far from the true one, in cells; digits of degrees (0.1 m).
SLACK, DIGITS = 0.2, 6
_NOTHING = 1e-30


def geojson(risk: Floats, grid: Grid, levels: Sequence[float], frame: Frame) -> dict[str, Any]:
    """A feature of lines for each level [1/yr] that is reached, the lowest first; lines end at the grid's edge.

    ``risk`` f8[rows, columns] [1/yr]; ``frame`` lays the grid's metres (x to the east) on the map.
    """
    part = _where(risk, min(levels))
    if part is None:
        return {"type": "FeatureCollection", "features": []}
    rows, columns = part
    logs = np.log10(np.maximum(risk[rows, columns], _NOTHING))
    generator = contourpy.contour_generator(grid.x[columns], grid.y[rows], logs, line_type=contourpy.LineType.Separate)
    found = [(level, _lines(generator, float(np.log10(level)))) for level in sorted(levels)]
    features = [_feature(level, lines, grid.cell, frame) for level, lines in found if lines]
    return {"type": "FeatureCollection", "features": features}


def _lines(generator: contourpy.ContourGenerator, level: float) -> list[Floats]:
    return cast(list[Floats], generator.lines(level))  # as LineType.Separate has it


def _where(risk: Floats, level: float) -> tuple[slice, slice] | None:
    """Rows and columns about everything that reaches a level; None where nothing does."""
    reached = risk >= level
    rows, columns = np.flatnonzero(reached.any(axis=1)), np.flatnonzero(reached.any(axis=0))
    if not len(rows):
        return None
    low, left = max(int(rows[0]) - 1, 0), max(int(columns[0]) - 1, 0)
    high, right = min(int(rows[-1]) + 2, risk.shape[0]), min(int(columns[-1]) + 2, risk.shape[1])
    return slice(min(low, risk.shape[0] - 2), max(high, 2)), slice(min(left, risk.shape[1] - 2), max(right, 2))


def _feature(level: float, lines: Sequence[Floats], cell: float, frame: Frame) -> dict[str, Any]:
    """All lines of a level at once: a park has hundreds of them."""
    ends = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    drawn = shapely.simplify(shapely.linestrings(np.concatenate(lines), indices=ends), SLACK * cell)
    laid = frame.shape(shapely.multilinestrings(drawn))
    points, number = shapely.get_coordinates(shapely.get_parts(laid), return_index=True)
    parts = np.split(np.round(points, DIGITS), np.flatnonzero(np.diff(number)) + 1)
    geometry = {"type": "MultiLineString", "coordinates": [part.tolist() for part in parts]}
    return {"type": "Feature", "properties": {"level": level}, "geometry": geometry}
