"""The order of a list's rows, and one page of them, without sorting more than that page needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Field, Model, Q, QuerySet

from anlan.kit.listing.spec import Column, Row, Rows, Value


@dataclass(frozen=True)
class Order:
    """By the value of a column (None: as the rows come), ``down`` from the last to the first; none at the end."""

    column: Column | None
    down: bool = False

    def of(self, rows: Rows) -> Rows:
        """All rows in this order."""
        if self.column is None:
            return rows
        if not isinstance(rows, QuerySet):
            return _sorted(rows, self.column, down=self.down)
        by, last = F(self.column.sort), True if _may_lack(rows.model, self.column.sort) else None
        ordered = by.desc(nulls_last=last) if self.down else by.asc(nulls_last=last)
        return rows.order_by(ordered, "-pk" if self.down else "pk")

    def piece(self, rows: Rows, start: int, size: int) -> list[Row]:
        """``size`` rows from the ``start``-th on."""
        if self.column is None or not isinstance(rows, QuerySet):
            return list(self.of(rows)[start : start + size])
        if not self.column.steps:
            return list(self.of(self._first(rows, start + size))[start : start + size])
        found: list[Row] = []
        for step, tie in self.column.steps[::-1] if self.down else self.column.steps:
            part = rows.filter(step).order_by(f"-{tie}" if self.down else tie)
            before = part.order_by()[:start].count() if start else 0
            if before == start:
                found += part[start : start + size - len(found)]
            start -= before
            if len(found) == size:
                break
        return found

    def _first(self, rows: QuerySet[Row], number: int) -> QuerySet[Row]:
        """All among which the first ``number`` are: so many of each part, which an index finds without sorting."""
        assert self.column is not None
        ordered = self.of(rows)
        assert isinstance(ordered, QuerySet)
        firsts = [Q(pk__in=ordered.filter(part).values("pk")[:number]) for part in self.column.parts]
        return rows.filter(reduce(or_, firsts)) if firsts else rows


def _may_lack(model: type[Model], path: str) -> bool:
    """Whether rows may have no value there. A database walks an index only if it need not put those last."""
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return True  # computed
        if not isinstance(field, Field) or field.null:
            return True
        model = field.related_model or model
    return False


def _sorted(rows: Sequence[Row], column: Column, *, down: bool) -> list[Row]:
    """Rows in memory by the value of a column, those without one last."""
    valued = [(value, row) for row in rows if (value := column.value(row)) not in (None, "")]
    rest = [row for row in rows if column.value(row) in (None, "")]
    as_text = any(not isinstance(value, int | float | date) for value, _ in valued)
    valued.sort(key=lambda pair: _key(pair[0], as_text=as_text), reverse=down)
    return [row for _, row in valued] + rest


def _key(value: Value, *, as_text: bool) -> Any:
    return str(value) if as_text else value
