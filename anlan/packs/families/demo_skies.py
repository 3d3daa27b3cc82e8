"""The invented county's weather stations: where they stand and what they measure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Unique

IDS = "demo/skies"


@dataclass(frozen=True)
class Station:
    """``at``: metres east and north of the county's origin; or ``on`` a place that is there already. ``seen``: codes of
    the tags that it has (none: all)."""

    key: Annotated[str, Unique()]
    name: str
    parent: str
    at: tuple[float, ...] = ()
    on: str = ""
    seen: tuple[str, ...] = ()

    def problems(self) -> Iterable[str]:
        if bool(self.on) == bool(self.at):
            yield f"{self.name} 要么写 at，要么写 on"


@dataclass(frozen=True)
class Tag:
    code: Annotated[str, Unique()]
    name: str
    unit: str
    decimals: int
    low: float
    high: float


@dataclass(frozen=True)
class Skies:
    """``missing_s`` [s]: so long without a reading is a lost sensor."""

    stations: tuple[Station, ...]
    tags: tuple[Tag, ...]
    missing_s: float


SHAPE = Skies


def load(on: date) -> Skies:
    return load_as(Skies, IDS, on).body
