"""A pool of liquid: its size, how fast it evaporates in the wind, how fast it boils on ground or water."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence.airborne import Ground, conduction_flux
from anlan.kernels.consequence.substance import GAS_CONSTANT
from anlan.kernels.validity import OutOfRange, within

Array = npt.NDArray[np.float64]

#: Mackay & Matsugu's coefficient for SI units and the wind at 10 m [m^0.33/s^0.22].
MACKAY_MATSUGU = 0.004786
STANDARD_PRESSURE = 101325.0


@dataclass(frozen=True)
class Geometry:
    """``area`` [m2] and ``diameter`` [m] of the round pool of the same area."""

    area: float
    diameter: float


def geometry(volume: float, thickness: float, bund_area: float | None = None) -> Geometry:
    """A pool that spread to a uniform thickness, within a bund or freely.

    Parameters
    ----------
    volume : of liquid [m3] > 0
    thickness : smallest thickness the ground allows [m], 1e-4 … 10
    bund_area : [m2]; None: no bund

    References
    ----------
    Yellow Book (CPR 14E, 1997) eq. 3.66 (area = volume / thickness) and example 6.6.3.
    """
    within("spill volume", volume, "m3", 0, 1e7, above=True)
    within("pool thickness", thickness, "m", 1e-4, 10)
    area = volume / thickness
    if bund_area is not None:
        within("bund area", bund_area, "m2", 0, 1e7, above=True)
        area = min(area, bund_area)
    return Geometry(area, math.sqrt(4 * area / math.pi))


def transfer_coefficient(wind: npt.ArrayLike, diameter: npt.ArrayLike, schmidt: float = 0.8) -> Array:
    """Mass transfer coefficient [m/s] from a pool into the wind, 0.004786 u^0.78 D^-0.11 Sc^-0.67.

    Parameters
    ----------
    wind : at 10 m [m/s], 0.1 … 50 (the law gives nothing in still air)
    diameter : of the pool [m], 0.1 … 2000
    schmidt : of the vapour in air [-], 0.2 … 5

    References
    ----------
    Mackay & Matsugu, Can. J. Chem. Eng. 51 (1973) 434; Yellow Book eq. 3.24-3.25.
    """
    within("wind at 10 m", wind, "m/s", 0.1, 50)
    within("pool diameter", diameter, "m", 0.1, 2000)
    within("Schmidt number", schmidt, "-", 0.2, 5)
    speed, size = np.asarray(wind, float), np.asarray(diameter, float)
    return np.asarray(MACKAY_MATSUGU * speed**0.78 * size**-0.11 * schmidt**-0.67)


@dataclass(frozen=True)
class Vapour:
    """``pressure`` of the liquid at its surface [Pa], ``molar_mass`` [kg/mol], ``temperature`` [K]."""

    pressure: float
    molar_mass: float
    temperature: float


def evaporation_flux(coefficient: npt.ArrayLike, vapour: Vapour, ambient: float | None = None) -> Array:
    """Mass flux [kg/m2/s] from a pool that does not boil, k p M / (R T).

    With ``ambient`` [Pa] the flow that the vapour itself makes is counted: p becomes pa ln(pa / (pa - p)), which
    matters above about a tenth of ambient pressure and is refused at the boiling point.

    References
    ----------
    Yellow Book eq. 3.24; the logarithm: Brighton, J. Fluid Mech. 159 (1985) 323, Yellow Book section 3.5.
    """
    within("mass transfer coefficient", coefficient, "m/s", 0, 10)
    within("vapour pressure", vapour.pressure, "Pa", 0, 1e7)
    within("molar mass", vapour.molar_mass, "kg/mol", 0.001, 1)
    within("pool temperature", vapour.temperature, "K", 10, 1000)
    pressure = vapour.pressure
    if ambient is None and pressure > STANDARD_PRESSURE:
        raise OutOfRange(f"vapour pressure = {pressure:g} Pa is above the air's: the pool boils, use the boiling pool")
    if ambient is not None:
        within("ambient pressure", ambient, "Pa", 0, above=True)
        if pressure >= ambient:
            raise OutOfRange(f"vapour pressure = {pressure:g} Pa reaches ambient: the pool boils, use the boiling pool")
        pressure = -ambient * math.log1p(-pressure / ambient)
    density = pressure * vapour.molar_mass / (GAS_CONSTANT * vapour.temperature)
    return np.asarray(np.asarray(coefficient, float) * density)


def evaporation_rate(
    diameter: float, wind: float, vapour: Vapour, schmidt: float = 0.8, ambient: float | None = None
) -> float:
    """Evaporation [kg/s] of a round pool; arguments as in the two functions above."""
    flux = evaporation_flux(transfer_coefficient(wind, diameter, schmidt), vapour, ambient)
    return float(0.25 * math.pi * diameter**2 * flux)


@dataclass(frozen=True)
class Boiling:
    """Boiling pool of constant area at a time: ``rate`` [kg/s], ``mass`` boiled off since the start [kg]."""

    rate: Array
    mass: Array


def boiling_on_ground(
    area: float, boiling_temperature: float, heat_of_vaporisation: float, ground: Ground, time: npt.ArrayLike
) -> Boiling:
    """A boiling pool of constant area that takes its heat from the ground only: Q = k dT A / sqrt(pi a t) / h.

    Parameters
    ----------
    area : [m2] > 0
    boiling_temperature : at ambient pressure [K], below the ground's temperature
    heat_of_vaporisation : [J/kg] > 0
    ground : its temperature, conductivity and diffusivity
    time : since the spill [s] > 0

    References
    ----------
    Yellow Book eq. 3.28-3.31; Shaw & Briscoe, SRD R100 (1978).
    """
    within("pool area", area, "m2", 0, 1e7, above=True)
    within("heat of vaporisation", heat_of_vaporisation, "J/kg", 0, above=True)
    within("boiling temperature", boiling_temperature, "K", 10, ground.temperature)
    seconds = np.asarray(time, float)
    rate = area * conduction_flux(ground, boiling_temperature, seconds) / heat_of_vaporisation
    return Boiling(rate, 2 * rate * seconds)


def boiling_on_water(area: float, difference: float, heat_of_vaporisation: float, coefficient: float = 500.0) -> float:
    """Boiling [kg/s] on open water, which stays liquid and warm: Q = U dT A / h.

    Parameters
    ----------
    area : [m2] > 0
    difference : water less boiling temperature [K] >= 0
    heat_of_vaporisation : [J/kg] > 0
    coefficient : heat transfer through the vapour film [W/m2/K], 10 … 5000; the Yellow Book's 500 is quoted from memory

    References
    ----------
    Yellow Book section 3.5.2.3.
    """
    within("pool area", area, "m2", 0, 1e7, above=True)
    within("temperature difference", difference, "K", 0, 400)
    within("heat of vaporisation", heat_of_vaporisation, "J/kg", 0, above=True)
    within("heat transfer coefficient", coefficient, "W/m2/K", 10, 5000)
    return float(coefficient * difference * area / heat_of_vaporisation)
