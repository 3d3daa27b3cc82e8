"""Temperature, density and phases of a cloud: enthalpy is kept, and droplets are in equilibrium with their vapours.

Released material and water form droplets apart from each other; the partial pressure of each is at most its saturation
pressure (Ermak 1990, local thermodynamic equilibrium). At a given temperature the phases follow in closed form, and
the enthalpy grows with temperature, so the temperature is a root that is always bracketed.
"""

import math

from anlan.kernels._cache import jit
from anlan.kernels.consequence.slab_ambient import (
    AIR_HEAT,
    AIR_MOLAR_MASS,
    SATURATION_A,
    SATURATION_B,
    VAPOUR_HEAT,
    WATER_MOLAR_MASS,
)
from anlan.kernels.consequence.slab_types import Ambient, Material, Mixture

WATER_HEAT, WATER_DENSITY = 4178.0, 1000.0
WATER_LATENT_AT_ZERO = 2441000.0 + 298.2 * (WATER_HEAT - VAPOUR_HEAT)
COLDEST = 1.0


@jit
def phases(material: Material, dry: float, water: float, fraction: float, temperature: float) -> tuple[float, float]:
    """Mass fractions of water vapour and of the material's vapour at a temperature [-]."""
    air, wet, gas = dry / AIR_MOLAR_MASS, water / WATER_MOLAR_MASS, fraction / material.molar_mass
    wet_limit = math.exp(SATURATION_A - SATURATION_B / temperature)
    below = temperature + material.c
    gas_limit = math.exp(material.a - material.b / below) if below > 0 else 0.0
    total = air + wet + gas
    if wet <= wet_limit * total and gas <= gas_limit * total:
        return water, fraction
    only_gas = (air + wet) / (1 - gas_limit) if gas_limit < 1 else math.inf
    if gas > gas_limit * only_gas and wet <= wet_limit * only_gas:
        return water, material.molar_mass * gas_limit * only_gas
    only_wet = (air + gas) / (1 - wet_limit) if wet_limit < 1 else math.inf
    if wet > wet_limit * only_wet and gas <= gas_limit * only_wet:
        return WATER_MOLAR_MASS * wet_limit * only_wet, fraction
    rest = 1 - gas_limit - wet_limit
    both = air / rest if rest > 0 else math.inf
    return min(water, WATER_MOLAR_MASS * wet_limit * both), min(fraction, material.molar_mass * gas_limit * both)


@jit
def heat_capacity(material: Material, dry: float, vapours: tuple[float, float], liquids: tuple[float, float]) -> float:
    """Heat capacity of a mixture; pairs are (water, material) [J/kg/K]."""
    vapour = dry * AIR_HEAT + vapours[0] * VAPOUR_HEAT + vapours[1] * material.vapour_heat
    return vapour + liquids[0] * WATER_HEAT + liquids[1] * material.liquid_heat


@jit
def surplus(
    material: Material, dry: float, water: float, fraction: float, temperature: float, enthalpy: float
) -> float:
    """Enthalpy that the mixture would have at a temperature, less the one it has [J/kg]."""
    wet, gas = phases(material, dry, water, fraction, temperature)
    mist, drops = water - wet, fraction - gas
    sensible = heat_capacity(material, dry, (wet, gas), (mist, drops)) * temperature
    return sensible - WATER_LATENT_AT_ZERO * mist - material.latent_at_zero * drops - enthalpy


