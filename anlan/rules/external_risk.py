"""Whether the risk that an installation brings upon others may be tolerated: individual risk, F-N curves.

Individual risk has one limit. Societal risk has two lines: above the upper one it is intolerable, below the lower one
tolerable, between them it has to be made as low as reasonably practicable.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from anlan.rules.refusal import Refusal


class Verdict(Enum):
    """From the mildest to the worst; the value is the word of the standard."""

    TOLERABLE = "可容许"
    REDUCE = "尽可能降低"
    INTOLERABLE = "不可容许"


@dataclass(frozen=True)
class Line:
    """``F = f_at_one · N^slope`` [1/yr]."""

    f_at_one: float
    slope: float

    def at(self, n: float) -> float:
        return self.f_at_one * math.pow(n, self.slope)


@dataclass(frozen=True)
class Societal:
    """Two lines, drawn up to ``n_end`` persons."""

    upper: Line
    lower: Line
    n_end: float


@dataclass(frozen=True)
class Point:
    """A corner of an F-N curve: ``f`` [1/yr] is the frequency of ``n`` or more deaths."""

    n: float
    f: float


@dataclass(frozen=True)
class SocietalJudgement:
    """``worst`` is the corner that lies highest above the lower line (None: no corner), ``excess`` by which factor."""

    verdict: Verdict
    worst: Point | None
    excess: float


def check_risk(risk: float) -> Refusal | None:
    """Whether an individual risk is the frequency of one's death: 0 to 1 [1/yr]."""
    if 0 <= risk <= 1:
        return None
    message, fix = "个人风险 {risk} 不是频率。", "应是 0 至 1 的数，单位 1/年。"
    return Refusal("risk.not_a_frequency", message, fix, {"risk": f"{risk:g}"})


def judge_individual(risk: float, limit: float) -> Verdict:
    """An individual risk [1/yr] against its limit [1/yr]; what reaches the limit is still tolerable."""
    return Verdict.TOLERABLE if risk <= limit else Verdict.INTOLERABLE


def check_curve(points: Sequence[Point]) -> Refusal | None:
    """Whether points are an F-N curve: N from 1 upwards and rising, F finite, 0 or more, and never rising with N."""
    for point in points:
        if not (math.isfinite(point.n) and point.n >= 1 and math.isfinite(point.f) and point.f >= 0):
            message, fix = "F-N 曲线的点 N = {n}、F = {f} 不对。", "N 应不小于 1，F 应不小于 0，都是有限的数。"
            return Refusal("risk.bad_point", message, fix, {"n": f"{point.n:g}", "f": f"{point.f:g}"})
    for before, after in pairwise(points):
        if after.n <= before.n or after.f > before.f:
            message, fix = "F-N 曲线在 N = {n} 处不对。", "N 应从小到大，F 是累积频率，不能随 N 上升。"
            return Refusal("risk.not_a_curve", message, fix, {"n": f"{after.n:g}"})
    return None


def judge_societal(points: Sequence[Point], criterion: Societal) -> SocietalJudgement:
    """A checked F-N curve against the two lines.

    The curve is a staircase that falls behind each N, and the lines fall with N: it is highest above them at its
    corners. Deaths of more than ``n_end`` persons are intolerable at any frequency: no line is drawn for them.
    """
    judged = [(_verdict(point, criterion), point.f / criterion.lower.at(point.n), point) for point in points if point.f]
    if not judged:
        return SocietalJudgement(Verdict.TOLERABLE, None, 0.0)
    order = list(Verdict)
    verdict, excess, worst = max(judged, key=lambda each: (order.index(each[0]), each[1]))
    return SocietalJudgement(verdict, worst, excess)


def _verdict(point: Point, criterion: Societal) -> Verdict:
    if point.n > criterion.n_end or point.f > criterion.upper.at(point.n):
        return Verdict.INTOLERABLE
    return Verdict.REDUCE if point.f > criterion.lower.at(point.n) else Verdict.TOLERABLE
