"""How long each kind of record is kept, and which clause or product default says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from anlan.packs.loader import load_as
from anlan.packs.model import Confidence

IDS = "core/retention"


@dataclass(frozen=True)
class Rule:
    """``keep``: ``days`` (then it goes), ``always``, or ``held`` (until other parts of the product hold it too).

    ``least_days`` is what the law asks at least; ``standard`` and ``clause`` say where."""

    name: str
    keep: Literal["days", "always", "held"]
    standard: str
    clause: str
    confirmed: Confidence
    days: int | None = None
    least_days: int | None = None
    note: str = ""

    def problems(self) -> Iterable[str]:
        if (self.keep == "days") != (self.days is not None):
            yield f"{self.name}：keep 为 days 时须写 days，否则不写"
        if self.days is not None and self.days < (self.least_days or 0):
            yield f"{self.name}：保存 {self.days} 天，少于法定的 {self.least_days} 天"

    def before(self, now_day: date) -> date | None:
        """What is from before this day goes; None: nothing does."""
        return now_day - timedelta(days=self.days) if self.days is not None else None


@dataclass(frozen=True)
class Retention:
    """``kinds``: key that a part of the product registers → its rule."""

    kinds: Mapping[str, Rule]


SHAPE = Retention


def load(on: date) -> Retention:
    return load_as(Retention, IDS, on).body
