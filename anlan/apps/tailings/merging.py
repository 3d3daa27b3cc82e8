"""Ponds of a place that is merged into another go over."""

from anlan.apps.core.actions import Entry, audit_many
from anlan.apps.tailings.models import Pond
from anlan.kit.merging import Share, register


def take_over(actor: int | None, gone: int, kept: int) -> None:
    """Put the ponds of one place at the other."""
    moved = list(Pond.objects.filter(place_id=gone).values_list("pk", flat=True))
    Pond.objects.filter(pk__in=moved).update(place_id=kept)
    detail = {"changed": {"place_id": [gone, kept]}}
    audit_many(Entry(actor, "pond.edit", kept, f"pond:{one}", detail) for one in moved)


def count(gone: int) -> list[tuple[str, int]]:
    """What goes over."""
    return [("尾矿库", Pond.objects.filter(place_id=gone).count())]


def join() -> None:
    """Have ponds take part in merges."""
    register(Share("tailings", frozenset({"tailings.Pond"}), take_over, count))
