"""How long a shift may be, how early it may be taken over, and how much a handover note may say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from anlan.packs.loader import load_as

IDS = "core/shifts"


@dataclass(frozen=True)
class Shifts:
    """``early_minutes`` [min] before its begin a shift may be taken over; ``longest_hours`` [h] it may last."""

    early_minutes: int
    longest_hours: int
    longest_note: int
    weeks_ahead: int

    def problems(self) -> Iterable[str]:
        for name in ("early_minutes", "longest_hours", "longest_note", "weeks_ahead"):
            if getattr(self, name) <= 0:
                yield f"{name} 应大于 0"


SHAPE = Shifts


def load(on: date) -> Shifts:
    return load_as(Shifts, IDS, on).body
