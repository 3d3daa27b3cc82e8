"""Tags, their history, alarms and gateways as JSON."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema, Status

from anlan.apps.core.selectors import request_viewer
from anlan.apps.monitoring import actions, selectors, trial
from anlan.apps.monitoring.actions import TagSpec, limits
from anlan.apps.monitoring.choices import AlarmState, SourceKind
from anlan.apps.monitoring.models import Alarm, AlarmNote, Source, Tag
from anlan.apps.monitoring.selectors import AlarmDetail, AlarmRow, Health, TagRow, lists
from anlan.kit.api import Id, Listed, Moment, Number, Slice, Strict, Words, cut
from anlan.kit.errors import BadInput, check
from anlan.rules import alarms as rules
from anlan.rules.alarms import Limits
from anlan.rules.levels import Level
from anlan.rules.refusal import Refusal

router = Router(tags=[_("监测与报警")])


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
    place_id: Id
    code: Words = Field(min_length=1, max_length=64)
    name: Words = Field(min_length=1, max_length=120)
    unit: Words = Field("", max_length=24)
    decimals: int = Field(2, ge=0, le=9)
    rank: Words = Field("general", max_length=24)
    limits: LimitsIO = LimitsIO()
    enabled: bool = True

    def spec(self) -> TagSpec:
        plain = self.dict(exclude={"limits"})
        return TagSpec(**plain, limits=Limits(**self.limits.dict()))


class TagOut(Schema):
    """A tag with its last reading. ``state`` is the limit it is beyond, empty for none."""

    id: int
    code: str
    name: str
    unit: str
    decimals: int
    rank: str
    place_id: int
    place_name: str
    source_id: int
    enabled: bool
    limits: LimitsIO
    value: float | None
    ts: datetime | None
    good: bool
    state: str
    level: Level | None
    alarm_id: int | None


class TagQuery(Slice):
    place_id: Id | None = Field(None, description="Only at this place and below.")
    text: Words = Field("", max_length=60, description="In the code or name.")
    enabled: bool | None = Field(None, description="Only tags that are, or are not, in use.")


class AlarmQuery(Slice):
    place_id: Id | None = Field(None, description="Only at this place and below.")
    tag_id: Id | None = Field(None, description="Only of this tag.")
    state: list[AlarmState] = Field([AlarmState(state) for state in rules.OPEN], description="Only in these states.")
    level: list[Level] = Field([], description="Only of these levels.")
    start: Moment | None = Field(None, description="Raised not before this.")
    end: Moment | None = Field(None, description="Raised before this.")


class QueueOut(Schema):
    """The first rows by deadline, how many there are, and how many wait for acknowledgement."""

    items: list[AlarmRow]
    total: int
    waiting: int


class Text(Strict):
    text: Words = Field("", max_length=500)


class Several(Strict):
    alarm_ids: list[Id] = Field(max_length=actions.MOST_AT_ONCE)
    text: Words = Field("", max_length=500)


class StateOut(Schema):
    """An alarm and the state it is in now."""

    id: int
    state: str


class Changed(Schema):
    """The id of what was added or changed."""

    id: int


class Window(Strict):
    start: Moment
    end: Moment
    points: int = Field(500, ge=1, le=5_000)


class SeriesOut(Schema):
    """Columns: epoch ms, lowest, highest, mean, share of good readings."""

    ts: Sequence[int]
    low: Sequence[float | None]
    high: Sequence[float | None]
    mean: Sequence[float | None]
    good: Sequence[float]


class TagLimits(Strict):
    tag_id: Id
    limits: LimitsIO


class ManyLimits(Strict):
    tags: list[TagLimits] = Field(min_length=1, max_length=200)


class LimitsTrial(Strict):
    tags: list[TagLimits] = Field(min_length=1, max_length=trial.MOST_TAGS)
    hours: int = Field(24, ge=1, le=168, description="How far back.")


class ChangedCount(Schema):
    """How many tags have other limits now."""

    changed: int


class WouldBe(Schema):
    """One alarm that would have stood."""

    limit: str
    start: datetime = Field(description="From when on.")
    end: datetime | None = Field(description="Until when; null = still.")
    value: float | None = Field(description="The value that raised it.")


class Verdict(Schema):
    """What one set of rules makes of the past: alarms by limit, and for how long any stood."""

    counts: dict[str, int]
    total_s: float = Field(description="All together [s].")
    longest_s: float = Field(description="The longest [s].")
    alarms: list[WouldBe] = Field(description="The first of them.")


class TrialOut(Schema):
    """A tag's past under its limits of today and under others."""

    tag_id: int
    readings: int = Field(description="Readings in the time that was looked at.")
    now: Verdict = Field(description="With the limits of today.")
    then: Verdict = Field(description="With the limits that were given.")


