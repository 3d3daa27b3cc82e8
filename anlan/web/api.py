"""The JSON interface: the routers of all apps under one OpenAPI description, and one shape for every error.

An app's ``api.py`` offers a ``router``; it calls the app's selectors and actions with ``request_viewer(request)`` and
lets their errors rise: they are turned into answers here.
"""

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.security import SessionAuth

from anlan import __version__
from anlan.apps.core.api import router as core
from anlan.apps.monitoring.api import router as monitoring
from anlan.kit import pages
from anlan.kit.errors import AnlanError
from anlan.rules.refusal import Refusal

api = NinjaAPI(title="安澜 Anlan", version=__version__, urls_namespace="api", auth=SessionAuth(), docs_url=None)
api.add_router("", core)
api.add_router("", monitoring)


@api.exception_handler(AnlanError)
def _on_purpose(request: HttpRequest, failure: AnlanError) -> HttpResponse:
    return pages.answer(request, failure)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, failure: Http404) -> HttpResponse:
    return pages.error(request, 404, pages.NOT_FOUND)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, failure: HttpError) -> HttpResponse:
    known = {401: pages.SIGN_IN, 403: pages.FORBIDDEN, 404: pages.NOT_FOUND}
    return pages.error(request, failure.status_code, known.get(failure.status_code, pages.UNREADABLE))


@api.exception_handler(ValidationError)
def _bad_input(request: HttpRequest, failure: ValidationError) -> HttpResponse:
    """Says of up to five fields what is wrong with them."""
    said = [f"{_field(error['loc'])}: {error['msg']}" for error in failure.errors[:5]]
    refusal = Refusal("bad_input", "内容不合要求：{what}。", "请按接口说明更正。", {"what": "；".join(said)})
    return pages.error(request, 422, refusal)


def _field(location: tuple[str | int, ...]) -> str:
    """``geometry.type``: without where it was sent and the name that only the function knows."""
    inner = location[2:] if location[0] == "body" and len(location) > 2 else location[1:]
    return ".".join(str(part) for part in inner)
