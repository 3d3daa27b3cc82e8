"""Who has the desk of a place, the roster, and what was handed over."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema, Status

from anlan.apps.core import selectors as core
from anlan.apps.incidents import actions, selectors
from anlan.apps.incidents.actions import NewShift
from anlan.apps.incidents.selectors import ShiftRow
from anlan.apps.monitoring.selectors import AlarmRow
from anlan.kit.api import Id, Listed, Moment, Strict, Words
from anlan.kit.errors import BadInput
from anlan.rules.refusal import Refusal

router = Router(tags=[_("值班")])

LONGEST = timedelta(days=62)


class DeskOut(Schema):
    """A place with a roster, or where the viewer may begin one."""

    id: int
    name: str
    kind: str


class ShiftOut(Schema):
    """One person's turn. ``state``: ``coming``, ``due`` (begun, not taken over), ``on`` or ``over``."""

    id: int = Field(validation_alias="shift_id")
    place_id: int
    place_name: str = Field(description="What people call the place.", examples=["澜县"])
    person_id: int
    person: str = Field(description="Whose turn it is.", examples=["赵值"])
    phone: str
    since: datetime
    until: datetime
    taken: datetime | None = Field(description="When the person took over; null = not yet.")
    handed_by: str = Field(description="Who had the desk before; empty = nobody.")
    note: str = Field(description="What was handed over, in words.")
    carried: list[int] = Field(description="Ids of the alarms that were open at the handover.")
    state: str = Field(examples=["on"])
    may_take: bool = Field(description="Whether the viewer may take it over now.")
    may_change: bool = Field(description="Whether the viewer may change it now.")


class CurrentOut(Schema):
    """Whose turn it is. ``desk_id``: the place itself or the nearest above with a roster; null = none."""

    desk_id: int | None
    now: ShiftOut | None = Field(description="Who has the desk.")
    following: ShiftOut | None = Field(description="Who is next.")
    mine: ShiftOut | None = Field(description="The shift that the viewer may take over now.")
    carried: int = Field(description="Alarms that are open and would be taken over with it.")


class HandoverOut(Schema):
    """One handover with as many of its alarms as the viewer may see."""

    shift: ShiftOut
    alarms: list[AlarmRow]


class CandidateOut(Schema):
    """Somebody who may have the desk of a place."""

    id: int
    name: str = Field(description="Full name.", examples=["赵值"])


class RosterQuery(Strict):
    place_id: Id
    start: Moment = Field(description="Shifts that end after this.")
    end: Moment = Field(description="Shifts that begin before this; at most 62 days later.")


class AtPlace(Strict):
    place_id: Id


class HandoverQuery(AtPlace):
    before: Moment | None = Field(None, description="Only those taken over before this.")
    limit: int = Field(20, ge=1, le=100, description="Most handovers in the answer.")


class ShiftIn(Strict):
    place_id: Id
    person_id: Id
    since: Moment
    until: Moment


class ShiftsIn(Strict):
    shifts: list[ShiftIn] = Field(min_length=1, max_length=actions.MOST_AT_ONCE)


class ShiftChanges(Strict):
    person_id: Id
    since: Moment
    until: Moment


class Note(Strict):
    note: Words = Field("", max_length=1000, description="What was handed over; asked for where alarms are open.")


class Added(Schema):
    """The ids of the shifts, in the order of place and time."""

    ids: list[int]


@router.get("/shifts", response=Listed[ShiftOut], summary=_("排班表"))
def list_shifts(request: HttpRequest, query: Query[RosterQuery]) -> dict[str, Any]:
    """The shifts of a place that touch a span of time, in order."""
    if not timedelta() < query.end - query.start <= LONGEST:
        raise BadInput(Refusal("shift.bad_window", "时间范围不可用。", "请给出起点早于终点、不超过 62 天的时间。"))
    viewer = core.request_viewer(request)
    place = core.place(viewer, query.place_id, "alarm.view")
    return {"items": selectors.roster(viewer, place, query.start, query.end)}


@router.get("/shifts/desks", response=Listed[DeskOut], summary=_("值班地点"))
def list_desks(request: HttpRequest) -> dict[str, Any]:
    """The places with a roster that the viewer may read, and the topmost where they may begin one."""
    return {"items": selectors.desks(core.request_viewer(request))}


@router.get("/shifts/current", response=CurrentOut, summary=_("现在谁值班"))
def current_shift(request: HttpRequest, query: Query[AtPlace]) -> dict[str, Any]:
    """Who has the desk of a place, or of the nearest place above with a roster."""
    viewer = core.request_viewer(request)
    found = selectors.current_shift(viewer, core.place(viewer, query.place_id, "alarm.view"))
    if found is None:
        return {"desk_id": None, "now": None, "following": None, "mine": None, "carried": 0}
    told = {name: getattr(found, name) for name in ("now", "following", "mine", "carried")}
    return {"desk_id": found.place.pk, **told}


@router.get("/shifts/handovers", response=Listed[HandoverOut], summary=_("交接记录"))
def list_handovers(request: HttpRequest, query: Query[HandoverQuery]) -> dict[str, Any]:
    """The last handovers at a place, newest first; ``before`` the ``taken`` of the last reads on."""
    viewer = core.request_viewer(request)
    place = core.place(viewer, query.place_id, "alarm.view")
    return {"items": selectors.handovers(viewer, place, query.before, query.limit)}


@router.get("/shifts/candidates", response=Listed[CandidateOut], summary=_("可值班的人"))
def list_candidates(request: HttpRequest, query: Query[AtPlace]) -> dict[str, Any]:
    """Who can have the desk of a place: those who may acknowledge alarms there. For whoever writes the roster."""
    viewer = core.request_viewer(request)
    return {"items": list(selectors.candidates(viewer, core.place(viewer, query.place_id, "shift.edit")))}


@router.post("/shifts", response={201: Added}, summary=_("排班"))
def add_shifts(request: HttpRequest, new: ShiftsIn) -> Status[dict[str, Any]]:
    """Put shifts on the roster, all or none."""
    wanted = [NewShift(one.place_id, one.person_id, one.since, one.until) for one in new.shifts]
    made = actions.add_shifts(core.request_viewer(request), wanted)
    return Status(201, {"ids": [shift.pk for shift in made]})


@router.put("/shifts/{shift_id}", response=ShiftOut, summary=_("修改班次"))
def edit_shift(request: HttpRequest, shift_id: Id, changes: ShiftChanges) -> ShiftRow:
    """Another person or other hours for a shift that has not begun."""
    viewer = core.request_viewer(request)
    shift = actions.edit_shift(viewer, shift_id, **changes.dict())
    return selectors.shift(viewer, shift.pk)


@router.delete("/shifts/{shift_id}", response={204: None}, summary=_("删除班次"))
def remove_shift(request: HttpRequest, shift_id: Id) -> Status[None]:
    """Take a shift that has not begun off the roster."""
    actions.remove_shift(core.request_viewer(request), shift_id)
    return Status(204, None)


@router.post("/shifts/{shift_id}/take-over", response=ShiftOut, summary=_("接班"))
def take_over_shift(request: HttpRequest, shift_id: Id, handed: Note) -> ShiftRow:
    """Begin one's own shift; the alarms that are open go with it."""
    viewer = core.request_viewer(request)
    return selectors.shift(viewer, actions.take_over(viewer, shift_id, handed.note).pk)
