"""The Gaussian plume: a continuous release of neutral gas into a steady wind.

``c = Q / (u sqrt(2 pi) sy) exp(-y2 / 2 sy2) F(z)`` with F the vertical factor (ground and, where given, inversion
reflected). No deposition, no reaction, flat ground, wind above about 0.5 m/s, distances of about 100 m to 10 km.

References
----------
CCPS 1999, Guidelines for Consequence Analysis of Chemical Releases, section 2.3; Yellow Book CPR 14E 2005, chapter 4.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import sigma
from anlan.kernels.consequence.plume_rise import Rise
from anlan.kernels.consequence.vertical import log_vertical_factor, vertical_factor
from anlan.kernels.late import brentq, minimize_scalar
from anlan.kernels.validity import OutOfRange, within

Array = npt.NDArray[np.float64]

NEAREST = 1.0
"""Where searches along the wind begin [m]."""
_SCAN = 240


@dataclass(frozen=True)
class Plume:
    """A continuous release: rate [kg/s], wind at its height [m/s], class, sigma set, effective height [m].

    ``mixing_height`` [m], None: no inversion; ``averaging_time`` [s], None: that of the sigma set; ``rise`` is added to
    the height with distance and widens the plume by ``rise / 3.5`` (Pasquill 1976, as in ISC3).
    """

    rate: float
    wind: float
    stability: sigma.Stability
    sigma_set: sigma.PlumeSet = "briggs-rural"
    height: float = 0.0
    mixing_height: float | None = None
    averaging_time: float | None = None
    rise: Rise | None = None


def widths(plume: Plume, x: npt.ArrayLike, *, rise: bool = True) -> tuple[Array, Array]:
    """Dispersion parameters with averaging time and, unless ``rise`` is off, plume rise: (sigma_y, sigma_z) [m]."""
    across = sigma.sigma_y(x, plume.stability, plume.sigma_set) * _averaging(plume)
    up = sigma.sigma_z(x, plume.stability, plume.sigma_set)
    if plume.rise is None or not rise:
        return across, up
    induced = plume.rise.at(x) / 3.5
    return np.hypot(across, induced), np.hypot(up, induced)


def centre_height(plume: Plume, x: npt.ArrayLike) -> Array:
    """Height of the plume's axis, kept below the inversion; shape of ``x`` [m]."""
    rise = np.zeros(np.shape(x)) if plume.rise is None else plume.rise.at(x)
    height = plume.height + rise
    return height if plume.mixing_height is None else np.minimum(height, plume.mixing_height)


def concentration(plume: Plume, x: npt.ArrayLike, y: npt.ArrayLike = 0.0, z: npt.ArrayLike = 0.0) -> Array:
    """Concentration at receptors.

    Parameters
    ----------
    plume
        The release.
    x, y, z
        Down the wind (0 < x <= 100 km), across it and above the ground (>= 0), any shapes that broadcast [m].

    Returns
    -------
    ndarray
        Mean concentration, broadcast shape [kg/m3].

    Raises
    ------
    OutOfRange
        An input out of range; release height above the mixing height.
    """
    return np.exp(_log_concentration(plume, x, y, z))


def _log_concentration(plume: Plume, x: npt.ArrayLike, y: npt.ArrayLike, z: npt.ArrayLike) -> Array:
    check(plume)
    within("y", y, "m")
    across, up = widths(plume, x)
    vertical = log_vertical_factor(z, centre_height(plume, x), up, plume.mixing_height)
    horizontal = -0.5 * (np.asarray(y, float) / across) ** 2 - np.log(np.sqrt(2 * np.pi) * across)
    return np.asarray(np.log(plume.rate / plume.wind) + horizontal + vertical, float)


def with_widths(
    rate: float, wind: float, widths: tuple[float, float], height: float, y: npt.ArrayLike, z: npt.ArrayLike
) -> Array:
    """Concentration where the widths (sigma_y, sigma_z) are known [m]; else as :func:`concentration` [kg/m3]."""
    within("rate", rate, "kg/s", 0, 1e6, above=True)
    within("wind", wind, "m/s", 0, 100, above=True)
    within("sigma_y", widths[0], "m", 0, above=True)
    within("y", y, "m")
    lateral = np.exp(-0.5 * (np.asarray(y, float) / widths[0]) ** 2) / (np.sqrt(2 * np.pi) * widths[0])
    return np.asarray(rate / wind * lateral * vertical_factor(z, height, widths[1]), float)


def check(plume: Plume) -> None:
    """Refuse a release that cannot be."""
    within("rate", plume.rate, "kg/s", 0, 1e6, above=True)
    within("wind", plume.wind, "m/s", 0, 100, above=True)
    within("height", plume.height, "m", 0, 2000)
    sigma.check_stability(plume.stability)
    if plume.sigma_set not in sigma.PLUME_SETS:
        raise OutOfRange(f"sigma set {plume.sigma_set!r} is not for plumes; take one of {', '.join(sigma.PLUME_SETS)}")
    if plume.mixing_height is not None and plume.height > plume.mixing_height:
        raise OutOfRange(
            f"height = {plume.height:g} m lies above the mixing height {plume.mixing_height:g} m: leave out the latter"
        )


