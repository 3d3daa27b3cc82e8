"""How long reports are kept: the pack core/retention says; their files go with them."""

from datetime import datetime

from django.db.models import Min
from django.db.models.query import QuerySet

from anlan.apps.reports import stored
from anlan.apps.reports.models import Report
from anlan.kit.retention import Kind, Stored, register


def join() -> None:
    """Have reports take part in retention."""
    register("reports", Kind(_measure, _remove))


def _of(before: datetime | None) -> QuerySet[Report]:
    return Report.objects.filter(asked__lt=before) if before else Report.objects.all()


def _measure(before: datetime | None) -> Stored:
    found = _of(before)
    size = sum(int(one["size"]) for files in found.values_list("files", flat=True) for one in files.values())
    return Stored(found.count(), size, found.aggregate(oldest=Min("asked"))["oldest"])


def _remove(before: datetime) -> int:
    gone = 0
    for report in _of(before).order_by("pk"):
        names = stored.names(report)
        report.delete()
        stored.drop(names)
        gone += 1
    return gone
