"""The file of an enterprise: its groups, the rows of each, and keeping them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, File, Query, Router, Schema, Status, UploadedFile

from anlan.apps.core import selectors as core
from anlan.apps.core.models import StoredFile
from anlan.apps.enterprises import actions, forms, selectors
from anlan.apps.enterprises.actions import Draft
from anlan.apps.enterprises.choices import Change
from anlan.apps.enterprises.models import Enterprise, Item, Revision, plain
from anlan.apps.enterprises.selectors import GroupCount
from anlan.kit.api import Id, Listed, Number, Slice, Strict, Words, cut
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.packs.families.file_groups import Group

router = Router(tags=[_("企业档案")])

MOST_AT_ONCE = 200
Ref = Annotated[Words, Field(max_length=40, description="Kind and id of a row.", examples=["licence-12"])]
GroupKey = Annotated[Words, Field(max_length=40, description="Key of a group of the file.", examples=["licences"])]
Value = bool | Number | Annotated[Words, Field(max_length=2000)] | None
Values = Annotated[dict[str, Value], Field(max_length=80, description="By the keys of the group's fields.")]


class FieldOut(Schema):
    """One thing that a group asks for. ``choices``: what may be given, value → words; empty = anything of its type."""

    key: str
    label: str
    type: str = Field(examples=["due"])
    required: bool
    unit: str
    hint: str
    choices: dict[str, str]


class GroupOut(Schema):
    """A group of the file."""

    key: str = Field(examples=["licences"])
    name: str = Field(examples=["证照"])
    branch: str = Field(description="The part of the file that it belongs to.")
    kind: str = Field(description="What its rows are.", examples=["licence"])
    needed: str = Field(description="When it may not be empty: always, chemicals (where some are held), no.")


class GroupDetail(GroupOut):
    """With the fields of its rows."""

    fields: list[FieldOut]


class BranchCount(GroupOut):
    """A group of one enterprise's file: how much is in it."""

    count: int = Field(description="Rows in force.")
    lapsed: int = Field(description="Of these, rows that have run out.")
    due: date | None = Field(description="The first date to come; null = none.")


class GapOut(Schema):
    """What the file lacks by the pack: a whole group, or fields of the basic facts."""

    group: str = Field(examples=["plans"])
    fields: list[str] = Field(description="Labels of the fields; empty = the group has no row.")


class FileTree(Schema):
    """The file of one enterprise: every group, and what is missing."""

    groups: list[BranchCount]
    gaps: list[GapOut]


class ItemOut(Schema):
    """A row of a file."""

    ref: Ref
    place_id: int
    group: str = Field(description="Key of the group whose form it was filled in with.", examples=["licences"])
    values: dict[str, Any] = Field(description="By the keys of the group's fields.")
    due: date | None = Field(description="The first date that a clock runs to; null = none.")
    source: str = Field(description="Where the data come from.")
    changed: datetime = Field(description="When it was last changed.")
    ended: datetime | None = Field(description="Since when it is out of force; null = in force.")
    ended_reason: str = Field(description="Why.", examples=["已换证"])


class AttachedOut(Schema):
    """A file that belongs to a row."""

    id: int
    name: str = Field(examples=["许可证.pdf"])
    size: int


class RevisionOut(Schema):
    """One change of a row: each field before and after."""

    at: datetime
    actor_id: int | None
    change: Change = Field(description="What was done.")
    fields: dict[str, list[Any]] = Field(description="Key → [before, after].")


class ItemDetail(ItemOut):
    """With its files and its history, newest first."""

    files: list[AttachedOut]
    history: list[RevisionOut]


class GroupRows(Slice):
    ended: bool = Field(False, description="Instead of the rows in force, those that were ended.")


class NewItem(Strict):
    place_id: Id
    group: GroupKey
    values: Values
    source: Words = Field("", max_length=80, description="Where the data come from.")


class NewItems(Strict):
    items: list[NewItem] = Field(min_length=1, max_length=MOST_AT_ONCE)


class ItemChanges(Strict):
    values: Values
    place_id: Id | None = Field(None, description="Where it lies from now on; null = as before.")


class Facts(Strict):
    values: Values


class Reason(Strict):
    reason: Words = Field(min_length=1, max_length=200, description="Why.", examples=["已换证"])


