"""Alarms as lists show them: an outer limit hides the inner one, a silent source is one line."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from pydantic import Field

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.ledger.selectors import PlaceRef
from anlan.apps.monitoring.choices import Limit
from anlan.apps.monitoring.models import Alarm, AlarmNote
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.kit.lookups import inside
from anlan.kit.prepared import prepared
from anlan.rules import alarms as rules
from anlan.rules import paths
from anlan.rules.levels import Level

LONGEST_LIST = 500

#: How much was said about an alarm; counted beside the rows, for grouping them by all their columns costs more.
_COMMENTS = Coalesce(
    Subquery(
        AlarmNote.objects.filter(alarm=OuterRef("pk")).order_by().values("alarm").annotate(n=Count("pk")).values("n")
    ),
    0,
)

#: What a row of a list is made of.
_READ = (
    "pk", "limit", "state", "level", "raised", "raised_value", "limit_value", "cleared", "due", "historic",
    "recorded", "acknowledged", "acknowledged_by__name", "comments", "tag_id", "tag__name", "tag__unit",
    "tag__decimals", "tag__place_id", "tag__place__path", "tag__place__sector", "tag__source_id", "tag__source__name",
    "tag__source__place__path", "tag__source__place__sector",
)  # fmt: skip


@dataclass(frozen=True)
class AlarmRow:
    """One alarm. ``folded`` more MISSING alarms of the same silent source stand behind it."""

    alarm_id: int
    level: Level
    place: tuple[PlaceRef, ...]  # from the top, as far as the viewer may see, the alarm's own place last
    tag_id: int
    tag_name: str
    unit: str
    decimals: int
    limit: str
    limit_value: float | None
    value: float | None
    raised: datetime
    cleared: datetime | None
    deadline: datetime | None
    state: str
    historic: bool
    acknowledged_by: str
    acknowledged_at: datetime | None
    comments: int
    source_name: Annotated[str, Field(exclude=True)]  # '' for who may not read there; no answer of the API tells it
    folded: int
    may_acknowledge: bool


@dataclass(frozen=True)
class NoteLine:
    """What somebody said about an alarm."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True)
class AlarmDetail:
    row: AlarmRow
    notes: tuple[NoteLine, ...]
    recorded: datetime
    also: tuple[AlarmRow, ...]  # other open alarms of the same tag


@dataclass(frozen=True)
class Queue:
    """The first ``LONGEST_LIST`` rows by deadline, and how many there are."""

    rows: tuple[AlarmRow, ...]
    total: int
    waiting: int  # not yet acknowledged


def in_states(states: Collection[str]) -> Q:
    """Alarms in some states, with a hint to the planner where none of these is over."""
    rare = set(states) <= set(rules.OPEN)
    return Q(**{"state__rarely_in" if rare else "state__in": list(states)})


def duty_queue(viewer: Viewer) -> Queue:
    """What is to be acknowledged, by deadline; then what is acknowledged and still in alarm."""
    rows = tuple(_rows(viewer, _queue(viewer)))
    if len(rows) < LONGEST_LIST:  # all of them
        return Queue(rows, len(rows), sum(row.state in rules.WAITING for row in rows))
    found = _on_screen(viewer, _visible(viewer).filter(in_states(rules.OPEN)))
    counts = found.aggregate(total=Count("pk"), waiting=Count("pk", filter=Q(state__in=rules.WAITING)))
    return Queue(rows, counts["total"], counts["waiting"])


@prepared
def _queue(viewer: Viewer) -> QuerySet[Alarm, Any]:
    found = _on_screen(viewer, _visible(viewer).filter(in_states(rules.OPEN)))
    waits = Case(When(state__in=rules.WAITING, then=0), default=1, output_field=IntegerField())
    ordered = found.annotate(waits=waits).order_by("waits", F("due").asc(nulls_last=True), "-raised", "-pk")
    return _read(ordered)[:LONGEST_LIST]


def alarms(
    viewer: Viewer, at: int | Place | None = None, states: Collection[str] = rules.OPEN, limit: int = LONGEST_LIST
) -> list[AlarmRow]:
    """Alarms at a place and below (None = everywhere the viewer may look), newest first."""
    place = None if at is None else core.place(viewer, at)
    path, kind = (place.path, place.kind) if place else (None, "")
    return _rows(viewer, _newest(viewer, path, kind=kind, states=tuple(states), limit=limit))


