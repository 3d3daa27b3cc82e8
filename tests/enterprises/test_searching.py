"""Combined search, holders of a substance near a place, and identification from the file."""

from collections.abc import Callable

import pytest
from django.test import Client

from anlan.apps.core.actions import add_place, edit_place
from anlan.apps.core.selectors import viewer_of
from anlan.apps.enterprises import selectors
from anlan.apps.enterprises.actions import EnterpriseSpec, add_chemicals, edit_enterprise, register_enterprises
from anlan.apps.enterprises.forms import form, value_of
from anlan.apps.enterprises.models import Enterprise
from anlan.kit.grants import SYSTEM, Viewer
from anlan.rules import distance
from tests.enterprises.conftest import ammonia
from tests.world import World, plot

SCHOOL = (122.000, 41.000)
DEGREE = 111_194.9  # [m] of a degree of latitude


def names(rows: object) -> list[str]:
    return [place.name for place in rows]  # type: ignore[attr-defined]  # a query set of places


def test_economic_types_and_industries_include_the_finer_ones(world: World, firm: Enterprise) -> None:
    register_enterprises(SYSTEM, [EnterpriseSpec(place_id=world.mill.pk, economic_type="151", industry="3211")])
    every = selectors.enterprises(SYSTEM)
    assert names(selectors.of_economic_type(every, ["170"])) == ["恒泰化工厂"]
    assert names(selectors.of_economic_type(every, ["100"])) == ["恒泰化工厂", "金桥冶炼厂"]
    assert names(selectors.in_industry(every, ["26"])) == ["恒泰化工厂"]
    assert names(selectors.in_industry(every, ["C"])) == ["恒泰化工厂", "金桥冶炼厂"]
    assert names(selectors.in_industry(every, ["B"])) == []


def test_an_area_and_a_zone_narrow(world: World) -> None:
    every = selectors.enterprises(SYSTEM)
    assert names(selectors.under(every, SYSTEM, world.park.pk)) == ["恒泰化工厂"]
    assert names(selectors.under(every, SYSTEM, world.dongguan.pk)) == ["顺达运输行"]


def test_enterprises_are_counted_by_trade_industry_and_level(world: World) -> None:
    every = selectors.enterprises(SYSTEM)
    said = selectors.counted(every)
    assert sum(one.count for one in said) == every.count()
    assert sum(one.count for one in said if one.sector == "transport" and one.level == 0) == 2


def test_the_list_counts_what_is_left_and_offers_what_there_is(world: World, browser: Callable[[str], Client]) -> None:
    place = add_place(SYSTEM, world.dongguan, "enterprise", "安和仓储", sector="transport")
    shown = browser("李巡").get("/enterprises", {"q": "安和"}).content.decode()
    assert "共 <b>1</b> 条" in shown
    assert 'name="sector" value="chemical"' in shown  # to choose another trade, not only what is left
    assert place.name in shown


def test_enterprises_and_public_objects_stand_in_one_order_of_names(
    world: World, browser: Callable[[str], Client]
) -> None:
    Enterprise.objects.create(place=world.school)
    shown = browser("李巡").get("/enterprises").content.decode()
    listed = sorted(place.name for place in selectors.enterprises(viewer_of(world.person("李巡"))))
    assert world.school.name in listed
    assert sorted(listed, key=lambda name: shown.index(f">{name}</a>")) == listed


@pytest.fixture
def neighbours(world: World) -> World:
    """The plant 1 km north of the school, the depot 5 km north, the mill not drawn."""
    edit_place(SYSTEM, world.plant.pk, geometry=plot(122.000, 41.000 + 1000 / DEGREE, 0.002))
    for place in (world.reactor, world.furnace, world.mill):
        edit_place(SYSTEM, place.pk, geometry=None)
    edit_place(SYSTEM, world.depot.pk, geometry={"type": "Point", "coordinates": [122.0, 41.0 + 5000 / DEGREE]})
    add_chemicals(SYSTEM, [ammonia(place.pk) for place in (world.reactor, world.depot, world.furnace)])
    return world


def test_ammonia_within_three_kilometres_is_found_at_the_nearest_drawn_place(neighbours: World) -> None:
    [found] = selectors.holders(SYSTEM, "氨", near=(*SCHOOL, 3000))
    assert (found.place_name, found.firm and found.firm.name) == ("聚合反应釜", "恒泰化工厂")
    assert found.metres == pytest.approx(1000, rel=1e-3)
    assert [one.place_name for one in selectors.holders(SYSTEM, "7664-41-7", near=(*SCHOOL, 6000))] == [
        "聚合反应釜",
        "停车场油罐",
    ]


def test_a_drawn_area_finds_what_it_touches(neighbours: World) -> None:
    area = plot(121.99, 41.0, 0.02)
    assert [one.place_name for one in selectors.holders(SYSTEM, "ammonia", polygon=area)] == ["聚合反应釜"]
    assert len(selectors.holders(SYSTEM, "")) == 3


def test_holders_of_elsewhere_are_not_told(neighbours: World, viewer: Callable[[str], Viewer]) -> None:
    assert [one.place_name for one in selectors.holders(viewer("王安"), "氨")] == ["聚合反应釜"]


def test_distances_are_to_the_nearest_edge_and_nought_inside() -> None:
    square = plot(122.0, 41.0, 0.01)
    assert distance.metres(square, (122.005, 41.005)) == 0
    assert distance.metres(square, (122.005, 41.0 - 500 / DEGREE)) == pytest.approx(500, rel=1e-4)
    line = {"type": "LineString", "coordinates": [[122.0, 41.0], [122.0, 41.1]]}
    assert distance.metres(line, (122.0 + 0.01, 41.05)) == pytest.approx(0.01 * DEGREE * 0.7547, rel=2e-3)


def test_the_file_tells_whether_an_installation_is_a_major_one(world: World, firm: Enterprise) -> None:
    add_chemicals(SYSTEM, [ammonia(world.reactor.pk, maximum=12.0), ammonia(world.valve.pk, maximum=3.0)])
    units = selectors.assess(SYSTEM, world.plant).units
    assert [(unit.place.name, float(unit.s), unit.is_major, unit.grade) for unit in units] == [
        ("聚合反应釜", 1.2, True, None),
        ("进料阀组", 0.3, False, None),
    ]
    form_values = {field.key: value_of(firm, field.key) for field in form("basics").fields}
    edit_enterprise(SYSTEM, world.plant.pk, {**form_values, "neighbours": 60})
    [reactor, _] = selectors.assess(SYSTEM, world.plant).units
    assert (reactor.alpha, reactor.grade) == (1.5, "四级")
    assert reactor.r == pytest.approx(3.6)
