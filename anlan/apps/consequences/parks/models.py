"""A study of the risk around a place, and its sources. What was computed lies in the data folder, by revision."""

from django.db import models

from anlan.apps.core.models import Job, Person, Place
from anlan.kit import clock


class ParkStudy(models.Model):
    """Installations, weather and criteria of one assessment. ``revision`` counts changes of anything it is made of."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="park_studies")
    name = models.CharField(max_length=120)
    stage = models.CharField(max_length=10)  # new, in_service: whose limits of GB 36894 hold
    cell = models.FloatField()  # of the grid [m]
    margin = models.FloatField()  # of the grid around the sources [m]
    domino = models.BooleanField(default=True)  # whether the risk counts knock-on accidents
    weather = models.JSONField()  # classes: name, stability, wind [m/s], share, rose (from north, clockwise)
    revision = models.PositiveIntegerField(default=1)
    computed_revision = models.PositiveIntegerField(null=True)
    computed = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)  # figures for lists
    refusal = models.JSONField(null=True)  # why the newest revision could not be computed
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended = models.DateTimeField(null=True)

    class Meta:
        app_label = "consequences"

    def __str__(self) -> str:
        return self.name


class ParkSource(models.Model):
    """An installation with its leaks. ``place``: where it stands in the tree, inside the study's place. SI units."""

    study = models.ForeignKey(ParkStudy, models.CASCADE, related_name="sources")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="park_sources")
    name = models.CharField(max_length=120)
    longitude = models.FloatField()  # CGCS2000 [degree]
    latitude = models.FloatField()
    substance = models.CharField(max_length=60)  # CAS number, or a mixture of pack chemicals/park_study
    mass = models.FloatField()  # [kg]
    temperature = models.FloatField(default=293.15)  # [K]
    pressure = models.FloatField(null=True)  # absolute [Pa]; empty: a liquid under its own vapour
    head = models.FloatField(default=2.0)  # [m]
    bund = models.FloatField(null=True)  # [m2]
    equipment = models.CharField(max_length=40)  # code in pack chemicals/leak_frequencies
    holes = models.JSONField()  # of that equipment
    amount = models.FloatField(default=1.0)  # items, metres, feet or hours of use a year
    pipe = models.FloatField(null=True)  # nominal diameter [m]
    duration = models.FloatField(default=1800.0)  # until it is shut [s]
    escalation = models.CharField(max_length=24, blank=True)  # class in pack core/domino_thresholds
    volume = models.FloatField(null=True)  # [m3]
    ended = models.DateTimeField(null=True)

    class Meta:
        app_label = "consequences"

    def __str__(self) -> str:
        return self.name
