"""What the web processes of one machine count and keep together: Django's cache in a small SQLite file.

Requests of a token, second factors that were tried or used: a limit that each process counted for itself would be as
many limits as there are processes. Values are what JSON knows. The file is no record: losing it forgets the counts of
the last minutes, so no commit waits for the disk and no backup holds it.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

_WAIT_S = 5.0  # for another process that is writing
_FOR_EVER = float(2**62)
_TABLE = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS kept_until ON kept (until);
"""
_here = threading.local()


class SharedCache(BaseCache):
    """``LOCATION`` is the file. Every call is atomic for all processes and threads."""

    def __init__(self, location: str | Path, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._path = str(location)

    def add(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value unless there is one; whether it was kept."""
        key, now = self.make_and_validate_key(key, version), time.time()
        with self._writing() as database:
            if database.execute("SELECT 1 FROM kept WHERE key = ? AND until > ?", (key, now)).fetchone():
                return False
            database.execute("DELETE FROM kept WHERE until <= ?", (now,))
            self._put(database, key, value, timeout)
        return True

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        asked = (self.make_and_validate_key(key, version), time.time())
        found = self._database().execute("SELECT value FROM kept WHERE key = ? AND until > ?", asked).fetchone()
        return default if found is None else orjson.loads(found[0])

    def set(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        with self._writing() as database:
            self._put(database, self.make_and_validate_key(key, version), value, timeout)

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        told = (self._until(timeout), self.make_and_validate_key(key, version), time.time())
        with self._writing() as database:
            return database.execute("UPDATE kept SET until = ? WHERE key = ? AND until > ?", told).rowcount > 0

    def delete(self, key: str, version: int | None = None) -> bool:
        with self._writing() as database:
            told = (self.make_and_validate_key(key, version),)
            return database.execute("DELETE FROM kept WHERE key = ?", told).rowcount > 0

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a number; ValueError where there is none."""
        made = self.make_and_validate_key(key, version)
        with self._writing() as database:
            asked = (made, time.time())
            found = database.execute("SELECT value FROM kept WHERE key = ? AND until > ?", asked).fetchone()
            if found is None:
                raise ValueError(f"no number is kept under {key!r}")
            number = int(orjson.loads(found[0])) + delta
            database.execute("UPDATE kept SET value = ? WHERE key = ?", (str(number), made))
        return number

    def clear(self) -> None:
        with self._writing() as database:
            database.execute("DELETE FROM kept")

    def _put(self, database: sqlite3.Connection, key: str, value: Any, timeout: float | None) -> None:
        row = (key, orjson.dumps(value).decode(), self._until(timeout))
        database.execute("INSERT OR REPLACE INTO kept (key, value, until) VALUES (?, ?, ?)", row)

    def _until(self, timeout: float | None) -> float:
        until = self.get_backend_timeout(timeout)
        return _FOR_EVER if until is None else float(until)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that no other process can come between."""
        database = self._database()
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")

    def _database(self) -> sqlite3.Connection:
        """This thread's connection; one that a parent process opened is not used."""
        mine = (self._path, os.getpid())
        if getattr(_here, "of", None) != mine:
            _here.database, _here.of = _open(self._path), mine
        database: sqlite3.Connection = _here.database
        return database


def _open(path: str) -> sqlite3.Connection:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
    for last in (*[False] * 50, True):  # who turns a new file to WAL waits for nobody, so two may meet here
        try:
            database.executescript(_TABLE)
            break
        except sqlite3.OperationalError:
            if last:
                raise
            time.sleep(0.02)
    return database
