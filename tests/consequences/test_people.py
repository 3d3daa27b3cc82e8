"""Who is in the zones: residents by the grid, workers by the share of their site, and how many would die."""

from collections.abc import Callable

import pytest

from anlan.apps.consequences import actions, selectors
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.selectors import LaidZone, Toll, Wind
from anlan.apps.consequences.sites import Site
from anlan.apps.consequences.specs import ScenarioSpec
from anlan.apps.core.actions import add_place
from anlan.apps.enterprises.models import Enterprise
from anlan.kit.accident.inputs import Sky
from anlan.kit.grants import SYSTEM, Viewer
from tests.consequences.conftest import LAT, LON
from tests.world import World, plot

Viewers = Callable[[str], Viewer]
WIND = Wind(Sky(2.0, "F"), 180.0)


@pytest.fixture
def scenario(world: World) -> Scenario:
    spec = ScenarioSpec("液氯罐孔泄漏", LON, LAT, "氯", 40_000.0, "hole", diameter=0.02, duration=900.0)
    Enterprise.objects.create(place=world.plant, employees=200)
    return actions.add_scenario(SYSTEM, world.plant.pk, spec)


def told(viewer: Viewer, one: Scenario, kind: str = "toxic") -> tuple[list[LaidZone], list[Site], Toll]:
    study = selectors.study(one, WIND)
    effect = study.accident.effect(kind)
    assert effect is not None
    laid, sites = study.laid(viewer, effect)
    return laid, sites, study.toll(effect, sites)


def test_residents_are_those_of_the_ground_that_a_zone_covers(viewer: Viewers, scenario: Scenario, people: int) -> None:
    laid, _, _ = told(viewer("李巡"), scenario)
    cell_m2 = 0.001 * 111_320 * 0.866 * 0.0009 * 111_320
    small = [one for one in laid if 0 < one.zone.reach < 3000]
    assert small
    for one in small:
        assert one.residents == pytest.approx(people * one.zone.area / cell_m2, rel=0.02), one.zone.level.key


def test_no_more_die_than_live_in_the_zone_that_kills(viewer: Viewers, scenario: Scenario, people: int) -> None:
    laid, _, toll = told(viewer("李巡"), scenario)
    half = next(one for one in laid if one.zone.level.key == "lethal-50")
    few = next(one for one in laid if one.zone.level.key == "lethal-1")
    assert half.residents is not None and few.residents is not None and toll.residents is not None
    assert 0.5 * half.residents < toll.residents < few.residents * 1.1
    assert "概率函数" in toll.source


def test_where_nobody_counted_nobody_is_not_said_to_be_none(viewer: Viewers, scenario: Scenario, people: int) -> None:
    scenario.longitude = 100.0
    laid, _, toll = told(viewer("李巡"), scenario)
    assert {one.residents for one in laid} == {None}
    assert toll.residents is None


def test_without_a_table_residents_are_unknown(viewer: Viewers, scenario: Scenario, data: object) -> None:
    laid, _, toll = told(viewer("李巡"), scenario)
    assert {one.residents for one in laid} == {None} and toll.residents is None


def test_workers_count_by_the_part_of_their_site_in_the_zone(viewer: Viewers, scenario: Scenario, people: int) -> None:
    laid, sites, toll = told(viewer("李巡"), scenario)
    plant = next(site for site in sites if site.name == "恒泰化工厂")
    workers = [one.workers for one in laid]
    assert workers == sorted(workers, reverse=True)
    assert 0 < workers[-1] < 200
    assert plant.dying is not None and 0 < plant.dying < 200
    assert toll.workers == pytest.approx(plant.dying)


def test_an_enterprise_that_does_not_say_is_told_of(world: World, viewer: Viewers, scenario: Scenario) -> None:
    add_place(SYSTEM, world.park, "enterprise", "无数厂", sector="chemical", geometry=plot(LON, LAT + 0.004, 0.001))
    laid, _, _ = told(viewer("李巡"), scenario)
    assert laid[0].unsaid == 1


def test_a_school_in_the_cloud_is_told_with_its_time_and_its_danger(
    world: World, viewer: Viewers, scenario: Scenario
) -> None:
    add_place(SYSTEM, world.park, "public_object", "柳湾小学", geometry=plot(LON, LAT + 0.005, 0.0005))
    _, sites, _ = told(viewer("李巡"), scenario)
    school = next(site for site in sites if site.name == "柳湾小学")
    assert school.public and school.sort == "学校"
    assert school.arrival is not None and 60 < school.arrival < 1800
    assert school.chance is not None and 0 < school.chance <= 1
