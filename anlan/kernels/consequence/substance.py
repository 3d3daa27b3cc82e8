"""A pure substance: constants and fitted properties of temperature, each refused outside the range of its fit.

The forms are linear in their coefficients, with Tr = T / Tc and t = 1 - Tr:

- vapour pressure [Pa]: ln p = c0 + c1/Tr + c2 ln Tr + c3 Tr^2 + c4 Tr^6 (Riedel's terms, as in DIPPR 101)
- liquid density [kg/m3]: c0 + c1 t^(1/3) + c2 t^(2/3) + c3 t + c4 t^(4/3) (as in VDI-PPDS, VDI Heat Atlas part D1)
- heat of vaporisation [J/kg]: c0 t^(1/3) + c1 t^(2/3) + c2 t + c3 t^2 + c4 t^6 (the same)
- heat capacity of the liquid [J/kg/K]: c0/t + c1 + c2 t + c3 t^2 + c4 t^3 (the same)
- heat capacity of the ideal gas [J/kg/K]: c0 + c1 x + c2 x^2 + c3 x^3 + c4 x^4 with x = T / 1000 K
- surface tension [N/m]: t^(11/9) (c0 + c1 t + c2 t^2 + c3 t^3)
- viscosity of the liquid [Pa s]: ln mu = c0 + c1/Tr + c2 ln Tr + c3 Tr^2 + c4 Tr^6
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.validity import OutOfRange, within

#: Universal gas constant [J/mol/K] (exact since 2019).
GAS_CONSTANT = 8.31446261815324

Array = npt.NDArray[np.float64]
_Terms = Callable[[Array, Array, Array], list[Array]]

#: Property -> (terms from T, Tr, t; whether the logarithm is fitted; unit).
FORMS: dict[str, tuple[_Terms, bool, str]] = {
    "vapour_pressure": (lambda T, r, t: [r**0, 1 / r, np.log(r), r**2, r**6], True, "Pa"),
    "liquid_density": (lambda T, r, t: [t**0, t ** (1 / 3), t ** (2 / 3), t, t ** (4 / 3)], False, "kg/m3"),
    "heat_of_vaporisation": (lambda T, r, t: [t ** (1 / 3), t ** (2 / 3), t, t**2, t**6], False, "J/kg"),
    "liquid_heat_capacity": (lambda T, r, t: [1 / t, t**0, t, t**2, t**3], False, "J/kg/K"),
    "gas_heat_capacity": (lambda T, r, t: [(T / 1000) ** k for k in range(5)], False, "J/kg/K"),
    "surface_tension": (lambda T, r, t: [t ** (11 / 9 + k) for k in range(4)], False, "N/m"),
    "liquid_viscosity": (lambda T, r, t: [r**0, 1 / r, np.log(r), r**2, r**6], True, "Pa s"),
}


def terms(name: str, temperature: npt.ArrayLike, critical_temperature: float) -> Array:
    """The terms of a property's form at each temperature [K], last axis: the terms."""
    kelvin = np.asarray(temperature, float)
    reduced = kelvin / critical_temperature
    return np.stack(FORMS[name][0](kelvin, reduced, 1 - reduced), axis=-1)


@dataclass(frozen=True)
class Correlation:
    """A fitted property: valid for ``low`` … ``high`` [K], ``max_error`` is the largest relative error of the fit [-].

    ``basis`` names the equation or data that were fitted.
    """

    low: float
    high: float
    coefficients: tuple[float, ...]
    max_error: float
    basis: str


