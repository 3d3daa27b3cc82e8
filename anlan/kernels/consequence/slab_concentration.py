"""Concentrations of a dense cloud at points and times, averaged over a time, and the strips that they cover.

Across the wind the cloud is flat in the middle and falls off like an error function; upwards it is a Gaussian with its
mirror image; along the wind a puff is like it is across (Ermak 1990, time-averaged concentration). Averaging
over longer than 10 s widens the cloud by its meander.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence import slab_types as parts
from anlan.kernels.consequence.footprint import Footprint, ToxicProbit
from anlan.kernels.consequence.slab import Array, Dispersion, Stations
from anlan.kernels.late import PchipInterpolator, erf, ndtr
from anlan.kernels.validity import OutOfRange, within

ROOT2 = math.sqrt(2)
SAMPLE, LONG_SAMPLE = 10.0, 900.0
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Profiles:
    """The profiles of a run, averaged over ``averaging`` [s], arrays of shape (61,).

    At (x, y, z, t) the volume fraction is ``scale * (erf(xa) - erf(xb)) * (erf(ya) - erf(yb)) * (exp(-za**2) +
    exp(-zb**2))``, with ``xa, xb = (x - box_x +- core_length) / (sqrt2 * end)``, likewise across with ``core`` and
    ``edge``, and ``za, zb = (z -+ centre) / (sqrt2 * sigma)``. ``scale`` keeps the mass whatever the averaging; that of
    the program's printed contour parameters is larger by half_width over the half-width without meander (below 0.1 %
    in its test problems, which average over 10 s).
    """

    run: Dispersion
    averaging: float
    scale: Array
    edge: Array
    end: Array
    sigma: Array
    half_width: Array  # with meander [m]
    duration: Array  # of the cloud at each station [s]
    along: Array  # largest mean along the wind, over the other two factors

    def peak(self, y: npt.ArrayLike = 0.0, z: npt.ArrayLike = 0.0) -> Array:
        """Largest mean volume fraction at every station, ``y`` [m] off the axis and ``z`` [m] high; at most 1."""
        return np.minimum(self.along * self.across(y) * self.upward(z), 1.0)

    def peak_at(self, x: npt.ArrayLike, y: npt.ArrayLike = 0.0, z: npt.ArrayLike = 0.0) -> Array:
        """The same at any distance from the source [m]; 0 upwind of it, refused beyond the last station."""
        place = self._followed(x)
        shape = _Between(self, self.run.stations.x, place)
        value = shape.along * _flat(y, shape.core, shape.edge) * _mirrored(z, shape.centre, shape.sigma)
        return np.where(shape.inside, np.minimum(value, 1.0), 0.0)

    def at(self, x: npt.ArrayLike, y: npt.ArrayLike, z: npt.ArrayLike, t: npt.ArrayLike) -> Array:
        """Volume fraction at a distance [m], off the axis [m], height [m] and time after the begin [s]; at most 1.

        Like the published form it is averaged across (meander) and not over the passing of the cloud. Refused beyond
        the last station, and after the time to which the cloud was followed. While the source feeds it the plume stands
        between the source and the middle of the cloud; the box of the printed method, which keeps the mass, may begin
        downwind of the source and would leave a gap there.
        """
        stations, time, place = self.run.stations, np.asarray(t, float), self._followed(x)
        front = float(stations.box_time.max())
        steady = self.run.turn == len(stations.x)
        within("t", time, "s", high=max(front, self.run.duration) if steady else front)
        moving = _Between(self, stations.box_time, time)
        shape = moving if self.run.kind == parts.INSTANTANEOUS else _Between(self, stations.x, place)
        passed = time > front  # the plume stands along the whole way
        fed = (time <= self.run.duration) & (place <= moving.box_x) & (self.run.kind != parts.INSTANTANEOUS)
        along = np.where(passed | fed, 2.0, _flat(place - moving.box_x, moving.core_length, moving.end))
        value = shape.scale * along * _flat(y, shape.core, shape.edge) * _mirrored(z, shape.centre, shape.sigma)
        return np.where(shape.inside & (moving.inside | passed), np.minimum(value, 1.0), 0.0)

    def _followed(self, x: npt.ArrayLike) -> Array:
        """Distances from the source in the model's coordinate; ``OutOfRange`` beyond the last station."""
        within("x", x, "m", high=float(self.run.stations.x[-1]) - self.run.origin)
        return np.asarray(np.asarray(x, float) + self.run.origin)

    def across(self, y: npt.ArrayLike) -> Array:
        """The factor across the wind, 0 to 2."""
        return _flat(y, self.run.stations.core, self.edge)

    def upward(self, z: npt.ArrayLike) -> Array:
        """The factor over the height, 0 to 2."""
        return _mirrored(z, self.run.stations.centre, self.sigma)

    def arrival(self) -> Array:
        """When the cloud reaches every station [s]."""
        return np.maximum(self.run.stations.time - 0.5 * self.duration, 0.0)

    def highest(self) -> Array:
        """Height at which the concentration is largest [m]."""
        centre = self.run.stations.centre
        ratio = np.divide(centre, self.sigma, out=np.zeros_like(centre), where=self.sigma > 0) ** 2
        share = np.ones_like(centre)
        for _ in range(60):  # z = zc tanh(zc z / sigma^2)
            share = np.tanh(ratio * share)
        return np.where(ratio > 1, share * centre, 0.0)

    def half_width_of(self, level: float, z: float = 0.0) -> Array:
        """Half-width of the strip in which the largest mean reaches ``level`` [vol/vol], at every station [m]."""
        within("level", level, "vol/vol", 0, 1, above=True)
        axis = self.along * self.upward(z)
        need = np.divide(level, axis, out=np.full(len(axis), np.inf), where=axis > 1e-300)
        low, high = np.zeros_like(need), self.run.stations.core + 6 * self.edge + 1e-9
        for _ in range(45):
            middle = 0.5 * (low + high)
            above = self.across(middle) >= need
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        return np.where(self.across(0.0) >= need, low, 0.0)

    def reach(self, level: float, z: float = 0.0) -> float:
        """Farthest distance from the source at which ``level`` [vol/vol] is met on the axis; 0 where nowhere [m].

        Refused where the level is still met at the last station.
        """
        within("level", level, "vol/vol", 0, 1, above=True)
        x, value = self.run.stations.x - self.run.origin, self.peak(0.0, z)
        met = np.flatnonzero((value >= level) & (x > 0))
        if not met.size:
            return 0.0
        last = int(met[-1])
        if last == len(x) - 1:
            raise OutOfRange(f"level = {level:g} vol/vol: still met at {x[last]:.0f} m; follow the cloud farther")
        if value[last + 1] <= 0:
            return float(x[last])
        share = math.log(value[last] / level) / math.log(value[last] / value[last + 1])
        return float(x[last] * (x[last + 1] / x[last]) ** share)

    def downwind(self) -> list[float]:
        """Distances of the stations from the source, those downwind of it [m]."""
        x = self.run.stations.x - self.run.origin
        return [float(place) for place in x[x > 0]]

    def between(self, x: npt.ArrayLike, column: Array) -> Array:
        """A column of the stations at distances from the source [m]; beyond the last station that of the last."""
        told = np.isfinite(column)
        return np.asarray(np.interp(np.asarray(x, float), self.run.stations.x[told] - self.run.origin, column[told]))

    def half_width_at(self, x: npt.ArrayLike) -> Array:
        """Half-width with meander at distances from the source [m]."""
        return self.between(x, self.half_width)

    def area(self, half_width: Array) -> float:
        """Area of a strip of that half-width at every station [m2]."""
        return float(np.sum((half_width[1:] + half_width[:-1]) * np.diff(self.run.stations.x)))

    def pure_density(self) -> float:
        """Concentration of the undiluted material at the temperature of the air [kg/m3]."""
        return self.run.molar_mass * parts.PRESSURE / (parts.GAS_CONSTANT * self.run.air.temperature)

    def toxic_footprint(
        self, probit: ToxicProbit, exposure: float = 1800.0, z: float = 0.0, columns: int = 28
    ) -> Footprint:
        """Where the cloud kills, as tables along the wind (distances from the source).

        ``a`` is the probit on the axis less 5. ``b`` is chosen so that the probability summed across the wind is that
        of the profile, which is flat in the middle and no parabola. The dose is that of the passing cloud, for at most
        ``exposure`` [s] around the time of its largest concentration. Its ``slope`` is NaN: another rate is another
        cloud. ``columns``: 28 leave 4e-6 of the sum across the wind, over 42 clouds.
        """
        within("exposure", exposure, "s", 0, above=True)
        within("z", z, "m", 0)
        rows = self._shown()
        stations, axis, load = self.run.stations, self._axis(probit, z), self._load(probit.n, exposure, rows)
        widest = stations.core + 5 * self.edge
        offsets = widest * (np.arange(columns)[:, None] + 0.5) / columns
        with np.errstate(divide="ignore"):
            beside = _probit(probit, (axis * self.across(offsets))[:, rows], load)
        total = np.sum(ndtr(np.nan_to_num(beside, neginf=-40.0)), axis=0) * widest[rows] / columns
        centre = self._centre(probit, axis, load, rows)
        narrow = (_parabola(centre) / np.maximum(total, 1e-300)) ** 2
        return Footprint((stations.x - self.run.origin)[rows], centre, narrow, math.nan)

    def toxic_end(self, probit: ToxicProbit, exposure: float = 1800.0, z: float = 0.0) -> float:
        """The last ``a`` of :meth:`toxic_footprint`, in a tenth of its time."""
        last = self._shown()[-1:]
        return float(self._centre(probit, self._axis(probit, z), self._load(probit.n, exposure, last), last)[0])

    def _shown(self) -> Rows:
        """The stations of a footprint: those beyond the source that the cloud reaches."""
        return np.flatnonzero((self.run.stations.x > self.run.origin) & (self.along > 0))

    def _axis(self, probit: ToxicProbit, z: float) -> Array:
        """Concentration in the probit's unit, over the factors along and across the wind, at every station."""
        return np.minimum(self.scale * self.upward(z), 1.0) * (self.pure_density() / probit.unit)

    def _centre(self, probit: ToxicProbit, axis: Array, load: Array, rows: Rows) -> Array:
        """Probit on the axis less 5 at some stations, not below -30."""
        with np.errstate(divide="ignore"):
            return np.maximum(_probit(probit, (axis * self.across(0.0))[rows], load), -30.0)

    def _load(self, power: float, exposure: float, rows: Rows) -> Array:
        """Integral over time of the factor along the wind to the ``power``, for at most ``exposure`` [s] [min]."""
        load = np.asarray(2.0**power * np.minimum(self.duration[rows], exposure))
        puff = rows[rows >= self.run.turn]
        if puff.size:
            stations, end = self.run.stations, self.end[puff]
            core, speed = stations.core_length[puff], np.maximum(stations.speed[puff], 1e-3)
            half = np.minimum((core + 5 * end) / speed, 0.5 * exposure)
            away = half * (np.arange(40)[:, None] + 0.5) / 40 * speed
            load[rows >= self.run.turn] = 2 * half * np.mean(_flat(away, core, end) ** power, axis=0)
        return load / 60


