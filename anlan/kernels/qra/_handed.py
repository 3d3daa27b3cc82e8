"""What the compiled loops of risk are handed; apart from them, because to load them loads the compiler."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anlan.kernels.qra.layout import Floats, Integers

Singles = npt.NDArray[np.float32]


class Mesh(NamedTuple):
    """A polar mesh about a location: ``rings`` of ``step`` [m], ``spokes`` over the full circle."""

    step: float
    rings: int
    spokes: int
    near: float  # radius [m] within which cells are computed one by one


class Window(NamedTuple):
    """Cells of a grid: centre of the first one [m], size [m], and how many."""

    x: float
    y: float
    cell: float
    columns: int
    rows: int


class Chosen(NamedTuple):
    """Releases of one location: footprint, row of the rose, frequency [1/yr]."""

    shape: Integers
    weather: Integers
    frequency: Floats
