"""Scenarios of a place that is merged into another go over."""

from anlan.apps.consequences.models import Scenario
from anlan.apps.core.actions import Entry, audit_many
from anlan.kit.merging import Share, register


def take_over(actor: int | None, gone: int, kept: int) -> None:
    """Put the scenarios of one place at the other."""
    moved = list(Scenario.objects.filter(place_id=gone).values_list("pk", flat=True))
    Scenario.objects.filter(pk__in=moved).update(place_id=kept)
    detail = {"changed": {"place_id": [gone, kept]}}
    audit_many(Entry(actor, "scenario.edit", kept, f"scenario:{one}", detail) for one in moved)


def count(gone: int) -> list[tuple[str, int]]:
    """What goes over."""
    return [("事故情景", Scenario.objects.filter(place_id=gone).count())]


def join() -> None:
    """Have scenarios take part in merges."""
    register(Share("consequences", frozenset({"consequences.Scenario"}), take_over, count))
