"""What is shown and how it came about: levels, counts, changes. ``explain`` (why this colour) is in explanation.py."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext

from anlan.apps.core import selectors as core
from anlan.apps.core.models import AuditSeal, Heartbeat, Place
from anlan.apps.ledger.columns import ChangeColumns, change_columns
from anlan.apps.ledger.explanation import Explanation, FactLine, PlaceRef, explain, outside, render
from anlan.apps.ledger.models import Fact, LevelChange, PlaceLevel
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.kit.lookups import inside
from anlan.rules import paths
from anlan.rules.levels import Level
from anlan.rules.seal import GENESIS

__all__ = [
    "Change",
    "ChangeColumns",
    "Explanation",
    "FactLine",
    "Node",
    "PlaceRef",
    "SealHead",
    "Shown",
    "change_columns",
    "changes",
    "explain",
    "history",
    "newest_fact",
    "projected_until",
    "projector_says",
    "recent_changes",
    "render",
    "seal_head",
    "shown",
    "shown_by",
    "told",
    "tree_with_levels",
]

_NONE = (0, 0, 0, 0, 0)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Shown:
    """What a place shows. ``points`` and ``enterprises`` at and below it, by level 0 (unknown) … 4 (major)."""

    level: Level
    since: datetime | None  # None: never shown yet
    points: tuple[int, ...]
    enterprises: tuple[int, ...]
    as_of: datetime


@dataclass(frozen=True)
class Node:
    """A place in the tree with what it shows."""

    id: int
    parent_id: int | None
    name: str
    kind: str
    path: str
    sector: str
    shown: Shown


@dataclass(frozen=True)
class ChangedPlace:
    id: int
    name: str
    kind: str
    path: str


@dataclass(frozen=True)
class Change:
    """One change of a shown colour; the fact behind it is named only to those who may read it."""

    place: ChangedPlace
    before: Level
    after: Level
    at: datetime
    reason: str
    cause_id: int | None


@dataclass(frozen=True)
class SealHead:
    """The newest link of the audit chain: how many rows it closes, and the digest that stands for all of them."""

    seq: int
    digest: str
    sealed: datetime | None


def shown(viewer: Viewer, place_ids: Collection[int]) -> dict[int, Shown]:
    """What each of the places shows; those outside the viewer's scope are left out."""
    rows = Place.objects.filter(viewer.scope("place.view"), pk__in=list(place_ids)).select_related("shown")
    until = projected_until()
    return {place.pk: shown_by(place, until) for place in rows}


def tree_with_levels(viewer: Viewer, at: int | Place | None = None, *, depth: int | None = None) -> list[Node]:
    """Places in use that the viewer may see, in tree order, from one down (None = all), at most ``depth`` steps."""
    rows = Place.objects.filter(viewer.scope("place.view"), retired=None)
    root = None if at is None else core.place(viewer, at)
    if root is not None:
        if root.retired is not None:
            raise NotInScope
        rows = rows.filter(inside(root.path, root.kind))
    if depth is not None:
        top = len(root.path) if root else _top(viewer)
        rows = rows.annotate(reach=Length("path")).filter(reach__lte=top + depth * paths.STEP)
    until = projected_until()
    return [
        Node(p.pk, p.parent_id, p.name, p.kind, p.path, p.sector, shown_by(p, until))
        for p in rows.select_related("shown").defer("geometry").order_by("path")
    ]


def recent_changes(viewer: Viewer, since: datetime, limit: int = 50, until: datetime | None = None) -> list[Change]:
    """Changes of shown colours since then (and not after ``until``), newest first, in one query."""
    rows = LevelChange.objects.filter(viewer.scope("place.view", "place__"), at__gte=since)
    if until is not None:
        rows = rows.filter(at__lte=until)
    return _changes(viewer, rows.order_by("-at", "-pk")[:limit])


def history(viewer: Viewer, place_id: int, start: datetime, end: datetime) -> list[Change]:
    """How a place's colour changed from ``start`` to ``end``, oldest first, led by the change in force at ``start``."""
    if not Place.objects.filter(viewer.scope("place.view"), pk=place_id).exists():
        raise NotInScope
    rows = LevelChange.objects.filter(place=place_id)
    led_by = rows.filter(at__lt=start).order_by("-at", "-pk").values("pk")[:1]
    within = Q(at__gte=start, at__lt=end) | Q(pk__in=list(led_by.values_list("pk", flat=True)))
    return _changes(viewer, rows.filter(within).order_by("at", "pk"))


def projected_until() -> datetime:
    """Up to when the projector has folded facts; what is shown is right as of then."""
    said = projector_says().get("as_of")
    return datetime.fromisoformat(said) if said else _LONG_AGO


def projector_says() -> dict[str, Any]:
    """The projector's last report; empty where none ever ran."""
    return Heartbeat.objects.filter(part="projector").values_list("detail", flat=True).first() or {}


def newest_fact() -> int:
    """Id of the newest fact; 0 if there is none."""
    return Fact.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def seal_head() -> SealHead:
    """The head of the audit chain, to be kept outside (printed daily, sent to the upper level)."""
    last = AuditSeal.objects.order_by("-seq").first()
    return SealHead(last.seq, last.digest, last.sealed) if last else SealHead(0, GENESIS, None)


def shown_by(place: Place, until: datetime) -> Shown:
    """What a place that the viewer may see shows; ``until``: how far facts are folded."""
    row: PlaceLevel | None = getattr(place, "shown", None)
    if row is None:
        return Shown(Level.UNKNOWN, None, _NONE, _NONE, until)
    return Shown(Level(row.level), row.since, tuple(row.points), tuple(row.enterprises), max(row.as_of, until))


def _top(viewer: Viewer) -> int:
    """Length of the shortest path among the viewer's places, less one step."""
    held = [len(scope.path) for scope in viewer.scopes if "place.view" in scope.capabilities]
    return max(min(held, default=0) - paths.STEP, 0)


def changes(viewer: Viewer) -> QuerySet[LevelChange]:
    """Every change of a colour that the viewer may see, with its place; :func:`told` says them."""
    rows = LevelChange.objects.filter(viewer.scope("place.view", "place__"))
    return rows.select_related("place__shown", "cause__place").defer("place__geometry", "cause__place__geometry")


def told(viewer: Viewer, rows: Iterable[LevelChange]) -> list[Change]:
    """Changes with their reasons, as far as the viewer may read these."""
    readable = viewer.test("fact.view")
    return [_change(row, readable=_may_read(row, readable)) for row in rows]


def _changes(viewer: Viewer, rows: QuerySet[LevelChange]) -> list[Change]:
    rows = rows.select_related("place", "cause__place").defer("place__geometry", "cause__place__geometry")
    return told(viewer, rows)


def _may_read(row: LevelChange, readable: Callable[[str, str], bool]) -> bool:
    return row.cause is not None and readable(row.cause.place.path, row.cause.place.sector)


def _change(row: LevelChange, *, readable: bool) -> Change:
    place = ChangedPlace(row.place_id, row.place.name, row.place.kind, row.place.path)
    cause_id = row.cause_id if readable else None
    return Change(place, Level(row.before), Level(row.after), row.at, _reason(row, readable=readable), cause_id)


def _reason(row: LevelChange, *, readable: bool) -> str:
    if row.cause is None:
        return gettext("场所结构或多项事实变化")
    return render(row.cause) if readable else outside()
