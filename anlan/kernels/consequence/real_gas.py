"""A real gas: density, enthalpy and entropy from GERG-2008, and its isentropic flow through a hole."""

import functools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence._gerg2008 import GASES, Gas
from anlan.kernels.late import brentq, minimize_scalar
from anlan.kernels.validity import OutOfRange, within

Floats = npt.NDArray[np.float64]

GAS_CONSTANT = 8.314472  # of GERG-2008 [J/mol/K]
NAMES = tuple(GASES)


class State(NamedTuple):
    """Pressure [Pa], temperature [K], density [kg/m3]; enthalpy [J/kg], entropy [J/kg/K] from 298.15 K, 1 atm on."""

    pressure: float
    temperature: float
    density: float
    enthalpy: float
    entropy: float


@dataclass(frozen=True)
class Flow:
    """Gas in the narrowest cross-section of a hole: state, velocity [m/s], whether it is choked."""

    state: State
    velocity: float
    choked: bool


def gas(name: str) -> Gas:
    """Coefficients of a gas by name; an unknown name refuses with the known ones."""
    if name not in GASES:
        raise ValueError(f"unknown gas {name!r}; known are {', '.join(NAMES)}")
    return GASES[name]


def heat_capacity(ideal: tuple[float, tuple[tuple[float, float], ...]], temperature: npt.ArrayLike) -> Floats:
    """Molar heat capacity at low pressure over R, 60-3500 [K] [-] (Jaeschke & Schley 1995)."""
    within("temperature", temperature, "K", 60, 3500)
    kelvin = np.asarray(temperature, float)
    total = np.full(np.shape(kelvin), ideal[0])
    for place, (number, theta) in enumerate(ideal[1]):
        shape = np.sinh(theta / kelvin) if place % 2 == 0 else np.cosh(theta / kelvin)
        total = total + number * (theta / kelvin / shape) ** 2
    return np.asarray(total)


def heat(ideal: tuple[float, tuple[tuple[float, float], ...]], temperature: npt.ArrayLike) -> Floats:
    """Molar enthalpy at low pressure over R, from 298.15 K on; the integral of :func:`heat_capacity` [K]."""
    within("temperature", temperature, "K", 60, 3500)
    return np.asarray(_heat(ideal, np.asarray(temperature, float)) - _heat(ideal, np.asarray(298.15)))


def _heat(ideal: tuple[float, tuple[tuple[float, float], ...]], kelvin: Floats) -> Floats:
    total = ideal[0] * kelvin
    for place, (number, theta) in enumerate(ideal[1]):
        turn = 1 / np.tanh(theta / kelvin) if place % 2 == 0 else -np.tanh(theta / kelvin)
        total = total + number * theta * turn
    return np.asarray(total)


def _entropy(ideal: tuple[float, tuple[tuple[float, float], ...]], kelvin: float) -> float:
    """Integral of cp/(R T) [-], without its constant."""
    total = ideal[0] * np.log(kelvin)
    for place, (number, theta) in enumerate(ideal[1]):
        x = theta / kelvin
        if place % 2 == 0:
            total += number * (x / np.tanh(x) - np.log(np.sinh(x)))
        else:
            total -= number * (x * np.tanh(x) - np.log(np.cosh(x)))
    return float(total)


@functools.cache
def _columns(name: str) -> tuple[Floats, Floats, Floats, Floats]:
    n, d, t, c = np.array(gas(name).terms, float).T
    return n, d, t, c


def _residual(name: str, delta: float, tau: float) -> tuple[float, float, float]:
    """Residual Helmholtz energy over RT, and its derivatives times delta and tau [-]."""
    n, d, t, c = _columns(name)
    power = np.where(c > 0, delta**c, 0.0)
    value = n * delta**d * tau**t * np.exp(-power)
    return float(value.sum()), float((value * (d - c * power)).sum()), float((value * t).sum())


def at_density(name: str, density: float, temperature: float) -> State:
    """State by density > 0 ... 1000 [kg/m3] and temperature, 60-700 [K]; see :func:`at_pressure`."""
    within("density", density, "kg/m3", 0, 1000, above=True)
    within("temperature", temperature, "K", 60, 700)
    kind = gas(name)
    delta = density / kind.molar_mass / kind.critical_density
    tau = kind.critical_temperature / temperature
    alpha, by_delta, by_tau = _residual(name, delta, tau)
    specific = GAS_CONSTANT / kind.molar_mass
    reference = 101325.0 / (specific * 298.15)
    ideal = _entropy(kind.ideal, temperature) - _entropy(kind.ideal, 298.15) - np.log(temperature / 298.15)
    entropy = specific * (ideal - np.log(density / reference) + by_tau - alpha)
    enthalpy = specific * (float(heat(kind.ideal, temperature)) + temperature * (by_tau + by_delta))
    return State(density * specific * temperature * (1 + by_delta), temperature, density, enthalpy, float(entropy))


def at_pressure(name: str, pressure: float, temperature: float) -> State:
    """State of the gas by pressure and temperature.

    Parameters
    ----------
    name : str
        One of :data:`NAMES`.
    pressure : float
        Absolute, 1e3 ... 1e8 [Pa].
    temperature : float
        90-700 [K].

    Raises
    ------
    OutOfRange
        A value outside these ranges, NaN, or a gas that would be liquid there.

    Notes
    -----
    Kunz & Wagner, J. Chem. Eng. Data 57 (2012) 3032-3091; densities of the gas within 0.1 %.
    """
    within("pressure", pressure, "Pa", 1e3, 1e8)
    within("temperature", temperature, "K", 90, 700)
    return at_density(name, _density(name, pressure, temperature), temperature)


