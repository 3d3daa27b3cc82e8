"""External safety distance: how far from a place the individual risk stays at or above a criterion, by direction."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.qra.layout import Floats, Grid
from anlan.kernels.validity import OutOfRange, within


@dataclass(frozen=True)
class Distances:
    """``distance`` [m] for each ``bearing`` [deg, north = 0, clockwise]; 0 where the criterion is not reached.

    ``cut``: the risk is still at the criterion where the grid ends, so that the true distance is larger.
    """

    bearing: Floats
    distance: Floats
    cut: npt.NDArray[np.bool_]


def safety_distances(
    risk: npt.ArrayLike, grid: Grid, place: tuple[float, float], criterion: float, directions: int = 36
) -> Distances:
    """Farthest distance from ``place`` [m] at which the map f8[rows, columns] reaches ``criterion`` [1/yr].

    The map is read every half cell along each bearing, bilinearly; the crossing is interpolated in the logarithm
    (GB/T 37243-2019: external safety distance by quantitative risk assessment).

    Raises
    ------
    OutOfRange
        The place lies outside the cells' centres, or a value is out of its range.
    """
    values = np.asarray(risk, float)
    within("risk", values, "1/yr", 0)
    within("criterion", criterion, "1/yr", 1e-20, 1e4)
    within("directions", directions, "", 1, 3600)
    within("x of the place", place[0], "m", grid.x[0], grid.x[-1])
    within("y of the place", place[1], "m", grid.y[0], grid.y[-1])
    if values.shape != (grid.rows, grid.columns):
        raise OutOfRange(f"map has shape {values.shape}; the grid has {grid.rows} rows x {grid.columns} columns")
    bearing = np.arange(directions) * 360.0 / directions
    found = [_along(values, grid, place, criterion, float(angle)) for angle in np.radians(bearing)]
    return Distances(bearing, np.array([one[0] for one in found]), np.array([one[1] for one in found]))


def _along(
    values: Floats, grid: Grid, place: tuple[float, float], criterion: float, angle: float
) -> tuple[float, bool]:
    step = grid.cell / 2
    r = np.arange(0, np.hypot(grid.columns, grid.rows) * grid.cell, step)
    column = (place[0] + r * np.sin(angle) - grid.x[0]) / grid.cell
    row = (place[1] + r * np.cos(angle) - grid.y[0]) / grid.cell
    slack = 1e-9
    inside = (
        (column >= -slack) & (column <= grid.columns - 1 + slack) & (row >= -slack) & (row <= grid.rows - 1 + slack)
    )
    profile = bilinear(values, row[inside], column[inside])
    reached = np.flatnonzero(profile >= criterion)
    if not len(reached):
        return 0.0, False
    last = int(reached[-1])
    if last == len(profile) - 1:
        return float(r[last]), True
    high, low = np.log(profile[last]), np.log(max(profile[last + 1], criterion * 1e-6))
    return float(r[last] + step * (high - np.log(criterion)) / (high - low)) if high > low else float(r[last]), False


def bilinear(values: Floats, row: npt.ArrayLike, column: npt.ArrayLike) -> Floats:
    """A map between the centres of its cells; ``row`` and ``column`` count from the first centre."""
    i, j = np.asarray(row, float), np.asarray(column, float)
    low = np.clip(i.astype(int), 0, values.shape[0] - 2)
    left = np.clip(j.astype(int), 0, values.shape[1] - 2)
    up, right = i - low, j - left
    lower = values[low, left] * (1 - right) + values[low, left + 1] * right
    upper = values[low + 1, left] * (1 - right) + values[low + 1, left + 1] * right
    return np.asarray(lower * (1 - up) + upper * up, float)
