"""Studies as they are set up: read, begun, changed, computed anew, ended."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema, Status

from anlan.apps.consequences.parks import actions, selectors
from anlan.apps.consequences.parks.api.installations import RiskSourceOut, installation
from anlan.apps.consequences.parks.models import ParkStudy
from anlan.apps.consequences.parks.specs import StudySpec
from anlan.apps.core import selectors as core
from anlan.kit.api import Id, Listed, Number, Slice, Strict, Words, cut
from anlan.kit.grants import Viewer
from anlan.kit.park.inputs import Stability, WeatherClass

router = Router(tags=[_("定量风险评价")])

ZONE = Field(description="acceptable, practicable, intolerable; empty = not judged.", examples=["acceptable"])
DIRECTIONS, MOST_CLASSES = 16, 12


class StudyRow(Schema):
    """A study with what was computed last."""

    id: int
    name: str
    place_id: int
    place: str = Field(description="What people call the place.", examples=["澜县化工园区"])
    stage: str = Field(description="Whose limits hold: new or in_service (GB 36894).", examples=["in_service"])
    sources: int | None = Field(description="Installations that were computed; null = not computed.", examples=[12])
    zone: str = ZONE
    loss: float | None = Field(description="Potential loss of life [1/yr]; null = not computed.", examples=[3.3e-3])
    computed: datetime | None = Field(description="When it was computed last; null = never.")
    fresh: bool = Field(description="Whether nothing that it is made of has changed since.")


class WholeStudyOut(StudyRow):
    """A study as it is set up, and how far it is computed."""

    cell: float = Field(description="Of the grid [m].", examples=[20.0])
    margin: float = Field(description="Of the grid around the sources [m].", examples=[2000.0])
    domino: bool = Field(description="Whether the risk counts knock-on accidents.")
    weather: list[dict[str, Any]] = Field(
        description="Classes: `name`, `stability`, `wind` [m/s], `share` [-], `rose` (from north, clockwise) [-]."
    )
    ended: datetime | None = Field(description="Since when it holds no more; null = it does.")
    under_way: bool = Field(description="Whether it is being computed now.")
    share: int | None = Field(description="How much of that is done [%]; null = it has not begun.", examples=[40])
    failed: bool = Field(description="Whether the last computation broke off.")
    refusal: str = Field(description="Why it cannot be computed, and what to do; empty = nothing is wrong.")
    installations: list[RiskSourceOut]


class WeatherClassIn(Strict):
    """One class of the weather."""

    name: Words = Field("", max_length=60, description="What people call it; empty = class and wind.")
    stability: Stability = Field(description="Pasquill's class.", examples=["D"])
    wind: Number = Field(ge=0.5, le=40, description="At 10 m [m/s].", examples=[3.0])
    share: Number = Field(gt=0, le=1, description="Of the year [-]; all classes make 1.", examples=[1.0])
    rose: list[Number] = Field(
        min_length=DIRECTIONS,
        max_length=DIRECTIONS,
        description="Shares of the directions it comes from, from north, clockwise; they make 1 [-].",
        examples=[[1 / DIRECTIONS] * DIRECTIONS],
    )
    temperature: Number = Field(293.15, ge=233, le=333, description="Of the air [K].")
    humidity: Number = Field(0.6, ge=0, le=1, description="Relative [-].")

    def of(self) -> WeatherClass:
        name = self.name.strip() or f"{self.stability} {self.wind:g} m/s"
        told = (self.stability, self.wind, self.share, tuple(self.rose), self.temperature, self.humidity)
        return WeatherClass(name, *told)


class StudyIn(Strict):
    """What a study is judged by. Its installations are given by themselves."""

    name: Words = Field(min_length=1, max_length=120, description="What people call it.", examples=["园区风险评价"])
    stage: Literal["new", "in_service"] = Field("in_service", description="Whose limits hold (GB 36894).")
    cell: Number | None = Field(None, ge=5, le=200, description="Of the grid [m]; null = as the pack says.")
    margin: Number | None = Field(
        None, ge=200, le=20_000, description="Of the grid around the sources [m]; null = as the pack says."
    )
    domino: bool | None = Field(None, description="Whether risk counts knock-on accidents; null = as the pack says.")
    weather: list[WeatherClassIn] | None = Field(
        None, min_length=1, max_length=MOST_CLASSES, description="null = the pack's, the same wind from everywhere."
    )

    def spec(self) -> StudySpec:
        weather = tuple(one.of() for one in self.weather or ())
        return StudySpec(self.name, self.stage, weather, self.cell or 0.0, self.margin or 0.0, self.domino)


class NewStudy(StudyIn):
    """A study to be begun at a place."""

    place_id: Id


class StudyQuery(Slice):
    under: Id | None = Field(None, description="Only at this place and below.")


@router.get("/risk-studies", response=Listed[StudyRow], summary=_("定量风险评价列表"))
def list_studies(request: HttpRequest, query: Query[StudyQuery]) -> dict[str, Any]:
    """Studies in force in scope, by name."""
    viewer = core.request_viewer(request)
    place = core.place(viewer, query.under, "scenario.view") if query.under is not None else None
    part = cut(selectors.studies(viewer, place), query, "name", "pk")
    return {**part, "items": [_row(one) for one in part["items"]]}


@router.post("/risk-studies", response={201: WholeStudyOut}, summary=_("新建定量风险评价"))
def add_study(request: HttpRequest, body: NewStudy) -> Status[dict[str, Any]]:
    """Begin a study of a place; it is computed once it has an installation."""
    viewer = core.request_viewer(request)
    return Status(201, _whole(viewer, actions.add_study(viewer, body.place_id, body.spec())))


@router.get("/risk-studies/{study_id}", response=WholeStudyOut, summary=_("查看定量风险评价"))
def get_study(request: HttpRequest, study_id: Id) -> dict[str, Any]:
    """One study: its installations, weather, and how far it is computed."""
    viewer = core.request_viewer(request)
    return _whole(viewer, selectors.study(viewer, study_id))


@router.put("/risk-studies/{study_id}", response=WholeStudyOut, summary=_("修改定量风险评价"))
def replace_study(request: HttpRequest, study_id: Id, body: StudyIn) -> dict[str, Any]:
    """Replace name, stage, weather and grid; it is computed anew."""
    viewer = core.request_viewer(request)
    return _whole(viewer, actions.edit_study(viewer, study_id, body.spec()))


@router.post("/risk-studies/{study_id}/compute", response={202: WholeStudyOut}, summary=_("重新计算定量风险评价"))
def compute_study(request: HttpRequest, study_id: Id) -> Status[dict[str, Any]]:
    """Have it computed anew in the background, for example after the enterprises about have changed; ask for the study
    until `under_way` is false."""
    viewer = core.request_viewer(request)
    return Status(202, _whole(viewer, actions.ask_to_compute(viewer, study_id)))


@router.post("/risk-studies/{study_id}/end", response=WholeStudyOut, summary=_("停用定量风险评价"))
def end_study(request: HttpRequest, study_id: Id) -> dict[str, Any]:
    """The study holds no more: what it said of broken criteria is cleared."""
    viewer = core.request_viewer(request)
    return _whole(viewer, actions.end_study(viewer, study_id))


def _row(one: ParkStudy) -> dict[str, Any]:
    known = one.summary or {}
    return {
        "id": one.pk, "name": one.name, "place_id": one.place_id, "place": one.place.name, "stage": one.stage,
        "sources": known.get("sources"), "zone": known.get("zone", ""), "loss": known.get("pll"),
        "computed": one.computed, "fresh": selectors.state(one).fresh,
    }  # fmt: skip


def _whole(viewer: Viewer, one: ParkStudy) -> dict[str, Any]:
    state = selectors.state(one)
    said = state.refusal
    told = {name: getattr(one, name) for name in ("cell", "margin", "domino", "weather", "ended")}
    told |= {name: getattr(state, name) for name in ("under_way", "share", "failed")}
    told["refusal"] = "".join(said.filled(text) for text in (said.message, said.fix)) if said else ""
    return _row(one) | told | {"installations": [installation(each) for each in selectors.sources(viewer, one)]}
