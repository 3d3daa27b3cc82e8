"""What further installations (of a proposed project) would add to the risk of a park, by its study.

The study is computed twice over one grid and the same people and targets, without them and with them. What a source
does is kept from one computation to the next (fields, deaths, effects of leaks), so that only what is new is computed:
the new installations, and those whose accidents they make more frequent where the study counts knock-on accidents.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any, Literal

import numpy as np

from anlan.apps.consequences.parks import computing, kept, run, weighing
from anlan.apps.consequences.parks.models import ParkSource, ParkStudy
from anlan.apps.consequences.parks.specs import SourceSpec
from anlan.apps.consequences.parks.weighing import Weighed
from anlan.kernels.qra.capacity import frequency_factor
from anlan.kit.errors import BadInput
from anlan.kit.park import lines
from anlan.kit.park.inputs import BadRun, Reading
from anlan.kit.park.limits import limits_of, lines_of
from anlan.rules.refusal import Refusal

Told = dict[str, Any]
#: Targets that are kept: those of which the new risk is at least this share of their stricter limit, so many at most.
LEAST, MOST = 1e-3, 300
PAIRS = 12


def effect(study: ParkStudy, specs: Sequence[SourceSpec], on: date, progress: Callable[[int, int], None]) -> Told:
    """Individual risk of targets, contours, F-N and knock-on pairs before and with new installations.

    Raises
    ------
    BadInput
        What cannot be computed, and why.
    """
    began = time.perf_counter()
    extra = tuple(row_of(study, spec) for spec in specs)
    count = study.sources.filter(ended=None).count()
    steps = iter(range(1, 6 * count + 3 * len(extra) + 1))
    total = 6 * count + 3 * len(extra)

    def tick(*_: int) -> None:
        progress(next(steps, total), total)

    def weighed(*, counted: bool) -> Weighed:
        made = run.make(study, on, tick, extra=extra, counted=counted)
        return weighing.weigh(made, on, domino=study.domino, cache=kept.cache(study.pk), step=tick)

    try:
        before, after = weighed(counted=False), weighed(counted=True)
    except BadRun as error:
        why = "；".join(one.message for one in error.problems[:3])
        raise BadInput(Refusal("park.run", "不能计算：{why}。", "请按提示更正装置。", {"why": why[:300]})) from error
    return {
        "study": {"id": study.pk, "name": study.name, "revision": study.revision, "domino": study.domino},
        "installations": _installations(after, len(extra)),
        "targets": _targets(before, after, on),
        "individual": {name: _factor(one, on) for name, one in (("before", before), ("after", after))},
        "levels": _levels(before, after),
        "societal": {name: _societal(one, on) for name, one in (("before", before), ("after", after))},
        "pairs": _pairs(after, len(extra)),
        "contours": {name: _contours(one) for name, one in (("before", before), ("after", after))},
        "left_out": [vars(one) for one in after.made.left_out[len(before.made.left_out) :]],
        "residents": after.made.residents,
        "seconds": round(time.perf_counter() - began, 2),
    }


def row_of(study: ParkStudy, spec: SourceSpec) -> ParkSource:
    """A source that is not the study's and is not kept."""
    return ParkSource(study=study, **{**asdict(spec), "holes": list(spec.holes), "place_id": None})


def _installations(after: Weighed, count: int) -> list[Told]:
    losses = after.losses()[-count:]
    named = zip(after.scene.run.sources[-count:], losses.tolist(), strict=True)
    return [{"name": one.name, "loss": loss} for one, loss in named]


def _targets(before: Weighed, after: Weighed, on: date) -> list[Told]:
    """Targets that the project reaches, and those beyond a limit with it; the one nearest to its limit first."""
    reading = after.made.reading
    strict, usual = _limits(reading, "new", on), _limits(reading, "in_service", on)
    made: list[Told] = []
    for number, one in enumerate(after.made.protected):
        if not np.isfinite(strict[number]):
            continue
        risk, then = float(before.risk[number]), float(after.risk[number])
        own = max(then - risk, 0.0)
        if own >= LEAST * strict[number]:
            made.append({
                "kind": one.kind, "place": one.place_id, "category": one.category, "lon": round(one.longitude, 6),
                "lat": round(one.latitude, 6), "persons": round(one.persons), "before": risk, "after": then, "own": own,
                "new": float(strict[number]), "in_service": float(usual[number]),
            })  # fmt: skip
    return sorted(made, key=lambda one: -max(one["own"] / one["new"], one["after"] / one["in_service"]))[:MOST]


def _factor(one: Weighed, on: date) -> float | None:
    """By which factor individual risk may still grow by the study's own limits; None where nothing bounds it."""
    limits = np.array([np.inf if limit is None else limit for limit in limits_of(one.made.reading, on)])
    judged = np.isfinite(limits)
    factor = frequency_factor(one.risk[judged], limits[judged]).value
    return factor if np.isfinite(factor) else None


def _limits(reading: Reading, stage: Literal["new", "in_service"], on: date) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Limit of each target [1/yr]; infinite where it has none."""
    criteria = replace(reading.run.criteria, stage=stage)
    found = limits_of(replace(reading, run=replace(reading.run, criteria=criteria)), on)
    return np.array([np.inf if one is None else one for one in found])


def _levels(before: Weighed, after: Weighed) -> list[Told]:
    pairs = zip(computing.levels(before), computing.levels(after), strict=True)
    return [
        {
            "level": then["level"], "before": was["hectares"], "after": then["hectares"], "open": then["open"],
            "residents_before": was["residents"], "residents_after": then["residents"],
        }
        for was, then in pairs
    ]  # fmt: skip


def _societal(one: Weighed, on: date) -> Told:
    return computing.societal_told(one, lines_of(one.made.reading, on))


def _pairs(after: Weighed, count: int) -> list[Told]:
    """Which of the new installations may bring down which other one, and the reverse; the most frequent first."""
    new = {one.name for one in after.scene.run.sources[-count:]}
    found: dict[tuple[str, str], Told] = {}
    for one in after.knocked.pairs:
        ends = (one.case.source.name, one.target.name)
        if new & set(ends):
            pair = found.setdefault(ends, {"from": ends[0], "to": ends[1], "probability": 0.0, "frequency": 0.0})
            pair["frequency"] += one.frequency
            pair["probability"] = max(pair["probability"], one.probability)
    return sorted(found.values(), key=lambda one: -one["frequency"])[:PAIRS]


def _contours(one: Weighed) -> Told:
    scene = one.scene
    return lines.geojson(one.result.risk, scene.grid, scene.run.criteria.contours, one.made.frame)
