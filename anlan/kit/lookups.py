"""Comparisons that tell SQLite's planner whether they nearly always hold, or hardly ever.

Whoever may look at a whole county filters by a range of paths that leaves almost nothing out. SQLite takes every range
to be a narrow one and would walk through all places to find a few alarms; with ``likely`` it begins with the alarms.
PostgreSQL knows its columns and needs no hint.
"""

from typing import Any

from django.db.models import Field, Lookup
from django.db.models.lookups import In


class _Likely(Lookup[Any]):
    sign, hint = "", "likely({})"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, given = self.process_lhs(compiler, connection)
        right, more = self.process_rhs(compiler, connection)
        return f"{left} {self.sign} {right}", (*given, *more)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = self.as_sql(compiler, connection)
        return self.hint.format(sql), params


@Field.register_lookup
class LikelyFrom(_Likely):
    """``path__likely_gte``"""

    lookup_name, sign = "likely_gte", ">="


@Field.register_lookup
class LikelyBelow(_Likely):
    """``path__likely_lt``"""

    lookup_name, sign = "likely_lt", "<"


@Field.register_lookup
class RareAbove(_Likely):
    """``cleared__rarely_gt``: for what has happened since a moment not long ago."""

    lookup_name, sign, hint = "rarely_gt", ">", "likelihood({}, 0.01)"


@Field.register_lookup
class RareIn(In):
    """``state__rarely_in``: for the few rows of a long table that are still open."""

    lookup_name = "rarely_in"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        sql, params = self.as_sql(compiler, connection)
        return f"likelihood({sql}, 0.001)", params
