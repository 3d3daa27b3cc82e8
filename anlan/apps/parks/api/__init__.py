"""Parks for programs: a gate system asks and tells here what drives in and out; others read parks and projects."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Schema, Status

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.core.selectors import request_viewer
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.actions import Report
from anlan.apps.parks.api import desk, keeping, projects, proposing
from anlan.apps.parks.api.desk import router
from anlan.apps.parks.choices import ProjectState
from anlan.apps.parks.models import Gate, ParkGrading, Passage
from anlan.apps.parks.selectors import Seen, VehicleRow
from anlan.kit.api import Id, Listed, Moment, Slice, Strict, Words, cut
from anlan.kit.errors import BadInput
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal

__all__ = ["keeping", "proposing", "router"]  # importing them puts their operations on the router

PLATE = Field(description="Plate of the vehicle, as it is painted.", examples=["鲁A12345"])


class ParkOut(Schema):
    """A park with its grade."""

    id: int
    name: str
    grade: str = Field(description="A to D by the assessment in force; empty = never assessed.", examples=["C"])
    score: float | None = Field(description="Of 100; null = never assessed.", examples=[76.0])
    valid_until: date | None = Field(description="Last day on which the assessment holds.")
    inside: int = Field(description="Vehicles with dangerous goods in the park now.", examples=[4])
    late: int = Field(description="How many of them are over their time.", examples=[1])


class VehicleOut(Schema):
    """A vehicle at the gates."""

    id: int = Field(description="Id of the passage.")
    plate: str = PLATE
    cargo: str = Field(description="What it carries, by its pass.", examples=["液氯"])
    un: str = Field(description="UN number of the cargo; empty = not written.", examples=["1017"])
    way: str = Field(description="inside, left or turned (away).", examples=["inside"])
    entered: datetime = Field(description="When it came in, or was turned away.")
    leave_by: datetime | None = Field(description="When it has to be out; null = it never came in.")
    left: datetime | None = Field(description="When it drove out; null = not yet.")


class NewPassage(Strict):
    """What a gate saw. The same ``key`` twice changes nothing."""

    gate_id: Id = Field(description="Id of the gate.")
    plate: Words = Field(max_length=20, description="Plate of the vehicle.", examples=["鲁A12345"])
    direction: Literal["in", "out"] = Field(description="Which way it drives.")
    at: Moment | None = Field(None, description="When; null = now. At most 5 minutes ahead, 2 days back.")
    key: Words = Field("", max_length=64, description="The gate system's own number of this passage; empty = none.")


class ProjectQuery(Slice):
    place_id: Id | None = Field(None, description="Only those that want to come to this park, town or county.")
    state: ProjectState | None = Field(None, description="Only those of which this became.")


class CheckLineOut(Schema):
    """A line of a check."""

    key: str = Field(description="Which line.", examples=["effect"])
    title: str
    veto: bool = Field(description="Whether nobody may agree while it does not pass.")
    verdict: str = Field(description="pass, fail, unknown or none (does not apply).", examples=["fail"])
    reason: str
    fix: str = Field(description="What would make it pass; empty = nothing is needed.")


class ExposedOut(Schema):
    """What a project does to a protected target, as far as the reader may know of it. Risk and limits [1/yr]."""

    name: str
    place_id: int | None = Field(description="Id of its place; null = a square of homes.")
    category: str = Field(description="Its category in GB 36894.")
    before: float = Field(description="Individual risk without the project.", examples=[1.2e-7])
    own: float = Field(description="What the project adds.", examples=[4.1e-7])
    after: float = Field(description="Individual risk with the project.", examples=[5.3e-7])
    new_limit: float = Field(description="Limit of new installations; what is added is held against it.")
    in_service_limit: float = Field(description="Limit of installations in service; the whole is held against it.")
    broken: str = Field(description="new, in_service or worse (broken before, and more is added); empty = kept.")


class ContourOut(Schema):
    """Area within a contour of individual risk."""

    level: float = Field(description="Individual risk [1/yr].", examples=[1e-6])
    before: float = Field(description="Hectares without the project.", examples=[453.4])
    after: float = Field(description="Hectares with the project.", examples=[461.0])


class AddedRiskOut(Schema):
    """What a project adds to the risk around it."""

    study_id: int = Field(description="Id of the study that it was added to.")
    targets: list[ExposedOut]
    elsewhere: bool = Field(description="Whether a limit is broken at targets outside of what the reader may see.")
    contours: list[ContourOut]
    loss_before: float = Field(description="Potential loss of life without the project [1/yr].", examples=[3.3e-3])
    loss_after: float = Field(description="Potential loss of life with the project [1/yr].", examples=[4.1e-3])
    zone_before: str = Field(description="Where the F-N curve lies without the project.", examples=["acceptable"])
    zone_after: str = Field(description="Where it lies with the project.", examples=["intolerable"])
    room_before: float | None = Field(description="Factor by which the park's risk may grow; null = nothing bounds it.")
    room_after: float | None = Field(description="The same with the project.")


class CheckOut(Schema):
    """The newest check of a project."""

    at: datetime = Field(description="When it was run.")
    stale: bool = Field(description="Whether the project, the park's list or the study has changed since.")
    blocking: list[str] = Field(description="Keys of veto lines that do not pass.", examples=[["effect"]])
    digest: str = Field(description="SM3 of what was found.")
    lines: list[CheckLineOut]
    effect: AddedRiskOut | None = Field(description="null = not computed, or not for the reader (scenario.view).")


@router.get("/parks", response=list[ParkOut], summary=_("园区列表"))
def list_parks(request: HttpRequest) -> list[dict[str, Any]]:
    """Parks that the viewer may see."""
    viewer = request_viewer(request)
    places = list(selectors.parks(viewer))
    gradings, inside = selectors.current_gradings(places), selectors.insides(viewer, places)
    return [_park(place, gradings.get(place.pk), inside[place.pk]) for place in places]


@router.get("/parks/{place_id}/gates", response=list[desk.GateOut], summary=_("园区卡口"))
def list_gates(request: HttpRequest, place_id: Id) -> list[Gate]:
    """The gates of a park."""
    return selectors.gates(selectors.park(request_viewer(request), place_id))


@router.get("/parks/{place_id}/vehicles", response=list[VehicleOut], summary=_("在园危险品车辆"))
def list_vehicles(request: HttpRequest, place_id: Id) -> list[dict[str, Any]]:
    """Vehicles with dangerous goods that are in the park now, the longest overdue first."""
    viewer = request_viewer(request)
    return [_vehicle(row) for row in selectors.inside(viewer, selectors.park(viewer, place_id))]


@router.post("/parks/{place_id}/passages", response={201: VehicleOut}, summary=_("登记车辆进出"))
def add_passage(request: HttpRequest, place_id: Id, seen: NewPassage) -> Status[dict[str, Any]]:
    """Tell that a vehicle drives in or out. One that may not come in is refused, and that it was there is kept."""
    viewer = request_viewer(request)
    park = selectors.park(viewer, place_id, "gate.pass")
    gate = selectors.gate_of(viewer, park, seen.gate_id)
    report = Report(gate.pk, seen.plate, seen.at, seen.key)
    act = actions.enter if seen.direction == "in" else actions.leave
    return Status(201, _told(viewer, act(viewer, report)))


@router.get("/parks/{place_id}/passages", response=Listed[desk.PassageOut], summary=_("卡口通行记录"))
def list_passages(request: HttpRequest, place_id: Id, query: Query[desk.PassageQuery]) -> dict[str, Any]:
    """All that was seen at the gates, the newest first."""
    viewer, park = desk.asked(request, place_id)
    found = selectors.passages(viewer, park)
    part = cut(found.filter(way=query.way) if query.way else found, query, "-entered", "-pk")
    return {**part, "items": [desk.passage(row) for row in selectors.prepare_passages(viewer, part["items"])]}


@router.get("/projects", response=Listed[projects.ProjectOut], summary=_("建设项目列表"))
def list_projects(request: HttpRequest, query: Query[ProjectQuery]) -> dict[str, Any]:
    """Projects that the viewer may see, the newest first."""
    viewer = request_viewer(request)
    place = core.place(viewer, query.place_id) if query.place_id is not None else None
    found = selectors.projects(viewer, place)
    part = cut(found.filter(state=query.state) if query.state else found, query, "-pk")
    blocking = selectors.blocking(part["items"])
    return {**part, "items": [projects.row(one, blocking.get(one.pk)) for one in part["items"]]}


@router.get("/projects/{project_id}", response=projects.WholeProjectOut, summary=_("查看建设项目"))
def get_project(request: HttpRequest, project_id: Id) -> dict[str, Any]:
    """One project, and how far its check is."""
    viewer = request_viewer(request)
    return projects.whole(viewer, selectors.project(viewer, project_id))


@router.get("/projects/{project_id}/check", response=CheckOut, summary=_("建设项目的准入检查"))
def get_check(request: HttpRequest, project_id: Id) -> dict[str, Any]:
    """What the newest check found, line by line, and what the project adds to the risk around it."""
    viewer = request_viewer(request)
    project = selectors.project(viewer, project_id)
    run = selectors.newest_check(project)
    if run is None:
        raise BadInput(Refusal("project.unchecked", "还没有运行准入检查。", "请先检查，再导出结果。"))
    effect = run.effect if run.effect and selectors.may_see(viewer, project) else None
    return {
        "at": run.at, "stale": selectors.is_stale(project, run), "blocking": run.blocking, "digest": run.digest,
        "lines": [vars(one) for one in selectors.lines_of(viewer, run.findings)],
        "effect": _effect(viewer, effect) if effect else None,
    }  # fmt: skip


def _effect(viewer: Viewer, found: dict[str, Any]) -> dict[str, Any]:
    seen, societal, room = selectors.effect_targets(viewer, found), found["societal"], found["room"]
    told: dict[str, Any] = {"study_id": found["study"]["id"], "targets": [_target(one) for one in seen]}
    told |= {"elsewhere": selectors.effect_elsewhere(found, seen), "contours": found["levels"]}
    for when in ("before", "after"):
        told |= {
            f"loss_{when}": societal[when]["pll"], f"zone_{when}": societal[when]["zone"],
            f"room_{when}": room[when][0] if room[when] else None,
        }  # fmt: skip
    return told


def _target(one: Seen) -> dict[str, Any]:
    told = one.exposed
    return {
        "name": told.name, "place_id": told.place, "category": one.category, "before": told.before, "own": told.own,
        "after": told.after, "new_limit": told.new, "in_service_limit": told.in_service, "broken": one.broken,
    }  # fmt: skip


def _park(place: Place, row: ParkGrading | None, inside: tuple[int, int]) -> dict[str, Any]:
    return {
        "id": place.pk, "name": place.name, "grade": row.grade if row else "", "score": row.score if row else None,
        "valid_until": row.valid_until if row else None, "inside": inside[0], "late": inside[1],
    }  # fmt: skip


def _told(viewer: Viewer, row: Passage) -> dict[str, Any]:
    [shown] = selectors.prepare_passages(viewer, [row])
    return _vehicle(shown)


def _vehicle(one: VehicleRow) -> dict[str, Any]:
    return {
        "id": one.row.pk, "plate": one.plate, "cargo": one.cargo, "un": one.un, "way": one.way,
        "entered": one.entered, "leave_by": one.leave_by, "left": one.left,
    }  # fmt: skip
