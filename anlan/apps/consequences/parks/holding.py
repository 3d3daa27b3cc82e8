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
from anlan.kernels.qra import contribution, individual
from anlan.kernels.qra.individual import Dragged
from anlan.kernels.qra.layout import Floats, Park, Releases
from anlan.kernels.validity import OutOfRange
from anlan.kit.accident.ground import Frame
from anlan.kit.errors import BadInput
from anlan.kit.park import lines, sketch
from anlan.kit.park.sketch import View
from anlan.rules.refusal import Refusal

#: Studies in memory, and sources of each whose share has been taken out of the map.
STUDIES, LIFTED = 3, 4
FARTHEST = 30_000.0  # from the middle of the study [m]


@dataclass(frozen=True)
class Box:
    """What a screen shows: corners [degree] and the length of a pixel [m]."""

    west: float
    south: float
    east: float
    north: float
    pixel: float


@dataclass(frozen=True)
class Moved:
    """What a source would do elsewhere: contours as :func:`sketch.packed` has them, and the risk of every target
    [1/yr]. ``cell`` [m] of the lattice that the contours are drawn from; ``exact``: from every cell of the map."""

    contours: dict[str, Any]
    risk: Floats
    cell: float
    exact: bool


@dataclass(frozen=True)
class Redrawn:
    """The same from every cell: contours as GeoJSON lines with their ``level`` [1/yr], the risk of every target."""

    contours: dict[str, Any]
    risk: Floats


@dataclass(frozen=True)
class Lifted:
    """A map without one of the sources. ``others`` f8[targets]: their risk without it [1/yr]; ``alone``: the source as
    a park of its own."""

    dragged: Dragged
    others: Floats
    alone: Park


@dataclass
class Held:
    """One computed study. ``points`` f8[targets, 2]: where the targets are [m]; ``lifted``: by location."""

    kept: Kept
    frame: Frame
    points: Floats
    lifted: "OrderedDict[int, Lifted]" = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def moved(self, location: int, longitude: float, latitude: float, box: Box | None = None) -> Moved:
        """The map with one source elsewhere, as fine as a screen that shows ``box`` can tell, else from every cell.
        Raises BadInput where that is too far off."""
        x, y = self._local(longitude, latitude)
        lifted = self._lift(location)
        part = sketch.part_of(self.kept.grid, self._view(box) if box else None)
        contours = sketch.packed(_map(lifted, location, part, (x, y)), part.grid, self.kept.told["shown"], self.frame)
        return Moved(contours, self._targets(lifted, x, y), part.grid.cell, box is None)

    def redrawn(self, location: int, longitude: float, latitude: float) -> Redrawn:
        """The map with one source elsewhere, for programs. Raises BadInput where that is too far off."""
        x, y = self._local(longitude, latitude)
        lifted, part = self._lift(location), sketch.part_of(self.kept.grid, None)
        risk = _map(lifted, location, part, (x, y))
        drawn = lines.geojson(risk, part.grid, self.kept.told["shown"], self.frame)
        return Redrawn(drawn, self._targets(lifted, x, y))

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

    def _view(self, box: Box) -> View:
        """A screen's box in the grid's metres."""
        west, south = self.frame.local(box.west, box.south)
        east, north = self.frame.local(box.east, box.north)
        return View(float(west), float(south), float(east), float(north), box.pixel)

    def _lift(self, location: int) -> Lifted:
        with self.lock:
            if location not in self.lifted:
                self.lifted[location] = self._lifted(location)
            self.lifted.move_to_end(location)
            while len(self.lifted) > LIFTED:
                self.lifted.popitem(last=False)
            return self.lifted[location]

    def _lifted(self, location: int) -> Lifted:
        kept = self.kept
        others: Floats = np.delete(kept.at_targets, location, axis=1).sum(axis=1)
        return Lifted(Dragged(kept.park, kept.grid, location, kept.risk), others, _alone(kept.park, location))

    def _targets(self, lifted: Lifted, x: float, y: float) -> Floats:
        """Risk of the targets: of the source where it would be, and of the others as computed."""
        if not len(self.points):
            return lifted.others
        own = lifted.alone.moved(0, x, y)
        group = np.zeros(len(own.releases.shape), np.int64)
        return np.asarray(lifted.others + contribution.by_group(own, self.points, group)[:, 0], float)


def _map(lifted: Lifted, location: int, part: sketch.Part, at: tuple[float, float]) -> Floats:
    """Individual risk in the cells of a part with the lifted source put back elsewhere [m]."""
    risk, dragged = part.of(lifted.dragged.rest), lifted.dragged
    individual.add(risk, part.grid, dragged.park.moved(location, *at), location, dragged.field)
    return risk


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
    frame, told = Frame(*found.told["frame"]), found.told["targets"]
    points = np.column_stack(frame.local([one["lon"] for one in told], [one["lat"] for one in told]))
    return Held(found, frame, points)
