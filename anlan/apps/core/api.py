"""Places, people, grants, notices, sessions and files as JSON."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Field, File, Query, Router, Schema, Status, UploadedFile
from pydantic import ConfigDict

from anlan.apps.core import actions, selectors
from anlan.apps.core.models import AuditRow, Grant, Notice, Person, Place, Session, StoredFile
from anlan.kit import clock
from anlan.packs.families import roles

router = Router(tags=["core"])
Row = TypeVar("Row", bound=Model)


class Strict(Schema):
    """What is sent may hold nothing that is not asked for."""

    model_config = ConfigDict(extra="forbid")


class Page(Strict):
    """Which part of a list."""

    limit: int = Field(100, ge=1, le=500)
    offset: int = Field(0, ge=0, le=1_000_000)

    def of(self, rows: QuerySet[Row]) -> list[Row]:
        return list(rows[self.offset : self.offset + self.limit])


class PlaceOut(Schema):
    id: int
    parent_id: int | None
    kind: str
    name: str
    code: str
    sector: str
    geometry: dict[str, Any] | None
    retired: datetime | None


class PlaceQuery(Page):
    kind: list[str] = []
    under: int | None = None
    text: str = Field("", max_length=60)


class NewPlace(Strict):
    parent_id: int
    kind: str
    name: str
    code: str = ""
    sector: str = ""
    geometry: dict[str, Any] | None = None


class PlaceChanges(Strict):
    name: str | None = None
    code: str | None = None
    sector: str | None = None
    geometry: dict[str, Any] | None = None


class Target(Strict):
    """Another place, by its id."""

    place_id: int


@router.get("/places", response=list[PlaceOut])
def list_places(request: HttpRequest, query: Query[PlaceQuery]) -> list[Place]:
    """Places in scope in the order of the tree: by kind, under a place, by a text in name or code."""
    viewer = selectors.request_viewer(request)
    found = selectors.places(viewer, kinds=query.kind)
    if query.under is not None:
        found = found.filter(pk__in=selectors.tree(viewer, query.under).values("pk"))
    if query.text:
        found = found.filter(pk__in=selectors.search_places(viewer, query.text).values("pk"))
    return query.of(found)


@router.post("/places", response={201: PlaceOut})
def add_place(request: HttpRequest, new: NewPlace) -> Status[Place]:
    """Add a place under another."""
    viewer = selectors.request_viewer(request)
    parent = selectors.place(viewer, new.parent_id)
    details = actions.Details(code=new.code, sector=new.sector, geometry=new.geometry)
    return Status(201, actions.add_place(viewer, parent, new.kind, new.name, **details))


@router.get("/places/{place_id}", response=PlaceOut)
def get_place(request: HttpRequest, place_id: int) -> Place:
    return selectors.place(selectors.request_viewer(request), place_id)


@router.patch("/places/{place_id}", response=PlaceOut)
def edit_place(request: HttpRequest, place_id: int, changes: PlaceChanges) -> Place:
    """Change what is given; a geometry of null takes the shape off the map."""
    given = changes.model_dump(exclude_unset=True)
    kept = {name: value for name, value in given.items() if value is not None or name == "geometry"}
    return actions.edit_place(selectors.request_viewer(request), place_id, **kept)


@router.post("/places/{place_id}/move", response=PlaceOut)
def move_place(request: HttpRequest, place_id: int, target: Target) -> Place:
    """Move a place with all below it under another."""
    return actions.move_place(selectors.request_viewer(request), place_id, target.place_id)


@router.post("/places/{place_id}/retire", response=dict[str, int])
def retire_place(request: HttpRequest, place_id: int) -> dict[str, int]:
    """Take a place and all below it out of use."""
    return {"places": actions.retire_place(selectors.request_viewer(request), place_id)}


@router.get("/places/{place_id}/members", response=list[PlaceOut])
def zone_members(request: HttpRequest, place_id: int, page: Query[Page]) -> list[Place]:
    """What a zone counts besides what lies below it."""
    viewer = selectors.request_viewer(request)
    return page.of(selectors.members(viewer, selectors.place(viewer, place_id)))


@router.post("/places/{place_id}/members", response={204: None})
def join_zone(request: HttpRequest, place_id: int, target: Target) -> Status[None]:
    """Have a zone count another place."""
    actions.join_zone(selectors.request_viewer(request), target.place_id, place_id)
    return Status(204, None)


@router.delete("/places/{place_id}/members/{member_id}", response={204: None})
def leave_zone(request: HttpRequest, place_id: int, member_id: int) -> Status[None]:
    """Have a zone no longer count a place."""
    actions.leave_zone(selectors.request_viewer(request), member_id, place_id)
    return Status(204, None)


class PersonOut(Schema):
    id: int
    username: str
    name: str
    phone: str
    is_active: bool


class GrantOut(Schema):
    id: int
    person_id: int
    role: str
    place_id: int
    sectors: list[str]
    since: datetime
    until: datetime | None


class NewGrant(Strict):
    person_id: int
    role: str
    place_id: int
    sectors: list[str] = []
    until: datetime | None = None


class NewPersonIn(Strict):
    username: str
    name: str = Field(min_length=1, max_length=64)
    password: str | None = None
    phone: str = Field("", max_length=32)
    role: str
    place_id: int
    sectors: list[str] = []


class RoleOut(Schema):
    key: str
    name: str
    capabilities: list[str]


@router.get("/roles", response=list[RoleOut])
def list_roles(request: HttpRequest) -> list[dict[str, object]]:
    """The roles that can be given, by the pack core/roles."""
    known = roles.load(clock.now().date()).roles
    return [{"key": key, "name": r.name, "capabilities": sorted(r.capabilities)} for key, r in known.items()]


@router.get("/people", response=list[PersonOut])
def list_people(request: HttpRequest, page: Query[Page]) -> list[Person]:
    """The people where the viewer keeps the people, and the viewer."""
    return page.of(selectors.people(selectors.request_viewer(request)))


@router.post("/people", response={201: PersonOut})
def add_person(request: HttpRequest, new: NewPersonIn) -> Status[Person]:
    """Add a person with a first role."""
    viewer = selectors.request_viewer(request)
    person = actions.NewPerson(new.username, new.name, new.password, new.phone)
    return Status(201, actions.add_person(viewer, person, new.role, selectors.place(viewer, new.place_id), new.sectors))


@router.post("/people/{person_id}/deactivate", response=PersonOut)
def deactivate_person(request: HttpRequest, person_id: int) -> Person:
    """Let a person no longer sign in."""
    return actions.deactivate_person(selectors.request_viewer(request), person_id)


@router.post("/people/{person_id}/reset-sign-in", response=dict[str, str])
def reset_sign_in(request: HttpRequest, person_id: int) -> dict[str, str]:
    """A new password for a person, shown once; their second factor is taken off."""
    return {"password": actions.reset_sign_in(selectors.request_viewer(request), person_id)}


@router.post("/people/{person_id}/erase", response={204: None})
def erase_person(request: HttpRequest, person_id: int) -> Status[None]:
    """Forget who a person was. It cannot be undone."""
    actions.erase_person(selectors.request_viewer(request), person_id)
    return Status(204, None)


@router.get("/grants", response=list[GrantOut])
def list_grants(request: HttpRequest, page: Query[Page]) -> list[Grant]:
    """Grants in force that the viewer keeps, and the viewer's own."""
    return page.of(selectors.grants(selectors.request_viewer(request)))


