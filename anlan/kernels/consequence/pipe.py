"""Flow through a pipe: gas adiabatic (Fanno), isentropic and isothermal; liquid; and the rupture of a gas pipeline.

All loss terms are velocity heads: K = entrance + f L/D + exit, with Darcy's f (four times Fanning's).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence.outflow import GRAVITY, Gas, critical_ratio
from anlan.kernels.late import brentq
from anlan.kernels.validity import OutOfRange, within


@dataclass(frozen=True)
class Pipe:
    """``length``, ``diameter`` and ``roughness`` [m]; ``entrance`` and ``exit`` loss coefficients [-].

    ``viscosity`` of the gas [Pa s]; without it the friction is that of a fully rough pipe.
    """

    length: float
    diameter: float
    roughness: float
    entrance: float = 0.0
    exit: float = 0.0
    viscosity: float | None = None

    def check(self) -> None:
        """Refuse a pipe that cannot be."""
        within("pipe length", self.length, "m", 0, 1e6, above=True)
        within("pipe diameter", self.diameter, "m", 0, 10, above=True)
        within("roughness", self.roughness, "m", 0, 0.05 * self.diameter, above=self.viscosity is None)
        within("entrance loss", self.entrance, "-", 0, 1000)
        within("exit loss", self.exit, "-", 0, 1000)
        if self.viscosity is not None:
            within("viscosity", self.viscosity, "Pa s", 0, 1, above=True)

    def loss(self, flux: float) -> float:
        """Velocity heads lost [-] at a mass flux [kg/m2/s]."""
        return self.entrance + self.exit + self.friction(flux) * self.length / self.diameter

    def friction(self, flux: float) -> float:
        """Darcy's friction factor [-] at a mass flux [kg/m2/s]."""
        relative = self.roughness / self.diameter
        if self.viscosity is None:
            return rough_friction(relative)
        return churchill_friction(max(flux, 1e-9) * self.diameter / self.viscosity, relative)


@dataclass(frozen=True)
class PipeFlow:
    """``mass_flux`` [kg/m2/s]; at the exit ``pressure`` [Pa], ``temperature`` [K], ``mach`` [-] and ``choked``."""

    mass_flux: float
    pressure: float
    temperature: float
    mach: float
    choked: bool


def rough_friction(relative: float) -> float:
    """Darcy's friction factor [-] of a fully rough pipe (Nikuradse), roughness over diameter 0 … 0.05."""
    within("relative roughness", relative, "-", 0, 0.05, above=True)
    return float((2 * math.log10(3.7 / relative)) ** -2)


def churchill_friction(reynolds: float, relative: float) -> float:
    """Darcy's friction factor [-] for any Reynolds number > 0.

    References
    ----------
    Churchill, Chem. Eng. 84 (24), 1977, p. 91; Perry's Handbook, 8th ed., p. 6-11.
    """
    within("Reynolds number", reynolds, "-", 0, 1e12, above=True)
    within("relative roughness", relative, "-", 0, 0.05)
    turbulent = (2.457 * math.log(1 / ((7 / reynolds) ** 0.9 + 0.27 * relative))) ** 16
    transition = (37530 / reynolds) ** 16
    return float(8 * ((8 / reynolds) ** 12 + (turbulent + transition) ** -1.5) ** (1 / 12))


def _check(pipe: Pipe, gas: Gas, outside: float) -> None:
    pipe.check()
    critical_ratio(gas.gamma)
    within("inlet pressure", gas.pressure, "Pa", 0, 1e9, above=True)
    within("inlet density", gas.density, "kg/m3", 0, 5000, above=True)
    within("inlet temperature", gas.temperature, "K", 0, 3000, above=True)
    within("outlet pressure", outside, "Pa", 0, above=True)
    if outside > gas.pressure:
        raise OutOfRange(f"outlet pressure = {outside:g} Pa is above the inlet {gas.pressure:g} Pa: no outflow")


def fanno(mach: float, gamma: float) -> float:
    """Velocity heads f L*/D [-] from a Mach number 0 < M <= 1 to the sonic point (Fanno line of an ideal gas)."""
    within("Mach number", mach, "-", 0, 1, above=True)
    square = mach**2
    return (1 - square) / (gamma * square) + (gamma + 1) / (2 * gamma) * math.log(
        (gamma + 1) * square / (2 + (gamma - 1) * square)
    )


