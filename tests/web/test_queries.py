"""How many questions a page asks of the database: pinned, and the same however much there is to show."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anlan.apps.core.actions import add_place
from anlan.apps.monitoring import actions
from anlan.apps.monitoring.actions import TagSpec
from anlan.kit import tail
from anlan.kit.grants import SYSTEM
from anlan.rules.alarms import Limits
from tests.monitoring.conftest import RAISE, Engine, Plant
from tests.world import World

#: page -> queries for the duty officer, session and frame of the page included
PAGES = {
    "/": 16,
    "/map/view.json": 7,
    "/map/tree.json": 5,
    "/map/inside": 6,
    "/map/places/{plant}": 22,
    "/map/history.json": 6,
    "/map/changes": 13,
    "/places/{plant}": 21,
    "/places/{plant}/why": 13,
    "/places/{plant}/sparks.json": 8,
    "/tags/{tag}": 12,
    "/tags/{tag}/series.json": 10,
    "/duty": 22,
    "/health": 10,
    "/notices": 8,
    "/search?q=恒泰": 9,
}


def asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as questions:
        assert client.get(path).status_code == 200
    return len(questions)


def more(world: World, plant: Plant, engine: Engine) -> None:
    """Nine more tags in alarm, at three more places."""
    for number in range(3):
        place = add_place(SYSTEM, world.reactor, "risk_point", f"阀组 {number}")
        for tag in range(3):
            spec = TagSpec(place.pk, f"X{number}{tag}", f"点 {number}{tag}", "kPa", 1, "general", Limits(h=90.0))
            engine.say((actions.add_tag(SYSTEM, plant.source.pk, spec), "H", RAISE))


@pytest.mark.parametrize("path", PAGES)
def test_the_questions_of_a_page_are_counted(
    world: World,
    plant: Plant,
    browser: Callable[[str], Client],
    path: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tail, "LOOK_BACK", 0)  # ids that earlier tests left out are asked for once more for a while
    engine, client = Engine(), browser("赵值")
    engine.say((plant.pressure, "H", RAISE))
    address = path.format(plant=world.plant.pk, tag=plant.pressure.pk)
    client.get(address)
    few = asked(client, address)
    more(world, plant, engine)
    client.get(address)  # what is kept in memory is brought up to date
    assert (few, asked(client, address)) == (PAGES[path], PAGES[path])
