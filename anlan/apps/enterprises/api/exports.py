"""The whole file of an enterprise as a document, made in the background."""

from typing import Any, Literal

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema, Status

from anlan.apps.core.selectors import request_viewer
from anlan.apps.enterprises import actions, documents, selectors
from anlan.kit.api import Id, Strict, sends
from anlan.kit.errors import NotInScope

router = Router(tags=[_("企业档案")])


class ExportAsked(Strict):
    format: Literal["xlsx", "docx"] = Field("xlsx", description="What it shall be.")


class ExportOut(Schema):
    """A document that is being made, kept for a day for whoever asked for it."""

    id: int
    state: Literal["making", "ready", "failed", "gone"] = Field(description="`gone`: more than a day ago.")
    done: int = Field(description="Groups that are written.")
    total: int = Field(description="Groups there are; 0 before it begins.")


@router.post("/enterprises/{place_id}/export", response={202: ExportOut}, summary=_("导出企业档案"))
def ask_for_file_export(request: HttpRequest, place_id: Id, how: ExportAsked) -> Status[dict[str, Any]]:
    """Have the whole file made into an Excel workbook or a Word document."""
    viewer = request_viewer(request)
    job = actions.ask_for_export(viewer, place_id, how.format)
    return Status(202, _told(selectors.export(viewer, job.pk)))


@router.get("/file-exports/{job_id}", response=ExportOut, summary=_("导出进度"))
def get_file_export(request: HttpRequest, job_id: Id) -> dict[str, Any]:
    """How far the document is; ask again until it is ready."""
    return _told(selectors.export(request_viewer(request), job_id))


@router.get(
    "/file-exports/{job_id}/content",
    response=bytes,
    summary=_("下载企业档案"),
    openapi_extra=sends(*documents.FORMATS.values()),
)
def file_export_content(request: HttpRequest, job_id: Id) -> FileResponse:
    """The document."""
    found = selectors.export(request_viewer(request), job_id)
    if not found.ready:
        raise NotInScope
    content = default_storage.open(selectors.export_name(job_id, found.suffix))
    answer = FileResponse(content, content_type=documents.FORMATS[found.suffix])
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _told(found: selectors.Export) -> dict[str, Any]:
    state = "failed" if found.failed else "gone" if found.gone else "ready" if found.ready else "making"
    return {"id": found.job.pk, "state": state, "done": found.job.done, "total": found.job.total}
