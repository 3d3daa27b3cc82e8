"""Parks for programs: a gate system asks and tells here what drives in and out; others read parks and projects."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema, Status

from anlan.apps.core.models import Place
from anlan.apps.core.selectors import request_viewer
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.actions import Report
from anlan.apps.parks.choices import GateState, ProjectState
from anlan.apps.parks.models import Gate, Passage, Project
from anlan.apps.parks.selectors import VehicleRow
from anlan.kit.api import Id, Listed, Moment, Slice, Strict, Words, cut
from anlan.kit.grants import Viewer

router = Router(tags=[_("园区")])

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


class GateOut(Schema):
    """A way through the fence."""

    id: int
    name: str
    use: str = Field(description="What it is for.", examples=["goods"])
    state: GateState = Field(description="Whether it lets through.")
    state_since: datetime = Field(description="Since when it is in this state.")


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


class ProjectOut(Schema):
    """A project that wants to come."""

    id: int
    name: str
    place_id: int
    applicant: str = Field(description="Who proposes it.", examples=["新川化工有限公司"])
    stage: str = Field(description="How far it is.", examples=["planned"])
    state: ProjectState = Field(description="What became of it so far.")
    changed: datetime = Field(description="When it was last changed.")


@router.get("/parks", response=list[ParkOut], summary=_("园区列表"))
def list_parks(request: HttpRequest) -> list[dict[str, Any]]:
    """Parks that the viewer may see."""
    viewer = request_viewer(request)
    return [_park(viewer, place) for place in selectors.parks(viewer)]


@router.get("/parks/{place_id}/gates", response=list[GateOut], summary=_("园区卡口"))
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


@router.get("/projects", response=Listed[ProjectOut], summary=_("建设项目列表"))
def list_projects(request: HttpRequest, part: Query[Slice]) -> dict[str, Any]:
    """Projects that the viewer may see, the newest first."""
    return cut(selectors.projects(request_viewer(request)), part, "-pk")


@router.get("/projects/{project_id}", response=ProjectOut, summary=_("查看建设项目"))
def get_project(request: HttpRequest, project_id: Id) -> Project:
    """One project."""
    return selectors.project(request_viewer(request), project_id)


def _park(viewer: Viewer, place: Place) -> dict[str, Any]:
    row, told = selectors.current_grading(place), selectors.counts(viewer, place)
    return {
        "id": place.pk, "name": place.name, "grade": row.grade if row else "", "score": row.score if row else None,
        "valid_until": row.valid_until if row else None, "inside": told.inside, "late": told.late,
    }  # fmt: skip


def _told(viewer: Viewer, row: Passage) -> dict[str, Any]:
    [shown] = selectors.prepare_passages(viewer, [row])
    return _vehicle(shown)


def _vehicle(one: VehicleRow) -> dict[str, Any]:
    return {
        "id": one.row.pk, "plate": one.plate, "cargo": one.cargo, "un": one.un, "way": one.way,
        "entered": one.entered, "leave_by": one.leave_by, "left": one.left,
    }  # fmt: skip
