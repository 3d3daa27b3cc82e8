"""What the wall says: is the county safe today. Six numbers, what is red and why, what changed, what is silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.apps.core import selectors as core
from anlan.apps.core.choices import PlaceKind
from anlan.apps.core.models import Place
from anlan.apps.ledger import counting
from anlan.apps.ledger import selectors as ledger
from anlan.apps.ledger.counting import Balance
from anlan.apps.monitoring import selectors as monitoring
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.rules import paths
from anlan.rules.levels import Level, severity
from anlan.web import picture

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SHOWN_RED = 24
SHOWN_CHANGES = 12
_ZONES = (PlaceKind.PARK, PlaceKind.ZONE)


@dataclass(frozen=True)
class Figure:
    """One of the six numbers. ``key``: for programs; ``before``: the same a day ago, None where it is not known."""

    key: str
    title: str
    value: int
    unit: str
    before: int | None
    note: str = ""
    level: int | None = None

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.value - self.before

    @property
    def less(self) -> int:
        """By how many fewer than a day ago."""
        return -(self.change or 0)


@dataclass(frozen=True)
class Burning:
    """A place that is red or orange, why, and how many further reasons it has."""

    id: int
    name: str
    where: str
    level: Level
    reason: str
    since: datetime
    others: int


@dataclass(frozen=True)
class Wall:
    place: Place | None
    title: str
    level: Level
    as_of: datetime
    figures: tuple[Figure, ...]
    burning: tuple[Burning, ...]
    stories: tuple[picture.Story, ...]
    silent: tuple[monitoring.SilentSource, ...]


def wall(viewer: Viewer, place_id: int | None) -> Wall:
    """The whole of what the viewer may see, or one place of it."""
    now = clock.now()
    place = core.place(viewer, place_id) if place_id else None
    tops = _tops(viewer, place)
    stories = [story for story in picture.stories(viewer, now - HOUR) if _within(story.change.place.path, place)]
    return Wall(
        place=place,
        title="、".join(node.name for node in tops[:3]),
        level=max((node.shown.level for node in tops), key=severity, default=Level.UNKNOWN),
        as_of=min((node.shown.as_of for node in tops), default=now),
        figures=tuple(_figures(viewer, place, tops, now)),
        burning=tuple(_burning(viewer, place, now)),
        stories=tuple(stories[:SHOWN_CHANGES]),
        silent=tuple(monitoring.silent_sources(viewer, place)),
    )


def _tops(viewer: Viewer, place: Place | None) -> list[ledger.Node]:
    """The place itself, or the uppermost places that the viewer may see."""
    nodes = ledger.tree_with_levels(viewer, place.pk if place else None, depth=0 if place else 1)
    seen = {node.id for node in nodes}
    return [node for node in nodes if node.parent_id not in seen]


def _within(path: str, place: Place | None) -> bool:
    return place is None or paths.covers(place.path, path)


def _figures(viewer: Viewer, place: Place | None, tops: Sequence[ledger.Node], now: datetime) -> list[Figure]:
    points = [sum(node.shown.points[level] for node in tops) for level in Level]
    plants = [sum(node.shown.enterprises[level] for node in tops) for level in Level]
    begun = counting.known_since(viewer)
    known = begun is not None and begun <= now - DAY
    then = counting.balance(viewer, now - DAY, place) if known and not (place and place.kind in _ZONES) else None
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = monitoring.raised_between(viewer, midnight, now, place)
    yesterday = monitoring.raised_between(viewer, midnight - DAY, now - DAY, place)
    late = monitoring.overdue(viewer, now, place)
    silent, silent_then = (monitoring.missing_at(viewer, at, place) for at in (now, now - DAY))
    waiting, waiting_then = (monitoring.waiting_at(viewer, at, place) for at in (now, now - DAY))
    over = _("其中超时 {n} 条").format(n=late) if late else _("没有超时的")
    hot = plants[Level.MAJOR] + plants[Level.SERIOUS]
    of_all = _("共 {n} 家").format(n=sum(plants))
    spots = _("共 {n} 处").format(n=sum(points))
    known_waiting, known_silent = (waiting_then, silent_then) if known else (None, None)
    red, orange = (_then(points, then, level) for level in (Level.MAJOR, Level.SERIOUS))
    hot_then = max(hot - _more(then), 0) if then else None
    return [
        Figure("red_points", _("红色风险点"), points[Level.MAJOR], _("处"), red, spots, Level.MAJOR),
        Figure("orange_points", _("橙色风险点"), points[Level.SERIOUS], _("处"), orange, spots, Level.SERIOUS),
        Figure("hot_enterprises", _("红橙企业"), hot, _("家"), hot_then, of_all),
        Figure("waiting_alarms", _("待确认报警"), waiting, _("条"), known_waiting, over),
        Figure("alarms_today", _("今日报警"), today, _("条"), yesterday if known else None, _("与昨天同一时刻比")),
        Figure("silent_tags", _("失联监测点"), silent, _("个"), known_silent, _("没有数据，不等于安全")),
    ]


def _then(now: Sequence[int], since: Balance | None, level: Level) -> int | None:
    return None if since is None else max(now[level] - since.points[level], 0)


def _more(since: Balance) -> int:
    return since.enterprises[Level.MAJOR] + since.enterprises[Level.SERIOUS]


def _burning(viewer: Viewer, place: Place | None, now: datetime) -> list[Burning]:
    """Red and orange by enterprise (else by the place itself), the worst and newest reason of each."""
    held = counting.holding(viewer, now, place)
    steps = {step for one in held for step in paths.ancestor_ids(one.path)}
    known = {pk: (name, kind) for pk, name, kind in core.names(viewer, steps)}
    groups: dict[int, list[counting.Holding]] = {}
    for one in held:
        groups.setdefault(_owner(one, known), []).append(one)
    return [_told(owner, group, known) for owner, group in list(groups.items())[:SHOWN_RED] if owner in known]


def _owner(one: counting.Holding, known: dict[int, tuple[str, str]]) -> int:
    above = (step for step in paths.ancestor_ids(one.path) if known.get(step, ("", ""))[1] == PlaceKind.ENTERPRISE)
    return next(above, one.place_id)


def _told(owner: int, group: Sequence[counting.Holding], known: dict[int, tuple[str, str]]) -> Burning:
    first = group[0]
    way = [step for step in paths.ancestor_ids(first.path) if step in known]
    where = " › ".join(known[step][0] for step in way[max(way.index(owner) - 1, 0) if owner in way else 0 :][:1])
    inner = known[first.place_id][0] if first.place_id != owner and first.place_id in known else ""
    told = f"{inner}：{first.reason}" if inner else first.reason
    return Burning(owner, known[owner][0], where, first.level, told, first.since, len(group) - 1)
