"""The parts of a list that repeat by the hundred, drawn without templates: its rows, and the options of its menus."""

from collections.abc import Collection, Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from anlan.kit import marks
from anlan.kit.listing.filters import Choice, Option
from anlan.kit.listing.spec import Column


def rows(columns: Sequence[Column], lines: Iterable[Sequence[str]]) -> SafeString:
    """Rows of a table, the first cell of each its heading; ``lines`` hold cells that are markup already."""
    begins = [_begin(column, first=not at) for at, column in enumerate(columns)]
    return SafeString("".join(f"<tr>{_row(begins, line)}</tr>" for line in lines))


def _begin(column: Column, *, first: bool) -> tuple[str, str]:
    """How a cell of the column begins and ends."""
    if first:
        return '<th scope="row">', "</th>"
    number = SafeString(' class="number"') if column.number else ""
    return format_html('<td data-label="{}"{}>', column.label, number), "</td>"


def _row(begins: Sequence[tuple[str, str]], cells: Sequence[str]) -> str:
    return "".join(f"{begin}{cell}{end}" for (begin, end), cell in zip(begins, cells, strict=True))


def options(choice: Choice, offered: Iterable[Option], asked: Collection[str]) -> SafeString:
    """The options of a menu, or, standing in the open, of a row of chips."""
    style, kind = "chip" if choice.inline else "listing-option", "checkbox" if choice.many else "radio"
    told = ((style, kind, choice.key, one.value, _checked(one, asked), _label(one)) for one in offered)
    return format_html_join("", '<label class="{}"><input type="{}" name="{}" value="{}"{}>{}</label>', told)


def _checked(option: Option, asked: Collection[str]) -> str:
    return " checked" if option.value in asked else ""


def _label(option: Option) -> str:
    return str(option.label) if option.level is None else marks.level(option.level, str(option.label), "sm")
