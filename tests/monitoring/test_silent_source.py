"""A gateway that falls silent is one fact and one notice, not one for each of its tags."""

from dataclasses import replace

import pytest

from anlan.apps.core.models import Notice, Outbox
from anlan.apps.ledger.models import Fact
from anlan.apps.monitoring import actions, selectors
from anlan.apps.monitoring.actions import TagSpec
from anlan.apps.monitoring.models import Alarm
from anlan.kit.grants import SYSTEM
from anlan.rules.alarms import Limits
from anlan.rules.levels import Level
from tests.monitoring.conftest import CLEAR, RAISE, Engine, Plant
from tests.world import World


def live() -> list[tuple[str, int]]:
    """(kind of source, level) of the facts that hold now."""
    return list(Fact.objects.filter(clearing=None).order_by("pk").values_list("source_kind", "level"))


def notices() -> list[str]:
    return list(Notice.objects.filter(person__name="赵值").order_by("pk").values_list("text", flat=True))


@pytest.fixture
def all_missing(plant: Plant) -> Engine:
    engine = Engine()
    engine.say(*((tag, "MISSING", RAISE) for tag in (plant.pressure, plant.level, plant.valve)))
    return engine


def test_one_missing_tag_is_a_fact_of_its_own(plant: Plant) -> None:
    Engine().say((plant.pressure, "MISSING", RAISE))
    assert live() == [("alarm", Level.UNKNOWN)]
    assert len(notices()) == 1


def test_two_tags_missing_together_are_two_facts_and_one_notice(plant: Plant) -> None:
    Engine().say((plant.pressure, "MISSING", RAISE), (plant.level, "MISSING", RAISE))
    assert live() == [("alarm", Level.UNKNOWN)] * 2
    assert notices() == ["聚合反应釜：恒泰 DCS：2 个点位数据中断"]


def test_all_tags_missing_are_one_lost_source(world: World, plant: Plant, all_missing: Engine) -> None:
    assert live() == [("source", Level.UNKNOWN)]
    fact = Fact.objects.get()
    assert (fact.place, fact.applies_to, fact.params["count"]) == (world.plant, "descendants", "3")
    assert len(notices()) == 1 and "恒泰 DCS" in notices()[0]
    assert Alarm.objects.filter(state="unacknowledged").count() == 3
    assert Outbox.objects.filter(topic="alarm").count() == 2, "one live event for each place"


def test_who_may_not_see_a_gateway_is_not_told_its_name(world: World, viewer, browser) -> None:
    source, _ = actions.add_source(SYSTEM, world.qinghe.pk, "county", "县汇聚网关")
    spec = TagSpec(world.reactor.pk, "T1", "温度", limits=Limits(h=9, missing_s=60))
    tags = [actions.add_tag(SYSTEM, source.pk, replace(spec, code=f"T{number}")) for number in range(2)]
    other = actions.add_tag(SYSTEM, source.pk, replace(spec, code="T9", place_id=world.depot.pk))
    Engine().say(*((tag, "MISSING", RAISE) for tag in tags))
    assert notices() == ["聚合反应釜：县汇聚网关：2 个点位数据中断"]
    own = list(Notice.objects.filter(person__name="王安").values_list("text", flat=True))
    assert own == ["聚合反应釜：2 个点位数据中断"]
    Engine(shard=1).say((other, "MISSING", RAISE))  # now the whole gateway is lost: one line on the desk
    assert [row.source_name for row in selectors.duty_queue(viewer("王安")).rows] == [""]
    assert [row.source_name for row in selectors.duty_queue(viewer("赵值")).rows] == ["县汇聚网关"]
    text = browser("王安").get("/duty").content.decode()
    assert "2 个监测点没有数据" in text and "县汇聚网关" not in text


def test_tags_that_fall_silent_one_after_another_become_one_lost_source(plant: Plant) -> None:
    engine = Engine()
    for tag in (plant.pressure, plant.level, plant.valve):
        engine.say((tag, "MISSING", RAISE))
    assert live() == [("source", Level.UNKNOWN)]


def test_a_list_shows_a_lost_source_as_one_line(viewer, plant: Plant, all_missing: Engine) -> None:
    queue = selectors.duty_queue(viewer("赵值"))
    assert [(row.limit, row.folded) for row in queue.rows] == [("MISSING", 2)]
    assert queue.total == 1


def test_acknowledging_the_line_acknowledges_every_tag_behind_it(viewer, plant: Plant, all_missing: Engine) -> None:
    row = selectors.duty_queue(viewer("赵值")).rows[0]
    actions.acknowledge(viewer("赵值"), row.alarm_id)
    assert set(Alarm.objects.values_list("state", flat=True)) == {"acknowledged"}


def test_when_one_tag_speaks_again_the_others_are_missing_by_themselves(plant: Plant, all_missing: Engine) -> None:
    all_missing.say((plant.pressure, "MISSING", CLEAR))
    assert live() == [("alarm", Level.UNKNOWN)] * 2
    assert len(notices()) == 1, "that they are missing was said before"


def test_when_all_speak_again_nothing_is_left(plant: Plant, all_missing: Engine) -> None:
    all_missing.say(*((tag, "MISSING", CLEAR) for tag in (plant.pressure, plant.level, plant.valve)))
    assert live() == []
    plant.source.refresh_from_db()
    assert plant.source.lost_since is None


def test_falling_silent_again_is_said_again(plant: Plant, all_missing: Engine) -> None:
    tags = (plant.pressure, plant.level, plant.valve)
    all_missing.say(*((tag, "MISSING", CLEAR) for tag in tags))
    all_missing.say(*((tag, "MISSING", RAISE) for tag in tags))
    assert len(notices()) == 2


def test_a_tag_added_to_a_lost_source_has_not_been_lost(world: World, plant: Plant, all_missing: Engine) -> None:
    spec = TagSpec(world.reactor.pk, "TI-9", "釜温", limits=Limits(missing_s=60))
    actions.add_tag(SYSTEM, plant.source.pk, spec)
    assert live() == [("alarm", Level.UNKNOWN)] * 3
