"""Where major hazard installations are (GB 18218), by what the enterprises' files say is held."""

import threading
import time
from collections.abc import Sequence

from anlan.apps.enterprises import selectors as enterprises
from anlan.kit import clock
from anlan.kit.grants import Scope, Viewer
from anlan.packs.families import major_installations as pack
from anlan.rules.levels import Level

#: What files say changes seldom, and to add it all up takes a while [s].
KEPT_S = 60.0
MOST_KEPT = 16

Said = list[tuple[int, int, int]]
_kept: dict[tuple[Scope, ...], tuple[float, Said]] = {}
_lock = threading.Lock()


def held(viewer: Viewer) -> Said:
    """(place, rank of its grade, 1) of every unit that is one: rank 4 is grade one, 1 is grade four, 0 not known."""
    if not viewer.may_anywhere("enterprise.view"):
        return []
    with _lock:
        known = _kept.get(viewer.scopes)
    if known and time.monotonic() - known[0] < KEPT_S:
        return known[1]
    found = _held(viewer)
    with _lock:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[viewer.scopes] = (time.monotonic(), found)
    return found


def forget() -> None:
    with _lock:
        _kept.clear()


def _held(viewer: Viewer) -> Said:
    grades = [row.name for row in sorted(pack.load(clock.today()).grades, key=lambda row: -row.r_from)]
    units = (unit for one in enterprises.assess_below(viewer, None).values() for unit in one.units if unit.is_major)
    return [(unit.place.pk, _rank(grades, unit.grade), 1) for unit in units]


def _rank(grades: Sequence[str], grade: str | None) -> int:
    return int(Level.MAJOR) - grades.index(grade) if grade in grades else int(Level.UNKNOWN)
