"""A park out of a run: footprints of each outcome and weather, frequencies by pack and event tree, people as points."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from anlan.kernels.consequence.footprint_cache import FootprintCache
from anlan.kernels.qra import events
from anlan.kernels.qra._workers import cores
from anlan.kernels.qra.layout import Floats, Grid, Integers, Park, Releases, Rose, park
from anlan.kernels.validity import OutOfRange
from anlan.kit.park.footprints import KEPT, Made, depends_on_weather, footprint
from anlan.kit.park.inputs import BadRun, Leak, Outcome, Reading, Run, Scenario, Source
from anlan.kit.park.vapour import Air
from anlan.packs.families import leak_frequencies
from anlan.packs.model import Problem

_ENDS = {
    "immediate": events.IMMEDIATE,
    "flash_fire": events.FLASH_FIRE,
    "explosion": events.EXPLOSION,
    "unignited": events.UNIGNITED,
}


@dataclass(frozen=True)
class Case:
    """One outcome of one scenario of one source, with its frequency [1/yr]; ``added``: its part by knock-on effects."""

    source: Source
    scenario: Scenario
    outcome: Outcome
    frequency: float
    added: float = 0.0

    @property
    def name(self) -> str:
        end = "" if self.outcome.when == "always" else f"（{END_NAMES[self.outcome.when]}）"
        return f"{self.scenario.name}{end}"


END_NAMES = {"immediate": "立即点火", "flash_fire": "闪火", "explosion": "爆炸", "unignited": "未点火"}
KIND_NAMES = {
    "toxic": "中毒", "flash_fire": "闪火", "fireball": "火球", "pool_fire": "池火", "explosion": "爆炸", "circle": "圆",
    "rings": "环", "along": "自备足迹", "toxic_puff": "中毒（瞬时）", "flash_puff": "闪火（瞬时）",
}  # fmt: skip


@dataclass(frozen=True)
class Used:
    """What computed a case in a weather (empty: in all), and why that model where there was a choice."""

    case: int
    weather: str
    model: str
    why: str


@dataclass(frozen=True)
class Scene:
    """The park, and for each of its releases the case it belongs to; ``slope`` of each footprint by ln(rate)."""

    run: Run
    grid: Grid
    park: Park
    cases: tuple[Case, ...]
    case_of: Integers
    slope: Floats
    people: Floats  # x, y [m], persons
    models: tuple[Used, ...] = ()

    @property
    def scenario_of(self) -> Integers:
        """Number of each release's scenario: the outcomes of one scenario have its frequency and rate in common."""
        scenarios = {id(case.scenario): number for number, case in enumerate(self.cases)}
        return np.array([scenarios[id(self.cases[case].scenario)] for case in self.case_of.tolist()], np.int64)


def build(reading: Reading, on: date, kept: FootprintCache = KEPT) -> Scene:
    """Put a park together; raises BadRun that names each part which no model takes.

    ``kept``: footprints of dense clouds, which take milliseconds each.
    """
    run, problems = reading.run, list[Problem]()
    cases = [*_cases(reading, on, problems)]
    airs = [Air(weather, on, kept, slopes=run.uncertainty is not None) for weather in run.weather.classes]
    _fill(cases, airs)
    made, rows = list[Made](), list[tuple[int, int, int, float, int]]()
    for number, case in enumerate(cases):
        try:
            _add_footprints(run, (number, case), airs, made, rows)
        except (OutOfRange, ValueError, KeyError) as error:
            problems.append(reading.problem(case.outcome, f"{case.source.name} {case.name}：{_said(error)}"))
    if problems:
        raise BadRun(problems)
    columns = np.array(rows, float).reshape(-1, 5)
    location, shape, weather, owner = (columns[:, place].astype(np.int64) for place in (0, 1, 2, 4))
    releases = Releases(location, shape, weather, columns[:, 3].copy())
    places = [(source.x, source.y) for source in run.sources]
    try:
        whole = park(places, _rose(run), [one.shape for one in made], releases)
        grid = _grid(run)
    except OutOfRange as error:
        raise BadRun([reading.problem(run.grid, _said(error))]) from error
    slopes, used = np.array([one.slope for one in made]), tuple(_used(run, made, owner, weather))
    return Scene(run, grid, whole, tuple(cases), owner, slopes, people_of(run, grid), used)


def _used(run: Run, made: list[Made], owner: Integers, weather: Integers) -> Iterator[Used]:
    """Made and owner go side by side: every release has its own footprint."""
    for one, case, row in zip(made, owner.tolist(), weather.tolist(), strict=True):
        yield Used(case, run.weather.classes[row].name if row >= 0 else "", one.model, one.why)


def _fill(cases: Iterable[Case], airs: list[Air]) -> None:
    """Make the footprints of dense clouds on several threads; what a model refuses is told later."""
    clouds = [case.outcome for case in cases if _dense_may_be(case.outcome)]
    jobs = [(outcome, air) for outcome in dict.fromkeys(clouds) for air in airs]
    if len(jobs) > 1 and cores() > 1:
        with ThreadPoolExecutor(cores()) as pool:
            list(pool.map(_try, jobs))


def _dense_may_be(outcome: Outcome) -> bool:
    """Whether an outcome tells how its cloud begins and goes by footprints that are kept."""
    return any(one is not None and one.cloud is not None for one in (outcome.toxic, outcome.toxic_puff))


