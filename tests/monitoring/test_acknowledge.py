"""Acknowledging and commenting: who may, when, and what it leaves behind."""

import pytest

from anlan.apps.core.models import AuditRow, Outbox
from anlan.apps.monitoring import actions, selectors
from anlan.apps.monitoring.models import Alarm
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from tests.monitoring.conftest import CLEAR, RAISE, Engine, Plant


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
