"""The place tree beside the map: the top places, and the children of those that are open, the worst first."""

from collections.abc import Collection
from typing import Any

import numpy as np

from anlan.web.atlas.cells import Ints
from anlan.web.atlas.index import severity
from anlan.web.atlas.look import Look

#: More children than this are not listed; the page of the place has them all.
SHOWN = 200
#: Opened by themselves as far down as this, below places that show red or orange.
WORST_DEPTH = 4
_ALERT = 3


def listed(look: Look, opened: Collection[int] | None, chosen: int | None = None) -> dict[str, Any]:
    """The rows of the tree as columns, parents before children. ``opened``: ids of open places, None = as at first;
    ``chosen``: a place that must be listed, so all above it are open. ``more``: children that are not listed."""
    branches = _Branches(look)
    wanted = branches.at_first() if opened is None else set(look.atlas.rows(opened).tolist())
    here = look.atlas.row(chosen) if chosen is not None else -1
    if here >= 0 and look.seen[here]:
        wanted |= set(look.atlas.above(here)[:-1])
    rows, more = branches.walk(wanted, here)
    return _columns(branches, rows, more, wanted & set(rows))


class _Branches:
    """Children by place, of what the viewer may see; whoever may not see the parent has the child at the top."""

    def __init__(self, look: Look) -> None:
        self.look = look
        atlas, rows = look.atlas, np.flatnonzero(look.seen)
        parent = atlas.parent[rows]
        orphan = (parent < 0) | ~look.seen[parent]
        self.tops = self._sorted(rows[orphan])
        rows, parent = rows[~orphan], parent[~orphan]
        self._rows = rows[np.argsort(parent, kind="stable")]
        self._many = np.bincount(parent, minlength=len(atlas))
        self._end = self._many.cumsum()
        self._in_order: dict[int, list[int]] = {}

    def below(self, row: int) -> list[int]:
        """The children of a place, the worst first."""
        if (found := self._in_order.get(row)) is None:
            end = int(self._end[row])
            found = self._in_order[row] = self._sorted(self._rows[end - int(self._many[row]) : end])
        return found

    def _sorted(self, rows: Ints) -> list[int]:
        names, numbers = self.look.atlas.names, rows.tolist()
        better = (-severity(self.look.levels[rows])).tolist()
        return [row for *_, row in sorted(zip(better, [names[row] for row in numbers], numbers, strict=True))]

    def at_first(self) -> set[int]:
        """The top places, what is just below them, and each way down to something red or orange."""
        found: set[int] = set()
        atlas, levels = self.look.atlas, self.look.levels

        def visit(rows: Collection[int], depth: int) -> None:
            for row in rows:
                if not self._many[row] or depth >= WORST_DEPTH or atlas.enterprise[row] >= 0:
                    continue
                if depth < 1 or levels[row] >= _ALERT:
                    found.add(row)
                    visit(self.below(row)[:SHOWN], depth + 1)

        visit(self.tops[:SHOWN], 0)
        return found

    def walk(self, opened: Collection[int], chosen: int) -> tuple[list[int], dict[int, int]]:
        """Rows to list, from the top down, and how many children of each are left out."""
        rows: list[int] = []
        more: dict[int, int] = {}

        def visit(row: int) -> None:
            rows.append(row)
            if row not in opened:
                return
            children = self.below(row)
            shown = children[:SHOWN]
            shown += [child for child in children[SHOWN:] if child == chosen or child in opened]
            if len(children) > len(shown):
                more[row] = len(children) - len(shown)
            for child in shown:
                visit(child)

        for top in self.tops[:SHOWN]:
            visit(top)
        return rows, more

    def has_children(self, rows: Ints) -> list[bool]:
        found: list[bool] = (self._many[rows] > 0).tolist()
        return found


def _columns(branches: _Branches, rows: list[int], more: dict[int, int], opened: set[int]) -> dict[str, Any]:
    look, atlas, chosen = branches.look, branches.look.atlas, np.array(rows, np.int64)
    points = atlas.tally(look.seen & atlas.is_point, look.levels).of(chosen)
    known = set(rows)
    parents = atlas.parent[chosen]
    pairs = zip(parents.tolist(), atlas.ids[parents].tolist(), strict=True)
    return {
        "id": atlas.ids[chosen],
        "parent": [place_id if parent in known else None for parent, place_id in pairs],
        "name": [atlas.names[row] for row in rows],
        "kind": [atlas.kind_of(row) for row in rows],
        "level": look.levels[chosen],
        "points": points,
        "branch": branches.has_children(chosen),
        "open": sorted(int(atlas.ids[row]) for row in opened),
        "more": {str(atlas.ids[row]): count for row, count in more.items()},
    }
