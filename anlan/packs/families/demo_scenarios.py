"""Accidents that the invented county is prepared for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from anlan.packs.loader import load_as

IDS = "demo/scenarios"


@dataclass(frozen=True)
class Scenario:
    """At up to ``most`` enterprises of a ``trade``, or at one ``firm``; ``at``: words in the name of the point where it
    happens. t, °C, MPa, m, m2, mm, minutes."""

    name: str
    substance: str
    tonnes: float
    celsius: float
    kind: Literal["hole", "pipe", "rupture"]
    trade: str = ""
    firm: str = ""
    most: int = 1
    at: tuple[str, ...] = ()
    megapascal: float | None = None
    head: float = 0.0
    height: float = 1.0
    bund: float | None = None
    millimetres: float = 0.0
    length: float = 0.0
    minutes: float = 30.0

    def problems(self) -> Iterable[str]:
        if bool(self.trade) == bool(self.firm):
            yield f"{self.name} 要么写 trade，要么写 firm"
        if self.kind != "rupture" and self.millimetres <= 0:
            yield f"{self.name} 要写 millimetres"


@dataclass(frozen=True)
class Scenarios:
    scenarios: tuple[Scenario, ...]


SHAPE = Scenarios


def load(on: date) -> Scenarios:
    return load_as(Scenarios, IDS, on).body
