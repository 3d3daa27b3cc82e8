"""Programs at the door of the API: ``Authorization: Bearer <token>`` in place of a session."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from anlan.apps.core import actions, selectors
from anlan.kit import pages
from anlan.kit.errors import AnlanError
from anlan.kit.grants import by_token
from anlan.rules.refusal import Refusal

_READS = ("GET", "HEAD", "OPTIONS")
_BAD_SCHEME = Refusal("token.bad_header", "请求头 Authorization 无法识别。", "请写作 Authorization: Bearer <令牌>。")


class BearerMiddleware:
    """Makes the owner of a token, as far as it lets through, the viewer of an API request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("Authorization") if request.path.startswith("/api/") else None
        if given is None:
            return self.get_response(request)
        scheme, _, secret = given.strip().partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            return pages.error(request, 401, _BAD_SCHEME)
        address = str(request.META.get("REMOTE_ADDR", ""))
        try:
            token = actions.use_token(secret.strip(), address, writes=request.method not in _READS)
        except AnlanError as failure:
            return pages.answer(request, failure)
        request._anlan_viewer = selectors.viewer_of_token(token)  # type: ignore[attr-defined]  # as request_viewer keeps it
        with by_token(token.pk):
            return self.get_response(request)
