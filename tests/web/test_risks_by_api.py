"""A program reads the risk list with the facts behind each colour, and what the wall says, as far as it may see."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from anlan.apps.ledger.actions import NewFact, raise_facts
from anlan.apps.ledger.models import LevelChange
from anlan.kit import clock
from anlan.rules.levels import Level
from tests.ledger.conftest import Clock, hands, project
from tests.world import World

__all__ = ["hands", "project"]  # fixtures

Look = Callable[[str], Browser]


@pytest.fixture
def coloured(world: World, hands: Clock, project: Callable[[], object]) -> World:
    """The valve is red for two reasons, the depot yellow, the furnace of the neighbouring county red."""
    said = (("valve", Level.MAJOR, "阀门泄漏"), ("valve", Level.MAJOR, "压力超高"), ("valve", Level.LOW, "已评估"),
            ("depot", Level.GENERAL, "油罐渗漏"), ("furnace", Level.MAJOR, "炉壁烧穿"))  # fmt: skip
    for place, level, why in said:
        raise_facts([NewFact(world.places[place].pk, "assessment", level, why, {}, hands())])
        hands.turn(1)
    project()
    return world


def test_the_worst_come_first_each_with_what_holds_its_colour(coloured: World, browser: Look) -> None:
    told = browser("李巡").get("/api/risks").json()
    first, second, *others = told["items"]
    assert (first["name"], first["level"], first["enterprise"], first["town"]) == (
        "进料阀组", 4, "恒泰化工厂", "柳湾化工园",
    )  # fmt: skip
    assert [fact["reason"] for fact in first["facts"]] == ["压力超高", "阀门泄漏"]
    assert (first["reason"], first["more"], first["hidden"]) == ("压力超高", False, False)
    assert (second["name"], [fact["reason"] for fact in second["facts"]]) == ("停车场油罐", ["油罐渗漏"])
    assert all(row["level"] == 0 and row["facts"] == [] for row in others)
    assert "炉壁烧穿" not in str(told)


def test_a_place_above_tells_what_lies_below_and_that_there_is_more(coloured: World, browser: Look) -> None:
    asked: dict[str, str | int] = {"kind": "enterprise", "level": 4, "facts": 1}
    [plant] = browser("李巡").get("/api/risks", asked).json()["items"]
    assert (plant["name"], plant["more"]) == ("恒泰化工厂", True)
    [fact] = plant["facts"]
    assert (fact["place"], fact["place_id"], fact["inherited"]) == ("进料阀组", coloured.valve.pk, False)


def test_the_list_is_narrowed_as_the_page_narrows_it(coloured: World, browser: Look) -> None:
    client = browser("李巡")

    def names(**asked: Any) -> list[str]:
        return [row["name"] for row in client.get("/api/risks", asked).json()["items"]]

    assert names(under=coloured.haulier.pk) == ["停车场油罐"]
    assert names(text="阀组") == names(level=4) == ["进料阀组"]
    assert names(sector="transport") == ["停车场油罐"]
    assert set(names(kind="all")) > {"清河县", "恒泰化工厂"}
    assert client.get("/api/risks", {"under": coloured.mill.pk}).status_code == 404


def test_the_list_is_read_part_by_part(coloured: World, browser: Look) -> None:
    client, found, cursor = browser("李巡"), list[dict[str, Any]](), ""
    whole = client.get("/api/risks", {"kind": "all"}).json()
    while True:
        part = client.get("/api/risks", {"kind": "all", "limit": "2", "cursor": cursor}).json()
        found += part["items"]
        if (cursor := part["next"]) is None:
            break
    assert [row["place_id"] for row in found] == [row["place_id"] for row in whole["items"]]
    assert [row["level"] for row in found] == sorted((row["level"] for row in found), key=lambda one: (-one,))


@pytest.mark.parametrize(
    "wrong",
    [{"limit": 0}, {"limit": 201}, {"facts": 11}, {"level": 5}, {"under": 2**63}, {"cursor": "WzksMV0"},
     {"cursor": "WzEsIngiXQ"}, {"cursor": "\ud83d"}, {"text": "\0"}],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(world: World, browser: Look, wrong: dict[str, Any]) -> None:
    query = {name: one.encode(errors="surrogatepass") if isinstance(one, str) else one for name, one in wrong.items()}
    answer = browser("李巡").get("/api/risks", query)
    assert answer.status_code == 422 and answer.json()["error"]["fix"]


def test_who_may_not_read_a_fact_hears_only_that_there_is_one(
    world: World, hands: Clock, project: Callable[[], object], browser: Look
) -> None:
    reach: dict[str, Any] = {"applies_to": "descendants"}
    raise_facts([NewFact(world.ninghai.pk, "weather", Level.MAJOR, "全市暴雨", {}, hands(), **reach)])
    project()
    [valve] = browser("王安").get("/api/risks", {"text": "进料阀组"}).json()["items"]
    assert (valve["level"], valve["facts"], valve["hidden"]) == (4, [], True)


def test_the_wall_says_six_numbers_and_what_is_red(coloured: World, browser: Look) -> None:
    past = clock.now() - timedelta(days=2)
    LevelChange.objects.create(place=coloured.plant, at=past, before=0, after=1)
    told = browser("赵值").get("/api/wall").json()
    figures = {one["key"]: one for one in told["figures"]}
    assert list(figures) == [
        "red_points", "orange_points", "hot_enterprises", "waiting_alarms", "alarms_today", "silent_tags",
    ]  # fmt: skip
    assert (figures["red_points"]["value"], figures["red_points"]["before"]) == (1, 0)
    assert (figures["hot_enterprises"]["value"], told["level"], told["title"]) == (1, 4, "清河县")
    [burning] = [one for one in told["burning"] if one["level"] == 4]
    assert (burning["place_id"], burning["others"]) == (coloured.plant.pk, 1)
    assert any(story["reason"] == "压力超高" for story in told["stories"])


def test_a_place_has_a_wall_of_its_own_and_nobody_has_that_of_another(coloured: World, browser: Look) -> None:
    told = browser("赵值").get("/api/wall", {"place_id": coloured.haulier.pk}).json()
    assert (told["title"], told["level"], told["figures"][0]["value"]) == ("顺达运输行", 2, 0)
    stranger = browser("孙外")
    assert stranger.get("/api/wall", {"place_id": coloured.plant.pk}).status_code == 404
    assert "压力超高" not in stranger.get("/api/wall").content.decode()
    assert stranger.get("/api/wall", {"place_id": 2**63}).status_code == 422
