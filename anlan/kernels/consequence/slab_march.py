"""From the source to the end: which phase follows which, and the table of 61 stations that a run leaves behind."""

import math

import numpy as np

from anlan.kernels._cache import jit
from anlan.kernels.consequence.slab_plume import plume_step
from anlan.kernels.consequence.slab_puff import TERMS, puff_step
from anlan.kernels.consequence.slab_sources import FLAT, box, fountain, jet, pool, rise_rows, risen
from anlan.kernels.consequence.slab_thermo import released
from anlan.kernels.consequence.slab_types import (
    ALONG,
    BOX_TIME,
    BOX_X,
    CENTRE,
    COLUMNS,
    CORE,
    CORE_LENGTH,
    DENSITY,
    FRACTION,
    HEIGHT,
    HELD,
    HORIZONTAL_JET,
    INSTANTANEOUS,
    LENGTH,
    POOL,
    RISE,
    SIDE,
    SPEED,
    SPREAD,
    STATIONS,
    STRETCH,
    TEMPERATURE,
    TIME,
    UP,
    VAPOUR,
    VOLUME_FRACTION,
    WATER,
    WATER_VAPOUR,
    WIDTH,
    WIND,
    Ambient,
    Cloud,
    Floats,
    Material,
    Mixing,
    Motion,
    Shape,
    Source,
    X,
)

OVER_SOURCE, BEYOND_POOL = 11, 50  # stations above and beyond a pool
BEYOND_JET = 60  # beyond the mouth of a jet, or after the begin of a puff
SAME = 0.001  # how closely the upwind edge is known, relative, when the search for it ends
PASSES = 40


@jit
def disperse(
    air: Ambient, material: Material, source: Source, far: float, substeps: int, edge: float
) -> tuple[Floats, int, Source]:
    """One run. Returns the table, the row where the puff begins (STATIONS: nowhere), and the source as it was taken.

    ``edge``: of the pool, as an earlier run took it; 0 where it has to be found.
    """
    table, room = np.zeros((STATIONS, COLUMNS)), np.zeros((3, TERMS))
    if source.kind == POOL:
        source, cloud, tail, dilutes = above_pool(air, material, with_edge(source, edge), substeps, table, room)
        if dilutes:
            path, first = (source.edge, far, tail), len(table) - BEYOND_POOL
            turn = plume_then_puff(air, material, source, cloud, path, (first, substeps), table, room)
            place_boxes(source, table, turn, (source.edge, 0.0))
            for row in range(5):
                table[row, TIME] = table[10 - row, TIME]
            return table, turn, source
        source = short_lived(source)
    if source.kind == INSTANTANEOUS:
        all_at_once(air, material, source, far, substeps, table, room)
        return table, 0, source
    if source.kind == HORIZONTAL_JET or released(air, material, source.liquid).density <= air.density:
        if source.kind != HORIZONTAL_JET:
            source, material = risen(air, source, released(air, material, source.liquid).density), light(material)
        cloud = jet(air, material, source)
        store(air, cloud, table, 0, (1.0, source.duration))
        table[0, BOX_X] = 1.0
        turn = plume_then_puff(
            air, material, source, cloud, (1.0, far, 0.0), (len(table) - BEYOND_JET, substeps), table, room
        )
    else:
        turn = vertical(air, material, source, (far, substeps), table, room)
    place_boxes(source, table, turn, (0.0, 1.0))
    return table, turn, source


@jit
def light(material: Material) -> Material:
    """The material as part of the air."""
    return Material(
        material.molar_mass,
        material.vapour_heat,
        material.liquid_heat,
        material.latent_at_zero,
        material.liquid_density,
        material.a,
        material.b,
        material.c,
        material.temperature,
        True,
    )


@jit
def with_edge(source: Source, edge: float) -> Source:
    """The source with another upwind edge."""
    return Source(
        source.kind, source.rate, source.duration, 0.0, source.area, source.half_width, edge, 0.0, source.upward,
        0.0, 0.0,
    )  # fmt: skip


@jit
def short_lived(source: Source) -> Source:
    """A pool that dries up before the cloud has crossed it: a puff from the beginning."""
    return Source(
        INSTANTANEOUS, source.rate, source.duration, 0.0, source.area, source.half_width, source.half_width, 0.0,
        source.upward, 0.0, 0.0,
    )  # fmt: skip


