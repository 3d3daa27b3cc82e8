"""Dispersion of dense gases after Ermak's SLAB: by its own input names, and by a substance and plain words."""

import math
from collections.abc import Mapping
from typing import Literal

from anlan.kernels.consequence import slab
from anlan.kernels.consequence.footprint import ToxicProbit
from anlan.kernels.consequence.slab_concentration import Profiles, fatality, profiles
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.models.catalogue import model
from anlan.kit.models.families import _case_words as words
from anlan.kit.models.families import _fuel_words as fuel_words

Answer = Mapping[str, object]
Class = Literal["A", "B", "C", "D", "E", "F"]
_KINDS: dict[int, slab.Kind] = {1: "pool", 2: "horizontal-jet", 3: "vertical-jet", 4: "instantaneous"}
ONE_PERCENT = -2.326  # probit less 5
_STATION = {
    "x": "x", "cv": "volume_fraction", "T": "temperature", "half_width_bb": "half_width", "cloud_velocity": "speed",
    "h": "height", "zc": "centre", "rho": "density", "ua_mean": "wind", "cm": "fraction", "t": "time",
}  # fmt: skip


@model("dispersion/slab", names={"area": "as", "stability": "class"})
def slab_by_its_names(
    *,
    idspl: Literal[1, 2, 3, 4] = 2,
    wms: float | None = None,
    cps: float | None = None,
    tbp: float | None = None,
    cmed0: float = 0.0,
    dhe: float | None = None,
    cpsl: float | None = None,
    rhosl: float | None = None,
    spb: float = -1.0,
    spc: float = 0.0,
    ts: float | None = None,
    qs: float | None = None,
    area: float | None = None,
    tsd: float | None = None,
    qtis: float = 0.0,
    hs: float = 0.0,
    tav: float = 10.0,
    xffm: float = 2000.0,
    zp: float = 0.0,
    ncalc: int = 1,
    z0: float | None = None,
    za: float = 10.0,
    ua: float | None = None,
    u: float | None = None,
    ta: float | None = None,
    T_amb: float | None = None,
    rh: float = 0.0,
    stab: Literal[0, 1, 2, 3, 4, 5, 6] = 0,
    stability: Class | None = None,
    ala: float | None = None,
    fuel: str | None = None,
    station: int | None = None,
    x: float | None = None,
    y: float = 0.0,
    t: float | None = None,
    on: str = "",
) -> Answer:
    """Dense-gas dispersion with the input names of SLAB's manual (Ermak 1990, UCRL-MA-105607).

    Asked for a station, it tells the cloud there; asked for a distance, concentrations there. At the 61 stations the
    cloud is told in lists.

    Parameters
    ----------
    idspl : int
        Release: 1 evaporating pool, 2 horizontal jet, 3 vertical jet, 4 instantaneous or short-lived pool [-].
    wms : float
        Molar mass [kg/mol].
    cps : float
        Heat capacity of the vapour at constant pressure [J/kg/K].
    tbp : float
        Boiling temperature [K].
    cmed0 : float
        Mass fraction of droplets in the release; not of a pool [-].
    dhe : float
        Heat of vaporisation at the boiling temperature [J/kg].
    cpsl : float
        Heat capacity of the liquid [J/kg/K].
    rhosl : float
        Density of the liquid [kg/m3].
    spb : float
        Saturation constant b of ln(p/1 atm) = a - b/(T + c); negative: after Clausius and Clapeyron [K].
    spc : float
        Saturation constant c [K].
    ts : float
        Temperature of the release; the boiling temperature if lower, or if there are droplets [K].
    qs : float
        Release rate [kg/s].
    as : float
        Area of the pool, the jet or the base of the cloud [m2].
    tsd : float
        Duration of the release [s].
    qtis : float
        Mass released at once, release 4 only [kg].
    hs : float
        Height of a jet [m].
    tav : float
        Averaging time of the concentration, 1 s to 1 h [s].
    xffm : float
        Distance to follow the plume to, 10 m to 100 km [m].
    zp : float
        Height at which concentrations are wanted [m].
    ncalc : int
        Multiplies the steps between stations [-].
    z0 : float
        Roughness length; left out: 0.1, or that of the worked example that fuel names [m].
    za : float
        Height of the wind measurement [m].
    ua : float
        Wind at za [m/s].
    u : float
        The same as ua [m/s].
    ta : float
        Temperature of the air [K].
    T_amb : float
        The same as ta [K].
    rh : float
        Relative humidity [%].
    stab : int
        Stability: 1 to 6 for A to F; 0: by ala or class.
    class : str
        Pasquill stability class, instead of stab.
    ala : float
        Inverse Monin-Obukhov length, > 0 for stable air; used where stab is 0 [1/m].
    fuel : str
        Substance by CAS number or name, for the properties left out; its release may follow for what is left out:
        LNG 97.888 kg/s 174 s, T 111.15 K, rho 1.76 kg/m3, d 1 m (rho of the vapour at T gives the molar mass). These
        very words name the Burro-like example of CCPS 1999, whose roughness length is 1 m.
    station : int
        Station, 0 to 60, counted from the source; x is then not looked at [-].
    x : float
        Distance from the source at which concentrations are wanted [m].
    y : float
        Distance from the axis [m].
    t : float
        Time after the begin of the release; left out: of the largest concentration [s].
    on : str
        Day whose table of substances counts, ISO date; empty: today.

    Returns
    -------
    cv : float
        Volume fraction averaged over the cloud, at the station [vol/vol].
    T : float
        Temperature of the cloud, at the station [K].
    half_width_bb : float
        Half-width of the cloud, at the station [m].
    cloud_velocity : float
        Speed of the cloud, at the station [m/s].
    h : float
        Height of the cloud, at the station [m].
    zc : float
        Height of its centre, at the station [m].
    rho : float
        Density, at the station [kg/m3].
    ua_mean : float
        Mean wind over its height, at the station [m/s].
    cm : float
        Mass fraction of the material, at the station [-].
    x : float
        Place of the station; a jet begins at 1 m [m].
    conc_centreline_z0 : float
        Volume fraction on the ground on the axis: at x and t, or the largest mean there or at the station [vol/vol].
    conc : float
        The same at the offset y and the height zp [vol/vol].
    half_width : float
        Half-width with meander, at x or the station [m].
    t : float
        Time of the largest concentration, at the station [s].
    stations_x : list[float]
        Distances of the stations from the source [m].
    stations_conc : list[float]
        Largest mean volume fraction on the axis at the height zp, at the stations [vol/vol].
    stations_half_width : list[float]
        Half-widths with meander, at the stations [m].
    """
    said = words.fuel(fuel)
    told = fuel_words.told(fuel, said)
    given = {"wms": told.get("wms") if wms is None else wms, "cps": cps, "tbp": tbp, "dhe": dhe, "cpsl": cpsl}
    fluid = fuel_words.fluid({**given, "rhosl": rhosl}, (spb, spc), said.name if said else None, on)
    weather = slab.Weather(
        wind=_one("ua", ua, "u", u),
        stability=_stability(stab, stability, ala),
        wind_height=za,
        temperature=_one("ta", ta, "T_amb", T_amb),
        relative_humidity=rh,
        roughness=told.get("z0", 0.1) if z0 is None else z0,
    )
    source = {"as": area, "ts": ts, "qs": qs, "tsd": tsd}
    whole = {name: told.get(name) if value is None else value for name, value in source.items()}
    surface, temperature = (fuel_words.wanted(name, whole[name]) for name in ("as", "ts"))
    rate, duration = whole["qs"] or 0.0, whole["tsd"] or 0.0
    release = slab.Release(_KINDS[idspl], surface, temperature, rate, duration, qtis, hs, cmed0)
    run = slab.disperse(fluid, release, weather, xffm, substeps=ncalc)
    shapes = profiles(run, tav)
    found: dict[str, object] = {
        "stations_x": (run.stations.x - run.origin).tolist(),
        "stations_conc": shapes.peak(0.0, zp).tolist(),
        "stations_half_width": shapes.half_width.tolist(),
    }
    if station is not None:
        return {**found, **_at_station(shapes, station, y, zp)}
    return {**found, **_at_distance(shapes, x, (y, zp), t)} if x is not None else found


