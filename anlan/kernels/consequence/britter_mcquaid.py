"""Dense gas by the correlations of Britter and McQuaid: ground-level releases over flat, open ground.

The workbook gives, for a few concentration ratios, the distance as a function of one buoyancy parameter, ``alpha``. It
is a screening method: widths and heights are top-hat estimates, roughness and stability do not enter.

References
----------
Britter & McQuaid 1988, Workbook on the Dispersion of Dense Gases, HSE Contract Research Report 17/1988; straight-line
fits of its curves: CCPS 1999, Guidelines for Consequence Analysis of Chemical Releases, pp. 118-122 (also Crowl and
Louvar, Chemical Process Safety, ch. 5).
"""

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence.atmosphere import GRAVITY
from anlan.kernels.validity import OutOfRange, within

Array = npt.NDArray[np.float64]
Regime = Literal["continuous", "instantaneous", "transitional"]
#: (alpha up to, slope, intercept) of log10(x / length) per piece
Line = tuple[float, float, float]

PLUME_LINES: dict[float, tuple[Line, ...]] = {
    0.10: ((-0.55, 0, 1.75), (-0.14, 0.24, 1.88), (1, -0.50, 1.78)),
    0.05: ((-0.68, 0, 1.92), (-0.29, 0.36, 2.16), (-0.18, 0, 2.06), (1, -0.56, 1.96)),
    0.02: ((-0.69, 0, 2.08), (-0.31, 0.45, 2.39), (-0.16, 0, 2.25), (1, -0.54, 2.16)),
    0.01: ((-0.70, 0, 2.25), (-0.29, 0.49, 2.59), (-0.20, 0, 2.45), (1, -0.52, 2.35)),
    0.005: ((-0.67, 0, 2.40), (-0.28, 0.59, 2.80), (-0.15, 0, 2.63), (1, -0.49, 2.56)),
    0.002: ((-0.69, 0, 2.60), (-0.25, 0.39, 2.87), (-0.13, 0, 2.77), (1, -0.50, 2.71)),
}
PUFF_LINES: dict[float, tuple[Line, ...]] = {
    0.10: ((-0.44, 0, 0.70), (0.43, 0.26, 0.81), (1, 0, 0.93)),
    0.05: ((-0.56, 0, 0.85), (0.31, 0.26, 1.00), (1, -0.12, 1.12)),
    0.02: ((-0.66, 0, 0.95), (0.32, 0.36, 1.19), (1, -0.26, 1.38)),
    0.01: ((-0.71, 0, 1.15), (0.37, 0.34, 1.39), (1, -0.38, 1.66)),
    0.005: ((-0.52, 0, 1.48), (0.24, 0.26, 1.62), (1, -0.30, 1.75)),
    0.002: ((0.27, 0, 1.83), (1, -0.32, 1.92)),
    0.001: ((-0.10, 0, 2.075), (1, -0.27, 2.05)),
}


@dataclass(frozen=True)
class DenseCloud:
    """What is released, at source conditions: reduced gravity [m/s2], volume fraction [-], temperatures [K].

    ``fraction`` is that of the substance in the cloud at the source: 1 for a pure gas. Equal temperatures: isothermal.
    """

    reduced_gravity: float
    temperature: float
    air_temperature: float
    fraction: float = 1.0


def reduced_gravity(density: float, air_density: float) -> float:
    """``g (rho - rho_air) / rho_air``; refuses a cloud that is not denser than air [m/s2]."""
    within("density", density, "kg/m3", 0, above=True)
    within("air_density", air_density, "kg/m3", 0, above=True)
    if density <= air_density:
        raise OutOfRange(
            f"density = {density:g} kg/m3 is not above that of air, {air_density:g} kg/m3: "
            "the cloud is not dense; take the Gaussian plume or puff"
        )
    return GRAVITY * (density - air_density) / air_density


