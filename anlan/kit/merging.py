"""What becomes of an app's rows when one place is merged into another.

``core`` merges places and may not know the apps above it, so each app with rows at places registers its share when it
is ready. Rows of a table that no app speaks for stand in the way of a merge: nothing is ever left behind unseen.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

#: (id of the person who merges, id of the place that goes, id of the place that stays)
TakeOver = Callable[[int | None, int, int], None]
#: (id of the place that goes) -> what goes over in people's words, and how many of it
Count = Callable[[int], Iterable[tuple[str, int]]]


@dataclass(frozen=True)
class Share:
    """``tables``: those (``app.Model``) that the app sees to, whether their rows go over or stay to tell the past;
    ``take_over`` moves rows, in the merge's transaction; ``count`` says beforehand what it will move."""

    app: str
    tables: frozenset[str]
    take_over: TakeOver
    count: Count


_SHARES: dict[str, Share] = {}


def register(share: Share) -> None:
    """Have an app take part in merges. Belongs in the app's ``ready``."""
    _SHARES[share.app] = share


def shares() -> Iterator[Share]:
    """In the order of the apps: those below before those above."""
    yield from _SHARES.values()
