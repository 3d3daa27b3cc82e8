"""What is shown and how it came about: levels, counts, changes. ``explain`` (why this colour) is in explanation.py."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from anlan.apps.core import selectors as core
from anlan.apps.core.models import AuditSeal, Heartbeat, Place
from anlan.apps.ledger.columns import ChangeColumns, change_columns
from anlan.apps.ledger.explanation import Explanation, FactLine, PlaceRef, explain, outside, render
from anlan.apps.ledger.models import Fact, LevelChange, PlaceLevel
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.kit.lookups import inside
from anlan.kit.prepared import prepared
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
    "nodes",
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
    until = projected_until()
    return {pk: _shown(until, *told) for pk, *told in _levels(viewer, place_ids)}


#: What :func:`_shown` tells, read column by column: a model a place takes four times as long.
_READ = ("shown__level", "shown__since", "shown__points", "shown__enterprises", "shown__as_of")


@prepared
def _levels(viewer: Viewer, place_ids: Collection[int]) -> QuerySet[Place, Any]:
    return Place.objects.filter(viewer.scope("place.view"), pk__in=place_ids).values_list("pk", *_READ)


def tree_with_levels(viewer: Viewer, at: int | Place | None = None, *, depth: int | None = None) -> list[Node]:
    """Places in use that the viewer may see, in tree order, from one down (None = all), at most ``depth`` steps: those
    of one are below it, those of all begin with the uppermost."""
    root = None if at is None else core.place(viewer, at)
    if root is not None and root.retired is not None:
        raise NotInScope
    if depth is not None:
        return _told(_upper(viewer, [root.pk], steps=depth) if root else _upper(viewer, _tops(viewer), steps=depth - 1))
    return _told(_nodes(viewer, root.path, kind=root.kind) if root else _nodes(viewer, None, kind=""))


def nodes(viewer: Viewer, place_ids: Collection[int]) -> list[Node]:
    """Those of some places in use that the viewer may see, in tree order."""
    return _told(_of_ids(viewer, place_ids))


def _told(rows: Iterable[Any]) -> list[Node]:
    until = projected_until()
    return [
        Node(pk, parent_id, name, kind, path, sector, _shown(until, *told))
        for pk, parent_id, name, kind, path, sector, *told in rows
    ]


@prepared
def _nodes(viewer: Viewer, path: str | None, *, kind: str) -> QuerySet[Place, Any]:
    return _as_nodes(viewer, Q() if path is None else inside(path, kind))


@prepared
def _of_ids(viewer: Viewer, place_ids: Collection[int]) -> QuerySet[Place, Any]:
    return _as_nodes(viewer, Q(pk__in=place_ids))


@prepared
def _upper(viewer: Viewer, tops: Collection[int], *, steps: int) -> QuerySet[Place, Any]:
    """Some places and those not further than some steps below them, found by way of their parents."""
    wanted = Q(pk__in=tops)
    above: Any = tops
    for _ in range(steps):
        wanted |= Q(parent__in=above)
        above = Place.objects.filter(parent__in=above).values("pk")
    return _as_nodes(viewer, wanted)


def _as_nodes(viewer: Viewer, which: Q) -> QuerySet[Place, Any]:
    rows = Place.objects.filter(viewer.scope("place.view"), which, retired=None).order_by("path")
    return rows.values_list("pk", "parent_id", "name", "kind", "path", "sector", *_READ)


def recent_changes(viewer: Viewer, since: datetime, limit: int = 50, until: datetime | None = None) -> list[Change]:
    """Changes of shown colours since then (and not after ``until``), newest first, in one query."""
    return told(viewer, _recent(viewer, since, until, limit=limit))


@prepared
def _recent(viewer: Viewer, since: datetime, until: datetime | None, *, limit: int) -> QuerySet[LevelChange]:
    rows = LevelChange.objects.filter(viewer.scope("place.view", "place__"), at__gte=since)
    if until is not None:
        rows = rows.filter(at__lte=until)
    return _with_causes(rows.order_by("-at", "-pk"))[:limit]


def history(viewer: Viewer, place_id: int, start: datetime, end: datetime) -> list[Change]:
    """How a place's colour changed from ``start`` to ``end``, oldest first, led by the change in force at ``start``."""
    if not Place.objects.filter(viewer.scope("place.view"), pk=place_id).exists():
        raise NotInScope
    rows = LevelChange.objects.filter(place=place_id)
    led_by = rows.filter(at__lt=start).order_by("-at", "-pk").values("pk")[:1]
    within = Q(at__gte=start, at__lt=end) | Q(pk__in=list(led_by.values_list("pk", flat=True)))
    return told(viewer, _with_causes(rows.filter(within).order_by("at", "pk")))


def projected_until() -> datetime:
    """Up to when the projector has folded facts; what is shown is right as of then."""
    said = projector_says().get("as_of")
    return datetime.fromisoformat(said) if said else _LONG_AGO


def projector_says() -> dict[str, Any]:
    """The projector's last report; empty where none ever ran."""
    return next(iter(_projector()), {})


@prepared
def _projector() -> QuerySet[Heartbeat, Any]:
    return Heartbeat.objects.filter(part="projector").values_list("detail", flat=True)


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
    told = (row.level, row.since, row.points, row.enterprises, row.as_of) if row else (None,) * 5
    return _shown(until, *told)


def _shown(until: datetime, level: Any, since: Any, points: Any, enterprises: Any, as_of: Any) -> Shown:
    """By the columns of a :class:`PlaceLevel`; None where nothing was ever shown."""
    if level is None:
        return Shown(Level.UNKNOWN, None, _NONE, _NONE, until)
    return Shown(Level(level), since, tuple(points), tuple(enterprises), max(as_of, until))


def _tops(viewer: Viewer) -> list[int]:
    """The uppermost of the places where the viewer may look."""
    held = {scope.path for scope in viewer.scopes if "place.view" in scope.capabilities}
    if "" in held:
        return list(Place.objects.filter(parent=None).values_list("pk", flat=True))
    least = min(map(len, held), default=0)
    return [paths.ancestor_ids(path)[-1] for path in held if len(path) == least]


def changes(viewer: Viewer) -> QuerySet[LevelChange]:
    """Every change of a colour that the viewer may see, with its place; :func:`told` says them."""
    rows = LevelChange.objects.filter(viewer.scope("place.view", "place__"))
    return rows.select_related("place__shown", "cause__place").defer("place__geometry", "cause__place__geometry")


def told(viewer: Viewer, rows: Iterable[LevelChange]) -> list[Change]:
    """Changes with their reasons, as far as the viewer may read these."""
    readable = viewer.test("fact.view")
    return [_change(row, readable=_may_read(row, readable)) for row in rows]


def _with_causes(rows: QuerySet[LevelChange]) -> QuerySet[LevelChange]:
    return rows.select_related("place", "cause__place").defer("place__geometry", "cause__place__geometry")


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
