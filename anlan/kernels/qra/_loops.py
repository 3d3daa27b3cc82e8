"""The compiled loops of individual and societal risk. Frames: x downwind, y across; spokes from east to north."""

import math

import numpy as np

from anlan.kernels._cache import jit
from anlan.kernels.qra._handed import Chosen, Mesh, Singles, Window
from anlan.kernels.qra.layout import Floats, Integers, Tables

_Z_LOW, _Z_SCALE = -4.0, 8191 / 10.0
#: People of whom places on the mesh are computed at once.
_BLOCK = 512


@jit
def lethality(tables: Tables, shape: int, x: float, y2: float) -> float:
    """Probability of death at x downwind and y across, ``y2`` = y squared."""
    if tables.radial[shape]:
        off = x - tables.shift[shape]
        x, y2 = math.sqrt(off * off + y2), 0.0
    place = (x - tables.start[shape]) / tables.step[shape]
    if not 0.0 <= place < tables.first[shape + 1] - tables.first[shape] - 1:
        return 0.0
    whole = int(place)
    share = place - whole
    at = tables.first[shape] + whole
    a = tables.ab[at, 0] + share * (tables.ab[at + 1, 0] - tables.ab[at, 0])
    b = tables.ab[at, 1] + share * (tables.ab[at + 1, 1] - tables.ab[at, 1])
    z = a - b * y2
    if z < tables.least:
        return 0.0
    spot = (z - _Z_LOW) * _Z_SCALE
    if spot >= 8191.0:
        return 1.0
    entry = int(spot)
    low = tables.normal[entry]
    return float(low + (spot - entry) * (tables.normal[entry + 1] - low))


@jit
def steepness(tables: Tables, chosen: Chosen) -> Floats:
    """Greatest |y| / x of each footprint with a lethality; infinite where one does not begin beyond its source."""
    out = np.empty(len(chosen.shape))
    for one in range(len(out)):
        shape = chosen.shape[one]
        first, last = tables.first[shape], tables.first[shape + 1] - 1
        start, most = tables.start[shape], 0.0
        for row in range(first, last):
            a = max(tables.ab[row, 0], tables.ab[row + 1, 0]) - tables.least
            b = min(tables.ab[row, 1], tables.ab[row + 1, 1])
            x = start + (row - first) * tables.step[shape]
            if a > 0.0 and x > 0.0 and b > 0.0:
                most = max(most, math.sqrt(a / b) / x)
        out[one] = most if start > 0.0 and not tables.radial[shape] else math.inf
    return out


@jit
def passes_by(least_x: float, steepest: float, cosine: float, sine: float) -> bool:
    """Whether a spoke meets nothing of a footprint: asked first, because a call of :func:`spoke_of` costs more."""
    return (cosine <= 1e-9 and least_x >= 0.0) or sine > steepest * max(cosine, 0.0)


@jit
def spoke_of(tables: Tables, shape: int, cosine: float, sine: float, step: float, edge: Integers, row: Singles) -> None:
    """Lethality along one spoke: fills ``row[edge[0]:edge[1]]`` after narrowing ``edge``, the rings to look at."""
    box = tables.box[shape]
    low, high = edge[0], edge[1]
    if cosine > 1e-9:
        high = min(high, int(box[1] / (step * cosine)) + 1)
        low = max(low, int(box[0] / (step * cosine)))
    elif box[0] >= 0.0:
        high = low
    if sine > 1e-9:
        high = min(high, int(box[2] / (step * sine)) + 1)
    begin, rows = tables.first[shape], tables.first[shape + 1] - tables.first[shape]
    ab, normal, least = tables.ab[begin : begin + rows], tables.normal, tables.least
    start, inverse = tables.start[shape], 1.0 / tables.step[shape]
    radial, shift = tables.radial[shape], tables.shift[shape]
    first, last = low, low
    for ring in range(low, high):  # as in lethality(), written out: a call for every ring costs more than its numbers
        r = ring * step
        x, y2 = r * cosine, (r * sine) ** 2
        if radial:
            x, y2 = math.sqrt((x - shift) ** 2 + y2), 0.0
        place = (x - start) * inverse
        value = 0.0
        if 0.0 <= place < rows - 1:
            whole = int(place)
            share = place - whole
            a = ab[whole, 0] + share * (ab[whole + 1, 0] - ab[whole, 0])
            b = ab[whole, 1] + share * (ab[whole + 1, 1] - ab[whole, 1])
            z = a - b * y2
            if z >= least:
                spot = min((z - _Z_LOW) * _Z_SCALE, 8190.999)
                entry = int(spot)
                value = normal[entry] + (spot - entry) * (normal[entry + 1] - normal[entry])
        row[ring] = value
        if value > 0.0:
            first, last = (ring if last == low else first), ring + 1
    edge[0], edge[1] = first, last


