"""The only writer of scenarios."""

from dataclasses import asdict

from django.db import transaction

from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.specs import ScenarioSpec, checked
from anlan.apps.core import selectors as core
from anlan.apps.core.actions import audit
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from anlan.kit.grants import Viewer
from anlan.rules.refusal import Refusal


def add_scenario(viewer: Viewer, place_id: int, spec: ScenarioSpec) -> Scenario:
    """Write a scenario down at a place."""
    cas = checked(spec)
    with transaction.atomic():
        place = core.place(viewer, place_id, "scenario.edit")
        columns = asdict(spec) | {"substance": cas, "name": spec.name.strip()}
        scenario = Scenario.objects.create(place=place, created_by_id=viewer.person_id, **columns)
        audit(viewer.person_id, "scenario.add", place, f"scenario:{scenario.pk}", columns)
    return scenario


def edit_scenario(viewer: Viewer, scenario_id: int, spec: ScenarioSpec) -> Scenario:
    """Replace what a scenario says; what it said before is kept in the audit row."""
    cas = checked(spec)
    with transaction.atomic():
        scenario = _locked(viewer, scenario_id)
        columns = asdict(spec) | {"substance": cas, "name": spec.name.strip()}
        changed = {key: [getattr(scenario, key), new] for key, new in columns.items() if getattr(scenario, key) != new}
        for key, new in columns.items():
            setattr(scenario, key, new)
        scenario.revision += 1
        scenario.save()
        audit(viewer.person_id, "scenario.edit", scenario.place, f"scenario:{scenario.pk}", {"changed": changed})
    return scenario


def end_scenario(viewer: Viewer, scenario_id: int) -> Scenario:
    """The scenario is possible no more (the store is gone); it stays readable in the audit rows."""
    with transaction.atomic():
        scenario = _locked(viewer, scenario_id)
        if scenario.ended is not None:
            raise Refused(Refusal("scenario.ended", "这个情景已经停用。", "刷新页面查看现在的情景。"))
        scenario.ended = clock.now()
        scenario.save(update_fields=["ended"])
        audit(viewer.person_id, "scenario.end", scenario.place, f"scenario:{scenario.pk}", {})
    return scenario


def _locked(viewer: Viewer, scenario_id: int) -> Scenario:
    """The scenario, held for this transaction, if the viewer may change it."""
    found = Scenario.objects.filter(viewer.scope("scenario.view", "place__"), pk=scenario_id)
    scenario = found.select_for_update(of=("self",), no_key=True).select_related("place").first()
    if scenario is None:
        raise NotInScope
    if not viewer.may("scenario.edit", scenario.place.path, scenario.place.sector):
        raise NotAllowed("scenario.edit")
    return scenario
