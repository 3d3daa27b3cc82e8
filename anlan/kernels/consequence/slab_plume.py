"""The steady plume: conservation of mass, species, momentum and enthalpy of a cross-section, marched down the wind.

Fourth-order Runge-Kutta on the fluxes; at each stage temperature, speed, height and entrainment follow from them
(Ermak 1990, steady-state plume mode). Friction and heat are taken as a decay over the step, so that they may
stop a motion but never turn it round. Speed and shape depend on one another: beyond a source they are iterated as it
is published; over a pool, where that does not settle once the head is critical, by a bracketed secant of our own.
"""

import math
from typing import NamedTuple

from anlan.kernels._cache import jit
from anlan.kernels.consequence.slab_ambient import grown_mean, wind_at
from anlan.kernels.consequence.slab_entrainment import ground_turbulence, mixing
from anlan.kernels.consequence.slab_thermo import mixed
from anlan.kernels.consequence.slab_types import (
    GRAVITY,
    POOL,
    ROOT3,
    Ambient,
    Cloud,
    Floats,
    Material,
    Mixture,
    Motion,
    Shape,
    Source,
)

FLOW, SIDE, INNER, SPREAD, HEAT, DRAG, FALL, LIFT, HELD, DRAG_SIDE, DRAG_UP = range(11)
WEIGHTS = (1 / 6, 1 / 3, 1 / 3, 1 / 6)
SPREADING = 0.75
HEAD = 0.25
CLOSE = 0.001  # how closely a speed is known, relative
MOST = 20


@jit
def plume_slopes(air: Ambient, cloud: Cloud, slope: Floats, supply: float) -> None:
    """What changes per metre down the wind, into ``slope``; ``supply`` from the pool below [kg/s/m]."""
    shape, motion, mix = cloud.shape, cloud.motion, cloud.mixing
    heavy = GRAVITY * (cloud.mixture.density - air.density)
    slope[FLOW] = air.density * ROOT3 * (mix.side * shape.height + mix.up * shape.width) + supply
    slope[SIDE] = (ROOT3 * air.density / cloud.mixture.density * mix.side + motion.spread) / motion.speed
    slope[INNER] = motion.spread * shape.core / (motion.speed * shape.width)
    slope[SPREAD] = SPREADING * heavy * shape.height**2
    slope[HEAT] = mix.heat
    slope[DRAG] = mix.drag
    slope[FALL] = -heavy * shape.width * shape.height
    slope[LIFT] = motion.rise / motion.speed
    slope[HELD] = 2 * cloud.mixture.density * shape.width * shape.height * cloud.mixture.fraction
    slope[DRAG_SIDE] = mix.drag_side
    slope[DRAG_UP] = mix.drag_up


@jit
def plume_step(
    air: Ambient, material: Material, source: Source, cloud: Cloud, place: tuple[float, float], tail: float,
    room: Floats, supply: float,
) -> tuple[Cloud, float]:  # fmt: skip
    """March from ``place[0]`` on by ``place[1]``.

    Returns the cloud, and its head over what can flow away: beyond 1 it was widened; 0 where that is not asked.
    ``supply``: from the pool below [kg/s/m]; 0 beyond the source.
    ``tail``: length over which the turbulence above a pool dies away behind it. ``room``: 3 rows of work space.
    """
    x, step = place
    slope, gain, total = room[0], room[1], room[2]
    total[:] = 0.0
    now, excess = cloud, 0.0
    for stage in range(4):
        plume_slopes(air, now, slope, supply)
        reach = step if stage > 1 else 0.5 * step
        sum_up(slope, gain, total, (stage, step, reach))
        widening = 1.0 if source.kind == POOL and (stage == 3 or supply == 0) else 0.0
        now, excess = plume_cloud(air, material, source, cloud, gain, (x + reach, tail), (supply, widening))
    return settled(air, now, supply), excess


@jit
def sum_up(slope: Floats, gain: Floats, total: Floats, at: tuple[int, float, float]) -> None:
    """Add a stage's slope to the step's total; what is gained up to the next stage (``at``: stage, step, reach)."""
    stage, step, reach = at
    for term in range(len(slope)):
        total[term] += WEIGHTS[stage] * step * slope[term]
        gain[term] = total[term] if stage == 3 else reach * slope[term]


