"""A park as its manager runs it: its grade, gates, shared facilities, groups, and the projects that want to come in.

The park itself is a place. Chemicals, processes and facilities of a project are lists in one row each: nothing else
points at them.
"""

from django.db import models

from anlan.apps.core.models import Job, Person, Place, StoredFile
from anlan.apps.parks.choices import GateState, ListedKind, Opinion, ProjectState, Way
from anlan.kit import clock


class ParkProfile(models.Model):
    """What is written of a park beside its place."""

    place = models.OneToOneField(Place, models.PROTECT, primary_key=True, related_name="park_profile")
    industries = models.JSONField(default=list)  # beginnings of codes, pack core/industries
    office = models.CharField(max_length=120, blank=True)  # who manages it
    phone = models.CharField(max_length=32, blank=True)
    changed = models.DateTimeField(default=clock.now)


class ParkGrading(models.Model):
    """One assessment of a park. ``pack_from``: the version of the checklist; the grade was computed by rule."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="park_gradings")
    assessed = models.DateField()
    valid_until = models.DateField()
    assessor = models.CharField(max_length=120)
    pack_from = models.DateField()
    losses = models.JSONField()  # code → points lost
    notes = models.JSONField(default=dict)  # code → what was found
    vetoes = models.JSONField(default=list)  # codes that hold
    score = models.FloatField()
    grade = models.CharField(max_length=4)
    by_veto = models.BooleanField(default=False)
    report = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    created = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawn = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["place", "-assessed"], name="park_grading_newest")]


class Gate(models.Model):
    """A way through the fence of a park."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="gates")
    name = models.CharField(max_length=60)
    use = models.CharField(max_length=16)  # key of pack core/park_desk
    state = models.CharField(max_length=8, choices=GateState.choices, default=GateState.CHECKED)
    state_since = models.DateTimeField(default=clock.now)
    state_note = models.CharField(max_length=200, blank=True)
    longitude = models.FloatField(null=True)  # [degree]
    latitude = models.FloatField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], condition=models.Q(ended=None), name="gate_name_once"),
        ]


class VehiclePass(models.Model):
    """A vehicle with dangerous goods may come in between two moments. ``stay_min`` [min], 0: as long as is usual."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="vehicle_passes")
    plate = models.CharField(max_length=12, db_index=True)
    carrier = models.CharField(max_length=120)
    cargo = models.CharField(max_length=120)
    un = models.CharField(max_length=4, blank=True)
    tonnes = models.FloatField(null=True)  # [t]
    destination = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    stay_min = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawn = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)


class Passage(models.Model):
    """A vehicle at the gates: it came in and went out, or was turned away. ``key``: the gate system's own number."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="passages")
    plate = models.CharField(max_length=12, db_index=True)
    way = models.CharField(max_length=8, choices=Way.choices)
    under = models.ForeignKey(VehiclePass, models.PROTECT, null=True, related_name="passages")
    gate_in = models.ForeignKey(Gate, models.PROTECT, related_name="+")
    entered = models.DateTimeField()  # or turned away
    leave_by = models.DateTimeField(null=True)
    gate_out = models.ForeignKey(Gate, models.PROTECT, null=True, related_name="+")
    left = models.DateTimeField(null=True)
    why = models.CharField(max_length=40, blank=True)  # code of the refusal
    why_text = models.CharField(max_length=200, blank=True)
    key_in = models.CharField(max_length=64, blank=True)
    key_out = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["place", "way", "-entered"], name="passage_now")]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "plate"], condition=models.Q(way="inside"), name="vehicle_in_once"
            ),
            models.UniqueConstraint(
                fields=["place", "key_in"], condition=~models.Q(key_in=""), name="passage_key_in_once"
            ),
        ]


