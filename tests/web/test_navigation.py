"""The frame shows the way to what the viewer may open, and to nothing else."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from anlan.kit import icons
from anlan.web import navigation
from tests.monitoring.conftest import Plant
from tests.world import World


def links(html: str) -> set[str]:
    bar = html[html.index('class="main-nav"') : html.index('class="bar-end"')]
    return set(re.findall(r'href="([^"]+)"', bar))


def test_each_person_is_shown_the_pages_that_open_to_them(world: World, browser: Callable[[str], Client]) -> None:
    duty = links(browser("赵值").get("/duty").content.decode())
    assert {"/", "/duty", "/health"} <= duty
    safety = links(browser("王安").get("/duty").content.decode())
    assert "/health" not in safety
    assert "/duty" in safety


@pytest.mark.parametrize("name", ["赵值", "王安", "孙外", "郑运"])
def test_no_way_leads_to_a_refusal(world: World, browser: Callable[[str], Client], name: str) -> None:
    client = browser(name)
    refused = [path for path in links(client.get("/notices").content.decode()) if client.get(path).status_code >= 400]
    assert refused == []


def test_the_open_page_is_marked_also_from_within(world: World, browser: Callable[[str], Client], plant: Plant) -> None:
    html = browser("赵值").get(f"/tags/{plant.pressure.pk}").content.decode()
    marked = re.findall(r'<a[^>]*href="([^"]+)" aria-current="page"', html)
    assert set(marked) <= {"/chart"}


def test_every_page_has_an_icon_and_its_address_is_named_once() -> None:
    assert [page.icon for page in navigation.PAGES if page.icon not in icons.PATHS] == []
    assert len({page.url for page in navigation.PAGES}) == len(navigation.PAGES)


def find(client: Client, text: str) -> str:
    answer = client.get("/find.json", {"q": text})
    assert answer.status_code == 200
    return answer.content.decode("unicode_escape", "ignore")


def test_the_find_box_finds_pages_places_and_monitoring_points_in_scope(
    world: World, plant: Plant, browser: Callable[[str], Client]
) -> None:
    assert "恒泰化工厂" in find(browser("赵值"), "恒泰")
    assert "恒泰" not in find(browser("孙外"), "恒泰")
    pressure = plant.pressure.name
    assert f"/tags/{plant.pressure.pk}" in find(browser("赵值"), pressure)
    assert "/tags/" not in find(browser("孙外"), pressure)
    assert "/duty" in find(browser("赵值"), "值班")


@pytest.mark.parametrize("text", ["", " ", "%", "x" * 5000, "'\"<", "\\"])
def test_the_find_box_takes_whatever_is_typed(world: World, browser: Callable[[str], Client], text: str) -> None:
    find(browser("赵值"), text)
