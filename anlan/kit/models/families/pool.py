"""Models of liquid pools: size, evaporation, boiling, and a spreading pool over time."""

from collections.abc import Mapping

from anlan.kernels.consequence import pool, pool_course
from anlan.kernels.consequence.airborne import Ground
from anlan.kernels.consequence.outflow import ATMOSPHERE
from anlan.kernels.validity import within
from anlan.kit.models.catalogue import model
from anlan.kit.models.families.substances import known

Answer = Mapping[str, float]


@model("pool/geometry")
def pool_geometry(*, spill_volume: float, thickness: float, bund_area: float | None = None) -> Answer:
    """Area and diameter of a round pool that spread to a thickness, or filled its bund (Yellow Book eq. 3.66, 6.6.3).

    Parameters
    ----------
    spill_volume : float
        Volume of liquid [m3].
    thickness : float
        Smallest thickness that the ground allows [m].
    bund_area : float
        Area of the bund; left out: none [m2].

    Returns
    -------
    area : float
        Area of the pool [m2].
    diameter : float
        Diameter of the round pool of that area [m].
    thickness : float
        Thickness it then has [m].
    """
    found = pool.geometry(spill_volume, thickness, bund_area)
    return {"area": found.area, "diameter": found.diameter, "thickness": spill_volume / found.area}


@model("pool/evaporation")
def pool_evaporation(
    *,
    diameter: float,
    wind_10m: float,
    vapour_pressure: float,
    molar_mass: float,
    temperature: float,
    schmidt: float = 0.8,
    ambient_pressure: float | None = None,
) -> Answer:
    """Evaporation of a pool that does not boil (Mackay & Matsugu 1973; Yellow Book eq. 3.24, 3.25).

    Parameters
    ----------
    diameter : float
        Diameter of the pool [m].
    wind_10m : float
        Wind at 10 m [m/s].
    vapour_pressure : float
        Vapour pressure at the pool's temperature [Pa].
    molar_mass : float
        Molar mass [kg/mol].
    temperature : float
        Temperature of the pool [K].
    schmidt : float
        Schmidt number of the vapour in air [-].
    ambient_pressure : float
        If given, the flow made by the vapour itself is counted, which matters for volatile liquids [Pa].

    Returns
    -------
    evaporation_rate : float
        Evaporation of the pool [kg/s].
    evaporation_flux : float
        Evaporation per area [kg/m2/s].
    transfer_coefficient : float
        Mass transfer coefficient [m/s].
    """
    vapour = pool.Vapour(vapour_pressure, molar_mass, temperature)
    coefficient = pool.transfer_coefficient(wind_10m, diameter, schmidt)
    return {
        "evaporation_rate": pool.evaporation_rate(diameter, wind_10m, vapour, schmidt, ambient_pressure),
        "evaporation_flux": float(pool.evaporation_flux(coefficient, vapour, ambient_pressure)),
        "transfer_coefficient": float(coefficient),
    }


@model("pool/boiling")
def pool_boiling(
    *,
    area: float,
    T_boil: float,
    heat_of_vaporisation: float,
    T_ground: float,
    time: float,
    ground_conductivity: float = 1.28,
    ground_diffusivity: float = 6.6e-7,
    water_heat_transfer: float | None = None,
) -> Answer:
    """A boiling pool of constant area on ground or water (Yellow Book eq. 3.28-3.31; CCPS 1999 eq. 2.38).

    Parameters
    ----------
    area : float
        Area of the pool [m2].
    T_boil : float
        Boiling point [K].
    heat_of_vaporisation : float
        At the boiling point [J/kg].
    T_ground : float
        Temperature of the ground or water [K].
    time : float
        Time since the spill [s].
    ground_conductivity : float
        Thermal conductivity of the ground, concrete unless given [W/m/K].
    ground_diffusivity : float
        Thermal diffusivity of the ground, concrete unless given [m2/s].
    water_heat_transfer : float
        If given, the pool lies on water: heat transfer through the vapour film, about 500 [W/m2/K].

    Returns
    -------
    boiling_rate : float
        Evaporation at that time [kg/s].
    boiled_mass : float
        Mass evaporated until then [kg].
    """
    if water_heat_transfer is not None:
        within("time", time, "s", 0, 1e7, above=True)
        rate = pool.boiling_on_water(area, T_ground - T_boil, heat_of_vaporisation, water_heat_transfer)
        return {"boiling_rate": rate, "boiled_mass": rate * time}
    ground = Ground(T_ground, ground_conductivity, ground_diffusivity)
    found = pool.boiling_on_ground(area, T_boil, heat_of_vaporisation, ground, time)
    return {"boiling_rate": float(found.rate), "boiled_mass": float(found.mass)}