def _density(name: str, pressure: float, temperature: float) -> float:
    """Smallest density with this pressure: a step outwards from the ideal gas until the pressure is passed."""
    kind = gas(name)
    specific = GAS_CONSTANT / kind.molar_mass
    top = 3.2 * kind.critical_density * kind.molar_mass

    def excess(density: float) -> float:
        delta = density / kind.molar_mass / kind.critical_density
        _, by_delta, _ = _residual(name, delta, kind.critical_temperature / temperature)
        return density * specific * temperature * (1 + by_delta) - pressure

    low, high = 0.0, 0.5 * pressure / (specific * temperature)
    while excess(high) < 0:
        low, high = high, high * 1.05
        if high > top:
            raise OutOfRange(f"{name} at {pressure:g} Pa and {temperature:g} K is denser than the equation covers")
    if excess(low + 1e-3 * (high - low)) > 0 and low > 0:
        raise OutOfRange(f"{name} at {pressure:g} Pa and {temperature:g} K: no gas density found")
    density = float(brentq(excess, low, high, xtol=1e-12, rtol=1e-12))
    if temperature < kind.critical_temperature and density > kind.critical_density * kind.molar_mass:
        raise OutOfRange(f"{name} is liquid at {pressure:g} Pa and {temperature:g} K: this is a model of gas")
    return density


def at_rest(name: str, pressure: float, temperature: float) -> State:
    """State of a gas in a vessel: as :func:`at_pressure`, but what would condense there refuses.

    Raises
    ------
    OutOfRange
        As :func:`at_pressure`, or a pressure above the vapour pressure.

    Notes
    -----
    Below the critical temperature the liquid root of the equation is compared by Gibbs energy, h - T s.
    """
    found = at_pressure(name, pressure, temperature)
    kind = gas(name)
    if temperature >= kind.critical_temperature:
        return found
    dense = _liquid(name, pressure, temperature)
    if dense is not None and _gibbs(dense) < _gibbs(found):
        raise OutOfRange(f"{name} is liquid at {pressure:g} Pa and {temperature:g} K: this is a model of gas")
    return found


def _gibbs(state: State) -> float:
    return state.enthalpy - state.temperature * state.entropy


def _liquid(name: str, pressure: float, temperature: float) -> State | None:
    """The densest state with this pressure, sought from 3 critical densities downwards; None if there is none."""
    critical = gas(name).critical_density * gas(name).molar_mass
    high = 3.0 * critical
    while high > 1.2 * critical:
        low = 0.97 * high
        if at_density(name, low, temperature).pressure < pressure:
            density = brentq(lambda each: at_density(name, each, temperature).pressure - pressure, low, high)
            return at_density(name, float(density), temperature)
        high = low
    return None


def isentropic(name: str, entropy: float, pressure: float, guess: float) -> State:
    """State by entropy and pressure, sought around the temperature ``guess`` [K]; fluid may supercool as a gas."""

    def excess(temperature: float) -> float:
        return at_pressure(name, pressure, temperature).entropy - entropy

    low, high = 0.97 * guess, 1.03 * guess
    while excess(high) < 0:
        high *= 1.05
    while excess(low) > 0:
        low *= 0.95
    return at_pressure(name, pressure, float(brentq(excess, low, high, xtol=1e-10)))


def hole_flow(name: str, before: State, ambient: float) -> Flow:
    """Isentropic flow from rest through a hole: choked where the mass flux is largest.

    Parameters
    ----------
    name : str
        One of :data:`NAMES`.
    before : State
        At rest; its pressure must exceed ``ambient``.
    ambient : float
        5e4 ... 1.2e5 [Pa].

    Returns
    -------
    Flow

    Raises
    ------
    OutOfRange
        A value outside these ranges, NaN, a gas that condenses within the nozzle beyond what the equation covers.

    Notes
    -----
    Energy h0 = h + v^2/2 along the isentrope; the mass flux rho v is maximised over the pressure.
    """
    within("ambient pressure", ambient, "Pa", 5e4, 1.2e5)
    within("pressure above ambient", before.pressure - ambient, "Pa", 0, above=True)
    ideal = gas(name).ideal[0]

    def at(pressure: float) -> tuple[State, float]:
        guess = before.temperature * (pressure / before.pressure) ** (1 / max(ideal, 3.5))
        state = isentropic(name, before.entropy, pressure, guess)
        return state, float(np.sqrt(max(2 * (before.enthalpy - state.enthalpy), 0.0)))

    def less(pressure: float) -> float:
        state, velocity = at(pressure)
        return -state.density * velocity

    floor = max(ambient, 0.35 * before.pressure)
    found = minimize_scalar(less, bounds=(floor, 0.9999 * before.pressure), method="bounded", options={"xatol": 1.0})
    choked = bool(found.x - ambient > 1e-3 * ambient)
    state, velocity = at(float(found.x) if choked else ambient)
    return Flow(state, velocity, choked)
