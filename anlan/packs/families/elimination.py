"""Processes and equipment that may no longer be used, with the day from which (淘汰目录)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Spaced, Unique

IDS = "chemicals/elimination"


@dataclass(frozen=True)
class Entry:
    """``ban``: not at all ``from_`` a day on; ``limit``: not in what is newly built."""

    code: Annotated[str, Unique()]
    kind: Literal["process", "equipment"]
    name: Annotated[str, Unique()]
    words: Annotated[tuple[str, ...], Spaced()]
    action: Literal["ban", "limit"]
    from_: date
    instead: str
    basis: str
    clause: str
    verified: bool
    without: Annotated[tuple[str, ...], Spaced()] = ()

    def fits(self, text: str) -> bool:
        return any(word in text for word in (self.name, *self.words)) and not any(word in text for word in self.without)

    def problems(self) -> Iterable[str]:
        if self.verified and not self.clause:
            yield f"{self.code} 标为已核实却没有条款，请写上 clause 或改为 verified=false"


@dataclass(frozen=True)
class Elimination:
    entries: tuple[Entry, ...]


SHAPE = Elimination


def load(on: date) -> Elimination:
    return load_as(Elimination, IDS, on).body
