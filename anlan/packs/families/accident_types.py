"""Types of accidents. Two editions of GB 6441 lie side by side; the date of the accident picks the edition."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Ref, Unique

IDS = "core/accident_types"


@dataclass(frozen=True)
class AccidentType:
    """``code`` is empty where the standard's code is not known; ``order`` is then only the order of the list."""

    order: Annotated[int, Unique()]
    name: Annotated[str, Unique()]
    code: str = ""
    successors: tuple[Annotated[str, Ref("", "types.name", any_version=True)], ...] = ()


@dataclass(frozen=True)
class InjuryDegree:
    """Degree of an injury by lost workdays ``from_days`` ≤ d < ``to_days`` [d]; no upper end = a death."""

    name: str
    from_days: int
    to_days: int | None


@dataclass(frozen=True)
class AccidentTypes:
    types: tuple[AccidentType, ...]
    injury_degrees: tuple[InjuryDegree, ...] = ()

    def names(self) -> list[str]:
        return [kind.name for kind in self.types]


SHAPE = AccidentTypes


def load(on: date) -> AccidentTypes:
    return load_as(AccidentTypes, IDS, on).body
