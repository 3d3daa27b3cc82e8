"""The only writer of shifts: the roster, and taking over the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from anlan.apps.core import selectors as core
from anlan.apps.core.actions import Entry, audit, audit_many, emit
from anlan.apps.core.models import Place
from anlan.apps.incidents.models import Shift
from anlan.apps.incidents.selectors import terms_of
from anlan.apps.monitoring import selectors as monitoring
from anlan.kit import clock
from anlan.kit.errors import BadInput, NotAllowed, NotInScope, Refused, check
from anlan.kit.grants import Viewer
from anlan.rules import shifts as rules
from anlan.rules.refusal import Refusal

#: Shifts put on the roster in one transaction.
MOST_AT_ONCE = 400


@dataclass(frozen=True)
class NewShift:
    """A turn to be put on the roster of a place."""

    place_id: int
    person_id: int
    since: datetime
    until: datetime


def add_shifts(viewer: Viewer, new: Sequence[NewShift]) -> list[Shift]:
    """Put shifts on the roster, all or none; a refusal says which of them it is about."""
    if len(new) > MOST_AT_ONCE:
        told = {"count": str(len(new)), "most": str(MOST_AT_ONCE)}
        raise BadInput(Refusal("shift.too_many", "一次排 {count} 个班次，超过 {most} 个。", "请分几次排。", told))
    with transaction.atomic():
        places = {place_id: _roster_of(viewer, place_id) for place_id in sorted({one.place_id for one in new})}
        made = [_add(places[one.place_id], one) for one in sorted(new, key=lambda one: (one.place_id, one.since))]
        audit_many(_entry(viewer, "shift.add", shift) for shift in made)
        for place in places.values():
            emit("shift", place.pk, {"place": place.pk})
    return made


def edit_shift(viewer: Viewer, shift_id: int, *, person_id: int, since: datetime, until: datetime) -> Shift:
    """Give a shift that has not begun to somebody else, or move it."""
    with transaction.atomic():
        shift = _locked(viewer, shift_id, "shift.edit")
        check(rules.may_change(shift.since, shift.taken, clock.now()))
        place = _roster_of(viewer, shift.place_id)
        _check_free(place, rules.Span(since, until), besides=shift.pk)
        before = _told(shift)
        shift.person_id, shift.since, shift.until = _able(place, person_id), since, until
        shift.revision += 1
        shift.save(update_fields=["person", "since", "until", "revision"])
        audit(viewer.person_id, "shift.edit", place, f"shift:{shift.pk}", {"before": before, "after": _told(shift)})
        emit("shift", place.pk, {"place": place.pk})
    return shift


def remove_shift(viewer: Viewer, shift_id: int) -> None:
    """Take a shift that has not begun off the roster."""
    with transaction.atomic():
        shift = _locked(viewer, shift_id, "shift.edit")
        check(rules.may_change(shift.since, shift.taken, clock.now()))
        audit(viewer.person_id, "shift.remove", shift.place, f"shift:{shift.pk}", _told(shift))
        emit("shift", shift.place_id, {"place": shift.place_id})
        shift.delete()


def take_over(viewer: Viewer, shift_id: int, note: str = "") -> Shift:
    """Begin one's shift: what was handed over, by whom, and which alarms were open is kept with it."""
    now, terms = clock.now(), terms_of(clock.now())
    with transaction.atomic():
        shift = _locked(viewer, shift_id, "alarm.view")
        if shift.person_id != viewer.person_id:
            raise Refused(_not_yours(shift))
        check(rules.may_take_over(rules.Span(shift.since, shift.until), shift.taken, now, terms))
        carried = monitoring.open_alarm_ids(viewer, shift.place_id)
        check(rules.check_note(note, len(carried), terms))
        before = Shift.objects.filter(place=shift.place_id, taken__lt=now).order_by("-taken").first()
        shift.taken, shift.note, shift.carried = now, note.strip(), carried
        shift.handed_by_id = before.person_id if before else None
        shift.save(update_fields=["taken", "note", "carried", "handed_by"])
        detail = {"from": shift.handed_by_id, "carried": len(carried)}
        audit(viewer.person_id, "shift.take_over", shift.place, f"shift:{shift.pk}", detail)
        emit("shift", shift.place_id, {"place": shift.place_id, "person": shift.person_id})
    return shift


def _add(place: Place, new: NewShift) -> Shift:
    _check_free(place, rules.Span(new.since, new.until))
    return Shift.objects.create(place=place, person_id=_able(place, new.person_id), since=new.since, until=new.until)


def _check_free(place: Place, span: rules.Span, besides: int = 0) -> None:
    """The shift fits beside those that touch it."""
    near = Shift.objects.filter(place=place, since__lt=span.until, until__gt=span.since).exclude(pk=besides)
    others = [rules.Span(row.since, row.until, row.person.name) for row in near.select_related("person")]
    now = clock.now()
    check(rules.may_roster(span, others, now, terms_of(now)))


def _able(place: Place, person_id: int) -> int:
    """A person who can do what the desk asks: acknowledge alarms there."""
    if person_id not in core.people_with("alarm.acknowledge", place):
        text = "所选的人没有在{place}确认报警的权限，不能值班。"
        raise BadInput(Refusal("shift.not_able", text, "请另选一人，或先授权。", {"place": place.name}))
    return person_id


def _roster_of(viewer: Viewer, place_id: int) -> Place:
    """The place, held against a second roster at the same moment, if the viewer may write its roster."""
    place = core.place(viewer, place_id, "shift.edit")
    return Place.objects.select_for_update(no_key=True).get(pk=place.pk)


def _locked(viewer: Viewer, shift_id: int, capability: str) -> Shift:
    rows = Shift.objects.filter(viewer.scope("alarm.view", "place__"), pk=shift_id)
    shift = rows.select_related("place", "person").select_for_update(of=("self",), no_key=True).first()
    if shift is None:
        raise NotInScope
    if not viewer.may(capability, shift.place.path, shift.place.sector):
        raise NotAllowed(capability)
    return shift


def _not_yours(shift: Shift) -> Refusal:
    told = {"who": shift.person.name}
    return Refusal("shift.not_yours", "这是{who}的班次。", "请由本人接班；换班请先改排班表。", told)


def _told(shift: Shift) -> dict[str, object]:
    return {"person": shift.person_id, "since": shift.since.isoformat(), "until": shift.until.isoformat()}


def _entry(viewer: Viewer, action: str, shift: Shift) -> Entry:
    return Entry(viewer.person_id, action, shift.place_id, f"shift:{shift.pk}", _told(shift))
