"""Django's SQLite back end, with writers that give way.

SQLite has one writer at a time and no queue: who finds the database locked asks again every 100 ms at the latest. A
process that writes one transaction after another leaves gaps shorter than that, and the others starve: a duty officer
could not sign in beside an import. So a connection that has held the lock long enough leaves a gap in which everybody
asks once.
"""

import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base, operations

#: The longest time between two askings of SQLite's busy handler (its source, ``sqliteDefaultBusyCallback``), and a bit.
GAP_S = 0.11
#: How long one connection may hold the lock, in transactions without a gap, before it gives way.
HELD_S = 1.0


@lru_cache(maxsize=20_000)
def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class DatabaseOperations(operations.DatabaseOperations):
    """Reads moments in a fifth of the time: they are written as UTC, and lists hold thousands."""

    def convert_datetimefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if type(value) is str and self.connection.timezone is UTC:
            return _moment(value)
        return super().convert_datetimefield_value(value, expression, connection)


class DatabaseWrapper(base.DatabaseWrapper):
    """Gives way after every second of writing."""

    ops_class = DatabaseOperations
    _begun = _ended = _held = 0.0

    def _start_transaction_under_autocommit(self) -> None:
        self._give_way()
        super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave these out
        self._begun = time.monotonic()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._let_go()

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]
        self._let_go()

    def _let_go(self) -> None:
        now = time.monotonic()
        if self._begun:
            self._held += now - self._begun
        self._begun, self._ended = 0.0, now

    def _give_way(self) -> None:
        left = GAP_S - (time.monotonic() - self._ended)
        if left <= 0:
            self._held = 0.0
        elif self._held >= HELD_S:
            time.sleep(left)
            self._held = 0.0