@dataclass(frozen=True)
class Curve:
    """Concentration ratio against scaled distance at one alpha: near field, tabulated points, far field x^-2."""

    near: float
    scaled: Array = field(repr=False)
    ratios: Array = field(repr=False)
    near_factor: float

    def ratio(self, scaled: npt.ArrayLike) -> Array:
        """Isothermal concentration ratio at scaled distances; between points linear in log distance [-]."""
        x = np.asarray(scaled, float)
        middle = np.interp(np.log10(np.maximum(x, 1e-9)), self.scaled, self.ratios)
        near = np.maximum(self.near_factor / (self.near_factor + x**2), self.ratios[0])
        far = self.ratios[-1] * (10 ** self.scaled[-1] / np.maximum(x, 1e-9)) ** 2
        return np.asarray(np.where(x <= self.near, near, np.where(x < 10 ** self.scaled[-1], middle, far)), float)

    def distance(self, ratio: npt.ArrayLike) -> Array:
        """Scaled distance at which a ratio is reached, the inverse of :meth:`ratio` [-]."""
        c = np.asarray(ratio, float)
        near = np.minimum(np.sqrt(self.near_factor * (1 / c - 1)), self.near)
        middle = 10 ** np.asarray(np.interp(c, self.ratios[::-1], self.scaled[::-1]), float)
        far = 10 ** self.scaled[-1] * np.sqrt(self.ratios[-1] / c)
        return np.asarray(np.where(c >= self.ratios[0], near, np.where(c > self.ratios[-1], middle, far)), float)


def plume_curve(alpha: float) -> Curve:
    """Curve of a continuous release: 306 / (306 + x'^2) to x' = 30, then the fitted points.

    Parameters
    ----------
    alpha
        ``0.2 log10(g0^2 Q u^-5)``, <= 1 [-].

    Raises
    ------
    OutOfRange
        alpha > 1: the workbook's curves end there.
    """
    ratios, scaled = _points(PLUME_LINES, alpha)
    # above alpha = 0.605 the first point lies nearer than 30 lengths: the near field then ends there, with a step
    if scaled[0] > math.log10(30):
        at_30 = 306 / (306 + 30**2)
        return Curve(30.0, np.insert(scaled, 0, math.log10(30)), np.insert(ratios, 0, at_30), 306.0)
    return Curve(float(10 ** scaled[0]), scaled, ratios, 306.0)


def puff_curve(alpha: float) -> Curve:
    """Curve of an instantaneous release: 3.24 / (3.24 + x'^2), not below 0.1, then the fitted points.

    Parameters
    ----------
    alpha
        ``0.5 log10(g0 V^(1/3) / u^2)``, <= 1 [-].
    """
    ratios, scaled = _points(PUFF_LINES, alpha)
    return Curve(float(10 ** scaled[0]), scaled, ratios, 3.24)


def _points(lines: dict[float, tuple[Line, ...]], alpha: float) -> tuple[Array, Array]:
    within("alpha", alpha, "-", high=1)
    scaled = [next(m * alpha + b for top, m, b in pieces if alpha <= top) for pieces in lines.values()]
    return np.array(list(lines)), np.array(scaled, float)


def volume_rate_of(alpha: float, gravity: float, wind: float) -> float:
    """Volume rate of a continuous release whose ``alpha`` is known, ``10^(5 alpha) u^5 / g0^2`` [m3/s]."""
    within("alpha", alpha, "-", -10, 1)
    within("reduced_gravity", gravity, "m/s2", 0, above=True)
    within("wind", wind, "m/s", 0, 100, above=True)
    return math.pow(10, 5 * alpha) * wind**5 / gravity**2


def to_actual(cloud: DenseCloud, ratio: npt.ArrayLike) -> Array:
    """Volume fraction from the isothermal ratio: a cold cloud holds more molecules to the volume."""
    _check(cloud)
    c = np.asarray(ratio, float)
    return np.asarray(cloud.fraction * c / (c + (1 - c) * cloud.temperature / cloud.air_temperature), float)


def to_isothermal(cloud: DenseCloud, fraction: npt.ArrayLike) -> Array:
    """Isothermal ratio from the volume fraction; inverse of :func:`to_actual`."""
    _check(cloud)
    c = np.asarray(fraction, float) / cloud.fraction
    return np.asarray(c / (c + (1 - c) * cloud.air_temperature / cloud.temperature), float)


