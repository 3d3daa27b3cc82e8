"""The pages of scenarios: written in people's units, computed for the weather in the address, refused in words."""

from collections.abc import Callable

import pytest
from django.test import Client

from anlan.apps.consequences.models import Scenario
from tests.world import World

Browser = Callable[[str], Client]
FORM = {
    "name": "1 号丙烷罐破裂", "substance": "丙烷", "tonnes": "20", "celsius": "25", "kind": "rupture",
    "longitude": "121.5", "latitude": "41.1",
}  # fmt: skip


@pytest.fixture
def written(world: World, browser: Browser) -> Scenario:
    answer = browser("王安").post(f"/places/{world.plant.pk}/scenarios/new", FORM)
    assert answer.status_code == 302, answer.content.decode()
    return Scenario.objects.get()


def test_tonnes_and_degrees_become_si(written: Scenario) -> None:
    assert (written.mass, written.temperature, written.pressure) == (20_000.0, 298.15, None)


def test_a_hole_without_its_size_is_asked_for_it(world: World, browser: Browser) -> None:
    answer = browser("王安").post(f"/places/{world.plant.pk}/scenarios/new", FORM | {"kind": "hole"})
    assert answer.status_code == 422
    assert "要填孔径或管径" in answer.content.decode()
    assert not Scenario.objects.exists()


def test_a_substance_that_nobody_knows_keeps_the_draft(world: World, browser: Browser) -> None:
    answer = browser("王安").post(f"/places/{world.plant.pk}/scenarios/new", FORM | {"substance": "以太"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "物质库中没有" in text and "1 号丙烷罐破裂" in text


def test_the_page_tells_zones_sites_and_how_it_was_computed(written: Scenario, browser: Browser) -> None:
    text = browser("李巡").get(f"/consequences/{written.pk}?effect=fireball").content.decode()
    for words in ("火球", "12.5 kW/m²", "怎样算出来的", "学校、医院等公共场所", "study-drawing"):
        assert words in text


def test_another_weather_gives_other_zones(written: Scenario, browser: Browser) -> None:
    client = browser("李巡")
    address = f"/consequences/{written.pk}/result?effect=flash_fire&class=F&wind="
    assert client.get(address + "1.5").content != client.get(address + "8").content


def test_two_weathers_stand_side_by_side(written: Scenario, browser: Browser) -> None:
    against = f"scenario%3D{written.pk}%26wind%3D8%26class%3DD"
    text = browser("李巡").get(f"/consequences/{written.pk}/result?wind=1.5&against={against}").content.decode()
    assert "小字和虚线是对照" in text


@pytest.mark.parametrize("query", ["wind=abc", "wind=0", "wind=99", "from=400", "class=G", "air=nan", "humidity=-1"])
def test_a_weather_that_cannot_be_is_refused_in_words(written: Scenario, browser: Browser, query: str) -> None:
    answer = browser("李巡").get(f"/consequences/{written.pk}/result?{query}")
    assert answer.status_code == 200
    assert "请改正后重新计算" in answer.content.decode()


@pytest.mark.parametrize("line", ["1,2,3", "a,b,c,d", "999,0,0,0", "nan,1,2,3"])
def test_a_line_that_cannot_be_read_is_refused(written: Scenario, browser: Browser, line: str) -> None:
    answer = browser("李巡").get(f"/consequences/{written.pk}/profile.json?line={line}")
    assert answer.status_code == 422


def test_somebody_elses_scenario_is_not_compared_with(written: Scenario, browser: Browser) -> None:
    assert browser("孙外").get(f"/consequences/{written.pk}").status_code == 404
