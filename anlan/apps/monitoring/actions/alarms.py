"""What people do about an alarm: acknowledge it, say something about it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from anlan.apps.core.actions import audit, emit_many
from anlan.apps.monitoring.choices import Limit
from anlan.apps.monitoring.models import Alarm, AlarmNote
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, NotInScope, check
from anlan.kit.grants import Viewer
from anlan.rules import alarms as rules

LONGEST_NOTE = 500


def acknowledge(viewer: Viewer, alarm_id: int, text: str = "") -> Alarm:
    """Say that somebody has seen an alarm, and with it those that the screen folds into it.

    An outer limit stands for the inner one it hides (HH for H), one tag of a silent source for all its tags.
    """
    now = clock.now()
    with transaction.atomic():
        ids = [alarm_id, *_folded(viewer, _seen(viewer, alarm_id))]
        locked = {one.pk: one for one in _rows(viewer, ids).select_for_update(of=("self",), no_key=True)}
        alarm = locked[alarm_id]
        _require(viewer, alarm, "alarm.acknowledge")
        check(rules.may_acknowledge(alarm.state))
        if text.strip():
            _note(viewer, alarm, text, now)
        together = [one for one in locked.values() if rules.may_acknowledge(one.state) is None]
        for one in together:
            one.state = rules.TRANSITIONS[one.state, rules.ACKNOWLEDGE]
            one.acknowledged, one.acknowledged_by_id = now, viewer.person_id
        Alarm.objects.bulk_update(together, ["state", "acknowledged", "acknowledged_by"])
        detail = {"state": alarm.state, "with": [one.pk for one in together if one is not alarm]}
        audit(viewer.person_id, "alarm.acknowledge", alarm.tag.place, f"alarm:{alarm.pk}", detail)
        announce(together)
    return alarm


def comment(viewer: Viewer, alarm_id: int, text: str) -> AlarmNote:
    """Add to what is known about an alarm, in any state."""
    now = clock.now()
    with transaction.atomic():
        alarm = _seen(viewer, alarm_id)
        _require(viewer, alarm, "alarm.comment")
        note = _note(viewer, alarm, text, now)
        audit(viewer.person_id, "alarm.comment", alarm.tag.place, f"alarm:{alarm.pk}", {"note": note.pk})
        announce([alarm])
    return note


def announce(alarms: Iterable[Alarm]) -> None:
    """Append a live event for each alarm; call it in the transaction that changed them."""
    emit_many("alarm", ((alarm.tag.place_id, payload(alarm)) for alarm in alarms))


def payload(alarm: Alarm) -> dict[str, Any]:
    """What a live event says of an alarm."""
    return {
        "alarm": alarm.pk,
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


def _folded(viewer: Viewer, alarm: Alarm) -> list[int]:
    """Ids of the alarms that the screen hides behind this one and that wait for an acknowledgement by this viewer."""
    may = viewer.scope("alarm.acknowledge", "tag__place__")
    rows = Alarm.objects.filter(may, state__in=rules.WAITING).exclude(pk=alarm.pk)
    hidden = [Limit[inner] for inner, outer in rules.ECLIPSED_BY.items() if Limit[outer] == alarm.limit]
    if hidden:
        rows = rows.filter(tag_id=alarm.tag_id, limit__in=hidden)
    elif alarm.limit == Limit.MISSING and alarm.tag.source.lost_since and alarm.cleared is None:
        rows = rows.filter(tag__source_id=alarm.tag.source_id, limit=Limit.MISSING, cleared=None)
    else:
        return []
    return list(rows.values_list("pk", flat=True))


def _note(viewer: Viewer, alarm: Alarm, text: str, now: datetime) -> AlarmNote:
    check(rules.check_note(text, LONGEST_NOTE))
    assert viewer.person_id is not None, "only people comment"
    return AlarmNote.objects.create(alarm=alarm, by_id=viewer.person_id, text=text.strip(), at=now)
