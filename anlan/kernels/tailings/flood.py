"""From rain to flood: what runs off, and when it arrives (unit hydrograph after Nash, or the rational formula)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.late import gammainc
from anlan.kernels.tailings.storm import HOURS, Floats
from anlan.kernels.validity import OutOfRange, within

MM_KM2 = 1000.0  # [m3] in 1 mm over 1 km2
_TURNS = 200


def excess(rain: npt.ArrayLike, step: float, initial: float, rate: float) -> Floats:
    """What of the rain of each step runs off [mm]: first ``initial`` mm wet the ground, then ``rate`` mm/h seep away.

    Parameters
    ----------
    rain : array
        [mm] a step.
    step : float
        [s]
    initial : float
        Initial loss [mm]; 0-500.
    rate : float
        Steady loss [mm/h]; 0-200.
    """
    fallen = np.asarray(rain, float)
    within("rain", fallen, "mm", 0, 1000)
    within("initial", initial, "mm", 0, 500)
    within("rate", rate, "mm/h", 0, 200)
    total = np.cumsum(fallen)
    wet = np.diff(np.maximum(total - initial, 0), prepend=0.0)
    return np.maximum(wet - rate * step / 3600, 0)


def nash(runoff: npt.ArrayLike, step: float, area: float, reservoirs: float, lag: float, length: float) -> Floats:
    """Flow at the end of each step [m3/s] of runoff through ``reservoirs`` equal linear reservoirs of ``lag`` s each.

    The instantaneous unit hydrograph of Nash, u(t) = (t/K)^(n-1) e^(-t/K) / (K Gamma(n)); its S-curve is the
    regularised incomplete gamma function, so the volume is kept whatever the step. The first entry is the flow at
    time 0.

    Parameters
    ----------
    runoff : array
        [mm] a step.
    area : float
        [km2]; 0 < area <= 1000 (a catchment that is rained on evenly).
    reservoirs : float
        n [-]; 0.5-10.
    lag : float
        K [s]; 0 < K <= 24 h.
    length : float
        How long the flood is followed [s].
    """
    depth = np.asarray(runoff, float)
    within("runoff", depth, "mm", 0, 1000)
    within("area", area, "km2", 0, 1000, above=True)
    within("reservoirs", reservoirs, "-", 0.5, 10)
    within("lag", lag, "s", 0, 86_400, above=True)
    within("length", length, "s", depth.size * step, 30 * 86_400)
    count = round(length / step)
    curve = gammainc(reservoirs, np.arange(count + 1) * step / lag)
    curve[1:] = (curve[1:] + curve[:-1]) / 2  # rain falls all through its step
    volume = np.convolve(depth * area * MM_KM2, curve)[: count + 1]  # passed until then
    return np.concatenate(([0.0], np.diff(volume))) / step


@dataclass(frozen=True)
class Peak:
    """``flow`` [m3/s], ``gathering`` time of the catchment [s], ``share`` of the rain that makes the peak [-],
    ``runoff`` of the storm [mm] and how long it lasts [s]."""

    flow: float
    gathering: float
    share: float
    runoff: float
    lasting: float


@dataclass(frozen=True)
class Basin:
    """``area`` [km2], ``length`` of the main gully [km], its mean ``slope`` [-], ``m``: parameter of gathering [-]."""

    area: float
    length: float
    slope: float
    m: float

    def __post_init__(self) -> None:
        within("area", self.area, "km2", 0, 500, above=True)
        within("length", self.length, "km", 0, 100, above=True)
        within("slope", self.slope, "-", 1e-4, 1)
        within("m", self.m, "-", 0.05, 5)


def rational(basin: Basin, h24: float, n1: float, n2: float, rate: float) -> Peak:
    """Peak of a flood by the rational formula of the Institute of Water Resources (Chen Jiaqi & Zhang Gongsu 1985).

    Q = 0.278 psi S F / tau^n with tau = 0.278 L / (m J^(1/3) Q^(1/4)); psi = 1 - mu tau^n / S where the whole catchment
    gathers (t_c >= tau), else n (t_c / tau)^(1-n); t_c = ((1-n) S / mu)^(1/n). Solved for Q by bisection; n is n1 where
    tau < 1 h. Catchments to 500 km2.

    Parameters
    ----------
    h24 : float
        [mm]; above 0.
    rate : float
        mu, mean loss while it runs off [mm/h]; 0-200.
    """
    within("h24", h24, "mm", 0, 2000, above=True)
    within("rate", rate, "mm/h", 0, 200)
    for name, value in (("n1", n1), ("n2", n2)):
        within(name, value, "-", 0.01, 0.99)
    power = h24 * HOURS ** (n2 - 1)
    low, high = np.log(1e-6), np.log(1e6)
    for _ in range(_TURNS):  # what the formula gives grows slower than what it is given
        middle = (low + high) / 2
        if np.log(max(_given(basin, float(np.exp(middle)), (power, n1, n2, rate))[0], 1e-12)) > middle:
            low = middle
        else:
            high = middle
    flow, tau, share, (n, until) = _given(basin, float(np.exp(low)), (power, n1, n2, rate))
    until = min(until, HOURS)
    runoff = max(power * until ** (1 - n) - rate * until, 0.0)
    return Peak(flow, tau * 3600, share, runoff, until * 3600)


_Storm = tuple[float, float, float, float]


def _given(basin: Basin, flow: float, storm: _Storm) -> tuple[float, float, float, tuple[float, float]]:
    """What the formula makes of a guessed flow: flow, tau [h], psi, (n of the runoff, t_c [h])."""
    power, n1, n2, rate = storm
    tau = 0.278 * basin.length / (basin.m * basin.slope ** (1 / 3) * flow**0.25)
    n = n1 if tau < 1 else n2
    until, _ = _runs_until(power, n, rate)
    whole = until >= tau
    share = 1 - rate * tau**n / power if whole else n * (until / tau) ** (1 - n)
    last, n_last = _runs_until(power, n2, rate)
    if last < 1:
        last, n_last = _runs_until(power, n1, rate)
    return 0.278 * share * power * basin.area / tau**n, tau, share, (n_last, last)


def _runs_until(power: float, n: float, rate: float) -> tuple[float, float]:
    """Until when rain falls faster than it seeps away [h], and n."""
    return (((1 - n) * power / rate) ** (1 / n) if rate > 0 else float("inf")), n


def triangle(peak: float, volume: float, step: float, length: float, rise: float = 1 / 3) -> Floats:
    """Flow at the end of each step [m3/s] of a triangular flood: base 2 W / Q, the peak after the share ``rise`` of it.

    Parameters
    ----------
    peak : float
        Q [m3/s]; above 0.
    volume : float
        W [m3]; above 0.
    """
    within("peak", peak, "m3/s", 0, 1e6, above=True)
    within("volume", volume, "m3", 0, 1e11, above=True)
    within("rise", rise, "-", 0.01, 0.99)
    base = 2 * volume / peak
    if base > length:
        raise OutOfRange(f"length = {length:g} s: the flood lasts {base:g} s")
    times = np.arange(round(length / step) + 1) * step
    return np.asarray(np.interp(times, [0, rise * base, base], [0, peak, 0]))
