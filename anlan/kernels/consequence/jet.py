"""Free turbulent jet: concentration and velocity on and off the axis of a gas jet into still air.

Self-similar far field of a round jet that keeps momentum and substance: the mass fraction is
``k (d / s) sqrt(rho0 / rho_air) exp(-(w r / s)^2)``, at most 1 in the potential core; the concentration follows from it
by ideal mixing with air. (Far away the volume fraction thus goes with ``sqrt(rho_air / rho0)``: a light gas is found
at a higher one, as measured by Birch et al. 1984.) A jet from a choked opening starts from the pseudo-source to which
it expands. A light jet upwards turns into a plume driven by buoyancy. Wind is left out; the ground is an image.

References
----------
Long 1963, Estimation of the extent of hazard areas round a vent, Chem. Process Hazards II (k = 6, w = 5); Chen & Rodi
1980, Vertical Turbulent Buoyant Jets (k = 5, w^2 = 57; velocity 6.2 and 94), as in the Yellow Book CPR 14E 2005,
chapter 4; Birch, Hughes & Swaffield 1987, Combust. Sci. Technol. 52:161 (pseudo-source); Fischer et al. 1979,
Mixing in Inland and Coastal Waters, table 9.2 (plume).
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence.atmosphere import GAS_CONSTANT, GRAVITY
from anlan.kernels.validity import OutOfRange, within

Array = npt.NDArray[np.float64]
Fit = Literal["long", "chen-rodi"]

#: factor of the axis, squared width factor: for concentration and for velocity
FITS: dict[Fit, tuple[float, float, float, float]] = {
    "long": (6.0, 25.0, 6.2, 94.0),
    "chen-rodi": (5.0, 57.0, 6.2, 94.0),
}


@dataclass(frozen=True)
class Jet:
    """A round jet at ambient pressure: diameter [m], velocity [m/s], density [kg/m3], density of the air [kg/m3].

    ``fraction``: mass fraction of the substance at the opening [-].
    """

    diameter: float
    velocity: float
    density: float
    air_density: float
    fraction: float = 1.0
    fit: Fit = "long"

    def __post_init__(self) -> None:
        within("diameter", self.diameter, "m", 0, 10, above=True)
        within("velocity", self.velocity, "m/s", 0, 3000, above=True)
        within("density", self.density, "kg/m3", 0, 1000, above=True)
        within("air_density", self.air_density, "kg/m3", 0.3, 3)
        within("fraction", self.fraction, "-", 0, 1, above=True)
        if self.fit not in FITS:
            raise OutOfRange(f"fit {self.fit!r} is not known; known are {', '.join(FITS)}")

    @property
    def mass_rate(self) -> float:
        """Mass rate [kg/s]."""
        return math.pi / 4 * self.diameter**2 * self.velocity * self.density

    @property
    def scale(self) -> float:
        """Equivalent diameter ``d sqrt(rho0 / rho_air)``: that of a jet of air with the same momentum [m]."""
        return self.diameter * math.sqrt(self.density / self.air_density)

    @property
    def initial_concentration(self) -> float:
        """Concentration of the substance at the opening [kg/m3]."""
        return self.fraction * self.density


@dataclass(frozen=True)
class Reservoir:
    """Gas before an opening: pressure [Pa], temperature [K], molar mass [kg/mol], ratio of heat capacities [-]."""

    pressure: float
    temperature: float
    molar_mass: float
    gamma: float


def mass_fraction(jet: Jet, s: npt.ArrayLike, r: npt.ArrayLike = 0.0) -> Array:
    """Mass fraction of the released gas in a free jet, at most 1; parameters as :func:`concentration` [-]."""
    within("s", s, "m", 0, above=True)
    within("r", r, "m")
    factor, width, _, _ = FITS[jet.fit]
    return _profile(jet, s, r, factor, width)


def concentration(jet: Jet, s: npt.ArrayLike, r: npt.ArrayLike = 0.0) -> Array:
    """Concentration in a free jet.

    Parameters
    ----------
    jet
        The jet.
    s
        Distance along the axis from the opening, > 0 [m].
    r
        Distance from the axis [m].

    Returns
    -------
    ndarray
        Concentration of the substance, never above that at the opening [kg/m3].
    """
    share = mass_fraction(jet, s, r)
    gas = share / (share / jet.density + (1 - share) / jet.air_density)
    return np.asarray(jet.fraction * np.minimum(gas, jet.density))


def _share_at(jet: Jet, threshold: npt.ArrayLike) -> Array:
    """Mass fraction of the released gas at a concentration of the substance: the inverse of ideal mixing."""
    within("threshold", threshold, "kg/m3", 0, jet.initial_concentration, above=True)
    gas = np.asarray(threshold, float) / jet.fraction
    return np.asarray(1 / (1 + jet.air_density * (1 / gas - 1 / jet.density)))


def velocity(jet: Jet, s: npt.ArrayLike, r: npt.ArrayLike = 0.0) -> Array:
    """Mean velocity along the axis, never above that at the opening; parameters as :func:`concentration` [m/s]."""
    within("s", s, "m", 0, above=True)
    within("r", r, "m")
    _, _, factor, width = FITS[jet.fit]
    return jet.velocity * _profile(jet, s, r, factor, width)


def _profile(jet: Jet, s: npt.ArrayLike, r: npt.ArrayLike, factor: float, width: float) -> Array:
    distance = np.asarray(s, float)
    axis = factor * jet.scale / distance
    return np.asarray(np.minimum(axis * np.exp(-width * (np.asarray(r, float) / distance) ** 2), 1.0), float)


def concentration_at(
    jet: Jet, height: float, x: npt.ArrayLike, y: npt.ArrayLike, z: npt.ArrayLike, angle: float = 0.0
) -> Array:
    """Concentration at points around a jet above the ground, reflected by it.

    Parameters
    ----------
    jet
        The jet.
    height
        Height of the opening, >= 0 [m].
    x, y, z
        Points: along the horizontal projection of the axis, across it, above the ground (>= 0) [m].
    angle
        Of the axis above the horizontal, -90 to 90 [deg].

    Returns
    -------
    ndarray
        Concentration, 0 behind the opening [kg/m3].
    """
    within("height", height, "m", 0)
    within("z", z, "m", 0)
    within("angle", angle, "deg", -90, 90)
    along, up = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    east, north = np.asarray(x, float), np.asarray(y, float)
    total = np.zeros(np.broadcast_shapes(east.shape, north.shape, np.shape(z)))
    for above in (np.asarray(z, float) - height, -np.asarray(z, float) - height):
        s = east * along + above * up
        r = np.hypot(north, above * along - east * up)
        total = total + np.where(s > 0, concentration(jet, np.where(s > 0, s, 1.0), r), 0.0)
    return np.minimum(total, jet.initial_concentration)


def distance(jet: Jet, threshold: npt.ArrayLike) -> Array:
    """Distance along the axis at which the concentration falls to a threshold, 0 < threshold <= the opening's [m]."""
    return np.asarray(FITS[jet.fit][0] * jet.scale / _share_at(jet, threshold))


