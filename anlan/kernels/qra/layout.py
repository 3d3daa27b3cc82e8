"""What a quantitative risk assessment is made of: grid, wind rose, footprints, releases. Checked when it is made.

A *footprint* says where people die once something has happened, seen along the wind: probit - 5 = a(x) - b(x) y^2 with
x downwind and y across, or, for fires and explosions, a(r) about a centre that may lie downwind of the source. A
*release* is a footprint with a place, a weather and a frequency.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anlan.kernels.late import ndtr, ndtri
from anlan.kernels.validity import OutOfRange, within

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Lethality below which a footprint ends [-]; the Purple Book (CPR 18E, 5.2) cuts at 1 %.
LEAST = 1e-3
_Z_LOW, _Z_HIGH, _Z_POINTS = -4.0, 6.0, 8192


@dataclass(frozen=True)
class Grid:
    """Square cells. ``west``, ``south``: corner of the grid [m]; row 0 is the southernmost."""

    west: float
    south: float
    cell: float
    columns: int
    rows: int

    def __post_init__(self) -> None:
        within("west", self.west, "m", -1e8, 1e8)
        within("south", self.south, "m", -1e8, 1e8)
        within("cell", self.cell, "m", 0.1, 10_000)
        within("columns", self.columns, "cells", 2, 20_000)
        within("rows", self.rows, "cells", 2, 20_000)

    @property
    def x(self) -> Floats:
        """Eastings of the cells' centres [m]."""
        return np.asarray(self.west + (np.arange(self.columns) + 0.5) * self.cell, float)

    @property
    def y(self) -> Floats:
        """Northings of the cells' centres [m]."""
        return np.asarray(self.south + (np.arange(self.rows) + 0.5) * self.cell, float)


