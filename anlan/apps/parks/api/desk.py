"""What the desk of a park tells: its grade, what is shared, who helps whom, who endangers whom, what is not let in."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.apps.core.models import Place
from anlan.apps.core.selectors import request_viewer
from anlan.apps.parks import selectors
from anlan.apps.parks.choices import GateState, ListedKind, Way
from anlan.apps.parks.models import JointGroup, ParkGrading
from anlan.apps.parks.selectors import Pair, Room, Screened, VehicleRow
from anlan.kit.api import Id, Listed, Slice, cut
from anlan.kit.grants import Viewer

#: One for all files of this folder: methods of an address have to be on the same.
router = Router(tags=[_("园区")])


class RoomOut(Schema):
    """What is left of a park's risk capacity, by its study that was computed last."""

    study_id: int = Field(description="Id of the study.")
    factor: float = Field(description="By how much all risk may grow; below 1 a criterion is broken.", examples=[1.8])
    governs: str = Field(description="The criterion that is reached first.", examples=["个人风险"])
    failing: int = Field(description="Targets above their limit.", examples=[0])
    computed: datetime | None = Field(description="When the study was computed.")
    fresh: bool = Field(description="Whether nothing that it is made of has changed since.")


class ParkDeskOut(Schema):
    """A park with what its desk counts."""

    id: int
    name: str
    office: str = Field(description="Who manages it; empty = not written.", examples=["园区管委会"])
    phone: str
    industries: list[str] = Field(description="What it is for: beginnings of codes (GB/T 4754).", examples=[["26"]])
    entered: int = Field(description="Vehicles with dangerous goods that came in today.", examples=[31])
    left: int = Field(description="That drove out today.", examples=[28])
    turned: int = Field(description="That were turned away today.", examples=[2])
    inside: int = Field(description="That are inside now.", examples=[4])
    late: int = Field(description="Of these, over their time.", examples=[1])
    tonnes: float = Field(description="What they carry [t].", examples=[86.0])
    lacking: list[str] = Field(description="Shared facilities that it needs and has not registered.")
    room: RoomOut | None = Field(description="null = no study was computed, or not for the reader (scenario.view).")


class GateOut(Schema):
    """A way through the fence."""

    id: int
    name: str
    use: str = Field(description="What it is for.", examples=["goods"])
    state: GateState = Field(description="Whether it lets through.")
    state_since: datetime = Field(description="Since when it is in this state.")
    state_note: str = Field(description="Why; empty = nothing was said.")
    longitude: float | None = Field(description="[degree, CGCS2000]; null = not on the map.")
    latitude: float | None = Field(description="[degree, CGCS2000]; null = not on the map.")


class LostOut(Schema):
    """An item of the checklist that lost points."""

    code: str = Field(description="Of the item.", examples=["1.2"])
    text: str = Field(description="What is demanded.")
    lost: float = Field(description="Points lost.", examples=[2.0])
    note: str = Field(description="What was found.")


class GradingOut(Schema):
    """An assessment of a park."""

    id: int
    assessed: date = Field(description="The day of the assessment.")
    valid_until: date = Field(description="Last day on which it holds.")
    assessor: str = Field(description="Who assessed it.", examples=["省安科院"])
    score: float = Field(description="Of 100.", examples=[76.0])
    grade: str = Field(description="A to D.", examples=["C"])
    by_veto: bool = Field(description="Whether a veto gave the grade.")
    vetoes: list[str] = Field(description="Codes of the vetoes that hold.")
    lost: list[LostOut] = Field(description="The most first.")
    report_id: int | None = Field(description="Id of the file of its report; null = none.")
    withdrawn: datetime | None = Field(description="Since when it counts no more; null = it does.")
    withdrawn_reason: str = Field(description="Why; empty = it counts.")


class FacilityOut(Schema):
    """What all enterprises of a park use together."""

    id: int
    kind: str = Field(description="Key of its kind.", examples=["emergency_pool"])
    name: str
    capacity: float | None = Field(description="In the unit of its kind; null = not written.", examples=[8000.0])
    used: float | None = Field(description="Of it, in the same unit.", examples=[1200.0])
    state: str = Field(description="Key of its state.", examples=["in_use"])
    note: str = Field(description="In people's own words.")
    keeper: str = Field(description="Who looks after it.", examples=["消防站"])
    phone: str
    longitude: float | None = Field(description="[degree, CGCS2000]; null = not on the map.")
    latitude: float | None = Field(description="[degree, CGCS2000]; null = not on the map.")
    changed: datetime = Field(description="When it was last changed.")


