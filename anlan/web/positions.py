"""Where moving objects are now, from the last values that the engine keeps: for the map and for the stream."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from anlan.apps.monitoring import selectors as monitoring
from anlan.engine.values import LastValues
from anlan.kit.grants import SYSTEM, Viewer

AGAIN_S = 20.0  # the list of who sends a position is read again at least so often
LOOK_S = 0.5  # between two looks of the map at the values


@dataclass(frozen=True, eq=False)
class Roll:
    """Who sends a position, as columns."""

    places: npt.NDArray[np.int64]
    lon: npt.NDArray[np.uint32]
    lat: npt.NDArray[np.uint32]
    paths: tuple[str, ...]
    sectors: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.places)


NOBODY = Roll(np.zeros(0, np.int64), np.zeros(0, np.uint32), np.zeros(0, np.uint32), (), ())


@dataclass(frozen=True)
class Fixes:
    """Rows of the roll with where they are [degree] and since when [ms]."""

    rows: npt.NDArray[np.int64]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    ts: npt.NDArray[np.int64]


def roll(viewer: Viewer = SYSTEM) -> Roll:
    """Everything in the viewer's scope that sends a position."""
    found = monitoring.tracked(viewer)
    return Roll(
        np.array([one.place_id for one in found], np.int64),
        np.array([one.lon_tag for one in found], np.uint32),
        np.array([one.lat_tag for one in found], np.uint32),
        tuple(one.path for one in found),
        tuple(one.sector for one in found),
    )


def fixes(last: LastValues, all_of: Roll, cursor: int = 0) -> tuple[int, Fixes]:
    """Positions that changed after ``cursor`` (0: all there are), and the cursor to ask with next time."""
    changes = last.changed_since(cursor, np.concatenate([all_of.lon, all_of.lat]))
    rows = np.flatnonzero(np.isin(all_of.lon, changes.tags) | np.isin(all_of.lat, changes.tags))
    x, y = last.read(all_of.lon[rows]), last.read(all_of.lat[rows])
    good = (x.ts > 0) & (y.ts > 0) & (x.good > 0) & (y.good > 0)
    with np.errstate(invalid="ignore"):
        good &= (np.abs(x.value) <= 180) & (np.abs(y.value) <= 90) & ((x.value != 0) | (y.value != 0))
    ts = np.maximum(x.ts, y.ts)
    return changes.cursor, Fixes(rows[good], x.value[good], y.value[good], ts[good])


class Follower:
    """The newest positions for one reader in a thread; whoever asks too soon hears of nothing new."""

    def __init__(self, data: Path) -> None:
        self._last, self._roll, self._cursor = LastValues(data / "values.bin"), NOBODY, 0
        self._read_at = self._looked_at = float("-inf")
        self._lock = threading.Lock()

    def moved(self) -> tuple[Roll, Fixes] | None:
        """Who moved since the last call; None if nobody did."""
        with self._lock:
            now = time.monotonic()
            if now - self._looked_at < LOOK_S:
                return None
            self._looked_at = now
            if now - self._read_at > AGAIN_S:
                self._roll, self._read_at, self._cursor = roll(), now, 0
            if not len(self._roll):
                return None
            self._cursor, found = fixes(self._last, self._roll, self._cursor)
            return (self._roll, found) if len(found.rows) else None
