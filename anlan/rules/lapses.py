"""When something that has an expiry date has run out: the day itself still counts, the next one no longer."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo


def runs_out(due: date, zone: tzinfo) -> datetime:
    """The moment from which a thing that is good until ``due`` is no longer good: the next local midnight."""
    return datetime.combine(due + timedelta(days=1), time.min, zone)


def band(due: date, today: date, steps: Sequence[int]) -> int:
    """Which step of the clock a date is in: 0 run out, 1 … len(steps) within so many days, beyond that len + 1."""
    left = (due - today).days
    if left < 0:
        return 0
    return next((number for number, days in enumerate(steps, 1) if left <= days), len(steps) + 1)
