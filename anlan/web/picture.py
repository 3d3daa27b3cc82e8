"""What stands beside the one map: the worst place and why, what changed, and when colours changed; by scope."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from anlan.apps.core import selectors as core
from anlan.apps.ledger import selectors as ledger
from anlan.apps.ledger.selectors import Change, Explanation
from anlan.kit.grants import Viewer
from anlan.rules import paths
from anlan.rules.levels import severity
from anlan.web.atlas import index, keeper, past
from anlan.web.atlas.cells import LEVELS

#: The slider's length in marks, and how many moments one can step to.
STRETCHES, MOST_MOMENTS = 240, 5_000
#: Changes that one cause made within this time are told as one.
TOGETHER = timedelta(seconds=3)


@dataclass(frozen=True)
class Story:
    """One thing that happened: the deepest place whose colour it changed, the places above that changed with it, and
    how many others did."""

    change: Change
    path: tuple[str, ...]
    also: tuple[Change, ...]
    others: int


def worst(viewer: Viewer, at: datetime | None = None) -> Explanation | None:
    """Why the worst of the viewer's top places has (or had) its colour; None for somebody who may see no place."""
    atlas = keeper.current()
    levels = past.levels(atlas, at)
    seen = atlas.scope(viewer)
    rows = np.flatnonzero(seen & ((atlas.parent < 0) | ~seen[atlas.parent]))
    if not len(rows):
        return None
    bad = index.severity(levels[rows]).astype(np.int64)
    depth = np.array([len(atlas.paths[row]) for row in rows.tolist()])
    top = rows[np.lexsort((depth, -bad))[0]]
    return ledger.explain(viewer, int(atlas.ids[top]), at)


def history(viewer: Viewer, start: datetime, end: datetime) -> dict[str, Any]:
    """When colours changed, for the slider: how many changes to each level in each stretch of time, and the moments."""
    atlas = keeper.current()
    at, after = past.moments(atlas, atlas.scope(viewer), start)
    first, last = _ms(start), _ms(end)
    stretch = np.clip((at - first) * STRETCHES // max(last - first, 1), 0, STRETCHES - 1)
    counts = np.bincount(stretch * LEVELS + after, minlength=STRETCHES * LEVELS).reshape(STRETCHES, LEVELS)
    return {"start": first, "end": last, "counts": counts, "moments": np.unique(at)[-MOST_MOMENTS:]}


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def stories(viewer: Viewer, since: datetime, limit: int = 40, until: datetime | None = None) -> list[Story]:
    """What changed, newest first, each cause told once with all the places that it coloured."""
    changes = ledger.recent_changes(viewer, since, limit * 6, until)
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
    return {pk: name for pk, name, _ in core.names(viewer, ids)}


def _path(change: Change, names: dict[int, str]) -> tuple[str, ...]:
    """Names from the top down to the place itself, as far as the viewer may see them."""
    return tuple(names[place_id] for place_id in paths.ancestor_ids(change.place.path) if place_id in names)
