"""Places in use as NumPy columns, in the order of the tree: a subtree is one slice."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import ZoneMembership
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Viewer
from anlan.packs.families import public_objects
from anlan.rules import paths as rules
from anlan.rules.levels import ORDER
from anlan.web.atlas import cells
from anlan.web.atlas.cells import LEVELS, Floats, Ints, Levels

Bools = npt.NDArray[np.bool_]

KINDS = tuple(kind.value for kind in PlaceKind)
CODE_OF = {kind: code for code, kind in enumerate(KINDS)}
#: Kinds that are counted as risk points.
POINT_KINDS = ("risk_point", "public_object", "segment", "mobile")
NOWHERE = -1

_FIELDS = ("pk", "path", "kind", "sector", "name", "code", "shown__level", "west", "south", "east", "north")
_SEVERITY = np.zeros(LEVELS, np.int8)
_SEVERITY[[int(level) for level in ORDER]] = range(LEVELS)


class Atlas:
    """Columns over all places in use; a place is named by its row. Only ``level`` and ``tags`` change, and where what
    moves is."""

    def __init__(self, rows: Sequence[tuple[Any, ...]]) -> None:
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(_FIELDS)
        ids, paths, kinds, sectors, names, codes, levels, *box = columns
        self.paths: Sequence[str] = paths
        self.names: Sequence[str] = names
        self.codes: Sequence[str] = codes
        self.ids = np.array(ids, np.int64)
        self.kind = np.array([CODE_OF[kind] for kind in kinds], np.int8)
        self.sectors: list[str] = sorted(set(sectors))
        number = {sector: code for code, sector in enumerate(self.sectors)}
        self.sector = np.array([number[sector] for sector in sectors], np.int16)
        self.level = np.array([level or 0 for level in levels], np.int8)
        self.box = np.array(box, np.float64).reshape(4, -1)  # west, south, east, north [degree]; nan: nowhere
        self.x, self.y = (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2
        self.tracked = np.zeros(len(self.ids), np.bool_)  # tells by itself where it is
        self.tags = np.zeros(len(self.ids), np.int64)  # how many watched tags lie there, whoever may know of them
        self._of_kinds: dict[tuple[str, ...], Bools] = {}
        self._build_tree()
        self._by_id = np.argsort(self.ids, kind="stable")

    def __len__(self) -> int:
        return len(self.ids)

    def _build_tree(self) -> None:
        """Parent, end of the subtree, enterprise above, number of children; in one walk down the paths."""
        size = len(self.ids)
        parent, end = [NOWHERE] * size, [size] * size
        open_rows: list[int] = []
        for row, path in enumerate(self.paths):
            while open_rows and not path.startswith(self.paths[open_rows[-1]]):
                end[open_rows.pop()] = row
            parent[row] = open_rows[-1] if open_rows else NOWHERE
            open_rows.append(row)
        self.parent, self.end = np.array(parent, np.int64), np.array(end, np.int64)
        below = self.parent[self.parent >= 0]
        self.children = np.bincount(below, minlength=size) if size else np.zeros(0, np.int64)
        self.enterprise = self._enterprises(parent)

    def _enterprises(self, parent: list[int]) -> Ints:
        """For each place the row of the enterprise that it is or lies in."""
        found = [NOWHERE] * len(parent)
        firm = CODE_OF["enterprise"]
        for row, kind in enumerate(self.kind.tolist()):
            above = found[parent[row]] if parent[row] >= 0 else NOWHERE
            found[row] = row if kind == firm else above
        return np.array(found, np.int64)

    def of_kind(self, *kinds: str) -> Bools:
        """Kept, so not to be written to."""
        if (found := self._of_kinds.get(kinds)) is None:
            found = np.isin(self.kind, [CODE_OF[kind] for kind in kinds])
            found.flags.writeable = False
            self._of_kinds[kinds] = found
        return found

    @cached_property
    def is_point(self) -> Bools:
        return self.of_kind(*POINT_KINDS)

    @cached_property
    def lower_names(self) -> "Lines":
        return Lines(self.names)

    @cached_property
    def lower_codes(self) -> "Lines":
        return Lines(self.codes)

    @cached_property
    def placed(self) -> Bools:
        found: Bools = ~np.isnan(self.x)
        return found

    @cached_property
    def has_extent(self) -> Bools:
        """Drawn as an area or a line, not as a mark alone."""
        with np.errstate(invalid="ignore"):
            found: Bools = (self.box[2] > self.box[0]) | (self.box[3] > self.box[1])
        return found

    @cached_property
    def sort(self) -> npt.NDArray[np.int8]:
        """Which kind of public object each place is, by the pack's order; -1: none."""
        known = public_objects.load(clock.today())
        found = np.full(len(self), -1, np.int8)
        for row in np.flatnonzero(self.of_kind("public_object")).tolist():
            found[row] = known.sort_of(self.names[row])
        return found

    def of_sorts(self, sorts: Collection[str]) -> Bools:
        """Public objects of these kinds, by their code in the pack."""
        known = public_objects.load(clock.today()).sorts
        found: Bools = np.isin(self.sort, [at for at, sort in enumerate(known) if sort.code in sorts])
        return found

    @cached_property
    def plane(self) -> tuple[Floats, Floats]:
        """Where each place lies in the plane of the map."""
        return cells.to_plane(self.x, self.y)

    def move(self, place_ids: Ints, lon: Floats, lat: Floats) -> None:
        """Moving places tell where they are now."""
        rows = self.find(place_ids)
        known = rows >= 0
        rows, lon, lat = rows[known], lon[known], lat[known]
        plane = cells.to_plane(lon, lat)
        for column, values in ((self.x, lon), (self.y, lat), *zip(self.plane, plane, strict=True)):
            column[rows] = values
        self.box[:, rows] = lon, lat, lon, lat
        self.placed[rows] = self.tracked[rows] = True

    def rows(self, place_ids: Iterable[int] | Ints) -> Ints:
        """The rows of these places; those that are no longer in use are left out."""
        wanted = np.fromiter(place_ids, np.int64) if not isinstance(place_ids, np.ndarray) else place_ids
        return (found := self.find(wanted))[found >= 0]

    def find(self, place_ids: Ints) -> Ints:
        """The row of each place, ``NOWHERE`` for those not in use."""
        if not len(self):
            return np.full(len(place_ids), NOWHERE, np.int64)
        at = np.searchsorted(self.ids, place_ids, sorter=self._by_id).clip(max=len(self) - 1)
        rows = self._by_id[at]
        return np.where(self.ids[rows] == place_ids, rows, NOWHERE)

    def row(self, place_id: int) -> int:
        """The row of one place, ``NOWHERE`` if it is not in use."""
        return int(self.find(np.array([place_id], np.int64))[0])

    def scope(self, viewer: Viewer, capability: str = "place.view") -> Bools:
        """Which places the viewer's grants reach; the same answer as ``viewer.scope`` gives in the database."""
        seen = np.zeros(len(self), np.bool_)
        for scope in viewer.scopes:
            if capability not in scope.capabilities:
                continue
            here = slice(bisect_left(self.paths, scope.path), bisect_left(self.paths, rules.after(scope.path)))
            seen[here] |= True if scope.sectors is None else self.in_sectors(scope.sectors)[here]
        return seen

    def in_sectors(self, sectors: Collection[str]) -> Bools:
        found: Bools = np.isin(self.sector, [code for code, sector in enumerate(self.sectors) if sector in sectors])
        return found

    def sector_of(self, row: int) -> str:
        return self.sectors[int(self.sector[row])]

    def kind_of(self, row: int) -> str:
        return KINDS[int(self.kind[row])]

    def above(self, row: int) -> list[int]:
        """Rows from the top down to the place itself."""
        way = [row]
        while (row := int(self.parent[row])) >= 0:
            way.append(row)
        return way[::-1]

    def below(self, rows: Iterable[int]) -> Bools:
        """These places and everything in them."""
        found = np.zeros(len(self), np.bool_)
        for row in rows:
            found[row : self.end[row]] = True
        return found

    @cached_property
    def members(self) -> dict[int, list[int]]:
        """What zones count besides what lies below them."""
        found: dict[int, list[int]] = {}
        for place, zone in ZoneMembership.objects.values_list("place_id", "zone_id"):
            row, over = self.row(place), self.row(zone)
            if row >= 0 and over >= 0:
                found.setdefault(over, []).append(row)
        return found

    def tally(self, chosen: Bools, levels: Levels) -> "Tally":
        return Tally(self, chosen, levels)


