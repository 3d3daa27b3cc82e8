"""The trainer's stage: its page and its orders, and that neither exists outside the demo."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_url_caches, set_urlconf

from anlan.web import navigation, stage, urls  # the addresses as they are outside the demo, before any test plays one
from tests.world import World

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]


def told(place_id: int) -> dict[str, object]:
    """What the demo writes every second, with one story at a place."""
    step = {"at_s": 60.0, "text": "渗漏扩大", "tags": ["机房氨浓度"]}
    story = {
        "key": "ammonia",
        "title": "冷库机房氨泄漏",
        "about": "法兰渗漏",
        "place": "恒泰化工厂",
        "place_id": place_id,
        "state": "running",
        "clock_s": 30.0,
        "length_s": 600.0,
        "speed": 1.0,
        "begin_min": 3,
        "steps": [step],
        "tags": [],
    }
    return {"at": time.time(), "begun": time.time() - 60, "tags": 3, "sources": 1, "weather": {}, "stories": [story]}


@pytest.fixture
def demo(settings: Any, tmp_path: Path, world: World) -> Iterator[Path]:
    """The addresses as the demo has them."""
    from django.urls import path

    from anlan.web.views import stage as views

    settings.DEMO, settings.DATA = True, tmp_path
    added = [
        path("stage", views.stage_page, name="stage"),
        path("stage/month.json", views.month, name="stage_month"),
        path("stage/<slug:key>/<slug:do>", views.direct, name="stage_direct"),
    ]
    urls.urlpatterns += added
    clear_url_caches()
    navigation.exists.cache_clear()
    set_urlconf(None)
    stage.write(tmp_path, stage.STATE, told(world.plant.pk))
    yield tmp_path
    del urls.urlpatterns[-len(added) :]
    clear_url_caches()
    navigation.exists.cache_clear()


def test_outside_the_demo_there_is_no_stage(browser: BrowserOf) -> None:
    client = browser("赵值")
    assert client.get("/stage").status_code == 404
    assert client.get("/stage/month.json").status_code == 404
    assert client.post("/stage/ammonia/start").status_code == 404


def test_a_trainer_sees_what_comes_next_and_starts_it_anew(demo: Path, browser: BrowserOf) -> None:
    client = browser("赵值")
    page = client.get("/stage").content.decode()
    assert "冷库机房氨泄漏" in page and "0:30 后" in page and "渗漏扩大" in page
    assert client.post("/stage/ammonia/start").status_code == 302
    assert list(stage.take(demo)) == [stage.Order("ammonia", "start")]
    assert list(stage.take(demo)) == []


def test_only_speeds_of_the_pack_are_taken(demo: Path, browser: BrowserOf) -> None:
    assert browser("赵值").post("/stage/ammonia/speed", {"speed": "1000"}).status_code == 422
    assert browser("赵值").post("/stage/ammonia/speed", {"speed": "5"}).status_code == 302
    assert list(stage.take(demo)) == [stage.Order("ammonia", "speed", 5.0)]


def test_a_story_elsewhere_is_not_shown_and_not_directed(demo: Path, browser: BrowserOf) -> None:
    assert "冷库机房氨泄漏" not in browser("孙外").get("/stage").content.decode()
    assert browser("孙外").post("/stage/ammonia/start").status_code == 422
    assert browser("李巡").get("/stage").status_code == 403
    assert list(stage.take(demo)) == []


def test_orders_that_make_no_sense_are_thrown_away(tmp_path: Path) -> None:
    stage.give(tmp_path, stage.Order("ammonia", "explode"))
    (tmp_path / stage.FOLDER / stage.ORDERS / "1.json").write_text("no json")
    assert list(stage.take(tmp_path)) == []
    assert list((tmp_path / stage.FOLDER / stage.ORDERS).iterdir()) == []
