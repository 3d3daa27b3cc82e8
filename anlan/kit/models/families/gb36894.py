"""Risk criteria of GB 36894-2018, over the pack chemicals/gb36894."""

import re

from anlan.kit.models import model
from anlan.kit.models.errors import Refused, nearest, refused
from anlan.kit.models.packdate import day
from anlan.packs.families import external_risk as pack
from anlan.packs.families.external_risk import Target
from anlan.rules import external_risk as rule
from anlan.rules.external_risk import Point

_SUFFIX = "防护目标"


@model("gb36894/individual-risk")
def individual_risk(*, target: str, risk: float | None = None, on: str = "") -> dict[str, object]:
    """Limits of individual risk for a protected target (GB 36894-2018, table 1), and whether a risk keeps them.

    The numbers are from memory and agree with the trial criteria of 2014; compare them with the standard before use.

    Parameters
    ----------
    target : str
        Kind of target: 高敏感, 重要, 一般一类, 一般二类, 一般三类, with or without 防护目标; several: a/b [-]
    risk : float
        Individual risk at the target, to be judged [1/yr]
    on : str
        Day on which the standard must hold, ISO date; empty = today [-]

    Returns
    -------
    new_or_rebuilt : float
        Limit for new, rebuilt and extended installations [1/yr]
    in_service : float
        Limit for installations in service [1/yr]
    verdict_new_or_rebuilt : str
        可容许 or 不可容许; only where ``risk`` is given [-]
    verdict_in_service : str
        可容许 or 不可容许; only where ``risk`` is given [-]
    """
    targets = pack.load(day(on)).targets
    found = [_target(name.strip(), targets) for name in re.split(r"[/、,，]", target)]
    limits = {(each.new_or_rebuilt, each.in_service) for each in found}
    if len(limits) > 1:
        raise Refused(f"target = “{target}”：这些目标的基准不同，请分开查")
    [(new, old)] = limits
    limited: dict[str, object] = {"new_or_rebuilt": new, "in_service": old}
    if risk is None:
        return limited
    if refusal := rule.check_risk(risk):
        raise refused(refusal)
    return limited | {
        "verdict_new_or_rebuilt": rule.judge_individual(risk, new).value,
        "verdict_in_service": rule.judge_individual(risk, old).value,
    }


@model("gb36894/societal-risk")
def societal_risk(*, curve: list[list[float]], on: str = "") -> dict[str, object]:
    """Judge an F-N curve by the two lines of societal risk (GB 36894-2018, figure 1): F = 1e-3/N and F = 1e-5/N.

    The lines were read in a paper; that they end at 1000 persons is from memory. More than 1000 deaths are judged
    intolerable at any frequency, because no line is drawn for them.

    Parameters
    ----------
    curve : list of pairs
        Pairs of N, persons, and F, frequency of N or more deaths in 1/yr; N rising, F never rising [-]
    on : str
        Day on which the standard must hold, ISO date; empty = today [-]

    Returns
    -------
    verdict : str
        可容许, 尽可能降低 or 不可容许: the worst of all corners of the curve [-]
    worst_N : float
        Deaths at the corner that decides; null where all frequencies are 0 [persons]
    worst_F : float
        Frequency at that corner; null where all frequencies are 0 [1/yr]
    upper_F : float
        Upper line at that corner; null where all frequencies are 0 [1/yr]
    lower_F : float
        Lower line at that corner; null where all frequencies are 0 [1/yr]
    """
    if not curve or any(len(pair) != 2 for pair in curve):
        raise Refused("curve 应是 [N, F] 的列表，至少一对")
    points = [Point(n, f) for n, f in curve]
    if refusal := rule.check_curve(points):
        raise refused(refusal)
    lines = pack.load(day(on)).societal
    judged = rule.judge_societal(points, lines.criterion())
    worst = judged.worst
    return {
        "verdict": judged.verdict.value,
        "worst_N": worst.n if worst else None,
        "worst_F": worst.f if worst else None,
        "upper_F": lines.upper.at(worst.n) if worst else None,
        "lower_F": lines.lower.at(worst.n) if worst else None,
    }


def _target(name: str, targets: tuple[Target, ...]) -> Target:
    """The target of this name, in full or short."""
    names = {known: each for each in targets for known in (each.name, *each.also)}
    for tried in (name, name.removesuffix(_SUFFIX), f"一般{name}"):
        if tried in names:
            return names[tried]
    short = [each.also[0] if each.also else each.name for each in targets]
    raise Refused(f"target = “{name}”：没有这类防护目标{nearest(name, short, most=1)}")
