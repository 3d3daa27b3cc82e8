"""Probits of death by inhalation, Y = a + b ln(C^n t). The families differ in basis and unit and are never mixed.

A pack ``chemicals/toxic_probits_own`` in the user's folder adds probits, or replaces those of the same substance and
family.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from anlan.packs import loader
from anlan.packs.loader import load_as
from anlan.packs.model import Confidence

IDS = "chemicals/toxic_probits*"
SHIPPED = "chemicals/toxic_probits"
OWN = "chemicals/toxic_probits_own"

Family = Literal["lees", "purple-book", "own"]


@dataclass(frozen=True)
class ToxicProbit:
    """Y = ``a`` + ``b`` ln(C^``n`` t) with C in ``concentration_unit`` and t in ``time_unit``."""

    cas: str
    family: Family
    a: float
    b: float
    n: float
    concentration_unit: Literal["ppm", "mg/m3"]
    time_unit: Literal["min"]
    source: str
    confidence: Confidence

    def problems(self) -> Iterable[str]:
        if self.b <= 0 or self.n <= 0:
            yield f"{self.cas} {self.family} 的 b 与 n 应大于 0，请更正"


@dataclass(frozen=True)
class ToxicProbits:
    probits: tuple[ToxicProbit, ...]

    def problems(self) -> Iterable[str]:
        seen: set[tuple[str, str]] = set()
        for one in self.probits:
            if (one.cas, one.family) in seen:
                yield f"{one.cas} {one.family} 写了两次，请删去一个"
            seen.add((one.cas, one.family))


SHAPE = ToxicProbits


def load(on: date) -> tuple[ToxicProbit, ...]:
    """All probits, the user's own instead of the product's of the same family."""
    values = {(one.cas, one.family): one for one in load_as(ToxicProbits, SHIPPED, on).body.probits}
    if loader.versions(OWN):
        values |= {(one.cas, one.family): one for one in load_as(ToxicProbits, OWN, on).body.probits}
    return tuple(values.values())


def find(cas: str, family: Family, on: date) -> ToxicProbit | None:
    """The probit of a substance in one family; None where that family has none. Families are not mixed."""
    return next((one for one in load(on) if one.cas == cas and one.family == family), None)
