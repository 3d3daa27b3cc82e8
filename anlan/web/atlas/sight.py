"""What one view of the map draws: marks or clusters of them, outlines, alarms and tags, density."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from anlan.apps.monitoring.selectors import by_place
from anlan.kit.grants import Viewer
from anlan.web.atlas import cells, ground, majors, population
from anlan.web.atlas.cells import Ints
from anlan.web.atlas.index import Atlas, Bools, severity
from anlan.web.atlas.look import Look
from anlan.web.atlas.question import DRAWN, LAYERS, MARKED

#: From this zoom on what is inside an enterprise is marked instead of the enterprise.
POINT_ZOOM = 13.2
#: From this zoom on moving objects are not gathered: one sees each of them move.
MOVING_ZOOM = 11.0
SMALLEST_SHAPE = 10.0  # [px]
MOST_SHAPES = 400
MOST_MOVING = 4_000
HEAT_CELL = 12.0  # [px]
MOST_ANCHORS = 500
NO_ROWS = np.zeros(0, np.int64)


@dataclass(frozen=True)
class View:
    """What the map shows: a box [degree], the zoom, and how wide a cluster is on this screen [px]."""

    west: float
    south: float
    east: float
    north: float
    zoom: float
    cell: float = 80.0

    def square(self, side: float) -> tuple[float, float, float, float]:
        """The box in the plane, grown to whole cells: a cluster at the edge counts all its members."""
        x, y = cells.to_plane(np.array([self.west, self.east]), np.array([self.north, self.south]))
        west, north = np.floor(x[0] / side) * side, np.floor(y[0] / side) * side
        return float(west), float(north), float(np.ceil(x[1] / side) * side), float(np.ceil(y[1] / side) * side)


@dataclass(frozen=True)
class Gathered:
    """The marks of a view in groups. ``rows``: of the gathered marks; ``loose``: of what moves, never gathered."""

    rows: Ints
    cells: cells.Cells
    loose: Ints


def gather(look: Look, view: View) -> Gathered:
    marked = marked_rows(look, view)
    if look.question.at is not None:
        marked &= ~look.atlas.tracked  # where it was then is in the history of its tags, not here
    moving = look.atlas.of_kind("mobile") if view.zoom >= MOVING_ZOOM else np.zeros(len(look.atlas), np.bool_)
    side = cells.width(view.zoom, view.cell)
    rows = _in_square(look.atlas, marked & ~moving, view.square(side))
    x, y = (part[rows] for part in look.atlas.plane)
    loose = _in_square(look.atlas, marked & moving, view.square(side))[:MOST_MOVING]
    return Gathered(rows, cells.gather(x, y, look.levels[rows], side), loose)


def marks(look: Look, gathered: Gathered) -> dict[str, Any]:
    """Clusters and single marks of the layers that are on, and what moves."""
    only = gathered.cells.only
    alone = gathered.rows[only[only >= 0]]
    moving = _columns(look, gathered.loose)
    return {"clusters": _clusters(gathered.cells), "marks": _columns(look, alone), "moving": moving}


def marked_rows(look: Look, view: View) -> Bools:
    """Of the chosen places those that have a mark of their own: from afar an enterprise stands for what is in it."""
    on = look.question.layers & MARKED.keys() - {"segment"}
    marked = look.chosen & look.atlas.placed & look.atlas.of_kind(*(kind for name in on for kind in MARKED[name]))
    if "enterprise" not in on:
        return marked
    firms = look.atlas.of_kind("enterprise") & marked
    inside = marked & ~firms & (look.atlas.enterprise >= 0) & ~look.atlas.of_kind("mobile")  # it is under way
    if view.zoom < POINT_ZOOM:
        return marked & ~(inside & firms[look.atlas.enterprise])
    stood_for = np.zeros(len(look.atlas), np.bool_)
    stood_for[look.atlas.enterprise[inside]] = True
    return marked & ~(firms & stood_for)


def _in_square(atlas: Atlas, chosen: Bools, square: tuple[float, float, float, float]) -> Ints:
    (x, y), (west, north, east, south) = atlas.plane, square
    with np.errstate(invalid="ignore"):
        return np.flatnonzero(chosen & (x >= west) & (x < east) & (y >= north) & (y < south))


def _clusters(gathered: cells.Cells) -> dict[str, Any]:
    many = gathered.only < 0
    lon, lat = cells.to_degrees(gathered.x[many], gathered.y[many])
    return {"x": lon.round(6), "y": lat.round(6), "counts": gathered.counts[many]}


def _columns(look: Look, rows: Ints) -> dict[str, Any]:
    atlas = look.atlas
    return {
        "id": atlas.ids[rows],
        "x": atlas.x[rows].round(6),
        "y": atlas.y[rows].round(6),
        "level": look.levels[rows],
        "kind": [atlas.kind_of(row) for row in rows.tolist()],
        "sort": atlas.sort[rows],
        "name": [atlas.names[row] for row in rows.tolist()],
    }


def outlines(look: Look, view: View) -> dict[str, Any]:
    """Areas and lines that are large enough to see; the browser asks for those shapes that it has not drawn before."""
    atlas, on = look.atlas, look.question.layers
    kinds = [kind for name in on & DRAWN.keys() for kind in DRAWN[name]]
    drawn = look.seen & atlas.of_kind(*kinds)
    inner = [kind for name in on & MARKED.keys() for kind in MARKED[name]]
    drawn |= look.ground & atlas.of_kind(*inner) & _fits_levels(look)
    west, south, east, north = atlas.box
    with np.errstate(invalid="ignore"):
        drawn &= atlas.has_extent & (east >= view.west) & (west <= view.east)
        drawn &= (north >= view.south) & (south <= view.north)
    rows = np.flatnonzero(drawn)
    size = np.maximum(east - west, north - south)[rows]
    large = size * cells.WORLD * 2**view.zoom / 360 >= SMALLEST_SHAPE
    large |= atlas.of_kind("segment")[rows]
    rows, size = rows[large], size[large]
    rows = rows[np.argsort(-size, kind="stable")[:MOST_SHAPES]]
    return {
        "id": atlas.ids[rows],
        "level": look.levels[rows],
        "kind": [atlas.kind_of(row) for row in rows.tolist()],
        "name": [atlas.names[row] for row in rows.tolist()],
    }


def _fits_levels(look: Look) -> Bools:
    wanted = look.question.levels
    return np.isin(look.levels, list(wanted)) if wanted else np.ones(len(look.atlas), np.bool_)


@dataclass(frozen=True)
class Watched:
    """What is measured and what is in alarm, as far as the viewer may know. ``tags``: how many at each row of the
    atlas; ``held``: major installations, None where nobody asked."""

    alarms: Sequence[by_place.AlarmCount]
    tags: Ints
    held: majors.Said | None = None


def watched(atlas: Atlas, viewer: Viewer, layers: Collection[str] = ()) -> Watched:
    held = majors.held(viewer) if "major" in layers else None
    tags = np.where(atlas.scope(viewer, "tag.view"), atlas.tags, 0)
    return Watched(by_place.open_alarms(viewer), tags, held)


def alarms(look: Look, there: Watched, view: View, gathered: Gathered) -> dict[str, Any]:
    """Where something is in alarm: how many alarms, the worst level."""
    return _overlay(look, view, gathered, [(row.place_id, row.level, row.count) for row in there.alarms])


def tags(look: Look, there: Watched, view: View, gathered: Gathered) -> dict[str, Any]:
    """Where something is measured: how many tags; the colour is that of the worst alarm, none where there is none."""
    worst: dict[int, int] = {}
    for row in there.alarms:
        worst[row.place_id] = max(worst.get(row.place_id, -1), row.level, key=_badness)
    rows = np.flatnonzero(there.tags)
    measured = zip(look.atlas.ids[rows].tolist(), there.tags[rows].tolist(), strict=True)
    said = [(place, worst.get(place, -1), count) for place, count in measured]
    return _overlay(look, view, gathered, said)


def installations(look: Look, there: Watched, view: View, gathered: Gathered) -> dict[str, Any]:
    """Where major hazard installations are: how many, and the rank of the worst grade."""
    return _overlay(look, view, gathered, there.held or [])


def _overlay(look: Look, view: View, gathered: Gathered, said: Sequence[tuple[int, int, int]]) -> dict[str, Any]:
    """(place, level, count), summed up at the mark or cluster that each belongs to. Level -1: none."""
    atlas, spots = look.atlas, _Spots(len(look.atlas), gathered)
    shown: dict[tuple[float, float], list[int]] = {}
    places = np.array([place for place, *_ in said], np.int64)
    for row, (_, level, count) in zip(atlas.find(places).tolist(), said, strict=True):
        where = _standing(atlas, row, view) if row >= 0 and look.ground[row] else -1
        if where < 0 or not _within(atlas, where, view):
            continue
        spot = spots.of(where) or (round(float(atlas.x[where]), 6), round(float(atlas.y[where]), 6))
        entry = shown.setdefault(spot, [where, level, 0])
        entry[1], entry[2] = max(entry[1], level, key=_badness), entry[2] + count
    columns = _columns(look, np.array([row for row, *_ in shown.values()], np.int64))
    x, y = ([spot[axis] for spot in shown] for axis in (0, 1))
    levels, counts = ([entry[part] for entry in shown.values()] for part in (1, 2))
    return {**columns, "x": x, "y": y, "level": levels, "count": counts}


class _Spots:
    """Where the cluster of each row stands, for those that are in one."""

    def __init__(self, size: int, gathered: Gathered) -> None:
        found = gathered.cells
        lon, lat = (part.round(6).tolist() for part in cells.to_degrees(found.x, found.y))
        self._spots = list(zip(lon, lat, strict=True))
        many = found.only[found.group] < 0
        self._group = np.full(size, -1, np.int64)
        self._group[gathered.rows[many]] = found.group[many]

    def of(self, row: int) -> tuple[float, float] | None:
        group = int(self._group[row])
        return self._spots[group] if group >= 0 else None


_BADNESS = severity(np.arange(cells.LEVELS, dtype=np.int8)).tolist()


def _badness(level: int) -> int:
    return -1 if level < 0 else int(_BADNESS[level])


def _standing(atlas: Atlas, row: int, view: View) -> int:
    """Where something at this place is shown: from afar at its enterprise, else at the nearest place with a spot."""
    if view.zoom < POINT_ZOOM and atlas.enterprise[row] >= 0 and atlas.placed[atlas.enterprise[row]]:
        return int(atlas.enterprise[row])
    return next((step for step in reversed(atlas.above(row)) if atlas.placed[step]), -1)


def _within(atlas: Atlas, row: int, view: View) -> bool:
    return bool(view.west <= atlas.x[row] <= view.east and view.south <= atlas.y[row] <= view.north)


def density(look: Look, view: View) -> dict[str, Any]:
    """How many risk points stand in each small cell of the view."""
    side = cells.width(view.zoom, HEAT_CELL)
    west, north, east, south = view.square(side)
    margin = (east - west) / 4, (south - north) / 4
    square = (west - margin[0], north - margin[1], east + margin[0], south + margin[1])
    rows = _in_square(look.atlas, look.chosen & look.atlas.is_point & look.atlas.placed, square)
    x, y = (part[rows] for part in look.atlas.plane)
    found = cells.gather(x, y, look.levels[rows], side)
    lon, lat = cells.to_degrees(found.x, found.y)
    return {"x": lon.round(6), "y": lat.round(6), "n": found.counts.sum(axis=1)}


def people(view: View) -> dict[str, Any]:
    """Where people live, in the same cells; ``n`` as if a crowded cell held a dozen points."""
    known = population.cells()
    if known is None:
        return {"x": [], "y": [], "n": []}
    lon, lat, count = known
    margin = (view.east - view.west) / 4, (view.north - view.south) / 4
    near = (lon >= view.west - margin[0]) & (lon <= view.east + margin[0])
    near &= (lat >= view.south - margin[1]) & (lat <= view.north + margin[1]) & (count > 0)
    x, y = cells.to_plane(lon[near], lat[near])
    side = cells.width(view.zoom, HEAT_CELL)
    _, first, cell = np.unique(
        np.floor(x / side).astype(np.int64) << 32 | np.floor(y / side).astype(np.int64),
        return_index=True,
        return_inverse=True,
    )
    summed = np.bincount(cell, count[near], len(first))
    crowded = float(np.percentile(summed, 95)) if len(summed) else 1.0
    east, north = cells.to_degrees(x[first], y[first])
    return {"x": east.round(6), "y": north.round(6), "n": (12 * summed / max(crowded, 1.0)).round(2)}


def totals(look: Look, there: Watched) -> Mapping[str, int]:
    """How much each layer has under the filters, in view or not."""
    found = {name: int(look.of_layer(name).sum()) for name in MARKED}
    for name, kinds in DRAWN.items():
        found[name] = int((look.seen & look.atlas.of_kind(*kinds) & look.atlas.has_extent).sum())
    found["alarm"] = _total(look, ((row.place_id, row.count) for row in there.alarms))
    found["tag"] = int(there.tags[look.ground].sum())
    if there.held is not None:
        found["major"] = _total(look, ((place, count) for place, _, count in there.held))
    return {name: found[name] for name in LAYERS if name in found}


def _total(look: Look, said: Iterable[tuple[int, int]]) -> int:
    pairs = list(said)
    rows = look.atlas.find(np.array([place for place, _ in pairs], np.int64))
    return sum(count for row, (_, count) in zip(rows.tolist(), pairs, strict=True) if row >= 0 and look.ground[row])


def anchors(look: Look) -> dict[str, Any]:
    """From where distances are measured: the places, at most a few hundred."""
    near = look.question.near
    return _columns(look, ground.anchors(look.atlas, look.seen, near)[:MOST_ANCHORS] if near else NO_ROWS)


def bounds(look: Look) -> list[float] | None:
    """The box around everything that the viewer may see [degree]."""
    box = look.atlas.box[:, look.seen & look.atlas.placed]
    if not box.shape[1]:
        return None
    return [float(box[0].min()), float(box[1].min()), float(box[2].max()), float(box[3].max())]
