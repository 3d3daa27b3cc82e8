"""What the engine finds becomes alarms, facts, live events and notices, each exactly once."""

from collections.abc import Callable

import numpy as np
import pytest

from anlan.apps.core import actions as core
from anlan.apps.core.models import Notice, Outbox
from anlan.apps.ledger.models import Fact
from anlan.apps.monitoring.models import Alarm, Applied
from anlan.kit.grants import SYSTEM
from anlan.rules.levels import Level
from tests.monitoring.conftest import CLEAR, EVENT, RAISE, Engine, Plant, ms_ago
from tests.world import World


@pytest.fixture
def say(engine: Callable[[], Engine]) -> Engine:
    return engine()


def live_facts() -> list[Fact]:
    return list(Fact.objects.filter(clearing=None).order_by("pk"))


def told(topic: str) -> list[dict[str, object]]:
    return list(Outbox.objects.filter(topic=topic).order_by("pk").values_list("payload", flat=True))


def test_a_raised_limit_is_an_alarm_a_fact_an_event_and_a_notice(world: World, plant: Plant, say: Engine) -> None:
    offset = say.say((plant.pressure, "HH", RAISE), value=112.34)
    alarm = Alarm.objects.get()
    assert (alarm.raise_event, alarm.state, alarm.level) == (f"0-{offset}-0", "unacknowledged", Level.MAJOR)
    assert (alarm.raised_value, alarm.limit_value) == (112.34, 110)
    assert alarm.due is not None and alarm.due > alarm.recorded
    (fact,) = live_facts()
    assert (fact.place, fact.level, fact.source_kind, fact.source_id) == (world.reactor, 4, "alarm", alarm.pk)
    assert fact.params == {"tag": "釜压", "unit": "kPa", "value": "112.3", "limit": "110.0"}
    assert told("alarm")[0]["alarm"] == alarm.pk
    assert {notice.person.name for notice in Notice.objects.all()} >= {"赵值", "王安"}
    assert "孙外" not in {notice.person.name for notice in Notice.objects.all()}
    assert "釜压 达到高高限 110.0 kPa" in Notice.objects.all()[0].text


def test_a_cleared_limit_ends_the_fact_and_waits_for_somebody_to_see_it(plant: Plant, say: Engine) -> None:
    say.say((plant.pressure, "H", RAISE), ago_s=20)
    say.say((plant.pressure, "H", CLEAR), value=97.0)
    alarm = Alarm.objects.get()
    assert (alarm.state, alarm.clear_event, alarm.counted) == ("returned", "0-2-0", False)
    assert alarm.cleared is not None and alarm.cleared > alarm.raised
    assert live_facts() == []
    assert [event["state"] for event in told("alarm")] == ["unacknowledged", "returned"]


def test_the_same_records_twice_change_nothing(plant: Plant, say: Engine) -> None:
    events = np.array([(0, plant.pressure.pk, ms_ago(), 1, RAISE, 101.0)], EVENT)
    say.send(7, events)
    say.send(7, events)
    Applied.objects.update(offset=3)  # as if the move had been lost: the ids of the events still know
    say.send(7, events)
    assert (Alarm.objects.count(), Fact.objects.count(), len(told("alarm"))) == (1, 1, 1)
    assert say.sink.applied(0) == 7


def test_offsets_move_without_events_and_never_back(db: None, say: Engine) -> None:
    assert say.sink.applied(3) == -1
    none = np.empty(0, np.int64)
    for upto in (5, 4, 9):
        say.sink.apply(3, upto, np.empty(0, EVENT), none, none)
    assert say.sink.applied(3) == 9


def test_one_reading_beyond_both_limits_is_two_alarms(plant: Plant, say: Engine) -> None:
    say.say((plant.pressure, "HH", RAISE), (plant.pressure, "H", RAISE))
    assert sorted(Alarm.objects.values_list("raise_event", flat=True)) == ["0-1-0", "0-1-1"]


