"""How a stored substance comes out: rates, what flies, what lies in a pool, and the clouds of vapour that begin."""

import math
from dataclasses import dataclass

import numpy as np

from anlan.kernels.consequence import outflow
from anlan.kernels.consequence.airborne import Ground
from anlan.kernels.consequence.outflow import ATMOSPHERE
from anlan.kernels.consequence.pool_course import Feed, Floor, PoolCourse, Weather, course
from anlan.kernels.consequence.release import Opening, Phase, Release, Storage, burst, phase_of, release
from anlan.kernels.consequence.substance import Substance
from anlan.kernels.validity import OutOfRange
from anlan.kit.accident.inputs import Breach, Sky, Store

#: Smallest depth to which a pool spreads on level concrete [m] (Yellow Book, CPR 14E, table 3.1: 5 mm on concrete).
THICKNESS = 0.005
#: Concrete: conductivity [W/m/K] and diffusivity [m2/s] (Yellow Book, CPR 14E, table 3.2).
CONDUCTIVITY, DIFFUSIVITY = 1.1, 5.7e-7
#: A pool's rate is the mean over the 10 minutes in which it evaporates most [s].
WORST_S = 600.0


@dataclass(frozen=True)
class Begun:
    """A cloud at its source: ``rate`` [kg/s] over ``duration`` [s], or ``mass`` [kg] at once; ``area`` of the source
    [m2], ``temperature`` [K], ``density`` before air mixes in [kg/m3], ``liquid`` share of drops [-], ``height`` [m];
    ``jet``: it leaves an opening with speed."""

    rate: float
    duration: float
    mass: float
    area: float
    temperature: float
    density: float
    liquid: float
    height: float
    jet: bool = False


@dataclass(frozen=True)
class Source:
    """What gets out: ``rate`` at first [kg/s] (0: all at once) for ``duration`` [s], ``released`` mass [kg], of it
    ``airborne`` [kg]; the pool over time and its ``pool_diameter`` [m]; the ``clouds`` that begin."""

    phase: Phase
    rate: float
    duration: float
    released: float
    airborne: float
    velocity: float
    out: Release | None
    pool: PoolCourse | None
    pool_diameter: float
    pool_rate: float
    clouds: tuple[Begun, ...]
    flashed: float


def source(substance: Substance, store: Store, breach: Breach, sky: Sky) -> Source:
    """The source of an accident.

    Raises
    ------
    OutOfRange
        Nothing flows out, or a property is needed outside its fit.
    """
    storage = Storage(store.temperature, store.pressure_of(substance), store.head)
    phase = phase_of(substance, storage)
    return (
        _sudden(substance, store, sky, phase) if breach.kind == "rupture" else _running(substance, store, breach, sky)
    )


def _running(substance: Substance, store: Store, breach: Breach, sky: Sky) -> Source:
    storage = Storage(store.temperature, store.pressure_of(substance), store.head)
    out = release(substance, storage, Opening(breach.area, breach.discharge, breach.length))
    if out.mass_rate <= 0:
        raise OutOfRange(
            f"nothing flows out at {storage.pressure:g} Pa: the store needs pressure or liquid above the hole"
        )
    duration = min(breach.duration, store.mass / out.mass_rate)
    released = out.mass_rate * duration
    airborne = out.airborne_rate * duration
    clouds = []
    if out.airborne_rate > 0:
        clouds.append(_jet(store, out, duration))
    feed = Feed(out.temperature, 0.0, out.pool_rate, duration)
    pool = _pool(substance, store, feed, sky, duration) if out.pool_rate > 1e-6 * out.mass_rate else None
    rate, diameter, cloud = _above(substance, pool, sky, duration)
    return Source(
        out.phase, out.mass_rate, duration, released, airborne, out.velocity, out, pool, diameter, rate,
        (*clouds, *cloud), out.flashed,
    )  # fmt: skip


