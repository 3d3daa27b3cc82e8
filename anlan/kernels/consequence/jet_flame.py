"""A jet flame of a gas under pressure: from the hole to the flame's path, length, radiant power and flux.

The chain: real-gas flow through the hole, a notional nozzle that brings it to ambient pressure, the Gaussian jet that
follows, and its burning plume with buoyancy and wind, whose centre line carries the radiating points.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import radiation, real_gas
from anlan.kernels.consequence.flame_chemistry import Flamelet, flamelet
from anlan.kernels.late import brentq, solve_ivp
from anlan.kernels.validity import within

Floats = npt.NDArray[np.float64]

GRAVITY = 9.80665
SPREAD = 1.24  # width of the mixture fraction's profile, and of the velocity's, over the half-width
ENTRAINMENT = 3.42e-2  # by momentum
BUOYANT_ENTRAINMENT = 5.75e-4
MOLAR_MASS_AIR = 28.96546e-3


@dataclass(frozen=True)
class Surroundings:
    """Air: temperature 233-333 [K], pressure 5e4-1.2e5 [Pa], relative humidity 0.01-1 [-], wind along x 0-30 [m/s]."""

    temperature: float = 288.15
    pressure: float = 101325.0
    humidity: float = 0.5
    wind: float = 0.0

    @property
    def density(self) -> float:
        return 1.00044 * self.pressure * MOLAR_MASS_AIR / (real_gas.GAS_CONSTANT * self.temperature)


@dataclass(frozen=True)
class Nozzle:
    """Gas that has expanded to ambient pressure through a hole.

    ``mass_rate`` [kg/s], ``diameter`` [m], ``velocity`` [m/s], ``density`` [kg/m3], ``temperature`` [K]; ``choked``.
    """

    mass_rate: float
    diameter: float
    velocity: float
    density: float
    temperature: float
    choked: bool


@dataclass(frozen=True)
class JetFlame:
    """``length`` of the visible flame [m], radiant fraction [-] and ``power`` [W], and the path of its axis.

    ``path`` [n, 3]: x along the release, y up, z across [m].
    """

    nozzle: Nozzle
    length: float
    froude: float
    radiant_fraction: float
    power: float
    path: Floats


def expand(name: str, pressure: float, temperature: float, hole: float, air: Surroundings, cd: float = 1.0) -> Nozzle:
    """Flow out of a hole and its state where the pressure has fallen to that of the air.

    Parameters
    ----------
    name : str
        Gas, see :data:`anlan.kernels.consequence.real_gas.NAMES`.
    pressure, temperature : float
        In the vessel, absolute, above ambient ... 1e8 [Pa]; 150-400 [K].
    hole : float
        Diameter, 1e-4 ... 1 [m].
    air : Surroundings
    cd : float
        Discharge coefficient, 0.5-1 [-].

    Raises
    ------
    OutOfRange
        A value outside these ranges, NaN, a liquid.

    Notes
    -----
    Yuceil & Otugen, Physics of Fluids 14 (2002) 4206-4215: mass, momentum and energy are conserved. A gas that would
    condense on its way out stays a (supercooled) gas: the equation of state is followed, no drops form.
    """
    within("temperature", temperature, "K", 150, 400)
    within("hole", hole, "m", 1e-4, 1)
    within("discharge coefficient", cd, "-", 0.5, 1)
    _air(air)
    before = real_gas.at_rest(name, pressure, temperature)
    flow = real_gas.hole_flow(name, before, air.pressure)
    throat, speed = flow.state, flow.velocity
    rate = cd * throat.density * speed * np.pi / 4 * hole**2
    if not flow.choked:
        return Nozzle(float(rate), hole, speed, throat.density, throat.temperature, choked=False)
    velocity = speed * cd + (throat.pressure - air.pressure) / (throat.density * speed * cd)
    enthalpy = before.enthalpy - velocity**2 / 2

    def excess(kelvin: float) -> float:
        return real_gas.at_pressure(name, air.pressure, kelvin).enthalpy - enthalpy

    within("enthalpy after expansion", enthalpy, "J/kg", real_gas.at_pressure(name, air.pressure, 90.0).enthalpy)
    end = real_gas.at_pressure(name, air.pressure, float(brentq(excess, 90.0, 690.0, xtol=1e-9)))
    diameter = float(np.sqrt(4 * rate / (np.pi * end.density * velocity)))
    return Nozzle(float(rate), diameter, float(velocity), end.density, end.temperature, choked=True)


def _air(air: Surroundings) -> None:
    within("air temperature", air.temperature, "K", 233, 333)
    within("air pressure", air.pressure, "Pa", 5e4, 1.2e5)
    within("humidity", air.humidity, "-", 0.01, 1)
    within("wind", air.wind, "m/s", 0, 30)


def visible_length(nozzle: Nozzle, flame: Flamelet, air: Surroundings) -> tuple[float, float]:
    """Length of the visible flame [m] and the flame Froude number [-].

    Notes
    -----
    Delichatsios (1993) in Schefer, Houf, Bourne & Colton, Int. J. Hydrogen Energy 31 (2006) 1332-1340, eq. 1-3.
    """
    lightness = nozzle.density / air.density
    heat = (flame.hottest - air.temperature) / air.temperature
    buoyancy = lightness**0.25 * np.sqrt(heat * GRAVITY * nozzle.diameter)
    froude = nozzle.velocity * flame.stoichiometric**1.5 / buoyancy
    slow = 13.5 * froude**0.4 / (1 + 0.07 * froude**2) ** 0.2
    scaled = slow if froude < 5 else 23.0
    return float(scaled * nozzle.diameter * np.sqrt(lightness) / flame.stoichiometric), float(froude)


def radiant_fraction(nozzle: Nozzle, flame: Flamelet, length: float) -> float:
    """Share of the heat of combustion that the flame radiates [-].

    Notes
    -----
    Panda & Hecht, Int. J. Hydrogen Energy 42 (2017) 775-785: 9.45e-9 (tau a T^4)^0.47 with the residence time
    tau [ms] of Turns & Myhr (1991) and a flame 0.17 of its length wide (Molina et al. 2007).
    """
    hot = float(np.interp(flame.stoichiometric, flame.fraction, flame.density))
    time = np.pi / 12 * hot * (0.17 * length) ** 2 * length * flame.stoichiometric / nozzle.mass_rate
    return float(9.45e-9 * (1000 * time * flame.absorption * flame.hottest**4) ** 0.47)


def jet_flame(nozzle: Nozzle, name: str, air: Surroundings, elevation: float = 0.0) -> JetFlame:
    """The burning jet.

    Parameters
    ----------
    nozzle : Nozzle
        From :func:`expand`.
    name : str
        Fuel, see :data:`anlan.kernels.consequence.flame_chemistry.FUELS`.
    air : Surroundings
    elevation : float
        Of the release above the horizontal, -90 ... 90 [deg].

    Returns
    -------
    JetFlame

    Raises
    ------
    OutOfRange
        A value outside its range, or NaN.

    Notes
    -----
    Ekoto et al., Int. J. Hydrogen Energy 39 (2014) 20570-20577: Gaussian profiles of velocity and mixture fraction,
    conservation of mass, both momenta and mixture fraction. Since profiles are similar, the integrals over a
    cross-section depend on the centre line's mixture fraction alone and are tabulated once. HyRAM+ 6.1 solves the same
    equations with a table of 100 points, which is too coarse for the density's slope near air: its flames rise higher
    (end of a 10 MPa, 10 mm hydrogen flame 1.33 m; 0.777 m with 1000 points; here 0.768 m).
    """
    within("elevation", elevation, "deg", -90, 90)
    _air(air)
    flame = flamelet(name, air.temperature, air.pressure)
    length, froude = visible_length(nozzle, flame, air)
    fraction = radiant_fraction(nozzle, flame, length)
    power = fraction * nozzle.mass_rate * flame.heat_of_combustion
    path = _path(nozzle, flame, air, np.radians(elevation), length)
    return JetFlame(nozzle, length, froude, fraction, power, path)


@dataclass(frozen=True)
class _Profiles:
    """Integrals over a cross-section, in half-widths and centre-line velocities, by mixture fraction ``centre``."""

    centre: Floats
    mass: Floats  # of rho v
    momentum: Floats  # of rho v^2
    fuel: Floats  # of rho v f
    lift: Floats  # of the density deficit, over the area
    deficit: Floats  # of the density deficit, over the radius


def _profiles(flame: Flamelet, air_density: float) -> _Profiles:
    centre = np.concatenate([np.geomspace(1e-5, 0.1, 240), np.linspace(0.1, 1.0, 160)[1:]])
    radius = np.linspace(0, 5, 400)
    shape = np.exp(-((radius / SPREAD) ** 2))
    mixture = centre[:, None] * shape
    density = np.interp(mixture, flame.fraction, flame.density)

    def area(values: Floats) -> Floats:
        return np.asarray(np.trapezoid(values * radius, radius, axis=1))

    return _Profiles(
        centre,
        area(density * shape),
        area(density * shape**2),
        area(density * shape * mixture),
        area(air_density - density),
        np.asarray(np.trapezoid(air_density - density, radius, axis=1)),
    )


def _path(nozzle: Nozzle, flame: Flamelet, air: Surroundings, angle: float, length: float) -> Floats:
    """Points along the axis up to the visible length, 50 at equal steps."""
    tables = _profiles(flame, air.density)
    begin = nozzle.diameter * _establishment(nozzle, air.density)
    width = nozzle.diameter / np.sqrt(
        2 * (2 * SPREAD**2 + 1) / (SPREAD**2 * nozzle.density / air.density + SPREAD**2 + 1)
    )
    first = (SPREAD**2 + 1) / (2 * SPREAD**2)
    flux = nozzle.velocity * width**2
    mass = flux * np.interp(first, tables.centre, tables.mass)
    push = flux * nozzle.velocity * np.interp(first, tables.centre, tables.momentum)
    fuel = flux * np.interp(first, tables.centre, tables.fuel)
    start = [mass, push * np.cos(angle), push * np.sin(angle), begin * np.cos(angle), begin * np.sin(angle)]
    step = _Step(tables, nozzle, air, fuel)
    places = np.linspace(begin, max(length, begin * 1.01), 50)
    found = solve_ivp(step, (begin, places[-1]), start, t_eval=places, rtol=1e-6, atol=1e-9, method="LSODA")
    return np.column_stack([found.y[3], found.y[4], np.zeros(len(places))])


def _establishment(nozzle: Nozzle, air_density: float) -> float:
    """Length of the core before the profiles are Gaussian, in diameters; Abraham (1963) in Winters, SAND2009-0035."""
    square = nozzle.velocity**2 * nozzle.density
    square /= GRAVITY * nozzle.diameter * max(abs(air_density - nozzle.density), 1e-12)
    if square >= 40:
        return 6.2
    return 3.9 + 0.057 * square if square >= 5 else max(2.075 + 0.425 * square, 0.0) if square >= 1 else 0.0


class _Step:
    """Right-hand side: d/ds of mass flux, both momentum fluxes (over 2 pi) and both coordinates."""

    def __init__(self, tables: _Profiles, nozzle: Nozzle, air: Surroundings, fuel: float) -> None:
        self.tables, self.air, self.fuel, self.core = tables, air, fuel, nozzle.density
        self.ratio = tables.fuel / tables.mass
        momentum = np.pi / 4 * nozzle.diameter**2 * nozzle.density * nozzle.velocity**2
        self.by_momentum = ENTRAINMENT * np.sqrt(momentum / air.density)

    def __call__(self, _: float, state: Floats) -> list[float]:
        mass, along, up = state[0], state[1], state[2]
        tables, push = self.tables, float(np.hypot(along, up))
        centre = np.interp(self.fuel / mass, self.ratio, tables.centre)
        inside, moving, lift, deficit = (
            float(np.interp(centre, tables.centre, table))
            for table in (tables.mass, tables.momentum, tables.lift, tables.deficit)
        )
        velocity = push / mass * inside / moving
        square = mass / (velocity * inside)
        by_buoyancy = 2 * np.pi * BUOYANT_ENTRAINMENT * (up / push) * GRAVITY * deficit / (velocity * self.core)
        drawn = self.air.density * (self.by_momentum + by_buoyancy) / (2 * np.pi)
        return [drawn, self.air.wind * drawn, GRAVITY * square * lift, along / push, up / push]


def flux(flame: JetFlame, receivers: npt.ArrayLike, air: Surroundings) -> Floats:
    """Heat on receivers that face each part of the flame.

    Parameters
    ----------
    flame : JetFlame
    receivers : float[m, 3]
        x along the release, y up, z across, from the hole; not on the axis of the flame [m].
    air : Surroundings

    Returns
    -------
    float[m]
        [W/m2]

    Raises
    ------
    OutOfRange
        A receiver on a source point, NaN.

    Notes
    -----
    50 weighted points, Hankinson & Lowesmith (2012); within a flame radius of the axis it is not to be trusted.
    """
    powers = flame.power * radiation.source_weights(len(flame.path))
    return radiation.many_sources(flame.path, powers, receivers, air.temperature, air.humidity)
