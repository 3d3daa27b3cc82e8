"""People, what they may do, and where they are signed in."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema, Status

from anlan.apps.core import actions, selectors
from anlan.apps.core.actions import keeping
from anlan.apps.core.models import Grant, Person
from anlan.kit import clock
from anlan.kit.api import Id, Listed, Moment, Slice, Strict, Words, cut
from anlan.packs.families import roles

router = Router(tags=[_("人员与授权")])


class PersonOut(Schema):
    """Somebody who can sign in, or in whose name a program works."""

    id: int
    username: str
    name: str
    phone: str
    is_active: bool


class PersonQuery(Slice):
    text: Words = Field("", max_length=60, description="In the name or user name.")
    active: bool | None = Field(None, description="Only people who may, or may no longer, sign in.")


class GrantOut(Schema):
    """A role at a place and everything below it, in some sectors or all, for a time."""

    id: int
    person_id: int
    role: str
    place_id: int
    sectors: list[str]
    since: datetime
    until: datetime | None


class GrantQuery(Slice):
    person_id: Id | None = Field(None, description="Only what this person holds.")
    place_id: Id | None = Field(None, description="Only what is held at this very place.")
    role: Words = Field("", max_length=32, description="Only this role.")


class NewGrant(Strict):
    person_id: Id
    role: Words = Field(max_length=32)
    place_id: Id
    sectors: list[Words] = Field([], max_length=40)
    until: Moment | None = None


class NewPersonIn(Strict):
    username: Words = Field(min_length=2, max_length=64)
    name: Words = Field(min_length=1, max_length=64)
    password: Words | None = Field(None, max_length=200, description="null = signs in nowhere: for programs.")
    phone: Words = Field("", max_length=32)
    role: Words = Field(max_length=32)
    place_id: Id
    sectors: list[Words] = Field([], max_length=40)


class RoleOut(Schema):
    """A role that can be given, and what it lets a person do."""

    key: str
    name: str
    capabilities: list[str]


class NewPassword(Schema):
    """The new password, shown this once."""

    password: str


class SignedOut(Schema):
    """How many sessions were ended."""

    sessions: int


class Me(Schema):
    """Who asks, and what they hold at this moment."""

    person_id: int
    name: str
    token_id: int | None
    capabilities: list[str]


@router.get("/me", response=Me, summary=_("我的权限"))
def me(request: HttpRequest) -> dict[str, Any]:
    """Who the session or token stands for, and the capabilities that it lets through anywhere."""
    viewer = selectors.request_viewer(request)
    held = sorted({name for scope in viewer.scopes for name in scope.capabilities})
    return {
        "person_id": viewer.person_id,
        "name": viewer.name,
        "token_id": viewer.token_id,
        "capabilities": held,
    }


@router.get("/roles", response=Listed[RoleOut], summary=_("角色与权限"))
def list_roles(request: HttpRequest) -> dict[str, Any]:
    """The roles that can be given, by the pack core/roles."""
    known = roles.load(clock.today()).roles
    return {
        "items": [{"key": k, "name": r.name, "capabilities": sorted(r.capabilities)} for k, r in sorted(known.items())]
    }


@router.get("/people", response=Listed[PersonOut], summary=_("人员列表"))
def list_people(request: HttpRequest, query: Query[PersonQuery]) -> dict[str, Any]:
    """The people where the viewer keeps the people, and the viewer."""
    found = selectors.people(selectors.request_viewer(request))
    if query.text:
        found = found.filter(name__icontains=query.text) | found.filter(username__icontains=query.text)
    if query.active is not None:
        found = found.filter(is_active=query.active)
    return cut(found, query, "name", "pk")


@router.post("/people", response={201: PersonOut}, summary=_("新增人员"))
def add_person(request: HttpRequest, new: NewPersonIn) -> Status[Person]:
    """Add a person with a first role; without a password, an account for a program."""
    viewer = selectors.request_viewer(request)
    person = actions.NewPerson(new.username, new.name, new.password, new.phone)
    return Status(201, actions.add_person(viewer, person, new.role, selectors.place(viewer, new.place_id), new.sectors))


@router.get("/people/{person_id}", response=PersonOut, summary=_("查看人员"))
def get_person(request: HttpRequest, person_id: Id) -> Person:
    """One of the people that the viewer keeps, or the viewer."""
    return selectors.person(selectors.request_viewer(request), person_id)


@router.post("/people/{person_id}/deactivate", response=PersonOut, summary=_("停用人员"))
def deactivate_person(request: HttpRequest, person_id: Id) -> Person:
    """Let a person no longer sign in; their sessions and tokens end."""
    return actions.deactivate_person(selectors.request_viewer(request), person_id)


@router.post("/people/{person_id}/activate", response=PersonOut, summary=_("恢复人员"))
def activate_person(request: HttpRequest, person_id: Id) -> Person:
    """Let a person sign in again. Not by token."""
    return keeping.activate_person(selectors.request_viewer(request), person_id)


@router.post("/people/{person_id}/sign-out", response=SignedOut, summary=_("让人员退出登录"))
def sign_person_out(request: HttpRequest, person_id: Id) -> dict[str, int]:
    """End all sessions of a person. Not by token."""
    return {"sessions": keeping.end_sessions_of(selectors.request_viewer(request), person_id)}


@router.post("/people/{person_id}/reset-sign-in", response=NewPassword, summary=_("重置登录"))
def reset_sign_in(request: HttpRequest, person_id: Id) -> dict[str, str]:
    """A new password for a person, shown once; their second factor and tokens are taken off. Not by token."""
    return {"password": actions.reset_sign_in(selectors.request_viewer(request), person_id)}


@router.post("/people/{person_id}/erase", response={204: None}, summary=_("删除个人信息"))
def erase_person(request: HttpRequest, person_id: Id) -> Status[None]:
    """Forget who a person was. It cannot be undone."""
    actions.erase_person(selectors.request_viewer(request), person_id)
    return Status(204, None)


@router.get("/grants", response=Listed[GrantOut], summary=_("授权列表"))
def list_grants(request: HttpRequest, query: Query[GrantQuery]) -> dict[str, Any]:
    """Grants in force that the viewer keeps, and the viewer's own."""
    found = selectors.grants(selectors.request_viewer(request))
    for name in ("person_id", "place_id", "role"):
        if value := getattr(query, name):
            found = found.filter(**{name: value})
    return cut(found, query, "pk")


