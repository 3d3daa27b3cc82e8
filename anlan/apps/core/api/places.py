"""The tree of places."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema, Status

from anlan.apps.core import actions, selectors
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.kit.api import Id, Listed, Slice, Strict, Words, cut

router = Router(tags=[_("场所")])

#: sort → the columns that give a list that order without doubt
SORTS = {"tree": ("path",), "name": ("name", "pk"), "-name": ("-name", "-pk"), "newest": ("-pk",)}


class PlaceOut(Schema):
    """A place: anything risk can be at, from a province to a valve."""

    id: int
    parent_id: int | None
    kind: PlaceKind
    name: str
    code: str
    sector: str
    geometry: dict[str, Any] | None
    retired: datetime | None


class PlaceStep(Schema):
    """One step of the way from the top of the tree to a place."""

    id: int
    name: str
    kind: PlaceKind


class PlaceFilter(Strict):
    """Which places."""

    kind: list[PlaceKind] = Field([], description="Only these kinds.")
    sector: list[Words] = Field([], max_length=40, description="Only these sectors.")
    under: Id | None = Field(None, description="Only this place and what lies below it.")
    text: Words = Field("", max_length=60, description="In the name, or at the beginning of the code.")
    retired: bool = Field(False, description="Also places that are out of use.")


class PlaceQuery(PlaceFilter, Slice):
    sort: Literal["tree", "name", "-name", "newest"] = Field("tree", description="Order of the list.")


class NewPlace(Strict):
    parent_id: Id
    kind: PlaceKind
    name: Words = Field(min_length=1, max_length=120)
    code: Words = Field("", max_length=24)
    sector: Words = Field("", max_length=32)
    geometry: dict[str, Any] | None = None


class PlaceChanges(Strict):
    name: Words | None = Field(None, min_length=1, max_length=120)
    code: Words | None = Field(None, max_length=24)
    sector: Words | None = Field(None, max_length=32)
    geometry: dict[str, Any] | None = None


class Target(Strict):
    """Another place, by its id."""

    place_id: Id


class Retired(Schema):
    """How many places were taken out of use."""

    places: int


class Reopened(Schema):
    """How many places are in use again."""

    places: int


def wanted(request: HttpRequest, query: PlaceFilter) -> QuerySet[Place]:
    """Places in the viewer's scope, as far as the query asks for them."""
    viewer = selectors.request_viewer(request)
    found = selectors.places(viewer, kinds=query.kind, retired=query.retired)
    if query.sector:
        found = found.filter(sector__in=query.sector)
    if query.under is not None:
        found = found.filter(pk__in=selectors.subtree(selectors.place(viewer, query.under).path).values("pk"))
    if query.text:
        found = found.filter(pk__in=selectors.search_places(viewer, query.text).values("pk"))
    return found


@router.get("/places", response=Listed[PlaceOut], summary=_("场所列表"))
def list_places(request: HttpRequest, query: Query[PlaceQuery]) -> dict[str, Any]:
    """Places in scope in the order of the tree: by kind, sector, under a place, by a text in name or code."""
    return cut(wanted(request, query), query, *SORTS[query.sort])


@router.post("/places", response={201: PlaceOut}, summary=_("新增场所"))
def add_place(request: HttpRequest, new: NewPlace) -> Status[Place]:
    """Add a place under another. An enterprise needs a sector; what lies in it inherits that."""
    viewer = selectors.request_viewer(request)
    parent = selectors.place(viewer, new.parent_id)
    details = actions.Details(code=new.code, sector=new.sector, geometry=new.geometry)
    return Status(201, actions.add_place(viewer, parent, new.kind, new.name, **details))


@router.get("/places/{place_id}", response=PlaceOut, summary=_("查看场所"))
def get_place(request: HttpRequest, place_id: Id) -> Place:
    """One place."""
    return selectors.place(selectors.request_viewer(request), place_id)


@router.get("/places/{place_id}/path", response=Listed[PlaceStep], summary=_("场所的上级"))
def place_path(request: HttpRequest, place_id: Id) -> dict[str, Any]:
    """The way to a place from the top, as far as the viewer may see it; the place itself comes last."""
    viewer = selectors.request_viewer(request)
    place = selectors.place(viewer, place_id)
    return {"items": [*selectors.ancestors(viewer, place), place]}


@router.patch("/places/{place_id}", response=PlaceOut, summary=_("修改场所"))
def edit_place(request: HttpRequest, place_id: Id, changes: PlaceChanges) -> Place:
    """Change what is given; a geometry of null takes the shape off the map."""
    given = changes.model_dump(exclude_unset=True)
    kept = {name: value for name, value in given.items() if value is not None or name == "geometry"}
    return actions.edit_place(selectors.request_viewer(request), place_id, **kept)


@router.post("/places/{place_id}/move", response=PlaceOut, summary=_("移动场所"))
def move_place(request: HttpRequest, place_id: Id, target: Target) -> Place:
    """Move a place with all below it under another."""
    return actions.move_place(selectors.request_viewer(request), place_id, target.place_id)


@router.post("/places/{place_id}/retire", response=Retired, summary=_("停用场所"))
def retire_place(request: HttpRequest, place_id: Id) -> dict[str, int]:
    """Take a place and all below it out of use; their records stay."""
    return {"places": actions.retire_place(selectors.request_viewer(request), place_id)}


@router.post("/places/{place_id}/reopen", response=Reopened, summary=_("重新启用场所"))
def reopen_place(request: HttpRequest, place_id: Id) -> dict[str, int]:
    """Take a place that was retired into use again, with what was retired together with it."""
    return {"places": actions.reopen_place(selectors.request_viewer(request), place_id)}


@router.post("/places/{place_id}/merge", response=PlaceOut, summary=_("并入另一场所"))
def merge_place(request: HttpRequest, place_id: Id, target: Target) -> Place:
    """Move all that belongs to a place over to another and retire it. It cannot be undone."""
    return actions.merge_places(selectors.request_viewer(request), place_id, target.place_id)


@router.get("/places/{place_id}/members", response=Listed[PlaceOut], summary=_("专题区域的成员"))
def zone_members(request: HttpRequest, place_id: Id, part: Query[Slice]) -> dict[str, Any]:
    """What a zone counts besides what lies below it."""
    viewer = selectors.request_viewer(request)
    return cut(selectors.members(viewer, selectors.place(viewer, place_id)), part, "path")


@router.post("/places/{place_id}/members", response={204: None}, summary=_("加入专题区域"))
def join_zone(request: HttpRequest, place_id: Id, target: Target) -> Status[None]:
    """Have a zone count another place. It gives no rights."""
    actions.join_zone(selectors.request_viewer(request), target.place_id, place_id)
    return Status(204, None)


@router.delete("/places/{place_id}/members/{member_id}", response={204: None}, summary=_("移出专题区域"))
def leave_zone(request: HttpRequest, place_id: Id, member_id: Id) -> Status[None]:
    """Have a zone no longer count a place."""
    actions.leave_zone(selectors.request_viewer(request), member_id, place_id)
    return Status(204, None)
