"""The living county: every invented sensor sends by its gateway, over HTTP or MQTT, as any gateway would.

One thread makes the values, once a second for those that are due; one thread a line sends the frames. A frame that
cannot be sent is sent again; when too many wait, the oldest is dropped, as a gateway with a full buffer would.
"""

import heapq
import os
import queue
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from anlan.cli.demonstration.disturb import Gap, Misfortune, Pulled
from anlan.cli.demonstration.plan import Plan
from anlan.cli.demonstration.senders import Carrier
from anlan.cli.demonstration.signals import Field, Wandering
from anlan.cli.demonstration.stories import Ensemble
from anlan.cli.demonstration.weather import NAMES, Floats, Weather
from anlan.packs.families.demo_month import Month
from anlan.web import stage

TICK_S = 1.0
PACES_S = (60.0, 24.0, 12.0, 5.0)  # of sensors, so that a gateway's go into few frames
STORY_S = 3.0
SHARE_OF_MISSING = 2.2  # readings within the time after which a tag counts as silent
HTTP_LINES = 3
DRAW_S = 600.0  # disturbances are drawn for so long ahead
CALM_START_S = 300.0  # nothing but the stories happens at first
MOST_WAITING = 400  # frames a line holds
RETRY_S = 1.0


class Line(threading.Thread):
    """Sends frames one after another."""

    def __init__(self, name: str, carrier: Carrier) -> None:
        super().__init__(name=f"feed-{name}", daemon=True)
        self._carrier, self._stopping = carrier, threading.Event()
        self._waiting: queue.Queue[tuple[str, Mapping[str, object]]] = queue.Queue(MOST_WAITING)
        self.sent = self.dropped = 0

    def put(self, source: str, body: Mapping[str, object]) -> None:
        while True:
            try:
                self._waiting.put_nowait((source, body))
            except queue.Full:
                self._drop()
            else:
                return

    def _drop(self) -> None:
        try:
            self._waiting.get_nowait()
            self.dropped += 1
        except queue.Empty:
            return

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                source, body = self._waiting.get(timeout=0.5)
            except queue.Empty:
                continue
            while not self._carrier.carry(source, body):
                if self._stopping.wait(RETRY_S):
                    break
            self.sent += 1
        self._carrier.close()


