"""Rise of a hot or fast stack plume after Briggs, and the downwash behind the stack.

References
----------
Briggs 1969, Plume Rise, TID-25075; Briggs 1975, in Lectures on Air Pollution; EPA 1995, ISC3 User's Guide vol. 2,
EPA-454/B-95-003b, section 1.1.4 (the form implemented here).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence.atmosphere import GRAVITY
from anlan.kernels.consequence.sigma import Stability, check_stability
from anlan.kernels.validity import within

Array = npt.NDArray[np.float64]
_GRADIENT = {"E": 0.020, "F": 0.035}


@dataclass(frozen=True)
class Stack:
    """A vertical release: diameter [m], exit velocity [m/s], exit temperature [K]."""

    diameter: float
    velocity: float
    temperature: float


@dataclass(frozen=True)
class Rise:
    """A plume's rise: final height [m], the distance at which it is reached [m], and the path there.

    On the way a buoyant plume follows ``factor * x**(2/3)``, one driven by momentum the cube root of ``factor * x``, in
    stable air of ``factor * sin(wave * x) / wave``.
    """

    final: float
    distance: float
    buoyant: bool
    factor: float
    wave: float = 0.0

    def at(self, x: npt.ArrayLike) -> Array:
        """Rise at a distance down the wind, never above the final one; shape of ``x`` [m]."""
        within("x", x, "m", 0)
        distance = np.minimum(np.asarray(x, float), self.distance)
        if self.buoyant:
            path = self.factor * distance ** (2 / 3)
        elif self.wave:
            path = np.cbrt(self.factor * np.sin(distance * self.wave) / self.wave)
        else:
            path = np.cbrt(self.factor * distance)
        return np.where(np.asarray(x, float) >= self.distance, self.final, np.minimum(path, self.final))


def buoyancy_flux(stack: Stack, air_temperature: float) -> float:
    """Buoyancy flux ``g v d2 (Ts - Ta) / (4 Ts)``; negative if the plume is colder than the air [m4/s3]."""
    _check(stack, air_temperature)
    excess = (stack.temperature - air_temperature) / stack.temperature
    return GRAVITY * stack.velocity * stack.diameter**2 * excess / 4


def momentum_flux(stack: Stack, air_temperature: float) -> float:
    """Momentum flux ``v2 d2 Ta / (4 Ts)`` [m4/s2]."""
    _check(stack, air_temperature)
    return (stack.velocity * stack.diameter) ** 2 * air_temperature / (4 * stack.temperature)


def stability_parameter(stability: Stability, air_temperature: float) -> float:
    """``g / T dtheta/dz`` of stable air, with 0.020 K/m in class E and 0.035 K/m in class F; 0 otherwise [1/s2]."""
    within("air_temperature", air_temperature, "K", 180, 350)
    return GRAVITY / air_temperature * _GRADIENT.get(check_stability(stability), 0.0)


def buoyant_rise(flux: float, wind: float, stability_s: float = 0.0) -> Rise:
    """Rise by buoyancy.

    Parameters
    ----------
    flux
        Buoyancy flux, >= 0 [m4/s3].
    wind
        Wind at the stack's top, > 0 [m/s].
    stability_s
        Stability parameter; 0 in neutral and unstable air [1/s2].

    Returns
    -------
    Rise
        Final: 21.425 F^(3/4)/u or 38.71 F^(3/5)/u from F = 55 on; in stable air 2.6 (F/(u s))^(1/3), not more than
        the calm 4 F^(1/4) s^(-3/8). On the way 1.60 F^(1/3) x^(2/3) / u.
    """
    within("buoyancy_flux", flux, "m4/s3", 0, 1e7)
    within("wind", wind, "m/s", 1e-3, 100)
    within("stability_s", stability_s, "1/s2", 0)
    factor = 1.60 * math.pow(flux, 1 / 3) / wind
    if stability_s:
        final = min(2.6 * math.pow(flux / (wind * stability_s), 1 / 3), 4 * flux**0.25 / stability_s**0.375)
        return Rise(final, 2.0715 * wind / math.sqrt(stability_s), True, factor)
    final = (21.425 * flux**0.75 if flux < 55 else 38.71 * flux**0.6) / wind
    return Rise(final, _neutral_distance(flux), True, factor)


def momentum_rise(stack: Stack, air_temperature: float, wind: float, stability_s: float = 0.0) -> Rise:
    """Rise by momentum: ``3 d v / u``; in stable air the lesser of that and ``1.5 (Fm / (u sqrt s))^(1/3)``.

    Parameters as in :func:`plume_rise`; ``wind`` is that at the stack's top.
    """
    within("wind", wind, "m/s", 1e-3, 100)
    flux = momentum_flux(stack, air_temperature)
    entrainment = 1 / 3 + wind / stack.velocity
    final = 3 * stack.diameter * stack.velocity / wind
    if stability_s:
        wave = math.sqrt(stability_s) / wind
        final = min(final, 1.5 * math.pow(flux / (wind * math.sqrt(stability_s)), 1 / 3))
        return Rise(final, math.pi / 2 / wave, False, 3 * flux / (entrainment * wind) ** 2, wave)
    heat = buoyancy_flux(stack, air_temperature)
    reach = 4 * stack.diameter * (stack.velocity + 3 * wind) ** 2 / (stack.velocity * wind)
    distance = _neutral_distance(heat) if heat > 0 else reach
    return Rise(final, distance, False, 3 * flux / (entrainment * wind) ** 2)


def plume_rise(stack: Stack, air_temperature: float, wind: float, stability: Stability) -> Rise:
    """Rise of a stack's plume by whichever of buoyancy and momentum rules.

    Parameters
    ----------
    stack
        Diameter > 0, exit velocity > 0, temperature.
    air_temperature
        Air at the stack's top, 180 to 350 [K].
    wind
        Wind at the stack's top, > 0 [m/s].
    stability
        Pasquill class.

    Raises
    ------
    OutOfRange
        An input out of range.
    """
    within("wind", wind, "m/s", 1e-3, 100)
    s = stability_parameter(stability, air_temperature)
    flux = buoyancy_flux(stack, air_temperature)
    if stack.temperature - air_temperature > _crossover(stack, flux, s):
        return buoyant_rise(flux, wind, s)
    return momentum_rise(stack, air_temperature, wind, s)


def _crossover(stack: Stack, flux: float, stability_s: float) -> float:
    """Excess temperature above which buoyancy rules [K]."""
    if stability_s:
        return 0.019582 * stack.temperature * stack.velocity * math.sqrt(stability_s)
    if flux < 55:
        return 0.0297 * stack.temperature * math.pow(stack.velocity / stack.diameter**2, 1 / 3)
    return 0.00575 * stack.temperature * math.pow(stack.velocity**2 / stack.diameter, 1 / 3)


def _neutral_distance(flux: float) -> float:
    return math.pow(flux, 0.625) * 49 if flux < 55 else math.pow(flux, 0.4) * 119


def downwash(height: float, stack: Stack, wind: float) -> float:
    """Height of the release corrected for the wake of the stack: ``h + 2 d (v / u - 1.5)`` where v < 1.5 u.

    Parameters
    ----------
    height
        Physical height, >= 0 [m].
    stack
        Diameter and exit velocity.
    wind
        Wind at the stack's top, > 0 [m/s].

    Returns
    -------
    float
        Effective height, >= 0 [m].

    References
    ----------
    Briggs 1974; ISC3 User's Guide vol. 2, section 1.1.4.
    """
    within("height", height, "m", 0)
    within("wind", wind, "m/s", 1e-3, 100)
    if stack.velocity >= 1.5 * wind:
        return height
    return max(height + 2 * stack.diameter * (stack.velocity / wind - 1.5), 0.0)


def _check(stack: Stack, air_temperature: float) -> None:
    within("air_temperature", air_temperature, "K", 180, 350)
    within("diameter", stack.diameter, "m", 0, 50, above=True)
    within("velocity", stack.velocity, "m/s", 0, 1000, above=True)
    within("temperature", stack.temperature, "K", 50, 3000)
