"""Reports that somebody had made: which, of what place, when, as of when, and the files."""

from django.db import models

from anlan.apps.core.models import Job, Person, Place
from anlan.apps.reports.choices import ReportKind, ReportState
from anlan.kit import clock


class Report(models.Model):
    """One report. Its files lie in the default storage; ``needs`` is what its reader must be allowed to see."""

    kind = models.CharField(max_length=12, choices=ReportKind.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="reports")
    days = models.PositiveSmallIntegerField()  # how far back it looks
    state = models.CharField(max_length=8, choices=ReportState.choices, default=ReportState.MAKING)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # none: the command
    asked = models.DateTimeField(default=clock.now)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    as_of = models.DateTimeField(null=True)  # the moment its figures are right for
    made = models.DateTimeField(null=True)
    files = models.JSONField(default=dict)  # suffix → {"name": in the storage, "size": bytes, "digest": SM3}
    needs = models.JSONField(default=list)  # [capability, place id, sectors or null]: see ``basis.py``
    problem = models.JSONField(default=dict)  # why it cannot be made: message and fix

    class Meta:
        indexes = [models.Index(fields=["place", "-asked"], name="report_of_place")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.place_id}"
