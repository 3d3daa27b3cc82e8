"""The measured points of a kind of plant, with units, usual values and alarm rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated

from anlan.packs.loader import load_as
from anlan.packs.model import Confidence, Ref, Unique

IDS = "sectors/*/tags"

#: Columns of the TAGS file of ``anlan detect``.
DETECT_COLUMNS = ("tag", "hh", "h", "l", "ll", "deadband", "on_delay_s", "off_delay_s", "missing_s")


@dataclass(frozen=True)
class Rule:
    """Where limits come from."""

    text: str
    clause: str
    confidence: Confidence


@dataclass(frozen=True)
class TagSpec:
    """One measured point. Limits, deadband, ranges and ``normal`` are in ``unit``; delays in seconds of the process."""

    code: Annotated[str, Unique()]
    name: Annotated[str, Unique()]
    unit: str
    decimals: int
    part: Annotated[str, Ref("", "parts")]
    rank: Annotated[str, Ref("core/alarm_facts", "ranks")]
    basis: Annotated[str, Ref("", "rules")]
    normal: float
    hh: float | None
    h: float | None
    l: float | None  # noqa: E741  # the name of the limit
    ll: float | None
    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    missing_s: float | None = None
    range_low: float | None = None
    range_high: float | None = None

    def limits(self) -> dict[str, float | None]:
        return {"hh": self.hh, "h": self.h, "l": self.l, "ll": self.ll}

    def problems(self) -> Iterable[str]:
        set_limits = [(name, value) for name, value in reversed(self.limits().items()) if value is not None]
        for (lower, low), (upper, high) in pairwise(set_limits):
            if low >= high:
                yield f"{self.code} 的 {lower}={low} 应小于 {upper}={high}，请更正"
        if min(self.deadband, self.on_delay_s, self.off_delay_s) < 0:
            yield f"{self.code} 的死区和延时不能为负，请更正"


@dataclass(frozen=True)
class Tags:
    """``parts`` are the parts of the plant that tags sit on."""

    parts: Mapping[str, str]
    rules: Mapping[str, Rule]
    tags: tuple[TagSpec, ...]


SHAPE = Tags


def load(sector: str, on: date) -> Tags:
    return load_as(Tags, f"sectors/{sector}/tags", on).body


def detect_rows(tags: Iterable[TagSpec], *, speed: float = 1.0) -> list[tuple[str | float | None, ...]]:
    """Rows of a TAGS file (see :data:`DETECT_COLUMNS`); ``speed`` > 1 shortens the delays for accelerated time."""
    return [
        (
            *(tag.code, tag.hh, tag.h, tag.l, tag.ll, tag.deadband, tag.on_delay_s / speed, tag.off_delay_s / speed),
            None if tag.missing_s is None else tag.missing_s / speed,
        )
        for tag in tags
    ]
