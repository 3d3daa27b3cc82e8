"""Jet fires as one solid flame (Chamberlain's frustum) or one point (API 521), for any gas and in wind."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import radiation, view_factor
from anlan.kernels.late import brentq
from anlan.kernels.validity import within

Floats = npt.NDArray[np.float64]

GRAVITY = 9.80665
MOLAR_MASS_AIR = 28.96e-3


@dataclass(frozen=True)
class Release:
    """A jet of gas that has expanded to ambient pressure.

    ``mass_rate`` [kg/s], ``velocity`` [m/s] and ``density`` [kg/m3] of the expanded jet, ``molar_mass`` [kg/mol],
    ``heat_of_combustion`` [J/kg]; ``elevation`` of the hole's axis above the horizontal in the direction of the wind
    [deg]: 90 upwards, 0 downwind, 180 against the wind.
    """

    mass_rate: float
    velocity: float
    density: float
    molar_mass: float
    heat_of_combustion: float
    elevation: float = 90.0


@dataclass(frozen=True)
class Frustum:
    """Chamberlain's flame.

    ``length`` from the hole to the tip, ``lift_off`` along the hole's axis, ``body`` length of the frustum, ``base``
    and ``tip`` widths [m], ``tilt`` between the axes of hole and flame [deg], ``surface`` with both ends [m2],
    ``radiant_fraction`` [-], ``emissive_power`` [W/m2], ``ends`` [2, 3]: centres of both ends, x downwind, y up [m].
    """

    length: float
    lift_off: float
    body: float
    base: float
    tip: float
    tilt: float
    surface: float
    radiant_fraction: float
    emissive_power: float
    ends: Floats


def stoichiometric_fraction(molar_mass: float) -> float:
    """Mass share of a paraffin in its stoichiometric mixture with air, M / (15.816 M + 0.0395) [-].

    ``molar_mass``: 2e-3 ... 0.2 [kg/mol]. Yellow Book (CPR 14E) eq. 6.30.
    """
    within("molar mass", molar_mass, "kg/mol", 2e-3, 0.2)
    return float(molar_mass / (15.816 * molar_mass + 0.0395))


def chamberlain(release: Release, wind: float, air_density: float = 1.225) -> Frustum:
    """The frustum of a jet fire in wind.

    Parameters
    ----------
    release : Release
        Mass rate > 0 ... 1e4 kg/s, velocity 1-3000 m/s, density 0.01-50 kg/m3, molar mass 2e-3-0.2 kg/mol, heat of
        combustion 1e6-1.5e8 J/kg, elevation 0-180 deg.
    wind : float
        0-30 [m/s].
    air_density : float
        0.5-2 [kg/m3].

    Returns
    -------
    Frustum

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Chamberlain, Chem. Eng. Res. Des. 65 (1987) 299-309; Yellow Book (CPR 14E) 6.5.3. The width of the base follows the
    limit that the jet's own diameter is left in still air.
    """
    _release(release)
    within("wind", wind, "m/s", 0, 30)
    within("air density", air_density, "kg/m3", 0.5, 2)
    speed = release.velocity
    source = float(np.sqrt(4 * release.mass_rate / (np.pi * air_density * speed)))
    still = source * _still_length(release, source)
    leaning = release.elevation - 90
    length = still * (0.51 * np.exp(-0.4 * wind) + 0.49) * (1 - 6.07e-3 * leaning)
    ratio = wind / speed
    richardson = (GRAVITY / (source * speed) ** 2) ** (1 / 3)
    tilt = _tilt(ratio, richardson * still, leaning)
    lift, body = _lift_off(length, tilt, ratio)
    base, tip = _widths(release, source, length, ratio, richardson, air_density)
    surface = np.pi / 4 * (base**2 + tip**2) + np.pi / 2 * (base + tip) * np.hypot(body, (tip - base) / 2)
    fraction = 0.21 * np.exp(-0.00323 * speed) + 0.11
    emissive = fraction * release.mass_rate * release.heat_of_combustion / surface
    ends = _ends(release.elevation, tilt, lift, body)
    return Frustum(float(length), lift, body, base, tip, tilt, float(surface), float(fraction), float(emissive), ends)


def _release(release: Release) -> None:
    within("mass rate", release.mass_rate, "kg/s", 0, 1e4, above=True)
    within("velocity", release.velocity, "m/s", 1, 3000)
    within("density", release.density, "kg/m3", 0.01, 50)
    within("heat of combustion", release.heat_of_combustion, "J/kg", 1e6, 1.5e8)
    within("elevation", release.elevation, "deg", 0, 180)


def _still_length(release: Release, source: float) -> float:
    """Length in still air over the source's diameter: the root of Chamberlain's equation."""
    mixture = stoichiometric_fraction(release.molar_mass)
    slowing = 0.024 * (GRAVITY * source / release.velocity**2) ** (1 / 3)
    goal = (2.85 / mixture) ** (2 / 3)

    def excess(number: float) -> float:
        return float(slowing * number ** (5 / 3) + 0.2 * number ** (2 / 3) - goal)

    return float(brentq(excess, 0.0, (goal / 0.2) ** 1.5, xtol=1e-9))


def _tilt(ratio: float, richardson: float, leaning: float) -> float:
    """Angle between the hole's axis and the flame's [deg]."""
    wind = 8000 * ratio if ratio <= 0.05 else 134 + 1726 * np.sqrt(ratio - 0.026)
    return float(leaning * (1 - np.exp(-25.6 * ratio)) + wind / richardson)


def _lift_off(length: float, tilt: float, ratio: float) -> tuple[float, float]:
    """Lift-off along the hole's axis and length of the frustum [m]."""
    part = 0.185 * np.exp(-20 * ratio) + 0.015
    angle = np.radians(tilt)
    lift = length * part if abs(tilt) < 1e-6 else length * np.sin(part * angle) / np.sin(angle)
    body = np.sqrt(max(length**2 - (lift * np.sin(angle)) ** 2, 0.0)) - lift * np.cos(angle)
    return float(lift), float(body)


