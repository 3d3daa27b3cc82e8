"""The reports that are made by one click: what they are called, how much they list, what they assume and put first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Ref, Unique

IDS = "core/reports"


@dataclass(frozen=True)
class Kind:
    """``what`` it tells, in a line."""

    name: str
    what: str


@dataclass(frozen=True)
class Most:
    """How much a report lists before it says how many more there are."""

    tree: int
    rows: int
    top: int
    scenarios: int
    maps: int
    chain: int


@dataclass(frozen=True)
class Assumed:
    """A store of which only the amount is known: ``head`` [m], ``bund`` [m2]."""

    head: float
    bund: float
    source: str


@dataclass(frozen=True)
class Vessels:
    """Classes of ``core/domino_thresholds`` by absolute pressure: ``pressurised_from`` [kPa]."""

    pressurised_from: float
    pressurised: Annotated[str, Ref("core/domino_thresholds", "equipment")]
    atmospheric: Annotated[str, Ref("core/domino_thresholds", "equipment")]


@dataclass(frozen=True)
class First:
    """Something to be done first where its number is not 0: ``text`` with {n}, what to do, why."""

    key: Annotated[str, Unique()]
    text: str
    act: str
    basis: str


@dataclass(frozen=True)
class Reports:
    """``periods`` [d] that are offered, ``usual`` one; ``weathers`` are names in ``chemicals/park_study``; ``air``
    [degree C]; beyond ``horizon`` [m] nothing is told."""

    kinds: Mapping[str, Kind]
    periods: tuple[int, ...]
    usual: int
    most: Most
    weathers: tuple[Annotated[str, Ref("chemicals/park_study", "weather.name")], ...]
    air: float
    humidity: float
    horizon: float
    assumed: Assumed
    vessels: Vessels
    first: tuple[First, ...]

    def problems(self) -> Iterable[str]:
        if self.usual not in self.periods:
            yield f"usual {self.usual} 不在 periods 中，请补上或更正"


SHAPE = Reports


def load(on: date) -> Reports:
    return load_as(Reports, IDS, on).body