@dataclass(frozen=True)
class Rose:
    """``probability[w, d]``: share of the year [-] with weather w and wind towards the angle 2 pi d / n (from east)."""

    probability: Floats

    def __post_init__(self) -> None:
        table = self.probability
        if table.ndim != 2 or table.shape[1] % 4 or not table.size:
            raise OutOfRange(f"rose has shape {table.shape}: give weathers x directions, directions a multiple of 4")
        within("probability of weather and direction", table, "-", 0, 1)
        within("sum of the rose's probabilities", table.sum(), "-", 0, 1 + 1e-6)

    @property
    def weathers(self) -> int:
        return len(self.probability)

    @property
    def directions(self) -> int:
        return int(self.probability.shape[1])

    @classmethod
    def observed(cls, weather: npt.ArrayLike, directions: npt.ArrayLike) -> "Rose":
        """A rose as weather stations give it.

        Parameters
        ----------
        weather : f8[w]
            Share of each weather [-].
        directions : f8[w, n]
            Share of each direction within its weather, *from* which the wind blows, north first, clockwise [-].
        """
        share = np.asarray(weather, float)[:, None] * np.asarray(directions, float)
        n = share.shape[1]
        if n % 4:
            raise OutOfRange(f"{n} wind directions: give a multiple of 4, for example 8, 12, 16 or 36")
        towards = (-n // 4 - np.arange(n)) % n
        table = np.zeros_like(share)
        table[:, towards] = share
        return cls(table)

    def refined(self, parts: int) -> "Rose":
        """Each sector cut into ``parts`` (odd) equal directions, so that contours show no spokes."""
        if parts < 1 or parts % 2 == 0:
            raise OutOfRange(f"{parts} parts of a sector: give an odd number, for example 5")
        return Rose(np.roll(np.repeat(self.probability / parts, parts, axis=1), -(parts // 2), axis=1))


@dataclass(frozen=True)
class Shape:
    """One footprint: tables over x (or r) = ``start`` + i ``step`` [m]; lethality is 0 before and after them.

    ``a`` [-], ``b`` [1/m2]: probit - 5 = a - b y^2. ``radial``: a is a function of the distance from a centre that lies
    ``shift`` [m] downwind of the source.
    """

    a: Floats
    b: Floats
    step: float
    start: float = 0.0
    radial: bool = False
    shift: float = 0.0

    def __post_init__(self) -> None:
        if self.a.ndim != 1 or self.a.shape != self.b.shape or len(self.a) < 2:
            raise OutOfRange(f"footprint tables have shapes {self.a.shape} and {self.b.shape}: give two equal columns")
        within("a of the footprint", self.a, "-", -1e6, 1e9)
        within("b of the footprint", self.b, "1/m2", 0, 1e9)
        within("step of the footprint", self.step, "m", 0, 10_000, above=True)
        within("start of the footprint", self.start, "m", -1e6, 1e6)
        within("shift of the footprint", self.shift, "m", -1e5, 1e5)
        if self.radial and self.b.any():
            raise OutOfRange("a radial footprint has b = 0")
        if not self.radial and (self.b == 0).any():
            raise OutOfRange("b of the footprint = 0 1/m2: a footprint along the wind needs a width everywhere")


def circle(radius: float, lethality: float = 1.0, *, shift: float = 0.0) -> Shape:
    """Everybody within ``radius`` [m] dies with probability ``lethality`` [-]."""
    within("radius", radius, "m", 0, 1e5, above=True)
    within("lethality", lethality, "-", 0, 1, above=True)
    z = min(float(ndtri(lethality)), 9.0)
    return Shape(np.full(2, z), np.zeros(2), radius, radial=True, shift=shift)


def rings(distance: npt.ArrayLike, lethality: npt.ArrayLike, *, shift: float = 0.0, points: int = 400) -> Shape:
    """Lethality [-] by distance [m] from a centre, distances rising from 0; linear in the probit between."""
    r, p = np.asarray(distance, float), np.asarray(lethality, float)
    if r.ndim != 1 or r.shape != p.shape or len(r) < 2 or r[0] != 0 or not (np.diff(r) > 0).all():
        raise OutOfRange(f"distances {r.tolist()[:4]}…: give a rising list that begins with 0, as long as lethalities")
    within("distance", r, "m", 0, 1e6)
    within("lethality", p, "-", 0, 1)
    at = np.linspace(0, r[-1], points)
    z = np.interp(at, r, np.clip(ndtri(p), -9, 9))
    return Shape(z, np.zeros(points), float(at[1]), radial=True, shift=shift)


def outline(x: npt.ArrayLike, half_width: npt.ArrayLike) -> Shape:
    """Everybody inside an outline dies (flash fire): half width [m] at even steps of x [m]."""
    at, width = np.asarray(x, float), np.asarray(half_width, float)
    if at.ndim != 1 or at.shape != width.shape or len(at) < 2 or not np.allclose(np.diff(at), at[1] - at[0]):
        raise OutOfRange("an outline needs even steps of x and as many half widths")
    within("half width", width, "m", 0, 1e5)
    safe = np.maximum(width, 1e-3)
    return Shape(np.where(width > 0, 3 * safe, -9.0), 3 / safe, float(at[1] - at[0]), float(at[0]))


class Tables(NamedTuple):
    """All footprints one after another, as the compiled loops read them. ``ab`` holds a and b side by side."""

    first: Integers
    start: Floats
    step: Floats
    radial: npt.NDArray[np.bool_]
    shift: Floats
    ab: Floats
    box: Floats  # of each footprint: least and greatest x, greatest |y| [m]
    normal: Floats  # standard normal distribution over z
    least: float  # z at which a footprint ends


class Releases(NamedTuple):
    """What may happen: columns of equal length. ``weather`` -1: in any weather."""

    location: Integers
    shape: Integers
    weather: Integers
    frequency: Floats


@dataclass(frozen=True)
class Park:
    """Everything that decides the risk. ``at``: places [m] of the locations, f8[locations, 2]."""

    at: Floats
    rose: Rose
    tables: Tables
    releases: Releases

    def of(self, location: int) -> Integers:
        """Numbers of the releases at a location."""
        return np.flatnonzero(self.releases.location == location)

    def moved(self, location: int, x: float, y: float) -> "Park":
        """The same park with one location elsewhere."""
        within("x", x, "m", -1e8, 1e8)
        within("y", y, "m", -1e8, 1e8)
        at = self.at.copy()
        at[location] = x, y
        return Park(at, self.rose, self.tables, self.releases)


def park(at: npt.ArrayLike, rose: Rose, shapes: Sequence[Shape], releases: Releases, least: float = LEAST) -> Park:
    """Put a park together and check it.

    Parameters
    ----------
    at : f8[locations, 2]
        Easting and northing of the locations [m].
    releases : Releases
        ``location`` and ``shape`` are indices, ``weather`` an index into the rose or -1, ``frequency`` [1/yr].
    least : float
        Lethality below which a footprint ends [-].

    Raises
    ------
    OutOfRange
        Which column holds what, and what it must lie in.
    """
    places = np.ascontiguousarray(at, float).reshape(-1, 2)
    within("place", places, "m", -1e8, 1e8)
    tables, columns = packed(shapes, least), releases
    if len({len(column) for column in columns}) != 1:
        raise OutOfRange(f"columns of releases differ in length: {[len(column) for column in columns]}")
    within("location of a release", columns.location, "", 0, len(places) - 1)
    within("footprint of a release", columns.shape, "", 0, len(shapes) - 1)
    within("weather of a release", columns.weather, "", -1, rose.weathers - 1)
    within("frequency of a release", columns.frequency, "1/yr", 0, 1e4)
    checked = Releases(
        np.ascontiguousarray(columns.location, np.int64),
        np.ascontiguousarray(columns.shape, np.int64),
        np.ascontiguousarray(columns.weather, np.int64),
        np.ascontiguousarray(columns.frequency, float),
    )
    return Park(places, rose, tables, checked)


def packed(shapes: Sequence[Shape], least: float = LEAST) -> Tables:
    """Footprints one after another; ``least`` as in :func:`park`."""
    within("least lethality", least, "-", 1e-4, 0.5)
    if not shapes:
        raise OutOfRange("no footprints: a park needs at least one")
    end = float(ndtri(least))
    z = np.linspace(_Z_LOW, _Z_HIGH, _Z_POINTS)
    first = np.concatenate(([0], np.cumsum([len(shape.a) for shape in shapes]))).astype(np.int64)
    ab = np.empty((int(first[-1]), 2))
    for number, shape in enumerate(shapes):
        ab[first[number] : first[number + 1], 0], ab[first[number] : first[number + 1], 1] = shape.a, shape.b
    return Tables(
        first,
        np.array([shape.start for shape in shapes], float),
        np.array([shape.step for shape in shapes], float),
        np.array([shape.radial for shape in shapes]),
        np.array([shape.shift for shape in shapes], float),
        ab,
        np.array([_box(shape, end) for shape in shapes]),
        ndtr(z),
        end,
    )


def _box(shape: Shape, end: float) -> tuple[float, float, float]:
    """Least and greatest x and greatest |y| with a lethality to speak of; an empty box where there is none."""
    alive = np.flatnonzero(shape.a > end)
    if not len(alive):
        return 0.0, 0.0, 0.0
    last = shape.start + min(alive[-1] + 1, len(shape.a) - 1) * shape.step
    if shape.radial:
        return shape.shift - last, shape.shift + last, last
    half = np.sqrt(np.max((shape.a[alive] - end) / _least_of_neighbours(shape.b)[alive]))
    return shape.start + max(alive[0] - 1, 0) * shape.step, last, float(half)


def _least_of_neighbours(values: Floats) -> Floats:
    """Between two entries b may be as small as the smaller one."""
    padded = np.pad(values, 1, mode="edge")
    least: Floats = np.minimum(np.minimum(padded[:-2], padded[1:-1]), padded[2:])
    return least
