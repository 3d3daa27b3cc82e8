"""The colours of an earlier moment: today's, with every later change taken back."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from anlan.apps.ledger import selectors as ledger
from anlan.kit.grants import SYSTEM
from anlan.web.atlas.cells import Ints, Levels
from anlan.web.atlas.index import Atlas, Bools

#: Changes kept in memory; the slider begins later where there were more.
MOST = 2_000_000


@dataclass
class _Changes:
    lock: threading.Lock = field(default_factory=threading.Lock)
    start: datetime | None = None
    columns: ledger.ChangeColumns = field(default_factory=ledger.ChangeColumns.none)

    def since(self, start: datetime) -> npt.NDArray[np.void]:
        """All changes from then to now, by time."""
        with self.lock:
            if self.start is None or start < self.start:
                self.start, self.columns = start, ledger.change_columns(SYSTEM, start, limit=MOST)
            else:
                newer = ledger.change_columns(SYSTEM, self.start, after=self.columns.newest, limit=MOST)
                self.columns = self.columns.joined(newer)
            return self.columns.since(start)


_changes = _Changes()


def forget() -> None:
    global _changes
    _changes = _Changes()


def levels(atlas: Atlas, at: datetime | None) -> Levels:
    """The level that each place showed at this moment (None = shows now)."""
    if at is None:
        return atlas.level
    later = _changes.since(at + timedelta(milliseconds=1))
    places: Ints = later["place"]
    rows, first = np.unique(places, return_index=True)
    where = atlas.find(rows)
    known = where >= 0
    shown = atlas.level.copy()
    shown[where[known]] = later["before"][first[known]]
    return shown


def moments(atlas: Atlas, seen: Bools, start: datetime) -> tuple[Ints, Levels]:
    """When [ms] a place that may be seen changed its colour since then, and to which level; by time."""
    changes = _changes.since(start)
    where = atlas.find(changes["place"])
    mine = (where >= 0) & seen[where]
    return changes["at"][mine], changes["after"][mine]
