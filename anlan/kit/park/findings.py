"""What a computed scene says: targets judged, contours, F-N judged, distances, contributions, domino effects."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from anlan.kernels.qra import contribution, societal
from anlan.kernels.qra.capacity import Room, frequency_factor, societal_factor
from anlan.kernels.qra.contours import Contour, contours
from anlan.kernels.qra.criteria import INTOLERABLE, Judgement, judge_curve
from anlan.kernels.qra.distance import Distances, safety_distances
from anlan.kernels.qra.individual import at_points
from anlan.kernels.qra.layout import Floats
from anlan.kernels.qra.uncertainty import Question, Spread, Uncertain, monte_carlo
from anlan.kit.park.assembly import Scene
from anlan.kit.park.compute import Result
from anlan.kit.park.inputs import Reading, Target
from anlan.kit.park.limits import Lines, limits_of, lines_of

#: Places on a lattice for which contributions are listed, along each side, and how many are listed.
LATTICE, TOP = 12, 5
#: Squares [m] in which people are gathered for percentiles of the potential loss.
SQUARE = 100.0


@dataclass(frozen=True)
class JudgedTarget:
    """``kept`` is None where the target has no limit."""

    target: Target
    risk: float
    limit: float | None
    kept: bool | None


@dataclass(frozen=True)
class Place:
    """The cases that contribute most at a point: ``shares`` of (number of the case, risk [1/yr], share [-])."""

    name: str
    x: float
    y: float
    risk: float
    shares: tuple[contribution.Share, ...]


@dataclass(frozen=True)
class Societal:
    """The F-N curve's corners, the PLL of each case [1/yr], the lines, the judgement (None without upper line)."""

    number: Floats
    frequency: Floats
    loss: Floats
    lines: Lines
    judgement: Judgement | None


@dataclass(frozen=True)
class Findings:
    contours: tuple[Contour, ...]
    targets: tuple[JudgedTarget, ...]
    societal: Societal
    places: tuple[Place, ...]
    distances: tuple[tuple[str, float, Distances], ...]  # source, level, distances
    uncertain: Uncertain | None  # at the targets, and of the potential loss
    room: Room  # factor by which all frequencies may grow until a target's limit is reached
    societal_room: Room


def find(reading: Reading, scene: Scene, result: Result, on: date) -> Findings:
    """Everything that tables and report show."""
    run, levels = scene.run, sorted(scene.run.criteria.contours)
    found = _societal(scene, result, lines_of(reading, on))
    judged = _targets(scene, limits_of(reading, on))
    limited = [(one.risk, one.limit) for one in judged if one.limit is not None]
    return Findings(
        tuple(contours(result.risk, scene.grid, levels)),
        tuple(judged),
        found,
        tuple(_places(scene, result, levels[0])),
        tuple(
            (source.name, level, safety_distances(result.risk, scene.grid, (source.x, source.y), level))
            for source in run.sources
            if _inside(scene, source.x, source.y)
            for level in levels
        ),
        _uncertain(scene),
        frequency_factor([risk for risk, _ in limited], [limit for _, limit in limited])
        if limited
        else Room(np.inf, -1),
        _societal_room(found),
    )


def _inside(scene: Scene, x: float, y: float) -> bool:
    grid = scene.grid
    return bool(grid.x[0] <= x <= grid.x[-1] and grid.y[0] <= y <= grid.y[-1])


def _targets(scene: Scene, limits: Sequence[float | None]) -> list[JudgedTarget]:
    targets = scene.run.targets
    if not targets:
        return []
    risk = at_points(scene.park, [(one.x, one.y) for one in targets]).sum(axis=1)
    return [
        JudgedTarget(one, value, limit, None if limit is None else value <= limit)
        for one, value, limit in zip(targets, risk.tolist(), limits, strict=True)
    ]


def _societal(scene: Scene, result: Result, lines: Lines) -> Societal:
    number, frequency = societal.curve(result.deaths.number, result.deaths.frequency)
    loss = np.zeros(len(scene.cases))
    np.add.at(loss, scene.case_of, result.deaths.by_release())
    judged = None
    if lines.upper is not None:
        judged = judge_curve(number, frequency, lines.upper, lines.lower or lines.upper)
        if len(number) and number[-1] > lines.end:
            judged = replace(judged, zone=INTOLERABLE)
    return Societal(number, frequency, loss, lines, judged)


def _societal_room(found: Societal) -> Room:
    return societal_factor(found.number, found.frequency, found.lines.upper) if found.lines.upper else Room(np.inf, -1)


def _uncertain(scene: Scene) -> Uncertain | None:
    """Percentiles at the targets and of the potential loss, where the run asks for them."""
    asked = scene.run.uncertainty
    if asked is None:
        return None
    points = [(one.x, one.y) for one in scene.run.targets]
    spread = Spread(asked.frequency, asked.rate, asked.probit, asked.shared)
    question = Question(points, _gathered(scene.people), scene.scenario_of, scene.slope)
    return monte_carlo(scene.park, question, spread, asked.draws, asked.seed)


def _gathered(people: Floats) -> Floats:
    """People of one square of :data:`SQUARE` metres at their middle: enough for percentiles, and far fewer points."""
    squares = np.floor(people[:, :2] / SQUARE)
    _, number = np.unique(squares, axis=0, return_inverse=True)
    persons = np.bincount(number.ravel(), people[:, 2])
    weighted: Floats = people[:, :2] * people[:, 2:3]
    x, y = (np.bincount(number.ravel(), column) / persons for column in weighted.T)
    return np.column_stack((x, y, persons))


def _places(scene: Scene, result: Result, level: float) -> list[Place]:
    """Targets, the cell of highest risk, and a lattice over where the risk is at least ``level``."""
    named = [(one.name, one.x, one.y) for one in scene.run.targets]
    row, column = np.unravel_index(int(result.risk.argmax()), result.risk.shape)
    named.append(("风险最高处", float(scene.grid.x[column]), float(scene.grid.y[row])))
    for i in _even(scene.grid.rows):
        for j in _even(scene.grid.columns):
            if result.risk[i, j] >= level:
                x, y = float(scene.grid.x[j]), float(scene.grid.y[i])
                named.append((f"({x:.0f}, {y:.0f})", x, y))
    return contributions(scene, named)


def contributions(scene: Scene, named: Sequence[tuple[str, float, float]]) -> list[Place]:
    """What contributes most at named places."""
    risk = contribution.by_group(scene.park, [(x, y) for _, x, y in named], scene.case_of)
    return [
        Place(name, x, y, float(each.sum()), tuple(contribution.largest(each, TOP)))
        for (name, x, y), each in zip(named, risk, strict=True)
    ]


def _even(count: int) -> npt.NDArray[np.int64]:
    steps = min(LATTICE, count)
    return ((np.arange(steps) + 0.5) * count / steps).astype(np.int64)
