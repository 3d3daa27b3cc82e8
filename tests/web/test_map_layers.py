"""Layers over the map: major hazard installations for those who may read files, homes; and the past's right side."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
from django.test import Client

from anlan.apps.core.actions import add_place
from anlan.apps.enterprises.models import Chemical
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from anlan.web.atlas.look import forget
from tests.web.test_map_atlas import show, spot
from tests.world import World

VIEW = {"box": "119,29,121,31", "zoom": "15"}


def test_major_installations_are_marked_for_whoever_may_read_the_file(
    world: World, browser: Callable[[str], Client]
) -> None:
    tank = add_place(SYSTEM, world.plant, "unit", "氯罐区", geometry=spot(120.2, 30.2))
    Chemical.objects.create(place=tank, name="氯", cas="7782-50-5", hazardous=True, design_maximum=60.0, quantity=50.0)
    forget()
    asked = {**VIEW, "layer": ["major"]}
    mine = browser("李巡").get("/map/view.json", asked).json()
    assert (mine["totals"]["major"], mine["major"]["name"], mine["major"]["count"]) == (1, ["氯罐区"], [1])
    assert browser("孙外").get("/map/view.json", asked).json()["totals"]["major"] == 0
    assert "major" not in browser("李巡").get("/map/view.json", VIEW).json()["totals"], (
        "not counted unless it is looked at"
    )


def test_homes_are_shown_where_people_live(
    world: World, browser: Callable[[str], Client], tmp_path: Path, settings
) -> None:
    settings.DATA = tmp_path
    (tmp_path / "map").mkdir()
    columns = {"lon": np.array([120.2, 120.2, 140.0]), "lat": np.array([30.2, 30.2, 30.0])}
    np.savez(tmp_path / "map" / "population.npz", **columns, people=np.array([40, 60, 900]))
    heat = browser("赵值").get("/map/view.json", {**VIEW, "heat": "people"}).json()["heat"]
    assert len(heat["n"]) == 1
    assert heat["n"][0] > 0


def test_the_right_side_tells_the_moment_that_the_slider_shows(world: World, browser: Callable[[str], Client]) -> None:
    now = clock.now()
    show(world.valve, 4, now - timedelta(hours=5))
    show(world.valve, 2, now - timedelta(minutes=5))
    then = browser("赵值").get("/map/changes", {"at": (now - timedelta(hours=4, minutes=30)).isoformat()})
    page = then.content.decode()
    assert "此前一小时的变化" in page
    assert "那一刻" in page
    assert "进料阀组" in page
    calm = browser("赵值").get("/map/changes", {"at": (now - timedelta(hours=2)).isoformat()}).content.decode()
    assert "此前一小时没有变化" in calm
    live = browser("赵值").get("/map/changes").content.decode()
    assert "最近一小时的变化" in live


def test_the_demo_says_on_every_page_that_it_is_invented(
    world: World, browser: Callable[[str], Client], settings
) -> None:
    assert 'class="invented"' not in browser("赵值").get("/duty").content.decode()
    settings.DEMO = True
    for address in ("/", "/duty", "/wall", "/accounts/login/"):
        assert 'class="invented"' in browser("赵值").get(address, follow=True).content.decode(), address


def test_the_desk_shows_what_lies_around_the_place_of_an_alarm(world: World, browser: Callable[[str], Client]) -> None:
    pump = add_place(SYSTEM, world.plant, "risk_point", "循环泵", geometry=spot(120.2, 30.2))
    add_place(SYSTEM, world.xiling, "public_object", "东坡小学校", geometry=spot(120.2005, 30.2004))
    add_place(SYSTEM, world.linshan, "public_object", "南坡医院", geometry=spot(120.2006, 30.2002))
    show(pump, 4)
    forget()
    picture = browser("赵值").get(f"/map/places/{pump.pk}/around.svg")
    drawn = picture.content.decode()
    assert picture["Content-Type"] == "image/svg+xml"
    assert "东坡小学校" in drawn
    assert "#D92D20" in drawn, "the place is red"
    assert "南坡医院" not in drawn, "the neighbouring county is somebody else's"
    assert browser("孙外").get(f"/map/places/{pump.pk}/around.svg").status_code == 404


def test_a_place_without_a_spot_is_not_shown_in_one_that_its_reader_may_not_see(
    world: World, browser: Callable[[str], Client]
) -> None:
    nowhere = add_place(SYSTEM, world.dongguan, "enterprise", "无址货运站", sector="transport")
    forget()
    address = f"/map/places/{nowhere.pk}/around.svg"
    assert "无址货运站" in browser("赵值").get(address).content.decode(), "drawn in its town"
    assert "无址货运站" not in browser("郑运").get(address).content.decode(), "the town is not theirs to see"
