"""What a scenario may begin with: holdings and vessels of files, and stations that tell the weather of now."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.apps.consequences import beginning, stations
from anlan.apps.consequences.api.given import Degree, North, ScenarioIn
from anlan.apps.consequences.beginning import Pick
from anlan.apps.consequences.stations import Station
from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.kit import clock
from anlan.kit.api import Id, Moment, Strict, Words

router = Router(tags=[_("事故后果")])


class PickQuery(Strict):
    place_id: Id = Field(description="What is kept there and below; in an enterprise, all that its file holds.")
    breach: Words = Field("", max_length=40, description="A usual way to fail, a key of core/what_if; empty = usual.")


class PickOut(Schema):
    """A holding or a vessel of an enterprise's file."""

    key: str = Field(description="Finds it again.", examples=["holding-7"])
    title: str = Field(description="What it is.", examples=["液氨"])
    where: str = Field(description="Where it stands.", examples=["九通化工"])
    place_id: Id
    substance: str = Field(description="CAS number that it is computed as.", examples=["7664-41-7"])
    by: str = Field(description="Name of the substance that stands for it; empty = it is its own.", examples=[""])
    mass: float | None = Field(description="What is held at most [kg]; null = the file does not say.")
    drawn: bool = Field(description="Whether the file says where it stands; else the middle of the place is given.")
    scenario: dict[str, Any] | None = Field(
        description="How it would usually fail, as `POST /api/scenarios/try` takes it; null = the place is not drawn."
    )


class StationQuery(Strict):
    longitude: Degree = Field(description="Near which point [degree, CGCS2000].", examples=[121.5])
    latitude: North = Field(description="Near which point [degree, CGCS2000].", examples=[41.1])


class StationOut(Schema):
    """A place that observes the weather."""

    place_id: Id
    name: str
    metres: float = Field(description="From the point [m].", examples=[2100.0])
    longitude: float = Field(description="[degree, CGCS2000]", examples=[121.5])
    latitude: float = Field(description="[degree, CGCS2000]", examples=[41.1])
    seen: Moment | None = Field(description="Of its last wind; null = none ever came.")
    current: bool = Field(description="Whether that is the weather of now.")
    tags: list[Id] = Field(description="Ids of its measured points.")


@router.get("/scenarios/picks", response=list[PickOut], summary=_("推演可从哪些储存和设备开始"))
def list_picks(request: HttpRequest, query: Query[PickQuery]) -> list[dict[str, Any]]:
    """Holdings and vessels whose substance the models know, the largest first, each as a scenario to be tried."""
    viewer = core.request_viewer(request)
    place = core.place(viewer, query.place_id, "scenario.view")
    return [_pick(place, one, query.breach) for one in beginning.picks(viewer, place)]


@router.get("/weather-stations", response=list[StationOut], summary=_("附近的气象站"))
def list_stations(request: HttpRequest, query: Query[StationQuery]) -> list[dict[str, Any]]:
    """Weather stations whose measured points the viewer may read, the nearest first."""
    viewer = core.request_viewer(request)
    return [_station(one) for one in stations.stations(viewer, query.longitude, query.latitude)]


def _pick(place: Place, one: Pick, breach: str) -> dict[str, Any]:
    spec = beginning.begun_at(place, one, breach)
    told = {name: getattr(one, name) for name in ("key", "title", "where", "place_id", "by", "mass")}
    scenario = {name: getattr(spec, name) for name in ScenarioIn.model_fields} if spec is not None else None
    return told | {"substance": one.cas, "drawn": one.position is not None, "scenario": scenario}


def _station(one: Station) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("place_id", "name", "metres")}
    told |= {"longitude": one.position[0], "latitude": one.position[1]}
    return told | {"seen": one.at, "current": one.current(clock.now()), "tags": one.tag_ids}
