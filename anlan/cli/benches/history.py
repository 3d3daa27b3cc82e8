"""The history: how fast readings go in, how small they lie, how quickly a day and a year of a tag are drawn.

A month of 2 000 tags with one reading in 48 s each, the national network's average (108 million readings), goes in by
the day through the writer, is merged, and a day of one tag is read in 500 points. For the year, the hour sums of the
eleven months before are laid down as a merge would leave them. Tags and days change with every read.

``ANLAN_BENCH_HISTORY_DAYS`` makes the month shorter.
"""

import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import duckdb
import numpy as np

from anlan.engine import history_store as store
from anlan.engine.history import HistoryWriter, read

TAGS, EVERY, READS, POINTS = 2_000, 48_000, 20, 500
BEGIN = 1_767_225_600_000  # 2026-01-01 00:00 UTC
PER_DAY = store.DAY // EVERY


def run() -> Iterator[dict[str, object]]:
    """Figures of writing, merging, size, and reading."""
    days = int(os.environ.get("ANLAN_BENCH_HISTORY_DAYS", "30"))
    folder = Path(tempfile.mkdtemp(prefix="anlan-bench-history-"))
    try:
        yield from _writing(folder, days)
        yield from _reading(folder, days)
    finally:
        shutil.rmtree(folder)


def _writing(folder: Path, days: int) -> Iterator[dict[str, object]]:
    rng = np.random.default_rng(7)
    writer, level = HistoryWriter(folder), rng.uniform(10, 200, TAGS)
    wrote, merged = 0.0, 0.0
    for day in range(days + 1):  # the last one's first hours only say that the day before is over
        steps = PER_DAY if day < days else 2 * PER_DAY // 24
        walk = level + np.cumsum(rng.normal(0, 0.05, (steps, TAGS)), axis=0)
        level = walk[-1]
        ts = np.repeat(BEGIN + day * store.DAY + np.arange(steps) * EVERY, TAGS)
        tags = np.tile(np.arange(TAGS, dtype=np.uint32), steps)
        values = np.round(walk, 2).ravel()
        good = np.ones(len(ts), np.uint8)
        wrote += _seconds(partial(writer.write, 0, day, tags, ts, values, good))
        merged += _seconds(writer.compact)
    writer.close()
    rows = days * PER_DAY * TAGS
    yield _figure("history, write by the hour", rows / wrote, "readings/s", 1, {})
    yield _figure("history, merge and sum", rows / merged, "readings/s", 1, {})
    raw = [part for part in store.Manifest.load(folder).parts if part.kind == "raw"]
    size = sum((folder / part.name).stat().st_size for part in raw) / sum(part.rows for part in raw)
    yield _figure("history, size", round(size, 2), "bytes/reading", 1, {})


def _reading(folder: Path, days: int) -> Iterator[dict[str, object]]:
    rng = np.random.default_rng(8)
    cases = [
        (int(tag), BEGIN + int(day) * store.DAY)
        for tag, day in zip(rng.integers(0, TAGS, READS), rng.integers(0, days, READS), strict=True)
    ]
    day_ms = _median([partial(read, folder, [tag], at, at + store.DAY, POINTS) for tag, at in cases])
    raw = [str(folder / part.name) for part in store.Manifest.load(folder).parts if part.kind == "raw"]
    plain_ms = _median([partial(_plain, raw, tag, at) for tag, at in cases])
    yield _figure("history, a day of a tag in 500 points", day_ms, "ms", READS, {"duckdb over the raw files": plain_ms})
    _lay_year(folder)
    first, last = BEGIN - 335 * store.DAY, BEGIN + days * store.DAY
    year = [partial(read, folder, [tag], first, last, POINTS) for tag, _ in cases]
    yield _figure("history, a year of a tag in 500 points", _median(year), "ms", READS, {})


def _plain(raw: list[str], tag: int, at: int) -> object:
    """The same picture without our manifest, sums and bounds: what DuckDB does with a folder of files."""
    query = (
        "SELECT ts // 172800, min(value), max(value), avg(value) FROM read_parquet(?) "
        "WHERE tag = ? AND ts >= ? AND ts < ? GROUP BY 1 ORDER BY 1"
    )
    return duckdb.execute(query, [raw, tag, at, at + store.DAY]).fetchnumpy()


def _lay_year(folder: Path) -> None:
    """Hour sums of 335 days before the month, in parts of about a month."""
    rng, parts = np.random.default_rng(9), []
    manifest = store.Manifest.load(folder)
    db = store.connect("512MB")
    for number, start in enumerate(range(-335, 0, 30)):
        hours = np.arange(start * 24, min(start + 30, 0) * 24)
        tag = np.repeat(np.arange(TAGS, dtype=np.uint32), len(hours))
        low = np.round(rng.uniform(10, 200, len(tag)), 2)
        n = np.full(len(tag), store.HOUR // EVERY, np.uint32)
        columns: store.Columns = {
            "tag": tag, "ts": np.tile(BEGIN + hours * store.HOUR, TAGS), "n": n, "low": low, "high": low + 1,
            "total": n * (low + 0.5), "bad": np.zeros(len(tag), np.uint32),
        }  # fmt: skip
        name = f"hour-year-{number}.parquet"
        store.write_part(db, folder / name, columns)
        first, last = int(columns["ts"][0]), int(columns["ts"][-1])
        parts.append(store.Part(name, "hour", first, last - first, first, last, 0, TAGS - 1, len(tag), summed=True))
    db.close()
    manifest.swapped([], parts, manifest.next_part).save(folder)


def _seconds(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def _median(jobs: Sequence[Callable[[], object]]) -> float:
    """Milliseconds, the first job run once more before."""
    jobs[0]()
    return round(statistics.median(_seconds(job) for job in jobs) * 1000, 2)


def _figure(name: str, value: float, unit: str, runs: int, rivals: dict[str, float]) -> dict[str, object]:
    ratio = {peer: round(value / figure, 3) for peer, figure in rivals.items()}
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    value = round(value) if value > 1000 else value
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "runs": runs,
        "peers": rivals,
        "ratio": ratio,
        "machine": machine,
    }
