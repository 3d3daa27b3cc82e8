"""What people do about an alarm: acknowledge it, say something about it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from anlan.apps.core.actions import Entry, audit, audit_many, emit_many
from anlan.apps.monitoring.choices import Limit
from anlan.apps.monitoring.models import Alarm, AlarmNote
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, NotInScope, check
from anlan.kit.grants import Viewer
from anlan.rules import alarms as rules

LONGEST_NOTE = 500
MOST_AT_ONCE = 500  # alarms that one word acknowledges


def acknowledge(viewer: Viewer, alarm_id: int, text: str = "") -> Alarm:
    """Say that somebody has seen an alarm, and with it those that the screen folds into it.

    An outer limit stands for the inner one it hides (HH for H), one tag of a silent source for all its tags.
    """
    return acknowledge_all(viewer, [alarm_id], text)[0]


#: What has happened to an alarm that is in this state now.
HAPPENED = {
    rules.UNACKNOWLEDGED: "raised",
    rules.ACKNOWLEDGED: "acknowledged",
    rules.RETURNED: "cleared",
    rules.CLOSED: "closed",
}
COMMENTED = "commented"


def acknowledge_all(viewer: Viewer, alarm_ids: Collection[int], text: str = "") -> list[Alarm]:
    """Several at once, all in scope or none; those that need it no more (somebody was quicker) stay as they are.

    Refused when none of them can be acknowledged. The same words stand at each; each has its own audit row.
    """
    now, wanted = clock.now(), set(alarm_ids)
    check(rules.check_many(len(wanted), MOST_AT_ONCE))
    with transaction.atomic():
        asked = list(_rows(viewer, wanted))
        if len(asked) < len(wanted):
            raise NotInScope
        folded = _folded(viewer, asked)
        ids = wanted.union(*folded.values())
        locked = {one.pk: one for one in _rows(viewer, ids).select_for_update(of=("self",), no_key=True)}
        alarms = [locked[one.pk] for one in asked]
        for alarm in alarms:
            _require(viewer, alarm, "alarm.acknowledge")
        acted = [alarm for alarm in alarms if rules.may_acknowledge(alarm.state) is None]
        if not acted:
            check(rules.may_acknowledge(alarms[0].state))
        if text.strip():
            _notes(viewer, acted, text, now)
        together = [one for one in locked.values() if rules.may_acknowledge(one.state) is None]
        _mark(viewer, together, now)
        changed = {one.pk for one in together}
        audit_many(_entry(viewer, alarm, sorted(changed & set(folded[alarm.pk]))) for alarm in acted)
        announce(together)
    return alarms


def _mark(viewer: Viewer, alarms: list[Alarm], now: datetime) -> None:
    for one in alarms:
        one.state = rules.TRANSITIONS[one.state, rules.ACKNOWLEDGE]
        one.acknowledged, one.acknowledged_by_id = now, viewer.person_id
    Alarm.objects.bulk_update(alarms, ["state", "acknowledged", "acknowledged_by"])


def _entry(viewer: Viewer, alarm: Alarm, also: list[int]) -> Entry:
    detail = {"state": alarm.state, "with": also}
    return Entry(viewer.person_id, "alarm.acknowledge", alarm.tag.place_id, f"alarm:{alarm.pk}", detail)


def comment(viewer: Viewer, alarm_id: int, text: str) -> AlarmNote:
    """Add to what is known about an alarm, in any state."""
    now = clock.now()
    with transaction.atomic():
        alarm = _seen(viewer, alarm_id)
        _require(viewer, alarm, "alarm.comment")
        (note,) = _notes(viewer, [alarm], text, now)
        audit(viewer.person_id, "alarm.comment", alarm.tag.place, f"alarm:{alarm.pk}", {"note": note.pk})
        announce([alarm], COMMENTED)
    return note


def announce(alarms: Iterable[Alarm], happened: str = "") -> None:
    """Append a live event for each alarm; call it in the transaction that changed them."""
    emit_many("alarm", ((alarm.tag.place_id, payload(alarm, happened)) for alarm in alarms))


def payload(alarm: Alarm, happened: str = "") -> dict[str, Any]:
    """What a live event says of an alarm; ``happened`` if it is not what its state says."""
    return {
        "alarm": alarm.pk,
        "event": happened or HAPPENED[alarm.state],
        "tag": alarm.tag_id,
        "place": alarm.tag.place_id,
        "limit": Limit(alarm.limit).name,
        "state": alarm.state,
        "level": alarm.level,
        "raised": alarm.raised.isoformat(),
        "value": alarm.raised_value,
    }


def _rows(viewer: Viewer, alarm_ids: Iterable[int]) -> QuerySet[Alarm]:
    """In the order of their ids, in which everybody locks them."""
    visible = Alarm.objects.filter(viewer.scope("alarm.view", "tag__place__"), pk__in=list(alarm_ids))
    return visible.select_related("tag__place", "tag__source").order_by("pk")


def _seen(viewer: Viewer, alarm_id: int) -> Alarm:
    alarm = _rows(viewer, [alarm_id]).first()
    if alarm is None:
        raise NotInScope
    return alarm


def _require(viewer: Viewer, alarm: Alarm, capability: str) -> None:
    if not viewer.may(capability, alarm.tag.place.path, alarm.tag.place.sector):
        raise NotAllowed(capability)


def _folded(viewer: Viewer, alarms: list[Alarm]) -> dict[int, list[int]]:
    """For each alarm: ids of those that the screen hides behind it and that wait for this viewer's acknowledgement."""
    may = viewer.scope("alarm.acknowledge", "tag__place__")
    waiting = Alarm.objects.filter(may, state__in=rules.WAITING).exclude(pk__in=[alarm.pk for alarm in alarms])
    lost = {alarm.tag.source_id for alarm in alarms if _stands_for_source(alarm)}
    inner = {Limit[outer]: Limit[inner] for inner, outer in rules.ECLIPSED_BY.items()}
    outer = {alarm.tag_id for alarm in alarms if alarm.limit in inner}
    hidden = Q(tag_id__in=outer, limit__in=inner.values())
    silent = Q(tag__source_id__in=lost, limit=Limit.MISSING, cleared=None)
    found = list(waiting.filter(hidden | silent).values_list("pk", "tag_id", "tag__source_id", "limit"))
    return {
        alarm.pk: [
            pk
            for pk, tag_id, source_id, limit in found
            if (tag_id == alarm.tag_id and limit == inner.get(Limit(alarm.limit)))
            or (limit == Limit.MISSING and _stands_for_source(alarm) and source_id == alarm.tag.source_id)
        ]
        for alarm in alarms
    }


def _stands_for_source(alarm: Alarm) -> bool:
    return alarm.limit == Limit.MISSING and alarm.tag.source.lost_since is not None and alarm.cleared is None


def _notes(viewer: Viewer, alarms: list[Alarm], text: str, now: datetime) -> list[AlarmNote]:
    check(rules.check_note(text, LONGEST_NOTE))
    assert viewer.person_id is not None, "only people comment"
    words, by = text.strip(), viewer.person_id
    return AlarmNote.objects.bulk_create(AlarmNote(alarm=alarm, by_id=by, text=words, at=now) for alarm in alarms)