def _try(job: tuple[Outcome, Air]) -> None:
    outcome, air = job
    with suppress(OutOfRange, ValueError, KeyError):
        footprint(outcome, air.weather, air)


def _said(error: Exception) -> str:
    text = str(error.args[0]) if error.args else str(error)
    return f"{text}；请按模型的适用范围更正（docs/howto/park.md）"


def _grid(run: Run) -> Grid:
    given = run.grid
    return Grid(given.west, given.south, given.cell, given.columns, given.rows)


def _rose(run: Run) -> Rose:
    share = np.array([one.share for one in run.weather.classes])
    directions = np.array([one.rose for one in run.weather.classes])
    table = directions / directions.sum(axis=1, keepdims=True)
    rose = Rose.observed(share / share.sum(), table)
    return rose.refined(run.weather.parts) if run.weather.parts > 1 else rose


def _cases(reading: Reading, on: date, problems: list[Problem]) -> Iterator[Case]:
    for source in reading.run.sources:
        for scenario in source.scenarios:
            frequency = scenario.frequency
            if scenario.leak is not None:
                try:
                    frequency = leak_frequency(scenario.leak, on)
                except KeyError as error:
                    problems.append(reading.problem(scenario.leak, f"{source.name} {scenario.name}：{error.args[0]}"))
                    continue
            assert frequency is not None
            ends = ends_of(scenario)
            for outcome in scenario.outcomes:
                yield Case(source, scenario, outcome, frequency * ends[outcome.when])


def ends_of(scenario: Scenario) -> dict[str, float]:
    """Probability of each end of a scenario's event tree, by what an outcome's ``when`` says."""
    if scenario.ignition is None:
        return {"always": 1.0}
    tree = events.flammable(scenario.ignition.immediate, scenario.ignition.delayed, scenario.ignition.explosion)
    return {when: tree[end] for when, end in _ENDS.items()}


def leak_frequency(leak: Leak, on: date) -> float:
    """Frequency [1/yr] of a leak by the pack; raises KeyError that says what the pack knows."""
    pack = leak_frequencies.load(on)
    holes = pack.holes(leak.equipment)
    if not holes:
        raise KeyError(f"泄漏频率包里没有设备 {leak.equipment}；有：{'、'.join(one.code for one in pack.equipment)}")
    if leak.hole not in holes:
        raise KeyError(f"{leak.equipment} 没有孔 {leak.hole}；有：{'、'.join(holes)}")
    if not 0 <= leak.amount <= 1e6:
        raise KeyError(f"amount {leak.amount} 应在 0 到 1000000 之间（台、米、英尺或小时）")
    return holes[leak.hole].yearly(leak.amount)


def _add_footprints(
    run: Run,
    numbered: tuple[int, Case],
    airs: list[Air],
    made: list[Made],
    rows: list[tuple[int, int, int, float, int]],
) -> None:
    number, case = numbered
    location = run.sources.index(case.source)
    every = depends_on_weather(case.outcome)
    for weather, air in enumerate(airs if every else airs[:1]):
        found = footprint(case.outcome, air.weather, air)
        if found is not None:
            rows.append((location, len(made), weather if every else -1, case.frequency, number))
            made.append(found)


def people_of(run: Run, grid: Grid) -> Floats:
    """Where people are: points, and the cells of circles and polygons [x, y, persons]."""
    parts = [np.zeros((0, 3))]
    for people in run.population:
        parts.append(_circle_of(people.x, people.y, people.radius, people.persons, grid.cell))
    for area in run.areas:
        parts.append(_polygon(np.array(area.corners), area.persons, grid.cell))
    joined = np.concatenate(parts)
    return joined[joined[:, 2] > 0]


def _circle_of(x: float, y: float, radius: float, persons: float, cell: float) -> Floats:
    if radius <= 0:
        return np.array([[x, y, persons]])
    steps = max(round(2 * radius / cell), 1)
    offset = (np.arange(steps) + 0.5) / steps * 2 * radius - radius
    dx, dy = (axis.ravel() for axis in np.meshgrid(offset, offset))
    inside = dx * dx + dy * dy <= radius * radius
    return _evenly(x + dx[inside], y + dy[inside], persons)


def _polygon(corners: Floats, persons: float, cell: float) -> Floats:
    low, high = corners.min(axis=0), corners.max(axis=0)
    steps = np.maximum(np.ceil((high - low) / cell), 4).astype(int)
    axes = [low[k] + (np.arange(steps[k]) + 0.5) / steps[k] * (high[k] - low[k]) for k in (0, 1)]
    x, y = (axis.ravel() for axis in np.meshgrid(*axes))
    inside = _inside(x, y, corners)
    if not inside.any():
        middle = corners.mean(axis=0)
        return np.array([[middle[0], middle[1], persons]])
    return _evenly(x[inside], y[inside], persons)


def _inside(x: Floats, y: Floats, corners: Floats) -> npt.NDArray[np.bool_]:
    """Whether points lie inside a polygon, by crossings of a ray to the east."""
    found = np.zeros(len(x), bool)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 != y2:
            found ^= ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return found


def _evenly(x: Floats, y: Floats, persons: float) -> Floats:
    return np.column_stack((x, y, np.full(len(x), persons / len(x))))
