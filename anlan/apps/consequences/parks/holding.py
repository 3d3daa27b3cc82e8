"""Results held in the memory of a process that draws them: so that a dragged source costs only its own deposit.

A few studies at a time. Whoever asks for one has been let in by the selectors.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from anlan.apps.consequences.parks import kept
from anlan.apps.consequences.parks.kept import Kept
from anlan.kernels.qra import contribution
from anlan.kernels.qra.individual import Dragged
from anlan.kernels.qra.layout import Floats, Park, Releases
from anlan.kernels.validity import OutOfRange
from anlan.kit.accident.ground import Frame
from anlan.kit.errors import BadInput
from anlan.kit.park import lines
from anlan.rules.refusal import Refusal

#: Studies in memory, and sources of each whose share has been taken out of the map.
STUDIES, LIFTED = 3, 4
FARTHEST = 30_000.0  # from the middle of the study [m]


@dataclass(frozen=True)
class Moved:
    """What a source would do elsewhere: contours, and the risk of every target [1/yr]."""

    contours: dict[str, Any]
    risk: Floats


@dataclass
class Held:
    """One computed study. ``lifted``: its map without one of the sources."""

    kept: Kept
    frame: Frame
    lifted: "OrderedDict[int, Dragged]" = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def moved(self, location: int, longitude: float, latitude: float) -> Moved:
        """The map with one source elsewhere; raises BadInput where that is too far off."""
        x, y = self._local(longitude, latitude)
        dragged = self._lift(location)
        contours = lines.geojson(dragged.to(x, y), self.kept.grid, self.kept.told["shown"], self.frame)
        return Moved(contours, self._targets(location, x, y))

    def lift(self, location: int) -> None:
        """Take one source out of the map beforehand."""
        self._lift(location)

    def shares(self, longitude: float, latitude: float) -> Floats:
        """Risk at a point by case [1/yr]."""
        point = self._local(longitude, latitude)
        cases = contribution.by_group(self.kept.park, [point], self.kept.case_of)
        return np.asarray(cases[0])

    def _local(self, longitude: float, latitude: float) -> tuple[float, float]:
        try:
            x, y = (float(part) for part in self.frame.local(longitude, latitude))
        except (ValueError, OutOfRange):
            x = y = np.inf
        if not (abs(x) <= FARTHEST and abs(y) <= FARTHEST):
            fix = "请点在评价范围附近。"
            raise BadInput(Refusal("park.far", "这一点离评价范围太远，没有计算。", fix))
        return x, y

    def _lift(self, location: int) -> Dragged:
        with self.lock:
            if location not in self.lifted:
                self.lifted[location] = Dragged(self.kept.park, self.kept.grid, location, self.kept.risk)
            self.lifted.move_to_end(location)
            while len(self.lifted) > LIFTED:
                self.lifted.popitem(last=False)
            return self.lifted[location]

    def _targets(self, location: int, x: float, y: float) -> Floats:
        """Risk of the targets: of the source where it would be, and of the others as computed."""
        others: Floats = np.delete(self.kept.at_targets, location, axis=1).sum(axis=1)
        told = self.kept.told["targets"]
        if not told:
            return others
        east, north = self.frame.local([one["lon"] for one in told], [one["lat"] for one in told])
        own = _alone(self.kept.park, location).moved(0, x, y)
        points, group = np.column_stack((east, north)), np.zeros(len(own.releases.shape), np.int64)
        return np.asarray(others + contribution.by_group(own, points, group)[:, 0], float)


def _alone(park: Park, location: int) -> Park:
    """One location by itself."""
    chosen, every = park.of(location), park.releases
    nowhere_else = np.zeros(len(chosen), np.int64)
    releases = Releases(nowhere_else, every.shape[chosen], every.weather[chosen], every.frequency[chosen])
    return Park(park.at[location : location + 1], park.rose, park.tables, releases)


_opening = threading.Lock()


def held(study_id: int, revision: int) -> Held:
    """A computed study, read once. Raises OSError where its files are gone."""
    with _opening:
        return _held(study_id, revision)


@lru_cache(maxsize=STUDIES)
def _held(study_id: int, revision: int) -> Held:
    found = kept.read(study_id, revision)
    return Held(found, Frame(*found.told["frame"]))
