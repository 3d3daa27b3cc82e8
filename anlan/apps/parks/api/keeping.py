"""What programs write at the desk of a park, by the very actions of its pages."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Status

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.core.selectors import request_viewer
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.api import desk
from anlan.apps.parks.api.desk import router
from anlan.apps.parks.choices import GateState, ListedKind
from anlan.apps.parks.specs import FacilitySpec, GateSpec, GradingSpec, GroupSpec, ListedSpec, PassSpec, ProfileSpec
from anlan.kit.api import Day, Id, Moment, Number, Strict, Words
from anlan.kit.grants import Viewer

Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-80, le=80, allow_inf_nan=False)]
Code = Annotated[Words, Field(max_length=24)]
Note = Annotated[Words, Field(max_length=500)]
AT = "[degree, CGCS2000]; null = not on the map."
MOST_MEMBERS = 100


class Because(Strict):
    reason: Words = Field(min_length=1, max_length=200, description="Why.", examples=["登记有误"])


class ProfileIn(Strict):
    """What a park is for, and who manages it."""

    industries: list[Code] = Field(
        [], max_length=60, description="Beginnings of codes (GB/T 4754) that it is for.", examples=[["26"]]
    )
    office: Words = Field("", max_length=120, description="Who manages it.", examples=["园区管委会"])
    phone: Words = Field("", max_length=32)

    def spec(self) -> ProfileSpec:
        return ProfileSpec(tuple(self.industries), self.office, self.phone)


class GradingIn(Strict):
    """An assessment by the checklist in force (pack core/park_grading): its grade is computed."""

    assessed: Day = Field(description="The day of the assessment.")
    assessor: Words = Field(max_length=120, description="Who assessed it.", examples=["省安科院"])
    losses: dict[Code, Number] = Field(
        max_length=300, description="Code of each item of the checklist → points lost; 0 = none.", examples=[{"1.1": 2}]
    )
    notes: dict[Code, Note] = Field({}, max_length=300, description="Code of an item → what was found.")
    vetoes: list[Code] = Field([], max_length=60, description="Codes of the vetoes that hold.")
    report_id: Id | None = Field(None, description="Id of a file that was handed in at the park; null = none.")

    def spec(self) -> GradingSpec:
        return GradingSpec(self.assessed, self.assessor, self.losses, self.notes, self.vetoes)


class GateIn(Strict):
    """A way through the fence."""

    name: Words = Field(min_length=1, max_length=60, description="Of its own.", examples=["东门"])
    use: Code = Field(description="Key of what it is for (pack core/park_desk).", examples=["goods"])
    longitude: Longitude | None = Field(None, description=AT)
    latitude: Latitude | None = Field(None, description=AT)


class GateSet(Strict):
    state: GateState = Field(description="Whether it lets through.")
    note: Words = Field("", max_length=200, description="Why; must be said of one that is closed.")


class PassIn(Strict):
    """A vehicle with dangerous goods that may come in between two moments."""

    plate: Words = Field(min_length=1, max_length=20, description="Plate of the vehicle.", examples=["鲁A12345"])
    carrier: Words = Field(min_length=1, max_length=120, description="Who drives it.", examples=["远程物流"])
    cargo: Words = Field(min_length=1, max_length=120, description="What it carries.", examples=["液氯"])
    un: Words = Field("", max_length=4, description="UN number of the cargo; empty = not written.", examples=["1017"])
    tonnes: Number | None = Field(None, ge=0, le=1e5, description="How much [t]; null = not written.")
    destination_id: Id | None = Field(None, description="The enterprise that it goes to; null = any.")
    since: Moment = Field(description="From when on it may come in.")
    until: Moment = Field(description="Until when.")
    stay_min: int = Field(0, ge=0, le=10_080, description="How long it may stay [min]; 0 = as long as is usual.")


class FacilityIn(Strict):
    """What all enterprises of a park use together."""

    kind: Code = Field(description="Key of its kind (pack core/park_desk).", examples=["emergency_pool"])
    name: Words = Field(min_length=1, max_length=120)
    capacity: Number | None = Field(None, ge=0, le=1e12, description="In the unit of its kind; null = not written.")
    used: Number | None = Field(None, ge=0, le=1e12, description="Of it, in the same unit.")
    state: Code = Field("in_use", description="Key of its state (pack core/park_desk).", examples=["in_use"])
    note: Words = Field("", max_length=200, description="In people's own words; why, where it is not in use.")
    keeper: Words = Field("", max_length=120, description="Who looks after it.", examples=["消防站"])
    phone: Words = Field("", max_length=32)
    longitude: Longitude | None = Field(None, description=AT)
    latitude: Latitude | None = Field(None, description=AT)


class GroupIn(Strict):
    """Enterprises of a park that control risks together."""

    name: Words = Field(min_length=1, max_length=120)
    member_ids: list[Id] = Field(max_length=MOST_MEMBERS, description="Enterprises in the park; two or more.")
    leader_id: Id | None = Field(None, description="Which of them leads; null = none.")
    contact: Words = Field(min_length=1, max_length=64, description="Whom to call.", examples=["王工"])
    phone: Words = Field(min_length=1, max_length=32)
    resources: Words = Field("", max_length=2000, description="What they can bring, in words.")
    drilled: Day | None = Field(None, description="Last drill together; null = none.")

    def spec(self) -> GroupSpec:
        return GroupSpec(**self.dict() | {"member_ids": tuple(self.member_ids)})


class EntryIn(Strict):
    """Something that is not let in."""

    kind: ListedKind = Field(description="What it is about.")
    words: Words = Field(
        min_length=2, max_length=120, description="A name, a CAS number, the beginning of an industry's code.",
        examples=["光气"],
    )  # fmt: skip
    reason: Words = Field(min_length=1, max_length=200)
    since: Day
    until: Day | None = Field(None, description="Last day on which it holds; null = without end.")
    basis: Words = Field("", max_length=200, description="By which rule; empty = the park's own.")


@router.put("/parks/{place_id}/profile", response=desk.ParkDeskOut, summary=_("修改园区资料"))
def edit_profile(request: HttpRequest, place_id: Id, body: ProfileIn) -> dict[str, Any]:
    """Replace what a park is for and who manages it."""
    viewer, park = _editable(request, place_id)
    actions.edit_profile(viewer, park.pk, body.spec())
    return desk.whole(viewer, park)


@router.post("/parks/{place_id}/gradings", response={201: desk.GradingOut}, summary=_("登记园区安全风险评估"))
def add_grading(request: HttpRequest, place_id: Id, body: GradingIn) -> Status[dict[str, Any]]:
    """Write an assessment down, every item judged. The newest counts, and its grade follows from the rules."""
    viewer, park = _editable(request, place_id)
    report = core.file(viewer, body.report_id) if body.report_id is not None else None
    return Status(201, desk.grading(actions.assess_park(viewer, park.pk, body.spec(), report)))


@router.post("/parks/gradings/{grading_id}/withdraw", response=desk.GradingOut, summary=_("作废园区评估"))
def withdraw_grading(request: HttpRequest, grading_id: Id, body: Because) -> dict[str, Any]:
    """An assessment was wrong: the one before counts again."""
    viewer = request_viewer(request)
    row = selectors.grading(viewer, grading_id)
    return desk.grading(actions.withdraw_grading(viewer, row.pk, body.reason))


@router.post("/parks/{place_id}/gates", response={201: desk.GateOut}, summary=_("登记卡口"))
def add_gate(request: HttpRequest, place_id: Id, body: GateIn) -> Status[Any]:
    """Write a gate down. Vehicles are checked at it until it is set otherwise."""
    viewer, park = _editable(request, place_id)
    return Status(201, actions.add_gate(viewer, park.pk, GateSpec(**body.dict())))


@router.put("/parks/gates/{gate_id}/state", response=desk.GateOut, summary=_("改变卡口状态"))
def set_gate(request: HttpRequest, gate_id: Id, body: GateSet) -> Any:
    """Open, check or close a gate."""
    viewer = request_viewer(request)
    gate = selectors.gate(viewer, gate_id)
    return actions.set_gate(viewer, gate.pk, body.state.value, body.note)


@router.post("/parks/gates/{gate_id}/end", response={204: None}, summary=_("停用卡口"))
def end_gate(request: HttpRequest, gate_id: Id) -> Status[None]:
    """The gate is no more."""
    viewer = request_viewer(request)
    actions.end_gate(viewer, selectors.gate(viewer, gate_id).pk)
    return Status(204, None)


@router.post("/parks/{place_id}/passes", response={201: desk.PassOut}, summary=_("办理通行许可"))
def add_pass(request: HttpRequest, place_id: Id, body: PassIn) -> Status[dict[str, Any]]:
    """Let a vehicle with dangerous goods come in between two moments."""
    viewer, park = _editable(request, place_id)
    return Status(201, desk.columns(actions.give_pass(viewer, park.pk, PassSpec(**body.dict())), desk.PassOut))


@router.post("/parks/passes/{pass_id}/withdraw", response=desk.PassOut, summary=_("撤销通行许可"))
def withdraw_pass(request: HttpRequest, pass_id: Id, body: Because) -> dict[str, Any]:
    """Let a vehicle come in no longer; one that is inside stays registered until it leaves."""
    viewer = request_viewer(request)
    row = selectors.vehicle_pass(viewer, pass_id)
    return desk.columns(actions.withdraw_pass(viewer, row.pk, body.reason), desk.PassOut)


@router.post("/parks/{place_id}/facilities", response={201: desk.FacilityOut}, summary=_("登记共用设施"))
def add_facility(request: HttpRequest, place_id: Id, body: FacilityIn) -> Status[dict[str, Any]]:
    """Write down what all enterprises use together."""
    viewer, park = _editable(request, place_id)
    row = actions.add_facility(viewer, park.pk, FacilitySpec(**body.dict()))
    return Status(201, desk.columns(row, desk.FacilityOut))


@router.put("/parks/facilities/{facility_id}", response=desk.FacilityOut, summary=_("修改共用设施"))
def edit_facility(request: HttpRequest, facility_id: Id, body: FacilityIn) -> dict[str, Any]:
    """Replace what is written of a shared facility."""
    viewer = request_viewer(request)
    row = selectors.facility(viewer, facility_id)
    selectors.park(viewer, row.place_id, "park.edit")
    return desk.columns(actions.edit_facility(viewer, row.pk, FacilitySpec(**body.dict())), desk.FacilityOut)


@router.post("/parks/facilities/{facility_id}/end", response={204: None}, summary=_("停用共用设施"))
def end_facility(request: HttpRequest, facility_id: Id) -> Status[None]:
    """The facility is no more."""
    viewer = request_viewer(request)
    actions.end_facility(viewer, selectors.facility(viewer, facility_id).pk)
    return Status(204, None)


@router.post("/parks/{place_id}/groups", response={201: desk.JointGroupOut}, summary=_("建立联防联控组"))
def add_group(request: HttpRequest, place_id: Id, body: GroupIn) -> Status[dict[str, Any]]:
    """Let enterprises control risks together."""
    viewer, park = _editable(request, place_id)
    return Status(201, desk.group(viewer, actions.add_group(viewer, park.pk, body.spec())))


@router.put("/parks/groups/{group_id}", response=desk.JointGroupOut, summary=_("修改联防联控组"))
def edit_group(request: HttpRequest, group_id: Id, body: GroupIn) -> dict[str, Any]:
    """Replace what is written of a group; members that the writer may not see stay."""
    viewer = request_viewer(request)
    row = selectors.group(viewer, group_id)
    selectors.park(viewer, row.place_id, "park.edit")
    return desk.group(viewer, actions.edit_group(viewer, row.pk, body.spec()))


@router.post("/parks/groups/{group_id}/end", response={204: None}, summary=_("撤销联防联控组"))
def end_group(request: HttpRequest, group_id: Id) -> Status[None]:
    """The group is no more."""
    viewer = request_viewer(request)
    actions.end_group(viewer, selectors.group(viewer, group_id).pk)
    return Status(204, None)


@router.post("/parks/{place_id}/listed", response={201: desk.EntryOut}, summary=_("加入禁限控目录"))
def add_listed(request: HttpRequest, place_id: Id, body: EntryIn) -> Status[dict[str, Any]]:
    """Put something on the park's own list; checks that were run before are stale then."""
    viewer, park = _editable(request, place_id)
    row = actions.add_listed(viewer, park.pk, ListedSpec(**body.dict() | {"kind": body.kind.value}))
    return Status(201, desk.columns(row, desk.EntryOut))


@router.post("/parks/listed/{entry_id}/end", response={204: None}, summary=_("移出禁限控目录"))
def end_listed(request: HttpRequest, entry_id: Id) -> Status[None]:
    """Take something off the park's own list; who did it and when is kept."""
    viewer = request_viewer(request)
    actions.end_listed(viewer, selectors.entry(viewer, entry_id).pk)
    return Status(204, None)


def _editable(request: HttpRequest, place_id: int) -> tuple[Viewer, Place]:
    """Who asks, and the park that they may see and change. Raises NotInScope, NotAllowed."""
    viewer = request_viewer(request)
    return viewer, selectors.park(viewer, place_id, "park.edit")
