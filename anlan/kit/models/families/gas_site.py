"""The risk of a gas-fuelling site: leaks of all components, jet flames and explosions, people at places."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from anlan.kernels.consequence import probit
from anlan.kernels.consequence.jet_flame import Surroundings
from anlan.kernels.qra import events, gas_site, societal
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.models.catalogue import model
from anlan.kit.models.families import _case_words as words
from anlan.kit.models.families import _reference as reference
from anlan.kit.models.packdate import day
from anlan.packs.families import gas_site as pack
from anlan.packs.families import substances
from anlan.packs.families.gas_site import GasSite, Statistic

_GASES = {"H2": "hydrogen", "CH4": "methane", "C3H8": "propane"}
_MOLAR_GAS = 8.31446261815324


@model("qra/full-site")
def full_site(
    *,
    species: Literal["H2", "CH4", "C3H8"],
    P: float,
    T: float,
    pipe_id: float,
    components: Mapping[str, float],
    positions: list[list[float]] | None = None,
    occupants: str | None = None,
    hours: float | None = None,
    detection_credit: float = 0.9,
    probits: str | None = None,
    exposure: float | None = None,
    mach: float | None = None,
    thermal_probit: str | None = None,
    other_full_bore: float | None = None,
    relative_humidity: float | None = None,
    statistic: Statistic = "median",
    ambient_temperature: float = 288.15,
    ambient_pressure: float = 101325.0,
    on: str = "",
) -> Mapping[str, object]:
    """Risk of a site with gas under pressure: leak frequencies, event tree, jet flame and explosion (HyRAM manual).

    Five sizes of leak; each is detected and isolated, or burns at once (jet flame), or explodes later, or disperses.
    Frequencies and ignition come from the pack chemicals/gas_site. The failure of dispensers counts as far as
    other_full_bore says it.

    Parameters
    ----------
    species : str
        The gas [-].
    P : float
        Absolute pressure in the pipes [Pa].
    T : float
        Temperature in the pipes [K].
    pipe_id : float
        Inner diameter of the pipes [m].
    components : mapping
        How many of each: compressor, vessel, valve, instrument, joint, hose, pipe (metres), filter, flange [-].
    positions : list
        One point for each person: x along the release, y up, z across, from the leak [m].
    occupants : str
        How many people and how long, in words: 9 positions, 2000 h each. Without positions these very words name the
        example of HyRAM+ (nine places, air of 0.89 relative humidity, dispensers of 10,000 fuellings a year).
    hours : float
        Hours in the year that a person is exposed; left out: as in occupants, or 2000 [h/yr].
    detection_credit : float
        Probability that a leak is detected and isolated before it ignites, 0 to 1 [-].
    probits : str
        What harms people, in words, for what is left out: Eisenberg 30 s; TNO head; BST Mf 0.35; yuce.
    exposure : float
        To the jet flame's heat; left out: 30 [s].
    mach : float
        Flame Mach number of the explosion, 0.02 to 5.2; left out: 0.35 [-].
    thermal_probit : str
        Probit of death by heat: eisenberg, tsao-perry, tno or lees; left out: eisenberg [-].
    other_full_bore : float
        Frequency of full-bore releases by other causes, as the failure of dispensers; left out: none [1/yr].
    relative_humidity : float
        Of the air, 0.01-1; left out: 0.5 [-].
    statistic : str
        Which value of the lognormal leak frequency is taken [-].
    ambient_temperature : float
        Of the air [K].
    ambient_pressure : float
        Of the air [Pa].
    on : str
        Day on which the packs must hold, ISO date; empty = today [-].

    Returns
    -------
    total_PLL : float
        Potential loss of life [1/yr].
    FAR : float
        Fatal accident rate of the people at the positions [per 1e8 h].
    AIR : float
        Average individual risk [1/yr].
    leak_frequency : list
        Of each size of leak, the smallest first [1/yr].
    mass_rate : list
        Of each size of leak [kg/s].
    deaths_by_jet_fire : list
        Expected deaths in a jet fire of each size [persons].
    deaths_by_explosion : list
        Expected deaths in an explosion of each size [persons].
    """
    example = reference.named("qra/full-site", occupants or "") if positions is None else None
    told, said = words.people(occupants), words.harm(probits)
    places = _places(positions, example, told)
    within("pipe_id", pipe_id, "m", 0.001, 1)
    within("detection_credit", detection_credit, "-", 0, 1)
    humidity = _first(relative_humidity, _of(example, "relative_humidity"), 0.5)
    others = _first(other_full_bore, _of(example, "other_full_bore"), 0.0)
    within("other_full_bore", others, "1/yr", 0, 10)
    hours = _first(hours, told[1] if told else None, 2000.0)
    data, air = pack.load(day(on)), Surroundings(ambient_temperature, ambient_pressure, humidity)
    often = _frequencies(data, components, statistic)
    often[max(often)] += others
    gas = _gas(species, air, on)
    people = _People(
        places,
        _first(exposure, said.exposure, 30.0),
        _first(mach, said.mach, 0.35),
        thermal_probit or said.thermal_probit or "eisenberg",
    )
    sizes = list[_Size]()
    for size in data.sizes():
        rate, flame, blast = _deaths(gas, (P, T, size * math.pi * pipe_id**2 / 4), air, people)
        sizes.append(_Size(often[size], rate, flame, blast))
    loss = sum(_loss(one, data, detection_credit) for one in sizes)
    rate = societal.fatal_accident_rate(loss, len(places))
    return {
        "total_PLL": loss,
        "FAR": rate,
        "AIR": societal.average_individual_risk(rate, hours),
        "leak_frequency": [one.frequency for one in sizes],
        "mass_rate": [one.rate for one in sizes],
        "deaths_by_jet_fire": [one.flame for one in sizes],
        "deaths_by_explosion": [one.blast for one in sizes],
    }


def _first(*values: float | None) -> float:
    return next(value for value in values if value is not None)


def _of(example: reference.Scenario | None, name: str) -> float | None:
    found = None if example is None else example.inputs.get(name)
    return found if isinstance(found, float) else None


def _places(
    positions: list[list[float]] | None, example: reference.Scenario | None, told: tuple[int, float] | None
) -> tuple[tuple[float, ...], ...]:
    """A point for each person; from the example where none are given."""
    if positions is None and example is not None:
        positions = example.points
    if positions is None:
        raise OutOfRange(
            f"positions missing: give one point (x, y, z) for each person, or name an example in occupants: "
            f"{reference.understood('qra/full-site')}"
        )
    if told is not None and told[0] != len(positions):
        raise OutOfRange(f"occupants speaks of {told[0]} positions, but {len(positions)} are given")
    places = np.asarray(positions, float) if len({len(each) for each in positions}) == 1 else np.empty(0)
    if places.ndim != 2 or places.shape[1] != 3:
        raise OutOfRange("positions: give one point (x, y, z) for each person")
    within("positions", places, "m", -1e5, 1e5)
    return tuple(map(tuple, places.tolist()))


@dataclass(frozen=True)
class _People:
    """Where people are and what harms them; hashable."""

    places: tuple[tuple[float, ...], ...]
    exposure: float
    mach: float
    thermal_probit: str


@lru_cache(maxsize=64)
def _deaths(
    gas: gas_site.Gas, flow: tuple[float, float, float], air: Surroundings, people: _People
) -> tuple[float, float, float]:
    """Rate [kg/s], expected deaths by flame and by blast of a leak: ``flow`` is pressure, temperature and area."""
    leak = gas_site.leak(gas, *flow, air)
    law = probit.named(probit.THERMAL, people.thermal_probit)
    flame = gas_site.deaths_by_flame(leak, people.places, people.exposure, law)
    blast = gas_site.deaths_by_blast(leak, people.places, people.mach)
    return leak.nozzle.mass_rate, float(flame.sum()), float(blast.sum())


@dataclass(frozen=True)
class _Size:
    """A size of leak: how often [1/yr], how much [kg/s], expected deaths by flame and by blast."""

    frequency: float
    rate: float
    flame: float
    blast: float


def _loss(one: _Size, data: GasSite, detection: float) -> float:
    ignition = data.ignited(one.rate)
    _, burns, explodes, _ = events.chain([detection, ignition.immediate, ignition.delayed])
    return one.frequency * (burns * one.flame + explodes * one.blast)


def _frequencies(data: GasSite, components: Mapping[str, float], statistic: Statistic) -> dict[float, float]:
    """Frequency of a leak of each size over all components [1/yr]."""
    total = dict.fromkeys(data.sizes(), 0.0)
    for name, count in components.items():
        within(f"number of {name}", count, "items", 0, 1e6)
        laws = data.of(name)
        if not laws:
            known = ", ".join(dict.fromkeys(law.component for law in data.leaks))
            raise ValueError(f"components: {name} is not known; there are {known}")
        for size, law in laws.items():
            total[size] += count * law.frequency(statistic)
    return total


def _gas(species: str, air: Surroundings, on: str) -> gas_site.Gas:
    named = substances.find(_GASES[species], day(on))
    if named.lower_flammable_limit is None or named.upper_flammable_limit is None:
        raise ValueError(f"species = {species}: its flammable limits are not known")
    whole = air.pressure * named.molar_mass / (_MOLAR_GAS * air.temperature)
    return gas_site.Gas(_GASES[species], named.lower_flammable_limit * whole, named.upper_flammable_limit * whole)
