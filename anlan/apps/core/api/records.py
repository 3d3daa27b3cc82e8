"""Notices, files and the audit trail."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import Q
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, File, Query, Router, Schema, Status, UploadedFile

from anlan.apps.core import actions, selectors, views
from anlan.apps.core.models import StoredFile
from anlan.kit.api import Id, Listed, Moment, Slice, Strict, Words, cut, sends
from anlan.rules import paths

router = Router(tags=[_("通知、文件与留痕")])


class NoticeOut(Schema):
    """A message to the viewer."""

    id: int
    text: str
    link: str
    created: datetime
    read: datetime | None


class NoticeQuery(Slice):
    unread: bool = Field(False, description="Only those that were not read yet.")


class Ids(Strict):
    ids: list[Id] = Field([], max_length=500)
    all: bool = Field(False, description="All that are unread, whatever ``ids`` says.")


class ReadCount(Schema):
    """How many notices were marked."""

    read: int


@router.get("/notices", response=Listed[NoticeOut], summary=_("我的通知"))
def list_notices(request: HttpRequest, query: Query[NoticeQuery]) -> dict[str, Any]:
    """The viewer's own notices, newest first."""
    found = selectors.notices(selectors.request_viewer(request))
    return cut(found.filter(read=None) if query.unread else found, query, "-pk")


@router.post("/notices/read", response=ReadCount, summary=_("通知标为已读"))
def read_notices(request: HttpRequest, notices: Ids) -> dict[str, int]:
    """Mark own notices as read; others are passed over."""
    viewer = selectors.request_viewer(request)
    waiting = selectors.notices(viewer).filter(read=None).values_list("pk", flat=True)
    return {"read": actions.read_notices(viewer, waiting if notices.all else notices.ids)}


class FileOut(Schema):
    """A file that was handed in at a place. ``digest`` is SM3 over its bytes."""

    id: int
    place_id: int
    name: str
    content_type: str
    size: int
    digest: str
    uploaded: datetime


class FileQuery(Slice):
    place_id: Id | None = Field(None, description="Only files of this very place.")


@router.get("/files", response=Listed[FileOut], summary=_("文件列表"))
def list_files(request: HttpRequest, query: Query[FileQuery]) -> dict[str, Any]:
    """Files in scope, newest first."""
    viewer = selectors.request_viewer(request)
    at = selectors.place(viewer, query.place_id) if query.place_id is not None else None
    return cut(selectors.files(viewer, at), query, "-pk")


@router.get("/files/{file_id}", response=FileOut, summary=_("查看文件"))
def get_file(request: HttpRequest, file_id: Id) -> StoredFile:
    """What is known about a file."""
    return selectors.file(selectors.request_viewer(request), file_id)


@router.get(
    "/files/{file_id}/content",
    response=bytes,
    summary=_("下载文件"),
    openapi_extra=sends("application/octet-stream"),
)
def file_content(request: HttpRequest, file_id: Id) -> FileResponse:
    """The bytes of a file, as they were handed in."""
    return views.sent(selectors.file(selectors.request_viewer(request), file_id), "application/octet-stream")


@router.post("/places/{place_id}/files", response={201: FileOut}, summary=_("上传文件"))
def add_file(request: HttpRequest, place_id: Id, file: Annotated[UploadedFile, File()]) -> Status[StoredFile]:
    """Hand in a file at a place, as multipart/form-data. Its content must be what its name says."""
    viewer = selectors.request_viewer(request)
    return Status(201, actions.store_file(viewer, selectors.place(viewer, place_id), file))


class AuditOut(Schema):
    """What was done, by whom, to what. Personal data in ``detail`` are ciphertext."""

    id: int
    at: datetime
    actor_id: int | None
    action: str
    place_id: int | None
    subject: str
    detail: dict[str, Any]


class AuditQuery(Slice):
    actor_id: Id | None = Field(None, description="Only what this person did.")
    place_id: Id | None = Field(None, description="Only what was done at this very place.")
    under: Id | None = Field(None, description="Only what was done at this place and below it.")
    text: Words = Field("", max_length=60, description="In the name of the place; or the whole subject: `tag:12`.")
    action: Words = Field("", max_length=48, description="Only this action, or all of a noun: `alarm`.")
    start: Moment | None = Field(None, description="Not before this.")
    end: Moment | None = Field(None, description="Before this.")


@router.get("/audit", response=Listed[AuditOut], summary=_("操作留痕"))
def list_audit(request: HttpRequest, query: Query[AuditQuery]) -> dict[str, Any]:
    """Who did what, newest first."""
    viewer = selectors.request_viewer(request)
    found = selectors.audit_rows(viewer)
    asked = {"actor_id": query.actor_id, "place_id": query.place_id, "at__gte": query.start, "at__lt": query.end}
    found = found.filter(**{name: value for name, value in asked.items() if value is not None})
    if query.under is not None:
        area = selectors.place(viewer, query.under)
        found = found.filter(place__path__gte=area.path, place__path__lt=paths.after(area.path))
    if query.text:
        found = found.filter(Q(place__name__icontains=query.text) | Q(subject__iexact=query.text))
    if query.action:
        found = found.filter(action__startswith=query.action if "." in query.action else f"{query.action}.")
    return cut(found, query, "-pk")