def half_width(jet: Jet, s: npt.ArrayLike, threshold: float) -> Array:
    """Distance from the axis at which the concentration is the threshold; 0 where the axis itself is below it [m]."""
    within("s", s, "m", 0, above=True)
    factor, width, _, _ = FITS[jet.fit]
    excess = np.log(factor * jet.scale / (np.asarray(s, float) * _share_at(jet, threshold)))
    return np.asarray(s, float) * np.sqrt(np.maximum(excess, 0) / width)


def mass_between(jet: Jet, lower: float, upper: float) -> float:
    """Mass of the substance at concentrations between two limits, as for a flammable range.

    Parameters
    ----------
    jet
        The jet.
    lower, upper
        Concentrations, 0 < lower < upper <= that at the opening [kg/m3].

    Returns
    -------
    float
        Integral of the concentration over the cross-sections, closed, and along the axis, by trapezes [kg].
    """
    within("lower", lower, "kg/m3", 0, upper, above=True)
    factor, width, _, _ = FITS[jet.fit]
    thin, rich = float(_share_at(jet, lower)), float(_share_at(jet, upper))
    s = np.linspace(0, factor * jet.scale / thin, 4001)[1:]
    axis = np.minimum(factor * jet.scale / s, rich)
    section = np.pi * s**2 / width * (_ring(jet, axis) - _ring(jet, np.asarray(thin)))
    return float(jet.fraction * np.trapezoid(np.maximum(section, 0), s))


def _ring(jet: Jet, share: Array) -> Array:
    """Antiderivative of concentration over mass fraction by the mass fraction."""
    slope = 1 / jet.density - 1 / jet.air_density
    if abs(slope) * jet.air_density < 1e-9:
        return share * jet.air_density
    return np.asarray(np.log1p(slope * jet.air_density * share) / slope)