@router.get("/file-groups", response=Listed[GroupOut], summary=_("档案的各组"))
def file_groups(request: HttpRequest) -> dict[str, Any]:
    """The groups of every enterprise's file, by the pack core/file_groups."""
    return {"items": [_group(group) for group in forms.groups().groups]}


@router.get("/file-groups/{group}", response=GroupDetail, summary=_("一组的填写项"))
def file_group(request: HttpRequest, group: GroupKey) -> dict[str, Any]:
    """What a row of a group asks for, with the choices of today."""
    known = _known(group)
    form = forms.form(known.key)
    told = [
        {
            **{name: getattr(field, name) for name in ("key", "label", "type", "required", "unit", "hint")},
            "choices": dict(form.choices.get(field.key, {})),
        }
        for field in form.fields
    ]
    return {**_group(known), "fields": told}


@router.get("/enterprises/{place_id}/file", response=FileTree, summary=_("企业档案目录"))
def enterprise_file(request: HttpRequest, place_id: Id) -> dict[str, Any]:
    """Every group of the file with how much is in it, and what is missing."""
    viewer = core.request_viewer(request)
    place = selectors.file_place(viewer, place_id)
    branches = selectors.tree(viewer, place)
    gaps = selectors.gaps(branches, Enterprise.objects.filter(pk=place.pk).first())
    return {
        "groups": [_counted(each) for branch in branches for each in branch.groups],
        "gaps": [{"group": gap.group.key, "fields": list(gap.fields)} for gap in gaps],
    }


@router.put("/enterprises/{place_id}/facts", response={204: None}, summary=_("修改企业基本信息"))
def edit_facts(request: HttpRequest, place_id: Id, facts: Facts) -> Status[None]:
    """Change the basic facts: all of the group ``basics``, as they shall be; opens the file where there is none."""
    viewer = core.request_viewer(request)
    actions.edit_enterprise(viewer, selectors.file_place(viewer, place_id).pk, facts.values)
    return Status(204, None)


@router.get("/enterprises/{place_id}/file/{group}", response=Listed[ItemOut], summary=_("一组的记录"))
def group_rows(request: HttpRequest, place_id: Id, group: GroupKey, query: Query[GroupRows]) -> dict[str, Any]:
    """The rows of a group at an enterprise and below it."""
    viewer, known = core.request_viewer(request), _known(group)
    place = selectors.file_place(viewer, place_id)
    if known.kind == "enterprise":
        raise NotInScope
    part = cut(selectors.rows(viewer, place, known, ended=query.ended), query, "pk")
    return part | {"items": [_item(row) for row in part["items"]]}


@router.post("/items", response={201: Listed[ItemOut]}, summary=_("登记档案记录"))
def add_items(request: HttpRequest, new: NewItems) -> Status[dict[str, Any]]:
    """Add rows to files, all or none; a refusal says which row it is about."""
    drafts = [Draft(one.place_id, one.group, one.values, one.source) for one in new.items]
    added = actions.add_items(core.request_viewer(request), drafts)
    return Status(201, {"items": [_item(row) for row in added]})


@router.get("/items/{ref}", response=ItemDetail, summary=_("查看档案记录"))
def get_item(request: HttpRequest, ref: Ref) -> dict[str, Any]:
    """One row with its files and what was done to it."""
    viewer = core.request_viewer(request)
    kind, item_id = selectors.parts(ref)
    row = selectors.item(viewer, kind, item_id)
    files = selectors.attachments(viewer, kind, [row.pk]).get(row.pk, [])
    history = [_revision(one) for one in selectors.history(viewer, kind, item_id)]
    return {**_item(row), "files": [one.file for one in files], "history": history}


@router.put("/items/{ref}", response=ItemOut, summary=_("修改档案记录"))
def edit_item(request: HttpRequest, ref: Ref, changes: ItemChanges) -> dict[str, Any]:
    """Change a row: ``values`` are all of its form, as it shall be."""
    viewer = core.request_viewer(request)
    return _item(actions.edit_item(viewer, *selectors.parts(ref), changes.values, changes.place_id))


