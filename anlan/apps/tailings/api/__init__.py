"""Tailings ponds for programs: as they are written down, how they stand, storms through them, who looks after them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Status

from anlan.apps.core import selectors as core
from anlan.apps.tailings import actions, selectors
from anlan.apps.tailings.actions import TestSpec
from anlan.apps.tailings.api import shapes, telling
from anlan.apps.tailings.api.written import NewPond, PondIn
from anlan.apps.tailings.choices import Method, Outcome, PondState, Way
from anlan.apps.tailings.models import Pond
from anlan.apps.tailings.selectors import routed
from anlan.kit.api import Day, Id, Listed, Number, Slice, Strict, Words, cut
from anlan.kit.tailings.study import Study

router = Router(tags=[_("尾矿库")])


class PondQuery(Slice):
    under: Id | None = Field(None, description="Only at this place and below.")
    level: Literal[0, 1, 2, 3, 4] | None = Field(None, description="Only those last judged so.")
    condition: Literal["critical", "unsafe", "defective", "normal"] | None = Field(None, description="Only this class.")
    state: PondState | None = Field(None, description="Only those of which this is done.")
    method: Method | None = Field(None, description="Only dams raised so.")


class OpenQuery(Strict):
    """How far the drains are open."""

    open: list[Annotated[float, Field(ge=0, le=1)]] = Field(
        [], max_length=200, description="Share that is open of each drain in its order [-]; fewer = the rest as tested."
    )


class TriedQuery(OpenQuery):
    """Where a flood begins, and what of the catchment is tried; what is not given is as it is now, or as written."""

    start: Number | None = Field(None, ge=-500, le=9000, description="Level at which it begins [m]; null = of now.")
    area: Number | None = Field(None, ge=0.01, le=1000, description="Catchment with the pond [km2]; null = as written.")
    lag: Number | None = Field(None, ge=0.02, le=24, description="Nash's K [h]; null = as written.")
    initial: Number | None = Field(None, ge=0, le=500, description="Initial loss [mm]; null = as written.")
    rate: Number | None = Field(None, ge=0, le=200, description="Loss afterwards [mm/h]; null = as written.")
    peak: Number | None = Field(None, ge=0, le=1, description="Share of 24 h before the worst [-]; null = as written.")

    def tried(self) -> dict[str, float]:
        told = {name: getattr(self, name) for name in ("area", "lag", "initial", "rate", "peak")}
        return {name: value for name, value in told.items() if value is not None}


class StormQuery(TriedQuery):
    """A storm; what is not given is as it is now, or as the pond is designed."""

    period: Number | None = Field(None, ge=1.5, le=1e5, description="Return period [yr]; null = the design storm's.")
    rain: Number | None = Field(None, ge=0, le=1500, description="In 24 h [mm], instead of a return period.")
    wet: Number = Field(0.0, ge=0, le=1000, description="What has fallen before [mm].")


class TestQuery(Slice):
    __test__ = False  # for pytest: not a test of ours

    pond_id: Id | None = Field(None, description="Only of this pond.")
    outcome: Outcome | None = Field(None, description="Only with this outcome.")


class NewInspection(Strict):
    seen: list[Words] = Field([], max_length=60, description="Keys of what is wrong; empty = nothing.")
    note: Words = Field("", max_length=300, description="In people's own words.")


class NewTest(Strict):
    drain: Words = Field(max_length=80, description="Which drain.", examples=["1 号排水井"])
    on: Day = Field(description="The day of the test.")
    way: Way = Field(description="How it was tested.")
    outcome: Outcome = Field(description="What was found.")
    flow: Number | None = Field(None, ge=0, le=10_000, description="Measured [m3/s]; null = not measured.")
    note: Words = Field("", max_length=300, description="In people's own words.")
    next_due: Day | None = Field(None, description="When the next is due; null = by the rules.")


class NewStep(Strict):
    step: Words = Field(max_length=16, description="Which step of closing.", examples=["design"])
    on: Day = Field(description="When it was done.")
    note: Words = Field("", max_length=200, description="In people's own words.")


@router.get("/ponds", response=Listed[shapes.PondRow], summary=_("尾矿库列表"))
def list_ponds(request: HttpRequest, query: Query[PondQuery]) -> dict[str, Any]:
    """Ponds in scope with their last judgement, by name."""
    viewer = core.request_viewer(request)
    place = core.place(viewer, query.under) if query.under is not None else None
    names = {"state": "state", "method": "method", "condition": "condition", "level": "judged_level"}
    wanted = {name: value for key, name in names.items() if (value := getattr(query, key)) is not None}
    part = cut(selectors.ponds(viewer, place).filter(**wanted), query, "name", "pk")
    return {**part, "items": [telling.row(one) for one in part["items"]]}


@router.post("/ponds", response={201: shapes.PondOut}, summary=_("登记尾矿库"))
def add_pond(request: HttpRequest, body: NewPond) -> Status[dict[str, Any]]:
    """Register a pond at a place; it is judged at once."""
    viewer = core.request_viewer(request)
    core.place(viewer, body.place_id, "pond.view")  # whoever could not read it may not write it
    made = actions.add_pond(viewer, body.place_id, body.spec())
    return Status(201, telling.whole(selectors.pond(viewer, made.pk)))


@router.get("/ponds/closings", response=Listed[shapes.ClosingOut], summary=_("闭库销库清单"))
def list_closings(request: HttpRequest) -> dict[str, Any]:
    """Ponds that are out of use, must be closed, are being closed or were, the most urgent first."""
    return {"items": [telling.closing(one) for one in selectors.closings(core.request_viewer(request))]}


@router.get("/ponds/tests", response=Listed[shapes.TestOut], summary=_("排洪设施检测"))
def list_tests(request: HttpRequest, query: Query[TestQuery]) -> dict[str, Any]:
    """Tests of drains in scope, the newest first."""
    viewer = core.request_viewer(request)
    one = selectors.pond(viewer, query.pond_id) if query.pond_id is not None else None
    found = selectors.tests(viewer, one)
    part = cut(found.filter(outcome=query.outcome) if query.outcome else found, query, "-on", "-pk")
    return {**part, "items": [telling.test(row) for row in part["items"]]}


@router.get("/ponds/{pond_id}", response=shapes.PondOut, summary=_("查看尾矿库"))
def get_pond(request: HttpRequest, pond_id: Id) -> dict[str, Any]:
    """One pond as it is written down."""
    return telling.whole(_pond(request, pond_id))


@router.put("/ponds/{pond_id}", response=shapes.PondOut, summary=_("修改尾矿库"))
def edit_pond(request: HttpRequest, pond_id: Id, body: PondIn) -> dict[str, Any]:
    """Replace what is written of a pond: what is not given is no longer written. It is judged at once."""
    actions.edit_pond(core.request_viewer(request), pond_id, body.spec())
    return telling.whole(_pond(request, pond_id))


@router.get("/ponds/{pond_id}/curves", response=shapes.PondCurvesOut, summary=_("库容与泄流曲线"))
def pond_curves(request: HttpRequest, pond_id: Id, query: Query[OpenQuery]) -> dict[str, Any]:
    """What a pond holds and what its drains carry at each level up to the crest."""
    one = _pond(request, pond_id)
    return telling.curves(one, _study(one, query))


@router.get("/ponds/{pond_id}/standing", response=shapes.StandingOut, summary=_("尾矿库今夜安全吗"))
def pond_standing(request: HttpRequest, pond_id: Id) -> dict[str, Any]:
    """Is the pond safe tonight: its level and why, what is measured, what it would stand from the water of now."""
    one = _pond(request, pond_id)
    return telling.standing(selectors.tonight(core.request_viewer(request), one), selectors.shares(one))


@router.get("/ponds/{pond_id}/flood", response=shapes.CourseOut, summary=_("调洪演算"))
def route_flood(request: HttpRequest, pond_id: Id, query: Query[StormQuery]) -> dict[str, Any]:
    """Route a storm through a pond."""
    one = _pond(request, pond_id)
    study = _study(one, query, query.tried())
    period = query.period or selectors.period_of(one)
    result = routed(study, _start(request, one, query), period=period, rain=query.rain, wet=query.wet)
    return telling.course(study, result)


@router.get("/ponds/{pond_id}/floods", response=Listed[shapes.FloodOut], summary=_("各重现期的洪水"))
def list_floods(request: HttpRequest, pond_id: Id, query: Query[TriedQuery]) -> dict[str, Any]:
    """The design storms of several return periods through a pond, the smallest first: the table of the page."""
    one = _pond(request, pond_id)
    study = _study(one, query, query.tried())
    found = selectors.of_periods(study, _start(request, one, query))
    return {"items": [telling.flood(each) for each in found]}


@router.get("/ponds/{pond_id}/below", response=shapes.BelowOut, summary=_("尾矿库下游的人"))
def pond_below(request: HttpRequest, pond_id: Id) -> dict[str, Any]:
    """Who lives and works in the valley below, and when tailings would come."""
    one = _pond(request, pond_id)
    return telling.below(selectors.below(core.request_viewer(request), one))


@router.get("/ponds/{pond_id}/closing", response=shapes.ClosingOut, summary=_("尾矿库闭库进度"))
def pond_closing(request: HttpRequest, pond_id: Id) -> dict[str, Any]:
    """How far the closing of a pond is."""
    return telling.closing(selectors.closing(_pond(request, pond_id)))


@router.get("/ponds/{pond_id}/judgings", response=Listed[shapes.JudgingOut], summary=_("尾矿库等级怎样变化"))
def list_judgings(request: HttpRequest, pond_id: Id, query: Query[Slice]) -> dict[str, Any]:
    """How a pond was judged, the newest first."""
    viewer, one = core.request_viewer(request), _pond(request, pond_id)
    readings = viewer.may("tag.view", one.place.path, one.place.sector)
    part = cut(selectors.judgings(one), query, "-at", "-pk")
    return {**part, "items": [telling.judging(row, readings=readings) for row in part["items"]]}


@router.get("/ponds/{pond_id}/inspections", response=Listed[shapes.InspectionOut], summary=_("尾矿库巡查记录"))
def list_inspections(request: HttpRequest, pond_id: Id, query: Query[Slice]) -> dict[str, Any]:
    """Who looked at a pond, the newest first."""
    part = cut(selectors.inspections(_pond(request, pond_id)), query, "-at", "-pk")
    return {**part, "items": [telling.inspection(row) for row in part["items"]]}


@router.post("/ponds/{pond_id}/inspections", response={201: shapes.InspectionOut}, summary=_("登记巡查"))
def add_inspection(request: HttpRequest, pond_id: Id, body: NewInspection) -> Status[dict[str, Any]]:
    """Write down what was seen at a pond; it moves the level at once."""
    row = actions.add_inspection(core.request_viewer(request), pond_id, body.seen, body.note)
    return Status(201, telling.inspection(row))


@router.post("/ponds/{pond_id}/tests", response={201: shapes.TestOut}, summary=_("登记排洪设施检测"))
def add_test(request: HttpRequest, pond_id: Id, body: NewTest) -> Status[dict[str, Any]]:
    """Write down a test of a drain."""
    row = actions.add_test(core.request_viewer(request), pond_id, TestSpec(**body.dict()))
    return Status(201, telling.test(row))


@router.post("/ponds/{pond_id}/steps", response={201: shapes.ClosingOut}, summary=_("登记闭库步骤"))
def add_step(request: HttpRequest, pond_id: Id, body: NewStep) -> Status[dict[str, Any]]:
    """Write down a step of closing that is done; the steps are done in their order."""
    actions.add_step(core.request_viewer(request), pond_id, body.step, body.on, body.note)
    return Status(201, telling.closing(selectors.closing(_pond(request, pond_id))))


def _study(one: Pond, query: OpenQuery, tried: Mapping[str, float] | None = None) -> Study:
    """The pond as it is asked for; drains that are not named are open as their last test found them."""
    tested = selectors.shares(one)
    return selectors.study_tried(one, tested | dict(zip(tested, query.open, strict=False)), tried or {})


def _start(request: HttpRequest, one: Pond, query: TriedQuery) -> float:
    return query.start if query.start is not None else selectors.level_of_now(core.request_viewer(request), one)


def _pond(request: HttpRequest, pond_id: int) -> Pond:
    return selectors.pond(core.request_viewer(request), pond_id)