class _Between:
    """Profiles between the stations, by what ascends along them (distance or time)."""

    def __init__(self, profiles: Profiles, along: Array, wanted: Array) -> None:
        stations = profiles.run.stations
        rows = np.flatnonzero(np.concatenate(([True], np.diff(np.maximum.accumulate(along)) > 0)))
        known = along[rows]
        self.inside = (wanted >= known[0]) & (wanted <= known[-1])
        at = np.clip(wanted, known[0], known[-1])
        names = ("core", "centre", "box_x", "core_length")
        columns = [getattr(stations, name) for name in names] + [profiles.edge, profiles.end, profiles.sigma]
        smallest = np.finfo(float).tiny
        logs = [np.log(np.maximum(column, smallest)) for column in (profiles.scale, profiles.along)]
        found = PchipInterpolator(known, np.stack(columns + logs, axis=1)[rows])(at)
        self.core, self.centre, self.box_x, self.core_length, self.edge, self.end, self.sigma = (
            found[..., i] for i in range(7)
        )
        self.scale, self.along = np.exp(found[..., 7]), np.exp(found[..., 8])


def fatality(footprint: Footprint, x: npt.ArrayLike) -> Array:
    """Probability of death on the axis at distances from the source [m]; 0 beyond the tables."""
    centre = np.interp(np.asarray(x, float), footprint.x, footprint.a, right=-np.inf)
    return np.asarray(ndtr(centre))


