"""Reads the parts of a numpydoc docstring that describe a model: summary, text, and entries with their units."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORDS = re.compile(r"[A-Za-z]{2,}(_[A-Za-z0-9]{2,})+")
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
        for start, end in zip(heads, [*heads[1:], len(lines)], strict=False)
    }
    return Docstring(" ".join(summary.split()), rest.strip(), sections)


def _is_rule(line: str) -> bool:
    return len(line) >= 3 and set(line.strip()) == {"-"}


def _entries(lines: list[str]) -> Iterator[Entry]:
    starts = [index for index, line in enumerate(lines) if line and not line[0].isspace()]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        text = " ".join(" ".join(lines[start + 1 : end]).split())
        unit = _UNIT.search(text)
        name = lines[start].partition(" : ")[0].strip()
        said = text[: unit.start()].strip() if unit else text
        yield Entry(name, said or _in_words(name), unit[1].strip() if unit else None)


def _in_words(name: str) -> str:
    """A name of several words describes itself: ``heat_of_combustion``; a letter or a single word does not."""
    return name.replace("_", " ") if _WORDS.fullmatch(name) else ""
