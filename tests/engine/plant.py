"""A small plant for the engine's tests: two sources, their tags, a sink and a history in SQLite files."""

import contextlib
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from anlan.connectors.mqtt import Broker, MqttReadings
from anlan.engine.config import EngineConfig
from anlan.engine.crash import point
from anlan.engine.runner import EngineError, run
from anlan.engine.tables import TagRule, TagTable

NORTH, SOUTH = 7, 8  # sources
TAGS = 20  # of the north: 1 … 20; the south owns 21
NOW = 1_760_000_000_000


def table(version: str = "1", high: float = 10.0) -> TagTable:
    """H at ``high``, HH 10 above, no delays; the first five also report missing after a minute."""
    rows = [
        TagRule(tag, NORTH, f"T{tag:02}", h=high, hh=high + 10, deadband=1.0, missing_s=60 if tag <= 5 else None)
        for tag in range(1, TAGS + 1)
    ]
    return TagTable.build(version, [*rows, TagRule(TAGS + 1, SOUTH, "S01", h=high)], {"north": NORTH, "south": SOUTH})


class Tables:
    """What the application would tell; tests change ``now``."""

    def __init__(self, first: TagTable | None = None) -> None:
        self.now = first or table()

    def version(self) -> str:
        return self.now.version

    def load(self) -> TagTable:
        return self.now


def connect(path: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(path, timeout=20, isolation_level=None))


class SqliteSink:
    """Events in a table, ``applied`` in the same transaction; the event's name is its key, so doubling is an error."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.away = False
        with connect(path) as base:
            base.execute("create table if not exists applied (upto)")
            base.execute("create table if not exists event (name primary key, tag, ts, lim, kind, value)")

    def applied(self, shard: int) -> int:
        if self.away:
            raise ConnectionError("the database is away")
        with connect(self.path) as base:
            upto = base.execute("select max(upto) from applied").fetchone()[0]
        return -1 if upto is None else upto

    def apply(self, shard: int, upto: int, events: np.ndarray, offsets: np.ndarray, arrival_ms: np.ndarray) -> None:
        applied = self.applied(shard)
        with connect(self.path) as base:
            base.execute("begin immediate")
            for offset, event in zip(offsets.tolist(), events, strict=True):
                if offset > applied:
                    name = f"{shard}-{offset}-{event['index']}"
                    row = (name, *(event[field].item() for field in ("tag", "ts", "limit", "kind", "value")))
                    base.execute("insert into event values (?, ?, ?, ?, ?, ?)", row)
            base.execute("insert into applied values (?)", (max(upto, applied),))
            point("sink_before_commit")
            base.execute("commit")
        point("sink_after_commit")

    def events(self) -> list[tuple[str, int, int, int, int]]:
        """(name, tag, ts, limit, kind) of all events."""
        with connect(self.path) as base:
            return base.execute("select name, tag, ts, lim, kind from event order by rowid").fetchall()


class SqliteHistory:
    """Readings in a table, ``upto`` in the same transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with connect(path) as base:
            base.execute("create table if not exists upto (offset)")
            base.execute("create table if not exists reading (tag, ts, value, good)")

    def upto(self, shard: int) -> int:
        with connect(self.path) as base:
            found = base.execute("select max(offset) from upto").fetchone()[0]
        return -1 if found is None else found

    def write(self, shard: int, upto_offset: int, tags, ts, values, good) -> None:  # type: ignore[no-untyped-def]
        with connect(self.path) as base:
            base.execute("begin immediate")
            rows = zip(tags.tolist(), ts.tolist(), values.tolist(), good.tolist(), strict=True)
            base.executemany("insert into reading values (?, ?, ?, ?)", rows)
            base.execute("insert into upto values (?)", (upto_offset,))
            point("history_before_commit")
            base.execute("commit")

    def readings(self) -> list[tuple[int, int, float]]:
        """(tag, ts, value) of all."""
        with connect(self.path) as base:
            return base.execute("select tag, ts, value from reading order by tag, ts, rowid").fetchall()


def columns(readings: Sequence[tuple[int, int, float]]) -> tuple[bytes, bytes, bytes, bytes]:
    """(tag, ts, value) readings as the columns ts, values, tags, good."""
    tags, ts, values = (np.array(column) for column in zip(*readings, strict=True))
    good = np.ones(len(tags), "u1")
    return (
        ts.astype("<i8").tobytes(),
        values.astype("<f8").tobytes(),
        tags.astype("<u4").tobytes(),
        good.tobytes(),
    )


def waves(batch: int, start_ms: int) -> list[tuple[int, int, float]]:
    """Batch number ``batch`` of a swing that crosses the limits up and down again and again: a reading of every tag."""
    height = 14.0 * abs((batch % 8) - 4) / 2
    return [(tag, start_ms + batch * 1000, height + tag / 100) for tag in range(1, TAGS + 1)]


def main(folder: Path, broker: str = "") -> None:
    """Run an engine here, hurried so that a short life has everything in it."""
    config = EngineConfig(folder, tick_s=0.05, tables_s=0.1, snapshot_s=0.15, segment_bytes=20_000, keep_log=True)
    connectors = [MqttReadings(Broker.parse(broker))] if broker else []
    try:
        run(config, SqliteSink(folder / "sink.db"), SqliteHistory(folder / "history.db"), Tables(), connectors)
    except EngineError as error:
        sys.exit(str(error))