class Feed(threading.Thread):
    """Makes the values of all invented sensors and hands them to the lines, until it is stopped."""

    def __init__(self, data: Path, plan: Plan, field: Field, month: Month, ensemble: Ensemble) -> None:
        super().__init__(name="feed", daemon=True)
        self._data, self._field, self.ensemble = data, field, ensemble
        self._weather = Weather(month.weather_seed)
        self._wandering = Wandering(field, os.getpid())
        self._misfortune = Misfortune(field, month, np.random.default_rng(time.time_ns()))
        self._stopping = threading.Event()
        self._lines: dict[str, Line] = {}
        self._line_of: dict[str, Line] = {}
        self._kinds = {gateway.code: gateway.kind for gateway in plan.gateways}
        self._pace = np.array([_pace(sensor.missing_s) for sensor in field.sensors])
        self._pulled: list[Pulled] = []
        self._gaps: list[Gap] = []
        self._drawn_until = 0.0
        self._run, self._number = f"{os.getpid()}-{time.time_ns()}", 0
        self.listeners: list[Callable[[list[stage.Order]], None]] = []
        self.others: Callable[[], list[dict[str, object]]] = list

    def join_lines(self, http: Callable[[], Carrier], mqtt: Carrier | None) -> None:
        """The ways to the product; without a broker everything goes by HTTP."""
        self._lines = {f"http-{number}": Line(f"http-{number}", http()) for number in range(HTTP_LINES)}
        web = list(self._lines.values())
        if mqtt is not None:
            self._lines["mqtt"] = Line("mqtt", mqtt)
        for place, (code, kind) in enumerate(self._kinds.items()):
            self._line_of[code] = self._lines.get(kind, web[place % HTTP_LINES])

    def stop(self) -> None:
        self._stopping.set()
        for line in self._lines.values():
            line.stop()

    def run(self) -> None:
        for line in self._lines.values():
            line.start()
        begun = last = time.time()
        self._drawn_until = begun + CALM_START_S
        due = [
            (begun + float(wait), row)
            for row, wait in enumerate(np.random.default_rng(1).random(len(self._field)) * self._pace)
        ]
        heapq.heapify(due)
        self._quick: dict[int, float] = {}
        while not self._stopping.wait(max(0.0, last + TICK_S - time.time())):
            now = time.time()
            orders = list(stage.take(self._data))
            self.ensemble.obey(orders)
            for listener in self.listeners:
                listener(orders)
            self.ensemble.go_on(min(now - last, 5.0), now - begun)
            self._draw(now)
            values, weather = self._values(now, min(now - last, 60.0))
            self._send(now, self._due(due, now), values)
            self._tell(now, begun, weather)
            last = now

    def _draw(self, now: float) -> None:
        if now >= self._drawn_until:
            self._pulled = [one for one in self._pulled if one.pull.end_s > now]
            self._gaps = [gap for gap in self._gaps if gap.end_s > now]
            taken = {row for one in self.ensemble.performances for row in one.cast.rows}
            self._misfortune.keep_clear(sorted(taken), now + DRAW_S)
            self._pulled += self._misfortune.pulls(now, now + DRAW_S)
            self._gaps += self._misfortune.gaps(now, now + DRAW_S)
            self._drawn_until = now + DRAW_S

    def _values(self, now: float, passed: float) -> tuple[Floats, Floats]:
        at = np.array([now])
        weather = self._weather.at(at)
        self.ensemble.weather(weather[0])
        values = self._field.calm(at, weather)[0] + self._wandering.go_on(passed)
        for one in self._pulled:
            share = float(one.pull.share(at)[0])
            values[one.pull.row] += share * (one.pull.target - self._field.normal[one.pull.row])
        self.ensemble.pull(values)
        return self._field.finish(values), weather[0]

    def _due(self, due: list[tuple[float, int]], now: float) -> npt.NDArray[np.int64]:
        rows: set[int] = set()
        while due and due[0][0] <= now:
            at, row = heapq.heappop(due)
            rows.add(row)
            heapq.heappush(due, (max(at + float(self._pace[row]), now), row))
        for row in self.ensemble.rows() | {one.pull.row for one in self._pulled if one.pull.start_s <= now}:
            if now - self._quick.get(row, 0.0) >= STORY_S:
                self._quick[row] = now
                rows.add(row)
        return np.array(sorted(rows - self._in_gaps(now, quality=False)), np.int64)

    def _in_gaps(self, now: float, *, quality: bool) -> set[int]:
        """Rows of the gaps that are open: of bad quality, or silent."""
        here = (gap for gap in self._gaps if gap.start_s <= now < gap.end_s and (gap.what == "quality") == quality)
        return {row for gap in here for row in gap.rows.tolist()}

    def _send(self, now: float, rows: npt.NDArray[np.int64], values: Floats) -> None:
        bad = {
            row
            for gap in self._gaps
            if gap.what == "quality" and gap.start_s <= now < gap.end_s
            for row in gap.rows.tolist()
        }
        by_source: dict[str, list[int]] = {}
        for row in rows.tolist():
            by_source.setdefault(self._field.sensors[row].source, []).append(row)
        for source, mine in by_source.items():
            self._number += 1
            body: dict[str, object] = {
                "batch": f"{source}-{self._run}-{self._number}",
                "tag": [self._field.sensors[row].code for row in mine],
                "ts": round(now * 1000),
                "value": values[mine].tolist(),
            }
            if bad.intersection(mine):
                body["quality"] = [0 if row in bad else 1 for row in mine]
            if (line := self._line_of.get(source)) is not None:
                line.put(source, body)

    def _tell(self, now: float, begun: float, weather: Floats) -> None:
        stories = [*self.others(), *self.ensemble.told()]
        told = {
            "at": now,
            "begun": begun,
            "tags": len(self._field),
            "sources": len(self._kinds),
            "sent": sum(line.sent for line in self._lines.values()),
            "weather": {name: round(float(value), 2) for name, value in zip(NAMES, weather, strict=True)},
            "stories": stories,
        }
        stage.write(self._data, stage.STATE, told)


def _pace(missing_s: float | None) -> float:
    """Seconds between two readings of a tag."""
    wanted = PACES_S[0] if missing_s is None else missing_s / SHARE_OF_MISSING
    return next((pace for pace in PACES_S if pace <= wanted), PACES_S[-1])
