"""Places by name, code or address: every word must be in the name of the place or of a place above it."""

from dataclasses import dataclass

from anlan.web.atlas.index import Atlas, severity
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
    atlas, seen = look.atlas, look.seen.tolist()
    named = {row for word in words for row, name in enumerate(atlas.lower_names) if word in name and seen[row]}
    coded = {row for row in atlas.coded if seen[row] and _by_code(atlas, row, words)}
    found = sorted(named | coded)
    return found[:_FEW] if len(words) == 1 else [row for row in found if _says_all(look, row, words)][:_FEW]


def _by_code(atlas: Atlas, row: int, words: list[str]) -> bool:
    code = atlas.codes[row].lower()
    return any(code.startswith(word) for word in words)


def _says_all(look: Look, row: int, words: list[str]) -> bool:
    """Whether each word is in the name or code of the place, or in the name of one above it that one may see."""
    whole = " ".join(look.atlas.lower_names[step] for step in look.atlas.above(row) if look.seen[step])
    return all(word in whole or look.atlas.codes[row].lower().startswith(word) for word in words)


def _rank(look: Look, row: int, words: list[str]) -> tuple[int, int, int, int]:
    atlas, text = look.atlas, "".join(words)
    name, code = atlas.lower_names[row], atlas.codes[row].lower()
    exact = 0 if text in {name, code} else 1 if name.startswith(words[0]) or code.startswith(words[0]) else 2
    return exact, len(atlas.paths[row]), -int(severity(look.levels[row : row + 1])[0]), row


def _found(look: Look, row: int) -> Found:
    atlas = look.atlas
    path = tuple(atlas.names[step] for step in atlas.above(row)[:-1] if look.seen[step])
    return Found(int(atlas.ids[row]), atlas.names[row], atlas.kind_of(row), int(look.levels[row]), path)
