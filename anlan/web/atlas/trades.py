"""Which trades and industries the menus of the enterprises offer: kept for a while for everybody with the same grants.

A menu names what there is and counts nothing, so that a trade that came a minute ago may be missing in it, but no
number and no colour is ever old.
"""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from anlan.kit.grants import Scope, Viewer

KEPT_S = 60.0
MOST_KEPT = 64


@dataclass(frozen=True)
class Offered:
    sectors: frozenset[str]
    industries: frozenset[str]


_kept: dict[tuple[Scope, ...], tuple[float, Offered]] = {}
_lock = threading.Lock()


def known(viewer: Viewer) -> Offered | None:
    """What was kept for these grants less than a minute ago."""
    with _lock:
        found = _kept.get(viewer.scopes)
    return found[1] if found and time.monotonic() - found[0] < KEPT_S else None


def keep(viewer: Viewer, found: Iterable[tuple[str, str]]) -> Offered:
    """Keep the pairs of trade and industry that somebody with these grants may see."""
    pairs = list(found)
    offered = Offered(frozenset(sector for sector, _ in pairs), frozenset(industry for _, industry in pairs))
    with _lock:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[viewer.scopes] = (time.monotonic(), offered)
    return offered


def forget() -> None:
    with _lock:
        _kept.clear()
