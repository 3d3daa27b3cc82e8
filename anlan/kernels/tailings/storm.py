"""Design storm of a return period: annual maxima after Pearson III, depth over duration, order of the hours."""

import math

import numpy as np
import numpy.typing as npt

from anlan.kernels.late import gammainccinv
from anlan.kernels.validity import OutOfRange, within

Floats = npt.NDArray[np.float64]
HOURS = 24.0


def frequency_factor(cv: float, cs: float, return_period: float) -> float:
    """K_p: the quantile of a Pearson III distribution with mean 1 that is exceeded once in ``return_period`` years.

    K_p = (Cv Cs / 2) P^-1(4 / Cs^2, 1 - 1/T) + 1 - 2 Cv / Cs with P^-1 the inverse of the regularised lower incomplete
    gamma function (SL 44-2006, appendix B: the curve used for storms and floods in China).

    Parameters
    ----------
    cv, cs : float
        Coefficients of variation and of skewness [-]; 0 < cv <= 3, 0 < cs <= 12.
    return_period : float
        [yr]; 1 < T <= 1e6.

    Raises
    ------
    OutOfRange
    """
    within("cv", cv, "-", 0, 3, above=True)
    within("cs", cs, "-", 0, 12, above=True)
    within("return_period", return_period, "yr", 1, 1e6, above=True)
    scaled = gammainccinv(4 / cs**2, 1 / return_period)
    return max(float(cv * cs / 2 * scaled + 1 - 2 * cv / cs), 0.0)


def depth_within(h24: float, hours: npt.ArrayLike, n1: float, n2: float) -> Floats:
    """Largest rain within ``hours`` of a storm of ``h24`` mm in 24 h: H = S t^(1-n), n = n1 below 1 h, n2 above.

    The storm formula of the regional handbooks; S = h24 24^(n2-1) [mm/h].

    Parameters
    ----------
    h24 : float
        [mm]; 0 <= h24 <= 2000.
    hours : array
        Durations [h]; 0 <= t <= 24.
    n1, n2 : float
        Exponents of the storm's decay [-]; 0 <= n < 1.
    """
    within("h24", h24, "mm", 0, 2000)
    within("hours", hours, "h", 0, HOURS)
    for name, value in (("n1", n1), ("n2", n2)):
        within(name, value, "-", 0, 0.99)
    t = np.asarray(hours, float)
    power = h24 * HOURS ** (n2 - 1)
    return np.asarray(power * np.where(t < 1, t ** (1 - n1), t ** (1 - n2)))


def hyetograph(h24: float, n1: float, n2: float, step: float, peak: float = 0.6) -> Floats:
    """Rain of each step of 24 h [mm]: the worst steps of the storm formula ordered around the peak, by turns.

    Every span around the peak then has the largest depth of its length; the sum is ``h24``.

    Parameters
    ----------
    step : float
        [s]; must divide 24 h.
    peak : float
        Share of the 24 h after which the worst step comes [-]; 0 <= peak <= 1.
    """
    within("peak", peak, "-", 0, 1)
    count = steps_of(HOURS * 3600, step)
    total = depth_within(h24, np.arange(count + 1) * step / 3600, n1, n2)
    worst_first = np.sort(np.diff(total))[::-1]
    rain = np.zeros(count)
    rain[_around(round(peak * (count - 1)), count)] = worst_first
    return rain


def _around(middle: int, count: int) -> npt.NDArray[np.int64]:
    """Places from the middle outwards, after and before it by turns."""
    away = np.abs(np.arange(count) - middle - 0.25)
    return np.argsort(away, kind="stable")


def steps_of(length: float, step: float) -> int:
    """How many steps make a length [s]; refuses a step that does not divide it, or that makes more than 20 000."""
    within("step", step, "s", 1, 7200)
    count = round(length / step)
    if not math.isclose(count * step, length, rel_tol=1e-9) or not 0 < count <= 20_000:
        raise OutOfRange(f"step = {step:g} s: must divide {length:g} s into at most 20000 steps")
    return count


def shared(h24: float, shares: npt.ArrayLike, step: float) -> Floats:
    """Rain of each step [mm] where a handbook gives the hours' shares of 24 h [-]: 24 numbers whose sum is 1."""
    within("h24", h24, "mm", 0, 2000)
    parts = np.asarray(shares, float)
    within("shares", parts, "-", 0, 1)
    if parts.shape != (24,) or not math.isclose(float(parts.sum()), 1, abs_tol=0.005):
        raise OutOfRange(f"shares: must be 24 numbers whose sum is 1, but {parts.size} make {parts.sum():g}")
    count = steps_of(3600, step)
    return np.repeat(h24 * parts / parts.sum() / count, count)
