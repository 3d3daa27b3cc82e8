"""Models of whole accidents: from a store, the way it breaks and the weather to what comes out and where it hurts."""

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np

from anlan.kernels.validity import within
from anlan.kit.accident.cloud import Concentration
from anlan.kit.accident.inputs import Breach, BreachKind, Sky, Stability, Store, Surroundings
from anlan.kit.accident.simulate import Accident, simulate
from anlan.kit.accident.source import Source, source
from anlan.kit.accident.zones import Effect
from anlan.kit.models.catalogue import model
from anlan.kit.models.families.substances import known
from anlan.kit.models.packdate import day

Answer = Mapping[str, object]
#: What is asked at points, and the effects that have it.
_HITS = {"heat": ("jet_fire", "pool_fire", "fireball"), "overpressure": ("explosion", "vessel_burst")}


@model("accident/source", names={"stability": "class"})
def accident_source(
    *,
    substance: str,
    mass: float,
    breach: BreachKind,
    hole_diameter: float = 0.0,
    temperature: float = 293.15,
    pressure_abs: float | None = None,
    liquid_head: float = 0.0,
    height: float = 1.0,
    bund_area: float | None = None,
    duration: float = 1800.0,
    pipe_length: float = 0.0,
    cd: float = 0.62,
    wind_10m: float = 3.0,
    stability: Stability = "D",
    T_amb: float = 293.15,
    RH: float = 0.6,
    on: str = "",
) -> Answer:
    """What a store sets free when it breaks: outflow, flash, pool and the clouds that begin.

    The chain that the accident pages compute. A pool's rate is the mean over the 10 minutes in which it evaporates
    most; concrete ground.

    Parameters
    ----------
    substance : str
        CAS number or name.
    mass : float
        In the store [kg].
    breach : str
        hole, pipe (a broken pipe) or rupture (all at once).
    hole_diameter : float
        Of the hole or pipe; not used for a rupture [m].
    temperature : float
        Of the store [K].
    pressure_abs : float
        Absolute, of the store; left out: a liquid under its own vapour, at least under air [Pa].
    liquid_head : float
        Liquid above the hole [m].
    height : float
        Of the hole above the ground [m].
    bund_area : float
        Area that holds a spill back; left out: none [m2].
    duration : float
        Until the opening is closed [s].
    pipe_length : float
        Up to the break [m].
    cd : float
        Discharge coefficient [-].
    wind_10m : float
        Wind at 10 m, 0.5-40 [m/s].
    class : str
        Pasquill class, A to F.
    T_amb : float
        Temperature of air and ground [K].
    RH : float
        Relative humidity of the air [-].
    on : str
        Day whose tables count, ISO date; empty: today.

    Returns
    -------
    phase : str
        gas, liquid or flashing-liquid [text].
    mass_rate : float
        Out of the opening at first; 0 for a rupture [kg/s].
    outflow_duration : float
        How long it flows [s].
    released : float
        Mass that gets out [kg].
    airborne : float
        Of it vapour and drops that stay in the air at once [kg].
    flash_fraction : float
        Mass fraction that is vapour after expansion [-].
    pool_diameter : float
        Largest; 0 without a pool [m].
    pool_rate : float
        Evaporation of the pool [kg/s].
    cloud_rate : list[float]
        Of each cloud that begins; 0 for one that begins at once [kg/s].
    cloud_mass : list[float]
        Of each cloud that begins at once, else 0 [kg].
    cloud_density : list[float]
        Before air mixes in [kg/m3].
    cloud_temperature : list[float]
        At its beginning [K].
    """
    asked = known(substance, on)
    store = Store(asked.cas, mass, temperature, pressure_abs, liquid_head, height, bund_area)
    found = source(asked, store, _breach(breach, hole_diameter, duration, pipe_length, cd), _sky(
        wind_10m, stability, T_amb, RH, "rural"
    ))  # fmt: skip
    return _told(found)


def _breach(kind: BreachKind, diameter: float, duration: float, length: float, cd: float) -> Breach:
    return Breach("rupture") if kind == "rupture" else Breach(kind, diameter, duration, length, cd)


def _sky(wind: float, stability: Stability, temperature: float, humidity: float, surroundings: Surroundings) -> Sky:
    return Sky(wind, stability, temperature, humidity, surroundings)


def _told(found: Source) -> Answer:
    return {
        "phase": found.phase,
        "mass_rate": found.rate,
        "outflow_duration": found.duration,
        "released": found.released,
        "airborne": found.airborne,
        "flash_fraction": found.flashed,
        "pool_diameter": found.pool_diameter,
        "pool_rate": found.pool_rate,
        "cloud_rate": [one.rate for one in found.clouds],
        "cloud_mass": [one.mass for one in found.clouds],
        "cloud_density": [one.density for one in found.clouds],
        "cloud_temperature": [one.temperature for one in found.clouds],
    }


