"""Risk capacity of a park: how much more may come before a criterion is reached.

Individual risk and F are linear in frequency, so that room for frequency is a quotient; room for inventory or rate is
found by halving an interval, because more of it never lowers the risk.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.qra.criteria import Line
from anlan.kernels.qra.layout import Floats
from anlan.kernels.validity import OutOfRange, within


@dataclass(frozen=True)
class Room:
    """``value``: what is still free; ``governs``: which target (or corner of the curve) is reached first, -1: none."""

    value: float
    governs: int


def frequency_factor(risk: npt.ArrayLike, limits: npt.ArrayLike) -> Room:
    """By which factor all frequencies may grow until a target's risk [1/yr] reaches its limit [1/yr].

    A factor below 1 says that the criterion is broken already. Infinite where no target has a risk.
    """
    now, limit = _pairs(risk, limits)
    factor = np.divide(limit, now, out=np.full_like(limit, np.inf), where=now > 0)
    return _least(factor)


def additional_frequency(risk: npt.ArrayLike, limits: npt.ArrayLike, per_frequency: npt.ArrayLike) -> Room:
    """How often [1/yr] one more event may happen: (limit - risk) / (risk of the event at 1/yr), at the worst target.

    ``per_frequency`` [-]: individual risk at each target if the new event happened once a year.
    """
    now, limit = _pairs(risk, limits)
    gain = np.broadcast_to(np.asarray(per_frequency, float), now.shape)
    within("risk of the new event", gain, "-", 0)
    room = np.divide(limit - now, gain, out=np.full(now.shape, np.inf), where=gain > 0)
    room = np.where(now >= limit, 0.0, room)
    return _least(room)


def societal_factor(number: npt.ArrayLike, frequency: npt.ArrayLike, line: Line) -> Room:
    """By which factor all frequencies may grow until the F-N curve (its corners) touches a line."""
    n, f = np.atleast_1d(np.asarray(number, float)), np.atleast_1d(np.asarray(frequency, float))
    within("F of the curve", f, "1/yr", 0)
    limit = line.at(n) if len(n) else np.zeros(0)
    return _least(np.divide(limit, f, out=np.full(f.shape, np.inf), where=f > 0))


def inventory_factor(
    risk_at: Callable[[float], Floats], limits: npt.ArrayLike, most: float = 100.0, accuracy: float = 1e-3
) -> Room:
    """By which factor an inventory or rate may grow until a target's risk exceeds its limit.

    Parameters
    ----------
    risk_at : callable
        Risk at the targets [1/yr] for a factor; never falls with the factor.
    limits : f8[targets]
        [1/yr]
    most : float
        Factor at which the search ends; the result is then ``most`` and nothing governs.
    accuracy : float
        Relative accuracy of the result [-].
    """
    limit = np.atleast_1d(np.asarray(limits, float))
    within("limit", limit, "1/yr", 0, above=True)
    within("largest factor", most, "-", 0, 1e6, above=True)
    within("accuracy", accuracy, "-", 1e-9, 0.5)
    if not (risk_at(most) > limit).any():
        return Room(most, -1)
    low, high = 0.0, most
    while high - low > accuracy * high and high > most * 1e-9:
        middle = (low + high) / 2
        low, high = (low, middle) if (risk_at(middle) > limit).any() else (middle, high)
    return Room(low, int(np.argmax(risk_at(high) / limit)))


def _pairs(risk: npt.ArrayLike, limits: npt.ArrayLike) -> tuple[Floats, Floats]:
    now, limit = np.atleast_1d(np.asarray(risk, float)), np.atleast_1d(np.asarray(limits, float))
    within("risk", now, "1/yr", 0)
    within("limit", limit, "1/yr", 0, above=True)
    if now.shape != limit.shape:
        raise OutOfRange(f"{now.size} risks but {limit.size} limits")
    return now, limit


def _least(values: Floats) -> Room:
    if not len(values) or not np.isfinite(values).any():
        return Room(float("inf"), -1)
    return Room(float(values.min()), int(values.argmin()))
