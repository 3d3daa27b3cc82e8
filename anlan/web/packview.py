"""Packs as a manager reads them: tables with headings, versions side by side, and what is wrong with them."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from anlan.kit import clock
from anlan.packs import linter, loader
from anlan.packs.families import pack_words
from anlan.packs.loader import Draft
from anlan.packs.model import Header, PackError, Problem

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One part of a pack. ``keys`` name the rows, for comparing versions."""

    field: str
    title: str
    heads: Cells
    rows: tuple[Cells, ...]


@dataclass(frozen=True)
class Entry:
    """One version of a pack in the list."""

    header: Header
    rows: int
    family: str
    folder: str  # which folder of packs it comes from

    def state(self, today: date) -> str:
        """``now``, ``coming`` or ``past``."""
        if self.header.holds(today):
            return "now"
        return "coming" if self.header.valid_from > today else "past"


@dataclass(frozen=True)
class Changed:
    """A row that differs between two versions: its key, and (heading, before, after) of what differs."""

    key: str
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Difference:
    """What one part of a pack gained, lost and changed from one version to another."""

    title: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[Changed, ...]


def entries() -> list[Entry]:
    """Every version of every pack, from the installation's folder and the product's own."""
    return list(_entries(loader.folders(), _stamp()))


def problems() -> list[Problem]:
    """What the linter finds in all folders of packs."""
    return list(_problems(loader.folders(), _stamp()))


def versions(pack_id: str) -> list[Entry]:
    """The versions of one pack, the newest first."""
    found = [one for one in entries() if one.header.id == pack_id]
    return sorted(found, key=lambda one: one.header.valid_from, reverse=True)


def tables(header: Header) -> list[Table]:
    """The content of the version of a pack that begins on that day."""
    body = loader.load(header.id, header.valid_from).body
    words = pack_words.load(clock.today())
    return [table for table in _tables(body, header.id, words) if table.rows]


def difference(before: Header, after: Header) -> list[Difference]:
    """What changed between two versions, part by part; parts without a change are left out."""
    old, new = ({table.field: table for table in tables(header)} for header in (before, after))
    found = (_differs(old.get(field), new.get(field)) for field in {**old, **new})
    return [one for one in found if one.added or one.removed or one.changed]


def _stamp() -> tuple[int, int]:
    """Changes when a file of a pack does."""
    files = [
        path for folder in loader.folders() for path in folder.rglob("*") if path.suffix in (".yaml", ".yml", ".csv")
    ]
    return len(files), max((path.stat().st_mtime_ns for path in files), default=0)


@lru_cache(maxsize=2)
def _entries(folders: tuple[Path, ...], _changed: tuple[int, int]) -> tuple[Entry, ...]:
    found = []
    for folder in folders:
        for file in loader.files(folder):
            draft, _ = loader.draft(file, folder)
            if draft is not None:
                found.append(Entry(draft.header, _size(draft), _family(draft.header.id), folder.name))
    return tuple(sorted(found, key=lambda one: (one.header.id, one.header.valid_from)))


@lru_cache(maxsize=2)
def _problems(folders: tuple[Path, ...], _changed: tuple[int, int]) -> tuple[Problem, ...]:
    return tuple(problem for folder in folders for problem in linter.check(folder))


def _family(pack_id: str) -> str:
    return pack_id.partition("/")[0]


def _size(draft: Draft) -> int:
    """How many rows its tables have together."""
    try:
        body = loader.load(draft.header.id, draft.header.valid_from).body
    except PackError:
        return 0
    return sum(len(value) for field in _fields(body) if isinstance(value := getattr(body, field), tuple | Mapping))


def _fields(body: object) -> list[str]:
    return [field.name for field in dataclasses.fields(body)] if dataclasses.is_dataclass(body) else []


def _tables(body: object, pack_id: str, words: pack_words.PackWords) -> Iterator[Table]:
    single = []
    for field in _fields(body):
        value, title = getattr(body, field), words.heading(pack_id, field)
        if isinstance(value, Mapping):
            yield _of_mapping(field, title, value, pack_id, words)
        elif isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
            yield _of_rows(field, title, value, pack_id, words)
        else:
            single.append((title, _text(value, words)))
    if single:
        yield Table("", "", ("", ""), tuple(single))


