"""Tailings ponds: what is written of them, who looked at them, how they were judged. Floods are computed when asked."""

from django.db import models

from anlan.apps.core.models import Person, Place
from anlan.apps.tailings.choices import Method, Outcome, PondState, Way
from anlan.kit import clock


class Pond(models.Model):
    """One pond. Levels and lengths [m], volumes [m3]; what is empty is as the grade demands."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="ponds")
    name = models.CharField(max_length=80)
    method = models.CharField(max_length=12, choices=Method)
    state = models.CharField(max_length=12, choices=PondState, default=PondState.IN_USE)
    height = models.FloatField()  # of the dam
    volume = models.FloatField()  # whole storage
    stored = models.FloatField(null=True)  # of tailings and water now
    raised = models.BooleanField(default=False)  # its grade by one, because of what lies below
    crest = models.FloatField()
    top = models.FloatField()  # of the beach at the dam
    slope = models.FloatField(null=True)  # of the beach; empty: no beach
    normal_level = models.FloatField(null=True)
    flood_limit_level = models.FloatField(null=True)
    design_flood_level = models.FloatField(null=True)
    design_period = models.FloatField(null=True)  # [yr]
    min_beach = models.FloatField(null=True)
    min_superelevation = models.FloatField(null=True)
    control_depth = models.FloatField(null=True)  # of the phreatic line
    displacement_limit = models.FloatField(null=True)  # [mm/d]
    slide_limit = models.FloatField(null=True)  # [mm/d]
    stability = models.FloatField(null=True)  # least factor of safety by Bishop, usual load
    stability_on = models.DateField(null=True)
    storage = models.JSONField(default=list)  # rows of level [m], volume [m3]
    drains = models.JSONField(default=list)  # {name, kind, …} as anlan.kit.tailings.inputs reads them
    catchment = models.JSONField(default=dict)  # fields of anlan.kit.tailings.inputs.Catchment
    path = models.JSONField(default=list)  # the valley below the dam, from its toe: [lon, lat] …
    corridor = models.FloatField(default=150.0)  # to each side of the path [m]
    people_below = models.PositiveIntegerField(null=True)  # as declared, within a kilometre
    commissioned = models.DateField(null=True)
    last_deposit = models.DateField(null=True)
    created = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Inspection(models.Model):
    """What somebody saw; ``seen`` are keys of states in the pack, empty where nothing is wrong."""

    pond = models.ForeignKey(Pond, models.CASCADE, related_name="inspections")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    seen = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)


class DrainTest(models.Model):
    """A test of a drain."""

    pond = models.ForeignKey(Pond, models.CASCADE, related_name="tests")
    drain = models.CharField(max_length=80)
    on = models.DateField()
    way = models.CharField(max_length=8, choices=Way)
    flow = models.FloatField(null=True)  # measured [m3/s]
    outcome = models.CharField(max_length=8, choices=Outcome)
    note = models.CharField(max_length=300, blank=True)
    next_due = models.DateField()
    recorded = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")


class ClosingStep(models.Model):
    """A step of closing that is done."""

    pond = models.ForeignKey(Pond, models.CASCADE, related_name="steps")
    step = models.CharField(max_length=16)
    on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pond", "step"], name="closing_step_once")]


class Judging(models.Model):
    """How a pond was judged, kept whenever it changed. ``parts``: key, level, text, params, clause of each."""

    pond = models.ForeignKey(Pond, models.CASCADE, related_name="judgings")
    at = models.DateTimeField(default=clock.now)
    level = models.SmallIntegerField()
    condition = models.CharField(max_length=12)  # class of the pack: critical … normal, '' where nobody knows
    lifted = models.BooleanField(default=False)
    parts = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["pond", "-at"], name="judging_newest")]
