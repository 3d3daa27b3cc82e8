"""An installation as people know it (what is stored, in what) as a source of a run: its leaks by the frequency pack,
their effects by the models of :mod:`anlan.kit.accident`, dense clouds among them.

Which effect follows is an event tree: ignition at once (fireball, jet fire, pool fire), later (flash fire, explosion),
or none (poison). A leak's effects are computed for every weather and kept, so that an edit re-does only its own.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from anlan.kernels.consequence import probit
from anlan.kernels.consequence.release import Opening, Storage, phase_of, release
from anlan.kernels.consequence.substance import Substance
from anlan.kernels.qra.layout import Floats, outline
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.accident import blast, cloud, fire, toxic
from anlan.kit.accident.cloud import Drift
from anlan.kit.accident.inputs import Breach, Sky, Store
from anlan.kit.accident.source import source as outflow
from anlan.kit.accident.zones import Effect
from anlan.kit.park.inputs import (
    Along,
    ExplosionInput,
    FireballInput,
    Heat,
    Ignition,
    Leak,
    Outcome,
    PoolFire,
    Rings,
    Scenario,
    Source,
    WeatherClass,
)
from anlan.kit.park.known_effects import Effects, known
from anlan.packs.families import accident, leak_frequencies, park_study, substances
from anlan.packs.families.leak_frequencies import Leak as LeakRow

#: Steps of footprints along the wind [m]: at least so long, and at most so many.
LEAST_STEP, MOST_STEPS = 5.0, 400
#: Below it a footprint's table ends [-]: lethality under 1e-3 is left out.
LOWEST = -3.2
TEN_MINUTES = 600.0
#: Where the heat of a jet on neighbours is computed.
HEAT_RINGS, HEAT_SPOKES = 24, 19
#: Half the angle of a jet's flame [radian], and the least that it gives what it strikes [W/m2]: 150 to 300 kW/m2 are
#: told of jets of liquefied gas; a point that radiates gives too little within the flame.
FLAME, STRUCK = 0.18, 200e3
#: A hole to try with [m].
TRIAL = 0.05
TOP_BAR = 6e6
LIQUID, HARD_GAS, SOFT_GAS = "K1 液体", "气体，中等或高反应性", "气体，低反应性"
FIRE_PROBIT = "tsao-perry"


@dataclass(frozen=True)
class Installation:
    """A vessel and how it may leak. SI units; ``holes`` of ``equipment`` in the pack of leak frequencies, ``amount`` of
    it; ``pipe``: nominal diameter [m] where holes are shares of it; ``escalation``: its class in the domino pack."""

    name: str
    substance: str
    mass: float
    equipment: str
    holes: tuple[str, ...]
    temperature: float = 293.15
    pressure: float | None = None
    head: float = 2.0
    height: float = 1.0
    bund: float | None = None
    amount: float = 1.0
    pipe: float | None = None
    duration: float = 1800.0
    escalation: str = ""
    volume: float | None = None


@dataclass(frozen=True)
class LeftOut:
    """What a model did not take."""

    source: str
    scenario: str
    effect: str
    why: str


def as_source(
    one: Installation, at: tuple[float, float], skies: Sequence[WeatherClass], on: date, folder: Path | None = None
) -> tuple[Source, tuple[LeftOut, ...]]:
    """The source of a run at a place [m], and what could not be computed of it. ``folder``: keeps effects on disk.

    Raises
    ------
    KeyError, OutOfRange
        A substance, an equipment or a hole that no pack knows; a store from which nothing comes out.
    """
    rows = holes(one.equipment, on)
    scenarios, left = [], list[LeftOut]()
    shared = replace(one, name="", escalation="", volume=None, holes=(), amount=1.0)
    for hole in one.holes:
        row = rows[hole]
        outcomes, refused, lit = _effects(shared, row, tuple(skies), on, folder)
        left += [LeftOut(one.name, row.name, effect, why) for effect, why in refused]
        if outcomes:
            leak = Leak(one.equipment, hole, one.amount)
            scenarios.append(Scenario(row.name, outcomes, leak=leak, ignition=_tree(lit, on) if lit else None))
    x, y = at
    return Source(one.name, x, y, tuple(scenarios), one.escalation, one.volume), tuple(left)


def holes(equipment: str, on: date) -> dict[str, LeakRow]:
    """The leaks of an equipment of which a rate can be made: a hole of a size, the whole content, or in ten minutes."""
    found = leak_frequencies.load(on).holes(equipment)
    return {key: row for key, row in found.items() if row.diameter or row.share or key in ("rupture", "10min")}


def substance_of(name: str, on: date) -> tuple[Substance, str]:
    """The substance, or that by which a mixture is computed, and why; raises KeyError."""
    given = park_study.load(on).surrogate(name, name)
    return (substances.find(given.substitute, on), given.why) if given else (substances.find(name, on), "")


def _tree(immediate: float, on: date) -> Ignition:
    usual = park_study.load(on).ignition
    return Ignition(immediate, usual.delayed, usual.explosion)


@lru_cache(maxsize=2048)
def _effects(
    one: Installation, row: LeakRow, skies: tuple[WeatherClass, ...], on: date, folder: Path | None
) -> Effects:
    """The outcomes of one leak, what was refused, and the probability of ignition at once (0: it does not burn)."""
    if folder is None:
        return _computed(one, row, skies, on)
    return known(folder, (one, row, skies), on, lambda: _computed(one, row, skies, on))


def _computed(one: Installation, row: LeakRow, skies: tuple[WeatherClass, ...], on: date) -> Effects:
    substance, _ = substance_of(one.substance, on)
    store = Store(substance.cas, one.mass, one.temperature, one.pressure, one.head, one.height, one.bund)
    breach = _breach(substance, store, one, row)
    made = [_InWeather(substance, store, breach, sky, on) for sky in skies]
    refused = dict[str, str]()
    burns = substance.is_fuel() and substance.lower_flammable_limit is not None
    when = "unignited" if burns else "always"
    found = [_toxic(made, when, refused)]
    if burns:
        found += [_at_once(made, refused), _flash(made, refused), _explosion(made, refused)]
    rate = made[0].out.rate or made[0].out.airborne
    lit = _immediate(substance, store, rate, sudden=breach.kind == "rupture", on=on) if burns else 0.0
    return tuple(outcome for outcome in found if outcome), tuple(refused.items()), lit


def _breach(substance: Substance, store: Store, one: Installation, row: LeakRow) -> Breach:
    if row.hole == "rupture" and row.diameter is None and row.share is None:
        return Breach("rupture")
    if row.hole == "10min":
        rate = _rate(substance, store, Breach("hole", TRIAL, TEN_MINUTES))
        return Breach("hole", min(TRIAL * math.sqrt(one.mass / TEN_MINUTES / rate), 3.0), TEN_MINUTES)
    if row.share is not None:
        if one.pipe is None:
            raise OutOfRange(f"pipe diameter is missing: {row.name} is a share of it")
        return Breach("pipe", row.share * one.pipe, one.duration)
    return Breach("hole", row.diameter or 0.0, one.duration)


def _rate(substance: Substance, store: Store, breach: Breach) -> float:
    """What comes out at first [kg/s]; raises OutOfRange where nothing does."""
    storage = Storage(store.temperature, store.pressure_of(substance), store.head)
    found = release(substance, storage, Opening(breach.area, breach.discharge, breach.length)).mass_rate
    if found <= 0:
        raise OutOfRange(f"nothing flows out at {storage.pressure:g} Pa: give pressure or liquid above the hole")
    return found


def _sky(weather: WeatherClass) -> Sky:
    return Sky(weather.wind, weather.stability)


def _immediate(substance: Substance, store: Store, amount: float, *, sudden: bool, on: date) -> float:
    """Probability of ignition at once by the pack: by the kind of fuel and the rate [kg/s], or mass [kg] if sudden."""
    soft = substance.cas in park_study.load(on).ignition.low_reactivity
    gas = substance.boiling_temperature < store.temperature
    kind = (SOFT_GAS if soft else HARD_GAS) if gas else LIQUID
    rows = [row for row in leak_frequencies.load(on).ignition if (row.substance, row.instantaneous) == (kind, sudden)]
    return next(row.probability for row in rows if row.rate_to is None or amount < row.rate_to)


class _InWeather:
    """A leak in one weather: what comes out and the clouds of it."""

    def __init__(self, substance: Substance, store: Store, breach: Breach, weather: WeatherClass, on: date) -> None:
        self.substance, self.store, self.weather, self.on = substance, store, weather, on
        self.sky = _sky(weather)
        self.sudden, self.lasts = breach.kind == "rupture", breach.duration
        self.out = outflow(substance, store, breach, self.sky)
        self.pack = accident.load(on)

    def drifts(self, averaging: float) -> list[Drift]:
        return [cloud.drift(begun, self.substance, self.sky, averaging) for begun in self.out.clouds]


def _toxic(made: Sequence[_InWeather], when: str, refused: dict[str, str]) -> Outcome | None:
    law = toxic.probit_of(made[0].substance, made[0].sky, made[0].on)
    if law is None:
        return None
    tables, whys = list[Along](), dict[str, str]()
    for one in made:
        try:
            found = [drift.deadly(law[0]) for drift in one.drifts(cloud.TOXIC_S)]
        except OutOfRange as error:
            whys[one.weather.name] = str(error)
            continue
        along = _joined(one.weather.name, [(each.x, each.a, each.b) for each in found])
        if along:
            tables.append(along)
    if whys:
        refused["toxic"] = "；".join(f"{name}：{why}" for name, why in whys.items())
    return Outcome(when, along=tuple(tables)) if tables else None  # type: ignore[arg-type]  # one of two words


def _joined(weather: str, parts: Sequence[tuple[Floats, Floats, Floats]]) -> Along | None:
    """Footprints of several clouds of one leak on even steps; at each distance the deadlier one."""
    reaches = [float(x[a > LOWEST].max()) for x, a, _ in parts if (a > LOWEST).any()]
    if not reaches:
        return None
    step = max(LEAST_STEP, max(reaches) / MOST_STEPS)
    x = np.arange(int(max(reaches) / step) + 3) * step
    whole_a, whole_b = np.full(len(x), -9.0), np.full(len(x), 1.0)
    for at, a, b in parts:
        here = np.interp(x, at, a, right=-9.0)  # at the source itself as at the first distance
        width = np.interp(x, at, np.maximum(b, 1e-9))
        better = here > whole_a
        whole_a, whole_b = np.where(better, here, whole_a), np.where(better, width, whole_b)
    return Along(weather, step, tuple(whole_a.tolist()), tuple(whole_b.tolist()))


def _flash(made: Sequence[_InWeather], refused: dict[str, str]) -> Outcome | None:
    tables = list[Along]()
    for one in made:
        limits = fire.limits(one.substance, one.sky)
        try:
            strips = _strips(one, limits[0]) if limits else []
        except OutOfRange as error:
            refused["flash_fire"] = str(error)
            continue
        along = _outlined(one.weather.name, strips)
        if along:
            tables.append(along)
    return Outcome("flash_fire", along=tuple(tables)) if tables else None


def _strips(one: _InWeather, low: float) -> list[tuple[Floats, Floats]]:
    """Where the clouds of a leak burn: a plume as far as it reaches, a puff where it is largest when it is lit."""
    drifts = one.drifts(cloud.MOMENT_S)
    pairs = zip((drift.strip(low) for drift in drifts), one.out.clouds, strict=True)
    return [_largest(*strip) if begun.mass > 0 else strip for strip, begun in pairs]


def _largest(x: Floats, width: Floats) -> tuple[Floats, Floats]:
    """A circle as wide as a puff becomes, where it is that wide (Purple Book, CPR 18E, 4.7: the largest area)."""
    at, radius = float(x[int(width.argmax())]), float(width.max())
    along = np.linspace(at - radius, at + radius, 81)
    return along, np.sqrt(np.maximum(radius**2 - (along - at) ** 2, 0.0))


def _outlined(weather: str, strips: Sequence[tuple[Floats, Floats]]) -> Along | None:
    reach = max((float(x[width > 0].max()) for x, width in strips if (width > 0).any()), default=0.0)
    if reach < 2.0:
        return None
    behind = min(0.0, *(float(x[width > 0].min()) for x, width in strips if (width > 0).any()))
    step = max(1.0, (reach - behind) / MOST_STEPS)
    x = np.arange(int(behind / step) - 1, int(reach / step) + 3) * step
    width = np.max([np.interp(x, at, half, left=0.0, right=0.0) for at, half in strips], axis=0)
    shape = outline(x, width)
    return Along(weather, shape.step, tuple(shape.a.tolist()), tuple(shape.b.tolist()), shape.start)


def _explosion(made: Sequence[_InWeather], refused: dict[str, str]) -> Outcome | None:
    """The cloud at its largest, the mean over the weathers: mass [kg] and how far it has drifted [m]."""
    masses, drifts = list[float](), list[float]()
    for one in made:
        try:
            effect = blast.vapour_cloud(one.substance, one.drifts(cloud.MOMENT_S), one.sky, one.pack)
        except OutOfRange as error:
            refused["explosion"] = str(error)
            return None
        told = {key: value for key, value, _ in effect.figures} if effect else {}
        masses.append(told.get("flammable_mass", 0.0) * one.weather.share)
        drifts.append(told.get("centre", 0.0) * one.weather.share)
    mass, heat = sum(masses), made[0].substance.heat_of_combustion
    if heat is None or mass < made[0].pack.assumed("least_cloud"):
        return None
    efficiency = made[0].pack.assumed("tnt_efficiency")
    return Outcome("explosion", explosion=ExplosionInput(mass, heat, efficiency=efficiency, drift=sum(drifts)))


def _at_once(made: Sequence[_InWeather], refused: dict[str, str]) -> Outcome | None:
    """Ignition at once: a fireball, a burning jet, or the pool on fire."""
    first = _likeliest(made)
    try:
        return _fireball(first) or _jet(first) or _pool(first)
    except OutOfRange as error:
        refused["immediate"] = str(error)
        return None


def _likeliest(made: Sequence[_InWeather]) -> _InWeather:
    return max(made, key=lambda one: one.weather.share)


def _fireball(one: _InWeather) -> Outcome | None:
    heat = one.substance.heat_of_combustion
    if not one.sudden or one.out.phase == "gas" or heat is None or one.out.flashed <= 0.05:
        return None
    burst = one.store.pressure_of(one.substance) * one.pack.assumed("fireball_burst")
    return Outcome("immediate", fireball=FireballInput(one.out.airborne, heat, min(max(burst, 1e5), TOP_BAR)))


def _jet(one: _InWeather) -> Outcome | None:
    if one.sudden:
        return None
    effect = fire.jet(one.substance, one.out.out, one.store, one.sky, one.pack)
    if effect is None or one.out.out is None:
        return None
    emptied = one.store.mass / one.out.out.mass_rate
    seconds = one.lasts if emptied > 0.98 * one.lasts else emptied  # a store that empties in ten minutes burns for ten
    rings = _rings(effect, one.pack.assumed("thermal_exposure"))
    return Outcome("immediate", rings=replace(rings, heat=_heat(effect, seconds)))


def _rings(effect: Effect, seconds: float) -> Rings:
    """A jet's deadly region as rings about the middle of its half-lethal stretch of the axis."""
    assert effect.field is not None
    length = next(value for key, value, _ in effect.figures if key == "flame_length")
    axis = np.linspace(-2 * length, 5 * length, 281)
    chance = _lethality(effect, axis, seconds)
    half = axis[chance >= 0.5]
    shift = float((half[0] + half[-1]) / 2) if len(half) else length / 2
    r = np.linspace(0, max(4 * length, 5.0), 120)
    ahead = np.maximum.accumulate(_lethality(effect, shift + r, seconds)[::-1])[::-1]
    ahead[r <= (half[-1] - half[0]) / 2 if len(half) else r < 0] = max(float(ahead.max()), 0.5)
    return Rings(tuple(r.tolist()), tuple(np.clip(ahead, 0, 1).tolist()), shift)


