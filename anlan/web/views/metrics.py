"""``/metrics`` for Prometheus: figures only, and only for whoever knows the token of ``ANLAN_METRICS_TOKEN``."""

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from anlan import __version__
from anlan.apps.monitoring import selectors
from anlan.kit import exposition, pages
from anlan.kit.exposition import Family
from anlan.rules.refusal import Refusal
from anlan.web import siblings
from anlan.web.traffic import traffic

WRONG_TOKEN = Refusal("metrics.token", "令牌缺失或不正确。", "请在请求头中发送 Authorization: Bearer <令牌>。")


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    if not settings.METRICS_TOKEN:
        raise Http404
    if not _knows_the_token(request):
        refused = pages.error(request, 401, WRONG_TOKEN)
        refused["WWW-Authenticate"] = "Bearer"
        return refused
    answer = HttpResponse(exposition.render(_families()), content_type=exposition.CONTENT_TYPE)
    answer["Cache-Control"] = "no-store"
    return answer


def _knows_the_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())


def _families() -> Iterator[Family]:
    """What the web processes and the engine say is told although the database is away."""
    yield exposition.gauge("anlan_info", "Version of the product.", (1, {"version": __version__}))
    yield from siblings.with_others(settings.DATA, traffic.families())
    yield from selectors.engine_figures()
    try:
        figures, answers = list(selectors.record_figures()), 1
    except DatabaseError:
        figures, answers = [], 0
    yield exposition.gauge("anlan_database_up", "Whether the records database answers.", (answers, {}))
    yield from figures