class SourceIn(Strict):
    place_id: Id
    code: Words = Field(min_length=1, max_length=48)
    name: Words = Field(min_length=1, max_length=120)
    kind: SourceKind = SourceKind.HTTP


class SourceOut(Schema):
    """A gateway that sends readings."""

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


@router.get("/tags", response=Listed[TagOut], summary=_("监测点位"))
def list_tags(request: HttpRequest, query: Query[TagQuery]) -> dict[str, Any]:
    """Tags in scope with their last values, in the order in which they were added."""
    viewer = request_viewer(request)
    part = cut(lists.tags_matching(viewer, query.place_id, query.text, enabled=query.enabled), query, "pk")
    return part | {"items": lists.tag_rows(viewer, part["items"])}


@router.get("/tags/{tag_id}", response=TagOut, summary=_("查看点位"))
def get_tag(request: HttpRequest, tag_id: Id) -> TagRow:
    """One tag with its last value and its limits."""
    return selectors.tag(request_viewer(request), tag_id)


@router.post("/sources/{source_id}/tags", response={201: Changed}, summary=_("新增点位"))
def add_tag(request: HttpRequest, source_id: Id, body: TagIn) -> Status[Tag]:
    """Add a tag to a gateway."""
    return Status(201, actions.add_tag(request_viewer(request), source_id, body.spec()))


@router.put("/tags/{tag_id}", response=Changed, summary=_("修改点位"))
def edit_tag(request: HttpRequest, tag_id: Id, body: TagIn) -> Tag:
    """Change a tag; what is left out takes its default."""
    return actions.edit_tag(request_viewer(request), tag_id, body.spec())


@router.post("/limits", response=ChangedCount, summary=_("修改多个点位的限值"))
def set_limits(request: HttpRequest, body: ManyLimits) -> dict[str, int]:
    """Give tags their limits, all or none; the engine takes them up within a second."""
    return {"changed": limits.set_limits(request_viewer(request), _wanted(body.tags))}


@router.post("/limits/trial", response=Listed[TrialOut], summary=_("试算限值"))
def try_limits(request: HttpRequest, body: LimitsTrial) -> dict[str, Any]:
    """What other limits would have raised on the past of tags; nothing is changed."""
    wanted = _wanted(body.tags)
    for one in wanted.values():
        check(rules.check_limits(one))
    found = trial.try_limits(request_viewer(request), wanted, trial.window(body.hours))
    return {"items": [_tried(one) for one in found.values()]}


def _wanted(tags: Sequence[TagLimits]) -> dict[int, Limits]:
    return {one.tag_id: Limits(**one.limits.dict()) for one in tags}


def _tried(one: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: _verdict(one[name]) for name in ("now", "then")}
    return {"tag_id": one["tag"], "readings": one["readings"], **told}


def _verdict(one: Mapping[str, Any]) -> dict[str, Any]:
    spans = {"total_s": one["total"] / 1000, "longest_s": one["longest"] / 1000}
    alarms = [{**alarm, "start": _moment(alarm["start"]), "end": _moment(alarm["end"])} for alarm in one["alarms"]]
    return {"counts": one["counts"], **spans, "alarms": alarms}


def _moment(ms: int | None) -> datetime | None:
    return datetime.fromtimestamp(ms / 1000, UTC) if ms is not None else None


@router.get("/tags/{tag_id}/history", response=SeriesOut, summary=_("点位历史"))
def tag_history(request: HttpRequest, tag_id: Id, window: Query[Window]) -> dict[str, Any]:
    """What a tag did in a span of time of at most a year, in at most ``points`` steps of lowest, highest and mean."""
    if not timedelta() < window.end - window.start <= timedelta(days=366):
        fix = "请给出起点早于终点、不超过一年的时间。"
        raise BadInput(Refusal("history.bad_window", "时间范围不可用。", fix))
    found = selectors.tag_history(request_viewer(request), tag_id, window.start, window.end, window.points)
    return {name: _plain(getattr(found, name).tolist()) for name in ("ts", "low", "high", "mean", "good")}