class Lines:
    """A text for each row, in small letters, one after the other in one text: a word is found in all at once."""

    def __init__(self, texts: Iterable[str]) -> None:
        lines = [text.lower() for text in texts]
        self._starts = np.cumsum([0, *(len(line) + 1 for line in lines)])
        self._text = "\n".join(["", *lines, ""])

    def holding(self, part: str) -> Ints:
        """Rows whose text holds this, which has no line break in it, ascending."""
        return self._at(part)

    def beginning(self, part: str) -> Ints:
        return self._at("\n" + part)

    def _at(self, part: str) -> Ints:
        spots = [found.start() for found in re.finditer(re.escape(part), self._text)]
        rows = np.searchsorted(self._starts, spots, "right") - 1
        found: Ints = np.unique(rows)
        return found


class Tally:
    """How many of the chosen places of each level any place counts: those at and below it in one subtraction, for a
    zone also what it counts that lies elsewhere, each once."""

    def __init__(self, atlas: Atlas, chosen: Bools, levels: Levels) -> None:
        self._atlas, self._chosen, self._levels = atlas, chosen, levels
        marks = np.zeros((len(atlas) + 1, LEVELS), np.int32)
        rows = np.flatnonzero(chosen)
        marks[rows + 1, levels[rows]] = 1
        self._sums = marks.cumsum(axis=0, dtype=np.int32)

    def of(self, rows: Ints) -> npt.NDArray[np.int32]:
        counts: npt.NDArray[np.int32] = self._sums[self._atlas.end[rows]] - self._sums[rows]
        for at, row in enumerate(rows.tolist()):
            if row in self._atlas.members:
                within = self._atlas.below([row, *self._atlas.members[row]]) & self._chosen
                counts[at] = np.bincount(self._levels[within], minlength=LEVELS)
        return counts


def severity(levels: Levels) -> Levels:
    """How bad each level is, from low (0) to major (4); unknown outranks low."""
    return _SEVERITY[levels]


def read() -> Atlas:
    """All places as the database has them now."""
    return Atlas(list(core.places(SYSTEM).values_list(*_FIELDS)))
