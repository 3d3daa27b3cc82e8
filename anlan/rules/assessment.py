"""Risk assessment by scores: factors scored from a table are multiplied, the product falls into a band (LEC, LS, MES).

The scores and the bands differ from province to province and from company to company, so they are data (packs).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from anlan.rules.levels import Level
from anlan.rules.refusal import Refusal


@dataclass(frozen=True)
class Score:
    """One value that a factor may have, and what it stands for."""

    value: float
    text: str


@dataclass(frozen=True)
class Band:
    """Products from ``at_least`` upwards, or above it where ``above`` is set, up to the next band.

    ``grade``: the method's own name of the band; ``name`` and ``level``: the risk level it stands for.
    """

    at_least: float
    grade: str
    name: str
    level: Level
    text: str = ""
    above: bool = False

    def holds(self, product: Fraction) -> bool:
        low = exact(self.at_least)
        return product > low or (product == low and not self.above)


def exact(value: float) -> Fraction:
    """The decimal number that was written, so that 0.1 × 3 is 0.3 and limits are met exactly."""
    return Fraction(str(value))


def check_scores(scores: Mapping[str, float], factors: Mapping[str, Sequence[Score]]) -> Refusal | None:
    """Whether every factor is scored, with a value of its table; the first that is not."""
    for factor, known in factors.items():
        value = scores.get(factor)
        if value is None:
            return Refusal("assessment.missing_factor", "缺少因素 {factor} 的分值。", "请补上。", {"factor": factor})
        if not math.isfinite(value) or value not in [score.value for score in known]:
            allowed = "、".join(f"{score.value:g}" for score in known)
            params = {"factor": factor, "value": f"{value:g}", "allowed": allowed}
            return Refusal(
                "assessment.unknown_score", "{factor} = {value} 不在分值表中。", "可用的有 {allowed}。", params
            )
    return None


def product(scores: Iterable[float]) -> Fraction:
    """The scores multiplied, without rounding."""
    return math.prod(map(exact, scores), start=Fraction(1))


def band_of(value: Fraction, bands: Sequence[Band]) -> Band:
    """The band that a product falls into. ``bands`` go from the worst to the mildest, the last from 0.

    Raises
    ------
    ValueError
        The product is negative, or the bands leave it out.
    """
    for band in bands:
        if value >= 0 and band.holds(value):
            return band
    raise ValueError(f"no band holds {float(value):g}")


def out_of_order(bands: Sequence[Band]) -> str | None:
    """What is wrong with a list of bands, in words; None when it goes down to 0 without a gap."""
    limits = [band.at_least for band in bands]
    if not bands or limits[-1] != 0 or bands[-1].above:
        return "最后一档应从 0 起（含 0）"
    if any(upper <= lower for upper, lower in pairwise(limits)):
        return "各档的 at_least 应从大到小"
    return None
