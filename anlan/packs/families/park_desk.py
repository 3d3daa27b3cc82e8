"""Words and terms of the desk of a park: gates, shared facilities, how long a vehicle may stay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from anlan.packs.loader import load_as
from anlan.rules.levels import Level

IDS = "core/park_desk"


@dataclass(frozen=True)
class Facility:
    """A kind of shared facility; ``unit`` of its capacity; ``needed``: a park without one is told so."""

    name: str
    unit: str
    needed: bool


@dataclass(frozen=True)
class ParkDesk:
    """``longest_stay_min`` [min] where a pass says nothing; ``pass_days`` [d] that a pass is good for at most;
    ``near_metres`` [m]: enterprises that are nearer to each other are neighbours."""

    longest_stay_min: int
    pass_days: int
    overstay_level: Level
    overstay_fact: str
    words: str
    near_metres: float
    gates: Mapping[str, str]
    facilities: Mapping[str, Facility]
    states: Mapping[str, str]

    def problems(self) -> Iterable[str]:
        for name in ("longest_stay_min", "pass_days", "near_metres"):
            if getattr(self, name) <= 0:
                yield f"{name} 应大于 0"
        if self.overstay_level in (Level.UNKNOWN, Level.LOW):
            yield "overstay_level 应是 general、serious 或 major"


SHAPE = ParkDesk


def load(on: date) -> ParkDesk:
    return load_as(ParkDesk, IDS, on).body
