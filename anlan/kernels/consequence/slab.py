"""Dispersion of a dense gas, after Ermak's SLAB: pools, jets and sudden releases over flat ground.

A cloud is described by values averaged over its cross-section (a steady plume, while its source runs) or its volume (a
puff, afterwards). Mass, released material, momentum and enthalpy are conserved; the cloud slumps by its weight, takes
in air through its top and sides, is dragged and warmed by the ground, may hold droplets of the material and of water,
and becomes passive as it dilutes. The profiles that belong to the averages give concentrations at points and times:
:mod:`anlan.kernels.consequence.slab_concentration`.

A run takes one to three milliseconds on one core; the compiled parts are imported at the first one.

References
----------
Ermak, D. L. 1990. User's Manual for SLAB: an atmospheric dispersion model for denser-than-air releases,
UCRL-MA-105607, Lawrence Livermore National Laboratory, and the program that it documents, read for the constants of
its closures and for its steps; none of its code is here. Our own are the phase equilibrium (closed form, bracketed
root), the speed over a pool (bracketed root), the search for its upwind edge (bisection) and an averaging that keeps
mass. Rise of dense jets: Hoot, Meroney & Peterka 1973.
"""

import functools
import math
from dataclasses import dataclass
from types import ModuleType
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import slab_types as parts
from anlan.kernels.validity import OutOfRange, within

Array = npt.NDArray[np.float64]
Kind = Literal["pool", "horizontal-jet", "vertical-jet", "instantaneous"]
KINDS: dict[Kind, int] = {
    "pool": parts.POOL,
    "horizontal-jet": parts.HORIZONTAL_JET,
    "vertical-jet": parts.VERTICAL_JET,
    "instantaneous": parts.INSTANTANEOUS,
}
CLASSES = "ABCDEF"


@dataclass(frozen=True)
class Fluid:
    """The released material.

    Molar mass [kg/mol], heat capacity of the vapour [J/kg/K], boiling temperature [K], heat of vaporisation there
    [J/kg], heat capacity [J/kg/K] and density [kg/m3] of the liquid; the saturation pressure is
    ``1 atm * exp(b/(boiling + c) - b/(T + c))``, b and c in K; without ``b`` after Clausius and Clapeyron.
    """

    molar_mass: float
    vapour_heat_capacity: float
    boiling_temperature: float
    heat_of_vaporisation: float
    liquid_heat_capacity: float
    liquid_density: float
    saturation_b: float | None = None
    saturation_c: float = 0.0

    def __post_init__(self) -> None:
        within("molar_mass", self.molar_mass, "kg/mol", 0.001, 1)
        within("vapour_heat_capacity", self.vapour_heat_capacity, "J/kg/K", 50, 20_000)
        within("boiling_temperature", self.boiling_temperature, "K", 4, 800)
        within("heat_of_vaporisation", self.heat_of_vaporisation, "J/kg", 1e3, 5e6)
        within("liquid_heat_capacity", self.liquid_heat_capacity, "J/kg/K", 50, 20_000)
        within("liquid_density", self.liquid_density, "kg/m3", 10, 20_000)
        within("saturation_c", self.saturation_c, "K", -0.9 * self.boiling_temperature, 500)
        if self.saturation_b is not None:
            within("saturation_b", self.saturation_b, "K", 1, 50_000)


@dataclass(frozen=True)
class Release:
    """How the material gets out.

    ``rate`` [kg/s] over ``duration`` [s]; ``mass`` [kg] at once (kind ``instantaneous`` only, which may also have a
    rate: a pool that is short-lived). ``area`` of the pool, of the jet's opening after it has come to ambient
    pressure, or of the cloud's base [m2]; ``height`` of a jet [m]; ``temperature`` [K]; ``liquid``: mass fraction of
    droplets, which sets the temperature to the boiling point.
    """

    kind: Kind
    area: float
    temperature: float
    rate: float = 0.0
    duration: float = 0.0
    mass: float = 0.0
    height: float = 0.0
    liquid: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise OutOfRange(f"kind {self.kind!r} is not known; known are {', '.join(KINDS)}")
        within("area", self.area, "m2", 0, 1e6, above=True)
        within("temperature", self.temperature, "K", 4, 2000)
        within("height", self.height, "m", 0, 500)
        within("liquid", self.liquid, "-", 0, 1)
        running = self.kind != "instantaneous"
        within("rate", self.rate, "kg/s", 0, 1e6, above=running)
        within("duration", self.duration, "s", 0, 1e6, above=running)
        within("mass", self.mass, "kg", 0, 1e9)
        if running and self.mass > 0:
            raise OutOfRange(f"mass = {self.mass:g} kg: only kind 'instantaneous' has a mass; give the rate")
        if not running and self.mass == 0 and self.rate * self.duration == 0:
            raise OutOfRange("mass = 0 kg: an instantaneous release needs a mass, or a rate and a duration")


