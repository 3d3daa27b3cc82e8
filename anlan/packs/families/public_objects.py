"""Kinds of public objects on the map: schools, hospitals, markets. A place's name says which it is."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Spaced, Unique

IDS = "core/public_objects"


@dataclass(frozen=True)
class Sort:
    """``words``: a name with one of them belongs here, the first row that fits; ``mark``: the character on the map."""

    code: Annotated[str, Unique()]
    name: Annotated[str, Unique()]
    mark: Annotated[str, Unique()]
    words: Annotated[tuple[str, ...], Spaced()]
    without: Annotated[tuple[str, ...], Spaced()] = ()  # names with one of these do not

    def fits(self, name: str) -> bool:
        return any(word in name for word in self.words) and not any(word in name for word in self.without)


@dataclass(frozen=True)
class PublicObjects:
    sorts: tuple[Sort, ...]

    def sort_of(self, name: str) -> int:
        """The index of the sort that a name belongs to, -1 if to none."""
        return next((at for at, sort in enumerate(self.sorts) if sort.fits(name)), -1)


SHAPE = PublicObjects


def load(on: date) -> PublicObjects:
    return load_as(PublicObjects, IDS, on).body
