"""The range in which a model was fitted, and the refusal to compute outside it.

A model never turns NaN, an infinite or an impossible input into a number. It asks :func:`within` first.
"""

import math

import numpy as np
import numpy.typing as npt


class OutOfRange(ValueError):
    """An input lies outside what the model is valid for. The message names it, its value and the range."""


def within(
    name: str,
    value: npt.ArrayLike,
    unit: str,
    low: float = -math.inf,
    high: float = math.inf,
    *,
    above: bool = False,
) -> None:
    """Refuse ``value`` (a number or an array) unless every element is finite and ``low <= value <= high``.

    ``above``: the lower bound itself is refused too (a diameter is > 0).

    Raises
    ------
    OutOfRange
        Names the input, the first offending value, the range and the unit.
    """
    array = np.asarray(value, float)
    bad = ~np.isfinite(array) | (array > high) | (array <= low if above else array < low)
    if bad.any():
        first = float(array[bad].flat[0])
        raise OutOfRange(f"{name} = {first:g} {unit}: {_range(low, high, above=above)}")


def _range(low: float, high: float, *, above: bool) -> str:
    lower = "" if low == -math.inf else f"{low:g} {'<' if above else '<='} "
    upper = "" if high == math.inf else f" <= {high:g}"
    return f"must be finite and {lower}value{upper}" if lower or upper else "must be finite"