def adiabatic(pipe: Pipe, gas: Gas, outside: float) -> PipeFlow:
    """Adiabatic flow of an ideal gas with friction (Fanno), choked where the exit would pass Mach 1.

    Parameters
    ----------
    pipe : the pipe
    gas : the state in the pipe just behind its entrance; its density fixes the gas constant
    outside : pressure at the exit [Pa]

    References
    ----------
    Perry's Handbook, 8th ed., eq. 6-118 to 6-121; Coulson & Richardson vol. 1 (7th ed.) section 4.5.5.
    """
    _check(pipe, gas, outside)
    if outside == gas.pressure:
        return PipeFlow(0.0, outside, gas.temperature, 0.0, False)
    highest = _inlet_mach_choked(pipe, gas)
    choked = _exit_pressure(gas, highest, 1.0) >= outside
    inlet = highest if choked else _solve_inlet(pipe, gas, outside, highest)
    outlet = 1.0 if choked else _exit_mach(gas, inlet, outside)
    pressure = _exit_pressure(gas, inlet, outlet)
    temperature = gas.temperature * _stagnation(inlet, gas.gamma) / _stagnation(outlet, gas.gamma)
    return PipeFlow(_flux(gas, inlet), pressure, temperature, outlet, choked)


def _flux(gas: Gas, mach: float) -> float:
    return mach * math.sqrt(gas.gamma * gas.pressure * gas.density)


def _stagnation(mach: float, gamma: float) -> float:
    """Stagnation temperature over temperature [-]."""
    return 1 + 0.5 * (gamma - 1) * mach**2


def _exit_pressure(gas: Gas, inlet: float, outlet: float) -> float:
    ratio = inlet / outlet
    return gas.pressure * ratio * math.sqrt(_stagnation(inlet, gas.gamma) / _stagnation(outlet, gas.gamma))


def _exit_mach(gas: Gas, inlet: float, outside: float) -> float:
    """Mach number [-] where the Fanno line through the inlet reaches the pressure outside."""
    rise = (gas.pressure * inlet / outside) ** 2 * _stagnation(inlet, gas.gamma)
    return math.sqrt(2 * rise / (1 + math.sqrt(1 + 2 * (gas.gamma - 1) * rise)))


def _inlet_mach_choked(pipe: Pipe, gas: Gas) -> float:
    def excess(mach: float) -> float:
        return fanno(mach, gas.gamma) - pipe.loss(_flux(gas, mach))

    return float(brentq(excess, 1e-6, 1.0)) if excess(1.0) < 0 else 1.0


def _solve_inlet(pipe: Pipe, gas: Gas, outside: float, highest: float) -> float:
    """Inlet Mach number [-] of a flow that is not choked; in densities, which do not cancel at low flow."""
    gamma = gas.gamma

    def excess(mach: float) -> float:
        outlet = _exit_mach(gas, mach, outside)
        cooling = _stagnation(mach, gamma) / _stagnation(outlet, gamma)
        density = outside / gas.pressure / cooling
        drop = 1 - density**2
        expansion = -(gamma - 1) / (2 * gamma) * drop - (gamma + 1) / gamma * math.log(density)
        return (pipe.loss(_flux(gas, mach)) + expansion) * gamma * mach**2 - drop

    if excess(highest) <= 0:  # on the brink of choking
        return highest
    return float(brentq(excess, 0.0, highest, xtol=1e-15, rtol=1e-13))


def _energy_balance(pipe: Pipe, pressure_term: float, expansion: float) -> float:
    """Flux G with (K + expansion) G^2 = pressure_term, K depending on G through the friction [kg/m2/s]."""
    if pressure_term <= 0:
        return 0.0

    def excess(flux: float) -> float:
        return (pipe.loss(flux) + expansion) * flux**2 - pressure_term

    high = 1.0
    while excess(high) < 0:
        high *= 2
    return float(brentq(excess, 0.0, high, rtol=1e-13))


def isentropic_path(pipe: Pipe, gas: Gas, outside: float) -> float:
    """Mass flux [kg/m2/s] when the gas is taken to expand isentropically along the pipe, friction notwithstanding.

    It is the textbook's shortcut and lies above the Fanno flow. Not limited by choking.

    References
    ----------
    Coulson & Richardson vol. 1 (7th ed.) eq. 4.66 with k = gamma; Albright's Chemical Engineering Handbook (2009).
    """
    _check(pipe, gas, outside)
    gamma, ratio = gas.gamma, outside / gas.pressure
    pressure_term = 2 * gamma / (gamma + 1) * gas.pressure * gas.density * (1 - ratio ** ((gamma + 1) / gamma))
    return _energy_balance(pipe, pressure_term, -2 / gamma * math.log(ratio))


def isentropic_exit(pipe: Pipe, gas: Gas, outside: float) -> float:
    """Mass flux [kg/m2/s] of the Fanno balance with the exit density of an isentropic expansion.

    A shortcut that needs no solution for the exit state; it lies below the Fanno flow. Not limited by choking.
    """
    _check(pipe, gas, outside)
    gamma = gas.gamma
    density = (outside / gas.pressure) ** (1 / gamma)
    drop = 1 - density**2
    expansion = -(gamma - 1) / (2 * gamma) * drop - (gamma + 1) / gamma * math.log(density)
    return _energy_balance(pipe, gas.pressure * gas.density * drop, expansion)


