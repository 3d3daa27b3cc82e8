"""The puff: conservation of mass, species, momentum and enthalpy of a box of gas, marched in time (Ermak 1990).

As in :mod:`slab_plume`, with a half-length and its own stretching by weight, by turbulence and by the wind's shear.
"""

import math

from anlan.kernels._cache import jit
from anlan.kernels.consequence.slab_ambient import grown_mean, wind_at
from anlan.kernels.consequence.slab_entrainment import ground_turbulence, mixing
from anlan.kernels.consequence.slab_plume import SPREADING, dragged, slowed, sum_up, top_of, warmed
from anlan.kernels.consequence.slab_thermo import mixed
from anlan.kernels.consequence.slab_types import (
    GRAVITY,
    INSTANTANEOUS,
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

(
    FLOW, PLACE, SIDE, INNER, ALONG, INNER_ALONG, SPREAD, STRETCH, HEAT, DRAG, FALL, LIFT, DRAG_SIDE,
    DRAG_ALONG, DRAG_UP,
) = range(15)  # fmt: skip
TERMS = 15


@jit
def puff_slopes(air: Ambient, cloud: Cloud, slope: Floats, at: tuple[float, float]) -> None:
    """What changes per second, into ``slope``; ``at``: place of the centre at the step's begin, and supply [kg/s]."""
    place, supply = at
    shape, motion, mix = cloud.shape, cloud.motion, cloud.mixing
    heavy, thin = GRAVITY * (cloud.mixture.density - air.density), air.density / cloud.mixture.density
    sides = (mix.along * shape.width + mix.side * shape.length) * shape.height
    slope[FLOW] = air.density * ROOT3 * (sides + mix.up * shape.width * shape.length) + supply
    slope[PLACE] = motion.speed - (supply / cloud.flow * place if cloud.flow > 0 else 0.0)
    slope[SIDE] = ROOT3 * thin * mix.side + motion.spread
    slope[INNER] = motion.spread * shape.core / shape.width
    slope[ALONG] = ROOT3 * thin * mix.along + motion.stretch
    slope[INNER_ALONG] = motion.stretch * shape.core_length / shape.length
    slope[SPREAD] = SPREADING * heavy * shape.height**2 * shape.length
    slope[STRETCH] = SPREADING * heavy * shape.height**2 * shape.width
    slope[HEAT] = mix.heat
    slope[DRAG] = mix.drag
    slope[FALL] = -heavy * shape.width * shape.length * shape.height
    slope[LIFT] = motion.rise
    slope[DRAG_SIDE] = mix.drag_side
    slope[DRAG_ALONG] = mix.drag_along
    slope[DRAG_UP] = mix.drag_up


@jit
def puff_step(
    air: Ambient, material: Material, source: Source, cloud: Cloud, at: tuple[float, float, float], tail: float,
    room: Floats,
) -> tuple[Cloud, float]:  # fmt: skip
    """March from time ``at[1]`` on by ``at[2]``, the centre being at ``at[0]``. Returns the cloud and its centre."""
    place, time, step = at
    slope, gain, total = room[0], room[1], room[2]
    total[:] = 0.0
    now, supply = cloud, 0.25 * source.rate if time < source.duration else 0.0
    for stage in range(4):
        puff_slopes(air, now, slope, (place, supply))
        reach = step if stage > 1 else 0.5 * step
        sum_up(slope, gain, total, (stage, step, reach))
        now = puff_cloud(air, material, source, cloud, gain, (place + gain[PLACE], time + reach, tail), supply)
    momentum = now.flow * (now.motion.speed - (1 - now.mixture.fraction) * now.motion.wind)
    cloud = Cloud(now.flow, now.mixture, now.shape, now.motion, now.mixing, momentum, now.head, now.held)
    return cloud, place + gain[PLACE]


@jit
def puff_cloud(
    air: Ambient, material: Material, source: Source, old: Cloud, gain: Floats, at: tuple[float, float, float],
    supply: float,
) -> Cloud:  # fmt: skip
    """The cloud after ``gain``: at place, time, with the length over which a pool's turbulence dies away."""
    place, time, tail = at
    flow = old.flow + gain[FLOW]
    material_mass = 0.25 * (source.instantaneous + source.rate * min(time, source.duration))
    mixture = mixed(air, material, material_mass / flow, warmed(air, old, gain[HEAT]) * old.flow / flow)
    shape, speed, wind = puff_shape(air, old, mixture, flow, gain)
    spread, stretch, rise = puff_spread(air, old, mixture, shape, flow, gain)
    motion = Motion(speed, wind, spread, stretch, rise)
    ground = ground_turbulence(air, shape, motion, source.upward if supply > 0 else 0.0)
    ground += (old.mixing.ground - ground) * memory(source, (place, time, tail), speed)
    rates = mixing(air, material, mixture, shape, motion, (ground, shape.length))
    return Cloud(flow, mixture, shape, motion, rates, old.momentum, old.head, old.held)


@jit
def memory(source: Source, at: tuple[float, float, float], speed: float) -> float:
    """How much of the turbulence above the pool the cloud still has behind it."""
    place, time, tail = at
    if tail <= 0:
        return 0.0
    if source.kind == POOL:
        return math.exp((source.edge - place) / tail)
    if source.kind == INSTANTANEOUS and source.rate > 0 and time > source.duration:
        return math.exp((source.duration - time) * speed / tail)
    return 0.0


@jit
def puff_shape(air: Ambient, old: Cloud, mixture: Mixture, flow: float, gain: Floats) -> tuple[Shape, float, float]:
    """Width, length, height, speed and mean wind."""
    was, thinning = old.shape, old.mixture.density / mixture.density
    share = was.length * was.height / (was.height * (was.length + was.width) + 2 * was.width * was.length)
    across, along = thinning**share, thinning ** (share * was.width / was.length)
    width, core = (was.width + gain[SIDE]) * across, (was.core + gain[INNER]) * across
    length, core_length = (was.length + gain[ALONG]) * along, (was.core_length + gain[INNER_ALONG]) * along
    height = min(flow / (mixture.density * width * length), air.mixing_height)
    centre = max(min(was.centre + gain[LIFT], air.mixing_height - 0.5 * height), 0.0)
    top = top_of(centre, height)
    winds = wind_at(air, was.top), wind_at(air, (was.top + top) / 2), wind_at(air, top)
    wind = grown_mean(was.top, old.motion.wind, top, winds)
    speed = (1 - mixture.fraction) * wind + dragged(old, gain[DRAG]) / flow
    return Shape(width, core, length, core_length, height, centre, top), speed, wind


@jit
def puff_spread(
    air: Ambient, old: Cloud, mixture: Mixture, shape: Shape, flow: float, gain: Floats
) -> tuple[float, float, float]:
    """Spreading across and along the wind, and the rise of the centre [m/s]."""
    was, motion = old.shape, old.motion
    if shape.top > shape.height or mixture.density <= air.density:
        kept = slowed(old.flow, motion.rise, gain[DRAG_UP])
        return 0.0, 0.0, kept * (gain[FALL] + old.flow * motion.rise) / flow
    spread, stretch, landing = motion.spread, motion.stretch, 0.0
    if was.height > 0:  # where it touches down
        landing = -2 * motion.rise * was.width * was.length / (was.width**2 + was.length**2) / was.height
    spread = spread if spread != 0 else landing * was.length
    stretch = stretch if stretch != 0 else landing * was.width
    spread = slowed(old.flow, spread, gain[DRAG_SIDE]) * (gain[SPREAD] + old.flow * spread) / flow
    stretch = slowed(old.flow, stretch, gain[DRAG_ALONG]) * (gain[STRETCH] + old.flow * stretch) / flow
    return spread, stretch, -(spread / shape.width + stretch / shape.length) * shape.centre
