"""What the wall says: is it safe today, in six numbers, what is red and why, what changed, what is silent."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from anlan.apps.core.selectors import request_viewer
from anlan.kit.api import Id, Strict
from anlan.rules.levels import Level
from anlan.web import picture, wall

router = Router(tags=[_("等级与事实")])


class WallQuery(Strict):
    place_id: Id | None = Field(None, description="Only this place and below; null = all that the reader may see.")


class WallFigureOut(Schema):
    """One of the six numbers."""

    key: str = Field(
        description="red_points, orange_points, hot_enterprises (red or orange), waiting_alarms (not acknowledged), "
        "alarms_today or silent_tags.",
        examples=["red_points"],
    )
    title: str = Field(description="As the wall says it.", examples=["红色风险点"])
    value: int = Field(examples=[3])
    unit: str = Field(description="What is counted, as the wall says it.", examples=["处"])
    before: int | None = Field(description="The same a day ago; null = not known.", examples=[2])
    note: str = Field(description="What belongs to it, in words.", examples=["共 412 处"])


class BurningOut(Schema):
    """A place that is red or orange: an enterprise with all below it, else the place itself."""

    place_id: int
    name: str
    where: str = Field(description="What it lies in; empty = not for the reader.", examples=["澜县化工园区"])
    level: Level
    reason: str = Field(description="The worst and newest.")
    since: datetime
    others: int = Field(description="How many further reasons it has.", examples=[0])


class StoryOut(Schema):
    """A change of colour within the last hour, with what it changed above."""

    place_id: int
    name: str
    path: list[str] = Field(description="Names from the top, as far as the reader may see them.")
    before: Level
    after: Level
    at: datetime
    reason: str
    also: list[int] = Field(description="Ids of the places above that changed with it.")
    others: int = Field(description="How many other places did.", examples=[0])


class SilentOut(Schema):
    """A gateway of which nothing is heard."""

    name: str = Field(description="What people call it.", examples=["七号网关"])
    place_id: int
    place: str = Field(description="What people call the place.", examples=["九通化工"])
    since: datetime


class WallOut(Schema):
    """The wall, as far as the reader's grants reach."""

    title: str = Field(description="What it is of.", examples=["澜县"])
    level: Level = Field(description="The worst of what it is of.")
    as_of: datetime
    figures: list[WallFigureOut] = Field(description="The six numbers, in the wall's order.")
    burning: list[BurningOut] = Field(description="The worst first; at most 24.")
    stories: list[StoryOut] = Field(description="The newest first; at most 12.")
    silent: list[SilentOut]


@router.get("/wall", response=WallOut, summary=_("大屏的数字"))
def get_wall(request: HttpRequest, query: Query[WallQuery]) -> dict[str, Any]:
    """All that the wall shows beside its map, of one place or of everything that the reader may see."""
    found = wall.wall(request_viewer(request), query.place_id)
    return {
        "title": found.title, "level": found.level, "as_of": found.as_of,
        "figures": [vars(one) for one in found.figures],
        "burning": [vars(one) | {"place_id": one.id} for one in found.burning],
        "stories": [_story(one) for one in found.stories],
        "silent": [vars(one) | {"place": one.place_name} for one in found.silent],
    }  # fmt: skip


def _story(one: picture.Story) -> dict[str, Any]:
    change = one.change
    told = {name: getattr(change, name) for name in ("before", "after", "at", "reason")}
    also = [each.place.id for each in one.also]
    place = {"place_id": change.place.id, "name": change.place.name, "path": list(one.path)}
    return told | place | {"also": also, "others": one.others}
