"""Risk criteria for people outside installations of hazardous chemicals (GB 36894): individual risk, F-N lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Confidence, Unique
from anlan.rules.external_risk import Line, Societal

IDS = "chemicals/gb36894"


@dataclass(frozen=True)
class Target:
    """A kind of protected target; ``also``: how else it is called. Limits of individual risk [1/yr]."""

    name: Annotated[str, Unique()]
    also: tuple[str, ...]
    new_or_rebuilt: float
    in_service: float
    confidence: Confidence

    def problems(self) -> Iterable[str]:
        if not 0 < self.new_or_rebuilt <= self.in_service:
            yield f"{self.name} 的基准应大于 0，新建的不大于在役的"


@dataclass(frozen=True)
class Lines:
    """The two lines of societal risk, up to ``n_end`` persons."""

    confidence: Confidence
    upper: Line
    lower: Line
    n_end: float
    n_end_confidence: Confidence

    def criterion(self) -> Societal:
        return Societal(self.upper, self.lower, self.n_end)

    def problems(self) -> Iterable[str]:
        if not all(0 < self.lower.at(n) < self.upper.at(n) for n in (1, self.n_end)):
            yield "社会风险的下线应处处低于上线"


@dataclass(frozen=True)
class ExternalRisk:
    targets: tuple[Target, ...]
    societal: Lines


SHAPE = ExternalRisk


def load(on: date) -> ExternalRisk:
    return load_as(ExternalRisk, IDS, on).body