class MemberOut(Schema):
    id: int
    name: str


class JointGroupOut(Schema):
    """Enterprises that control risks together, as far as the reader may see them."""

    id: int
    name: str
    leader_id: int | None = Field(description="The enterprise that leads; null = none, or not for the reader.")
    members: list[MemberOut]
    hidden: bool = Field(description="Whether there are members that the reader may not see.")
    contact: str = Field(description="Whom to call.", examples=["王工"])
    phone: str
    resources: str = Field(description="What they can bring, in words.")
    drilled: date | None = Field(description="Last drill together; null = none.")


class EntryOut(Schema):
    """An entry of a park's own list of what is not let in."""

    id: int
    kind: ListedKind = Field(description="What it is about.")
    words: str = Field(description="A name, a CAS number, the beginning of an industry's code.", examples=["光气"])
    reason: str
    basis: str = Field(description="By which rule; empty = the park's own.")
    since: date
    until: date | None
    ended: datetime | None = Field(description="When it was taken off the list; null = it is on it.")


class PassOut(Schema):
    """A vehicle with dangerous goods may come in between two moments."""

    id: int
    plate: str = Field(description="Plate of the vehicle.", examples=["鲁A12345"])
    carrier: str = Field(description="Who drives it.", examples=["远程物流"])
    cargo: str = Field(description="What it carries.", examples=["液氯"])
    un: str = Field(description="UN number of the cargo; empty = not written.", examples=["1017"])
    tonnes: float | None = Field(description="How much [t]; null = not written.", examples=[24.0])
    since: datetime
    until: datetime
    stay_min: int = Field(description="How long it may stay [min]; 0 = as long as is usual.", examples=[240])
    withdrawn: datetime | None = Field(description="Since when it holds no more; null = it was not withdrawn.")
    withdrawn_reason: str = Field(description="Why; empty = it was not withdrawn.")


class PassageOut(Schema):
    """A vehicle at the gates, with what became of it."""

    id: int
    plate: str = Field(description="Plate of the vehicle.", examples=["鲁A12345"])
    cargo: str = Field(description="What it carries, by its pass.", examples=["液氯"])
    un: str = Field(description="UN number of the cargo; empty = not written.", examples=["1017"])
    tonnes: float | None = Field(description="How much, by its pass [t].", examples=[24.0])
    carrier: str = Field(description="Who drives it.", examples=["远程物流"])
    way: Way = Field(description="What became of it.")
    why: str = Field(description="Why it was turned away; empty = it was not.")
    goal_id: int | None = Field(description="Where it goes; null = nowhere in particular, or not for the reader.")
    gate_in: str = Field(description="Gate at which it came.", examples=["东门"])
    gate_out: str = Field(description="Gate by which it left; empty = not yet.", examples=["西门"])
    entered: datetime = Field(description="When it came in, or was turned away.")
    leave_by: datetime | None = Field(description="When it has to be out; null = it never came in.")
    left: datetime | None = Field(description="When it drove out; null = not yet.")
    late: int = Field(description="Beyond its time [min]; 0 = in time.", examples=[0])


class PassageQuery(Slice):
    way: Way | None = Field(None, description="Only those of which this became.")


class BlowOut(Schema):
    """An accident whose worst zone reaches a neighbour."""

    scenario_id: int = Field(description="Id of the scenario.")
    name: str
    zone: str = Field(description="Which zone.", examples=["AEGL-3"])
    reach: float = Field(description="How far it reaches in any wind [m].", examples=[820.0])


class PairOut(Schema):
    """Two plants that are near or endanger each other."""

    a: MemberOut
    b: MemberOut
    metres: float = Field(description="Between them [m].", examples=[140.0])
    to_b: list[BlowOut] = Field(description="What of `a` reaches `b`.")
    to_a: list[BlowOut] = Field(description="What of `b` reaches `a`.")
    joined: bool = Field(description="Whether both are in one joint-control group.")


