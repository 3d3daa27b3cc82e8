"""The history of readings: Parquet that one process writes and any process reads.

``HistoryWriter.write`` puts readings into parts by the hour of their own time, so late ones land where they belong,
and moves ``upto`` in the same rename of the manifest: after a crash each reading is there once. ``compact`` merges the
parts of an hour when it is over and of a day when it is over, sorted by tag, and makes the minute and hour sums that
keep a year as quick to draw as a day. ``read`` is what pages ask.
"""

import atexit
import fcntl
import functools
import json
import logging
import os
import shutil
import threading
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from anlan.engine.crash import point
from anlan.engine.history_read import Rows, Series, read
from anlan.engine.history_store import (
    DAY,
    HOUR,
    KINDS,
    MINUTE,
    RAW,
    SUMS,
    Columns,
    DamagedHistory,
    Manifest,
    Part,
    coarser,
    connect,
    files,
    ordered,
    sums,
    write_part,
)

__all__ = ["DamagedHistory", "HistoryBusy", "HistoryWriter", "Rows", "Series", "read"]

log = logging.getLogger(__name__)

GRACE_MS = 5 * MINUTE  # an hour's stragglers
MANY = 16  # parts that are worth a merge
MERGE_ROWS = 2_000_000  # at once in memory while merging
LOOK_S = 2.0  # how often a history to be taken over is looked for
ARRIVED = "arrived-"  # how the name of a folder with one begins
KEEP_S = 60.0  # a merged part stays this long for readers who have just looked


class HistoryBusy(OSError):
    """Another process writes this history."""