@model("accident/zones", names={"stability": "class"})
def accident_zones(
    *,
    substance: str,
    mass: float,
    breach: BreachKind,
    hole_diameter: float = 0.0,
    temperature: float = 293.15,
    pressure_abs: float | None = None,
    liquid_head: float = 0.0,
    height: float = 1.0,
    bund_area: float | None = None,
    burst_pressure: float | None = None,
    duration: float = 1800.0,
    pipe_length: float = 0.0,
    cd: float = 0.62,
    wind_10m: float = 3.0,
    stability: Stability = "D",
    T_amb: float = 293.15,
    RH: float = 0.6,
    surroundings: Surroundings = "rural",
    points: list[list[float]] | None = None,
    on: str = "",
) -> Answer:
    """Everything that a store may do when it breaks: poison, flash fire, explosion, jet, pool fire, fireball, burst.

    Each effect by itself; thresholds by the packs core/accident and chemicals/toxic_thresholds. Where a model does not
    take the inputs, ``refused`` says why and the other effects stand.

    Parameters
    ----------
    substance : str
        CAS number or name.
    mass : float
        In the store [kg].
    breach : str
        hole, pipe (a broken pipe) or rupture (all at once).
    hole_diameter : float
        Of the hole or pipe; not used for a rupture [m].
    temperature : float
        Of the store [K].
    pressure_abs : float
        Absolute, of the store; left out: a liquid under its own vapour, at least under air [Pa].
    liquid_head : float
        Liquid above the hole [m].
    height : float
        Of the hole above the ground [m].
    bund_area : float
        Area that holds a spill back; left out: none [m2].
    burst_pressure : float
        Absolute, at which the vessel gives way; left out: as stored [Pa].
    duration : float
        Until the opening is closed [s].
    pipe_length : float
        Up to the break [m].
    cd : float
        Discharge coefficient [-].
    wind_10m : float
        Wind at 10 m, 0.5-40 [m/s].
    class : str
        Pasquill class, A to F.
    T_amb : float
        Temperature of air and ground [K].
    RH : float
        Relative humidity of the air [-].
    surroundings : str
        rural or urban.
    points : list
        Where values are wanted: each down the wind and to its left, the store at 0, 0 [m].
    on : str
        Day whose tables count, ISO date; empty: today.

    Returns
    -------
    reach : Mapping
        Farthest point of each zone, by effect/threshold [m].
    area : Mapping
        Of each zone, by effect/threshold [m2].
    models : Mapping
        What computed each effect [text].
    refused : Mapping
        Effects that no model takes, and why [text].
    mass_rate : float
        Out of the opening at first; 0 for a rupture [kg/s].
    concentration : list[float]
        Largest mean over 10 minutes at each point [kg/m3].
    arrival : list[float]
        When poison comes there; -1 where none comes [s].
    heat : list[float]
        The strongest of the fires there [W/m2].
    overpressure : list[float]
        The strongest of the blasts there [Pa].
    """
    asked = known(substance, on)
    store = Store(asked.cas, mass, temperature, pressure_abs, liquid_head, height, bund_area, burst_pressure)
    found = simulate(
        store,
        _breach(breach, hole_diameter, duration, pipe_length, cd),
        _sky(wind_10m, stability, T_amb, RH, surroundings),
        day(on),
    )
    answer: dict[str, object] = {
        "reach": dict(_zones(found, "reach")),
        "area": dict(_zones(found, "area")),
        "models": {effect.kind: "；".join(effect.models) for effect in found.effects},
        "refused": dict(found.refused),
        "mass_rate": found.source.rate,
    }
    return answer | _at_points(found, points) if points else answer


def _zones(found: Accident, what: Literal["reach", "area"]) -> Iterator[tuple[str, float]]:
    for effect in found.effects:
        for zone in effect.zones:
            yield f"{effect.kind}/{zone.level.key}", zone.reach if what == "reach" else zone.area


def _at_points(found: Accident, points: list[list[float]]) -> dict[str, object]:
    places = np.array(points, float)
    within("number of coordinates of each point", places.shape[-1] if places.ndim == 2 else 0, "-", 2, 2)
    within("points", places, "m", -1e5, 1e5)
    x, y = places.T
    toxic = found.effect("toxic")
    answer: dict[str, object] = {}
    if toxic is not None and isinstance(toxic.field, Concentration):
        value = toxic.field.at(x, y)
        answer["concentration"] = value
        answer["arrival"] = np.where(value > 0, toxic.field.arrival(x, y), -1.0)
    for name, kinds in _HITS.items():
        values = [effect.field.at(x, y) for effect in _of(found, kinds) if effect.field is not None]
        if values:
            answer[name] = np.max(values, axis=0)
    return answer


def _of(found: Accident, kinds: tuple[str, ...]) -> Iterator[Effect]:
    return (effect for effect in found.effects if effect.kind in kinds)
