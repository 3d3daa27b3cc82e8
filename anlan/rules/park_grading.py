"""The grade of a chemical park: a score out of a checklist, and conditions that decide whatever the score is."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from anlan.rules.refusal import Refusal


class Grade(Protocol):
    """A grade from a score of 100 upwards."""

    @property
    def key(self) -> str: ...
    @property
    def score_from(self) -> float: ...


@dataclass(frozen=True)
class Grading:
    """``score`` of 100; ``lost`` points by item; ``by_veto``: a condition decided, not the score."""

    score: float
    grade: str
    lost: Mapping[str, float]
    by_veto: bool


def check_losses(losses: Mapping[str, float], points: Mapping[str, float]) -> Refusal | None:
    """Whether every item was judged, and none lost more than it has."""
    if unknown := sorted(losses.keys() - points.keys()):
        told = {"item": unknown[0][:20]}
        return Refusal("grading.unknown_item", "检查表里没有“{item}”这一项。", "请按现行检查表填写。", told)
    if missing := [code for code in points if code not in losses]:
        told = {"item": missing[0], "n": str(len(missing))}
        return Refusal("grading.not_judged", "还有 {n} 项没有评，从 {item} 起。", "没有扣分的填 0。", told)
    for code, lost in losses.items():
        if not (math.isfinite(lost) and 0 <= lost <= points[code]):
            told = {"item": code, "lost": f"{lost:g}", "most": f"{points[code]:g}"}
            return Refusal("grading.bad_loss", "{item} 扣 {lost} 分，不在 0 到 {most} 之间。", "请更正扣分。", told)
    return None


def grade(
    losses: Mapping[str, float], points: Mapping[str, float], vetoes: Collection[str], grades: Sequence[Grade]
) -> Grading:
    """Grade a park.

    Parameters
    ----------
    losses, points : Mapping
        Checked losses, and what each item is worth.
    vetoes : Collection
        Conditions that hold; any of them makes the first (worst) of ``grades``.
    grades : Sequence
        From the worst to the best, the first from a score of 0.
    """
    total = sum((_exact(worth) for worth in points.values()), Fraction(0))
    lost = sum((_exact(losses[code]) for code in points), Fraction(0))
    score = 100 * (total - lost) / total
    by_score = [one for one in grades if score >= _exact(one.score_from)][-1]
    reached = grades[0] if vetoes else by_score
    kept = {code: losses[code] for code in points if losses[code] > 0}
    return Grading(float(score), reached.key, kept, bool(vetoes) and by_score.key != reached.key)


def _exact(value: float) -> Fraction:
    """The decimal number that was written."""
    return Fraction(str(value))
