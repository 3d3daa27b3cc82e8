"""The saturation line of a substance as a table: what flashing flow and vessels need thousands of times.

Made of the fitted properties, and consistent in itself: the volume of evaporation follows from Clapeyron's equation,
v_g - v_l = h / (T dp/dT), enthalpy and entropy of the liquid from its heat capacity.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence.substance import Substance
from anlan.kernels.validity import OutOfRange, within

Array = npt.NDArray[np.float64]
NEEDS = ("vapour_pressure", "liquid_density", "heat_of_vaporisation", "liquid_heat_capacity")


@dataclass(frozen=True)
class State:
    """Saturated liquid (``_l``) and vapour (``_v``): ``pressure`` [Pa], ``temperature`` [K], specific volume ``v``
    [m3/kg], enthalpy ``h`` [J/kg], entropy ``s`` [J/kg/K]; ``cp`` of the liquid [J/kg/K]."""

    pressure: float
    temperature: float
    v_l: float
    v_v: float
    h_l: float
    h_v: float
    s_l: float
    s_v: float
    cp: float

    def volume(self, quality: float) -> float:
        """Specific volume [m3/kg] of a homogeneous mixture with a mass fraction of vapour."""
        return self.v_l + quality * (self.v_v - self.v_l)

    def enthalpy(self, quality: float) -> float:
        """Specific enthalpy [J/kg] of the mixture."""
        return self.h_l + quality * (self.h_v - self.h_l)

    def entropy(self, quality: float) -> float:
        """Specific entropy [J/kg/K] of the mixture."""
        return self.s_l + quality * (self.s_v - self.s_l)


@dataclass(frozen=True)
class Saturation:
    """The line of ``name``: ``columns`` are State's fields at ``temperature`` [K], ascending; h and s start at zero."""

    name: str
    temperature: Array
    columns: Array

    @property
    def low(self) -> float:
        return float(self.temperature[0])

    @property
    def high(self) -> float:
        return float(self.temperature[-1])

    @property
    def pressures(self) -> tuple[float, float]:
        """Lowest and highest pressure [Pa]."""
        return float(self.columns[0, 0]), float(self.columns[-1, 0])

    def at(self, temperature: float) -> State:
        """The saturated state at a temperature [K]; refused outside the line."""
        within(f"temperature of saturated {self.name}", temperature, "K", self.low, self.high)
        place = (temperature - self.low) / (self.high - self.low) * (len(self.temperature) - 1)
        index = min(int(place), len(self.temperature) - 2)
        part = place - index
        row = (1 - part) * self.columns[index] + part * self.columns[index + 1]
        return State(*row.tolist())

    def boiling(self, pressure: float) -> float:
        """Boiling temperature [K] at a pressure [Pa]; refused outside the line."""
        within(f"saturation pressure of {self.name}", pressure, "Pa", *self.pressures)
        return float(np.interp(pressure, self.columns[:, 0], self.temperature))

    def rows(self) -> Array:
        """All states as rows of State's fields."""
        return self.columns


def saturation(substance: Substance, points: int = 1024) -> Saturation:
    """Tabulate the saturation line over the range that all the fits share.

    Raises
    ------
    OutOfRange
        A fit is missing or the ranges share less than 20 K.
    """
    fits = [substance.correlation(name) for name in NEEDS]
    low, high = max(fit.low for fit in fits), min(fit.high for fit in fits)
    if high - low < 20:
        raise OutOfRange(f"{substance.name_en}: the fits share only {low:g} … {high:g} K; two-phase flow needs more")
    kelvin = np.linspace(low, high, points)
    pressure = substance.vapour_pressure(kelvin)
    heat = substance.heat_of_vaporisation(kelvin)
    capacity = substance.liquid_heat_capacity(kelvin)
    v_l = 1 / substance.liquid_density(kelvin)
    v_v = v_l + heat / (kelvin * np.gradient(pressure, kelvin, edge_order=2))
    h_l = _integral(capacity + v_l * np.gradient(pressure, kelvin), kelvin)
    s_l = _integral(capacity / kelvin, kelvin)
    columns = [pressure, kelvin, v_l, v_v, h_l, h_l + heat, s_l, s_l + heat / kelvin, capacity]
    return Saturation(substance.name_en, kelvin, np.stack(columns, axis=1))


def _integral(values: Array, kelvin: Array) -> Array:
    """Running trapezoid integral from the first point."""
    steps = 0.5 * (values[1:] + values[:-1]) * np.diff(kelvin)
    return np.concatenate([[0.0], np.cumsum(steps)])
