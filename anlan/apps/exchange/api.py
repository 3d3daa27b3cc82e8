"""Imports and exports as JSON and files: what a person does on the page, a program does here."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Field, File, Form, Query, Router, Schema, Status, UploadedFile

from anlan.apps.core.selectors import request_viewer
from anlan.apps.exchange import actions, downloads, selectors
from anlan.apps.exchange.choices import LineState, RunState
from anlan.apps.exchange.kinds import Kind
from anlan.apps.exchange.models import ImportLine, ImportRun
from anlan.kit import sheets
from anlan.kit.api import Id, Listed, Slice, Strict, Words, cut, sends
from anlan.kit.errors import BadInput
from anlan.rules.refusal import Refusal

router = Router(tags=[_("导入与导出")])

_EVERY = [kind.partition(";")[0] for kind in downloads.MEDIA.values()]
Format = Literal["xlsx", "csv", "geojson"]
KindKey = Annotated[Words, Field(max_length=24, examples=["places"])]


class ColumnOut(Schema):
    """A column of the file. ``key`` and ``title`` both name it; ``choices``: what may stand there, key → word."""

    key: str
    title: str
    required: bool
    help: str
    example: str
    choices: dict[str, str]


class KindOut(Schema):
    """A kind of thing that comes and goes as a file."""

    key: str = Field(examples=["places"])
    name: str = Field(examples=["场所"])
    formats: list[Format]
    columns: list[ColumnOut]


class Problem(Schema):
    """Why a file cannot be used, or a step stopped."""

    code: str
    message: str
    fix: str


class RunOut(Schema):
    """One file that was handed in. ``state`` moves by itself from ``staging``, ``publishing`` and ``undoing``."""

    id: int
    kind: str = Field(examples=["places"])
    name: str = Field(description="Of the file.", examples=["企业.xlsx"])
    state: RunState
    created: datetime
    done: int = Field(description="Rows that the step at work has been through.")
    total: int = Field(description="Rows that it goes through; 0 before it begins.")
    fresh: int = Field(description="Rows that are new.")
    changed: int = Field(description="Rows that change something.")
    same: int = Field(description="Rows that change nothing.")
    bad: int = Field(description="Rows with something wrong; they are never written.")
    unused: list[str] = Field(description="Headings of the file that no column has.")
    problem: Problem | None = Field(description="Why the file was refused, or the last step stopped; null = neither.")
    published: datetime | None = Field(description="When its rows were written; null = not.")
    undone: datetime | None = Field(description="When that was taken back; null = not.")

    @staticmethod
    def resolve_done(run: ImportRun) -> int:
        return selectors.progress(run)[0]

    @staticmethod
    def resolve_total(run: ImportRun) -> int:
        return selectors.progress(run)[1] or run.total

    @staticmethod
    def resolve_problem(run: ImportRun) -> dict[str, str] | None:
        return run.problem or None


class LineOut(Schema):
    """One row of the file: what it is, and what is wrong with it."""

    number: int = Field(description="In the file, from 1.")
    state: LineState
    title: str = Field(description="What the row is about.", examples=["3 号储罐区"])
    remark: str = Field(description="What is wrong and what to do; empty = nothing.")
    target: int | None = Field(description="Id of what it is, or became; null = nothing yet.")
    changes: dict[str, Any] = Field(description="What would change, or did.")

    @staticmethod
    def resolve_changes(line: ImportLine) -> dict[str, Any]:
        found = line.data.get("changes")
        return found if isinstance(found, dict) else {}


class RunQuery(Slice):
    kind: Words = Field("", max_length=24, description="Only of this kind.", examples=["places"])
    state: list[RunState] = Field([], description="Only in these states.")


class LineQuery(Slice):
    state: list[LineState] = Field([], description="Only rows that are this.")


class HandedIn(Strict):
    kind: KindKey


class Publishing(Strict):
    whole: bool = Field(False, description="All or nothing: a single bad row stops it.")


class ExportQuery(Strict):
    format: Format = Field("xlsx", description="What the file shall be; shapes come with GeoJSON only.")


@router.get("/imports/kinds", response=Listed[KindOut], summary=_("可导入的类别"))
def import_kinds(request: HttpRequest) -> dict[str, Any]:
    """What the viewer may import and export, with the columns of each in the language that was asked for."""
    return {"items": [_kind(kind) for kind in selectors.kinds(request_viewer(request))]}


@router.get("/imports/kinds/{kind}/template", response=bytes, summary=_("导入模板"), openapi_extra=sends(sheets.XLSX))
def import_template(request: HttpRequest, kind: KindKey) -> StreamingHttpResponse:
    """An empty workbook with the headings, drop-downs and hints of a kind."""
    return downloads.template(selectors.kind(request_viewer(request), kind))


@router.get("/imports", response=Listed[RunOut], summary=_("导入记录"))
def list_imports(request: HttpRequest, query: Query[RunQuery]) -> dict[str, Any]:
    """The viewer's own imports, newest first."""
    found = selectors.runs(request_viewer(request))
    found = found.filter(kind=query.kind) if query.kind else found
    return cut(found.filter(state__in=query.state) if query.state else found, query, "-pk")