@dataclass(frozen=True)
class Weather:
    """Wind [m/s] at ``wind_height`` [m], temperature [K], relative humidity [%], roughness length [m] and stability.

    ``stability``: a class A to F, or the inverse of the Monin-Obukhov length [1/m], > 0 where the air is stable.
    """

    wind: float
    stability: str | float
    wind_height: float = 10.0
    temperature: float = 293.15
    relative_humidity: float = 50.0
    roughness: float = 0.1

    def __post_init__(self) -> None:
        within("roughness", self.roughness, "m", 1e-5, 3)
        within("wind", self.wind, "m/s", 0.1, 50)
        within("wind_height", self.wind_height, "m", self.roughness, 100, above=True)
        within("temperature", self.temperature, "K", 220, 335)
        within("relative_humidity", self.relative_humidity, "%", 0, 100)
        if isinstance(self.stability, str):
            if self.stability not in tuple(CLASSES):
                raise OutOfRange(f"stability {self.stability!r} is not known; give a class A to F, or 1/L")
        else:
            within("inverse Monin-Obukhov length", self.stability, "1/m", -1, 1)


class Stations(NamedTuple):
    """The cloud at 61 places along the wind, arrays of shape (61,).

    Up to the row ``turn`` cross-sections of the plume, from there on the puff as it passes. Distances in the model's
    own coordinate: 0 is the middle of a pool or of a sudden release, 1 m the mouth of a jet.
    """

    x: Array
    centre: Array  # height of the centre [m]
    height: Array
    half_width: Array
    core: Array  # half-width of the even middle [m]
    half_length: Array
    core_length: Array
    volume_fraction: Array
    density: Array  # [kg/m3]; NaN along the rise of a vertical jet
    temperature: Array  # [K]; NaN along the rise of a vertical jet
    speed: Array  # [m/s]
    wind: Array  # of the air, mean over the cloud's height [m/s]
    fraction: Array  # by mass
    vapour: Array  # of the material, by mass of the cloud
    water: Array
    water_vapour: Array
    rise: Array  # speed of the centre upwards [m/s]
    spread: Array  # across the wind, by weight [m/s]
    stretch: Array  # along the wind, by weight [m/s]
    entrained_up: Array  # entrainment velocities through the top, the sides and the ends [m/s]
    entrained_side: Array
    entrained_along: Array
    held: Array  # half of the material in the plume so far [kg]
    time: Array  # of the largest concentration [s]
    box_x: Array  # centre of the cloud as a box ...
    box_time: Array  # ... at this time


@dataclass(frozen=True)
class Dispersion:
    """One run. ``turn``: the row of ``stations`` where the puff begins; 61 where the plume goes on to the end."""

    stations: Stations
    turn: int
    kind: int
    release: Release
    jet_speed: float
    vapour_density: float  # of the released vapour [kg/m3]
    molar_mass: float
    air: parts.Ambient
    edge: float  # of a pool, as widened by what flows upwind; 0 elsewhere [m]

    @property
    def origin(self) -> float:
        """Where the source lies in the model's coordinate [m]."""
        return 1.0 if self.release.kind.endswith("jet") else 0.0

    @property
    def duration(self) -> float:
        """How long the source runs [s]."""
        return self.release.duration


