"""Fire: flash fire of a cloud, jet fire, pool fire, fireball."""

from collections.abc import Callable, Sequence

import numpy as np
import shapely

from anlan.kernels.consequence import bleve, jet_fire, poolfire
from anlan.kernels.consequence.outflow import ATMOSPHERE, gas_density
from anlan.kernels.consequence.release import Release
from anlan.kernels.consequence.substance import GAS_CONSTANT, Substance
from anlan.kernels.consequence.view_factor import tilted_cylinder
from anlan.kernels.validity import OutOfRange
from anlan.kit.accident.cloud import AIR, Concentration, Drift
from anlan.kit.accident.inputs import Sky, Store
from anlan.kit.accident.source import Source
from anlan.kit.accident.zones import Effect, Field, Floats, Level, Zone, disc, strip, united
from anlan.packs.families.accident import Accident

KILO = 1000.0
#: Directions of half a circle in which heat is sampled, and at how many distances.
SPOKES, SAMPLES = 19, 30
POOL = "池火（Thomas 火焰长度、AGA 倾角、Mudan 视角系数）"
LOCALLY = "局部可能达到可燃浓度"
UPWIND_SAFE = "上风侧按直立火焰计算，偏安全"


def limits(substance: Substance, sky: Sky) -> tuple[float, float] | None:
    """Lower and upper flammable limit [kg/m3]; None where the substance does not burn or has none known."""
    low, high = substance.lower_flammable_limit, substance.upper_flammable_limit
    if low is None or not substance.is_fuel():
        return None
    pure = substance.molar_mass * ATMOSPHERE / (GAS_CONSTANT * sky.temperature)
    return low * pure, (high if high is not None else 1.0) * pure


def flash_fire(substance: Substance, drifts: Sequence[Drift], sky: Sky, pack: Accident) -> Effect | None:
    """Where the cloud can burn: to the lower flammable limit, and to a share of it."""
    found = limits(substance, sky)
    if found is None:
        return None
    low, _ = found
    share = pack.assumed("flash_share")
    ppm = (substance.lower_flammable_limit or 0) * 1e6
    source = f"爆炸下限 {ppm:.0f} ppm，chemicals/substances"
    levels = (
        Level(
            "flammable-share", f"爆炸下限的 {share:.0%}", low * share, "kg/m³", 3, "局部可能达到可燃浓度", source, ""
        ),
        Level("flammable", "爆炸下限", low, "kg/m³", 4, "点燃时身处其中者按死亡计", source, ""),
    )
    zones = tuple(Zone(one, united([strip(*each.strip(one.value)) for each in drifts])) for one in levels)
    if zones[0].shape.is_empty:
        return None
    models = tuple(dict.fromkeys(each.model for each in drifts))
    return Effect("flash_fire", zones, (), models, (), Concentration(tuple(drifts)))


def heat_levels(pack: Accident) -> list[Level]:
    """From the mildest."""
    rows = sorted(pack.heat, key=lambda one: one.value)
    return [
        Level(one.key, f"{one.value:g} kW/m²", one.value * KILO, "W/m²", one.rank, one.harm, one.source, "")
        for one in rows
    ]


class Radiant(Field):
    """Heat at points, by a function of them [W/m2]."""

    unit = "W/m²"

    def __init__(self, flux: Callable[[Floats, Floats], Floats], seconds: float) -> None:
        self._flux, self.seconds = flux, seconds

    def at(self, x: Floats, y: Floats) -> Floats:
        x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
        return self._flux(x, y)

    def lasting(self, x: Floats, y: Floats) -> Floats:
        return np.full(np.broadcast(x, y).shape, self.seconds)


def fireball(substance: Substance, store: Store, afloat: float, pack: Accident) -> Effect | None:
    """The fireball when a vessel of liquefied flammable gas bursts and is ignited at once."""
    heat = substance.heat_of_combustion
    if heat is None or afloat <= 0.1 or not substance.is_fuel():
        return None
    ball = bleve.fireball(afloat)
    burst = store.burst_pressure or store.pressure_of(substance) * pack.assumed("fireball_burst")
    share = bleve.radiative_fraction(min(max(burst - ATMOSPHERE, 1e5), 6e6))
    power = bleve.emissive_power(afloat, heat, share, ball)
    zones = tuple(
        Zone(level, disc(max(bleve.distance_of_flux(level.value, power, ball), 0.0))) for level in heat_levels(pack)
    )
    figures = (
        ("fireball_mass", afloat, "kg"), ("fireball_diameter", ball.diameter, "m"),
        ("duration", ball.duration, "s"), ("emissive_power", power / KILO, "kW/m²"),
    )  # fmt: skip
    field = Radiant(lambda x, y: bleve.flux(power, ball, np.hypot(x, y)), ball.duration)
    return Effect("fireball", zones, figures, ("火球（Roberts 尺寸，静态球体）",), ("大气透射率取 1，偏安全",), field)


