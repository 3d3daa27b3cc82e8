"""Imports: a file, what each of its rows is, what became of it. Rows are staged here and published in slices."""

from django.db import models

from anlan.apps.core.models import Job, Person
from anlan.apps.exchange.choices import LineState, RunState
from anlan.kit import clock


class ImportRun(models.Model):
    """One file somebody handed in."""

    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=200)  # of the file, as it came
    stored = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256
    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.STAGING)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # none: the command
    token_no = models.BigIntegerField(null=True)  # the token it came by; none: a session, or the command
    created = models.DateTimeField(default=clock.now)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    whole = models.BooleanField(default=False)  # all or nothing
    total = models.PositiveIntegerField(default=0)
    fresh = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    unused = models.JSONField(default=list)  # headings that no column of the kind has
    problem = models.JSONField(default=dict)  # why the file cannot be used, or publishing or undoing stopped
    published = models.DateTimeField(null=True)
    undone = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["by", "-created"], name="import_of_person")]


class ImportLine(models.Model):
    """One row of the file. ``data`` is what publishing needs, ``before`` what undoing does."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()  # in the file, from 1
    rank = models.PositiveSmallIntegerField(default=0)  # published in this order: what lies above comes first
    above = models.PositiveIntegerField(null=True)  # number of the row of the same file that this one needs
    state = models.CharField(max_length=8, choices=LineState.choices)
    title = models.CharField(max_length=160)
    remark = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    target = models.BigIntegerField(null=True)  # what it is, or became
    done = models.BooleanField(default=False)  # published
    mark = models.BigIntegerField(default=0)  # newest audit row when it was published

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="line_once_in_run")]
        indexes = [models.Index(fields=["run", "state", "rank", "number"], name="line_in_order")]
