"""Where vapour drifts: a passive plume or puff, or a dense cloud, chosen by Britter and McQuaid's criteria.

Each knows the largest concentration at points, the strip in which a level is met, when it arrives and how long it
stays, and where it kills by a probit.
"""

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np

from anlan.kernels.consequence import plume as plumes
from anlan.kernels.consequence import sigma, slab
from anlan.kernels.consequence.atmosphere import Profile, wind_at
from anlan.kernels.consequence.britter_mcquaid import DenseCloud, DensePlume, DensePuff, reduced_gravity
from anlan.kernels.consequence.footprint import Footprint, PlumeWeather, ToxicProbit, plume_tables, puff_tables
from anlan.kernels.consequence.outflow import ATMOSPHERE, gas_density
from anlan.kernels.consequence.puff import Weather as PuffWeather
from anlan.kernels.consequence.slab_concentration import Profiles, profiles
from anlan.kernels.consequence.slab_fluid import fluid_of
from anlan.kernels.consequence.substance import Substance
from anlan.kernels.late import PchipInterpolator, erf
from anlan.kernels.validity import OutOfRange
from anlan.kit.accident.inputs import Sky
from anlan.kit.accident.source import Begun
from anlan.kit.accident.zones import Field, Floats, runs

AIR = 0.02896  # molar mass [kg/mol]
REACH = 100_000.0  # how far clouds are followed [m]
#: Averaging time of toxic concentrations, and of flammable ones, which are all but momentary [s].
TOXIC_S, MOMENT_S = 600.0, 20.0
ROUGHNESS = {"rural": 0.1, "urban": 1.0}
#: Points of an outline's one side.
POINTS = 181
#: Below it a Gaussian wind is not steady [m/s].
CALM = 0.5


class Drift(Protocol):
    """A cloud on its way. Concentrations in kg/m3, distances in m, times in s."""

    model: str

    def strip(self, level: float) -> tuple[Floats, Floats]:
        """Distances and the half-width of the region at or above a level there."""
        ...

    def at(self, x: Floats, y: Floats) -> Floats:
        """Largest concentration at points on the ground."""
        ...

    def arrival(self, x: Floats) -> Floats: ...

    def lasting(self, x: Floats) -> Floats: ...

    def deadly(self, probit: ToxicProbit) -> Footprint:
        """Where it kills."""
        ...

    def burning_mass(self, low: float, high: float) -> float:
        """Mass at concentrations between two limits [kg]."""
        ...


def drift(begun: Begun, substance: Substance, sky: Sky, averaging: float = TOXIC_S) -> Drift:
    """The cloud of a source in a weather."""
    if is_dense(begun, sky):
        try:
            return DenseDrift(begun, substance, sky, averaging)
        except OutOfRange:
            if not may_be_passive(begun, sky):
                raise
            return PassivePlume(begun, sky, averaging)
    return PassivePuff(begun, sky) if begun.mass > 0 else PassivePlume(begun, sky, averaging)


def _air(sky: Sky) -> float:
    return gas_density(ATMOSPHERE, sky.temperature, AIR)


def is_dense(begun: Begun, sky: Sky) -> bool:
    """Whether a cloud behaves as dense gas, by Britter and McQuaid's criteria (HSE CRR 17/1988)."""
    air = _air(sky)
    if begun.density <= air:
        return False
    cloud = DenseCloud(reduced_gravity(begun.density, air), begun.temperature, sky.temperature)
    if begun.mass > 0:
        return DensePuff(cloud, begun.mass / begun.density, sky.wind).dense
    return DensePlume(cloud, begun.rate / begun.density, sky.wind).dense


def may_be_passive(begun: Begun, sky: Sky) -> bool:
    """Whether a dense cloud that the dense-gas model refuses may be taken as a passive plume."""
    return begun.mass == 0 and begun.density <= 3 * _air(sky)


def _distances(reach: float = REACH) -> Floats:
    return np.geomspace(1.0, reach, 500)


