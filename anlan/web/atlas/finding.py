"""Places by name, code or address: every word must be in the name of the place or of a place above it."""

from dataclasses import dataclass

import numpy as np

from anlan.web.atlas.cells import Ints
from anlan.web.atlas.index import severity
from anlan.web.atlas.look import Look

FOUND = 12
_FEW = 2_000  # names that are weighed; more only ask for another word


@dataclass(frozen=True)
class Found:
    id: int
    name: str
    kind: str
    level: int
    path: tuple[str, ...]  # names above, from the top, as far as one may see them


def find(look: Look, text: str, limit: int = FOUND) -> list[Found]:
    """The best first: an exact name or code, a beginning, then the worse level and the larger place."""
    words = text.lower().split()[:6]
    if not words:
        return []
    rows = _fitting(look, words)
    rows.sort(key=lambda row: _rank(look, row, words))
    return [_found(look, row) for row in rows[:limit]]


def _fitting(look: Look, words: list[str]) -> list[int]:
    """Rows whose own name or code has one of the words, and that say all of them with what is above."""
    found = rows_saying(look, words[0])
    for word in words[1:]:
        found = np.union1d(found, rows_saying(look, word))
    rows: list[int] = found.tolist()
    return rows[:_FEW] if len(words) == 1 else [row for row in rows if _says_all(look, row, words)][:_FEW]


def rows_saying(look: Look, word: str) -> Ints:
    """Rows that may be seen whose name holds the word or whose code begins with it, in the order of the tree."""
    atlas = look.atlas
    found = np.union1d(atlas.lower_names.holding(word), atlas.lower_codes.beginning(word))
    return found[look.seen[found]]


def _says_all(look: Look, row: int, words: list[str]) -> bool:
    """Whether each word is in the name or code of the place, or in the name of one above it that one may see."""
    atlas = look.atlas
    whole = " ".join(atlas.names[step] for step in atlas.above(row) if look.seen[step]).lower()
    return all(word in whole or atlas.codes[row].lower().startswith(word) for word in words)


def _rank(look: Look, row: int, words: list[str]) -> tuple[int, int, int, int]:
    atlas, text = look.atlas, "".join(words)
    name, code = atlas.names[row].lower(), atlas.codes[row].lower()
    exact = 0 if text in {name, code} else 1 if name.startswith(words[0]) or code.startswith(words[0]) else 2
    return exact, len(atlas.paths[row]), -int(severity(look.levels[row : row + 1])[0]), row


def _found(look: Look, row: int) -> Found:
    atlas = look.atlas
    path = tuple(atlas.names[step] for step in atlas.above(row)[:-1] if look.seen[step])
    return Found(int(atlas.ids[row]), atlas.names[row], atlas.kind_of(row), int(look.levels[row]), path)
