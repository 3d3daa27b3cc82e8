"""Tags, their history, alarms and gateways as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import ConfigDict

from anlan.apps.core.selectors import request_viewer
from anlan.apps.monitoring import actions, selectors
from anlan.apps.monitoring.actions import TagSpec
from anlan.apps.monitoring.models import Alarm, AlarmNote, Source, Tag
from anlan.kit.errors import BadInput
from anlan.rules import alarms as rules
from anlan.rules.alarms import Limits
from anlan.rules.refusal import Refusal

router = Router(tags=["monitoring"])

Number = Annotated[float, Field(allow_inf_nan=False)]


class Strict(Schema):
    """What is sent may hold nothing that is not asked for."""

    model_config = ConfigDict(extra="forbid")


class LimitsIO(Strict):
    """Alarm rules in the tag's unit and in seconds; null = no such rule."""

    hh: Number | None = None
    h: Number | None = None
    l: Number | None = None  # noqa: E741
    ll: Number | None = None
    deadband: Number = 0
    on_delay_s: Number = 0
    off_delay_s: Number = 0
    missing_s: Number | None = None
    range_low: Number | None = None
    range_high: Number | None = None


class TagIn(Strict):
    place_id: int
    code: str = Field(max_length=64)
    name: str = Field(max_length=120)
    unit: str = Field("", max_length=24)
    decimals: int = Field(2, ge=0, le=9)
    rank: str = "general"
    limits: LimitsIO = LimitsIO()
    enabled: bool = True

    def spec(self) -> TagSpec:
        plain = self.dict(exclude={"limits"})
        return TagSpec(**plain, limits=Limits(**self.limits.dict()))


class TagOut(Schema):
    id: int
    code: str
    name: str
    unit: str
    decimals: int
    rank: str
    place_id: int
    source_id: int
    enabled: bool
    limits: LimitsIO
    value: float | None
    ts: datetime | None
    good: bool
    state: str
    alarm_id: int | None


class PlaceOut(Schema):
    id: int
    name: str
    kind: str


class AlarmOut(Schema):
    alarm_id: int
    level: int
    place: Sequence[PlaceOut]
    tag_id: int
    tag_name: str
    unit: str
    limit: str
    limit_value: float | None
    value: float | None
    raised: datetime
    cleared: datetime | None
    deadline: datetime | None
    state: str
    historic: bool
    acknowledged_by: str
    acknowledged_at: datetime | None
    comments: int
    folded: int
    may_acknowledge: bool


class AlarmQuery(Strict):
    place_id: int | None = None
    state: list[str] = list(rules.OPEN)
    limit: int = Field(100, ge=1, le=selectors.LONGEST_LIST)


class NoteOut(Schema):
    at: datetime
    by: str
    text: str


class AlarmDetailOut(Schema):
    row: AlarmOut
    notes: Sequence[NoteOut]


class Text(Strict):
    text: str = ""


class Several(Strict):
    alarm_ids: list[int] = Field(max_length=actions.MOST_AT_ONCE)
    text: str = ""


class StateOut(Schema):
    id: int
    state: str


class NoteId(Schema):
    id: int


class Window(Strict):
    start: datetime
    end: datetime
    points: int = Field(500, ge=1, le=5_000)


class SeriesOut(Schema):
    """Columns: epoch ms, lowest, highest, mean, share of good readings."""

    ts: Sequence[int]
    low: Sequence[float | None]
    high: Sequence[float | None]
    mean: Sequence[float | None]
    good: Sequence[float]


class SourceIn(Strict):
    place_id: int
    code: str
    name: str
    kind: str = "http"


class SourceOut(Schema):
    id: int
    code: str
    name: str
    kind: str
    place_id: int
    enabled: bool
    tag_count: int
    lost_since: datetime | None


class KeyOut(Schema):
    """The key is shown this once."""

    id: int
    key: str


class Enabled(Strict):
    enabled: bool


@router.get("/places/{int:place_id}/tags", response=list[TagOut])
def list_tags(request: HttpRequest, place_id: int) -> Iterable[selectors.TagRow]:
    """Tags at a place and below with their last values."""
    return list(selectors.tags_at(request_viewer(request), place_id))


@router.get("/tags/{int:tag_id}", response=TagOut)
def get_tag(request: HttpRequest, tag_id: int) -> selectors.TagRow:
    return selectors.tag(request_viewer(request), tag_id)


