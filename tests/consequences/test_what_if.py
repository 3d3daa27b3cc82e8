"""What if? Anybody who may look computes at any point of their scope without writing anything; some may keep it."""

import json
from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from django.test import Client

from anlan.apps.consequences.models import Scenario
from anlan.apps.core.models import AuditRow
from anlan.apps.enterprises.models import Chemical, Equipment
from tests.consequences.conftest import LAT, LON
from tests.world import World

Browser = Callable[[str], Client]
TRIED = {
    "substance": "氯", "tonnes": "40", "celsius": "20", "kind": "hole", "millimetres": "20", "minutes": "15",
    "longitude": str(LON), "latitude": str(LAT),
}  # fmt: skip
ADDRESS = f"/consequences/what-if?{urlencode(TRIED)}"
PART = f"/consequences/what-if/result?{urlencode(TRIED)}"


def test_the_duty_officer_computes_without_writing_anything(world: World, browser: Browser) -> None:
    text = browser("赵值").get(ADDRESS).content.decode()
    assert "恒泰化工厂" in text and "study-drawing" in text and "保存为情景" not in text
    assert not Scenario.objects.exists() and not AuditRow.objects.filter(action__startswith="scenario").exists()


def test_a_point_outside_the_scope_is_refused_in_words(world: World, browser: Browser) -> None:
    text = browser("孙外").get(PART).content.decode()
    assert "不在您的权限范围内" in text and "study-drawing" not in text


def test_what_the_file_holds_begins_a_scenario(world: World, browser: Browser) -> None:
    held = Chemical.objects.create(place=world.plant, name="液氯", cas="7782-50-5", state="液体", design_maximum=30)
    client = browser("赵值")
    begun = client.get(f"/consequences/what-if?place={world.plant.pk}").content.decode()
    assert "液氯" in begun and "30" in begun
    answer = client.get(f"/consequences/what-if?place={world.plant.pk}&pick=holding-{held.pk}")
    assert answer.status_code == 302 and "tonnes=30.0" in answer["Location"]
    assert "study-drawing" in client.get(answer["Location"]).content.decode()


def test_a_mixture_is_computed_by_its_surrogate_and_says_so(world: World, browser: Browser) -> None:
    Equipment.objects.create(
        place=world.plant, category="贮罐", name="1号油罐", medium="汽油", values={"volume": "100"}
    )  # fmt: skip
    text = browser("李巡").get(f"/consequences/what-if?place={world.plant.pk}").content.decode()
    assert "1号油罐" in text and "按正己烷计算" in text


def test_an_alarm_within_a_plant_leads_to_the_plants_substances(world: World, browser: Browser) -> None:
    Chemical.objects.create(place=world.plant, name="液氨", cas="7664-41-7", state="液体", design_maximum=8)
    assert "液氨" in browser("赵值").get(f"/consequences/what-if?place={world.valve.pk}").content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"substance": "以太"}, "物质库中没有"),
        ({"tonnes": "0"}, "储存量"),
        ({"tonnes": "nan"}, "储存量"),
        ({"wind": "nan"}, "风速"),
        ({"millimetres": ""}, "要填孔径或管径"),
        ({"celsius": "600"}, "模型不接受这组数值"),
        ({"longitude": "abc"}, "经度"),
    ],
)
def test_what_cannot_be_computed_says_why(world: World, browser: Browser, changed: dict[str, str], words: str) -> None:
    answer = browser("李巡").get(f"/consequences/what-if/result?{urlencode(TRIED | changed)}")
    assert answer.status_code == 200
    assert words in answer.content.decode() and "study-drawing" not in answer.content.decode()


def test_who_may_write_keeps_what_was_tried(world: World, browser: Browser) -> None:
    answer = browser("王安").post(f"/places/{world.plant.pk}/scenarios/keep", TRIED | {"name": "氯罐", "wind": "3"})
    made = Scenario.objects.get()
    assert answer["Location"] == f"/consequences/{made.pk}?wind=3"
    assert (made.name, made.mass, made.diameter) == ("氯罐", 40_000.0, 0.02)


def test_a_line_with_corners_and_a_point_are_told(world: World, browser: Browser) -> None:
    client, query = browser("李巡"), urlencode(TRIED | {"from": "180"})
    line = ",".join(str(part) for part in (LON, LAT, LON, LAT + 0.01, LON + 0.01, LAT + 0.01))
    profile = client.get(f"/consequences/what-if/profile.json?{query}&line={line}").json()
    assert profile["metres"][-1] == pytest.approx(1113 + 964, rel=0.01)
    assert {level["name"] for level in profile["levels"]} >= {"AEGL-3（30 分钟）"}
    point = client.get(f"/consequences/what-if/point.json?{query}&at={LON},{LAT + 0.005}").json()
    assert point["metres"] == pytest.approx(557, rel=0.01)
    assert point["value"] > 0 and 0 < point["chance"] <= 1 and point["arrival"] > 60
    assert max(point["course"]["value"]) > 0.5 * point["value"]


@pytest.mark.prove
def test_the_worst_weather_reaches_at_least_as_far_as_any(world: World, browser: Browser) -> None:
    client = browser("李巡")
    worst = json.loads(client.get(f"/consequences/what-if/zones.geojson?{urlencode(TRIED | {'sky': 'worst'})}").content)
    for wind, stability in ((1.5, "F"), (5, "D")):
        query = urlencode(TRIED | {"wind": wind, "class": stability})
        one = json.loads(client.get(f"/consequences/what-if/zones.geojson?{query}").content)
        reaches = {feature["properties"]["level"]: feature["properties"]["reach_m"] for feature in one["features"]}
        for feature in worst["features"]:
            assert feature["properties"]["reach_m"] >= 0.99 * reaches.get(feature["properties"]["level"], 0)


@pytest.mark.prove
def test_the_worst_weather_is_told_with_its_classes_and_its_direction(world: World, browser: Browser) -> None:
    tried = TRIED | {"substance": "甲烷", "megapascal": "2", "tonnes": "0.2", "sky": "worst"}
    text = browser("李巡").get(f"/consequences/what-if/result?{urlencode(tried)}").content.decode()
    assert "试了 8 种稳定度与风速" in text and "哪种天气最远" in text


def test_the_result_leaves_as_map_table_and_sheet_and_is_written_down(world: World, browser: Browser) -> None:
    client, query = browser("李巡"), urlencode(TRIED)
    zones = json.loads(client.get(f"/consequences/what-if/zones.geojson?{query}").content)
    assert {feature["properties"]["effect"] for feature in zones["features"]} == {"toxic"}
    book = ZipFile(BytesIO(b"".join(client.get(f"/consequences/what-if/table.xlsx?{query}"))))
    assert "AEGL-2" in book.read("xl/worksheets/sheet1.xml").decode()
    assert client.get(f"/consequences/what-if/sheet?{query}").content.startswith(b"%PDF")
    assert client.get(f"/consequences/what-if/sheet?{query}&format=docx").content.startswith(b"PK")
    rows = AuditRow.objects.filter(action="scenario.export").values_list("detail__format", flat=True)
    assert sorted(rows) == ["docx", "geojson", "pdf", "xlsx"]
