"""Knock-on effects: vessels within the escalation threshold are told with their probability, others are not."""

from collections.abc import Callable

import pytest

from anlan.apps.consequences import actions, selectors
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.neighbours import neighbours
from anlan.apps.consequences.selectors import Wind
from anlan.apps.consequences.specs import ScenarioSpec
from anlan.apps.core.actions import add_place
from anlan.apps.enterprises.models import Equipment
from anlan.kit.accident.inputs import Sky
from anlan.kit.grants import SYSTEM, Viewer
from tests.consequences.conftest import LAT, LON
from tests.world import World, plot

Viewers = Callable[[str], Viewer]
WIND = Wind(Sky(2.0, "D"), 270.0)


@pytest.fixture
def scenario(world: World) -> Scenario:
    spec = ScenarioSpec("丙烷罐破裂", LON, LAT, "丙烷", 40_000.0, "rupture")
    near = add_place(SYSTEM, world.reactor, "risk_point", "2号储罐", geometry=_spot(200, 0))
    add_place(SYSTEM, world.reactor, "risk_point", "值班室", geometry=_spot(200, 10))
    add_place(SYSTEM, world.reactor, "risk_point", "9号储罐", geometry=_spot(4000, 0))
    assert near.pk
    return actions.add_scenario(SYSTEM, world.plant.pk, spec)


def _spot(east: float, north: float) -> dict[str, object]:
    at = [LON + east / 111_320 / 0.866, LAT + north / 111_320]
    return {"type": "Point", "coordinates": at}


def test_a_tank_near_the_blast_may_fall_and_a_far_one_may_not(viewer: Viewers, scenario: Scenario) -> None:
    found = neighbours(viewer("李巡"), selectors.study(scenario, WIND))
    assert [hit.vessel.name for hit in found.hits] == ["2号储罐"]
    hit = found.hits[0]
    assert hit.effect == "explosion" and hit.metres == pytest.approx(200, rel=0.01)
    assert hit.found.value > hit.found.threshold == 22
    assert 0 < hit.found.probability <= 1


def test_a_vessel_whose_place_is_not_drawn_counts_at_the_fence_of_its_plant(
    world: World, viewer: Viewers, scenario: Scenario
) -> None:
    firm = add_place(
        SYSTEM, world.park, "enterprise", "隔壁油库", sector="chemical", geometry=plot(LON + 0.002, LAT, 0.002)
    )
    Equipment.objects.create(place=firm, category="贮罐", name="油罐", medium="汽油", values={"volume": "500"})
    found = neighbours(viewer("李巡"), selectors.study(scenario, WIND))
    tank = next(hit for hit in found.hits if hit.vessel.name == "油罐")
    assert not tank.vessel.exact and tank.vessel.volume == 500 and tank.vessel.firm == "隔壁油库"


def test_equipment_of_the_same_plant_without_a_position_is_counted_apart(
    world: World, viewer: Viewers, scenario: Scenario
) -> None:
    Equipment.objects.create(place=world.plant, category="贮罐", name="苯罐", medium="苯")
    assert neighbours(viewer("李巡"), selectors.study(scenario, WIND)).undrawn == 1


def test_an_outsider_learns_of_no_vessel(viewer: Viewers, scenario: Scenario) -> None:
    assert neighbours(viewer("孙外"), selectors.study(scenario, WIND)).hits == ()
