"""Leaks of components under gas pressure, as lognormal laws by size of the leak, and ignition by rate: for sites whose
risk is that of jet flames and explosions.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Confidence, Unique

IDS = "chemicals/gas_site"
Statistic = Literal["median", "mean"]


@dataclass(frozen=True)
class LeakLaw:
    """ln(frequency per year) of an item or metre is normal with ``mu``, ``sigma``; ``size``: share of the pipe area."""

    component: str
    size: float
    mu: float
    sigma: float
    confidence: Confidence

    def problems(self) -> Iterable[str]:
        if not (0 < self.size <= 1 and self.sigma > 0):
            yield f"{self.component} 的 size {self.size} 应在 0 到 1 之间，sigma {self.sigma} 应大于 0"

    def frequency(self, statistic: Statistic) -> float:
        """[1/yr]"""
        return math.exp(self.mu + (self.sigma**2 / 2 if statistic == "mean" else 0.0))


@dataclass(frozen=True)
class Ignition:
    """Probabilities for ``rate_from`` ≤ rate [kg/s] up to the next row."""

    rate_from: Annotated[float, Unique()]
    immediate: float
    delayed: float
    confidence: Confidence


@dataclass(frozen=True)
class GasSite:
    leaks: tuple[LeakLaw, ...]
    ignition: tuple[Ignition, ...]

    def sizes(self) -> list[float]:
        """Sizes of leaks, rising."""
        return sorted({law.size for law in self.leaks})

    def of(self, component: str) -> dict[float, LeakLaw]:
        """Size -> law of a component; empty where it is not known."""
        return {law.size: law for law in self.leaks if law.component == component}

    def ignited(self, rate: float) -> Ignition:
        """The row of a release rate [kg/s]."""
        return max((row for row in self.ignition if row.rate_from <= rate), key=lambda row: row.rate_from)


SHAPE = GasSite


def load(on: date) -> GasSite:
    return load_as(GasSite, IDS, on).body
