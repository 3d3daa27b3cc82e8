"""The pages of ponds: the first line says whether the night is safe, forms keep what was typed, refusals speak."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from anlan.apps.core.actions import add_place
from anlan.apps.tailings import actions
from anlan.apps.tailings.models import ClosingStep, DrainTest, Inspection, Pond
from anlan.kit.grants import SYSTEM, Viewer
from tests.tailings.conftest import SPEC, Reads
from tests.world import World, plot

Browser = Callable[[str], Client]
FORM: dict[str, Any] = {
    "name": "西沟尾矿库", "method": "upstream", "state": "in_use", "height": "34", "volume": "125", "crest": "182",
    "top": "181.2", "slope": "2", "normal_level": "176.5", "area": "1.1", "mean24": "85", "cv": "0.5", "lag": "0.35",
    "cs_over_cv": "3.5", "storage": "172\t0\n176 9.5\n182，40.4", "path": "120.001, 30.001\n120.004, 30.004",
    "drain-TOTAL_FORMS": "2", "drain-INITIAL_FORMS": "0", "drain-MIN_NUM_FORMS": "0", "drain-MAX_NUM_FORMS": "12",
    "drain-0-name": "1 号排水井", "drain-0-kind": "tower", "drain-0-sill": "176.4", "drain-0-width": "4.8",
    "drain-0-mouth": "3.1", "drain-0-culvert": "1.8", "drain-0-outlet": "148", "drain-0-loss": "4",
    "drain-0-opened": "80",
    "drain-1-name": "", "drain-1-kind": "tower",
}  # fmt: skip

GOOD = {"drain": "1 号排水井", "on": "2026-06-01", "way": "flow", "outcome": "good"}


def text(client: Client, address: str) -> str:
    return str(client.get(address).content.decode())


def test_the_first_line_says_that_the_night_is_safe(tested: Pond, browser: Browser) -> None:
    shown = text(browser("李巡"), f"/tailings/{tested.pk}")
    assert "100 年一遇设计洪水来了也满足要求" in shown
    assert "正常库" in shown and "206.40" in shown


def test_it_says_so_when_the_water_stands_too_high(tested: Pond, browser: Browser, reads: Reads) -> None:
    reads(POND_1=209.6, FREE_1=0.4)
    assert "装不下 100 年一遇设计洪水" in text(browser("李巡"), f"/tailings/{tested.pk}")


def test_who_may_not_read_measurements_is_told_the_verdict_without_them(
    tested: Pond, browser: Browser, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads(POND_1=209.6, FREE_1=0.4)
    may = Viewer.may
    whole = text(browser("李巡"), f"/tailings/{tested.pk}")
    monkeypatch.setattr(Viewer, "may", lambda own, what, *at: what != "tag.view" and may(own, what, *at))
    told = text(browser("李巡"), f"/tailings/{tested.pk}")
    assert "0.4 m，达到" in whole and "0.4 m，达到" not in told
    assert "达到" in told and "限值" in told


def test_it_does_not_pretend_to_know(tested: Pond, browser: Browser) -> None:
    actions.edit_pond(SYSTEM, tested.pk, replace(SPEC, storage=(), drains=()))
    shown = text(browser("李巡"), f"/tailings/{tested.pk}")
    assert "今夜能不能抗洪没有人知道" in shown


def test_people_below_are_told_with_distance_and_arrival(tested: Pond, world: World, browser: Browser) -> None:
    add_place(SYSTEM, world.dongguan, "public_object", "沟口小学", geometry=plot(120.5, 30.505, 0.002))
    add_place(SYSTEM, world.nanpo, "enterprise", "邻县磷肥厂", sector="chemical", geometry=plot(120.5, 30.508, 0.002))
    actions.edit_pond(SYSTEM, tested.pk, replace(SPEC, path=((120.501, 30.5), (120.501, 30.53))))
    shown = text(browser("李巡"), f"/tailings/{tested.pk}")
    assert "沟口小学" in shown and "分钟到达" in shown
    assert "邻县磷肥厂" not in shown


def test_a_pond_too_small_for_the_regressions_says_so(tested: Pond, browser: Browser) -> None:
    actions.edit_pond(SYSTEM, tested.pk, replace(SPEC, volume=5000, stored=4000))
    assert "经验公式不适用于这座库" in text(browser("李巡"), f"/tailings/{tested.pk}")


def test_more_rain_and_a_jammed_tower_stand_higher(tested: Pond, browser: Browser) -> None:
    client, address = browser("李巡"), f"/tailings/{tested.pk}/study/result?storm=rain&rain="

    def peak(query: str) -> float:
        found = client.get(address + query)
        result: Any = found.context["result"]
        return float(result.course.peak_level)

    assert peak("100") < peak("200") < peak("200&open-0=20")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("start=abc", "起调水位"),
        ("start=211", "below the crest"),
        ("start=nan", "请改正后重新计算"),
        ("period=1", "重现期"),
        ("storm=rain&rain=9999", "24 小时雨量"),
        ("area=-3", "汇水面积"),
    ],
)
def test_a_storm_that_cannot_be_is_refused_in_words(tested: Pond, browser: Browser, query: str, words: str) -> None:
    answer = browser("李巡").get(f"/tailings/{tested.pk}/study/result?{query}")
    assert answer.status_code == 200
    assert words in answer.content.decode() and "最高水位" not in answer.content.decode()


def test_the_course_leaves_as_a_sheet(tested: Pond, browser: Browser) -> None:
    answer = browser("李巡").get(f"/tailings/{tested.pk}/study?format=xlsx&period=100")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # sent while it is made
    rows = list(openpyxl.load_workbook(BytesIO(content)).active.values)  # type: ignore[union-attr]  # one sheet
    assert rows[0][:2] == ("时间 [h]", "入库流量 [m³/s]") and len(rows) == 434


def test_a_design_file_is_written_in_its_own_units(world: World, browser: Browser, reads: Reads) -> None:
    answer = browser("王安").post(f"/places/{world.plant.pk}/ponds/new", FORM)
    assert answer.status_code == 302, answer.content.decode()
    pond = Pond.objects.get()
    assert (pond.volume, pond.slope, pond.storage[1]) == (1_250_000, 0.02, [176.0, 95_000.0])
    assert pond.drains == [
        {"name": "1 号排水井", "kind": "tower", "sill": 176.4, "width": 4.8, "mouth": 3.1, "culvert": 1.8,
         "outlet": 148.0, "loss": 4.0, "open": 0.8}
    ]  # fmt: skip
    shown = text(browser("王安"), f"/tailings/{pond.pk}/edit")
    assert "1 号排水井" in shown and "120.001000, 30.001000" in shown


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"storage": "172 0\n176 9.5\n175 40"}, "levels = 175 in row 3"),
        ({"storage": "172 0\n合计"}, "第 2 行“合计”看不懂"),
        ({"storage": "172 0\n180 40"}, "crest"),
        ({"top": "190"}, "top = 190"),
        ({"drain-0-outlet": "180"}, "below the sill"),
        ({"height": ""}, "必填"),
        ({"cv": ""}, "cv must be given"),
        ({"drain-0-kind": "rated", "drain-0-table": ""}, "每行两个数"),
        ({"last_deposit": "9999-12-31"}, "最后排尾日期在将来"),
    ],
)
def test_what_cannot_be_is_said_and_the_draft_kept(
    world: World, browser: Browser, reads: Reads, changed: dict[str, str], words: str
) -> None:
    answer = browser("王安").post(f"/places/{world.plant.pk}/ponds/new", FORM | changed)
    assert answer.status_code == 422
    assert words in answer.content.decode() and "西沟尾矿库" in answer.content.decode()
    assert not Pond.objects.exists()


def test_a_test_a_round_and_a_step_are_written_from_the_page(pond: Pond, browser: Browser) -> None:
    client, address = browser("李巡"), f"/tailings/{pond.pk}"
    test = {"drain": "1 号排水井", "on": "2026-06-01", "way": "flow", "outcome": "reduced", "flow": "3.2"}
    assert client.post(f"{address}/test", test).status_code == 302
    assert client.post(f"{address}/inspect", {"seen": ["cracks"], "note": "坝顶西段"}).status_code == 302
    assert client.post(f"{address}/step", {"step": "survey", "on": "2026-06-01"}).status_code == 302
    assert DrainTest.objects.filter(flow=3.2).exists() and ClosingStep.objects.exists()
    assert Inspection.objects.get(note="坝顶西段").seen == ["cracks"]
    assert "险库" in text(client, address)


@pytest.mark.parametrize(
    ("what", "said", "words"),
    [
        (
            "test",
            {"drain": "没有的井", "on": "2026-06-01", "way": "flow", "outcome": "good"},
            "没有“没有的井”这处排洪设施",
        ),
        ("test", GOOD | {"on": "2099-06-01"}, "检测日期在将来"),
        ("test", GOOD | {"on": "昨天"}, "日期“昨天”看不懂"),
        (
            "test",
            {"drain": "1 号排水井", "on": "2026-06-01", "way": "flow", "outcome": "good", "flow": "大"},
            "“大”不是数",
        ),
        ("inspect", {"seen": "ufo"}, "没有“ufo”这种情形"),
        ("step", {"step": "works", "on": "2026-06-01"}, "还没有完成“闭库安全现状评价与勘察”"),
    ],
)
def test_a_refusal_is_said_on_the_page(
    tested: Pond, browser: Browser, what: str, said: dict[str, str], words: str
) -> None:
    answer = browser("李巡").post(f"/tailings/{tested.pk}/{what}", said)
    assert answer.status_code == 422 and words in answer.content.decode()


def test_who_may_only_look_finds_no_forms_and_may_not_post(tested: Pond, browser: Browser) -> None:
    client = browser("钱领")
    assert "登记检测" not in text(client, f"/tailings/{tested.pk}")
    assert client.post(f"/tailings/{tested.pk}/inspect", {"seen": []}).status_code in (403, 409)


def test_lists_hold_only_what_one_may_see(tested: Pond, elsewhere: Pond, browser: Browser) -> None:
    for address in ("/tailings", "/tailings/drains?q=", "/tailings?format=csv"):
        shown = body(browser("李巡").get(address))
        assert "东沟尾矿库" in shown and "南坡尾矿库" not in shown
    assert browser("孙外").get(f"/tailings/{tested.pk}").status_code == 404
    assert browser("周工").get("/tailings").status_code == 403


def test_the_closing_list_puts_the_latest_first_and_tells_the_next_step(
    tested: Pond, world: World, browser: Browser
) -> None:
    for name, last in (
        ("去年停的库", date(2025, 8, 1)),
        ("三年的库", date(2023, 9, 1)),
        ("十年的库", date(2015, 1, 1)),
    ):
        actions.add_pond(SYSTEM, world.plant.pk, replace(SPEC, name=name, state="idle", last_deposit=last))
    shown = text(browser("李巡"), "/tailings/closing")
    places = [shown.index(name) for name in ("十年的库", "三年的库", "去年停的库")]
    assert places == sorted(places) and "东沟尾矿库" not in shown
    assert "逾期未闭库" in shown and "闭库安全现状评价与勘察" in shown
    assert "去年停的库" not in text(browser("李巡"), "/tailings/closing?what=late")


def test_the_list_asks_as_few_questions_for_many_ponds_as_for_one(
    tested: Pond, world: World, browser: Browser, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        actions.add_pond(SYSTEM, world.plant.pk, replace(SPEC, name=f"{number} 号库"))
    client = browser("李巡")
    client.get("/tailings")
    with django_assert_max_num_queries(16):
        client.get("/tailings")


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode("utf-8-sig"))
