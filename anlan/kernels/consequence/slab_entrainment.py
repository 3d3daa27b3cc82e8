"""How a cloud takes in air, and what friction and the warm ground give and take (Ermak 1990).

Vertical entrainment follows the friction velocity in the cloud, made up of the ground's, of the shear against the air
and of heating from below, and is checked by the cloud's own density stratification (through a Monin-Obukhov length of
the cloud). Sideways it follows the air's turbulence and the jet's shear.
"""

import math

from anlan.kernels._cache import jit
from anlan.kernels.consequence.slab_ambient import gradient, shape_at
from anlan.kernels.consequence.slab_types import (
    EDGE_LENGTH,
    ENTRAINMENT,
    GRAVITY,
    KARMAN,
    ROOT3,
    SHEAR,
    Ambient,
    Material,
    Mixing,
    Mixture,
    Motion,
    Shape,
)

CRITICAL, CONVECTION, BLOWING = 0.025, 0.14, 0.05


@jit
def ground_turbulence(air: Ambient, shape: Shape, motion: Motion, upward: float) -> float:
    """Squared velocity that the ground makes in the cloud; aloft the air's, with the shear [m2/s2]."""
    drag = air.friction / motion.wind
    if shape.top > shape.height:
        return air.friction**2
    side = 0.5 * motion.spread
    return drag * drag * (motion.speed**2 + side**2) + BLOWING * upward * motion.wind


@jit
def mixing(
    air: Ambient, material: Material, mixture: Mixture, shape: Shape, motion: Motion, at: tuple[float, float]
) -> Mixing:
    """Entrainment velocities and the fluxes at the cloud's faces.

    ``at``: (squared velocity after :func:`ground_turbulence`, half-length of a puff; 1 in a plume).
    """
    ground, depth = at
    thin = air.density / mixture.density
    lag = (motion.wind - motion.speed) * thin
    swell = 0.5 * motion.spread * thin
    shear = SHEAR * (lag * lag + swell * swell)
    if shape.top > shape.height:
        ground += shear
    exchange = air.friction / motion.wind * math.sqrt(ground)
    warming = 0.0 if material.passive else air.temperature - mixture.temperature
    friction2 = ground + shear + convection(air, shape, mixture, exchange, warming)
    up = upward(air, mixture, shape, friction2)
    side = math.sqrt(diffusion(air, motion, shape.width) ** 2 + SHEAR * (ENTRAINMENT * KARMAN * lag) ** 2)
    along = math.sqrt(diffusion(air, motion, shape.length) ** 2 + stretching(air, shape) ** 2)
    weight = mixture.density * depth
    if shape.top > shape.height:
        drag = weight * (2 * shape.width + shape.height) * SHEAR * abs(lag) * lag
        brake = -weight * shape.height * SHEAR * abs(motion.rise) * motion.rise
        return Mixing(up, side, along, ground, drag, 0.0, 0.0, brake, 0.0)
    return lying(air, mixture, shape, motion, (up, side, along, ground), (weight, lag, exchange, warming))


@jit
def lying(
    air: Ambient,
    mixture: Mixture,
    shape: Shape,
    motion: Motion,
    rates: tuple[float, float, float, float],
    terms: tuple[float, float, float, float],
) -> Mixing:
    """Friction and heat of a cloud that touches the ground, beside the entrainment ``rates``."""
    weight, lag, exchange, warming = terms
    drag2, thin = (air.friction / motion.wind) ** 2, air.density / mixture.density
    beside = shape.width + shape.height
    ahead = shape.width * (drag2 * motion.speed**2 - air.friction**2) - beside * SHEAR * abs(lag) * lag
    side, front = 0.5 * motion.spread, 0.5 * motion.stretch
    across = drag2 * side * side + SHEAR * abs(side) * side * thin * thin
    forward = drag2 * front * front + SHEAR * abs(front) * front * thin * thin
    up, sideways, along, ground = rates
    heat = weight * shape.width * exchange * mixture.heat_capacity * warming
    each = -weight * shape.width
    return Mixing(up, sideways, along, ground, -weight * ahead, each * across, each * forward, 0.0, heat)


@jit
def convection(air: Ambient, shape: Shape, mixture: Mixture, exchange: float, warming: float) -> float:
    """Squared velocity of the turbulence that a ground warmer than the cloud makes [m2/s2]."""
    if shape.top > shape.height or warming <= 0:
        return 0.0
    mean = 0.5 * (air.temperature + mixture.temperature)
    return float((CONVECTION * GRAVITY * warming * exchange * shape.height / mean) ** (2 / 3))


@jit
def upward(air: Ambient, mixture: Mixture, shape: Shape, friction2: float) -> float:
    """Vertical entrainment velocity through the top and, aloft, the bottom [m/s]."""
    weight = max(CRITICAL * GRAVITY * (mixture.density - air.density) / mixture.density, 0.0)
    near = air.near_inverse_length / (1 + shape.top / air.damping_height)
    inverse = (near * air.friction**2 + weight) / friction2
    faces = face(air, shape.top, inverse)
    if shape.top > 1.01 * shape.height:
        faces += face(air, shape.top - shape.height, inverse)
    return air.reference_shape / shape_at(air, shape.top) * ENTRAINMENT * KARMAN * math.sqrt(friction2) * faces


@jit
def face(air: Ambient, height: float, inverse: float) -> float:
    """What stratification and the nearness of the mixing height leave of the entrainment at a height."""
    damping = 1 / math.sqrt(1 - 16 * height * inverse) if inverse < 0 else 1 + 5 * height * inverse
    return (1 - height / air.mixing_height) / damping


@jit
def diffusion(air: Ambient, motion: Motion, half: float) -> float:
    """Sideways entrainment velocity by the air's turbulence; eddies larger than the cloud do not count [m/s]."""
    return air.sideways * motion.wind / (1 + 0.5 * EDGE_LENGTH / air.sideways * half / ROOT3)


@jit
def stretching(air: Ambient, shape: Shape) -> float:
    """Velocity at which the wind's shear draws a puff out [m/s]."""
    aloft = shape.centre > 0.5 * shape.height
    spread = (0.5 * shape.height if aloft else shape.height - shape.centre) / ROOT3
    height = shape.centre + 0.5 * spread
    fading = (1 - height / air.mixing_height) * height / (height + air.roughness)
    return 0.6 * air.friction * gradient(air, height) * fading / KARMAN