@router.post("/grants", response={201: GrantOut}, summary=_("授权"))
def give_grant(request: HttpRequest, new: NewGrant) -> Status[Grant]:
    """Give a person a role at a place. Nobody gives more than they hold."""
    viewer = selectors.request_viewer(request)
    person, place = selectors.person(viewer, new.person_id), selectors.place(viewer, new.place_id)
    return Status(201, actions.give_grant(viewer, person, new.role, place, new.sectors, new.until))


@router.delete("/grants/{grant_id}", response={204: None}, summary=_("收回授权"))
def withdraw_grant(request: HttpRequest, grant_id: Id) -> Status[None]:
    """End a grant now."""
    actions.withdraw_grant(selectors.request_viewer(request), grant_id)
    return Status(204, None)


class SessionOut(Schema):
    """A signed-in browser."""

    handle: str
    since: datetime
    address: str
    browser: str
    expire_date: datetime


@router.get("/sessions", response=Listed[SessionOut], summary=_("登录设备"))
def list_sessions(request: HttpRequest) -> dict[str, Any]:
    """Where the viewer is signed in."""
    return {"items": list(selectors.sessions(selectors.request_viewer(request)))}


@router.delete("/sessions/{handle}", response={204: None}, summary=_("退出一台设备"))
def end_session(request: HttpRequest, handle: Words) -> Status[None]:
    """Sign out somewhere else. Not by token."""
    actions.end_session(selectors.request_viewer(request), handle)
    return Status(204, None)
