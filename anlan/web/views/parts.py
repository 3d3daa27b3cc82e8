"""What every page view needs: the viewer, the layout, words for moments in addresses."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import MAXYEAR, MINYEAR, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from anlan.apps.core.actions import audit
from anlan.apps.core.selectors import request_viewer
from anlan.kit import listing
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal
from anlan.web.context import latest_event_id

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Viewer, P], HttpResponseBase]


def page(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A view for people who have signed in; it is given the viewer.

    The live stream goes on from the newest event of before the view read anything, so that nothing falls between.
    """

    @wraps(view)
    def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not is_part(request):
            request.live_id = latest_event_id()  # type: ignore[attr-defined]  # read by the frame of the page
        _refuse_nul(request)
        return view(request, request_viewer(request), *args, **kwargs)

    return login_required(seen)


def _refuse_nul(request: HttpRequest) -> None:
    """PostgreSQL stores and compares no text with a zero character; nobody types one."""
    if any("\0" in text for said in (request.GET, request.POST) for _, texts in said.lists() for text in texts):
        raise BadInput(Refusal("request.nul", "内容里有不能保存的字符（零字符）。", "请重新输入。"))


def is_part(request: HttpRequest) -> bool:
    """Whether a script asks for a part of a page, to be put into one that is already there."""
    return request.headers.get("HX-Request") == "true"


def layout(request: HttpRequest) -> Mapping[str, Any]:
    """The frame to fill: the whole page, or nothing but its content for a script."""
    return {"layout": "web/part.html" if is_part(request) else "web/base.html"}


def list_page(
    request: HttpRequest,
    viewer: Viewer,
    spec: listing.Listing,
    rows: listing.Rows,
    template: str = "web/list.html",
    **context: Any,
) -> HttpResponseBase:
    """A page that is a list (docs/howto/list.md). A file that leaves is written down, with what was asked for."""

    def exported(suffix: str) -> None:
        asked = {key: values for key, values in request.GET.lists() if key != "format"}
        audit(viewer.person_id, "list.export", None, f"list:{spec.name}", {"format": suffix, "asked": asked})

    return listing.answer(request, spec, rows, template, {**layout(request), **context}, exported)


def moment(request: HttpRequest) -> datetime | None:
    """The time in ``?at=``; None means the present moment."""
    text = request.GET.get("at", "")
    if not text:
        return None
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None or is_naive(at) or not MINYEAR < at.year < MAXYEAR:
        fix = "用 ISO 8601 写法并带时区，例如 2026-11-21T03:00:00+08:00。"
        raise BadInput(Refusal("moment.unreadable", "看不懂时间“{text}”。", fix, {"text": text[:40]}))
    return at


def numbers(texts: Iterable[str]) -> list[int]:
    """The ids among some texts; what is none is passed over."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 12]


LARGEST_SHAPE = 2 << 20


def shape_sent(request: HttpRequest) -> dict[str, Any] | None:
    """A GeoJSON geometry as the map sends it, or None for ``null``, which takes it off the map. Raises BadInput."""
    try:
        shape = json.loads(request.body[:LARGEST_SHAPE] or b"null")
    except (ValueError, RecursionError):
        shape = ""
    if shape is not None and not isinstance(shape, dict):
        raise BadInput(Refusal("geometry.unreadable", "图形无法读取。", "请提供 GeoJSON 图形。"))
    return shape


def whole_number(request: HttpRequest, name: str, default: int, allowed: range) -> int:
    """A number in the address, kept within what the page can show."""
    text = request.GET.get(name, "")
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else default
    return min(max(value, allowed.start), allowed.stop - 1)
