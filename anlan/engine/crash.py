"""Points where a test may kill the process: ``ANLAN_CRASH=after_fsync:3`` ends it at the third pass of that point."""

import os
import signal
from collections.abc import Callable

_passes = 0


def _armed(order: str) -> Callable[[str], None]:
    wanted, _, number = order.partition(":")

    def point(name: str) -> None:
        global _passes
        if name == wanted:
            _passes += 1
            if _passes == int(number or 1):
                os.kill(os.getpid(), signal.SIGKILL)

    return point


def _nothing(name: str) -> None:
    """Unset, a point is an empty call."""


point: Callable[[str], None] = _armed(os.environ["ANLAN_CRASH"]) if os.environ.get("ANLAN_CRASH") else _nothing
