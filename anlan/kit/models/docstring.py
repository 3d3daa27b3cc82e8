"""Reads the parts of a numpydoc docstring that describe a model: summary, text, and entries with their units."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNIT = re.compile(r"\[([^\[\]]*)\]\s*\.?$")


@dataclass(frozen=True)
class Entry:
    """``name : type`` and what is said below it; ``unit`` is the last bracket, None when there is none."""

    name: str
    text: str
    unit: str | None


@dataclass(frozen=True)
class Docstring:
    summary: str
    text: str
    sections: dict[str, dict[str, Entry]]


def read(text: str | None) -> Docstring:
    """The parsed docstring; empty parts where nothing is written."""
    lines = inspect.cleandoc(text or "").splitlines()
    heads = [index for index in range(len(lines) - 1) if _is_rule(lines[index + 1]) and lines[index].strip()]
    body = lines[: heads[0]] if heads else lines
    summary, _, rest = "\n".join(body).strip().partition("\n\n")
    sections = {
        lines[start].strip(): {entry.name: entry for entry in _entries(lines[start + 2 : end])}
        for start, end in zip(heads, [*heads[1:], len(lines)], strict=True)
    }
    return Docstring(" ".join(summary.split()), rest.strip(), sections)


def _is_rule(line: str) -> bool:
    return len(line) >= 3 and set(line.strip()) == {"-"}


def _entries(lines: list[str]) -> Iterator[Entry]:
    starts = [index for index, line in enumerate(lines) if line and not line[0].isspace()]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        text = " ".join(" ".join(lines[start + 1 : end]).split())
        unit = _UNIT.search(text)
        yield Entry(
            lines[start].partition(" : ")[0].strip(),
            text[: unit.start()].strip() if unit else text,
            unit[1].strip() if unit else None,
        )
