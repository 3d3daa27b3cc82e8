"""How many places showed each level at an earlier moment, and which live facts hold red and orange."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.ledger import explanation
from anlan.apps.ledger.models import Fact, LevelChange
from anlan.kit import lookups
from anlan.kit.grants import Viewer
from anlan.kit.lookups import range_of
from anlan.kit.prepared import prepared
from anlan.rules.levels import Level

_POINTS = (PlaceKind.RISK_POINT, PlaceKind.PUBLIC_OBJECT, PlaceKind.SEGMENT, PlaceKind.MOBILE)


@dataclass(frozen=True)
class Balance:
    """By how many the places of each level have become more since some moment."""

    points: Counter[int]
    enterprises: Counter[int]


@dataclass(frozen=True)
class Holding:
    """A live fact that makes its place red or orange."""

    place_id: int
    path: str
    level: Level
    kind: str
    words: str
    params: Mapping[str, Any]
    since: datetime

    @property
    def reason(self) -> str:
        """In the reader's language."""
        return explanation.said(self.words, self.params)


def balance(viewer: Viewer, since: datetime, place: Place | None = None) -> Balance:
    """What the changes of colours since then come to, at one place and below or wherever the viewer may look."""
    first: dict[int, tuple[str, int]] = {}
    last: dict[int, int] = {}
    path, hint = _where(place)
    for place_id, kind, before, after in _changes(viewer, since, path, hint=hint):
        first.setdefault(place_id, (kind, before))
        last[place_id] = after
    found = Balance(Counter(), Counter())
    for place_id, (kind, before) in first.items():
        counts = found.enterprises if kind == PlaceKind.ENTERPRISE else found.points
        counts[last[place_id]] += 1
        counts[before] -= 1
    return found


@prepared
def _changes(viewer: Viewer, since: datetime, path: str | None, *, hint: str) -> QuerySet[LevelChange, Any]:
    rows = LevelChange.objects.filter(viewer.scope("place.view", "place__"), at__rarely_gte=since)
    rows = rows.filter(place__kind__in=[*_POINTS, PlaceKind.ENTERPRISE], place__retired=None)
    if path is not None:
        rows = rows.filter(range_of(path, hint, "place__"))
    return rows.order_by("place", "at", "pk").values_list("place_id", "place__kind", "before", "after")


def _where(place: Place | None) -> tuple[str | None, str]:
    """Path of a place, and a hint how much lies there."""
    return (place.path, lookups.hint(place.kind)) if place else (None, "")


def known_since(viewer: Viewer) -> datetime | None:
    """Since when changes of colours are recorded for what the viewer may see; None where there is none."""
    return next(iter(_first_change(viewer)), None)


@prepared
def _first_change(viewer: Viewer) -> QuerySet[LevelChange, Any]:
    rows = LevelChange.objects.filter(viewer.scope("place.view", "place__")).order_by("at")
    return rows.values_list("at", flat=True)[:1]


def holding(viewer: Viewer, now: datetime, place: Place | None = None, limit: int = 300) -> list[Holding]:
    """Live facts of red and orange that the viewer may read, red first, then the newest."""
    held: list[Holding] = []
    path, hint = _where(place)
    for level in (Level.MAJOR, Level.SERIOUS):  # one by one: an index holds the newest of each
        if len(held) < limit:
            rows = _holding(viewer, now, path, hint=hint, level=int(level), limit=limit)
            held += [Holding(place_id, at, level, *told) for place_id, at, *told in rows]
    return held[:limit]


@prepared
def _holding(
    viewer: Viewer, now: datetime, path: str | None, *, hint: str, level: int, limit: int
) -> QuerySet[Fact, Any]:
    found = Fact.objects.filter(viewer.scope("fact.view", "place__"), explanation.live(now))
    found = found.filter(place__retired=None, level=level)
    if path is not None:
        found = found.filter(range_of(path, hint, "place__"))
    rows = found.order_by("-since", "-pk")[:limit]
    return rows.values_list("place_id", "place__path", "kind", "reason", "params", "since")
