"""Several tags over one stretch of time, as the chart page draws them; and what a few letters may mean."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.apps.core.selectors import request_viewer
from anlan.apps.monitoring import selectors as monitoring
from anlan.kit.api import Id, Listed, Moment, Strict, Words
from anlan.kit.errors import BadInput, NotInScope
from anlan.rules.refusal import Refusal
from anlan.web import curves, finding

router = Router(tags=[_("监测与报警")])


class CurvesQuery(Strict):
    tag_id: list[Id] = Field(min_length=1, max_length=curves.MOST_TAGS, description="Which tags.")
    start: Moment = Field(description="From when on.")
    end: Moment = Field(description="Until when; at most a year later.")
    points: int = Field(500, ge=1, le=5_000, description="Most steps of each tag.")
    compare: Literal["", "day", "week"] = Field("", description="Also the same stretch a day or a week earlier.")


class LimitLine(Schema):
    """A limit that the chart draws."""

    name: str = Field(description="Which.", examples=["高高限"])
    value: float
    upper: bool = Field(description="Whether it is passed upwards.")


class Columns(Schema):
    """Columns: epoch ms, lowest, highest, mean, whether the readings are to be believed."""

    ts: list[int]
    low: list[float | None]
    high: list[float | None]
    mean: list[float | None]
    good: list[bool]


class Curve(Schema):
    """One tag with its limits. ``before``: the earlier stretch, where it was asked for."""

    id: int
    code: str = Field(description="Its code at the gateway.", examples=["PI-7"])
    name: str = Field(description="What people call it.", examples=["反应器压力"])
    place: str = Field(description="Where it is.", examples=["反应釜"])
    unit: str
    limits: list[LimitLine]
    series: Columns
    before: Columns | None


class NoteOut(Schema):
    """What somebody said about an alarm; ``at`` in epoch ms."""

    at: int
    by: str = Field(description="Who.", examples=["赵值"])
    text: str


class CurveSpan(Schema):
    """An alarm as a stretch of the time axis, in epoch ms."""

    id: int
    tag_id: int = Field(validation_alias="tag")
    raised: int
    cleared: int | None
    level: int | None
    name: str = Field(description="Which limit.", examples=["高高限"])
    value: float | None
    limit: float | None
    by: str = Field(description="Who acknowledged it; empty = nobody.")
    notes: list[NoteOut]


class CurvesOut(Schema):
    """The tags that the viewer may read; others are left out."""

    tags: list[Curve]
    alarms: list[CurveSpan]


@router.get("/curves", response=CurvesOut, summary=_("多个点位的曲线"))
def list_curves(request: HttpRequest, query: Query[CurvesQuery]) -> dict[str, Any]:
    """What tags did in a span of time of at most a year, with their limits, alarms and what was said about them."""
    if not timedelta() < query.end - query.start <= timedelta(days=366):
        fix = "请给出起点早于终点、不超过一年的时间。"
        raise BadInput(Refusal("history.bad_window", "时间范围不可用。", fix))
    viewer = request_viewer(request)
    drawn = monitoring.tags(viewer, list(dict.fromkeys(query.tag_id)))
    if not drawn:
        raise NotInScope
    at = curves.Window(query.start, query.end, None)
    return curves.curves(viewer, drawn, at, query.points, query.compare)


class FindQuery(Strict):
    q: Words = Field(min_length=1, max_length=60, description="A few letters of a name, or the beginning of a code.")


class FoundOut(Schema):
    """One line: what it is called, where it is, where it leads; ``level`` null = has no colour."""

    text: str
    note: str
    url: str = Field(description="Where it leads, inside the product.", examples=["/places/42"])
    level: int | None


class FoundGroup(Schema):
    """Hits of one kind."""

    title: str = Field(examples=["企业"])
    hits: list[FoundOut]


@router.get("/find", response=Listed[FoundGroup], summary=_("查找一切"), tags=[_("地图与查找")])
def find(request: HttpRequest, query: Query[FindQuery]) -> dict[str, Any]:
    """Pages, enterprises, places and tags that fit a few letters, as the box at the top of every page finds them."""
    return {"items": [asdict(group) for group in finding.find(request_viewer(request), query.q)]}