def pool_fire(substance: Substance, source: Source, sky: Sky, pack: Accident) -> Effect | None:
    """The fire of the pool at its largest."""
    heat = substance.heat_of_combustion
    if heat is None or not substance.is_fuel() or source.pool_diameter < 0.2:
        return None
    boiling = substance.boiling_temperature
    capacity = float(substance.liquid_heat_capacity((min(sky.temperature, boiling) + boiling) / 2))  # while it warms up
    fuel = poolfire.Fuel(heat, float(substance.heat_of_vaporisation(boiling)), capacity, boiling)
    diameter = min(source.pool_diameter, 1000.0)
    flux = min(poolfire.burning_flux_burgess(fuel, sky.temperature), 0.3)
    power = float(poolfire.emissive_power_mudan_croce(min(max(diameter, 1.0), 200.0)))
    flame = _Pool(diameter, flux, power, sky)
    zones = _around(flame.flux, heat_levels(pack), flame.radius)
    lasting = _burning(source, flux, diameter)
    figures = (
        ("pool_diameter", diameter, "m"), ("burning_flux", flux, "kg/(m²·s)"), ("flame_length", flame.length, "m"),
        ("flame_tilt", flame.tilt, "°"), ("emissive_power", power / KILO, "kW/m²"), ("duration", lasting, "s"),
    )  # fmt: skip
    field = Radiant(flame.flux, lasting)
    return Effect(
        "pool_fire", zones, figures, ("池火（Thomas 火焰长度、AGA 倾角、Mudan 视角系数）",), (UPWIND_SAFE,), field
    )


def _burning(source: Source, flux: float, diameter: float) -> float:
    """How long the pool's liquid burns [s]."""
    pool = source.pool
    most = float((pool.mass + pool.evaporated).max()) if pool is not None else 0.0
    return most / (flux * np.pi / 4 * diameter**2)


class _Pool:
    """A burning pool in wind."""

    def __init__(self, diameter: float, flux: float, power: float, sky: Sky) -> None:
        air = gas_density(ATMOSPHERE, sky.temperature, AIR)
        scaled = min(sky.wind / float(poolfire.characteristic_wind(flux, diameter, air)), 100.0)
        self.radius, self.power = diameter / 2, power
        self.ratio = float(poolfire.length_thomas(flux, diameter, air, scaled))
        self.length = self.ratio * diameter
        self.tilt = poolfire.tilt_aga(scaled).degrees

    def flux(self, x: Floats, y: Floats) -> Floats:
        """Heat at points: the leaning flame ahead, an upright one behind and beside."""
        distance = np.hypot(x, y)
        ahead = np.where(distance > 0, np.maximum(x, 0) / np.maximum(distance, 1e-9), 1.0)
        lean, upright = self._towards(distance, self.tilt), self._towards(distance, 0.0)
        return np.asarray(upright + ahead * (np.maximum(lean, upright) - upright))

    def _towards(self, distance: Floats, tilt: float) -> Floats:
        b = distance / self.radius
        edge = max(1.0, 2 * self.ratio * np.sin(np.radians(tilt))) * 1.0001
        factor = tilted_cylinder(2 * self.ratio, np.maximum(b, edge), tilt).maximum
        return np.asarray(self.power * np.where(b > edge, np.minimum(factor, 1.0), 1.0))


def jet(substance: Substance, out: Release | None, store: Store, sky: Sky, pack: Accident) -> Effect | None:
    """A burning jet in the direction of the wind, ignited at once."""
    heat = substance.heat_of_combustion
    if out is None or out.flashed <= 0 or heat is None or not substance.is_fuel():
        return None
    burning = out.mass_rate if out.phase == "gas" else out.airborne_rate
    if burning * heat < 1e5:
        return None
    made = _frustum(substance, out, burning, sky) if out.phase == "gas" else None
    made = made or _point(burning * heat, sky, pack)
    flux, length, model, notes = made
    zones = _around(flux, heat_levels(pack), 0.1)
    figures = (("burning_rate", burning, "kg/s"), ("flame_length", length, "m"))
    return Effect("jet_fire", zones, figures, (model,), notes, Radiant(flux, 0.0))


