"""Economic types of organisations (GB/T 12402): a tree of codes."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Ref, Unique

IDS = "core/economic_types"


@dataclass(frozen=True)
class EconomicType:
    code: Annotated[str, Unique()]
    name: str
    parent: Annotated[str, Ref("", "types.code")] | None = None


@dataclass(frozen=True)
class EconomicTypes:
    types: tuple[EconomicType, ...]

    def names(self) -> dict[str, str]:
        """Code → name, in the order of the standard."""
        return {each.code: each.name for each in self.types}

    def within(self, code: str) -> list[str]:
        """A code and all codes below it."""
        below = [each.code for each in self.types if each.parent == code]
        return [code, *(found for child in below for found in self.within(child))]


SHAPE = EconomicTypes


def load(on: date) -> EconomicTypes:
    return load_as(EconomicTypes, IDS, on).body
