"""Mass flux of flashing liquids and two-phase mixtures: homogeneous equilibrium, the omega method, Fauske's ERM."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from anlan.kernels.consequence.saturation import Array, Saturation
from anlan.kernels.late import brentq
from anlan.kernels.validity import OutOfRange, within


@dataclass(frozen=True)
class CriticalFlow:
    """``mass_flux`` [kg/m2/s]; at the throat ``pressure`` [Pa] and ``quality`` (vapour by mass) [-]; ``choked``."""

    mass_flux: float
    pressure: float
    quality: float
    choked: bool


def homogeneous(line: Saturation, pressure: float, temperature: float, quality: float, ambient: float) -> CriticalFlow:
    """Homogeneous equilibrium flow through an ideal nozzle: the largest flux along the isentrope down to ambient.

    Parameters
    ----------
    line : saturation line of the fluid
    pressure : stagnation pressure [Pa]; at or above saturation if ``quality`` is 0 (subcooled liquid)
    temperature : stagnation temperature [K]; for ``quality`` > 0 that of saturation
    quality : mass fraction of vapour at stagnation [-], 0 … 1
    ambient : pressure outside [Pa]

    Notes
    -----
    The isentrope is followed on the two-phase side only: a saturated vapour whose expansion superheats ends at
    quality 1, where the flow is taken as saturated vapour.

    References
    ----------
    DIERS; CCPS (1999) section 2.1.3; Leung in CCPS Guidelines for Pressure Relief and Effluent Handling (1998).
    """
    _check(line, pressure, temperature, quality, ambient)
    start = line.at(temperature)
    rows = line.rows()
    rows = rows[(rows[:, 1] <= temperature) & (rows[:, 0] >= ambient)]
    if ambient >= line.pressures[0]:
        rows = np.vstack([_row(line, line.boiling(ambient)), rows]) if ambient < start.pressure else rows[:0]
    flows = [_flow(start_liquid(line, pressure, temperature, ambient), ambient)] if quality == 0 else []
    if len(rows):
        head = max(pressure - start.pressure, 0.0) * start.v_l
        flows.append(_best(rows, start.entropy(quality), start.enthalpy(quality) + head))
    if not flows:
        raise OutOfRange(f"ambient pressure = {ambient:g} Pa is above saturation at {temperature:g} K: use gas-hole")
    return max(flows, key=lambda flow: flow.mass_flux)


def start_liquid(line: Saturation, pressure: float, temperature: float, ambient: float) -> tuple[float, float]:
    """Liquid flux [kg/m2/s] down to the saturation or ambient pressure, and that pressure [Pa]."""
    start = line.at(temperature)
    lowest = max(start.pressure, ambient)
    return math.sqrt(2 * max(pressure - lowest, 0.0) / start.v_l), lowest


def _flow(liquid: tuple[float, float], ambient: float) -> CriticalFlow:
    return CriticalFlow(liquid[0], liquid[1], 0.0, liquid[1] > ambient)


def _row(line: Saturation, temperature: float) -> Array:
    state = line.at(temperature)
    return np.array(list(vars(state).values()))


def _best(rows: Array, entropy: float, enthalpy: float) -> CriticalFlow:
    """The largest flux along an isentrope over states in ascending pressure; the first is that at ambient."""
    pressure, _, v_l, v_v, h_l, h_v, s_l, s_v = rows.T[:8]
    quality = np.clip((entropy - s_l) / (s_v - s_l), 0, 1)
    kinetic = enthalpy - h_l - quality * (h_v - h_l)
    flux = np.sqrt(2 * np.maximum(kinetic, 0)) / (v_l + quality * (v_v - v_l))
    best = int(np.argmax(flux))
    return CriticalFlow(float(flux[best]), float(pressure[best]), float(quality[best]), best > 0)


def _check(line: Saturation, pressure: float, temperature: float, quality: float, ambient: float) -> None:
    within("vapour fraction", quality, "-", 0, 1)
    within("ambient pressure", ambient, "Pa", 0, above=True)
    within("stagnation pressure", pressure, "Pa", ambient, 1e9)
    saturated = line.at(temperature).pressure
    if pressure < 0.98 * saturated:
        raise OutOfRange(
            f"pressure = {pressure:g} Pa lies below saturation ({saturated:g} Pa at {temperature:g} K): that is a "
            "superheated vapour, use gas-hole"
        )
    if quality > 0 and pressure > 1.02 * saturated:
        raise OutOfRange(f"vapour fraction = {quality:g} but the liquid is subcooled at {pressure:g} Pa; give 0")


@dataclass(frozen=True)
class Omega:
    """Stagnation state for the omega method: ``pressure`` [Pa], ``volume`` [m3/kg], ``omega`` and ``quality`` [-]."""

    pressure: float
    volume: float
    omega: float
    quality: float = 0.0


def omega_parameter(line: Saturation, temperature: float, quality: float) -> Omega:
    """Omega of a saturated mixture: x0 v_v/v0 (1 - 2 p v_lv/h_lv) + cp T p / v0 (v_lv/h_lv)^2.

    References
    ----------
    Leung, AIChE J. 32 (1986) 1743; API 520 part I annex C.
    """
    within("vapour fraction", quality, "-", 0, 1)
    state = line.at(temperature)
    volume = state.volume(quality)
    ratio = (state.v_v - state.v_l) / (state.h_v - state.h_l)
    gas = quality * state.v_v / volume * (1 - 2 * state.pressure * ratio)
    omega = gas + state.cp * temperature * state.pressure / volume * ratio**2
    return Omega(state.pressure, volume, omega, quality)


def omega_saturated(inlet: Omega, ambient: float) -> CriticalFlow:
    """Nozzle flow of a saturated two-phase mixture by the omega method; ``quality`` is the inlet's.

    Raises
    ------
    OutOfRange
        Omega is not > 0, or the pressure outside is above the inlet's.

    References
    ----------
    Leung, AIChE J. 32 (1986) 1743, eq. 21, 24; API 520 part I (9th ed.) eq. C.14-C.19.
    """
    within("omega", inlet.omega, "-", 0, 1000, above=True)
    within("ambient pressure", ambient, "Pa", 0, inlet.pressure, above=True)
    critical = critical_omega_ratio(inlet.omega)
    ratio = max(critical, ambient / inlet.pressure)
    energy = -2 * (inlet.omega * math.log(ratio) + (inlet.omega - 1) * (1 - ratio))
    flux = math.sqrt(max(energy, 0.0) * inlet.pressure / inlet.volume) / (inlet.omega * (1 / ratio - 1) + 1)
    return CriticalFlow(flux, ratio * inlet.pressure, inlet.quality, ratio == critical)


def critical_omega_ratio(omega: float) -> float:
    """Critical pressure ratio [-]: the root of r^2 + (w^2 - 2w)(1-r)^2 + 2 w^2 ln r + 2 w^2 (1-r) = 0."""
    within("omega", omega, "-", 0, 1000, above=True)

    def balance(ratio: float) -> float:
        rest = 1 - ratio
        return ratio**2 + (omega**2 - 2 * omega) * rest**2 + 2 * omega**2 * (math.log(ratio) + rest)

    return _bracketed(balance, 1e-9, 1.0)


def _bracketed(balance: Callable[[float], float], low: float, high: float) -> float:
    return float(brentq(balance, low, high, xtol=1e-14))


def omega_subcooled(line: Saturation, pressure: float, temperature: float, ambient: float) -> CriticalFlow:
    """Nozzle flow of a subcooled or just saturated liquid by the omega method, low or high subcooling.

    Parameters
    ----------
    line, temperature : the fluid and its temperature [K]
    pressure : stagnation pressure [Pa], at least saturation
    ambient : pressure outside [Pa]

    References
    ----------
    Leung & Grolmes, AIChE J. 34 (1988) 1030; API 520 part I (9th ed.) annex C.2.3, eq. C.24-C.31.
    """
    _check(line, pressure, temperature, 0.0, ambient)
    state = line.at(temperature)
    saturated = min(state.pressure / pressure, 1.0)
    slope = (state.v_v - state.v_l) / (state.h_v - state.h_l)
    omega = state.cp * temperature * state.pressure / state.v_l * slope**2
    if saturated <= 2 * omega / (1 + 2 * omega):  # high subcooling: flashes at the throat
        flux, lowest = start_liquid(line, pressure, temperature, ambient)
        return CriticalFlow(flux, lowest, 0.0, state.pressure > ambient)
    return _low_subcooling(Omega(pressure, state.v_l, omega), saturated, ambient)


def _low_subcooling(inlet: Omega, saturated: float, ambient: float) -> CriticalFlow:
    omega = inlet.omega

    def balance(ratio: float) -> float:
        quadratic = (omega + 1 / omega - 2) / (2 * saturated) * ratio**2 - 2 * (omega - 1) * ratio
        return quadratic + omega * saturated * math.log(ratio / saturated) + 1.5 * omega * saturated - 1

    critical = _bracketed(balance, 1e-9, saturated)
    ratio = max(critical, ambient / inlet.pressure)
    if ratio >= saturated:  # ambient above saturation: plain liquid
        flux = math.sqrt(2 * (1 - ratio) * inlet.pressure / inlet.volume)
        return CriticalFlow(flux, ambient, 0.0, False)
    work = omega * saturated * math.log(saturated / ratio) - (omega - 1) * (saturated - ratio)
    flux = math.sqrt((2 * (1 - saturated) + 2 * work) * inlet.pressure / inlet.volume)
    flux /= omega * (saturated / ratio - 1) + 1
    return CriticalFlow(flux, ratio * inlet.pressure, 0.0, ratio == critical)


def fauske(
    line: Saturation, pressure: float, temperature: float, length: float, ambient: float, discharge: float = 0.61
) -> float:
    """Flux [kg/m2/s] of a flashing liquid through a short pipe or hole (Fauske's equilibrium-rate model).

    A hole (length 0) passes liquid; from 0.1 m on the flow is in equilibrium, hv/(v_lv) / sqrt(cp T); between them the
    non-equilibrium factor N joins the two.

    Parameters
    ----------
    line, temperature : the fluid and its temperature [K]
    pressure : upstream [Pa], at least saturation
    length : of the passage [m] >= 0
    ambient : pressure outside [Pa], below saturation
    discharge : coefficient of the liquid part [-]

    References
    ----------
    Fauske & Epstein, J. Loss Prev. 1 (1988) 75; CCPS (1999) eq. 2.24-2.29, p. 36-37.
    """
    _check(line, pressure, temperature, 0.0, ambient)
    within("passage length", length, "m", 0, 1000)
    within("discharge coefficient", discharge, "-", 0, 1, above=True)
    state = line.at(temperature)
    liquid = 2 * (pressure - max(state.pressure, ambient)) / state.v_l
    if state.pressure <= ambient:
        return discharge * math.sqrt(liquid)
    heat, growth = state.h_v - state.h_l, state.v_v - state.v_l
    equilibrium = (heat / growth) ** 2 / (temperature * state.cp)
    orifice = 2 * (state.pressure - ambient) / state.v_l * discharge**2
    factor = 1.0 if length >= 0.1 else equilibrium / orifice + length / 0.1
    return math.sqrt(discharge**2 * liquid + equilibrium / factor)
