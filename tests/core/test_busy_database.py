"""One process writes and writes: on SQLite the others still get their turn."""

import threading
import time
from pathlib import Path
from typing import cast

from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from anlan.kit.sqlite.base import DatabaseWrapper

PATIENCE_S = 3


def connect(file: Path) -> DatabaseWrapper:
    """A connection that waits three seconds for its turn."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": PATIENCE_S, "init_command": "PRAGMA journal_mode=WAL"}
    handler = ConnectionHandler({"default": {"ENGINE": "anlan.kit.sqlite", "NAME": file, "OPTIONS": options}})
    return cast("DatabaseWrapper", handler["default"])


def write(connection: DatabaseWrapper, *, held_s: float) -> None:
    """One transaction that keeps the lock for so long."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO lines DEFAULT VALUES")
        time.sleep(held_s)
    connection.commit()
    connection.set_autocommit(True)


def test_somebody_gets_in_beside_a_writer_without_pause(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    file = tmp_path / "lines.sqlite3"
    going, over = threading.Event(), threading.Event()

    def write_without_pause() -> None:
        busy = connect(file)
        while not over.is_set():
            write(busy, held_s=0.55)
            going.set()
        busy.close()

    with django_db_blocker.unblock():
        other = connect(file)
        with other.cursor() as cursor:
            cursor.execute("CREATE TABLE lines (id INTEGER PRIMARY KEY)")
        writer = threading.Thread(target=write_without_pause)
        writer.start()
        try:
            assert going.wait(10)
            write(other, held_s=0)  # refused as locked after three seconds, were there no gap
        finally:
            over.set()
            writer.join()
            other.close()
