"""Facts, and what the projector makes of them: levels and counts of every place, and how they changed."""

from django.db import models

from anlan.apps.core.models import Person, Place
from anlan.apps.ledger.choices import AppliesTo, LevelChoice
from anlan.kit import clock


class Fact(models.Model):
    """Something that changes risk at a place. Appended by actions, never edited; ended by ``until`` or a clearing."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=32)  # assessment, alarm, monitoring_lost …
    level = models.PositiveSmallIntegerField(choices=LevelChoice.choices)
    reason = models.CharField(max_length=200)  # msgid with {names} from ``params``
    params = models.JSONField(default=dict)
    source_kind = models.CharField(max_length=32, blank=True)  # alarm, assessment …
    source_id = models.BigIntegerField(null=True)
    happened = models.DateTimeField()  # at the source
    recorded = models.DateTimeField(default=clock.now)
    since = models.DateTimeField()  # counts from here; may lie in the future
    until = models.DateTimeField(null=True)
    applies_to = models.CharField(max_length=12, choices=AppliesTo.choices, default=AppliesTo.SELF)
    words = models.CharField(max_length=64, default="core/levels/risk")  # pack that names the rank

    class Meta:
        indexes = [
            models.Index(fields=["source_kind", "source_id"], name="fact_source"),
            models.Index(fields=["level", "-since"], name="fact_newest"),
        ]


class FactClearing(models.Model):
    """The end of a fact before its ``until``. Appended, one per fact."""

    fact = models.OneToOneField(Fact, models.PROTECT, related_name="clearing")
    at = models.DateTimeField()  # the fact no longer counts from here
    recorded = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)


class PlaceLevel(models.Model):
    """What the projector last showed at a place. Written by the projector only."""

    place = models.OneToOneField(Place, models.CASCADE, primary_key=True, related_name="shown")
    level = models.PositiveSmallIntegerField(choices=LevelChoice.choices)
    since = models.DateTimeField()  # shown at this level since
    points = models.JSONField(default=list)  # risk points at and below, by level 0 … 4
    enterprises = models.JSONField(default=list)  # enterprises at and below, by level 0 … 4
    as_of = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["level", "place"], name="level_shown")]


class LevelChange(models.Model):
    """One change of a shown level: the history of a place's colour."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="level_changes")
    at = models.DateTimeField(db_index=True)
    before = models.PositiveSmallIntegerField(choices=LevelChoice.choices)
    after = models.PositiveSmallIntegerField(choices=LevelChoice.choices)
    cause = models.ForeignKey(Fact, models.PROTECT, null=True, related_name="+")  # the fact that moved it, if one did

    class Meta:
        indexes = [models.Index(fields=["place", "at"], name="level_history")]
