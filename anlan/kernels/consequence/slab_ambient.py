"""The wind and the turbulence of the air around a dense cloud (Ermak 1990)."""

import math

from anlan.kernels._cache import jit
from anlan.kernels.consequence.slab_types import (
    GAS_CONSTANT,
    KARMAN,
    PRESSURE,
    Ambient,
)

WATER_MOLAR_MASS, AIR_MOLAR_MASS = 0.01802, 0.02896
AIR_HEAT, VAPOUR_HEAT = 1005.87, 1846.0
SATURATION_A, SATURATION_B = 15.08, 5514.0  # of water: ln(p/1 atm) = a - b/T
SAMPLE, LONG_SAMPLE = 10.0, 900.0  # averaging times [s]
CLASSES = "ABCDEF"


def inverse_length(steps: float, roughness: float) -> float:
    """1/L [1/m] of a stability ``steps`` classes from neutral (F: 2, B: -2), over ground of that roughness [m]."""
    first, powers = _stability_curve(roughness)
    away = min(abs(steps), 3.5)
    power = powers[0] if away < 2 else powers[1] + powers[2] / (1 + (away - 2) ** 2)
    return math.copysign(first * away**power, steps) if steps else 0.0


def class_steps(inverse: float, roughness: float) -> float:
    """How many classes from neutral a given 1/L [1/m] lies; the inverse of :func:`inverse_length`, at most 3.5."""
    first, (low, base, more) = _stability_curve(roughness)
    second, third, size = first * 2**low, first * 3 ** (base + more / 2), abs(inverse)
    if size >= first * 3.5 ** (base + more / 3.25):
        return math.copysign(3.5, inverse)
    power = low if size < second else base + more / (1 + ((size - second) / (third - second)) ** 2)
    return math.copysign((size / first) ** (1 / power), inverse) if inverse else 0.0


def _stability_curve(roughness: float) -> tuple[float, tuple[float, float, float]]:
    """1/L one class from neutral, and the exponents of its growth: up to two classes; beyond, a base and what fades."""
    one = 0.0081 / roughness**0.3044
    if roughness > 0.0111:
        two, three = 0.0385 / roughness**0.1715, 0.0875 / roughness**0.1028
    else:
        two = one + 0.0137 / roughness**0.1715 + 0.0218
        three = two + 0.0557
    to_two, to_three = math.log2(two / one), math.log(three / one, 3)
    base = 2 * to_three - to_two
    return one, (to_two, base, to_two - base)


def humidity(temperature: float, relative: float) -> float:
    """Mass fraction of water in air at ``temperature`` [K] and relative humidity [%]."""
    mole = 0.01 * relative * math.exp(SATURATION_A - SATURATION_B / temperature)
    return WATER_MOLAR_MASS * mole / (AIR_MOLAR_MASS + (WATER_MOLAR_MASS - AIR_MOLAR_MASS) * mole)


def ambient(
    wind: tuple[float, float], temperature: float, relative_humidity: float, roughness: float, inverse: float
) -> Ambient:
    """The air, from the ``wind`` [m/s] at a height [m], temperature [K], humidity [%], roughness [m] and 1/L [1/m]."""
    speed, height = wind
    air = _without_wind(temperature, humidity(temperature, relative_humidity), roughness, inverse, height)
    air = _matched(air)
    friction = KARMAN * speed / shape_at(air, height)
    air = air._replace(measured=speed, friction=friction)
    drag = KARMAN / shape_at(air, 2.0)
    damping = 10 * math.sqrt(drag / 0.086) * inverse
    quiet = 1 - damping if inverse < 0 else 1 / (1 + damping)
    turbulence = relative_turbulence(0.0)
    return air._replace(
        drag=drag, reference_shape=shape_at(air, 4.0), turbulence=turbulence, sideways=turbulence * quiet
    )


def relative_turbulence(averaging: float) -> float:
    """Sideways turbulence of a sample of that length [s], over the wind [-]."""
    return float(0.08 * ((averaging + SAMPLE * math.exp(-averaging / SAMPLE)) / LONG_SAMPLE) ** 0.2)


