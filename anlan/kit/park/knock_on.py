"""Knock-on chains of a park: which sources fall after which accident, how often, and what that adds to the risk.

A source that falls has its knock-on scenario: the one that the run marks, else the one that kills over the largest
area. A first accident that *is* this scenario leaves nothing to fall; any other (a small leak that burns) spares its
own source, which a neighbour may bring down in turn: the chain closes to a cycle there and ends, because nothing falls
twice. What two fires together do to a third unit is the sum of independent causes, not of their heat.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from anlan.kernels.late import ndtr
from anlan.kernels.qra import domino as kernel
from anlan.kit.park.assembly import Case, Scene, ends_of
from anlan.kit.park.domino import Escalation
from anlan.kit.park.inputs import Scenario, Source
from anlan.kit.park.options import Domino

#: Points over which a lethality is integrated across the wind.
_ACROSS = np.linspace(0.0, 8.0, 161)
#: Chains that are listed at most.
MOST = 500
Reach = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Course:
    """One course of a chain: after ``case``, the sources that fall in each generation; how often exactly this [1/yr].

    ``closed``: it comes back to the source where it began.
    """

    case: Case
    generations: tuple[tuple[str, ...], ...]
    frequency: float

    @property
    def closed(self) -> bool:
        return any(self.case.source.name in generation for generation in self.generations)

    @property
    def text(self) -> str:
        steps = [f"{self.case.source.name} {self.case.name}", *("＋".join(one) for one in self.generations)]
        return " → ".join(steps)


@dataclass(frozen=True)
class Fallen:
    """A source that others bring down: its ``scenario`` then, how often that happens by itself and by others [1/yr]."""

    source: Source
    scenario: Scenario
    own: float
    added: float


@dataclass(frozen=True)
class KnockOn:
    """``left_out``: how often chains happen that are rarer than the cut-off, each by itself [1/yr]; ``in_risk``:
    whether the risk counts what was added."""

    courses: tuple[Course, ...] = ()
    fallen: tuple[Fallen, ...] = ()
    left_out: float = 0.0
    in_risk: bool = False
    cut_off: float = 0.0


def knock_on(scene: Scene, found: Sequence[Escalation]) -> KnockOn:
    """The chains that follow from escalations (:func:`anlan.kit.park.domino.escalations`)."""
    asked = scene.run.domino or Domino()
    if not found:
        return KnockOn(in_risk=asked.in_risk, cut_off=asked.cut_off)
    falls = {name: _scenario_of(scene, name) for name in {one.target.name for one in found}}
    units = _between_units(found, falls)
    courses, added, left_out = list[Course](), dict[str, float](), 0.0
    for case, reach in _by_case(found).items():
        label, whole, spent = _primary(case, reach, units, falls)
        some = [_course(case, one) for one in kernel.chains(
            label, case.frequency, whole, asked.orders, asked.cut_off, spent=spent
        )]  # fmt: skip
        courses += [one for one in some if one.generations]
        left_out += max(case.frequency - sum(one.frequency for one in some), 0.0)
        for unit, often in kernel.failures(label, case.frequency, whole, spent=spent).items():
            added[unit] = added.get(unit, 0.0) + often
    fallen = [_fallen(scene, name, falls[name], often) for name, often in added.items()]
    return KnockOn(
        tuple(sorted(courses, key=lambda one: -one.frequency)[:MOST]),
        tuple(sorted(fallen, key=lambda one: -one.added)),
        left_out, asked.in_risk, asked.cut_off,
    )  # fmt: skip


def with_escalated(scene: Scene, knock: KnockOn) -> Scene:
    """The scene with what was added to each knock-on scenario counted in its frequency."""
    added = np.zeros(len(scene.cases))
    more = {(one.source.name, one.scenario.name): one.added for one in knock.fallen}
    cases = list(scene.cases)
    for number, case in enumerate(scene.cases):
        gain = more.get((case.source.name, case.scenario.name), 0.0) * ends_of(case.scenario)[case.outcome.when]
        cases[number] = replace(case, frequency=case.frequency + gain, added=gain)
        added[number] = gain
    releases = scene.park.releases
    often = releases.frequency + added[scene.case_of]
    return replace(scene, park=replace(scene.park, releases=releases._replace(frequency=often)), cases=tuple(cases))


def _by_case(found: Sequence[Escalation]) -> dict[Case, dict[str, float]]:
    """Probability by target, of each case that reaches a neighbour."""
    reach = dict[int, dict[str, float]]()
    cases = {id(one.case): one.case for one in found}
    for one in found:
        reach.setdefault(id(one.case), {})[one.target.name] = one.probability
    return {cases[key]: targets for key, targets in reach.items()}


def _between_units(found: Sequence[Escalation], falls: Mapping[str, Scenario]) -> Reach:
    """Probability that the knock-on scenario of one source brings down another, over its ends."""
    units = Reach()
    for one in found:
        name = one.case.source.name
        if falls.get(name) is not one.case.scenario:
            continue
        share = ends_of(one.case.scenario)[one.case.outcome.when] * one.probability
        row = units.setdefault(name, {})
        row[one.target.name] = min(row.get(one.target.name, 0.0) + share, 1.0)
    return units


def _primary(
    case: Case, reach: Mapping[str, float], units: Reach, falls: Mapping[str, Scenario]
) -> tuple[str, Reach, bool]:
    """Name of the first event, what reaches what from it on, and whether its source can fall no more."""
    spent = falls.get(case.source.name) is case.scenario
    label = case.source.name if spent else f"{case.source.name} {case.name}"
    return label, {**units, label: dict(reach)}, spent


def _course(case: Case, chain: kernel.Chain) -> Course:
    return Course(case, tuple(tuple(sorted(one)) for one in chain.generations[1:]), chain.frequency)


def _fallen(scene: Scene, name: str, scenario: Scenario, added: float) -> Fallen:
    source = next(one for one in scene.run.sources if one.name == name)
    own = sum(case.frequency for case in scene.cases if case.scenario is scenario)
    ends = sum(ends_of(scenario)[case.outcome.when] for case in scene.cases if case.scenario is scenario)
    return Fallen(source, scenario, own / ends if ends > 0 else 0.0, added)


def _scenario_of(scene: Scene, name: str) -> Scenario:
    source = next(one for one in scene.run.sources if one.name == name)
    marked = next((one for one in source.scenarios if one.knock_on), None)
    return marked or max(source.scenarios, key=lambda one: _area(scene, one))


def _area(scene: Scene, scenario: Scenario) -> float:
    """Mean area within which the scenario kills, weighted by lethality [m2]."""
    area, shares = 0.0, scene.park.rose.probability.sum(axis=1)
    for number, case in enumerate(scene.cases):
        if case.scenario is not scenario:
            continue
        for release in np.flatnonzero(scene.case_of == number).tolist():
            weather = int(scene.park.releases.weather[release])
            share = 1.0 if weather < 0 else float(shares[weather])
            area += ends_of(scenario)[case.outcome.when] * share * _lethal_area(scene, release)
    return area


def _lethal_area(scene: Scene, release: int) -> float:
    """Integral of a footprint's lethality [m2]."""
    tables, shape = scene.park.tables, int(scene.park.releases.shape[release])
    first, last = int(tables.first[shape]), int(tables.first[shape + 1])
    a, b = tables.ab[first:last].T
    step, start = float(tables.step[shape]), float(tables.start[shape])
    if tables.radial[shape]:
        r = start + np.arange(last - first) * step
        return float(2 * np.pi * np.trapezoid(np.where(a > tables.least, ndtr(a), 0.0) * r, dx=step))
    z = a[:, None] - _ACROSS[None, :] ** 2
    across = 2 * np.trapezoid(np.where(z > tables.least, ndtr(z), 0.0), _ACROSS, axis=1) / np.sqrt(b)
    return float(np.trapezoid(across, dx=step))


def chains_of(knock: KnockOn, source: str) -> Iterator[Course]:
    """The chains in which a source begins or falls."""
    for one in knock.courses:
        if one.case.source.name == source or any(source in generation for generation in one.generations):
            yield one
