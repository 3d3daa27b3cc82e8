"""What the keeper of the people does about somebody's sign-in, besides adding, resetting and erasing them."""

from django.db import transaction

from anlan.apps.core.actions.people import person_to_keep
from anlan.apps.core.actions.record import audit, emit, end_sessions, refuse_token
from anlan.apps.core.models import Person, Session
from anlan.kit import clock
from anlan.kit.errors import Refused
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal


def may_keep(viewer: Viewer, person: Person) -> Refusal | None:
    """Whether the viewer may change how a person signs in; why not."""
    try:
        person_to_keep(viewer, person.pk)
    except Refused as refused:
        return refused.refusal
    return None


def sessions_of(viewer: Viewer, person: Person) -> list[Session]:
    """Where a person that the viewer keeps is signed in, newest first."""
    person_to_keep(viewer, person.pk)
    return list(Session.objects.filter(person=person, expire_date__gt=clock.now()).order_by("-since"))


def activate_person(viewer: Viewer, person_id: int) -> Person:
    """Let a person sign in again; whoever was erased stays erased."""
    refuse_token(viewer)
    with transaction.atomic():
        person = person_to_keep(viewer, person_id)
        if person.username == f"erased-{person.pk}":
            fix = "请把此人作为新人员添加。"
            raise Refused(Refusal("person.erased", "此人的个人信息已删除，不能恢复。", fix))
        person.is_active = True
        person.save(update_fields=["is_active"])
        audit(viewer.person_id, "person.activate", None, f"person:{person.pk}")
        emit("grants", None, {"person": person.pk})
    return person


def end_sessions_of(viewer: Viewer, person_id: int) -> int:
    """Sign a person out everywhere; returns from how many devices."""
    refuse_token(viewer)
    with transaction.atomic():
        person = person_to_keep(viewer, person_id)
        ended = end_sessions(person.pk)
        audit(viewer.person_id, "session.end_all", None, f"person:{person.pk}", {"sessions": ended})
        emit("grants", None, {"person": person.pk})
    return ended
