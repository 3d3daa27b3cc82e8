"""Sources, tags and alarms."""

from django.db import models

from anlan.apps.core.models import Person, Place
from anlan.apps.monitoring.choices import AlarmState, Limit, SourceKind
from anlan.kit import clock


class Source(models.Model):
    """A gateway that sends readings, known by its key."""

    code = models.SlugField(max_length=48, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=SourceKind.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="sources")
    key_digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the key; the key is shown once
    enabled = models.BooleanField(default=True)
    lost_since = models.DateTimeField(null=True)  # all its watched tags are missing: one fact instead of one per tag
    revision = models.PositiveIntegerField(default=0)  # counts edits; the engine sees by the sum that something changed
    created = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A measured point with its alarm rules. Empty limits and ``missing_s`` mean no such rule."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="tags")
    place = models.ForeignKey(Place, models.PROTECT, related_name="tags")
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=24, blank=True)
    decimals = models.PositiveSmallIntegerField(default=2)
    rank = models.CharField(max_length=24, default="general")  # importance; key of pack core/alarm_facts
    hh = models.FloatField(null=True)
    h = models.FloatField(null=True)
    l = models.FloatField(null=True)  # noqa: E741
    ll = models.FloatField(null=True)
    deadband = models.FloatField(default=0)
    on_delay_s = models.FloatField(default=0)
    off_delay_s = models.FloatField(default=0)
    missing_s = models.FloatField(null=True)
    range_low = models.FloatField(null=True)
    range_high = models.FloatField(null=True)
    enabled = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=0)  # counts edits, like the source's
    changed = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="tag_once_per_source")]

    def __str__(self) -> str:
        return self.name


class Alarm(models.Model):
    """One stay of a tag beyond one of its limits, from raise to clear, and what people did about it."""

    tag = models.ForeignKey(Tag, models.PROTECT, related_name="alarms")
    limit = models.PositiveSmallIntegerField(choices=Limit.choices)
    state = models.CharField(max_length=16, choices=AlarmState.choices, default=AlarmState.UNACKNOWLEDGED)
    level = models.PositiveSmallIntegerField()  # of the fact it raised
    raised = models.DateTimeField()  # the source's time
    raised_value = models.FloatField(null=True)
    limit_value = models.FloatField(null=True)
    raise_event = models.CharField(max_length=48, unique=True)  # shard-offset-index
    cleared = models.DateTimeField(null=True)
    clear_event = models.CharField(max_length=48, unique=True, null=True)  # noqa: DJ001 - many are not cleared
    recorded = models.DateTimeField(default=clock.now)
    due = models.DateTimeField(null=True)  # to be acknowledged until then, by the pack core/alarm_facts
    historic = models.BooleanField(default=False)  # came from a backlog: recorded, not escalated
    counted = models.BooleanField(default=False)  # a live fact of its own; folded and cleared alarms have none
    acknowledged = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["state", "raised"], name="alarm_open"),
            models.Index(fields=["tag", "raised"], name="alarm_of_tag"),
            models.Index(fields=["raised"], name="alarm_raised"),
            models.Index(fields=["cleared"], name="alarm_cleared"),
            models.Index(fields=["acknowledged"], name="alarm_acknowledged"),
            models.Index(fields=["due"], condition=models.Q(acknowledged=None), name="alarm_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tag", "limit"], condition=models.Q(cleared=None), name="alarm_once_active")
        ]


class AlarmNote(models.Model):
    """A comment on an alarm, or what an acknowledgement said."""

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="notes")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)


class Applied(models.Model):
    """How far the events of a shard's log are in the database; moved in the transaction that stores them."""

    shard = models.PositiveSmallIntegerField(primary_key=True)
    offset = models.BigIntegerField()