class HistoryWriter:
    """The only writer of a history folder. ``write`` and ``compact`` may run in different threads."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._guard = _exclusive(folder)
        self._manifest = Manifest.load(folder)
        self._number = self._manifest.next_part
        self._lock = threading.Lock()  # the manifest and the next number
        self._merging = threading.Lock()
        self._stop = threading.Event()
        self._tender: threading.Thread | None = None
        self._doomed: list[tuple[float, str]] = []
        self._sweep()

    @functools.cached_property
    def _db(self) -> duckdb.DuckDBPyConnection:
        return connect("512MB")

    def upto(self, shard: int) -> int:
        """The highest log offset of a shard that the history holds; -1 = none."""
        return self._manifest.upto.get(shard, -1)

    def write(
        self,
        shard: int,
        upto_offset: int,
        tags: npt.NDArray[np.uint32],
        ts: npt.NDArray[np.int64],
        values: npt.NDArray[np.float64],
        good: npt.NDArray[np.uint8],
    ) -> None:
        """Keep readings and the log offset they reach to, durably. An offset it holds already changes nothing."""
        if upto_offset <= self.upto(shard):
            return
        hours = np.asarray(ts, np.int64) // HOUR
        order = np.lexsort((ts, tags, hours))
        given = dict(zip(RAW, (tags, ts, values, good), strict=True))
        columns: Columns = {name: np.asarray(given[name], dtype)[order] for name, dtype in RAW.items()}
        edges = np.flatnonzero(np.diff(hours[order])) + 1
        new = [
            self._store("raw", int(part["ts"][0]) // HOUR * HOUR, HOUR, part)
            for part in _split(columns, edges)
            if len(part["ts"])
        ]
        point("history_before_manifest")
        with self._lock:
            manifest = self._manifest.swapped([], new, self._number)
            self._publish(replace(manifest, upto=manifest.upto | {shard: upto_offset}))
        point("history_after_manifest")

    def write_day(self, shard: int, upto_offset: int, columns: Columns) -> None:
        """Keep a whole past day (UTC) of readings as one part: a tenth of the work of hours that are merged later.

        ``columns`` has tag, ts, value, good. Its minutes and hours are not summed; reads take the readings themselves.
        """
        if upto_offset <= self.upto(shard) or not len(columns["ts"]):
            return
        typed = ordered({name: np.asarray(columns[name], dtype) for name, dtype in RAW.items()})
        part = self._store("raw", int(np.asarray(typed["ts"])[0]) // DAY * DAY, DAY, typed)
        with self._lock:
            manifest = self._manifest.swapped([], [part], self._number)
            self._publish(replace(manifest, upto=manifest.upto | {shard: upto_offset}))

    def compact(self, *, thorough: bool = False) -> int:
        """Merge what is due; returns how many merges. ``thorough``: also the odd late part of long ago."""
        done = 0
        with self._merging:
            self._bury()
            while (due := _due(self._manifest, thorough=thorough)) is not None and not self._stop.is_set():
                self._merge(*due[:3], over=due[3])
                done += 1
            done += self._forget()
        return done

    def _forget(self) -> int:
        """Let go of parts that lie wholly before what ``retention.json`` beside the folder says, by kind [ms].

        Readings go only when their minutes and hours are summed.
        """
        limits = _kept_from(self.folder.parent / "retention.json")
        old = [part for part in self._manifest.parts if part.start + part.span <= limits.get(part.kind, 0)]
        if unsummed := [part for part in old if part.kind == "raw" and not part.summed]:
            first = min(unsummed, key=lambda part: part.start)
            day = first.start // DAY * DAY
            parts = [part for part in self._manifest.parts if part.kind == "raw" and part.within(day, DAY)]
            self._merge(parts, day, DAY, over=True)
            return 1
        if old:
            with self._lock:
                self._publish(self._manifest.swapped(old, [], self._number))
            self._doomed += [(time.monotonic(), part.name) for part in old]
        return len(old)

    def adopt(self, folder: Path) -> int:
        """Take over all that another history holds, and delete it; returns how many parts came.

        The files are linked first and counted by one rename of the manifest: a crash on the way changes nothing, and
        what was taken over already is only cleared away.
        """
        other = Manifest.load(folder)
        fresh = {shard: upto for shard, upto in other.upto.items() if upto > self.upto(shard)}
        parts = [self._adopted(folder, part) for part in other.parts] if fresh else []
        point("history_before_adoption")
        with self._lock:
            manifest = self._manifest.swapped([], parts, self._number)
            self._publish(replace(manifest, upto=manifest.upto | fresh))
        shutil.rmtree(folder)
        return len(parts)

    def _adopted(self, folder: Path, part: Part) -> Part:
        """The same part under a number of this history."""
        with self._lock:
            number, self._number = self._number, self._number + 1
        name = f"{part.name.rpartition('-')[0]}-{number:08x}.parquet"
        os.link(folder / part.name, self.folder / name)
        return replace(part, name=name)

    def _receive(self) -> None:
        """Adopt what was laid down beside this history while it was being written."""
        for arrived in sorted(self.folder.glob(f"{ARRIVED}*/")):
            log.info("the history takes over %s parts of %s", self.adopt(arrived), arrived.name)

    def tend(self, every_s: float = 30.0) -> None:
        """Compact from now on in a thread of its own, thoroughly about once a day."""
        self._tender = threading.Thread(target=self._tend, args=(every_s,), name="history", daemon=True)
        self._tender.start()
        atexit.register(self.close)  # a thread inside DuckDB must not outlive the interpreter

    def close(self) -> None:
        """Stop tending and let others write. What was written is durable already."""
        if self._stop.is_set():
            return
        self._stop.set()
        atexit.unregister(self.close)
        if self._tender is not None:
            self._tender.join()
        if "_db" in vars(self):
            self._db.close()
        os.close(self._guard)

    def _tend(self, every_s: float) -> None:
        thorough_at, compact_at = 0.0, time.monotonic() + every_s
        while not self._stop.wait(min(every_s, LOOK_S)):
            try:
                self._receive()
            except OSError:
                log.exception("a history beside this one could not be taken over; trying again")
            if time.monotonic() < compact_at:
                continue
            compact_at = time.monotonic() + every_s
            thorough = time.monotonic() - thorough_at > DAY / 1000
            try:
                self.compact(thorough=thorough)
            except (OSError, duckdb.Error):
                log.exception("the history could not be compacted; trying again in %s s", every_s)
            else:
                thorough_at = time.monotonic() if thorough else thorough_at

    def _store(self, kind: str, start: int, span: int, columns: Columns, *, summed: bool = False) -> Part:
        """Write a part. It counts only once a manifest names it."""
        with self._lock:
            number, self._number = self._number, self._number + 1
        stamp = time.strftime("%Y%m%d%H", time.gmtime(start // 1000))
        name = f"{kind}-{stamp}-{number:08x}.parquet"
        with self._db.cursor() as db:
            write_part(db, self.folder / name, columns)
        point("history_after_part")
        tag, ts = columns["tag"], columns["ts"]
        bounds = (int(ts.min()), int(ts.max()), int(tag[0]), int(tag[-1]))
        return Part(name, kind, start, span, *bounds, len(ts), summed)

    def _publish(self, manifest: Manifest) -> None:
        manifest.save(self.folder)
        self._manifest = manifest

    def _merge(self, old: list[Part], start: int, span: int, *, over: bool) -> None:
        """Merge the raw parts of a period; when it is over, sum them too."""
        new: list[Part] = []
        hours: list[Columns] = []
        for low, high in self._ranges(old):
            raw = ordered(self._rows(old, RAW, f"tag BETWEEN {low} AND {high}"))
            new.append(self._store("raw", start, span, raw, summed=over))
            if over:
                minutes = sums(raw, MINUTE)
                new.append(self._store("minute", start, span, minutes, summed=span == DAY))
                hours.append(coarser(minutes, HOUR))
        if over:
            old = old + [p for p in self._manifest.parts if p.kind == "minute" and p.within(start, span)]
        if over and span == DAY:
            old_month, month = self._month(start, hours)
            old, new = old + old_month, [*new, month]
        with self._lock:
            self._publish(self._manifest.swapped(old, new, self._number))
        self._doomed += [(time.monotonic(), part.name) for part in old]

    def _month(self, day: int, hours: list[Columns]) -> tuple[list[Part], Part]:
        """The hour sums of a month, with those of a day renewed."""
        start, span = _month_of(day)
        old = [part for part in self._manifest.parts if part.kind == "hour" and part.within(start, span)]
        rest = [self._rows(old, SUMS, f"ts NOT BETWEEN {day} AND {day + DAY - 1}")] if old else []
        columns: Columns = {name: np.concatenate([part[name] for part in [*rest, *hours]]) for name in SUMS}
        return old, self._store("hour", start, span, ordered(columns), summed=True)

    def _ranges(self, parts: list[Part]) -> list[tuple[int, int]]:
        """Ranges of tags with about MERGE_ROWS rows each."""
        with self._db.cursor() as db:
            found = db.execute(
                f"SELECT tag, count(*) AS n FROM {files(self.folder, parts)} GROUP BY tag ORDER BY tag"  # noqa: S608
            ).fetchnumpy()
        tags, before = found["tag"], np.cumsum(found["n"]) - found["n"]
        edges = np.flatnonzero(np.diff(before // MERGE_ROWS)) + 1
        return [(int(piece[0]), int(piece[-1])) for piece in np.split(tags, edges)]

    def _rows(self, parts: list[Part], schema: dict[str, str], where: str) -> Columns:
        """Rows of some parts, the oldest part's first."""
        parts = sorted(parts, key=lambda part: part.name.rpartition("-")[2])
        with self._db.cursor() as db:
            query = f"SELECT {', '.join(schema)} FROM {files(self.folder, parts)} WHERE {where}"  # noqa: S608
            found = db.execute(query).fetchnumpy()
        return {name: np.asarray(found[name], dtype) for name, dtype in schema.items()}

    def _bury(self) -> None:
        """Delete merged parts when readers have had time to finish."""
        until = time.monotonic() - KEEP_S
        for _, name in [grave for grave in self._doomed if grave[0] <= until]:
            (self.folder / name).unlink(missing_ok=True)
        self._doomed = [grave for grave in self._doomed if grave[0] > until]

    def _sweep(self) -> None:
        """Delete what a crash left behind."""
        named = {part.name for part in self._manifest.parts}
        for path in self.folder.glob("*.parquet*"):
            if path.name not in named:
                path.unlink()


