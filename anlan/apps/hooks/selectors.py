"""The only reader of hooks: people see their own, and the worker those that have something to do."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from anlan.apps.core import selectors as core
from anlan.apps.hooks.choices import DeliveryState
from anlan.apps.hooks.models import Delivery, Feed, WebHook
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Narrowing, Viewer

FEED = "outbox"


def hooks(viewer: Viewer) -> QuerySet[WebHook]:
    """The viewer's own hooks, newest first, with how many events wait and failed."""
    mine = WebHook.objects.filter(owner=viewer.oneself, removed=None).select_related("place", "owner")
    if viewer.oneself is None:
        mine = mine.none()
    waiting = Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING))
    failed = Count("deliveries", filter=Q(deliveries__state=DeliveryState.FAILED))
    return mine.annotate(waiting=waiting, failed=failed).order_by("-pk")


def hook(viewer: Viewer, hook_id: int) -> WebHook:
    found = hooks(viewer).filter(pk=hook_id).first()
    if found is None:
        raise NotInScope
    return found


def deliveries(viewer: Viewer, hook_id: int, states: Collection[str] = ()) -> QuerySet[Delivery]:
    """What was and will be sent to a hook, newest first."""
    found = Delivery.objects.filter(hook=hook(viewer, hook_id)).select_related("hook").order_by("-pk")
    return found.filter(state__in=list(states)) if states else found


def delivery(viewer: Viewer, hook_id: int, delivery_id: int) -> Delivery:
    found = deliveries(viewer, hook_id).filter(pk=delivery_id).first()
    if found is None:
        raise NotInScope
    return found


def viewer_of_hook(one: WebHook) -> Viewer:
    """What a hook may tell: what its owner's grants reach now, at the chosen place and below."""
    owner = core.viewer_of(one.owner)
    return owner.narrowed(Narrowing(path=one.place.path)) if one.place else owner


def listening() -> list[WebHook]:
    """Hooks that take events."""
    return list(WebHook.objects.filter(removed=None, paused=None).select_related("owner", "place"))


def due(now: datetime) -> QuerySet[WebHook]:
    """Hooks with something to send now that nobody is sending to."""
    waiting = Delivery.objects.filter(hook=OuterRef("pk"), state=DeliveryState.WAITING, due__lte=now)
    free = Q(busy_until=None) | Q(busy_until__lte=now)
    return WebHook.objects.filter(free, Exists(waiting), removed=None, paused=None).order_by("pk")


def fed_until() -> int | None:
    """Id of the event up to which hooks have had everything; None where none was ever fed."""
    return Feed.objects.filter(pk=FEED).values_list("after", flat=True).first()
