"""What ``core`` stores and for how long: live events, sessions, notices, jobs, files, audit rows."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Min, QuerySet, Sum
from django.db.models.functions import Coalesce, Least, Now

from anlan.apps.core.actions.record import audit
from anlan.apps.core.choices import JobState
from anlan.apps.core.models import ApiToken, AuditRow, Job, Notice, Outbox, Place, Session, StoredFile
from anlan.kit import retention
from anlan.kit.errors import NotAllowed
from anlan.kit.grants import Viewer
from anlan.kit.retention import Kind, Stored, register

AT_ONCE = 2_000  # rows in one transaction: none may last longer than 200 ms


def join() -> None:
    """Have these kinds take part in retention."""
    register("outbox", of_rows(Outbox.objects.all(), "at"))
    register("sessions", of_rows(Session.objects.filter(expire_date__lte=Now()), "expire_date"))
    ended = ApiToken.objects.annotate(ended=Least(Coalesce("revoked", "until"), "until"))
    register("tokens", of_rows(ended.filter(ended__lte=Now()), "ended"))
    register("notices", of_rows(Notice.objects.exclude(read=None), "read"))
    register("jobs", of_rows(Job.objects.filter(state=JobState.DONE), "finished"))
    register("audit", Kind(of_rows(AuditRow.objects.all(), "at").measure))
    register("files", Kind(_files))


def of_rows(rows: QuerySet[Any], field: str) -> Kind:
    """A kind that is rows of a table, as old as ``field`` says."""

    def measure(before: datetime | None) -> Stored:
        found = rows.filter(**{f"{field}__lt": before}) if before else rows
        return Stored(found.count(), None, found.aggregate(oldest=Min(field))["oldest"])

    def remove(before: datetime) -> int:
        gone = 0
        past = rows.filter(**{f"{field}__lt": before}).order_by("pk").values_list("pk", flat=True)
        while keys := list(past[:AT_ONCE]):
            with transaction.atomic():
                rows.model._default_manager.filter(pk__in=keys).delete()
            gone += len(keys)
        return gone

    return Kind(measure, remove)


def _files(before: datetime | None) -> Stored:
    found = StoredFile.objects.filter(uploaded__lt=before) if before else StoredFile.objects.all()
    told = found.aggregate(oldest=Min("uploaded"), size=Sum("size"))
    return Stored(found.count(), told["size"] or 0, told["oldest"])


def may_run(viewer: Viewer) -> bool:
    """Whether the viewer answers for the whole installation: the capability at the top of every tree."""
    tops = list(Place.objects.filter(parent=None))
    return bool(tops) and all(viewer.may("retention.run", top.path, top.sector) for top in tops)


def state(viewer: Viewer) -> list[retention.State]:
    """What is stored and what would go, for those who look after the system."""
    if not viewer.may_anywhere("health.view"):
        raise NotAllowed("health.view")
    return retention.states()


def run(viewer: Viewer | None = None) -> dict[str, int]:
    """Delete what is past its time, kind by kind; returns how much of each. None: the product itself, by the clock."""
    if viewer is not None and not may_run(viewer):
        raise NotAllowed("retention.run")
    removed = {key: n for key in retention.removable() if (n := retention.remove(key))}
    if removed:
        names = {key: rule.name for key, rule in retention.known().items()}
        told = {"removed": "、".join(f"{names[key]} {n}" for key, n in removed.items()), "counts": removed}
        audit(viewer.person_id if viewer else None, "retention.run", None, "", told)
    return removed
