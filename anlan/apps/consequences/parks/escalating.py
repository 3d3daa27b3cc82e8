"""What one installation's accident may bring down: pairs, chains, and how much more often each falls by others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from anlan.apps.consequences.parks.run import Made
from anlan.kernels.validity import OutOfRange
from anlan.kit.park import domino, knock_on
from anlan.kit.park.assembly import Scene
from anlan.kit.park.domino import Escalation
from anlan.kit.park.knock_on import Course, KnockOn
from anlan.kit.park.options import Domino

Told = dict[str, Any]
#: Chains that are kept: the most frequent ones, and of those with a second generation.
CHAINS, LONGER = 20, 10
#: Chains rarer than this are not followed [1/yr]; the next where there are too many of them.
CUT_OFFS = (1e-11, 1e-10, 1e-9, 1e-8, 1e-7)


@dataclass(frozen=True)
class Knocked:
    """``pairs``: each case that reaches a neighbour's threshold; ``knock``: the chains that follow."""

    pairs: tuple[Escalation, ...]
    knock: KnockOn


def followed(made: Made, scene: Scene, on: date) -> Knocked:
    """What follows from what in a scene."""
    found = tuple(one for one in domino.escalations(made.reading, scene, on) if one.probability > 0)
    return Knocked(found, _followed(scene, found))


def told(scene: Scene, knocked: Knocked, *, added: bool) -> Told:
    """``domino``: who may bring down whom; ``chains``: what follows, and whether the risk counts it (``added``)."""
    chains = _chains(scene, knocked.knock) | {"in_risk": added}
    return {"domino": _pairs(scene, knocked.pairs), "chains": chains}


def _followed(scene: Scene, found: Sequence[Escalation]) -> KnockOn:
    """The chains, as rare ones as can be followed: where everything reaches everything there are too many."""
    for cut_off in CUT_OFFS:
        try:
            return knock_on.knock_on(replace(scene, run=replace(scene.run, domino=Domino(cut_off=cut_off))), found)
        except OutOfRange:
            continue
    return KnockOn(cut_off=CUT_OFFS[-1])


def _pairs(scene: Scene, found: Sequence[Escalation]) -> list[Told]:
    """Which source may bring down which, the most frequent first."""
    names = _numbers(scene)
    return [
        {
            "from": names[one.case.source.name], "to": names[one.target.name], "case": one.case.name, "kind": one.kind,
            "metres": round(one.distance), "value": float(f"{one.value:.3g}"), "threshold": one.threshold,
            "unit": "kPa" if one.kind == "超压" else "kW/m²", "probability": one.probability,
            "frequency": one.frequency,
        }
        for one in found
    ]  # fmt: skip


def _chains(scene: Scene, knock: KnockOn) -> Told:
    """Chains that begin at the same source and go the same way are one; those that come back to where they began are
    only counted. ``probability``: of the chain once its first accident has happened [-]."""
    names, ways = _numbers(scene), dict[tuple[int, tuple[tuple[int, ...], ...]], list[Course]]()
    for course in knock.courses:
        if not course.closed:
            steps = tuple(tuple(sorted(names[one] for one in generation)) for generation in course.generations)
            ways.setdefault((names[course.case.source.name], steps), []).append(course)
    made = [_chain(source, steps, courses) for (source, steps), courses in ways.items()]
    made.sort(key=lambda one: -one["frequency"])
    longer = [one for one in made[CHAINS:] if len(one["steps"]) > 1]
    closed = [one.frequency for one in knock.courses if one.closed]
    return {
        "listed": [*made[:CHAINS], *longer[:LONGER]],
        "count": len(made),
        "closed": {"count": len(closed), "frequency": sum(closed)},
        "cut_off": knock.cut_off,
        "fallen": [{"source": names[one.source.name], "own": one.own, "added": one.added} for one in knock.fallen],
    }


def _chain(source: int, steps: tuple[tuple[int, ...], ...], courses: Sequence[Course]) -> Told:
    often = sum(one.frequency for one in courses)
    cases = {id(one.case): one.case for one in courses}
    return {
        "source": source, "steps": [list(one) for one in steps], "frequency": often,
        "probability": often / sum(case.frequency for case in cases.values()),
        "case": max(courses, key=lambda one: one.frequency).case.name, "cases": len(cases),
    }  # fmt: skip


def _numbers(scene: Scene) -> dict[str, int]:
    return {source.name: number for number, source in enumerate(scene.run.sources)}
