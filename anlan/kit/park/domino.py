"""Which fire or blast of one source may bring down another, by the pack of domino thresholds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import exp, hypot

import numpy as np

from anlan.kernels.consequence.probit import Coefficients
from anlan.kernels.qra import domino
from anlan.kernels.validity import OutOfRange
from anlan.kit.park.assembly import Case, Scene
from anlan.kit.park.footprints import Effect, blast, effect_at, pool_flux
from anlan.kit.park.inputs import BadRun, Heat, Reading, Source
from anlan.packs.families import domino_thresholds
from anlan.packs.families.domino_thresholds import DominoThresholds, Equipment

#: Heat above which no law of time to failure holds [W/m2]; the most that is taken of a blast [Pa]: clouds of
#: hydrocarbons in air detonate at about 1.8 MPa, the curves of TNT go far beyond that close to their middle.
HOTTEST, HARDEST = 300e3, 2e6
#: Kind of effect, value, threshold, probability.
Hit = tuple[str, float, float, float]


@dataclass(frozen=True)
class Escalation:
    """A case that reaches a neighbour's threshold. ``value`` in kW/m2 or kPa, ``frequency`` of escalation [1/yr]."""

    case: Case
    target: Source
    kind: str
    distance: float
    value: float
    threshold: float
    probability: float
    frequency: float


def escalations(reading: Reading, scene: Scene, on: date) -> list[Escalation]:
    """Every pair of case and neighbour whose threshold is reached, most often first; of pools on fire the worst weather
    counts; a jet points down the wind, and a cloud that drifts before it explodes goes with it."""
    if not any(source.equipment for source in scene.run.sources):
        return []
    pack = domino_thresholds.load(on)
    found = [one for case in scene.cases for one in _of_case(reading, scene, case, pack)]
    return sorted(found, key=lambda one: -one.frequency)


def _of_case(reading: Reading, scene: Scene, case: Case, pack: DominoThresholds) -> Iterator[Escalation]:
    targets = [one for one in scene.run.sources if one is not case.source and one.equipment]
    metres = [hypot(target.x - case.source.x, target.y - case.source.y) for target in targets]
    for target in targets:
        if target.equipment not in pack.equipment:
            known = "、".join(pack.equipment)
            raise BadRun([reading.problem(target, f"{target.name}：没有设备类 {target.equipment}，有：{known}")])
    pools = _pool_heat(scene, case, metres)
    for target, distance, heat in zip(targets, metres, pools, strict=True):
        try:
            worst = _hit(Effect(heat=heat), target, pack) if heat is not None else _of_pair(scene, case, target, pack)
        except OutOfRange as error:
            raise BadRun([reading.problem(target, f"{target.name} 受 {case.name}：{error}")]) from error
        if worst:
            kind, value, threshold, probability = worst
            often = case.frequency * probability
            yield Escalation(case, target, kind, distance, value, threshold, probability, often)


def _pool_heat(scene: Scene, case: Case, metres: Sequence[float]) -> Sequence[float | None]:
    """Heat of a burning pool at distances [W/m2], in the weather in which it is hottest there; None of other cases."""
    pool = case.outcome.pool_fire
    if pool is None or not metres:
        return [None] * len(metres)
    found = [pool_flux(pool, sky, metres) for sky in scene.run.weather.classes]
    hottest: list[float] = np.max(found, axis=0).tolist()
    return hottest


def _of_pair(scene: Scene, case: Case, target: Source, pack: DominoThresholds) -> Hit | None:
    """What a case that is no burning pool does to a neighbour; of jets and drifted clouds over all winds."""
    distance = hypot(target.x - case.source.x, target.y - case.source.y)
    if case.outcome.explosion is not None and case.outcome.explosion.drift:
        return _drifted(scene, case, target, pack)
    if case.outcome.rings is not None and case.outcome.rings.heat is not None:
        return _jetted(scene, case, case.outcome.rings.heat, target, pack)
    return _hit(_capped(effect_at(case.outcome, scene.run.weather.classes[0], distance)), target, pack)


