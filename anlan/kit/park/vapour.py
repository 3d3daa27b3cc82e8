"""Footprints of vapour clouds: passive plumes and puffs, dense clouds where a cloud begins dense; which model it was.

A dense cloud's footprint is kept by everything that makes it (:mod:`anlan.kernels.consequence.footprint_cache`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np

from anlan.kernels.consequence.footprint import Footprint, PlumeWeather, ToxicProbit, plume_tables, puff_tables
from anlan.kernels.consequence.footprint_cache import DenseScenario, FootprintCache
from anlan.kernels.consequence.outflow import ATMOSPHERE
from anlan.kernels.consequence.plume import Plume, half_width
from anlan.kernels.consequence.puff import Weather as PuffWeather
from anlan.kernels.consequence.slab import Release
from anlan.kernels.consequence.slab import Weather as DenseWeather
from anlan.kernels.consequence.slab_fluid import fluid_of
from anlan.kernels.consequence.substance import GAS_CONSTANT, Substance
from anlan.kernels.qra.layout import Floats, Shape, outline
from anlan.kernels.validity import OutOfRange, within
from anlan.kit.accident import cloud as clouds
from anlan.kit.accident.inputs import Sky
from anlan.kit.accident.source import Begun
from anlan.kit.park.inputs import FlashFire, FlashPuff, Probit, Toxic, ToxicPuff, WeatherClass
from anlan.kit.park.options import Cloud
from anlan.packs.families import substances

#: Steps of the tables along the wind [m] and the a below which they end: well below every cut.
STEP, LOWEST = 5.0, -5.0
_FARTHEST = 100e3
#: Molar volume of ambient air at 20 °C, 101325 Pa [m3/mol].
MOLAR_VOLUME = GAS_CONSTANT * 293.15 / ATMOSPHERE
#: The rate's factor over which a dense cloud's answer to its rate is taken, and the a above which it counts.
_MORE, _FELT = 1.25, -3.0

PLUME, PUFF, DENSE = "高斯烟羽", "高斯烟团", "重气（SLAB 方法）"
NOT_TOLD = "未写 cloud，按中性气体"
NOT_DENSE = "按 Britter–McQuaid 判据不属重气"
IS_DENSE = "按 Britter–McQuaid 判据为重气"


@dataclass(frozen=True)
class Air:
    """A weather and the day by which substances are looked up; ``kept``: footprints of dense clouds; ``slopes``: dense
    clouds are to tell their answer to the rate, which costs a second run."""

    weather: WeatherClass
    on: date
    kept: FootprintCache
    slopes: bool = False

    @property
    def sky(self) -> Sky:
        weather = self.weather
        return Sky(weather.wind, weather.stability, weather.temperature, weather.humidity)


@dataclass(frozen=True)
class Made:
    """A footprint and what its table a gains for one unit of ln(rate): 0 where rates do not enter.

    ``model`` made it, ``why`` this model.
    """

    shape: Shape
    slope: float = 0.0
    model: str = ""
    why: str = ""


def toxic_plume(toxic: Toxic, air: Air) -> Made:
    """A steady release that poisons."""
    within("rate", toxic.rate, "kg/s", 0, 1e5, above=True)
    within("duration", toxic.duration, "s", 0, above=True)

    def passive(why: str) -> Made:
        weather = air.weather
        sky = (weather.stability, weather.wind)
        plume = _unit_plume(toxic.probit, toxic.molar_mass or 0.0, toxic.duration, toxic.height, sky)
        return _tables(plume.at_rate(toxic.rate), PLUME, why)

    def dense(substance: Substance, begun: Begun) -> Made:
        return _dense_tables(substance, begun, air, _law(toxic.probit, toxic.molar_mass or 0.0))

    return _chosen(toxic.cloud, (toxic.rate, toxic.duration, 0.0, toxic.height), air, passive, dense)


def toxic_puff(puff: ToxicPuff, air: Air) -> Made:
    """A sudden release that poisons."""

    def passive(why: str) -> Made:
        law = _law(puff.probit, puff.molar_mass or 0.0)
        weather = PuffWeather(air.weather.wind, air.weather.stability)
        return _tables(puff_tables(_even(), weather, law).at_rate(puff.mass), PUFF, why)

    def dense(substance: Substance, begun: Begun) -> Made:
        return _dense_tables(substance, begun, air, _law(puff.probit, puff.molar_mass or 0.0))

    return _chosen(puff.cloud, (0.0, 0.0, puff.mass, 0.0), air, passive, dense)


def flash_fire(flash: FlashFire, air: Air) -> Made:
    """A steady release that burns: everybody dies where it is above its lower flammable limit, over seconds.

    Averaging over 20 s for flammable clouds, over 600 s for toxic ones: Purple Book (CPR 18E).
    """
    limit = _flammable(flash)

    def passive(why: str) -> Made:
        weather = air.weather
        plume = Plume(flash.rate, weather.wind, weather.stability, height=flash.height, averaging_time=clouds.MOMENT_S)
        return Made(_passive_outline(plume, limit), 0.0, PLUME, why)

    def dense(substance: Substance, begun: Begun) -> Made:
        return _burning(clouds.DenseDrift(begun, substance, air.sky, clouds.MOMENT_S), limit, DENSE, IS_DENSE)

    # The way to the limit takes seconds to minutes: the release is taken to last, as the passive plume is.
    return _chosen(flash.cloud, (flash.rate, 3600.0, 0.0, flash.height), air, passive, dense)


def flash_puff(flash: FlashPuff, air: Air) -> Made:
    """A sudden release that burns wherever it may be lit on its way: the ground it passes above its lower limit."""
    limit = _flammable(flash)
    within("mass", flash.mass, "kg", 0, 1e8, above=True)

    def passive(why: str) -> Made:
        begun = Begun(0.0, 0.0, flash.mass, 0.0, air.sky.temperature, 0.0, 0.0, 0.0)
        return _burning(clouds.PassivePuff(begun, air.sky), limit, PUFF, why)

    def dense(substance: Substance, begun: Begun) -> Made:
        return _burning(clouds.DenseDrift(begun, substance, air.sky, clouds.MOMENT_S), limit, DENSE, IS_DENSE)

    return _chosen(flash.cloud, (0.0, 0.0, flash.mass, 0.0), air, passive, dense)


def _flammable(flash: FlashFire | FlashPuff) -> float:
    """The lower flammable limit [kg/m3]."""
    within("lower flammable limit", flash.lower_limit, "vol/vol", 0, 1, above=True)
    within("molar mass", flash.molar_mass, "kg/mol", 0.002, 1)
    return flash.lower_limit * flash.molar_mass / MOLAR_VOLUME


def _burning(cloud: clouds.Drift, limit: float, model: str, why: str) -> Made:
    return Made(_evenly_outlined(*cloud.strip(limit)), 0.0, model, why)


def _chosen(
    cloud: Cloud | None,
    amount: tuple[float, float, float, float],
    air: Air,
    passive: Callable[[str], Made],
    dense: Callable[[Substance, Begun], Made],
) -> Made:
    """The dense model where the cloud begins dense, as :func:`anlan.kit.accident.cloud.drift` chooses."""
    if cloud is None:
        return passive(NOT_TOLD)
    substance = _substance(cloud.substance, air.on)
    begun = _begun(cloud, substance, amount, air.sky)
    if not clouds.is_dense(begun, air.sky):
        return passive(NOT_DENSE)
    try:
        return dense(substance, begun)
    except OutOfRange as error:
        if not clouds.may_be_passive(begun, air.sky):
            raise
        return passive(f"重气模型不适用（{error}）")


def _substance(name: str, on: date) -> Substance:
    try:
        return substances.find(name, on)
    except KeyError:
        message = f"物质包里没有 {name}；请用 CAS 号或 anlan model run substance/properties 里的名称"
        raise KeyError(message) from None


def _begun(cloud: Cloud, substance: Substance, amount: tuple[float, float, float, float], sky: Sky) -> Begun:
    rate, duration, mass, height = amount
    within("area of the cloud", cloud.area, "m2", 0, 1e6, above=True)
    within("liquid of the cloud", cloud.liquid, "-", 0, 0.999)
    if cloud.temperature is not None:
        within("temperature of the cloud", cloud.temperature, "K", 20, 1000)
    boiling = substance.boiling_temperature
    temperature = cloud.temperature or (boiling if cloud.liquid > 0 else max(sky.temperature, boiling))
    gas = substance.molar_mass * ATMOSPHERE / (GAS_CONSTANT * temperature)
    density = gas
    if cloud.liquid > 0:
        density = 1 / ((1 - cloud.liquid) / gas + cloud.liquid / float(substance.liquid_density(boiling)))
    return Begun(rate, duration, mass, cloud.area, temperature, density, cloud.liquid, height, cloud.jet)


def _dense_tables(substance: Substance, begun: Begun, air: Air, law: ToxicProbit) -> Made:
    scenario = _dense_scenario(substance, begun, air.sky, law)
    found = air.kept.get(scenario)
    made = _tables(found, DENSE, IS_DENSE)
    return replace(made, slope=_slope(scenario, found, air.kept)) if air.slopes else replace(made, slope=0.0)


def _dense_scenario(substance: Substance, begun: Begun, sky: Sky, law: ToxicProbit) -> DenseScenario:
    sudden = begun.mass > 0
    release = Release(
        "instantaneous" if sudden else "horizontal-jet" if begun.jet else "pool", begun.area, begun.temperature,
        begun.rate, begun.duration, begun.mass, begun.height if begun.jet else 0.0, begun.liquid,
    )  # fmt: skip
    weather = DenseWeather(
        sky.wind, sky.stability, 10.0, sky.temperature, 100 * sky.humidity, clouds.ROUGHNESS[sky.surroundings]
    )
    exposure = 1800.0 if sudden else min(begun.duration, 1800.0)
    return DenseScenario(fluid_of(substance), release, weather, law, clouds.TOXIC_S, exposure, step=STEP)


def _slope(scenario: DenseScenario, found: Footprint, kept: FootprintCache) -> float:
    """How a grows with ln(rate): the mean along the axis, from a run with a quarter more over a quarter more area."""
    one = scenario.release
    more = replace(one, rate=one.rate * _MORE, mass=one.mass * _MORE, area=one.area * _MORE)
    other = kept.get(replace(scenario, release=more))
    rows = np.flatnonzero(found.a[: len(other.a)] > _FELT)
    if not len(rows):
        return 0.0
    gain = (other.a[rows] - found.a[rows]) / np.log(_MORE)
    return float(np.clip(np.mean(gain), 0.0, 100.0))


def _tables(found: Footprint, model: str, why: str) -> Made:
    alive = np.flatnonzero(found.a > LOWEST)
    last = min(max(int(alive[-1]) + 2 if len(alive) else 2, 2), len(found.a))
    b = np.clip(found.b[:last], 1e-12, 1e9)
    step = float(found.x[1] - found.x[0])
    return Made(Shape(found.a[:last].copy(), b, step, float(found.x[0])), found.slope, model, why)


def _law(probit: Probit, molar_mass: float) -> ToxicProbit:
    unit = 1e-6 if probit.unit == "mg/m3" else 1e-6 * molar_mass / MOLAR_VOLUME
    return ToxicProbit(probit.a, probit.b, probit.n, unit)


def _even() -> Floats:
    return np.asarray(np.arange(1, int(_FARTHEST / STEP) + 1) * STEP, float)


@lru_cache(maxsize=64)
def _unit_plume(law: Probit, molar_mass: float, duration: float, height: float, sky: tuple[str, float]) -> Footprint:
    """The plume of 1 kg/s; other rates shift its table."""
    stability, wind = sky
    weather = PlumeWeather(stability, wind, release_height=height)  # type: ignore[arg-type]  # a Stability by its type
    return plume_tables(_even(), weather, _law(law, molar_mass), duration)


def _passive_outline(plume: Plume, limit: float) -> Shape:
    reach, step = 200.0, 2.0
    while True:
        x = np.arange(1, int(reach / step) + 1) * step
        width = half_width(plume, x, limit)
        if width[-1] == 0 or reach >= 20e3:
            break
        reach, step = reach * 2, step * 2
    last = int(np.flatnonzero(width)[-1]) + 2 if width.any() else 2
    return outline(x[:last], width[:last])


def _evenly_outlined(x: Floats, width: Floats) -> Shape:
    """A strip on even steps, also upwind of the source where a dense cloud creeps."""
    met = np.flatnonzero(width)
    if not len(met):
        return outline(np.array([1.0, 2.0]), np.zeros(2))
    low, high = float(x[max(met[0] - 1, 0)]), float(x[min(met[-1] + 1, len(x) - 1)])
    even = np.linspace(low, high, 401)
    return outline(even, np.interp(even, x, width, left=0.0, right=0.0))
