"""From an outcome of RUN.yaml to its footprint in one weather, and to the heat and blast that may hit neighbours."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import bleve, poolfire, probit, tnt, vapour_cloud
from anlan.kernels.consequence.footprint_cache import FootprintCache
from anlan.kernels.consequence.view_factor import tilted_cylinder
from anlan.kernels.qra.layout import Floats, Shape, circle, rings
from anlan.kernels.validity import OutOfRange, within
from anlan.kit import clock
from anlan.kit.park import vapour
from anlan.kit.park.inputs import Along, ExplosionInput, FireballInput, Outcome, PoolFire, WeatherClass
from anlan.kit.park.vapour import Air, Made

#: Density of ambient air, 20 °C, 101325 Pa [kg/m3].
_AIR_DENSITY = 1.204

#: Footprints of dense clouds of this process.
KEPT = FootprintCache()
#: What computes an effect, in words.
MODELS = {
    "fireball": "火球（Roberts 尺寸，随时间变化）",
    "pool_fire": "池火（Thomas 火焰长度、AGA 倾角）",
    "explosion": "蒸气云爆炸（TNT 当量或多能法）",
    "circle": "直接给出",
    "rings": "直接给出",
    "along": "自备足迹",
}

#: Effects whose footprint does not depend on the weather.
CALM = {"fireball", "circle", "rings"}


def depends_on_weather(outcome: Outcome) -> bool:
    """Whether the footprint must be made for each weather."""
    drifting = outcome.explosion is not None and outcome.explosion.drift != 0
    return outcome.kind() not in CALM and (outcome.explosion is None or drifting)


def footprint(outcome: Outcome, weather: WeatherClass, air: Air | None = None) -> Made | None:
    """The footprint of an outcome in a weather; None where the outcome has none in it (tables of other weathers).

    ``air``: the same weather with what dense clouds need; without it the process keeps their footprints.

    Raises
    ------
    OutOfRange, KeyError
        A value that the model does not take, a name that it does not know.
    """
    kind = outcome.kind()
    if kind in _VAPOUR:
        return _VAPOUR[kind](getattr(outcome, kind), air or Air(weather, clock.today(), KEPT))
    if kind == "along":
        return next((_own(one) for one in outcome.along or () if one.weather == weather.name), None)
    return Made(_shape(kind, getattr(outcome, kind), weather), model=MODELS[kind])


def _own(along: Along) -> Made:
    shape = Shape(np.array(along.a), np.array(along.b), along.step, along.start)
    return Made(shape, model=along.model or MODELS["along"])


def _fireball(ball: FireballInput, weather: WeatherClass) -> Shape:
    flame = bleve.fireball(ball.mass)
    law = probit.named(probit.THERMAL, ball.probit)
    path = bleve.course(flame, _fireball_power(ball, flame) * bleve.PEAK_OVER_MEAN)

    def lethality(distance: Floats) -> Floats:
        return probit.probability(probit.evaluate(law, bleve.dose(path, distance, exposure=ball.exposure)))

    return _fire_rings(lethality, flame.diameter / 2)


def _fireball_power(ball: FireballInput, flame: bleve.Fireball) -> float:
    share = bleve.radiative_fraction(ball.burst_pressure)
    return bleve.emissive_power(ball.mass, ball.heat_of_combustion, share, flame)


def _fire_rings(lethality: Callable[[Floats], Floats], inside: float, shift: float = 0.0) -> Shape:
    """Rings of lethality, 1 within the flame, as far as somebody dies."""
    reach = max(2 * inside, 10.0)
    while float(lethality(np.array([reach]))[0]) > 1e-4 and reach < 2e4:
        reach *= 1.5
    distance = np.linspace(0, reach, 300)
    chance = np.where(distance <= inside, 1.0, lethality(distance))
    return rings(distance, chance, shift=shift, points=600)


def _pool_fire(pool: PoolFire, weather: WeatherClass) -> Shape:
    law = probit.named(probit.THERMAL, pool.probit)
    within("exposure", pool.exposure, "s", 0, 1e4, above=True)

    def lethality(distance: Floats, *, downwind: bool) -> Floats:
        dose = probit.thermal_dose(pool_flux(pool, weather, distance, downwind=downwind), pool.exposure)
        return probit.probability(probit.evaluate(law, dose))

    down = _half_lethal(lambda r: lethality(r, downwind=True), pool.diameter / 2)
    shift = max(down - _half_lethal(lambda r: lethality(r, downwind=False), pool.diameter / 2), 0) / 2
    return _fire_rings(lambda r: lethality(r + shift, downwind=True), pool.diameter / 2, shift)


def _half_lethal(lethality: Callable[[Floats], Floats], inside: float) -> float:
    """Farthest distance [m] at which half of the people die; the flame's edge where it is nearer."""
    distance = np.geomspace(inside, inside * 200, 2000)
    reached = np.flatnonzero(lethality(distance) >= 0.5)
    return float(distance[reached[-1]]) if len(reached) else inside


