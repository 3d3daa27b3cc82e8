"""The risk list: places from the worst level down, each with its way and with the facts that hold its colour."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.apps.core import selectors as core
from anlan.apps.core.models import Place
from anlan.apps.ledger import holding, lists
from anlan.apps.ledger.explanation import render, source_url
from anlan.kit.api import Id, Listed, Slice, Words, bad_cursor, page_of, read_cursor
from anlan.kit.grants import Viewer
from anlan.rules.levels import Level
from anlan.web.views import risks, where

router = Router(tags=[_("等级与事实")])

MOST, MOST_FACTS = 200, 10


class RiskQuery(Slice):
    limit: int = Field(50, ge=1, le=MOST, description="Most rows in one answer.")
    facts: int = Field(3, ge=0, le=MOST_FACTS, description="Most facts that are told of each place, the newest.")
    under: Id | None = Field(None, description="Only in this place, and what a park or zone counts besides.")
    level: list[Level] = Field([], max_length=5, description="Only places that show one of these levels.")
    kind: list[Words] = Field(
        [],
        max_length=20,
        description="Only these kinds; none = points that carry a risk of their own; all = every kind.",
    )
    sector: list[Words] = Field([], max_length=60, description="Only these trades.")
    text: Words = Field("", max_length=60, description="Part of the name, or the beginning of the code.")


class HoldingOut(Schema):
    """A fact that holds a colour."""

    fact_id: int
    place_id: int | None = Field(description="Where it is; null = not for the reader.")
    place: str = Field(description="What people call that; empty = not for the reader.", examples=["反应釜"])
    kind: str = Field(description="What kind of fact.", examples=["alarm"])
    reason: str
    since: datetime
    until: datetime | None
    inherited: bool = Field(description="Whether it reaches down from above.")
    source_url: str | None = Field(description="Page of the record that it came from; null = none for the reader.")


class RiskOut(Schema):
    """A place with its level, why, and where it lies."""

    place_id: int
    name: str
    kind: str
    code: str
    sector: str
    level: Level
    since: datetime | None = Field(description="Since when it shows that level; null = never shown yet.")
    reason: str = Field(description="What last changed its colour, as far as the reader may know it.")
    enterprise: str = Field(description="Name of the enterprise that it lies in; empty = none, or not for the reader.")
    town: str = Field(description="Of the park or town.", examples=["澜县化工园区"])
    grid: str = Field(description="Of the grid.")
    county: str = Field(description="Of the county.", examples=["澜县"])
    longitude: float | None = Field(description="Middle of its box [degree, CGCS2000]; null = not on the map.")
    latitude: float | None = Field(description="Middle of its box [degree, CGCS2000]; null = not on the map.")
    facts: list[HoldingOut] = Field(
        description="That hold its level, at and below it or from above, the newest first; none at level 0 = never "
        "assessed, or something below was not."
    )
    more: bool = Field(description="Whether there are more of them for the reader: see `/api/places/{place_id}/why`.")
    hidden: bool = Field(description="Whether there are some that the reader may not know.")


@router.get("/risks", response=Listed[RiskOut], summary=_("风险清单"))
def list_risks(request: HttpRequest, query: Query[RiskQuery]) -> dict[str, Any]:
    """Places in scope from the worst level down, with the facts that hold the colour of each."""
    viewer = core.request_viewer(request)
    found = lists.worst_first(_wanted(viewer, query), _position(query.cursor), query.limit + 1)
    part = page_of(found, query, lambda row: [row[0], row[1].pk])
    return {**part, "items": _told(viewer, [place for _step, place in part["items"]], query.facts)}


def _wanted(viewer: Viewer, query: RiskQuery) -> QuerySet[Place]:
    rows = core.places(viewer).select_related("shown").defer("geometry")
    if where.ALL not in query.kind:
        rows = rows.filter(kind__in=query.kind or where.POINTS)
    if query.under is not None:
        rows = rows.filter(where.within(viewer, [str(core.place(viewer, query.under).pk)]))
    if query.level:
        rows = rows.filter(reduce(or_, map(lists.at_level, query.level)))
    if query.sector:
        rows = rows.filter(sector__in=query.sector)
    if query.text:
        rows = rows.filter(Q(name__icontains=query.text) | Q(code__startswith=query.text))
    return rows


def _position(cursor: str) -> tuple[int, int] | None:
    """Step and id of the last row that was given."""
    if not cursor:
        return None
    step, last = read_cursor(cursor, 2)
    if not isinstance(step, int) or not isinstance(last, int) or not 0 <= step < len(lists.STEPS):
        raise bad_cursor()
    return step, last


def _told(viewer: Viewer, places: Sequence[Place], each: int) -> list[dict[str, Any]]:
    held = holding.held(viewer, places, each)
    return [_risk(viewer, one, held[one.place.pk]) for one in risks.told(viewer, places)]


def _risk(viewer: Viewer, one: risks.Risk, why: holding.Held) -> dict[str, Any]:
    place, shown = one.place, one.shown
    told = {name: getattr(place, name) for name in ("name", "kind", "code", "sector")}
    told |= {"place_id": place.pk, "level": one.level, "since": shown.since if shown else None, "reason": one.reason}
    told |= {"enterprise": one.way.name_of("enterprise"), "town": one.way.name_of("park", "town")}
    told |= {name: one.way.name_of(name) for name in ("grid", "county")}
    told |= {"longitude": risks.middle(place.west, place.east), "latitude": risks.middle(place.south, place.north)}
    return told | {"facts": [_fact(viewer, each) for each in why.facts], "more": why.more, "hidden": why.hidden}


def _fact(viewer: Viewer, one: holding.HoldingFact) -> dict[str, Any]:
    fact, place = one.fact, one.fact.place
    seen = viewer.may("place.view", place.path, place.sector)
    told = {name: getattr(fact, name) for name in ("kind", "since", "until")}
    told |= {"place_id": place.pk if seen else None, "place": place.name if seen else ""}
    told |= {"fact_id": fact.pk, "reason": render(fact), "inherited": one.inherited}
    return told | {"source_url": source_url(viewer, fact)}
