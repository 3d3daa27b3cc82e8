"""Many people at once, with what each may do: a county's staff, or a sheet of an import."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models.functions import Lower

from anlan.apps.core import selectors
from anlan.apps.core.actions import people as one
from anlan.apps.core.actions.record import Entry, audit_many, emit_many
from anlan.apps.core.models import Grant, Person, PersonKey, Place
from anlan.kit import clock, secrets
from anlan.kit.errors import NotAllowed, Refused, check
from anlan.kit.grants import SYSTEM, Viewer
from anlan.rules import grants as rules
from anlan.rules.refusal import Refusal

_AT_ONCE = 500


@dataclass(frozen=True)
class NewGrant:
    """A role at a place and below it. ``since``: None = from now; ``until``: None = for ever."""

    role: str
    place_id: int
    sectors: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Newcomer:
    """A person to be and all that they may do; the first grant says whose person they are."""

    person: one.NewPerson
    grants: tuple[NewGrant, ...] = ()


def add_people(viewer: Viewer, specs: Sequence[Newcomer]) -> list[Person]:
    """Add people with their grants, all or none; returns them in the order of ``specs``.

    People who are given the same first password share its hash, as one costs 50 ms by design. A refusal carries the
    number of its spec as parameter ``row``, from 1.
    """
    with transaction.atomic():
        batch = _Batch(viewer)
        people = [batch.person(number, spec) for number, spec in enumerate(specs)]
        Person.objects.bulk_create(people, batch_size=_AT_ONCE)
        grants = [
            grant
            for person, spec in zip(people, specs, strict=True)
            for grant in (batch.grant(person, each) for each in spec.grants)
        ]
        Grant.objects.bulk_create(grants, batch_size=_AT_ONCE)
        _record(viewer, people, specs, grants)
    return people


class _Batch:
    """What is looked up once for all."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer, self._now = viewer, clock.now()
        self._taken = set(Person.objects.values_list(Lower("username"), flat=True))
        self._hashes: dict[str, str] = {}
        self._places: dict[int, Place] = {}

    def person(self, number: int, spec: Newcomer) -> Person:
        """The person's row; every grant is checked before anybody is written."""
        try:
            return self._person(spec)
        except Refused as refused:
            raise refused.in_row(number + 1) from None

    def grant(self, person: Person, new: NewGrant) -> Grant:
        return Grant(
            person=person,
            role=new.role,
            place=self._places[new.place_id],
            sectors=sorted(set(new.sectors)),
            since=new.since or self._now,
            until=new.until,
            given_by_id=self._viewer.person_id,
        )

    def _person(self, spec: Newcomer) -> Person:
        new = spec.person
        if not spec.grants and self._viewer is not SYSTEM:
            raise Refused(Refusal("person.no_grant", "新人员还没有角色和场所。", "请同时选择角色和场所。"))
        for grant in spec.grants:
            self._check(grant)
        if spec.grants:
            home = self._places[spec.grants[0].place_id]
            if not self._viewer.may("person.edit", home.path, home.sector):
                raise NotAllowed("person.edit")
        check(one.username_is_good(new.username, taken=new.username.lower() in self._taken))
        self._taken.add(new.username.lower())
        person = Person(username=new.username, name=new.name, phone=new.phone)
        person.password = self._hash(new.password, person)
        return person

    def _check(self, new: NewGrant) -> None:
        if new.place_id not in self._places:
            self._places[new.place_id] = selectors.place(self._viewer, new.place_id)
        since = new.since or self._now
        check(
            one.role_is_known(new.role)
            or rules.begins_in_time(since, self._now)
            or rules.period_is_good(since, new.until)
        )
        one.may_give(self._viewer, new.role, self._places[new.place_id], new.sectors, new.until)

    def _hash(self, password: str | None, person: Person) -> str:
        if password is None:
            return make_password(None)
        one.check_password(password, person)
        if password not in self._hashes:
            self._hashes[password] = make_password(password)
        return self._hashes[password]


def _record(viewer: Viewer, people: Sequence[Person], specs: Sequence[Newcomer], grants: Sequence[Grant]) -> None:
    keys = [PersonKey(person=person, wrapped=secrets.new_wrapped_key()) for person in people]
    PersonKey.objects.bulk_create(keys, batch_size=_AT_ONCE)
    entries = []
    for person, spec, key in zip(people, specs, keys, strict=True):
        home = spec.grants[0].place_id if spec.grants else None
        name = secrets.seal(bytes(key.wrapped), person.name)
        entries.append(Entry(viewer.person_id, "person.add", home, f"person:{person.pk}", {"name": name}))
    for grant in grants:
        subject = f"grant:{grant.pk}"
        entries.append(Entry(viewer.person_id, "grant.give", grant.place_id, subject, one.told(grant)))
    audit_many(entries)
    emit_many("grants", ((grant.place_id, {"person": grant.person_id}) for grant in grants))
