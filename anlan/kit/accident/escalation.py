"""Whether the fire or blast of an accident brings down a neighbouring vessel, by the pack of domino thresholds."""

from dataclasses import dataclass
from math import exp, isfinite

from anlan.kernels.consequence.probit import Coefficients
from anlan.kernels.qra import domino
from anlan.kernels.validity import OutOfRange
from anlan.packs.families.domino_thresholds import DominoThresholds, Equipment

KILO, MINUTE = 1000.0, 60.0


@dataclass(frozen=True)
class Load:
    """What comes to a vessel: ``heat`` [W/m2] for ``lasting`` [s], or ``overpressure`` [Pa]."""

    heat: float | None = None
    overpressure: float | None = None
    lasting: float | None = None


@dataclass(frozen=True)
class Escalation:
    """``value`` and ``threshold`` in kW/m2 or kPa; ``probability`` of escalation [-]; ``certain``: taken as sure
    because the class has no law of failure, or the vessel's volume is not known or outside the law's range."""

    kind: str
    value: float
    threshold: float
    probability: float
    certain: bool = False


def escalation(load: Load, unit: Equipment, volume: float | None, pack: DominoThresholds) -> Escalation | None:
    """An escalation of a vessel of a class with a volume [m3]; None below the threshold, or where a fire is too short.

    Raises
    ------
    OutOfRange
        A load that is negative or no number.
    """
    if load.overpressure is not None:
        peak = load.overpressure / KILO
        if not domino.credible(peak, unit.overpressure, "kPa"):
            return None
        law = Coefficients(unit.blast.a, unit.blast.b, unit.blast.scale)
        chance = float(domino.escalation_by_blast(min(load.overpressure, 1e7), law, unit.overpressure * KILO))
        return Escalation("overpressure", peak, unit.overpressure, chance)
    if load.heat is None or unit.heat is None or not domino.credible(load.heat / KILO, unit.heat, "kW/m2"):
        return None
    lasting = load.lasting
    if lasting is not None and unit.heat_minutes is not None and lasting < unit.heat_minutes * MINUTE:
        return None
    probability = _by_heat(load.heat / KILO, lasting, unit, volume, pack)
    return Escalation(
        "heat", load.heat / KILO, unit.heat, 1.0 if probability is None else probability, probability is None
    )


def _by_heat(
    flux: float, lasting: float | None, unit: Equipment, volume: float | None, pack: DominoThresholds
) -> float | None:
    """By the time to failure; None where the law does not cover the vessel."""
    given = unit.time_to_failure
    if given is None or volume is None:
        return None
    law = domino.TimeToFailure(
        given.slope, given.size, given.power, given.constant, (given.volume_from, given.volume_to)
    )
    try:
        seconds = exp(float(domino.log_time_to_failure(min(flux, 300.0), volume, law)))
    except OutOfRange:
        return None
    mitigation = Coefficients(pack.mitigation.a, pack.mitigation.b, pack.mitigation.scale)
    fire = lasting if lasting is not None and isfinite(lasting) else float("inf")
    return float(domino.escalation_by_heat(seconds, mitigation, fire))
