"""The people of the past month: they take over the desk, acknowledge alarms, find out what it was and write it down.

What the engine found at a gateway and what people did about it is played in one short transaction, from its first
alarm to the moment at which all are over and answered: whoever looks at the running product meets the past only when
it is past. Alarms that wait at a change of shifts are played with it, so that they are handed over. Each gateway is a
shard of its own.
"""

import heapq
import itertools
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
import numpy.typing as npt
from django.db import OperationalError, transaction

from anlan.apps.core.actions import give_grant, withdraw_grant
from anlan.apps.core.models import Grant, Person, Place
from anlan.apps.core.selectors import viewer_of
from anlan.apps.incidents import actions as incidents
from anlan.apps.incidents.models import Shift
from anlan.apps.monitoring import actions as monitoring
from anlan.apps.monitoring.models import Alarm, AlarmNote
from anlan.cli.demonstration.month import SHARD, Events, Happened
from anlan.cli.demonstration.signals import Field
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Viewer
from anlan.packs.families.demo_month import Desk as Habits
from anlan.rules import alarms as rules

logger = logging.getLogger(__name__)

RAISED = 1
ROLE, ENTERPRISE_ROLE = "duty_officer", "safety_officer"
ATTEMPTS = 6  # at a run, each as long as the database is waited for
MOST_HANDED_OVER = 30  # things that a change of shifts is played with
PLAYED = "played"  # the group of all plants that replay recordings
TRACE_S = 3600.0  # so near to its plan an alarm is that of a small incident
WEEK_AHEAD = 7  # days of roster that lie before the demo


Tokens = frozenset[object]


@dataclass(frozen=True)
class People:
    """Who sits at the county's desk, and who answers for each enterprise (by the id of its place)."""

    root: Place
    desk: tuple[Viewer, ...]
    officers: Mapping[int, Viewer]

    @classmethod
    def of(cls, root: Place, since: datetime) -> "People":
        """As the grants stand now; who sits at the desk has done so since ``since`` at least."""
        for late in Grant.objects.filter(role=ROLE, place=root, since__gt=since, until=None).select_related("person"):
            with clock.simulated(since):
                give_grant(SYSTEM, late.person, ROLE, root, late.sectors)
            withdraw_grant(SYSTEM, late.pk)
        held = Grant.objects.filter(until=None).select_related("person", "place").order_by("pk")
        desk = {row.person_id: row.person for row in held.filter(role=ROLE, place=root)}
        officers = {row.place_id: row.person for row in held.filter(role=ENTERPRISE_ROLE, place__kind="enterprise")}
        seen: dict[int, Viewer] = {}

        def viewer(person: Person) -> Viewer:
            return seen.setdefault(person.pk, viewer_of(person))

        return cls(root, tuple(map(viewer, desk.values())), {at: viewer(one) for at, one in officers.items()})


@dataclass(order=True)
class Item:
    """Something at a time [ms]; ``ends`` is what it settles, ``begins`` what it leaves open."""

    at_ms: int
    turn: int
    do: Callable[[], None] = field(compare=False)
    group: str = field(compare=False, default="")  # the gateway; none: the desk itself
    offset: int = field(compare=False, default=-1)
    begins: frozenset[object] = field(compare=False, default=frozenset())
    ends: frozenset[object] = field(compare=False, default=frozenset())


@dataclass
class Run:
    """Things that hang together; ``open`` is what is not settled yet."""

    items: list[Item] = field(default_factory=list)
    open: set[object] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)


