"""Models of domino effects, over the pack core/domino_thresholds."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from anlan.kernels.consequence.probit import Coefficients
from anlan.kernels.qra import domino
from anlan.kernels.validity import OutOfRange
from anlan.kit.models.catalogue import model
from anlan.kit.models.packdate import day
from anlan.packs.families import domino_thresholds as pack

Answer = Mapping[str, object]
Class = Literal["atmospheric", "pressurised", "elongated", "small"]


@model("domino/thermal-escalation")
def thermal_escalation(
    *,
    I: float,  # noqa: E741  # the published name of the flux
    V: float,
    equipment: Literal["atmospheric", "pressurised"] = "atmospheric",
    fire_duration: float | None = None,
    on: str = "",
) -> Answer:
    """Time until a vessel in fire fails, and the chance that it does before it is cooled (Cozzani; Landucci 2009).

    Parameters
    ----------
    I : float
        Heat flux on the vessel [kW/m2].
    V : float
        Volume of the vessel [m3].
    equipment : str
        Class of the vessel [-].
    fire_duration : float
        A fire shorter than the time to failure does not escalate [s].
    on : str
        Day on which the pack must hold, ISO date; empty = today [-].

    Returns
    -------
    ln_ttf : float
        Logarithm of the time to failure in seconds [ln s].
    ttf : float
        Time to failure [s].
    credible : bool
        Whether the flux reaches the class's threshold [bool].
    escalation_probability : float
        0 below the threshold [-].
    """
    rules = pack.load(day(on))
    kind = _kind(rules, equipment)
    law = kind.time_to_failure
    if law is None or kind.heat is None:
        raise OutOfRange(f"equipment = {equipment}: the pack has no time to failure for it")
    bounds = law.volume_from, law.volume_to
    log_time = float(
        domino.log_time_to_failure(I, V, domino.TimeToFailure(law.slope, law.size, law.power, law.constant, bounds))
    )
    reached = domino.credible(I, kind.heat, "kW/m2")
    cooling = Coefficients(rules.mitigation.a, rules.mitigation.b, rules.mitigation.scale)
    lasts = np.inf if fire_duration is None else fire_duration
    chance = float(domino.escalation_by_heat(np.exp(log_time), cooling, lasts)) if reached else 0.0
    return {"ln_ttf": log_time, "ttf": np.exp(log_time), "credible": reached, "escalation_probability": chance}


def _kind(rules: pack.DominoThresholds, name: str) -> pack.Equipment:
    if name not in rules.equipment:
        raise OutOfRange(f"equipment = {name}: the pack knows {', '.join(rules.equipment)}")
    return rules.equipment[name]


@model("domino/overpressure-escalation")
def overpressure_escalation(*, dp: float, equipment: Class = "atmospheric", on: str = "") -> Answer:
    """Chance that blast damages equipment so that it releases (Cozzani & Salzano 2004).

    Parameters
    ----------
    dp : float
        Side-on peak [Pa].
    equipment : str
        Class of the equipment [-].
    on : str
        Day on which the pack must hold, ISO date; empty = today [-].

    Returns
    -------
    threshold : float
        Below it nothing escalates [Pa].
    credible : bool
        Whether the overpressure reaches the threshold [bool].
    escalation_probability : float
        Chance that the release follows [-].
    """
    kind = _kind(pack.load(day(on)), equipment)
    law = Coefficients(kind.blast.a, kind.blast.b, kind.blast.scale)
    threshold = 1000 * kind.overpressure
    return {
        "threshold": threshold,
        "credible": domino.credible(dp, threshold, "Pa"),
        "escalation_probability": domino.escalation_by_blast(dp, law, threshold),
    }


@model("domino/sum")
def combined(*, primary_f: float, escalation_p: list[float]) -> Answer:
    """How often which of several independent targets escalate (Cozzani et al. 2005).

    Parameters
    ----------
    primary_f : float
        Frequency of the primary event [1/yr].
    escalation_p : list
        Probability of escalation, one a target, up to 16 [-].

    Returns
    -------
    f_none : float
        No target escalates [1/yr].
    f_both : float
        With two targets: both [1/yr].
    f_only_first : float
        With two targets [1/yr].
    f_only_second : float
        With two targets [1/yr].
    f_any : float
        At least one [1/yr].
    combinations : Mapping
        Every set of targets, as 1+3, and how often exactly these escalate [1/yr].
    """
    if not escalation_p:
        raise OutOfRange("escalation_p is empty: give one probability for each target")
    found = domino.combinations(primary_f, escalation_p)
    answer: dict[str, object] = {
        "f_none": found[frozenset()],
        "f_any": sum(frequency for members, frequency in found.items() if members),
        "combinations": {
            "+".join(str(number + 1) for number in sorted(members)): frequency
            for members, frequency in found.items()
            if members
        },
    }
    if len(escalation_p) == 2:
        answer |= {
            "f_both": found[frozenset({0, 1})],
            "f_only_first": found[frozenset({0})],
            "f_only_second": found[frozenset({1})],
        }
    return answer


@model("domino/chain")
def chain(
    *,
    primary: str,
    primary_f: float,
    escalation: Mapping[str, Mapping[str, float]],
    orders: int = 2,
    cut_off: float = 0.0,
    primary_spent: bool = True,
) -> Answer:
    """Knock-on chains: which units fall in which generation, and how often. No unit falls twice: a cycle ends there.

    Parameters
    ----------
    primary : str
        Unit of the primary event [-].
    primary_f : float
        Its frequency [1/yr].
    escalation : Mapping
        For each unit, the units that its event may bring down, each with its probability [-].
    orders : int
        Generations after the primary event, 1-5 [-].
    cut_off : float
        Rarer courses are left out; without it at most 16 units within reach at once [1/yr].
    primary_spent : bool
        Whether the primary event leaves nothing of its unit to fall later; false for a leak or fire at a unit that
        still stands, which a neighbour may bring down in turn [-].

    Returns
    -------
    courses : Mapping
        As T1>T2+T3>T4, each with the frequency that exactly this happens [1/yr].
    involvement : Mapping
        How often each unit fails [1/yr].
    f_domino : float
        At least one further unit fails [1/yr].
    left_out : float
        Of the courses rarer than the cut-off [1/yr].
    """
    if primary not in escalation and not any(primary in targets for targets in escalation.values()):
        raise OutOfRange(f"primary = {primary}: escalation does not name it")
    found = domino.chains(primary, primary_f, escalation, orders, cut_off, spent=primary_spent)
    return {
        "courses": {
            ">".join("+".join(sorted(each)) for each in course.generations): course.frequency for course in found
        },
        "involvement": domino.involvement(found),
        "f_domino": sum(course.frequency for course in found if len(course.units) > 1),
        "left_out": max(primary_f - sum(course.frequency for course in found), 0.0),
    }