def _heat(effect: Effect, seconds: float) -> Heat:
    """A jet's heat about the leak; the flame is the same on both sides of the wind."""
    assert effect.field is not None
    length = next(value for key, value, _ in effect.figures if key == "flame_length")
    distance, angle = np.geomspace(max(0.05 * length, 0.5), 6 * length, HEAT_RINGS), np.linspace(0, np.pi, HEAT_SPOKES)
    x, y = distance[:, None] * np.cos(angle), distance[:, None] * np.sin(angle)
    flux = np.asarray(effect.field.at(x, y), float)
    within_flame = (distance[:, None] <= length) & (angle <= FLAME)
    flux = np.where(within_flame, np.maximum(flux, STRUCK), flux)
    rows = tuple(tuple(row) for row in flux.tolist())
    return Heat(tuple(distance.tolist()), tuple(angle.tolist()), rows, seconds)


def _lethality(effect: Effect, axis: Floats, seconds: float) -> Floats:
    assert effect.field is not None
    flux = np.asarray(effect.field.at(axis, np.zeros_like(axis)), float)
    law = probit.named(probit.THERMAL, FIRE_PROBIT)
    dose = probit.thermal_dose(np.clip(flux, 1.0, 5e5), seconds)
    return np.asarray(probit.probability(probit.evaluate(law, dose)), float)