@prepared
def _newest(
    viewer: Viewer, path: str | None, *, kind: str, states: tuple[str, ...], limit: int
) -> QuerySet[Alarm, Any]:
    found = _visible(viewer).filter(in_states(states))
    if path is not None:
        found = found.filter(inside(path, kind, "tag__place__"))
    return _read(_on_screen(viewer, found).order_by("-raised", "-pk"))[:limit]


def open_alarm_ids(viewer: Viewer, place_id: int) -> list[int]:
    """Ids of the alarms of a place and below that are not over, as lists show them, the oldest first."""
    place = core.place(viewer, place_id)
    here = _visible(viewer).filter(inside(place.path, place.kind, "tag__place__"))
    found = _on_screen(viewer, here.filter(in_states(rules.OPEN)))
    return list(found.order_by("pk").values_list("pk", flat=True))


def alarms_by_id(viewer: Viewer, alarm_ids: Collection[int]) -> list[AlarmRow]:
    """Those of some alarms that the viewer may see, in any state, the oldest first."""
    return _rows(viewer, _of_ids(viewer, alarm_ids))


@prepared
def _of_ids(viewer: Viewer, alarm_ids: Collection[int]) -> QuerySet[Alarm, Any]:
    return _read(_visible(viewer).filter(pk__in=alarm_ids).order_by("pk"))


def alarm(viewer: Viewer, alarm_id: int) -> AlarmDetail:
    """One alarm with what was said about it."""
    found = _of_ids(viewer, [alarm_id])
    rows = _rows(viewer, found)
    if not rows:
        raise NotInScope
    notes = tuple(NoteLine(*told) for told in _notes(alarm_id))
    others = _rows(viewer, _others(viewer, rows[0].tag_id, alarm_id))
    return AlarmDetail(rows[0], notes, found[0].recorded, tuple(others))


@prepared
def _notes(alarm_id: int) -> QuerySet[AlarmNote, Any]:
    return AlarmNote.objects.filter(alarm_id=alarm_id).order_by("at", "pk").values_list("at", "by__name", "text")


@prepared
def _others(viewer: Viewer, tag_id: int, but: int) -> QuerySet[Alarm, Any]:
    found = _visible(viewer).filter(tag_id=tag_id, state__rarely_in=rules.OPEN).exclude(pk=but)
    return _read(found.order_by("-raised"))


def alarms_of(
    viewer: Viewer, tag_ids: Collection[int], start: datetime, end: datetime, limit: int = LONGEST_LIST
) -> list[AlarmRow]:
    """The alarms of some tags that lasted into the time from ``start`` to ``end``, newest first."""
    lasted = Q(cleared=None) | Q(cleared__gt=start)
    found = _visible(viewer).filter(lasted, tag__in=list(tag_ids), raised__lt=end)
    return _rows(viewer, _read(found.order_by("-raised", "-pk"))[:limit])


def notes_of(viewer: Viewer, alarm_ids: Collection[int]) -> dict[int, list[NoteLine]]:
    """What was said about each of the alarms that the viewer may read, oldest first."""
    seen = _visible(viewer).filter(pk__in=list(alarm_ids)).values("pk")
    found: dict[int, list[NoteLine]] = {}
    for note in AlarmNote.objects.filter(alarm__in=seen).select_related("by").order_by("at", "pk"):
        found.setdefault(note.alarm_id, []).append(NoteLine(note.at, note.by.name, note.text))
    return found


def active_by_tag(tag_ids: Sequence[int]) -> dict[int, tuple[int, str, Level]]:
    """The alarm that a tag shows: (alarm id, limit, level), outer limit before inner. The caller has checked grants."""
    shown: dict[int, tuple[int, str, Level]] = {}
    for tag_id, alarm_id, limit, level in _active(tag_ids):
        shown.setdefault(tag_id, (alarm_id, Limit(limit).name, Level(level)))
    return shown


@prepared
def _active(tag_ids: Sequence[int]) -> QuerySet[Alarm, Any]:
    rows = Alarm.objects.filter(tag_id__in=tag_ids, cleared=None).order_by("tag_id", _prominence(), "pk")
    return rows.values_list("tag_id", "pk", "limit", "level")


