"""Snapshots as the first version wrote them: arrival and silence in a table of their own, a time until which a quiet
band holds. An installation that goes on under this version must not forget which alarms it has raised."""

import numpy as np
import numpy.typing as npt

from anlan.kernels._detect_types import COLD, HOT, LIMIT, NEVER

_HOT = np.dtype([("ts", "i8"), ("value", "f8"), ("due", "i8"), ("low", "f4"), ("high", "f4")])
_WAIT = np.dtype([("arrival", "i8"), ("missing_ms", "i8")])
_COLD = np.dtype(
    [
        ("deadband", "f8"),
        ("on_ms", "i8"),
        ("off_ms", "i8"),
        ("alarms", "u1"),
        ("missing", "u1"),
        ("bad", "u1"),
        ("known", "u1"),
    ],
    align=True,
)
#: What stood in the body, one after the other, after the clock.
FIRST = (_HOT, _WAIT, _COLD, LIMIT)


def from_first(parts: tuple[npt.NDArray[np.void], ...]) -> tuple[npt.NDArray[np.void], ...]:
    """The tables of this version, from those of ``FIRST``."""
    before, waits, rules, limits = parts
    hot, cold = np.zeros(len(before), HOT), np.zeros(len(before), COLD)
    for name in ("ts", "value", "low", "high"):
        hot[name] = before[name]
    hot["low"][before["due"] != NEVER] = np.inf
    hot["arrival"], cold["missing_ms"] = waits["arrival"], waits["missing_ms"]
    for name in _COLD.names or ():
        cold[name] = rules[name]
    return hot, cold, limits
