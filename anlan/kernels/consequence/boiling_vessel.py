"""A vessel of liquid boiling under its own pressure (pressure-liquefied gas) that leaks: it cools while it empties."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from anlan.kernels.consequence.outflow import ATMOSPHERE, GRAVITY, Gas, gas_hole
from anlan.kernels.consequence.saturation import Saturation, State
from anlan.kernels.consequence.twophase import fauske, homogeneous
from anlan.kernels.consequence.vessel import Array, Course, Hole, Shape, integrate
from anlan.kernels.validity import OutOfRange, within


@dataclass(frozen=True)
class Boiler:
    """``shape`` filled with liquid to ``level`` [m] at ``temperature`` [K]; ``gamma`` of its vapour [-].

    ``heat`` [W] flows in; ``swollen``: the content is one boiling mixture (a large opening, a full vessel), else liquid
    and vapour lie apart and the hole passes what lies before it.
    """

    shape: Shape
    level: float
    temperature: float
    gamma: float
    heat: float = 0.0
    swollen: bool = False


@dataclass(frozen=True)
class _Inside:
    """The content at one moment."""

    state: State
    quality: float
    level: float


class _Content:
    """Finds temperature, quality and level from mass and inner energy, by table."""

    def __init__(self, line: Saturation, shape: Shape) -> None:
        self.line = line
        self.volume = shape.volume
        self.volumes, self.levels = shape.levels()
        rows = line.rows()
        pressure, _, self.v_l, self.v_v, h_l, h_v = rows.T[:6]
        self.u_l, self.u_v = h_l - pressure * self.v_l, h_v - pressure * self.v_v

    def start(self, level: float, temperature: float) -> tuple[float, float]:
        """Mass [kg] and inner energy [J] of a vessel filled to a level [m] at a temperature [K]."""
        state = self.line.at(temperature)
        liquid = float(np.interp(level, self.levels, self.volumes))
        below, above = liquid / state.v_l, (self.volume - liquid) / state.v_v
        energy = below * (state.h_l - state.pressure * state.v_l) + above * (state.h_v - state.pressure * state.v_v)
        return below + above, energy

    def inside(self, mass: float, energy: float) -> _Inside:
        """The content; ``quality`` is 1 or more when no liquid is left."""
        share = (self.volume / mass - self.v_l) / (self.v_v - self.v_l)
        inner = self.u_l + share * (self.u_v - self.u_l)
        state = self.line.at(float(np.interp(energy / mass, inner, self.line.temperature)))
        quality = (self.volume / mass - state.v_l) / (state.v_v - state.v_l)
        liquid = mass * max(1 - quality, 0.0) * state.v_l
        return _Inside(state, quality, float(np.interp(liquid, self.volumes, self.levels)))


def boiling_blowdown(
    boiler: Boiler, line: Saturation, hole: Hole, duration: float, ambient: float = ATMOSPHERE, length: float = 0.0
) -> Course:
    """Blowdown of a vessel of boiling liquid: dM/dt = -q, dU/dt = -q h + heat, saturated at every moment.

    What leaves through a hole below the level is liquid that flashes (Fauske; ``length`` [m] of the passage); above it,
    vapour; from a swollen content, the homogeneous mixture. When the level has fallen to the hole, vapour follows.

    Parameters
    ----------
    boiler : vessel and content
    line : saturation line of the substance
    hole : where it leaks
    duration : longest time looked at [s] > 0
    ambient : pressure outside [Pa]
    length : of the passage [m]

    Raises
    ------
    OutOfRange
        Impossible inputs; a liquid that does not boil at the given temperature above ambient pressure.

    References
    ----------
    Yellow Book section 2.5.3.3-2.5.3.6; CCPS (1999) section 2.1.3; Fauske & Epstein (1988).
    """
    _check(boiler, line, hole, duration, ambient)
    content = _Content(line, boiler.shape)
    mass, energy = content.start(boiler.level, boiler.temperature)
    wet = boiler.level > hole.height and not boiler.swollen
    course = None
    if wet:
        leak = _Leak(content, boiler, hole, ambient, length, wet=True)
        course, mass, energy = _phase(leak, [mass, energy], duration)
        if course.ended != _LEVEL or course.time[-1] >= duration:
            return course
        duration -= float(course.time[-1])
    leak = _Leak(content, boiler, hole, ambient, length, wet=False)
    return _joined(course, _phase(leak, [mass, energy], duration)[0])


_LEVEL = "液位降到孔口"


def _check(boiler: Boiler, line: Saturation, hole: Hole, duration: float, ambient: float) -> None:
    boiler.shape.check()
    hole.check()
    within("level", boiler.level, "m", 0, 0.99 * boiler.shape.height, above=True)
    within("height of the hole", hole.height, "m", 0, boiler.shape.height)
    within("heat", boiler.heat, "W", 0, 1e9)
    within("duration", duration, "s", 0, 1e7, above=True)
    within("ambient pressure", ambient, "Pa", 0, above=True)
    pressure = line.at(boiler.temperature).pressure
    if pressure <= 1.001 * ambient:
        raise OutOfRange(
            f"temperature = {boiler.temperature:g} K: its vapour pressure {pressure:g} Pa is not above ambient; "
            "use the liquid vessel"
        )


@dataclass(frozen=True)
class _Leak:
    """What leaves, and with which enthalpy."""

    content: _Content
    boiler: Boiler
    hole: Hole
    ambient: float
    length: float
    wet: bool

    def inside(self, values: Array) -> _Inside:
        return self.content.inside(float(values[0]), float(values[1]))

    def flow(self, inside: _Inside) -> tuple[float, float]:
        """Rate [kg/s] and enthalpy [J/kg] of what leaves."""
        if inside.state.pressure <= self.ambient:
            return 0.0, 0.0
        flux, enthalpy = self._choose()(inside)
        return self.hole.area * flux, enthalpy

    def _choose(self) -> Callable[[_Inside], tuple[float, float]]:
        if self.boiler.swollen:
            return self._mixture
        return self._liquid if self.wet else self._vapour

    def _liquid(self, inside: _Inside) -> tuple[float, float]:
        state, head = inside.state, max(inside.level - self.hole.height, 0.0)
        pressure = state.pressure + GRAVITY * head / state.v_l
        line = self.content.line
        flux = fauske(line, pressure, state.temperature, self.length, self.ambient, self.hole.discharge)
        return flux, state.h_l

    def _vapour(self, inside: _Inside) -> tuple[float, float]:
        state = inside.state
        gas = Gas(state.pressure, state.temperature, 1 / state.v_v, self.boiler.gamma)
        return gas_hole(gas, self.ambient, self.hole.discharge).mass_flux, state.h_v

    def _mixture(self, inside: _Inside) -> tuple[float, float]:
        state, quality = inside.state, min(max(inside.quality, 0.0), 1.0)
        flow = homogeneous(self.content.line, state.pressure, state.temperature, quality, self.ambient)
        return self.hole.discharge * flow.mass_flux, state.enthalpy(quality)


def _phase(leak: _Leak, start: list[float], duration: float) -> tuple[Course, float, float]:
    """Integrate until the hole meets another phase, the liquid is gone, the pressure is ambient, or the time is up."""
    scale = abs(start[1]) or 1.0  # inner energy in units of its start, so that both states are of like size

    def unscaled(values: Array) -> _Inside:
        return leak.inside(np.array([values[0] * start[0], values[1] * scale]))

    def change(_: float, values: Array) -> list[float]:
        rate, enthalpy = leak.flow(unscaled(values))
        return [-rate / start[0], (leak.boiler.heat - rate * enthalpy) / scale]

    events = {
        "压力降到环境压力": lambda _, v: unscaled(v).state.pressure / leak.ambient - 1.002,
        "液体已耗尽": lambda _, v: 0.999 - unscaled(v).quality,
    }
    if leak.wet:
        events[_LEVEL] = lambda _, v: unscaled(v).level - leak.hole.height - 1e-6
    time, states, ended = integrate(change, [1.0, start[1] / scale], duration, events)
    seen = [unscaled(column) for column in states.T]
    rate = np.array([leak.flow(one)[0] for one in seen])
    pressure = np.array([one.state.pressure for one in seen])
    temperature = np.array([one.state.temperature for one in seen])
    level = np.array([one.level for one in seen])
    course = Course(time, rate, states[0] * start[0], pressure, temperature, level, ended)
    return course, float(states[0, -1] * start[0]), float(states[1, -1] * scale)


def _joined(first: Course | None, second: Course) -> Course:
    if first is None:
        return second
    later = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in _SERIES if name != "time"}
    time = np.concatenate([first.time, first.time[-1] + second.time])
    return Course(time=time, ended=second.ended, **later)


_SERIES = ("time", "rate", "mass", "pressure", "temperature", "level")