@router.post("/grants", response={201: GrantOut})
def give_grant(request: HttpRequest, new: NewGrant) -> Status[Grant]:
    """Give a person a role at a place."""
    viewer = selectors.request_viewer(request)
    person, place = selectors.person(viewer, new.person_id), selectors.place(viewer, new.place_id)
    return Status(201, actions.give_grant(viewer, person, new.role, place, new.sectors, new.until))


@router.delete("/grants/{grant_id}", response={204: None})
def withdraw_grant(request: HttpRequest, grant_id: int) -> Status[None]:
    """End a grant now."""
    actions.withdraw_grant(selectors.request_viewer(request), grant_id)
    return Status(204, None)


class NoticeOut(Schema):
    id: int
    text: str
    link: str
    created: datetime
    read: datetime | None


class Ids(Strict):
    ids: list[int] = Field(max_length=500)


@router.get("/notices", response=list[NoticeOut])
def list_notices(request: HttpRequest, page: Query[Page]) -> list[Notice]:
    """The viewer's own notices, newest first."""
    return page.of(selectors.notices(selectors.request_viewer(request)))


@router.post("/notices/read", response=dict[str, int])
def read_notices(request: HttpRequest, notices: Ids) -> dict[str, int]:
    """Mark own notices as read."""
    return {"read": actions.read_notices(selectors.request_viewer(request), notices.ids)}


class SessionOut(Schema):
    handle: str
    since: datetime
    address: str
    browser: str
    expire_date: datetime


@router.get("/sessions", response=list[SessionOut])
def list_sessions(request: HttpRequest) -> Iterable[Session]:
    """Where the viewer is signed in."""
    return selectors.sessions(selectors.request_viewer(request))


@router.delete("/sessions/{handle}", response={204: None})
def end_session(request: HttpRequest, handle: str) -> Status[None]:
    """Sign out somewhere else."""
    actions.end_session(selectors.request_viewer(request), handle)
    return Status(204, None)


class FileOut(Schema):
    id: int
    place_id: int
    name: str
    content_type: str
    size: int
    digest: str
    uploaded: datetime


class FileQuery(Page):
    place_id: int | None = None


@router.get("/files", response=list[FileOut])
def list_files(request: HttpRequest, query: Query[FileQuery]) -> list[StoredFile]:
    """Files in scope, newest first; their bytes are at ``/files/<id>``."""
    viewer = selectors.request_viewer(request)
    at = selectors.place(viewer, query.place_id) if query.place_id is not None else None
    return query.of(selectors.files(viewer, at))


@router.post("/places/{place_id}/files", response={201: FileOut})
def add_file(request: HttpRequest, place_id: int, file: Annotated[UploadedFile, File()]) -> Status[StoredFile]:
    """Hand in a file at a place."""
    viewer = selectors.request_viewer(request)
    return Status(201, actions.store_file(viewer, selectors.place(viewer, place_id), file))


class AuditOut(Schema):
    id: int
    at: datetime
    actor_id: int | None
    action: str
    place_id: int | None
    subject: str
    detail: dict[str, Any]


@router.get("/audit", response=list[AuditOut])
def list_audit(request: HttpRequest, page: Query[Page]) -> list[AuditRow]:
    """Who did what, newest first."""
    return page.of(selectors.audit_rows(selectors.request_viewer(request)))
