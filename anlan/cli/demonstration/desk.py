"""The people of the past month: they take over the desk, acknowledge alarms, find out what it was and write it down.

What the engine found and what people did is played in the order of time, a short transaction for each run of things
that hang together: from the first alarm of a quiet county to the moment at which all of them are over and answered.
"""

import heapq
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
from django.db import transaction

from anlan.apps.core.actions import give_grant, withdraw_grant
from anlan.apps.core.models import Grant, Person, Place
from anlan.apps.core.selectors import viewer_of
from anlan.apps.incidents import actions as incidents
from anlan.apps.incidents.models import Shift
from anlan.apps.monitoring import actions as monitoring
from anlan.apps.monitoring.models import Alarm
from anlan.cli.demonstration.month import SHARD, Events, Happened
from anlan.cli.demonstration.signals import Field
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Viewer
from anlan.packs.families.demo_month import Desk as Habits
from anlan.rules import alarms as rules

RAISED = 1
ROLE, ENTERPRISE_ROLE = "duty_officer", "safety_officer"
WEEK_AHEAD = 7  # days of roster that lie before the demo


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
    offset: int = field(compare=False, default=-1)
    begins: frozenset[object] = field(compare=False, default=frozenset())
    ends: frozenset[object] = field(compare=False, default=frozenset())


class Play:
    """Plays events and people's acts on the simulated clock."""

    def __init__(
        self, time: clock.Simulated, people: People, habits: Habits, done: int, random: np.random.Generator
    ) -> None:
        self._time, self._people, self._habits, self._done, self._random = time, people, habits, done, random
        self._sink = monitoring.DjangoSink()
        self._turns = itertools.count()
        self._heap: list[Item] = []
        self._batch: list[Item] = []
        self._open: set[object] = set()
        self._known: Mapping[int, Sequence[tuple[float, float, str]]] = {}
        self._traces: dict[int, Happened] = {}
        self._owner: dict[int, int] = {}
        self._source: dict[int, str] = {}

    def know(
        self, known: Mapping[int, Sequence[tuple[float, float, str]]], sensors: Field, traces: Sequence[Happened]
    ) -> None:
        """What is behind the alarms: words by tag, the tags' places, the small incidents by their first tag."""
        self._known = known
        enterprises = dict(Place.objects.filter(kind="enterprise").values_list("name", "pk"))
        for sensor in sensors.sensors:
            self._owner[sensor.number] = enterprises.get(sensor.enterprise, 0)
            self._source[sensor.number] = sensor.source
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
            incidents.add_shifts(SYSTEM, new)
        for shift in Shift.objects.filter(place=self._people.root, taken=None, since__lt=end).order_by("since"):
            late = timedelta(minutes=float(self._random.uniform(-9, 4)))
            self._put(max(shift.since + late, start), partial(self._take_over, shift))

    def take(self, events: Events, until_ms: int) -> None:
        """Play what the engine found, and what people do about it, as far as it is settled by ``until_ms``."""
        for at, part in itertools.groupby(range(len(events.events)), key=lambda n: int(events.arrivals[n])):
            self._found(at, events, list(part))
        while self._heap and self._heap[0].at_ms <= until_ms:
            item = heapq.heappop(self._heap)
            self._batch.append(item)
            self._open = (self._open | item.begins) - item.ends
            if not self._open:
                self._settle()

    def finish(self) -> None:
        """Play what is left."""
        self._batch += sorted(self._heap)
        self._heap = []
        self._settle()

    def _settle(self) -> None:
        batch, self._batch = self._batch, []
        if any(item.offset >= 0 for item in batch) and max(item.offset for item in batch) <= self._done:
            return  # an earlier start has played it
        with transaction.atomic():
            for item in batch:
                self._time.go_to(max(self._time.at, _moment(item.at_ms)))
                item.do()

    def _put(self, at: datetime, do: Callable[[], None], ends: frozenset[object] = frozenset()) -> None:
        heapq.heappush(self._heap, Item(_ms(at), next(self._turns), do, ends=ends))

    def _found(self, at_ms: int, events: Events, rows: list[int]) -> None:
        """The events of one minute, and the answers to its alarms."""
        found, offsets = events.events[rows], events.offsets[rows]
        raised = [n for n in range(len(rows)) if found["kind"][n] == RAISED]
        answers = [self._answer(at_ms, group) for group in self._grouped(found, offsets, raised)]
        begins = frozenset((*(_key(found[n]) for n in raised), *(token for token, *_ in answers)))
        ends = frozenset(_key(row) for row in found if row["kind"] != RAISED) - begins
        upto, arrivals = int(offsets[-1]), events.arrivals[rows]
        item = Item(
            at_ms,
            next(self._turns),
            lambda: self._sink.apply(SHARD, upto, found, offsets, arrivals),
            upto,
            begins,
            ends,
        )
        heapq.heappush(self._heap, item)
        for token, at, do in answers:
            self._put(_moment(at), do, frozenset([token]))

    def _grouped(self, found: np.ndarray, offsets: np.ndarray, raised: Sequence[int]) -> list[list[tuple[str, int]]]:
        """Alarms by gateway, as (event id, tag): somebody who looks sees them together."""
        groups: dict[str, list[tuple[str, int]]] = {}
        for n in raised:
            tag = int(found["tag"][n])
            event = f"{SHARD}-{int(offsets[n])}-{int(found['index'][n])}"
            groups.setdefault(self._source.get(tag, "played"), []).append((event, tag))
        return list(groups.values())

    def _answer(self, at_ms: int, group: list[tuple[str, int]]) -> tuple[object, int, Callable[[], None]]:
        """When somebody at the desk answers alarms that came together; the enterprise may write later."""
        habits = self._habits
        minutes = min(habits.answer_min * float(self._random.lognormal(0, 0.7)), habits.longest_min)
        at = at_ms + round(minutes * 60_000)
        event, tag = group[0]
        words = self._words(tag, at_ms)
        if (trace := self._traces.get(tag)) is not None and abs(at_ms / 1000 - trace.start_s) < 3600:
            self._follow(trace, event, tag, at_ms)
        elif words and self._random.random() < habits.comments:
            later = at + round(float(self._random.uniform(6, 30)) * 60_000)
            heapq.heappush(self._heap, Item(later, next(self._turns), lambda: self._write(event, tag, words)))
        return ("answer", event), at, lambda: self._acknowledge([one for one, _ in group])

    def _follow(self, trace: Happened, event: str, tag: int, at_ms: int) -> None:
        for word in trace.trace.said:
            at = at_ms + round(word.at_min * 60_000)
            by_desk, token = word.who == "desk", ("trace", event, word.text)
            self._open.add(token)
            self._put(_moment(at), partial(self._write, event, tag, word.text, by_desk=by_desk), frozenset([token]))

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
        if alarm is not None:
            monitoring.comment(self._at_desk() if by_desk or writer is None else writer, alarm, text)

    def _at_desk(self) -> Viewer:
        """Who has the desk at this time."""
        shift = Shift.objects.filter(place=self._people.root, taken__isnull=False).order_by("-taken").first()
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
