"""A study computed: risk map, contours, F-N curve, targets judged, escalations, and which criteria are broken."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from anlan.apps.consequences.parks import actions, escalating, kept, run, weighing
from anlan.apps.consequences.parks.facts import Broken
from anlan.apps.consequences.parks.models import ParkStudy
from anlan.apps.consequences.parks.run import Made
from anlan.apps.consequences.parks.selectors import fails
from anlan.apps.consequences.parks.weighing import Weighed
from anlan.apps.core.models import Place
from anlan.kernels.qra import societal
from anlan.kernels.qra.contours import contours
from anlan.kernels.qra.criteria import ACCEPTABLE, INTOLERABLE, judge_curve
from anlan.kernels.qra.layout import Floats
from anlan.kit import clock
from anlan.kit.errors import BadInput
from anlan.kit.park import assembly, findings, lines, relocation
from anlan.kit.park.assembly import KIND_NAMES, Scene
from anlan.kit.park.compute import Result
from anlan.kit.park.inputs import BadRun
from anlan.kit.park.limits import Lines, limits_of, lines_of
from anlan.packs.families import park_study
from anlan.rules.refusal import Refusal

Progress = Callable[[int, int], None]
Told = dict[str, Any]
#: Corners of an F-N curve that are drawn: enough for a screen.
CORNERS = 400


def compute_study(study_id: int, progress: Progress) -> None:
    """Compute the newest revision of a study and keep it; a study that cannot be computed says why."""
    study = ParkStudy.objects.select_related("place").filter(pk=study_id).first()
    if study is None or study.ended is not None:
        return
    try:
        told, broken = _compute(study, progress)
    except BadInput as error:
        actions.put_refusal(study.pk, study.revision, error.refusal)
    except BadRun as error:
        why = "；".join(one.message for one in error.problems[:3])
        fix = "请按提示更正风险源后重新计算。"
        actions.put_refusal(study.pk, study.revision, Refusal("park.run", "不能计算：{why}。", fix, {"why": why[:300]}))
    else:
        actions.put_result(study.pk, study.revision, _summary(told), broken)


def _compute(study: ParkStudy, progress: Progress) -> tuple[Told, list[Broken]]:
    began, on = time.perf_counter(), clock.today()
    count = study.sources.filter(ended=None).count()
    total = 3 * count + 1
    made = run.make(study, on, lambda done, _: progress(done, total))
    steps = iter(range(count + 1, total + 1))
    found = weighing.weigh(
        made, on, domino=study.domino, cache=kept.cache(study.pk),
        step=lambda location: progress(next(steps, total), total),
    )  # fmt: skip
    scene, result, at_targets = found.scene, found.result, found.at_targets
    told = {
        **_frame(made, scene),
        "sources": [
            {"id": row.pk, "name": one.name, "place": row.place_id}
            for row, one in zip(made.sources, scene.run.sources, strict=True)
        ],
        "cases": [_case(scene, number) for number in range(len(scene.cases))],
        "targets": _targets(made, at_targets, limits_of(made.reading, on)),
        "levels": levels(found),
        "contours": lines.geojson(result.risk, scene.grid, scene.run.criteria.contours, made.frame),
        "societal": societal_told(found, lines_of(made.reading, on)) | {"losses": found.losses().tolist()},
        **escalating.told(scene, found.knocked, added=found.added),
        "relocation": _relocation(made, scene, result, at_targets, on),
        "left_out": [vars(one) for one in made.left_out],
        "people": {"residents": made.residents},
        "seconds": round(time.perf_counter() - began, 2),
        "reused": result.reused,
    }
    kept.write(
        study.pk, study.revision,
        kept.Kept(told, scene.grid, scene.park, result.risk, at_targets, scene.case_of),
    )  # fmt: skip
    return told, list(_broken(study, made, told, at_targets, on))


def _frame(made: Made, scene: Scene) -> Told:
    grid, frame = scene.grid, made.frame
    return {
        "frame": [frame.longitude, frame.latitude],
        "grid": {"west": grid.west, "south": grid.south, "cell": grid.cell, "columns": grid.columns, "rows": grid.rows},
        "shown": list(scene.run.criteria.contours),
    }


def _case(scene: Scene, number: int) -> Told:
    case = scene.cases[number]
    kind = case.outcome.kind()
    name = {"along": "中毒", "rings": "喷射火"}.get(kind, KIND_NAMES[kind])
    effect = "闪火" if case.outcome.when == "flash_fire" else name
    source = scene.run.sources.index(case.source)
    often = {"frequency": case.frequency, "added": case.added}
    return {"source": source, "name": case.scenario.name, "effect": effect, **often}


def _targets(made: Made, at_targets: Floats, limits: Sequence[float | None]) -> list[Told]:
    whole = at_targets.sum(axis=1)
    return [
        {
            "kind": one.kind, "place": one.place_id, "category": one.category, "lon": round(one.longitude, 6),
            "lat": round(one.latitude, 6), "persons": round(one.persons), "limit": limit, "risk": float(risk),
            "top": int(at_targets[number].argmax()),
        }
        for number, (one, limit, risk) in enumerate(zip(made.protected, limits, whole.tolist(), strict=True))
    ]  # fmt: skip


def levels(found: Weighed) -> list[Told]:
    """Area of each contour, and how many live inside; who works there is told to who may read of the enterprise."""
    made, scene, result = found.made, found.scene, found.result
    grid, here = scene.grid, _residents(made, scene)
    column = np.clip(((here[:, 0] - grid.west) / grid.cell).astype(int), 0, grid.columns - 1)
    row = np.clip(((here[:, 1] - grid.south) / grid.cell).astype(int), 0, grid.rows - 1)
    risk = result.risk[row, column]
    drawn = contours(result.risk, grid, scene.run.criteria.contours)
    return [
        {
            "level": one.level, "hectares": round(one.area / 1e4, 2), "open": one.open_at_edge,
            "residents": round(float(here[risk >= one.level, 2].sum())) if made.residents is not None else None,
        }
        for one in drawn
    ]  # fmt: skip


def _residents(made: Made, scene: Scene) -> Floats:
    """Where people live [x, y, persons]."""
    homes = replace(scene.run, population=scene.run.population[: made.homes])
    return assembly.people_of(homes, scene.grid)


def societal_told(found: Weighed, criterion: Lines) -> Told:
    """The F-N curve, its judgement, and the potential loss of life [1/yr]; ``added``: of it by knock-on accidents."""
    result = found.result
    number, often = societal.curve(result.deaths.number, result.deaths.frequency)
    keep = number >= 1
    below = float(often[0]) if len(often) else 0.0  # F(1) of the stairs: what the first corner above one death has
    told: Told = {
        "number": _thin(number[keep]), "frequency": _thin(often[keep]), "any": below,
        "pll": result.deaths.potential_loss, "zone": "", "added": found.added_loss(),
    }  # fmt: skip
    if criterion.upper is None or criterion.lower is None:
        return told
    told |= {"upper": _line(criterion.upper), "lower": _line(criterion.lower), "end": criterion.end}
    if not keep.any():
        return told | {"zone": ACCEPTABLE, "ratio": 0.0, "at": 1}
    judged = judge_curve(number[keep], often[keep], criterion.upper, criterion.lower)
    beyond = bool(number[-1] > criterion.end)
    zone = INTOLERABLE if beyond else judged.zone
    told |= {"most": round(float(number[-1])), "beyond": beyond}
    return told | {"zone": zone, "ratio": judged.upper, "at": max(round(judged.upper_at), 1)}


def _thin(values: Floats) -> list[float]:
    step = max(len(values) // CORNERS, 1)
    return [float(f"{value:.4g}") for value in (*values[:-1:step], *values[-1:])]


def _line(line: Any) -> Told:
    return {"number": line.number, "frequency": line.frequency, "slope": line.slope}


def _relocation(made: Made, scene: Scene, result: Result, at_targets: Floats, on: Any) -> Told:
    """Who would have to move: plants in the order in which their going helps most, targets with how far they lack.

    ``broken`` and ``cured`` are numbers of targets: each reader is told how many of theirs.
    """
    found = relocation.relocation(scene, result, findings.find(made.reading, scene, result, on))
    limits = np.array([np.inf if one is None else one for one in limits_of(made.reading, on)])
    total = at_targets.sum(axis=1)
    over = total > limits
    plants = [
        {
            "plant": one.plant, "excess": float(f"{one.excess:.3g}"),
            "broken": np.flatnonzero(over & (own >= relocation.LEAST_SHARE * total)).tolist(),
            "cured": np.flatnonzero(over & (total - own <= limits)).tolist(),
            "loss": one.loss, "order": one.order, "left": one.left, "societal": one.cures_societal,
        }
        for one in found.plants
        for own in [_of_plant(scene, one.plant, at_targets)]
    ]  # fmt: skip
    targets = {
        one.judged.target.name: {"plant": one.plant, "metres": round(one.distance), "needed": _whole(one.needed)}
        for one in found.targets
    }
    return {"plants": sorted(plants, key=lambda one: one["order"] or len(plants) + 1), "targets": targets}


def _of_plant(scene: Scene, plant: str, at_targets: Floats) -> Floats:
    """A plant's part of the risk of each target [1/yr]."""
    mine = [number for number in range(len(scene.run.sources)) if relocation.plant_of(scene, number) == plant]
    return np.asarray(at_targets[:, mine].sum(axis=1), float)


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _broken(study: ParkStudy, made: Made, told: Told, at_targets: Floats, on: Any) -> Iterator[Broken]:
    pack = park_study.load(on)
    failing = [number for number, one in enumerate(told["targets"]) if fails(one)]
    mine = _countable(study, [told["targets"][number] for number in failing])
    if mine:
        worst = max(one["risk"] / one["limit"] for one in mine)
        yield Broken("target", {"count": len(mine), "ratio": _figure(worst)}, study.place_id)
    elif failing:
        yield Broken("outside", {}, study.place_id)
    societal_told = told["societal"]
    if societal_told.get("ratio", 0) >= 1:
        params = {"number": societal_told["at"], "ratio": _figure(societal_told["ratio"])}
        yield Broken("societal", params, study.place_id)
    elif societal_told.get("beyond"):
        params = {"number": societal_told["most"], "most": round(societal_told["end"])}
        yield Broken("beyond", params, study.place_id)
    share = at_targets[failing] / np.maximum(at_targets[failing].sum(axis=1, keepdims=True), 1e-300)
    for location, row in enumerate(made.sources):
        counted = share[:, location] >= pack.fact("source").least_share
        if row.place is not None and row.place_id != study.place_id and counted.any():
            most = round(100 * float(share[:, location].max()))
            params = {"source": row.name, "share": most}
            yield Broken("source", params, row.place.pk, row.pk)


def _countable(study: ParkStudy, failing: Sequence[Told]) -> list[Told]:
    """Those of which everybody may know who reads a fact at the study's place: what lies in it, and homes."""
    place = study.place
    below = Place.objects.filter(pk__in=[one["place"] for one in failing if one["place"]], path__startswith=place.path)
    seen = set((below.filter(sector=place.sector) if place.sector else below).values_list("pk", flat=True))
    return [one for one in failing if one["place"] is None or one["place"] in seen]


def _figure(value: float) -> str:
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"


def _summary(told: Told) -> Told:
    return {
        "sources": len(told["sources"]),
        "targets": len(told["targets"]),
        "failing": sum(fails(one) for one in told["targets"]),
        "pll": told["societal"]["pll"],
        "zone": told["societal"]["zone"],
        "seconds": told["seconds"],
    }