def _widths(
    release: Release, source: float, length: float, ratio: float, richardson: float, air_density: float
) -> tuple[float, float]:
    """Widths of base and tip [m]."""
    jet = 1 - np.sqrt(air_density / release.density) / 15
    growth = np.exp(-70 * richardson * source * (1000 * np.exp(-100 * ratio) + 0.8) * ratio)
    base = source * (13.5 * np.exp(-6 * ratio) + 1.5) * (1 - jet * growth)
    tip = length * (0.18 * np.exp(-1.5 * ratio) + 0.31) * (1 - 0.47 * np.exp(-25 * ratio))
    return float(base), float(tip)


def _ends(elevation: float, tilt: float, lift: float, body: float) -> Floats:
    hole, flame = np.radians(elevation), np.radians(elevation - tilt)
    low = lift * np.array([np.cos(hole), np.sin(hole), 0.0])
    return np.asarray([low, low + body * np.array([np.cos(flame), np.sin(flame), 0.0])])


def frustum_flux(flame: Frustum, receiver: npt.ArrayLike, temperature: float, humidity: float) -> tuple[float, float]:
    """Largest view factor [-] and flux [W/m2] at a receiver [3] outside the flame, through air by Wayne.

    Raises
    ------
    OutOfRange
        NaN, air outside the ranges of :func:`radiation.transmissivity_wayne`.
    """
    place = np.asarray(receiver, float)
    widths = [flame.base / 2, flame.tip / 2]
    factor = min(float(np.linalg.norm(view_factor.frustum(flame.ends, widths, place))), 1.0)
    middle = flame.ends.mean(axis=0)
    gap = max(float(np.linalg.norm(place - middle)) - (flame.base + flame.tip) / 4, 0.0)
    through = radiation.transmissivity_wayne(gap, temperature, humidity)
    return factor, float(radiation.solid_flame(flame.emissive_power, factor, through))


def length_api(heat: npt.ArrayLike) -> Floats:
    """Length of a flare's flame by its heat release, 0.00326 Q^0.478 with Q 1e5 ... 1e11 [W] [m].

    Notes
    -----
    API Std 521 (6th ed. 2014), figure of flame length against heat liberated, as a straight line in logarithms.
    """
    within("heat release", heat, "W", 1e5, 1e11)
    return np.asarray(0.00326 * np.asarray(heat, float) ** 0.478)


def flux_api(
    heat: float, fraction: float, elevation: float, receivers: npt.ArrayLike, transmissivity: float = 1.0
) -> Floats:
    """Flux of a jet fire whose radiation comes from the middle of its flame.

    Parameters
    ----------
    heat : float
        Heat release, 1e5 ... 1e11 [W].
    fraction : float
        Radiated share, > 0 ... 0.5 [-].
    elevation : float
        Of the flame above the horizontal, 0-180 [deg].
    receivers : float[m, 3]
        x downwind, y up, z across, from the hole [m].
    transmissivity : float
        0-1 [-].

    Returns
    -------
    float[m]
        [W/m2]

    Raises
    ------
    OutOfRange
        A value outside these ranges, NaN, a receiver in the middle of the flame.

    Notes
    -----
    API Std 521 (2014), Hajek & Ludwig: D = (tau F Q / (4 pi K))^0.5.
    """
    within("radiant fraction", fraction, "-", 0, 0.5, above=True)
    within("elevation", elevation, "deg", 0, 180)
    within("receivers", receivers, "m")
    angle = np.radians(elevation)
    middle = float(length_api(heat)) / 2 * np.array([np.cos(angle), np.sin(angle), 0.0])
    distance = np.linalg.norm(np.atleast_2d(np.asarray(receivers, float)) - middle, axis=1)
    return radiation.point_source(fraction * heat, distance, transmissivity)
