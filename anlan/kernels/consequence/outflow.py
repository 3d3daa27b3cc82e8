"""Release of a liquid or a gas through a hole.

A discharge coefficient multiplies the velocity, the mass flux and so the mass rate, as the CCPS book prints them.
"""

import math
from dataclasses import dataclass

from anlan.kernels.consequence.substance import GAS_CONSTANT
from anlan.kernels.validity import OutOfRange, within

#: Standard acceleration of gravity [m/s2].
GRAVITY = 9.80665
ATMOSPHERE = 101325.0


@dataclass(frozen=True)
class LiquidOutflow:
    """``velocity`` [m/s], ``mass_flux`` [kg/m2/s]."""

    velocity: float
    mass_flux: float


@dataclass(frozen=True)
class GasOutflow:
    """At the hole: ``velocity`` [m/s], ``mass_flux`` [kg/m2/s], ``pressure`` [Pa], ``temperature`` [K], ``choked``."""

    velocity: float
    mass_flux: float
    pressure: float
    temperature: float
    choked: bool


@dataclass(frozen=True)
class Gas:
    """A gas at rest upstream: ``pressure`` [Pa], ``temperature`` [K], ``density`` [kg/m3], ``gamma`` = cp/cv [-]."""

    pressure: float
    temperature: float
    density: float
    gamma: float


def hole_area(diameter: float) -> float:
    """Area [m2] of a round hole of a diameter [m] > 0."""
    within("hole diameter", diameter, "m", 0, 20, above=True)
    return 0.25 * math.pi * diameter**2


def gas_density(pressure: float, temperature: float, molar_mass: float, compressibility: float = 1.0) -> float:
    """Density [kg/m3] of a gas at a pressure [Pa] and temperature [K], molar mass [kg/mol], p M = Z rho R T."""
    within("pressure", pressure, "Pa", 0, above=True)
    within("temperature", temperature, "K", 0, 3000, above=True)
    within("molar mass", molar_mass, "kg/mol", 0.001, 1)
    within("compressibility", compressibility, "-", 0.05, 3)
    return pressure * molar_mass / (compressibility * GAS_CONSTANT * temperature)


def liquid_hole(
    overpressure: float, density: float, discharge: float = 0.62, head: float = 0.0, gravity: float = GRAVITY
) -> LiquidOutflow:
    """Liquid through a sharp hole (Bernoulli).

    Parameters
    ----------
    overpressure : pressure above the liquid less that outside [Pa]; may be negative if the head outweighs it
    density : [kg/m3] > 0
    discharge : discharge coefficient [-], 0 … 1
    head : height of the liquid above the hole [m] >= 0
    gravity : [m/s2] > 0

    Returns
    -------
    LiquidOutflow
        Zero when the driving pressure is zero.

    Raises
    ------
    OutOfRange
        An input is impossible, or the pressure outside is the greater one: then air goes in, nothing comes out.

    References
    ----------
    CCPS, Guidelines for Consequence Analysis of Chemical Releases (1999), eq. 2.13, p. 27-28 and example p. 40; CCPS,
    Guidelines for Use of Vapor Cloud Dispersion Models (1996), eq. 4-10; Yellow Book (CPR 14E, 1997) eq. 2.194.
    """
    within("pressure difference", overpressure, "Pa", -1e9, 1e9)
    within("liquid density", density, "kg/m3", 1, 25000)
    within("discharge coefficient", discharge, "-", 0, 1, above=True)
    within("liquid head", head, "m", 0, 1000)
    within("gravity", gravity, "m/s2", 0, 100, above=True)
    driving = overpressure + density * gravity * head
    if driving < 0:
        raise OutOfRange(f"driving pressure = {driving:g} Pa: the outside pressure is higher, nothing flows out")
    velocity = discharge * math.sqrt(2 * driving / density)
    return LiquidOutflow(velocity, density * velocity)


def critical_ratio(gamma: float) -> float:
    """Pressure at the throat over pressure upstream below which an ideal gas is choked [-]; 1 < gamma <= 5/3."""
    within("heat capacity ratio", gamma, "-", 1, 1.7, above=True)
    return float((2 / (gamma + 1)) ** (gamma / (gamma - 1)))


def gas_hole(gas: Gas, ambient: float = ATMOSPHERE, discharge: float = 0.85) -> GasOutflow:
    """Gas through a hole: isentropic to the throat, choked or subsonic.

    A real gas enters through its upstream density (p M = Z rho R T); the expansion itself is that of an ideal gas.

    Parameters
    ----------
    gas : the gas upstream
    ambient : pressure outside [Pa], <= upstream
    discharge : discharge coefficient [-], 0 … 1; multiplies velocity and flux

    Raises
    ------
    OutOfRange
        An input is impossible, or the pressure outside is higher than upstream.

    References
    ----------
    CCPS (1999) eq. 2.16-2.19, p. 28-31 (eq. 2.16 is misprinted there) and example p. 47; Yellow Book eq. 2.22-2.25.
    """
    _check_gas(gas, ambient)
    within("discharge coefficient", discharge, "-", 0, 1, above=True)
    critical = critical_ratio(gas.gamma)
    choked = ambient <= critical * gas.pressure
    ratio = critical if choked else ambient / gas.pressure
    cooling = ratio ** ((gas.gamma - 1) / gas.gamma)
    kinetic = 2 * gas.gamma / (gas.gamma - 1) * gas.pressure / gas.density * (1 - cooling)
    velocity = discharge * math.sqrt(kinetic)
    flux = velocity * gas.density * ratio ** (1 / gas.gamma)
    return GasOutflow(velocity, flux, ratio * gas.pressure, cooling * gas.temperature, choked)


def _check_gas(gas: Gas, ambient: float) -> None:
    within("upstream pressure", gas.pressure, "Pa", 0, 1e9, above=True)
    within("ambient pressure", ambient, "Pa", 0, above=True)
    if ambient > gas.pressure:
        raise OutOfRange(f"ambient pressure = {ambient:g} Pa is above the upstream {gas.pressure:g} Pa: no outflow")
    within("upstream temperature", gas.temperature, "K", 0, 3000, above=True)
    within("upstream density", gas.density, "kg/m3", 0, 5000, above=True)


@dataclass(frozen=True)
class Expanded:
    """A jet after it expanded to ambient pressure: ``velocity`` [m/s], ``temperature`` [K], ``density`` [kg/m3]."""

    velocity: float
    temperature: float
    density: float


def expand(outflow: GasOutflow, gas: Gas, ambient: float = ATMOSPHERE) -> Expanded:
    """Pseudo-source of a choked jet: it expands to ambient pressure, momentum and energy kept, no air mixed in.

    A jet that is not choked is already at ambient pressure.

    References
    ----------
    Birch, Hughes, Swaffield, Combust. Sci. Technol. 52 (1987) 161: u2 = u1 + (p1 - pa) / (rho1 u1), with the energy
    balance of an ideal gas for the temperature.
    """
    _check_gas(gas, ambient)
    constant = gas.pressure / (gas.density * gas.temperature)
    excess = (outflow.pressure - ambient) / outflow.mass_flux if outflow.mass_flux > 0 else 0.0
    velocity = outflow.velocity + excess
    capacity = gas.gamma / (gas.gamma - 1) * constant
    temperature = gas.temperature - 0.5 * velocity**2 / capacity
    if temperature <= 0:
        raise OutOfRange(f"the jet would expand to {temperature:g} K: the upstream pressure is beyond this model")
    return Expanded(velocity, temperature, ambient / (constant * temperature))
