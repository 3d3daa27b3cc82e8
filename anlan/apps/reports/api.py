"""Reports for programs: which there are, having one made, its files."""

from datetime import datetime
from typing import Any, Literal

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema, Status

from anlan.apps.core import selectors as core
from anlan.apps.reports import actions, selectors
from anlan.apps.reports.choices import TYPES, ReportKind, ReportState
from anlan.apps.reports.models import Report
from anlan.kit import clock
from anlan.kit.api import Id, Listed, Slice, Strict, cut, sends
from anlan.kit.errors import NotInScope
from anlan.packs.families import reports as pack

router = Router(tags=[_("报告")])

Format = Literal["pdf", "docx", "xlsx"]


class ReportKindOut(Schema):
    """A kind of report that can be made."""

    key: ReportKind = Field(description="What to ask for.")
    name: str = Field(description="What it is called in full.", examples=["风险分析报告"])
    what: str = Field(description="What it tells.")


class ReportKindsOut(Schema):
    """What can be asked for."""

    kinds: list[ReportKindOut]
    periods: list[int] = Field(description="How far back a report may look [d].", examples=[[7, 30, 90]])
    usual: int = Field(description="How far it looks back if nothing is said [d].", examples=[30])


class ReportFileOut(Schema):
    """One file of a report."""

    format: Format = Field(description="Ask for it by this.")
    size: int
    digest: str


class ReportOut(Schema):
    """A report with its state. Seen by whoever may see all that its maker saw; while it is made, by its maker alone."""

    id: int
    kind: ReportKind = Field(description="Which of the four.")
    title: str = Field(description="What it is called.", examples=["九通化工风险分析报告"])
    place_id: int
    place: str = Field(description="What people call the place.", examples=["九通化工"])
    state: Literal["making", "done", "refused", "failed"] = Field(
        description="`refused`: it cannot be made, `problem` says why; `failed`: it was not finished, ask again."
    )
    done: int = Field(description="Steps that are done.", examples=[3])
    total: int = Field(description="Steps there are; 0 before it begins.", examples=[5])
    days: int = Field(description="How far it looks back [d].", examples=[30])
    asked: datetime = Field(description="When it was asked for.")
    as_of: datetime | None = Field(description="The moment that its figures are right for; null = not made.")
    by: str = Field(description="Who had it made; empty = a command.", examples=["赵值"])
    files: list[ReportFileOut]
    problem: str = Field(description="Why it cannot be made, and what to do; empty = nothing is wrong.")


class ReportQuery(Slice):
    under: Id | None = Field(None, description="Only of this place and below.")
    kind: ReportKind | None = Field(None, description="Only of this kind.")
    state: ReportState | None = Field(None, description="Only in this state; one that failed counts as `making`.")


class NewReport(Strict):
    """Which report of what."""

    place_id: Id
    kind: ReportKind = Field(description="Which of the four.")
    days: int | None = Field(None, description="How far back it looks [d], one of `periods`; null = the usual.")


class ReportFileQuery(Strict):
    format: Format = Field("pdf", description="Which of its files.")


@router.get("/reports/kinds", response=ReportKindsOut, summary=_("报告种类"))
def report_kinds(request: HttpRequest) -> dict[str, Any]:
    """The kinds of reports, and the periods that they may look back."""
    rules = pack.load(clock.today())
    kinds = [vars(one) for one in selectors.offers()]
    return {"kinds": kinds, "periods": rules.periods, "usual": rules.usual}


@router.get("/reports", response=Listed[ReportOut], summary=_("报告列表"))
def list_reports(request: HttpRequest, query: Query[ReportQuery]) -> dict[str, Any]:
    """Reports that the viewer may read, the newest first."""
    viewer = core.request_viewer(request)
    place = core.place(viewer, query.under) if query.under is not None else None
    wanted = {name: value for name in ("kind", "state") if (value := getattr(query, name)) is not None}
    part = cut(selectors.reports(viewer, place).filter(**wanted), query, "-asked", "-pk")
    return {**part, "items": [_report(row) for row in part["items"]]}


@router.post("/reports", response={202: ReportOut}, summary=_("生成报告"))
def ask_for_report(request: HttpRequest, body: NewReport) -> Status[dict[str, Any]]:
    """Have a report made in the background; ask for it again until its state is no longer `making`."""
    viewer = core.request_viewer(request)
    return Status(202, _report(actions.ask(viewer, body.place_id, body.kind.value, body.days)))


@router.get("/reports/{report_id}", response=ReportOut, summary=_("查看报告"))
def get_report(request: HttpRequest, report_id: Id) -> dict[str, Any]:
    """One report and how far it is."""
    return _report(selectors.report(core.request_viewer(request), report_id))


@router.get("/reports/{report_id}/content", response=bytes, summary=_("下载报告"), openapi_extra=sends(*TYPES.values()))
def report_content(request: HttpRequest, report_id: Id, query: Query[ReportFileQuery]) -> FileResponse:
    """A file of a report. That it left is written down."""
    viewer = core.request_viewer(request)
    report, name = selectors.stored(viewer, report_id, query.format)
    if not default_storage.exists(name):
        raise NotInScope
    actions.fetched(viewer, report, query.format)
    answer = FileResponse(default_storage.open(name), content_type=TYPES[query.format])
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@router.delete("/reports/{report_id}", response={204: None}, summary=_("删除报告"))
def remove_report(request: HttpRequest, report_id: Id) -> Status[None]:
    """Delete a report that one had made, with its files."""
    actions.remove(core.request_viewer(request), report_id)
    return Status(204, None)


def _report(row: Report) -> dict[str, Any]:
    job = row.job
    failed = row.state == ReportState.MAKING and (job is None or job.state == "failed")
    files = [{"format": key, "size": one["size"], "digest": one["digest"]} for key, one in row.files.items()]
    return {
        "id": row.pk, "kind": row.kind, "title": selectors.title(row.kind, row.place), "place_id": row.place_id,
        "place": row.place.name, "state": "failed" if failed else row.state, "done": job.done if job else 0,
        "total": job.total if job else 0, "days": row.days, "asked": row.asked, "as_of": row.as_of,
        "by": row.by.name if row.by else "", "files": files,
        "problem": "".join(row.problem.get(name, "") for name in ("message", "fix")),
    }  # fmt: skip
