"""Gaussian puffs: instantaneous and short releases of neutral gas, over time.

References
----------
CCPS 1999, Guidelines for Consequence Analysis of Chemical Releases, section 2.3; Palazzi, De Faveri, Fumarola and
Ferraiolo 1982, Atmos. Environ. 16:2785 (steady source of short duration); Petersen & Lavdas 1986, INPUFF 2.0,
EPA-600/8-86-024 (trains of puffs); Yellow Book CPR 14E 2005, chapter 4.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import sigma
from anlan.kernels.consequence.vertical import vertical_factor
from anlan.kernels.late import erf
from anlan.kernels.validity import OutOfRange, within

Array = npt.NDArray[np.float64]
Along = Literal["palazzi", "intpuff", "tno"]
WidthsAt = Literal["centre", "receptor"]


@dataclass(frozen=True)
class Weather:
    """What carries a puff: wind at its height [m/s], class, puff sigma set, mixing height [m] (None: no inversion)."""

    wind: float
    stability: sigma.Stability
    sigma_set: sigma.PuffSet = "slade-puff"
    mixing_height: float | None = None


@dataclass(frozen=True)
class ShortRelease:
    """A steady release of limited duration: rate [kg/s], duration [s], height [m]."""

    rate: float
    duration: float
    height: float = 0.0


@dataclass(frozen=True)
class Receptors:
    """Points: x down the wind, y across, z up; arrays that broadcast [m]."""

    x: npt.ArrayLike
    y: npt.ArrayLike = 0.0
    z: npt.ArrayLike = 0.0


def puff(
    mass: float,
    height: float,
    weather: Weather,
    receptors: Receptors,
    time: npt.ArrayLike,
    widths_at: WidthsAt = "centre",
) -> Array:
    """Concentration of an instantaneous puff.

    Parameters
    ----------
    mass
        Released mass, > 0 [kg].
    height
        Height of release, >= 0 [m].
    weather
        Wind, class, sigma set.
    receptors
        Points; x may be anything.
    time
        Since the release, > 0, broadcast with the receptors [s].
    widths_at
        "centre": widths of the puff at its own travel ``u t`` (the mass is kept); "receptor": at the receptor's x
        (> 0), as in CCPS 1999, by which the time integral is the plume.

    Returns
    -------
    ndarray
        Concentration [kg/m3].
    """
    within("mass", mass, "kg", 0, 1e9, above=True)
    within("time", time, "s", 0, above=True)
    _check(weather, height)
    if widths_at not in get_args(WidthsAt):
        raise OutOfRange(f"widths_at {widths_at!r} is not known; known are {', '.join(get_args(WidthsAt))}")
    travel = weather.wind * np.asarray(time, float)
    x = np.asarray(receptors.x, float)
    within("x", x, "m")
    place = travel if widths_at == "centre" else x
    along = sigma.sigma_x(place, weather.stability, weather.sigma_set)
    spread = np.exp(-0.5 * ((x - travel) / along) ** 2) / (np.sqrt(2 * np.pi) * along)
    return np.asarray(mass * spread * _across_and_up(weather, height, receptors, place), float)


def short_release(
    release: ShortRelease, weather: Weather, receptors: Receptors, time: npt.ArrayLike, along: Along = "palazzi"
) -> Array:
    """Concentration of a steady release of short duration: the plume times the part of it that is passing.

    Parameters
    ----------
    release
        Rate > 0, duration > 0, height.
    weather
        Wind, class, sigma set: "plume-puff" is Palazzi's own choice.
    receptors
        Points, 0 < x <= 100 km.
    time
        Since the start of the release, >= 0, broadcast with the receptors [s].
    along
        Distance at which the spread along the wind is taken: "palazzi" the receptor's; "intpuff" that travelled by each
        end of the cloud; "tno" the receptor's while the release lasts, then that travelled by the front (Yellow Book
        CPR 14E 2005, eq. 4.60b).

    Returns
    -------
    ndarray
        Concentration [kg/m3].
    """
    within("rate", release.rate, "kg/s", 0, 1e6, above=True)
    within("duration", release.duration, "s", 0, 1e8, above=True)
    within("time", time, "s", 0)
    within("x", receptors.x, "m", 0, sigma.FARTHEST, above=True)
    _check(weather, release.height)
    x, now = np.broadcast_arrays(np.asarray(receptors.x, float), np.asarray(time, float))
    steady = release.rate / weather.wind * _across_and_up(weather, release.height, receptors, x)
    return np.asarray(steady * _passing(release, weather, x, now, along), float)


def _passing(release: ShortRelease, weather: Weather, x: Array, time: Array, along: Along) -> Array:
    """Part of the steady plume that is at x at a time: between the front and the tail of the cloud, 0 to 1."""
    front = weather.wind * time
    tail = weather.wind * np.maximum(time - release.duration, 0)
    if along == "palazzi":
        at_front = at_tail = x
    elif along == "intpuff":
        at_front, at_tail = front, tail
    elif along == "tno":
        at_front = at_tail = np.where(time < release.duration, x, front)
    else:
        raise OutOfRange(f"along {along!r} is not known; known are {', '.join(get_args(Along))}")
    return np.maximum(_step(x - tail, at_tail, weather) - _step(x - front, at_front, weather), 0) / 2


def _step(distance: Array, place: Array, weather: Weather) -> Array:
    """Error function of a distance over the spread along the wind at a place; a sharp step before it has travelled."""
    travelled = place > 0
    within_fit = np.minimum(np.where(travelled, place, 1.0), sigma.FARTHEST)
    spread = sigma.sigma_x(within_fit, weather.stability, weather.sigma_set)
    smooth = erf(distance / (np.sqrt(2) * spread))
    return np.where(travelled, smooth, np.sign(distance))


def puff_train(
    starts: npt.ArrayLike,
    masses: npt.ArrayLike,
    height: float,
    weather: Weather,
    receptors: Receptors,
    times: npt.ArrayLike,
) -> Array:
    """Concentration over time of a series of puffs: any release rate over time, such as a blowdown.

    Parameters
    ----------
    starts
        Times of release, shape (n,) [s].
    masses
        Mass of each puff, >= 0, shape (n,) [kg].
    height
        Height of release [m].
    weather
        Wind, class, sigma set; no mixing height.
    receptors
        Points, broadcast and flattened to (r,).
    times
        Times wanted, shape (t,) [s].

    Returns
    -------
    ndarray
        Shape (r, t) [kg/m3]. Widths are those at each puff's travel, interpolated at 0.5 % of the longest travel.
    """
    within("masses", masses, "kg", 0, 1e9)
    within("starts", starts, "s")
    within("times", times, "s")
    _check(weather, height)
    if weather.mixing_height is not None:
        raise OutOfRange("mixing_height: a train of puffs knows none; leave it out")
    points = np.stack([np.ravel(a) for a in np.broadcast_arrays(receptors.x, receptors.y, receptors.z)], 1)
    within("receptors", points, "m")
    begun, amounts, wanted = (np.atleast_1d(np.asarray(a, float)) for a in (starts, masses, times))
    puffs = np.stack([begun, amounts, np.full_like(begun, height)], 1)
    table = _width_table(weather, float(wanted.max() - begun.min()) * weather.wind)
    from anlan.kernels.consequence import _puff_loops

    return _puff_loops.train(puffs, table, np.ascontiguousarray(points, float), wanted, weather.wind)


def _width_table(weather: Weather, longest: float) -> Array:
    """Widths in equal steps from 0 to beyond the longest travel, shape (m, 4)."""
    if longest <= 0:
        raise OutOfRange("times: none lies after the first puff")
    place = np.linspace(0, min(longest * 1.01, sigma.FARTHEST), 2001)
    rows = [
        width(place[1:], weather.stability, weather.sigma_set)
        for width in (sigma.sigma_x, sigma.sigma_y, sigma.sigma_z)
    ]
    return np.stack([place, *(np.concatenate([[0.0], row]) for row in rows)], 1)


def equal_puffs(release: ShortRelease, count: int) -> tuple[Array, Array]:
    """A steady release as ``count`` equal puffs at the middles of equal intervals: (starts [s], masses [kg])."""
    within("count", count, "-", 1, 100_000)
    starts = (np.arange(count) + 0.5) * release.duration / count
    return starts, np.full(count, release.rate * release.duration / count)


def varying_puffs(times: npt.ArrayLike, rates: npt.ArrayLike, count: int) -> tuple[Array, Array]:
    """A rate that is linear between given times as ``count`` puffs in equal intervals: (starts [s], masses [kg]).

    Each puff has the mass released in its interval, so the whole mass is kept.
    """
    within("count", count, "-", 1, 100_000)
    within("times", times, "s")
    within("rates", rates, "kg/s", 0, 1e6)
    given, rate = np.asarray(times, float), np.asarray(rates, float)
    if np.any(np.diff(given) <= 0):
        raise OutOfRange("times: must ascend")
    edges = np.linspace(given[0], given[-1], count + 1)
    knots = np.union1d(edges, given)
    flow = np.interp(knots, given, rate)
    released = np.concatenate([[0.0], np.cumsum(np.diff(knots) * (flow[1:] + flow[:-1]) / 2)])
    return (edges[1:] + edges[:-1]) / 2, np.diff(np.interp(edges, knots, released))


def toxic_load(times: npt.ArrayLike, concentrations: npt.ArrayLike, exponent: float = 1.0) -> Array:
    """Integral of ``c**exponent`` over time along the last axis, by trapezes.

    Parameters
    ----------
    times
        Ascending, shape (t,) [s].
    concentrations
        >= 0, shape (..., t), in the unit of the probit.
    exponent
        Of the toxic load, 0 < n <= 10; 1: the dose [-].

    Returns
    -------
    ndarray
        Shape (...), [unit**n s].
    """
    within("times", times, "s")
    within("concentrations", concentrations, "kg/m3", 0)
    within("exponent", exponent, "-", 0, 10, above=True)
    axis = np.asarray(times, float)
    if np.any(np.diff(axis) <= 0):
        raise OutOfRange("times: must ascend")
    raised: Array = np.asarray(concentrations, float) ** exponent
    return np.asarray(np.trapezoid(raised, axis, axis=-1), float)


def arrival(
    release: ShortRelease, weather: Weather, receptors: Receptors, threshold: float, along: Along = "palazzi"
) -> tuple[float, float] | None:
    """First and last time at which one receptor is at or above a concentration [s]; None where it never is.

    Searched among :func:`passage_times`, refined by linear interpolation.
    """
    within("threshold", threshold, "kg/m3", 0, above=True)
    times = passage_times(release, weather, receptors.x)
    level = short_release(release, weather, receptors, times, along) - threshold
    above = np.flatnonzero(level >= 0)
    if not above.size:
        return None
    return _edge(times, level, int(above[0]), -1), _edge(times, level, int(above[-1]), 1)


def passage_times(release: ShortRelease, weather: Weather, x: npt.ArrayLike, steps: int = 4000) -> Array:
    """Times from the start until the cloud's tail has passed one distance, shape (steps + 1,) [s]."""
    within("x", x, "m", 0, sigma.FARTHEST, above=True)
    place = float(np.asarray(x, float))
    margin = 6 * float(sigma.sigma_x(place, weather.stability, weather.sigma_set)) + 0.2 * place
    return np.linspace(0, (place + margin) / weather.wind + release.duration, steps + 1)


