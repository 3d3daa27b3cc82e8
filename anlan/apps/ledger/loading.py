"""Reading the tree, the live facts and what is shown from the database into arrays. ``alive`` is called on the way."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Q
from django.db.models.functions import Length

from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place, ZoneMembership
from anlan.apps.ledger.choices import AppliesTo
from anlan.apps.ledger.models import Fact, PlaceLevel
from anlan.apps.ledger.picture import BUCKET_OF, FACT, LEVEL_OF, Facts, ending, moment
from anlan.kernels.rollup import BUCKETS, Buckets, Counts, Ints, Rollup, Tree, plant
from anlan.rules import paths

#: Leaves of these kinds are counted as risk points.
POINT_KINDS = (PlaceKind.RISK_POINT, PlaceKind.PUBLIC_OBJECT, PlaceKind.SEGMENT, PlaceKind.MOBILE)
UNSHOWN = -1

_CHUNK = 5_000

Alive = Callable[[], None]


def load_tree(alive: Alive) -> Tree:
    """All places in use, and which zones count them."""
    rows = Place.objects.filter(retired=None).order_by("path").values_list("pk", Length("path"), "kind")
    kinds = {str(kind): code for code, kind in enumerate(PlaceKind)}
    triples = ((pk, length // paths.STEP, kinds[kind]) for pk, length, kind in _watched(rows, alive))
    table = np.fromiter(triples, np.dtype([("id", "i8"), ("depth", "i2"), ("kind", "i1")]))
    members, zones = _memberships(table["id"], alive)
    return plant(
        ids=table["id"].copy(),
        depth=table["depth"].copy(),
        points=np.isin(table["kind"], [kinds[kind] for kind in POINT_KINDS]),
        enterprises=table["kind"] == kinds[PlaceKind.ENTERPRISE],
        members=members,
        zones=zones,
    )


def _memberships(ids: Ints, alive: Alive) -> tuple[Any, Any]:
    """Positions of members and of the zones that count them."""
    rows = ZoneMembership.objects.order_by("pk").values_list("place_id", "zone_id")
    pairs = np.array(list(_watched(rows, alive)), np.int64).reshape(-1, 2)
    pairs = pairs[np.isin(pairs, ids).all(axis=1)]
    order = np.argsort(ids, kind="stable")
    at = order[np.searchsorted(ids[order], pairs)] if len(pairs) else pairs
    return at[:, 0].astype(np.int32), at[:, 1].astype(np.int32)


def load_facts(now: datetime, alive: Alive) -> Facts:
    """Facts that count or will, by id."""
    ahead = (Q(until=None) | Q(until__gt=now)) & (Q(clearing=None) | Q(clearing__at__gt=now))
    columns = ("pk", "place_id", "level", "applies_to", "since", "until", "clearing__at")
    rows = Fact.objects.filter(ahead).order_by("pk").values_list(*columns)
    return np.fromiter((_fact(row) for row in _watched(rows, alive)), FACT)


def _fact(row: tuple[Any, ...]) -> tuple[int, int, int, bool, int, int, bool]:
    pk, place, level, applies_to, since, until, cleared = row
    reaches = applies_to == AppliesTo.DESCENDANTS
    return pk, place, int(BUCKET_OF[level]), reaches, moment(since), ending(until, cleared), False


class Screen:
    """What the database shows for each place of a tree, by bucket; level ``UNSHOWN`` = it has no row yet."""

    def __init__(self, size: int) -> None:
        self.level: Buckets = np.full(size, UNSHOWN, np.int8)
        self.since: Ints = np.zeros(size, np.int64)
        self.points: Counts = np.zeros((size, BUCKETS), np.int32)
        self.enterprises: Counts = np.zeros((size, BUCKETS), np.int32)

    def moved(self, positions: Ints, size: int) -> "Screen":
        """The same on another tree; ``positions`` says where each old place lies there (-1 = nowhere)."""
        fresh, kept = Screen(size), positions >= 0
        for name in ("level", "since", "points", "enterprises"):
            getattr(fresh, name)[positions[kept]] = getattr(self, name)[kept]
        return fresh

    def differs(self, rollup: Rollup) -> Ints:
        """Positions at which something else is shown than the facts say."""
        points, enterprises = rollup.counts_of_all()
        unlike = self.level != rollup.level
        unlike |= (self.points != points).any(axis=1)
        unlike |= (self.enterprises != enterprises).any(axis=1)
        return np.flatnonzero(unlike)

    def show(self, at: Ints, rollup: Rollup, now: int) -> None:
        """Remember that these places are now shown as the facts say."""
        self.since[at[self.level[at] != rollup.level[at]]] = now
        self.level[at] = rollup.level[at]
        for place in at.tolist():
            self.points[place], self.enterprises[place] = rollup.counts(place)


def load_screen(positions: Callable[[Ints], Ints], size: int, alive: Alive) -> Screen:
    """What the database shows now."""
    screen = Screen(size)
    rows = PlaceLevel.objects.order_by("pk").values_list("pk", "level", "since", "points", "enterprises")
    for chunk in _chunks(_watched(rows, alive)):
        at = positions(np.array([row[0] for row in chunk], np.int64))
        for place, (_, level, since, points, enterprises) in zip(at.tolist(), chunk, strict=True):
            if place >= 0:
                screen.level[place] = BUCKET_OF[level]
                screen.since[place] = moment(since)
                screen.points[place] = _by_bucket(points)
                screen.enterprises[place] = _by_bucket(enterprises)
    return screen


def _by_bucket(counts: list[int]) -> list[int]:
    padded = [*counts, *[0] * BUCKETS][:BUCKETS]
    return [padded[level] for level in LEVEL_OF.tolist()]


def _watched(rows: Any, alive: Alive) -> Iterator[Any]:
    for number, row in enumerate(rows.iterator(chunk_size=_CHUNK)):
        if number % _CHUNK == 0:
            alive()
        yield row


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    yield chunk
