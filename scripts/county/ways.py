"""Roads as a network: found over the ground by least cost, cut at junctions, smoothed, and streets of towns."""

import itertools
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph
from shapely import LineString, Point, Polygon, STRtree
from shapely.affinity import rotate
from shapely.ops import nearest_points, unary_union

from scripts.county.ground import STEP, X, Y, spline
from scripts.county.parts import Grid, Parts, _smooth
from scripts.county.water import Water

#: rank of a class: where ways share ground the higher one names it; speed [km/h]
CLASSES = {
    "road_motorway": 100.0,
    "road_link": 40.0,
    "road_primary": 70.0,
    "road_secondary": 50.0,
    "road_village": 30.0,
    "road_street": 30.0,
    "road_access": 15.0,
}
RANK = {name: number for number, name in enumerate(["road_village", "road_secondary", "road_primary"])}
MOTORWAY = [
    (-34, 1.6),
    (-24, 1.1),
    (-15.5, 2.3),
    (-8, 1.7),
    (-2, 1.0),
    (5, 1.4),
    (11, 3.0),
    (18, 3.3),
    (26, 4.4),
    (34, 5.0),
]
JUNCTIONS = ((-15.2, "望港互通"), (-6.6, "澜城西互通"), (2.9, "澜城东互通"), (10.6, "苇湾互通"), (18.2, "石门互通"))
#: main roads: class, name, towns or points [km] that they pass
MAIN = (
    (
        "road_primary",
        "国道滨海线",
        [(-33.5, -2.0), "wanggang", "shagang", (-3.0, -1.2), "weiwan", (12.6, -1.2), "shimen", (33.5, 0.4)],
    ),
    ("road_primary", "省道澜北线", [(-3.0, -1.2), "chengguan", (-2.6, 11.0), "yunshan", (-0.6, 30.0), (0.4, 41.0)]),
    ("road_primary", "省道青石线", [(-33.5, 20.5), "qingling", "yunshan", (6.2, 17.4), "shiqiao", (33.5, 19.0)]),
    ("road_primary", "省道柳东线", [(-33.5, 6.6), "yantan", "liuhe", "chengguan", "dongpo", (20.0, 9.6), (33.5, 11.0)]),
    ("road_secondary", "县道港柳线", ["wanggang", "yantan"]),
    ("road_secondary", "县道沙柳线", ["shagang", "liuhe", "qingling"]),
    ("road_secondary", "县道苇东线", ["weiwan", "dongpo", "shiqiao"]),
    ("road_secondary", "县道石坡线", ["shimen", "dongpo"]),
    ("road_secondary", "县道北岭线", ["shiqiao", "beiling", "yunshan"]),
    ("road_secondary", "县道澜沙线", ["chengguan", "shagang"]),
    ("road_secondary", "县道盐青线", ["yantan", "qingling"]),
    ("road_secondary", "疏港路", ["wanggang", (-17.9, -6.6)]),
    ("road_secondary", "澜苇线", ["chengguan", "weiwan"]),
    ("road_secondary", "滨海旅游路", ["shimen", (18.9, -9.2)]),
)
#: middle [km], blocks across and up, size of a block [m], turn [degree], of a town's or a park's streets
STREETS = {
    "chengguan": ((-3.4, 4.6), 12, 10, 330, 7),
    "shagang": ((-9.6, -1.9), 6, 4, 250, -6),
    "weiwan": ((7.6, -1.7), 6, 4, 250, 9),
    "wanggang": ((-17.6, -3.6), 7, 5, 250, -3),
    "shimen": ((16.8, -1.6), 5, 4, 240, 14),
    "liuhe": ((-12.6, 9.0), 5, 4, 240, 20),
    "dongpo": ((9.8, 8.2), 5, 4, 240, -12),
    "yantan": ((-20.8, 5.6), 4, 3, 230, 5),
    "qingling": ((-16.4, 18.6), 4, 3, 220, 28),
    "yunshan": ((-2.6, 17.8), 3, 3, 200, -15),
    "shiqiao": ((13.8, 17.6), 4, 3, 220, 11),
    "beiling": ((8.3, 25.2), 3, 2, 190, -8),
}
INDUSTRIAL = (
    ((-9.7, 6.3), 4, 3, 520, 20),
    ((8.0, 5.0), 4, 3, 520, -8),
    ((-0.9, 0.2), 4, 3, 500, 4),
    ((-12.6, -0.2), 3, 3, 480, -6),
)
PORT = ((-18.2, -6.5), 6, 3, 430, -4)
PARK = [(-9_300, -6_050), (-4_350, -6_100), (-4_250, -2_950), (-9_250, -2_900)]
PARK_STREETS = (
    [(-9_150, -4_740), (-4_400, -4_740)],
    [(-9_150, -3_780), (-4_400, -3_780)],
    [(-9_150, -5_700), (-4_400, -5_700)],
    [(-8_760, -5_700), (-8_760, -2_500)],
    [(-7_275, -5_700), (-7_275, -4_740)],
    [(-6_060, -5_700), (-6_060, -2_300)],
    [(-5_200, -5_700), (-5_200, -3_050)],
    [(-6_900, -4_740), (-6_900, -3_780)],
)


