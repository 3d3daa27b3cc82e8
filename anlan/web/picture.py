"""What the one map draws: places with the level they show, their shapes, and what changed; by scope, in few queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.ledger import selectors as ledger
from anlan.apps.ledger.selectors import Change, Explanation
from anlan.kit.grants import Viewer
from anlan.rules import paths
from anlan.rules.levels import Level, severity

#: Up to this many places are sent at once; a larger county sends what is inside a plant when somebody looks into it.
AT_ONCE = 5_000
_INNER = (PlaceKind.AREA, PlaceKind.UNIT, PlaceKind.RISK_POINT, PlaceKind.MOBILE)
UPPER_KINDS = tuple(kind.value for kind in PlaceKind if kind not in _INNER)
#: Changes that one cause made within this time are told as one.
TOGETHER = timedelta(seconds=3)

_BOX = ("west", "south", "east", "north")
_FIELDS = ("pk", "parent_id", "name", "kind", "shown__level", "shown__points", *_BOX, "geometry")
_NO_POINTS = (0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Story:
    """One thing that happened: the deepest place whose colour it changed, the places above that changed with it, and
    how many others did."""

    change: Change
    path: tuple[str, ...]
    also: tuple[Change, ...]
    others: int


def everything(viewer: Viewer) -> dict[str, Any]:
    """The whole picture, or its upper part where the whole would be too much at once."""
    places = core.places(viewer)
    complete = places[: AT_ONCE + 1].count() <= AT_ONCE
    return _picture(places if complete else places.filter(kind__in=UPPER_KINDS), complete=complete)


def below(viewer: Viewer, place_id: int) -> dict[str, Any]:
    """One place and all that is in it."""
    return _picture(core.tree(viewer, place_id), complete=True)


def _picture(places: QuerySet[Place], *, complete: bool) -> dict[str, Any]:
    rows = list(places.values_list(*_FIELDS))
    columns: dict[str, list[Any]] = {name: [] for name in ("id", "parent", "name", "kind", "level", "x", "y")}
    for pk, parent, name, kind, level, _points, west, south, east, north, _geometry in rows:
        x, y = _middle(west, east), _middle(south, north)
        values = (pk, parent, name, kind, level or Level.UNKNOWN, x, y)
        for column, value in zip(columns.values(), values, strict=True):
            column.append(value)
    return {
        "places": columns,
        "areas": {row[0]: row[10] for row in rows if row[10] and row[10].get("type") != "Point"},
        "counts": {row[0]: row[5] or _NO_POINTS for row in rows if row[3] != PlaceKind.RISK_POINT},
        "bounds": _bounds(rows),
        "complete": complete,
    }


def _middle(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else round((low + high) / 2, 6)


def _bounds(rows: Iterable[Sequence[Any]]) -> list[float] | None:
    boxes = [row[6:10] for row in rows if row[6] is not None]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return [min(west), min(south), max(east), max(north)]


def worst(viewer: Viewer) -> Explanation | None:
    """Why the worst of the viewer's top places has its colour; None for somebody who may see no place."""
    tops = ledger.tree_with_levels(viewer, depth=1)
    if not tops:
        return None
    top = max(tops, key=lambda node: (severity(node.shown.level), -len(node.path)))
    return ledger.explain(viewer, top.id)


def history(viewer: Viewer, start: datetime, end: datetime, limit: int = 5_000) -> dict[str, Any]:
    """Changes of shown colours as columns, for the slider. Begins later than ``start`` when there were too many."""
    changes = ledger.recent_changes(viewer, start, limit)
    if len(changes) == limit:
        start = changes[-1].at
    return {
        "start": _ms(start),
        "end": _ms(end),
        "place": [change.place.id for change in changes],
        "at": [_ms(change.at) for change in changes],
        "before": [change.before for change in changes],
        "after": [change.after for change in changes],
    }


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def stories(viewer: Viewer, since: datetime, limit: int = 40) -> list[Story]:
    """What changed, newest first, each cause told once with all the places that it coloured."""
    changes = ledger.recent_changes(viewer, since, limit * 6)
    groups = [sorted(group, key=_depth, reverse=True) for group in _together(changes)[:limit]]
    names = _names(viewer, (group[0].place.path for group in groups))
    return [_story(group, names) for group in groups]


def _story(group: Sequence[Change], names: dict[int, str]) -> Story:
    head = group[0]
    above = tuple(change for change in group[1:] if paths.covers(change.place.path, head.place.path))
    return Story(head, _path(head, names), above, len(group) - 1 - len(above))


def _depth(change: Change) -> int:
    return len(change.place.path)


def _together(changes: Sequence[Change]) -> list[list[Change]]:
    """Changes with one cause and one direction, close in time; in the order of their newest."""
    groups: list[list[Change]] = []
    open_groups: dict[tuple[Any, ...], list[Change]] = {}
    for change in changes:
        key = (change.cause_id, change.reason, severity(change.after) > severity(change.before))
        group = open_groups.get(key)
        if group is None or group[0].at - change.at > TOGETHER:
            group = open_groups[key] = []
            groups.append(group)
        group.append(change)
    return groups


def _names(viewer: Viewer, of: Iterable[str]) -> dict[int, str]:
    ids = {place_id for path in of for place_id in paths.ancestor_ids(path)}
    return dict(core.places(viewer, retired=True).filter(pk__in=ids).values_list("pk", "name"))


def _path(change: Change, names: dict[int, str]) -> tuple[str, ...]:
    """Names from the top down to the place itself, as far as the viewer may see them."""
    return tuple(names[place_id] for place_id in paths.ancestor_ids(change.place.path) if place_id in names)
