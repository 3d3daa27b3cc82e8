"""A pool over time: it is fed, spreads by gravity, takes heat from ground, air and sun, and evaporates.

One law covers evaporating and boiling pools: the flux grows as ln(p / (p - p_v)), so a pool that is heated strongly
settles just below its boiling point, and evaporates what the heat allows.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from anlan.kernels.consequence.airborne import Ground
from anlan.kernels.consequence.outflow import ATMOSPHERE, GRAVITY
from anlan.kernels.consequence.pool import Array, transfer_coefficient
from anlan.kernels.consequence.substance import GAS_CONSTANT, Substance
from anlan.kernels.late import brentq
from anlan.kernels.validity import OutOfRange, within

#: Huppert's constant of a viscous gravity current of fixed volume (J. Fluid Mech. 121 (1982) 43, eq. 2.21).
VISCOUS = 0.894
#: Density times heat capacity of air [J/m3/K].
AIR_HEAT = 1206.0


@dataclass(frozen=True)
class Feed:
    """What is spilt: ``mass`` [kg] at once, then ``rate`` [kg/s] for ``duration`` [s], at ``temperature`` [K]."""

    temperature: float
    mass: float = 0.0
    rate: float = 0.0
    duration: float = 0.0


@dataclass(frozen=True)
class Floor:
    """``ground`` under the pool; smallest ``thickness`` [m] to which a pool spreads; ``bund_area`` [m2] or None.

    ``water_transfer`` [W/m2/K]: the pool floats on water at the ground's temperature, which does not cool; then
    gravity acts through the difference of densities only.
    """

    ground: Ground
    thickness: float = 0.005
    bund_area: float | None = None
    water_transfer: float | None = None


@dataclass(frozen=True)
class Weather:
    """``temperature`` of the air [K], ``wind`` at 10 m [m/s], ``pressure`` [Pa], net ``radiation`` gained [W/m2]."""

    temperature: float = 288.15
    wind: float = 5.0
    pressure: float = ATMOSPHERE
    radiation: float = 0.0


@dataclass(frozen=True)
class PoolCourse:
    """Over ``time`` [s]: ``rate`` of evaporation [kg/s], ``mass`` in the pool and ``evaporated`` [kg], ``radius`` [m],
    ``temperature`` [K]."""

    time: Array
    rate: Array
    mass: Array
    evaporated: Array
    radius: Array
    temperature: Array


def spread_speed(volume: float, radius: float, thickness: float, viscosity: float, gravity: float) -> float:
    """Speed [m/s] at which the edge of a round pool advances: inertia or viscosity, whichever is slower.

    Parameters
    ----------
    volume, radius : of the pool [m3], [m] > 0
    thickness : at which it stops [m]
    viscosity : kinematic [m2/s] > 0
    gravity : (reduced, on water) [m/s2] > 0

    References
    ----------
    Inertia: sqrt(2 g (h - h_min)), Briscoe & Shaw, Prog. Energy Combust. Sci. 6 (1980) 127, Yellow Book eq. 3.62 ff.;
    viscosity: Huppert (1982) eq. 2.21, r = 0.894 (g V^3 t / (3 nu))^(1/8), differentiated at the present r and V.
    """
    depth = volume / (math.pi * radius**2)
    if depth <= thickness:
        return 0.0
    inertial = math.sqrt(2 * gravity * (depth - thickness))
    return min(inertial, VISCOUS**8 * gravity * volume**3 / (24 * viscosity * radius**7))


def course(
    substance: Substance, feed: Feed, floor: Floor, weather: Weather, duration: float, steps: int = 600
) -> PoolCourse:
    """Follow a pool for a time.

    The ground gives each ring of the pool k dT / sqrt(pi a t) since that ring was wetted; air gives heat by the
    analogy of heat and mass transfer; the temperature is found implicitly, so that fast boiling does no harm. Steps
    grow with time. A pool that cools to its melting point stays there.

    Parameters
    ----------
    substance : needs vapour pressure, liquid density and heat capacity, heat of vaporisation; viscosity where fitted
    feed, floor, weather : the spill and its surroundings
    duration : [s], 1 … 1e6
    steps : of time, 50 … 20000

    Raises
    ------
    OutOfRange
        Impossible inputs, or temperatures outside the fits.

    References
    ----------
    Yellow Book (CPR 14E, 1997) sections 3.5.2-3.5.4 (heat balance, ground conduction, evaporation); Webber, SRD
    R507 (1990); air: Chilton-Colburn analogy.
    """
    _check(feed, floor, weather, duration, steps)
    return _Pool(substance, feed, floor, weather).run(duration, steps)


def _check(feed: Feed, floor: Floor, weather: Weather, duration: float, steps: int) -> None:
    floor.ground.check()
    within("spilt mass", feed.mass, "kg", 0, 1e9)
    within("spill rate", feed.rate, "kg/s", 0, 1e6)
    within("spill duration", feed.duration, "s", 0, 1e7)
    if feed.mass + feed.rate * feed.duration <= 0:
        raise OutOfRange("nothing is spilt: give a mass, or a rate and a duration")
    within("smallest thickness", floor.thickness, "m", 1e-4, 1)
    if floor.bund_area is not None:
        within("bund area", floor.bund_area, "m2", 0.1, 1e7)
    if floor.water_transfer is not None:
        within("heat transfer from water", floor.water_transfer, "W/m2/K", 10, 5000)
    within("air temperature", weather.temperature, "K", 200, 350)
    within("wind at 10 m", weather.wind, "m/s", 0.1, 50)
    within("ambient pressure", weather.pressure, "Pa", 5e4, 1.2e5)
    within("net radiation", weather.radiation, "W/m2", -500, 2000)
    within("duration", duration, "s", 1, 1e6)
    within("steps", float(steps), "-", 50, 20000)


_NEEDS = ("vapour_pressure", "liquid_density", "heat_of_vaporisation", "liquid_heat_capacity")


class _Liquid:
    """The substance's properties between ``lowest`` and ``boiling`` [K] as tables, for the inner loops."""

    def __init__(self, substance: Substance, pressure: float) -> None:
        fits = [substance.correlation(name) for name in _NEEDS]
        self.molar_mass = substance.molar_mass
        self.lowest = max(fit.low for fit in fits)
        self.boiling = min(substance.saturation_temperature(pressure), *(fit.high for fit in fits))
        self.freezes = self.lowest <= (substance.melting_temperature or 0.0) + 1
        self._kelvin = np.linspace(self.lowest, self.boiling, 512)
        self._logarithm = np.log(substance.vapour_pressure(self._kelvin))
        self._density = substance.liquid_density(self._kelvin)
        self._heat = substance.heat_of_vaporisation(self._kelvin)
        self._capacity = substance.liquid_heat_capacity(self._kelvin)

    def vapour_pressure(self, kelvin: float) -> float:
        return math.exp(float(np.interp(kelvin, self._kelvin, self._logarithm)))

    def density(self, kelvin: float) -> float:
        return float(np.interp(kelvin, self._kelvin, self._density))

    def heat(self, kelvin: float) -> float:
        return float(np.interp(kelvin, self._kelvin, self._heat))

    def capacity(self, kelvin: float) -> float:
        return float(np.interp(kelvin, self._kelvin, self._capacity))

    def driving(self, kelvin: float, ambient: float) -> float:
        """Vapour density that drives evaporation [kg/m3], with the flow that the vapour itself makes."""
        share = min(self.vapour_pressure(kelvin) / ambient, 1 - 1e-12)
        return -ambient * math.log1p(-share) * self.molar_mass / (GAS_CONSTANT * kelvin)


