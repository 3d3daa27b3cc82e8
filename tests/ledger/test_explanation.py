"""Every colour says why, to each person as far as that person may look."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import translation

from anlan.apps.core import actions as core
from anlan.apps.ledger.actions import clear_fact, raise_fact
from anlan.apps.ledger.projector import Projector
from anlan.apps.ledger.selectors import Explanation, FactLine, explain
from anlan.kit import links
from anlan.kit.errors import NotInScope
from anlan.kit.grants import SYSTEM, Viewer
from anlan.rules.levels import Level
from tests.ledger.conftest import Clock
from tests.world import World

Look = Callable[[str], Viewer]
Project = Callable[[], Projector]


def say(world: World, place: str, level: int, reason: str = "超限", **more: object) -> int:
    from anlan.kit import clock

    given = {"happened": clock.now(), "params": {}} | more
    return raise_fact(world.places[place].pk, "alarm", level, reason, given.pop("params"), **given).pk


def names(line: FactLine) -> list[str]:
    return [step.name for step in line.path]


def everything(told: Explanation) -> str:
    return repr(told)


@pytest.fixture
def alarm_pages() -> Iterator[None]:
    kept = dict(links._LINKS)
    links.register("alarm", "alarm.view", "/duty/{id}")
    yield
    links._LINKS.clear()
    links._LINKS.update(kept)


def test_the_county_names_the_valve_and_the_way_to_it(
    world: World, viewer: Look, project: Project, alarm_pages: None
) -> None:
    say(world, "valve", 4, "{tag} 超过高高限", params={"tag": "PI-7"}, source=("alarm", 12))
    project()
    told = explain(viewer("赵值"), world.qinghe.pk)
    (line,) = told.lines
    assert told.level == Level.MAJOR
    assert names(line) == ["清河县", "柳湾化工园", "恒泰化工厂", "聚合反应釜", "进料阀组"]
    assert line.reason == "PI-7 超过高高限"
    assert line.source_url == "/duty/12"


def test_only_facts_that_alone_would_hold_the_colour_are_lines_newest_first(
    world: World, viewer: Look, project: Project, hands: Clock
) -> None:
    first = say(world, "valve", 3)
    hands.turn(60)
    second = say(world, "depot", 3)
    say(world, "school", 2)
    project()
    assert [line.fact_id for line in explain(viewer("赵值"), world.qinghe.pk).lines] == [second, first]


def test_a_fact_from_above_is_shown_with_the_way_down(world: World, viewer: Look, project: Project) -> None:
    say(world, "qinghe", 3, "暴雨橙色预警", applies_to="descendants")
    project()
    (line,) = explain(viewer("赵值"), world.plant.pk).lines
    assert line.inherited
    assert names(line) == ["清河县", "柳湾化工园", "恒泰化工厂"]


def test_what_lies_outside_the_scope_is_counted_and_not_described(world: World, viewer: Look, project: Project) -> None:
    say(world, "qinghe", 3, "机密理由甲", applies_to="descendants")
    project()
    told = explain(viewer("王安"), world.plant.pk)
    (line,) = told.lines
    assert (line.in_scope, line.count, line.fact_id, line.since, line.source_url) == (False, 1, None, None, None)
    assert line.reason == "在您的权限范围之外"
    assert "机密理由甲" not in everything(told)
    assert "清河县" not in everything(told)


def test_a_zone_explains_itself_by_its_members(world: World, viewer: Look, project: Project) -> None:
    zone = core.add_place(SYSTEM, world.qinghe, "zone", "柳河流域")
    core.join_zone(SYSTEM, world.depot.pk, zone.pk)
    core.join_zone(SYSTEM, world.ladle.pk, zone.pk)
    say(world, "ladle", 4, "钢包倾动异常")
    say(world, "depot", 4, "油罐液位高")
    project()
    told = explain(viewer("赵值"), zone.pk)
    visible = [line for line in told.lines if line.in_scope]
    hidden = [line for line in told.lines if not line.in_scope]
    assert [names(line) for line in visible] == [["柳河流域", "停车场油罐"]]
    assert [(line.level, line.path[0].kind, line.count) for line in hidden] == [(Level.MAJOR, "risk_point", 1)]
    assert "钢包" not in everything(told)
    county = explain(viewer("赵值"), world.qinghe.pk)
    assert sum(line.count for line in county.lines) == 2


def test_a_fact_that_reaches_a_member_from_above_holds_the_zone(world: World, project: Project) -> None:
    zone = core.add_place(SYSTEM, world.qinghe, "zone", "柳河流域")
    core.join_zone(SYSTEM, world.ladle.pk, zone.pk)
    say(world, "mill", 4, "全厂停电", applies_to="descendants")
    project()
    told = explain(SYSTEM, zone.pk)
    assert told.level == Level.MAJOR
    assert names(told.lines[0]) == ["柳河流域", "钢包吊运处", "金桥冶炼厂"]


def test_a_place_never_assessed_says_so(world: World, viewer: Look, project: Project) -> None:
    project()
    (line,) = explain(viewer("王安"), world.plant.pk).lines
    assert (line.level, line.kind, line.reason) == (Level.UNKNOWN, "unassessed", "从未评估")
    assert names(line) == ["恒泰化工厂", "聚合反应釜", "进料阀组"]


def test_lost_monitoring_explains_the_unknown(world: World, viewer: Look, project: Project) -> None:
    say(world, "valve", 1, "评估为低风险")
    lost = say(world, "valve", 0, "数据中断")
    project()
    told = explain(viewer("王安"), world.plant.pk)
    assert told.level == Level.UNKNOWN
    assert [line.fact_id for line in told.lines] == [lost]


def test_a_past_colour_is_explained_from_what_was_known_then(
    world: World, viewer: Look, project: Project, hands: Clock
) -> None:
    fact = say(world, "valve", 4)
    project()
    then = hands.turn(60)
    hands.turn(60)
    clear_fact(fact, then - timedelta(seconds=30))  # recorded only now
    project()
    assert explain(viewer("王安"), world.plant.pk).level == Level.UNKNOWN
    told = explain(viewer("王安"), world.plant.pk, at=then)
    assert (told.level, [line.fact_id for line in told.lines]) == (Level.MAJOR, [fact])


def test_a_large_explanation_is_cut_and_says_how_many_more(world: World, viewer: Look, project: Project) -> None:
    for _ in range(60):
        say(world, "valve", 2)
    project()
    told = explain(viewer("赵值"), world.qinghe.pk)
    assert (len(told.lines), told.further, told.further_at_least) == (50, 10, False)


def test_the_reason_is_told_in_the_readers_language(world: World, viewer: Look, project: Project) -> None:
    project()
    with translation.override("en"):
        (line,) = explain(viewer("王安"), world.plant.pk).lines
    assert line.reason


def test_the_outsider_learns_nothing(world: World, viewer: Look, project: Project) -> None:
    say(world, "valve", 4)
    project()
    for name in ("孙外", "何客"):
        with pytest.raises(NotInScope):
            explain(viewer(name), world.plant.pk)
