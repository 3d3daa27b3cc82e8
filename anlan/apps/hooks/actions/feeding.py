"""Handing events to hooks: each row of the outbox once, in its order, to whom it concerns and may see it now."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction

from anlan.apps.core.actions import notify
from anlan.apps.core.models import Outbox, Place
from anlan.apps.core.selectors import newest_event
from anlan.apps.hooks import selectors
from anlan.apps.hooks.actions.keeping import body_of
from anlan.apps.hooks.choices import DeliveryState
from anlan.apps.hooks.models import Delivery, Feed, WebHook
from anlan.kit import clock
from anlan.kit.events import readable
from anlan.kit.grants import Viewer
from anlan.kit.tail import Tail
from anlan.rules import hooks as rules


class Feeder:
    """Used by the leading worker. Where it stopped is kept, so that the next one goes on there; twice does nothing."""

    def __init__(self) -> None:
        rows = Outbox.objects.select_related("place").defer("place__geometry")  # all: a topic left out would be a gap
        kept = selectors.fed_until()
        self._tail: Tail[Outbox] = Tail(rows, after=newest_event() if kept is None else kept)
        self._kept = kept

    def tick(self) -> int:
        """Hand over what came since the last time; returns for how many hooks and events."""
        if not self._tail.gaps and newest_event() == self._tail.high:
            return 0
        rows = self._tail.poll()
        hooks = selectors.listening() if rows else []
        with transaction.atomic():
            made = _deliveries(rows, hooks) if hooks else []
            Delivery.objects.bulk_create(made, ignore_conflicts=True)
            self._keep()
        if made:
            _pause_the_late(hooks)
        return len(made)

    def _keep(self) -> None:
        until = self._tail.low_water
        if until != self._kept:
            Feed.objects.update_or_create(pk=selectors.FEED, defaults={"after": until})
            self._kept = until


_PAST = {"raise": "raised", "clear": "cleared"}


def event_of(row: Outbox) -> str:
    """The event that a row of the outbox is: ``alarm.raised``. A level whose counts alone changed is none."""
    if row.topic == "level":
        return "level.changed" if row.payload.get("before") != row.payload.get("after") else ""
    happened = str(row.payload.get("event", ""))
    return f"{row.topic}.{_PAST.get(happened, happened)}"


def _deliveries(rows: Sequence[Outbox], hooks: Sequence[WebHook]) -> list[Delivery]:
    viewers = [(hook, selectors.viewer_of_hook(hook)) for hook in hooks]
    return [one for row in rows if row.place is not None for one in _of_row(row, row.place, viewers)]


def _of_row(row: Outbox, place: Place, viewers: Sequence[tuple[WebHook, Viewer]]) -> Iterator[Delivery]:
    event = event_of(row)
    told = {"id": place.pk, "name": place.name, "kind": place.kind, "code": place.code}
    for hook, viewer in viewers:
        data: Any = readable(viewer, row.topic, place.path, place.sector, row.payload) if event in hook.events else None
        if data is not None:
            event_id = f"{row.topic}-{row.pk}"
            body = body_of(event_id, event, row.at.isoformat(), data, told)
            yield Delivery(hook=hook, event_id=event_id, event=event, place=place, body=body)


def _pause_the_late(hooks: Sequence[WebHook]) -> None:
    for hook in hooks:
        waiting = Delivery.objects.filter(hook=hook, state=DeliveryState.WAITING).count()
        if waiting > rules.MOST_WAITING:
            pause(hook, f"积压超过 {rules.MOST_WAITING} 条")


def pause(hook: WebHook, why: str) -> None:
    """Stop sending to a receiver that does not take it, and tell the owner."""
    now = clock.now()
    with transaction.atomic():
        if WebHook.objects.filter(pk=hook.pk, paused=None).update(paused=now, paused_why=why[:200]):
            text = f"事件推送“{hook.name}”已自动暂停：{why}。"
            notify([hook.owner_id], text[:300], f"/account/hooks/{hook.pk}", f"hook:{hook.pk}:{now.timestamp():.0f}")