def _one(name: str, value: float | None, other: str, same: float | None) -> float:
    if (value is None) == (same is None):
        raise OutOfRange(f"give {name}, or {other}, which is the same; one of them")
    return value if value is not None else same if same is not None else math.nan


def _stability(stab: int, named: Class | None, inverse: float | None) -> str | float:
    choices: list[str | float] = [slab.CLASSES[stab - 1]] if stab else []
    choices += [choice for choice in (named, None if stab else inverse) if choice is not None]
    if len(choices) != 1:
        raise OutOfRange("give the stability once: stab (1 to 6), class (A to F) or ala (inverse Monin-Obukhov length)")
    return choices[0]


def _at_station(shapes: Profiles, station: int, y: float, z: float) -> dict[str, float]:
    stations = shapes.run.stations
    if not 0 <= station < len(stations.x):
        raise OutOfRange(f"station = {station}: must be 0 to {len(stations.x) - 1}")
    found = {name: float(getattr(stations, own)[station]) for name, own in _STATION.items()}
    found["conc_centreline_z0"] = float(shapes.peak()[station])
    found["conc"] = float(shapes.peak(y, z)[station])
    found["half_width"] = float(shapes.half_width[station])
    return {name: value for name, value in found.items() if math.isfinite(value)}


def _at_distance(shapes: Profiles, x: float, beside: tuple[float, float], time: float | None) -> dict[str, float]:
    if time is None:
        axis, off = shapes.peak_at(x), shapes.peak_at(x, *beside)
    else:
        axis, off = shapes.at(x, 0.0, 0.0, time), shapes.at(x, *beside, time)
    return {"conc_centreline_z0": float(axis), "conc": float(off), "half_width": float(shapes.half_width_at(x))}