def ground_maximum(plume: Plume, z: float = 0.0) -> tuple[float, float] | None:
    """Where the concentration on the centre line at height ``z`` is highest: (distance [m], concentration [kg/m3]).

    None where it falls all the way from the source (a release at the receptors' height).
    """
    grid = np.geomspace(NEAREST, sigma.FARTHEST, _SCAN)
    values = _log_concentration(plume, grid, 0.0, z)
    best = int(np.argmax(values))
    if best in (0, _SCAN - 1):
        return None

    def negative(log_x: float) -> float:
        return -float(_log_concentration(plume, np.exp(log_x), 0.0, z))

    found = minimize_scalar(
        negative, bounds=(np.log(grid[best - 1]), np.log(grid[best + 1])), method="bounded", options={"xatol": 1e-9}
    )
    return float(np.exp(found.x)), float(np.exp(-found.fun))


def threshold_distance(plume: Plume, threshold: float, z: float = 0.0) -> tuple[float, float] | None:
    """Between which distances the centre line at height ``z`` is at or above a concentration.

    Parameters
    ----------
    plume
        The release.
    threshold
        Concentration, > 0 [kg/m3].
    z
        Height of the receptors, >= 0 [m].

    Returns
    -------
    tuple or None
        (nearest, farthest) [m]; nearest is :data:`NEAREST` where the source itself is above. None: nowhere above.

    Raises
    ------
    OutOfRange
        The threshold is still exceeded at 100 km, beyond which no sigma set holds.
    """
    within("threshold", threshold, "kg/m3", 0, above=True)
    peak = ground_maximum(plume, z)
    level = float(np.log(threshold))

    def excess(log_x: float) -> float:
        return float(_log_concentration(plume, np.exp(log_x), 0.0, z)) - level

    return crossings(excess, NEAREST if peak is None else peak[0])


def crossings(excess: Callable[[float], float], peak: float) -> tuple[float, float] | None:
    """Both roots of a function of ln x that rises to ``peak`` [m] and then falls; see :func:`threshold_distance`."""
    start, top, end = np.log(NEAREST), np.log(peak), np.log(sigma.FARTHEST * (1 - 1e-12))
    if excess(top) < 0:
        return None
    if excess(end) > 0:
        raise OutOfRange(
            "the threshold is still exceeded at 100 km, beyond which the dispersion parameters do not hold"
        )
    near = NEAREST if excess(start) >= 0 else float(np.exp(brentq(excess, start, top, xtol=1e-10)))
    return near, float(np.exp(brentq(excess, top, end, xtol=1e-10)))


def half_width(plume: Plume, x: npt.ArrayLike, threshold: float, z: float = 0.0) -> Array:
    """Half-width of the region at or above a concentration at distances ``x``; 0 where there is none [m]."""
    within("threshold", threshold, "kg/m3", 0, above=True)
    across, _ = widths(plume, x)
    excess = _log_concentration(plume, x, 0.0, z) - np.log(threshold)
    return cast(Array, across * np.sqrt(2 * np.maximum(excess, 0)))


@dataclass(frozen=True)
class Contour:
    """The region at or above a concentration: nearest and farthest point, greatest half-width and its place, area.

    ``outline``: closed ring of (x, y), anticlockwise, shape (n, 2) [m].
    """

    nearest: float
    farthest: float
    half_width: float
    widest_at: float
    area: float
    outline: Array


def contour(plume: Plume, threshold: float, z: float = 0.0, points: int = 200) -> Contour | None:
    """Outline of the region at or above a concentration at height ``z``; None where there is none.

    Parameters
    ----------
    plume
        The release.
    threshold
        Concentration, > 0 [kg/m3].
    z
        Height [m].
    points
        Points along each side, 10 to 10000.
    """
    within("points", points, "-", 10, 10000)
    reach = threshold_distance(plume, threshold, z)
    if reach is None:
        return None
    near, far = reach
    # cosine spacing: dense at both tips, where the outline is round
    x = near + (far - near) * (1 - np.cos(np.linspace(0, np.pi, points))) / 2
    y = half_width(plume, x, threshold, z)
    widest = int(np.argmax(y))
    outline = np.concatenate([np.stack([x, -y], 1), np.stack([x, y], 1)[::-1], [[x[0], -y[0]]]])
    return Contour(near, far, float(y[widest]), float(x[widest]), float(2 * np.trapezoid(y, x)), outline)


def _averaging(plume: Plume) -> float:
    if plume.averaging_time is None:
        return 1.0
    shortest = sigma.shortest_averaging(plume.stability, plume.sigma_set)
    return sigma.averaging_factor(plume.averaging_time, sigma.provenance(plume.sigma_set).averaging, shortest)
