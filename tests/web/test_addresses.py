"""What a page answers to an address that says too much or too little."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.world import World

OUTSIDE = ("/places/{place}", "/places/{place}/why", "/places/{place}/sparks.json", "/map/places/{place}")


@pytest.mark.parametrize("path", OUTSIDE)
def test_the_outsider_is_told_that_there_is_no_such_place(
    world: World, browser: Callable[[str], Client], path: str
) -> None:
    answer = browser("孙外").get(path.format(place=world.plant.pk))
    assert answer.status_code == 404
    assert "恒泰" not in answer.content.decode()


@pytest.mark.parametrize("at", ["yesterday", "2026-11-21T03:00:00", "2026-13-01T00:00:00Z", "9" * 400])
def test_an_unreadable_moment_is_refused_in_words(world: World, browser: Callable[[str], Client], at: str) -> None:
    answer = browser("赵值").get(f"/places/{world.plant.pk}/why", {"at": at})
    assert answer.status_code == 422
    assert "看不懂时间" in answer.content.decode()


@pytest.mark.parametrize("hours", ["0", "-3", "x", "999999999999999999999", "½"])
def test_a_foolish_span_shows_what_it_can(world: World, browser: Callable[[str], Client], hours: str) -> None:
    assert browser("赵值").get("/map/history.json", {"hours": hours}).status_code == 200


def test_without_a_base_layer_the_places_stand_on_plain_ground(world: World, browser: Callable[[str], Client]) -> None:
    answer = browser("赵值").get("/map/base.json")
    assert answer.json() == {"type": "FeatureCollection", "features": []}


def test_health_is_for_those_who_keep_the_system(world: World, browser: Callable[[str], Client]) -> None:
    assert browser("赵值").get("/health").status_code == 200
    assert browser("王安").get("/health").status_code == 403


def test_a_visitor_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/duty").headers["Location"].startswith("/accounts/login/")


def test_a_place_is_found_by_part_of_its_name_and_only_in_scope(world: World, browser: Callable[[str], Client]) -> None:
    assert "恒泰化工厂" in browser("赵值").get("/search", {"q": "恒泰"}).content.decode()
    assert "恒泰化工厂" not in browser("孙外").get("/search", {"q": "恒泰"}).content.decode()
