"""People, what they may do, and how they sign in."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from anlan.apps.core import selectors
from anlan.apps.core.actions.record import audit, emit, end_sessions, refuse_token, revoke_tokens, sealed
from anlan.apps.core.models import Grant, Person, PersonKey, Place
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, NotInScope, Refused, check
from anlan.kit.grants import SYSTEM, Viewer
from anlan.packs.families import roles
from anlan.rules import grants as rules
from anlan.rules.refusal import Refusal


@dataclass(frozen=True)
class NewPerson:
    """Somebody who shall be able to sign in. Without a password they cannot until one is set."""

    username: str
    name: str
    password: str | None = None
    phone: str = ""


def add_person(
    viewer: Viewer, new: NewPerson, role: str = "", place: Place | None = None, sectors: Collection[str] = ()
) -> Person:
    """Add a person with a first grant; only the product itself adds people without one, as nobody would see them."""
    if place is None and viewer is not SYSTEM:
        raise Refused(Refusal("person.no_grant", "新人员还没有角色和场所。", "请同时选择角色和场所。"))
    with transaction.atomic():
        if place is not None and not viewer.may("person.edit", place.path, place.sector):
            raise NotAllowed("person.edit")
        check(username_is_good(new.username, taken=username_taken(new.username)))
        person = Person(username=new.username, name=new.name, phone=new.phone)
        _set_password(person, new.password)
        person.save()
        audit(viewer.person_id, "person.add", place, f"person:{person.pk}", {"name": sealed(person.pk, new.name)})
        if place is not None:
            give_grant(viewer, person, role, place, sectors)
    return person


def give_grant(
    viewer: Viewer,
    person: Person,
    role: str,
    place: Place,
    sectors: Collection[str] = (),
    until: datetime | None = None,
) -> Grant:
    """Give a person a role at a place and below it, from now. Nobody gives more than they hold."""
    with transaction.atomic():
        place = selectors.place(viewer, place.pk)
        now = clock.now()
        check(role_is_known(role) or rules.period_is_good(now, until))
        may_give(viewer, role, place, sectors, until)
        grant = Grant.objects.create(
            person=person,
            role=role,
            place=place,
            sectors=sorted(set(sectors)),
            since=now,
            until=until,
            given_by_id=viewer.person_id,
        )
        _record(viewer, "grant.give", grant)
    return grant


def withdraw_grant(viewer: Viewer, grant_id: int) -> Grant:
    """End a grant now. Its row stays, so that one can see what somebody held when."""
    with transaction.atomic():
        grant = selectors.grant(viewer, grant_id)
        grant = Grant.objects.select_for_update(of=("self",)).select_related("place", "person").get(pk=grant.pk)
        may_give(viewer, grant.role, grant.place, grant.sectors, grant.until)
        check(rules.may_withdraw_last(_managers_besides(grant)))
        grant.until = clock.now()
        grant.save(update_fields=["until"])
        _record(viewer, "grant.withdraw", grant)
    return grant


def deactivate_person(viewer: Viewer, person_id: int) -> Person:
    """Let a person no longer sign in, and end their sessions. What they did stays theirs."""
    with transaction.atomic():
        person = person_to_keep(viewer, person_id)
        if person.pk == viewer.person_id:
            raise Refused(Refusal("person.yourself", "不能停用自己。", "请由另一名管理员办理。"))
        person.is_active = False
        person.save(update_fields=["is_active"])
        end_sessions(person.pk)
        revoke_tokens(person.pk)
        audit(viewer.person_id, "person.deactivate", None, f"person:{person.pk}")
        emit("grants", None, {"person": person.pk})
    return person


def erase_person(viewer: Viewer, person_id: int) -> None:
    """Forget who a person was, as the law may ask: name and numbers go, and audit rows about them become unreadable.

    The rows themselves stay as they are, so the audit chain stays valid.
    """
    with transaction.atomic():
        deactivate_person(viewer, person_id)
        person = Person(pk=person_id, username=f"erased-{person_id}", name="（已删除）", is_active=False)
        person.set_unusable_password()
        person.save(force_update=True)
        PersonKey.objects.filter(person_id=person_id).delete()
        audit(viewer.person_id, "person.erase", None, f"person:{person_id}")


def reset_sign_in(viewer: Viewer, person_id: int) -> str:
    """Give a person who lost their password or second factor a new password, returned, and take the factor off."""
    refuse_token(viewer)
    password = secrets.token_urlsafe(12)
    with transaction.atomic():
        person = person_to_keep(viewer, person_id)
        _set_password(person, password)
        person.save(update_fields=["password"])
        Authenticator.objects.filter(user=person).delete()
        end_sessions(person.pk)
        revoke_tokens(person.pk)
        audit(viewer.person_id, "person.reset_sign_in", None, f"person:{person.pk}")
    return password


def end_session(viewer: Viewer, handle: str) -> None:
    """End one of the viewer's own sessions."""
    refuse_token(viewer)
    with transaction.atomic():
        session = next((own for own in selectors.sessions(viewer) if own.handle == handle), None)
        if session is None:
            raise NotInScope
        session.delete()
        audit(viewer.person_id, "session.end", None, f"person:{viewer.person_id}")
        emit("grants", None, {"person": viewer.person_id})