@model("dispersion/dense-gas", names={"stability": "class"})
def dense_gas(
    *,
    release: slab.Kind,
    substance: str | None = None,
    rate: float = 0.0,
    duration: float = 0.0,
    mass: float = 0.0,
    diameter: float | None = None,
    area: float | None = None,
    height: float = 0.0,
    T_release: float | None = None,
    liquid_fraction: float = 0.0,
    u: float,
    u_height: float = 10.0,
    stability: Class | None = None,
    inverse_L: float | None = None,
    T_amb: float = 288.15,
    rh: float = 70.0,
    z0: float = 0.1,
    averaging_time: float = 600.0,
    z: float = 0.0,
    farthest: float = 5000.0,
    x: list[float] | None = None,
    level: float | None = None,
    probit: list[float] | None = None,
    exposure: float = 1800.0,
    molar_mass: float | None = None,
    gas_heat_capacity: float | None = None,
    boiling_temperature: float | None = None,
    heat_of_vaporisation: float | None = None,
    liquid_heat_capacity: float | None = None,
    liquid_density: float | None = None,
    on: str = "",
) -> Answer:
    """A dense cloud from a pool, a jet or a sudden release: how far, how wide, how long (Ermak 1990, SLAB).

    The substance comes from the table, or its properties are given; a property given wins.

    Parameters
    ----------
    release : str
        What happens.
    substance : str
        CAS number or name.
    rate : float
        Release rate [kg/s].
    duration : float
        How long it lasts [s].
    mass : float
        Mass released at once [kg].
    diameter : float
        Of the pool, of the jet at ambient pressure, or of the cloud's base [m].
    area : float
        The same as an area, instead of the diameter [m2].
    height : float
        Height of a jet [m].
    T_release : float
        Temperature of the release; left out: the boiling temperature or that of the air, whichever is lower [K].
    liquid_fraction : float
        Mass fraction of droplets in a jet or a sudden release [-].
    u : float
        Wind [m/s].
    u_height : float
        Height of the wind measurement [m].
    class : str
        Pasquill stability class, A to F.
    inverse_L : float
        Inverse Monin-Obukhov length, instead of the class [1/m].
    T_amb : float
        Temperature of the air [K].
    rh : float
        Relative humidity [%].
    z0 : float
        Roughness length [m].
    averaging_time : float
        Averaging time, 1 s to 1 h; 10 s for what burns, the exposure for what is toxic [s].
    z : float
        Height at which concentrations are wanted [m].
    farthest : float
        Distance to follow the cloud to, 10 m to 100 km [m].
    x : list[float]
        Distances at which concentrations are wanted; left out: the stations of the run [m].
    level : float
        Concentration whose reach and width are wanted [vol/vol].
    probit : list[float]
        Coefficients a, b, n of a toxic probit, concentration in mg/m3 and time in min [-].
    exposure : float
        Longest exposure of the probit [s].
    molar_mass : float
        Molar mass [kg/mol].
    gas_heat_capacity : float
        Heat capacity of the vapour [J/kg/K].
    boiling_temperature : float
        Boiling temperature [K].
    heat_of_vaporisation : float
        Heat of vaporisation at the boiling temperature [J/kg].
    liquid_heat_capacity : float
        Heat capacity of the liquid [J/kg/K].
    liquid_density : float
        Density of the liquid [kg/m3].
    on : str
        Day whose table of substances counts, ISO date; empty: today.

    Returns
    -------
    x : list[float]
        Distances from the source [m].
    conc : list[float]
        Largest mean volume fraction on the axis [vol/vol].
    conc_mass : list[float]
        The same at the temperature of the air [kg/m3].
    half_width : list[float]
        Half-width of the cloud, with meander [m].
    cloud_height : list[float]
        Height of the cloud [m].
    cloud_temperature : list[float]
        Temperature of the cloud [K].
    arrival : list[float]
        When the cloud arrives [s].
    passing : list[float]
        How long it stays [s].
    reach : float
        Farthest distance at which the level is met on the axis [m].
    level_half_width : list[float]
        Half-width of the strip that meets the level, at x [m].
    level_max_half_width : float
        Its largest [m].
    level_area : float
        Area that meets the level [m2].
    fatality : list[float]
        Probability of death on the axis, at x [-].
    fatality_1pct_reach : float
        Farthest distance with a probability of 1 percent on the axis [m].
    """
    given = {
        "molar_mass": molar_mass,
        "gas_heat_capacity": gas_heat_capacity,
        "boiling_temperature": boiling_temperature,
        "heat_of_vaporisation": heat_of_vaporisation,
        "liquid_heat_capacity": liquid_heat_capacity,
        "liquid_density": liquid_density,
    }
    fluid = fuel_words.fluid(given, (-1.0, 0.0), substance, on)
    if (diameter is None) == (area is None):
        raise OutOfRange("give the diameter, or the area; one of them")
    if diameter is not None:
        within("diameter", diameter, "m", 0, 1e3, above=True)
    surface = area if area is not None else math.pi / 4 * (diameter or 0.0) ** 2
    temperature = min(fluid.boiling_temperature, T_amb) if T_release is None else T_release
    source = slab.Release(release, surface, temperature, rate, duration, mass, height, liquid_fraction)
    weather = slab.Weather(u, _stability(0, stability, inverse_L), u_height, T_amb, rh, z0)
    shapes = profiles(slab.disperse(fluid, source, weather, farthest), averaging_time)
    places = shapes.downwind() if x is None else [float(place) for place in x]
    found = _along(shapes, places, z)
    if level is not None:
        found |= _level(shapes, places, level, z)
    if probit is not None:
        found |= _fatality(shapes, places, probit, (exposure, z))
    return found


