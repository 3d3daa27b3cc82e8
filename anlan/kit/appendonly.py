"""Tables whose rows may be added but never changed or deleted, held to it by the database itself."""

from collections.abc import Callable

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

Step = Callable[[StateApps, BaseDatabaseSchemaEditor], None]

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION anlan_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def guard(*tables: str) -> RunPython:
    """A migration step after which the database refuses to update or delete rows of ``tables``."""
    return RunPython(_for_each(tables, _guards), _for_each(tables, _removals))


def _for_each(tables: tuple[str, ...], statements: Callable[[str, str], list[str]]) -> Step:
    def run(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables:
            for statement in statements(table, editor.connection.vendor):
                editor.execute(statement, params=None)

    return run


def _guards(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        row = f"ON {table} FOR EACH ROW EXECUTE FUNCTION anlan_append_only()"
        return [
            _POSTGRES_FUNCTION,
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE {row}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE {row}",
        ]
    refuse = f"ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE {refuse}",
    ]


def _removals(table: str, vendor: str) -> list[str]:
    return [removal(table, event, vendor) for event in ("update", "delete")]


def removal(table: str, event: str, vendor: str) -> str:
    """The statement that takes one guard away (a test database is emptied between tests)."""
    on_table = f" ON {table}" if vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {table}_no_{event}{on_table}"
