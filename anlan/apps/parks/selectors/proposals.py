"""What of a project may leak: as it is written, and as its chemicals, a scenario or a source elsewhere suggest it."""

import json
from collections.abc import Mapping
from typing import Any

import shapely
from django.db.models import F

from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.parks import proposing
from anlan.apps.consequences.parks import selectors as studies
from anlan.apps.consequences.parks.models import ParkStudy
from anlan.apps.consequences.parks.proposing import KILO, Store
from anlan.apps.consequences.parks.specs import SourceSpec, checked_source
from anlan.apps.core.models import Place
from anlan.apps.parks.models import Project
from anlan.kit.errors import BadInput
from anlan.kit.grants import SYSTEM


def installations(project: Project) -> list[tuple[int, SourceSpec]]:
    """What is written of a project, by its number."""
    return [(int(one["id"]), _spec(one)) for one in project.installations]


def _spec(row: Mapping[str, Any]) -> SourceSpec:
    told = {key: value for key, value in row.items() if key != "id"}
    return SourceSpec(**told | {"holes": tuple(told["holes"])})


def study_of(place: Place) -> ParkStudy | None:
    """The study of a place that a project is added to: the one that was computed last."""
    found = studies.studies(SYSTEM, place).filter(place=place, sources__ended=None, sources__isnull=False).distinct()
    return found.order_by(F("computed").desc(nulls_last=True), "-pk").first()


def proposed(project: Project) -> list[SourceSpec]:
    """What each hazardous chemical would be kept in; those that no model knows are left out."""
    found = [spec for row in project.chemicals if (spec := of_chemical(project, row)) is not None and _computable(spec)]
    return proposing.spread(found)


def of_chemical(project: Project, row: Mapping[str, Any]) -> SourceSpec | None:
    """What one chemical would be kept in; None without amount or land, or where no model knows it."""
    spot = spot_of(project)
    if not row.get("hazardous", True) or not row.get("tonnes") or spot is None:
        return None
    name = str(row["name"])
    for code in (str(row.get("cas", "")), name):
        found = proposing.source_of(Store(f"拟建{name}储存", code, float(row["tonnes"]), spot)) if code else None
        if found is not None:
            return found
    return None


def of_scenario(project: Project, scenario: Scenario) -> SourceSpec | None:
    """A source begun with a scenario: its substance, amount, state and place."""
    spot = (scenario.longitude, scenario.latitude)
    found = proposing.source_of(Store(scenario.name, scenario.substance, scenario.mass / KILO, spot))
    if found is None:
        return None
    told = {name: getattr(scenario, name) for name in ("mass", "temperature", "pressure", "head", "bund", "duration")}
    return SourceSpec(**vars(found) | told | {"amount": 1.0})


def spot_of(project: Project) -> tuple[float, float] | None:
    """Where something of a project stands: its first facility that has a place, else the middle of its land."""
    for one in project.facilities:
        if one.get("longitude") is not None and one.get("latitude") is not None:
            return float(one["longitude"]), float(one["latitude"])
    if project.geometry is None:
        return None
    middle = shapely.from_geojson(json.dumps(project.geometry)).representative_point()
    return round(middle.x, 6), round(middle.y, 6)


def _computable(spec: SourceSpec) -> bool:
    try:
        checked_source(spec)
    except BadInput:
        return False
    return True
