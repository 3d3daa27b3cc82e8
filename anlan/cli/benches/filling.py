"""A large database for a benchmark: rows laid into its tables by the quickest way that it has."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def insert(table: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """Many rows, which say some ``columns``; the others get what their model gives them."""
    from django.db import connection, transaction

    rest = _rest(table, columns)
    names = ", ".join((*columns, *rest))
    whole = ((*row, *rest.values()) for row in rows)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in whole:
                    copy.write_row(row)
            return
        plain = (tuple(_as_text(value) for value in row) for row in whole)
        marks = ", ".join("?" * (len(columns) + len(rest)))
        cursor.cursor.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", plain)  # noqa: S608


def _rest(table: str, columns: tuple[str, ...]) -> dict[str, Any]:
    """Columns that want a value and are not said, with the one that they have in a new row."""
    from django.apps import apps
    from django.db import connection

    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    wanting = (one for one in model._meta.concrete_fields if not one.null and not one.primary_key)
    return {
        column: one.get_db_prep_save(one.get_default(), connection)
        for one in wanting
        if (column := one.column) and column not in columns
    }


def _as_text(value: object) -> object:
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value
