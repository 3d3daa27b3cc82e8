"""Individual and societal risk of a chemical park beside the full-grid sum in NumPy: the same footprints, the same map.

500 scenarios of chlorine at 60 places, 6 weathers, 16 wind directions: 48 000 footprints on 1000 x 1000 cells of 10 m;
Briggs open country, Purple Book probit, lethality cut at 1e-3. NumPy evaluates every footprint on every cell, which
takes most of an hour: a sample of its footprints is timed and scaled, and the figure says so. The exact sum over the
cells that footprints cross is computed in full, and the area inside each contour is compared with it.
"""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
from scipy.special import ndtr, ndtri  # type: ignore[import-untyped]  # scipy ships no types

from anlan.kernels.consequence.footprint import PlumeWeather, ToxicProbit, plume_tables
from anlan.kernels.consequence.sigma import Stability
from anlan.kernels.qra import individual, societal
from anlan.kernels.qra.contours import contours
from anlan.kernels.qra.layout import LEAST, Floats, Grid, Park, Releases, Rose, Shape, park
from anlan.kit.park.compute import Result
from anlan.kit.park.incremental import again_of_parks

RUNS, SAMPLE = 5, 12
GRID = Grid(0, 0, 10, 1000, 1000)
SCENARIOS, PLACES = 500, 60
WEATHERS: tuple[tuple[Stability, float, float], ...] = (
    ("B", 3.0, 0.15),
    ("D", 1.5, 0.15),
    ("D", 5.0, 0.25),
    ("D", 9.0, 0.15),
    ("E", 5.0, 0.10),
    ("F", 1.5, 0.20),
)
CHLORINE = ToxicProbit(-6.35, 0.5, 2.75)
LEVELS = (1e-6, 1e-5)
STEP, REACH = 5.0, 14_145.0


def run() -> Iterator[dict[str, object]]:
    """The map, its error against the exact one, F-N, and one source that is dragged."""
    whole = target_park()
    individual.risk_map(small_part(whole), GRID)  # compile
    seconds, risk = _median(lambda: individual.risk_map(whole, GRID))
    sample = numpy_seconds(whole)
    yield _figure(
        "park, individual risk of 48,000 footprints", seconds, "s", {"numpy (sample, scaled)": sample}, RUNS
    ) | {"footprints timed in NumPy": SAMPLE}
    began = time.perf_counter()
    exact = individual.exact_map(whole, GRID)
    yield _figure("park, the same by exact strips", time.perf_counter() - began, "s", {}, 1)
    yield from _errors(risk, exact)
    people = population()
    spent = time.process_time()
    seconds, _ = _median(lambda: _curve(whole, people))
    spent = (time.process_time() - spent) / RUNS
    yield _figure("park, expected deaths and F-N curve", seconds, "s", {}, RUNS) | {
        "inhabited cells": len(people), "processor seconds": round(spent, 2),
    }  # fmt: skip
    yield _again(whole, people, risk)
    dragged = individual.Dragged(whole, GRID, 7, risk)
    steps = iter(range(100))
    seconds, moved = _median(lambda: dragged.to(4000.0 + 7 * next(steps), 4500.0))
    yield _figure("park, one source dragged: new map", seconds * 1e3, "ms", {}, RUNS)
    seconds, _ = _median(lambda: contours(moved, GRID, LEVELS))
    yield _figure("park, contours of the map at two levels", seconds * 1e3, "ms", {}, RUNS)


def _again(whole: Park, people: Floats, risk: Floats) -> dict[str, object]:
    """One source moved: map, deaths and F-N curve from what is known."""
    known = Result(risk, societal.expected_deaths(whole, people, GRID.cell), 0)
    steps = iter(range(100))

    def job() -> object:
        moved = whole.moved(7, 4000.0 + 10 * next(steps), 4500.0)
        found = again_of_parks(whole, known, moved, GRID, people)
        return societal.curve(found.deaths.number, found.deaths.frequency)

    seconds, _ = _median(job)
    return _figure("park, one source changed: map, deaths and F-N again", seconds * 1e3, "ms", {}, RUNS)


def target_park(scenarios: int = SCENARIOS) -> Park:
    """The park; the same seed gives the same places, rates and frequencies everywhere."""
    rng = np.random.default_rng(1)
    rose = rng.dirichlet(np.ones(16) * 4, size=len(WEATHERS)) * np.array([share for *_, share in WEATHERS])[:, None]
    at = rng.uniform(3000, 7000, (PLACES, 2))
    location = rng.integers(0, PLACES, SCENARIOS)
    rate = 10 ** rng.uniform(-1, np.log10(50), SCENARIOS)
    frequency = 10 ** rng.uniform(-7, -4, SCENARIOS)
    shapes = [_shape(weather, float(rate[number])) for number in range(scenarios) for weather in _plumes()]
    number, count = np.arange(scenarios), len(WEATHERS)
    releases = Releases(
        np.repeat(location[:scenarios], count),
        np.arange(scenarios * count),
        np.tile(np.arange(count), scenarios),
        np.repeat(frequency[number], count),
    )
    return park(at, Rose(rose), shapes, releases)


