"""What a scenario begins with, which weathers are the worst, and what equipment is to a domino effect."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Unique

IDS = "core/what_if"


@dataclass(frozen=True)
class Breach:
    """A usual way to fail; ``millimetres``: size of the opening [mm]."""

    key: Annotated[str, Unique()]
    name: str
    kind: Literal["hole", "pipe", "rupture"]
    millimetres: float | None = None


@dataclass(frozen=True)
class State:
    """How a substance is usually kept: ``celsius`` [°C], absolute ``megapascal`` [MPa] (None: its own vapour)."""

    cas: str
    state: str
    celsius: float
    megapascal: float | None = None


@dataclass(frozen=True)
class Surrogate:
    """A mixture that has no properties of its own is computed ``by`` another substance (CAS numbers)."""

    cas: Annotated[str, Unique()]
    name: str
    by: str


@dataclass(frozen=True)
class Weather:
    """A class with a wind [m/s] that goes with it."""

    stability: Literal["A", "B", "C", "D", "E", "F"]
    wind: float


@dataclass(frozen=True)
class Words:
    """Equipment with one of ``words`` is ``of`` a class of ``core/domino_thresholds``."""

    of: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class WhatIf:
    """``minutes`` until a leak is shut [min]; ``head`` of liquid above the hole [m]; ``ignored`` categories of
    equipment."""

    breaches: tuple[Breach, ...]
    usual: str
    minutes: float
    head: float
    gas_megapascal: float
    states: tuple[State, ...]
    surrogates: tuple[Surrogate, ...]
    worst: tuple[Weather, ...]
    equipment: tuple[Words, ...]
    ignored: tuple[str, ...] = ()

    def problems(self) -> Iterable[str]:
        if self.usual not in {one.key for one in self.breaches}:
            yield f"usual 是 {self.usual}，没有列在 breaches 里"
        if not self.worst:
            yield "worst 至少要有一种天气"
        if self.minutes <= 0 or self.head < 0 or self.gas_megapascal <= 0:
            yield "minutes、gas_megapascal 应大于 0，head 不能为负"

    def class_of(self, words: str) -> str | None:
        """The class of equipment by what is said of it; None where it is of none."""
        return next((one.of for one in self.equipment if any(word in words for word in one.words)), None)

    def stands_for(self, cas: str) -> str:
        """The CAS number by which a substance is computed."""
        return next((one.by for one in self.surrogates if one.cas == cas), cas)

    def state(self, cas: str, state: str) -> State:
        """How it is kept, or what is taken where nothing is said of it."""
        found = next((one for one in self.states if (one.cas, one.state) == (cas, state)), None)
        return found or State(cas, state, 20.0, self.gas_megapascal if state == "气体" else None)


SHAPE = WhatIf


def load(on: date) -> WhatIf:
    return load_as(WhatIf, IDS, on).body