@dataclass(frozen=True)
class Substance:
    """A pure substance.

    Attributes
    ----------
    cas, name_zh, name_en : registry number and names
    molar_mass : [kg/mol]
    boiling_temperature : at 101325 Pa [K]
    critical_temperature, critical_pressure, acentric_factor : [K], [Pa], [-]
    correlations : property (a key of ``FORMS``) -> its fit
    melting_temperature : [K]
    heat_of_combustion : lower value, fuels only [J/kg]
    lower_flammable_limit, upper_flammable_limit : in air [vol/vol]
    flash_point, autoignition_temperature : [K]
    """

    cas: str
    name_zh: str
    name_en: str
    molar_mass: float
    boiling_temperature: float
    critical_temperature: float
    critical_pressure: float
    acentric_factor: float
    correlations: Mapping[str, Correlation]
    melting_temperature: float | None = None
    heat_of_combustion: float | None = None
    lower_flammable_limit: float | None = None
    upper_flammable_limit: float | None = None
    flash_point: float | None = None
    autoignition_temperature: float | None = None

    def vapour_pressure(self, temperature: npt.ArrayLike) -> Array:
        """Saturation pressure [Pa] at a temperature [K]."""
        return self.property("vapour_pressure", temperature)

    def liquid_density(self, temperature: npt.ArrayLike) -> Array:
        """Density of the saturated liquid [kg/m3] at a temperature [K]."""
        return self.property("liquid_density", temperature)

    def heat_of_vaporisation(self, temperature: npt.ArrayLike) -> Array:
        """Heat of vaporisation [J/kg] at a temperature [K]."""
        return self.property("heat_of_vaporisation", temperature)

    def liquid_heat_capacity(self, temperature: npt.ArrayLike) -> Array:
        """Heat capacity of the liquid [J/kg/K] at a temperature [K]."""
        return self.property("liquid_heat_capacity", temperature)

    def gas_heat_capacity(self, temperature: npt.ArrayLike) -> Array:
        """Heat capacity of the ideal gas at constant pressure [J/kg/K] at a temperature [K]."""
        return self.property("gas_heat_capacity", temperature)

    def surface_tension(self, temperature: npt.ArrayLike) -> Array:
        """Surface tension of the liquid [N/m] at a temperature [K]."""
        return self.property("surface_tension", temperature)

    def liquid_viscosity(self, temperature: npt.ArrayLike) -> Array:
        """Dynamic viscosity of the liquid [Pa s] at a temperature [K]."""
        return self.property("liquid_viscosity", temperature)

    def property(self, name: str, temperature: npt.ArrayLike) -> Array:
        """A property (a key of ``FORMS``) at temperatures [K].

        Raises
        ------
        OutOfRange
            There is no such fit for the substance, or a temperature lies outside its range.
        """
        fit = self.correlation(name)
        within(f"temperature of {self.name_en} for {name}", temperature, "K", fit.low, fit.high)
        value = terms(name, temperature, self.critical_temperature) @ np.asarray(fit.coefficients)
        return np.asarray(np.exp(value) if FORMS[name][1] else value, float)

    def correlation(self, name: str) -> Correlation:
        """The fit of a property; ``OutOfRange`` where the table has none."""
        if name not in FORMS:
            raise OutOfRange(f"no property {name}; known: {', '.join(FORMS)}")
        if name not in self.correlations:
            have = ", ".join(self.correlations) or "none"
            raise OutOfRange(f"{self.name_en} ({self.cas}) has no {name}; give the value itself (fitted: {have})")
        return self.correlations[name]

    def gas_constant(self) -> float:
        """Specific gas constant [J/kg/K]."""
        return GAS_CONSTANT / self.molar_mass

    def heat_capacity_ratio(self, temperature: float) -> float:
        """Ratio of the ideal gas' heat capacities cp/cv [-] at a temperature [K]."""
        capacity = float(self.gas_heat_capacity(temperature))
        return capacity / (capacity - self.gas_constant())

    def gas_density(self, pressure: float, temperature: float, compressibility: float = 1.0) -> float:
        """Density of the gas [kg/m3] at a pressure [Pa] and temperature [K], p M = Z rho R T."""
        within("pressure", pressure, "Pa", 0, above=True)
        within("temperature", temperature, "K", 0, above=True)
        within("compressibility", compressibility, "-", 0.05, 3)
        return pressure / (compressibility * self.gas_constant() * temperature)

    def saturation_temperature(self, pressure: float) -> float:
        """Temperature [K] at which the vapour pressure is ``pressure`` [Pa]; refused outside the fitted range."""
        fit = self.correlation("vapour_pressure")
        low, high = fit.low, fit.high
        bounds = self.vapour_pressure(np.array([low, high]))
        within(f"saturation pressure of {self.name_en}", pressure, "Pa", float(bounds[0]), float(bounds[1]))
        while high - low > 1e-9 * high:
            middle = 0.5 * (low + high)
            low, high = (middle, high) if float(self.vapour_pressure(middle)) < pressure else (low, middle)
        return 0.5 * (low + high)

    def is_fuel(self) -> bool:
        """Whether the table gives a heat of combustion."""
        return self.heat_of_combustion is not None and math.isfinite(self.heat_of_combustion)
