"""What a scenario would do as a file: zones as GeoJSON, tables as Excel, a fact sheet as PDF or Word."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router

from anlan.apps.consequences import selectors
from anlan.apps.consequences.api.given import EffectKind, TriedIn, WeatherIn, asked
from anlan.apps.consequences.models import Scenario
from anlan.apps.core import selectors as core
from anlan.kit.api import Id, sends
from anlan.kit.grants import Viewer
from anlan.web.views.consequences.files import KINDS, Format, Wanted, made
from anlan.web.views.consequences.weather import Weather

router = Router(tags=[_("事故后果")])

FORMAT = "geojson (zones of every effect), xlsx (zones, sites, neighbours), pdf or docx (a fact sheet)."
FIRST = Field(None, description="Which effect comes first, in a fact sheet the only one; null = the first possible.")


class ScenarioFileQuery(WeatherIn):
    """Which file, in a weather."""

    format: Format = Field("geojson", description=FORMAT)
    effect: EffectKind | None = FIRST


class TriedFileIn(TriedIn):
    """A scenario that is not kept, in a weather, and which file of it."""

    format: Format = Field("geojson", description=FORMAT)
    effect: EffectKind | None = FIRST


@router.post("/scenarios/try/file", response=bytes, summary=_("推演结果文件"), openapi_extra=sends(*KINDS.values()))
def try_file(request: HttpRequest, body: TriedFileIn) -> HttpResponseBase:
    """What a scenario that is not kept would do, as a file. That it left is written down."""
    viewer = core.request_viewer(request)
    return _file(viewer, body.scenario(viewer), body.sky, body)


@router.get(
    "/scenarios/{scenario_id}/file", response=bytes, summary=_("事故后果文件"), openapi_extra=sends(*KINDS.values())
)
def get_scenario_file(request: HttpRequest, scenario_id: Id, query: Query[ScenarioFileQuery]) -> HttpResponseBase:
    """What a scenario would do, as a file. That it left is written down."""
    viewer = core.request_viewer(request)
    return _file(viewer, selectors.scenario(viewer, scenario_id), query, query)


def _file(viewer: Viewer, one: Scenario, said: WeatherIn, wanted: ScenarioFileQuery | TriedFileIn) -> HttpResponseBase:
    question = asked(viewer, one, said)
    mode = said.sky if said.sky != "given" else "hand"
    weather = Weather(mode, question.wind, question.observed, question.stations)
    return made(viewer, one, Wanted(weather, wanted.effect or "", wanted.format))
