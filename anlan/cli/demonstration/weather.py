"""One weather for the whole county: wind, rain, warmth, tide, as functions of the time alone.

The same seed gives the same weather at any moment, so that the month that was made and the hours that follow are one.
A storm is a hump of wind and rain around a moment; stories and the month's plan bring theirs along.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STEP_S = 600  # of the grid on which rain is summed
LOOK_BACK_S = 96 * 3600  # how long rain is remembered
SOAK_S = 24 * 3600  # the ground forgets rain at this rate
TIDE_S = 12.42 * 3600
DAY_S, HOUR_S = 86_400, 3_600
ZONE_S = 8 * HOUR_S  # the county keeps China's time
GUSTS = 1.3  # a gust over the mean wind
SEASON_MEAN, SEASON_SWING, COLDEST_DAY = 12.0, 14.0, 20  # [℃], [℃], day of the year

#: What :meth:`Weather.at` gives, in this order.
NAMES = (
    "warmth", "temperature", "gust", "rain_10min", "rain_1h", "rain_24h", "wet", "tide", "activity", "crowd", "wind",
    "wind_from", "humidity", "cloud", "low_cloud",
)  # fmt: skip
PLACE = {name: place for place, name in enumerate(NAMES)}


@dataclass(frozen=True)
class Storm:
    """A hump: ``peak`` at its middle [s since 1970]; ``gust`` [m/s] and ``rain`` [mm/h] come on top of what is."""

    middle_s: float
    hours: float
    gust: float = 0.0
    rain: float = 0.0

    def shape(self, t: Floats) -> Floats:
        """1 at the middle, 0 outside, smooth."""
        x = np.clip(np.abs(t - self.middle_s) / (self.hours * HOUR_S / 2), 0.0, 1.0)
        return np.asarray(np.cos(x * np.pi / 2) ** 2, np.float64)


class Weather:
    """``at(times)``: one row of :data:`NAMES` for each time [s since 1970]."""

    def __init__(self, seed: int, storms: Iterable[Storm] = ()) -> None:
        self.seed, self.storms = seed, tuple(storms)

    def at(self, times: npt.ArrayLike) -> Floats:
        """Warmth [℃ off the season], air [℃], gust [m/s], rain [mm], wet [mm soaked], tide [m], activity, crowd, mean
        wind [m/s] and where it comes from [degree], humidity [%], clouds and low clouds [tenths]."""
        t = np.asarray(times, np.float64).reshape(-1)
        local = (t + ZONE_S) % DAY_S / HOUR_S
        weekend = ((t + ZONE_S) // DAY_S + 3) % 7 >= 5
        warmth = 4.0 * np.cos((local - 15) / 12 * np.pi) + 2.5 * noise(self.seed, t / (60 * HOUR_S))
        gust, cloud = self._gust(t, local), self._cloud(t)
        columns = {
            "warmth": warmth,
            "temperature": _season(t) + warmth,
            "gust": gust,
            "wind": gust / GUSTS,
            "wind_from": self._wind_from(t, local),
            "humidity": np.clip(64.0 - 2.2 * warmth + 9.0 * noise(self.seed + 7, t / (11 * HOUR_S)), 18.0, 99.0),
            "cloud": cloud,
            "low_cloud": cloud * np.clip(0.5 + 0.3 * noise(self.seed + 9, t / (8 * HOUR_S)), 0.0, 1.0),
            **self._rain(t),
            "tide": 1.2 * np.sin(t / TIDE_S * 2 * np.pi),
            "activity": _activity(local, np.where(weekend, 0.6, 1.0)),
            "crowd": _crowd(local, np.where(weekend, 1.25, 1.0)),
        }
        return np.column_stack([columns[name] for name in NAMES])

    def _gust(self, t: Floats, local: Floats) -> Floats:
        calm = 3.5 + 0.9 * noise(self.seed + 1, t / (9 * HOUR_S)) + 0.35 * noise(self.seed + 2, t / HOUR_S)
        calm += 0.5 * np.cos((local - 14) / 12 * np.pi)
        gust: Floats = np.maximum(calm, 0.6) * (1.3 + 0.08 * noise(self.seed + 3, t / 240))
        for storm in self.storms:
            ragged = 1 + 0.12 * noise(self.seed + 4, t / 90)
            gust = np.maximum(gust, gust + (storm.gust - gust) * storm.shape(t) * ragged)
        return gust

    def _wind_from(self, t: Floats, local: Floats) -> Floats:
        """A coast's wind: it turns over the days, from the sea by day and from the land by night."""
        turning = 215.0 + 75.0 * noise(self.seed + 10, t / (16 * HOUR_S)) + 14.0 * noise(self.seed + 11, t / HOUR_S)
        return np.asarray((turning - 35.0 * np.cos((local - 14) / 12 * np.pi)) % 360.0, np.float64)

    def _cloud(self, t: Floats) -> Floats:
        """Of the sky [tenths]; a storm covers it."""
        cloud = 4.5 + 3.5 * noise(self.seed + 8, t / (9 * HOUR_S))
        for storm in self.storms:
            cloud = np.maximum(cloud, 10.0 * storm.shape(t))
        return np.clip(cloud, 0.0, 10.0)

    def _intensity(self, t: Floats) -> Floats:
        """Rain [mm/h]."""
        showers: Floats = 2.5 * np.maximum(noise(self.seed + 5, t / (5 * HOUR_S)) - 1.45, 0.0)
        for storm in self.storms:
            showers = showers + storm.rain * storm.shape(t) * (1 + 0.2 * noise(self.seed + 6, t / 900))
        return np.maximum(showers, 0.0)

    def _rain(self, t: Floats) -> dict[str, Floats]:
        """Sums of rain that end at each time, from a grid that reaches back far enough."""
        if not len(t):
            return dict.fromkeys(("rain_10min", "rain_1h", "rain_24h", "wet"), t)
        start = (t.min() - LOOK_BACK_S) // STEP_S * STEP_S
        grid = np.arange(start, t.max() + 2 * STEP_S, STEP_S)
        fell = self._intensity(grid) * STEP_S / HOUR_S
        total = np.concatenate([[0.0], np.cumsum(fell)[:-1]])
        age = np.exp((grid - start) / SOAK_S)  # e^35 over a month: far from the edge of a double
        soaked = np.cumsum(fell * age) / age

        def since(seconds: float) -> Floats:
            fallen: Floats = np.interp(t, grid, total) - np.interp(t - seconds, grid, total)
            return np.maximum(fallen, 0.0)

        found = {"rain_10min": since(600), "rain_1h": since(HOUR_S), "rain_24h": since(DAY_S)}
        return found | {"wet": np.interp(t, grid, soaked)}