def profiles(run: Dispersion, averaging: float) -> Profiles:
    """Profiles of a run, averaged over a time.

    Parameters
    ----------
    run
        After :func:`anlan.kernels.consequence.slab.disperse`.
    averaging
        Averaging time, 1 s to 1 h [s].

    Returns
    -------
    Profiles

    Raises
    ------
    OutOfRange
        Averaging time out of its range.

    References
    ----------
    Ermak 1990, UCRL-MA-105607.
    """
    within("averaging", averaging, "s", 1, 3600)
    stations = run.stations
    stays = _duration(run)
    narrow = np.sqrt(np.maximum(stations.half_width**2 - stations.core**2, 0) / 3)
    edge = np.sqrt(narrow**2 + _meander(run, np.minimum(stays, averaging)))
    half = np.sqrt(stations.core**2 + 3 * edge**2)
    top = np.where(stations.centre > 0.5 * stations.height, stations.centre + 0.5 * stations.height, stations.height)
    sigma = (top - stations.centre) / math.sqrt(3)
    end = np.sqrt(np.maximum(stations.half_length**2 - stations.core_length**2, 0) / 3)
    volume = stations.half_length * stations.half_width * stations.height * stations.volume_fraction
    below = 4 * ROOT2 * math.sqrt(math.pi) * stations.core_length * stations.core * sigma
    scale = np.divide(volume, below, out=np.zeros_like(volume), where=below > 0)
    along = _largest_mean(run, averaging, end, sigma)
    return Profiles(run, averaging, scale, edge, end, sigma, half, stays, along)


