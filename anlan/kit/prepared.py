"""Questions that every page asks: Django builds their SQL once, afterwards only the values are filled in.

To build a question's SQL takes Django several times as long as the database needs to answer it. A function that builds
such a question is marked ``@prepared`` (``@prepared_count`` where its number is wanted). What it is given by position
are values: ids, paths, moments, collections of these, and the viewer, whose grants are filled in as well. What it is
given by keyword is the shape: each gets SQL of its own. The function hands its values on to the question and looks at
none of them. When a shape is met first, that is tried: its SQL, filled in, must be what Django builds for these values.
Where it is not, the shape is asked the long way.

>>> @prepared
... def _below(path: str, *, kind: str) -> QuerySet[Place]:
...     return Place.objects.filter(path__gte=path, path__lt=paths.after(path), kind=kind)
"""

import copy
import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any, Generic, ParamSpec, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from anlan.kit.grants import Viewer
from anlan.rules import paths

P = ParamSpec("P")
R = TypeVar("R")
Values = tuple[Any, ...]
Get = Callable[[Any], Any]

MOST_SHAPES = 200  # of one question
LONGEST = 2_000  # values in a collection; more are asked for the long way
MOST = 2**63
_log = logging.getLogger(__name__)


class _Unfit(Exception):
    """This shape cannot be prepared: no database is asked, or a value is looked at."""


class _Caught(Exception):
    """The SQL that was about to be run."""

    def __init__(self, sql: str, params: Sequence[Any]) -> None:
        super().__init__(sql)
        self.sql, self.params = sql, tuple(params)


def prepared(build: Callable[P, "QuerySet[Any, R]"]) -> Callable[P, list[R]]:
    """The rows of a question, as a list."""
    return cast("Callable[P, list[R]]", _Rows(build).ask)


def prepared_count(build: Callable[P, "QuerySet[Any, Any]"]) -> Callable[P, int]:
    """How many rows a question has."""
    return cast("Callable[P, int]", _Count(build).ask)


@dataclass(frozen=True)
class _Built:
    """SQL for some values, the question it came from, and what Django's compiler made of that."""

    sql: str
    params: tuple[Any, ...]
    rows: Any
    compiler: Any = None
    converters: Any = None


@dataclass(frozen=True)
class _Ready:
    built: _Built
    gets: tuple[Get | None, ...]  # for each parameter how it follows from the values; None: it stays

    def fill(self, values: Values) -> tuple[Any, ...]:
        return tuple(one if get is None else get(values) for get, one in zip(self.gets, self.built.params, strict=True))


class _Question(Generic[R]):
    """One question in all its shapes."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._known: dict[Any, _Ready | None] = {}

    def ask(self, *values: Any, **shape: Any) -> R:
        values = tuple(_told(value) for value in values)
        key = (tuple(_form(value) for value in values), tuple(shape.items()))
        try:
            ready = self._known[key]
        except KeyError:
            ready = self._met(key, values, shape)
        return self._long_way(values, shape) if ready is None else self._answer(ready, values)

    def _met(self, key: Any, values: Values, shape: Mapping[str, Any]) -> _Ready | None:
        """A shape that is met for the first time."""
        try:
            ready = self._prepared(values, shape)
        except (_Unfit, EmptyResultSet):
            ready = None
        if len(self._known) >= MOST_SHAPES:
            self._known.clear()
        self._known[key] = ready
        return ready

    def _prepared(self, values: Values, shape: Mapping[str, Any]) -> _Ready:
        built = self._built(tuple(_stand_in(value, at) for at, value in enumerate(values)), shape)
        ready = _Ready(built, _gets(built, values))
        tried = tuple(_apart(value, at) for at, value in enumerate(values))
        plain = self._built(tried, shape)
        if (plain.sql, plain.params) != (built.sql, ready.fill(tried)):
            _log.warning("%s looks at its values: its SQL is built anew each time", self._build.__qualname__)
            raise _Unfit
        return ready

    def _built(self, values: Values, shape: Mapping[str, Any]) -> _Built:
        raise NotImplementedError

    def _long_way(self, values: Values, shape: Mapping[str, Any]) -> R:
        raise NotImplementedError

    def _answer(self, ready: _Ready, values: Values) -> R:
        raise NotImplementedError


class _Rows(_Question[list[Any]]):
    def _built(self, values: Values, shape: Mapping[str, Any]) -> _Built:
        rows = self._build(*values, **shape)
        if rows._prefetch_related_lookups:
            raise _Unfit
        compiler = rows.query.get_compiler(using=rows.db)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([one[0] for one in compiler.select[: compiler.col_count]])
        return _Built(sql, tuple(params), rows, compiler, converters)

    def _long_way(self, values: Values, shape: Mapping[str, Any]) -> list[Any]:
        return list(self._build(*values, **shape))

    def _answer(self, ready: _Ready, values: Values) -> list[Any]:
        """As Django's own, by a compiler that knows its SQL already."""
        built, params = ready.built, ready.fill(values)
        compiler, query = copy.copy(built.compiler), copy.copy(built.rows.query)
        compiler.connection = connections[built.rows.db]
        compiler.as_sql = lambda *_, **__: (built.sql, params)
        compiler.get_converters = lambda _: built.converters
        query.get_compiler = lambda *_, **__: compiler
        rows: Any = QuerySet(built.rows.model, query, built.rows.db)
        rows._fields = built.rows._fields
        return list(built.rows._iterable_class(rows))


