"""Checklists of a trade: what is looked at, when it passes, how to find out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Unique

IDS = "sectors/*/checklists"

#: 看 · 量 · 问 · 查资料.
Method = Literal["look", "measure", "ask", "document"]

Occasion = Literal["daily", "weekly", "monthly", "special", "holiday"]


@dataclass(frozen=True)
class Item:
    """``standard`` is the standard of judgement; ``major`` the code of the criterion that a failure may meet."""

    code: Annotated[str, Unique()]
    object: str
    item: str
    standard: str
    method: Method
    basis: str
    verified: bool
    clause: str = ""
    major: str = ""

    def problems(self) -> Iterable[str]:
        if self.verified and not self.clause:
            yield f"{self.code} 标为已核实却没有条款，请写上 clause 或改为 verified=false"


@dataclass(frozen=True)
class Checklist:
    title: str
    for_: Occasion
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Checklists:
    checklists: Mapping[str, Checklist]


SHAPE = Checklists


def load(sector: str, on: date) -> Checklists:
    return load_as(Checklists, f"sectors/{sector}/checklists", on).body
