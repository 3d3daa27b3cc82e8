"""Concentrations that harm: AEGL by duration, IDLH, ERPG. Each value says where it comes from and how sure it is.

A pack ``chemicals/toxic_thresholds_own`` in the user's folder adds values, or replaces those of the same substance,
kind and duration.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from anlan.packs import loader
from anlan.packs.loader import load_as
from anlan.packs.model import Confidence

IDS = "chemicals/toxic_thresholds*"
SHIPPED = "chemicals/toxic_thresholds"
OWN = "chemicals/toxic_thresholds_own"

Kind = Literal["AEGL-1", "AEGL-2", "AEGL-3", "IDLH", "ERPG-1", "ERPG-2", "ERPG-3"]


@dataclass(frozen=True)
class Threshold:
    """A concentration ``ppm`` in air, for an exposure of ``minutes`` (None for IDLH, which names none)."""

    cas: str
    kind: Kind
    ppm: float
    source: str
    confidence: Confidence
    minutes: int | None = None

    def problems(self) -> Iterable[str]:
        if self.ppm <= 0:
            yield f"{self.cas} {self.kind} 的浓度应大于 0，请更正"
        if self.kind.startswith("AEGL") and self.minutes not in (10, 30, 60, 240, 480):
            yield f"{self.cas} {self.kind} 的时长应是 10、30、60、240、480 分钟之一，请更正"


@dataclass(frozen=True)
class ToxicThresholds:
    thresholds: tuple[Threshold, ...]

    def problems(self) -> Iterable[str]:
        seen: set[tuple[str, str, int | None]] = set()
        for one in self.thresholds:
            key = (one.cas, one.kind, one.minutes)
            if key in seen:
                yield f"{one.cas} {one.kind} {one.minutes or ''} 写了两次，请删去一个"
            seen.add(key)


SHAPE = ToxicThresholds


def load(on: date) -> tuple[Threshold, ...]:
    """All values, the user's own instead of the product's."""
    values = {_key(one): one for one in load_as(ToxicThresholds, SHIPPED, on).body.thresholds}
    if loader.versions(OWN):
        values |= {_key(one): one for one in load_as(ToxicThresholds, OWN, on).body.thresholds}
    return tuple(values.values())


def _key(one: Threshold) -> tuple[str, str, int | None]:
    return one.cas, one.kind, one.minutes


def of(cas: str, on: date) -> tuple[Threshold, ...]:
    """Every value of a substance."""
    return tuple(one for one in load(on) if one.cas == cas)
