"""A park counts plants that lie elsewhere: who sees the park alone is told neither names nor how many."""

from collections.abc import Callable
from dataclasses import replace

from django.test import Client

from anlan.apps.consequences import actions as consequences
from anlan.apps.consequences.specs import ScenarioSpec
from anlan.apps.core.actions import add_place
from anlan.apps.core.models import ZoneMembership
from anlan.apps.parks import actions, selectors
from anlan.apps.parks.models import JointGroup
from anlan.apps.parks.specs import GroupSpec
from anlan.kit.grants import SYSTEM, Narrowing, Viewer
from tests.parks.parts import GOOD, proposed
from tests.world import World, plot

Viewers = Callable[[str], Viewer]
GROUP = GroupSpec("北片联防组", "刘主任", "0427-1", ())


def joined(world: World) -> JointGroup:
    """A group of the plant in the park, one beside it in the park, and the haulier that the park only counts."""
    ZoneMembership.objects.create(zone=world.park, place=world.haulier)
    beside = add_place(SYSTEM, world.park, "enterprise", "园内空分厂", geometry=plot(120.042, 30.002, 0.001))
    whole = replace(GROUP, member_ids=(world.plant.pk, beside.pk, world.haulier.pk))
    return actions.add_group(SYSTEM, world.park.pk, whole)


def members(group: JointGroup) -> tuple[int, ...]:
    hauliers_last = group.members.order_by("sector", "pk")
    return tuple(hauliers_last.values_list("pk", flat=True))


def test_the_desk_says_that_a_group_has_others_and_not_how_many(world: World, browser: Callable[[str], Client]) -> None:
    joined(world)
    whole = browser("李巡").get(f"/parks/{world.park.pk}").content.decode()
    assert "顺达运输行" in whole and "权限范围以外的成员" not in whole
    part = browser("吴专").get(f"/parks/{world.park.pk}").content.decode()
    assert "权限范围以外的成员" in part and "顺达运输行" not in part and "另有 1 家" not in part


def test_who_edits_a_group_takes_nobody_out_of_it_whom_they_do_not_see(world: World, viewer: Viewers) -> None:
    group = joined(world)
    actions.edit_group(SYSTEM, group.pk, replace(GROUP, member_ids=members(group), leader_id=world.haulier.pk))
    keeper = viewer("李巡").narrowed(Narrowing(path=world.park.path))
    seen = tuple(one for one in members(group) if one != world.haulier.pk)
    actions.edit_group(keeper, group.pk, replace(GROUP, name="北片", member_ids=seen))
    group.refresh_from_db()
    assert (group.name, group.leader_id) == ("北片", world.haulier.pk)
    assert members(group) == (*seen, world.haulier.pk)


def test_the_check_counts_no_school_that_its_reader_may_not_see(world: World, viewer: Viewers) -> None:
    for number in range(2):
        spot = plot(120.1011 + number / 1000, 30.0001, 0.0005)
        add_place(SYSTEM, world.xiling, "public_object", f"西岭{number}中学", geometry=spot)
    spec = ScenarioSpec("丙烷罐破裂", 120.1005, 30.0005, "丙烷", 50_000.0, "rupture")
    scenario = consequences.add_scenario(SYSTEM, world.park.pk, spec)
    project = proposed(world, replace(GOOD, scenarios=(scenario.pk,)))
    actions.draw_project(SYSTEM, project.pk, plot(120.1002, 30.0001, 0.001))
    run = actions.check_project(SYSTEM, project.pk)
    lines = {
        name: {one.key: one for one in selectors.lines_of(viewer(name), run.findings)} for name in ("李巡", "吴专")
    }
    assert "3 处公共目标" in lines["李巡"]["risk"].reason
    hidden = lines["吴专"]["risk"].reason
    assert "3 处" not in hidden and "中学" not in hidden and "一处您无权查看的目标" in hidden


def test_a_project_does_not_name_a_plant_that_its_reader_may_not_see(
    world: World, browser: Callable[[str], Client]
) -> None:
    project = proposed(world, replace(GOOD, plant_id=world.haulier.pk))
    address = f"/projects/{project.pk}"
    assert "顺达运输行" in browser("李巡").get(address).content.decode()
    assert "顺达运输行" not in browser("吴专").get(address).content.decode()


def test_who_edits_a_project_takes_away_nothing_that_they_do_not_see(world: World, viewer: Viewers) -> None:
    spec = ScenarioSpec("丙烷罐破裂", 120.1005, 30.0005, "丙烷", 50_000.0, "rupture")
    here, there = (consequences.add_scenario(SYSTEM, at.pk, spec) for at in (world.park, world.haulier))
    project = proposed(world, replace(GOOD, plant_id=world.haulier.pk, scenarios=(here.pk, there.pk)))
    keeper = viewer("李巡").narrowed(Narrowing(path=world.park.path))
    actions.edit_project(keeper, project.pk, replace(GOOD, name="改名"))
    project.refresh_from_db()
    assert (project.name, project.plant_id, project.scenarios) == ("改名", world.haulier.pk, [there.pk])
    actions.edit_project(viewer("李巡"), project.pk, replace(GOOD, scenarios=()))
    project.refresh_from_db()
    assert (project.plant_id, project.scenarios) == (None, [])
