"""What one leak of gas under pressure does to people near it: jet flame if it ignites at once, explosion if later.

The chain of a gas-fuelling site (HyRAM technical manual, SAND2020-10600): real-gas flow, jet flame and its heat for
``exposure``; or the flammable mass of the unignited jet and its blast by Baker, Strehlow and Tang.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import jet, jet_flame, probit, vapour_cloud
from anlan.kernels.consequence.flame_chemistry import flamelet
from anlan.kernels.consequence.jet_flame import Nozzle, Surroundings
from anlan.kernels.validity import within

Floats = npt.NDArray[np.float64]
_BST_NEAR, _BST_FAR = 0.1, 9.5
_SMALLEST = 1e-4  # hole of a jet flame [m]


@dataclass(frozen=True)
class Gas:
    """``name`` as the jet flame knows it; flammable limits as concentrations at ambient pressure [kg/m3]."""

    name: str
    lower: float
    upper: float


@dataclass(frozen=True)
class Leak:
    """Gas that flows out of a leak into air."""

    gas: Gas
    nozzle: Nozzle
    air: Surroundings


def leak(gas: Gas, pressure: float, temperature: float, area: float, air: Surroundings) -> Leak:
    """The flow of ``gas`` from ``pressure`` [Pa] and ``temperature`` [K] through a hole of ``area`` [m2].

    A hole of less than 0.1 mm, for which the flame has no correlation, counts as 0.1 mm: the safe side.
    """
    within("area", area, "m2", 0, 1, above=True)
    hole = max(float(np.sqrt(4 * area / np.pi)), _SMALLEST)
    return Leak(gas, jet_flame.expand(gas.name, pressure, temperature, hole, air), air)


def deaths_by_flame(one: Leak, places: npt.ArrayLike, exposure: float, law: probit.Coefficients) -> Floats:
    """Probability of death at places f8[n, 3] (x along the release, y up, z across [m]), heat for ``exposure`` [s]."""
    flame = jet_flame.jet_flame(one.nozzle, one.gas.name, one.air)
    flux = np.minimum(jet_flame.flux(flame, places, one.air), 1e6)
    return probit.probability(probit.evaluate(law, probit.thermal_dose(flux, exposure)))


def flammable(one: Leak) -> tuple[float, float]:
    """Mass of the unignited jet between the limits [kg], and the distance of its middle along the axis [m]."""
    air_density = one.air.density
    free = jet.Jet(one.nozzle.diameter, one.nozzle.velocity, one.nozzle.density, air_density)
    mass = jet.mass_between(free, one.gas.lower, min(one.gas.upper, free.initial_concentration))
    return mass, float(jet.distance(free, one.gas.lower)) / 2


def deaths_by_blast(one: Leak, places: npt.ArrayLike, mach: float) -> Floats:
    """Probability of death at places by the head's impact in the blast; nothing beyond the curves' end (R = 9.5)."""
    points = np.asarray(places, float)
    within("place", points, "m")
    mass, middle = flammable(one)
    energy = float(vapour_cloud.energy_of_mass(mass, flamelet_heat(one.gas.name), 2.0))
    distance = np.maximum(np.linalg.norm(points - np.array([middle, 0.0, 0.0]), axis=1), 1e-3)
    scaled = vapour_cloud.scaled_distance(distance, energy)
    near = np.clip(scaled, _BST_NEAR, _BST_FAR)
    blast = vapour_cloud.unscaled(vapour_cloud.baker_strehlow_tang(near, mach), energy)
    chance = probit.probability(probit.head_impact(blast.overpressure, blast.impulse))
    return np.asarray(np.where(scaled > _BST_FAR, 0.0, chance), float)


def flamelet_heat(name: str) -> float:
    """Heat of combustion of the gas [J/kg]."""
    return float(flamelet(name).heat_of_combustion)