def _viscosity(substance: Substance, kelvin: float, density: float) -> float:
    """Kinematic viscosity [m2/s]; without a fit that of a thin liquid, which inertia then governs."""
    fit = substance.correlations.get("liquid_viscosity")
    if fit is None or not fit.low <= kelvin <= fit.high:
        return 5e-7
    return float(substance.liquid_viscosity(kelvin)) / density


class _Pool:
    """The pool while it is followed. Each step's ring has its ``areas`` entry and the time it was ``wetted``."""

    def __init__(self, substance: Substance, feed: Feed, floor: Floor, weather: Weather) -> None:
        self.feed, self.floor, self.weather = feed, floor, weather
        self.liquid = _Liquid(substance, weather.pressure)
        boiling = self.liquid.boiling
        within("temperature of the spilt liquid", feed.temperature, "K", self.liquid.lowest, boiling + 0.5)
        self.fed = self.temperature = min(feed.temperature, boiling - 1e-6)
        self.mass, self.evaporated = feed.mass, 0.0
        density = self.liquid.density(self.temperature)
        self.gravity = GRAVITY * (1 - density / 1000) if floor.water_transfer is not None else GRAVITY
        within("reduced gravity of the floating pool", self.gravity, "m/s2", 0, above=True)
        self.viscosity = _viscosity(substance, self.temperature, density)
        self.widest = math.inf if floor.bund_area is None else math.sqrt(floor.bund_area / math.pi)
        # a mass spilt at once starts as a cylinder as high as its radius; a fed pool starts small
        self.radius = min(max(float((feed.mass / density / math.pi) ** (1 / 3)), 0.1), self.widest)

    def run(self, duration: float, steps: int) -> PoolCourse:
        time = duration * (np.arange(steps + 1) / steps) ** 2
        self.areas, self.wetted = np.zeros(steps + 1), np.concatenate([[0.0], time[:-1]])
        self.areas[0] = math.pi * self.radius**2
        rows = [(0.0, self.mass, 0.0, self.radius, self.temperature)]
        for index in range(1, steps + 1):
            rate = self._step(index, float(time[index - 1]), float(time[index]))
            rows.append((rate, self.mass, self.evaporated, self.radius, self.temperature))
        rate, mass, evaporated, radius, temperature = np.array(rows).T
        rate[0] = rate[1]
        return PoolCourse(time, rate, mass, evaporated, radius, temperature)

    def _step(self, index: int, begin: float, end: float) -> float:
        """One step of time; returns the mean rate of evaporation [kg/s]."""
        added = self.feed.rate * max(min(end, self.feed.duration) - begin, 0.0)
        if self.mass + added <= 1e-9:
            return 0.0
        self.temperature = (self.mass * self.temperature + added * self.fed) / (self.mass + added)
        self.mass += added
        self._spread(index, end - begin)
        return self._evaporate(end - begin, self._ground_heat(index, begin, end))

    def _spread(self, index: int, span: float) -> None:
        """The radius grows in 20 parts of the step, never beyond the bund or the smallest thickness."""
        volume = self.mass / self.liquid.density(self.temperature)
        thinnest = math.sqrt(volume / (math.pi * self.floor.thickness))
        radius = self.radius
        for _ in range(20):
            speed = spread_speed(volume, radius, self.floor.thickness, self.viscosity, self.gravity)
            radius = min(radius + speed * span / 20, max(thinnest, self.radius), self.widest)
        self.areas[index] = math.pi * (radius**2 - self.radius**2)
        self.radius = radius

    def _ground_heat(self, index: int, begin: float, end: float) -> float:
        """Heat from below over the step per kelvin of difference [J/K], exact in the square root of time."""
        if self.floor.water_transfer is not None:
            return self.floor.water_transfer * math.pi * self.radius**2 * (end - begin)
        since = self.wetted[: index + 1]
        roots = np.sqrt(end - since) - np.sqrt(np.maximum(begin - since, 0))
        ground = self.floor.ground
        factor = 2 * ground.conductivity / math.sqrt(math.pi * ground.diffusivity)
        return factor * float(np.dot(self.areas[: index + 1], roots))

    def _evaporate(self, span: float, ground: float) -> float:
        """New temperature from the heat balance, then the mass that left at it; returns the rate [kg/s]."""
        area, weather, liquid = math.pi * self.radius**2, self.weather, self.liquid
        coefficient = float(transfer_coefficient(weather.wind, 2 * self.radius))
        air = area * span * AIR_HEAT * coefficient * (0.8 / 0.71) ** 0.67
        inertia = self.mass * liquid.capacity(self.temperature)

        def leaving(kelvin: float) -> float:
            return min(coefficient * liquid.driving(kelvin, weather.pressure) * area * span, self.mass)

        def loss(kelvin: float) -> float:
            gained = ground * (self.floor.ground.temperature - kelvin) + air * (weather.temperature - kelvin)
            gained += area * span * weather.radiation
            return float(inertia * (kelvin - self.temperature) + leaving(kelvin) * liquid.heat(kelvin) - gained)

        self.temperature = self._balanced(loss)
        surplus = max(-loss(self.temperature), 0.0) if self.temperature == self._highest else 0.0
        gone = min(leaving(self.temperature) + surplus / liquid.heat(self.temperature), self.mass)
        self.mass -= gone
        self.evaporated += gone
        return gone / span

    @property
    def _highest(self) -> float:
        return self.liquid.boiling - 1e-9

    def _balanced(self, loss: Callable[[float], float]) -> float:
        """Where the heat balance closes; the melting point while the pool freezes, whose latent heat then feeds it."""
        low = self.liquid.lowest
        if loss(low) > 0:
            if not self.liquid.freezes:
                raise OutOfRange(f"the pool would cool below {low:g} K, where the properties end; shorten the duration")
            return low
        return float(brentq(loss, low, self._highest, xtol=1e-8)) if loss(self._highest) > 0 else self._highest
