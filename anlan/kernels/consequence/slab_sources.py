"""How a cloud begins: above a pool, at the mouth of a jet, at the top of a vertical jet's rise, or all at once."""

import math

from anlan.kernels._cache import jit
from anlan.kernels.consequence.slab_ambient import mean_wind, shape_at, wind_at
from anlan.kernels.consequence.slab_entrainment import diffusion
from anlan.kernels.consequence.slab_plume import HEAD, top_of
from anlan.kernels.consequence.slab_thermo import by_volume, mixed, released, still_air
from anlan.kernels.consequence.slab_types import (
    BOX_TIME,
    BOX_X,
    CENTRE,
    CORE,
    CORE_LENGTH,
    ENTRAINMENT,
    FRACTION,
    GRAVITY,
    HEIGHT,
    HELD,
    KARMAN,
    LENGTH,
    RISE,
    ROOT3,
    SHEAR,
    SPEED,
    TIME,
    VOLUME_FRACTION,
    WATER,
    WIDTH,
    WIND,
    Ambient,
    Cloud,
    Floats,
    Material,
    Mixing,
    Mixture,
    Motion,
    Shape,
    Source,
    X,
)

INNER = 0.9  # core over width, at first
FLAT = 0.9999


@jit
def begun(
    air: Ambient, flow: float, mixture: Mixture, shape: Shape, motion: Motion, mixing: Mixing, head: float
) -> Cloud:
    """A cloud with its momentum above the air's."""
    heavy = mixture.density - air.density
    momentum = flow * (motion.speed - (1 - mixture.fraction) * motion.wind)
    momentum += 0.5 * head * GRAVITY * heavy * shape.width * shape.height**2
    return Cloud(flow, mixture, shape, motion, mixing, momentum, head, 0.0)


@jit
def first_mixing(air: Ambient, mixture: Mixture, shape: Shape, motion: Motion) -> Mixing:
    """Entrainment of a jet at the beginning."""
    lag = air.density / mixture.density * abs(motion.wind - motion.speed)
    ground = air.friction**2
    if shape.top <= shape.height:
        ground = (air.friction / motion.wind * motion.speed) ** 2
    up = math.sqrt(ground + SHEAR * lag * lag) * ENTRAINMENT * KARMAN * air.reference_shape / shape_at(air, shape.top)
    side = math.sqrt(diffusion(air, motion, shape.width) ** 2 + SHEAR * (ENTRAINMENT * KARMAN * lag) ** 2)
    return Mixing(up, side, 0.0, ground, 0.0, 0.0, 0.0, 0.0, 0.0)


@jit
def below_inversion(air: Ambient, width: float, core: float, height: float, centre: float) -> Shape:
    """A shape cut off at the mixing height, its cross-section kept."""
    limit = air.mixing_height
    if height > limit:
        width, core, height = width * height / limit, core * height / limit, limit
    centre = min(centre, limit - 0.5 * height)
    return Shape(width, core, 0.0, 0.0, height, centre, min(top_of(centre, height), limit))


@jit
def jet(air: Ambient, material: Material, source: Source) -> Cloud:
    """A horizontal jet at its mouth, or, of a passive material, a jet after its rise."""
    mixture = released(air, material, source.liquid)
    if material.passive:
        mixture = mixed(air, material, 1.0, 0.0)
    width, height, head = source.half_width, 0.5 * source.area / source.half_width, 0.0
    top = source.height + 0.5 * height
    if source.height <= 0.5 * height:
        head = HEAD
        if material.passive:
            width, height = width * height / top, top
        else:
            width = 0.5 * (math.sqrt(source.height**2 + 2 * source.area) - source.height)
            height = width + source.height
        top = height
    limit = air.mixing_height
    if height > limit:
        width, height = width * height / limit, limit
    centre = min(source.height, limit - 0.5 * height)
    shape = Shape(width, INNER * width, 0.0, 0.0, height, centre, min(top, limit))
    motion = Motion(source.along, mean_wind(air, shape.top), 0.0, 0.0, 0.0)
    flow = mixture.density * motion.speed * width * height
    return begun(air, flow, mixture, shape, motion, first_mixing(air, mixture, shape, motion), head)


