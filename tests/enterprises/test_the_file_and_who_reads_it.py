"""The tree of the file, what is missing, what runs out, and that nobody sees another's rows."""

from collections.abc import Callable

import pytest

from anlan.apps.enterprises import selectors
from anlan.apps.enterprises.actions import (
    EquipmentSpec,
    RecordSpec,
    add_certificates,
    add_chemicals,
    add_equipment,
    add_licences,
    add_records,
    end_item,
)
from anlan.apps.enterprises.models import Enterprise
from anlan.kit.errors import NotAllowed, NotInScope
from anlan.kit.grants import SYSTEM, Viewer
from anlan.packs.families import file_groups
from tests.enterprises.conftest import ammonia, certificate, days, licence, today
from tests.world import World


def test_the_thirty_four_groups_lie_in_their_branches() -> None:
    known = file_groups.load(today())
    asked = [group for group in known.groups if not group.beyond]
    by_branch = [len([g for g in asked if g.branch == branch]) for branch in known.branches]
    assert by_branch == [18, 7, 4, 3, 2, 0]


def test_every_group_has_fields_and_its_title_among_them() -> None:
    from anlan.apps.enterprises import forms

    for group in forms.groups().groups:
        assert group.title in {field.key for field in forms.form(group.key).fields}, group.key


def counts(viewer: Viewer, world: World) -> dict[str, int]:
    branches = selectors.tree(viewer, world.plant)
    return {each.group.key: each.count for branch in branches for each in branch.groups if each.count}


def test_a_holding_counts_in_every_group_that_asks_for_it(world: World, firm: Enterprise) -> None:
    add_chemicals(SYSTEM, [ammonia(world.reactor.pk)])
    spec = EquipmentSpec(
        place_id=world.reactor.pk,
        category="贮罐",
        name="氨罐",
        code="V-1",
        values={"form": "球罐", "medium": "氨", "volume": 50},
    )
    add_equipment(SYSTEM, [spec])
    add_certificates(SYSTEM, [certificate(world.plant.pk, None)])
    assert counts(SYSTEM, world) == {
        "basics": 1,
        "materials": 1,
        "chemicals": 1,
        "tank_chemicals": 1,
        "tanks": 1,
        "staff": 1,
    }


def test_gaps_are_named_and_those_about_chemicals_only_where_some_are_held(world: World, firm: Enterprise) -> None:
    def gaps() -> set[str]:
        return {gap.group.key for gap in selectors.gaps(selectors.tree(SYSTEM, world.plant), firm)}

    assert gaps() == {"rules", "licences", "plans", "staff", "rescue_office"}
    add_chemicals(SYSTEM, [ammonia(world.plant.pk)])
    assert gaps() > {"evaluations", "disposal", "surroundings", "scenarios", "fire_water"}
    [basics, *_] = selectors.gaps(selectors.tree(SYSTEM, world.mill), None)
    assert basics.fields[:2] == ("经济类型", "所属行业")


def test_what_runs_out_is_ordered_by_clock_and_what_is_out_of_use_has_none(world: World, firm: Enterprise) -> None:
    add_licences(SYSTEM, [licence(world.plant.pk, days(n), number=str(n)) for n in (200, 45, -2, 30)])
    boiler = EquipmentSpec(
        place_id=world.reactor.pk,
        category="特种设备",
        name="蒸汽锅炉",
        code="G1",
        type="锅炉",
        state="停用",
        inspection_due=days(-9),
    )
    add_equipment(SYSTEM, [boiler])
    found = selectors.dues(SYSTEM, world.plant)
    assert [(one.days, one.band) for one in found] == [(-2, 0), (30, 1), (45, 2)]
    assert {one.label for one in found} == {"有效期至"}
    assert [one.firm.name for one in found if one.firm] == ["恒泰化工厂"] * 3
    assert selectors.due_counts(found) == [1, 1, 1, 0]


def test_ended_rows_are_kept_apart(world: World) -> None:
    group = file_groups.load(today()).group("licences")
    assert group
    [row] = add_licences(SYSTEM, [licence(world.plant.pk, None)])
    end_item(SYSTEM, "licence", row.pk, "已换证")
    assert not selectors.rows(SYSTEM, world.plant, group).exists()
    assert [each.pk for each in selectors.rows(SYSTEM, world.plant, group, ended=True)] == [row.pk]


@pytest.mark.parametrize(
    ("name", "sees"), [("王安", ["恒泰化工厂"]), ("赵值", ["恒泰化工厂", "顺达运输行"]), ("何客", [])]
)
def test_each_sees_the_enterprises_of_their_grants(
    viewer: Callable[[str], Viewer], world: World, name: str, sees: list[str]
) -> None:
    assert sorted(place.name for place in selectors.enterprises(viewer(name))) == sorted(sees)


def test_a_file_of_elsewhere_does_not_exist(world: World, viewer: Callable[[str], Viewer]) -> None:
    [row] = add_records(SYSTEM, [RecordSpec(world.mill.pk, "stores", {"name": "一号库", "warehouses": 2})])
    officer = viewer("王安")
    with pytest.raises(NotInScope):
        selectors.file_place(officer, world.mill.pk)
    with pytest.raises(NotInScope):
        selectors.item(officer, "record", row.pk)
    with pytest.raises(NotInScope):
        selectors.file_place(officer, world.reactor.pk)
    assert selectors.changes(officer) == []
    assert selectors.dues(officer) == []


def test_who_sees_places_but_no_files_is_told_so(world: World, viewer: Callable[[str], Viewer]) -> None:
    worker = next(name for name in world.people if _only_places(viewer(name), world))
    with pytest.raises(NotAllowed):
        selectors.file_place(viewer(worker), world.plant.pk)


def _only_places(viewer: Viewer, world: World) -> bool:
    at = (world.plant.path, world.plant.sector)
    return viewer.may("place.view", *at) and not viewer.may("enterprise.view", *at)
