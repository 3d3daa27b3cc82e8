"""Scenarios, studies and their sources of a place that is merged into another go over."""

from anlan.apps.consequences.models import ParkSource, ParkStudy, Scenario
from anlan.apps.core.actions import Entry, audit_many
from anlan.kit.merging import Share, register


def take_over(actor: int | None, gone: int, kept: int) -> None:
    """Put the scenarios of one place at the other."""
    moved = list(Scenario.objects.filter(place_id=gone).values_list("pk", flat=True))
    Scenario.objects.filter(pk__in=moved).update(place_id=kept)
    detail = {"changed": {"place_id": [gone, kept]}}
    audit_many(Entry(actor, "scenario.edit", kept, f"scenario:{one}", detail) for one in moved)
    studies = list(ParkStudy.objects.filter(place_id=gone).values_list("pk", flat=True))
    ParkStudy.objects.filter(pk__in=studies).update(place_id=kept)
    audit_many(Entry(actor, "park_study.edit", kept, f"park_study:{one}", detail) for one in studies)
    ParkSource.objects.filter(place_id=gone).update(place_id=kept)


def count(gone: int) -> list[tuple[str, int]]:
    """What goes over."""
    return [
        ("事故情景", Scenario.objects.filter(place_id=gone).count()),
        ("定量风险评价", ParkStudy.objects.filter(place_id=gone).count()),
        ("风险源", ParkSource.objects.filter(place_id=gone).count()),
    ]


def join() -> None:
    """Have scenarios take part in merges."""
    models = frozenset({"consequences.Scenario", "consequences.ParkStudy", "consequences.ParkSource"})
    register(Share("consequences", models, take_over, count))
