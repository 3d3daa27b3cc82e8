"""Blast: of a vapour cloud by TNT equivalence, and of a vessel of compressed gas that bursts."""

from collections.abc import Callable, Sequence

import numpy as np

from anlan.kernels.consequence import tnt, vessel_burst
from anlan.kernels.consequence.outflow import ATMOSPHERE
from anlan.kernels.consequence.substance import Substance
from anlan.kit.accident.cloud import Drift
from anlan.kit.accident.fire import limits
from anlan.kit.accident.inputs import Sky, Store
from anlan.kit.accident.zones import Effect, Field, Floats, Level, Zone, disc
from anlan.packs.families.accident import Accident

KILO = 1000.0
#: Range of the free-air curves [m/kg^(1/3)].
NEAREST, FARTHEST = 0.05, 40.0
SOUND = 340.0
#: A vessel near the ground; how far the curve of a burst goes, scaled by its energy [-].
REFLECTION, CURVE_ENDS = 2.0, 10.9
TNT, BURST = "蒸气云爆炸（TNT 当量，Kinney–Graham 曲线）", "压力容器爆裂（等熵膨胀能）"


class Pressure(Field):
    """Peak overpressure [Pa] about a point on the axis."""

    unit = "Pa"

    def __init__(self, of_distance: Callable[[Floats], Floats], centre: float) -> None:
        self._of, self.centre = of_distance, centre

    def at(self, x: Floats, y: Floats) -> Floats:
        return self._of(np.hypot(np.asarray(x, float) - self.centre, y))

    def arrival(self, x: Floats, y: Floats) -> Floats:
        return np.asarray(np.hypot(np.asarray(x, float) - self.centre, y) / SOUND)


def levels(pack: Accident) -> list[Level]:
    """From the mildest."""
    rows = sorted(pack.overpressure, key=lambda one: one.value)
    return [
        Level(one.key, f"{one.value:g} kPa", one.value * KILO, "Pa", one.rank, one.harm, one.source, "memory")
        for one in rows
    ]


def vapour_cloud(substance: Substance, drifts: Sequence[Drift], sky: Sky, pack: Accident) -> Effect | None:
    """The cloud explodes when it holds most: about the middle of its flammable part."""
    found, heat = limits(substance, sky), substance.heat_of_combustion
    if found is None or heat is None:
        return None
    masses = [one.burning_mass(*found) for one in drifts]
    mass = max(masses)
    if mass < pack.assumed("least_cloud"):
        return None
    x, width = drifts[int(np.argmax(masses))].strip(found[0])
    met = x[width > 0]
    centre = float((met[0] + met[-1]) / 2) if len(met) else 0.0
    charge = float(tnt.equivalent_mass(mass, heat, pack.assumed("tnt_efficiency")))
    of = _charge(charge)
    zones = tuple(
        Zone(level, disc(_distance(of, level.value, FARTHEST * charge ** (1 / 3)), centre)) for level in levels(pack)
    )
    figures = (("flammable_mass", mass, "kg"), ("tnt_mass", charge, "kg"), ("centre", centre, "m"))
    note = f"TNT 当量系数取 {pack.assumed('tnt_efficiency'):g}；爆炸中心取可燃云团中部"
    return Effect(
        "explosion", zones, figures, ("蒸气云爆炸（TNT 当量，Kinney–Graham 曲线）",), (note,), Pressure(of, centre)
    )


def _charge(mass: float) -> Callable[[Floats], Floats]:
    def overpressure(distance: Floats) -> Floats:
        scaled = np.clip(np.asarray(distance, float) / mass ** (1 / 3), NEAREST, FARTHEST)
        return np.asarray(tnt.kinney_graham(scaled) * tnt.STANDARD_PRESSURE)

    return overpressure


def _distance(of: Callable[[Floats], Floats], level: float, farthest: float) -> float:
    """Where the overpressure falls to a level [m]."""
    r = np.geomspace(farthest * 1e-3, farthest, 2000)
    met = np.flatnonzero(of(r) >= level)
    return float(r[met[-1]]) if len(met) else 0.0


def gas_burst(substance: Substance, store: Store, pack: Accident) -> Effect | None:
    """A vessel of compressed gas bursts: blast and how far fragments may fly."""
    stored = store.pressure_of(substance)
    pressure = store.burst_pressure or stored
    if pressure < 2 * ATMOSPHERE:
        return None
    gamma = substance.heat_capacity_ratio(store.temperature)
    volume = store.mass * substance.gas_constant() * store.temperature / stored
    energy = float(vessel_burst.isentropic_energy(pressure, ATMOSPHERE, volume, gamma))
    sound = float(np.sqrt(gamma * substance.gas_constant() * store.temperature))
    burst = vessel_burst.Burst(energy, pressure, volume, gamma, sound, REFLECTION, ATMOSPHERE)

    farthest = CURVE_ENDS * float((REFLECTION * energy / ATMOSPHERE) ** (1 / 3))

    def overpressure(distance: Floats) -> Floats:
        """Within the vessel as at its wall; beyond the curve as at its end, far below every threshold."""
        radius = (3 * volume / (2 * np.pi)) ** (1 / 3)
        asked = np.clip(np.asarray(distance, float), 1.05 * radius, max(farthest, 1.06 * radius))
        return np.asarray(vessel_burst.blast(burst, asked).overpressure)

    zones = tuple(Zone(level, disc(_distance(overpressure, level.value, farthest))) for level in levels(pack))
    figures = (("burst_energy", energy / 1e6, "MJ"), ("volume", volume, "m³"))
    return Effect(
        "vessel_burst", zones, figures, ("压力容器爆裂（等熵膨胀能）",), ("不含碎片",), Pressure(overpressure, 0.0)
    )


__all__ = ["gas_burst", "vapour_cloud"]
