"""What the engine found becomes alarms, facts, live events and notices, each exactly once.

Every event carries its id (shard-offset-index), so storing one again changes nothing: a call may be cut into several
short transactions, and after a crash it is simply made again. ``Applied`` moves with the last of them.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

import numpy as np
import numpy.typing as npt
from django.db import close_old_connections, connection, transaction
from django.db.models import Q

from anlan.apps.core import selectors as core
from anlan.apps.core.actions import emit_many, notify
from anlan.apps.core.models import Place
from anlan.apps.ledger.actions import Clearing, NewFact, clear_fact, clear_facts, raise_facts
from anlan.apps.ledger.choices import AppliesTo
from anlan.apps.monitoring.actions.alarms import announce, payload
from anlan.apps.monitoring.choices import AlarmState, Limit
from anlan.apps.monitoring.models import Alarm, Applied, Source, Tag
from anlan.engine.crash import point
from anlan.kit import clock
from anlan.packs.families import alarm_facts
from anlan.rules import alarms as rules

logger = logging.getLogger(__name__)

#: Events stored in one transaction; keeps it well below 200 ms.
UNIT = 64


class DjangoSink:
    """Where the engine puts its events (the engine's ``Sink``)."""

    def applied(self, shard: int) -> int:
        """The highest offset of the shard whose events are stored; -1 = none."""
        _connect_anew()
        return _applied(shard)

    def apply(
        self,
        shard: int,
        upto: int,
        events: np.ndarray,
        offsets: npt.NDArray[np.int64],
        arrival_ms: npt.NDArray[np.int64],
    ) -> None:
        """Store the events of the records up to offset ``upto``. Offsets stored before are passed over."""
        _connect_anew()
        done = _applied(shard)
        if upto <= done:
            return
        named = events[["index", "tag", "ts", "limit", "kind", "value"]].tolist()  # whatever the order of the dtype
        rows = zip(named, offsets.tolist(), arrival_ms.tolist(), strict=True)
        units = _units([Happening.of(shard, *row) for row in rows if row[1] > done])
        for unit in units[:-1]:
            with transaction.atomic():
                _store(unit)
        with transaction.atomic():
            if units:
                _store(units[-1])
            _move(shard, upto)
            point("sink_before_commit")
        point("sink_after_commit")


@dataclass(frozen=True)
class Happening:
    """One event of the engine in the database's words."""

    event_id: str
    tag_id: int
    limit: Limit
    raised: bool
    at: datetime
    value: float | None
    historic: bool

    @classmethod
    def of(cls, shard: int, event: tuple[int, int, int, int, int, float], offset: int, arrival_ms: int) -> "Happening":
        """From a row of the kernel's EVENT: index, tag, ts, limit, kind, value."""
        index, tag, ts, limit, kind, value = event
        at = datetime.fromtimestamp(ts / 1000, UTC)
        known = None if value != value else value
        late = rules.is_historic(ts, arrival_ms)
        return cls(f"{shard}-{offset}-{index}", tag, Limit(limit), kind == 1, at, known, late)


def settle_source(source_id: int, now: datetime, fresh: Sequence[Alarm] = ()) -> None:
    """Make the facts of a source's missing tags right: one for all when every watched tag is missing, else one each.

    ``fresh``: MISSING alarms raised just now, to be noticed. Repeating it changes nothing. Call it in a transaction.
    """
    source = Source.objects.select_for_update(of=("self",), no_key=True).select_related("place").get(pk=source_id)
    alarms = Alarm.objects.filter(tag__source=source, limit=Limit.MISSING).filter(Q(cleared=None) | Q(counted=True))
    rows = list(alarms.select_related("tag__place").order_by("pk"))
    missing = [alarm for alarm in rows if alarm.cleared is None]
    watched = Tag.objects.filter(source=source, enabled=True, source__enabled=True, missing_s__isnull=False)
    lost = bool(missing) and set(watched.values_list("pk", flat=True)) <= {alarm.tag_id for alarm in missing}
    _count([alarm for alarm in rows if alarm.counted and (lost or alarm.cleared)], counted=False, now=now)
    if lost != (source.lost_since is not None):
        _turn(source, missing if lost else [], now)
    if not lost:
        _count([alarm for alarm in missing if not alarm.counted], counted=True, now=now)
        _notice_missing(source, [alarm for alarm in fresh if alarm.cleared is None])


def _connect_anew() -> None:
    """The engine calls for months on end: a connection that broke meanwhile is replaced."""
    if not connection.in_atomic_block:
        close_old_connections()


def _applied(shard: int) -> int:
    offset = Applied.objects.filter(shard=shard).values_list("offset", flat=True).first()
    return -1 if offset is None else offset


def _move(shard: int, upto: int) -> None:
    if not Applied.objects.filter(shard=shard, offset__lt=upto).update(offset=upto):
        Applied.objects.get_or_create(shard=shard, defaults={"offset": upto})


def _units(happenings: list[Happening]) -> list[list[Happening]]:
    """Limit events in short runs; the missing ones of a source together, because only all of them show it is lost."""
    limits = [one for one in happenings if one.limit != Limit.MISSING]
    missing = [one for one in happenings if one.limit == Limit.MISSING]
    units = [limits[start : start + UNIT] for start in range(0, len(limits), UNIT)]
    if missing:
        owner = dict(Tag.objects.filter(pk__in={one.tag_id for one in missing}).values_list("pk", "source_id"))
        missing.sort(key=lambda one: owner.get(one.tag_id, 0))
        units += [list(group) for _, group in groupby(missing, key=lambda one: owner.get(one.tag_id, 0))]
    return units


def _store(unit: list[Happening]) -> None:
    """Store one unit: alarms, then their facts, then what people are told."""
    now = clock.now()
    tags = _tags(unit)
    missing = unit[0].limit == Limit.MISSING
    if missing:
        _lock_sources(tags.values())
    raised, cleared = _alarms(_unknown(unit, tags), tags, now)
    touched = list({alarm.pk: alarm for alarm in (*raised, *cleared)}.values())
    if not missing:
        _count([alarm for alarm in cleared if alarm.counted], counted=False, now=now)
        _count([alarm for alarm in raised if not (alarm.historic and alarm.cleared)], counted=True, now=now)
        _notice_limits([alarm for alarm in raised if not alarm.historic])
        announce(touched)
        return
    for source_id in sorted({tag.source_id for tag in tags.values()}):
        settle_source(source_id, now, raised)
    _announce_folded(touched)


def _tags(unit: list[Happening]) -> dict[int, Tag]:
    found = Tag.objects.filter(pk__in={one.tag_id for one in unit})
    return {tag.pk: tag for tag in found.select_related("place", "source")}


def _lock_sources(tags: Iterable[Tag]) -> None:
    ids = sorted({tag.source_id for tag in tags})
    list(Source.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _unknown(unit: list[Happening], tags: dict[int, Tag]) -> Iterator[Happening]:
    """The happenings that are not stored yet."""
    ids = [one.event_id for one in unit]
    stored: set[str | None] = set(Alarm.objects.filter(raise_event__in=ids).values_list("raise_event", flat=True))
    stored |= set(Alarm.objects.filter(clear_event__in=ids).values_list("clear_event", flat=True))
    for one in unit:
        if one.tag_id not in tags:
            logger.warning("event %s names tag %s, which does not exist", one.event_id, one.tag_id)
        elif one.event_id not in stored:
            yield one


def _alarms(fresh: Iterable[Happening], tags: dict[int, Tag], now: datetime) -> tuple[list[Alarm], list[Alarm]]:
    """Write the alarms of some happenings, in their order; returns those raised and those cleared."""
    rows = Alarm.objects.filter(tag_id__in=list(tags), cleared=None).order_by("pk")
    active = {(alarm.tag_id, alarm.limit): alarm for alarm in rows.select_for_update(of=("self",), no_key=True)}
    raised: list[Alarm] = []
    cleared: list[Alarm] = []
    for one in fresh:
        key = one.tag_id, int(one.limit)
        if one.raised == (key in active):
            logger.warning("event %s repeats what tag %s already shows", one.event_id, one.tag_id)
        elif one.raised:
            active[key] = _new_alarm(one, tags[one.tag_id], now)
            raised.append(active[key])
        else:
            cleared.append(_clear(active.pop(key), one))
    before = [alarm for alarm in cleared if alarm.pk is not None]
    for alarm in before:
        alarm.tag = tags[alarm.tag_id]
    Alarm.objects.bulk_update(before, ["state", "cleared", "clear_event"])  # first: a tag may clear and raise again
    Alarm.objects.bulk_create(raised)
    return raised, cleared


def _new_alarm(one: Happening, tag: Tag, now: datetime) -> Alarm:
    effect = _rules().effect(one.limit.name, tag.rank)
    return Alarm(
        tag=tag,
        limit=one.limit,
        state=AlarmState.UNACKNOWLEDGED,
        level=effect.level,
        raised=one.at,
        raised_value=one.value,
        limit_value=None if one.limit == Limit.MISSING else getattr(tag, one.limit.name.lower()),
        raise_event=one.event_id,
        recorded=now,
        due=None if one.historic else now + timedelta(minutes=effect.acknowledge_minutes),
        historic=one.historic,
    )


def _clear(alarm: Alarm, one: Happening) -> Alarm:
    alarm.state = AlarmState(rules.after_clear(alarm.state, historic=alarm.historic))
    alarm.cleared, alarm.clear_event = max(one.at, alarm.raised), one.event_id
    return alarm


def _count(alarms: Sequence[Alarm], *, counted: bool, now: datetime) -> None:
    """Raise or clear the facts of some alarms. A place that is no longer in use takes no new facts."""
    if counted:
        raise_facts([_fact(alarm, now) for alarm in alarms if alarm.tag.place.retired is None])
    over = [alarm for alarm in alarms if not counted or alarm.cleared]
    clear_facts([Clearing(("alarm", alarm.pk), at=min(alarm.cleared or now, now)) for alarm in over])
    for alarm in alarms:
        alarm.counted = counted and alarm.cleared is None
    Alarm.objects.bulk_update(alarms, ["counted"])


def _fact(alarm: Alarm, now: datetime) -> NewFact:
    """A source's clock may run ahead a little; a fact may not happen in the future."""
    rules_now, tag = _rules(), alarm.tag
    effect = rules_now.effect(Limit(alarm.limit).name, tag.rank)
    return NewFact(
        tag.place_id,
        effect.kind,
        effect.level,
        effect.reason,
        _values(alarm),
        happened=min(alarm.raised, now),
        source=("alarm", alarm.pk),
        words=rules_now.words,
    )


def _turn(source: Source, missing: Sequence[Alarm], now: datetime) -> None:
    """A source has fallen silent (``missing``: its alarms), or has come back (none)."""
    Source.objects.filter(pk=source.pk).update(lost_since=now if missing else None)
    if not missing:
        clear_fact(("source", source.pk), at=now)
        return
    effects = [_rules().effect("SOURCE_LOST", rank) for rank in {alarm.tag.rank for alarm in missing}]
    effect = min(effects, key=lambda one: one.acknowledge_minutes)
    params = {"source": source.name, "count": str(len(missing))}
    fact = NewFact(
        source.place_id,
        effect.kind,
        effect.level,
        effect.reason,
        params,
        happened=min(now, max(alarm.raised for alarm in missing)),
        applies_to=AppliesTo.DESCENDANTS,
        source=("source", source.pk),
        words=_rules().words,
    )
    raise_facts([fact] if source.place.retired is None else [])
    key = f"source-lost-{source.pk}-{missing[-1].pk}"
    _tell([(source.place, effect.reason.format(**params), f"/places/{source.place_id}", key)])


def _notice_limits(alarms: Sequence[Alarm]) -> None:
    _tell((alarm.tag.place, _sentence(alarm), f"/duty/{alarm.pk}", f"alarm-{alarm.pk}") for alarm in alarms)


def _notice_missing(source: Source, alarms: Sequence[Alarm]) -> None:
    """One notice for the tags of a source that went missing together, at each of their places."""
    by_place = groupby(sorted(alarms, key=lambda one: (one.tag.place_id, one.pk)), key=lambda one: one.tag.place_id)
    for _, group in by_place:
        here = list(group)
        first = here[0]
        link, key = f"/duty/{first.pk}", f"alarm-{first.pk}"
        if len(here) == 1:
            _tell([(first.tag.place, _sentence(first), link, key)])
        else:
            _tell_of_source(source, first.tag.place, f"{len(here)} 个点位数据中断", (link, key))


def _tell_of_source(source: Source, place: Place, text: str, where: tuple[str, str]) -> None:
    """The gateway may lie above what somebody sees: it is named to those who may read there."""
    holders = set(core.people_with("alarm.acknowledge", place))
    knowing = holders & set(core.people_with("tag.view", source.place))
    notify(knowing, f"{place.name}：{source.name}：{text}"[:300], *where)
    notify(holders - knowing, f"{place.name}：{text}"[:300], *where)


def _tell(notices: Iterable[tuple[Place, str, str, str]]) -> None:
    """Send (place, text, link, key) to everybody who may acknowledge alarms there."""
    holders: dict[int, list[int]] = {}
    for place, text, link, key in notices:
        if place.pk not in holders:
            holders[place.pk] = list(core.people_with("alarm.acknowledge", place))
        notify(holders[place.pk], f"{place.name}：{text}"[:300], link, key)


def _announce_folded(alarms: Sequence[Alarm]) -> None:
    """One live event a place: a silent gateway is not a thousand messages."""
    here: dict[int, list[Alarm]] = {}
    for alarm in alarms:
        here.setdefault(alarm.tag.place_id, []).append(alarm)
    emit_many("alarm", ((place, payload(group[0]) | {"folded": len(group) - 1}) for place, group in here.items()))


def _sentence(alarm: Alarm) -> str:
    return _rules().effect(Limit(alarm.limit).name, alarm.tag.rank).reason.format(**_values(alarm))


def _values(alarm: Alarm) -> dict[str, str]:
    """What the reason of an alarm's fact is filled with."""
    tag = alarm.tag
    numbers = {"value": alarm.raised_value, "limit": alarm.limit_value}
    texts = {name: "" if number is None else f"{number:.{tag.decimals}f}" for name, number in numbers.items()}
    return {"tag": tag.name, "unit": tag.unit, **texts}


def _rules() -> alarm_facts.AlarmFacts:
    """What alarms mean today."""
    return alarm_facts.load(clock.today())
