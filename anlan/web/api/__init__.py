"""The JSON interface: the routers of all apps under one OpenAPI description, and one shape for every error.

An app's ``api.py`` offers a ``router``; it calls the app's selectors and actions with ``request_viewer(request)`` and
lets their errors rise: they are turned into answers here. ``describe`` makes the description whole, ``glossary`` says
what the properties mean.
"""

from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder
from ninja.security import HttpBearer, SessionAuth

from anlan import __version__
from anlan.apps.consequences.api import router as consequences
from anlan.apps.consequences.parks.api import router as studies
from anlan.apps.core.api import router as core
from anlan.apps.core.selectors import request_viewer
from anlan.apps.enterprises.api import router as enterprises
from anlan.apps.exchange.api import router as exchange
from anlan.apps.hooks.api import router as hooks
from anlan.apps.incidents.api import router as incidents
from anlan.apps.ledger.api import router as ledger
from anlan.apps.monitoring.api import router as monitoring
from anlan.apps.parks.api import router as parks
from anlan.apps.reports.api import router as reports
from anlan.apps.tailings.api import router as tailings
from anlan.kit import pages
from anlan.kit.errors import AnlanError
from anlan.rules.refusal import Refusal
from anlan.web.api import describe
from anlan.web.api.area import router as area
from anlan.web.api.curves import router as curves
from anlan.web.api.packs import router as packs
from anlan.web.api.picture import router as picture
from anlan.web.api.records import router as records
from anlan.web.api.risks import router as risks
from anlan.web.api.scenario_files import router as scenario_files
from anlan.web.api.wall import router as wall


class Bearer(HttpBearer):
    """A token was looked at before any view (``core.bearer``); what is left to say here is whether there was one."""

    def authenticate(self, request: HttpRequest, token: str) -> bool:
        return request_viewer(request).token_id is not None


class Renderer(BaseRenderer):
    """JSON as people read it: Chinese as it is, times to the microsecond with their zone."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=_plain, option=orjson.OPT_NON_STR_KEYS)


_plain = NinjaJSONEncoder().default


class Api(NinjaAPI):
    """Names operations after their functions and tells what is true of all of them."""

    _described: dict[str, Any]

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> Any:
        """The description in the reader's language, made once per language and process."""
        kept: dict[str, Any] = self.__dict__.setdefault("_described", {})
        language = get_language() or ""
        if language not in kept:
            kept[language] = describe.whole(super().get_openapi_schema(**options))
        return kept[language]


api = Api(
    title="安澜 Anlan",
    version=__version__,
    urls_namespace="api",
    auth=[Bearer(), SessionAuth()],
    docs_url=None,
    renderer=Renderer(),
    servers=[{"url": "/"}],
    description=describe.ABOUT,
)
for router in (
    core,
    ledger,
    monitoring,
    enterprises,
    incidents,
    exchange,
    picture,
    area,
    wall,
    risks,
    curves,
    records,
    packs,
    hooks,
    parks,
    scenario_files,
    consequences,
    studies,
    reports,
    tailings,
):
    api.add_router("", router)


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
