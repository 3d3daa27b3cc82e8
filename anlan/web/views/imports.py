"""导入导出: hand in a file, see what each row is, publish, take back; templates and everything there is as files."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.apps.exchange import actions, downloads, selectors
from anlan.apps.exchange.choices import LineState, RunState
from anlan.apps.exchange.kinds import known
from anlan.apps.exchange.models import ImportRun
from anlan.kit import listing
from anlan.kit.errors import Refused
from anlan.kit.grants import Viewer
from anlan.kit.listing import Choice, Column, Empty, Listing, Option, Text, cells
from anlan.kit.pages import shape
from anlan.web.views.parts import layout, page

UNDER_WAY = (RunState.STAGING, RunState.PUBLISHING, RunState.UNDOING)


@page
def imports_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    kinds = selectors.kinds(viewer)
    context = {**layout(request), "kinds": kinds, "chosen": request.GET.get("kind") or (kinds[0].key if kinds else "")}
    return listing.answer(request, _history(viewer), selectors.runs(viewer), "web/imports.html", context)


@require_POST
@page
def hand_in(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        messages.error(request, _("还没有选择文件。"))
        return redirect("web:imports")
    run = _tried(request, lambda: actions.hand_in(viewer, request.POST.get("kind", ""), upload))
    return redirect("web:import", run.pk) if run else redirect("web:imports")


@page
def import_page(request: HttpRequest, viewer: Viewer, run_id: int) -> HttpResponseBase:
    run = selectors.run(viewer, run_id)
    done, total = selectors.progress(run)
    context = {
        **layout(request),
        "run": run,
        "kind": known()[run.kind],
        "under_way": run.state in UNDER_WAY,
        "failed": run.job is not None and run.job.state == "failed",
        "done": done,
        "total": total,
    }
    if request.headers.get("HX-Target") == "import-state":
        answer = render(request, "web/imports/state.html", context)
        if not context["under_way"]:
            answer["HX-Refresh"] = "true"  # the rows below have changed too
        return answer
    return listing.answer(request, _lines(run), selectors.lines(viewer, run_id), "web/import.html", context)


@require_POST
@page
def publish(request: HttpRequest, viewer: Viewer, run_id: int) -> HttpResponse:
    _tried(request, lambda: actions.ask_to_publish(viewer, run_id, whole="whole" in request.POST))
    return redirect("web:import", run_id)


@require_POST
@page
def undo(request: HttpRequest, viewer: Viewer, run_id: int) -> HttpResponse:
    _tried(request, lambda: actions.ask_to_undo(viewer, run_id))
    return redirect("web:import", run_id)


@require_POST
@page
def drop(request: HttpRequest, viewer: Viewer, run_id: int) -> HttpResponse:
    _tried(request, lambda: actions.drop(viewer, run_id))
    return redirect("web:imports")


@page
def marked(request: HttpRequest, viewer: Viewer, run_id: int) -> HttpResponseBase:
    """The file as it was handed in, with its bad rows coloured and explained."""
    return downloads.marked(selectors.run(viewer, run_id))


@page
def template(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """An empty sheet to fill in, of ``?kind=``."""
    return downloads.template(selectors.kind(viewer, request.GET.get("kind", "")))


@page
def export(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """Everything of ``?kind=`` that the viewer may see, as ``?format=``, in a form that can be handed in again."""
    found = selectors.kind(viewer, request.GET.get("kind", ""))
    suffix = f".{request.GET.get('format', 'xlsx')}"
    if suffix not in downloads.formats(found):
        return redirect("web:imports")
    return downloads.everything(viewer, found, suffix)


def _tried(request: HttpRequest, do: Callable[[], ImportRun]) -> ImportRun | None:
    """What was done, or nothing, with the refusal said on the next page."""
    try:
        return do()
    except Refused as refused:
        told = shape(refused.refusal)["error"]
        messages.error(request, f"{told['message']}{told['fix']}")
        return None


def _history(viewer: Viewer) -> Listing:
    kinds = [Option(kind.key, kind.label) for kind in selectors.kinds(viewer)]
    names = {option.value: str(option.label) for option in kinds}
    return Listing(
        name="imports",
        title=_("导入记录"),
        columns=(
            Column("name", _("文件"), lambda row: row.name, html=lambda row: cells.link(row.name, f"/imports/{row.pk}"),
                   sort="name", width=32),
            Column("kind", _("类别"), lambda row: names.get(row.kind, row.kind), sort="kind"),
            Column("state", _("状态"), lambda row: str(RunState(row.state).label), sort="state"),
            Column("created", _("上传"), lambda row: row.created, sort="created", width=20),
            Column("fresh", _("新增"), lambda row: row.fresh, sort="fresh", number=True, width=10),
            Column("changed", _("更改"), lambda row: row.changed, sort="changed", number=True, width=10),
            Column("bad", _("有错"), lambda row: row.bad, sort="bad", number=True, width=10),
            Column("same", _("没有变化"), lambda row: row.same, sort="same", number=True, width=10, shown=False),
            Column("published", _("发布"), lambda row: row.published, sort="published", shown=False, width=20),
        ),
        filters=(
            Text(_("文件名"), ("name__icontains",)),
            Choice("of", _("类别"), kinds, "kind"),
            Choice("state", _("状态"), [Option(one.value, one.label) for one in RunState], "state"),
        ),
        sort="-created",
        empty=Empty(_("还没有导入过"), _("在上面选择类别，下载模板填写后上传。上传后先核对，确认后才写入。")),
        page_size=20,
    )  # fmt: skip


def _lines(run: ImportRun) -> Listing:
    states = [Option(one.value, one.label) for one in (LineState.BAD, LineState.NEW, LineState.CHANGED, LineState.SAME)]
    return Listing(
        name="import-lines",
        title=_("逐行核对"),
        columns=(
            Column("title", _("内容"), lambda row: row.title or "—", sort="title", width=32),
            Column("number", _("行"), lambda row: row.number, sort="number", number=True, width=8),
            Column("state", _("结果"), lambda row: str(LineState(row.state).label), sort="state"),
            Column("remark", _("说明"), _remark, width=60),
        ),
        filters=(
            Choice("state", _("结果"), states, "state", inline=True),
            Text(_("内容或说明"), ("title__icontains", "remark__icontains")),
        ),
        sort="number",
        empty=Empty(_("没有行"), _("核对完成后，每一行是新增、更改还是有错，都列在这里。")),
    )


def _remark(row: Any) -> str:
    """What is wrong with a row, or what would change."""
    if row.remark:
        return str(row.remark)
    changes = row.data.get("changes") if isinstance(row.data, dict) else None
    before = row.before.get("changes", row.before) if isinstance(row.before, dict) else {}
    if not changes:
        return ""
    pairs = (f"{before.get(key) or '—'} → {value}" for key, value in changes.items() if key != "geometry")
    return "；".join(pairs) or _("位置有变")
