"""Arrival time: it never runs back by itself, and a clock that jumps is said to have jumped.

The wall clock is compared with the monotonic one. A small step back is waited out. A large step either way (somebody
set the clock, the machine slept) becomes a shift record, so that no tag is called missing, and none stays unwatched,
for it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

TOLERANCE_MS = 2_000


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


def _steady_ms() -> int:
    return time.monotonic_ns() // 1_000_000


@dataclass
class ArrivalClock:
    """``now()`` gives the arrival time and how far remembered arrivals have to move with it [ms], mostly 0."""

    wall: Callable[[], int] = _wall_ms
    steady: Callable[[], int] = _steady_ms
    tolerance_ms: int = TOLERANCE_MS
    jumps: int = 0

    def __post_init__(self) -> None:
        self._wall, self._steady = self.wall(), self.steady()
        self.last = self._wall

    def now(self) -> tuple[int, int]:
        wall, steady = self.wall(), self.steady()
        passed = steady - self._steady
        jump = (wall - self._wall) - passed
        self._wall, self._steady = wall, steady
        if abs(jump) > self.tolerance_ms:
            self.jumps += 1
            shift = wall - (self.last + passed)
            self.last = wall
            return wall, shift
        self.last = max(self.last, wall)
        return self.last, 0