@jit
def temperature_at(material: Material, dry: float, water: float, fraction: float, enthalpy: float) -> float:
    """Temperature of a mixture of that enthalpy: a bracketed secant, to 1e-6 K."""
    low = enthalpy / heat_capacity(material, dry, (water, fraction), (0.0, 0.0))
    if low > COLDEST:
        below = surplus(material, dry, water, fraction, low, enthalpy)
        if below > -1e-9 * enthalpy:
            return low
    else:
        low = COLDEST
        below = surplus(material, dry, water, fraction, low, enthalpy)
    condensed = enthalpy + WATER_LATENT_AT_ZERO * water + material.latent_at_zero * fraction
    high = condensed / heat_capacity(material, dry, (0.0, 0.0), (water, fraction))
    above = surplus(material, dry, water, fraction, high, enthalpy)
    last = 0
    for _ in range(80):
        guess = (low * above - high * below) / (above - below)
        if not low < guess < high or high - low < 1e-6:
            return 0.5 * (low + high)
        value = surplus(material, dry, water, fraction, guess, enthalpy)
        if abs(value) < 1e-5:  # J/kg: 1e-8 K
            return guess
        if value < 0:
            low, below = guess, value
            above *= 0.5 if last < 0 else 1.0
            last = -1
        else:
            high, above = guess, value
            below *= 0.5 if last > 0 else 1.0
            last = 1
    return 0.5 * (low + high)


@jit
def by_volume(air: Ambient, material: Material, fraction: float) -> float:
    """Volume fraction of the material, droplets counted as vapour, from its mass fraction [-]."""
    mean = material.molar_mass + (air.molar_mass - material.molar_mass) * fraction
    return min(air.molar_mass * fraction / mean, 1.0)


@jit
def mixed(air: Ambient, material: Material, fraction: float, excess: float) -> Mixture:
    """The cloud that holds ``fraction`` of the material, from its enthalpy ``excess`` (see :class:`Mixture`)."""
    volume_fraction = by_volume(air, material, fraction)
    water, dry = (1 - fraction) * air.water, (1 - fraction) * (1 - air.water)
    if material.passive:
        heat = heat_capacity(material, dry, (water, fraction), (0.0, 0.0))
        return Mixture(fraction, volume_fraction, water, water, fraction, heat, air.temperature, air.density, 0.0)
    enthalpy = (1 - fraction) * air.heat_capacity * air.temperature + excess
    enthalpy += fraction * material.vapour_heat * material.temperature
    temperature = temperature_at(material, dry, water, fraction, enthalpy)
    wet, gas = phases(material, dry, water, fraction, temperature)
    heat = heat_capacity(material, dry, (wet, gas), (water - wet, fraction - gas))
    density = mixture_density(air, material, (dry, wet, gas), (water - wet, fraction - gas), temperature)
    return Mixture(fraction, volume_fraction, water, wet, gas, heat, temperature, density, excess)


@jit
def mixture_density(
    air: Ambient,
    material: Material,
    gases: tuple[float, float, float],
    liquids: tuple[float, float],
    temperature: float,
) -> float:
    """Density from the volumes of the gases (dry air, water, material) and the droplets (water, material) [kg/m3]."""
    moles = gases[0] / AIR_MOLAR_MASS + gases[1] / WATER_MOLAR_MASS + gases[2] / material.molar_mass
    gas = air.molar_mass * moles * temperature / (air.density * air.temperature)
    return 1 / (gas + liquids[0] / WATER_DENSITY + liquids[1] / material.liquid_density)


@jit
def released(air: Ambient, material: Material, liquid: float) -> Mixture:
    """The material as it leaves: vapour with a mass fraction ``liquid`` of droplets, at the release temperature."""
    vapour = 1 - liquid
    heat = heat_capacity(material, 0.0, (0.0, vapour), (0.0, liquid))
    density = mixture_density(air, material, (0.0, 0.0, vapour), (0.0, liquid), material.temperature)
    excess = liquid * ((material.liquid_heat - material.vapour_heat) * material.temperature - material.latent_at_zero)
    return Mixture(1.0, 1.0, 0.0, 0.0, vapour, heat, material.temperature, density, excess)


@jit
def still_air(air: Ambient) -> Mixture:
    """The air above a pool before anything has entered it."""
    return Mixture(0.0, 0.0, air.water, air.water, 0.0, air.heat_capacity, air.temperature, air.density, 0.0)
