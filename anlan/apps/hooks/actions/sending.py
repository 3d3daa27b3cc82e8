"""Sending what waits: hook by hook in the order of events, each by one sender at a time; failures are tried again."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import orjson
from django.db import close_old_connections, connection, transaction
from django.db.models import Case, IntegerField, Q, When

from anlan.apps.hooks import selectors, transport
from anlan.apps.hooks.actions.feeding import pause
from anlan.apps.hooks.choices import TEST, DeliveryState
from anlan.apps.hooks.models import Delivery, WebHook
from anlan.kit import clock
from anlan.kit.events import readable
from anlan.kit.secrets import unseal_for_system
from anlan.rules import hooks as rules

AT_ONCE = 20  # events sent to one hook before the next has its turn
LEASE = timedelta(seconds=2 * AT_ONCE * transport.WITHIN_S)
KEPT = timedelta(days=14)


def send_due(pool: ThreadPoolExecutor | None = None) -> int:
    """Send to every hook that has something waiting; returns how many events were tried."""
    hook_ids = list(selectors.due(clock.now()).values_list("pk", flat=True))
    if pool is None:
        return sum(_serve(hook_id) for hook_id in hook_ids)
    return sum(pool.map(_serve_in_thread, hook_ids))


def tidy() -> None:
    """Drop deliveries that were done with long ago."""
    over = Delivery.objects.exclude(state=DeliveryState.WAITING)
    over.filter(created__lt=clock.now() - KEPT).delete()


def _serve_in_thread(hook_id: int) -> int:
    close_old_connections()
    try:
        return _serve(hook_id)
    finally:
        connection.close()


def _serve(hook_id: int) -> int:
    """Send what waits for one hook, unless another sender has it."""
    hook = _claim(hook_id)
    if hook is None:
        return 0
    tried = 0
    try:
        for delivery in _waiting(hook):
            tried += 1
            if not _try(hook, delivery):
                break  # what comes after would overtake it, and the receiver may need a rest
    finally:
        rest = clock.now() + rules.rest(hook.failures) if hook.failures else None
        WebHook.objects.filter(pk=hook_id).update(busy_until=rest)
    return tried


def _claim(hook_id: int) -> WebHook | None:
    now = clock.now()
    free = Q(busy_until=None) | Q(busy_until__lte=now)
    if not WebHook.objects.filter(free, pk=hook_id, paused=None, removed=None).update(busy_until=now + LEASE):
        return None
    return WebHook.objects.select_related("owner", "place").get(pk=hook_id)


def _waiting(hook: WebHook) -> Sequence[Delivery]:
    due = Delivery.objects.filter(hook=hook, state=DeliveryState.WAITING, due__lte=clock.now())
    tests_first = Case(When(event=TEST, then=0), default=1, output_field=IntegerField())
    return list(due.select_related("place").order_by(tests_first, "pk")[:AT_ONCE])


def _try(hook: WebHook, delivery: Delivery) -> bool:
    """One attempt. Whether the owner may see it is asked again: grants end while events wait."""
    allowed = _still_allowed(hook, delivery)
    if allowed is None:
        delivery.state, delivery.answer = DeliveryState.WITHHELD, ""
        delivery.save(update_fields=["state", "answer"])
        return True
    delivery.body, body = allowed, allowed.encode()
    moment = int(clock.now().timestamp())
    headers = {
        "Anlan-Event": delivery.event,
        "Anlan-Event-Id": delivery.event_id,
        "Anlan-Signature": transport.signed(unseal_for_system(hook.secret), body, moment),
    }
    answer = transport.post(hook.url, body, headers)
    _note(hook, delivery, answer)
    return answer.arrived


def _still_allowed(hook: WebHook, delivery: Delivery) -> str | None:
    """The body as far as the owner may read it now; None for nothing."""
    if delivery.event == TEST:
        return delivery.body if hook.owner.is_active else None
    told, place = orjson.loads(delivery.body), delivery.place
    if place is None:
        return None
    topic = delivery.event.partition(".")[0]
    data = readable(selectors.viewer_of_hook(hook), topic, place.path, place.sector, told["data"])
    return None if data is None else orjson.dumps({**told, "data": data}).decode()


def _note(hook: WebHook, delivery: Delivery, answer: transport.Answer) -> None:
    now = clock.now()
    with transaction.atomic():
        delivery.attempts += 1
        delivery.tried, delivery.status, delivery.took_ms = now, answer.status, answer.took_ms
        delivery.answer = answer.text
        hook.failures = 0 if answer.arrived else hook.failures + 1
        wait = rules.next_try(delivery.attempts)
        if answer.arrived:
            delivery.state = DeliveryState.DONE
        elif wait is None or delivery.event == TEST:
            delivery.state = DeliveryState.FAILED
        else:
            delivery.due = now + wait
        delivery.save()
        WebHook.objects.filter(pk=hook.pk).update(failures=hook.failures)
    if hook.failures >= rules.MOST_FAILURES:
        pause(hook, f"连续 {hook.failures} 次发送失败")