def small_part(whole: Park) -> Park:
    """One location, to compile with."""
    chosen = whole.of(int(whole.releases.location[0]))
    every = whole.releases
    location, shape, weather = (column[chosen] for column in (every.location, every.shape, every.weather))
    return Park(whole.at, whole.rose, whole.tables, Releases(location, shape, weather, every.frequency[chosen]))


_UNIT = dict[int, tuple[Floats, Floats, float]]()


def _plumes() -> list[tuple[Floats, Floats, float]]:
    """a and b of 1 kg/s in each weather, and what a gains by ln(rate)."""
    for number, (stability, wind, _) in enumerate(WEATHERS):
        if number not in _UNIT:
            x = np.arange(STEP, REACH, STEP)
            made = plume_tables(x, PlumeWeather(stability, wind), CHLORINE, 1800)
            _UNIT[number] = made.a, made.b, made.slope
    return [_UNIT[number] for number in range(len(WEATHERS))]


def _shape(plume: tuple[Floats, Floats, float], rate: float) -> Shape:
    a, b, slope = plume
    shifted = a + slope * np.log(rate)
    last = int(np.flatnonzero(shifted > ndtri(LEAST))[-1]) + 2
    return Shape(shifted[:last].copy(), b[:last].copy(), STEP, STEP)


def numpy_seconds(whole: Park) -> float:
    """Seconds of the full-grid sum, from a sample of footprints spread over scenarios and weathers."""
    chosen = np.linspace(0, len(whole.releases.shape) - 1, SAMPLE).astype(int)
    total, began = np.zeros((GRID.rows, GRID.columns)), time.perf_counter()
    for number, release in enumerate(chosen.tolist()):
        total += on_full_grid(whole, release, number % whole.rose.directions)
    return (time.perf_counter() - began) / SAMPLE * len(whole.releases.shape) * whole.rose.directions


def on_full_grid(whole: Park, release: int, direction: int) -> Floats:
    """One footprint on every cell, as one writes it in NumPy."""
    releases, tables = whole.releases, whole.tables
    shape, weather = int(releases.shape[release]), int(releases.weather[release])
    east, north = whole.at[releases.location[release]]
    angle = 2 * np.pi * direction / whole.rose.directions
    dx, dy = GRID.x[None, :] - east, GRID.y[:, None] - north
    x, y = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
    part = slice(int(tables.first[shape]), int(tables.first[shape + 1]))
    at = tables.start[shape] + np.arange(part.stop - part.start) * tables.step[shape]
    a = np.interp(x, at, tables.ab[part, 0], left=-9, right=-9)
    z = a - np.interp(x, at, tables.ab[part, 1]) * y**2
    weight = float(releases.frequency[release] * whole.rose.probability[weather, direction])
    return np.asarray(weight * np.where(z < tables.least, 0, ndtr(z)), float)


def population() -> Floats:
    """40 villages of 500 m x 500 m."""
    rng = np.random.default_rng(2)
    persons = np.zeros((GRID.rows, GRID.columns))
    for _ in range(40):
        row, column = rng.integers(0, 950, 2)
        persons[row : row + 50, column : column + 50] += rng.uniform(0, 0.3)
    return societal.people_on(GRID, persons)


def _curve(whole: Park, people: Floats) -> tuple[Floats, Floats]:
    deaths = societal.expected_deaths(whole, people, GRID.cell)
    return societal.curve(deaths.number, deaths.frequency)


def _errors(risk: Floats, exact: Floats) -> Iterator[dict[str, object]]:
    for level in LEVELS:
        one, other = (contours(values, GRID, [level])[0].area for values in (risk, exact))
        yield _figure(f"park, area error of the {level:g} contour", abs(one / other - 1) * 100, "%", {}, 1)


def _median(job: Callable[[], Floats | tuple[Floats, Floats] | object]) -> tuple[float, Floats]:
    """Median seconds of several runs, and the last result."""
    seconds, result = [], None
    for _ in range(RUNS):
        began = time.perf_counter()
        result = job()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), result  # type: ignore[return-value]  # only maps are asked for


def _figure(name: str, value: float, unit: str, rivals: dict[str, float], runs: int) -> dict[str, object]:
    return {
        "name": name,
        "value": float(f"{value:.3g}"),
        "unit": unit,
        "runs": runs,
        "peers": {peer: round(seconds) for peer, seconds in rivals.items()},
        "ratio": {peer: round(seconds / value) for peer, seconds in rivals.items()},
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
    }
