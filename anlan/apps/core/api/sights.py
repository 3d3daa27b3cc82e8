"""Who sees a place, what a person sees and why, and what a move would change of it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.apps.core import selectors, sight
from anlan.apps.core.sight import Reach, Shift, Through, Watcher
from anlan.kit.api import Id, Listed, Strict
from anlan.rules.places import inherited_sector

router = Router(tags=[_("人员与授权")])


class ThroughOut(Schema):
    """One grant as a reason."""

    grant_id: int
    role: str
    place_id: int
    sectors: list[str]
    until: datetime | None
    partly: bool = Field(description="Reaches only things of some sectors below.")


class WatcherOut(Schema):
    """A person who sees a place."""

    person_id: int
    name: str = Field(description="Full name.", examples=["赵值"])
    capabilities: list[str] = Field(description="What they may do there.")
    through: list[ThroughOut]


class AboveOut(Schema):
    """People above what the viewer keeps, of whom only the number is told."""

    role: str
    place: str = Field(description="Where the role is held.", examples=["澜县"])
    people: int


class SightOut(Schema):
    """Everybody who sees a place."""

    watchers: list[WatcherOut]
    above: list[AboveOut]


class ReachOut(Schema):
    """What one grant of a person opens."""

    through: ThroughOut
    places: int = Field(description="Places in use at and below.")
    enterprises: int = Field(description="Of these, enterprises.")
    inside: bool = Field(description="Lies below another of the person's grants.")


class ReachesOut(Listed[ReachOut]):
    """What each grant of a person opens. ``elsewhere``: how many more lie outside what the viewer keeps."""

    elsewhere: int


class ShiftOfSight(Schema):
    """A person who would see more or fewer of the places that move."""

    name: str = Field(description="Full name.", examples=["赵值"])
    role: str
    before: int = Field(description="Places that they see now.")
    after: int = Field(description="Places that they would see.")


class MoveOut(Schema):
    """What a move would change, told before it is done; nothing is changed by asking."""

    counts: dict[str, int] = Field(description="Places that would move, by kind.")
    losing: list[ShiftOfSight]
    gaining: list[ShiftOfSight]
    unnamed: int = Field(description="People outside what the viewer keeps who lose or gain.")
    zones_left: list[int] = Field(description="Ids of zones that would no longer count them.")
    zones_joined: list[int] = Field(description="Ids of zones that would count them from then on.")
    sector: str | None = Field(description="The trade that the places would have; null = as before.")


class MoveQuery(Strict):
    to_id: Id = Field(description="Under which place.")


@router.get("/places/{place_id}/sight", response=SightOut, summary=_("谁能看到这个场所"))
def place_sight(request: HttpRequest, place_id: Id) -> dict[str, Any]:
    """Who sees a place, with what, through which grant. For those who keep the people there."""
    viewer = selectors.request_viewer(request)
    found = sight.who_sees(viewer, selectors.place(viewer, place_id, "person.edit"))
    above = [{"role": one.role, "place": one.place, "people": one.people} for one in found.above]
    return {"watchers": [_watcher(one) for one in found.watchers], "above": above}


@router.get("/people/{person_id}/reach", response=ReachesOut, summary=_("这个人能看到什么"))
def person_reach(request: HttpRequest, person_id: Id) -> dict[str, Any]:
    """What each grant of a person opens, from the top down."""
    viewer = selectors.request_viewer(request)
    reaches, elsewhere = sight.what_sees(viewer, selectors.person(viewer, person_id))
    return {"items": [_reach(one) for one in reaches], "elsewhere": elsewhere}


@router.get("/places/{place_id}/move-preview", response=MoveOut, summary=_("移动前的影响"))
def look_before_moving(request: HttpRequest, place_id: Id, query: Query[MoveQuery]) -> dict[str, Any]:
    """What moving a place would change: who loses or gains sight, which zones count the places."""
    viewer = selectors.request_viewer(request)
    place = selectors.place(viewer, place_id, "place.edit")
    parent = selectors.place(viewer, query.to_id, "place.edit")
    sector = inherited_sector(place.kind, place.sector, parent.kind, parent.sector)
    found = sight.look_before_moving(viewer, place, parent, sector)
    return {
        "counts": dict(found.counts),
        "losing": [_shift(one) for one in found.losing],
        "gaining": [_shift(one) for one in found.gaining],
        "unnamed": found.unnamed,
        "zones_left": [zone.pk for zone in found.zones_left],
        "zones_joined": [zone.pk for zone in found.zones_joined],
        "sector": found.sector[1] if found.sector else None,
    }


def _watcher(one: Watcher) -> dict[str, Any]:
    told = {"person_id": one.person.pk, "name": one.person.name, "capabilities": sorted(one.capabilities)}
    return {**told, "through": [_through(each) for each in one.through]}


def _through(one: Through) -> dict[str, Any]:
    names = ("role", "place_id", "sectors", "until")
    return {"grant_id": one.grant.pk, "partly": one.partly, **{name: getattr(one.grant, name) for name in names}}


def _reach(one: Reach) -> dict[str, Any]:
    names = ("places", "enterprises", "inside")
    return {"through": _through(one.through), **{name: getattr(one, name) for name in names}}


def _shift(one: Shift) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("name", "role", "before", "after")}
