"""The whole file on paper or as a document: at once where it is short, by the worker with progress where it is long."""

from collections.abc import Sequence
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from anlan.apps.core.actions import audit
from anlan.apps.core.models import Place
from anlan.apps.enterprises import actions, documents, export, selectors
from anlan.kit import clock
from anlan.kit.errors import NotInScope
from anlan.kit.grants import Viewer
from anlan.rules.file_values import Value
from anlan.web.atlas.inside import sector_name
from anlan.web.views.parts import layout, page

SHORT = 300  # rows that are made into a document while the browser waits (under a second)


@require_POST
@page
def ask(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponseBase:
    suffix = request.POST.get("format", "")
    place = selectors.file_place(viewer, place_id)
    if suffix in documents.FORMATS and export.size(viewer, place) <= SHORT:
        content = documents.build(viewer, place, suffix)
        audit(viewer.person_id, "enterprise.export", place, f"enterprise:{place_id}", {"format": suffix})
        return _sent(HttpResponse(content, content_type=documents.FORMATS[suffix]), place, suffix)
    job = actions.ask_for_export(viewer, place_id, suffix)
    return redirect("web:enterprise_export", job.pk)


@page
def progress(request: HttpRequest, viewer: Viewer, job_id: int) -> HttpResponse:
    found = selectors.export(viewer, job_id)
    return render(request, "web/enterprises/export.html", {**layout(request), "export": found, "place": found.place})


@page
def fetch(request: HttpRequest, viewer: Viewer, job_id: int) -> HttpResponseBase:
    found = selectors.export(viewer, job_id)
    if not found.ready:
        raise NotInScope
    content = default_storage.open(selectors.export_name(job_id, found.suffix))
    return _sent(FileResponse(content, content_type=documents.FORMATS[found.suffix]), found.place, found.suffix)


@page
def paper(request: HttpRequest, viewer: Viewer, place_id: int) -> HttpResponse:
    """The whole file on one page, for printing."""
    place = selectors.file_place(viewer, place_id)
    told = [(table, [_filled(table, row) for row in table.rows]) for table in export.tables(viewer, place)]
    context = {"place": place, "sector": sector_name(place.sector), "tables": told, "made": clock.now()}
    return render(request, "web/enterprises/print.html", {**layout(request), **context})


def _filled(table: export.Table, row: Sequence[Value]) -> list[tuple[str, str]]:
    """What a row says, name by name, without what is empty."""
    return [
        (title, export.said(value)) for title, value in zip(table.titles, row, strict=True) if value not in (None, "")
    ]


def _sent(response: HttpResponseBase, place: Place, suffix: str) -> HttpResponseBase:
    name = f"{place.name}-档案-{timezone.localtime(clock.now()):%Y%m%d-%H%M}.{suffix}"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