def _exclusive(folder: Path) -> int:
    guard = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(guard)
        raise HistoryBusy(f"{folder} is being written by another process; stop that one first") from error
    return guard


def _kept_from(path: Path) -> dict[str, int]:
    """From when on each kind of part is kept [ms]; nothing where nobody has said so."""
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    limits = found if isinstance(found, dict) else {}
    return {kind: ms for kind, ms in limits.items() if kind in KINDS and isinstance(ms, int)}


def _split(columns: Columns, edges: npt.NDArray[np.int64]) -> list[Columns]:
    pieces = {name: np.split(column, edges) for name, column in columns.items()}
    return [{name: pieces[name][i] for name in columns} for i in range(len(edges) + 1)]


def _month_of(day: int) -> tuple[int, int]:
    """Start and length of the UTC month of a day [ms]."""
    month = np.datetime64(day, "ms").astype("M8[M]")
    start, end = (int(m.astype("M8[ms]").astype(np.int64)) for m in (month, month + 1))
    return start, end - start


def _due(manifest: Manifest, *, thorough: bool) -> tuple[list[Part], int, int, bool] | None:
    """The next merge: raw parts, their period, and whether it is over. Time is the latest reading's."""
    raw = [part for part in manifest.parts if part.kind == "raw"]
    now = max((part.high_ts for part in raw), default=0)
    for start, parts in _by_period(raw, DAY):
        loose = [part for part in parts if part.span < DAY]
        if loose and start + DAY + HOUR <= now and (len(loose) == len(parts) or len(loose) >= MANY or thorough):
            return parts, start, DAY, True
    for start, parts in _by_period([part for part in raw if part.span == HOUR], HOUR):
        loose = [part for part in parts if not part.summed]
        if loose and start + HOUR + GRACE_MS <= now and (len(loose) == len(parts) or len(loose) >= MANY):
            return parts, start, HOUR, True
        if alike := _alike(loose):
            return alike, start, HOUR, False
    return None


def _by_period(parts: list[Part], span: int) -> list[tuple[int, list[Part]]]:
    found: dict[int, list[Part]] = defaultdict(list)
    for part in parts:
        found[part.start // span * span].append(part)
    return sorted(found.items())


def _alike(parts: list[Part]) -> list[Part]:
    """Enough parts of about one size: merging those keeps the work per reading small."""
    sizes: dict[int, list[Part]] = defaultdict(list)
    for part in parts:
        sizes[part.rows.bit_length() // 4].append(part)
    return next((group for group in sizes.values() if len(group) >= MANY), [])
