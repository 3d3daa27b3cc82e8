"""Drives the county's vehicles and boats, and sends where they are, as boxes on board would: over HTTP with a key."""

import json
import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from anlan.cli.demonstration.lan.fleet_file import FILE, Fleet
from anlan.cli.demonstration.senders import HttpSender
from anlan.cli.demonstration.ways import Roads, Sea, Spot, Ways, metres

TICK_S = 2.0
STAY_S = (20.0, 240.0)  # at the end of a way
PARKED_S = 30.0  # between two positions of what stands still
RETRY_S = 1.0


class Vehicle:
    """One that goes its ways, waits at their ends, and goes on."""

    def __init__(self, home: Spot, ways: Ways, dice: np.random.Generator) -> None:
        self.spot, self.speed = home, 0.0
        self._ways, self._dice = ways, dice
        self._legs: list[tuple[Spot, float]] = []
        self._waits = float(dice.random() * STAY_S[1] / 3)
        self._told = -PARKED_S

    def go_on(self, passed: float) -> None:
        """Let so many seconds pass."""
        if self._waits > 0:
            self._waits, self.speed = self._waits - passed, 0.0
            return
        if not self._legs:
            self._legs = list(self._ways.way(self.spot, self._dice))
        while passed > 0 and self._legs:
            passed = self._along(passed)
        if not self._legs:
            self._waits = float(self._dice.uniform(*STAY_S))

    def _along(self, passed: float) -> float:
        """Towards the next spot; returns what is left of the time."""
        there, self.speed = self._legs[0]
        left = metres(self.spot, there)
        if left <= self.speed * passed:
            self.spot = there
            self._legs.pop(0)
            self.speed = min(self.speed, 30.0)
            return passed - left / max(self.speed, 0.1)
        share = self.speed * passed / left
        self.spot = (self.spot[0] + (there[0] - self.spot[0]) * share, self.spot[1] + (there[1] - self.spot[1]) * share)
        return 0.0

    def tells(self, now: float) -> bool:
        """Whether it sends now: while it moves always, parked seldom."""
        due = self.speed > 0 or now - self._told >= PARKED_S
        self._told = now if due else self._told
        return due


class Fleets(threading.Thread):
    """All of them in one thread; a batch that cannot be sent is let go, the next one tells more."""

    def __init__(self, data: Path, url: str, keys: Mapping[str, str]) -> None:
        super().__init__(name="fleets", daemon=True)
        dice = np.random.default_rng(time.time_ns())
        known = [Fleet(**one) for one in json.loads((data / FILE).read_text("utf-8"))]
        self._fleets = {fleet.source: fleet for fleet in known if fleet.source in keys}
        self._senders = {code: HttpSender(url, keys[code]) for code in self._fleets}
        self._ways: dict[str, Ways] = {}
        self._vehicles = {code: self._afoot(data, fleet, dice) for code, fleet in self._fleets.items()}
        self._stopping = threading.Event()
        self._run, self._number = f"{os.getpid()}-{time.time_ns()}", 0

    @property
    def count(self) -> int:
        return sum(len(some) for some in self._vehicles.values())

    def _afoot(self, data: Path, fleet: Fleet, dice: np.random.Generator) -> list[Vehicle]:
        home = (fleet.home[0], fleet.home[1])
        if fleet.way not in self._ways:
            files = data / "map"
            self._ways[fleet.way] = (
                Roads(files / "roads.json") if fleet.way == "road" else Sea(files / "1-ground.geojson", home)
            )
        return [Vehicle(home, self._ways[fleet.way], dice) for _ in range(fleet.count)]

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        last = time.time()
        while not self._stopping.wait(max(0.0, last + TICK_S - time.time())):
            now = time.time()
            for code, vehicles in self._vehicles.items():
                for vehicle in vehicles:
                    vehicle.go_on(min(now - last, 30.0))
                self._send(code, vehicles, now)
            last = now
        for sender in self._senders.values():
            sender.close()

    def _send(self, code: str, vehicles: list[Vehicle], now: float) -> None:
        told = [(number, one) for number, one in enumerate(vehicles, 1) if one.tells(now)]
        if not told:
            return
        self._number += 1
        tags = [f"{what}-{number:02d}" for number, _ in told for what in ("LON", "LAT", "SPD")]
        values = [value for _, one in told for value in (round(one.spot[0], 6), round(one.spot[1], 6), one.speed * 3.6)]
        body = {"batch": f"{code}-{self._run}-{self._number}", "tag": tags, "ts": round(now * 1000), "value": values}
        self._senders[code].send(body)