@jit
def above_pool(
    air: Ambient, material: Material, source: Source, substeps: int, table: Floats, room: Floats
) -> tuple[Source, Cloud, float, bool]:
    """March over the pool, widened until the wind carries off what rises, or as far as is known.

    Returns the source with its edge, the cloud at the downwind edge, the length over which the turbulence above the
    pool dies away, and whether the cloud gets there before the pool has dried up.
    """
    if source.edge > 0:
        cloud, _excess = over_pool(air, material, source, (substeps, math.inf), table, room)
    else:
        source, cloud = widened_pool(air, material, source, substeps, table, room)
    tail = cloud.shape.height / air.drag
    return source, cloud, tail, cloud.held <= 0.5 * source.rate * source.duration


@jit
def widened_pool(
    air: Ambient, material: Material, source: Source, substeps: int, table: Floats, room: Floats
) -> tuple[Source, Cloud]:
    """The source with the edge from which on the wind carries off what rises, and the cloud at the other edge."""
    low, high, kept = 0.0, 0.0, np.zeros((OVER_SOURCE, COLUMNS))
    source = with_edge(source, source.half_width)
    now, excess = over_pool(air, material, source, (substeps, 1.0), table, room)
    cloud = now
    for _ in range(PASSES):
        if excess >= 1:
            low = source.edge
        else:
            high, cloud = source.edge, now
            copy(table, kept)
        if low == 0 or (high > 0 and high - low <= SAME * high):
            break
        source = with_edge(source, next_edge(excess, (low, high)))
        now, excess = over_pool(air, material, source, (substeps, 1.0), table, room)
    if high == 0:
        cloud, _excess = over_pool(air, material, source, (substeps, math.inf), table, room)
        return source, cloud
    copy(kept, table)
    return with_edge(source, high), cloud


@jit
def copy(source: Floats, goal: Floats) -> None:
    """The rows over the pool. By loops: what compiles for a slice is the message for one that does not fit, too."""
    for row in range(OVER_SOURCE):
        for column in range(COLUMNS):
            goal[row, column] = source[row, column]


