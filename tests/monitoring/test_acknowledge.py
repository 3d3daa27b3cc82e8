"""Acknowledging and commenting: who may, when, and what it leaves behind."""

import pytest

from anlan.apps.core.models import AuditRow, Outbox
from anlan.apps.monitoring import actions, selectors
from anlan.apps.monitoring.models import Alarm
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from tests.monitoring.conftest import CLEAR, RAISE, Engine, Plant
from tests.world import World


@pytest.fixture
def engine(plant: Plant) -> Engine:
    engine = Engine()
    engine.say((plant.pressure, "H", RAISE))
    return engine


@pytest.fixture
def alarm(engine: Engine) -> Alarm:
    return Alarm.objects.get()


def test_the_duty_officer_acknowledges_with_a_word(viewer, alarm: Alarm) -> None:
    actions.acknowledge(viewer("赵值"), alarm.pk, "已通知车间")
    alarm.refresh_from_db()
    assert (alarm.state, alarm.acknowledged_by.name) == ("acknowledged", "赵值")
    row = AuditRow.objects.get(action="alarm.acknowledge")
    assert (row.actor.name, row.subject) == ("赵值", f"alarm:{alarm.pk}")
    assert Outbox.objects.filter(topic="alarm").last().payload["state"] == "acknowledged"
    detail = selectors.alarm(viewer("赵值"), alarm.pk)
    assert [(note.by, note.text) for note in detail.notes] == [("赵值", "已通知车间")]


def test_an_acknowledged_alarm_closes_with_the_clear(viewer, plant: Plant, engine: Engine, alarm: Alarm) -> None:
    actions.acknowledge(viewer("赵值"), alarm.pk)
    engine.say((plant.pressure, "H", CLEAR))
    alarm.refresh_from_db()
    assert alarm.state == "closed"


def test_a_returned_alarm_closes_when_it_is_acknowledged(viewer, plant: Plant, engine: Engine, alarm: Alarm) -> None:
    engine.say((plant.pressure, "H", CLEAR))
    actions.acknowledge(viewer("赵值"), alarm.pk)
    alarm.refresh_from_db()
    assert alarm.state == "closed"


def test_a_second_acknowledgement_is_refused_in_words(viewer, alarm: Alarm) -> None:
    actions.acknowledge(viewer("赵值"), alarm.pk)
    with pytest.raises(Refused, match=r"alarm.already_acknowledged: 该报警已确认。"):
        actions.acknowledge(viewer("赵值"), alarm.pk)
    assert AuditRow.objects.filter(action="alarm.acknowledge").count() == 1


def test_a_closed_alarm_is_not_acknowledged_again(viewer, plant: Plant, engine: Engine, alarm: Alarm) -> None:
    actions.acknowledge(viewer("赵值"), alarm.pk)
    engine.say((plant.pressure, "H", CLEAR))
    with pytest.raises(Refused, match=r"alarm\.closed"):
        actions.acknowledge(viewer("赵值"), alarm.pk)


def test_the_outsider_does_not_know_the_alarm(viewer, alarm: Alarm) -> None:
    for act in (actions.acknowledge, lambda *who: actions.comment(*who, "看看")):
        with pytest.raises(NotInScope):
            act(viewer("孙外"), alarm.pk)
    with pytest.raises(NotInScope):
        selectors.alarm(viewer("孙外"), alarm.pk)
    alarm.refresh_from_db()
    assert alarm.state == "unacknowledged"


def test_the_leader_sees_the_alarm_and_may_not_acknowledge_it(viewer, alarm: Alarm) -> None:
    assert [row.may_acknowledge for row in selectors.alarms(viewer("钱领"))] == [False]
    with pytest.raises(NotAllowed):
        actions.acknowledge(viewer("钱领"), alarm.pk)


def test_an_empty_or_endless_comment_is_refused(viewer, alarm: Alarm) -> None:
    for text in ("  ", "长" * 501):
        with pytest.raises(Refused):
            actions.comment(viewer("赵值"), alarm.pk, text)


