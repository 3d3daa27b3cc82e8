from collections.abc import Callable

import pytest

from anlan.apps.core import actions, selectors
from anlan.apps.core.models import AuditRow, Outbox, Place
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from anlan.kit.grants import SYSTEM, Viewer
from anlan.rules import paths
from tests.world import World

ViewerOf = Callable[[str], Viewer]


def test_a_place_carries_the_path_of_all_above_it(world: World) -> None:
    assert paths.ancestor_ids(world.valve.path) == [
        world.ninghai.pk, world.qinghe.pk, world.park.pk, world.plant.pk, world.reactor.pk, world.valve.pk,
    ]  # fmt: skip


def test_adding_a_place_leaves_an_audit_row_and_a_live_event(world: World, viewer: ViewerOf) -> None:
    tank = actions.add_place(viewer("王安"), world.reactor, "risk_point", "苯储罐")
    row = AuditRow.objects.get(action="place.add", subject=f"place:{tank.pk}")
    assert row.actor_id == world.people["王安"].pk
    assert row.place == tank
    assert Outbox.objects.filter(topic="places", place=tank).exists()


def test_what_lies_in_an_enterprise_has_its_sector(world: World) -> None:
    assert world.valve.sector == world.reactor.sector == "chemical"
    assert world.qinghe.sector == world.park.sector == ""


def test_a_new_sector_reaches_everything_in_the_enterprise(world: World) -> None:
    actions.edit_place(SYSTEM, world.plant.pk, sector="gas")
    assert set(selectors.subtree(world.plant.path).values_list("sector", flat=True)) == {"gas"}


def test_a_unit_has_no_sector_of_its_own(world: World) -> None:
    with pytest.raises(Refused, match=r"place\.sector_inherited"):
        actions.edit_place(SYSTEM, world.reactor.pk, sector="gas")


@pytest.mark.parametrize(
    ("parent", "kind"), [("valve", "unit"), ("qinghe", "unit"), ("plant", "town"), (None, "enterprise"), ("plant", "?")]
)
def test_a_place_lies_only_where_its_kind_belongs(world: World, parent: str | None, kind: str) -> None:
    before = Place.objects.count()
    with pytest.raises(Refused, match=r"place\.wrong_parent"):
        actions.add_place(SYSTEM, world.places[parent] if parent else None, kind, "某处")
    assert Place.objects.count() == before


@pytest.mark.parametrize("name", ["", " 前面有空格", "换\n行", "长" * 121])
def test_a_name_that_cannot_be_shown_is_refused(world: World, name: str) -> None:
    with pytest.raises(Refused, match=r"place\.bad_name"):
        actions.rename_place(SYSTEM, world.reactor.pk, name)


@pytest.mark.parametrize("code", ["990221100", "99012110", "990121000"])
def test_a_town_code_must_belong_to_its_county(world: World, code: str) -> None:
    with pytest.raises(Refused, match=r"code\.division"):
        actions.add_place(SYSTEM, world.qinghe, "town", "新镇", code=code)


def test_a_unit_code_is_taken_in_lower_case_and_kept_in_upper(world: World) -> None:
    works = actions.add_place(SYSTEM, world.park, "enterprise", "同和制药", code=" 91990121ma0000001x ")
    assert works.code == "91990121MA0000001X"


def test_a_geometry_gets_its_bounding_box(world: World) -> None:
    shape = {"type": "LineString", "coordinates": [[120.5, 30.1], [120.1, 30.4], [120.3, 30.2]]}
    pipe = actions.add_place(SYSTEM, world.qinghe, "segment", "燃气管段", geometry=shape)
    assert (pipe.west, pipe.south, pipe.east, pipe.north) == (120.1, 30.1, 120.5, 30.4)


def test_a_bad_geometry_is_refused_and_nothing_is_kept(world: World) -> None:
    before = Place.objects.count()
    with pytest.raises(Refused, match=r"geometry\.bad"):
        actions.add_place(SYSTEM, world.qinghe, "segment", "管段", geometry={"type": "Point", "coordinates": [999, 0]})
    assert Place.objects.count() == before


def test_a_retired_place_leaves_the_lists_with_all_below_it(world: World, viewer: ViewerOf) -> None:
    assert actions.retire_place(SYSTEM, world.plant.pk) == 3
    assert not selectors.places(viewer("赵值")).filter(pk=world.valve.pk).exists()
    assert selectors.place(viewer("赵值"), world.valve.pk).retired is not None
    with pytest.raises(Refused, match=r"place\.parent_retired"):
        actions.add_place(SYSTEM, world.plant, "unit", "新装置")


def test_the_outsider_sees_no_place_of_the_county(world: World, viewer: ViewerOf) -> None:
    seen = set(selectors.places(viewer("孙外")))
    assert seen == {
        world.linshan,
        world.nanpo,
        world.beigou,
        world.mill,
        world.furnace,
        world.ladle,
        world.ferry,
        world.jetty,
    }
    with pytest.raises(NotInScope):
        selectors.place(viewer("孙外"), world.plant.pk)
    with pytest.raises(NotInScope):
        actions.rename_place(viewer("孙外"), world.plant.pk, "改名")


def test_the_inspector_sees_the_plant_but_may_not_rename_it(world: World, viewer: ViewerOf) -> None:
    with pytest.raises(NotAllowed):
        actions.rename_place(viewer("李巡"), world.plant.pk, "改名")


def test_a_sector_grant_reaches_its_sector_county_wide_and_nothing_else(world: World, viewer: ViewerOf) -> None:
    assert set(selectors.places(viewer("郑运"))) == {world.haulier, world.depot}


def test_the_safety_officer_adds_only_inside_the_plant(world: World, viewer: ViewerOf) -> None:
    with pytest.raises(NotInScope):
        actions.add_place(viewer("王安"), world.park, "enterprise", "私自新厂")
    with pytest.raises(NotAllowed):
        actions.add_place(viewer("王安"), None, "county", "私自新县")


def test_the_search_finds_by_name_and_code_within_scope(world: World, viewer: ViewerOf) -> None:
    assert list(selectors.search_places(viewer("赵值"), "化工")) == [world.park, world.plant]
    assert list(selectors.search_places(viewer("赵值"), "91990121ma")) == [world.plant]
    assert not selectors.search_places(viewer("孙外"), "化工").exists()


def test_the_tree_below_a_place_stays_in_scope(world: World, viewer: ViewerOf) -> None:
    assert list(selectors.tree(viewer("赵值"), world.park.pk)) == [world.park, world.plant, world.reactor, world.valve]
    assert selectors.ancestors(viewer("王安"), world.valve) == [world.plant, world.reactor]
