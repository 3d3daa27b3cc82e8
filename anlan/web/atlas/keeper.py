"""One atlas for the process, brought up to date from the live events before each answer."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from django.conf import settings

from anlan.apps.core.models import Outbox
from anlan.apps.monitoring.selectors import by_place
from anlan.kit.grants import SYSTEM
from anlan.kit.tail import Tail
from anlan.web import positions
from anlan.web.atlas import index
from anlan.web.atlas.index import Atlas

#: Up to this many places are read again for each change; more are not before ``REST`` times as long as it took.
FEW, REST = 5_000, 10.0
_MOST_POLLS = 50


@dataclass
class _Keeper:
    lock: threading.Lock = field(default_factory=threading.Lock)
    atlas: Atlas | None = None
    tail: "Tail[Outbox] | None" = None
    moved: bool = False  # places were added, changed or moved since the atlas was read
    tagged: bool = True  # tags were added, changed or moved since they were counted
    read_at: float = 0.0
    took: float = 0.0
    version: int = 0  # grows with every change of a level or of the places
    turn: int = 0  # grows when something moved
    moves: "positions.Follower | None" = None

    def current(self) -> Atlas:
        with self.lock:
            if self.atlas is None or self.tail is None:
                self.tail = Tail(Outbox.objects.only("id", "topic", "payload"))
                return self._place(self._tag(self._read()))
            self._follow(self.atlas, self.tail)
            return self._place(self._tag(self._read() if self.moved and self._rested() else self.atlas))

    def _rested(self) -> bool:
        few = self.atlas is not None and len(self.atlas) <= FEW
        return few or time.monotonic() - self.read_at > REST * self.took

    def _read(self) -> Atlas:
        began = time.monotonic()
        self.atlas, self.moved, self.moves = index.read(), False, positions.Follower(settings.DATA)
        self.read_at = time.monotonic()
        self.took = self.read_at - began
        self.version += 1
        self.tagged = True
        return self.atlas

    def _tag(self, atlas: Atlas) -> Atlas:
        """Count the tags of each place."""
        if self.tagged:
            places, counts = (np.array(column, np.int64) for column in by_place.tag_counts(SYSTEM))
            rows = atlas.find(places)
            tags = np.zeros(len(atlas), np.int64)
            tags[rows[rows >= 0]] = counts[rows >= 0]
            atlas.tags, self.tagged = tags, False
        return atlas

    def _place(self, atlas: Atlas) -> Atlas:
        """Put what moves where it says that it is."""
        assert self.moves is not None
        if found := self.moves.moved():
            roll, fixes = found
            atlas.move(roll.places[fixes.rows], fixes.lon, fixes.lat)
            self.turn += 1
        return atlas

    def _follow(self, atlas: Atlas, tail: "Tail[Outbox]") -> None:
        for _ in range(_MOST_POLLS):
            rows = tail.poll()
            self.moved |= any(row.topic == "places" for row in rows)
            self.tagged |= any(row.topic == "tags" for row in rows)
            self._colour(atlas, (row for row in rows if row.topic == "level"))
            if len(rows) < 1_000:
                return

    def _colour(self, atlas: Atlas, events: Iterable[Outbox]) -> None:
        said = [(event.payload["place"], event.payload["after"]) for event in events]
        if not said:
            return
        rows = atlas.find(np.array([place for place, _ in said], np.int64))
        known = rows >= 0
        atlas.level[rows[known]] = np.array([level for _, level in said], np.int8)[known]
        self.version += 1


_keeper = _Keeper()


def current() -> Atlas:
    """The atlas as the newest live event leaves it."""
    return _keeper.current()


def version() -> int:
    return _keeper.version


def turn() -> int:
    """Another number whenever something has moved."""
    return _keeper.turn


def forget() -> None:
    """Read everything anew at the next question: another database is behind the same process."""
    global _keeper
    _keeper = _Keeper()
