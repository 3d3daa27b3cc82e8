"""Which criteria a computed park breaks, with the figures and the clause: the ground of facts, tables and the report.

Nothing is decided here that the packs or the run do not say: a limit without a pack is the run's own and named so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import hypot
from typing import Literal

import numpy as np

from anlan.kernels.qra.individual import at_points
from anlan.kit.park.assembly import KIND_NAMES, Case, Scene
from anlan.kit.park.findings import Findings, JudgedTarget, Place, contributions
from anlan.kit.park.inputs import Reading, Source, Target
from anlan.kit.park.limits import Criterion, criterion_of_lines, criterion_of_target
from anlan.kit.park.options import RequiredDistance

Kind = Literal["individual", "societal", "distance"]
#: How far an outward profile of risk is followed [m], and its steps.
FARTHEST, STEPS = 20_000.0, 400
#: Causes of less than this share are not named [-].
LEAST_CAUSE = 0.01
OWN = "评价文件自定"


@dataclass(frozen=True)
class Broken:
    """One broken criterion.

    ``key`` is the same in every run of the same park, so that a fact can be raised and cleared by it. ``value`` and
    ``limit`` in ``unit``; ``excess`` [-] is above 1: value over limit, of a distance the limit over the value.
    ``at``: deaths N at which a curve is worst. ``causes``: name of source and scenario, share [-], largest first.
    """

    kind: Kind
    key: str
    place: str
    x: float | None
    y: float | None
    value: float
    limit: float
    unit: str
    excess: float
    at: float | None
    criterion: Criterion
    causes: tuple[tuple[str, float], ...]

    @property
    def text(self) -> str:
        """One sentence that says what is broken."""
        return _TEXTS[self.kind](self)


def broken_criteria(reading: Reading, scene: Scene, found: Findings, on: date) -> tuple[Broken, ...]:
    """Every broken criterion of a computed park, the worst of each kind first; empty where all are kept.

    Raises
    ------
    BadRun
        A category or a set of lines that no pack knows.
    """
    parts = (
        _individual(reading, scene, found, on),
        _societal(reading, scene, found, on),
        _distances(scene),
    )
    return tuple(one for part in parts for one in sorted(part, key=lambda one: -one.excess))


def _individual(reading: Reading, scene: Scene, found: Findings, on: date) -> Iterator[Broken]:
    over = [one for one in found.targets if one.kept is False]
    named = [(one.target.name, one.target.x, one.target.y) for one in over]
    for one, place in zip(over, contributions(scene, named) if named else [], strict=True):
        assert one.limit is not None
        target, criterion = one.target, criterion_of_target(reading, one.target, on)
        yield Broken(
            "individual", f"individual:{target.name}", target.name, target.x, target.y, one.risk, one.limit, "/年",
            one.risk / one.limit, None, criterion, _causes(scene, place),
        )  # fmt: skip


def _causes(scene: Scene, place: Place) -> tuple[tuple[str, float], ...]:
    return tuple((_named(scene.cases[one.group]), one.share) for one in place.shares if one.share >= LEAST_CAUSE)


def _named(case: Case) -> str:
    return f"{case.source.name} {case.name} {KIND_NAMES[case.outcome.kind()]}"


def _societal(reading: Reading, scene: Scene, found: Findings, on: date) -> Iterator[Broken]:
    curve, name = found.societal, scene.run.criteria.societal
    criterion = criterion_of_lines(reading, on)
    if curve.judgement is None or curve.lines.upper is None or criterion is None:
        return
    worst = curve.judgement
    if worst.upper >= 1:
        limit = float(curve.lines.upper.at(worst.upper_at))
        yield Broken(
            "societal", f"societal:{name}", name, None, None, worst.upper * limit, limit, "/年", worst.upper,
            worst.upper_at, criterion, _losses(scene, found),
        )  # fmt: skip
    elif len(curve.number) and curve.number[-1] > curve.lines.end:
        most = float(curve.number[-1])
        yield Broken(
            "societal", f"societal:{name}", name, None, None, most, curve.lines.end, "人", most / curve.lines.end,
            most, criterion, _losses(scene, found),
        )  # fmt: skip


def _losses(scene: Scene, found: Findings) -> tuple[tuple[str, float], ...]:
    """What takes the largest part of the potential loss."""
    total = float(found.societal.loss.sum())
    order = np.argsort(-found.societal.loss, kind="stable")[:5].tolist()
    cases = [(scene.cases[number], float(found.societal.loss[number])) for number in order]
    return tuple((_named(case), loss / total) for case, loss in cases if loss >= LEAST_CAUSE * total)


def _distances(scene: Scene) -> Iterator[Broken]:
    for rule in scene.run.distances:
        for source, target in _pairs(scene, rule):
            actual = hypot(target.x - source.x, target.y - source.y)
            if actual < rule.metres:
                key = f"distance:{source.name}:{target.name}"
                excess = rule.metres / max(actual, 1e-3)
                criterion = Criterion(rule.pack, rule.standard or OWN, rule.clause, "")
                place = f"{source.name}—{target.name}"
                yield Broken(
                    "distance", key, place, target.x, target.y, actual, rule.metres, "m", excess, None, criterion, ()
                )


def _pairs(scene: Scene, rule: RequiredDistance) -> Iterator[tuple[Source, Target]]:
    for source in scene.run.sources:
        for target in scene.run.targets:
            if rule.source in ("", source.name) and rule.target in ("", target.name, target.category):
                yield source, target


def safe_distance(scene: Scene, source: tuple[float, float], judged: JudgedTarget) -> float | None:
    """How far [m] from a source the target would have to be, moved straight away from it, to keep its limit.

    The external safety distance of GB/T 37243 for this one direction, by the sum itself instead of the map, at the
    first place outwards; None where it is farther than :data:`FARTHEST`, or where the target stands on the source.
    """
    dx, dy = judged.target.x - source[0], judged.target.y - source[1]
    actual = hypot(dx, dy)
    if judged.limit is None or actual == 0:
        return None
    near, reach = actual, max(2 * actual, 500.0)
    while near < FARTHEST:
        r = np.linspace(near, reach, STEPS + 1)
        points = np.column_stack((source[0] + dx / actual * r, source[1] + dy / actual * r))
        risk = at_points(scene.park, points).sum(axis=1)
        below = np.flatnonzero(risk <= judged.limit)
        if len(below):
            first = int(below[0])
            part = slice(max(first - 1, 0), max(first - 1, 0) + 2)
            return actual if first == 0 else _crossing(r[part].tolist(), risk[part].tolist(), judged.limit)
        near, reach = reach, min(2 * reach, FARTHEST)
    return None


def _crossing(r: Sequence[float], risk: Sequence[float], limit: float) -> float:
    """Between two distances, in the logarithm of the risk."""
    low = max(risk[1], limit * 1e-6)
    share = np.log(risk[0] / limit) / np.log(risk[0] / low) if risk[0] > low else 0.0
    return float(r[0] + share * (r[1] - r[0]))


def _individual_text(one: Broken) -> str:
    causes = "、".join(f"{name} {share:.0%}" for name, share in one.causes[:2])
    return (
        f"{one.place}：个人风险 {one.value:.2e}/年，限值 {one.limit:.2e}/年，为限值的 {one.excess:.2g} 倍"
        f"{'；主要来自 ' + causes if causes else ''}"
    )


def _societal_text(one: Broken) -> str:
    if one.unit == "人":
        return f"社会风险：一次最多死亡 {one.value:.0f} 人，超出准则 {one.place} 的上界 {one.limit:.0f} 人"
    return (
        f"社会风险：一次死亡 {one.at:.3g} 人及以上的频率 {one.value:.2e}/年，{one.place} 的上线为 {one.limit:.2e}/年，"
        f"为上线的 {one.excess:.2g} 倍"
    )


def _distance_text(one: Broken) -> str:
    return f"{one.place}：相距 {one.value:.0f} m，应不小于 {one.limit:.0f} m，差 {one.limit - one.value:.0f} m"


_TEXTS = {"individual": _individual_text, "societal": _societal_text, "distance": _distance_text}
