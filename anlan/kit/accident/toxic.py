"""Poison in the air: where thresholds are reached, and where it kills."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from anlan.kernels.consequence.footprint import ToxicProbit
from anlan.kernels.consequence.outflow import ATMOSPHERE
from anlan.kernels.consequence.substance import GAS_CONSTANT, Substance
from anlan.kernels.validity import OutOfRange
from anlan.kit.accident.cloud import REACH, Concentration, Drift, lethal_strip
from anlan.kit.accident.inputs import Sky
from anlan.kit.accident.zones import Effect, Level, Zone, strip, united
from anlan.packs.families import toxic_probits, toxic_thresholds
from anlan.packs.families.accident import Accident, ToxicGroup
from anlan.packs.families.toxic_thresholds import Threshold

#: Probit less 5 at which 1 % and 50 % die.
DEADLY = (("lethal-1", 0.01, -2.3263), ("lethal-50", 0.5, 0.0))
PPM = 1e-6
NO_PROBIT = "没有这种物质的致死概率数据，不画致死区"
DURATIONS = (10, 30, 60, 240, 480)


def toxic(substance: Substance, drifts: Sequence[Drift], sky: Sky, pack: Accident, on: date) -> Effect | None:
    """Zones of poison; None for a substance for which no threshold and no probit is known."""
    exposure = max(float(np.max(one.lasting(np.array([100.0])))) for one in drifts)
    zones, lost = _thresholds(drifts, _levels(substance, exposure, sky, pack, on))
    zones += _deadly(substance, drifts, sky, on)
    if not zones:
        return None
    figures = (("exposure", exposure, "s"),)
    notes = (
        ()
        if any(zone.level.key.startswith("lethal") for zone in zones)
        else ("没有这种物质的致死概率数据，不画致死区",)
    )
    models = tuple(dict.fromkeys(one.model for one in drifts))
    return Effect("toxic", tuple(zones), figures, models, (*lost, *notes), Concentration(tuple(drifts)))


def _thresholds(drifts: Sequence[Drift], levels: Iterator[Level]) -> tuple[list[Zone], tuple[str, ...]]:
    """Zones of the levels that end somewhere, and which are met as far as clouds are followed: those are not drawn."""
    zones, lost = [], []
    for level in levels:
        try:
            zones.append(Zone(level, united([strip(*one.strip(level.value)) for one in drifts])))
        except OutOfRange:
            lost.append(f"{level.name} 的范围超出 {REACH / 1000:.0f} km，没有画出")
    return zones, tuple(lost)


def _levels(substance: Substance, exposure: float, sky: Sky, pack: Accident, on: date) -> Iterator[Level]:
    """Thresholds from the mildest, by the first group of which the substance has any."""
    known = toxic_thresholds.of(substance.cas, on)
    group = next((one for one in pack.toxic if any(row.kind in one.kinds for row in known)), None)
    if group is None:
        return
    for row in reversed(_chosen(known, group, exposure / 60)):
        number = group.kinds.index(row.kind)
        name = row.kind if row.minutes is None else f"{row.kind}（{row.minutes} 分钟）"
        value = kilograms(row.ppm, substance, sky)
        yield Level(
            row.kind, name, value, "kg/m³", group.ranks[number], group.harms[number],
            f"{row.ppm:g} ppm，{row.source}", row.confidence,
        )  # fmt: skip


def _chosen(known: Sequence[Threshold], group: ToxicGroup, minutes: float) -> list[Threshold]:
    """One row of each kind: for the shortest tabled time that is not below the exposure, else the longest."""
    wanted = next((time for time in DURATIONS if time >= minutes - 0.5), DURATIONS[-1])
    rows = []
    for kind in group.kinds:
        found = sorted((row for row in known if row.kind == kind), key=lambda row: row.minutes or 0)
        if found:
            rows.append(next((row for row in found if (row.minutes or 0) >= wanted), found[-1]))
    return rows


def kilograms(ppm: float, substance: Substance, sky: Sky) -> float:
    """Concentration of a gas [kg/m3] at the temperature of the air."""
    return ppm * PPM * substance.molar_mass * ATMOSPHERE / (GAS_CONSTANT * sky.temperature)


def probit_of(substance: Substance, sky: Sky, on: date) -> tuple[ToxicProbit, str, str] | None:
    """Probit with its source and confidence: the user's own, else the Purple Book's, else Lees'."""
    families: tuple[toxic_probits.Family, ...] = ("own", "purple-book", "lees")
    row = next((one for family in families if (one := toxic_probits.find(substance.cas, family, on))), None)
    if row is None:
        return None
    unit = PPM if row.concentration_unit == "mg/m3" else kilograms(1.0, substance, sky)
    return ToxicProbit(row.a, row.b, row.n, unit), row.source, row.confidence


def _deadly(substance: Substance, drifts: Sequence[Drift], sky: Sky, on: date) -> list[Zone]:
    found = probit_of(substance, sky, on)
    if found is None:
        return []
    law, source, confidence = found
    footprints = [one.deadly(law) for one in drifts]
    zones = []
    for key, share, cutoff in DEADLY:
        shape = united([strip(*lethal_strip(one, cutoff)) for one in footprints])
        harm = f"室外停留者约 {share:.0%} 死亡"
        level = Level(key, f"致死率 {share:.0%}", share, "-", 4, harm, source, confidence)
        zones.append(Zone(level, shape))
    return zones
