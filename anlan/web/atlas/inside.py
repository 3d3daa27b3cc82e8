"""What is inside: counts by trade, kind and level, and the places themselves as rows of a list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from django.utils.translation import gettext

from anlan.kit import clock
from anlan.packs.families import public_objects, sector
from anlan.packs.model import PackError
from anlan.web.atlas import ground
from anlan.web.atlas.cells import LEVELS, Floats
from anlan.web.atlas.index import Bools, severity
from anlan.web.atlas.look import Look

Counts = tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """One row of the statistics; ``enterprises`` and ``points`` by level 0 (unknown) … 4 (major)."""

    key: str
    name: str
    enterprises: Counts
    points: Counts


@dataclass(frozen=True)
class Statistics:
    enterprises: Counts
    points: Counts
    trades: tuple[Line, ...]
    objects: tuple[tuple[str, int], ...]  # public objects by kind
    others: tuple[tuple[str, int], ...]  # the rest by kind of place
    people: int | None  # who live there; None where nobody knows, or no stretch is asked for


@dataclass(frozen=True)
class Hit:
    """A place that fits; what it is called and where it lies is looked up when it is shown."""

    look: Look
    row: int
    metres: float | None  # to what the distance is measured from, None where nothing is

    @property
    def id(self) -> int:
        return int(self.look.atlas.ids[self.row])

    @property
    def name(self) -> str:
        return self.look.atlas.names[self.row]

    @property
    def kind(self) -> str:
        return self.look.atlas.kind_of(self.row)

    @property
    def level(self) -> int:
        return int(self.look.levels[self.row])

    @property
    def code(self) -> str:
        return self.look.atlas.codes[self.row]

    @property
    def sector(self) -> str:
        return sector_name(self.look.atlas.sector_of(self.row))

    @property
    def path(self) -> str:
        atlas = self.look.atlas
        return " › ".join(atlas.names[step] for step in atlas.above(self.row)[:-1] if self.look.seen[step])

    @property
    def spot(self) -> tuple[float, float] | None:
        """Longitude and latitude [degree]."""
        atlas = self.look.atlas
        placed = bool(atlas.placed[self.row])
        return (round(float(atlas.x[self.row]), 6), round(float(atlas.y[self.row]), 6)) if placed else None


def statistics(look: Look) -> Statistics:
    atlas = look.atlas
    firms, points = look.chosen & atlas.of_kind("enterprise"), look.chosen & atlas.is_point
    return Statistics(
        by_level(look, firms),
        by_level(look, points),
        _trades(look, firms, points),
        _objects(look),
        _others(look),
        ground.people(atlas, look.seen, look.question),
    )


def by_level(look: Look, chosen: Bools) -> Counts:
    return tuple(np.bincount(look.levels[chosen], minlength=LEVELS).tolist())


def _trades(look: Look, firms: Bools, points: Bools) -> tuple[Line, ...]:
    """Trades with something in them, the one with the most enterprises first."""
    codes = look.atlas.sector.astype(np.int64)
    size = len(look.atlas.sectors) * LEVELS
    tables = [
        np.bincount(codes[chosen] * LEVELS + look.levels[chosen], minlength=size).reshape(-1, LEVELS)
        for chosen in (firms, points)
    ]
    lines = [
        Line(key, sector_name(key), tuple(tables[0][at].tolist()), tuple(tables[1][at].tolist()))
        for at, key in enumerate(look.atlas.sectors)
        if key and (tables[0][at].any() or tables[1][at].any())
    ]
    return tuple(sorted(lines, key=lambda line: (-sum(line.enterprises), -sum(line.points), line.key)))


def sector_name(key: str) -> str:
    """A trade as its pack calls it; the key itself where there is no pack for it."""
    try:
        return gettext(sector.load(key, clock.today()).name) if key else ""
    except PackError:
        return key


def _objects(look: Look) -> tuple[tuple[str, int], ...]:
    known = public_objects.load(clock.today()).sorts
    sorts = look.atlas.sort[look.of_layer("public_object")]
    counts = np.bincount(sorts + 1, minlength=len(known) + 1).tolist()
    names = [gettext("其他公共对象"), *(gettext(one.name) for one in known)]
    return tuple(sorted(((n, c) for n, c in zip(names, counts, strict=True) if c), key=lambda pair: -pair[1]))


def _others(look: Look) -> tuple[tuple[str, int], ...]:
    """Of the other kinds those that there are."""
    counted = [(kind, int((look.chosen & look.atlas.of_kind(kind)).sum())) for kind in ("segment", "mobile")]
    return tuple((kind, count) for kind, count in counted if count)


@dataclass(frozen=True)
class Hits(Sequence[Hit]):
    """Places that fit, in order; each is made when it is looked at, for a county has a hundred thousand."""

    look: Look
    rows: Sequence[int]
    metres: Sequence[float] | None  # of each, where a distance is measured

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, at: int) -> Hit: ...
    @overload
    def __getitem__(self, at: slice) -> "Hits": ...
    def __getitem__(self, at: int | slice) -> "Hit | Hits":
        if isinstance(at, slice):
            return Hits(self.look, self.rows[at], self.metres[at] if self.metres is not None else None)
        return Hit(self.look, self.rows[at], self.metres[at] if self.metres is not None else None)

    def saying(self, words: Sequence[str]) -> "Hits":
        """Those of which name, way or code has every word (in small letters)."""
        kept = [at for at, text in enumerate(self._texts()) if all(word in text for word in words)]
        far = self.metres
        return Hits(self.look, [self.rows[at] for at in kept], [far[at] for at in kept] if far is not None else None)

    def _texts(self) -> Iterator[str]:
        """What can be searched of each; the way to a place is put together once for all that lies there."""
        atlas, ways = self.look.atlas, dict[int, str]()
        parents, names, codes = atlas.parent.tolist(), atlas.names, atlas.codes
        for row in self.rows:
            parent = parents[row]
            if parent not in ways:
                ways[parent] = Hit(self.look, row, None).path.lower()
            yield f"{names[row]}\n{codes[row]}".lower() + f"\n{ways[parent]}"


def hits(look: Look) -> Hits:
    """The places that fit: the worst first, enterprises before what is in them, then the nearest."""
    rows = np.flatnonzero(look.chosen)
    metres = _metres(look)
    distance = metres[rows] if metres is not None else np.zeros(len(rows))
    worst = severity(look.levels[rows]).astype(np.int64)
    order = np.lexsort((distance, ~look.atlas.of_kind("enterprise")[rows], -worst))
    return Hits(look, rows[order].tolist(), distance[order].round(1).tolist() if metres is not None else None)


def _metres(look: Look) -> Floats | None:
    near = look.question.near
    if near is None:
        return None
    around = ground.anchors(look.atlas, look.seen, near)
    lon, lat = (np.array([part]) for part in near.spot) if near.spot else (look.atlas.x[around], look.atlas.y[around])
    return ground.distances(look.atlas, lon, lat)