def pseudo_source(reservoir: Reservoir, diameter: float, discharge: float, ambient_pressure: float) -> Jet:
    """The jet at ambient pressure to which a choked (or unchoked) gas outflow expands.

    Mass and momentum are kept from the opening to the pseudo-source, which is taken at the reservoir's temperature
    (Birch, Hughes & Swaffield 1987).

    Parameters
    ----------
    reservoir
        Stagnation state, pressure above the ambient.
    diameter
        Of the opening, > 0 [m].
    discharge
        Coefficient, 0 < Cd <= 1 [-].
    ambient_pressure
        > 0 [Pa].

    Returns
    -------
    Jet
        With the air at 288.15 K; use ``dataclasses.replace`` for other air.
    """
    _check_reservoir(reservoir, ambient_pressure)
    within("discharge", discharge, "-", 0, 1, above=True)
    exit_pressure, exit_temperature, exit_velocity = _exit(reservoir, ambient_pressure)
    density_exit = exit_pressure * reservoir.molar_mass / (GAS_CONSTANT * exit_temperature)
    flux = discharge * density_exit * exit_velocity
    excess = (exit_pressure - ambient_pressure) / flux
    speed = exit_velocity * discharge + excess
    temperature = reservoir.temperature if exit_pressure > ambient_pressure else exit_temperature
    density = ambient_pressure * reservoir.molar_mass / (GAS_CONSTANT * temperature)
    width = diameter * math.sqrt(flux / (density * speed))
    return Jet(width, speed, density, ambient_pressure * 0.0289647 / (GAS_CONSTANT * 288.15))


def _exit(reservoir: Reservoir, ambient_pressure: float) -> tuple[float, float, float]:
    """Pressure [Pa], temperature [K] and velocity [m/s] in the opening: sonic if the ratio allows."""
    g = reservoir.gamma
    critical = (2 / (g + 1)) ** (g / (g - 1))
    pressure = max(ambient_pressure, critical * reservoir.pressure)
    temperature = reservoir.temperature * (pressure / reservoir.pressure) ** ((g - 1) / g)
    heat = 2 * g / (g - 1) * GAS_CONSTANT / reservoir.molar_mass * (reservoir.temperature - temperature)
    return pressure, temperature, math.sqrt(heat)


def momentum_length(jet: Jet) -> float:
    """Length over which momentum outweighs buoyancy, ``M^(3/4) / B^(1/2)``; infinite for a neutral jet [m]."""
    buoyancy = GRAVITY * abs(jet.air_density - jet.density) / jet.air_density * math.pi / 4
    buoyancy *= jet.diameter**2 * jet.velocity
    momentum = math.pi / 4 * jet.scale**2 * jet.velocity**2
    return math.inf if buoyancy == 0 else momentum**0.75 / math.sqrt(buoyancy)


def rising_axis(jet: Jet, s: npt.ArrayLike) -> Array:
    """Concentration on the axis of a light jet upwards: as a jet, then as a plume where that is lower.

    The plume's is ``9.1 m B^(-1/3) s^(-5/3)``, m the mass and B the buoyancy flux (Fischer et al. 1979).

    The plume holds where it is dilute: its density is then the air's.

    Parameters
    ----------
    jet
        Lighter than air.
    s
        Height above the opening, > 0 [m].

    Returns
    -------
    ndarray
        Concentration [kg/m3].
    """
    if jet.density >= jet.air_density:
        raise OutOfRange(
            f"density = {jet.density:g} kg/m3: a jet that is not lighter than air ({jet.air_density:g}) does not rise"
        )
    near = concentration(jet, s)
    flux = math.pi / 4 * jet.diameter**2 * jet.velocity
    buoyancy = GRAVITY * (jet.air_density - jet.density) / jet.air_density * flux
    plume = 9.1 * flux * jet.initial_concentration * math.pow(buoyancy, -1 / 3) * np.asarray(s, float) ** (-5 / 3)
    return np.minimum(near, plume)


def _check_reservoir(reservoir: Reservoir, ambient_pressure: float) -> None:
    within("ambient_pressure", ambient_pressure, "Pa", 0, above=True)
    within("pressure", reservoir.pressure, "Pa", ambient_pressure, 1e9, above=True)
    within("temperature", reservoir.temperature, "K", 20, 3000)
    within("molar_mass", reservoir.molar_mass, "kg/mol", 0.001, 1)
    within("gamma", reservoir.gamma, "-", 1, 1.8, above=True)
