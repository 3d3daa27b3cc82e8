"""The chart page: several tags side by side, only those in scope, over any stretch of time, and out as a file."""

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from anlan.apps.monitoring import actions, selectors
from anlan.apps.monitoring.actions import TagSpec
from anlan.kit.grants import SYSTEM
from anlan.rules.alarms import Limits
from tests.monitoring.conftest import RAISE, Engine, Plant
from tests.world import World

START, END = 1_767_225_600_000, 1_767_229_200_000


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_several_tags_are_drawn_together_with_their_limits(
    world: World, plant: Plant, browser: Callable[[str], Client]
) -> None:
    tags = f"{plant.pressure.pk},{plant.valve.pk}" if hasattr(plant, "valve") else str(plant.pressure.pk)
    html = browser("赵值").get("/chart", {"tags": tags}).content.decode()
    assert plant.pressure.name in html
    told = browser("赵值").get("/chart/series.json", {"tags": tags, "minutes": 60}).json()
    assert [tag["id"] for tag in told["tags"]] == [int(number) for number in tags.split(",")]
    assert told["end"] - told["start"] == 3_600_000
    assert told["tags"][0]["limits"]


def test_an_alarm_is_marked_with_its_reason_and_what_was_said(
    world: World, plant: Plant, browser: Callable[[str], Client]
) -> None:
    Engine().say((plant.pressure, "H", RAISE))
    alarm = selectors.alarms(_viewer("赵值"))[0]
    actions.comment(_viewer("赵值"), alarm.alarm_id, "已派人核实")
    marks = browser("赵值").get("/chart/series.json", {"tags": plant.pressure.pk, "minutes": 527_040}).json()["alarms"]
    mine = [mark for mark in marks if mark["id"] == alarm.alarm_id]
    assert [note["text"] for mark in mine for note in mark["notes"]] == ["已派人核实"]
    assert mine[0]["name"]


def _viewer(name: str) -> object:
    from anlan.apps.core.models import Person
    from anlan.apps.core.selectors import viewer_of

    return viewer_of(Person.objects.get(name=name))


def test_a_stretch_of_the_past_stays_what_it_is(world: World, plant: Plant, browser: Callable[[str], Client]) -> None:
    asked = {"tags": plant.pressure.pk, "start": START, "end": END, "compare": "week"}
    told = browser("赵值").get("/chart/series.json", asked).json()
    assert (told["start"], told["end"], told["shift"]) == (START, END, 7 * 86_400_000)
    assert told["tags"][0]["before"] is not None


@pytest.mark.parametrize("asked", ["tags=x,,-1,9999999999", "tags=", "start=9&end=1", "minutes=999999999", "compare=x"])
def test_a_foolish_address_shows_what_it_can(world: World, browser: Callable[[str], Client], asked: str) -> None:
    assert browser("赵值").get(f"/chart?{asked}").status_code in (200, 404)


def test_more_tags_than_a_chart_can_hold_are_refused_in_words(world: World, browser: Callable[[str], Client]) -> None:
    answer = browser("赵值").get("/chart", {"tags": ",".join(map(str, range(1, 15)))})
    assert answer.status_code == 422
    assert "最多画 12 个" in answer.content.decode()


def test_what_lies_outside_the_scope_is_neither_drawn_nor_offered_nor_exported(
    world: World, plant: Plant, browser: Callable[[str], Client]
) -> None:
    stranger = browser("孙外")
    for address in ("/chart", "/chart/series.json", "/chart/export"):
        assert stranger.get(address, {"tags": plant.pressure.pk}).status_code == 404
    assert stranger.get("/chart/tags.json", {"q": plant.pressure.name}).json() == {"tags": []}
    assert browser("赵值").get("/chart/tags.json", {"q": plant.pressure.name}).json()["tags"]


def test_the_readings_go_out_as_csv_and_excel(world: World, plant: Plant, browser: Callable[[str], Client]) -> None:
    asked = {"tags": plant.pressure.pk, "start": START, "end": END}
    text = body(browser("赵值").get("/chart/export", {**asked, "kind": "csv"})).decode("utf-8-sig")
    head = next(csv.reader(io.StringIO(text)))
    assert head[0] == "时间"
    assert any(plant.pressure.name in cell for cell in head)
    book = zipfile.ZipFile(io.BytesIO(body(browser("赵值").get("/chart/export", {**asked, "kind": "xlsx"}))))
    assert "xl/worksheets/sheet2.xml" in book.namelist()


def test_a_tag_is_offered_by_the_name_of_its_place_as_soon_as_it_is_there(
    world: World, plant: Plant, browser: Callable[[str], Client]
) -> None:
    client = browser("赵值")

    def offered() -> list[str]:
        return [tag["name"] for tag in client.get("/chart/tags.json", {"q": world.depot.name}).json()["tags"]]

    def on_the_map() -> int:
        answer = client.get("/map/view.json", {"box": "119,29,121,31", "zoom": "15"}).json()
        return int(answer["totals"]["tag"])

    assert (offered(), on_the_map()) == ([], 3)
    source, _ = actions.add_source(SYSTEM, world.haulier.pk, "gw-2", "罐车网关", "http")
    spec = TagSpec(world.depot.pk, "LI-1", "液位", "m", 1, "general", Limits())
    tag = actions.add_tag(SYSTEM, source.pk, spec)
    assert (offered(), on_the_map()) == (["液位"], 4)
    actions.edit_tag(SYSTEM, tag.pk, replace(spec, enabled=False))
    assert (offered(), on_the_map()) == ([], 3)
