"""Models of jet fires: a burning jet of gas from a hole, Chamberlain's solid flame, API 521's point source."""

from collections.abc import Mapping
from typing import Literal

from anlan.kernels.consequence import jet_fire, jet_flame
from anlan.kernels.validity import OutOfRange
from anlan.kit.models.catalogue import model
from anlan.kit.models.families import _case_words as words

Answer = Mapping[str, object]
Species = Literal["hydrogen", "methane", "ethane", "propane", "n-butane", "carbon monoxide"]


@model("jetfire")
def jetfire(
    *,
    species: Species,
    pressure_abs: float,
    temperature: float,
    orifice: float,
    receptors: list[list[float]] | None = None,
    discharge_coefficient: float = 1.0,
    ambient: str | None = None,
    elevation: float | None = None,
    ambient_temperature: float | None = None,
    ambient_pressure: float | None = None,
    relative_humidity: float | None = None,
    wind: float | None = None,
) -> Answer:
    """Jet fire of a gas from a hole: real-gas flow, curved flame, radiant power, flux (Ekoto et al. 2014; GERG-2008).

    Parameters
    ----------
    species : str
        The gas [-].
    pressure_abs : float
        In the vessel [Pa].
    temperature : float
        In the vessel [K].
    orifice : float
        Diameter of the hole [m].
    receptors : list
        Points (x along the release, y up, z across), from the hole [m].
    discharge_coefficient : float
        Of the hole [-].
    ambient : str
        Air and direction in words, for what is left out: 288.15 K 101325 Pa RH 0.5, horizontal (also vertical,
        upwards, downwards, elevation 30 deg, wind 3 m/s).
    elevation : float
        Of the release above the horizontal; left out: 0 [deg].
    ambient_temperature : float
        Of the air; left out: 288.15 [K].
    ambient_pressure : float
        Of the air; left out: 101325 [Pa].
    relative_humidity : float
        0.01-1; left out: 0.5 [-].
    wind : float
        Along the release; left out: calm [m/s].

    Returns
    -------
    mass_rate : float
        Out of the hole [kg/s].
    visible_flame_length : float
        From the hole to the tip [m].
    radiant_fraction : float
        Share of the heat of combustion that is radiated [-].
    radiative_power : float
        Radiated in all [W].
    flame_end : list
        End of the flame's axis (x, y, z) [m].
    flux_at_receptors : list
        On receivers that face the flame; near its axis not to be trusted [W/m2].
    """
    said = {"ambient_temperature": 288.15, "ambient_pressure": 101325.0, "relative_humidity": 0.5, "wind": 0.0}
    said = {**said, "elevation": 0.0, **words.ambient(ambient)}
    numbers = (ambient_temperature, ambient_pressure, relative_humidity, wind, elevation)
    used = [said[name] if given is None else given for name, given in zip(said, numbers, strict=True)]
    air, angle = jet_flame.Surroundings(*used[:4]), used[4]
    nozzle = jet_flame.expand(species, pressure_abs, temperature, orifice, air, discharge_coefficient)
    flame = jet_flame.jet_flame(nozzle, species, air, angle)
    answer = {
        "mass_rate": nozzle.mass_rate,
        "visible_flame_length": flame.length,
        "radiant_fraction": flame.radiant_fraction,
        "radiative_power": flame.power,
        "flame_end": flame.path[-1],
    }
    return answer if not receptors else {**answer, "flux_at_receptors": jet_flame.flux(flame, _points(receptors), air)}


def _points(receptors: list[list[float]]) -> list[list[float]]:
    for point in receptors:
        if len(point) != 3:
            raise OutOfRange(f"receptor {point}: give x, y and z")
    return receptors


@model("jetfire/solid-flame")
def solid_flame(
    *,
    mass_rate: float,
    velocity: float,
    density: float,
    molar_mass: float,
    heat_of_combustion: float,
    wind: float = 0.0,
    elevation: float = 90.0,
    air_density: float = 1.225,
    receptors: list[list[float]] | None = None,
    T: float = 288.15,
    RH: float = 0.7,
) -> Answer:
    """Jet fire as a frustum in wind (Chamberlain 1987; Yellow Book 6.5.3).

    Parameters
    ----------
    mass_rate : float
        Out of the hole [kg/s].
    velocity : float
        Of the jet expanded to ambient pressure [m/s].
    density : float
        Of the expanded jet [kg/m3].
    molar_mass : float
        Of the gas [kg/mol].
    heat_of_combustion : float
        Lower heat of combustion [J/kg].
    wind : float
        Speed of the wind [m/s].
    elevation : float
        Of the hole's axis above the horizontal in the direction of the wind: 90 upwards, 0 downwind [deg].
    air_density : float
        Of the air [kg/m3].
    receptors : list
        Points (x downwind, y up, z across), from the hole, outside the flame [m].
    T : float
        Temperature of the air [K].
    RH : float
        Relative humidity, 0.01-1 [-].

    Returns
    -------
    flame_length : float
        From the hole to the tip [m].
    lift_off : float
        From the hole to the flame [m].
    frustum_length : float
        Of the burning body [m].
    base_width : float
        Of the frustum near the hole [m].
    tip_width : float
        Of the frustum far from the hole [m].
    tilt : float
        Between the axes of hole and flame [deg].
    radiant_fraction : float
        Share of the heat of combustion that is radiated [-].
    SEP : float
        Emissive power of the flame's surface [W/m2].
    flux_at_receptors : list
        Heat on the receptors [W/m2].
    """
    release = jet_fire.Release(mass_rate, velocity, density, molar_mass, heat_of_combustion, elevation)
    flame = jet_fire.chamberlain(release, wind, air_density)
    answer: dict[str, object] = {
        "flame_length": flame.length,
        "lift_off": flame.lift_off,
        "frustum_length": flame.body,
        "base_width": flame.base,
        "tip_width": flame.tip,
        "tilt": flame.tilt,
        "radiant_fraction": flame.radiant_fraction,
        "SEP": flame.emissive_power,
    }
    if receptors:
        answer["flux_at_receptors"] = [jet_fire.frustum_flux(flame, point, T, RH)[1] for point in _points(receptors)]
    return answer


@model("jetfire/api521")
def api(
    *,
    mass_rate: float,
    heat_of_combustion: float,
    radiant_fraction: float,
    receptors: list[list[float]],
    elevation: float = 90.0,
    transmissivity: float = 1.0,
) -> Answer:
    """Jet fire as one point in the middle of its flame (API Std 521).

    Parameters
    ----------
    mass_rate : float
        Out of the hole [kg/s].
    heat_of_combustion : float
        Lower heat of combustion [J/kg].
    radiant_fraction : float
        Share of the heat of combustion that is radiated [-].
    receptors : list
        Points (x downwind, y up, z across), from the hole [m].
    elevation : float
        Of the flame above the horizontal [deg].
    transmissivity : float
        Of the air, 0-1 [-].

    Returns
    -------
    flame_length : float
        Of the visible flame [m].
    radiative_power : float
        Radiated in all [W].
    flux_at_receptors : list
        Heat on the receptors [W/m2].
    """
    heat = mass_rate * heat_of_combustion
    return {
        "flame_length": jet_fire.length_api(heat),
        "radiative_power": radiant_fraction * heat,
        "flux_at_receptors": jet_fire.flux_api(heat, radiant_fraction, elevation, _points(receptors), transmissivity),
    }
