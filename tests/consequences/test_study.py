"""What a scenario would do: who and what lies in its zones, for each viewer only what is theirs to see."""

from collections.abc import Callable

import pytest
import shapely

from anlan.apps.consequences import actions, selectors
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.selectors import Wind
from anlan.apps.consequences.specs import ScenarioSpec
from anlan.apps.core.actions import add_place
from anlan.apps.enterprises.models import Enterprise
from anlan.kit.accident.inputs import Sky
from anlan.kit.errors import BadInput
from anlan.kit.grants import SYSTEM, Viewer
from tests.world import World, plot

Viewers = Callable[[str], Viewer]
LON, LAT = 121.5, 41.1
SOUTHERLY = Wind(Sky(2.0, "F"), 180.0)
METRE = 1 / 111_320


def at(east: float, north: float) -> dict[str, object]:
    """A square of 20 m whose south-west corner lies so many metres from the source."""
    return plot(LON + east * METRE / 0.7536, LAT + north * METRE, 20 * METRE)


@pytest.fixture
def scenario(world: World) -> Scenario:
    spec = ScenarioSpec("丙烷罐破裂", LON, LAT, "丙烷", 20_000.0, "rupture")
    made = actions.add_scenario(SYSTEM, world.plant.pk, spec)
    near = add_place(SYSTEM, world.xiling, "public_object", "近处小学", geometry=at(0, 150))
    add_place(SYSTEM, world.dongguan, "enterprise", "远处仓库", sector="transport", geometry=at(0, 20_000))
    neighbour = add_place(SYSTEM, world.park, "enterprise", "隔壁涂料厂", sector="chemical", geometry=at(200, 0))
    Enterprise.objects.create(place=neighbour, employees=60)
    add_place(SYSTEM, world.nanpo, "enterprise", "邻县磷肥厂", sector="chemical", geometry=at(-200, 0))
    add_place(SYSTEM, near, "risk_point", "食堂", geometry=at(0, 150))
    return made


def names(viewer: Viewer, scenario: Scenario, kind: str) -> dict[str, int | None]:
    study = selectors.study(scenario, SOUTHERLY)
    effect = study.accident.effect(kind)
    assert effect is not None
    return {site.name: site.people for site in study.laid(viewer, effect)[1]}


def test_sites_in_the_zones_are_told_and_those_beyond_are_not(viewer: Viewers, scenario: Scenario) -> None:
    assert names(viewer("李巡"), scenario, "fireball") == {"近处小学": None, "隔壁涂料厂": 60}


def test_nobody_learns_of_sites_outside_their_scope(viewer: Viewers, scenario: Scenario) -> None:
    assert set(names(viewer("王安"), scenario, "fireball")) == set()
    assert "邻县磷肥厂" not in names(viewer("李巡"), scenario, "fireball")
    assert set(names(viewer("冯管"), scenario, "fireball")) == {"近处小学", "隔壁涂料厂", "邻县磷肥厂"}


def test_counts_of_zones_are_those_of_the_sites_inside(viewer: Viewers, scenario: Scenario) -> None:
    study = selectors.study(scenario, SOUTHERLY)
    effect = study.accident.effect("explosion")
    assert effect is not None
    laid, sites = study.laid(viewer("冯管"), effect)
    for zone in laid:
        shape = shapely.geometry.shape(zone.geometry)
        met = [site for site in sites if shape.buffer(30 * METRE).contains(shapely.Point(site.position))]
        assert zone.sites == len(met), zone.zone.level.key


def test_the_cloud_drifts_north_in_a_southerly_wind(viewer: Viewers, scenario: Scenario) -> None:
    study = selectors.study(scenario, SOUTHERLY)
    effect = study.accident.effect("flash_fire")
    assert effect is not None
    laid, _ = study.laid(viewer("冯管"), effect)
    _, south, _, north = shapely.geometry.shape(laid[0].geometry).bounds
    assert north - LAT > 2 * (LAT - south)


def test_a_line_crosses_the_cloud(scenario: Scenario) -> None:
    study = selectors.study(scenario, SOUTHERLY)
    effect = study.accident.effect("flash_fire")
    assert effect is not None
    line = ((LON - 300 * METRE, LAT + 100 * METRE), (LON + 300 * METRE, LAT + 100 * METRE))
    told = selectors.profile(study, effect, line)
    assert told["metres"][-1] == pytest.approx(600 * 0.7536, rel=0.01)
    middle = len(told["value"]) // 2
    assert max(told["value"]) == pytest.approx(max(told["value"][middle - 10 : middle + 10]))
    assert told["value"][0] < told["value"][middle]


def test_a_weather_beyond_the_models_is_refused_in_words(scenario: Scenario) -> None:
    scenario.substance, scenario.pressure = "74-82-8", None
    with pytest.raises(BadInput) as refused:
        selectors.study(scenario, SOUTHERLY)
    assert "pressure" in refused.value.refusal.params["why"]
