"""What makes a finding of a trade a major one (重大事故隐患判定标准), in short words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Unique

IDS = "sectors/*/criteria"


@dataclass(frozen=True)
class Criterion:
    code: Annotated[str, Unique()]
    text: Annotated[str, Unique()]
    basis: str
    verified: bool
    clause: str = ""

    def problems(self) -> Iterable[str]:
        if self.verified and not self.clause:
            yield f"{self.code} 标为已核实却没有条款，请写上 clause 或改为 verified=false"


@dataclass(frozen=True)
class Criteria:
    criteria: tuple[Criterion, ...]


SHAPE = Criteria


def load(sector: str, on: date) -> Criteria:
    return load_as(Criteria, f"sectors/{sector}/criteria", on).body
