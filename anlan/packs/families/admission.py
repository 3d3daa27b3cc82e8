"""What a proposed project is checked for, which papers its stage asks for, and who has to agree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Unique

IDS = "core/admission"


@dataclass(frozen=True)
class Item:
    """A line of the check; with ``veto`` nobody may agree while it fails or cannot be told."""

    key: Annotated[str, Unique()]
    title: str
    veto: bool
    clause: str


@dataclass(frozen=True)
class Paper:
    """A document; needed from ``stage`` on; ``step``: one of the steps of "three at the same time"."""

    key: Annotated[str, Unique()]
    name: str
    stage: str
    step: bool
    clause: str


@dataclass(frozen=True)
class Admission:
    """``check_days`` [d]: how old a check may be that somebody signs; ``least_added`` [-]: share of a limit that is
    broken already which counts as adding to it; ``stages`` in the order in which they come."""

    check_days: int
    items: tuple[Item, ...]
    papers: tuple[Paper, ...]
    stages: Mapping[str, str]
    offices: Mapping[str, str]
    process_papers: tuple[str, ...]
    major_gas_ratio: float
    least_added: float
    gas_states: tuple[str, ...]
    public_sorts: tuple[str, ...]

    def item(self, key: str) -> Item:
        return next(one for one in self.items if one.key == key)

    def paper(self, key: str) -> Paper | None:
        return next((one for one in self.papers if one.key == key), None)

    def due(self, stage: str) -> tuple[Paper, ...]:
        """The steps that a project has to have behind it in a stage, in their order."""
        order = list(self.stages)
        until = order.index(stage)
        return tuple(one for one in self.papers if one.step and order.index(one.stage) <= until)

    def problems(self) -> Iterable[str]:
        for paper in self.papers:
            if paper.stage not in self.stages:
                yield f"{paper.key} 的 stage {paper.stage} 不在 stages 里"
        known = {paper.key for paper in self.papers}
        yield from (f"process_papers 的 {key} 不在 papers 里" for key in self.process_papers if key not in known)
        if not 0 <= self.least_added <= 1:
            yield f"least_added 是 {self.least_added:g}，应在 0 到 1 之间"
        if self.check_days <= 0:
            yield "check_days 应大于 0"


SHAPE = Admission


def load(on: date) -> Admission:
    return load_as(Admission, IDS, on).body