class ScreenedLineOut(Schema):
    key: str = Field(description="Which line of the check.", examples=["distance_housing"])
    title: str
    verdict: str = Field(description="pass, fail, unknown or none (does not apply).", examples=["fail"])
    reason: str
    fix: str = Field(description="What would make it pass; empty = nothing is needed.")
    clause: str = Field(description="By which rule.")
    veto: bool = Field(description="Whether nobody could agree to a new project that does not pass it.")
    place_id: int | None = Field(description="A place that it names, if the reader may see it; null = none.")


class ScreenedOut(Schema):
    """A plant that is there, checked as a new project would be."""

    place_id: int
    name: str
    failing: int = Field(description="Lines that fail.", examples=[1])
    unknown: int = Field(description="Lines that nobody can tell.", examples=[3])
    lines: list[ScreenedLineOut]


class PaperOut(Schema):
    """A document of a project or of a plant: a step of "three at the same time", a study."""

    id: int
    kind: str = Field(description="Key of its kind.", examples=["conditions"])
    dated: date = Field(description="Its date.")
    number: str = Field(description="Its number; empty = none.")
    issuer: str = Field(description="Who issued it; empty = not written.")
    file_id: int | None = Field(description="Id of the file; null = none was handed in.")


class ScreenedPlantOut(ScreenedOut):
    """One plant with its documents."""

    papers: list[PaperOut] = Field(description="In force, in the order of their dates.")


@router.get("/parks/{place_id}", response=ParkDeskOut, summary=_("查看园区"))
def get_park(request: HttpRequest, place_id: Id) -> dict[str, Any]:
    """One park: what it is for, its gates today, what it lacks, what is left of its risk capacity."""
    return whole(*asked(request, place_id))


def whole(viewer: Viewer, park: Place) -> dict[str, Any]:
    """A park as its desk has it."""
    room = selectors.room_of(viewer, park) if viewer.may("scenario.view", park.path, park.sector) else None
    known, lacking = selectors.profile(park), selectors.missing_facilities(list(selectors.facilities(park)))
    told = {"id": park.pk, "name": park.name, "lacking": lacking, "room": _room(room) if room else None}
    told |= {name: getattr(known, name) for name in ("office", "phone", "industries")}
    return told | vars(selectors.counts(viewer, park))


@router.get("/parks/{place_id}/gradings", response=Listed[GradingOut], summary=_("园区安全风险评估"))
def list_gradings(request: HttpRequest, place_id: Id, query: Query[Slice]) -> dict[str, Any]:
    """Assessments of a park, the newest first; withdrawn ones too."""
    part = cut(selectors.gradings(*asked(request, place_id)), query, "-assessed", "-pk")
    return {**part, "items": [grading(row) for row in part["items"]]}


@router.get("/parks/{place_id}/facilities", response=Listed[FacilityOut], summary=_("园区共用设施"))
def list_facilities(request: HttpRequest, place_id: Id, query: Query[Slice]) -> dict[str, Any]:
    """What all enterprises of a park use together."""
    _viewer, park = asked(request, place_id)
    part: dict[str, Any] = cut(selectors.facilities(park), query, "kind", "name", "pk")
    return {**part, "items": [columns(row, FacilityOut) for row in part["items"]]}


@router.get("/parks/{place_id}/groups", response=Listed[JointGroupOut], summary=_("园区联防联控"))
def list_groups(request: HttpRequest, place_id: Id, query: Query[Slice]) -> dict[str, Any]:
    """Enterprises that control risks together."""
    viewer, park = asked(request, place_id)
    part = cut(selectors.groups(park), query, "name", "pk")
    return {**part, "items": [group(viewer, row) for row in part["items"]]}


@router.get("/parks/{place_id}/listed", response=Listed[EntryOut], summary=_("园区禁限控目录"))
def list_listed(request: HttpRequest, place_id: Id, query: Query[Slice]) -> dict[str, Any]:
    """The park's own list of what is not let in, ended entries too."""
    part: dict[str, Any] = cut(selectors.listed(*asked(request, place_id)), query, "kind", "words", "pk")
    return {**part, "items": [columns(row, EntryOut) for row in part["items"]]}


