"""Facts, the levels they make, why a place has its colour, and how colours changed."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.apps.core.models import Place
from anlan.apps.core.selectors import request_viewer
from anlan.apps.ledger import lists, selectors
from anlan.apps.ledger.choices import AppliesTo
from anlan.apps.ledger.explanation import Explanation, render
from anlan.apps.ledger.models import Fact
from anlan.apps.ledger.selectors import SealHead
from anlan.kit import clock
from anlan.kit.api import LONGEST_LIST, Id, Listed, Moment, Slice, Strict, Words, cut
from anlan.kit.errors import BadInput, NotAllowed
from anlan.rules.levels import Level
from anlan.rules.refusal import Refusal

router = Router(tags=[_("等级与事实")])


class LevelOut(Schema):
    """What a place shows. ``points`` and ``enterprises`` count by level: unknown, low, general, serious, major."""

    place_id: int
    parent_id: int | None
    name: str
    kind: str
    sector: str
    level: Level
    since: datetime | None
    points: Sequence[int]
    enterprises: Sequence[int]
    as_of: datetime


class LevelQuery(Slice):
    place_id: Id | None = Field(None, description="Only this place and what lies below it.")
    depth: int | None = Field(None, ge=0, le=40, description="Steps down from there; null = to the leaves.")
    level: list[Level] = Field([], description="Only places that show one of these levels.")
    kind: list[Words] = Field([], max_length=20, description="Only places of these kinds.")


@router.get("/levels", response=Listed[LevelOut], summary=_("各场所等级与数量"))
def list_levels(request: HttpRequest, query: Query[LevelQuery]) -> dict[str, Any]:
    """What places show and count, in the order of the tree. Exact as of ``as_of``. ``depth`` needs ``place_id``."""
    viewer, until = request_viewer(request), selectors.projected_until()
    found = lists.showing(viewer, query.place_id, depth=query.depth, levels=query.level, kinds=query.kind)
    part = cut(found, query, "path")
    return part | {"items": [_level(place, until) for place in part["items"]]}


def _level(place: Place, until: datetime) -> dict[str, Any]:
    shown = selectors.shown_by(place, until)
    told = {name: getattr(place, name) for name in ("parent_id", "name", "kind", "sector")}
    return {"place_id": place.pk, **told, **asdict(shown)}


@router.get("/places/{place_id}/level", response=LevelOut, summary=_("场所的等级"))
def place_level(request: HttpRequest, place_id: Id) -> dict[str, Any]:
    """What one place shows and counts."""
    return _level(lists.showing(request_viewer(request), place_id, depth=0)[0], selectors.projected_until())


class When(Strict):
    at: Moment | None = Field(None, description="A past moment; null = now.")


@router.get("/places/{place_id}/why", response=Explanation, summary=_("为什么是这个颜色"))
def explain_place(request: HttpRequest, place_id: Id, query: Query[When]) -> Explanation:
    """Why a place shows its level, or showed it ``at`` a past time: every fact that alone would hold it.

    ``level`` is 4 major, 3 serious, 2 general, 1 low, 0 unknown. A line with ``in_scope`` false stands for ``count``
    facts that the viewer may not read.
    """
    return selectors.explain(request_viewer(request), place_id, query.at)


class ChangeOut(Schema):
    """One change of a shown level."""

    place_id: int
    place_name: str
    place_kind: str
    before: Level
    after: Level
    at: datetime
    reason: str
    cause_id: int | None


class Span(Strict):
    start: Moment
    end: Moment


class ChangeQuery(Strict):
    since: Moment | None = Field(None, description="Not before this; null = the last hour.")
    limit: int = Field(100, ge=1, le=LONGEST_LIST, description="Most rows in the answer, the newest.")


def _change(change: selectors.Change) -> dict[str, Any]:
    place = change.place
    told = {name: getattr(change, name) for name in ("before", "after", "at", "reason", "cause_id")}
    return {"place_id": place.id, "place_name": place.name, "place_kind": place.kind, **told}


@router.get("/changes", response=Listed[ChangeOut], summary=_("最近的等级变化"))
def list_changes(request: HttpRequest, query: Query[ChangeQuery]) -> dict[str, Any]:
    """Which places changed colour, newest first, each with its reason as far as the viewer may read it."""
    since = query.since or clock.now() - timedelta(hours=1)
    return {"items": [_change(c) for c in selectors.recent_changes(request_viewer(request), since, query.limit)]}


@router.get("/places/{place_id}/level-history", response=Listed[ChangeOut], summary=_("场所的等级变化"))
def level_history(request: HttpRequest, place_id: Id, span: Query[Span]) -> dict[str, Any]:
    """How a place's level changed, oldest first, led by the change in force at ``start``. At most a year at once."""
    if not timedelta() < span.end - span.start <= timedelta(days=366):
        raise BadInput(Refusal("history.bad_window", "时间范围不可用。", "请给出起点早于终点、不超过一年的时间。"))
    return {"items": [_change(c) for c in selectors.history(request_viewer(request), place_id, span.start, span.end)]}


class FactOut(Schema):
    """Something that changes risk at a place. Facts are never edited; they end by ``until`` or by ``cleared``."""

    id: int
    place_id: int
    kind: str
    level: Level
    reason: str
    source_kind: str
    source_id: int | None
    happened: datetime
    recorded: datetime
    since: datetime
    until: datetime | None
    cleared: datetime | None
    applies_to: AppliesTo

    @staticmethod
    def resolve_reason(row: Fact) -> str:
        return render(row)

    @staticmethod
    def resolve_cleared(row: Fact) -> datetime | None:
        clearing = getattr(row, "clearing", None)
        return clearing.at if clearing else None


class FactQuery(Slice):
    place_id: Id | None = Field(None, description="Only at this place and below.")
    kind: list[Words] = Field([], max_length=40, description="Only these kinds.")
    level: list[Level] = Field([], description="Only these levels.")
    live: bool = Field(True, description="Only facts that count now; false = also ended and future ones.")


@router.get("/facts", response=Listed[FactOut], summary=_("风险事实"))
def list_facts(request: HttpRequest, query: Query[FactQuery]) -> dict[str, Any]:
    """Facts in scope, newest first."""
    at = clock.now() if query.live else None
    found = lists.facts(request_viewer(request), query.place_id, kinds=query.kind, levels=query.level, at=at)
    return cut(found, query, "-pk")


@router.get("/facts/{fact_id}", response=FactOut, summary=_("查看事实"))
def get_fact(request: HttpRequest, fact_id: Id) -> Fact:
    """One fact, live or ended."""
    return lists.fact(request_viewer(request), fact_id)


@router.get("/seal", response=SealHead, summary=_("留痕链的最新一环"))
def seal(request: HttpRequest) -> SealHead:
    """The head of the audit chain, to be kept outside: who holds it can prove that nothing before it was changed."""
    if not request_viewer(request).may_anywhere("audit.view"):
        raise NotAllowed("audit.view")
    return selectors.seal_head()