class _Count(_Question[int]):
    def _built(self, values: Values, shape: Mapping[str, Any]) -> _Built:
        rows = self._build(*values, **shape)
        try:
            with connections[rows.db].execute_wrapper(_catch):
                rows.count()
        except _Caught as caught:
            return _Built(caught.sql, caught.params, rows)
        raise _Unfit  # no row, whatever the database holds

    def _long_way(self, values: Values, shape: Mapping[str, Any]) -> int:
        return int(self._build(*values, **shape).count())

    def _answer(self, ready: _Ready, values: Values) -> int:
        with connections[ready.built.rows.db].cursor() as cursor:
            cursor.execute(ready.built.sql, ready.fill(values))
            return int(cursor.fetchone()[0])


def _catch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - as Django calls it
    raise _Caught(sql, params)


def _told(value: Any) -> Any:
    """A value as it is filled in. Collections: so many times the last that few lengths arise."""
    if isinstance(value, str | Viewer) or not isinstance(value, Collection):
        return value
    held = tuple(one for one in dict.fromkeys(value) if _fits(one))
    return held + held[-1:] * ((1 << (len(held) - 1).bit_length()) - len(held)) if held else held


def _form(value: Any) -> Any:
    """What of a value belongs to the shape."""
    if isinstance(value, Viewer):
        scopes = tuple((type(one.capabilities), one.capabilities, one.hint, one.sectors) for one in value.scopes)
        return scopes, value.person_id is None, value.own
    if isinstance(value, tuple):
        return len(value), type(value[0]) if value else None
    return type(value), _fits(value)


def _fits(value: Any) -> bool:
    """Whether a number is one that a column can hold; there is no row with another."""
    return type(value) is not int or -MOST <= value < MOST


def _stand_in(value: Any, at: int) -> Any:
    """A value of the same kind that nothing else has."""
    if isinstance(value, Viewer):
        scopes = (replace(one, path=_single("", at, place)) for place, one in enumerate(value.scopes))
        return replace(value, person_id=_single(value.person_id, at, 0), scopes=tuple(scopes))
    if isinstance(value, tuple):
        if not 0 < len(value) <= LONGEST:
            raise _Unfit
        return tuple(_single(one, at, place) for place, one in enumerate(value))
    return _single(value, at, 0)


def _single(value: Any, at: int, place: int) -> Any:
    """One that stands in for a single value: number ``place`` of the value ``at``."""
    if value is None:
        return None
    if type(value) is str:
        return f"\x01{at}.{place}"
    if type(value) is int:
        return -1_700_000_000 - 100_000 * at - place
    if isinstance(value, datetime):
        return datetime(1900, 1, 1, tzinfo=UTC) + timedelta(days=at, seconds=place)
    raise _Unfit


def _apart(value: Any, at: int) -> Any:
    """The value itself; in a collection the last one once only, for Django leaves out what repeats."""
    if not isinstance(value, tuple):
        return value
    return tuple(one if one not in value[:place] else _single(one, at, place) for place, one in enumerate(value))


def _gets(built: _Built, values: Values) -> tuple[Get | None, ...]:
    """How the parameters follow from the values. Each value must be among them, else it was looked at."""
    adapt = connections[built.rows.db].ops.adapt_datetimefield_value
    known: dict[Any, Get] = {}
    used: dict[Any, set[Any]] = {}
    for at, value in enumerate(values):
        for mark, *ways in _marks(value, at, adapt):
            known |= {way[0]: way[1] for way in ways}
            if not isinstance(value, Viewer):
                used[mark] = {way[0] for way in ways}
    marks = [(type(one), one) if one.__hash__ else None for one in built.params]
    if any(found.isdisjoint(marks) for found in used.values()):
        raise _Unfit
    return tuple(known.get(one) for one in marks)


def _marks(value: object, at: int, adapt: Callable[[datetime], Any]) -> Iterator[tuple[Any, ...]]:
    """Each single value within a value: its name, and as what it may come to the database with how to get that."""
    if isinstance(value, Viewer):
        yield "person", *_ways(value.person_id, at, 0, _person, adapt)
        for place, scope in enumerate(value.scopes):
            yield place, *_ways(scope.path, at, place, _path_of(place), adapt)
    elif isinstance(value, tuple):
        for place, one in enumerate(value):
            yield (at, place), *_ways(one, at, place, itemgetter(place), adapt)
    elif value is not None:
        yield (at, 0), *_ways(value, at, 0, _itself, adapt)


def _person(viewer: Any) -> Any:
    return viewer.person_id


def _path_of(place: int) -> Get:
    def path(viewer: Any) -> str:
        return str(viewer.scopes[place].path)

    return path


def _itself(value: Any) -> Any:
    return value


def _ways(value: Any, at: int, place: int, get: Get, adapt: Callable[[datetime], Any]) -> Iterator[tuple[Any, Get]]:
    """As what a single value may come to the database; ``get`` takes it out of the value ``at``."""
    if value is None:
        return
    mark = _single(value, at, place)
    yield (type(mark), mark), lambda values: get(values[at])
    if isinstance(mark, str):
        yield (str, paths.after(mark)), lambda values: paths.after(get(values[at]))
    if isinstance(mark, datetime):
        adapted = adapt(mark)
        yield (type(adapted), adapted), lambda values: adapt(get(values[at]))