@dataclass(frozen=True)
class DensePlume:
    """A continuous release: cloud, volume rate at source conditions [m3/s], wind at 10 m [m/s]."""

    cloud: DenseCloud
    volume_rate: float
    wind: float

    def __post_init__(self) -> None:
        within("volume_rate", self.volume_rate, "m3/s", 0, 1e6, above=True)
        within("wind", self.wind, "m/s", 0, 100, above=True)
        _check(self.cloud)

    @property
    def length(self) -> float:
        """Scale of distance ``sqrt(Q / u)`` [m]."""
        return math.sqrt(self.volume_rate / self.wind)

    @property
    def buoyancy_length(self) -> float:
        """``g0 Q / u^3`` [m]."""
        return self.cloud.reduced_gravity * self.volume_rate / self.wind**3

    @property
    def alpha(self) -> float:
        """Buoyancy parameter [-]."""
        return 0.2 * math.log10(self.cloud.reduced_gravity**2 * self.volume_rate / self.wind**5)

    @property
    def dense(self) -> bool:
        """Whether the release behaves as dense: ``(g0 Q / (u^3 D))^(1/3) >= 0.15``."""
        return math.pow(self.buoyancy_length / self.length, 1 / 3) >= 0.15

    def concentration(self, x: npt.ArrayLike) -> Array:
        """Greatest time-mean volume fraction at distances, > 0 [vol/vol]."""
        within("x", x, "m", 0, 1e6, above=True)
        return to_actual(self.cloud, plume_curve(self.alpha).ratio(np.asarray(x, float) / self.length))

    def distance(self, fraction: npt.ArrayLike) -> Array:
        """Distance at which the volume fraction falls to a value between 0 and the source's [m]."""
        _check_fraction(self.cloud, fraction)
        return self.length * plume_curve(self.alpha).distance(to_isothermal(self.cloud, fraction))

    def upwind_extent(self) -> float:
        """How far the cloud spreads against the wind, ``D / 2 + 2 lb`` [m]."""
        return self.length / 2 + 2 * self.buoyancy_length

    def half_width(self, x: npt.ArrayLike) -> Array:
        """Half-width at distances >= 0, ``D + 8 lb + 2.5 (lb x^2)^(1/3)`` [m]."""
        within("x", x, "m", 0, 1e6)
        spread = 2.5 * np.cbrt(self.buoyancy_length * np.asarray(x, float) ** 2)
        return np.asarray(self.length + 8 * self.buoyancy_length + spread)

    def depth(self, x: npt.ArrayLike) -> Array:
        """Depth at distances > 0 from continuity with the wind at 10 m, ``D^2 / (2 Lh c')`` [m]."""
        ratio = plume_curve(self.alpha).ratio(np.asarray(x, float) / self.length)
        return np.asarray(self.length**2 / (2 * self.half_width(x) * ratio))


