"""Who is on duty where. (Incidents, plans and forces come to this app later.)"""

from django.db import models

from anlan.apps.core.models import Person, Place
from anlan.kit import clock


class Shift(models.Model):
    """One person's turn at a place's duty desk. ``note`` is what was handed over when it was taken."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="shifts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="shifts")
    since = models.DateTimeField(db_index=True)
    until = models.DateTimeField(db_index=True)
    taken = models.DateTimeField(null=True)  # when the person took over
    handed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # who had the desk before
    note = models.CharField(max_length=1000, blank=True)
    carried = models.JSONField(default=list)  # ids of the alarms that were open at the handover
    created = models.DateTimeField(default=clock.now)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["place", "since"], name="shift_roster")]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="shift_forwards"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.since:%m-%d %H:%M}"
