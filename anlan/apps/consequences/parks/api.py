"""Quantitative risk studies for programs: which there are, what each is made of, what was computed, risk at a point."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.apps.consequences.parks import selectors
from anlan.apps.consequences.parks.models import ParkStudy
from anlan.apps.consequences.parks.selectors import Share, Target
from anlan.apps.core import selectors as core
from anlan.kit.api import Id, Listed, Number, Slice, Strict, bad_cursor, cut, page_of, read_cursor

router = Router(tags=[_("定量风险评价")])

ZONE = Field(description="acceptable, practicable, intolerable; empty = not judged.", examples=["acceptable"])
YEARLY = "[1/yr]"


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


class RiskSourceOut(Schema):
    """An installation with its leaks. SI units."""

    id: int
    name: str
    place_id: int | None = Field(description="Where it stands in the tree; null = nowhere in particular.")
    longitude: float = Field(description="[degree, CGCS2000]", examples=[121.5])
    latitude: float = Field(description="[degree, CGCS2000]", examples=[41.1])
    substance: str = Field(description="CAS number, or a mixture of the pack.", examples=["7782-50-5"])
    mass: float = Field(description="[kg]", examples=[5000.0])
    temperature: float = Field(description="[K]", examples=[293.15])
    pressure: float | None = Field(description="Absolute [Pa]; null = its own vapour.")
    equipment: str = Field(description="Code of its kind.", examples=["pressure-vessel"])
    holes: list[str] = Field(description="Leaks that are counted.", examples=[["10mm"]])
    amount: float = Field(description="Items, metres, feet or hours of use a year.", examples=[1.0])


class WholeStudyOut(StudyRow):
    """A study as it is set up, and how far it is computed."""

    cell: float = Field(description="Of the grid [m].", examples=[20.0])
    margin: float = Field(description="Of the grid around the sources [m].", examples=[2000.0])
    domino: bool = Field(description="Whether the risk counts knock-on accidents.")
    weather: list[dict[str, Any]] = Field(
        description="Classes: `name`, `stability`, `wind` [m/s], `share` [-], `rose` (from north, clockwise) [-]."
    )
    under_way: bool = Field(description="Whether it is being computed now.")
    share: int | None = Field(description="How much of that is done [%]; null = it has not begun.", examples=[40])
    failed: bool = Field(description="Whether the last computation broke off.")
    refusal: str = Field(description="Why it cannot be computed, and what to do; empty = nothing is wrong.")
    installations: list[RiskSourceOut]


class ContourLevelOut(Schema):
    """Area within a contour of individual risk."""

    level: float = Field(description=f"Individual risk {YEARLY}.", examples=[1e-6])
    hectares: float = Field(description="Within it [ha].", examples=[453.4])
    open: bool = Field(description="Whether it runs out of the grid.")
    people: float | None = Field(description="Who live inside, and who work there as far as the reader may know.")


class SocietalOut(Schema):
    """The F-N curve and its judgement."""

    number: list[float] = Field(description="N people or more …")
    frequency: list[float] = Field(description=f"… die so often {YEARLY}.")
    zone: str = ZONE
    loss: float = Field(description=f"Potential loss of life {YEARLY}.", examples=[3.3e-3])
    added: float = Field(description=f"Of it by knock-on accidents {YEARLY}.", examples=[1.2e-4])


class RiskAtOut(Schema):
    """A protected target. Only those in the reader's scope, and homes."""

    place_id: int | None = Field(description="Id of its place; null = homes.")
    name: str = Field(description="What people call it; empty = homes.")
    kind: str = Field(description="public, work or home.", examples=["public"])
    category: str = Field(description="Its category in GB 36894.")
    longitude: float = Field(description="[degree, CGCS2000]", examples=[121.5])
    latitude: float = Field(description="[degree, CGCS2000]", examples=[41.1])
    persons: int = Field(description="How many are there; 0 = not for the reader.", examples=[120])
    limit: float = Field(description=f"Of individual risk {YEARLY}.", examples=[3e-6])
    risk: float = Field(description=f"Individual risk {YEARLY}.", examples=[4.1e-7])
    fails: bool = Field(description="Whether the risk is above the limit.")
    top: str = Field(description="The installation that contributes most.", examples=["氯库"])


class StudyResultOut(Schema):
    """What was computed last."""

    revision: int = Field(description="Which revision of the study.", examples=[3])
    computed: datetime | None = Field(description="When.")
    fresh: bool = Field(description="Whether nothing that it is made of has changed since.")
    levels: list[ContourLevelOut]
    contours: dict[str, Any] = Field(description="GeoJSON lines with their `level` [1/yr].")
    societal: SocietalOut
    protected: int = Field(description="Targets that the reader may know of.", examples=[80])
    failing: int = Field(description="Of these, above their limit.", examples=[2])
    elsewhere: bool = Field(description="Whether a limit is broken at targets outside of what the reader may see.")
    residents: int | None = Field(description="Who live about; null = nobody counted.")


class ShareOut(Schema):
    """A case's part of the risk at a point."""

    source: str = Field(description="The installation.", examples=["氯库"])
    scenario: str = Field(description="Which leak.", examples=["10mm"])
    effect: str = Field(description="By what it kills, in words.", examples=["中毒"])
    risk: float = Field(description=YEARLY, examples=[2.1e-7])
    share: float = Field(description="Of the whole [-].", examples=[0.51])
    added: float = Field(description="Share of its frequency that others bring about [-].", examples=[0.04])
    by: list[str] = Field(description="By whom most often.")


