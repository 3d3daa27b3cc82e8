"""What an import of one kind of thing must be able to do. Kinds know their columns; the rest is the same for all."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from anlan.apps.exchange.choices import LineState
from anlan.apps.exchange.models import ImportLine
from anlan.kit.grants import Viewer
from anlan.kit.sheets import Cell, Unreadable, values
from anlan.rules.refusal import Refusal

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """A column of the file: its heading, what may stand below, how a cell becomes a value that JSON can keep."""

    key: str
    label: str
    help: str = ""
    required: bool = False
    read: Callable[[Cell], Any] = values.text
    choices: Mapping[str, str] = field(default_factory=dict)  # key → word
    also: tuple[Mapping[str, str], ...] = ()  # the same in other languages
    example: str = ""
    unit: str = ""
    width: int = 16

    @property
    def title(self) -> str:
        return f"{self.label} [{self.unit}]" if self.unit else self.label

    def value(self, cell: Cell) -> Any:
        """The value of a cell, None where nothing stands. Raises Unreadable."""
        if cell is None or (isinstance(cell, str) and not values.text(cell)):
            return None
        if not self.choices:
            return self.read(cell)
        for words in self.also:
            with suppress(Unreadable):
                return values.choice(cell, words)
        return values.choice(cell, self.choices)


@dataclass
class Row:
    """A row of the file on its way to being staged."""

    number: int
    values: dict[str, Any]
    problems: list[str] = field(default_factory=list)
    geometry: Mapping[str, Any] | None = None
    title: str = ""
    state: LineState = LineState.NEW
    target: int | None = None
    above: int | None = None
    rank: int = 0
    data: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)

    def refuse(self, problem: str | Refusal | None) -> None:
        """Say what is wrong with the row; nothing when nothing is."""
        if isinstance(problem, Refusal):
            problem = said(problem)
        if problem:
            self.problems.append(problem)

    def text(self, key: str) -> str:
        return str(self.values.get(key) or "")


def said(refusal: Refusal) -> str:
    """A refusal as a remark beside a row: what is wrong and what to do."""
    fix = refusal.filled(gettext(refusal.fix)) if refusal.fix else ""
    return f"{refusal.filled(gettext(refusal.message))}{fix}"


def attempt(row: Row, ask: Callable[[], Any]) -> Any:
    """What ``ask`` finds; what it cannot find becomes a problem of the row."""
    try:
        return ask()
    except Unreadable as problem:
        row.refuse(str(problem))
        return None


class Stager(ABC):
    """Looks at the rows of one file, a few hundred at a time."""

    def survey(self, rows: Iterable[Row]) -> None:  # noqa: B027 - most kinds need none
        """Go through the whole file once before, where rows refer to other rows."""

    @abstractmethod
    def look(self, rows: Sequence[Row]) -> None:
        """Say of each row what it is: new, changed, the same; what is wrong with it; what publishing needs."""

    def finish(self) -> Mapping[int, str]:
        """Rows that turned out bad only when all had been seen, with the remark."""
        return {}


class Kind(ABC):
    """One kind of thing that comes and goes as a file."""

    key: str
    label: str | Promise
    capability: str  # needed where a row writes
    subject: str  # audit rows name the things of this kind ``subject:id``
    geojson = False
    slice = 120  # rows in one transaction, so that it stays below 200 ms

    @abstractmethod
    def fields(self) -> Sequence[Field]: ...

    @abstractmethod
    def stager(self, viewer: Viewer) -> Stager: ...

    @abstractmethod
    def publish(self, viewer: Viewer, lines: Sequence[ImportLine], above: Mapping[int, int]) -> list[int]:
        """Write the rows through the bulk actions of the app that owns them; returns the id of each thing.

        ``above``: row number → id of the thing that it became. Runs in one short transaction; refusals are raised.
        """

    @abstractmethod
    def undo(self, viewer: Viewer, lines: Sequence[ImportLine]) -> None:
        """Take the rows back, the last first."""

    def hindered(self, viewer: Viewer, lines: Sequence[ImportLine]) -> Iterator[tuple[ImportLine, str]]:
        """What stands against undoing beyond later audit rows about the same things."""
        return iter(())

    @abstractmethod
    def rows(self, viewer: Viewer) -> Iterator[Values]:
        """Everything of this kind that the viewer may see, by the keys of the fields, in words."""

    def geometries(self, viewer: Viewer) -> Iterator[tuple[Values, Mapping[str, Any] | None]]:
        """The same with shapes, for GeoJSON."""
        return ((row, None) for row in self.rows(viewer))

    def field(self, key: str) -> Field:
        return next(one for one in self.fields() if one.key == key)
