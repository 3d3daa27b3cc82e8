"""What people do with their hooks."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

import orjson
from django.db import transaction
from django.utils.translation import gettext

from anlan.apps.core import selectors as core
from anlan.apps.core.actions import audit
from anlan.apps.hooks import selectors
from anlan.apps.hooks.choices import TEST, DeliveryState, Event
from anlan.apps.hooks.models import Delivery, WebHook
from anlan.apps.hooks.transport import look_up
from anlan.kit import clock
from anlan.kit.errors import NotInScope, Refused, TokenRefused, check
from anlan.kit.grants import Viewer
from anlan.kit.secrets import seal_for_system
from anlan.rules import hooks as rules
from anlan.rules.refusal import Refusal

MARK = "anlanhook_"


@dataclass(frozen=True)
class HookSpec:
    """A hook to be. Without a place: wherever the owner may look."""

    name: str
    url: str
    events: Collection[str]
    place_id: int | None = None


class HookChanges(TypedDict, total=False):
    name: str
    url: str
    events: Collection[str]
    place_id: int | None


def add_hook(viewer: Viewer, spec: HookSpec) -> tuple[WebHook, str]:
    """Add a hook; the secret that signs what it sends is shown this once."""
    secret = _new_secret()
    _refuse_narrowed(viewer)
    place = core.place(viewer, spec.place_id) if spec.place_id is not None else None
    look_up(spec.url)  # before the transaction: it may take a while
    with transaction.atomic():
        others = selectors.hooks(viewer).count()
        check(rules.may_have(spec.name, spec.events, Event.values, others))
        hook = WebHook.objects.create(
            owner_id=_owner(viewer),
            name=spec.name.strip()[:80],
            url=spec.url,
            secret=seal_for_system(secret),
            events=sorted(set(spec.events)),
            place=place,
        )
        _record(viewer, "hook.add", hook)
    return hook, secret


def edit_hook(viewer: Viewer, hook_id: int, **changes: Unpack[HookChanges]) -> WebHook:
    """Change what is given."""
    _refuse_narrowed(viewer)
    if "url" in changes:
        look_up(changes["url"])
    with transaction.atomic():
        hook = _mine(viewer, hook_id)
        hook.name = changes.get("name", hook.name).strip()[:80]
        hook.url = changes.get("url", hook.url)
        hook.events = sorted(set(changes.get("events", hook.events)))
        if "place_id" in changes:
            place_id = changes["place_id"]
            hook.place = core.place(viewer, place_id) if place_id is not None else None
        check(rules.may_have(hook.name, hook.events, Event.values, 0))
        hook.save(update_fields=["name", "url", "events", "place"])
        _record(viewer, "hook.edit", hook)
    return hook


def pause_hook(viewer: Viewer, hook_id: int) -> WebHook:
    """Send nothing until it is resumed. What happens meanwhile is not sent later; what waits stays."""
    with transaction.atomic():
        hook = _mine(viewer, hook_id)
        if hook.paused is None:
            hook.paused, hook.paused_why = clock.now(), ""
            hook.save(update_fields=["paused", "paused_why"])
            _record(viewer, "hook.pause", hook)
    return hook


def resume_hook(viewer: Viewer, hook_id: int) -> WebHook:
    """Go on, beginning with what still waits."""
    with transaction.atomic():
        hook = _mine(viewer, hook_id)
        if hook.paused is not None:
            hook.paused, hook.paused_why, hook.failures = None, "", 0
            hook.busy_until = None
            hook.save(update_fields=["paused", "paused_why", "failures", "busy_until"])
            Delivery.objects.filter(hook=hook, state=DeliveryState.WAITING).update(due=clock.now())
            _record(viewer, "hook.resume", hook)
    return hook


def remove_hook(viewer: Viewer, hook_id: int) -> None:
    """Send nothing any more. What waits is dropped."""
    with transaction.atomic():
        hook = _mine(viewer, hook_id)
        hook.removed = clock.now()
        hook.save(update_fields=["removed"])
        Delivery.objects.filter(hook=hook, state=DeliveryState.WAITING).delete()
        _record(viewer, "hook.remove", hook)


def renew_secret(viewer: Viewer, hook_id: int) -> str:
    """A new secret, shown this once; what is sent from now on is signed with it."""
    secret = _new_secret()
    _refuse_narrowed(viewer)
    with transaction.atomic():
        hook = _mine(viewer, hook_id)
        hook.secret = seal_for_system(secret)
        hook.save(update_fields=["secret"])
        _record(viewer, "hook.renew_secret", hook)
    return secret


def send_test(viewer: Viewer, hook_id: int) -> Delivery:
    """Have a harmless event sent now, to see whether it arrives."""
    with transaction.atomic():
        hook = _mine(viewer, hook_id)
        if hook.paused is not None:
            raise Refused(Refusal("hook.paused", "该推送已暂停。", "请先恢复推送。"))
        now = clock.now()
        event_id = f"test-{hook.pk}-{now.timestamp():.6f}"
        data = {"message": gettext("这是一条测试消息。")}
        body = body_of(event_id, TEST, now.isoformat(), data)
        delivery = Delivery.objects.create(hook=hook, event_id=event_id, event=TEST, body=body, due=now)
        _wake(hook)
        _record(viewer, "hook.test", hook)
    return delivery


def resend(viewer: Viewer, hook_id: int, delivery_id: int) -> Delivery:
    """Send an event once more, with the same id, whatever became of it."""
    with transaction.atomic():
        delivery = selectors.delivery(viewer, hook_id, delivery_id)
        delivery.state, delivery.attempts, delivery.due = DeliveryState.WAITING, 0, clock.now()
        delivery.save(update_fields=["state", "attempts", "due"])
        _wake(delivery.hook)
        _record(viewer, "hook.resend", delivery.hook, event=delivery.event_id)
    return delivery


def body_of(event_id: str, event: str, created: str, data: Any, place: Any = None) -> str:
    """What is sent, as text: this very text is signed."""
    told = {"id": event_id, "type": event, "created": created, "place": place, "data": data}
    return orjson.dumps(told).decode()


def _mine(viewer: Viewer, hook_id: int) -> WebHook:
    selectors.hook(viewer, hook_id)
    return WebHook.objects.select_for_update().get(pk=hook_id)


def _wake(hook: WebHook) -> None:
    """Somebody wants to see it happen: end the rest after failures."""
    WebHook.objects.filter(pk=hook.pk, failures__gt=0).update(busy_until=None)


def _owner(viewer: Viewer) -> int:
    if viewer.person_id is None:
        raise NotInScope
    return viewer.person_id


def _refuse_narrowed(viewer: Viewer) -> None:
    """A hook tells what its owner may see; a token that lets through less could read more by one."""
    if not viewer.own:
        fix = "请用不限范围的令牌，或登录网页后操作。"
        raise TokenRefused(Refusal("hook.narrow_token", "范围受限的令牌不能管理推送。", fix))


def _record(viewer: Viewer, action: str, hook: WebHook, **detail: object) -> None:
    told = {"name": hook.name, "events": hook.events, **detail}
    audit(viewer.person_id, action, hook.place, f"hook:{hook.pk}", told)


def _new_secret() -> str:
    return MARK + secrets.token_urlsafe(32)
