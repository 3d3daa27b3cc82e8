"""The shape of packs that hold a scoring method of risk assessment: LEC, LS, MES."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from anlan.packs.model import Confidence
from anlan.rules import assessment
from anlan.rules.assessment import Band, Score


@dataclass(frozen=True)
class Scheme:
    """One way to cut products into bands, from the worst to the mildest; several are in use."""

    title: str
    confidence: Confidence
    bands: tuple[Band, ...]

    def problems(self) -> Iterable[str]:
        if problem := assessment.out_of_order(self.bands):
            yield f"{self.title}：{problem}"


@dataclass(frozen=True)
class Scoring:
    """``factors``: letter → the values it may have; ``schemes``: key → bands, ``default`` among them."""

    formula: str
    factors: Mapping[str, tuple[Score, ...]]
    default: str
    schemes: Mapping[str, Scheme]

    def problems(self) -> Iterable[str]:
        if self.default not in self.schemes:
            yield f"default 是 {self.default}，schemes 里没有；应是 {'、'.join(self.schemes)}"
        for factor, scores in self.factors.items():
            values = [score.value for score in scores]
            if len(set(values)) < len(values) or min(values, default=0) <= 0:
                yield f"因素 {factor} 的分值应互不相同且大于 0"
