"""Web hooks of people, and what was sent to each."""

from django.db import models

from anlan.apps.core.models import Person, Place
from anlan.apps.hooks.choices import DeliveryState
from anlan.kit import clock


class WebHook(models.Model):
    """Events that a person may see, sent to an address as they happen."""

    owner = models.ForeignKey(Person, models.CASCADE, related_name="hooks")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=200)  # sealed by the installation's key: it signs what is sent
    events = models.JSONField(default=list)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")  # empty = wherever the owner may look
    created = models.DateTimeField(default=clock.now)
    paused = models.DateTimeField(null=True)
    paused_why = models.CharField(max_length=200, blank=True)  # empty = by a person
    failures = models.PositiveIntegerField(default=0)  # attempts in a row that failed
    removed = models.DateTimeField(null=True)
    busy_until = models.DateTimeField(null=True)  # somebody is sending to it


class Delivery(models.Model):
    """One event for one hook: what is sent, how often it was tried, what was answered."""

    hook = models.ForeignKey(WebHook, models.CASCADE, related_name="deliveries")
    event_id = models.CharField(max_length=48)  # the same however often it is sent
    event = models.CharField(max_length=24)
    place = models.ForeignKey(Place, models.CASCADE, null=True, related_name="+")
    body = models.TextField()
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    created = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField(default=clock.now)
    tried = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # of the last answer
    took_ms = models.PositiveIntegerField(null=True)
    answer = models.CharField(max_length=600, blank=True)  # the beginning of it, or why there was none

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hook", "event_id"], name="event_once_per_hook")]
        indexes = [models.Index(fields=["state", "due"], name="delivery_due")]


class Feed(models.Model):
    """How far the events are handed to the hooks."""

    name = models.CharField(max_length=16, primary_key=True)
    after = models.BigIntegerField()
