"""Models of pool fires: burning rate, flame, emissive power, flux; and the whole chain from the pool to the flux."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from anlan.kernels.consequence import poolfire, radiation, view_factor
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.models.catalogue import model
from anlan.kit.models.families import _reference as reference

Answer = Mapping[str, object]


@model("poolfire/burning-rate")
def burning_rate(
    *,
    diameter: float,
    m_inf: float | None = None,
    k_beta: float | None = None,
    heat_of_combustion: float | None = None,
    heat_of_vaporisation: float | None = None,
    heat_capacity: float | None = None,
    boiling_point: float | None = None,
    temperature: float = 288.15,
) -> Answer:
    """Mass that a pool burns (Babrauskas 1983 with m_inf and k_beta; else Burgess; Yellow Book eq. 6.66, 6.67).

    Parameters
    ----------
    diameter : float
        Of the pool, 0.2-1000 [m].
    m_inf : float
        Burning flux of an endless pool [kg/m2/s].
    k_beta : float
        Extinction times mean-beam-length corrector [1/m].
    heat_of_combustion : float
        For Burgess [J/kg].
    heat_of_vaporisation : float
        For Burgess [J/kg].
    heat_capacity : float
        Of the liquid, for Burgess [J/kg/K].
    boiling_point : float
        For Burgess [K].
    temperature : float
        Of the liquid, for Burgess [K].

    Returns
    -------
    burning_flux : float
        Per area [kg/m2/s].
    burning_rate : float
        Of the whole round pool [kg/s].
    """
    if m_inf is not None and k_beta is not None:
        flux = float(poolfire.burning_flux_babrauskas(m_inf, k_beta, diameter))
    else:
        heats = heat_of_combustion, heat_of_vaporisation, heat_capacity, boiling_point
        flux = poolfire.burning_flux_burgess(_fuel(heats), temperature)
        within("diameter", diameter, "m", 0.2, 1000)
    return {"burning_flux": flux, "burning_rate": flux * np.pi / 4 * diameter**2}


def _fuel(heats: tuple[float | None, ...]) -> poolfire.Fuel:
    given = [value for value in heats if value is not None]
    if len(given) != 4:
        raise OutOfRange(
            "give m_inf and k_beta (Babrauskas), or all of heat_of_combustion, heat_of_vaporisation, heat_capacity and "
            "boiling_point (Burgess)"
        )
    return poolfire.Fuel(*given)


@model("poolfire/geometry")
def geometry(
    *,
    diameter: float,
    wind_10m: float = 0.0,
    burning_flux: float | None = None,
    air_density: float = 1.2,
    air_kinematic_viscosity: float = 1.5e-5,
    vapour_density: float | None = None,
) -> Answer:
    """Length, tilt and drag of a pool fire's flame (Thomas; Welker & Sliepcevich; AGA; Yellow Book eq. 6.12-6.18).

    Parameters
    ----------
    diameter : float
        Of the pool [m].
    wind_10m : float
        At 10 m; 0 is calm [m/s].
    burning_flux : float
        Needed for the length [kg/m2/s].
    air_density : float
        Of the air [kg/m3].
    air_kinematic_viscosity : float
        Of the air [m2/s].
    vapour_density : float
        Of the fuel at its boiling point; needed for drag and the AGA tilt [kg/m3].

    Returns
    -------
    char_wind : float
        Wind that the fire draws [m/s].
    scaled_wind : float
        Wind over that [-].
    length_to_diameter : float
        Of the visible flame [-].
    flame_length : float
        Of the visible flame [m].
    tilt_parameter : float
        tan/cos of the tilt; only in wind [-].
    tilt : float
        Of the axis from the vertical, Yellow Book [deg].
    tilt_aga : float
        The same after the American Gas Association [deg].
    dragged_diameter : float
        Length of the base in the wind [m].
    """
    tilt = poolfire.tilt_yellow_book(wind_10m, diameter, air_kinematic_viscosity)
    answer: dict[str, object] = {"tilt_parameter": tilt.parameter, "tilt": tilt.degrees}
    if vapour_density is not None:
        answer["dragged_diameter"] = poolfire.drag_diameter(wind_10m, diameter, vapour_density, air_density)
    if burning_flux is None:
        return answer
    drawn = float(poolfire.characteristic_wind(burning_flux, diameter, air_density))
    ratio = float(poolfire.length_thomas(burning_flux, diameter, air_density, wind_10m / drawn))
    answer |= {"char_wind": drawn, "scaled_wind": wind_10m / drawn}
    answer |= {"length_to_diameter": ratio, "flame_length": ratio * diameter}
    if vapour_density is not None:
        by_vapour = float(poolfire.characteristic_wind(burning_flux, diameter, vapour_density))
        answer["tilt_aga"] = poolfire.tilt_aga(wind_10m / by_vapour).degrees
    return answer


@model("poolfire/sep")
def sep(
    *,
    radiative_fraction: float | None = None,
    heat_of_combustion: float | None = None,
    length_to_diameter: float | None = None,
    burning_flux: float | None = None,
    soot_fraction: float = 0.8,
    diameter: float | None = None,
) -> Answer:
    """Emissive power of a pool fire (Yellow Book eq. 6.19-6.20; with the diameter alone Mudan & Croce).

    Parameters
    ----------
    radiative_fraction : float
        Of the heat of combustion [-].
    heat_of_combustion : float
        Lower heat of combustion [J/kg].
    length_to_diameter : float
        Of the flame [-].
    burning_flux : float
        Mass burned per area and time [kg/m2/s].
    soot_fraction : float
        Share of the flame hidden by smoke [-].
    diameter : float
        Of the pool, for Mudan & Croce [m].

    Returns
    -------
    SEP_max : float
        Of the clear flame [W/m2].
    SEP_act : float
        Mean, with smoke [W/m2].
    SEP_mudan_croce : float
        Mean of smoky hydrocarbon pools; only with a diameter [W/m2].
    """
    by_size = {} if diameter is None else {"SEP_mudan_croce": poolfire.emissive_power_mudan_croce(diameter)}
    given = [radiative_fraction, heat_of_combustion, length_to_diameter, burning_flux]
    numbers = [value for value in given if value is not None]
    if len(numbers) < 4:
        if by_size and not numbers:
            return by_size
        raise OutOfRange("give radiative_fraction, heat_of_combustion, length_to_diameter and burning_flux")
    clear = poolfire.emissive_power_yellow_book(*numbers)
    return {"SEP_max": clear, "SEP_act": poolfire.emissive_power_with_soot(clear, soot_fraction), **by_size}


@dataclass(frozen=True)
class _Flame:
    length: float  # over the radius
    radius: float
    tilt: float
    emissive: float


@dataclass(frozen=True)
class _Pool:
    """What the chain needs besides the diameter."""

    burning_flux: float
    heat_of_combustion: float
    radiative_fraction: float
    soot_fraction: float
    wind: float
    air_density: float
    viscosity: float


def _flame(diameter: float, pool: _Pool) -> _Flame:
    drawn = float(poolfire.characteristic_wind(pool.burning_flux, diameter, pool.air_density))
    ratio = float(poolfire.length_thomas(pool.burning_flux, diameter, pool.air_density, pool.wind / drawn))
    clear = poolfire.emissive_power_yellow_book(
        pool.radiative_fraction, pool.heat_of_combustion, ratio, pool.burning_flux
    )
    emissive = float(poolfire.emissive_power_with_soot(clear, pool.soot_fraction))
    tilt = poolfire.tilt_yellow_book(pool.wind, diameter, pool.viscosity).degrees
    return _Flame(2 * ratio, diameter / 2, tilt, emissive)


_USUAL = {
    "radiative_fraction": 0.4,
    "soot_fraction": 0.8,
    "wind_10m": 0.0,
    "air_density": 1.2,
    "air_kinematic_viscosity": 1.5e-5,
}
"""What counts in poolfire/flux where neither the input nor an example says it."""


@model("poolfire/flux", names={"example": "all"})
def flux(
    *,
    distance_from_centre: float,
    transmissivity: float,
    example: str | None = None,
    diameter: float | None = None,
    burning_flux: float | None = None,
    heat_of_combustion: float | None = None,
    radiative_fraction: float | None = None,
    soot_fraction: float | None = None,
    wind_10m: float | None = None,
    air_density: float | None = None,
    air_kinematic_viscosity: float | None = None,
) -> Answer:
    """Flux downwind of a pool fire on the best turned receiver (Yellow Book 6.5.4; its example is 6.6.3).

    Parameters
    ----------
    distance_from_centre : float
        Downwind, beyond the flame [m].
    transmissivity : float
        Of the air, 0-1 [-].
    all : str
        Name of a worked example for all that is left out: as pf-yb-* (or yellow book 6.6.3).
    diameter : float
        Of the pool [m].
    burning_flux : float
        Mass burned per area and time [kg/m2/s].
    heat_of_combustion : float
        Lower heat of combustion [J/kg].
    radiative_fraction : float
        Of the heat of combustion; left out: 0.4 [-].
    soot_fraction : float
        Share of the flame hidden by smoke; left out: 0.8 [-].
    wind_10m : float
        At 10 m; left out: calm [m/s].
    air_density : float
        Of the air; left out: 1.2 [kg/m3].
    air_kinematic_viscosity : float
        Of the air; left out: 1.5e-5 [m2/s].

    Returns
    -------
    view_factor_max : float
        Of the best turned receiver [-].
    heat_flux : float
        On the best turned receiver [W/m2].
    SEP_act : float
        Mean emissive power, with smoke [W/m2].
    """
    given = {
        "diameter": diameter,
        "burning_flux": burning_flux,
        "heat_of_combustion": heat_of_combustion,
        "radiative_fraction": radiative_fraction,
        "soot_fraction": soot_fraction,
        "wind_10m": wind_10m,
        "air_density": air_density,
        "air_kinematic_viscosity": air_kinematic_viscosity,
    }
    usual = _USUAL if example is None else {}
    whole = {name: usual.get(name) if value is None else value for name, value in given.items()}
    size, *rest = reference.numbers("poolfire/flux", example, whole).values()
    flame = _flame(size, _Pool(*rest))
    seen = view_factor.tilted_cylinder(flame.length, distance_from_centre / flame.radius, flame.tilt)
    received = radiation.solid_flame(flame.emissive, seen.maximum, transmissivity)
    return {"view_factor_max": seen.maximum, "heat_flux": received, "SEP_act": flame.emissive}


@model("poolfire/chain")
def chain(
    *,
    diameter: float,
    m_inf: float,
    k_beta: float,
    heat_of_combustion: float,
    distances: list[float],
    radiative_fraction: float = 0.4,
    soot_fraction: float = 0.8,
    wind_10m: float = 0.0,
    vapour_density: float | None = None,
    T: float = 288.15,
    RH: float = 0.7,
    direction: Literal["downwind", "upright"] = "downwind",
) -> Answer:
    """From a pool to the flux at distances: burning rate, flame in wind with drag, soot, view factor, Wayne's air.

    Parameters
    ----------
    diameter : float
        Of the pool [m].
    m_inf : float
        Burning flux of an endless pool [kg/m2/s].
    k_beta : float
        Extinction times mean-beam-length corrector [1/m].
    heat_of_combustion : float
        Lower heat of combustion [J/kg].
    distances : list
        From the pool's centre, beyond the flame [m].
    radiative_fraction : float
        Of the heat of combustion [-].
    soot_fraction : float
        Share of the flame hidden by smoke [-].
    wind_10m : float
        At 10 m [m/s].
    vapour_density : float
        Of the fuel at its boiling point; with it the wind drags the base [kg/m3].
    T : float
        Temperature of the air [K].
    RH : float
        Relative humidity, 0.01-1 [-].
    direction : str
        downwind: the flame leans to the receiver; upright: it does not [-].

    Returns
    -------
    burning_rate : float
        Of the whole pool [kg/s].
    flame_length : float
        Of the visible flame [m].
    tilt : float
        Of the flame from the vertical [deg].
    SEP_act : float
        Mean emissive power, with smoke [W/m2].
    heat_flux : list
        One a distance [W/m2].
    """
    rate = float(poolfire.burning_flux_babrauskas(m_inf, k_beta, diameter))
    density = 101325 * 0.028964 / (8.314463 * T)
    pool = _Pool(rate, heat_of_combustion, radiative_fraction, soot_fraction, wind_10m, density, 1.5e-5)
    flame = _flame(diameter, pool)
    base = flame.radius
    if vapour_density is not None:
        base = poolfire.drag_diameter(wind_10m, diameter, vapour_density, density) - flame.radius
    tilt = flame.tilt if direction == "downwind" else 0.0
    ratios = [1 + (distance - base) / flame.radius for distance in distances]
    seen = view_factor.tilted_cylinder(flame.length, ratios, tilt)
    gaps = [max(distance - base, 0.0) for distance in distances]
    through = radiation.transmissivity_wayne(gaps, T, RH)
    return {
        "burning_rate": rate * np.pi / 4 * diameter**2,
        "flame_length": flame.length * flame.radius,
        "tilt": tilt,
        "SEP_act": flame.emissive,
        "heat_flux": radiation.solid_flame(flame.emissive, seen.maximum, through),
    }