@router.get("/parks/{place_id}/passes", response=Listed[PassOut], summary=_("危险品车辆通行证"))
def list_passes(request: HttpRequest, place_id: Id, query: Query[Slice]) -> dict[str, Any]:
    """Which vehicles with dangerous goods may come in, those in force and to come first."""
    part: dict[str, Any] = cut(selectors.passes(*asked(request, place_id)), query, "-until", "-pk")
    return {**part, "items": [columns(row, PassOut) for row in part["items"]]}


@router.get("/parks/{place_id}/neighbours", response=Listed[PairOut], summary=_("园区企业相互影响"))
def list_neighbours(request: HttpRequest, place_id: Id) -> dict[str, Any]:
    """Plants that are near or endanger each other, those that an accident reaches first. Computed from scenarios."""
    return {"items": [_pair(one) for one in selectors.neighbours(*asked(request, place_id))]}


@router.get("/parks/{place_id}/screening", response=Listed[ScreenedOut], summary=_("园区企业筛查"))
def list_screened(request: HttpRequest, place_id: Id) -> dict[str, Any]:
    """Plants that are there, checked as a new project would be, those with most failing lines first."""
    viewer = request_viewer(request)
    park = selectors.park(viewer, place_id, "project.view")
    return {"items": [_screened(one) for one in selectors.screen_park(viewer, park)]}


@router.get("/parks/{place_id}/screening/{plant_id}", response=ScreenedPlantOut, summary=_("筛查园区的一家企业"))
def get_screened(request: HttpRequest, place_id: Id, plant_id: Id) -> dict[str, Any]:
    """One plant, checked as a new project would be: every line, what its scenarios reach, and its documents."""
    viewer = request_viewer(request)
    park = selectors.park(viewer, place_id, "project.view")
    plant = selectors.plant_in(viewer, park, plant_id)
    papers = [columns(row, PaperOut) for row in selectors.papers(viewer, plant=plant)]
    return _screened(selectors.screen(viewer, plant, park)) | {"papers": papers}


def asked(request: HttpRequest, place_id: int) -> tuple[Viewer, Place]:
    """Who asks, and the park that is asked for. Raises NotInScope, NotAllowed."""
    viewer = request_viewer(request)
    return viewer, selectors.park(viewer, place_id)


def _room(one: Room) -> dict[str, Any]:
    return {name: getattr(one, name) for name in RoomOut.model_fields}


def columns(row: Any, shape: type[Schema]) -> dict[str, Any]:
    """A row by the names of a shape whose properties are its columns."""
    return {name: getattr(row, name) for name in shape.model_fields}


def grading(row: ParkGrading) -> dict[str, Any]:
    """A row as ``GradingOut`` has it."""
    lost = [
        {"code": one.item.code, "text": one.item.text, "lost": one.lost, "note": one.note}
        for one in selectors.lost_points(row)
    ]
    names = [name for name in GradingOut.model_fields if name != "lost"]
    return {name: getattr(row, name) for name in names} | {"lost": lost}


def group(viewer: Viewer, row: JointGroup) -> dict[str, Any]:
    """A row as ``JointGroupOut`` has it."""
    every = list(row.members.all())
    seen = [one for one in every if viewer.may("place.view", one.path, one.sector)]
    lead = row.leader
    leader = lead.pk if lead is not None and viewer.may("place.view", lead.path, lead.sector) else None
    told = {name: getattr(row, name) for name in ("name", "contact", "phone", "resources", "drilled")}
    members = [_member(one) for one in seen]
    return told | {"id": row.pk, "leader_id": leader, "members": members, "hidden": len(seen) < len(every)}


def _member(one: Place) -> dict[str, Any]:
    return {"id": one.pk, "name": one.name}


def passage(one: VehicleRow) -> dict[str, Any]:
    """A row as ``PassageOut`` has it."""
    return {name: getattr(one, name) for name in PassageOut.model_fields if name != "id"} | {"id": one.row.pk}


def _pair(one: Pair) -> dict[str, Any]:
    blows = {to: [vars(each) for each in getattr(one, to)] for to in ("to_a", "to_b")}
    return {"a": _member(one.a), "b": _member(one.b), "metres": one.metres, "joined": one.joined, **blows}


def _screened(one: Screened) -> dict[str, Any]:
    lines = [vars(line) for line in one.lines]
    told = {"place_id": one.place.pk, "name": one.place.name, "lines": lines}
    return told | {"failing": len(one.failing), "unknown": len(one.unknown)}
