"""Compiled loops that let go of the GIL, spread over the cores by threads.

numba's own parallel loops may not be entered by two threads at once where only its simplest threading layer is present;
a web server does that.
"""

import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise


def cores() -> int:
    """How many threads this process may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(job: Callable[[int, int], None], count: int, pieces_per_core: int = 6) -> None:
    """Call ``job(start, stop)`` for pieces of ``range(count)``; pieces may run at the same time."""
    workers = cores()
    pieces = min(count, workers * pieces_per_core)
    if workers == 1 or pieces < 2:
        job(0, count)
        return
    edges = [count * piece // pieces for piece in range(pieces + 1)]
    for done in [_pool(os.getpid()).submit(job, *edge) for edge in pairwise(edges)]:
        done.result()


@functools.cache
def _pool(process: int) -> ThreadPoolExecutor:
    """One pool for a process: threads do not survive a fork."""
    return ThreadPoolExecutor(cores(), thread_name_prefix=f"anlan-risk-{process}")
