"""One enterprise, one file: basic facts, and the rows of its groups.

What the groups are and what is filled in is data (packs ``core/file_groups`` and ``core/file_fields``). A field whose
key is a column here is stored in it; the others are stored in ``values``. Nothing is deleted: rows are ended, and every
change is kept in :class:`Revision`.
"""

from datetime import date

from django.db import models

from anlan.apps.core.models import Person, Place, StoredFile
from anlan.apps.enterprises.choices import Change, ItemKind
from anlan.kit import clock


class Enterprise(models.Model):
    """The basic facts of an enterprise, or of a school or hospital that keeps a file. Its code is that of the place."""

    place = models.OneToOneField(Place, models.PROTECT, primary_key=True, related_name="enterprise")
    economic_type = models.CharField(max_length=3, blank=True, db_index=True)  # pack core/economic_types
    industry = models.CharField(max_length=4, blank=True, db_index=True)  # pack core/industries
    size = models.CharField(max_length=12, blank=True)
    status = models.CharField(max_length=12, blank=True)
    legal_representative = models.CharField(max_length=120, blank=True)
    principal = models.CharField(max_length=120, blank=True)
    principal_phone = models.CharField(max_length=32, blank=True)
    safety_head = models.CharField(max_length=120, blank=True)
    safety_head_phone = models.CharField(max_length=32, blank=True)
    duty_phone = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=120, blank=True)
    employees = models.PositiveIntegerField(null=True)
    safety_staff = models.PositiveIntegerField(null=True)
    founded = models.DateField(null=True)
    capital = models.FloatField(null=True)  # [10 000 yuan]
    standardisation = models.CharField(max_length=12, blank=True)
    standardisation_until = models.DateField(null=True)
    business = models.TextField(blank=True)
    values = models.JSONField(default=dict)  # what else the pack asks for
    source = models.CharField(max_length=80, blank=True)  # where the data come from
    created = models.DateTimeField(default=clock.now)
    changed = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.place.name


class Item(models.Model):
    """A row of a group. ``due`` is the first of its dates that a clock runs to; ``place`` is where the thing is."""

    KIND: ItemKind
    place = models.ForeignKey(Place, models.PROTECT, related_name="%(class)s_rows")
    values = models.JSONField(default=dict)
    due = models.DateField(null=True, db_index=True)
    source = models.CharField(max_length=80, blank=True)
    created = models.DateTimeField(default=clock.now)
    changed = models.DateTimeField(default=clock.now)
    ended = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["place", "ended"], name="%(class)s_here")]


class Licence(Item):
    """An administrative licence, of the unit or of a piece of equipment."""

    KIND = ItemKind.LICENCE
    subject = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    number = models.CharField(max_length=120)
    issuer = models.CharField(max_length=120, blank=True)
    issued = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    coverage = models.TextField(blank=True)


class Certificate(Item):
    """A person's qualification. ``person`` where the holder can sign in."""

    KIND = ItemKind.CERTIFICATE
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="certificates")
    holder = models.CharField(max_length=120)
    category = models.CharField(max_length=24)
    work_type = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=120)
    issuer = models.CharField(max_length=120, blank=True)
    issued = models.DateField(null=True)
    review_due = models.DateField(null=True)
    valid_until = models.DateField(null=True)


class Chemical(Item):
    """What is held of a substance at a place. Identification of major hazards counts the design maximum."""

    KIND = ItemKind.CHEMICAL
    name = models.CharField(max_length=120, db_index=True)
    cas = models.CharField(max_length=12, blank=True, db_index=True)  # also the key in pack chemicals/substances
    role = models.CharField(max_length=12)
    site = models.CharField(max_length=12, blank=True)
    hazardous = models.BooleanField(default=False)
    hazard_category = models.CharField(max_length=8, blank=True)  # symbol of GB 18218 table 2
    state = models.CharField(max_length=12, blank=True)
    quantity = models.FloatField(null=True)  # [t]
    design_maximum = models.FloatField(null=True)  # [t]


class Equipment(Item):
    """Special equipment, tanks and other main equipment."""

    KIND = ItemKind.EQUIPMENT
    category = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=120, blank=True)
    type = models.CharField(max_length=24, blank=True)
    medium = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, blank=True)
    inspected = models.DateField(null=True)
    inspection_due = models.DateField(null=True)


class Contractor(Item):
    """Another firm whose people work here."""

    KIND = ItemKind.CONTRACTOR
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=18, blank=True)
    work = models.CharField(max_length=120)
    manager = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    valid_until = models.DateField(null=True)
    contract_until = models.DateField(null=True)


class FileRecord(Item):
    """A row of one of the other groups, filled in as the pack says."""

    KIND = ItemKind.RECORD
    group = models.CharField(max_length=24)  # key in pack core/file_groups
    name = models.CharField(max_length=120)


class Attachment(models.Model):
    """A file that belongs to a row of a group, or (kind ``enterprise``) to the enterprise as a whole."""

    kind = models.CharField(max_length=12, choices=ItemKind.choices)
    item_id = models.BigIntegerField()
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="attachment")

    class Meta:
        indexes = [models.Index(fields=["kind", "item_id"], name="attachment_of")]


class Revision(models.Model):
    """One change of a file: who did it, when, and each field before and after."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="revisions")
    kind = models.CharField(max_length=12, choices=ItemKind.choices)
    item_id = models.BigIntegerField()
    group = models.CharField(max_length=24)
    title = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    change = models.CharField(max_length=8, choices=Change.choices)
    fields = models.JSONField(default=dict)  # key → [before, after]

    class Meta:
        indexes = [
            models.Index(fields=["kind", "item_id"], name="revision_of"),
            models.Index(fields=["place", "-at"], name="revision_newest"),
        ]


def plain(value: object) -> object:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value
