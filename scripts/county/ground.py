"""The grid that heights are drawn on, noise, and smooth lines."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from scipy.interpolate import CubicSpline

SEED = 990_221
STEP = 100.0
X = np.arange(-34_000.0, 34_001.0, STEP)
Y = np.arange(-24_000.0, 42_001.0, STEP)
EAST, NORTH = np.meshgrid(X, Y)
Floats = npt.NDArray[np.float64]


def noise(topic: int, scale: float, octaves: int = 5, rough: float = 0.5) -> Floats:
    """Smooth noise of mean 0 and about ±1 on the grid; ``scale`` [m] is its longest wave."""
    total, weight = np.zeros_like(EAST), 0.0
    for octave in range(octaves):
        cell = scale / 2**octave
        rng = np.random.default_rng([SEED, topic, octave])
        rows, columns = int(np.ptp(Y) / cell) + 5, int(np.ptp(X) / cell) + 5
        lattice = rng.uniform(-1, 1, (rows, columns))
        at = [(NORTH - Y[0]) / cell + 1.5, (EAST - X[0]) / cell + 1.5]
        total += rough**octave * ndimage.map_coordinates(lattice, at, order=3, mode="nearest")
        weight += rough**octave
    return total / weight * 1.6


def smoothstep(share: Floats) -> Floats:
    held = np.clip(share, 0.0, 1.0)
    return held * held * (3 - 2 * held)


def hump(x: float, y: float, width: float, depth: float | None = None) -> Floats:
    """1 at a point, falling off around it."""
    return np.exp(-(((EAST - x) / width) ** 2) - ((NORTH - y) / (depth or width)) ** 2)


def at(field: Floats, x: npt.ArrayLike, y: npt.ArrayLike) -> Floats:
    """Values of a field of the grid between its points."""
    rows = (np.asarray(y, float) - Y[0]) / STEP
    columns = (np.asarray(x, float) - X[0]) / STEP
    return ndimage.map_coordinates(field, [rows, columns], order=1, mode="nearest")


def spline(points: Sequence[tuple[float, float]], step: float = 60.0, sway: float = 0.0, topic: int = 0) -> Floats:
    """A smooth line through points, swaying sideways by about ``sway`` [m] in several waves."""
    corners = np.array(points, float)
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    curve = CubicSpline(along, corners, bc_type="natural")
    at_ = np.arange(0, along[-1], step)
    line, heading = curve(at_), curve(at_, 1)
    heading /= np.hypot(*heading.T)[:, None]
    if sway:
        rng = np.random.default_rng([SEED, topic, 77])
        swing = sum(
            np.sin(2 * np.pi * at_ / length + rng.uniform(0, 6.28)) * share
            for length, share in ((5_200, 1.0), (2_300, 0.55), (1_100, 0.3), (610, 0.12))
        )
        fade = np.minimum(1, np.minimum(at_, along[-1] - at_) / 1_500)
        line = line + np.column_stack([-heading[:, 1], heading[:, 0]]) * (sway * swing * fade)[:, None]
    return np.vstack([line, corners[-1]])
