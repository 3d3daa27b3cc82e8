"""The one place that reads the wall clock, so that tests can set it and the demo can live through a month."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

ZONE: ZoneInfo = ZoneInfo("Asia/Shanghai")  # China has one
_here = threading.local()


class ClockError(RuntimeError):
    """The clock may not be set: this is no demo, or it is set already."""


class Simulated:
    """A clock that stands still until it is moved, and only forwards."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def go_to(self, at: datetime) -> None:
        """Be at ``at``. Raises ClockError where that lies before the time that it is."""
        if at < self.at:
            raise ClockError(f"the clock stands at {self.at}, it does not go back to {at}")
        self.at = at

    def go_on(self, by: timedelta) -> None:
        self.go_to(self.at + by)


def now() -> datetime:
    """This moment, aware, in UTC."""
    simulated: Simulated | None = getattr(_here, "clock", None)
    return datetime.now(UTC) if simulated is None else simulated.at


def today() -> date:
    """The day it is where the product works (ZONE): rules come into force and papers expire by it."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The local day in which ``moment`` lies; in China the first eight hours of it are still yesterday in UTC."""
    return moment.astimezone(ZONE).date()


def is_simulated() -> bool:
    """Whether this thread lives in another time, in which nobody listens to live events."""
    return getattr(_here, "clock", None) is not None


@contextmanager
def simulated(at: datetime) -> Iterator[Simulated]:
    """Let it be another time for this thread alone; refused outside the demo, where records must tell the truth."""
    if not settings.DEMO:
        raise ClockError("only the demo simulates the time (ANLAN_DEMO)")
    if is_simulated():
        raise ClockError("the time is simulated already")
    if at.tzinfo is None:
        raise ClockError(f"{at} has no time zone")
    _here.clock = Simulated(at)
    try:
        yield _here.clock
    finally:
        _here.clock = None
