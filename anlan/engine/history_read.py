"""Reading the history: lowest, highest and mean in as many steps as a screen has room for."""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt

from anlan.engine.history_store import HOUR, MINUTE, Columns, Manifest, Part, connect, files

TRIES = 5  # a merge may take a part away between the manifest and the read

_FROM_RAW = """SELECT tag, ts, (good != 0 AND isfinite(value))::UINTEGER AS n, CASE WHEN n > 0 THEN value END AS low,
    low AS high, low AS total FROM {source} WHERE {where}"""
_FROM_SUMS = "SELECT tag, ts, n, low, high, total FROM {source} WHERE {where}"


@dataclass(frozen=True)
class Series:
    """A tag's steps. ``ts``: first reading's time or its period's start [ms]; ``good``: the step has good readings.

    ``low``, ``high`` and ``mean`` are of the good readings, NaN where there are none. Steps without readings are left
    out.
    """

    ts: npt.NDArray[np.int64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    mean: npt.NDArray[np.float64]
    good: npt.NDArray[np.bool_]


class Rows(NamedTuple):
    """Readings that are not in the history yet."""

    tags: npt.NDArray[np.uint32]
    ts: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    good: npt.NDArray[np.uint8]


class _Steps(NamedTuple):
    start: int
    end: int
    width: int
    kinds: tuple[str, ...]  # the coarsest that will do, then the finer ones that fill its gaps


def read(
    folder: Path, tags: Sequence[int], start_ms: int, end_ms: int, points: int, tail: Rows | None = None
) -> dict[int, Series]:
    """What tags did in [start, end), in at most ``points`` steps; every tag asked for has a Series, maybe empty.

    Steps of a minute and more are read from minute sums, of an hour and more from hour sums, joined with what is not
    summed yet and with ``tail``.
    """
    if not tags or start_ms >= end_ms:
        return {tag: _series({}, slice(0, 0)) for tag in tags}
    steps = _steps(start_ms, end_ms, points)
    found = _gathered(folder, tags, steps, tail)
    rows = found["tag"]
    return {
        tag: _series(found, slice(*np.searchsorted(rows, [tag, tag + 1]).tolist()))
        if len(rows)
        else _series({}, slice(0))
        for tag in tags
    }


def _steps(start: int, end: int, points: int) -> _Steps:
    """Steps that are whole multiples of what the sums are over, on the same grid."""
    width = max(1, math.ceil((end - start) / max(1, points - 1)))
    kinds: tuple[str, ...] = ("raw",)
    for unit, chain in ((HOUR, ("hour", "minute", "raw")), (MINUTE, ("minute", "raw"))):
        if width >= unit:
            width, kinds = math.ceil(width / unit) * unit, chain
            break
    return _Steps(start // width * width, -(-end // width) * width, width, kinds)


def _gathered(folder: Path, tags: Sequence[int], steps: _Steps, tail: Rows | None) -> Columns:
    for last in range(TRIES):
        parts = _wanted(_manifest(folder), tags, steps)
        if not any(parts.values()) and tail is None:
            break
        try:
            return _query(folder, parts, tags, steps, tail)
        except duckdb.IOException:
            if last == TRIES - 1:
                raise
    return {"tag": np.zeros(0, np.uint32)}


def _wanted(manifest: Manifest, tags: Sequence[int], steps: _Steps) -> dict[str, list[Part]]:
    """Of the coarsest kind all parts, of the finer ones those that are not summed."""
    first, last = min(tags), max(tags)
    return {
        kind: [
            part
            for part in manifest.parts
            if part.kind == kind
            and (place == 0 or not part.summed)
            and (part.low_ts < steps.end and part.high_ts >= steps.start)
            and (part.low_tag <= last and part.high_tag >= first)
            and (len(tags) > 64 or any(part.low_tag <= tag <= part.high_tag for tag in tags))
        ]
        for place, kind in enumerate(steps.kinds)
    }


def _query(
    folder: Path, parts: dict[str, list[Part]], tags: Sequence[int], steps: _Steps, tail: Rows | None
) -> Columns:
    numbers = ", ".join(str(int(tag)) for tag in tags)
    where = f"tag IN ({numbers}) AND ts >= {steps.start} AND ts < {steps.end}"
    sources = [
        (_FROM_RAW if kind == "raw" else _FROM_SUMS).format(source=files(folder, found), where=where)
        for kind, found in parts.items()
        if found
    ]
    with _db().cursor() as db:
        if tail is not None:
            db.register("tail", dict(zip(("tag", "ts", "value", "good"), tail, strict=True)))
            sources.append(_FROM_RAW.format(source="tail", where=where))
        return db.execute(
            f"SELECT tag, min(ts) AS ts, sum(n)::BIGINT AS n, coalesce(min(low), 'nan'::DOUBLE) AS low, "  # noqa: S608
            f"coalesce(max(high), 'nan'::DOUBLE) AS high, coalesce(sum(total), 0) AS total "
            f"FROM ({' UNION ALL '.join(sources)}) GROUP BY tag, ts // {steps.width} ORDER BY tag, ts"
        ).fetchnumpy()


def _series(found: Columns, rows: slice) -> Series:
    if not found:
        none = np.zeros(0)
        return Series(np.zeros(0, np.int64), none, none, none, np.zeros(0, bool))
    n, low, high, total = (found[name][rows].astype(np.float64) for name in ("n", "low", "high", "total"))
    good = n > 0
    mean = np.where(good, total / np.maximum(n, 1), np.nan)
    return Series(found["ts"][rows].astype(np.int64), low, high, mean, good)


@functools.cache
def _db() -> duckdb.DuckDBPyConnection:
    return connect("256MB")


def _manifest(folder: Path) -> Manifest:
    """The folder's manifest, read again when it has been replaced."""
    try:
        state = (folder / "manifest.json").stat()
    except FileNotFoundError:
        return Manifest()
    return _loaded(folder, state.st_mtime_ns, state.st_ino)


@functools.lru_cache(maxsize=4)
def _loaded(folder: Path, _changed: int, _file: int) -> Manifest:
    return Manifest.load(folder)
