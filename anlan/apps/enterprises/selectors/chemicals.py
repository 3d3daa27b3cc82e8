"""Identification of major hazard installations from what the file says is held (GB 18218), unit by unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from anlan.apps.core.models import Place
from anlan.apps.enterprises.models import Chemical, Enterprise
from anlan.apps.enterprises.selectors.enterprises import firms_of
from anlan.apps.enterprises.selectors.files import at, below, where
from anlan.kit import clock
from anlan.kit.grants import Viewer
from anlan.kit.prepared import prepared
from anlan.packs.families import major_installations as pack
from anlan.packs.families.major_installations import MajorInstallations
from anlan.rules import major_installations as rules


@dataclass(frozen=True)
class HoldingLine:
    """A holding beside its threshold: ``counted_t`` [t] is the design maximum, or the quantity where none is given."""

    chemical: Chemical
    counted_t: float | None
    estimated: bool  # no design maximum: the present quantity stands in for it
    threshold_t: float | None
    basis: str
    ratio: Fraction | None


@dataclass(frozen=True)
class Unit:
    """What is held at one place. ``s`` Σ q/Q of what could be counted; ``grade`` None where it is none or not known."""

    place: Place
    lines: tuple[HoldingLine, ...]
    s: Fraction
    is_major: bool
    r: float | None
    alpha: float | None
    grade: str | None
    uncounted: int


@dataclass(frozen=True)
class Assessment:
    units: tuple[Unit, ...]
    neighbours: int | None  # people within 500 m outside the fence


def assess(viewer: Viewer, place: Place) -> Assessment:
    """Each place of an enterprise where hazardous chemicals are held, the highest Σ q/Q first."""
    tables = pack.load(clock.today())
    told: dict[str, Any] = next(iter(_values(place.pk)), {})
    neighbours = told.get("neighbours")
    path, hint = where(place)
    by_place: dict[int, list[Chemical]] = {}
    for row in _hazardous(viewer, path, hint=hint):
        by_place.setdefault(row.place_id, []).append(row)
    units = [_unit(own, neighbours, tables) for own in by_place.values()]
    return Assessment(tuple(sorted(units, key=lambda unit: -unit.s)), neighbours)


@prepared
def _values(place_id: int) -> QuerySet[Enterprise, Any]:
    return Enterprise.objects.filter(pk=place_id).values_list("values", flat=True)


@prepared
def _hazardous(viewer: Viewer, path: str | None, *, hint: str) -> QuerySet[Chemical]:
    rows = at(viewer, Chemical, path, hint).filter(ended=None, hazardous=True)
    return rows.select_related("place").defer("place__geometry").order_by("name")


def assess_below(viewer: Viewer, area: Place | None) -> dict[int, Assessment]:
    """:func:`assess` of every enterprise in an area where hazardous chemicals are held, by its id, in three queries;
    None: in the viewer's whole scope."""
    tables = pack.load(clock.today())
    rows = below(viewer, Chemical, area).filter(ended=None, hazardous=True).select_related("place").order_by("name")
    held: dict[str, list[Chemical]] = {}
    for row in rows:
        held.setdefault(row.place.path, []).append(row)
    firms = firms_of(viewer, list(held))
    kept = Enterprise.objects.in_bulk({firm.id for firm in firms.values()})
    found: dict[int, list[Unit]] = {}
    for path, firm in firms.items():
        facts = kept.get(firm.id)
        found.setdefault(firm.id, []).append(
            _unit(held[path], facts.values.get("neighbours") if facts else None, tables)
        )
    return {
        key: Assessment(
            tuple(sorted(units, key=lambda unit: -unit.s)), kept[key].values.get("neighbours") if key in kept else None
        )
        for key, units in found.items()
    }


def _unit(rows: Sequence[Chemical], neighbours: int | None, tables: MajorInstallations) -> Unit:
    lines = tuple(_line(row, tables) for row in rows)
    counted = [line for line in lines if line.ratio is not None]
    s = sum((line.ratio or Fraction(0) for line in counted), Fraction(0))
    judged = _graded(counted, neighbours, tables)
    return Unit(
        place=rows[0].place,
        lines=lines,
        s=s,
        is_major=judged.is_major if judged else s >= 1,
        r=float(judged.r) if judged else None,
        alpha=judged.alpha if judged else None,
        grade=judged.grade if judged else None,
        uncounted=len(lines) - len(counted),
    )


def _graded(lines: Sequence[HoldingLine], neighbours: int | None, tables: MajorInstallations) -> rules.Judgement | None:
    """R and the grade, where the people around and every β are known."""
    betas = [tables.beta(line.chemical.name, line.chemical.hazard_category) for line in lines]
    if neighbours is None or not lines or any(beta is None for beta in betas):
        return None
    held = [
        rules.Holding(line.chemical.name, line.counted_t or 0.0, line.threshold_t or 1.0, beta or 1.0)
        for line, beta in zip(lines, betas, strict=True)
    ]
    return rules.judge(held, neighbours, (tables.exposures, tables.grades))


def _line(row: Chemical, tables: MajorInstallations) -> HoldingLine:
    counted = row.design_maximum if row.design_maximum is not None else row.quantity
    threshold, basis = tables.threshold(row.name, row.cas, row.hazard_category)
    ratio = rules.Holding(row.name, counted, threshold, 1.0).ratio() if counted is not None and threshold else None
    return HoldingLine(row, counted, row.design_maximum is None and counted is not None, threshold, basis, ratio)
