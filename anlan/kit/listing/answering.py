"""The answer to a request for a list page: the page, the part of it that a script asks for, or a file."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from anlan.kit.errors import BadInput
from anlan.kit.listing import export
from anlan.kit.listing.shown import Shown, show
from anlan.kit.listing.spec import Listing, Rows
from anlan.rules.refusal import Refusal

BODY = "kit/listing/body.html"
FORMATS = {"xlsx": export.excel, "csv": export.csv_file, "geojson": export.geojson}


def answer(
    request: HttpRequest,
    spec: Listing,
    rows: Rows,
    template: str,
    context: Mapping[str, Any] | None = None,
    exported: Callable[[str], None] | None = None,
) -> HttpResponseBase:
    """The list page. The template gets the list as ``list``; ``exported`` is told when a file leaves (audit)."""
    shown = show(request, spec, rows)
    if wanted := request.GET.get("format", ""):
        return _file(shown, wanted, exported)
    if request.headers.get("HX-Target") == f"{shown.element}-body":
        return part(request, shown)
    return render(request, template, {**(context or {}), "list": shown})


def part(request: HttpRequest, shown: Shown) -> HttpResponse:
    """Rows, count and chips alone, for the script that puts them into the page."""
    return render(request, BODY, {"list": shown})


def _file(shown: Shown, wanted: str, exported: Callable[[str], None] | None) -> HttpResponseBase:
    if wanted not in FORMATS or (wanted == "geojson" and shown.spec.geometry is None):
        fix = "可导出：{formats}。"
        raise BadInput(
            Refusal("list.bad_format", "不能导出为“{format}”。", fix, {"format": wanted[:20], "formats": "Excel、CSV"})
        )
    if exported is not None:
        exported(wanted)
    return FORMATS[wanted](shown)
