"""How many places showed each level at an earlier moment, and which live facts hold red and orange."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.ledger import explanation
from anlan.apps.ledger.models import Fact, LevelChange
from anlan.kit.grants import Viewer
from anlan.kit.lookups import inside
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
    rows = LevelChange.objects.filter(viewer.scope("place.view", "place__"), at__rarely_gte=since)
    rows = rows.filter(place__kind__in=[*_POINTS, PlaceKind.ENTERPRISE], place__retired=None)
    if place is not None:
        rows = rows.filter(inside(place.path, place.kind, "place__"))
    first: dict[int, tuple[str, int]] = {}
    last: dict[int, int] = {}
    told = rows.order_by("place", "at", "pk").values_list("place_id", "place__kind", "before", "after")
    for place_id, kind, before, after in told:
        first.setdefault(place_id, (kind, before))
        last[place_id] = after
    found = Balance(Counter(), Counter())
    for place_id, (kind, before) in first.items():
        counts = found.enterprises if kind == PlaceKind.ENTERPRISE else found.points
        counts[last[place_id]] += 1
        counts[before] -= 1
    return found


def known_since(viewer: Viewer) -> datetime | None:
    """Since when changes of colours are recorded for what the viewer may see; None where there is none."""
    rows = LevelChange.objects.filter(viewer.scope("place.view", "place__")).order_by("at")
    return rows.values_list("at", flat=True).first()


def holding(viewer: Viewer, now: datetime, place: Place | None = None, limit: int = 300) -> list[Holding]:
    """Live facts of red and orange that the viewer may read, red first, then the newest."""
    found = Fact.objects.filter(viewer.scope("fact.view", "place__"), explanation.live(now))
    found = found.filter(place__retired=None)
    if place is not None:
        found = found.filter(inside(place.path, place.kind, "place__"))
    names = ("place_id", "place__path", "level", "kind", "reason", "params", "since")
    held: list[Holding] = []
    for level in (Level.MAJOR, Level.SERIOUS):  # one by one: an index holds the newest of each
        rows = found.filter(level=level).order_by("-since", "-pk").values_list(*names)
        held += [Holding(place, path, Level(rank), *told) for place, path, rank, *told in rows[: limit - len(held)]]
    return held
