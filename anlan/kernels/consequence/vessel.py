"""Vessels that empty: their shape, gas that blows down, liquid that runs out, with mass and energy balanced."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence.outflow import ATMOSPHERE, GRAVITY, Gas, gas_hole
from anlan.kernels.late import solve_ivp
from anlan.kernels.validity import OutOfRange, within

Array = npt.NDArray[np.float64]
ShapeName = Literal["vertical-cylinder", "horizontal-cylinder", "sphere"]
POINTS = 201  # of a result's time axis


@dataclass(frozen=True)
class Shape:
    """A vessel: ``diameter`` [m] and, for cylinders, ``length`` (height when upright) [m]."""

    name: ShapeName
    diameter: float
    length: float = 0.0

    def check(self) -> None:
        """Refuse a vessel that cannot be."""
        if self.name not in ("vertical-cylinder", "horizontal-cylinder", "sphere"):
            raise OutOfRange(f"shape {self.name} is not known; use vertical-cylinder, horizontal-cylinder or sphere")
        within("vessel diameter", self.diameter, "m", 0, 200, above=True)
        if self.name != "sphere":
            within("vessel length", self.length, "m", 0, 1000, above=True)

    @property
    def height(self) -> float:
        return self.length if self.name == "vertical-cylinder" else self.diameter

    @property
    def volume(self) -> float:
        """[m3]"""
        return float(self.filled(np.array(self.height)))

    def filled(self, level: npt.ArrayLike) -> Array:
        """Volume [m3] below a level [m] above the bottom."""
        depth = np.clip(np.asarray(level, float), 0, self.height)
        radius = 0.5 * self.diameter
        if self.name == "vertical-cylinder":
            return np.asarray(math.pi * radius**2 * depth)
        if self.name == "sphere":
            return np.asarray(math.pi * depth**2 * (radius - depth / 3))
        angle = np.arccos(np.clip(1 - depth / radius, -1, 1))
        return np.asarray(self.length * radius**2 * (angle - np.sin(angle) * np.cos(angle)))

    def levels(self) -> tuple[Array, Array]:
        """A table of volumes [m3] and the levels [m] that hold them, ascending."""
        level = self.height * 0.5 * (1 - np.cos(np.linspace(0, math.pi, 513)))
        return self.filled(level), level


@dataclass(frozen=True)
class Hole:
    """``area`` [m2], ``discharge`` coefficient [-], ``height`` of its centre above the vessel's bottom [m]."""

    area: float
    discharge: float
    height: float = 0.0

    def check(self) -> None:
        """Refuse a hole that cannot be."""
        within("hole area", self.area, "m2", 0, 100, above=True)
        within("discharge coefficient", self.discharge, "-", 0, 1, above=True)
        within("height of the hole", self.height, "m", 0, 300)


@dataclass(frozen=True)
class Course:
    """What happens over ``time`` [s]: ``rate`` [kg/s] out, ``mass`` [kg] left, ``pressure`` [Pa], ``temperature`` [K],
    ``level`` [m] of liquid (0 for gas). ``ended`` says why it stops."""

    time: Array
    rate: Array
    mass: Array
    pressure: Array
    temperature: Array
    level: Array
    ended: str


@dataclass(frozen=True)
class GasVessel:
    """``volume`` [m3] of gas at ``pressure`` [Pa], ``temperature`` [K], with ``gamma`` [-] and the gas constant times
    the compressibility ``constant`` [J/kg/K]; ``heat`` from the wall per kelvin of cooling [W/K]."""

    volume: float
    pressure: float
    temperature: float
    gamma: float
    constant: float
    heat: float = 0.0


def gas_blowdown(vessel: GasVessel, hole: Hole, duration: float, ambient: float = ATMOSPHERE) -> Course:
    """A vessel of ideal gas (constant Z and gamma) empties through a hole until ambient pressure or the end of time.

    The balances: dm/dt = -q; d(m cv T)/dt = -q cp T + H (T0 - T), with q from :func:`gas_hole`.

    Parameters
    ----------
    vessel : content and wall
    hole : where it leaks
    duration : longest time looked at [s] > 0
    ambient : pressure outside [Pa]

    Raises
    ------
    OutOfRange
        Impossible inputs, or the vessel is not above ambient pressure.

    References
    ----------
    Yellow Book (CPR 14E, 1997) section 2.5.2.2, eq. 2.17-2.21; CCPS (1999) section 2.1.2.
    """
    _check_vessel(vessel, hole, duration, ambient)
    capacity = vessel.constant / (vessel.gamma - 1)

    def outflow(mass: float, temperature: float) -> float:
        pressure = mass / vessel.volume * vessel.constant * temperature
        if pressure <= ambient:
            return 0.0
        gas = Gas(pressure, temperature, mass / vessel.volume, vessel.gamma)
        return hole.area * gas_hole(gas, ambient, hole.discharge).mass_flux

    def change(_: float, state: Array) -> list[float]:
        mass, temperature = float(state[0]), float(state[1])
        rate = outflow(mass, temperature)
        heat = vessel.heat * (vessel.temperature - temperature)
        return [-rate, (heat - rate * vessel.constant * temperature) / (mass * capacity)]

    def overpressure(_: float, state: Array) -> float:
        return float(state[0] * vessel.constant * state[1] / vessel.volume / ambient - 1.0005)

    mass = vessel.pressure * vessel.volume / (vessel.constant * vessel.temperature)
    time, states, ended = integrate(change, [mass, vessel.temperature], duration, {"压力降到环境压力": overpressure})
    pressure = states[0] / vessel.volume * vessel.constant * states[1]
    rate = np.array([outflow(m, t) for m, t in states.T.tolist()])
    return Course(time, rate, states[0], pressure, states[1], np.zeros_like(time), ended)