@router.get("/alarms", response=Listed[AlarmRow], summary=_("报警列表"))
def list_alarms(request: HttpRequest, query: Query[AlarmQuery]) -> dict[str, Any]:
    """Alarms in scope, newest first; an outer limit hides the inner, a silent gateway is one line."""
    asked = lists.AlarmFilter(query.place_id, query.tag_id, query.state, query.level, query.start, query.end)
    viewer = request_viewer(request)
    part = cut(lists.alarms_matching(viewer, asked), query, "-raised", "-pk")
    return part | {"items": lists.alarm_rows(viewer, part["items"])}


@router.get("/duty", response=QueueOut, summary=_("值班队列"))
def duty_queue(request: HttpRequest) -> dict[str, Any]:
    """What is to be acknowledged, by deadline; then what is acknowledged and still in alarm."""
    queue = selectors.duty_queue(request_viewer(request))
    return {"items": queue.rows, "total": queue.total, "waiting": queue.waiting}


@router.get("/alarms/{int:alarm_id}", response=AlarmDetail, summary=_("查看报警"))
def get_alarm(request: HttpRequest, alarm_id: Id) -> AlarmDetail:
    """One alarm, what was said about it, and other open alarms of its tag."""
    return selectors.alarm(request_viewer(request), alarm_id)


@router.post("/alarms/{int:alarm_id}/acknowledge", response=StateOut, summary=_("确认报警"))
def acknowledge(request: HttpRequest, alarm_id: Id, body: Text) -> Alarm:
    """Say that somebody has seen it."""
    return actions.acknowledge(request_viewer(request), alarm_id, body.text)


@router.post("/alarms/acknowledge", response=Listed[StateOut], summary=_("一并确认报警"))
def acknowledge_all(request: HttpRequest, body: Several) -> dict[str, Any]:
    """Say of several that somebody has seen them, all or none."""
    return {"items": actions.acknowledge_all(request_viewer(request), body.alarm_ids, body.text)}


@router.post("/alarms/{int:alarm_id}/comments", response={201: Changed}, summary=_("备注报警"))
def comment(request: HttpRequest, alarm_id: Id, body: Text) -> Status[AlarmNote]:
    """Add to what is known about an alarm, in any state."""
    return Status(201, actions.comment(request_viewer(request), alarm_id, body.text))


@router.get("/sources", response=Listed[SourceOut], summary=_("数据来源"))
def list_sources(request: HttpRequest, part: Query[Slice]) -> dict[str, Any]:
    """Gateways that the viewer keeps."""
    return cut(selectors.sources(request_viewer(request)), part, "pk")


@router.post("/sources", response={201: KeyOut}, summary=_("新增来源"))
def add_source(request: HttpRequest, body: SourceIn) -> Status[dict[str, object]]:
    """Add a gateway. Its key is in this answer and nowhere else."""
    source, key = actions.add_source(request_viewer(request), body.place_id, body.code, body.name, body.kind)
    return Status(201, {"id": source.pk, "key": key})


@router.post("/sources/{source_id}/key", response=KeyOut, summary=_("更换来源密钥"))
def renew_key(request: HttpRequest, source_id: Id) -> dict[str, object]:
    """Give a gateway a new key; the old one is refused from now on."""
    return {"id": source_id, "key": actions.renew_key(request_viewer(request), source_id)}


@router.put("/sources/{source_id}/enabled", response=Changed, summary=_("启用或停用来源"))
def switch_source(request: HttpRequest, source_id: Id, body: Enabled) -> Source:
    """Take readings of a gateway, or no longer."""
    return actions.switch_source(request_viewer(request), source_id, enabled=body.enabled)


@router.get("/health", response=Health, summary=_("系统状态"))
def health(request: HttpRequest) -> Health:
    """The parts of the product and what they count."""
    return selectors.health(request_viewer(request))


def _plain(column: list[float]) -> list[float | None]:
    """JSON has no NaN."""
    return [None if value != value else value for value in column]