@jit
def settled(air: Ambient, cloud: Cloud, supply: float) -> Cloud:
    """The cloud at the end of a step, with its momentum above the air's and the head it will have in the next."""
    shape, motion, heavy = cloud.shape, cloud.motion, cloud.mixture.density - air.density
    head = cloud.head
    if supply == 0:
        head = HEAD if shape.top <= shape.height and heavy > 0 else 0.0
    momentum = cloud.flow * (motion.speed - (1 - cloud.mixture.fraction) * motion.wind)
    momentum += 0.5 * head * GRAVITY * heavy * shape.width * shape.height**2
    return Cloud(cloud.flow, cloud.mixture, shape, motion, cloud.mixing, momentum, head, cloud.held)


@jit
def plume_cloud(
    air: Ambient, material: Material, source: Source, old: Cloud, gain: Floats, at: tuple[float, float],
    where: tuple[float, float],
) -> tuple[Cloud, float]:  # fmt: skip
    """The cloud after ``gain``, at ``at[0]``; ``where``: supply, 1 where it may be widened. See :func:`plume_step`."""
    x, tail = at
    supply = where[0]
    flow = old.flow + gain[FLOW]
    covered = 0.5 * (source.edge + x) / source.edge if supply > 0 else 1.0
    fraction = 0.5 * source.rate * covered / flow
    mixture = mixed(air, material, fraction, warmed(air, old, gain[HEAT]) * old.flow / flow)
    shape, speed, wind, excess = plume_shape(air, old, mixture, flow, gain, where)
    forces = (flow, gain[SPREAD], gain[DRAG_SIDE], gain[FALL], gain[DRAG_UP])
    spread, rise = plume_spread(air, old, forces, mixture, shape, supply)
    motion = Motion(speed, wind, spread, 0.0, rise)
    ground = ground_turbulence(air, shape, motion, source.upward if supply > 0 else 0.0)
    if source.kind == POOL and supply == 0:
        ground += (old.mixing.ground - ground) * math.exp((source.edge - x) / tail)
    rates = mixing(air, material, mixture, shape, motion, (ground, 1.0))
    return Cloud(flow, mixture, shape, motion, rates, old.momentum, old.head, old.held + gain[HELD]), excess


@jit
def warmed(air: Ambient, old: Cloud, heat: float) -> float:
    """Excess enthalpy of the old cloud after it took up ``heat`` from the ground, at most up to the air's [J/kg]."""
    if heat == 0:
        return old.mixture.excess
    lack = old.mixture.heat_capacity * (old.mixture.temperature - air.temperature)
    return old.mixture.excess - lack * abs(heat) / (abs(heat) + old.flow * abs(lack))


@jit
def slowed(flow: float, speed: float, friction: float) -> float:
    """What friction over a step leaves of a speed, as a fraction."""
    return 1.0 if speed == 0 else flow * abs(speed) / (flow * abs(speed) + abs(friction))


@jit
def dragged(old: Cloud, drag: float) -> float:
    """Momentum of the old cloud above the air's, after drag over a step; drag may at most stop the difference."""
    if drag == 0:
        return old.momentum
    lead = old.motion.speed - old.motion.wind
    return old.momentum - old.flow * lead * abs(drag) / (abs(drag) + old.flow * abs(lead))


@jit
def critical_speed(free: float, head: float, old_speed: float) -> tuple[float, float]:
    """Speed that balances momentum with a gravity head, and how far the head exceeds what can flow away (> 1: it does).

    ``free``: speed without a head [m/s]; ``head`` [m3/s3]. The balance is a cubic with a solution up to 4/27 free**3.
    """
    if head <= 0:
        return free, 0.0
    most = 2 / 27 * free**3
    if head > 2 * most:
        return min(2 / 3 * free, old_speed), 0.5 * head / most
    return free / 3 * (1 + 2 * math.cos(math.acos((most - head) / most) / 3)), 0.5 * head / most


class Given(NamedTuple):
    """What a cross-section has whatever its speed, over a step. ``wind``: of the air at the top as it was [m/s]."""

    flow: float
    density: float
    side: float  # half-widths before it thins or slows down
    inner: float
    centre: float
    thinning: float
    air: float  # mass fraction
    push: float  # speed gained from the momentum above the air's
    wind: float


