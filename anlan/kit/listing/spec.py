"""What a view declares of its list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from anlan.kit.listing.filters import Filter

Row = Any  # a model, a dataclass, a mapping: only the columns of the list look into it
Rows = QuerySet[Any] | Sequence[Row]
Words = str | Promise
Value = str | int | float | bool | date | datetime | Promise | None
Geometry = Mapping[str, Any]


def as_they_are(rows: Sequence[Row]) -> Sequence[Row]:
    return rows


@dataclass(frozen=True)
class Column:
    """One column. ``value`` goes into files and sorts sequences; ``html`` shows it, else its type decides how.

    ``sort``: what a query set is ordered by (``"place__name"``); for a sequence any text that is not empty. A computed
    ``sort`` of few values makes the database sort all rows for one page; ``steps`` tells what leads to the same order
    part by part: for each value, ascending, a filter and what stands for the row's id where an index may hold it.
    ``parts``: filters that share all rows among them, of each of which an index holds this order.
    """

    key: str
    label: Words
    value: Callable[[Row], Value]
    html: Callable[[Row], str] | None = None
    sort: str = ""
    shown: bool = True  # until the person chooses other columns
    number: bool = False  # right-aligned, tabular
    width: int = 16  # in a sheet [characters]
    unit: str = ""
    steps: Sequence[tuple[Q, str]] = ()
    parts: Sequence[Q] = ()


@dataclass(frozen=True)
class Empty:
    """What a list without rows says, and where it leads."""

    title: Words
    text: Words = ""
    url: str = ""
    action: Words = ""


@dataclass(frozen=True)
class Listing:
    """A list. ``name`` is unique in the product: columns are remembered by it. Files are named by ``title``.

    ``prepare`` turns a slice of rows into what the columns read, a page or a few hundred at a time, so that what
    belongs to the rows is fetched in few queries. ``geometry`` of a row offers GeoJSON beside Excel and CSV.
    ``count``: how many rows there are, for a page that counts them anyway, and the same rows, by a shorter way where it
    knows one.
    """

    name: str
    title: Words
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    sort: str = ""  # key of a column, with ``-`` from the last to the first
    empty: Empty = Empty("")
    page_size: int = 50
    prepare: Callable[[Sequence[Row]], Sequence[Row]] = as_they_are
    geometry: Callable[[Row], Geometry | None] | None = None
    count: Callable[[Rows], tuple[int, Rows]] | None = None

    def column(self, key: str) -> Column | None:
        return next((one for one in self.columns if one.key == key), None)
