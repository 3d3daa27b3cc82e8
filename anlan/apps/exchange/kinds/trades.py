"""Trades as files name them."""

from anlan.kit import clock
from anlan.kit.sheets import Cell, Unreadable, values
from anlan.packs.families import sector


def names() -> dict[str, str]:
    """Key → name of every trade that has a pack."""
    return sector.names(clock.today())


def read(cell: Cell) -> str:
    """The key of a trade, given by its name or by its key."""
    try:
        return values.choice(cell, names())
    except Unreadable:
        said = values.text(cell)
        if said.isascii() and said.isidentifier():
            return said  # a trade of this installation's own
        raise