def test_an_acknowledgement_with_an_endless_word_changes_nothing(viewer, alarm: Alarm) -> None:
    with pytest.raises(Refused, match="long_comment"):
        actions.acknowledge(viewer("赵值"), alarm.pk, "长" * 501)
    alarm.refresh_from_db()
    assert alarm.state == "unacknowledged"


def test_the_outer_limit_stands_for_the_inner_one(viewer, plant: Plant, engine: Engine, alarm: Alarm) -> None:
    engine.say((plant.pressure, "HH", RAISE))
    shown = selectors.duty_queue(viewer("赵值")).rows
    assert [row.limit for row in shown] == ["HH"]
    actions.acknowledge(viewer("赵值"), shown[0].alarm_id)
    assert set(Alarm.objects.values_list("state", flat=True)) == {"acknowledged"}
    engine.say((plant.pressure, "HH", CLEAR))
    assert [row.limit for row in selectors.duty_queue(viewer("赵值")).rows] == ["H"]


@pytest.fixture
def flood(engine: Engine, plant: Plant) -> list[Alarm]:
    """H and HH of the pressure, and L of the level: the screen shows HH and L."""
    engine.say((plant.pressure, "HH", RAISE), (plant.level, "L", RAISE))
    return list(Alarm.objects.order_by("pk"))


def test_several_alarms_are_acknowledged_with_one_word_and_each_has_its_trace(viewer, flood: list[Alarm]) -> None:
    shown = [row.alarm_id for row in selectors.duty_queue(viewer("赵值")).rows]
    assert len(shown) == 2
    actions.acknowledge_all(viewer("赵值"), shown, "装置进料中断，已通知中控")
    assert {alarm.state for alarm in Alarm.objects.all()} == {"acknowledged"}
    assert AuditRow.objects.filter(action="alarm.acknowledge").count() == 2
    notes = [note.text for number in shown for note in selectors.alarm(viewer("赵值"), number).notes]
    assert notes == ["装置进料中断，已通知中控"] * 2


def test_of_several_alarms_one_that_somebody_was_quicker_with_stays_as_it_is(
    viewer, world: World, flood: list[Alarm]
) -> None:
    low = flood[-1]
    actions.acknowledge(viewer("赵值"), low.pk)
    actions.acknowledge_all(viewer("陈县"), [alarm.pk for alarm in flood])
    low.refresh_from_db()
    assert low.acknowledged_by == world.people["赵值"]
    assert AuditRow.objects.filter(action="alarm.acknowledge", subject=f"alarm:{low.pk}").count() == 1
    assert not Alarm.objects.filter(state="unacknowledged").exists()
    with pytest.raises(Refused, match=r"alarm\.already_acknowledged"):
        actions.acknowledge_all(viewer("赵值"), [alarm.pk for alarm in flood])


def test_one_foreign_alarm_among_several_and_nothing_is_acknowledged(viewer, flood: list[Alarm]) -> None:
    with pytest.raises(NotInScope):
        actions.acknowledge_all(viewer("赵值"), [flood[0].pk, 10**9])
    assert not AuditRow.objects.filter(action="alarm.acknowledge").exists()


@pytest.mark.parametrize(("count", "code"), [(0, "alarm.none_chosen"), (501, "alarm.too_many")])
def test_no_alarm_or_too_many_at_once_are_refused_in_words(viewer, alarm: Alarm, count: int, code: str) -> None:
    with pytest.raises(Refused, match=code):
        actions.acknowledge_all(viewer("赵值"), range(count))


def test_the_queries_for_several_alarms_do_not_grow_with_them(
    viewer, flood: list[Alarm], django_assert_max_num_queries
) -> None:
    who = viewer("赵值")
    with django_assert_max_num_queries(12):
        actions.acknowledge_all(who, [alarm.pk for alarm in flood], "已知")
