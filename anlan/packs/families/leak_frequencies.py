"""Generic frequencies of leaks by kind of equipment and size of hole, and probabilities of ignition at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Confidence, Unique

IDS = "chemicals/leak_frequencies"

#: What a frequency counts: one item for a year, a metre or a foot of pipe for a year, an hour of use.
Per = Literal["item", "m", "ft", "h"]
_METRES_OF_FOOT = 0.3048


@dataclass(frozen=True)
class Equipment:
    """A kind of equipment as the source divides it."""

    code: Annotated[str, Unique()]
    name: str
    source: str


@dataclass(frozen=True)
class Leak:
    """``frequency`` per year and ``per``, or per hour of use. ``hole``: what the release is taken from.

    ``diameter`` [m] of the hole; ``share`` of the pipe's nominal diameter [-]; neither: the whole content, or as the
    hole says.
    """

    equipment: str
    hole: str
    name: str
    frequency: float
    per: Per
    confidence: Confidence
    diameter: float | None = None
    share: float | None = None

    def problems(self) -> Iterable[str]:
        if not 0 < self.frequency < 10:
            yield f"{self.equipment} {self.hole} 的频率 {self.frequency} 不合理，请按每年（或每小时）填写"

    def yearly(self, amount: float) -> float:
        """Frequency [1/yr] of ``amount`` items, metres of pipe, or hours of use in a year."""
        return self.frequency * amount / (_METRES_OF_FOOT if self.per == "ft" else 1.0)


@dataclass(frozen=True)
class Ignition:
    """Probability of ignition at once for ``rate_from`` ≤ rate < ``rate_to`` [kg/s; kg if ``instantaneous``]."""

    substance: str
    instantaneous: bool
    rate_from: float
    rate_to: float | None
    probability: float
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class LeakFrequencies:
    equipment: tuple[Equipment, ...]
    leaks: tuple[Leak, ...]
    ignition: tuple[Ignition, ...]

    def problems(self) -> Iterable[str]:
        known = {one.code for one in self.equipment}
        for code in sorted({leak.equipment for leak in self.leaks} - known):
            yield f"leaks 里的 {code} 不在 equipment 里，请补上或更正"
        pairs = [(leak.equipment, leak.hole) for leak in self.leaks]
        for code, hole in sorted({pair for pair in pairs if pairs.count(pair) > 1}):
            yield f"{code} 的孔 {hole} 写了两次，请删去一个"

    def holes(self, equipment: str) -> dict[str, Leak]:
        """Hole -> leak of a kind of equipment; empty where the kind is not known."""
        return {leak.hole: leak for leak in self.leaks if leak.equipment == equipment}


SHAPE = LeakFrequencies


def load(on: date) -> LeakFrequencies:
    return load_as(LeakFrequencies, IDS, on).body
