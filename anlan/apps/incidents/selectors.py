"""The only reader of shifts: who is on duty, the roster of a week, what was handed over."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Person, Place
from anlan.apps.incidents.models import Shift
from anlan.apps.monitoring import selectors as monitoring
from anlan.kit import clock
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.kit.prepared import prepared
from anlan.packs.families import shifts as pack
from anlan.rules import paths
from anlan.rules import shifts as rules


@dataclass(frozen=True)
class ShiftRow:
    """A shift as pages show it. ``state``: ``coming``, ``due`` (begun, not taken), ``on`` or ``over``."""

    shift_id: int
    place_id: int
    place_name: str
    person_id: int
    person: str
    phone: str
    since: datetime
    until: datetime
    taken: datetime | None
    handed_by: str
    note: str
    carried: tuple[int, ...]
    state: str
    may_take: bool
    may_change: bool


@dataclass(frozen=True)
class Current:
    """Whose turn it is at a place. ``mine``: the shift that the viewer may take over now, with what is open."""

    place: Place
    now: ShiftRow | None
    following: ShiftRow | None
    mine: ShiftRow | None
    carried: int


@dataclass(frozen=True)
class Handover:
    """One handover with as many of its alarms as the viewer may see."""

    shift: ShiftRow
    alarms: tuple[monitoring.AlarmRow, ...]


def current_shift(viewer: Viewer, place: Place) -> Current | None:
    """Who has the desk of a place, or of the nearest place above with a roster; None where the viewer sees none."""
    desk = _desk(viewer, place)
    if desk is None:
        return None
    now = clock.now()
    near = _shifts(viewer).filter(place=desk, until__gt=now - timedelta(days=1), since__lt=now + timedelta(days=2))
    rows = [_row(viewer, shift, now) for shift in near.order_by("since")]
    on = [row for row in rows if row.since <= now < row.until or (row.taken and row.until > now)]
    taken = [row for row in on if row.taken]
    current = (taken or on)[-1] if on else None
    following = next((row for row in rows if row.since >= (current.until if current else now)), None)
    mine = next((row for row in rows if row.may_take), None)
    carried = len(monitoring.open_alarm_ids(viewer, desk.pk)) if mine else 0
    return Current(desk, current, following, mine, carried)


def desks(viewer: Viewer) -> list[Place]:
    """The places with a roster that the viewer may read, and the topmost where they may begin one."""
    found = {place.pk: place for place in (*_rostered(viewer), *_editable(viewer))}
    return sorted(found.values(), key=lambda place: place.path)


@prepared
def _rostered(viewer: Viewer) -> QuerySet[Place]:
    found = core.places(viewer).filter(viewer.scope("alarm.view"), pk__in=Shift.objects.values("place"))
    return found.defer("geometry")


@prepared
def _editable(viewer: Viewer) -> QuerySet[Place]:
    return core.places(viewer).filter(viewer.scope("shift.edit")).order_by("path").defer("geometry")[:1]


def roster(viewer: Viewer, place: Place, start: datetime, end: datetime) -> list[ShiftRow]:
    """The shifts of a place that touch a span of time, in order."""
    now = clock.now()
    found = _shifts(viewer).filter(place=place, since__lt=end, until__gt=start).order_by("since")
    return [_row(viewer, shift, now) for shift in found]


def shift(viewer: Viewer, shift_id: int) -> ShiftRow:
    """One shift. Raises NotInScope."""
    found = _shifts(viewer).filter(pk=shift_id).first()
    if found is None:
        raise NotInScope
    return _row(viewer, found, clock.now())


def handovers(viewer: Viewer, place: Place, before: datetime | None = None, limit: int = 20) -> list[Handover]:
    """The last handovers at a place, newest first."""
    now = clock.now()
    found = _shifts(viewer).filter(place=place, taken__isnull=False)
    if before is not None:
        found = found.filter(taken__lt=before)
    rows = [_row(viewer, shift, now) for shift in found.order_by("-taken")[:limit]]
    known = {alarm.alarm_id: alarm for alarm in monitoring.alarms_by_id(viewer, _ids(rows))}
    return [Handover(row, tuple(known[one] for one in row.carried if one in known)) for row in rows]


def candidates(viewer: Viewer, place: Place) -> QuerySet[Person]:
    """Who can have the desk of a place: those who may acknowledge alarms there. For whoever writes the roster."""
    core.place(viewer, place.pk, "shift.edit")
    return Person.objects.filter(pk__in=core.people_with("alarm.acknowledge", place)).order_by("name", "pk")


def may_roster(viewer: Viewer, place: Place) -> bool:
    return viewer.may("shift.edit", place.path, place.sector)


def terms_of(now: datetime) -> rules.Terms:
    """The pack's terms in the rules' words."""
    known = pack.load(clock.day_of(now))
    return rules.Terms(known.early_minutes, known.longest_hours, known.longest_note, known.weeks_ahead)


def _ids(rows: Iterable[ShiftRow]) -> set[int]:
    return {alarm_id for row in rows for alarm_id in row.carried}


def _desk(viewer: Viewer, place: Place) -> Place | None:
    """The place itself or the nearest above that has a roster."""
    return next(iter(_above(viewer, paths.ancestor_ids(place.path))), None)


@prepared
def _above(viewer: Viewer, place_ids: Collection[int]) -> QuerySet[Place]:
    above = core.places(viewer).filter(viewer.scope("alarm.view"), pk__in=place_ids)
    return above.filter(pk__in=Shift.objects.values("place")).order_by("-path").defer("geometry")[:1]


def _shifts(viewer: Viewer) -> QuerySet[Shift]:
    return Shift.objects.filter(viewer.scope("alarm.view", "place__")).select_related("place", "person", "handed_by")


def _row(viewer: Viewer, shift: Shift, now: datetime) -> ShiftRow:
    mine = shift.person_id == viewer.person_id
    takeable = rules.may_take_over(rules.Span(shift.since, shift.until), shift.taken, now, terms_of(now)) is None
    changeable = rules.may_change(shift.since, shift.taken, now) is None
    return ShiftRow(
        shift_id=shift.pk,
        place_id=shift.place_id,
        place_name=shift.place.name,
        person_id=shift.person_id,
        person=shift.person.name,
        phone=shift.person.phone,
        since=shift.since,
        until=shift.until,
        taken=shift.taken,
        handed_by=shift.handed_by.name if shift.handed_by else "",
        note=shift.note,
        carried=tuple(shift.carried),
        state=_state(shift, now),
        may_take=mine and takeable,
        may_change=changeable and viewer.may("shift.edit", shift.place.path, shift.place.sector),
    )


def _state(shift: Shift, now: datetime) -> str:
    if shift.until <= now:
        return "over"
    if shift.taken:
        return "on"
    return "due" if shift.since <= now else "coming"