@jit
def footprints(start: int, stop: int, tables: Tables, chosen: Chosen, mesh: Mesh, out: Singles, ends: Integers) -> None:
    """Frequency times lethality in the wind's frame, summed by weather: ``out[weather, spoke, ring]``.

    Only spokes of one half (footprints are symmetric), ``start`` <= number < ``stop``, taken in turns so that pieces
    are equally long. ``ends[weather, spoke]``: one past the last ring with risk.
    """
    half = out.shape[1]
    turns = (half + 15) // 16
    inner = max(int(mesh.near / mesh.step) - 1, 0)
    row, edge, steep = np.empty(mesh.rings, np.float32), np.empty(2, np.int64), steepness(tables, chosen)
    for number in range(start, stop):
        spoke = number % 16 * turns + number // 16
        if spoke >= half:
            continue
        angle = 2.0 * math.pi * spoke / mesh.spokes
        cosine, sine = math.cos(angle), math.sin(angle)
        for one in range(len(chosen.shape)):
            shape = chosen.shape[one]
            if passes_by(tables.box[shape, 0], steep[one], cosine, sine):
                continue
            edge[0], edge[1] = inner, mesh.rings
            spoke_of(tables, shape, cosine, sine, mesh.step, edge, row)
            target, weight = out[chosen.weather[one], spoke], np.float32(chosen.frequency[one])
            for ring in range(edge[0], edge[1]):
                target[ring] += weight * row[ring]
            ends[chosen.weather[one], spoke] = max(ends[chosen.weather[one], spoke], edge[1])


@jit
def rotate(start: int, stop: int, rose: Floats, sums: Singles, ends: Integers, field: Singles) -> None:
    """Turn the sums of each weather by the rose: ``field[spoke, ring]`` for ``start`` <= spoke < ``stop``."""
    spokes, directions = field.shape[0], rose.shape[1]
    sector = spokes // directions
    for spoke in range(start, stop):
        target = field[spoke]
        for direction in range(directions):
            turned = abs(spoke - direction * sector)
            turned = min(turned, spokes - turned)
            for weather in range(rose.shape[0]):
                weight, source = np.float32(rose[weather, direction]), sums[weather, turned]
                if weight > 0.0:
                    for ring in range(ends[weather, turned]):
                        target[ring] += weight * source[ring]


@jit
def angle_of(x: float, y: float) -> float:
    """atan2 in turns, 0 <= value < 1, within 2e-6 (polynomial of Abramowitz & Stegun 4.4.49)."""
    ax, ay = abs(x), abs(y)
    small, large = min(ax, ay), max(ax, ay)
    t = small / large if large > 0.0 else 0.0
    s = t * t
    turn = t * (0.9998660 + s * (-0.3302995 + s * (0.1801410 + s * (-0.0851330 + s * 0.0208351)))) * 0.15915494309189535
    if ay > ax:
        turn = 0.25 - turn
    if x < 0.0:
        turn = 0.5 - turn
    if y < 0.0:
        turn = 1.0 - turn
    return turn if turn < 1.0 else 0.0


@jit
def bilinear(field: Singles, spoke_at: float, ring_at: float) -> float:
    """The field between four nodes; the spokes close to a circle."""
    ring, spoke = int(ring_at), int(spoke_at)
    outward, onward = np.float32(ring_at - ring), np.float32(spoke_at - spoke)
    spoke = spoke if spoke < field.shape[0] else 0
    following = spoke + 1 if spoke + 1 < field.shape[0] else 0
    here = field[spoke, ring] + outward * (field[spoke, ring + 1] - field[spoke, ring])
    there = field[following, ring] + outward * (field[following, ring + 1] - field[following, ring])
    return float(here + onward * (there - here))


