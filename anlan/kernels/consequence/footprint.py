"""A toxic plume's footprint as two tables along the wind, for sums over many scenarios.

For a Gaussian plume and a probit linear in the logarithm of the dose, the probit is a parabola across the wind::

    probit - 5 = a(x) + slope * ln(rate) - b(x) * y**2

exactly: transcendental work is needed along x only. Scenarios of other rates share the tables; they differ by a shift.
The same holds for a puff and for a release of limited duration, if widths are taken at the receptor: its concentration
over time is everywhere that of the centre line times a factor of y.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import sigma
from anlan.kernels.consequence.puff import Weather
from anlan.kernels.consequence.vertical import log_vertical_factor
from anlan.kernels.late import erf
from anlan.kernels.validity import OutOfRange, within

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ToxicProbit:
    """``probit = a + b ln(C**n t)``, C in ``unit``, t in minutes.

    ``unit``: how many kg/m3 one of the probit's concentration units is (1 mg/m3 is 1e-6; 1 ppm depends on the gas).
    """

    a: float
    b: float
    n: float
    unit: float = 1e-6


@dataclass(frozen=True)
class PlumeWeather:
    """What a plume needs to know: class, wind at release height [m/s], sigma set, heights [m], averaging time [s]."""

    stability: sigma.Stability
    wind: float
    sigma_set: sigma.PlumeSet = "briggs-rural"
    release_height: float = 0.0
    receptor_height: float = 0.0
    mixing_height: float | None = None
    averaging_time: float | None = None


@dataclass(frozen=True)
class Footprint:
    """``probit - 5 = a(x) - b(x) * y**2`` at the distances ``x`` [m], ascending; ``b`` in 1/m2.

    ``slope``: what ``a`` gains per unit of ln(rate).
    """

    x: Array
    a: Array
    b: Array
    slope: float

    def at_rate(self, rate: float) -> "Footprint":
        """The footprint of another release rate: that of 1 kg/s shifted by ``slope * ln(rate)``. The tables are shared.

        Parameters
        ----------
        rate
            Release rate, relative to the one of this footprint, > 0 [-].
        """
        within("rate", rate, "kg/s", 0, above=True)
        return replace(self, a=self.a + self.slope * np.log(rate))

    def half_width(self, cutoff: float) -> Array:
        """Half-width at every ``x`` of the strip in which ``probit - 5 >= cutoff``; 0 where there is none [m]."""
        within("cutoff", cutoff, "-")
        return np.sqrt(np.maximum(self.a - cutoff, 0) / self.b)

    def reach(self, cutoff: float) -> float:
        """Farthest tabulated ``x`` at which the centre line is at or above ``cutoff``; 0 where it never is [m]."""
        above = np.flatnonzero(self.a >= cutoff)
        return float(self.x[above[-1]]) if above.size else 0.0


def plume_tables(x: npt.ArrayLike, weather: PlumeWeather, probit: ToxicProbit, duration: float) -> Footprint:
    """Footprint of a continuous release of 1 kg/s; :meth:`Footprint.at_rate` gives the others.

    Parameters
    ----------
    x
        Distances down the wind, ascending, 0 < x <= 100 km, shape (n,) [m].
    weather
        Class, wind, sigma set and heights.
    probit
        Coefficients of the toxic probit.
    duration
        Exposure, > 0 [s].

    Returns
    -------
    Footprint
        Tables of shape (n,).

    Raises
    ------
    OutOfRange
        An input out of its range; ``x`` does not ascend.

    References
    ----------
    Gaussian plume: CCPS 1999, Guidelines for Consequence Analysis, p. 97. Probit: CPR 18E (Purple Book) 1999, 5.2.
    """
    within("wind", weather.wind, "m/s", 0, 100, above=True)
    within("duration", duration, "s", 0, above=True)
    _check_probit(probit)
    distance = _ascending(x)
    across = sigma.sigma_y(distance, weather.stability, weather.sigma_set) * _averaging(weather)
    slope = probit.b * probit.n
    centre = _log_unit_concentration(distance, across, weather) - np.log(probit.unit)
    a = probit.a + slope * centre + probit.b * np.log(duration / 60) - 5
    return Footprint(distance, a, slope / (2 * across**2), slope)


def puff_tables(
    x: npt.ArrayLike, weather: Weather, probit: ToxicProbit, height: float = 0.0, receptor_height: float = 0.0
) -> Footprint:
    """Footprint of an instantaneous release of 1 kg that drifts past; :meth:`Footprint.at_rate` takes the mass.

    Parameters
    ----------
    x
        Distances down the wind, ascending, 0 < x <= 100 km, shape (n,) [m].
    weather
        Wind, class, puff sigma set, mixing height.
    probit
        Coefficients of the toxic probit.
    height, receptor_height
        Of the release and of the people [m].

    Returns
    -------
    Footprint
        Toxic load of the whole passage: ``peak**n sigma_x / u sqrt(2 pi / n)``.
    """
    distance, along, centre = _puff_centre(x, weather, height, receptor_height)
    peak = centre + np.log(weather.wind / (np.sqrt(2 * np.pi) * along))
    passage = along / weather.wind * np.sqrt(2 * np.pi / probit.n)
    return _from_load(distance, weather, probit, peak, passage)


def short_release_tables(
    x: npt.ArrayLike,
    weather: Weather,
    probit: ToxicProbit,
    duration: float,
    height: float = 0.0,
    receptor_height: float = 0.0,
) -> Footprint:
    """Footprint of a release of 1 kg/s that lasts ``duration`` [s], after Palazzi et al. 1982, over its whole passage.

    Parameters as :func:`puff_tables`; "plume-puff" is Palazzi's sigma set. A long duration gives the plume's tables, a
    short one those of the puff of the same mass.
    """
    within("duration", duration, "s", 0, above=True)
    distance, along, centre = _puff_centre(x, weather, height, receptor_height)
    scale = along / weather.wind
    return _from_load(distance, weather, probit, centre, scale * _passage(duration / scale, probit.n))


def _puff_centre(
    x: npt.ArrayLike, weather: Weather, height: float, receptor_height: float
) -> tuple[Array, Array, Array]:
    """Distances, sigma_x there and the logarithm of the steady concentration of 1 kg/s on the centre line."""
    within("wind", weather.wind, "m/s", 0, 100, above=True)
    distance = _ascending(x)
    along, across, up = (
        width(distance, weather.stability, weather.sigma_set) for width in (sigma.sigma_x, sigma.sigma_y, sigma.sigma_z)
    )
    vertical = log_vertical_factor(receptor_height, height, up, weather.mixing_height)
    return distance, along, np.asarray(vertical - np.log(np.sqrt(2 * np.pi) * weather.wind * across))


def _from_load(x: Array, weather: Weather, probit: ToxicProbit, log_peak: Array, seconds: Array) -> Footprint:
    """Tables from the logarithm of a concentration [ln kg/m3] and the time for which it gives the toxic load [s]."""
    _check_probit(probit)
    slope = probit.b * probit.n
    a = probit.a + slope * (log_peak - np.log(probit.unit)) + probit.b * np.log(seconds / 60) - 5
    across = sigma.sigma_y(x, weather.stability, weather.sigma_set)
    return Footprint(x, np.asarray(a), slope / (2 * across**2), slope)


def _passage(durations: Array, exponent: float) -> Array:
    """Integral over time of (passing share)**n in units of sigma_x / u, for durations in that unit."""
    table, values = _passage_table(exponent)
    inside = np.exp(np.interp(np.log(durations), np.log(table), values))
    short = durations**exponent * (2 * np.pi) ** (-exponent / 2) * np.sqrt(2 * np.pi / exponent)
    long = np.exp(values[-1]) + durations - table[-1]
    return np.asarray(np.where(durations < table[0], short, np.where(durations > table[-1], long, inside)))


@lru_cache(maxsize=16)
def _passage_table(exponent: float) -> tuple[Array, Array]:
    """Scaled durations and the logarithms of :func:`_passage` there; beyond, the passage is as long as the release."""
    table: Array = np.geomspace(1e-3, 40, 400)
    w = np.linspace(-50, 10, 3001)
    share = (erf((w + table[:, None]) / np.sqrt(2)) - erf(w / np.sqrt(2))) / 2
    return table, np.asarray(np.log(np.trapezoid(share**exponent, w, axis=1)))


def _ascending(x: npt.ArrayLike) -> Array:
    distance = np.asarray(x, float)
    if distance.ndim != 1 or np.any(np.diff(distance) <= 0):
        raise OutOfRange("x: must be one row of ascending distances")
    return distance


def _log_unit_concentration(x: Array, across: Array, weather: PlumeWeather) -> Array:
    """Logarithm of the concentration on the centre line of 1 kg/s [ln kg/m3]."""
    up = sigma.sigma_z(x, weather.stability, weather.sigma_set)
    factor = log_vertical_factor(weather.receptor_height, weather.release_height, up, weather.mixing_height)
    return np.asarray(factor - np.log(np.sqrt(2 * np.pi) * weather.wind * across))


def _averaging(weather: PlumeWeather) -> float:
    if weather.averaging_time is None:
        return 1.0
    own = sigma.provenance(weather.sigma_set).averaging
    shortest = sigma.shortest_averaging(weather.stability, weather.sigma_set)
    return sigma.averaging_factor(weather.averaging_time, own, shortest)


def _check_probit(probit: ToxicProbit) -> None:
    within("a", probit.a, "-")
    for name in ("b", "n", "unit"):
        within(name, getattr(probit, name), "-", 0, above=True)