def _check_vessel(vessel: GasVessel, hole: Hole, duration: float, ambient: float) -> None:
    hole.check()
    within("vessel volume", vessel.volume, "m3", 0, 1e6, above=True)
    within("vessel temperature", vessel.temperature, "K", 10, 3000)
    within("heat capacity ratio", vessel.gamma, "-", 1, 1.7, above=True)
    within("gas constant", vessel.constant, "J/kg/K", 0, 10000, above=True)
    within("wall heat", vessel.heat, "W/K", 0, 1e9)
    within("duration", duration, "s", 0, 1e7, above=True)
    within("ambient pressure", ambient, "Pa", 0, above=True)
    within("vessel pressure", vessel.pressure, "Pa", ambient, 1e9, above=True)


@dataclass(frozen=True)
class Tank:
    """A tank of liquid: ``shape``, ``level`` [m], ``density`` [kg/m3], ``temperature`` [K].

    ``pressure`` [Pa] above the liquid; ``closed``: the gas there expands (isothermally) as the liquid leaves, no air
    enters; else the pressure stays (vent, blanket or vapour pressure).
    """

    shape: Shape
    level: float
    density: float
    temperature: float
    pressure: float = ATMOSPHERE
    closed: bool = False


def liquid_outflow(tank: Tank, hole: Hole, duration: float, ambient: float = ATMOSPHERE) -> Course:
    """Liquid runs out of a tank through a hole until the level reaches it, the driving pressure is gone, or time is up.

    Parameters
    ----------
    tank : shape and content
    hole : below the level
    duration : longest time looked at [s] > 0
    ambient : pressure outside [Pa]

    References
    ----------
    Yellow Book section 2.5.4, eq. 2.194-2.203; CCPS (1999) section 2.1.1.
    """
    _check_tank(tank, hole, duration, ambient)
    volumes, levels = tank.shape.levels()
    total = tank.shape.volume
    start = float(tank.shape.filled(tank.level))
    ullage = total - start
    if tank.closed and ullage < 1e-3 * total:
        raise OutOfRange(f"level = {tank.level:g} m leaves no gas above the liquid; a closed tank needs an ullage")

    def pressure(volume: Array) -> Array:
        return np.asarray(tank.pressure * (ullage / (total - volume) if tank.closed else np.ones_like(volume)))

    def driving(volume: Array) -> Array:
        head = np.interp(volume, volumes, levels) - hole.height
        return np.asarray(pressure(volume) - ambient + tank.density * GRAVITY * head)

    def flow(volume: Array) -> Array:
        speed = np.sqrt(2 * np.maximum(driving(volume), 0) / tank.density)
        return np.asarray(hole.discharge * hole.area * speed)

    bottom = float(tank.shape.filled(hole.height))
    events = {
        "液位降到孔口": lambda _, state: float(state[0] - bottom - 1e-6 * total),
        "推动压力为零": lambda _, state: float(driving(state[0])) - 1e-6 * ambient,
    }
    time, states, ended = integrate(lambda _, state: [-float(flow(state[0]))], [start], duration, events)
    volume = states[0]
    level = np.interp(volume, volumes, levels)
    temperature = np.full_like(time, tank.temperature)
    return Course(time, tank.density * flow(volume), tank.density * volume, pressure(volume), temperature, level, ended)


def _check_tank(tank: Tank, hole: Hole, duration: float, ambient: float) -> None:
    tank.shape.check()
    hole.check()
    within("level", tank.level, "m", hole.height, tank.shape.height, above=True)
    within("liquid density", tank.density, "kg/m3", 0, 25000, above=True)
    within("tank temperature", tank.temperature, "K", 10, 1000)
    within("pressure above the liquid", tank.pressure, "Pa", 0, 1e9, above=True)
    within("ambient pressure", ambient, "Pa", 0, above=True)
    within("duration", duration, "s", 0, 1e7, above=True)
    if tank.pressure + tank.density * GRAVITY * (tank.level - hole.height) < ambient:
        raise OutOfRange(f"pressure above the liquid = {tank.pressure:g} Pa: the outside pushes in, nothing flows out")


Event = Callable[[float, Array], float]


def integrate(
    change: Callable[[float, Array], list[float]], start: list[float], duration: float, events: dict[str, Event]
) -> tuple[Array, Array, str]:
    """Integrate until the first event falls through zero or the time is up: times, states (rows), why it ended."""
    for name, event in events.items():
        if event(0.0, np.array(start)) <= 0:
            return np.zeros(1), np.array(start)[:, None], name
    watched = [_terminal(event) for event in events.values()]
    found = solve_ivp(change, (0.0, duration), start, events=watched, dense_output=True, rtol=1e-7, atol=1e-9)
    if not found.success:
        raise ArithmeticError(found.message)
    time = np.linspace(0.0, float(found.t[-1]), POINTS)
    hit = [name for name, times in zip(events, found.t_events, strict=True) if len(times)]
    return time, np.asarray(found.sol(time)), hit[0] if hit else "到达给定时长"


def _terminal(event: Event) -> Event:
    """Marks an event at which the integration stops when it falls through zero."""

    def watched(time: float, state: Array) -> float:
        return event(time, state)

    vars(watched).update(terminal=True, direction=-1)
    return watched
