"""Trades as files name them."""

from functools import cache

from anlan.kit import clock
from anlan.kit.sheets import Cell, Unreadable, values
from anlan.packs import loader
from anlan.packs.families import sector


@cache
def names() -> dict[str, str]:
    """Key → name of every trade that has a pack."""
    today = clock.now().date()
    ids = sorted(head.id for head in loader.headers() if head.id.startswith("sectors/") and head.id.endswith("/sector"))
    return {key: sector.load(key, today).name for key in dict.fromkeys(one.split("/")[1] for one in ids)}


def read(cell: Cell) -> str:
    """The key of a trade, given by its name or by its key."""
    try:
        return values.choice(cell, names())
    except Unreadable:
        said = values.text(cell)
        if said.isascii() and said.isidentifier():
            return said  # a trade of this installation's own
        raise