class Play:
    """Plays events and people's acts, each at its own time."""

    def __init__(self, people: People, habits: Habits, done: Mapping[int, int], random: np.random.Generator) -> None:
        self._people, self._habits, self._done, self._random = people, habits, done, random
        self._sink = monitoring.DjangoSink()
        self._turns = itertools.count()
        self._heap: list[Item] = []
        self._runs: dict[str, Run] = {}
        self._later: list[Run] = []  # whose tags were in alarm when they should have been played
        self._known: Mapping[int, Sequence[tuple[float, float, str]]] = {}
        self._traces: dict[int, Happened] = {}
        self._owner: dict[int, int] = {}
        self._source: dict[int, str] = {}
        self._shards: dict[str, int] = {}

    def know(
        self, known: Mapping[int, Sequence[tuple[float, float, str]]], sensors: Field, traces: Sequence[Happened]
    ) -> None:
        """What is behind the alarms: words by tag, the tags' places, the small incidents by their first tag."""
        self._known = known
        enterprises = dict(Place.objects.filter(kind="enterprise").values_list("name", "pk"))
        for sensor in sensors.sensors:
            self._owner[sensor.number] = enterprises.get(sensor.enterprise, 0)
            self._source[sensor.number] = sensor.source
        names = sorted({sensor.source for sensor in sensors.sensors})
        self._shards = {name: SHARD + 1 + place for place, name in enumerate(names)}
        self._traces = {int(sensors.numbers[one.pulls[0].row]): one for one in traces if one.pulls}

    def roster(self, start: datetime, end: datetime) -> None:
        """Put the month's shifts on the roster, and those of the week ahead; people take them over as they begin."""
        if not self._people.desk:
            return
        spans = list(_spans(self._habits.changes, start, end + timedelta(days=WEEK_AHEAD)))
        desk = self._people.desk
        if not Shift.objects.filter(place=self._people.root).exists():
            new = [
                incidents.NewShift(self._people.root.pk, _person(desk[turn % len(desk)]), since, until)
                for turn, (since, until) in enumerate(spans)
            ]
            with clock.simulated(start):
                incidents.add_shifts(SYSTEM, new)
        for shift in Shift.objects.filter(place=self._people.root, taken=None, since__lt=end).order_by("since"):
            late = timedelta(minutes=float(self._random.uniform(-9, 4)))
            self._put(max(shift.since + late, start), partial(self._take_over, shift))

    def take(self, events: Events, until_ms: int) -> None:
        """Play what the engine found, and what people do about it, as far as it is settled by ``until_ms``."""
        for at, part in itertools.groupby(range(len(events.events)), key=lambda n: int(events.arrivals[n])):
            self._found(at, events, list(part))
        while self._heap and self._heap[0].at_ms <= until_ms:
            self._join(heapq.heappop(self._heap))

    def finish(self) -> None:
        """Play what is left, settled or not."""
        while self._heap:
            self._join(heapq.heappop(self._heap))
        for run in {id(run): run for run in self._runs.values()}.values():
            self._play(run)
        for run in self._later:
            if not self._persist(run, patient=True):
                logger.warning("the past at %s is left out: its tags are in alarm now", "、".join(sorted(run.groups)))

    def _join(self, item: Item) -> None:
        """Put an item to what it hangs together with; play that when nothing of it is open any more."""
        run = self._runs.get(item.group) if item.group else self._all_open()
        if run is None:
            run = Run(groups={item.group} - {""})
        self._runs |= dict.fromkeys(run.groups, run)
        run.items.append(item)
        run.open = (run.open | item.begins) - item.ends
        if not run.open:
            self._play(run)

    def _all_open(self) -> Run | None:
        """All runs under way, made one: the desk changes hands in the middle of them.

        In a storm they are too many for one short transaction; then the desk changes hands before they are told.
        """
        runs = list({id(run): run for run in self._runs.values()}.values())
        if not runs or sum(len(run.items) for run in runs) > MOST_HANDED_OVER:
            return None
        whole = Run()
        for run in runs:
            whole.items += run.items
            whole.open |= run.open
            whole.groups |= run.groups
        return whole

    def _play(self, run: Run) -> None:
        """Play a run, unless something is open at its tags just now: then it waits until the end."""
        for group in run.groups:
            self._runs.pop(group, None)
        run.items = sorted(item for item in run.items if not self._played(item))
        if run.items and not self._persist(run, patient=True):
            self._later.append(run)

    def _persist(self, run: Run, *, patient: bool) -> bool:
        """Store a run in one transaction, again where the database was busy; False where the present is in the way."""
        for attempt in range(ATTEMPTS):
            try:
                with clock.simulated(_moment(run.items[0].at_ms)) as time, transaction.atomic():
                    if patient and _now_open(run):
                        return False
                    for item in run.items:
                        time.go_to(_moment(item.at_ms))
                        item.do()
                return True
            except OperationalError:
                if attempt == ATTEMPTS - 1:
                    raise
        return True

    def _played(self, item: Item) -> bool:
        """Whether an earlier start has stored these events, and with them what people did about them."""
        return item.offset >= 0 and item.offset <= self._done.get(self._shard(item.group), -1)

    def _shard(self, group: str) -> int:
        return self._shards.get(group, SHARD)

    def _put(
        self, at: datetime, do: Callable[[], None], group: str = "", ends: frozenset[object] = frozenset()
    ) -> None:
        heapq.heappush(self._heap, Item(_ms(at), next(self._turns), do, group, ends=ends))

    def _found(self, at_ms: int, events: Events, rows: list[int]) -> None:
        """The events of one minute, gateway by gateway."""
        groups: dict[str, list[int]] = {}
        for row in rows:
            groups.setdefault(self._source.get(int(events.events["tag"][row]), PLAYED), []).append(row)
        for group, mine in groups.items():
            self._found_at(at_ms, group, events.events[mine], events.offsets[mine], events.arrivals[mine])

    def _found_at(
        self, at_ms: int, group: str, found: np.ndarray, offsets: npt.NDArray[np.int64], arrivals: npt.NDArray[np.int64]
    ) -> None:
        """What one gateway's readings of a minute told, and the answer to its alarms."""
        shard, upto = self._shard(group), int(offsets[-1])
        raised = [
            (f"{shard}-{int(offsets[n])}-{int(found['index'][n])}", int(found["tag"][n]))
            for n in range(len(found))
            if found["kind"][n] == RAISED
        ]
        begins = frozenset(_key(row) for row in found if row["kind"] == RAISED)
        ends = frozenset(_key(row) for row in found if row["kind"] != RAISED) - begins
        tokens = frozenset([("answer", raised[0][0])]) if raised else frozenset[object]()
        do = partial(self._sink.apply, shard, upto, found, offsets, arrivals)
        heapq.heappush(self._heap, Item(at_ms, next(self._turns), do, group, upto, begins | tokens, ends))
        if raised:
            self._answer(at_ms, group, raised)

    def _answer(self, at_ms: int, group: str, raised: list[tuple[str, int]]) -> None:
        """When somebody at the desk answers alarms that came together, and what is written at them."""
        habits, (event, tag) = self._habits, raised[0]
        minutes = min(habits.answer_min * float(self._random.lognormal(0, 0.7)), habits.longest_min)
        at = _moment(at_ms + round(minutes * 60_000))
        do = partial(self._acknowledge, [one for one, _ in raised])
        self._put(at, do, group, frozenset([("answer", event)]))
        if (trace := self._traces.get(tag)) is not None and abs(at_ms / 1000 - trace.start_s) < TRACE_S:
            self._follow(trace, group, event, tag, at_ms)
        elif (words := self._words(tag, at_ms)) and self._random.random() < habits.comments:
            later = timedelta(minutes=float(self._random.uniform(6, 30)))
            self._put(at + later, partial(self._write, event, tag, words), group)

    def _follow(self, trace: Happened, group: str, event: str, tag: int, at_ms: int) -> None:
        for word in trace.trace.said:
            at = _moment(at_ms + round(word.at_min * 60_000))
            self._put(at, partial(self._write, event, tag, word.text, by_desk=word.who == "desk"), group)

    def _words(self, tag: int, at_ms: int) -> str:
        spans = self._known.get(tag, ())
        return next((said for start, end, said in spans if start <= at_ms / 1000 <= end), "")

    def _acknowledge(self, events: Sequence[str]) -> None:
        waiting = Alarm.objects.filter(raise_event__in=events, state__in=rules.WAITING)
        ids = list(waiting.values_list("pk", flat=True))
        if ids:
            monitoring.acknowledge_all(self._at_desk(), ids)

    def _write(self, event: str, tag: int, text: str, *, by_desk: bool = False) -> None:
        alarm = Alarm.objects.filter(raise_event=event).values_list("pk", flat=True).first()
        writer = self._people.officers.get(self._owner.get(tag, 0))
        if alarm is not None and not AlarmNote.objects.filter(alarm=alarm, text=text).exists():
            monitoring.comment(self._at_desk() if by_desk or writer is None else writer, alarm, text)

    def _at_desk(self) -> Viewer:
        """Who has the desk at this time."""
        shift = Shift.objects.filter(place=self._people.root, taken__lte=clock.now()).order_by("-taken").first()
        mine = (viewer for viewer in self._people.desk if shift and viewer.person_id == shift.person_id)
        return next(mine, self._people.desk[0])

    def _take_over(self, shift: Shift) -> None:
        viewer = next((one for one in self._people.desk if one.person_id == shift.person_id), None)
        if viewer is None or Shift.objects.filter(pk=shift.pk, taken__isnull=False).exists():
            return
        waiting = list(Alarm.objects.filter(state__in=rules.OPEN).select_related("tag").order_by("pk"))
        told = self._habits.busy if waiting else self._habits.quiet
        text = told[int(self._random.integers(len(told)))]
        first = waiting[0].tag.name if waiting else ""
        incidents.take_over(viewer, shift.pk, text.format(count=len(waiting), first=first))


def _now_open(run: Run) -> bool:
    """Whether the running product has an alarm under way at one of the run's tags: one tag has one alarm at a time."""
    tags = {
        token[0] for item in run.items for token in item.begins if isinstance(token, tuple) and token[0] != "answer"
    }
    return Alarm.objects.filter(tag_id__in=tags, cleared=None).exists()


def _spans(changes: Sequence[float], start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Shifts between the hours of change [h, local], one after another, from the one that ``start`` lies in."""
    local = timedelta(hours=8)
    midnight = (start + local).replace(hour=0, minute=0, second=0, microsecond=0) - local
    days = (end - midnight).days + 2
    hours = sorted(changes)
    edges = [midnight + timedelta(days=day, hours=hour) for day in range(-1, days) for hour in hours]
    pairs = list(itertools.pairwise(edges))
    return [(since, until) for since, until in pairs if until > start and since < end]


def _person(viewer: Viewer) -> int:
    assert viewer.person_id is not None
    return viewer.person_id


def _key(event: np.void) -> tuple[int, int]:
    return int(event["tag"]), int(event["limit"])


def _moment(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
