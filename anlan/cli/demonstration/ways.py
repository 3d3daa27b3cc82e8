"""Ways for vehicles and boats: along the county's roads from crossing to crossing, or over its sea."""

import heapq
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np

Spot = tuple[float, float]
M_PER_DEGREE = 111_320.0
#: Of the speed that a road allows, what traffic leaves [1]; a boat's way [m/s].
SHARE, BOAT_MS = 0.8, 5.5
SEA_REACH_M, TRIES = 9_000.0, 60


class Ways(Protocol):
    """Where to go from here: spots one after another, and how fast to each [m/s]."""

    def way(self, start: Spot, dice: np.random.Generator) -> Sequence[tuple[Spot, float]]: ...


def metres(one: Spot, other: Spot) -> float:
    """How far apart, on a plane about the first; good to a thousandth within a county [m]."""
    squeeze = np.cos(np.radians(one[1]))
    return float(np.hypot((other[0] - one[0]) * squeeze, other[1] - one[1]) * M_PER_DEGREE)


class Roads:
    """The routable network of ``roads.json``: nodes by longitude and latitude, edges with their length and speed."""

    def __init__(self, file: Path) -> None:
        told = json.loads(file.read_text("utf-8"))
        self._nodes: list[Spot] = [tuple(node) for node in told["nodes"]]
        self._spots = np.array(self._nodes)
        self._next: dict[int, list[tuple[int, float, float]]] = {}
        for edge in told["edges"]:
            speed = edge["speed_kmh"] / 3.6 * SHARE
            for one, other in ((edge["from"], edge["to"]), (edge["to"], edge["from"])):
                self._next.setdefault(one, []).append((other, edge["length_m"] / speed, speed))

    def way(self, start: Spot, dice: np.random.Generator) -> list[tuple[Spot, float]]:
        """The quickest way to a crossing drawn by lot."""
        here, there = self._nearest(start), int(dice.choice(list(self._next)))
        before = self._search(here, there)
        nodes = [there]
        while nodes[-1] in before:
            nodes.append(before[nodes[-1]])
        steps = list(pairwise(reversed(nodes)))
        return [(self._nodes[to], self._speed(one, to)) for one, to in steps]

    def _nearest(self, spot: Spot) -> int:
        used = np.array(sorted(self._next))
        return int(used[np.argmin(((self._spots[used] - spot) ** 2).sum(axis=1))])

    def _speed(self, one: int, to: int) -> float:
        return next(speed for other, _, speed in self._next[one] if other == to)

    def _search(self, here: int, there: int) -> dict[int, int]:
        """Dijkstra: for each crossing the one before it on the quickest way."""
        best, before, open_ = {here: 0.0}, {}, [(0.0, here)]
        while open_:
            cost, node = heapq.heappop(open_)
            if node == there:
                break
            for other, takes, _ in self._next.get(node, ()):
                if cost + takes < best.get(other, float("inf")):
                    best[other], before[other] = cost + takes, node
                    heapq.heappush(open_, (cost + takes, other))
        return before


class Sea:
    """The water of the base layer: straight ways that touch no land."""

    def __init__(self, file: Path, reach: Spot) -> None:
        from shapely import prepare
        from shapely.geometry import box, shape

        told = json.loads(file.read_text("utf-8"))["features"]
        sea = next(shape(one["geometry"]) for one in told if one["properties"]["class"] == "sea")
        around = SEA_REACH_M * 4 / M_PER_DEGREE
        self._water = sea.intersection(box(reach[0] - around, reach[1] - around, reach[0] + around, reach[1] + around))
        prepare(self._water)

    def way(self, start: Spot, dice: np.random.Generator) -> list[tuple[Spot, float]]:
        from shapely.geometry import LineString, Point

        for _ in range(TRIES):
            angle, far = dice.random() * 2 * np.pi, (0.2 + 0.8 * dice.random()) * SEA_REACH_M / M_PER_DEGREE
            there = (start[0] + far * float(np.cos(angle)), start[1] + far * float(np.sin(angle)))
            afloat = self._water.contains(Point(start))
            clear = self._water.contains(LineString([start, there]) if afloat else Point(there))
            if clear:
                return [(there, BOAT_MS if afloat else float("inf"))]  # from its berth it appears on the water
        return []
