"""Skeletons of a trade's emergency plans (应急预案 · 现场处置方案): who does what, and by when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Unique

IDS = "sectors/*/plans"


@dataclass(frozen=True)
class Step:
    """``within_min``: minutes [min] from the start of the accident; empty where no time is set."""

    order: Annotated[int, Unique()]
    phase: str
    action: str
    who: str
    within_min: float | None
    resources: str = ""


@dataclass(frozen=True)
class Plan:
    """``accident`` is a name of core/accident_types; ``levels`` are the plan's own, from the mildest to the gravest."""

    title: str
    accident: str
    levels: tuple[str, ...]
    roles: tuple[str, ...]
    steps: tuple[Step, ...]

    def problems(self) -> Iterable[str]:
        if any(later.order <= earlier.order for earlier, later in pairwise(self.steps)):
            yield f"{self.title} 的步骤应按 order 从小到大排列"


@dataclass(frozen=True)
class Plans:
    plans: Mapping[str, Plan]


SHAPE = Plans


def load(sector: str, on: date) -> Plans:
    return load_as(Plans, f"sectors/{sector}/plans", on).body
