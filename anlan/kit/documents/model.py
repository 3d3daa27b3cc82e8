"""What a document holds, whatever it is written as: headings, words, tables, pictures."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from anlan.packs.families import levels
from anlan.rules.levels import Level

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
RISK = "core/levels/risk"

#: The four colours of the product, and the grey of what is not known; beside each stands its character.
COLOURS = {0: "#8A9099", 1: "#2E6FDB", 2: "#F2C200", 3: "#F27A1A", 4: "#D92D20"}
#: Behind words, so that ink stays readable.
TINTS = {0: "#E9EBEE", 1: "#DCE7FA", 2: "#FDF3CC", 3: "#FCE4D1", 4: "#F9D9D6"}


@dataclass(frozen=True)
class Heading:
    """``level`` 1 or 2; they make the table of contents."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Words:
    """A paragraph. ``point``: one of a list; ``note``: small, about the text; ``strong``: what must not be missed."""

    text: str
    kind: Literal["plain", "point", "note", "strong"] = "plain"


@dataclass(frozen=True)
class Cell:
    """A cell with the tint of a risk level behind its words."""

    text: str
    level: int


@dataclass(frozen=True)
class Grid:
    """A table. ``widths``: share of each column (none: all alike); ``right``: columns of numbers."""

    head: Sequence[str]
    rows: Sequence[Sequence[str | Cell]]
    widths: Sequence[float] = ()
    right: Collection[int] = ()
    caption: str = ""


@dataclass(frozen=True)
class Pairs:
    """Names and values, two pairs a line; a long value has a line of its own."""

    pairs: Sequence[tuple[str, str]]
    caption: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture that is ``width`` [cm] wide on paper."""

    png: bytes
    caption: str
    width: float = 16.0


@dataclass(frozen=True)
class Break:
    """What follows begins on a new page."""


Block = Heading | Words | Grid | Pairs | Picture | Break


@dataclass(frozen=True)
class Document:
    """``cover``: what is said of the document itself; ``mark``: what stands on every page (a demonstration)."""

    title: str
    day: date
    blocks: tuple[Block, ...]
    subtitle: str = ""
    cover: Sequence[tuple[str, str]] = field(default=())
    mark: str = ""
    contents: bool = False

    @property
    def written(self) -> str:
        return f"{self.day.year} 年 {self.day.month} 月 {self.day.day} 日"


def contents(document: Document) -> Iterator[tuple[int, Heading]]:
    """Every heading with the number of its block."""
    return ((number, block) for number, block in enumerate(document.blocks) if isinstance(block, Heading))


def badge(level: int, on: date, *, sign_only: bool = False) -> Cell:
    """A risk level as a table shows it: its character and its word on its tint."""
    word = levels.word_of(RISK, Level(level), on)
    return Cell(word.sign if sign_only else f"{word.sign} {word.text}", int(level))


def wide(text: str) -> int:
    """Columns that a text takes, a Chinese character two."""
    return sum(2 if ord(one) > 0x2E7F else 1 for one in text)


def lines_of(pairs: Sequence[tuple[str, str]], room: int = 34) -> Iterator[tuple[tuple[str, str], ...]]:
    """Pairs by twos; one whose value needs more than ``room`` columns by itself."""
    held: list[tuple[str, str]] = []
    for pair in pairs:
        if wide(pair[1]) > room:
            if held:
                yield tuple(held)
            held = []
            yield (pair,)
            continue
        held.append(pair)
        if len(held) == 2:
            yield tuple(held)
            held = []
    if held:
        yield tuple(held)
