"""What people read: tags with last values, queues in the order of deadlines, the health of the parts; and by API."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import orjson
import pytest

from anlan.apps.core import actions as core
from anlan.apps.monitoring import selectors
from anlan.apps.monitoring.models import Alarm
from anlan.engine.values import ValueWriter
from anlan.kit import clock
from anlan.kit.errors import NotAllowed
from anlan.rules.levels import Level
from tests.monitoring.conftest import CLEAR, RAISE, Engine, Plant, ms_ago
from tests.world import World


@pytest.fixture
def data(settings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def test_tags_carry_their_last_value_and_their_limit(viewer, world: World, plant: Plant, data: Path) -> None:
    writer = ValueWriter(data / "values.bin")
    now = ms_ago()
    one = np.array([plant.pressure.pk], np.uint32)
    writer.put(one, np.array([now]), np.array([112.5]), np.array([1], np.uint8), now)
    Engine().say((plant.pressure, "H", RAISE), (plant.pressure, "HH", RAISE))
    rows = {row.code: row for row in selectors.tags_at(viewer("王安"), world.plant.pk)}
    shown = rows["PI-101"]
    assert (shown.value, shown.good, shown.state, shown.level) == (112.5, True, "HH", Level.MAJOR)
    assert shown.ts is not None and round(shown.ts.timestamp() * 1000) == now
    silent = rows["LI-101"]
    assert (silent.value, silent.ts, silent.state) == (None, None, "")
    assert [row.code for row in selectors.tags_at(viewer("王安"), world.valve.pk)] == ["PI-102"]


def test_the_queue_is_ordered_by_deadline_and_the_acknowledged_come_last(viewer, plant: Plant) -> None:
    engine = Engine()
    engine.say((plant.level, "H", RAISE), (plant.pressure, "HH", RAISE), (plant.valve, "H", RAISE))
    first = Alarm.objects.get(tag=plant.pressure)
    queue = selectors.duty_queue(viewer("赵值"))
    assert [row.tag_name for row in queue.rows] == ["釜压", "阀前压力", "液位"]
    assert (queue.total, queue.waiting) == (3, 3)
    Alarm.objects.filter(pk=first.pk).update(state="acknowledged")
    queue = selectors.duty_queue(viewer("赵值"))
    assert [row.tag_name for row in queue.rows] == ["阀前压力", "液位", "釜压"]
    assert (queue.waiting, queue.rows[-1].deadline) == (2, None)


def test_a_row_says_where_it_is_as_far_as_the_viewer_may_look(viewer, plant: Plant) -> None:
    Engine().say((plant.valve, "H", RAISE))
    names = {who: [ref.name for ref in selectors.alarms(viewer(who))[0].place] for who in ("王安", "赵值")}
    assert names == {
        "王安": ["恒泰化工厂", "聚合反应釜", "进料阀组"],
        "赵值": ["清河县", "柳湾化工园", "恒泰化工厂", "聚合反应釜", "进料阀组"],
    }


def test_the_outsiders_lists_are_empty(viewer, plant: Plant) -> None:
    Engine().say((plant.valve, "H", RAISE))
    for name in ("孙外", "郑运", "何客"):
        assert selectors.alarms(viewer(name)) == []
        assert selectors.duty_queue(viewer(name)).total == 0


def test_an_alarm_from_a_backlog_has_no_deadline_and_comes_last(viewer, plant: Plant) -> None:
    engine = Engine()
    engine.say((plant.pressure, "HH", RAISE), ago_s=3600)
    engine.say((plant.level, "H", RAISE))
    rows = selectors.duty_queue(viewer("赵值")).rows
    assert [(row.tag_name, row.historic) for row in rows] == [("液位", False), ("釜压", True)]


def test_lists_need_the_same_few_queries_however_long_they_are(
    viewer, plant: Plant, data: Path, django_assert_max_num_queries
) -> None:
    engine = Engine()
    duty = viewer("赵值")
    engine.say(*((tag, "H", RAISE) for tag in (plant.pressure, plant.level, plant.valve)))
    with django_assert_max_num_queries(4):
        assert len(selectors.duty_queue(duty).rows) == 3
    with django_assert_max_num_queries(3):
        selectors.tags_at(duty, plant.source.place_id)


def test_the_health_page_says_in_words_which_part_is_away(viewer, db: None, data: Path) -> None:
    said = {"at": ms_ago(60), "accepted": 7, "counts": {"duplicate": 2}, "history_error": "disk full"}
    (data / "engine.json").write_bytes(orjson.dumps(said))
    core.beat("worker")
    found = selectors.health(viewer("冯管"))
    assert {part.name: part.state for part in found.parts} == {"engine": "away", "worker": "ok", "web": "ok"}
    assert {counter.name: counter.value for counter in found.counters} == {"accepted": 7, "duplicate": 2}
    assert (found.ok, found.troubles) == (False, ("disk full",))
    assert selectors.pulse()["stale"] == ["engine"]


def test_before_the_first_start_every_part_was_never_there(viewer, db: None, data: Path) -> None:
    found = selectors.health(viewer("冯管"))
    assert [part.state for part in found.parts] == ["never", "never", "ok"]


def test_a_half_written_report_is_no_report(viewer, db: None, data: Path) -> None:
    (data / "engine.json").write_bytes(b'{"at": 12')
    assert not selectors.health(viewer("冯管")).ok


def test_the_worker_does_not_read_the_health_page(viewer, db: None) -> None:
    with pytest.raises(NotAllowed):
        selectors.health(viewer("周工"))


def test_the_api_gives_and_takes_the_same_things(browser, world: World, plant: Plant, data: Path) -> None:
    Engine().say((plant.pressure, "HH", RAISE))
    duty = browser("赵值")
    (row,) = duty.get("/api/duty").json()["items"]
    assert (row["tag_name"], row["limit"], row["state"]) == ("釜压", "HH", "unacknowledged")
    seen = duty.post(f"/api/alarms/{row['alarm_id']}/acknowledge", {"text": "收到"}, "application/json")
    assert seen.json() == {"id": row["alarm_id"], "state": "acknowledged"}
    again = duty.post(f"/api/alarms/{row['alarm_id']}/acknowledge", {}, "application/json")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "alarm.already_acknowledged")
    detail = duty.get(f"/api/alarms/{row['alarm_id']}").json()
    assert [note["text"] for note in detail["notes"]] == ["收到"]
    assert [one["code"] for one in duty.get(f"/api/tags?place_id={world.reactor.pk}").json()["items"]] == [
        "PI-101",
        "LI-101",
        "PI-102",
    ]


def test_the_api_refuses_limits_that_are_no_numbers(browser, world: World, plant: Plant) -> None:
    body = {"place_id": world.reactor.pk, "code": "X", "name": "X", "limits": {"h": "high"}}
    answer = browser("王安").put(f"/api/tags/{plant.pressure.pk}", body, "application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_input")
    body["limits"] = {"h": 5, "l": 6}
    answer = browser("王安").put(f"/api/tags/{plant.pressure.pk}", body, "application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "tag.limits_out_of_order")


def test_the_api_does_not_know_an_alarm_out_of_scope(browser, plant: Plant) -> None:
    engine = Engine()
    engine.say((plant.pressure, "HH", RAISE))
    engine.say((plant.pressure, "HH", CLEAR))
    number = Alarm.objects.get().pk
    assert browser("孙外").get(f"/api/alarms/{number}").status_code == 404
    assert browser("孙外").post(f"/api/alarms/{number}/acknowledge", {}, "application/json").status_code == 404
    assert browser("孙外").get(f"/api/alarms?place_id={plant.source.place_id}").status_code == 404
    start = (clock.now() - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    end = clock.now().isoformat().replace("+00:00", "Z")
    answer = browser("孙外").get(f"/api/tags/{plant.pressure.pk}/history", {"start": start, "end": end})
    assert answer.status_code == 404