@jit
def over_pool(
    air: Ambient, material: Material, source: Source, march: tuple[int, float], table: Floats, room: Floats
) -> tuple[Cloud, float]:
    """One pass over the pool; the largest head over what can flow away.

    ``march``: substeps, and the head at which to turn back (1 is critical).
    """
    substeps, most = march
    step = 2 * source.edge / (substeps * (OVER_SOURCE - 1))
    cloud, largest, supply = pool(air, source, step), 0.0, 0.25 * source.rate / source.edge
    store(air, cloud, table, 0, (-source.edge, source.duration))
    table[0, SPEED] = table[0, WIND] = table[0, ALONG] = 0.0
    for row in range(1, OVER_SOURCE):
        for sub in range(substeps):
            x = -source.edge + step * ((row - 1) * substeps + sub)
            cloud, excess = plume_step(air, material, source, cloud, (x, step), 1.0, room, supply)
            largest = max(largest, excess)
            if largest >= most:
                return cloud, largest
        store(air, cloud, table, row, (-source.edge + step * row * substeps, source.duration))
    for row in range(OVER_SOURCE):
        table[row, BOX_X] = 0.5 * (source.edge + table[row, X])
        table[row, BOX_TIME] = (table[5 + row // 2, HELD] + table[5 + (row + 1) // 2, HELD]) / source.rate
    return cloud, largest


@jit
def next_edge(excess: float, limits: tuple[float, float]) -> float:
    """The next guess at the upwind edge: farther while the head was critical, by halves once it was not."""
    low, high = limits
    return 0.5 * (low + high) if high > 0 else low * (1.06 + 0.4 * min(excess - 1, 2.0))


@jit
def plume_then_puff(
    air: Ambient, material: Material, source: Source, cloud: Cloud, path: tuple[float, float, float],
    rows: tuple[int, int], table: Floats, room: Floats,
) -> int:  # fmt: skip
    """March the plume until its source stops, then the puff. ``path``: begin, end, tail; ``rows``: first, substeps.

    Returns the row where the puff begins.
    """
    x, far, tail = path
    first, substeps = rows
    ratio, step = stretched(x, far, substeps * (STATIONS - first))
    for row in range(first, STATIONS):
        for _ in range(substeps):
            cloud, _excess = plume_step(air, material, source, cloud, (x, step), tail, room, 0.0)
            x, step = x + step, step * ratio
        store(air, cloud, table, row, (x, source.duration))
        table[row, BOX_X], table[row, BOX_TIME] = x, 2 * cloud.held / source.rate
        if cloud.held >= 0.5 * source.rate * source.duration:
            cloud = closed(source, cloud)
            lengths(cloud, table[row])
            pace = (step / cloud.motion.speed, ratio)
            march_puff(air, material, source, cloud, (x, source.duration, tail), pace, (row + 1, substeps), table, room)
            return row
    return STATIONS


@jit
def stretched(begin: float, end: float, steps: int) -> tuple[float, float]:
    """Ratio of each step to the one before, and the first step, of a geometric march from ``begin`` to ``end``."""
    end = max(end, 2 * begin)
    ratio = 10 ** ((math.log10(end / begin - 1) + 1) / steps)
    return ratio, (ratio - 1) * (end - begin) / (ratio**steps - 1)


@jit
def closed(source: Source, cloud: Cloud) -> Cloud:
    """The plume, all of its material put into a box, as the puff that goes on."""
    old, mixture, mix = cloud.shape, cloud.mixture, cloud.mixing
    flow = 0.25 * source.rate * source.duration / mixture.fraction
    length = flow / (mixture.density * old.width * old.height)
    shape = Shape(old.width, old.core, length, FLAT * length, old.height, old.centre, old.top)
    motion = cloud.motion
    motion = Motion(motion.speed, motion.wind, motion.spread, old.width / length * motion.spread, motion.rise)
    mix = Mixing(
        mix.up, mix.side, mix.along, mix.ground, length * mix.drag, length * mix.drag_side, length * mix.drag_along,
        length * mix.drag_up, length * mix.heat,
    )  # fmt: skip
    momentum = flow * (motion.speed - (1 - mixture.fraction) * motion.wind)
    return Cloud(flow, mixture, shape, motion, mix, momentum, cloud.head, cloud.held)


@jit
def vertical(
    air: Ambient, material: Material, source: Source, march: tuple[float, int], table: Floats, room: Floats
) -> int:
    """A vertical jet heavier than air. Returns the row where the puff begins."""
    far, substeps = march
    cloud, rise, distance = fountain(air, material, source)
    rows, held, time = rise_rows(air, material, source, cloud, (rise, distance), table)
    cloud = Cloud(cloud.flow, cloud.mixture, cloud.shape, cloud.motion, cloud.mixing, cloud.momentum, cloud.head, held)
    x, last = table[rows - 1, X], table[rows - 1]
    for column, value in ((DENSITY, cloud.mixture.density), (TEMPERATURE, cloud.mixture.temperature)):
        last[column] = value
    last[VAPOUR], last[WATER_VAPOUR] = cloud.mixture.vapour, cloud.mixture.water_vapour
    last[UP], last[SIDE] = cloud.mixing.up, cloud.mixing.side
    if held < 0.5 * source.rate * source.duration:
        return plume_then_puff(air, material, source, cloud, (x, far, 0.0), (rows, substeps), table, room)
    turn = 0
    while table[turn, BOX_TIME] < source.duration:
        turn += 1
    cloud = closed(source, cloud)
    still = Motion(cloud.motion.speed, cloud.motion.wind, 0.0, 0.0, 0.0)
    cloud = Cloud(cloud.flow, cloud.mixture, cloud.shape, still, cloud.mixing, cloud.momentum, cloud.head, cloud.held)
    end, steps = max(far, 2 * x), substeps * (STATIONS - rows)
    ratio = 10 ** (int(math.log10(end / x - 1) + 1) / steps)
    step = (ratio - 1) * (end - x) / (ratio**steps - 1)
    pace = (step / cloud.motion.speed, ratio)
    march_puff(air, material, source, cloud, (x, time, 0.0), pace, (rows, substeps), table, room)
    return turn


@jit
def all_at_once(
    air: Ambient, material: Material, source: Source, far: float, substeps: int, table: Floats, room: Floats
) -> None:
    """A puff from the beginning."""
    steps, reach = substeps * STATIONS, far * air.drag / air.friction
    step, ratio = 0.1, 1.0
    if reach > 0.1 * (steps - 1):
        ratio = (10 * reach / (steps - 1)) ** (1 / (steps - 2))
        more = 1 + 0.02 / (ratio - 0.98)
        for _ in range(5):
            ratio, more = (10 * reach * more * (ratio - 1) + 1) ** (1 / (steps - 1)), 1.0
        step = (ratio - 1) * reach / (ratio ** (steps - 1) - 1)
    cloud = box(air, material, source, step)
    store(air, cloud, table, 0, (0.0, 0.0))
    lengths(cloud, table[0])
    march_puff(
        air, material, source, cloud, (0.0, 0.0, 0.0), (step, ratio), (len(table) - BEYOND_JET, substeps), table, room
    )


@jit
def march_puff(
    air: Ambient, material: Material, source: Source, cloud: Cloud, at: tuple[float, float, float],
    pace: tuple[float, float], rows: tuple[int, int], table: Floats, room: Floats,
) -> None:  # fmt: skip
    """March the puff from ``at`` = (place, time, tail) over the rows that remain; ``pace``: first step, ratio."""
    x, time, tail = at
    step, ratio = pace
    first, substeps = rows
    for row in range(first, STATIONS):
        for _ in range(substeps):
            if time < source.duration:
                tail = cloud.shape.height / air.drag
            cloud, x = puff_step(air, material, source, cloud, (x, time, step), tail, room)
            time, step = time + step, step * ratio
        store(air, cloud, table, row, (x, time))
        lengths(cloud, table[row])
        table[row, BOX_X], table[row, BOX_TIME] = x, time


@jit
def store(air: Ambient, cloud: Cloud, table: Floats, index: int, at: tuple[float, float]) -> None:
    """Write a cloud into a row; ``at``: place and time."""
    row, shape, motion, mixture = table[index], cloud.shape, cloud.motion, cloud.mixture
    row[X], row[TIME] = at
    row[CENTRE], row[HEIGHT], row[WIDTH], row[CORE] = shape.centre, shape.height, shape.width, shape.core
    row[VOLUME_FRACTION], row[FRACTION], row[VAPOUR] = mixture.volume_fraction, mixture.fraction, mixture.vapour
    row[DENSITY], row[TEMPERATURE] = mixture.density, mixture.temperature
    row[WATER], row[WATER_VAPOUR] = mixture.water, mixture.water_vapour
    row[SPEED], row[WIND], row[RISE], row[SPREAD] = motion.speed, motion.wind, motion.rise, motion.spread
    row[STRETCH] = motion.stretch
    row[UP], row[SIDE], row[ALONG], row[HELD] = cloud.mixing.up, cloud.mixing.side, cloud.mixing.along, cloud.held


@jit
def lengths(cloud: Cloud, row: Floats) -> None:
    """Write a puff's half-length into a row."""
    row[LENGTH], row[CORE_LENGTH], row[STRETCH] = cloud.shape.length, cloud.shape.core_length, cloud.motion.stretch


@jit
def place_boxes(source: Source, table: Floats, turn: int, begin: tuple[float, float]) -> None:
    """Time and half-length of the steady plume as a box that grows until its source stops.

    ``begin``: half-length and centre of the box at time 0.
    """
    length, centre = begin
    if turn == STATIONS:
        held = 0.5 * source.rate * source.duration / table[-1, HELD]
        end = held * (table[-1, X] - table[0, X]) + table[0, X]
        half = length + end - centre
    else:
        end, half = table[turn, X], table[turn, LENGTH]
    way = end - 2 * centre
    growth = (half - length) / (end - centre) if end != centre else 0.0
    for i in range(min(turn, STATIONS)):
        row = table[i]
        row[TIME] = source.duration * (row[X] + way) / (way + end)
        row[LENGTH] = length + growth * (row[BOX_X] - centre)
        row[CORE_LENGTH] = FLAT * row[LENGTH]