def _pool(one: _InWeather) -> Outcome | None:
    effect = fire.pool_fire(one.substance, one.out, one.sky, one.pack)
    if effect is None:
        return None
    told = {key: value for key, value, _ in effect.figures}
    diameter = min(max(told["pool_diameter"], 1.0), 200.0)
    seconds = one.pack.assumed("thermal_exposure")
    return Outcome("immediate", pool_fire=PoolFire(diameter, told["burning_flux"], seconds))


def probe(one: Installation, on: date) -> None:
    """Whether something comes out of every leak; raises KeyError or OutOfRange that says what is wrong."""
    substance, _ = substance_of(one.substance, on)
    within("amount", one.amount, "items, m, ft or h/yr", 0, 1e6, above=True)
    within("duration", one.duration, "s", 1, 86_400)
    if one.volume is not None:
        within("volume", one.volume, "m3", 0, 1e6, above=True)
    if one.pipe is not None:
        within("pipe diameter", one.pipe, "m", 0.005, 3)
    store = Store(substance.cas, one.mass, one.temperature, one.pressure, one.head, one.height, one.bund)
    rows = holes(one.equipment, on)
    for hole in one.holes:
        breach = _breach(substance, store, one, rows[hole])
        if breach.kind == "rupture":
            phase_of(substance, Storage(store.temperature, store.pressure_of(substance), store.head))
        else:
            _rate(substance, store, breach)