def noise(seed: int, x: Floats) -> Floats:
    """Smooth noise of unit variance at whole numbers, never beyond 2: the same for the same seed and place."""
    low = np.floor(x)
    share = x - low
    share = share * share * (3 - 2 * share)
    left, right = normals(seed, low.astype(np.int64)), normals(seed, low.astype(np.int64) + 1)
    return np.asarray(np.clip(left * (1 - share) + right * share, -2.0, 2.0), np.float64)


def normals(seed: int, places: npt.NDArray[np.int64]) -> Floats:
    """A normal number for every whole number (Box and Muller over splitmix64)."""
    radius = np.sqrt(-2 * np.log(np.maximum(_uniform(2 * seed, places), 1e-12)))
    return np.asarray(radius * np.cos(2 * np.pi * _uniform(2 * seed + 1, places)), np.float64)


def _uniform(seed: int, places: npt.NDArray[np.int64]) -> Floats:
    with np.errstate(over="ignore"):
        mixed = places.astype(np.uint64) + np.uint64((seed * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / 2**53, np.float64)


def _season(t: Floats) -> Floats:
    day = t / DAY_S % 365.2425
    return np.asarray(SEASON_MEAN - SEASON_SWING * np.cos((day - COLDEST_DAY) / 365.2425 * 2 * np.pi), np.float64)


def _activity(local: Floats, week: Floats) -> Floats:
    """How much is being done: a shift from eight to six, a little at night."""
    up, down = 1 / (1 + np.exp(-(local - 7.7) * 2.5)), 1 / (1 + np.exp((local - 18.0) * 2.0))
    return np.asarray(0.25 + 0.75 * up * down * week, np.float64)


def _crowd(local: Floats, week: Floats) -> Floats:
    """How many people are about: noon and evening, more at the weekend."""
    noon, evening = np.exp(-(((local - 12) / 2.2) ** 2)), np.exp(-(((local - 18.5) / 2.0) ** 2))
    return np.asarray(0.1 + (0.7 * noon + 0.9 * evening) * week, np.float64)
