"""When places are merged, hooks that look at the one that goes look at the one that stays."""

from collections.abc import Iterable

from anlan.apps.hooks.models import Delivery, WebHook
from anlan.kit import merging


def register() -> None:
    tables = frozenset({"hooks.WebHook", "hooks.Delivery"})
    merging.register(merging.Share("hooks", tables, _take_over, _count))


def _take_over(by: int | None, gone: int, kept: int) -> None:
    WebHook.objects.filter(place=gone).update(place=kept)
    Delivery.objects.filter(place=gone).update(place=kept)


def _count(gone: int) -> Iterable[tuple[str, int]]:
    yield "事件推送", WebHook.objects.filter(place=gone, removed=None).count()