@model("pool/spreading")
def pool_spreading(
    *,
    substance: str,
    temperature: float,
    duration: float,
    mass: float = 0.0,
    mass_rate: float = 0.0,
    release_duration: float | None = None,
    wind_10m: float = 5.0,
    T_amb: float = 288.15,
    P_amb: float = ATMOSPHERE,
    T_ground: float | None = None,
    ground_conductivity: float = 1.28,
    ground_diffusivity: float = 6.6e-7,
    thickness: float = 0.005,
    bund_area: float | None = None,
    water_heat_transfer: float | None = None,
    net_radiation: float = 0.0,
    steps: int = 600,
    on: str = "",
) -> Mapping[str, float | list[float]]:
    """A pool over time: fed, spreading by gravity, heated by ground, air and sun, evaporating or boiling.

    Spreading after Briscoe & Shaw (1980) and Huppert (1982); heat and evaporation after Yellow Book section 3.5.

    Parameters
    ----------
    substance : str
        CAS number or name.
    temperature : float
        Temperature of the spilt liquid, at most its boiling point [K].
    duration : float
        Time followed [s].
    mass : float
        Mass spilt at once [kg].
    mass_rate : float
        Rate at which liquid arrives [kg/s].
    release_duration : float
        How long it arrives; left out: all the time [s].
    wind_10m : float
        Wind at 10 m [m/s].
    T_amb : float
        Temperature of the air [K].
    P_amb : float
        Pressure of the air [Pa].
    T_ground : float
        Temperature of the ground or water; that of the air if left out [K].
    ground_conductivity : float
        Thermal conductivity of the ground, concrete unless given [W/m/K].
    ground_diffusivity : float
        Thermal diffusivity of the ground, concrete unless given [m2/s].
    thickness : float
        Smallest thickness that the ground allows: smooth 0.005, gravel 0.01, rough 0.02 [m].
    bund_area : float
        Area of the bund; left out: none [m2].
    water_heat_transfer : float
        If given, the pool floats on water: heat transfer through the vapour film, about 500 [W/m2/K].
    net_radiation : float
        Radiation gained from sun and sky [W/m2].
    steps : int
        Steps of time [-].
    on : str
        Day whose table of substances counts, ISO date; empty: today.

    Returns
    -------
    time : list[float]
        Times [s].
    evaporation_rate : list[float]
        Evaporation, mean of the step before [kg/s].
    mass : list[float]
        Mass in the pool [kg].
    evaporated : list[float]
        Mass evaporated until then [kg].
    radius : list[float]
        Radius of the pool [m].
    temperature : list[float]
        Temperature of the pool [K].
    max_rate : float
        Largest evaporation [kg/s].
    max_diameter : float
        Largest diameter [m].
    evaporated_total : float
        Mass evaporated in all [kg].
    """
    if mass_rate > 0 and release_duration is None:
        release_duration = duration
    ground = Ground(T_amb if T_ground is None else T_ground, ground_conductivity, ground_diffusivity)
    found = pool_course.course(
        known(substance, on),
        pool_course.Feed(temperature, mass, mass_rate, release_duration or 0.0),
        pool_course.Floor(ground, thickness, bund_area, water_heat_transfer),
        pool_course.Weather(T_amb, wind_10m, P_amb, net_radiation),
        duration,
        steps,
    )
    series = {name: getattr(found, name).tolist() for name in ("time", "mass", "evaporated", "radius", "temperature")}
    return {
        **series,
        "evaporation_rate": found.rate.tolist(),
        "max_rate": float(found.rate.max()),
        "max_diameter": float(2 * found.radius.max()),
        "evaporated_total": float(found.evaporated[-1]),
    }
