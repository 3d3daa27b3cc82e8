"""Peers of the alarm kernel with the very same rules: vectorised NumPy, plain Python, and Python inside Bytewax.

This file imports only NumPy (and Bytewax where it runs), so that another interpreter can run it:
``python detect_parts.py READINGS.npz`` prints the seconds and the events of Bytewax as JSON.
"""

import json
import math
import sys
import time

import numpy as np
import numpy.typing as npt

Event = tuple[int, int, int, int]  # ts, tag, limit, kind
Column = npt.NDArray[np.number]
Columns = dict[str, Column]
NONE = -(1 << 63)
MISSING = 4


class Vectorised:
    """All tags at once by NumPy: a batch is cut into rounds in which each tag comes once (stable sort and rank).

    It knows the same trick as the kernel, a band of values in which a tag has nothing to do.
    """

    def __init__(self, rules: npt.NDArray[np.void]) -> None:
        n = len(rules)
        self.at = np.array([rules["hh"], rules["h"], -rules["l"], -rules["ll"]])
        self.back = self.at - rules["deadband"]
        self.delays = np.array([rules["on_delay_ms"], rules["off_delay_ms"]])
        self.missing_ms = rules["missing_ms"]
        self.since = np.full((4, n), NONE)
        self.alarm = np.zeros((4, n), bool)
        self.last, self.arrival = np.full(n, NONE), np.zeros(n, np.int64)
        self.missing = np.zeros(n, bool)
        self.low, self.high = np.full(n, np.inf), np.full(n, -np.inf)
        self.deadline = 0
        self.events: list[npt.NDArray[np.int64]] = []

    def take(self, tags: Column, ts: Column, values: Column, now: int) -> None:
        order = np.argsort(tags.astype(np.uint16), kind="stable")  # radix
        ordered = tags[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        counts = np.diff(np.r_[starts, len(order)])
        for turn in range(int(counts.max())):
            rows = order[starts[counts > turn] + turn]
            self._round(tags[rows], ts[rows], values[rows], now)

    def _round(self, tags: Column, ts: Column, values: Column, now: int) -> None:
        fresh = ts > self.last[tags]
        if not fresh.all():
            tags, ts, values = tags[fresh], ts[fresh], values[fresh]
        self.last[tags] = ts
        self.arrival[tags] = now
        busy = ~((self.low[tags] < values) & (values < self.high[tags]))
        if busy.any():
            self._judge(tags[busy], ts[busy], values[busy], now)

    def _judge(self, tags: Column, ts: Column, values: Column, now: int) -> None:
        back_again = tags[self.missing[tags]]
        self.missing[back_again] = False
        self._note(np.full(len(back_again), now), back_again, MISSING, 0)
        x = np.array([values, values, -values, -values])
        raised, since = self.alarm[:, tags], self.since[:, tags]
        holds = np.where(raised, x < self.back[:, tags], x >= self.at[:, tags])
        since = np.where(holds, np.where(since == NONE, ts, since), NONE)
        fire = holds & (ts - since >= np.where(raised, self.delays[1, tags], self.delays[0, tags]))
        since[fire] = NONE
        self.since[:, tags], self.alarm[:, tags] = since, raised ^ fire
        limit, row = np.nonzero(fire)
        self._note(ts[row], tags[row], limit, ~raised[limit, row])
        self._settle(tags)

    def _settle(self, tags: Column) -> None:
        raised, running = self.alarm[:, tags], (self.since[:, tags] != NONE).any(axis=0)
        bound = np.where(raised, self.back[:, tags], self.at[:, tags])
        high = np.where(raised, np.inf, bound)
        low = np.where(raised, bound, -np.inf)
        upper = np.minimum(high[:2].min(axis=0), (-low[2:]).min(axis=0))
        lower = np.maximum(low[:2].max(axis=0), (-high[2:]).max(axis=0))
        self.low[tags] = np.where(running, np.inf, np.nextafter(lower, np.inf))
        self.high[tags] = np.where(running, -np.inf, np.nextafter(upper, -np.inf))

    def tick(self, now: int) -> None:
        if now <= self.deadline:
            return
        deadline = self.arrival + self.missing_ms
        tags = np.flatnonzero((now > deadline) & ~self.missing & (self.missing_ms > 0)).astype(np.uint32)
        self.missing[tags] = True
        self.low[tags], self.high[tags] = np.inf, -np.inf
        self._note(np.full(len(tags), now), tags, MISSING, 1)
        self.deadline = int(deadline[~self.missing].min(initial=1 << 62))

    def _note(self, ts: npt.ArrayLike, tags: npt.ArrayLike, limit: npt.ArrayLike, kind: npt.ArrayLike) -> None:
        if np.size(tags):
            rows = np.broadcast_arrays(np.asarray(ts, np.int64), tags, limit, kind)
            self.events.append(np.array([np.asarray(row, np.int64) for row in rows]).T)
            if (rows[2] == MISSING).any():
                self.deadline = 0

    def found(self) -> list[Event]:
        return sorted(map(tuple, np.concatenate(self.events).tolist())) if self.events else []


class Plain:
    """One tag in plain Python, one reading at a time: the way a stream engine's ordinary interface asks for."""

    __slots__ = ("alarm", "arrival", "last", "limits", "missing", "missing_ms", "since")

    def __init__(self, rule: dict[str, float]) -> None:
        signed = ((1.0, rule["hh"]), (1.0, rule["h"]), (-1.0, rule["l"]), (-1.0, rule["ll"]))
        self.limits = [
            (code, sign, sign * limit, sign * limit - rule["deadband"], rule["on_delay_ms"], rule["off_delay_ms"])
            for code, (sign, limit) in enumerate(signed)
            if not math.isnan(limit)
        ]
        self.alarm, self.since = [False] * 4, [NONE] * 4
        self.last, self.arrival, self.missing, self.missing_ms = NONE, 0, False, int(rule["missing_ms"])

    def take(self, tag: int, ts: int, value: float, now: int) -> list[Event]:
        if ts <= self.last:
            return []
        self.last, self.arrival = ts, now
        events: list[Event] = []
        if self.missing:
            self.missing = False
            events.append((now, tag, MISSING, 0))
        for code, sign, at, back, on, off in self.limits:
            raised = self.alarm[code]
            if (sign * value < back) if raised else (sign * value >= at):
                since = self.since[code]
                if since == NONE:
                    since = self.since[code] = ts
                if ts - since >= (off if raised else on):
                    self.alarm[code], self.since[code] = not raised, NONE
                    events.append((ts, tag, code, 0 if raised else 1))
            else:
                self.since[code] = NONE
        return events


def plain_run(rules: npt.NDArray[np.void], data: Columns, batch: int) -> tuple[float, list[Event]]:
    """Seconds and events of the plain loop, with a tick before each batch."""
    names = rules.dtype.names or ()
    tags = [Plain(dict(zip(names, row, strict=True))) for row in rules.tolist()]
    columns = [data[name].tolist() for name in ("tag", "ts", "value", "arrival")]
    for one in tags:
        one.arrival = columns[3][0]
    events: list[Event] = []
    began, deadline = time.process_time(), 0
    for start in range(0, len(columns[0]), batch):
        tag, ts, value, arrival = (column[start : start + batch] for column in columns)
        now = arrival[0]
        if now > deadline:
            deadline = _tick(tags, now, events)
        for number, at, reading, came in zip(tag, ts, value, arrival, strict=True):
            found = tags[number].take(number, at, reading, came)
            if found:
                events += found
                deadline = 0
    return time.process_time() - began, sorted(events)


def _tick(tags: list[Plain], now: int, events: list[Event]) -> int:
    for number, tag in enumerate(tags):
        if not tag.missing and now > tag.arrival + tag.missing_ms:
            tag.missing = True
            events.append((now, number, MISSING, 1))
    return min((tag.arrival + tag.missing_ms for tag in tags if not tag.missing), default=1 << 62)


def bytewax_run(rules: npt.NDArray[np.void], data: Columns) -> tuple[float, list[Event]]:
    """Seconds and events of Bytewax's per-item ``stateful_map``, keyed by tag. No ticks: limits only."""
    from bytewax import operators as op
    from bytewax.dataflow import Dataflow
    from bytewax.testing import TestingSink, TestingSource, run_main

    names = rules.dtype.names or ()
    by_tag = [dict(zip(names, row, strict=True)) for row in rules.tolist()]
    columns = [data[name].tolist() for name in ("tag", "ts", "value", "arrival")]
    readings = [(str(row[0]), row) for row in zip(*columns, strict=True)]
    out: list[tuple[str, list[Event]]] = []

    def take(state: Plain | None, row: tuple[int, int, float, int]) -> tuple[Plain, list[Event]]:
        state = state or Plain(by_tag[row[0]])
        return state, state.take(*row)

    flow = Dataflow("alarms")
    stream = op.input("readings", flow, TestingSource(readings, 1000))
    judged = op.stateful_map("rules", stream, take)
    op.output("events", op.filter("some", judged, lambda item: bool(item[1])), TestingSink(out))
    began = time.process_time()
    run_main(flow)
    return time.process_time() - began, sorted(event for _, events in out for event in events)


if __name__ == "__main__":
    with np.load(sys.argv[1]) as archive:
        seconds, found = bytewax_run(archive["rules"], dict(archive))
    sys.stdout.write(json.dumps({"seconds": seconds, "events": found}))
