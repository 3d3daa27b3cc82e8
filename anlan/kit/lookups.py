"""Comparisons that tell SQLite's planner whether they nearly always hold, or hardly ever.

Whoever may look at a whole county filters by a range of paths that leaves almost nothing out. SQLite takes every range
to be a narrow one and would walk through all places to find a few alarms; with ``likely`` it begins with the alarms.
PostgreSQL knows its columns and needs no hint.
"""

from typing import Any

from django.db.models import Field, Lookup, Q
from django.db.models.lookups import In

from anlan.rules import paths

#: Places that hold most of what an installation knows, and those that hold a good part of it.
WIDE = ("province", "city", "county")
BROAD = (*WIDE, "town", "park", "zone")
#: Hints, as a lookup's name begins.
COMMON, RARE = "likely_", "rarely_"


def hint(kind: str) -> str:
    """How much lies at a place of some kind and below."""
    return COMMON if kind in WIDE else "" if kind in BROAD else RARE


def inside(path: str, kind: str, prefix: str = "") -> Q:
    """What lies at a place of some kind and below, by the column ``<prefix>path``, with a hint how much that is."""
    return range_of(path, hint(kind), prefix)


def range_of(path: str, hint: str, prefix: str = "") -> Q:
    """The same with a hint that is known."""
    return Q(**{f"{prefix}path__{hint}gte": path, f"{prefix}path__{hint}lt": paths.after(path)})


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
class RareFrom(_Likely):
    """``path__rarely_gte``: of what lies in one enterprise, or has happened since a moment not long ago."""

    lookup_name, sign, hint = "rarely_gte", ">=", "likelihood({}, 0.002)"


@Field.register_lookup
class RareBelow(_Likely):
    """``path__rarely_lt``"""

    lookup_name, sign, hint = "rarely_lt", "<", "likelihood({}, 0.002)"


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