@dataclass(frozen=True)
class DensePuff:
    """An instantaneous release: cloud, initial volume [m3], wind at 10 m [m/s]."""

    cloud: DenseCloud
    volume: float
    wind: float

    def __post_init__(self) -> None:
        within("volume", self.volume, "m3", 0, 1e9, above=True)
        within("wind", self.wind, "m/s", 0, 100, above=True)
        _check(self.cloud)

    @property
    def length(self) -> float:
        """Scale of distance, the cube root of the volume [m]."""
        return math.pow(self.volume, 1 / 3)

    @property
    def alpha(self) -> float:
        """Buoyancy parameter [-]."""
        return 0.5 * math.log10(self.cloud.reduced_gravity * self.length / self.wind**2)

    @property
    def dense(self) -> bool:
        """Whether the release behaves as dense: ``sqrt(g0 V) / (u V^(1/3)) >= 0.20``."""
        return math.sqrt(self.cloud.reduced_gravity * self.volume) / (self.wind * self.length) >= 0.20

    def greatest(self, x: npt.ArrayLike) -> Array:
        """Greatest volume fraction at distances, > 0: that at the arrival of the cloud's edge [vol/vol]."""
        within("x", x, "m", 0, 1e6, above=True)
        return to_actual(self.cloud, puff_curve(self.alpha).ratio(np.asarray(x, float) / self.length))

    def concentration(self, x: npt.ArrayLike, t: npt.ArrayLike, y: npt.ArrayLike = 0.0) -> Array:
        """Volume fraction at a point on the ground and a time; 0 outside the cloud [vol/vol].

        The cloud is uniform; its ratio is the correlation's at the place of its leading edge.
        """
        within("x", x, "m", -1e6, 1e6)
        within("y", y, "m", -1e6, 1e6)
        within("t", t, "s", 0, 1e6)
        along = np.asarray(x, float) - self.centre(t)
        inside = along**2 + np.asarray(y, float) ** 2 <= self.radius(t) ** 2
        return np.where(inside, self.greatest(self.edge(t)), 0.0)

    def distance(self, fraction: npt.ArrayLike) -> Array:
        """Distance at which the greatest volume fraction falls to a value between 0 and the source's [m]."""
        _check_fraction(self.cloud, fraction)
        return self.length * puff_curve(self.alpha).distance(to_isothermal(self.cloud, fraction))

    def centre(self, t: npt.ArrayLike) -> Array:
        """Place of the cloud's centre, which moves with 0.4 of the wind at 10 m [m]."""
        return np.asarray(0.4 * self.wind * np.asarray(t, float))

    def radius(self, t: npt.ArrayLike) -> Array:
        """Radius ``sqrt(R0^2 + 1.2 t sqrt(g0 V))``, R0 that of a ball of the initial volume [m]."""
        start = math.pow(3 * self.volume / (4 * math.pi), 1 / 3)
        growth = 1.2 * math.sqrt(self.cloud.reduced_gravity * self.volume)
        return np.sqrt(start**2 + growth * np.asarray(t, float))

    def edge(self, t: npt.ArrayLike) -> Array:
        """Farthest point of the cloud down the wind [m]."""
        return self.centre(t) + self.radius(t)

    def depth(self, t: npt.ArrayLike) -> Array:
        """Depth from continuity, ``V / (c' pi R^2)`` [m]."""
        ratio = puff_curve(self.alpha).ratio(self.edge(t) / self.length)
        return np.asarray(self.volume / (ratio * math.pi * self.radius(t) ** 2))

    def passage(self, x: float) -> tuple[float, float]:
        """Times at which the edge of the cloud arrives at and leaves a distance on its axis [s]."""
        within("x", x, "m", 0, 1e6, above=True)
        speed, start = 0.4 * self.wind, float(self.radius(0)) ** 2
        growth = 1.2 * math.sqrt(self.cloud.reduced_gravity * self.volume)
        half = (2 * x * speed + growth) / (2 * speed**2)
        root = math.sqrt(half**2 - (x**2 - start) / speed**2)
        return max(half - root, 0.0), half + root


def regime(duration: float, wind: float, x: float) -> Regime:
    """How a release of limited duration looks at a distance: ``u t / x`` >= 2.5 continuous, <= 0.6 instantaneous.

    Between the two compute both and take the higher concentration (Crowl & Louvar, ch. 5).

    Parameters
    ----------
    duration
        Of the release, > 0 [s].
    wind
        At 10 m, > 0 [m/s].
    x
        Distance, > 0 [m].
    """
    within("duration", duration, "s", 0, above=True)
    within("wind", wind, "m/s", 0, 100, above=True)
    within("x", x, "m", 0, 1e6, above=True)
    ratio = wind * duration / x
    return "continuous" if ratio >= 2.5 else "instantaneous" if ratio <= 0.6 else "transitional"


def richardson(plume: DensePlume, height: float, friction_ratio: float = 0.06) -> float:
    """Release Richardson number ``g0 Q / (h u*^p)`` of CCPS screening: dense above about 50.

    Parameters
    ----------
    plume
        The release.
    height
        Of the release, > 0 [m].
    friction_ratio
        Friction velocity to wind at 10 m, 0.06 as in EPA's TSCREEN [-].

    Returns
    -------
    float
        ``g0 Q / (h u*)``, as printed there: it bears the unit m2/s2 [-].

    References
    ----------
    CCPS 1996, Guidelines for Use of Vapor Cloud Dispersion Models, 2nd ed., eq. 5-1, p. 50.
    """
    within("height", height, "m", 0, above=True)
    within("friction_ratio", friction_ratio, "-", 0.01, 0.2)
    return plume.cloud.reduced_gravity * plume.volume_rate / (height * friction_ratio * plume.wind)


def _check(cloud: DenseCloud) -> None:
    within("reduced_gravity", cloud.reduced_gravity, "m/s2", 0, above=True)
    within("temperature", cloud.temperature, "K", 20, 1000)
    within("air_temperature", cloud.air_temperature, "K", 180, 350)
    within("fraction", cloud.fraction, "-", 0, 1, above=True)


def _check_fraction(cloud: DenseCloud, fraction: npt.ArrayLike) -> None:
    within("fraction", fraction, "vol/vol", 0, cloud.fraction, above=True)
