"""报告: choose a place, a kind and a period; the reports that were made, with their files."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.reports import actions, selectors
from anlan.apps.reports.choices import EXCEL, PDF, TYPES, WORD, ReportKind, ReportState
from anlan.apps.reports.models import Report
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from anlan.kit.grants import Viewer
from anlan.kit.listing import Choice, Column, Dates, Empty, Listing, Option, Text, cells
from anlan.kit.pages import shape
from anlan.packs.families import reports as pack
from anlan.web.views.parts import layout, list_page, page, whole_number

NAMES = {PDF: "PDF", WORD: "Word", EXCEL: "Excel"}


@page
def reports_page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    wanted = whole_number(request, "place", 0, range(2**31))
    chosen = core.place(viewer, wanted) if wanted else _home(viewer)
    rules = pack.load(clock.today())
    context = {
        "may_make": viewer.may_anywhere(selectors.MAKE),
        "offers": selectors.offers(),
        "chosen": chosen,
        "path": [*core.ancestors(viewer, chosen), chosen] if chosen else [],
        "periods": rules.periods,
        "usual": rules.usual,
        "kind": request.GET.get("make", ReportKind.ANALYSIS.value),
    }
    return list_page(request, viewer, _listing(), selectors.reports(viewer), "web/reports/list.html", **context)


def _home(viewer: Viewer) -> Place | None:
    """The largest place of which the viewer may have reports made."""
    return core.places(viewer).filter(viewer.scope(selectors.MAKE)).first()


@require_POST
@page
def ask(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """One click: from a place's page with the usual period, or from the form."""
    place_id = whole_number_of(request.POST.get("place", ""))
    days = request.POST.get("days", "")
    try:
        report = actions.ask(viewer, place_id, request.POST.get("kind", ""), whole_number_of(days) if days else None)
    except NotAllowed:
        raise
    except Refused as refused:
        told = shape(refused.refusal)["error"]
        messages.error(request, f"{told['message']}{told['fix']}")
        return redirect(f"{reverse('web:reports')}?place={place_id}")
    return redirect("web:report", report.pk)


def whole_number_of(text: str) -> int:
    """A number that a form sent. Raises NotInScope for what is none: no place is called so."""
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NotInScope
    return int(text)


@page
def report_page(request: HttpRequest, viewer: Viewer, report_id: int) -> HttpResponse:
    report = selectors.report(viewer, report_id)
    job = report.job
    context = {
        **layout(request),
        "report": report,
        "title": selectors.title(report.kind, report.place),
        "what": next(one.what for one in selectors.offers() if one.key == report.kind),
        "files": [(suffix, NAMES[suffix], report.files[suffix]["size"]) for suffix in NAMES if suffix in report.files],
        "failed": report.state == ReportState.MAKING and (job is None or job.state == "failed"),
        "making": report.state == ReportState.MAKING,
        "may_remove": selectors.may_remove(viewer, report),
        "may_make": selectors.may_make(viewer, report.place),
    }
    return render(request, "web/reports/report.html", context)


@page
def fetch(request: HttpRequest, viewer: Viewer, report_id: int) -> HttpResponseBase:
    """A file of a report, ``?as=pdf``, ``docx`` or ``xlsx``. A PDF opens in the browser where ``&open`` asks for it."""
    suffix = request.GET.get("as", PDF)
    report, name = selectors.stored(viewer, report_id, suffix)
    if not default_storage.exists(name):
        raise NotInScope
    actions.fetched(viewer, report, suffix)
    response = FileResponse(default_storage.open(name), content_type=TYPES[suffix])
    how = "inline" if suffix == PDF and "open" in request.GET else "attachment"
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(_file_name(report, suffix))}"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@page
def remove(request: HttpRequest, viewer: Viewer, report_id: int) -> HttpResponseBase:
    try:
        actions.remove(viewer, report_id)
    except Refused as refused:
        told = shape(refused.refusal)["error"]
        messages.error(request, f"{told['message']}{told['fix']}")
        return redirect("web:report", report_id)
    messages.success(request, _("报告和它的文件已删除。"))
    return redirect("web:reports")


def _file_name(report: Report, suffix: str) -> str:
    moment = timezone.localtime(report.as_of or report.asked)
    return f"{selectors.title(report.kind, report.place)}-{moment:%Y%m%d-%H%M}.{suffix}"


# ---------------------------------------------------------------- the list


def _listing() -> Listing:
    kinds = [Option(kind.value, kind.label) for kind in ReportKind]
    states = [Option(state.value, state.label) for state in ReportState]
    return Listing(
        name="reports",
        title=_("报告"),
        columns=(
            Column("title", _("报告"), lambda row: selectors.title(row.kind, row.place), html=_link, width=40),
            Column("kind", _("种类"), lambda row: str(row.get_kind_display()), sort="kind", width=20),
            Column("place", _("对象"), lambda row: row.place.name, sort="place__name", width=28),
            Column("state", _("状态"), _state, sort="state"),
            Column("files", _("下载"), _names, html=_files, width=18),
            Column("as_of", _("数据时点"), lambda row: row.as_of, sort="as_of", width=20),
            Column("days", _("期间，天"), lambda row: row.days, sort="days", number=True, width=10),
            Column("by", _("编制人"), lambda row: row.by.name if row.by else "", sort="by__name"),
            Column("asked", _("提出时间"), lambda row: row.asked, sort="asked", width=20, shown=False),
        ),
        filters=(
            Text(_("对象"), ("place__name__icontains",)),
            Choice("kind", _("种类"), kinds, "kind", inline=True),
            Choice("state", _("状态"), states, "state"),
            Dates("asked", _("提出时间"), "asked"),
        ),
        sort="-asked",
        empty=Empty(
            _("还没有报告"),
            _("在上面选一个地方和一种报告，几秒钟就有 PDF 和 Word；也可在企业和场所的页面上直接出报告。"),
        ),
        page_size=20,
    )


def _link(row: Report) -> SafeString:
    return cells.link(selectors.title(row.kind, row.place), reverse("web:report", args=[row.pk]))


def _state(row: Report) -> str:
    job = row.job
    if row.state == ReportState.MAKING and job is not None:
        if job.state == "failed":
            return str(_("没有做完"))
        return f"{row.get_state_display()} {round(100 * job.done / job.total) if job.total else 0} %"
    return str(row.get_state_display())


def _names(row: Report) -> str:
    return "、".join(NAMES[suffix] for suffix in NAMES if suffix in row.files)


def _files(row: Report) -> SafeString:
    url = reverse("web:report_file", args=[row.pk])
    links = [(url, suffix, NAMES[suffix]) for suffix in NAMES if suffix in row.files]
    told = format_html_join(" ", '<a href="{}?as={}" download>{}</a>', links)
    return told if links else format_html("{}", "—")


__all__: list[Any] = ["ask", "fetch", "remove", "report_page", "reports_page"]
