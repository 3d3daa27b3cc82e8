"""The roster of a place that is merged into another goes over."""

from anlan.apps.core.actions import Entry, audit_many, emit
from anlan.apps.incidents.models import Shift
from anlan.kit.merging import Share, register


def take_over(actor: int | None, gone: int, kept: int) -> None:
    """Put the shifts of one place at the other."""
    moved = list(Shift.objects.filter(place_id=gone).values_list("pk", flat=True))
    Shift.objects.filter(pk__in=moved).update(place_id=kept)
    detail = {"changed": {"place_id": [gone, kept]}}
    audit_many(Entry(actor, "shift.edit", kept, f"shift:{shift}", detail) for shift in moved)
    if moved:
        emit("shift", kept, {"place": kept})


def count(gone: int) -> list[tuple[str, int]]:
    """What goes over."""
    return [("值班班次", Shift.objects.filter(place_id=gone).count())]


def join() -> None:
    """Have shifts take part in merges."""
    register(Share("incidents", frozenset({"incidents.Shift"}), take_over, count))