class Section(NamedTuple):
    """A cross-section of some speed, ``off``: how much faster the balance of momentum has it [m/s]."""

    speed: float
    width: float
    core: float
    height: float
    off: float
    free: float  # speed without a head
    excess: float  # of the head over what can flow away, > 1: it cannot


@jit
def plume_shape(
    air: Ambient, old: Cloud, mixture: Mixture, flow: float, gain: Floats, where: tuple[float, float]
) -> tuple[Shape, float, float, float]:
    """Width, height, speed and mean wind, which depend on one another; where it may be widened, its head's excess.

    ``where``: supply, 1 where it may be widened.
    """
    centre = max(min(old.shape.centre + gain[LIFT], air.mixing_height - 0.5 * old.shape.height), 0.0)
    density, supply, widening = mixture.density, where[0], where[1]
    given = Given(
        flow, density, old.shape.width + gain[SIDE], old.shape.core + gain[INNER], centre,
        old.mixture.density / density, 1 - mixture.fraction, dragged(old, gain[DRAG]) / flow,
        wind_at(air, old.shape.top),
    )  # fmt: skip
    found = balanced_section(air, old, given) if supply > 0 else relaxed_section(air, old, given)
    speed, width, core, height = found.speed, found.width, found.core, found.height
    if height < 2 * centre and old.head * density > old.head * air.density:
        height = 2 * centre
        speed = flow / (density * width * height)
    height = min(height, air.mixing_height)
    centre = min(centre, air.mixing_height - 0.5 * height)
    top = top_of(centre, height)
    wind = carrying_wind(air, old, given.wind, top)
    excess = found.excess if widening > 0 else 0.0
    if excess > 1:
        width, core = width * excess, core * excess
    return Shape(width, core, 0.0, 0.0, height, centre, top), speed, wind, excess


@jit
def balance(air: Ambient, old: Cloud, given: Given, width: float, height: float) -> tuple[float, float, float]:
    """Speed by the balance of momentum, that without a head, and the head's excess (:func:`critical_speed`)."""
    wind, density = carrying_wind(air, old, given.wind, top_of(given.centre, height)), given.density
    free = wind * given.air + given.push
    head = 0.5 * old.head * GRAVITY * (density - air.density) * given.flow / (width * density**2)
    speed, excess = critical_speed(free, head, old.motion.speed)
    return speed, free, excess


@jit
def relaxed_section(air: Ambient, old: Cloud, given: Given) -> Section:
    """The cross-section beyond a source, iterated as it is published, to 0.1 % of the speed or eleven times."""
    density, flow, thinning = given.density, given.flow, given.thinning
    speed, width, core = old.motion.speed, given.side, given.inner
    height = flow / (density * speed * width)
    shrink, free, excess = thinning ** (height / (height + 2 * width)), 0.0, 0.0
    for _ in range(11):
        share = height / (height + 2 * width)
        whole = thinning * (old.motion.speed / speed if old.motion.speed > old.motion.wind else 1.0)
        shrink = math.sqrt(shrink * whole**share)
        width, core = given.side * shrink, given.inner * shrink
        height = flow / (density * speed * width)
        if height > 2 * width:
            width = math.sqrt(0.5 * flow / (density * speed))
            height, shrink = 2 * width, math.sqrt(whole)
        balanced, free, excess = balance(air, old, given, width, height)
        new = (speed * balanced * balanced) ** (1 / 3)
        change = abs(speed - new) / math.sqrt(speed * new)
        speed = new
        height = flow / (density * speed * width)
        if change < CLOSE:
            break
    return Section(speed, width, core, height, 0.0, free, excess)


@jit
def section_at(air: Ambient, old: Cloud, given: Given, speed: float, like: tuple[float, float]) -> Section:
    """The cross-section of a speed; ``like``: width and height of one that is much the same."""
    whole = given.thinning * (old.motion.speed / speed if old.motion.speed > old.motion.wind else 1.0)
    shrink = whole ** (like[1] / (like[1] + 2 * like[0]))
    width, core = given.side * shrink, given.inner * shrink
    height = given.flow / (given.density * speed * width)
    if height > 2 * width:
        width = math.sqrt(0.5 * given.flow / (given.density * speed))
        height = 2 * width
    balanced, free, excess = balance(air, old, given, width, height)
    return Section(speed, width, core, height, balanced - speed, free, excess)


