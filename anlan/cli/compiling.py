"""Compiles the models of consequences and risk before somebody waits for them: ``python -m anlan.cli.compiling``.

The first computation of a data folder compiles for half a minute of processor time. The worker starts this process
beside itself; it waits until the product has started, then takes only what no other process wants of the processor.
What it has compiled lies in the folder of :mod:`anlan.kernels._cache`, where every process finds it; a second start
there ends at once.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from anlan.kit import clock

if TYPE_CHECKING:
    from anlan.kit.park.inputs import Reading

#: How long the first page, the first alarm and whatever starts with the product come first [s].
WAIT_S = 30.0
DONE = "compiled"


class Compilation:
    """The process beside the worker. ``end`` stops it; what is not compiled then the next start compiles."""

    def __init__(self, wait: float = WAIT_S) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._start, args=(wait,), name="compiling", daemon=True)
        self._thread.start()

    def _start(self, wait: float) -> None:
        if not self._ended.wait(wait) and not done():
            self._process = subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.DEVNULL)  # noqa: S603 - our own program

    def end(self) -> None:
        self._ended.set()
        self._thread.join(5.0)
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(5.0)


def done() -> bool:
    """Whether everything is compiled already."""
    return _mark().exists()


def compile_all() -> None:
    """Unless it is done already: run every compiled model once, on a park of three stores, and note that."""
    if done():
        return
    from anlan.kernels import _detect_loops  # noqa: F401 - compiles when imported
    from anlan.kernels.qra import contribution, individual
    from anlan.kit.park import assembly, compute, domino, knock_on

    on = clock.today()
    reading = _smallest(on)
    scene = assembly.build(reading, on)
    with tempfile.TemporaryDirectory(prefix="anlan-compiling-") as folder:
        found = compute.compute(scene, Path(folder))
    contribution.by_group(scene.park, [(0.0, 50.0)], scene.case_of)
    individual.Dragged(scene.park, scene.grid, 0, found.risk).to(30.0, 30.0)
    knock_on.knock_on(scene, domino.escalations(reading, scene, on))
    _mark().touch()


def _smallest(on: date) -> "Reading":
    """A toxic gas that lies dense, a liquefied fuel, and a liquid that boils in its bund."""
    from anlan.kit.park.inputs import Criteria, GridInput, People, Reading, Run, Weather, WeatherClass
    from anlan.kit.park.installation import Installation, as_source

    sky = (WeatherClass("D 3 m/s", "D", 3.0, 1.0, (1 / 16,) * 16),)
    vessel, holes = "pressure-vessel", ("rupture", "10min", "10mm")
    stores = (
        Installation("液氯", "7782-50-5", 10e3, vessel, holes, escalation="pressurised", volume=10.0),
        Installation("液化石油气", "74-98-6", 20e3, vessel, holes, escalation="pressurised", volume=50.0),
        Installation("苯", "71-43-2", 50e3, "tank-single", holes, bund=100.0, escalation="atmospheric", volume=60.0),
    )
    sources = [as_source(one, (40.0 * row, 0.0), sky, on)[0] for row, one in enumerate(stores)]
    grid = GridInput(-500.0, -500.0, 50.0, 20, 20)
    people = (People("", 100.0, 100.0, 10.0, radius=60.0),)
    run = Run("", grid, Weather(sky, 5), tuple(sources), Criteria((1e-6, 1e-5), "", "in_service"), people)
    return Reading(run, Path("compiling"), {})


def _mark() -> Path:
    """A file beside what is compiled; its folder is named after everything that goes in."""
    from anlan.kernels import _cache

    _cache._ensure_cache()
    return Path(os.environ["NUMBA_CACHE_DIR"]) / DONE


def _step_back() -> None:
    """Take only processor time that nobody else wants, and end with the process that started this one (Linux)."""
    from anlan.cli.supervise import _end_with_parent

    _end_with_parent()
    with contextlib.suppress(OSError, AttributeError):
        os.nice(19)
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


if __name__ == "__main__":
    _step_back()
    compile_all()
