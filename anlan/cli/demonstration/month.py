"""The readings of the past month, minute by minute, through the engine's own step into its history.

The inputs are made anew from the seed whenever they are wanted: the plan is its own recording. The engine's state is
that of a shard of its own, which ends with a table without tags, so that every alarm of the past has an end.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from anlan.cli.demonstration.disturb import Gap, Misfortune, Pulled, traced
from anlan.cli.demonstration.signals import Field, Pull, Wandering
from anlan.cli.demonstration.weather import DAY_S, Floats, Storm, Weather
from anlan.engine.history import HistoryWriter
from anlan.engine.records import BATCH, Configure, Readings, Tick
from anlan.engine.step import State, step
from anlan.engine.tables import TagTable
from anlan.packs.families.demo_month import Month, Trace

SHARD = 1000  # no shard of a living engine
CHUNK_MIN = 360
MINUTE_MS = 60_000
LATE_MS = 1_500  # from a minute's last reading to its arrival
#: Nothing begins so shortly before the demo: all has ended, and been answered, when it starts.
QUIET_END_S = 4 * 3600.0
PATIENCE = 3  # readings that may fail to come before a tag counts as silent

STEP_MIN = 5  # between two readings of a quick sensor, when nothing happens

Column = npt.NDArray[np.float64]
#: Columns (places in ``numbers``), minutes, values, whether they are good.
Cells = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Column, npt.NDArray[np.bool_]]


@dataclass(frozen=True)
class Played:
    """A plant whose readings are a recording, over and over, a row a minute from ``offset`` [min] on.

    ``upsets`` are other recordings that stand in for it from a minute [since 1970] on. ``speed``: its tags' delays are
    this much shorter than the process's own.
    """

    numbers: npt.NDArray[np.uint32]
    values: Column
    offset: int
    speed: int
    upsets: tuple[tuple[int, Column], ...] = ()

    def minutes(self, first: int, count: int) -> Column:
        found = self.values[(first + self.offset + np.arange(count)) % len(self.values)]
        for start, upset in self.upsets:
            low, high = max(start, first), min(start + len(upset), first + count)
            if low < high:
                found[low - first : high - first] = upset[low - start : high - start]
        return found


@dataclass(frozen=True)
class Happened:
    """A small incident of the past: its pulls by row, and its plan."""

    trace: Trace
    start_s: float
    pulls: tuple[Pull, ...]


@dataclass(frozen=True)
class Events:
    """What the engine found in some minutes: its events, the offset of each's record and that record's arrival."""

    upto: int
    events: np.ndarray
    offsets: npt.NDArray[np.int64]
    arrivals: npt.NDArray[np.int64]


class Past:
    """All that happened to the sensors between two minutes [since 1970]."""

    def __init__(self, field: Field, played: Sequence[Played], month: Month, first: int, last: int) -> None:
        self.field, self.played, self.month, self.first, self.last = field, played, month, first, last
        start, end = first * 60.0, last * 60.0
        random = np.random.default_rng(month.seed)
        storms = [Storm(end - gale.days_before * DAY_S, gale.hours, gale.gust, gale.rain) for gale in month.gales]
        self.weather = Weather(month.weather_seed, storms)
        self.traces = self._traces(end)
        misfortune = Misfortune(field, month, random)
        for happened in self.traces:
            misfortune.keep_clear([pull.row for pull in happened.pulls], happened.start_s + 6 * 3600)
        self.pulled: list[Pulled] = misfortune.pulls(start, end - QUIET_END_S)
        self.gaps: list[Gap] = misfortune.gaps(start, end - QUIET_END_S)
        self._pulls = [*(one.pull for one in self.pulled), *(pull for one in self.traces for pull in one.pulls)]
        self._wandering = Wandering(field, month.seed + 1)
        names = sorted({sensor.source for sensor in field.sensors})
        turn = {name: place for place, name in enumerate(names)}
        sources = np.array([turn[sensor.source] for sensor in field.sensors], np.int64)
        self._offset = sources % STEP_MIN
        recorded = sum(len(one.numbers) for one in played)
        self.numbers = np.concatenate([field.numbers, *(one.numbers for one in played)]).astype(np.uint32)
        self._second_ms = np.concatenate([(sources * 7919) % 50, np.zeros(recorded, np.int64)]) * 1000

    def said(self) -> Mapping[int, list[tuple[float, float, str]]]:
        """What is known of each tag's troubles: (from, until, words) by the tag's number."""
        found: dict[int, list[tuple[float, float, str]]] = {}
        for one in self.pulled:
            number = int(self.field.numbers[one.pull.row])
            found.setdefault(number, []).append((one.pull.start_s, one.pull.end_s + 1800, one.said))
        for gap in self.gaps:
            for number in self.field.numbers[gap.rows].tolist():
                found.setdefault(number, []).append((gap.start_s, gap.end_s + 1800, gap.said))
        return found

    def chunks(self) -> Iterator[tuple[int, "Minutes"]]:
        """The readings, some hours at a time: (first minute, readings)."""
        for first in range(self.first, self.last, CHUNK_MIN):
            yield first, self._chunk(first, min(CHUNK_MIN, self.last - first))

    def table(self, table: TagTable) -> TagTable:
        """The rules of the past: the same limits; silence is judged by the pace of the past's readings."""
        rules = table.rules.copy()
        pace = {int(n): int(e) for n, e in zip(self.field.numbers.tolist(), self.field.every_min, strict=True)}
        every_ms = MINUTE_MS * np.array([pace.get(tag, 1) for tag in table.tags.tolist()], np.int64)
        watched = rules["missing_ms"] > 0
        rules["missing_ms"][watched] = np.maximum(rules["missing_ms"], PATIENCE * every_ms)[watched]
        for one in self.played:
            own = np.isin(table.tags, one.numbers)
            for name in ("on_delay_ms", "off_delay_ms"):
                rules[name][own] *= one.speed
        return replace(table, version=f"{table.version}-past", rules=rules)

    def _traces(self, end: float) -> tuple[Happened, ...]:
        plans = ((trace, end - trace.days_before * DAY_S) for trace in self.month.traces)
        return tuple(Happened(trace, at, tuple(traced(self.field, trace, at))) for trace, at in plans)

    def _chunk(self, first: int, count: int) -> "Minutes":
        parts = [self._steady(first, count), *self._dense(first, count), *self._recorded(first, count)]
        column, minute, values, good = (np.concatenate(part) for part in zip(*parts, strict=True))
        order = np.argsort(minute, kind="stable")
        minutes = np.arange(first, first + count)
        column, minute = column[order], minute[order]
        return Minutes(
            tags=self.numbers[column],
            ts=minute * MINUTE_MS + self._second_ms[column],
            values=values[order],
            good=good[order].astype(np.uint8),
            edges=np.searchsorted(minute, np.arange(first, first + count + 1)),
            minutes=minutes,
        )

    def _steady(self, first: int, count: int) -> Cells:
        """Every sensor at its own pace, each gateway in its own minute."""
        field = self.field
        grid = np.arange(-(-first // STEP_MIN) * STEP_MIN, first + count, STEP_MIN)
        times: Floats = np.asarray(grid * 60.0, np.float64)
        values = field.calm(times, self.weather.at(times))
        for at in range(len(grid)):
            values[at] += self._wandering.go_on(STEP_MIN * 60.0)
        self._grid, self._noisy = times, values.copy()
        mask = grid[:, None] % field.every_min == 0
        good = np.ones_like(mask)
        for pull in self._pulls:
            if pull.start_s <= times[-1] and times[0] <= pull.end_s:
                values[:, pull.row] += pull.share(times) * (pull.target - field.normal[pull.row])
        for gap in self.gaps:
            here = slice(*np.searchsorted(times, [gap.start_s, gap.end_s]).tolist())
            (good if gap.what == "quality" else mask)[here, gap.rows] = False
        row, column = np.nonzero(mask)
        return column, grid[row] + self._offset[column], field.finish(values)[row, column], good[row, column]

    def _dense(self, first: int, count: int) -> Iterator[Cells]:
        """Every minute of a sensor that is being pulled: gateways send at once what changes."""
        for pull in self._pulls:
            low, high = max(first, int(pull.start_s / 60)), min(first + count, int(pull.end_s / 60) + 1)
            minute = np.arange(low, high)
            minute = minute[(minute - self._offset[pull.row]) % STEP_MIN != 0]
            if len(minute):
                times: Floats = np.asarray(minute * 60.0, np.float64)
                calm = np.interp(times, self._grid, self._noisy[:, pull.row])
                values = calm + pull.share(times) * (pull.target - self.field.normal[pull.row])
                row = np.array([pull.row])
                told = self.field.finish(values[:, None], row)[:, 0]
                yield np.full(len(minute), pull.row), minute, told, np.ones(len(minute), np.bool_)

    def _recorded(self, first: int, count: int) -> Iterator[Cells]:
        """The plants that replay, every minute."""
        place = len(self.field)
        for one in self.played:
            width = len(one.numbers)
            column = np.tile(np.arange(place, place + width), count)
            minute = np.repeat(np.arange(first, first + count), width)
            yield column, minute, one.minutes(first, count).ravel(), np.ones(width * count, np.bool_)
            place += width


@dataclass(frozen=True)
class Minutes:
    """Some minutes of readings as flat columns, in the order of their arrival; ``edges`` part the minutes."""

    tags: npt.NDArray[np.uint32]
    ts: npt.NDArray[np.int64]
    values: Column
    good: npt.NDArray[np.uint8]
    edges: npt.NDArray[np.int64]
    minutes: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.tags)

    def records(self) -> Iterator[Readings]:
        """A record a minute, as if every gateway had sent in it."""
        nobody = np.zeros(0, BATCH)
        for place, minute in enumerate(self.minutes.tolist()):
            part = slice(int(self.edges[place]), int(self.edges[place + 1]))
            if part.start < part.stop:
                arrival = (minute + 1) * MINUTE_MS + LATE_MS
                columns = (self.tags[part], self.ts[part], self.values[part], self.good[part])
                yield Readings(arrival, nobody, *columns)


class Shard:
    """The engine of the past: takes records, answers with events. ``offset`` counts as a log would."""

    def __init__(self, table: TagTable, arrival_ms: int) -> None:
        self._state, self.offset = State(), -1
        self._take(Configure(arrival_ms, table))

    def run(self, minutes: Minutes) -> Events:
        """The events of some minutes."""
        taken = ((record, Tick(record.arrival_ms)) for record in minutes.records())
        return self._found([self._take(one) for pair in taken for one in pair])

    def end(self, arrival_ms: int) -> Events:
        """Take every rule away: what is still in alarm clears."""
        return self._found([self._take(Configure(arrival_ms, replace(TagTable.empty(), version="none")))])

    def _take(self, record: Readings | Configure | Tick) -> tuple[np.ndarray, int, int]:
        self.offset += 1
        _, (effect,) = step(self._state, [(self.offset, record)])
        return effect.events, self.offset, record.arrival_ms

    def _found(self, taken: Sequence[tuple[np.ndarray, int, int]]) -> Events:
        parts = [one for one in taken if len(one[0])]
        sizes = [len(events) for events, _, _ in parts]
        empty = taken[0][0][:0] if taken else np.empty(0)
        return Events(
            self.offset,
            np.concatenate([events for events, _, _ in parts]) if parts else empty,
            np.repeat(np.array([offset for _, offset, _ in parts], np.int64), sizes),
            np.repeat(np.array([arrival for _, _, arrival in parts], np.int64), sizes),
        )


class Keeping:
    """Writes the past's readings by the day into a history of its own, which the living engine takes over whole."""

    def __init__(self, folder: Path) -> None:
        self._writer = HistoryWriter(folder)
        self._day = -1
        self._parts: list[Minutes] = []
        self.readings = 0

    def take(self, minutes: Minutes) -> None:
        day = int(minutes.minutes[0]) // 1440
        if day != self._day:
            self._write()
            self._day = day
        self._parts.append(minutes)

    def close(self) -> None:
        self._write()
        self._writer.close()

    def _write(self) -> None:
        if not self._parts:
            return
        names = {"tag": "tags", "ts": "ts", "value": "values", "good": "good"}
        columns = {name: np.concatenate([getattr(part, own) for part in self._parts]) for name, own in names.items()}
        self._writer.write_day(SHARD, self._day, columns)
        self.readings += len(columns["ts"])
        self._parts = []