def _edge(times: Array, level: Array, inside: int, step: int) -> float:
    """Time of the crossing between a sample above the threshold and its neighbour."""
    outside = inside + step
    if not 0 <= outside < len(times):
        return float(times[inside])
    share = level[inside] / (level[inside] - level[outside])
    return float(times[inside] + share * (times[outside] - times[inside]))


def _across_and_up(weather: Weather, height: float, receptors: Receptors, place: npt.ArrayLike) -> Array:
    """Crosswind and vertical spread at a place along the wind [1/m2]."""
    across = sigma.sigma_y(place, weather.stability, weather.sigma_set)
    up = sigma.sigma_z(place, weather.stability, weather.sigma_set)
    within("y", receptors.y, "m")
    lateral = np.exp(-0.5 * (np.asarray(receptors.y, float) / across) ** 2) / (np.sqrt(2 * np.pi) * across)
    return np.asarray(lateral * vertical_factor(receptors.z, height, up, weather.mixing_height), float)


def _check(weather: Weather, height: float) -> None:
    within("wind", weather.wind, "m/s", 1e-3, 100)
    within("height", height, "m", 0, 2000)
    sigma.check_stability(weather.stability)
    if weather.sigma_set not in sigma.PUFF_SETS:
        raise OutOfRange(f"sigma set {weather.sigma_set!r} is not for puffs; take one of {', '.join(sigma.PUFF_SETS)}")
