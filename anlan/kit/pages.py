"""Refusals and failures as the reader meets them: one JSON shape for programs, one page for people.

``{"error": {"code": …, "message": …, "fix": …}}``; the page is the template ``kit/errors/<status>.html``, or
``kit/errors/error.html`` where there is none, with ``error`` holding the same three.
"""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string, select_template
from django.utils.translation import gettext

from anlan.kit.errors import AnlanError, BadInput, NotAllowed, NotInScope, NotSignedIn, Refused, TooMany, Unavailable
from anlan.rules.refusal import Refusal

NOT_FOUND = Refusal("not_found", "没有这个页面或对象，或您无权查看。", "请检查地址，或从地图重新进入。")
SIGN_IN = Refusal("sign_in.needed", "请先登录。", "登录后重试。")
FORBIDDEN = Refusal("forbidden", "此操作未被允许。", "请刷新页面后重试。")
BROKEN = Refusal("internal", "系统出错，已记录。", "请稍后重试；如再次发生，请联系系统管理员。")
UNREADABLE = Refusal("bad_request", "请求无法读取。", "请刷新页面后重试。")


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks: the API's addresses, or an Accept header that prefers JSON to HTML."""
    return request.path.startswith("/api/") or request.get_preferred_type(["text/html", "application/json"]) == (
        "application/json"
    )


def shape(refusal: Refusal) -> dict[str, dict[str, str]]:
    """The one JSON shape of an error, in the reader's language."""
    message, fix = refusal.filled(gettext(refusal.message)), refusal.filled(gettext(refusal.fix)) if refusal.fix else ""
    return {"error": {"code": refusal.code, "message": message, "fix": fix}}


def error(request: HttpRequest, status: int, refusal: Refusal, retry_after_s: int | None = None) -> HttpResponse:
    """The answer to a request that was refused or failed."""
    response: HttpResponse
    if wants_json(request):
        said = json.dumps(shape(refusal), ensure_ascii=False).encode(errors="replace")  # it may quote half a character
        response = HttpResponse(said, status=status, content_type="application/json")
    else:
        template = select_template([f"kit/errors/{status}.html", "kit/errors/error.html"])
        response = HttpResponse(template.render({**shape(refusal), "status": status}, request), status=status)
    if retry_after_s is not None:
        response["Retry-After"] = str(retry_after_s)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def answer(request: HttpRequest, failure: AnlanError) -> HttpResponse:
    """The answer to an error that this product raised on purpose."""
    if isinstance(failure, Refused):
        return error(request, status_of(failure), failure.refusal)
    if isinstance(failure, NotInScope):
        return error(request, 404, NOT_FOUND)
    if isinstance(failure, TooMany):
        told = {"most": str(failure.most), "wait": str(failure.retry_after_s)}
        refusal = Refusal("too_many_requests", "一分钟内超过 {most} 次请求。", "请在 {wait} 秒后重试。", told)
        return error(request, 429, refusal, failure.retry_after_s)
    if isinstance(failure, Unavailable):
        refusal = Refusal("unavailable", "{part}暂时没有应答。", "请稍后重试。", {"part": failure.part})
        return error(request, 503, refusal, failure.retry_after_s)
    return error(request, 500, BROKEN)


def status_of(refused: Refused) -> int:
    """401: not known; 403: may not do it; 422: has the wrong form; 409: does not fit the state."""
    statuses = {NotSignedIn: 401, NotAllowed: 403, BadInput: 422}
    return next((status for kind, status in statuses.items() if isinstance(refused, kind)), 409)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error(request, 400, UNREADABLE)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error(request, 403, FORBIDDEN)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error(request, 403, FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error(request, 404, NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the database and the template context, as either may be what broke."""
    if wants_json(request):
        return JsonResponse(shape(BROKEN), status=500)
    return HttpResponse(render_to_string("kit/errors/500.html", shape(BROKEN)), status=500)