@router.post("/sources/{int:source_id}/tags", response={201: NoteId})
def add_tag(request: HttpRequest, source_id: int, body: TagIn) -> Status[Tag]:
    """Add a tag to a gateway."""
    return Status(201, actions.add_tag(request_viewer(request), source_id, body.spec()))


@router.put("/tags/{int:tag_id}", response=NoteId)
def edit_tag(request: HttpRequest, tag_id: int, body: TagIn) -> Tag:
    """Change a tag; what is left out takes its default."""
    return actions.edit_tag(request_viewer(request), tag_id, body.spec())


@router.get("/tags/{int:tag_id}/history", response=SeriesOut)
def tag_history(request: HttpRequest, tag_id: int, window: Query[Window]) -> dict[str, object]:
    """What a tag did in a span of time, in at most ``points`` steps."""
    if window.start.tzinfo is None or window.end.tzinfo is None or window.start >= window.end:
        fix = "请给出带时区的时间，起点早于终点。"
        raise BadInput(Refusal("history.bad_window", "时间范围不可用。", fix))
    found = selectors.tag_history(request_viewer(request), tag_id, window.start, window.end, window.points)
    return {name: _plain(getattr(found, name).tolist()) for name in ("ts", "low", "high", "mean", "good")}


@router.get("/alarms", response=list[AlarmOut])
def list_alarms(request: HttpRequest, query: Query[AlarmQuery]) -> list[selectors.AlarmRow]:
    """Alarms in scope, newest first; an outer limit hides the inner, a silent gateway is one line."""
    return selectors.alarms(request_viewer(request), query.place_id, query.state, query.limit)


@router.get("/duty", response=list[AlarmOut])
def duty_queue(request: HttpRequest) -> Iterable[selectors.AlarmRow]:
    """What is to be acknowledged, by deadline."""
    return list(selectors.duty_queue(request_viewer(request)).rows)  # a pair would be read as status and body


@router.get("/alarms/{int:alarm_id}", response=AlarmDetailOut)
def get_alarm(request: HttpRequest, alarm_id: int) -> selectors.AlarmDetail:
    return selectors.alarm(request_viewer(request), alarm_id)


@router.post("/alarms/{int:alarm_id}/acknowledge", response=StateOut)
def acknowledge(request: HttpRequest, alarm_id: int, body: Text) -> Alarm:
    """Say that somebody has seen it."""
    return actions.acknowledge(request_viewer(request), alarm_id, body.text)


@router.post("/alarms/acknowledge", response=list[StateOut])
def acknowledge_all(request: HttpRequest, body: Several) -> list[Alarm]:
    """Say of several that somebody has seen them, all or none."""
    return actions.acknowledge_all(request_viewer(request), body.alarm_ids, body.text)


@router.post("/alarms/{int:alarm_id}/comments", response={201: NoteId})
def comment(request: HttpRequest, alarm_id: int, body: Text) -> Status[AlarmNote]:
    return Status(201, actions.comment(request_viewer(request), alarm_id, body.text))


@router.get("/sources", response=list[SourceOut])
def list_sources(request: HttpRequest) -> Iterable[Source]:
    """Gateways that the viewer keeps."""
    return selectors.sources(request_viewer(request))


@router.post("/sources", response={201: KeyOut})
def add_source(request: HttpRequest, body: SourceIn) -> Status[dict[str, object]]:
    """Add a gateway. Its key is in this answer and nowhere else."""
    source, key = actions.add_source(request_viewer(request), body.place_id, body.code, body.name, body.kind)
    return Status(201, {"id": source.pk, "key": key})


@router.post("/sources/{int:source_id}/key", response=KeyOut)
def renew_key(request: HttpRequest, source_id: int) -> dict[str, object]:
    """Give a gateway a new key; the old one is refused from now on."""
    return {"id": source_id, "key": actions.renew_key(request_viewer(request), source_id)}


@router.put("/sources/{int:source_id}/enabled", response=NoteId)
def switch_source(request: HttpRequest, source_id: int, body: Enabled) -> Source:
    return actions.switch_source(request_viewer(request), source_id, enabled=body.enabled)


@router.get("/health")
def health(request: HttpRequest) -> dict[str, object]:
    """The parts of the product and what they count."""
    return asdict(selectors.health(request_viewer(request)))


def _plain(column: list[float]) -> list[float | None]:
    """JSON has no NaN."""
    return [None if value != value else value for value in column]