def isothermal(pipe: Pipe, gas: Gas, outside: float) -> float:
    """Mass flux [kg/m2/s] at constant temperature, limited where the exit reaches Mach 1/sqrt(gamma).

    References
    ----------
    Perry's Handbook, 8th ed., eq. 6-114; CCPS (1999) eq. 2.31.
    """
    _check(pipe, gas, outside)

    def flux(pressure: float) -> float:
        ratio = pressure / gas.pressure
        return _energy_balance(pipe, gas.pressure * gas.density * (1 - ratio**2), -2 * math.log(ratio))

    def sonic(pressure: float) -> float:
        return flux(pressure) - math.sqrt(gas.density / gas.pressure) * pressure

    if sonic(outside) <= 0:
        return flux(outside)
    return flux(float(brentq(sonic, outside, gas.pressure)))


@dataclass(frozen=True)
class Rupture:
    """Full-bore rupture of a pipeline, one end: ``initial_rate`` [kg/s], ``inventory`` [kg], ``time_constant`` [s].

    ``rate(t)`` and ``released(t)`` follow Bell's two exponentials, whose integral over all time is the inventory.
    """

    initial_rate: float
    inventory: float
    time_constant: float

    @property
    def _alpha(self) -> float:
        return self.inventory / (self.time_constant * self.initial_rate)

    def rate(self, time: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Mass rate [kg/s] at times [s] >= 0 after the rupture."""
        within("time", time, "s", 0)
        t, alpha = np.asarray(time, float), self._alpha
        fast = np.exp(-t / (alpha**2 * self.time_constant))
        return np.asarray(self.initial_rate / (1 + alpha) * (fast + alpha * np.exp(-t / self.time_constant)))

    def released(self, time: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Mass released [kg] until times [s] >= 0."""
        within("time", time, "s", 0)
        t, alpha = np.asarray(time, float), self._alpha
        fast = -(alpha**2) * np.expm1(-t / (alpha**2 * self.time_constant))
        slow = -alpha * np.expm1(-t / self.time_constant)
        return np.asarray(self.initial_rate * self.time_constant / (1 + alpha) * (fast + slow))


def rupture(pipe: Pipe, gas: Gas, outflow: Callable[[Gas], float]) -> Rupture:
    """Full-bore rupture of a gas pipeline shut off at the other end (Wilson's fit of Bell's form).

    Parameters
    ----------
    pipe : the pipe up to the shut-off; only length, diameter and roughness count
    gas : state before the rupture
    outflow : mass flux [kg/m2/s] of the first moment from the state before, choked

    Notes
    -----
    The time constant is t_B = 0.67 sqrt(gamma f L/D) L/c with Darcy's f and the speed of sound c. The fit holds while
    the flow is choked and for long pipes: f L/D >= 1 is asked for here.

    References
    ----------
    Bell, 1978; Wilson, 1979; Hanna & Drivas 1987; Yellow Book (CPR 14E, 1997) section 2.5.2.3, eq. 2.35-2.40
    (coefficient and form quoted from memory).
    """
    pipe.check()
    critical_ratio(gas.gamma)
    friction = rough_friction(pipe.roughness / pipe.diameter) * pipe.length / pipe.diameter
    within("f L/D of the pipeline", friction, "-", 1)
    area = 0.25 * math.pi * pipe.diameter**2
    sound = math.sqrt(gas.gamma * gas.pressure / gas.density)
    constant = 0.67 * math.sqrt(gas.gamma * friction) * pipe.length / sound
    return Rupture(area * outflow(gas), area * pipe.length * gas.density, constant)


def liquid_pipe(pipe: Pipe, overpressure: float, density: float, rise: float = 0.0) -> float:
    """Mass flux [kg/m2/s] of a liquid through a pipe: driving pressure = K G^2 / (2 rho).

    Parameters
    ----------
    pipe : the pipe; its ``exit`` loss of 1 is the kinetic energy of the jet
    overpressure : pressure at the inlet less that outside [Pa]
    density : [kg/m3] > 0
    rise : height of the exit above the liquid's level at the inlet [m], negative when it lies below

    References
    ----------
    Perry's Handbook, 8th ed., eq. 6-32, 6-95; Yellow Book section 2.5.4.3.
    """
    pipe.check()
    within("pressure difference", overpressure, "Pa", -1e9, 1e9)
    within("liquid density", density, "kg/m3", 0, 25000, above=True)
    within("rise of the pipe", rise, "m", -5000, 5000)
    within("losses without friction", pipe.entrance + pipe.exit, "-", 0.1)
    driving = overpressure - density * GRAVITY * rise
    if driving < 0:
        raise OutOfRange(f"driving pressure = {driving:g} Pa: nothing flows out")
    return _energy_balance(pipe, 2 * density * driving, 0.0)