def disperse(
    fluid: Fluid,
    release: Release,
    weather: Weather,
    farthest: float = 5000.0,
    *,
    substeps: int = 1,
    known: Dispersion | None = None,
) -> Dispersion:
    """Follow the cloud of a release down the wind.

    Parameters
    ----------
    fluid, release, weather
        What, how and into which air; see there for units and ranges.
    farthest
        Distance that a plume would be followed to, 10 m to 100 km [m]. A puff goes on for as many steps, somewhat
        farther or nearer.
    substeps
        Multiplies the steps between stations, 1 to 20; the published test problems use 1.
    known
        A run of the same release into the same air with the same substeps, to be followed to another distance: how far
        its pool was widened is taken from there, which saves most of the work and changes no number.

    Returns
    -------
    Dispersion
        61 stations.

    Raises
    ------
    OutOfRange
        An input out of its range, a source above the mixing height, or a run that ends in no number.

    References
    ----------
    Ermak 1990, UCRL-MA-105607.
    """
    within("farthest", farthest, "m", 10, 1e5)
    within("substeps", substeps, "-", 1, 20)
    loops, air = _loops(), _air(weather)
    material = _material(fluid, release)
    source = _source(air, material, release)
    if release.height > air.mixing_height - source.half_width:
        raise OutOfRange(
            f"height = {release.height:g} m: the source must lie below the mixing height of {air.mixing_height:.0f} m"
        )
    edge = known.edge if known is not None else 0.0
    table, turn, taken = loops.disperse(air, material, source, float(farthest), 3 * int(substeps), edge)
    if not np.isfinite(table[-1]).all():
        raise OutOfRange("this release ends in no number; check the units of its rate, area and wind")
    density = fluid.molar_mass * parts.PRESSURE / (parts.GAS_CONSTANT * material.temperature)
    stations = Stations(*np.ascontiguousarray(table.T))
    edge = float(taken.edge) if taken.kind == parts.POOL else 0.0
    return Dispersion(
        stations, int(turn), int(taken.kind), release, float(source.along), density, fluid.molar_mass, air, edge
    )


@functools.cache
def _loops() -> ModuleType:
    from anlan.kernels.consequence import slab_march

    return slab_march


@functools.lru_cache(maxsize=256)
def _air(weather: Weather) -> parts.Ambient:
    from anlan.kernels.consequence import slab_ambient

    if isinstance(weather.stability, str):
        steps = CLASSES.index(weather.stability) - CLASSES.index("D")
        inverse = slab_ambient.inverse_length(steps, weather.roughness)
    else:
        inverse = float(weather.stability)
    return slab_ambient.ambient(
        (float(weather.wind), float(weather.wind_height)),
        float(weather.temperature),
        float(weather.relative_humidity),
        float(weather.roughness),
        inverse,
    )


def _material(fluid: Fluid, release: Release) -> parts.Material:
    """Droplets or a temperature below the boiling point: the release is at the boiling point."""
    boiling, c = float(fluid.boiling_temperature), float(fluid.saturation_c)
    b, temperature = fluid.saturation_b, float(release.temperature)
    if b is None:
        b, c = fluid.heat_of_vaporisation * fluid.molar_mass / parts.GAS_CONSTANT, 0.0
    if release.liquid > 0 or temperature < boiling:
        temperature = boiling
    return parts.Material(
        molar_mass=float(fluid.molar_mass),
        vapour_heat=float(fluid.vapour_heat_capacity),
        liquid_heat=float(fluid.liquid_heat_capacity),
        latent_at_zero=fluid.heat_of_vaporisation + boiling * (fluid.liquid_heat_capacity - fluid.vapour_heat_capacity),
        liquid_density=float(fluid.liquid_density),
        a=b / (boiling + c),
        b=float(b),
        c=c,
        temperature=temperature,
        passive=False,
    )


def _source(air: parts.Ambient, material: parts.Material, release: Release) -> parts.Source:
    from anlan.kernels.consequence import slab_thermo

    jet = release.kind.endswith("jet")
    half = 0.5 * math.sqrt(release.area)
    liquid = float(release.liquid) if release.kind != "pool" else 0.0
    density = slab_thermo.released(air, material, liquid if jet else 0.0).density
    velocity = release.rate / (density * release.area)
    return parts.Source(
        kind=KINDS[release.kind],
        rate=float(release.rate),
        duration=float(release.duration),
        instantaneous=float(release.mass),
        area=float(release.area),
        half_width=half,
        edge=1.0 if jet else half,
        height=float(release.height) if jet else 0.0,
        upward=0.0 if release.kind == "horizontal-jet" else velocity,
        along=velocity if release.kind == "horizontal-jet" else 0.0,
        liquid=liquid,
    )