@jit
def deposit(start: int, stop: int, window: Window, x: float, y: float, mesh: Mesh, field: Singles, out: Floats) -> None:
    """Add a location's polar field to rows ``start`` … ``stop`` of the grid, outside the near field; bilinear."""
    reach, inverse = (mesh.rings - 1) * mesh.step, 1.0 / mesh.step
    ring_at, spoke_at = np.empty(window.columns, np.float32), np.empty(window.columns, np.float32)
    for row in range(start, stop):
        dy = window.y + row * window.cell - y
        if abs(dy) >= reach:
            continue
        across = math.sqrt(reach * reach - dy * dy)
        first = max(0, math.ceil((x - across - window.x) / window.cell))
        last = min(window.columns, math.floor((x + across - window.x) / window.cell) + 1)
        for column in range(first, last):  # without a branch, so that the compiler takes several cells at once
            dx = window.x + column * window.cell - x
            r2 = dx * dx + dy * dy
            ring_at[column] = math.sqrt(r2) * inverse if r2 >= mesh.near * mesh.near else -1.0
            spoke_at[column] = angle_of(dx, dy) * mesh.spokes
        for column in range(first, last):
            if 0.0 <= ring_at[column] < mesh.rings - 1:
                out[row, column] += bilinear(field, spoke_at[column], ring_at[column])


@jit
def clipped(low: float, high: float, slope: float, least: float, most: float) -> tuple[float, float]:
    """The part of ``low`` … ``high`` in which least <= slope v <= most."""
    if abs(slope) < 1e-12:
        return (low, high) if least <= 0.0 <= most else (1.0, 0.0)
    one, other = least / slope, most / slope
    return max(low, min(one, other)), min(high, max(one, other))


@jit
def exact(
    start: int, stop: int, window: Window, x: float, y: float, rose: Floats, tables: Tables, chosen: Chosen,
    radius: float, out: Floats,
) -> None:  # fmt: skip
    """Add the risk of releases at (x, y) to rows ``start`` … ``stop``, cell by cell, within ``radius`` [m] of it."""
    directions = rose.shape[1]
    for row in range(start, stop):
        dy = window.y + row * window.cell - y
        if abs(dy) >= radius:
            continue
        across = math.sqrt(radius * radius - dy * dy)
        west, east = window.x - x, window.x + (window.columns - 1) * window.cell - x
        for one in range(len(chosen.shape)):
            shape = chosen.shape[one]
            box = tables.box[shape]
            for direction in range(directions):
                weight = chosen.frequency[one] * rose[chosen.weather[one], direction]
                if weight <= 0.0:
                    continue
                angle = 2.0 * math.pi * direction / directions
                c, s = math.cos(angle), math.sin(angle)
                low, high = clipped(max(west, -across), min(east, across), c, box[0] - dy * s, box[1] - dy * s)
                low, high = clipped(low, high, -s, -box[2] - dy * c, box[2] - dy * c)
                first, last = math.ceil((low - west) / window.cell), math.floor((high - west) / window.cell) + 1
                for column in range(max(0, int(first)), min(window.columns, int(last))):
                    dx = west + column * window.cell
                    if dx * dx + dy * dy < radius * radius:
                        across_wind = dy * c - dx * s
                        out[row, column] += weight * lethality(
                            tables, shape, dx * c + dy * s, across_wind * across_wind
                        )


@jit
def at_points(
    start: int, stop: int, points: Floats, at: Floats, rose: Floats, tables: Tables, location: Integers,
    chosen: Chosen, out: Floats,
) -> None:  # fmt: skip
    """Risk of each release at points ``start`` … ``stop``: ``out[point, release]``."""
    directions = rose.shape[1]
    cosines, sines = np.empty(directions), np.empty(directions)
    for direction in range(directions):
        angle = 2.0 * math.pi * direction / directions
        cosines[direction], sines[direction] = math.cos(angle), math.sin(angle)
    for point in range(start, stop):
        for one in range(len(chosen.shape)):
            shape, place = chosen.shape[one], at[location[one]]
            dx, dy = points[point, 0] - place[0], points[point, 1] - place[1]
            total = 0.0
            for direction in range(directions):
                c, s = cosines[direction], sines[direction]
                across_wind = dy * c - dx * s
                total += rose[chosen.weather[one], direction] * lethality(
                    tables, shape, dx * c + dy * s, across_wind * across_wind
                )
            out[point, one] = total * chosen.frequency[one]