@router.post("/imports", response={201: RunOut}, summary=_("上传导入文件"))
def hand_in_import(
    request: HttpRequest, given: Form[HandedIn], file: Annotated[UploadedFile, File()]
) -> Status[ImportRun]:
    """Hand in an Excel, CSV or GeoJSON file as multipart/form-data. Its rows are looked at; nothing is written yet."""
    return Status(201, actions.hand_in(request_viewer(request), given.kind, file))


@router.get("/imports/{run_id}", response=RunOut, summary=_("查看导入"))
def get_import(request: HttpRequest, run_id: Id) -> ImportRun:
    """How an import stands; ask again while a step is at work."""
    return selectors.run(request_viewer(request), run_id)


@router.get("/imports/{run_id}/lines", response=Listed[LineOut], summary=_("导入逐行核对"))
def import_lines(request: HttpRequest, run_id: Id, query: Query[LineQuery]) -> dict[str, Any]:
    """What each row of the file is, in the order of the file."""
    found = selectors.lines(request_viewer(request), run_id)
    return cut(found.filter(state__in=query.state) if query.state else found, query, "number")


@router.get("/imports/{run_id}/marked", response=bytes, summary=_("标出错行的文件"), openapi_extra=sends(*_EVERY))
def marked_import(request: HttpRequest, run_id: Id) -> StreamingHttpResponse:
    """The file as it was handed in, with its bad rows explained beside them."""
    return downloads.marked(selectors.run(request_viewer(request), run_id))


@router.post("/imports/{run_id}/publish", response=RunOut, summary=_("发布导入"))
def publish_import(request: HttpRequest, run_id: Id, how: Publishing) -> ImportRun:
    """Have the good rows written, in the background."""
    return actions.ask_to_publish(request_viewer(request), run_id, whole=how.whole)


@router.post("/imports/{run_id}/undo", response=RunOut, summary=_("撤销导入"))
def undo_import(request: HttpRequest, run_id: Id) -> ImportRun:
    """Have what was written taken back, unless somebody has touched it since."""
    return actions.ask_to_undo(request_viewer(request), run_id)


@router.post("/imports/{run_id}/drop", response=RunOut, summary=_("放弃导入"))
def drop_import(request: HttpRequest, run_id: Id) -> ImportRun:
    """Give up an import that was not published; its line in the history stays."""
    return actions.drop(request_viewer(request), run_id)


@router.get("/exports/{kind}", response=bytes, summary=_("导出全部"), openapi_extra=sends(*_EVERY))
def export_all(request: HttpRequest, kind: KindKey, query: Query[ExportQuery]) -> StreamingHttpResponse:
    """Everything of a kind that the viewer may see, as a file that can be imported again."""
    viewer = request_viewer(request)
    found, suffix = selectors.kind(viewer, kind), f".{query.format}"
    if suffix not in downloads.formats(found):
        params = {"kind": str(found.label), "format": query.format}
        refusal = Refusal("export.no_such_format", "“{kind}”不能导出为 {format}。", "可用 xlsx 或 csv。", params)
        raise BadInput(refusal)
    return downloads.everything(viewer, found, suffix)


def _kind(kind: Kind) -> dict[str, Any]:
    columns = [
        {
            "key": one.key,
            "title": str(one.title),
            "required": one.required,
            "help": str(one.help),
            "example": str(one.example),
            "choices": {key: str(word) for key, word in one.choices.items()},
        }
        for one in kind.fields()
    ]
    formats = [suffix[1:] for suffix in downloads.formats(kind)]
    return {"key": kind.key, "name": str(kind.label), "formats": formats, "columns": columns}
