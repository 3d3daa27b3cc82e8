"""The last value of every tag, in a memory-mapped file that the engine writes and the web process reads.

A head (magic, a version that is odd while the engine writes, the running number of the last change), then one row a
tag. Readers take what they need, a piece at a time, and look at the version again: a torn piece is taken once more.
"""

import mmap
import os
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

MAGIC = 0x314C41564E4C4E41
HEAD = np.dtype([("magic", "<u8"), ("version", "<u8"), ("change", "<u8"), ("pad", "<u8")])
ROW = np.dtype([("value", "<f8"), ("ts", "<i8"), ("arrival", "<i8"), ("change", "<u8"), ("good", "u1"), ("pad", "V7")])
STEP = 4096  # the file grows by this many rows
PIECE = 4096  # tags read between two looks at the version: short enough to fit between two writes of a busy engine
PATIENCE = 200  # looks at an odd version that stands still before its writer counts as dead

Tags = npt.NDArray[np.uint32]


class Values(NamedTuple):
    """Columns for the tags asked for; ``ts`` is 0 where there was never a reading."""

    value: npt.NDArray[np.float64]
    ts: npt.NDArray[np.int64]
    good: npt.NDArray[np.uint8]
    arrival: npt.NDArray[np.int64]


class Changes(NamedTuple):
    """What changed since a cursor, and the cursor to ask with next time."""

    cursor: int
    tags: Tags
    values: Values


class _Mapped:
    """The file as arrays; mapped anew when it has grown."""

    def __init__(self, path: Path, access: int) -> None:
        self.path, self.access = path, access
        self.map()

    def map(self) -> None:
        with self.path.open("r+b" if self.access == mmap.ACCESS_WRITE else "rb") as file:
            size = os.fstat(file.fileno()).st_size
            self.memory = mmap.mmap(file.fileno(), size, access=self.access)
        self.head = np.frombuffer(self.memory, HEAD, 1)
        self.rows = np.frombuffer(self.memory, ROW, (size - HEAD.itemsize) // ROW.itemsize, HEAD.itemsize)


class LastValues:
    """The reading side. The file may come later: until then no tag has a value."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mapped: _Mapped | None = None

    def read(self, tags: Tags) -> Values:
        """The last values of these tags."""
        rows = self._rows(np.asarray(tags, np.uint32))[1]
        return Values(rows["value"].copy(), rows["ts"].copy(), rows["good"].copy(), rows["arrival"].copy())

    def changed_since(self, cursor: int, tags: Tags) -> Changes:
        """The tags among these that changed after ``cursor`` (0 = all that ever had a value)."""
        tags = np.asarray(tags, np.uint32)
        change, rows = self._rows(tags)
        new = rows["change"] > min(cursor, change)  # a file begun anew counts from the start
        rows = rows[new]
        values = Values(rows["value"].copy(), rows["ts"].copy(), rows["good"].copy(), rows["arrival"].copy())
        return Changes(change, tags[new], values)

    def _rows(self, tags: Tags) -> tuple[int, np.ndarray]:
        """The change that the first piece was read at, and the rows; those of one piece belong together."""
        change, first = self._piece(tags[:PIECE])
        pieces = [first, *(self._piece(tags[at : at + PIECE])[1] for at in range(PIECE, len(tags), PIECE))]
        return change, np.concatenate(pieces)

    def _piece(self, tags: Tags) -> tuple[int, np.ndarray]:
        still, seen = 0, -1
        while True:
            mapped = self._map(int(tags.max(initial=0)))
            if mapped is None:
                return 0, np.zeros(len(tags), ROW)
            before = int(mapped.head["version"][0])
            known = tags < len(mapped.rows)
            rows = np.zeros(len(tags), ROW)
            rows[known] = mapped.rows[tags[known]]
            change = int(mapped.head["change"][0])
            if before % 2 == 0 and int(mapped.head["version"][0]) == before:
                return change, rows
            still = still + 1 if before == seen else 0
            if still == PATIENCE:  # the engine died while writing: what it left is the best there is
                return change, rows
            seen = before
            time.sleep(0.0001 * min(still, 10))

    def _map(self, largest: int) -> _Mapped | None:
        if self._mapped is None or largest >= len(self._mapped.rows):
            try:
                if self._mapped is None or self.path.stat().st_size > len(self._mapped.memory):
                    self._mapped = _Mapped(self.path, mmap.ACCESS_READ)
            except (FileNotFoundError, ValueError):
                return self._mapped
        return self._mapped


class ValueWriter:
    """The engine's side."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not self._whole():
            self._create()
        self._mapped = _Mapped(path, mmap.ACCESS_WRITE)
        head = self._mapped.head
        head["version"] += head["version"] % 2  # the one before died while writing

    def _whole(self) -> bool:
        if not self.path.exists() or self.path.stat().st_size < HEAD.itemsize + ROW.itemsize:
            return False
        with self.path.open("rb") as file:
            return int(np.frombuffer(file.read(HEAD.itemsize), HEAD)["magic"][0]) == MAGIC

    def _create(self) -> None:
        aside = self.path.with_suffix(".new")
        head = np.zeros(1, HEAD)
        head["magic"] = MAGIC
        with aside.open("wb") as file:
            file.write(head.tobytes())
            file.flush()
            _allocate(file.fileno(), HEAD.itemsize + STEP * ROW.itemsize)
        aside.rename(self.path)

    def grow(self, tags: int) -> None:
        """Make room for tag numbers below ``tags``."""
        if tags > len(self._mapped.rows):
            rows = -(-tags // STEP) * STEP
            with self.path.open("r+b") as file:
                _allocate(file.fileno(), HEAD.itemsize + rows * ROW.itemsize)
            self._mapped = _Mapped(self.path, mmap.ACCESS_WRITE)

    def put(
        self,
        tags: Tags,
        ts: npt.NDArray[np.int64],
        values: npt.NDArray[np.float64],
        good: npt.NDArray[np.uint8],
        arrival_ms: int,
    ) -> None:
        """Take readings in order; of several of one tag the last stays."""
        head, rows = self._mapped.head, self._mapped.rows
        head["version"] += 1
        change = head["change"][0] + 1
        places = tags.astype(np.intp)  # NumPy would convert them five times
        rows["value"][places] = values
        rows["ts"][places] = ts
        rows["good"][places] = good
        rows["arrival"][places] = arrival_ms
        rows["change"][places] = change
        head["change"] = change
        head["version"] += 1

    def flush(self) -> None:
        """Write the file through to the disk."""
        self._mapped.memory.flush()


def _allocate(descriptor: int, size: int) -> None:
    """Take the room now, with an error where there is none: a page that cannot be written later kills the process."""
    os.posix_fallocate(descriptor, 0, size)
