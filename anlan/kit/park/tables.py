"""The results as files for other programs: CSV (UTF-8 with a mark, so that spreadsheets read Chinese) and GeoJSON."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from anlan.kernels.qra.contours import Contour
from anlan.kernels.qra.uncertainty import Uncertain
from anlan.kit.park.assembly import KIND_NAMES, Scene
from anlan.kit.park.conclusions import Conclusions
from anlan.kit.park.domino import Escalation
from anlan.kit.park.findings import Findings
from anlan.kit.park.knock_on import KnockOn

Row = Sequence[str | float | int]


_HEADS = {
    "fn": "N,F_per_year,upper_per_year,lower_per_year",
    "pll": "source,scenario,effect,frequency_per_year,PLL_per_year,share",
    "targets": "name,category,x,y,risk_per_year,limit_per_year,kept",
    "contributions": "place,x,y,risk_per_year,rank,source,scenario,effect,part_per_year,share",
    "distances": "source,level_per_year,bearing_deg,distance_m,cut_by_grid",
    "uncertainty": "what,x,y,percentile,value_per_year",
    "chains": "source,scenario,frequency_per_year,chain,generations,closed,chain_per_year",
    "escalated": "source,scenario,own_per_year,added_per_year,factor,in_risk",
    "models": "source,scenario,effect,weather,model,why",
    "broken": "kind,place,x,y,value,limit,unit,excess,at_deaths,standard,clause,pack,confidence,causes,text",
    "relocation_targets": "name,category,x,y,risk_per_year,limit_per_year,excess,plant,share,distance_m,needed_m",
    "relocation_plants": "plant,sources,excess,worst_target,share,broken_targets,cured_targets,PLL_share,"
    "cures_societal,order,left_after",
    "domino": "source,scenario,frequency_per_year,target,kind,distance_m,value,unit,threshold,"
    "escalation_probability,escalation_per_year",
}


def write_all(
    folder: Path,
    scene: Scene,
    found: Findings,
    domino: Sequence[Escalation],
    concluded: Conclusions | None = None,
    knock: KnockOn | None = None,
) -> None:
    """Every table of a run, into an existing folder."""
    write_contours(folder / "contours.geojson", found.contours, scene.run.grid.epsg)
    rows = {
        "fn": _fn_rows(found),
        "pll": _pll(scene, found),
        "targets": _targets(found),
        "contributions": _contributions(scene, found),
        "distances": _distances(found),
        "domino": _domino(domino),
        "models": _models(scene),
    }
    if knock is not None:
        rows |= {"chains": _chains(knock), "escalated": _escalated(knock)}
    if concluded is not None:
        rows |= {
            "broken": _broken(concluded),
            "relocation_targets": _targets_to_move(concluded),
            "relocation_plants": _plants_to_move(concluded),
        }
    if found.uncertain is not None:
        rows["uncertainty"] = _uncertainty(scene, found.uncertain)
    for name, lines in rows.items():
        _write(folder / f"{name}.csv", _HEADS[name].split(","), lines)


def write_contours(path: Path, contours: Iterable[Contour], epsg: int | None) -> None:
    """A FeatureCollection of MultiPolygons with ``level`` [1/yr], ``area_m2`` and ``open_at_edge``.

    Coordinates are those of the grid (metres), which RFC 7946 calls a prior arrangement; ``crs`` names the system.
    """
    features = [
        {
            "type": "Feature",
            "properties": {"level": one.level, "area_m2": round(one.area, 1), "open_at_edge": one.open_at_edge},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [[ring.round(2).tolist() for ring in polygon] for polygon in one.polygons],
            },
        }
        for one in contours
    ]
    named = f"urn:ogc:def:crs:EPSG::{epsg}" if epsg else "local metres"
    crs = {"type": "name", "properties": {"name": named}}
    text = json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")


def _fn_rows(found: Findings) -> Iterable[Row]:
    curve = found.societal
    for number, frequency in zip(curve.number.tolist(), curve.frequency.tolist(), strict=True):
        limits = [float(line.at(number)) if line else float("inf") for line in (curve.lines.upper, curve.lines.lower)]
        yield (
            _figure(number),
            _figure(frequency),
            *("" if limit == float("inf") else _figure(limit) for limit in limits),
        )


def _pll(scene: Scene, found: Findings) -> Iterable[Row]:
    total = float(found.societal.loss.sum())
    for case, loss in sorted(zip(scene.cases, found.societal.loss.tolist(), strict=True), key=lambda pair: -pair[1]):
        share = loss / total if total > 0 else 0.0
        effect = KIND_NAMES[case.outcome.kind()]
        yield case.source.name, case.name, effect, _figure(case.frequency), _figure(loss), f"{share:.4f}"


def _targets(found: Findings) -> Iterable[Row]:
    for one in found.targets:
        limit = "" if one.limit is None else _figure(one.limit)
        kept = {None: "", True: "yes", False: "no"}[one.kept]
        yield one.target.name, one.target.category, one.target.x, one.target.y, _figure(one.risk), limit, kept


def _contributions(scene: Scene, found: Findings) -> Iterable[Row]:
    for place in found.places:
        for rank, share in enumerate(place.shares, 1):
            case = scene.cases[share.group]
            effect = KIND_NAMES[case.outcome.kind()]
            named = (case.source.name, case.name, effect, _figure(share.risk), f"{share.share:.4f}")
            yield (place.name, round(place.x, 2), round(place.y, 2), _figure(place.risk), rank, *named)


def _distances(found: Findings) -> Iterable[Row]:
    for name, level, distances in found.distances:
        rows = zip(distances.bearing.tolist(), distances.distance.tolist(), distances.cut.tolist(), strict=True)
        for bearing, distance, cut in rows:
            yield name, _figure(level), f"{bearing:g}", f"{distance:.1f}", "yes" if cut else "no"


def _uncertainty(scene: Scene, found: Uncertain) -> Iterable[Row]:
    for row, percentile in enumerate(found.percentiles.tolist()):
        for target, value in zip(scene.run.targets, found.risk[row].tolist(), strict=True):
            yield target.name, target.x, target.y, f"{percentile:g}", _figure(value)
        yield "PLL", "", "", f"{percentile:g}", _figure(float(found.potential_loss[row]))


def _domino(escalations: Sequence[Escalation]) -> Iterable[Row]:
    for one in escalations:
        unit = "kPa" if one.kind == "超压" else "kW/m2"
        first = (one.case.source.name, one.case.name, _figure(one.case.frequency), one.target.name, one.kind)
        last = (f"{one.threshold:g}", f"{one.probability:.4g}", _figure(one.frequency))
        yield (*first, f"{one.distance:.1f}", f"{one.value:.4g}", unit, *last)


def _chains(knock: KnockOn) -> Iterable[Row]:
    for one in knock.courses:
        first = (one.case.source.name, one.case.name, _figure(one.case.frequency))
        yield *first, one.text, len(one.generations), "yes" if one.closed else "no", _figure(one.frequency)


def _escalated(knock: KnockOn) -> Iterable[Row]:
    for one in knock.fallen:
        factor = f"{(one.own + one.added) / one.own:.4g}" if one.own > 0 else ""
        counted = "yes" if knock.in_risk else "no"
        yield one.source.name, one.scenario.name, _figure(one.own), _figure(one.added), factor, counted


def _models(scene: Scene) -> Iterable[Row]:
    for used in scene.models:
        case = scene.cases[used.case]
        yield case.source.name, case.name, KIND_NAMES[case.outcome.kind()], used.weather, used.model, used.why


def _broken(concluded: Conclusions) -> Iterable[Row]:
    for one in concluded.broken:
        place = ("", "") if one.x is None or one.y is None else (one.x, one.y)
        at = "" if one.at is None else _figure(one.at)
        causes = "；".join(f"{name} {share:.1%}" for name, share in one.causes)
        rule = one.criterion
        figures = (_figure(one.value), _figure(one.limit), one.unit, f"{one.excess:.4g}", at)
        yield (
            one.kind,
            one.place,
            *place,
            *figures,
            rule.standard,
            rule.clause,
            rule.pack,
            rule.confidence,
            causes,
            one.text,
        )


def _targets_to_move(concluded: Conclusions) -> Iterable[Row]:
    for one in concluded.relocation.targets:
        target, limit = one.judged.target, one.judged.limit or 0.0
        needed = "" if one.needed is None else f"{one.needed:.0f}"
        first = (target.name, target.category, target.x, target.y, _figure(one.judged.risk), _figure(limit))
        yield *first, f"{one.excess:.4g}", one.plant, f"{one.share:.4f}", f"{one.distance:.0f}", needed


def _plants_to_move(concluded: Conclusions) -> Iterable[Row]:
    for one in concluded.relocation.plants:
        turn = ("" if one.order is None else one.order, "" if one.left is None else one.left)
        first = (one.plant, "；".join(one.sources), f"{one.excess:.4g}", one.worst, f"{one.share:.4f}")
        cures = "yes" if one.cures_societal else "no"
        yield *first, one.broken, one.cured, f"{one.loss:.4f}", cures, *turn


def _figure(value: float) -> str:
    return f"{value:.6g}"


def _write(path: Path, head: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