def role_is_known(role: str) -> Refusal | None:
    """Whether the pack core/roles has the role today."""
    if role in roles.load(clock.today()).roles:
        return None
    return Refusal("grant.no_such_role", "没有角色“{role}”。", "请选择已有的角色。", {"role": role})


def may_give(viewer: Viewer, role: str, place: Place, sectors: Collection[str], until: datetime | None) -> None:
    """Refuse what is more than the viewer holds there."""
    wanted = selectors.capabilities_of(role)
    check(rules.may_give(wanted, viewer.held(wanted | {"grant.give"}, place.path, sectors, until)))


def person_to_keep(viewer: Viewer, person_id: int) -> Person:
    """A person that the viewer keeps: one whose every grant the viewer could give, so that nobody takes over more."""
    person = selectors.person(viewer, person_id)
    for grant in selectors.live_grants(clock.now()).filter(person=person).select_related("place"):
        if not viewer.may("person.edit", grant.place.path, grant.place.sector):
            raise NotAllowed("person.edit")
        may_give(viewer, grant.role, grant.place, grant.sectors, grant.until)
    return person


def _managers_besides(grant: Grant) -> int:
    """How many others can give grants at the top of that tree for ever; 1 when this grant is none of that kind."""
    if "grant.give" not in selectors.capabilities_of(grant.role) or grant.place.parent_id is not None:
        return 1
    others = selectors.live_grants(clock.now()).filter(until=None, person__is_active=True, place__parent=None)
    others = others.filter(place=grant.place, sectors=[]).exclude(pk=grant.pk)
    return sum("grant.give" in selectors.capabilities_of(other.role) for other in others)


def username_taken(username: str) -> bool:
    """Whether somebody has that user name, in whatever case."""
    return Person.objects.filter(username__iexact=username).exists()


def username_is_good(username: str, *, taken: bool) -> Refusal | None:
    """Whether somebody new may sign in under that name."""
    fix = "用户名为 2 至 64 个字母、数字或 . _ - 字符，且未被使用。"
    plain = username.isascii() and username.replace(".", "").replace("_", "").replace("-", "").isalnum()
    if not 2 <= len(username) <= 64 or not plain:
        return Refusal("person.bad_username", "用户名“{username}”不可用。", fix, {"username": username[:64]})
    if taken:
        return Refusal("person.username_taken", "用户名“{username}”已被使用。", fix, {"username": username})
    return None


def _set_password(person: Person, password: str | None) -> None:
    if password is None:
        person.set_unusable_password()
        return
    check_password(password, person)
    person.set_password(password)


def check_password(password: str, person: Person) -> None:
    """Refuse a password that is too weak for that person."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused(Refusal("person.weak_password", "密码不够强。", " ".join(error.messages))) from error


def told(grant: Grant) -> dict[str, object]:
    """What the audit row of a grant tells."""
    return {"role": grant.role, "person": grant.person_id, "sectors": grant.sectors}


def _record(viewer: Viewer, action: str, grant: Grant) -> None:
    audit(viewer.person_id, action, grant.place, f"grant:{grant.pk}", told(grant))
    emit("grants", grant.place_id, {"person": grant.person_id})