def _drifted(scene: Scene, case: Case, target: Source, pack: DominoThresholds) -> Hit | None:
    """The blast of a cloud that has drifted with the wind: the strongest, and the probability over all directions."""
    cloud = case.outcome.explosion
    assert cloud is not None
    rose = scene.park.rose.probability
    angle = 2 * np.pi * np.arange(rose.shape[1]) / rose.shape[1]
    east = target.x - case.source.x - cloud.drift * np.cos(angle)
    north = target.y - case.source.y - cloud.drift * np.sin(angle)
    peaks = np.minimum(blast(cloud, np.hypot(east, north)), HARDEST)
    unit = pack.equipment[target.equipment]
    if not domino.credible(float(peaks.max()) / 1e3, unit.overpressure, "kPa"):
        return None
    law = Coefficients(unit.blast.a, unit.blast.b, unit.blast.scale)
    chance = domino.escalation_by_blast(peaks, law, unit.overpressure * 1e3)
    share = rose.sum(axis=0) / rose.sum()
    return "超压", float(peaks.max()) / 1e3, unit.overpressure, float((share * chance).sum())


def _jetted(scene: Scene, case: Case, heat: Heat, target: Source, pack: DominoThresholds) -> Hit | None:
    """The heat of a jet that points down the wind: the strongest, and the probability over all directions."""
    east, north = target.x - case.source.x, target.y - case.source.y
    rose, distance = scene.park.rose.probability, hypot(east, north)
    share = rose.sum(axis=0) / rose.sum()
    blows = 2 * np.pi * np.arange(len(share)) / len(share)
    off = np.abs((blows - np.arctan2(north, east) + np.pi) % (2 * np.pi) - np.pi)
    here = [np.interp(distance, heat.distance, spoke) for spoke in np.array(heat.flux).T]
    fluxes = np.minimum(np.interp(off, heat.angle, here), HOTTEST)
    hits = [
        (_hit(Effect(heat=float(flux), duration=heat.seconds), target, pack), part)
        for flux, part in zip(fluxes, share, strict=True)
    ]
    struck = [(hit, float(part)) for hit, part in hits if hit]
    if not struck:
        return None
    chance = sum(hit[3] * part for hit, part in struck)
    kind, value, threshold, _ = max((hit for hit, _ in struck), key=lambda hit: hit[1])
    return kind, value, threshold, chance


def _capped(effect: Effect) -> Effect:
    peak = effect.overpressure
    return effect if peak is None else replace(effect, overpressure=min(peak, HARDEST))


def _hit(effect: Effect, target: Source, pack: DominoThresholds) -> Hit | None:
    """None below the threshold."""
    unit = pack.equipment[target.equipment]
    if effect.overpressure is not None and domino.credible(effect.overpressure / 1e3, unit.overpressure, "kPa"):
        law = Coefficients(unit.blast.a, unit.blast.b, unit.blast.scale)
        chance = float(domino.escalation_by_blast(effect.overpressure, law, unit.overpressure * 1e3))
        return "超压", effect.overpressure / 1e3, unit.overpressure, chance
    if effect.heat is None or unit.heat is None or not domino.credible(effect.heat / 1e3, unit.heat, "kW/m2"):
        return None
    if effect.duration is not None and unit.heat_minutes is not None and effect.duration < unit.heat_minutes * 60:
        return None
    return "热辐射", effect.heat / 1e3, unit.heat, _by_heat(effect, target, unit, pack)


def _by_heat(effect: Effect, target: Source, unit: Equipment, pack: DominoThresholds) -> float:
    """Probability by time to failure; 1, on the safe side, where the class has no law for such a volume or heat."""
    given = unit.time_to_failure
    if given is None or target.volume is None or effect.heat is None or effect.heat > HOTTEST:
        return 1.0
    size = (given.volume_from, given.volume_to)
    law = domino.TimeToFailure(given.slope, given.size, given.power, given.constant, size)
    volume = _within_law(target.volume, law)
    if volume is None:
        return 1.0
    seconds = exp(float(domino.log_time_to_failure(effect.heat / 1e3, volume, law)))
    mitigation = Coefficients(pack.mitigation.a, pack.mitigation.b, pack.mitigation.scale)
    lasting = effect.duration if effect.duration is not None else float("inf")
    return float(domino.escalation_by_heat(seconds, mitigation, lasting))


def _within_law(volume: float, law: domino.TimeToFailure) -> float | None:
    """The volume, or the end of the law's range [m3] that fails sooner; None where neither end does."""
    low, high = law.volume
    slower_if_larger = law.size > 0
    if volume > high:
        return high if slower_if_larger else None
    if volume < low:
        return None if slower_if_larger else low
    return volume