class PointOut(Schema):
    """Individual risk at a point and what contributes most."""

    risk: float = Field(description=YEARLY, examples=[4.1e-7])
    shares: list[ShareOut]


class StudyQuery(Slice):
    under: Id | None = Field(None, description="Only at this place and below.")


class TargetQuery(Slice):
    failing: bool = Field(False, description="Only those above their limit.")


class PointQuery(Strict):
    longitude: Number = Field(ge=-180, le=180, description="[degree, CGCS2000]")
    latitude: Number = Field(ge=-80, le=80, description="[degree, CGCS2000]")


@router.get("/risk-studies", response=Listed[StudyRow], summary=_("定量风险评价列表"))
def list_studies(request: HttpRequest, query: Query[StudyQuery]) -> dict[str, Any]:
    """Studies in force in scope, by name."""
    viewer = core.request_viewer(request)
    place = core.place(viewer, query.under, "scenario.view") if query.under is not None else None
    part = cut(selectors.studies(viewer, place), query, "name", "pk")
    return {**part, "items": [_row(one) for one in part["items"]]}


@router.get("/risk-studies/{study_id}", response=WholeStudyOut, summary=_("查看定量风险评价"))
def get_study(request: HttpRequest, study_id: Id) -> dict[str, Any]:
    """One study: its installations, weather, and how far it is computed."""
    viewer = core.request_viewer(request)
    one = selectors.study(viewer, study_id)
    state = selectors.state(one)
    said = state.refusal
    told = {name: getattr(one, name) for name in ("cell", "margin", "domino", "weather")}
    told |= {name: getattr(state, name) for name in ("under_way", "share", "failed")}
    told["refusal"] = "".join(said.filled(text) for text in (said.message, said.fix)) if said else ""
    rows = [
        {name: getattr(each, name) for name in RiskSourceOut.model_fields} for each in selectors.sources(viewer, one)
    ]
    return _row(one) | told | {"installations": rows}


@router.get("/risk-studies/{study_id}/result", response=StudyResultOut, summary=_("定量风险评价结果"))
def get_study_result(request: HttpRequest, study_id: Id) -> dict[str, Any]:
    """What was computed last: contours of individual risk, F-N curve, how many targets are above their limit."""
    viewer = core.request_viewer(request)
    one = selectors.study(viewer, study_id)
    found = selectors.computed(one)
    protected, societal = selectors.targets(viewer, found), found["societal"]
    names = ("number", "frequency", "zone")
    told = {name: societal[name] for name in names} | {"loss": societal["pll"], "added": societal.get("added", 0.0)}
    return {
        "revision": one.computed_revision, "computed": one.computed, "fresh": selectors.state(one).fresh,
        "levels": selectors.levels(found, protected), "contours": found["contours"], "societal": told,
        "protected": len(protected), "failing": sum(each.fails for each in protected),
        "elsewhere": selectors.elsewhere(found, protected), "residents": found["people"]["residents"],
    }  # fmt: skip


@router.get("/risk-studies/{study_id}/targets", response=Listed[RiskAtOut], summary=_("防护目标的风险"))
def list_targets(request: HttpRequest, study_id: Id, query: Query[TargetQuery]) -> dict[str, Any]:
    """Protected targets of a study, the one nearest to its limit or beyond it first."""
    viewer = core.request_viewer(request)
    rows = selectors.targets(viewer, selectors.computed(selectors.study(viewer, study_id)))
    wanted = [each for each in rows if each.fails or not query.failing]
    if query.cursor:
        last = _last(query.cursor)
        wanted = [each for each in wanted if (-each.ratio, each.number) > last]
    part = page_of(wanted[: query.limit + 1], query, lambda each: [repr(each.ratio), each.number])
    return {**part, "items": [_target(each) for each in part["items"]]}


@router.get("/risk-studies/{study_id}/point", response=PointOut, summary=_("某一点的个人风险"))
def get_point(request: HttpRequest, study_id: Id, query: Query[PointQuery]) -> dict[str, Any]:
    """Individual risk at a point, and the cases that contribute most to it."""
    one = selectors.study(core.request_viewer(request), study_id)
    risk, shares = selectors.shares(one, query.longitude, query.latitude)
    return {"risk": risk, "shares": [_share(each) for each in shares]}


def _row(one: ParkStudy) -> dict[str, Any]:
    known = one.summary or {}
    return {
        "id": one.pk, "name": one.name, "place_id": one.place_id, "place": one.place.name, "stage": one.stage,
        "sources": known.get("sources"), "zone": known.get("zone", ""), "loss": known.get("pll"),
        "computed": one.computed, "fresh": selectors.state(one).fresh,
    }  # fmt: skip


def _last(cursor: str) -> tuple[float, int]:
    """The place in the order of targets that a cursor names. Raises BadInput."""
    ratio, number = read_cursor(cursor, 2)
    try:
        return -float(ratio), int(number)
    except (OverflowError, ValueError) as error:
        raise bad_cursor() from error


def _target(one: Target) -> dict[str, Any]:
    names = ("kind", "category", "persons", "limit", "risk", "fails", "top")
    told = {name: getattr(one, name) for name in names}
    told |= {"longitude": one.position[0], "latitude": one.position[1]}
    return told | {"place_id": one.place.pk if one.place else None, "name": one.place.name if one.place else ""}


def _share(one: Share) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ShareOut.model_fields}
