"""Lines of societal risk: how often how many may die at once, with the standard that says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Confidence, Unique

if TYPE_CHECKING:
    from anlan.kernels.qra.criteria import Line

IDS = "chemicals/societal_criteria"


@dataclass(frozen=True)
class CriterionLine:
    """F = ``frequency`` (N / ``number``)^``slope`` for ``least`` ≤ N ≤ ``most``. ``line``: what lies above it."""

    name: Annotated[str, Unique()]
    set: str
    line: Literal["upper", "lower"]
    number: float
    frequency: float
    slope: float
    least: float
    most: float | None
    source: str
    confidence: Confidence

    def as_line(self) -> "Line":
        from anlan.kernels.qra.criteria import Line  # SciPy comes with it; most who read packs need no line

        most = float("inf") if self.most is None else self.most
        return Line(self.number, self.frequency, self.slope, self.least, most)


@dataclass(frozen=True)
class SocietalCriteria:
    lines: tuple[CriterionLine, ...]

    def problems(self) -> Iterable[str]:
        for name in sorted({line.set for line in self.lines}):
            kinds = [line.line for line in self.lines if line.set == name]
            if len(kinds) != len(set(kinds)):
                yield f"准则 {name} 的上线或下线写了两次，请删去一条"

    def named(self, name: str) -> CriterionLine | None:
        return next((line for line in self.lines if line.name == name), None)

    def of(self, name: str) -> dict[str, CriterionLine]:
        """``upper`` and, where there is one, ``lower`` of a set; empty where the set is not known."""
        return {line.line: line for line in self.lines if line.set == name}


SHAPE = SocietalCriteria


def load(on: date) -> SocietalCriteria:
    return load_as(SocietalCriteria, IDS, on).body