@dataclass
class Way:
    """A piece of road between two junctions."""

    kind: str
    name: str
    line: LineString
    bridge: bool = False


class Costs:
    """The ground as a graph: what a metre of road costs where."""

    def __init__(self, water: Water) -> None:
        slope = np.hypot(*np.gradient(water.height, STEP))
        cost = 1 + (slope / 0.045) ** 2
        points = np.column_stack([each.ravel() for each in np.meshgrid(X, Y)])
        for area, price in ((unary_union([a for _, a, _ in water.rivers]).buffer(30), 9.0), (water.reed, 7.0)):
            shapely.prepare(area)
            cost[shapely.contains_xy(area, *points.T).reshape(cost.shape)] += price
        shut = unary_union([water.lake, *(a for _, a in water.reservoirs)]).buffer(140)
        cost[shapely.contains_xy(shut, *points.T).reshape(cost.shape)] = 400
        shore = water.land.buffer(-160)
        shapely.prepare(shore)
        cost[~shapely.contains_xy(shore, *points.T).reshape(cost.shape)] = 400
        self.cost = cost
        self._offsets = [(0, 1), (1, 0), (1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1)]

    def graph(self) -> sparse.csr_matrix:
        rows, columns = self.cost.shape
        number = np.arange(rows * columns).reshape(rows, columns)
        start, end, weight = [], [], []
        for down, right in self._offsets:
            a = number[: rows - down, max(0, -right) : columns - max(0, right)]
            b = number[down:, max(0, right) : columns + min(0, right)]
            price = (self.cost.ravel()[a] + self.cost.ravel()[b]) / 2 * STEP * np.hypot(down, right)
            start.append(a.ravel()), end.append(b.ravel()), weight.append(price.ravel())
        shape = (rows * columns, rows * columns)
        return sparse.csr_matrix((np.concatenate(weight), (np.concatenate(start), np.concatenate(end))), shape=shape)

    def cell(self, x: float, y: float) -> int:
        return round((y - Y[0]) / STEP) * len(X) + round((x - X[0]) / STEP)

    def spot(self, cell: int) -> tuple[float, float]:
        return float(X[cell % len(X)]), float(Y[cell // len(X)])


class Network:
    """Road cells: which neighbour each is joined to, by what class and name."""

    def __init__(self) -> None:
        self.links: dict[tuple[int, int], tuple[str, str]] = {}
        self.cells: set[int] = set()

    def add(self, path: list[int], kind: str, name: str) -> None:
        for pair in itertools.pairwise(path):
            key = (min(pair), max(pair))
            old = self.links.get(key)
            if old is None or RANK[kind] > RANK[old[0]]:
                self.links[key] = (kind, name)
            self.cells.update(pair)

    def arcs(self, costs: Costs) -> list[Way]:
        """Between junctions, smoothed."""
        joined: dict[int, list[int]] = defaultdict(list)
        for first, second in self.links:
            joined[first].append(second), joined[second].append(first)
        ends = {cell for cell, others in joined.items() if len(others) != 2 or self._changes(cell, others)}
        found, seen = [], set()
        for end in sorted(ends):
            for step in sorted(joined[end]):
                if (end, step) in seen:
                    continue
                path = [end, step]
                while path[-1] not in ends:
                    path.append(next(each for each in joined[path[-1]] if each != path[-2]))
                seen.add((path[0], path[1])), seen.add((path[-1], path[-2]))
                kind, name = self.links[min(path[:2]), max(path[:2])]
                points = np.array(LineString([costs.spot(cell) for cell in path]).simplify(85).coords)
                found.append(Way(kind, name, LineString(_smooth(points) if len(points) > 2 else points)))
        return found

    def _changes(self, cell: int, others: list[int]) -> bool:
        kinds = {self.links[min(cell, each), max(cell, each)] for each in others}
        return len(kinds) > 1


def _route(costs: Costs, graph: sparse.csr_matrix, start: int, ends: list[int]) -> list[list[int]]:
    _, before = csgraph.dijkstra(graph, directed=False, indices=start, return_predecessors=True)
    found = []
    for end in ends:
        path = [end]
        while path[-1] != start:
            path.append(int(before[path[-1]]))
        found.append(path)
    return found


def _main(costs: Costs, network: Network, places: dict[str, tuple[float, float]]) -> None:
    for kind, name, stops in MAIN:
        spots = [places[stop] if isinstance(stop, str) else (stop[0] * 1000, stop[1] * 1000) for stop in stops]
        for first, second in itertools.pairwise(spots):
            path = _route(costs, costs.graph(), costs.cell(*first), [costs.cell(*second)])[0]
            network.add(path, kind, name)
            flat = costs.cost.ravel()
            flat[path] = np.where(flat[path] < 100, np.minimum(flat[path], 0.45), flat[path])


def _villages(costs: Costs, network: Network, grids: list[Grid]) -> None:
    """Each village to the nearest road, then the nearest villages to each other."""
    graph = costs.graph()
    _, before, _ = csgraph.dijkstra(
        graph, directed=False, indices=sorted(network.cells), return_predecessors=True, min_only=True
    )
    for grid in grids:
        path = [costs.cell(grid.x, grid.y)]
        while path[-1] not in network.cells and before[path[-1]] >= 0:
            path.append(int(before[path[-1]]))
        network.add(path, "road_village", f"{grid.name.removesuffix('村').removesuffix('社区')}路")
    flat = costs.cost.ravel()
    roads = np.fromiter(network.cells, int)
    flat[roads] = np.where(flat[roads] < 100, np.minimum(flat[roads], 0.5), flat[roads])
    villages = [grid for grid in grids if not grid.community]
    spots = np.array([[grid.x, grid.y] for grid in villages])
    graph = costs.graph()
    for number, grid in enumerate(villages):
        away = np.hypot(*(spots - spots[number]).T)
        near = [int(n) for n in np.argsort(away)[1:3] if away[n] < 4_200 and n > number]
        for path in _route(costs, graph, costs.cell(grid.x, grid.y), [costs.cell(*spots[n]) for n in near]):
            if sum(costs.cost.ravel()[path] > 8) < 2:
                network.add(path, "road_village", f"{grid.name.removesuffix('村')}连村路")


def lattice(
    middle: tuple[float, float], across: int, up: int, size: float, turn: float, *, round_: bool = True
) -> list[LineString]:
    """Streets of a town: a turned lattice, its corners cut off."""
    x, y = middle[0] * 1000, middle[1] * 1000
    half_w, half_h = across * size / 2, up * size / 2
    rim = Point(x, y).buffer(1, 32)
    rim = (
        shapely.affinity.scale(rim, half_w * 1.08, half_h * 1.1)
        if round_
        else shapely.box(x - half_w, y - half_h, x + half_w, y + half_h).buffer(2)
    )
    lines = [
        LineString([(x - half_w + n * size, y - half_h - 200), (x - half_w + n * size, y + half_h + 200)])
        for n in range(across + 1)
    ]
    lines += [
        LineString([(x - half_w - 200, y - half_h + n * size), (x + half_w + 200, y - half_h + n * size)])
        for n in range(up + 1)
    ]
    cut = [rotate(line.intersection(rim), turn, origin=(x, y)) for line in lines]
    return [each for each in cut if each.length > size * 1.5]


def _noded(ways: list[Way]) -> list[Way]:
    """All ways cut where they cross, each piece with the class of the way that it was cut from."""
    lines = [way.line for way in ways]
    pieces = shapely.get_parts(unary_union([shapely.set_precision(line, 1.0) for line in lines]))
    tree = STRtree(lines)
    found = []
    for piece in pieces:
        if piece.length < 1:
            continue
        middle = piece.interpolate(0.5, normalized=True)
        near = tree.query(middle.buffer(3.0))
        owner = min(
            near,
            key=lambda n: (lines[n].distance(middle) > 1.6, -list(CLASSES)[::-1].index(ways[n].kind)),
            default=None,
        )
        if owner is not None:
            found.append(Way(ways[owner].kind, ways[owner].name, piece))
    return found


def _motorway(ordinary: list[Way]) -> list[Way]:
    """The motorway meets the others only at its junctions, by links."""
    line = LineString(spline([(x * 1000, y * 1000) for x, y in MOTORWAY], step=120))
    cuts, links = [], []
    targets = [way.line for way in ordinary if way.kind in ("road_primary", "road_secondary")]
    everything = unary_union(targets)
    for x, name in JUNCTIONS:
        spot = line.intersection(LineString([(x * 1000, -20_000), (x * 1000, 20_000)]))
        spot = Point(shapely.get_coordinates(spot)[0].round())
        other = nearest_points(everything, spot)[0]
        other = (
            min((Point(c) for t in targets for c in (t.coords[0], t.coords[-1])), key=lambda p: p.distance(spot))
            if other.distance(spot) < 40
            else other
        )
        links.append(Way("road_link", name, LineString([spot, other])))
        cuts.append(line.project(spot))
    marks = [0.0, *sorted(cuts), line.length]
    pieces = [shapely.ops.substring(line, a, b) for a, b in itertools.pairwise(marks)]
    exact = sorted((link.line.coords[0] for link in links), key=lambda c: line.project(Point(c)))
    found = []
    for number, piece in enumerate(pieces):
        points = [tuple(c) for c in shapely.set_precision(piece, 1.0).coords]
        points = (
            ([exact[number - 1]] if number else [points[0]])
            + points[1:-1]
            + ([exact[number]] if number < len(exact) else [points[-1]])
        )
        found.append(Way("road_motorway", "沿海高速", LineString(points)))
    return found + links


def draw(water: Water, parts: Parts) -> list[Way]:
    costs, network = Costs(water), Network()
    _main(costs, network, {t["key"]: (float(t["x"]), float(t["y"])) for t in parts.towns})
    _villages(costs, network, parts.grids)
    ways = network.arcs(costs)
    names = {t["key"]: t["name"][:-1] for t in parts.towns}
    for key, plan in STREETS.items():
        ways += [Way("road_street", f"{names[key]}{n + 1}街", line) for n, line in enumerate(lattice(*plan))]
    for letter, plan in zip("ABCD", INDUSTRIAL, strict=True):
        ways += [
            Way("road_street", f"工业{letter}区{n + 1}路", line) for n, line in enumerate(lattice(*plan, round_=False))
        ]
    ways += [Way("road_street", f"港区{n + 1}路", line) for n, line in enumerate(lattice(*PORT, round_=False))]
    ways += [Way("road_street", f"园区{n + 1}路", LineString(points)) for n, points in enumerate(PARK_STREETS)]
    wet = unary_union(water.wet()).buffer(12)
    dry = shapely.union_all([water.land]).buffer(-25)
    ways = [each for way in ways for each in _dried(way, wet, dry)]
    noded = _noded(ways)
    noded += _motorway(noded)
    return _connected(
        _noded([way for way in noded if way.kind != "road_motorway"]) + [w for w in noded if w.kind == "road_motorway"]
    )


def _dried(way: Way, wet: Polygon, dry: Polygon) -> list[Way]:
    """Streets end at the water; other roads cross it on bridges."""
    if way.kind != "road_street":
        return [way]
    rest = way.line.difference(wet).intersection(dry)
    return [
        Way(way.kind, way.name, each)
        for each in shapely.get_parts(rest)
        if each.geom_type == "LineString" and each.length > 60
    ]


def _connected(ways: list[Way]) -> list[Way]:
    """The largest connected part of the network."""
    number: dict[tuple[float, float], int] = {}
    pairs = [
        tuple(number.setdefault(end, len(number)) for end in (way.line.coords[0], way.line.coords[-1])) for way in ways
    ]
    graph = sparse.coo_matrix((np.ones(len(pairs)), np.array(pairs).T), shape=(len(number), len(number)))
    _, label = csgraph.connected_components(graph, directed=False)
    largest = np.bincount(label).argmax()
    return [way for way, (a, _) in zip(ways, pairs, strict=True) if label[a] == largest]
