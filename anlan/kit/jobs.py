"""Jobs by name. An app registers a function under a kind; the worker runs it when a row of the job table is due.

A job may run twice (its worker was killed, or lost its lease): it must be safe to repeat. It reports progress at least
once per :data:`STEP`, while its worker lives the lease is kept that long; a job that has lost its lease meanwhile is
stopped there by :class:`LeaseLost`.

The apps' ``tasks.py`` are imported when the first job is run: other processes need neither them nor the libraries
behind them.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from django.utils.module_loading import autodiscover_modules

from anlan.kit.errors import AnlanError

Progress = Callable[[int, int], None]  # (done, total)
Work = Callable[[Mapping[str, Any], Progress], None]

LEASE, STEP = timedelta(minutes=2), timedelta(minutes=10)
MAX_ATTEMPTS = 5

_works: dict[str, Work] = {}


class LeaseLost(AnlanError):
    """Another worker has taken the job over; this one stops without a trace."""


def job(kind: str) -> Callable[[Work], Work]:
    """Register a function as the work of jobs of ``kind``. Belongs in an app's ``tasks.py``."""

    def register(work: Work) -> Work:
        if kind in _works:
            msg = f"two functions for jobs of kind {kind}"
            raise ValueError(msg)
        _works[kind] = work
        return work

    return register


def work_of(kind: str) -> Work | None:
    _discover()
    return _works.get(kind)


@cache
def _discover() -> None:
    autodiscover_modules("tasks")


def back_off(attempts: int) -> timedelta:
    """How long to wait after the n-th failed attempt: 10 s, 40 s, 160 s, 640 s."""
    return timedelta(seconds=10 * 4 ** (attempts - 1))
