"""What the dense-gas model needs to know of a substance, from its table of fitted properties."""

import numpy as np

from anlan.kernels.consequence.slab import Fluid
from anlan.kernels.consequence.slab_types import PRESSURE
from anlan.kernels.consequence.substance import Substance


def fluid_of(substance: Substance) -> Fluid:
    """Properties at the boiling point; the saturation pressure meets the fitted one in value and slope there.

    Parameters
    ----------
    substance
        With fits of heat capacities, heat of vaporisation, liquid density and vapour pressure.

    Returns
    -------
    Fluid

    Raises
    ------
    OutOfRange
        The substance has no such fit.

    References
    ----------
    Ermak 1990, UCRL-MA-105607 (input properties).
    """
    boiling = substance.boiling_temperature
    b, c = _saturation(substance)
    return Fluid(
        molar_mass=substance.molar_mass,
        vapour_heat_capacity=_at(substance, "gas_heat_capacity", boiling),
        boiling_temperature=boiling,
        heat_of_vaporisation=_at(substance, "heat_of_vaporisation", boiling),
        liquid_heat_capacity=_at(substance, "liquid_heat_capacity", boiling),
        liquid_density=_at(substance, "liquid_density", boiling),
        saturation_b=b,
        saturation_c=c,
    )


def _at(substance: Substance, name: str, temperature: float) -> float:
    """A property at the temperature of its fit that lies nearest."""
    fit = substance.correlation(name)
    return float(substance.property(name, min(max(temperature, fit.low), fit.high)))


def _saturation(substance: Substance) -> tuple[float | None, float]:
    """``b`` and ``c`` of ln p = a - b/(T + c): through the slope at the boiling point and a pressure well below it."""
    fit, boiling = substance.correlation("vapour_pressure"), substance.boiling_temperature
    cold = max(0.75 * boiling, fit.low)
    if not cold < 0.95 * boiling < fit.high:
        return None, 0.0
    step = 1e-3 * boiling
    high = min(boiling + step, fit.high)
    pressures = np.log(substance.vapour_pressure([cold, high - 2 * step, high]))
    slope, fall = float(pressures[2] - pressures[1]) / (2 * step), float(pressures[0]) - np.log(PRESSURE)
    reach = slope * (cold - boiling)
    c = (reach * boiling - fall * cold) / (fall - reach)
    if not -0.8 * boiling < c < 0.8 * boiling:
        return None, 0.0
    return float(slope * (boiling + c) ** 2), float(c)