@jit
def pool(air: Ambient, source: Source, step: float) -> Cloud:
    """The air at the upwind edge of a pool; ``step``: the first to come [m]."""
    grown = first_height(air, ROOT3 * ENTRAINMENT * KARMAN**3 * air.reference_shape * step / air.friction)
    wind = mean_wind(air, grown)
    shape = Shape(source.edge, INNER * source.edge, 0.0, 0.0, 0.0, 0.0, 0.0)
    mixing = Mixing(wind * grown / (ROOT3 * step), air.sideways * air.measured, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    return begun(air, 0.0, still_air(air), shape, Motion(wind, wind, 0.0, 0.0, 0.0), mixing, HEAD)


@jit
def first_height(air: Ambient, reach: float) -> float:
    """Height to which air is entrained over a first distance: of ``(h+z)(L**2 - 2L) + 2h``, L = ln(1 + h/z)."""
    rough = air.roughness
    start = (3 * reach * rough * rough) ** (1 / 3)
    height = 3 * reach / math.log(1 + start / rough) ** 2
    for _ in range(5):
        logarithm = math.log(1 + height / rough)
        value = (height + rough) * (logarithm**2 - 2 * logarithm) + 2 * height - reach
        height -= value / logarithm**2
    return height


@jit
def first_rise(air: Ambient, reach: float) -> float:
    """Height to which air is entrained in a first time: of ``(h+z) L - h``."""
    rough = air.roughness
    start = math.sqrt(2 * reach * rough)
    height = 2 * start / math.log(1 + start / rough)
    for _ in range(5):
        logarithm = math.log(1 + height / rough)
        height -= ((height + rough) * logarithm - height - reach) / logarithm
    return height


@jit
def box(air: Ambient, material: Material, source: Source, step: float) -> Cloud:
    """A cloud that stands on the ground at time 0, at rest, or a short-lived pool's; ``step``: the first [s]."""
    liquid = source.liquid if source.instantaneous > 0 else 0.0
    mixture = released(air, material, liquid)
    half, core = source.half_width, INNER * source.half_width
    height = source.instantaneous / (mixture.density * source.area)
    shape = Shape(half, core, half, core, height, 0.0, height)
    wind = mean_wind(air, height)
    motion = Motion(0.0, wind, 0.0, 0.0, 0.0)
    if height > 0:
        natural, lag = diffusion(air, motion, half), wind * air.density / mixture.density
        up = air.reference_shape / shape_at(air, height) * ENTRAINMENT * KARMAN * air.friction
        side = math.sqrt(natural**2 + SHEAR * (ENTRAINMENT * KARMAN * lag) ** 2)
        mixing = Mixing(up, side, natural, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    else:
        reach = ROOT3 * ENTRAINMENT * KARMAN**2 * air.reference_shape * step
        mixing = Mixing(first_rise(air, reach) / (ROOT3 * step), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    return Cloud(0.25 * source.instantaneous, mixture, shape, motion, mixing, 0.0, 0.0, 0.0)


@jit
def lifted(scale: float, power: float, height: float) -> float:
    """Rise ``r = scale**(1-power) (height + r)**power``: Newton's method from ``r = scale``."""
    rise, factor = scale, scale ** (1 - power)
    for _ in range(3):
        value = factor * (height + rise) ** power
        rise = (height + (1 - power) * rise) * value / (height + rise - power * value)
    return rise


@jit
def momentum_rise(air: Ambient, source: Source, wind: float) -> float:
    """Rise by momentum [m]."""
    entraining = 0.4 + 1.2 * wind / source.upward
    scale = 1.0363 * source.upward * source.half_width / (entraining * math.sqrt(wind * air.friction))
    return lifted(scale, 1 / 7, source.height)


@jit
def risen(air: Ambient, source: Source, density: float) -> Source:
    """The passive source that stands for a jet lighter than air at the end of its rise by momentum and buoyancy."""
    wind = wind_at(air, max(source.height, 1.0))
    light = GRAVITY * (air.density - density) / air.density
    scale = 1.7254 * light * source.upward * source.half_width**2 / (wind * air.friction**2)
    buoyant = lifted(scale, 0.4, source.height) if scale > 0 else 0.0
    height = source.height + math.hypot(buoyant, momentum_rise(air, source, wind))
    height = min(height, air.mixing_height - source.half_width)
    along = wind_at(air, height)
    area = source.rate / (air.density * along)
    half = max(0.5 * math.sqrt(area), source.half_width)
    return Source(source.kind, source.rate, source.duration, 0.0, area, half, source.edge, height, 0.0, along, 0.0)


@jit
def heavy_rise(air: Ambient, source: Source, density: float) -> tuple[float, float, float]:
    """Rise and distance of the highest point of a jet heavier than air, and the volume fraction there (Hoot 1973)."""
    wind = wind_at(air, max(source.height, 1.0))
    size = 4 * source.half_width / math.sqrt(math.pi)
    froude = source.upward**2 / (GRAVITY * size * (density - air.density) / air.density)
    dense, ratio = density / air.density, source.upward / wind
    weighed, pushed = 1.32 * size * (ratio * dense * froude) ** (1 / 3), momentum_rise(air, source, wind)
    rise = min(pushed * weighed / math.hypot(pushed, weighed), air.mixing_height - source.height)
    distance = 0.435 * rise**3 / (ratio**2 * dense * size**2)
    peak = min(1.69 * ratio / (rise / size) ** 1.85, 0.99)
    return rise, distance, (0.5236 * (1 - peak) + peak) * peak


@jit
def fountain(air: Ambient, material: Material, source: Source) -> tuple[Cloud, float, float]:
    """A jet heavier than air at its highest point; its rise and the distance to there [m]."""
    first = released(air, material, source.liquid)
    rise, distance, volume = heavy_rise(air, source, first.density)
    fraction = material.molar_mass * volume / (air.molar_mass + (material.molar_mass - air.molar_mass) * volume)
    mixture = mixed(air, material, fraction, fraction * first.excess)
    centre = source.height + rise
    wind = wind_at(air, centre)
    shear = 3 * (2 + distance / source.half_width) * SHEAR
    root = math.sqrt((1 - fraction) ** 2 + 4 * fraction * shear)
    speed = 0.5 * wind / (1 - shear) * (1 - fraction - 2 * shear + root)
    shape, head = fountain_shape(air, source, mixture, (centre, distance, speed))
    motion = Motion(speed, wind, 0.0, 0.0, 0.0)
    flow = 0.5 * source.rate / fraction
    return begun(air, flow, mixture, shape, motion, first_mixing(air, mixture, shape, motion), head), rise, distance


@jit
def fountain_shape(
    air: Ambient, source: Source, mixture: Mixture, peak: tuple[float, float, float]
) -> tuple[Shape, float]:
    """Cross-section at the highest point: ``peak`` = (height, distance, speed)."""
    centre, distance, speed = peak
    section = source.rate / (mixture.density * speed)
    half = source.half_width
    slender = 2.4 + 1.6 / (1 + distance**2 / (100 * half**2))
    width = max(math.sqrt(section / mixture.fraction / slender), half)
    core = max(INNER * math.sqrt(section / slender), INNER * half)
    height, head = 0.5 * section / mixture.fraction / width, 0.0
    if 0.5 * height > centre:
        top = centre + 0.5 * height
        width, core, height, head = width * height / top, core * height / top, top, HEAD
        shape = below_inversion(air, width, core, height, centre)
        return Shape(shape.width, shape.core, 0.0, 0.0, shape.height, shape.centre, shape.height), head
    shape = below_inversion(air, width, core, height, centre)
    top = min(centre + 0.5 * height, air.mixing_height)
    return Shape(shape.width, shape.core, 0.0, 0.0, shape.height, shape.centre, top), head


@jit
def rise_rows(
    air: Ambient, material: Material, source: Source, top: Cloud, path: tuple[float, float], table: Floats
) -> tuple[int, float, float]:
    """Fill the table from the mouth to the highest point. ``path``: rise and distance.

    Returns the number of rows, half of what the plume holds [kg], and the time [s].
    """
    rise, distance = path
    half, speed = source.half_width, top.motion.speed
    rows = min(int(2 + distance / (2 * half)), 11)
    begin = 2 * half * min(source.upward / speed, 1.0)
    held, time = 0.0, source.duration
    for i in range(rows):
        row, share = table[i], i / (rows - 1)
        row[:] = math.nan
        row[X] = row[BOX_X] = 1 + share * distance
        row[SPEED] = speed * math.sqrt(share)
        row[WIND], row[RISE] = top.motion.wind, source.upward * (1 - math.sqrt(share))
        row[HEIGHT] = begin + (top.shape.height - begin) * share
        row[CENTRE] = min(source.height + rise * math.sqrt(1 - (1 - share) ** 2), air.mixing_height - 0.5 * row[HEIGHT])
        row[WIDTH] = half + (top.shape.width - half) * share
        row[CORE] = INNER * half + (top.shape.core - INNER * half) * share
        fraction = 1 / (1 + share**2 * (1 - top.mixture.fraction) / top.mixture.fraction)
        row[FRACTION], row[WATER] = fraction, (1 - fraction) * air.water
        row[VOLUME_FRACTION] = by_volume(air, material, fraction)
        row[BOX_TIME] = 2 * (row[X] - 1) / speed
        if row[BOX_TIME] < source.duration:
            held = row[HELD] = 0.5 * source.rate * row[BOX_TIME]
        else:
            held, time = 0.5 * source.rate * source.duration, row[BOX_TIME]
            row[TIME], row[LENGTH] = time, 0.5 * speed * source.duration
            row[CORE_LENGTH] = FLAT * row[LENGTH]
    return rows, held, time
