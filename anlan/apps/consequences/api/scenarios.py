"""Scenarios as they are written down."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Status

from anlan.apps.consequences import actions, selectors
from anlan.apps.consequences.api.given import ScenarioIn
from anlan.apps.consequences.models import Scenario
from anlan.apps.core import selectors as core
from anlan.kit.api import Id, Listed, Moment, Slice, cut

router = Router(tags=[_("事故后果")])


class NewScenario(ScenarioIn):
    """A scenario to be kept at a place."""

    place_id: Id


class ScenarioOut(ScenarioIn):
    """A scenario that is kept. ``ended``: since when it is possible no more."""

    id: Id
    place_id: Id
    created: Moment = Field(description="When it was written down.")
    ended: Moment | None = Field(None, description="Since when it is possible no more; null = it is.")


class ScenarioQuery(Slice):
    under: Id | None = Field(None, description="Only at this place and below.")


@router.get("/scenarios", response=Listed[ScenarioOut], summary=_("事故情景列表"))
def list_scenarios(request: HttpRequest, query: Query[ScenarioQuery]) -> dict[str, Any]:
    """Scenarios in force in scope."""
    viewer = core.request_viewer(request)
    place = core.place(viewer, query.under, "scenario.view") if query.under is not None else None
    return cut(selectors.scenarios(viewer, place), query, "pk")


@router.post("/scenarios", response={201: ScenarioOut}, summary=_("新建事故情景"))
def add_scenario(request: HttpRequest, body: NewScenario) -> Status[Scenario]:
    """Keep a scenario at a place."""
    return Status(201, actions.add_scenario(core.request_viewer(request), body.place_id, body.spec()))


@router.get("/scenarios/{scenario_id}", response=ScenarioOut, summary=_("查看事故情景"))
def get_scenario(request: HttpRequest, scenario_id: Id) -> Scenario:
    """One scenario, also if it has ended."""
    return selectors.scenario(core.request_viewer(request), scenario_id)


@router.put("/scenarios/{scenario_id}", response=ScenarioOut, summary=_("修改事故情景"))
def replace_scenario(request: HttpRequest, scenario_id: Id, body: ScenarioIn) -> Scenario:
    """Replace what a scenario says."""
    return actions.edit_scenario(core.request_viewer(request), scenario_id, body.spec())


@router.post("/scenarios/{scenario_id}/end", response=ScenarioOut, summary=_("停用事故情景"))
def end_scenario(request: HttpRequest, scenario_id: Id) -> Scenario:
    """The scenario is possible no more."""
    return actions.end_scenario(core.request_viewer(request), scenario_id)
