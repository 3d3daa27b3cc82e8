"""Small parks for the tests: chlorine plumes, a fireball, a flash fire; made of tables, without a dispersion model."""

from collections.abc import Sequence

import numpy as np

from anlan.kernels.qra.layout import Grid, Park, Releases, Rose, Shape, circle, park

GRID = Grid(0, 0, 20, 100, 100)


def plume(rate: float, sharpness: float = 0.08) -> Shape:
    """A Gaussian plume of chlorine, Purple Book probit, neutral weather at 3 m/s."""
    x = np.arange(1, 400) * 5.0
    across, up = sharpness * x / np.sqrt(1 + 1e-4 * x), 0.06 * x / np.sqrt(1 + 0.0015 * x)
    a = -6.35 + 0.5 * 2.75 * np.log(1e6 * rate / (np.pi * 3 * across * up)) + 0.5 * np.log(30) - 5
    return Shape(a, 0.5 * 2.75 / (2 * across**2), 5.0, 5.0)


def rose(seed: int = 1, weathers: int = 2, directions: int = 16) -> Rose:
    rng = np.random.default_rng(seed)
    table = rng.dirichlet(np.ones(weathers * directions) * 4).reshape(weathers, directions)
    return Rose(table)


def small(
    at: Sequence[tuple[float, float]] = ((700.0, 900.0), (1210.0, 1105.0)),
    wind: Rose | None = None,
    factor: float = 1.0,
) -> Park:
    """Two locations: plumes in two weathers at each, and a fire in any weather at the second."""
    shapes = [plume(0.5), plume(2.0, 0.05), circle(90, 0.8), circle(60, 1.0, shift=40)]
    rows = [(0, 0, 0, 1e-4), (0, 1, 1, 5e-5), (1, 0, 1, 2e-4), (1, 2, -1, 1e-5), (1, 3, -1, 3e-5)]
    rows = [row for row in rows if row[0] < len(at)]
    location, shape, weather, frequency = (np.array(column) for column in zip(*rows, strict=True))
    return park(at, wind or rose(), shapes, Releases(location, shape, weather, frequency * factor))