class PassivePlume:
    """A Gaussian plume (Briggs), the source taken as a point at its height."""

    model = "高斯烟羽（Briggs 扩散参数）"

    def __init__(self, begun: Begun, sky: Sky, averaging: float = TOXIC_S) -> None:
        self.begun, self.sky = begun, sky
        urban = sky.surroundings == "urban"
        self.set: sigma.PlumeSet = "briggs-urban" if urban else "briggs-rural"
        profile: Profile = "irwin-urban" if urban else "irwin-rural"
        self.speed = max(float(wind_at(max(begun.height, 2.0), sky.wind, 10.0, sky.stability, profile)), CALM)
        self._plume = plumes.Plume(
            begun.rate, self.speed, sky.stability, self.set, begun.height, averaging_time=averaging
        )

    def strip(self, level: float) -> tuple[Floats, Floats]:
        x, width = _rounded(lambda x: np.asarray(plumes.half_width(self._plume, x, level), float), _distances())
        if width[-1] > 0:
            raise OutOfRange(f"{level:g} kg/m3 is still met at {REACH / 1000:.0f} km: check the rate and the substance")
        return x, width

    def at(self, x: Floats, y: Floats) -> Floats:
        ahead = np.maximum(x, 1e-3)
        return np.where(x > 0, plumes.concentration(self._plume, ahead, y), 0.0)

    def arrival(self, x: Floats) -> Floats:
        return np.asarray(np.maximum(x, 0.0) / self.speed)

    def lasting(self, x: Floats) -> Floats:
        return np.full(np.shape(x), self.begun.duration)

    def deadly(self, probit: ToxicProbit) -> Footprint:
        weather = PlumeWeather(self.sky.stability, self.speed, self.set, self.begun.height)
        return plume_tables(_distances(), weather, probit, min(self.begun.duration, 1800.0)).at_rate(self.begun.rate)

    def burning_mass(self, low: float, high: float) -> float:
        x, width = self.strip(low)
        met = np.flatnonzero(width)
        if not len(met):
            return 0.0
        mass = _mass_between(self._grid, float(x[met[-1]]), float(width.max()), low, high)
        return min(mass, self.begun.rate * self.begun.duration)

    def _grid(self, x: Floats, y: Floats, z: Floats) -> Floats:
        return np.asarray(plumes.concentration(self._plume, x, y, z))


class PassivePuff:
    """A Gaussian puff that drifts past, widths at the receptor's distance."""

    model = "高斯烟团"

    def __init__(self, begun: Begun, sky: Sky) -> None:
        self.begun = begun
        self.weather = PuffWeather(max(sky.wind, CALM), sky.stability)

    def _widths(self, x: Floats) -> tuple[Floats, Floats, Floats]:
        stability, chosen = self.weather.stability, self.weather.sigma_set
        return (
            sigma.sigma_x(x, stability, chosen),
            sigma.sigma_y(x, stability, chosen),
            sigma.sigma_z(x, stability, chosen),
        )

    def _axis(self, x: Floats) -> Floats:
        along, across, up = self._widths(x)
        lift = np.exp(-(self.begun.height**2) / (2 * up**2))
        return np.asarray(2 * self.begun.mass * lift / ((2 * math.pi) ** 1.5 * along * across * up))

    def strip(self, level: float) -> tuple[Floats, Floats]:
        def half_width(x: Floats) -> Floats:
            ratio = self._axis(x) / level
            return np.asarray(self._widths(x)[1] * np.sqrt(2 * np.log(np.maximum(ratio, 1.0))))

        x, width = _rounded(half_width, _distances())
        if width[-1] > 0:
            raise OutOfRange(f"{level:g} kg/m3 is still met at {REACH / 1000:.0f} km: check the mass and the substance")
        return x, width

    def at(self, x: Floats, y: Floats) -> Floats:
        ahead = np.maximum(x, 1.0)
        value = self._axis(ahead) * np.exp(-(y**2) / (2 * self._widths(ahead)[1] ** 2))
        return np.where(x > 0, value, 0.0)

    def arrival(self, x: Floats) -> Floats:
        ahead = np.maximum(x, 1.0)
        return np.asarray(np.maximum(ahead - 2 * self._widths(ahead)[0], 0.0) / self.weather.wind)

    def lasting(self, x: Floats) -> Floats:
        return np.asarray(4 * self._widths(np.maximum(x, 1.0))[0] / self.weather.wind)

    def deadly(self, probit: ToxicProbit) -> Footprint:
        return puff_tables(_distances(), self.weather, probit, self.begun.height).at_rate(self.begun.mass)

    def burning_mass(self, low: float, high: float) -> float:
        """The largest over the way: the share of a Gaussian half-space between two concentrations."""
        x = _distances()
        centre = self._axis(x)
        share = _gaussian_share(centre, low) - _gaussian_share(centre, high)
        return float(self.begun.mass * share.max())


