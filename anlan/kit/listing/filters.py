"""Filters of a list: what they read from the address, how they narrow the rows, what their chips say."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from functools import reduce
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext

from anlan.kit import clock
from anlan.packs.families import levels as words
from anlan.rules.levels import ORDER

Words = str | Promise
Changes = Mapping[str, Sequence[str]]  # parameters of the address and their new values

LONGEST_TEXT = 80


@dataclass(frozen=True)
class Told:
    """A filter in force, as its chip says it, and what of the address goes when the chip is taken off."""

    text: str
    without: Changes
    level: int | None = None


class Filter(Protocol):
    @property
    def key(self) -> str: ...

    @property
    def template(self) -> str: ...

    @property
    def keys(self) -> tuple[str, ...]:
        """The parameters that it reads."""

    def read(self, query: QueryDict) -> Sequence[str]:
        """What is asked, as far as it makes sense; empty = nothing."""

    def narrow(self, rows: Any, asked: Sequence[str]) -> Any: ...

    def told(self, asked: Sequence[str]) -> list[Told]: ...


@dataclass(frozen=True)
class Text:
    """Free text. ``fields`` are look-ups of a query set (``name__icontains``), any of which may match each word."""

    label: Words
    fields: tuple[str, ...] = ()
    apply: Callable[[Any, str], Any] | None = None
    key: str = "q"
    template: str = "kit/listing/text.html"

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key,)

    def read(self, query: QueryDict) -> Sequence[str]:
        text = " ".join(query.get(self.key, "").replace("\0", "").split())[:LONGEST_TEXT]
        return (text,) if text else ()

    def narrow(self, rows: Any, asked: Sequence[str]) -> Any:
        if self.apply is not None:
            return self.apply(rows, asked[0])
        for word in asked[0].split():
            rows = rows.filter(reduce(operator.or_, (Q(**{field: word}) for field in self.fields)))
        return rows

    def told(self, asked: Sequence[str]) -> list[Told]:
        return [Told(gettext("含“{text}”").format(text=text), {self.key: ()}) for text in asked]


@dataclass(frozen=True)
class Option:
    """One value to choose. A level is shown by its colour and sign."""

    value: str
    label: Words
    level: int | None = None


def levels(scale: str = "core/levels/risk") -> tuple[Option, ...]:
    """The five levels, the worst first."""
    today = clock.today()
    return tuple(Option(str(int(one)), gettext(words.word_of(scale, one, today).text), int(one)) for one in ORDER[::-1])


@dataclass(frozen=True)
class Choice:
    """Values to choose from: several (any of them), or one. ``field`` of a query set or of the rows holds the value.

    ``inline``: all options stand in the open; else they are in a menu. ``named`` tells the name of a value that the
    options do not list (a place given by a link), or nothing when there is none of that value.
    """

    key: str
    label: Words
    options: Sequence[Option]
    field: str = ""
    apply: Callable[[Any, Sequence[str]], Any] | None = None
    many: bool = True
    inline: bool = False
    named: Callable[[str], str] | None = None
    template: str = "kit/listing/choice.html"

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key,)

    def read(self, query: QueryDict) -> Sequence[str]:
        asked = [value for value in dict.fromkeys(query.getlist(self.key)) if value and self._option(value)]
        return asked if self.many else asked[:1]

    def narrow(self, rows: Any, asked: Sequence[str]) -> Any:
        if self.apply is not None:
            return self.apply(rows, asked)
        if isinstance(rows, QuerySet):
            return rows.filter(**{f"{self.field}__in": list(asked)})
        return [row for row in rows if str(getattr(row, self.field)) in asked]

    def told(self, asked: Sequence[str]) -> list[Told]:
        rest = [(value, [other for other in asked if other != value]) for value in asked]
        chosen = [(option, left) for value, left in rest if (option := self._option(value))]
        return [Told(self._chip(option), {self.key: left}, option.level) for option, left in chosen]

    def offered(self, asked: Sequence[str]) -> list[Option]:
        """The options, with those in force that only a link could name."""
        listed = {option.value for option in self.options}
        foreign = [option for value in asked if value not in listed and (option := self._option(value))]
        return [*foreign, *self.options]

    def _chip(self, option: Option) -> str:
        return str(option.label) if option.level is not None else f"{self.label}：{option.label}"

    def _option(self, value: str) -> Option | None:
        found = next((option for option in self.options if option.value == value), None)
        if found is None and self.named is not None and (name := self.named(value)):
            return Option(value, name)
        return found


@dataclass(frozen=True)
class Preset:
    text: Words
    first: str
    last: str


@dataclass(frozen=True)
class Dates:
    """From a day to a day (both counted), or with ``exact`` from a minute to a minute, in local time."""

    key: str
    label: Words
    field: str = ""
    apply: Callable[[Any, datetime | None, datetime | None], Any] | None = None
    exact: bool = False
    template: str = "kit/listing/dates.html"

    @property
    def keys(self) -> tuple[str, ...]:
        return (f"{self.key}_from", f"{self.key}_to")

    def read(self, query: QueryDict) -> Sequence[str]:
        asked = tuple(text if _moment(text := query.get(key, "").strip()[:16]) else "" for key in self.keys)
        return asked if any(asked) else ()

    def narrow(self, rows: Any, asked: Sequence[str]) -> Any:
        since, until = _moment(asked[0]), _moment(asked[1], end=True)
        if self.apply is not None:
            return self.apply(rows, since, until)
        if isinstance(rows, QuerySet):
            bounds = {f"{self.field}__gte": since, f"{self.field}__lt": until}
            return rows.filter(**{name: value for name, value in bounds.items() if value is not None})
        return [row for row in rows if _within(getattr(row, self.field), since, until)]

    def told(self, asked: Sequence[str]) -> list[Told]:
        if not asked:
            return []
        first, last = (text.replace("T", " ") for text in asked)
        if first and last:
            said = first if first == last else gettext("{first} 至 {last}").format(first=first, last=last)
        else:
            said = gettext("{first} 起").format(first=first) if first else gettext("到 {last}").format(last=last)
        return [Told(f"{self.label}：{said}", dict.fromkeys(self.keys, ()))]

    def presets(self) -> list[Preset]:
        """Spans that people ask for by name."""
        today = clock.today()
        ago = {days: (today - timedelta(days=days)).isoformat() for days in (1, 6, 29)}
        now = today.isoformat()
        found = [Preset(gettext("今天"), now, now), Preset(gettext("近 7 天"), ago[6], now)]
        found.append(Preset(gettext("近 30 天"), ago[29], now))
        if not self.exact:
            return found
        whole = [Preset(one.text, f"{one.first}T00:00", f"{one.last}T23:59") for one in found]
        return [Preset(gettext("昨夜"), f"{ago[1]}T18:00", f"{now}T08:00"), *whole]


def _moment(text: str, *, end: bool = False) -> datetime | None:
    """Local midnight of a day (``end``: of the day after), or the minute (``end``: its end)."""
    try:
        day, minute = parse_date(text), parse_datetime(text)
    except ValueError:
        return None
    if day is not None and len(text) == 10:
        start = datetime.combine(day, time())
        step = timedelta(days=1)
    elif minute is not None and minute.tzinfo is None:
        start, step = minute, timedelta(minutes=1)
    else:
        return None
    if not MINYEAR < start.year < MAXYEAR:  # in another zone such a moment may lie outside of what can be told
        return None
    return timezone.make_aware(start + step if end else start)


def _within(value: Any, since: datetime | None, until: datetime | None) -> bool:
    if value is None:
        return False
    if isinstance(value, date) and not isinstance(value, datetime):
        value = timezone.make_aware(datetime.combine(value, time()))
    return (since is None or since <= value) and (until is None or value < until)
