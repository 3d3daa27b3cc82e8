"""Turns the errors that actions and selectors raise into answers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from anlan.kit import pages
from anlan.kit.errors import AnlanError


class ErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return pages.answer(request, exception) if isinstance(exception, AnlanError) else None
