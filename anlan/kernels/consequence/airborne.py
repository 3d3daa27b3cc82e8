"""Airborne quantity of a liquid release: flash, aerosol, and what boils off the pool within a dike or without one."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.validity import within

#: Factor of the spreading law below, as printed for SI units (it holds the gravity).
SPREAD = 2048 / 81


@dataclass(frozen=True)
class Spill:
    """Liquid that reaches the ground: ``rate`` [kg/s], ``density`` [kg/m3], ``boiling_temperature`` [K] and
    ``heat_of_vaporisation`` [J/kg]."""

    rate: float
    density: float
    boiling_temperature: float
    heat_of_vaporisation: float


@dataclass(frozen=True)
class Ground:
    """``temperature`` [K], thermal ``conductivity`` [W/m/K] and ``diffusivity`` [m2/s] of the ground."""

    temperature: float
    conductivity: float
    diffusivity: float

    def check(self) -> None:
        """Refuse a ground that cannot be."""
        within("ground temperature", self.temperature, "K", 150, 400)
        within("thermal conductivity of the ground", self.conductivity, "W/m/K", 0, 100, above=True)
        within("thermal diffusivity of the ground", self.diffusivity, "m2/s", 0, 1e-3, above=True)


def spread_area(rate: float, density: float, time: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Area [m2] of an unbounded pool fed at a constant rate [kg/s], at times [s]: pi/4 sqrt(2048/81 (rate/rho) t^3).

    References
    ----------
    Woodward (CCPS 1998) eq. 4.38, p. 57. The law knows no loss by evaporation.
    """
    within("rate to the pool", rate, "kg/s", 0)
    within("liquid density", density, "kg/m3", 0, 25000, above=True)
    within("time", time, "s", 0)
    return np.asarray(0.25 * math.pi * np.sqrt(SPREAD * rate / density * np.asarray(time, float) ** 3))


def conduction_flux(ground: Ground, liquid_temperature: float, time: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Heat flux [W/m2] from the ground into a liquid that has lain on it for a time [s] > 0: k dT / sqrt(pi a t).

    References
    ----------
    CCPS (1999) eq. 2.38-2.39, p. 63; Yellow Book eq. 3.29-3.30.
    """
    ground.check()
    within("liquid temperature", liquid_temperature, "K", 10, 400)
    within("time", time, "s", 0, above=True)
    difference = max(ground.temperature - liquid_temperature, 0.0)
    root = np.sqrt(math.pi * ground.diffusivity * np.asarray(time, float))
    return np.asarray(ground.conductivity * difference / root)


def boiled_off(spill: Spill, ground: Ground, duration: float, dike_area: float | None = None) -> float:
    """Mass [kg] that boils off the pool within a duration [s], never faster than liquid arrives.

    ``dike_area`` [m2] bounds the pool; None: it spreads freely. Integrated exactly but for the crossing of rates, which
    lies on a fine grid.
    """
    within("duration", duration, "s", 0, 1e7, above=True)
    within("heat of vaporisation", spill.heat_of_vaporisation, "J/kg", 0, above=True)
    if dike_area is not None:
        within("dike area", dike_area, "m2", 0, 1e7, above=True)
    time = duration * (np.arange(4001) / 4000) ** 2
    middle = 0.5 * (time[1:] + time[:-1])
    area = spread_area(spill.rate, spill.density, middle)
    area = area if dike_area is None else np.minimum(area, dike_area)
    rate = area * conduction_flux(ground, spill.boiling_temperature, middle) / spill.heat_of_vaporisation
    return float(np.sum(np.minimum(rate, spill.rate) * np.diff(time)))


@dataclass(frozen=True)
class Airborne:
    """Masses [kg]: ``flashed``, ``aerosol``, ``boiled`` off the pool; ``total`` in the air."""

    flashed: float
    aerosol: float
    boiled: float

    @property
    def total(self) -> float:
        return self.flashed + self.aerosol + self.boiled


@dataclass(frozen=True)
class Release:
    """Constant release of a liquid: ``rate`` [kg/s], ``duration`` [s]; fractions flashed and, of the rest, afloat."""

    rate: float
    duration: float
    flash_fraction: float
    aerosol_fraction: float


def airborne(release: Release, spill: Spill, ground: Ground, dike_area: float | None = None) -> Airborne:
    """Airborne mass of a release; ``spill.rate`` is ignored: what neither flashes nor floats arrives at the pool.

    References
    ----------
    CCPS (1999) sections 2.1.5-2.1.8; Woodward (CCPS 1998) chapter 4.
    """
    within("release rate", release.rate, "kg/s", 0, above=True)
    within("duration", release.duration, "s", 0, 1e7, above=True)
    within("flash fraction", release.flash_fraction, "-", 0, 1)
    within("aerosol fraction", release.aerosol_fraction, "-", 0, 1)
    mass = release.rate * release.duration
    flashed = mass * release.flash_fraction
    aerosol = (mass - flashed) * release.aerosol_fraction
    rest = (mass - flashed - aerosol) / release.duration
    liquid = Spill(rest, spill.density, spill.boiling_temperature, spill.heat_of_vaporisation)
    return Airborne(flashed, aerosol, boiled_off(liquid, ground, release.duration, dike_area))
