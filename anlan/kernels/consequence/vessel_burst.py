"""A vessel that bursts: energy of its contents, blast, fragments and how far they fly."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import tnt
from anlan.kernels.late import brentq, solve_ivp
from anlan.kernels.validity import OutOfRange, within

Floats = npt.NDArray[np.float64]

GAMMA_AIR = 1.4
GRAVITY = 9.80665
_FAR = 2.0  # scaled distance beyond which a burst looks like high explosive
_OF_TNT = (tnt.TNT_ENERGY / tnt.STANDARD_PRESSURE) ** (1 / 3)  # Z of TNT at scaled distance 1


def brode_energy(pressure: npt.ArrayLike, ambient: npt.ArrayLike, volume: npt.ArrayLike, gamma: float) -> Floats:
    """Energy of a gas under pressure after Brode, (p1 - p0) V / (gamma - 1) [J].

    Parameters
    ----------
    pressure, ambient : float[]
        Absolute, p1 > p0; p0 5e4-1.2e5 [Pa].
    volume : float[]
        Of the gas, > 0 ... 1e6 [m3].
    gamma : float
        Ratio of heat capacities, 1.02-1.67 [-].

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Brode, Physics of Fluids 2 (1959) 217; Yellow Book (CPR 14E) eq. 7.2.
    """
    rise, space = _gas(pressure, ambient, volume, gamma)
    return np.asarray(rise * space / (gamma - 1))


def isentropic_energy(pressure: npt.ArrayLike, ambient: npt.ArrayLike, volume: npt.ArrayLike, gamma: float) -> Floats:
    """Work of a gas that expands isentropically, p1 V / (gamma - 1) (1 - (p0/p1)^((gamma-1)/gamma)) [J].

    Parameters and errors as :func:`brode_energy`.

    Notes
    -----
    Baum (1984); CCPS Guidelines (1994) eq. 6.8.
    """
    _gas(pressure, ambient, volume, gamma)
    inside = np.asarray(pressure, float)
    left = (np.asarray(ambient, float) / inside) ** ((gamma - 1) / gamma)
    return np.asarray(inside * np.asarray(volume, float) / (gamma - 1) * (1 - left))


def _gas(pressure: npt.ArrayLike, ambient: npt.ArrayLike, volume: npt.ArrayLike, gamma: float) -> tuple[Floats, Floats]:
    within("ambient pressure", ambient, "Pa", 5e4, 1.2e5)
    within("volume", volume, "m3", 0, 1e6, above=True)
    within("gamma", gamma, "-", 1.02, 1.67)
    within("pressure", pressure, "Pa", 0, 1e9)
    rise = np.asarray(pressure, float) - np.asarray(ambient, float)
    within("pressure above ambient", rise, "Pa", 0, above=True)
    return rise, np.asarray(volume, float)


class Saturated(NamedTuple):
    """A saturated state: specific internal energy [J/kg] and entropy [J/kg/K] of liquid and vapour."""

    liquid_energy: float
    vapour_energy: float
    liquid_entropy: float
    vapour_entropy: float


def flashing_energy(mass: float, energy: float, entropy: float, after: Saturated) -> float:
    """Work of a liquid or vapour that expands isentropically to ambient pressure and there is two-phase [J].

    Parameters
    ----------
    mass : float
        > 0 ... 1e7 [kg].
    energy, entropy : float
        Specific internal energy and entropy before the burst, same reference as ``after`` [J/kg], [J/kg/K].
    after : Saturated
        The saturated states at ambient pressure.

    Raises
    ------
    OutOfRange
        A value outside its range, NaN, an entropy that does not lie between liquid's and vapour's after expansion,
        or a state with less energy than after it.

    Notes
    -----
    CCPS Guidelines (1994) 6.3.2.3; Yellow Book (CPR 14E) eq. 7.5-7.7: u2 = (1-x) uf + x ug, x = (s1-sf)/(sg-sf).
    """
    within("mass", mass, "kg", 0, 1e7, above=True)
    within("saturated states", list(after), "SI")
    within("energy", energy, "J/kg")
    within("entropy", entropy, "J/kg/K", after.liquid_entropy, after.vapour_entropy)
    share = (entropy - after.liquid_entropy) / (after.vapour_entropy - after.liquid_entropy)
    left = (1 - share) * after.liquid_energy + share * after.vapour_energy
    within("work of expansion", energy - left, "J/kg", 0)
    return mass * (energy - left)


@dataclass(frozen=True)
class Burst:
    """A burst near or on the ground.

    ``energy`` [J] of expansion; ``pressure`` absolute [Pa] and ``volume`` [m3] of the gas before; ``gamma`` [-] and
    ``sound`` [m/s] of that gas; ``reflection`` 2 on the ground, 1 in free air; ``ambient`` [Pa].
    """

    energy: float
    pressure: float
    volume: float
    gamma: float = 1.4
    sound: float = 340.0
    reflection: float = 2.0
    ambient: float = 101325.0


def start_overpressure(burst: Burst) -> float:
    """Overpressure over ambient of the shock just after the burst, from the shock-tube relation [-].

    Raises
    ------
    OutOfRange
        A burst without excess pressure, values outside the range of :func:`brode_energy`, NaN.

    Notes
    -----
    Baker et al., NASA CR-3023 (1978); Yellow Book (CPR 14E) eq. 7.11, CCPS (1994) eq. 6.3.
    """
    _gas(burst.pressure, burst.ambient, burst.volume, burst.gamma)
    within("speed of sound", burst.sound, "m/s", 100, 2000)
    ratio = burst.pressure / burst.ambient

    def short(excess: float) -> float:
        root = np.sqrt(2 * GAMMA_AIR * (2 * GAMMA_AIR + (GAMMA_AIR + 1) * excess))
        slowing = 1 - (burst.gamma - 1) * (340.0 / burst.sound) * excess / root
        if slowing <= 0:
            return 1e9
        return float((excess + 1) * slowing ** (-2 * burst.gamma / (burst.gamma - 1)) - ratio)

    return float(brentq(short, 0.0, ratio - 1, xtol=1e-10))


class BurstBlast(NamedTuple):
    """Scaled distance [-], peak side-on overpressure [Pa] and impulse [Pa s]."""

    scaled: Floats
    overpressure: Floats
    impulse: Floats


def blast(burst: Burst, distance: npt.ArrayLike) -> BurstBlast:
    """Side-on overpressure and impulse at a distance from the vessel's centre.

    Parameters
    ----------
    burst : Burst
        ``reflection`` 1-2.
    distance : float[]
        Outside the vessel [m].

    Returns
    -------
    BurstBlast

    Raises
    ------
    OutOfRange
        A distance inside the vessel, or so far that Kinney & Graham's curve ends (R = 11); values outside the range
        of :func:`start_overpressure`; NaN.

    Notes
    -----
    Refined Baker method, Yellow Book (CPR 14E) 7.5.2 and CCPS (1994) 6.3.1. From R = r (p0/E)^(1/3) = 2 outwards the
    burst is high explosive of the same energy (Kinney & Graham). Within, the book's family of curves is
    replaced by the straight line in logarithms from the start overpressure at the vessel's wall to that point, never
    above high explosive.
    """
    within("energy", burst.energy, "J", 0, 1e14, above=True)
    within("ground reflection", burst.reflection, "-", 1, 2)
    length = np.cbrt(burst.reflection * burst.energy / burst.ambient)
    radius = np.cbrt(3 * burst.reflection * burst.volume / (4 * np.pi))
    within("distance", distance, "m", float(radius), 1e6)
    scaled = np.asarray(distance, float) / length
    wall = float(radius / length), start_overpressure(burst)
    high = tnt.kinney_graham(np.clip(scaled * _OF_TNT, 0.05, None))
    peak = np.where(scaled < _FAR, np.minimum(_near(scaled, wall), high), high)
    impulse = tnt.kinney_graham_impulse(np.clip(scaled * _OF_TNT, 0.05, None))
    push = impulse * np.cbrt(burst.reflection * burst.energy / tnt.TNT_ENERGY)
    return BurstBlast(scaled, np.asarray(peak * burst.ambient), np.asarray(push))


def _near(scaled: Floats, wall: tuple[float, float]) -> Floats:
    """Overpressure over ambient between the wall and R = 2."""
    place, start = wall
    if place >= _FAR:
        return np.full(np.shape(scaled), start)
    end = min(float(tnt.kinney_graham(_FAR * _OF_TNT)), start)
    share = np.log(np.maximum(scaled, place) / place) / np.log(_FAR / place)
    return np.asarray(start * (end / start) ** share)


def fragment_velocity(energy: float, mass: float, share: float = 0.2) -> float:
    """Initial velocity of fragments, (2 k E / M)^(1/2) [m/s].

    Parameters
    ----------
    energy : float
        Of the burst, > 0 ... 1e14 [J].
    mass : float
        Of the empty vessel, > 0 ... 1e6 [kg].
    share : float
        Of the energy that turns into motion, > 0 ... 0.6: 0.2 (gas, many fragments) ... 0.04 (few) [-].

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Yellow Book (CPR 14E) eq. 7.16; Baum (1984), CCPS (1994) eq. 6.4.
    """
    within("energy", energy, "J", 0, 1e14, above=True)
    within("mass of the vessel", mass, "kg", 0, 1e6, above=True)
    within("share of the energy", share, "-", 0, 0.6, above=True)
    return float(np.sqrt(2 * share * energy / mass))


def fragment_velocity_moore(energy: float, mass: float, shape: str = "sphere") -> float:
    """Initial velocity of fragments after Moore, 1.092 (E G / M)^0.5 [m/s].

    Parameters
    ----------
    energy, mass : float
        Of the contents, > 0 [J]; of the vessel, > 0 [kg]. G is 1/(1 + 3C/5M) for a sphere, 1/(1 + C/2M) for a
        cylinder; the mass C of a gas is left out, so G = 1.
    shape : str
        ``sphere`` or ``cylinder``.

    Notes
    -----
    Moore (1967); CCPS Guidelines (1994) eq. 6.5.
    """
    within("energy", energy, "J", 0, 1e14, above=True)
    within("mass of the vessel", mass, "kg", 0, 1e6, above=True)
    if shape not in ("sphere", "cylinder"):
        raise ValueError(f"unknown shape {shape!r}; known are sphere, cylinder")
    return float(1.092 * np.sqrt(energy / mass))


@dataclass(frozen=True)
class Fragment:
    """``mass`` [kg], ``area`` that meets the air [m2], ``drag`` coefficient [-], ``height`` of the start [m]."""

    mass: float
    area: float
    drag: float = 1.0
    height: float = 0.0


def fragment_range(fragment: Fragment, velocity: float, angle: float, air_density: float = 1.225) -> float:
    """Horizontal distance that a fragment without lift flies [m].

    Parameters
    ----------
    fragment : Fragment
        Mass > 0, area >= 0, drag 0-3, height >= 0.
    velocity : float
        Initial, 0-2000 [m/s].
    angle : float
        From the horizontal, -89 ... 89 [deg].
    air_density : float
        0.5-2 [kg/m3].

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Equations of motion of Baker et al., NASA CR-3023 (1978) 4.3 with lift 0, integrated instead of read from the chart.
    """
    within("mass of the fragment", fragment.mass, "kg", 0, 1e6, above=True)
    within("area", fragment.area, "m2", 0, 1e4)
    within("drag coefficient", fragment.drag, "-", 0, 3)
    within("height", fragment.height, "m", 0, 1e3)
    within("velocity", velocity, "m/s", 0, 2000)
    within("angle", angle, "deg", -89, 89)
    within("air density", air_density, "kg/m3", 0.5, 2)
    braking = air_density * fragment.drag * fragment.area / (2 * fragment.mass)
    return _flight(velocity, np.radians(angle), fragment.height, braking)


def _flight(velocity: float, angle: float, height: float, braking: float) -> float:
    across, up = velocity * np.cos(angle), velocity * np.sin(angle)
    free = float((up + np.sqrt(up**2 + 2 * GRAVITY * height)) / GRAVITY)  # time in the air without drag
    if braking == 0.0:
        return float(across * free)

    def motion(_: float, state: Floats) -> Floats:
        speed = np.hypot(state[2], state[3])
        return np.array([state[2], state[3], -braking * speed * state[2], -braking * speed * state[3] - GRAVITY])

    def landed(_: float, state: Floats) -> float:
        return float(state[1])

    landed.terminal = True  # type: ignore[attr-defined]  # solve_ivp reads these from the function
    landed.direction = -1.0  # type: ignore[attr-defined]
    start = [0.0, height, across, up]
    if height == 0.0 and up <= 0.0:
        return 0.0
    course = solve_ivp(motion, (0.0, 40 * (free + 1)), start, events=landed, rtol=1e-7, atol=1e-9)
    if not len(course.t_events[0]):
        raise OutOfRange(f"velocity = {velocity:g} m/s: the fragment's flight could not be followed to the ground")
    return float(course.y_events[0][-1][0])


def farthest_range(fragment: Fragment, velocity: float, air_density: float = 1.225) -> tuple[float, float]:
    """Longest flight over all angles and the angle that gives it ([m], [deg]), to half a degree."""
    coarse = np.arange(5.0, 66.0, 10.0)
    best = max(coarse, key=lambda angle: fragment_range(fragment, velocity, float(angle), air_density))
    fine = np.arange(best - 9, best + 10, 3.0)
    best = max(fine, key=lambda angle: fragment_range(fragment, velocity, float(angle), air_density))
    final = np.arange(best - 2.5, best + 3, 0.5)
    best = max(final, key=lambda angle: fragment_range(fragment, velocity, float(angle), air_density))
    return fragment_range(fragment, velocity, float(best), air_density), float(best)