def _prominence() -> Case:
    order = (Limit.HH, Limit.LL, Limit.H, Limit.L, Limit.MISSING)
    return Case(*(When(limit=limit, then=place) for place, limit in enumerate(order)), output_field=IntegerField())


def _visible(viewer: Viewer) -> QuerySet[Alarm]:
    return Alarm.objects.filter(viewer.scope("alarm.view", "tag__place__"))


def _on_screen(viewer: Viewer, found: QuerySet[Alarm]) -> QuerySet[Alarm]:
    """Without inner limits while the outer one is in alarm, and with one line for a silent source."""
    active = Alarm.objects.filter(cleared=None)
    for inner, outer in rules.ECLIPSED_BY.items():
        over = active.filter(tag=OuterRef("tag"), limit=Limit[outer])
        found = found.exclude(Q(limit=Limit[inner]) & Exists(over))
    first = active.filter(
        viewer.scope("alarm.view", "tag__place__"),
        limit=Limit.MISSING,
        tag__source=OuterRef("tag__source"),
        pk__lt=OuterRef("pk"),
    )
    lost = Q(limit=Limit.MISSING, cleared=None, tag__source__lost_since__isnull=False)
    return found.exclude(lost & Exists(first))


def _read(found: QuerySet[Alarm]) -> QuerySet[Alarm, Any]:
    """What :func:`_rows` wants to know, column by column: five models a row take four times as long."""
    return found.annotate(comments=_COMMENTS).values_list(*_READ, named=True)


def _rows(viewer: Viewer, found: Iterable[Any]) -> list[AlarmRow]:
    """The alarms that were read, as lists show them."""
    rows = list(found)
    if not rows:
        return []
    ways = _ways(viewer, {row.tag__place_id: row.tag__place__path for row in rows})
    lost = {row.tag__source_id for row in rows if _hides(row)}
    folded = _folded(viewer, lost) if lost else {}
    return [_row(row, ways[row.tag__place_id], folded, viewer) for row in rows]


def _hides(row: Any) -> bool:
    """Whether other alarms of the same silent source may stand behind it."""
    return row.limit == Limit.MISSING and row.cleared is None


def _row(row: Any, way: tuple[PlaceRef, ...], folded: dict[int, int], viewer: Viewer) -> AlarmRow:
    may = viewer.may("alarm.acknowledge", row.tag__place__path, row.tag__place__sector)
    knows = viewer.may("tag.view", row.tag__source__place__path, row.tag__source__place__sector)
    return AlarmRow(
        alarm_id=row.pk,
        level=Level(row.level),
        place=way,
        tag_id=row.tag_id,
        tag_name=row.tag__name,
        unit=row.tag__unit,
        decimals=row.tag__decimals,
        limit=Limit(row.limit).name,
        limit_value=row.limit_value,
        value=row.raised_value,
        raised=row.raised,
        cleared=row.cleared,
        deadline=row.due if row.state in rules.WAITING else None,
        state=row.state,
        historic=row.historic,
        acknowledged_by=row.acknowledged_by__name or "",
        acknowledged_at=row.acknowledged,
        comments=row.comments,
        source_name=row.tag__source__name if knows else "",
        folded=folded.get(row.tag__source_id, 0) if _hides(row) else 0,
        may_acknowledge=may and rules.may_acknowledge(row.state) is None,
    )


def _folded(viewer: Viewer, source_ids: Collection[int]) -> dict[int, int]:
    """How many alarms of each silent source stand behind its one line."""
    lost = _visible(viewer).filter(
        limit=Limit.MISSING, cleared=None, tag__source__in=source_ids, tag__source__lost_since__isnull=False
    )
    counted = lost.order_by().values_list("tag__source").annotate(n=Count("pk"))
    return {source_id: n - 1 for source_id, n in counted}


def _ways(viewer: Viewer, below: Mapping[int, str]) -> dict[int, tuple[PlaceRef, ...]]:
    """For each place (id → path): itself and the places above it that the viewer may see, from the top."""
    steps = {pk: paths.ancestor_ids(path) for pk, path in below.items()}
    seen = core.names(viewer, {step for way in steps.values() for step in way})
    refs = {place_id: PlaceRef(place_id, name, kind, visible=True) for place_id, name, kind in seen}
    return {pk: tuple(refs[step] for step in way if step in refs) for pk, way in steps.items()}
