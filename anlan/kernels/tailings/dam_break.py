"""How far tailings may run when a dam breaks: regressions over past failures, with their scatter.

They know nothing of the valley; they are for deciding who must be warned, not for drawing a line of safety.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.late import ndtr, ndtri
from anlan.kernels.tailings.storm import Floats
from anlan.kernels.validity import OutOfRange, within

MILLION = 1e6


@dataclass(frozen=True)
class Regression:
    """log10 y = ``constant`` + ``power`` log10 x, with a standard error in log10 units (``scatter``)."""

    constant: float
    power: float
    scatter: float

    def at(self, x: npt.ArrayLike) -> Floats:
        return np.asarray(10 ** (self.constant + self.power * np.log10(x)))


@dataclass(frozen=True)
class Reach:
    """``released`` [m3] of tailings, ``median`` distance that they run [m], ``scatter`` of its log10."""

    released: float
    median: float
    scatter: float

    def chance(self, distance: npt.ArrayLike) -> Floats:
        """Share of past failures of this size that ran farther than each distance [m]; 1 at the dam."""
        metres = np.asarray(distance, float)
        within("distance", metres, "m", 0, 1e6)
        away = np.log10(np.maximum(metres, 1e-9) / self.median) / self.scatter
        return np.asarray(ndtr(-away))

    def exceeded_by(self, share: float) -> float:
        """The distance [m] that a ``share`` of such failures exceeds."""
        within("share", share, "-", 0.001, 0.999)
        return float(self.median * 10 ** (-self.scatter * ndtri(share)))


def reach(
    volume: float,
    height: float,
    released: Regression,
    runout: Regression,
    bounds: tuple[tuple[float, float], tuple[float, float]],
    given: float | None = None,
) -> Reach:
    """Distance that tailings run from the potential energy of what is released (Concha Larrauri & Lall 2018).

    V_F = 10^a V_T^b and D_max = 10^c H_f^d with H_f = H (V_F / V_T) V_F; volumes in 10^6 m3, H in m, D in km.

    Parameters
    ----------
    volume : float
        V_T, of water and tailings behind the dam [m3].
    height : float
        H of the dam [m].
    released, runout : Regression
        Their coefficients (data of a pack).
    bounds : tuple
        Lowest and highest volume [m3] and height [m] of the failures that they were fitted to.
    given : float
        Volume that is released, if it is known otherwise [m3].

    Raises
    ------
    OutOfRange
        Beyond the failures that were fitted, or more is released than there is.
    """
    (least, most), (low, high) = bounds
    within("volume", volume, "m3", least, most)
    within("height", height, "m", low, high)
    total = volume / MILLION
    flows = float(released.at(total)) if given is None else given / MILLION
    within("released", flows * MILLION, "m3", 0, above=True)
    if given is not None and flows > total:
        raise OutOfRange(f"released = {flows * MILLION:g} m3: more than the {volume:g} m3 that there are")
    flows = min(flows, total)
    energy = height * flows / total * flows
    return Reach(flows * MILLION, 1000 * float(runout.at(energy)), runout.scatter)


def arrival(distance: npt.ArrayLike, speed: float) -> Floats:
    """When a front of ``speed`` m/s comes to each distance [m] along the valley: seconds after the break."""
    within("distance", distance, "m", 0, 1e6)
    within("speed", speed, "m/s", 0.1, 60)
    return np.asarray(np.asarray(distance, float) / speed)
