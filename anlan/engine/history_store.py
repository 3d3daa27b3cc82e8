"""The files of the history: immutable Parquet parts, and the manifest that says which of them count.

The manifest is replaced by one atomic rename. A part that no manifest names is rubbish of a crash or of a merge.

Three kinds of parts: ``raw`` readings; ``minute`` and ``hour`` sums of them. A part is *summed* when the next coarser
kind holds its readings too; so what a coarser view needs is that kind's parts and the finer ones not yet summed.
"""

import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Self

import duckdb
import numpy as np
import numpy.typing as npt

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000  # ms
KINDS = ("raw", "minute", "hour")
ROW_GROUP = 32_768  # small enough that one tag's rows are cheap to get at, large enough to pack well

Columns = dict[str, npt.NDArray[np.generic]]
RAW = {"tag": "u4", "ts": "i8", "value": "f8", "good": "u1"}
SUMS = {"tag": "u4", "ts": "i8", "n": "u4", "low": "f8", "high": "f8", "total": "f8", "bad": "u4"}


class DamagedHistory(OSError):
    """The manifest cannot be read; which file, and what to do."""


@dataclass(frozen=True)
class Part:
    """A file, the period [ms] it belongs to, and the bounds of what is in it."""

    name: str
    kind: str
    start: int
    span: int
    low_ts: int
    high_ts: int
    low_tag: int
    high_tag: int
    rows: int
    summed: bool = False

    def within(self, start: int, span: int) -> bool:
        return start <= self.start and self.start + self.span <= start + span


@dataclass(frozen=True)
class Manifest:
    """Which parts count, and up to which log offset of each shard they hold the readings."""

    upto: dict[int, int] = field(default_factory=dict)
    next_part: int = 1
    parts: tuple[Part, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The manifest of a folder; an empty one if there is none yet."""
        path = folder / "manifest.json"
        try:
            data = json.loads(path.read_bytes())
            parts = tuple(Part(*row) for row in data["parts"])
            return cls({int(k): int(v) for k, v in data["upto"].items()}, int(data["next_part"]), parts)
        except FileNotFoundError:
            return cls()
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedHistory(f"{path} is damaged ({error}); restore it, or the folder, from a backup") from error

    def save(self, folder: Path) -> None:
        """Replace the folder's manifest, durably and at once."""
        data = {"version": 1, "upto": self.upto, "next_part": self.next_part}
        rows = [list(asdict(part).values()) for part in self.parts]
        draft = folder / "manifest.tmp"
        with draft.open("wb") as file:
            file.write(json.dumps(data | {"parts": rows}, separators=(",", ":")).encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / "manifest.json")
        sync_folder(folder)

    def swapped(self, old: list[Part], new: list[Part], next_part: int) -> Self:
        gone = {part.name for part in old}
        kept = tuple(part for part in self.parts if part.name not in gone)
        return replace(self, parts=kept + tuple(new), next_part=next_part)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def connect(memory: str) -> duckdb.DuckDBPyConnection:
    """A DuckDB that stays small: its own memory limit, two threads, no spilling beside the history."""
    db = duckdb.connect()
    db.execute(f"SET memory_limit = '{memory}'; SET threads = 2; SET parquet_metadata_cache = true").fetchall()
    return db


def write_part(db: duckdb.DuckDBPyConnection, path: Path, columns: Columns) -> None:
    """Write columns, sorted by tag and ts, as a durable Parquet file."""
    db.register("part_rows", columns)
    try:
        db.execute(
            f"COPY part_rows TO {quoted(path)} (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, "
            f"ROW_GROUP_SIZE {ROW_GROUP})"
        ).fetchall()
    finally:
        db.unregister("part_rows")
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def files(folder: Path, parts: list[Part]) -> str:
    """DuckDB's table of some parts."""
    return f"read_parquet([{', '.join(quoted(folder / part.name) for part in parts)}])"


def quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def ordered(columns: Columns) -> Columns:
    """By tag and ts; of readings with one tag and ts the first stays."""
    order = np.lexsort((columns["ts"], columns["tag"]))
    tag, ts = columns["tag"][order], columns["ts"][order]
    first = np.ones(len(order), bool)
    first[1:] = (tag[1:] != tag[:-1]) | (ts[1:] != ts[:-1])
    return {name: column[order][first] for name, column in columns.items()}


def sums(raw: Columns, width: int) -> Columns:
    """Readings, sorted, as sums over periods of ``width`` ms. Bad and non-finite ones are only counted."""
    starts, period = _groups(raw, width)
    values = raw["value"].astype(np.float64)
    usable = (raw["good"] != 0) & np.isfinite(values)
    n = np.add.reduceat(usable.astype(np.uint32), starts)
    low = np.minimum.reduceat(np.where(usable, values, np.inf), starts)
    high = np.maximum.reduceat(np.where(usable, values, -np.inf), starts)
    return {
        "tag": raw["tag"][starts],
        "ts": period[starts],
        "n": n,
        "low": np.where(n > 0, low, np.nan),
        "high": np.where(n > 0, high, np.nan),
        "total": np.add.reduceat(np.where(usable, values, 0.0), starts),
        "bad": np.add.reduceat((~usable).astype(np.uint32), starts),
    }


def coarser(fine: Columns, width: int) -> Columns:
    """Sums as sums over longer periods."""
    starts, period = _groups(fine, width)
    found: Columns = {"tag": fine["tag"][starts], "ts": period[starts]}
    for name, fold in (("n", np.add), ("low", np.fmin), ("high", np.fmax), ("total", np.add), ("bad", np.add)):
        found[name] = fold.reduceat(fine[name], starts)
    return found


def _groups(columns: Columns, width: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """First rows of each (tag, period) and the period's start for each row."""
    ts = columns["ts"].astype(np.int64)
    period = ts - ts % width
    tag = columns["tag"]
    new = np.ones(len(tag), bool)
    new[1:] = (tag[1:] != tag[:-1]) | (period[1:] != period[:-1])
    return np.flatnonzero(new), period
