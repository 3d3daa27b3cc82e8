"""What the parts of the dense-gas model hand to one another: plain tuples of floats, which numba passes by value.

Lengths in m, times in s, masses in kg, temperatures in K, energies in J. Mass fractions are of the whole cloud.

A steady plume is described through its cross-section: ``flow`` is half its mass flow [kg/s]. A puff is a box:
``flow`` is a quarter of its mass [kg]. ``width`` and ``length`` are half-widths and half-lengths throughout.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

POOL, HORIZONTAL_JET, VERTICAL_JET, INSTANTANEOUS = 1, 2, 3, 4
STATIONS = 61

GRAVITY = 9.80665
GAS_CONSTANT = 8.31431
PRESSURE = 101325.0
KARMAN = 0.41
ROOT3 = 3**0.5
SHEAR = 0.02  # share of a velocity difference, squared, in the turbulence that it makes
ENTRAINMENT = 1.5  # entrainment velocity over (von Karman constant x friction velocity)
EDGE_LENGTH = 0.0004  # growth of the eddies that spread the cloud sideways [1/m]


class Ambient(NamedTuple):
    """The air. ``stability``: 0 neutral, 1 class E, -1 class C; lengths after Monin and Obukhov, inverse [1/m]."""

    measured: float  # wind as measured [m/s]
    temperature: float
    density: float
    molar_mass: float
    heat_capacity: float
    water: float  # mass fraction
    friction: float  # friction velocity [m/s]
    roughness: float
    mixing_height: float
    stability: float
    inverse_length: float
    near_inverse_length: float  # at the ground, of the profile that is damped with height
    damping_height: float
    matching_height: float  # below it the wind falls as a parabola
    linear: float
    quadratic: float
    gradient_floor: float  # of the dimensionless gradient, unstable air
    gradient_slope: float
    drag: float  # friction velocity over the wind at 2 m
    reference_shape: float  # dimensionless wind at 4 m
    turbulence: float  # relative sideways turbulence of a 10 s sample
    sideways: float  # the same with stability


class Material(NamedTuple):
    """What was released. Saturation pressure: ``ln(p/1 atm) = a - b/(T + c)``."""

    molar_mass: float
    vapour_heat: float
    liquid_heat: float
    latent_at_zero: float  # heat of vaporisation drawn to 0 K along the two heat capacities
    liquid_density: float
    a: float
    b: float
    c: float
    temperature: float
    passive: bool  # has become as light as the air: a jet after its rise


class Source(NamedTuple):
    """How it was released."""

    kind: int
    rate: float
    duration: float
    instantaneous: float  # mass [kg]
    area: float
    half_width: float
    edge: float  # where the cloud leaves the source: half-width of the pool as widened by what flows upwind
    height: float
    upward: float  # speed of the vapour that rises [m/s]
    along: float  # speed of a horizontal jet [m/s]
    liquid: float  # mass fraction


class Mixture(NamedTuple):
    """What the cloud consists of. ``excess``: its enthalpy above that of its air and vapour unmixed [J/kg]."""

    fraction: float  # of released material, by mass
    volume_fraction: float
    water: float
    water_vapour: float
    vapour: float  # of released material
    heat_capacity: float
    temperature: float
    density: float
    excess: float


class Shape(NamedTuple):
    """How large it is. Across it is flat over the ``core`` and falls beyond; ``width**2 = core**2 + 3 edge**2``."""

    width: float
    core: float
    length: float
    core_length: float
    height: float
    centre: float
    top: float


class Motion(NamedTuple):
    """How it moves. ``wind``: of the air, mean over its height; ``spread`` and ``stretch`` by its own weight."""

    speed: float
    wind: float
    spread: float
    stretch: float
    rise: float


class Mixing(NamedTuple):
    """How fast it takes in air, and what the ground and the air take from it over a step's unit [m/s; flow terms]."""

    up: float
    side: float
    along: float
    ground: float  # squared velocity of the turbulence made at the ground
    drag: float
    drag_side: float
    drag_along: float
    drag_up: float
    heat: float


class Cloud(NamedTuple):
    """A cross-section of the plume, or the puff. ``flow``: see above. ``momentum``: beyond that of the air in it."""

    flow: float
    mixture: Mixture
    shape: Shape
    motion: Motion
    mixing: Mixing
    momentum: float
    head: float  # gravity head's factor in the momentum balance: 1/4 lying on the ground and dense, else 0
    held: float  # half of the material in the plume so far [kg]


#: columns of the table of stations
(
    X, CENTRE, HEIGHT, WIDTH, CORE, LENGTH, CORE_LENGTH, VOLUME_FRACTION, DENSITY, TEMPERATURE, SPEED, WIND, FRACTION,
    VAPOUR, WATER, WATER_VAPOUR, RISE, SPREAD, STRETCH, UP, SIDE, ALONG, HELD, TIME, BOX_X, BOX_TIME,
) = range(26)  # fmt: skip
COLUMNS = 26