def _probit(probit: ToxicProbit, concentration: Array, load: Array) -> Array:
    """Probit less 5 of a concentration in its unit, over a load's time [min]."""
    return np.asarray(probit.a + probit.b * (probit.n * np.log(concentration) + np.log(load)) - 5)


def _duration(run: Dispersion) -> Array:
    """How long the cloud takes to pass; not shorter upwind than its source runs, never longer upwind than downwind."""
    passing = 2 * run.stations.half_length / np.maximum(run.stations.speed, 1e-3)
    stays = np.maximum(np.minimum.accumulate(passing[::-1])[::-1], run.duration)
    stays[0] = stays[1]
    return stays


def _turbulence(time: npt.ArrayLike) -> Array:
    """Sideways turbulence of a sample of that length, over the wind."""
    t = np.asarray(time, float)
    return np.asarray(0.08 * ((t + SAMPLE * np.exp(-t / SAMPLE)) / LONG_SAMPLE) ** 0.2)


def _meander(run: Dispersion, time: Array) -> Array:
    """Squared width that the cloud's wandering adds over an averaging time [m2]."""
    stations, air = run.stations, run.air
    grown = (_turbulence(time) / air.turbulence) ** 2 - 1
    away = np.sqrt(1 + parts.EDGE_LENGTH * np.maximum(stations.x - stations.x[0], 0)) - 1
    spread = 2 * air.sideways / parts.EDGE_LENGTH * away
    return np.asarray(grown * (spread * _released_from_jet(run)) ** 2)


def _released_from_jet(run: Dispersion) -> Array:
    """How much of the wandering a horizontal jet's own momentum allows, 0 to 1."""
    stations = run.stations
    if run.release.kind != "horizontal-jet":
        return np.ones_like(stations.x)
    air_flow = run.air.density * stations.wind * (1 - stations.fraction)
    ratio = np.cbrt(air_flow / (run.vapour_density * run.jet_speed * stations.fraction))
    safe = np.maximum(ratio, 0.1)
    log = 0.5 * np.log((1 - safe + safe**2) / (1 + safe) ** 2)
    angle = math.sqrt(3) * (np.arctan((2 * safe - 1) / math.sqrt(3)) + math.atan(1 / math.sqrt(3)))
    return np.where(ratio < 0.1, 0.0, 1 - 2 / (3 * safe**2) * (log + angle))


def _largest_mean(run: Dispersion, averaging: float, end: Array, sigma: Array) -> Array:
    """The factor along the wind, averaged over the passing cloud around its largest concentration."""
    stations: Stations = run.stations
    slender = np.divide(stations.height, sigma, out=np.full_like(sigma, math.sqrt(3)), where=sigma > 0)
    even = stations.half_width * slender * stations.volume_fraction / stations.core
    steady = 0.5 / (ROOT2 * math.sqrt(math.pi)) * even * min(run.duration / averaging, 1.0)
    puff = np.arange(len(sigma)) >= run.turn
    if not puff.any():
        return steady
    wide = np.where(end > 0, ROOT2 * end, 1.0)
    drift = 0.5 * np.maximum(stations.speed, 1e-3) * averaging
    ahead, behind = (stations.core_length + drift) / wide, (stations.core_length - drift) / wide
    passed = ahead * erf(ahead) - behind * erf(behind)
    passed += (np.exp(-(ahead**2)) - np.exp(-(behind**2))) / math.sqrt(math.pi)
    length = np.where(stations.core_length > 0, stations.core_length, 1.0)
    moving = 0.25 / math.sqrt(math.pi) * end * stations.half_length * even * passed / (length * drift)
    return np.where(puff, moving, steady)


def _flat(away: npt.ArrayLike, core: Array, edge: Array) -> Array:
    wide = np.where(edge > 0, ROOT2 * edge, 1e-9)
    return np.asarray(erf((np.asarray(away) + core) / wide) - erf((np.asarray(away) - core) / wide))


def _mirrored(z: npt.ArrayLike, centre: Array, sigma: Array) -> Array:
    wide = np.where(sigma > 0, ROOT2 * sigma, 1e-9)
    height = np.asarray(z, float)
    return np.asarray(np.exp(-(((height - centre) / wide) ** 2)) + np.exp(-(((height + centre) / wide) ** 2)))


def _parabola(top: Array) -> Array:
    """Integral of the normal distribution function of ``top - s**2`` over s > 0."""
    far = np.sqrt(np.maximum(top, 0) + 9)
    s = far * (np.arange(64)[:, None] + 0.5) / 64
    return np.asarray(np.mean(ndtr(top - s * s), axis=0) * far)
