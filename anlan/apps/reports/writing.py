"""Puts a report together: numbers its headings, tables and pictures; says moments and numbers in one way."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.utils import timezone

from anlan.apps.ledger.explanation import render
from anlan.apps.ledger.models import Fact
from anlan.kit import clock
from anlan.kit.documents import Block, Cell, Grid, Heading, Pairs, Picture, Words

Rows = list[list[str | Cell]]
_NUMBERS = "一二三四五六七八九十"


class Writer:
    """Blocks in the making."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._heads = self._subs = self._tables = self._figures = 0

    def head(self, text: str) -> None:
        self._heads, self._subs = self._heads + 1, 0
        self.blocks.append(Heading(f"{chinese(self._heads)}、{text}"))

    def sub(self, text: str) -> None:
        self._subs += 1
        self.blocks.append(Heading(f"（{chinese(self._subs)}）{text}", 2))

    def say(self, text: str) -> None:
        self.blocks.append(Words(text))

    def point(self, text: str) -> None:
        self.blocks.append(Words(text, "point"))

    def note(self, text: str) -> None:
        self.blocks.append(Words(text, "note"))

    def strong(self, text: str) -> None:
        self.blocks.append(Words(text, "strong"))

    def table(
        self,
        caption: str,
        head: Sequence[str],
        rows: Sequence[Sequence[str | Cell]],
        widths: Sequence[float] = (),
        right: Collection[int] = (),
    ) -> None:
        self._tables += 1
        self.blocks.append(Grid(head, rows, widths, right, f"表 {self._tables}　{caption}"))

    def pairs(self, pairs: Sequence[tuple[str, str]], caption: str = "") -> None:
        self.blocks.append(Pairs(pairs, caption))

    def figure(self, png: bytes, caption: str) -> None:
        self._figures += 1
        self.blocks.append(Picture(png, f"图 {self._figures}　{caption}"))


def chinese(number: int) -> str:
    """1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _NUMBERS[ones - 1]
    return f"{_NUMBERS[tens - 1] if tens > 1 else ''}十{_NUMBERS[ones - 1] if ones else ''}"


def at(moment: datetime | None) -> str:
    """A moment in local time, to the minute."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else "—"


def day(moment: datetime | date | None) -> str:
    if isinstance(moment, datetime):
        moment = clock.day_of(moment)
    return f"{moment:%Y-%m-%d}" if moment else "—"


def number(value: float | None, unit: str = "") -> str:
    """Up to four figures, thousands apart."""
    if value is None:
        return "—"
    said = f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.4g}"
    return f"{said} {unit}".rstrip()


def share(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else "—"


def why(fact: Fact) -> str:
    """The reason of a fact in words."""
    return render(fact)
