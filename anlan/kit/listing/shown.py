"""A list as one request asks for it: which rows, which columns, in which order, with which addresses behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.template.defaultfilters import floatformat
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from anlan.kit import clock, words
from anlan.kit.listing import drawing
from anlan.kit.listing.filters import Filter, Told
from anlan.kit.listing.ordering import Order
from anlan.kit.listing.spec import Column, Listing, Row, Rows, Value

COUNTED = 1_000  # beyond, the count says "1 000+"
LAST_PAGE = 20_000
_OWN = ("page", "format")


@dataclass(frozen=True)
class Head:
    """A column's heading: how it is sorted now, and the address that sorts by it."""

    column: Column
    state: str  # ascending, descending, none, or nothing where it cannot be sorted
    url: str


@dataclass(frozen=True)
class Control:
    """A filter with what is asked of it."""

    filter: Filter
    asked: Sequence[str]


@dataclass(frozen=True)
class Chip:
    told: Told
    url: str


@dataclass(frozen=True)
class Shown:
    """What the template reads."""

    spec: Listing
    request: HttpRequest
    rows: Rows  # narrowed and sorted, all pages
    asked: Mapping[str, Sequence[str]]
    sort: str
    page: int
    columns: tuple[Column, ...]
    fetched: tuple[Row, ...]  # of this page, prepared
    further: bool
    count: int

    @property
    def element(self) -> str:
        return f"listing-{self.spec.name}"

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    @property
    def lines(self) -> SafeString:
        """The rows as the table's body shows them."""
        cells = ([cell_html(column, row) for column in self.columns] for row in self.fetched)
        return drawing.rows(self.columns, cells)

    @property
    def controls(self) -> list[Control]:
        return [Control(one, self.asked.get(one.key, ())) for one in self.spec.filters]

    @property
    def chips(self) -> list[Chip]:
        told = (one for source in self.spec.filters for one in source.told(self.asked.get(source.key, ())))
        return [Chip(one, self.link(one.without)) for one in told]

    @property
    def counted(self) -> str:
        """How many rows: the number, or ``1 000+``."""
        return f"{COUNTED:,}+".replace(",", " ") if self.count > COUNTED else str(self.count)

    @property
    def first(self) -> int:
        return (self.page - 1) * self.spec.page_size + 1

    @property
    def last(self) -> int:
        return self.first + len(self.fetched) - 1

    @property
    def previous_url(self) -> str:
        return self.link({"page": [str(self.page - 1)]}) if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        return self.link({"page": [str(self.page + 1)]}) if self.further else ""

    @property
    def plain_url(self) -> str:
        """The list without any filter."""
        return self.link({key: () for one in self.spec.filters for key in one.keys})

    @property
    def exports(self) -> list[tuple[str, str]]:
        """(name, address) of the files that can be had."""
        formats = [("Excel", "xlsx"), ("CSV", "csv")]
        formats += [("GeoJSON", "geojson")] if self.spec.geometry else []
        return [(name, self.link({"format": [suffix]})) for name, suffix in formats]

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """(value, words, chosen) of every order, for screens without headings."""
        found = []
        for column in self.spec.columns:
            if column.sort:
                for value, arrow in ((column.key, "↑"), (f"-{column.key}", "↓")):
                    found.append((value, f"{column.label} {arrow}", value == self.sort))
        return found

    @property
    def choosable(self) -> list[tuple[Column, bool]]:
        """Every column but the first, which says what the row is, and whether it is shown."""
        keys = {column.key for column in self.columns}
        return [(column, column.key in keys) for column in self.spec.columns[1:]]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What else is in the address and stays there."""
        own = {"sort", "col", *_OWN, *(key for one in self.spec.filters for key in one.keys)}
        return [(key, value) for key, values in self.request.GET.lists() if key not in own for value in values]

    @property
    def cookie(self) -> str:
        return cookie_name(self.request, self.spec)

    def link(self, changes: Mapping[str, Sequence[str]]) -> str:
        query = self.request.GET.copy()
        for key in _OWN:
            query.pop(key, None)
        for key, values in changes.items():
            query.setlist(key, list(values))
        return f"?{query.urlencode()}"

    def _head(self, column: Column) -> Head:
        if not column.sort:
            return Head(column, "", "")
        state = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "none")
        wanted = f"-{column.key}" if state == "ascending" else column.key
        return Head(column, state, self.link({"sort": [wanted]}))


def show(request: HttpRequest, spec: Listing, rows: Rows) -> Shown:
    """The page of the list that the address asks for. What makes no sense in the address is passed over."""
    asked = {one.key: values for one in spec.filters if (values := one.read(request.GET))}
    found = _narrowed(spec, rows, asked)
    sort = _sort(request.GET, spec)
    order = Order(spec.column(sort.removeprefix("-")), down=sort.startswith("-"))
    count, found = spec.count(found) if spec.count else (_count(found), found)
    count = min(count, COUNTED + 1)
    page = _page(request.GET, spec, count)
    start = (page - 1) * spec.page_size
    piece = order.piece(found, start, spec.page_size + 1)
    fetched = tuple(spec.prepare(piece[: spec.page_size]))
    further = len(piece) > spec.page_size
    rows = order.of(found)
    return Shown(spec, request, rows, asked, sort, page, _columns(request, spec), fetched, further, count)


def cell_html(column: Column, row: Row) -> str:
    """A cell as the page shows it."""
    return conditional_escape(column.html(row)) if column.html else plain_html(column.value(row), column.unit)


def plain_html(value: Value, unit: str = "") -> str:
    """A value without markup of its own: by its type, a dash for nothing."""
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, datetime):
        short, exact = words.short(value, clock.now()), words.exact(value)  # digits alone
        return SafeString(f'<time datetime="{value.isoformat()}" title="{exact}">{short}</time>')
    if isinstance(value, date):
        return value.isoformat()
    text = floatformat(value, -3) if isinstance(value, float) else str(value)
    return conditional_escape(f"{text} {unit}".rstrip())


_NOTHING = SafeString('<span class="nothing">—</span>')


def cookie_name(request: HttpRequest, spec: Listing) -> str:
    """Where the browser keeps which columns this person wants to see here."""
    return f"list.{getattr(request.user, 'pk', None) or 0}.{spec.name}"


def _narrowed(spec: Listing, rows: Rows, asked: Mapping[str, Sequence[str]]) -> Rows:
    for one in spec.filters:
        if values := asked.get(one.key):
            rows = one.narrow(rows, values)
    return rows


def _sort(query: QueryDict, spec: Listing) -> str:
    wanted = query.get("sort", "")
    column = spec.column(wanted.removeprefix("-"))
    return wanted if column is not None and column.sort else spec.sort


def _count(rows: Rows) -> int:
    """How many rows, counted no further than one beyond what the page says exactly."""
    if isinstance(rows, QuerySet):
        return rows.order_by()[: COUNTED + 1].count()
    return len(rows) if len(rows) <= COUNTED else COUNTED + 1


def _page(query: QueryDict, spec: Listing, count: int) -> int:
    text = query.get("page", "")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    last = -(-count // spec.page_size) if count <= COUNTED else LAST_PAGE
    return max(min(page, last), 1)


def _columns(request: HttpRequest, spec: Listing) -> tuple[Column, ...]:
    """The first column and those that were chosen: in the address, else in this browser, else as declared."""
    chosen = request.GET.getlist("col") or request.COOKIES.get(cookie_name(request, spec), "").split(".")
    known = {key for key in chosen if spec.column(key)}
    first, *rest = spec.columns
    return (first, *(column for column in rest if (column.key in known if known else column.shown)))