def _of_rows(field: str, title: str, rows: tuple[Any, ...], pack_id: str, words: pack_words.PackWords) -> Table:
    names = [name for name in _fields(rows[0]) if any(getattr(row, name) not in (None, "", ()) for row in rows)]
    heads = tuple(words.heading(pack_id, name) for name in names)
    return Table(field, title, heads, tuple(tuple(_text(getattr(row, name), words) for name in names) for row in rows))


def _of_mapping(field: str, title: str, value: Mapping[str, Any], pack_id: str, words: pack_words.PackWords) -> Table:
    """A row for each key; what hangs below a key makes the columns, or rows of their own where it is rows again."""
    first = next(iter(value.values()), None)
    if isinstance(first, Mapping):
        return _of_grid(field, title, value, pack_id, words)
    if dataclasses.is_dataclass(first):
        names = [name for name in _fields(first) if not _nested(value, name)]
        rows = [
            (_word(key, words), *(_text(getattr(row, name), words) for name in names)) for key, row in value.items()
        ]
        return Table(field, title, ("", *(words.heading(pack_id, name) for name in names)), tuple(rows))
    return Table(field, title, ("", ""), tuple((_word(key, words), _text(one, words)) for key, one in value.items()))


def _of_grid(field: str, title: str, value: Mapping[str, Any], pack_id: str, words: pack_words.PackWords) -> Table:
    rows = [
        (_word(key, words), _word(inner, words), _text(cell, words))
        for key, below in value.items()
        for inner, cell in below.items()
    ]
    return Table(field, title, ("", "", ""), tuple(rows))


def _nested(value: Mapping[str, Any], name: str) -> bool:
    return all(getattr(row, name) in (None, "", ()) for row in value.values())


def _text(value: object, words: pack_words.PackWords) -> str:
    """A value as one reads it; rows within rows as short lines."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        return words.values.get(value.name, value.name)
    if isinstance(value, bool):
        return words.values.get(str(value), str(value))
    if isinstance(value, float):
        return f"{value:g}"
    if dataclasses.is_dataclass(value):
        return "，".join(text for name in _fields(value) if (text := _text(getattr(value, name), words)))
    if isinstance(value, Mapping):
        return "；".join(f"{_word(key, words)}：{_text(one, words)}" for key, one in value.items())
    if isinstance(value, tuple | frozenset | list):
        between = "；\n" if any(dataclasses.is_dataclass(one) for one in value) else "、"
        return between.join(
            sorted(_text(one, words) for one in value)
            if isinstance(value, frozenset)
            else [_text(one, words) for one in value]
        )
    return _word(str(value), words)


def _word(value: str, words: pack_words.PackWords) -> str:
    return words.values.get(str(value), str(value))


def _differs(before: Table | None, after: Table | None) -> Difference:
    table = after or before
    assert table is not None
    old, new = _by_key(before), _by_key(after)
    changed = []
    for key in old.keys() & new.keys():
        heads = after.heads if after else ()
        if before and after and before.heads == after.heads:
            cells = [(h, a, b) for h, a, b in zip(heads, old[key], new[key], strict=True) if a != b]
        else:
            cells = [("", "；".join(old[key]), "；".join(new[key]))] if old[key] != new[key] else []
        if cells:
            changed.append(Changed(key, tuple(cells)))
    added, removed = tuple(k for k in new if k not in old), tuple(k for k in old if k not in new)
    return Difference(table.title, added, removed, tuple(sorted(changed, key=lambda one: one.key)))


def _by_key(table: Table | None) -> dict[str, Cells]:
    """Rows by their first cell, with the second where the first repeats."""
    found: dict[str, Cells] = {}
    for row in table.rows if table else ():
        key = row[0] if row[0] not in found else " · ".join(row[:2])
        found[key] = row
    return found