@jit
def spread_people(people: Floats, x: float, y: float, mesh: Mesh, out: Singles) -> None:
    """Share people (rows of x, y, persons) among the nodes of the mesh: the adjoint of :func:`deposit`.

    ``out[spoke in the sector, ring, direction]``: directions lie side by side.
    """
    sectors = out.shape[2]
    sector = mesh.spokes // sectors
    by_sector, inverse, near = 1.0 / sector, 1.0 / mesh.step, mesh.near / mesh.step
    ring_at, spoke_at = np.empty(_BLOCK, np.float64), np.empty(_BLOCK, np.float64)
    for start in range(0, len(people), _BLOCK):
        count = min(_BLOCK, len(people) - start)
        for one in range(count):  # without a branch, so that the compiler takes several people at once
            dx, dy = people[start + one, 0] - x, people[start + one, 1] - y
            ring_at[one] = math.sqrt(dx * dx + dy * dy) * inverse
            spoke_at[one] = angle_of(dx, dy) * mesh.spokes
        for one in range(count):
            ring = int(ring_at[one])
            if ring_at[one] < near or ring >= mesh.rings - 1:
                continue
            spoke = int(spoke_at[one])
            direction = int((spoke + 0.5) * by_sector)
            place, beside = spoke - direction * sector, spoke - direction * sector + 1
            onto = direction
            if beside == sector:
                beside, onto = 0, (direction + 1 if direction + 1 < sectors else 0)
            persons, outward, onward = people[start + one, 2], ring_at[one] - ring, spoke_at[one] - spoke
            here, there = persons * (1.0 - onward), persons * onward
            out[place, ring, direction] += here * (1.0 - outward)
            out[place, ring + 1, direction] += here * outward
            out[beside, ring, onto] += there * (1.0 - outward)
            out[beside, ring + 1, onto] += there * outward


@jit
def far_deaths(tables: Tables, chosen: Chosen, mesh: Mesh, people: Singles, out: Floats) -> None:
    """Expected deaths beyond the near field of every release and direction: adds to ``out[release, direction]``.

    Spoke by spoke, so that the people beside one spoke stay in the processor's cache for all releases.
    """
    sector, _, directions = people.shape
    inner = max(int(mesh.near / mesh.step) - 1, 0)
    row, edge, sums = np.empty(mesh.rings, np.float32), np.empty(2, np.int64), np.empty(directions, np.float32)
    half, steep = mesh.spokes // 2, steepness(tables, chosen)
    for spoke in range(half + 1):
        angle = 2.0 * math.pi * spoke / mesh.spokes
        cosine, sine = math.cos(angle), math.sin(angle)
        for one in range(len(chosen.shape)):
            shape = chosen.shape[one]
            if passes_by(tables.box[shape, 0], steep[one], cosine, sine):
                continue
            edge[0], edge[1] = inner, mesh.rings
            spoke_of(tables, shape, cosine, sine, mesh.step, edge, row)
            if edge[0] >= edge[1]:
                continue
            for side in range(1 if spoke in (0, half) else 2):
                turned = -spoke if side else spoke
                sectors = turned // sector
                nodes = people[turned - sectors * sector]
                sums[:] = 0.0
                for ring in range(edge[0], edge[1]):
                    value, persons = row[ring], nodes[ring]
                    for direction in range(directions):
                        sums[direction] += value * persons[direction]
                for direction in range(directions):
                    out[one, (direction - sectors) % directions] += sums[direction]


@jit
def near_deaths(tables: Tables, chosen: Chosen, people: Floats, x: float, y: float, radius: float, out: Floats) -> None:
    """Expected deaths within ``radius`` [m] of the location, person by person: adds to ``out[release, direction]``."""
    directions = out.shape[1]
    for person in range(len(people)):
        dx, dy = people[person, 0] - x, people[person, 1] - y
        if dx * dx + dy * dy >= radius * radius:
            continue
        for direction in range(directions):
            angle = 2.0 * math.pi * direction / directions
            c, s = math.cos(angle), math.sin(angle)
            across = dy * c - dx * s
            for one in range(len(chosen.shape)):
                chance = lethality(tables, chosen.shape[one], dx * c + dy * s, across * across)
                out[one, direction] += people[person, 2] * chance
