"""The hazards of a trade: what can go wrong, by which factor, into which accidents, and the five kinds of measures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Spaced, Unique

IDS = "sectors/*/hazards"

#: Classes of GB/T 13861: 人的因素 物的因素 环境因素 管理因素.
Factor = Literal["human", "thing", "environment", "management"]

#: 工程技术 · 安全管理 · 人员培训 · 个体防护 · 应急处置, in this order.
MEASURES = ("engineering", "management", "training", "protection", "emergency")

_SHORTEST = 12


@dataclass(frozen=True)
class Hazard:
    """``object`` is a code of the trade's objects, ``accidents`` are names of core/accident_types.

    ``verified``: the clause was read; otherwise it must be compared before anybody is held to it.
    """

    code: Annotated[str, Unique()]
    object: str
    activity: str
    hazard: str
    factor: Factor
    accidents: Annotated[tuple[str, ...], Spaced()]
    consequence: str
    engineering: str
    management: str
    basis: str
    verified: bool
    training: str = ""
    protection: str = ""
    emergency: str = ""
    clause: str = ""

    def measures(self) -> Mapping[str, str]:
        """The measures that are filled in."""
        return {kind: text for kind in MEASURES if (text := getattr(self, kind))}

    def problems(self) -> Iterable[str]:
        if len(self.hazard) < _SHORTEST:
            yield f"{self.code} 的 hazard 太短，请用一句话写明会出什么事、为什么（至少 {_SHORTEST} 个字）"
        if len(self.measures()) < 3:
            yield f"{self.code} 除 engineering、management 外还应有一类措施，请填写 training、protection 或 emergency"
        if self.verified and not self.clause:
            yield f"{self.code} 标为已核实却没有条款，请写上 clause 或改为 verified=false"


@dataclass(frozen=True)
class Hazards:
    hazards: tuple[Hazard, ...]


SHAPE = Hazards


def load(sector: str, on: date) -> Hazards:
    return load_as(Hazards, f"sectors/{sector}/hazards", on).body