class DenseDrift:
    """A dense cloud after SLAB's method."""

    model = "重气扩散（SLAB 方法）"

    def __init__(self, begun: Begun, substance: Substance, sky: Sky, averaging: float) -> None:
        self.begun, self.sky, self.averaging = begun, sky, averaging
        self._fluid = fluid_of(substance)
        self._weather = slab.Weather(
            sky.wind, sky.stability, 10.0, sky.temperature, 100 * sky.humidity, ROUGHNESS[sky.surroundings]
        )
        self._reach = 2000.0
        self._found = self._run(None)

    def _run(self, known: slab.Dispersion | None) -> Profiles:
        begun = self.begun
        kind: slab.Kind = "instantaneous" if begun.mass > 0 else "horizontal-jet" if begun.jet else "pool"
        release = slab.Release(
            kind, max(begun.area, 1e-4), begun.temperature, begun.rate, begun.duration, begun.mass,
            begun.height if begun.jet else 0.0, begun.liquid,
        )  # fmt: skip
        reach = min(self._reach, REACH)
        return profiles(slab.disperse(self._fluid, release, self._weather, reach, known=known), self.averaging)

    def _follow(self) -> None:
        """Follow the cloud farther."""
        self._reach *= 2.5
        self._found = self._run(self._found.run)

    def _until(self, level: float) -> Profiles:
        """The cloud followed until the level is met no more."""
        while True:
            try:
                self._found.reach(level)
                return self._found
            except OutOfRange:
                if self._reach >= REACH:
                    raise
                self._follow()

    @property
    def followed(self) -> Profiles:
        """The run as far as it was needed."""
        return self._found

    def _fraction(self, level: float) -> float:
        return min(level / self._found.pure_density(), 0.999)

    def strip(self, level: float) -> tuple[Floats, Floats]:
        share = self._fraction(level)
        found = self._until(share)
        x = found.run.stations.x - found.run.origin
        excess = np.log(np.maximum(found.peak() / share, 1e-30))
        return _rounded(_between_stations(x, found.half_width_of(share), excess), x)

    def at(self, x: Floats, y: Floats) -> Floats:
        found = self._found
        last = float(found.run.stations.x[-1]) - found.run.origin
        inside = (x > -found.run.origin) & (x < last)
        peak = found.peak_at(np.clip(x, 1e-3, last), y)
        return np.where(inside & (x > 0), peak * found.pure_density(), 0.0)

    def arrival(self, x: Floats) -> Floats:
        return np.asarray(self._found.between(np.maximum(x, 1e-3), self._found.arrival()))

    def lasting(self, x: Floats) -> Floats:
        return np.asarray(self._found.between(np.maximum(x, 1e-3), self._found.duration))

    def deadly(self, probit: ToxicProbit) -> Footprint:
        while self._found.toxic_end(probit) > -2.4 and self._reach < REACH:
            self._follow()
        return _finer(self._found.toxic_footprint(probit))

    def burning_mass(self, low: float, high: float) -> float:
        x, width = self.strip(low)
        met = np.flatnonzero(width)
        if not len(met):
            return 0.0
        reach = float(x[met[-1]])
        if self.begun.mass > 0:
            return self.begun.mass
        mass = _mass_between(self._grid, reach, float(width.max()), low, high)
        return min(mass, self.begun.rate * self.begun.duration)

    def _grid(self, x: Floats, y: Floats, z: Floats) -> Floats:
        found = self._found
        return np.asarray(found.peak_at(x, y, z) * found.pure_density())


class Concentration(Field):
    """What several clouds of one accident bring to a point: the largest of them."""

    unit = "kg/m³"

    def __init__(self, drifts: tuple[Drift, ...]) -> None:
        self.drifts = drifts

    def at(self, x: Floats, y: Floats) -> Floats:
        return np.asarray(np.max([one.at(x, y) for one in self.drifts], axis=0))

    def arrival(self, x: Floats, y: Floats) -> Floats:
        return np.asarray(np.min([one.arrival(x) for one in self.drifts], axis=0))

    def lasting(self, x: Floats, y: Floats) -> Floats:
        return np.asarray(np.max([one.lasting(x) for one in self.drifts], axis=0))


def lethal_strip(footprint: Footprint, cutoff: float) -> tuple[Floats, Floats]:
    """Distances, and the half-width there of the region in which probit - 5 is at least ``cutoff``, with round ends."""
    far = np.log(footprint.x)

    def half_width(x: Floats) -> Floats:
        at = np.log(x)
        a, b = np.interp(at, far, footprint.a), np.exp(np.interp(at, far, np.log(footprint.b)))
        return np.asarray(np.sqrt(np.maximum(a - cutoff, 0.0) / b))

    return _rounded(half_width, footprint.x)


