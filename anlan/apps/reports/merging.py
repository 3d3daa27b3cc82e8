"""Reports of a place that is merged into another stay findable at the one that is kept."""

from anlan.apps.core.actions import Entry, audit_many
from anlan.apps.reports.models import Report
from anlan.kit.merging import Share, register


def take_over(actor: int | None, gone: int, kept: int) -> None:
    """Put the reports of one place at the other."""
    moved = list(Report.objects.filter(place_id=gone).values_list("pk", flat=True))
    Report.objects.filter(pk__in=moved).update(place_id=kept)
    detail = {"changed": {"place_id": [gone, kept]}}
    audit_many(Entry(actor, "report.edit", kept, f"report:{one}", detail) for one in moved)


def count(gone: int) -> list[tuple[str, int]]:
    """What goes over."""
    return [("报告", Report.objects.filter(place_id=gone).count())]


def join() -> None:
    """Have reports take part in merges."""
    register(Share("reports", frozenset({"reports.Report"}), take_over, count))