def pool_flux(
    pool: PoolFire, weather: WeatherClass, distance: npt.ArrayLike, *, downwind: bool = True
) -> npt.NDArray[np.float64]:
    """Heat flux [W/m2] on a receiver at distances [m] from the pool's centre, down the wind or up it.

    A tilted cylinder downwind (Thomas, AGA tilt, Mudan's view factor); upwind, on the safe side, an upright one. Air is
    taken as transparent, on the safe side. Under the leaning flame the flux is the emissive power.
    """
    wind = float(poolfire.characteristic_wind(pool.burning_flux, pool.diameter, _AIR_DENSITY))
    scaled = min(weather.wind / wind, 100.0)
    drawn = float(poolfire.characteristic_wind(pool.burning_flux, pool.diameter, pool.vapour_density or _AIR_DENSITY))
    ratio = float(poolfire.length_thomas(pool.burning_flux, pool.diameter, _AIR_DENSITY, scaled))
    tilt = poolfire.tilt_aga(min(weather.wind / drawn, 100.0)).degrees if downwind else 0.0
    power = pool.emissive_power or float(poolfire.emissive_power_mudan_croce(pool.diameter))
    radius = pool.diameter / 2
    b = np.asarray(distance, float) / radius
    edge = max(1.0, 2 * ratio * np.sin(np.radians(tilt))) * 1.0001
    factor = tilted_cylinder(2 * ratio, np.maximum(b, edge), tilt).maximum
    return np.asarray(power * np.where(b > edge, np.minimum(factor, 1.0), 1.0), float)


def _explosion(cloud: ExplosionInput, weather: WeatherClass) -> Shape:
    law = probit.named(probit.OVERPRESSURE, cloud.probit)
    nearest, farthest = _blast_range(cloud)
    r = np.concatenate(([0.0], np.geomspace(nearest, farthest, 400)))
    chance = probit.probability(probit.evaluate(law, blast(cloud, r)))
    deadly = np.flatnonzero(chance > 1e-4)
    last = min(int(deadly[-1]) + 2 if len(deadly) else 2, len(r))
    return rings(r[:last], chance[:last], shift=cloud.drift, points=800)


def blast(cloud: ExplosionInput, distance: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Peak overpressure [Pa] at distances [m]; nearer than the curves go it stays what it is there."""
    nearest, farthest = _blast_range(cloud)
    r = np.clip(np.asarray(distance, float), nearest, farthest)
    if cloud.strength is not None:
        energy = float(vapour_cloud.energy_of_mass(cloud.mass, cloud.heat_of_combustion))
        scaled = np.clip(vapour_cloud.scaled_distance(r, energy), 0.1, 100)
        return vapour_cloud.multi_energy(scaled, cloud.strength).overpressure * vapour_cloud.STANDARD_PRESSURE
    scaled = np.clip(tnt.scaled_distance(r, _tnt_mass(cloud)), 0.05, 40)
    return tnt.kinney_graham(scaled) * tnt.STANDARD_PRESSURE


def _blast_range(cloud: ExplosionInput) -> tuple[float, float]:
    """Distances [m] between which the curves are valid."""
    if cloud.strength is not None:
        energy = float(vapour_cloud.energy_of_mass(cloud.mass, cloud.heat_of_combustion))
        length = 1 / float(vapour_cloud.scaled_distance(1.0, energy))
        return 0.1 * length, 100 * length
    length = float(np.cbrt(_tnt_mass(cloud)))
    return 0.05 * length, 40 * length


def _tnt_mass(cloud: ExplosionInput) -> float:
    assert cloud.efficiency is not None
    return float(tnt.equivalent_mass(cloud.mass, cloud.heat_of_combustion, cloud.efficiency))


_VAPOUR: dict[str, Callable[..., Made]] = {
    "toxic": vapour.toxic_plume,
    "toxic_puff": vapour.toxic_puff,
    "flash_fire": vapour.flash_fire,
    "flash_puff": vapour.flash_puff,
}
_SHAPES: dict[str, Callable[..., Shape]] = {
    "fireball": _fireball,
    "pool_fire": _pool_fire,
    "explosion": _explosion,
    "circle": lambda given, weather: circle(given.radius, given.lethality, shift=given.shift),
    "rings": lambda given, weather: rings(given.distance, given.lethality, shift=given.shift),
}


@lru_cache(maxsize=4096)
def _shape(kind: str, given: Hashable, weather: WeatherClass) -> Shape:
    """Kept: a park that is computed again has most of its fires and blasts as before."""
    return _SHAPES[kind](given, weather)


@dataclass(frozen=True)
class Effect:
    """What hits a neighbour: ``heat`` [W/m2] for ``duration`` [s], or ``overpressure`` [Pa]; None: no such effect."""

    heat: float | None = None
    duration: float | None = None
    overpressure: float | None = None


def effect_at(outcome: Outcome, weather: WeatherClass, distance: float) -> Effect:
    """The worst heat or overpressure of an outcome at a distance [m]."""
    if outcome.explosion is not None:
        return Effect(overpressure=float(blast(outcome.explosion, max(distance - abs(outcome.explosion.drift), 0.0))))
    if outcome.pool_fire is not None:
        return Effect(heat=float(pool_flux(outcome.pool_fire, weather, distance)))
    if outcome.fireball is not None:
        flame = bleve.fireball(outcome.fireball.mass)
        power = _fireball_power(outcome.fireball, flame)
        return Effect(heat=float(bleve.flux(power, flame, distance)), duration=flame.duration)
    return Effect()


__all__ = ["Effect", "Made", "OutOfRange", "depends_on_weather", "effect_at", "footprint"]