def _rounded(half_width: Callable[[Floats], Floats], coarse: Floats) -> tuple[Floats, Floats]:
    """A strip on points that lie close at both of its ends, where an outline is round; from a coarse look at it."""
    met = np.flatnonzero(half_width(coarse) > 0)
    if not len(met):
        return coarse, np.zeros(len(coarse))
    low, high = float(coarse[max(met[0] - 1, 0)]), float(coarse[min(met[-1] + 1, len(coarse) - 1)])
    low, high = _edge(half_width, float(coarse[met[0]]), low), _edge(half_width, float(coarse[met[-1]]), high)
    x = low + (high - low) * (1 - np.cos(np.linspace(0.0, np.pi, POINTS))) / 2
    return x, half_width(x)


def _edge(half_width: Callable[[Floats], Floats], inside: float, outside: float) -> float:
    """Where a strip ends between a point of it and one that is not of it; itself where the strip goes on there."""
    for _ in range(30):
        middle = 0.5 * (inside + outside)
        inside, outside = (middle, outside) if half_width(np.array([middle]))[0] > 0 else (inside, middle)
    return outside


def _between_stations(x: Floats, width: Floats, excess: Floats) -> Callable[[Floats], Floats]:
    """The half-width between the stations of a run, smooth: its square, which is all but straight where it ends.

    ``excess``: logarithm of the concentration on the axis over the level, which crosses 0 where the strip ends.
    """
    pieces = [_piece(x, width**2, excess, run) for run in runs(width > 0)]

    def half_width(wanted: Floats) -> Floats:
        square = np.zeros(np.shape(wanted))
        for piece in pieces:
            square = np.maximum(square, np.nan_to_num(piece(wanted)))
        return np.sqrt(square)

    return half_width


def _piece(x: Floats, square: Floats, excess: Floats, run: slice) -> PchipInterpolator:
    """One stretch of stations with a width, drawn out on both sides to where the axis falls to the level."""
    at, values = x[run], square[run]
    for inside, outside in ((run.start, run.start - 1), (run.stop - 1, run.stop)):
        if not 0 <= outside < len(x) or x[outside] == x[inside]:
            continue
        share = float(np.clip(excess[inside] / (excess[inside] - excess[outside]), 1e-3, 1.0))
        end = x[inside] + share * (x[outside] - x[inside])
        ahead = outside > inside
        at, values = (np.append(at, end), np.append(values, 0)) if ahead else (np.append(end, at), np.append(0, values))
    _, first = np.unique(at, return_index=True)
    at, values = at[first], values[first]
    if len(at) < 2:
        at, values = np.array([at[0], at[0] + 1e-6]), np.repeat(values, 2)
    return PchipInterpolator(at, values, extrapolate=False)


def _finer(found: Footprint) -> Footprint:
    """A footprint's tables with rows between the stations."""
    x = np.unique(np.concatenate((found.x, np.geomspace(found.x[0], found.x[-1], POINTS))))
    known = np.log(found.x)
    a, b = (PchipInterpolator(known, column)(np.log(x)) for column in (found.a, np.log(found.b)))
    return Footprint(x, a, np.exp(b), found.slope)


def _mass_between(concentration: "_Grid", reach: float, width: float, low: float, high: float) -> float:
    """Integral over the region between two concentrations, by cells [kg]."""
    x = np.linspace(0, reach, 121)[1:]
    y, z = np.linspace(0, 1.05 * width, 31), np.linspace(0, 1.05 * max(width, 2.0), 31)
    value = concentration(x[:, None, None], y[None, :, None], z[None, None, :])
    inside = np.where((value >= low) & (value <= high), value, 0.0)
    column = np.asarray(np.trapezoid(inside, z, axis=2), float)
    slice_ = np.asarray(np.trapezoid(column, y, axis=1), float)
    return 2 * float(np.trapezoid(slice_, x))


class _Grid(Protocol):
    def __call__(self, x: Floats, y: Floats, z: Floats) -> Floats: ...


def _gaussian_share(centre: Floats, level: float) -> Floats:
    """Share of the mass of a Gaussian cloud at or above a level, by the level on its centre."""
    u = np.sqrt(2 * np.log(np.maximum(centre / level, 1.0)))
    return np.asarray(erf(u / math.sqrt(2)) - math.sqrt(2 / math.pi) * u * np.exp(-(u**2) / 2))
