"""The page of notices: one's own only, by kind, read or not, all marked at once, and taken along."""

import csv
from collections.abc import Callable

import pytest
from django.test import Client

from anlan.apps.core import actions
from tests.world import World

Browser = Callable[[str], Client]


@pytest.fixture
def told(world: World) -> World:
    mine, others = [world.people["赵值"].pk], [world.people["孙外"].pk]
    actions.notify(mine, "进料阀组：温度越高限", "/duty/1", "alarm-1")
    actions.notify(mine, "名单.xlsx 已核对", "/imports/1", "import:1:staged:1")
    actions.notify(mine, "引擎没有应答", "/health", "engine:1")
    actions.notify(mine, "别的事", "", "sometime")
    actions.notify(others, "金桥冶炼厂：炉压越高限", "/duty/2", "alarm-2")
    return world


def shown(client: Client, query: str = "") -> set[str]:
    page = client.get(f"/notices{query}").content.decode()
    return {text for text in ("温度越高限", "已核对", "没有应答", "别的事", "炉压") if text in page}


def test_everybody_sees_their_own_notices(told: World, browser: Browser) -> None:
    assert shown(browser("赵值")) == {"温度越高限", "已核对", "没有应答", "别的事"}
    assert shown(browser("孙外")) == {"炉压"}


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ("?kind=alarms", {"温度越高限"}),
        ("?kind=files&kind=system", {"已核对", "没有应答"}),
        ("?kind=other", {"别的事"}),
    ],
)
def test_they_can_be_narrowed_to_a_kind(told: World, browser: Browser, kinds: str, expected: set[str]) -> None:
    assert shown(browser("赵值"), kinds) == expected


def test_all_are_marked_as_read_at_once_and_nobody_elses(told: World, browser: Browser) -> None:
    client = browser("赵值")
    assert "全部标为已读（4）" in client.get("/notices").content.decode()
    assert "已将 4 条标为已读" in client.post("/notices/read", follow=True).content.decode()
    assert shown(client, "?unread=1") == set() and len(shown(client, "?unread=0")) == 4
    assert shown(browser("孙外"), "?unread=1") == {"炉压"}


def test_they_can_be_taken_along_as_a_file(told: World, browser: Browser) -> None:
    answer = browser("赵值").get("/notices?format=csv&kind=alarms")
    rows = list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
    assert [row[0] for row in rows] == ["内容", "进料阀组：温度越高限"] and rows[1][1] == "报警与监测"