def _jet(store: Store, out: Release, duration: float) -> Begun:
    """The airborne part of a release, where it has come to ambient pressure."""
    rate = out.airborne_rate
    speed = max(out.velocity, 1.0)
    liquid = (1 - out.flashed) * out.aerosol / (out.flashed + (1 - out.flashed) * out.aerosol)
    area = rate / (out.density * speed)
    return Begun(rate, duration, 0.0, area, out.temperature, out.density, liquid, store.height, jet=True)


def _sudden(substance: Substance, store: Store, sky: Sky, phase: Phase) -> Source:
    if phase == "gas":
        temperature = store.temperature
        density = substance.gas_density(ATMOSPHERE, temperature)
        cloud = _heap(store.mass, temperature, density, 0.0)
        return Source(phase, 0.0, 0.0, store.mass, store.mass, 0.0, None, None, 0.0, 0.0, (cloud,), 1.0)
    boiling = substance.saturation_temperature(ATMOSPHERE)
    parts = burst(substance, store.mass, store.temperature)
    afloat = parts.vapour + parts.aerosol
    clouds = []
    if afloat > 0:
        liquid = parts.aerosol / afloat
        gas = substance.gas_density(ATMOSPHERE, boiling)
        density = 1 / ((1 - liquid) / gas + liquid / float(substance.liquid_density(boiling)))
        clouds.append(_heap(afloat, boiling, density, liquid))
    spilt = min(store.temperature, boiling)
    pool = _pool(substance, store, Feed(spilt, parts.pool, 0.0, 0.0), sky, 1800.0) if parts.pool > 0 else None
    rate, diameter, cloud_above = _above(substance, pool, sky, 1800.0)
    return Source(
        phase, 0.0, 0.0, store.mass, afloat, 0.0, None, pool, diameter, rate, (*clouds, *cloud_above), parts.flashed
    )


def _heap(mass: float, temperature: float, density: float, liquid: float) -> Begun:
    """All at once: a cylinder as high as its radius."""
    radius = (mass / density / math.pi) ** (1 / 3)
    return Begun(0.0, 0.0, mass, math.pi * radius**2, temperature, density, liquid, 0.0)


def _pool(substance: Substance, store: Store, feed: Feed, sky: Sky, duration: float) -> PoolCourse:
    ground = Ground(sky.temperature, CONDUCTIVITY, DIFFUSIVITY)
    weather = Weather(sky.temperature, sky.wind)
    return course(substance, feed, Floor(ground, THICKNESS, store.bund), weather, max(duration, 60.0), 300)


def _above(
    substance: Substance, pool: PoolCourse | None, sky: Sky, duration: float
) -> tuple[float, float, tuple[Begun, ...]]:
    """Evaporation [kg/s], diameter [m] and the cloud of a pool; nothing where there is none."""
    if pool is None:
        return 0.0, 0.0, ()
    diameter = 2 * float(pool.radius.max())
    rate, temperature = _worst(pool)
    if rate <= 0:
        return 0.0, diameter, ()
    density = outflow.gas_density(ATMOSPHERE, temperature, substance.molar_mass)
    lasting = max(min(float(pool.evaporated[-1]) / rate, 3600.0), min(duration, 60.0))
    area = math.pi / 4 * diameter**2
    return rate, diameter, (Begun(rate, lasting, 0.0, area, temperature, density, 0.0, 0.0),)


def _worst(pool: PoolCourse) -> tuple[float, float]:
    """Largest mean rate over ``WORST_S`` [kg/s], and the pool's temperature in that time [K]."""
    span = min(WORST_S, float(pool.time[-1]))
    starts = pool.time[pool.time <= pool.time[-1] - span + 1e-9]
    gained = np.interp(starts + span, pool.time, pool.evaporated) - np.interp(starts, pool.time, pool.evaporated)
    best = int(np.argmax(gained))
    middle = float(starts[best] + span / 2)
    return float(gained[best] / span), float(np.interp(middle, pool.time, pool.temperature))
