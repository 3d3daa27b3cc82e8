"""Which places lie within a distance or a ring. A place with an extent counts by its middle."""

from itertools import pairwise

import numpy as np

from anlan.kit.errors import NotInScope
from anlan.web.atlas import population
from anlan.web.atlas.cells import Floats, Ints
from anlan.web.atlas.index import Atlas, Bools
from anlan.web.atlas.question import Near, Question

EARTH_M = 6_371_008.8  # mean radius [m]


def within(atlas: Atlas, seen: Bools, question: Question) -> Bools:
    """Where the question's ground is; everywhere if it names none."""
    found = np.ones(len(atlas), np.bool_)
    if question.near is not None:
        found &= _near(atlas, anchors(atlas, seen, question.near), question.near)
    if question.ring:
        found &= _in_ring(atlas.x, atlas.y, question.ring)
    return found


def people(atlas: Atlas, seen: Bools, question: Question) -> int | None:
    """How many people live on the ground that is asked for; None where no stretch is, or nobody knows."""
    known = population.cells()
    if known is None or not question.is_spatial:
        return None
    lon, lat, count = known
    inside = np.ones(len(lon), np.bool_)
    if question.near is not None:
        spots = _spots(atlas, anchors(atlas, seen, question.near), question.near)
        inside &= _to_nearest(lon, lat, *spots) <= question.near.metres
    if question.ring:
        inside &= _in_ring(lon, lat, question.ring)
    return int(count[inside].sum())


def anchors(atlas: Atlas, seen: Bools, near: Near) -> Ints:
    """The places from which distances are measured; none for a spot. Raises NotInScope for a place one may not see."""
    if near.place is not None:
        row = atlas.row(near.place)
        if row < 0 or not seen[row]:
            raise NotInScope
        return np.array([row] if atlas.placed[row] else [], np.int64)
    if near.sort:
        return np.flatnonzero(seen & atlas.placed & atlas.of_sorts({near.sort}))
    return np.zeros(0, np.int64)


def _near(atlas: Atlas, around: Ints, near: Near) -> Bools:
    return distances(atlas, *_spots(atlas, around, near)) <= near.metres


def _spots(atlas: Atlas, around: Ints, near: Near) -> tuple[Floats, Floats]:
    """Where distances are measured from."""
    if near.spot:
        return np.array([near.spot[0]]), np.array([near.spot[1]])
    return atlas.x[around], atlas.y[around]


def distances(atlas: Atlas, lon: Floats, lat: Floats) -> Floats:
    """From each place to the nearest of these spots on the sphere [m]; infinite where there is none."""
    found = np.full(len(atlas), np.inf)
    placed = atlas.placed
    found[placed] = _to_nearest(atlas.x[placed], atlas.y[placed], lon, lat)
    return found


def _to_nearest(x: Floats, y: Floats, lon: Floats, lat: Floats) -> Floats:
    if not len(lon):
        return np.full(len(x), np.inf)
    from scipy.spatial import cKDTree  # type: ignore[import-untyped]  # no types; only who asks for a distance pays

    chord, _ = cKDTree(_on_sphere(lon, lat)).query(_on_sphere(x, y))
    metres: Floats = 2 * EARTH_M * np.arcsin(np.clip(chord / 2, 0, 1))
    return metres


def _on_sphere(lon: Floats, lat: Floats) -> Floats:
    east, north = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])


def _in_ring(lon: Floats, lat: Floats, ring: tuple[tuple[float, float], ...]) -> Bools:
    """By the number of edges that a line to the east crosses."""
    west, east = min(corner for corner, _ in ring), max(corner for corner, _ in ring)
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero((lon >= west) & (lon <= east))
    x, y = lon[rows], lat[rows]
    odd = np.zeros(len(rows), np.bool_)
    for (x0, y0), (x1, y1) in pairwise([*ring, ring[0]]):
        if y0 != y1:
            across = (y0 > y) != (y1 > y)
            odd ^= across & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    found = np.zeros(len(lon), np.bool_)
    found[rows[odd]] = True
    return found
