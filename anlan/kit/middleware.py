"""Turns the errors that actions and selectors raise into answers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from anlan.kit import pages
from anlan.kit.errors import AnlanError
from anlan.rules.refusal import Refusal


class ErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and pages.wants_json(request):
            return _not_with_this_method(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return pages.answer(request, exception) if isinstance(exception, AnlanError) else None


def _not_with_this_method(request: HttpRequest, plain: HttpResponse) -> HttpResponse:
    """The framework's bare answer in the one shape of errors."""
    allowed = plain.headers.get("Allow", "")
    words = {"method": str(request.method)[:20], "allowed": allowed}
    refusal = Refusal("request.bad_method", "此地址不接受 {method}。", "可用的方法：{allowed}。", words)
    response = pages.error(request, 405, refusal)
    response["Allow"] = allowed
    return response
