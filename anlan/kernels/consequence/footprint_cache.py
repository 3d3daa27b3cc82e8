"""Toxic footprints of dense clouds, kept: in memory, bounded, and where a folder is given also on disk.

A run of the dense-gas model takes milliseconds, a park needs thousands of them, and moving or re-rating one source
leaves all others as they were. A footprint is known by everything that makes it (:class:`DenseScenario`); on disk also
by the kernels' sources, so that no footprint outlives the code that made it. A file that is cut or foreign counts as
missing.
"""

import hashlib
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from anlan.kernels._cache import fingerprint
from anlan.kernels.consequence.footprint import Footprint, ToxicProbit
from anlan.kernels.consequence.slab import Fluid, Release, Weather, disperse
from anlan.kernels.consequence.slab_concentration import profiles
from anlan.kernels.validity import within

_SUFFIX = ".npz"
#: The a below which a footprint may end (about 3e-5 dead), and how far one is followed [m].
HARMLESS, FARTHEST = -4.0, 1e5


@dataclass(frozen=True)
class DenseScenario:
    """All that makes a footprint: substance, release (with its rate), weather, probit; times in s, lengths in m.

    ``step``: distance between the rows of the tables; ``height``: of the receptor.
    """

    fluid: Fluid
    release: Release
    weather: Weather
    probit: ToxicProbit
    averaging: float = 600.0
    exposure: float = 1800.0
    height: float = 0.0
    farthest: float = 5000.0
    step: float = 5.0

    def name(self) -> str:
        """32 hexadecimal digits that differ where anything differs, and with the kernels' sources."""
        return hashlib.sha256(f"{fingerprint()} {self!r}".encode()).hexdigest()[:32]


def dense_footprint(scenario: DenseScenario) -> Footprint:
    """Run the dense-gas model and lay its footprint on even distances ``step``, ``2 step`` … ``farthest``.

    A cloud that still kills there is followed farther, to 100 km at most.

    Raises
    ------
    OutOfRange
        What the model refuses, or a step that is not 0.1 m to 100 m.
    """
    within("step", scenario.step, "m", 0.1, 100)
    farthest = scenario.farthest
    run = disperse(scenario.fluid, scenario.release, scenario.weather, farthest)
    seen = profiles(run, scenario.averaging)
    exposed = (scenario.probit, scenario.exposure, scenario.height)
    while farthest < FARTHEST and seen.toxic_end(*exposed) > HARMLESS:
        farthest = min(3 * farthest, FARTHEST)
        run = disperse(scenario.fluid, scenario.release, scenario.weather, farthest, known=run)
        seen = profiles(run, scenario.averaging)
    found = seen.toxic_footprint(*exposed)
    rows = int(min(farthest, found.x[-1]) / scenario.step)
    x = np.asarray(np.arange(1, rows + 1) * scenario.step, np.float64)
    near, far = np.log(x), np.log(found.x)
    a, b = (np.interp(near, far, column) for column in (found.a, np.log(found.b)))
    return Footprint(x, a, np.exp(b), found.slope)


class FootprintCache:
    """Least recently used footprints go first, in memory beyond ``most``, on disk beyond ``most_files``.

    Safe from several threads; two that ask for the same missing footprint both compute it, to the same numbers.
    """

    def __init__(self, most: int = 4096, folder: str | Path | None = None, most_files: int = 65_536) -> None:
        within("most", most, "-", 1)
        within("most_files", most_files, "-", 1)
        self.most, self.most_files = most, most_files
        self.folder = Path(folder) if folder is not None else None
        self.hits = self.misses = 0
        self._kept = OrderedDict[DenseScenario, Footprint]()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, scenario: DenseScenario) -> Footprint:
        """The footprint, from memory, from disk or computed. Its tables are read-only: they are shared."""
        with self._lock:
            found = self._kept.get(scenario)
            if found is not None:
                self._kept.move_to_end(scenario)
                self.hits += 1
                return found
        made = self._read(scenario)
        missing = made is None
        made = dense_footprint(scenario) if made is None else made
        for table in (made.x, made.a, made.b):
            table.flags.writeable = False
        if missing:
            self._write(scenario, made)
        with self._lock:
            self.hits, self.misses = self.hits + (not missing), self.misses + missing
            self._kept[scenario] = made
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return made

    def get_all(self, scenarios: Iterable[DenseScenario], threads: int = 1) -> list[Footprint]:
        """The footprints of many scenarios in their order; the compiled runs of several ``threads`` overlap."""
        within("threads", threads, "-", 1, 256)
        wanted = list(scenarios)
        if threads == 1:
            return [self.get(each) for each in wanted]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(self.get, wanted))

    def _read(self, scenario: DenseScenario) -> Footprint | None:
        if self.folder is None:
            return None
        path = self.folder / (scenario.name() + _SUFFIX)
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
                x, a, b = (np.asarray(file[name], float) for name in "xab")
                slope, scenario_then = float(file["slope"]), str(file["scenario"])
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None
        if scenario_then != repr(scenario) or not len(x) == len(a) == len(b):
            return None
        return Footprint(x, a, b, slope)

    def _write(self, scenario: DenseScenario, made: Footprint) -> None:
        """Write aside and rename: a reader sees a whole file or none. A full disk costs the file, not the answer."""
        if self.folder is None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, aside = tempfile.mkstemp(suffix=".part", dir=self.folder)
        except OSError:
            return
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, x=made.x, a=made.a, b=made.b, slope=made.slope, scenario=repr(scenario))
            Path(aside).replace(self.folder / (scenario.name() + _SUFFIX))
        except OSError:
            Path(aside).unlink(missing_ok=True)
            return
        self._tidy(self.folder)

    def _tidy(self, folder: Path) -> None:
        """Delete the files that were written first, once there are too many; a tenth at once."""
        files = list(folder.glob("*" + _SUFFIX))
        if len(files) <= self.most_files:
            return
        ages = sorted((path.stat().st_mtime_ns, path) for path in files if path.exists())
        for _, path in ages[: len(files) - self.most_files + self.most_files // 10]:
            path.unlink(missing_ok=True)