def _along(shapes: Profiles, places: list[float], z: float) -> dict[str, object]:
    concentration = shapes.peak_at(places, 0.0, z)
    return {
        "x": places,
        "conc": concentration.tolist(),
        "conc_mass": (concentration * shapes.pure_density()).tolist(),
        "half_width": shapes.half_width_at(places).tolist(),
        "cloud_height": shapes.between(places, shapes.run.stations.height).tolist(),
        "cloud_temperature": shapes.between(places, shapes.run.stations.temperature).tolist(),
        "arrival": shapes.between(places, shapes.arrival()).tolist(),
        "passing": shapes.between(places, shapes.duration).tolist(),
    }


def _level(shapes: Profiles, places: list[float], level: float, z: float) -> dict[str, object]:
    half = shapes.half_width_of(level, z)
    return {
        "reach": shapes.reach(level, z),
        "level_half_width": shapes.between(places, half).tolist(),
        "level_max_half_width": float(half.max()),
        "level_area": shapes.area(half),
    }


def _fatality(
    shapes: Profiles, places: list[float], coefficients: list[float], exposed: tuple[float, float]
) -> dict[str, object]:
    if len(coefficients) != 3:
        raise OutOfRange(f"probit has {len(coefficients)} numbers; it takes three: a, b, n")
    footprint = shapes.toxic_footprint(ToxicProbit(*coefficients), *exposed)
    reach = footprint.reach(ONE_PERCENT)
    if reach == footprint.x[-1]:
        raise OutOfRange(f"farthest: 1 percent still die at {reach:.0f} m; follow the cloud farther")
    return {"fatality": fatality(footprint, places).tolist(), "fatality_1pct_reach": reach}
