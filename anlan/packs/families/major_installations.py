"""Tables that decide whether an installation of hazardous chemicals is a major one, and of which grade (GB 18218)."""

from dataclasses import dataclass
from datetime import date
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


SHAPE = MajorInstallations


def load(on: date) -> MajorInstallations:
    return load_as(MajorInstallations, IDS, on).body
