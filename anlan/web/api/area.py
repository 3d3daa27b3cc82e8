"""What the map tells of a stretch of ground, and where moving things are now."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.apps.core import selectors as core
from anlan.engine.values import LastValues
from anlan.kit.api import Listed, Slice, Strict, Words, bad_cursor, page_of, read_cursor
from anlan.rules.levels import Level
from anlan.web import positions
from anlan.web.atlas import inside
from anlan.web.atlas.look import Look, look
from anlan.web.atlas.question import LAYERS, asked

router = Router(tags=[_("地图与查找")])

_LIST = "May stand several times; none = everything."


class AreaQuery(Strict):
    """As the map's address says it: what is not asked for does not narrow."""

    layer: list[Words] = Field([], max_length=len(LAYERS), description=f"{', '.join(LAYERS)}. {_LIST}")
    sector: list[Words] = Field([], max_length=60, description=f"Keys of trades. {_LIST}")
    level: list[Level] = Field([], max_length=5, description=_LIST)
    object: list[Words] = Field([], max_length=30, description=f"Kinds of public objects. {_LIST}")
    substance: Words = Field("", max_length=60, description="Part of a substance's name or its CAS number.")
    near: Words = Field("", max_length=60, description="`lon,lat` [degree], `place:ID` or `object:KIND`.")
    metres: Words = Field("", max_length=20, description="How near [m]; 1000 if not said.")
    ring: Words = Field("", max_length=8_000, description="Corners of a polygon: `lon,lat,lon,lat,…` [degree].")


class AreaSlice(AreaQuery, Slice):
    pass


class Trade(Schema):
    """A trade: enterprises and risk points by level 0 (unknown) to 4 (major)."""

    key: str
    name: str
    enterprises: list[int]
    points: list[int]


class Count(Schema):
    name: str
    count: int


class InsideOut(Schema):
    """What lies inside, as far as it is in scope. ``people``: residents, null where nobody knows."""

    enterprises: list[int] = Field(description="By level 0 (unknown) to 4 (major).")
    points: list[int] = Field(description="Risk points by level 0 (unknown) to 4 (major).")
    trades: list[Trade]
    objects: list[Count] = Field(description="Public objects by kind.")
    others: list[Count] = Field(description="Other places by kind.")
    people: int | None


class InsideHit(Schema):
    """A place that fits; ``metres`` where a distance was asked for, ``lon`` and ``lat`` [degree] where it is drawn."""

    place_id: int
    name: str
    kind: str
    sector: str
    code: str
    path: str
    level: Level
    metres: float | None
    lon: float | None
    lat: float | None


class PositionOut(Schema):
    """Where something that moves was last [degree], and when it said so."""

    place_id: int
    lon: float
    lat: float
    at: datetime


@router.get("/map/inside", response=InsideOut, summary=_("圈选范围内的统计"))
def map_inside(request: HttpRequest, query: Query[AreaQuery]) -> dict[str, Any]:
    """Count what lies within a radius or polygon and fits the filters, as the panel beside the map does."""
    found = inside.statistics(_look(request))
    pairs = {name: [{"name": one, "count": n} for one, n in getattr(found, name)] for name in ("objects", "others")}
    levels = {"enterprises": found.enterprises, "points": found.points, "people": found.people}
    return {**levels, **pairs, "trades": [vars(line) for line in found.trades]}


@router.get("/map/hits", response=Listed[InsideHit], summary=_("圈选范围内的场所"))
def map_hits(request: HttpRequest, query: Query[AreaSlice]) -> dict[str, Any]:
    """The places that ``/map/inside`` counts: the worst first, then the nearest."""
    found = inside.hits(_look(request))
    begin = _position(query.cursor)
    numbered = list(enumerate(found[begin : begin + query.limit + 1], begin + 1))
    part = page_of(numbered, query, lambda row: [row[0]])
    return {**part, "items": [_hit(hit) for _, hit in part["items"]]}


@router.get("/map/positions", response=Listed[PositionOut], summary=_("车辆与船舶的实时位置"))
def map_positions(request: HttpRequest) -> dict[str, Any]:
    """Where vehicles, boats and other moving places in scope are, by their last readings."""
    known = positions.roll(core.request_viewer(request))
    _, found = positions.fixes(LastValues(Path(settings.DATA) / "values.bin"), known)
    moments = [datetime.fromtimestamp(ts / 1000, UTC) for ts in found.ts.tolist()]
    columns = zip(known.places[found.rows].tolist(), found.lon.tolist(), found.lat.tolist(), moments, strict=True)
    return {"items": [dict(zip(("place_id", "lon", "lat", "at"), row, strict=True)) for row in columns]}


def _look(request: HttpRequest) -> Look:
    return look(core.request_viewer(request), asked(request))


def _position(cursor: str) -> int:
    """How many hits were given already."""
    if not cursor:
        return 0
    (given,) = read_cursor(cursor, 1)
    if not isinstance(given, int) or given < 0:
        raise bad_cursor()
    return given


def _hit(hit: inside.Hit) -> dict[str, Any]:
    lon, lat = hit.spot or (None, None)
    told = {name: getattr(hit, name) for name in ("name", "kind", "sector", "code", "path", "level", "metres")}
    return {"place_id": hit.id, **told, "lon": lon, "lat": lat}
