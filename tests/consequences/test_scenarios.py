"""Scenarios are written by those who may, at places they see, and only if the models can compute them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from anlan.apps.consequences import actions, selectors
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.specs import ScenarioSpec
from anlan.apps.core.models import AuditRow
from anlan.kit.errors import BadInput, NotAllowed, NotInScope, Refused
from anlan.kit.grants import Viewer
from tests.world import World

Viewers = Callable[[str], Viewer]
PROPANE = ScenarioSpec("1 号丙烷罐破裂", 121.5, 41.1, "丙烷", 20_000.0, "rupture")


def test_the_safety_officer_writes_a_scenario_and_the_record_tells_it(world: World, viewer: Viewers) -> None:
    made = actions.add_scenario(viewer("王安"), world.plant.pk, PROPANE)
    assert made.substance == "74-98-6"
    assert [one.pk for one in selectors.scenarios(viewer("李巡"))] == [made.pk]
    row = AuditRow.objects.get(action="scenario.add")
    assert (row.place_id, row.detail["mass"]) == (world.plant.pk, 20_000.0)


def test_who_may_only_look_writes_nothing(world: World, viewer: Viewers) -> None:
    with pytest.raises(NotAllowed):
        actions.add_scenario(viewer("钱领"), world.plant.pk, PROPANE)
    assert not Scenario.objects.exists()


def test_an_outsider_neither_sees_nor_changes_it(world: World, viewer: Viewers) -> None:
    made = actions.add_scenario(viewer("王安"), world.plant.pk, PROPANE)
    outsider = viewer("孙外")
    assert not selectors.scenarios(outsider).exists()
    for ask in (
        lambda: selectors.scenario(outsider, made.pk),
        lambda: actions.edit_scenario(outsider, made.pk, PROPANE),
        lambda: actions.end_scenario(outsider, made.pk),
        lambda: actions.add_scenario(outsider, world.plant.pk, PROPANE),
    ):
        with pytest.raises(NotInScope):
            ask()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "scenario.name"),
        ({"name": "长" * 121}, "scenario.name"),
        ({"substance": "以太"}, "scenario.substance"),
        ({"mass": -1.0}, "scenario.out_of_range"),
        ({"mass": float("nan")}, "scenario.out_of_range"),
        ({"temperature": 5.0}, "scenario.out_of_range"),
        ({"kind": "hole", "diameter": 0.0}, "scenario.out_of_range"),
        ({"longitude": 999.0}, "scenario.position"),
        ({"latitude": float("nan")}, "scenario.position"),
    ],
)
def test_what_cannot_be_computed_is_refused_in_words(
    world: World, viewer: Viewers, changed: dict[str, object], code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        actions.add_scenario(viewer("王安"), world.plant.pk, replace(PROPANE, **changed))  # type: ignore[arg-type]  # bad on purpose
    assert refused.value.refusal.code == code
    assert not Scenario.objects.exists()


def test_a_change_keeps_what_was_said_before(world: World, viewer: Viewers) -> None:
    made = actions.add_scenario(viewer("王安"), world.plant.pk, PROPANE)
    actions.edit_scenario(viewer("王安"), made.pk, replace(PROPANE, mass=10_000.0))
    assert AuditRow.objects.get(action="scenario.edit").detail["changed"]["mass"] == [20_000.0, 10_000.0]


def test_an_ended_scenario_leaves_the_list_and_is_not_ended_twice(world: World, viewer: Viewers) -> None:
    made = actions.add_scenario(viewer("王安"), world.plant.pk, PROPANE)
    actions.end_scenario(viewer("王安"), made.pk)
    assert not selectors.scenarios(viewer("王安")).exists()
    assert selectors.scenario(viewer("王安"), made.pk).ended is not None
    with pytest.raises(Refused):
        actions.end_scenario(viewer("王安"), made.pk)