def test_a_raise_and_its_clear_in_one_call_leave_no_fact_behind(plant: Plant, say: Engine) -> None:
    say.say((plant.pressure, "H", RAISE), (plant.pressure, "H", CLEAR))
    assert Alarm.objects.get().state == "returned"
    assert live_facts() == []
    assert Fact.objects.count() == 1


def test_a_stored_alarm_that_clears_and_raises_again_in_one_call_is_two_alarms(plant: Plant, say: Engine) -> None:
    say.say((plant.pressure, "H", RAISE), ago_s=20)
    say.say((plant.pressure, "H", CLEAR), (plant.pressure, "H", RAISE))
    assert [alarm.state for alarm in Alarm.objects.order_by("pk")] == ["returned", "unacknowledged"]
    assert len(live_facts()) == 1


def test_an_alarm_from_a_backlog_wakes_nobody(plant: Plant, say: Engine) -> None:
    say.say((plant.pressure, "HH", RAISE), ago_s=3600)
    alarm = Alarm.objects.get()
    assert (alarm.historic, alarm.due) == (True, None)
    assert not Notice.objects.exists()
    assert len(live_facts()) == 1, "it still holds: the colour must say so"
    say.say((plant.pressure, "HH", CLEAR), ago_s=3000)
    alarm.refresh_from_db()
    assert alarm.state == "closed"
    assert live_facts() == []


def test_an_alarm_that_came_and_went_in_a_backlog_never_colours_anything(plant: Plant, say: Engine) -> None:
    say.say((plant.pressure, "HH", RAISE), (plant.pressure, "HH", CLEAR), ago_s=3600)
    assert Alarm.objects.get().state == "closed"
    assert not Fact.objects.exists()


def test_events_of_unknown_tags_and_repeated_raises_are_passed_over(plant: Plant, say: Engine) -> None:
    events = [(0, 999_999, ms_ago(), 0, RAISE, 1.0), (1, plant.level.pk, ms_ago(), 1, RAISE, 101.0)]
    say.send(1, np.array(events, EVENT))
    say.say((plant.level, "H", RAISE))
    say.say((plant.valve, "H", CLEAR))
    assert Alarm.objects.count() == 1


def test_more_events_than_fit_one_transaction_are_all_stored(plant: Plant, say: Engine) -> None:
    pairs = [(plant.level, "H", kind) for _ in range(100) for kind in (RAISE, CLEAR)]
    say.say(*pairs)
    assert Alarm.objects.filter(state="returned").count() == 100
    assert live_facts() == []
    assert say.sink.applied(0) == 1


def test_a_stored_alarm_may_clear_and_rise_again_in_one_record(plant: Plant, say: Engine) -> None:
    say.say((plant.pressure, "H", RAISE))
    say.say(*((plant.pressure, "H", kind) for kind in (CLEAR, RAISE, CLEAR, RAISE)))
    states = list(Alarm.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["returned", "returned", "unacknowledged"]
    assert len(live_facts()) == 1
    assert say.sink.applied(0) == 2


def test_an_alarm_at_a_place_out_of_use_does_not_stop_the_engine(world: World, plant: Plant, say: Engine) -> None:
    core.retire_place(SYSTEM, world.valve.pk)
    say.say((plant.valve, "H", RAISE))
    assert Alarm.objects.count() == 1
    assert not Fact.objects.exists()


def test_a_source_whose_clock_runs_ahead_a_little_colours_at_once(plant: Plant, say: Engine) -> None:
    say.say((plant.pressure, "H", RAISE), ago_s=-200)
    (fact,) = live_facts()
    assert fact.since <= fact.recorded


def test_the_kernels_own_events_are_understood(plant: Plant, say: Engine) -> None:
    from anlan.kernels import detect

    event = np.zeros(1, detect.EVENT)
    for name, value in (("tag", plant.pressure.pk), ("ts", ms_ago()), ("value", 5.5), ("limit", 1), ("kind", 1)):
        event[name] = value
    say.send(1, event)
    alarm = Alarm.objects.get()
    assert (alarm.get_limit_display(), alarm.raised_value) == ("高限", 5.5)
