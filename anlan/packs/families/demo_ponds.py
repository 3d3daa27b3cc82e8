"""The tailings ponds of the demo's county: what the design files say, what was tested, seen and done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from anlan.packs.loader import load_as

IDS = "demo/ponds"

Row = tuple[float, ...]


@dataclass(frozen=True)
class Drain:
    """A drain; ``values`` by their names in the kernel."""

    name: str
    kind: str
    values: Mapping[str, float]


@dataclass(frozen=True)
class Test:
    """A test of a drain, so many ``months_ago``."""

    drain: str
    months_ago: int
    way: str
    outcome: str
    flow: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Pond:
    """A pond at the enterprise with the key ``enterprise``, at its area ``area``.

    Where it has none of that name, one is drawn: a square of ``size`` m, its south-west corner ``offset`` m from the
    enterprise's.
    """

    enterprise: str
    area: str
    name: str
    method: str
    state: str
    values: Mapping[str, float]
    offset: Row = ()
    size: float = 300.0
    raised: bool = False
    commissioned: date | None = None
    idle_months: int | None = None
    stability_months: int | None = None
    storage: tuple[Row, ...] = ()
    drains: tuple[Drain, ...] = ()
    catchment: Mapping[str, float] = field(default_factory=dict)
    path: tuple[Row, ...] = ()
    tests: tuple[Test, ...] = ()
    seen: tuple[str, ...] = ()
    note: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoPonds:
    ponds: tuple[Pond, ...]


SHAPE = DemoPonds


def load(on: date) -> DemoPonds:
    return load_as(DemoPonds, IDS, on).body
