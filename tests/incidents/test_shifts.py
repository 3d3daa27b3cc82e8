"""The roster of a desk, and taking it over with what is open."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.test import Client

from anlan.apps.core.models import AuditRow
from anlan.apps.incidents import actions, selectors
from anlan.apps.incidents.actions import NewShift
from anlan.apps.incidents.models import Shift
from anlan.apps.monitoring import actions as monitoring
from anlan.apps.monitoring.models import Alarm
from anlan.kit import clock
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from anlan.kit.grants import SYSTEM, Viewer
from anlan.rules import shifts as rules
from anlan.rules.alarms import Limits
from tests.monitoring.conftest import EVENT, RAISE, ms_ago
from tests.world import World

pytestmark = pytest.mark.django_db
ViewerOf = Callable[[str], Viewer]
HOUR = timedelta(hours=1)


def refusal(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.refusal.code


@pytest.fixture
def alarm(world: World) -> Alarm:
    source, _ = monitoring.add_source(SYSTEM, world.plant.pk, "gw", "网关")
    tag = monitoring.add_tag(SYSTEM, source.pk, monitoring.TagSpec(world.valve.pk, "T1", "阀温", limits=Limits(h=50)))
    event = np.array([(0, tag.pk, ms_ago(), 1, RAISE, 60.0)], EVENT)
    monitoring.DjangoSink().apply(0, 1, event, np.full(1, 1, np.int64), np.full(1, ms_ago(), np.int64))
    return Alarm.objects.get()


def test_whoever_is_on_the_roster_takes_over_and_everybody_sees_who_has_the_desk(
    two_shifts: list[Shift], viewer: ViewerOf, world: World
) -> None:
    actions.take_over(viewer("赵值"), two_shifts[0].pk, "一切正常")
    seen = selectors.current_shift(viewer("李巡"), world.valve)
    assert seen is not None and seen.now is not None and seen.following is not None
    assert (seen.place.name, seen.now.person, seen.now.note) == ("清河县", "赵值", "一切正常")
    assert seen.following.person == "陈接"
    assert AuditRow.objects.filter(action="shift.take_over").exists()


def test_open_alarms_are_handed_over_and_need_a_word(two_shifts: list[Shift], viewer: ViewerOf, alarm: Alarm) -> None:
    with pytest.raises(Refused) as error:
        actions.take_over(viewer("赵值"), two_shifts[0].pk, " ")
    assert refusal(error) == "shift.no_note"
    taken = actions.take_over(viewer("赵值"), two_shifts[0].pk, "阀温偏高，企业已派人")
    assert taken.carried == [alarm.pk]
    (handover,) = selectors.handovers(viewer("李巡"), taken.place)
    assert [row.tag_name for row in handover.alarms] == ["阀温"]


def test_nobody_takes_the_shift_of_another_or_too_early(two_shifts: list[Shift], viewer: ViewerOf) -> None:
    with pytest.raises(Refused) as error:
        actions.take_over(viewer("陈接"), two_shifts[0].pk)
    assert refusal(error) == "shift.not_yours"
    with pytest.raises(Refused) as error:
        actions.take_over(viewer("陈接"), two_shifts[1].pk)
    assert refusal(error) == "shift.too_early"


def test_a_taken_shift_is_a_record_and_stays(two_shifts: list[Shift], viewer: ViewerOf) -> None:
    actions.take_over(viewer("赵值"), two_shifts[0].pk)
    with pytest.raises(Refused) as error:
        actions.remove_shift(viewer("赵值"), two_shifts[0].pk)
    assert refusal(error) == "shift.taken"
    actions.remove_shift(viewer("赵值"), two_shifts[1].pk)
    assert Shift.objects.count() == 1


def test_two_people_are_not_put_at_one_desk_at_once(two_shifts: list[Shift], viewer: ViewerOf, second: World) -> None:
    at = clock.now() + HOUR
    with pytest.raises(Refused) as error:
        actions.add_shifts(viewer("赵值"), [NewShift(second.qinghe.pk, second.people["陈接"].pk, at, at + HOUR)])
    assert refusal(error) == "shift.overlap" and "赵值" in str(error.value)


def test_only_who_can_acknowledge_alarms_there_is_put_on_the_roster(viewer: ViewerOf, second: World) -> None:
    at = clock.now() + HOUR
    with pytest.raises(Refused) as error:
        actions.add_shifts(viewer("赵值"), [NewShift(second.qinghe.pk, second.people["李巡"].pk, at, at + HOUR)])
    assert refusal(error) == "shift.not_able"


def test_an_outsider_neither_sees_nor_writes_the_roster(
    two_shifts: list[Shift], viewer: ViewerOf, world: World
) -> None:
    outsider = viewer("孙外")
    assert selectors.current_shift(outsider, world.qinghe) is None
    assert selectors.roster(outsider, world.qinghe, clock.now() - HOUR, clock.now() + HOUR) == []
    with pytest.raises(NotInScope):
        actions.remove_shift(outsider, two_shifts[1].pk)
    with pytest.raises(NotAllowed):
        actions.remove_shift(viewer("李巡"), two_shifts[1].pk)


TERMS = rules.Terms(early_minutes=60, longest_hours=24, longest_note=1000, weeks_ahead=8)
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (NOW + HOUR, NOW, "shift.backwards"),
        (NOW, NOW + 25 * HOUR, "shift.too_long"),
        (NOW - 9 * HOUR, NOW - HOUR, "shift.past"),
        (NOW + 60 * 24 * HOUR, NOW + 60 * 24 * HOUR + HOUR, "shift.too_far"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_in_words(since: datetime, until: datetime, code: str) -> None:
    refused = rules.may_roster(rules.Span(since, until), [], NOW, TERMS)
    assert refused is not None and refused.code == code and refused.fix


def test_the_page_shows_the_week_and_keeps_what_was_typed_when_it_is_refused(
    two_shifts: list[Shift], browser: Callable[[str], Client], second: World
) -> None:
    client = browser("赵值")
    assert "赵值" in client.get("/shifts").content.decode()
    form = {"place": second.qinghe.pk, "person": second.people["陈接"].pk, "since": "08:00", "until": "20:00"}
    answer = client.post("/shifts/add", form | {"day": "2020-01-06"})
    assert answer.status_code == 409
    assert 'value="2020-01-06"' in answer.content.decode() and "班次已经过去" in answer.content.decode()


def test_last_weeks_roster_can_be_taken_over_for_the_next(second: World, browser: Callable[[str], Client]) -> None:
    monday = clock.now() + timedelta(days=7)
    person = second.people["陈接"].pk
    actions.add_shifts(SYSTEM, [NewShift(second.qinghe.pk, person, monday, monday + HOUR)])
    week = clock.day_of(monday + timedelta(days=7)).isoformat()
    answer = browser("赵值").post("/shifts/repeat", {"place": second.qinghe.pk, "week": week})
    assert answer.status_code == 302
    assert [row.since - monday for row in Shift.objects.order_by("since")] == [timedelta(), timedelta(days=7)]


def test_who_may_not_write_the_roster_is_told_so(two_shifts: list[Shift], browser: Callable[[str], Client]) -> None:
    assert browser("李巡").post(f"/shifts/{two_shifts[1].pk}/remove").status_code == 403
    assert browser("孙外").post(f"/shifts/{two_shifts[1].pk}/remove").status_code == 404
