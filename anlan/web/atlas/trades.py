"""Which trades and industries the menus of the enterprises offer.

A menu names what there is and counts nothing, so that a trade that came a minute ago may be missing in it, but no
number and no colour is ever old.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from anlan.kit.grants import Viewer
from anlan.web.atlas.kept import Kept


@dataclass(frozen=True)
class Offered:
    sectors: frozenset[str]
    industries: frozenset[str]


_kept = Kept[Offered](64)
forget = _kept.forget


def offered(viewer: Viewer, find: Callable[[], Iterable[tuple[str, str]]]) -> Offered:
    """From the pairs of trade and industry that somebody with these grants may see."""
    return _kept.get(viewer, lambda: _sorted_out(list(find())))


def _sorted_out(pairs: list[tuple[str, str]]) -> Offered:
    return Offered(frozenset(sector for sector, _ in pairs), frozenset(industry for _, industry in pairs))
