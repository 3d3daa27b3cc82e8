"""What every action leaves behind, in its own transaction: an audit row, a live event, a notice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from anlan.apps.core.models import ApiToken, AuditRow, Notice, Outbox, PersonKey, Place, Session
from anlan.kit import clock, secrets
from anlan.kit.errors import TokenRefused
from anlan.kit.grants import Viewer, asking_token
from anlan.rules.refusal import Refusal


def audit(
    actor_id: int | None,
    action: str,
    place: Place | None = None,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditRow:
    """Append one audit row. ``subject`` is ``kind:id``. Personal data enter ``detail`` through :func:`sealed` only."""
    return AuditRow.objects.create(
        actor_id=actor_id, action=action, place=place, subject=subject, detail=_told(detail or {})
    )


@dataclass(frozen=True)
class Entry:
    """An audit row to be."""

    actor_id: int | None
    action: str
    place_id: int | None = None
    subject: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def audit_many(entries: Iterable[Entry]) -> None:
    """Append many audit rows in one statement."""
    AuditRow.objects.bulk_create(
        AuditRow(
            actor_id=entry.actor_id,
            action=entry.action,
            place_id=entry.place_id,
            subject=entry.subject,
            detail=_told(entry.detail),
        )
        for entry in entries
    )


def _told(detail: Mapping[str, Any]) -> dict[str, Any]:
    """What an audit row tells, with the token that asked for it."""
    token = asking_token()
    return dict(detail) if token is None else {**detail, "token": token}


def sealed(person_id: int, text: str) -> str:
    """Personal data of a person as salted ciphertext for an audit row; unreadable for ever once they are erased."""
    key, _ = PersonKey.objects.get_or_create(person_id=person_id, defaults={"wrapped": secrets.new_wrapped_key()})
    return secrets.seal(bytes(key.wrapped), text)


def emit(topic: str, place_id: int | None, payload: Mapping[str, Any]) -> int:
    """Append a live event; returns its id. Call it inside the transaction that causes the event.

    Nobody listens to a simulated time: what happens there has no live event, and no id (0).
    """
    if clock.is_simulated():
        return 0
    return Outbox.objects.create(topic=topic, place_id=place_id, payload=dict(payload)).pk


def emit_many(topic: str, events: Iterable[tuple[int | None, Mapping[str, Any]]]) -> None:
    """Append many live events of one topic, each (place id, payload), in one statement. None in a simulated time."""
    if clock.is_simulated():
        return
    Outbox.objects.bulk_create(Outbox(topic=topic, place_id=place, payload=dict(payload)) for place, payload in events)


def notify(person_ids: Iterable[int], text: str, link: str, key: str) -> None:
    """Send each person a notice, once per ``key``; in a simulated time nobody is there to be told."""
    if clock.is_simulated():
        return
    wanted = set(person_ids)
    with transaction.atomic():
        had = set(Notice.objects.filter(key=key, person_id__in=wanted).values_list("person_id", flat=True))
        rows = [Notice(person_id=person_id, text=text, link=link, key=key) for person_id in sorted(wanted - had)]
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        for row in rows:
            emit("notice", None, {"person": row.person_id, "text": text, "link": link})


def read_notices(viewer: Viewer, notice_ids: Iterable[int]) -> int:
    """Mark the viewer's own notices as read; returns how many were."""
    mine = Notice.objects.filter(person=viewer.oneself, pk__in=list(notice_ids), read=None)
    return mine.update(read=clock.now())


def end_sessions(person_id: int, *, but: SessionBase | None = None) -> int:
    """End a person's sessions, all or all but one; returns how many ended."""
    ended, _ = Session.objects.filter(person_id=person_id).exclude(pk=but.session_key if but else None).delete()
    return ended


def revoke_tokens(person_id: int) -> int:
    """Refuse all tokens of a person from now on: they left, or lost what they signed in with."""
    return ApiToken.objects.filter(person_id=person_id, revoked=None).update(revoked=clock.now())


def refuse_token(viewer: Viewer) -> None:
    """Stop a program from making credentials, for itself or others, that outlive its token."""
    if viewer.token_id is not None:
        fix = "请登录网页后操作。"
        raise TokenRefused(Refusal("token.by_token", "不能用令牌管理令牌、密码和登录。", fix))
