"""Which fire or blast of one source may bring down another, by the pack of domino thresholds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import exp, hypot

from anlan.kernels.consequence.probit import Coefficients
from anlan.kernels.qra import domino
from anlan.kernels.validity import OutOfRange
from anlan.kit.park.assembly import Case, Scene
from anlan.kit.park.footprints import Effect, effect_at
from anlan.kit.park.inputs import BadRun, Reading, Source
from anlan.packs.families import domino_thresholds
from anlan.packs.families.domino_thresholds import DominoThresholds, Equipment


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
    """Every pair of case and neighbour whose threshold is reached, most often first; the worst weather counts."""
    if not any(source.equipment for source in scene.run.sources):
        return []
    pack = domino_thresholds.load(on)
    found = [one for case in scene.cases for one in _of_case(reading, scene, case, pack)]
    return sorted(found, key=lambda one: -one.frequency)


def _of_case(reading: Reading, scene: Scene, case: Case, pack: DominoThresholds) -> Iterator[Escalation]:
    for target in scene.run.sources:
        if target is case.source or not target.equipment:
            continue
        if target.equipment not in pack.equipment:
            known = "、".join(pack.equipment)
            raise BadRun([reading.problem(target, f"{target.name}：没有设备类 {target.equipment}，有：{known}")])
        distance = hypot(target.x - case.source.x, target.y - case.source.y)
        weathers = scene.run.weather.classes if case.outcome.pool_fire else scene.run.weather.classes[:1]
        try:
            hits = [_hit(effect_at(case.outcome, sky, distance), target, pack) for sky in weathers]
        except OutOfRange as error:
            raise BadRun([reading.problem(target, f"{target.name} 受 {case.name}：{error}")]) from error
        worst = max((hit for hit in hits if hit), key=lambda hit: hit[3], default=None)
        if worst:
            kind, value, threshold, probability = worst
            often = case.frequency * probability
            yield Escalation(case, target, kind, distance, value, threshold, probability, often)


def _hit(effect: Effect, target: Source, pack: DominoThresholds) -> tuple[str, float, float, float] | None:
    """Kind, value, threshold and probability of an escalation; None below the threshold."""
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
    """Probability by time to failure; 1, on the safe side, where the class has no law or the volume is not given."""
    given = unit.time_to_failure
    if given is None or target.volume is None or effect.heat is None:
        return 1.0
    size = (given.volume_from, given.volume_to)
    law = domino.TimeToFailure(given.slope, given.size, given.power, given.constant, size)
    seconds = exp(float(domino.log_time_to_failure(effect.heat / 1e3, target.volume, law)))
    mitigation = Coefficients(pack.mitigation.a, pack.mitigation.b, pack.mitigation.scale)
    lasting = effect.duration if effect.duration is not None else float("inf")
    return float(domino.escalation_by_heat(seconds, mitigation, lasting))
