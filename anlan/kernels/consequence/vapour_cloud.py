"""Blast of a vapour cloud: TNO multi-energy and Baker-Strehlow-Tang; how far a flash fire reaches.

Both scale distance by the energy E of the congested part of the cloud: R = r (p0/E)^(1/3) [-].
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import _blast_curves as curves
from anlan.kernels.validity import within

Floats = npt.NDArray[np.float64]

STANDARD_PRESSURE = 101325.0
SPEED_OF_SOUND = 340.0  # of the air [m/s]
ENERGY_OF_CLOUD = 3.5e6  # of a stoichiometric hydrocarbon-air mixture, Yellow Book 5.5.3 [J/m3]
DETONATION = 5.2  # Mach number of a detonation, Chapman-Jouguet


class Scaled(NamedTuple):
    """Peak overpressure over ambient, duration t a0 (p0/E)^(1/3), impulse i a0 / (E^(1/3) p0^(2/3)); all [-]."""

    overpressure: Floats
    duration: Floats
    impulse: Floats


class Blast(NamedTuple):
    """Peak side-on overpressure [Pa], positive phase [s], its impulse [Pa s]."""

    overpressure: Floats
    duration: Floats
    impulse: Floats


def scaled_distance(distance: npt.ArrayLike, energy: npt.ArrayLike, pressure: float = STANDARD_PRESSURE) -> Floats:
    """r (p0/E)^(1/3) for r > 0 [m], E > 0 [J] and ambient pressure p0 5e4-1.2e5 [Pa] [-]."""
    within("distance", distance, "m", 0, 1e6, above=True)
    return np.asarray(np.asarray(distance, float) / _length(energy, pressure))


def _length(energy: npt.ArrayLike, pressure: float) -> Floats:
    within("energy", energy, "J", 0, 1e16, above=True)
    within("ambient pressure", pressure, "Pa", 5e4, 1.2e5)
    return np.asarray(np.cbrt(np.asarray(energy, float) / pressure))


def energy_of_volume(volume: npt.ArrayLike, density: float = ENERGY_OF_CLOUD) -> Floats:
    """Energy of a stoichiometric cloud of > 0 ... 1e8 [m3] with 1e6-1e7 [J/m3] [J]."""
    within("volume", volume, "m3", 0, 1e8, above=True)
    within("energy density", density, "J/m3", 1e6, 1e7)
    return np.asarray(np.asarray(volume, float) * density)


def energy_of_mass(mass: npt.ArrayLike, heat_of_combustion: npt.ArrayLike, reflection: npt.ArrayLike = 1.0) -> Floats:
    """Energy of burning > 0 ... 1e9 [kg] with 1e6-1.5e8 [J/kg]; ``reflection`` 1-2: 2 for a cloud on the ground [J]."""
    within("mass", mass, "kg", 0, 1e9, above=True)
    within("heat of combustion", heat_of_combustion, "J/kg", 1e6, 1.5e8)
    within("ground reflection", reflection, "-", 1, 2)
    heat = np.asarray(mass, float) * np.asarray(heat_of_combustion, float)
    return np.asarray(heat * np.asarray(reflection, float))


def multi_energy(distance: npt.ArrayLike, strength: int) -> Scaled:
    """Blast of a hemispherical cloud on the ground after TNO's multi-energy method.

    Parameters
    ----------
    distance : float[]
        R, 0.1-100 [-].
    strength : int
        Class 1 (weak) ... 10 (detonation) [-].

    Returns
    -------
    Scaled
        Impulse is half of peak times duration.

    Raises
    ------
    OutOfRange
        R or class outside these ranges, or NaN.

    Notes
    -----
    van den Berg (1985); Yellow Book (CPR 14E) fig. 5.8, in the power laws of Johansson (2017), which are given down to
    an overpressure of 0.001 and continued below. A detonation's (class 10) is held at its value at R = 0.2 inside.
    """
    within("scaled distance R", distance, "-", 0.1, 100)
    within("class", strength, "-", 1, 10)
    if strength != int(strength):
        raise ValueError(f"class = {strength:g}: must be a whole number of 1 ... 10")
    place = np.asarray(distance, float)
    peak = _power_laws(np.maximum(place, 0.2), curves.TNO_OVERPRESSURE[int(strength)])
    duration = _power_laws(place, curves.TNO_DURATION[int(strength)])
    strongest = float(_power_laws(np.asarray(0.2), curves.TNO_OVERPRESSURE[int(strength)]))
    peak = np.minimum(peak, strongest)  # pieces meet within a per cent: none may rise above the source's strength
    return Scaled(peak, duration, peak * duration / 2)


def _power_laws(place: Floats, pieces: curves.Pieces) -> Floats:
    return np.asarray(np.select([place <= end for end, _, _ in pieces], [a * place**b for _, a, b in pieces]))


def baker_strehlow_tang(distance: npt.ArrayLike, mach: float) -> Scaled:
    """Blast of a cloud whose flame runs with Mach number ``mach`` relative to a fixed observer.

    Parameters
    ----------
    distance : float[]
        R with twice the energy for a cloud on the ground, 0.1-9.5 [-].
    mach : float
        0.02 ... 5.2, 5.2 being a detonation. Below 0.2 the curve of 0.2 is scaled by Tang & Baker's source
        overpressure 2.4 M^2/(1+M) [-].

    Returns
    -------
    Scaled
        Duration is twice impulse over peak.

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.

    Notes
    -----
    Tang & Baker, Process Safety Progress 18 (1999) 235-240.
    """
    within("scaled distance R", distance, "-", curves.BST_DISTANCES[0], curves.BST_DISTANCES[-1])
    within("flame Mach number", mach, "-", 0.02, DETONATION)
    weak = _source_strength(mach) / _source_strength(0.2) if mach < 0.2 else 1.0
    peak = weak * _between(distance, max(mach, 0.2), curves.BST_OVERPRESSURE)
    impulse = weak ** (2 / 3) * _between(distance, max(mach, 0.2), curves.BST_IMPULSE)
    return Scaled(peak, 2 * impulse / peak, impulse)


def _source_strength(mach: float) -> float:
    return 2.4 * mach**2 / (1 + mach)


def _between(distance: npt.ArrayLike, mach: float, table: Mapping[float, tuple[float, ...]]) -> Floats:
    speeds = np.array(sorted(table))
    place = np.interp(np.log(mach), np.log(speeds), np.arange(len(speeds)))
    low = min(int(place), len(speeds) - 2)
    x, at = np.log(curves.BST_DISTANCES), np.log(np.asarray(distance, float))
    lower, upper = (np.interp(at, x, np.log(table[float(speeds[row])])) for row in (low, low + 1))
    return np.asarray(np.exp(lower + (place - low) * (upper - lower)))


def unscaled(
    scaled: Scaled, energy: float, pressure: float = STANDARD_PRESSURE, sound: float = SPEED_OF_SOUND
) -> Blast:
    """Blast in SI units from its scaled values, for E > 0 [J], p0 [Pa] and speed of sound 300-360 [m/s]."""
    within("speed of sound", sound, "m/s", 300, 360)
    time = _length(energy, pressure) / sound
    return Blast(
        np.asarray(scaled.overpressure * pressure),
        np.asarray(scaled.duration * time),
        np.asarray(scaled.impulse * pressure * time),
    )


#: Flame Mach number by confinement, reactivity and congestion (low, medium, high). Pierorazio et al., Process Safety
#: Progress 24 (2005) 59-65, table 3. DDT is a detonation.
FLAME_MACH = {
    "2D": {"high": (0.59, DETONATION, DETONATION), "medium": (0.47, 0.66, 1.6), "low": (0.079, 0.47, 0.66)},
    "2.5D": {"high": (0.47, DETONATION, DETONATION), "medium": (0.29, 0.55, 1.0), "low": (0.053, 0.35, 0.50)},
    "3D": {"high": (0.36, DETONATION, DETONATION), "medium": (0.11, 0.44, 0.50), "low": (0.026, 0.23, 0.34)},
}
_CONGESTION = ("low", "medium", "high")


def flame_mach(expansion: str, reactivity: str, congestion: str) -> float:
    """Flame Mach number by expansion (``2D``, ``2.5D``, ``3D``), reactivity and congestion (low, medium, high) [-].

    Raises
    ------
    ValueError
        An unknown word; the message lists the known ones.
    """
    if expansion not in FLAME_MACH:
        raise ValueError(f"unknown expansion {expansion!r}; known are {', '.join(FLAME_MACH)}")
    if reactivity not in _CONGESTION or congestion not in _CONGESTION:
        raise ValueError(f"reactivity {reactivity!r} and congestion {congestion!r} must be low, medium or high")
    return FLAME_MACH[expansion][reactivity][_CONGESTION.index(congestion)]


class FlashFire(NamedTuple):
    """Extent of a flash fire on the axis of a cloud: nearest and farthest distance [m]; both 0 when there is none."""

    near: float
    far: float


def flash_fire(
    distance: npt.ArrayLike, concentration: npt.ArrayLike, lower_limit: float, fraction: float = 1.0
) -> FlashFire:
    """Where the concentration along a cloud's axis is at least a share of the lower flammable limit.

    Parameters
    ----------
    distance : float[n]
        Increasing, >= 0 [m].
    concentration : float[n]
        There, >= 0 [vol/vol].
    lower_limit : float
        LFL, > 0 ... 1 [vol/vol].
    fraction : float
        0.1-1; 1 for the mean cloud, 0.5 for the pockets of a fluctuating one [-].

    Returns
    -------
    FlashFire
        Between two points the logarithm of the concentration is straight.

    Raises
    ------
    OutOfRange
        A value outside these ranges, or NaN.
    ValueError
        Distances that do not increase, or lists of different length; a cloud that is still above the limit at the
        last distance, whose extent is unknown.

    Notes
    -----
    Purple Book (CPR 18E) 4.A: within the LFL contour everyone dies, outside no one does.
    """
    within("distance", distance, "m", 0, 1e6)
    within("concentration", concentration, "vol/vol", 0, 1)
    within("lower flammable limit", lower_limit, "vol/vol", 0, 1, above=True)
    within("fraction of the LFL", fraction, "-", 0.1, 1)
    x, c = np.atleast_1d(np.asarray(distance, float)), np.atleast_1d(np.asarray(concentration, float))
    if x.shape != c.shape or np.any(np.diff(x) <= 0):
        raise ValueError("distances must increase and there must be one concentration for each of them")
    burning = np.flatnonzero(c >= fraction * lower_limit)
    if not len(burning):
        return FlashFire(0.0, 0.0)
    if burning[-1] == len(x) - 1:
        raise ValueError(f"the cloud still burns at the last distance, {x[-1]:g} m: give distances farther out")
    level = np.log(np.maximum(c, 1e-30) / (fraction * lower_limit))
    first, last = int(burning[0]), int(burning[-1])
    near = x[0] if first == 0 else _crossing(x, level, first - 1)
    return FlashFire(float(near), _crossing(x, level, last))


def _crossing(x: Floats, level: Floats, at: int) -> float:
    return float(x[at] + (x[at + 1] - x[at]) * level[at] / (level[at] - level[at + 1]))
