"""The alarm rules in plain Python, written from their definition alone, one reading at a time. Slow and obvious."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

NAMES = ("HH", "H", "L", "LL", "MISSING")


class Event(NamedTuple):
    ts: int
    tag: int
    limit: int
    kind: int  # 1 raise, 0 clear
    value: float | None


@dataclass
class Rules:
    hh: float | None = None
    h: float | None = None
    l: float | None = None  # noqa: E741
    ll: float | None = None
    deadband: float = 0.0
    on_delay_ms: int = 0
    off_delay_ms: int = 0
    missing_ms: int = 0

    def limit(self, code: int) -> float | None:
        return (self.hh, self.h, self.l, self.ll)[code]

    def beyond(self, code: int, value: float) -> bool:
        limit = self.limit(code)
        if limit is None:
            return False
        return value >= limit if code < 2 else value <= limit

    def back(self, code: int, value: float) -> bool:
        limit = self.limit(code)
        if limit is None:
            return False
        return value < limit - self.deadband if code < 2 else value > limit + self.deadband


@dataclass
class Tag:
    rules: Rules = field(default_factory=Rules)
    waited_from: int | None = None  # arrival of the last taken reading, or when waiting began
    configured: bool = False
    last: tuple[int, float, bool] | None = None
    alarm: list[bool] = field(default_factory=lambda: [False] * 4)
    run: list[int | None] = field(default_factory=lambda: [None] * 4)
    missing: bool = False


def same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


class Oracle:
    def __init__(self) -> None:
        self.tags: dict[int, Tag] = {}
        self.largest: int | None = None

    def configure(self, number: int, rules: Rules, now: int | None) -> list[Event]:
        tag = self.tags.setdefault(number, Tag())
        old, tag.rules = tag.rules, rules
        if not tag.configured:
            tag.configured, tag.waited_from = True, now
        events = []
        for code in range(4):
            same_limit = old.limit(code) == rules.limit(code)
            if tag.alarm[code] and rules.limit(code) is None:
                tag.alarm[code] = False
                events.append(Event(now or 0, number, code, 0, None))
            unchanged = same_limit and (not tag.alarm[code] or old.deadband == rules.deadband)
            if not unchanged:
                tag.run[code] = None
        if tag.missing and not rules.missing_ms:
            tag.missing = False
            events.append(Event(now or 0, number, 4, 0, None))
        return events

    def reading(self, number: int, ts: int, value: float, good: bool, arrival: int) -> tuple[str, list[Event]]:
        tag = self.tags.setdefault(number, Tag())
        if tag.last is not None and ts <= tag.last[0]:
            if ts < tag.last[0]:
                return "late", []
            equal = same(value, tag.last[1]) and good == tag.last[2]
            return ("duplicate" if equal else "conflict"), []
        tag.last = (ts, value, good)
        tag.waited_from = arrival
        events = []
        if tag.missing:
            tag.missing = False
            events.append(Event(arrival, number, 4, 0, None))
        if good and not math.isnan(value):
            events += [event for code in range(4) for event in self._judge(tag, number, code, ts, value)]
        return "taken", events

    def _judge(self, tag: Tag, number: int, code: int, ts: int, value: float) -> list[Event]:
        raised = tag.alarm[code]
        holds = tag.rules.back(code, value) if raised else tag.rules.beyond(code, value)
        delay = tag.rules.off_delay_ms if raised else tag.rules.on_delay_ms
        if not holds:
            tag.run[code] = None
            return []
        start = tag.run[code]
        if start is None:
            start = tag.run[code] = ts
        if ts - start < delay:
            return []
        tag.alarm[code], tag.run[code] = not raised, None
        return [Event(ts, number, code, 0 if raised else 1, value)]

    def tick(self, now: int) -> list[Event]:
        events = []
        for number, tag in sorted(self.tags.items()):
            wait = tag.rules.missing_ms
            if wait and not tag.missing and tag.waited_from is not None and now > tag.waited_from + wait:
                tag.missing = True
                events.append(Event(now, number, 4, 1, None))
        return events

    def row(self, number: int, ts: int, value: float, good: bool) -> tuple[str, list[Event]]:
        """A reading of a file, where time is the largest ts so far."""
        events = []
        if self.largest is None or ts > self.largest:
            self.largest = ts
            events = self.tick(ts)
        verdict, more = self.reading(number, ts, value, good, self.largest)
        return verdict, events + more
