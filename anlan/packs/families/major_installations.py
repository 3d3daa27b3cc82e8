"""Tables that decide whether an installation of hazardous chemicals is a major one, and of which grade (GB 18218)."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Unique

IDS = "chemicals/gb18218"


@dataclass(frozen=True)
class Substance:
    """A named substance of table 1 with its threshold quantity ``q_t`` [t]."""

    no: Annotated[int, Unique()]
    name: Annotated[str, Unique()]
    q_t: float
    cas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Category:
    """A hazard class of tables 2 and 4 for substances not named: threshold ``q_t`` [t] and factor ``beta``."""

    symbol: Annotated[str, Unique()]
    category: str
    description: str
    q_t: float
    beta: float


@dataclass(frozen=True)
class ToxicGas:
    """The factor ``beta`` of a toxic gas named in table 3."""

    name: Annotated[str, Unique()]
    beta: float


@dataclass(frozen=True)
class Exposure:
    """Table 5: ``alpha`` for ``people_from`` … ``people_to`` residents within 500 m outside the fence."""

    people_from: int
    people_to: int | None
    alpha: float


@dataclass(frozen=True)
class Grade:
    """Table 6: grade for ``r_from`` ≤ R < ``r_to``."""

    name: Annotated[str, Unique()]
    r_from: float
    r_to: float | None


@dataclass(frozen=True)
class MajorInstallations:
    substances: tuple[Substance, ...]
    categories: tuple[Category, ...]
    toxic_gases: tuple[ToxicGas, ...]
    exposures: tuple[Exposure, ...]
    grades: tuple[Grade, ...]

    def threshold(self, name: str, cas: str, symbol: str) -> tuple[float | None, str]:
        """[t] by table 1 where the substance is named there, else by its class in table 2, and where that stands."""
        named = _by_cas(self).get(cas) or next((one for one in self.substances if one.name == name), None)
        if named:
            return named.q_t, f"表 1 第 {named.no} 号"
        category = self.category(symbol)
        return (category.q_t, f"表 2 {category.symbol}") if category else (None, "")

    def beta(self, name: str, symbol: str) -> float | None:
        """The factor of a toxic gas of table 3, else of its class in table 4."""
        gas = next((each for each in self.toxic_gases if each.name == name), None)
        category = self.category(symbol)
        return gas.beta if gas else category.beta if category else None

    def category(self, symbol: str) -> Category | None:
        return next((each for each in self.categories if each.symbol == symbol), None)


@cache
def _by_cas(tables: MajorInstallations) -> dict[str, Substance]:
    return {cas: substance for substance in tables.substances for cas in substance.cas}


SHAPE = MajorInstallations


def load(on: date) -> MajorInstallations:
    return load_as(MajorInstallations, IDS, on).body
