"""How a pond is judged: the worst of sensors, of what was seen, of the design flood and of the tests; told as facts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from anlan.apps.ledger.models import Fact
from anlan.apps.tailings import actions, selectors
from anlan.apps.tailings.actions import TestSpec
from anlan.apps.tailings.models import Judging, Pond
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Viewer
from anlan.rules.facts import fill
from anlan.rules.levels import Level
from tests.tailings.conftest import SPEC, Reads
from tests.world import World

Viewers = Callable[[str], Viewer]


def standing(pond: Pond) -> Fact:
    return Fact.objects.get(source_kind="pond", source_id=pond.pk, kind="tailings_pond", clearing=None)


def said(fact: Fact) -> str:
    return fill(fact.reason, fact.params)


def test_a_pond_with_nothing_wrong_is_low_and_normal(tested: Pond) -> None:
    assert standing(tested).level == Level.LOW
    assert selectors.pond(SYSTEM, tested.pk).condition == "normal"  # type: ignore[attr-defined]  # annotated


def test_a_drain_that_was_never_tested_makes_it_general(pond: Pond) -> None:
    assert (standing(pond).level, said(standing(pond))) == (Level.GENERAL, "东沟尾矿库：1 号排水井没有检测记录")


@pytest.mark.parametrize(
    ("readings", "level", "words"),
    [
        ({"BEACH_1": 74.0}, Level.LOW, "达到蓝色预警限值 80.0"),
        ({"BEACH_1": 66.0}, Level.GENERAL, "干滩长度 66.0 m，达到黄色预警限值 70.0"),
        ({"BEACH_1": 58.0}, Level.SERIOUS, "达到橙色预警限值 60.0"),
        ({"BEACH_1": 49.0}, Level.MAJOR, "达到红色预警限值 50.0"),
        ({"PHR_1": 4.3}, Level.SERIOUS, "浸润线埋深 4.3 m，达到橙色预警限值 4.4"),
        ({"DISP_1": 9.0}, Level.MAJOR, "坝体位移速率 9.0 mm/d"),
        ({"RAIN_1": 64.0}, Level.GENERAL, "24 小时雨量 64.0 mm"),
        ({"POND_1": 207.3}, Level.SERIOUS, "库水位 207.3 m"),
    ],
)
def test_a_reading_beyond_its_limit_moves_the_level(
    tested: Pond, reads: Reads, readings: dict[str, float], level: Level, words: str
) -> None:
    reads(**readings)
    actions.judge_all()
    assert standing(tested).level == level
    told = [fill(part["text"], part["params"]) for part in selectors.judgings(tested)[0].parts]
    assert any(words in one for one in told)


def test_four_blue_items_make_a_yellow_pond(tested: Pond, reads: Reads) -> None:
    reads(BEACH_1=75.0, PHR_1=5.1, RAIN_1=30.0, BANK_1=5.5)
    actions.judge_all()
    assert standing(tested).level == Level.GENERAL
    assert "多个监测项目同时预警" in said(standing(tested))


def test_a_lost_sensor_makes_the_pond_unknown_never_low(tested: Pond, reads: Reads) -> None:
    reads(PHR_1=None)
    actions.judge_all()
    assert (standing(tested).level, said(standing(tested))) == (Level.UNKNOWN, "东沟尾矿库：浸润线埋深没有新的数据")


def test_judging_twice_changes_nothing_and_a_drifting_value_raises_no_new_fact(tested: Pond, reads: Reads) -> None:
    reads(BEACH_1=58.0)
    assert actions.judge_all() == 1
    first = standing(tested).pk
    reads(BEACH_1=57.0)
    assert actions.judge_all() == 0
    assert standing(tested).pk == first
    reads(BEACH_1=118.0)
    assert actions.judge_all() == 1
    assert Fact.objects.filter(pk=first, clearing=None).count() == 0


def test_what_an_inspector_saw_classes_the_pond(tested: Pond, viewer: Viewers) -> None:
    actions.add_inspection(viewer("李巡"), tested.pk, ["piping"], "坝脚冒浑水")
    assert standing(tested).level == Level.MAJOR
    assert "危库" in said(standing(tested))
    actions.add_inspection(viewer("李巡"), tested.pk, [], "已压住，渗水变清")
    assert standing(tested).level == Level.LOW


def test_a_blocked_drain_makes_it_critical_until_it_was_tested_again(tested: Pond) -> None:
    today = actions.today()
    actions.add_test(SYSTEM, tested.pk, TestSpec("1 号排水井", today, "robot", "blocked"))
    assert standing(tested).level == Level.MAJOR
    actions.add_test(SYSTEM, tested.pk, TestSpec("1 号排水井", today, "flow", "good", flow=4.2))
    assert standing(tested).level == Level.LOW


def test_a_design_flood_that_does_not_fit_makes_it_worse_the_higher_the_water_stands(tested: Pond) -> None:
    heavy = replace(SPEC, catchment={**SPEC.catchment, "area": 9.0})
    actions.edit_pond(SYSTEM, tested.pk, heavy)
    assert standing(tested).level == Level.MAJOR
    assert selectors.pond(SYSTEM, tested.pk).condition == "critical"  # type: ignore[attr-defined]  # annotated


def test_without_a_storage_curve_nobody_knows_whether_a_flood_fits(tested: Pond) -> None:
    actions.edit_pond(SYSTEM, tested.pk, replace(SPEC, storage=(), drains=()))
    assert standing(tested).level == Level.UNKNOWN
    assert "没有调洪演算" in said(standing(tested))


def test_people_close_below_raise_a_bad_level_by_one(tested: Pond, reads: Reads) -> None:
    actions.edit_pond(SYSTEM, tested.pk, replace(SPEC, people_below=86))
    assert standing(tested).level == Level.LOW
    reads(BEACH_1=58.0)
    actions.judge_all()
    assert standing(tested).level == Level.MAJOR
    assert Judging.objects.filter(pond=tested).order_by("-pk")[0].lifted


def test_a_low_factor_of_safety_classes_it(tested: Pond) -> None:
    actions.edit_pond(SYSTEM, tested.pk, replace(SPEC, stability=1.2))
    assert (standing(tested).level, "险库" in said(standing(tested))) == (Level.SERIOUS, True)


def test_an_overdue_test_is_a_fact_from_the_day_after(tested: Pond) -> None:
    fact = Fact.objects.get(kind="drain_test_overdue", clearing=None)
    due = tested.tests.get().next_due
    assert due == date(actions.today().year + 1, actions.today().month, due.day)
    assert fact.since > clock.now() and "1 号排水井" in said(fact)


def test_a_drain_whose_last_test_is_too_old_makes_the_pond_general(pond: Pond) -> None:
    actions.add_test(SYSTEM, pond.pk, TestSpec("1 号排水井", date(2024, 4, 2), "visual", "good"))
    assert (standing(pond).level, said(standing(pond))) == (
        Level.GENERAL,
        "东沟尾矿库：1 号排水井应于 2025-04-02 前检测，已逾期",
    )


def test_three_idle_years_are_a_fact_and_closing_it_ends_all_facts(world: World, viewer: Viewers) -> None:
    idle = replace(SPEC, name="老库", state="idle", last_deposit=date(2020, 1, 1))
    pond = actions.add_pond(SYSTEM, world.plant.pk, idle)
    mine = Fact.objects.filter(source_kind="pond", source_id=pond.pk, clearing=None)
    kinds = {fact.kind: fact.level for fact in mine}
    assert (kinds["pond_not_closed"], kinds["pond_closing_late"]) == (Level.GENERAL, Level.SERIOUS)
    for step in ("survey", "design", "review", "works", "acceptance"):
        actions.add_step(viewer("李巡"), pond.pk, step, date(2026, 5, 1))
    pond.refresh_from_db()
    assert pond.state == "closed"
    assert not mine.all().exists()


def test_a_half_blocked_tower_drains_half_in_every_routing(tested: Pond) -> None:
    before = selectors.outlook(tested, 206.4)
    actions.add_test(SYSTEM, tested.pk, TestSpec("1 号排水井", actions.today(), "robot", "reduced"))
    after = selectors.outlook(tested, 206.4)
    assert selectors.shares(tested) == {"1 号排水井": 0.5}
    assert after.floods[0].course.peak_level > before.floods[0].course.peak_level
    assert after.rain < before.rain
