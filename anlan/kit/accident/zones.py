"""Zones: regions on the ground where something reaches a level, as outlines in the wind's frame."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
EMPTY = shapely.Polygon()


@dataclass(frozen=True)
class Level:
    """A threshold: ``key`` names it (AEGL-2, heat-12.5), ``value`` in ``unit``, ``rank`` 1 (mildest) to 4, ``harm`` in
    words, ``source`` of the number."""

    key: str
    name: str
    value: float
    unit: str
    rank: int
    harm: str
    source: str
    confidence: str


@dataclass(frozen=True)
class Zone:
    """Where a level is reached: ``shape`` in metres (x down the wind), ``reach``: its farthest point from the source
    [m]."""

    level: Level
    shape: shapely.Geometry

    @property
    def reach(self) -> float:
        if self.shape.is_empty:
            return 0.0
        return float(np.hypot(*shapely.get_coordinates(self.shape).T).max())

    @property
    def area(self) -> float:
        """[m2]"""
        return float(self.shape.area)


class Field(ABC):
    """What a point on the ground gets. Effects that can be asked along a line have one."""

    unit = ""

    @abstractmethod
    def at(self, x: Floats, y: Floats) -> Floats:
        """Largest value at points of the wind's frame [m]."""

    def arrival(self, x: Floats, y: Floats) -> Floats:
        """When it comes there [s]; 0 for what comes at once."""
        return np.zeros(np.broadcast(x, y).shape)

    def lasting(self, x: Floats, y: Floats) -> Floats:
        """How long it stays [s]."""
        return np.zeros(np.broadcast(x, y).shape)


@dataclass(frozen=True)
class Effect:
    """One thing that the accident does: its zones from the mildest to the worst, the figures behind them (name →
    value and unit), the models used, and notes that the reader must know."""

    kind: str
    zones: tuple[Zone, ...]
    figures: tuple[tuple[str, float, str], ...]
    models: tuple[str, ...]
    notes: tuple[str, ...] = ()
    field: Field | None = field(default=None, compare=False)


def strip(x: Floats, half_width: Floats) -> shapely.Geometry:
    """The region |y| <= half width along x; several where the width is 0 between them."""
    shapes = []
    for part in runs(half_width > 0):
        across, along = half_width[part], x[part]
        if len(along) < 2:
            continue
        ring = np.concatenate((np.column_stack((along, across)), np.column_stack((along, -across))[::-1]))
        shapes.append(shapely.make_valid(shapely.Polygon(ring)))
    return shapely.union_all(shapes) if shapes else EMPTY


def disc(radius: float, x: float = 0.0) -> shapely.Geometry:
    """A circle of a radius [m] about a point on the axis."""
    return shapely.Point(x, 0.0).buffer(radius, quad_segs=32) if radius > 0 else EMPTY


def united(shapes: Sequence[shapely.Geometry]) -> shapely.Geometry:
    return shapely.union_all(list(shapes)) if len(shapes) else EMPTY


def runs(flags: npt.NDArray[np.bool_]) -> list[slice]:
    """Stretches of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.view(np.int8), [0]))))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