def _without_wind(temperature: float, water: float, roughness: float, inverse: float, height: float) -> Ambient:
    steps = class_steps(inverse, roughness)
    damping = math.exp(-0.8 * steps) if steps < 0 else 1 + 0.8 * steps
    near = inverse * (1 + max(height, 3.0) / damping)
    floor = (1 - 16 * damping * near) ** -0.25 if near < 0 else 1.0
    molar = AIR_MOLAR_MASS * WATER_MOLAR_MASS / (WATER_MOLAR_MASS + (AIR_MOLAR_MASS - WATER_MOLAR_MASS) * water)
    return Ambient(
        measured=0.0,
        temperature=temperature,
        density=molar * PRESSURE / (GAS_CONSTANT * temperature),
        molar_mass=molar,
        heat_capacity=(1 - water) * AIR_HEAT + water * VAPOUR_HEAT,
        water=water,
        friction=0.0,
        roughness=roughness,
        mixing_height=130 * 2 ** (3 - steps),
        stability=steps,
        inverse_length=inverse,
        near_inverse_length=near,
        damping_height=damping,
        matching_height=math.e * roughness,
        linear=0.0,
        quadratic=0.0,
        gradient_floor=floor,
        gradient_slope=-8 * near / (1 - floor) if near < 0 else 0.0,
        drag=0.0,
        reference_shape=0.0,
        turbulence=0.0,
        sideways=0.0,
    )


def _matched(air: Ambient) -> Ambient:
    """Value and slope of the parabola below the matching height meet the profile above it."""
    height = air.matching_height
    value = upper_shape(air, height)
    slope = gradient(air, height) * (1 - height / air.mixing_height) / height
    return air._replace(linear=2 * value / height - slope, quadratic=slope / height - value / height**2)


@jit
def gradient(air: Ambient, height: float) -> float:
    """Dimensionless wind gradient at a height."""
    if air.near_inverse_length < 0:
        return air.gradient_floor + (1 - air.gradient_floor) / math.sqrt(1 + air.gradient_slope * height)
    return 1 + 5 * air.near_inverse_length * height / (1 + height / air.damping_height)


@jit
def upper_shape(air: Ambient, height: float) -> float:
    """Wind over (friction velocity / von Karman constant): the gradient, fading up to the mixing height, summed up."""
    low, top = air.roughness, air.mixing_height
    logarithm = math.log(height / low)
    if air.near_inverse_length < 0:
        here, there = math.sqrt(1 + air.gradient_slope * height), math.sqrt(1 + air.gradient_slope * low)
        fading = (math.sqrt(here) - math.sqrt(there)) / (air.gradient_slope * top)
        bent = 2 * (1 - air.gradient_floor) * (math.log((1 + here) / (1 + there)) - fading)
        return logarithm - air.gradient_floor * (height - low) / top - bent
    damping = air.damping_height
    bent = (1 + damping / top) * math.log((height + damping) / (low + damping)) - (height - low) / top
    return logarithm - (height - low) / top + 5 * air.near_inverse_length * damping * bent


@jit
def shape_at(air: Ambient, height: float) -> float:
    """Dimensionless wind at a height, down to the ground."""
    if height < air.matching_height:
        return height * (air.linear + air.quadratic * height)
    return upper_shape(air, height)


@jit
def wind_at(air: Ambient, height: float) -> float:
    """Wind at a height [m/s]."""
    return air.friction / KARMAN * shape_at(air, height)


@jit
def mean_wind(air: Ambient, top: float) -> float:
    """Wind averaged from the ground to ``top`` by Simpson's rule over five layers [m/s]."""
    if top <= 0:
        return 0.0
    layer, total = top / 5, 0.0
    for i in range(5):
        total += 4 * wind_at(air, (i + 0.5) * layer) + 2 * wind_at(air, (i + 1) * layer)
    return (total - wind_at(air, top)) / 30


@jit
def grown_mean(old_top: float, old_mean: float, top: float, winds: tuple[float, float, float]) -> float:
    """Mean wind up to ``top``, from that up to ``old_top`` and Simpson's rule over what came in addition [m/s].

    ``winds``: at the old top, half way, and at the new top.
    """
    at_old, between, at_top = winds
    return (old_top * old_mean + (at_old + 4 * between + at_top) * (top - old_top) / 6) / top