_Made = tuple[Callable[[Floats, Floats], Floats], float, str, tuple[str, ...]]


def _frustum(substance: Substance, out: Release, rate: float, sky: Sky) -> _Made | None:
    """Chamberlain's solid flame; None outside its range."""
    release = jet_fire.Release(
        rate, max(out.velocity, 1.0), out.density, substance.molar_mass, substance.heat_of_combustion or 0.0, 0.0
    )
    try:
        flame = jet_fire.chamberlain(release, min(sky.wind, 30.0), gas_density(ATMOSPHERE, sky.temperature, AIR))
    except OutOfRange:
        return None

    def one(x: float, y: float) -> float:
        try:
            return jet_fire.frustum_flux(flame, (x, 0.0, y), sky.temperature, sky.humidity)[1]
        except OutOfRange:  # within the flame
            return flame.emissive_power

    flux = np.vectorize(one, otypes=[float])
    return lambda x, y: np.asarray(flux(x, y)), flame.length, "喷射火（Chamberlain 圆台火焰）", ("喷口水平、顺风",)


def _point(power: float, sky: Sky, pack: Accident) -> _Made:
    length = float(jet_fire.length_api(min(power, 1e11)))
    share = pack.assumed("jet_fraction")

    def flux(x: Floats, y: Floats) -> Floats:
        places = np.column_stack((np.ravel(x), np.zeros(np.size(x)), np.ravel(y)))
        away = np.hypot(places[:, 0] - length / 2, places[:, 2])
        near = away < 0.05 * length
        places[near, 2] += 0.05 * length
        return jet_fire.flux_api(power, share, 0.0, places).reshape(np.shape(x))

    notes = (f"辐射份额取 {share:g}", "喷口水平、顺风")
    return flux, length, "喷射火（API 521 点源）", notes


def _around(flux: Callable[[Floats, Floats], Floats], levels: Sequence[Level], inside: float) -> tuple[Zone, ...]:
    """The regions about the axis in which the heat reaches each level: farthest distance on every spoke.

    The heat is the same on both sides of the axis, so one half is sampled; between samples it falls as a power.
    """
    centre = _hottest(flux, inside)
    angle = np.linspace(0, np.pi, SPOKES)
    distance = np.geomspace(max(inside, 0.05), _farthest(flux, centre, levels[0].value, inside), SAMPLES)
    heat = flux(centre + np.outer(np.cos(angle), distance), np.outer(np.sin(angle), distance))
    return tuple(Zone(level, _region(centre, angle, distance, heat, level.value)) for level in levels)


def _farthest(flux: Callable[[Floats, Floats], Floats], centre: float, level: float, inside: float) -> float:
    """A distance at which the mildest level is met no more [m]."""
    distance = max(4 * inside, 4.0)
    along, across = np.array([1.0, -1.0, 0.0]), np.array([0.0, 0.0, 1.0])
    while (flux(centre + along * distance, across * distance) >= level).any() and distance < 1e5:
        distance *= 2
    return distance


def _region(centre: float, angle: Floats, distance: Floats, heat: Floats, level: float) -> shapely.Geometry:
    reach = np.array([_last(distance, row, level) for row in heat])
    if not reach.any():
        return shapely.Polygon()
    ring = np.column_stack((centre + reach * np.cos(angle), reach * np.sin(angle)))
    mirrored = ring[::-1] * (1, -1)
    return shapely.make_valid(shapely.Polygon(np.concatenate((ring, mirrored))))


def _last(distance: Floats, heat: Floats, level: float) -> float:
    """Farthest distance [m] at which the heat is still at a level, between samples by a power law; 0 where nowhere."""
    met = np.flatnonzero(heat >= level)
    if not len(met):
        return 0.0
    last = int(met[-1])
    if last == len(distance) - 1 or heat[last + 1] <= 0:
        return float(distance[last])
    share = np.log(heat[last] / level) / np.log(heat[last] / heat[last + 1])
    return float(distance[last] * (distance[last + 1] / distance[last]) ** share)


def _hottest(flux: Callable[[Floats, Floats], Floats], inside: float) -> float:
    """Where on the axis the heat is greatest [m]: the middle of a flame that the wind carries."""
    x = np.concatenate(([0.0], np.geomspace(max(inside, 0.5), 500, 40)))
    value = np.asarray(flux(x, np.zeros_like(x)))
    hottest = x[value >= 0.98 * value.max()]
    return float(hottest.mean())
