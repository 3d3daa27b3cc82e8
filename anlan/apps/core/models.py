"""Places, people, grants, and the machinery every app writes with: audit rows, outbox, notices, jobs, files."""

import hashlib
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from anlan.apps.core.choices import JobState, PlaceKind
from anlan.kit import clock


class PathField(models.CharField[str, str]):
    """Text compared byte by byte: C collation on PostgreSQL; SQLite compares so by itself."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class Place(models.Model):
    """Anything risk can be at, from a province to a valve. The path lives here only; everything else holds the id."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = PathField(max_length=252, unique=True)
    kind = models.CharField(max_length=16, choices=PlaceKind.choices)
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=24, blank=True, db_index=True)  # GB/T 2260 division or GB 32100 unit code
    sector = models.CharField(max_length=32, blank=True)  # inherited from the enterprise above when it is created
    asset = models.CharField(max_length=48, blank=True)  # the line (road, pipeline) that a segment is a piece of
    geometry = models.JSONField(null=True)  # GeoJSON, CGCS2000 longitude and latitude [degree]
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    created = models.DateTimeField(default=clock.now)
    retired = models.DateTimeField(null=True)
    also_in: "models.ManyToManyField[Place, ZoneMembership]" = models.ManyToManyField(
        "self", through="ZoneMembership", through_fields=("place", "zone"), symmetrical=False, related_name="members"
    )

    class Meta:
        indexes = [
            models.Index(fields=["kind", "name"], name="place_of_kind"),
            # what lists of one kind are searched and counted by, without reading the places themselves
            models.Index(fields=["kind", "retired", "path", "sector", "name", "code"], name="place_in_use"),
        ]

    def __str__(self) -> str:
        return self.name


class ZoneMembership(models.Model):
    """A place counted by a zone that is not above it in the tree. It gives no rights."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="memberships")
    zone = models.ForeignKey(Place, models.CASCADE, related_name="zone_memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "zone"], name="place_once_in_zone")]


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who can sign in."""

    username = models.CharField(_("用户名"), max_length=64, unique=True)
    name = models.CharField(_("姓名"), max_length=64)
    email = models.EmailField(blank=True)
    phone = models.CharField(_("电话"), max_length=32, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = PersonManager()

    def __str__(self) -> str:
        return self.name


class Session(AbstractBaseSession):
    """A signed-in browser, with whose it is, so that people can see and end their own sessions."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="sessions")
    since = models.DateTimeField(default=clock.now)
    address = models.CharField(max_length=64, blank=True)
    browser = models.CharField(max_length=200, blank=True)

    @property
    def handle(self) -> str:
        """Names the session on a page without giving away its key."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:24]


class PersonKey(models.Model):
    """The key that personal data in audit rows are sealed with. To delete it is to erase them."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="key")
    wrapped = models.BinaryField()  # by the installation's key


class Grant(models.Model):
    """A role at a place and everything below it, in some sectors or all, for a time."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=32)  # a key of pack core/roles
    place = models.ForeignKey(Place, models.PROTECT, related_name="grants")
    sectors = models.JSONField(default=list)  # empty = all
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True)
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")


class ApiToken(models.Model):
    """What a program shows instead of signing in: some of its owner's grants, for a time. The token itself is not kept.

    What it lets through is cut from the owner's live grants whenever it is used, so it never holds more than they do.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)  # the beginning, by which people tell tokens apart
    digest = models.CharField(max_length=64, unique=True)  # SHA-256
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")  # empty = wherever the owner may look
    capabilities = models.JSONField(default=list)  # empty = all of the owner's
    sectors = models.JSONField(default=list)  # empty = all of the owner's
    read_only = models.BooleanField(default=True)
    created = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    until = models.DateTimeField()
    last_used = models.DateTimeField(null=True)  # to the minute
    last_address = models.CharField(max_length=64, blank=True)
    revoked = models.DateTimeField(null=True)


class AuditRow(models.Model):
    """What was done, by whom, to what. Appended in the transaction that did it, never changed."""

    at = models.DateTimeField(default=clock.now)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=48)  # noun.verb: alarm.acknowledge
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=64, blank=True)  # kind:id
    detail = models.JSONField(default=dict)  # personal data only as salted ciphertext


class AuditSeal(models.Model):
    """One link of the chain: ``digest = SM3(previous digest + row)``. Written by the projector in order."""

    seq = models.BigIntegerField(primary_key=True)
    row = models.OneToOneField(AuditRow, models.PROTECT, related_name="seal")
    previous = models.CharField(max_length=64, unique=True)  # two links may not follow the same one
    digest = models.CharField(max_length=64)
    sealed = models.DateTimeField(default=clock.now)


class Outbox(models.Model):
    """A live event, appended in the transaction that caused it, tailed by the web process. ``place``: who sees it."""

    at = models.DateTimeField(default=clock.now, db_index=True)
    topic = models.CharField(max_length=24)
    place = models.ForeignKey(Place, models.CASCADE, null=True, related_name="+")
    payload = models.JSONField(default=dict)


class Notice(models.Model):
    """A message to one person inside the product."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    text = models.CharField(max_length=300)
    link = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=96)  # the same key for the same person is sent once
    created = models.DateTimeField(default=clock.now)
    read = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notice_once")]


class Job(models.Model):
    """Work to be done by the worker. Leased, so that the job of a killed worker runs again."""

    kind = models.CharField(max_length=48)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.WAITING)
    run_at = models.DateTimeField(default=clock.now)
    holder = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created = models.DateTimeField(default=clock.now)
    finished = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "run_at"], name="job_due")]


class Lease(models.Model):
    """Who leads (the projector has one leader) and until when."""

    name = models.CharField(max_length=32, primary_key=True)
    holder = models.CharField(max_length=64)
    until = models.DateTimeField()


class Heartbeat(models.Model):
    """When a part of the product last said it was alive, and what it counts."""

    part = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)


class StoredFile(models.Model):
    """An uploaded file whose content was checked. The bytes lie in Django's default storage under ``stored``."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=200)
    content_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)  # SM3
    uploaded = models.DateTimeField(default=clock.now)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