@router.post("/items/{ref}/end", response=ItemOut, summary=_("停用档案记录"))
def end_item(request: HttpRequest, ref: Ref, why: Reason) -> dict[str, Any]:
    """Take a row out of force; it stays in the history and can be restored."""
    return _item(actions.end_item(core.request_viewer(request), *selectors.parts(ref), why.reason))


@router.post("/items/{ref}/restore", response=ItemOut, summary=_("恢复档案记录"))
def restore_item(request: HttpRequest, ref: Ref) -> dict[str, Any]:
    """Put an ended row back into force."""
    return _item(actions.restore_item(core.request_viewer(request), *selectors.parts(ref)))


@router.post("/items/{ref}/files", response={201: AttachedOut}, summary=_("上传附件"))
def attach_file(request: HttpRequest, ref: Ref, file: Annotated[UploadedFile, File()]) -> Status[StoredFile]:
    """Keep a file with a row, as multipart/form-data. Its content must be what its name says."""
    return Status(201, actions.attach_file(core.request_viewer(request), *selectors.parts(ref), file))


class HolderQuery(Strict):
    substance: Words = Field("", max_length=60, description="Name, part of it, or CAS number; empty = any.")
    near_place: Id | None = Field(None, description="Within ``radius`` of the middle of this place.")
    longitude: Number | None = Field(None, ge=-180, le=180, description="Or of this point [degree].", examples=[121.9])
    latitude: Number | None = Field(None, ge=-90, le=90, examples=[40.9])
    radius: Number = Field(3000, gt=0, le=100_000, description="How far [m].")


class HolderOut(Schema):
    """Somebody who keeps a substance; ``metres`` from the middle to the nearest edge of where it is."""

    chemical_id: int = Field(description="Id of the holding: `/api/items/chemical-…`.")
    place_id: int
    enterprise_id: int | None = Field(description="The enterprise that it belongs to; null = none in scope.")
    enterprise: str
    substance: str
    cas: str
    quantity: float | None = Field(description="Present quantity [t].")
    design_maximum: float | None = Field(description="Design maximum [t].")
    metres: float | None = Field(description="How far [m]; null = no circle was asked for.")


@router.get("/holders", response=Listed[HolderOut], summary=_("谁持有某种物质"))
def list_holders(request: HttpRequest, query: Query[HolderQuery]) -> dict[str, Any]:
    """Who keeps a substance, in scope or in a circle, the nearest first: "ammonia within 3 km of the school"."""
    viewer = core.request_viewer(request)
    found = selectors.holders(viewer, query.substance, near=_near(viewer, query))[:MOST_AT_ONCE]
    return {"items": [_holder(one) for one in found]}


def _near(viewer: Viewer, query: HolderQuery) -> selectors.Near | None:
    if query.near_place is not None:
        place = core.place(viewer, query.near_place)
        middle = selectors.middle(place)
        if middle is None:
            raise NotInScope
        return (*middle, query.radius)
    if query.longitude is None or query.latitude is None:
        return None
    return query.longitude, query.latitude, query.radius


def _holder(one: selectors.Holder) -> dict[str, Any]:
    names = ("chemical_id", "place_id", "substance", "cas", "quantity", "design_maximum", "metres")
    firm = {"enterprise_id": one.firm.id if one.firm else None, "enterprise": one.firm.name if one.firm else ""}
    return {**{name: getattr(one, name) for name in names}, **firm}


def _known(key: str) -> Group:
    group = forms.groups().group(key)
    if group is None:
        raise NotInScope
    return group


def _group(group: Group) -> dict[str, str]:
    return {name: getattr(group, name) for name in ("key", "name", "branch", "kind", "needed")}


def _counted(each: GroupCount) -> dict[str, Any]:
    return {**_group(each.group), "count": each.count, "lapsed": each.lapsed, "due": each.due}


def _item(row: Item) -> dict[str, Any]:
    group = forms.home_of(row)
    told: Mapping[str, object] = {
        field.key: plain(forms.value_of(row, field.key)) for field in forms.form(group.key).fields
    }
    own = {name: getattr(row, name) for name in ("place_id", "due", "source", "changed", "ended", "ended_reason")}
    return {"ref": f"{row.KIND.value}-{row.pk}", "group": group.key, "values": told, **own}


def _revision(one: Revision) -> dict[str, Any]:
    return {"at": one.at, "actor_id": one.by_id, "change": one.change, "fields": one.fields}
