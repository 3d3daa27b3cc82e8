"""Accidents that may happen: what is stored where, and how it may get out. Results are computed when they are asked."""

from django.db import models

from anlan.apps.consequences.parks.models import ParkSource, ParkStudy
from anlan.apps.core.models import Person, Place
from anlan.kit import clock


class Scenario(models.Model):
    """One way in which a store may fail. SI units; what is empty is as ``anlan.kit.accident.inputs`` says."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="scenarios")
    name = models.CharField(max_length=120)
    longitude = models.FloatField()  # of the source, CGCS2000 [degree]
    latitude = models.FloatField()
    substance = models.CharField(max_length=12)  # CAS number, pack chemicals/substances
    mass = models.FloatField()  # [kg]
    temperature = models.FloatField(default=293.15)  # [K]
    pressure = models.FloatField(null=True)  # absolute [Pa]; empty: a liquid under its own vapour
    head = models.FloatField(default=0.0)  # of liquid above the hole [m]
    height = models.FloatField(default=1.0)  # of the hole [m]
    bund = models.FloatField(null=True)  # [m2]
    kind = models.CharField(max_length=8)  # hole, pipe, rupture
    diameter = models.FloatField(default=0.0)  # [m]
    length = models.FloatField(default=0.0)  # of pipe up to the break [m]
    duration = models.FloatField(default=1800.0)  # until it is shut [s]
    created = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


__all__ = ["ParkSource", "ParkStudy", "Scenario"]