class SharedFacility(models.Model):
    """What all enterprises of a park use together. ``capacity`` and ``used`` in the unit of its kind."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="shared_facilities")
    kind = models.CharField(max_length=24)  # key of pack core/park_desk
    name = models.CharField(max_length=120)
    capacity = models.FloatField(null=True)
    used = models.FloatField(null=True)
    state = models.CharField(max_length=12, default="in_use")
    note = models.CharField(max_length=200, blank=True)
    keeper = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    longitude = models.FloatField(null=True)  # [degree]
    latitude = models.FloatField(null=True)
    changed = models.DateTimeField(default=clock.now)
    ended = models.DateTimeField(null=True)


class JointGroup(models.Model):
    """Enterprises that control risks together (联防联控)."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="joint_groups")
    name = models.CharField(max_length=120)
    leader = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")  # the enterprise that leads
    contact = models.CharField(max_length=64)
    phone = models.CharField(max_length=32)
    resources = models.TextField(blank=True)
    drilled = models.DateField(null=True)  # last drill together
    members = models.ManyToManyField(Place, related_name="+")
    changed = models.DateTimeField(default=clock.now)
    ended = models.DateTimeField(null=True)


class ListedEntry(models.Model):
    """An entry of a park's own list of what is not let in (禁限控目录), from a day to a day."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="listed_entries")
    kind = models.CharField(max_length=12, choices=ListedKind.choices)
    words = models.CharField(max_length=120)  # a name, a CAS number, the beginning of an industry's code
    reason = models.CharField(max_length=200)
    basis = models.CharField(max_length=200, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    created = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended = models.DateTimeField(null=True)


class Project(models.Model):
    """A project that wants to come. ``place``: the park (or the county, where it would lie outside of one)."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="projects")
    name = models.CharField(max_length=120)
    applicant = models.CharField(max_length=120)
    plant = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")  # the one that is extended
    contact = models.CharField(max_length=64, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    industry = models.CharField(max_length=4, blank=True)  # pack core/industries
    investment = models.FloatField(null=True)  # [10 000 yuan]
    stage = models.CharField(max_length=12)  # key of pack core/admission
    geometry = models.JSONField(null=True)  # GeoJSON, CGCS2000 [degree]
    products = models.JSONField(default=list)  # names
    chemicals = models.JSONField(default=list)  # {name, cas, tonnes, category, state}
    processes = models.JSONField(default=list)  # names
    equipment = models.JSONField(default=list)  # names
    facilities = models.JSONField(default=list)  # {kind, name, longitude, latitude}
    neighbours = models.PositiveIntegerField(null=True)  # people within 500 m outside the fence
    scenarios = models.JSONField(default=list)  # ids of app consequences
    installations = models.JSONField(default=list)  # what may leak: id, and what a source of a park's study has
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")  # of the check that is under way
    state = models.CharField(max_length=12, choices=ProjectState.choices, default=ProjectState.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    changed = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


class Paper(models.Model):
    """A document of a project or of a plant that is there: a step of "three at the same time", a study."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="papers")  # park of the project, or the plant
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="papers")
    kind = models.CharField(max_length=16)  # key of pack core/admission
    dated = models.DateField()
    number = models.CharField(max_length=80, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    created = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended = models.DateTimeField(null=True)


class CheckRun(models.Model):
    """What the check found, as it was found. ``listed``: digest of the park's list then; ``digest``: of all of it."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="checks")
    revision = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    findings = models.JSONField()
    effect = models.JSONField(null=True)  # what the installations add to the park's risk; empty: nothing was computed
    blocking = models.JSONField(default=list)  # keys of veto lines that do not pass
    digest = models.CharField(max_length=64)  # SM3


class SignedOpinion(models.Model):
    """What an office said to a check. Never changed: a later opinion of the same office counts instead."""

    check_run = models.ForeignKey(CheckRun, models.PROTECT, related_name="opinions")
    office = models.CharField(max_length=16)  # key of pack core/admission
    verdict = models.CharField(max_length=8, choices=Opinion.choices)
    text = models.CharField(max_length=500)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)  # SM3 of the check's digest and the opinion
