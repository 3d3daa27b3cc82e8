"""Paths of places: fixed-width steps, so that a subtree is one range of text.

A path is the steps of all ancestors and of the place itself, each the place's id in base 36 padded to ``STEP``
characters. ``path >= p AND path < after(p)`` is the subtree of ``p``, answered by an ordinary index.
"""

STEP = 6
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MAX_ID = 36**STEP - 1


def step(place_id: int) -> str:
    """One step of a path. Raises ValueError outside 1 … ``MAX_ID``."""
    if not 1 <= place_id <= MAX_ID:
        msg = f"place id must be 1 … {MAX_ID}, got {place_id}"
        raise ValueError(msg)
    text = ""
    while place_id:
        place_id, digit = divmod(place_id, 36)
        text = _DIGITS[digit] + text
    return text.rjust(STEP, "0")


def after(path: str) -> str:
    """The first text after every path that starts with ``path`` ('{' follows 'z' in C collation)."""
    return path + "{"


def ancestor_ids(path: str) -> list[int]:
    """Ids from the root down to the place itself."""
    return [int(path[i : i + STEP], 36) for i in range(0, len(path), STEP)]


def covers(upper: str, lower: str) -> bool:
    """Whether ``lower`` is ``upper`` itself or lies below it."""
    return lower.startswith(upper)