@jit
def balanced_section(air: Ambient, old: Cloud, given: Given) -> Section:
    """The cross-section over a pool, whose speed the balance of momentum confirms, to 0.1 %: a bracketed secant.

    Where the balance has a speed above the critical one for a head that is not critical, and one below it for a head
    that is, relaxation goes to and fro for ever: the cloud flows away just as fast as it can, and ``excess`` is 1.
    """
    speed = old.motion.speed
    width, height = given.side, given.flow / (given.density * speed * given.side)
    here = section_at(air, old, given, speed, (width, height))
    low, high, slope, below, above = here, here, -1.5, False, False
    for _ in range(MOST):
        if critical(old, here) or abs(here.off) < CLOSE * here.speed:
            break
        if here.off > 0:
            low, below = here, True
        else:
            high, above = here, True
        guess = next_speed(here, slope)
        if below and above:
            guess = inside(low, high, guess)
        last, here = here, section_at(air, old, given, guess, (here.width, here.height))
        rise = (here.off - last.off) / (here.speed - last.speed) if here.speed != last.speed else 0.0
        slope = rise if rise < -0.1 else -1.5
    if critical(old, here):
        return Section(here.speed, here.width, here.core, here.height, 0.0, here.free, 1.0)
    speed = next_speed(here, slope)
    return Section(speed, here.width, here.core, here.height * here.speed / speed, 0.0, here.free, here.excess)


@jit
def critical(old: Cloud, here: Section) -> bool:
    """Whether the head is just critical at a speed between those of the balance on both sides."""
    return bool(abs(here.excess - 1) < CLOSE and old.motion.speed < here.speed < 2 / 3 * here.free)


@jit
def next_speed(here: Section, slope: float) -> float:
    """Where ``off`` would be 0 if it went on with that slope; at most three times as fast or as slow."""
    return min(max(here.speed - here.off / slope, here.speed / 3), 3 * here.speed)


@jit
def inside(low: Section, high: Section, guess: float) -> float:
    """A speed between two: where the head becomes critical while that is not known, else the guess, or half way."""
    if low.excess < 1 - CLOSE and high.excess > 1 + CLOSE:
        return low.speed + (high.speed - low.speed) * (1 - low.excess) / (high.excess - low.excess)
    return guess if low.speed < guess < high.speed else 0.5 * (low.speed + high.speed)


@jit
def carrying_wind(air: Ambient, old: Cloud, wind_at_old_top: float, top: float) -> float:
    """Mean wind over a plume's height, at most that at its top [m/s]."""
    at_top, between = wind_at(air, top), wind_at(air, (old.shape.top + top) / 2)
    return min(grown_mean(old.shape.top, old.motion.wind, top, (wind_at_old_top, between, at_top)), at_top)


@jit
def top_of(centre: float, height: float) -> float:
    """Height of the top: of a cloud that has lifted off, or of one that lies on the ground."""
    return centre + 0.5 * height if centre > 0.5 * height else height


@jit
def plume_spread(
    air: Ambient, old: Cloud, forces: tuple[float, float, float, float, float], mixture: Mixture, shape: Shape,
    supply: float,
) -> tuple[float, float]:  # fmt: skip
    """Sideways spreading and rise of the centre [m/s].

    ``forces``: flow, and over the step: spreading, its friction, weight, its friction. Above a pool nothing lifts off.
    """
    lying = supply > 0
    flow, push, brake, fall, hold = forces
    heavy = mixture.density > air.density
    if shape.top > shape.height or not (heavy or lying):
        rise = slowed(old.flow, old.motion.rise, hold) * (fall + old.flow * old.motion.rise) / flow
        return 0.0, rise
    if not heavy:
        return 0.0, 0.0
    before = old.motion.spread
    if before == 0 and not lying:  # it touches down
        before = -2 * old.motion.rise * old.shape.width / old.shape.height
    spread = slowed(old.flow, before, brake) * (push + old.flow * before) / flow
    return spread, 0.0 if lying else -spread * shape.centre / shape.width
