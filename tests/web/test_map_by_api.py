"""What the map tells of a stretch of ground, told to programs: the same counts, the same places, the same scope."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from anlan.apps.core.actions import add_place
from anlan.apps.core.models import Place
from anlan.kit.grants import SYSTEM
from anlan.web.atlas.look import forget
from tests.web.test_moving_objects import afoot, data, drive
from tests.world import World

__all__ = ["data", "drive"]  # fixtures

SPOT = "120.05,30.05"


@pytest.fixture
def drawn(world: World) -> list[Place]:
    """Four points of the plant, 1 to 4 km east of the spot."""
    forget()
    spots = [{"type": "Point", "coordinates": [120.05 + km * 0.010386, 30.05]} for km in (1, 2, 3, 4)]
    return [
        add_place(SYSTEM, world.plant, "risk_point", f"储罐{number}", geometry=spot)
        for number, spot in enumerate(spots)
    ]


def test_a_program_counts_what_the_map_counts(
    world: World, drawn: list[Place], browser: Callable[[str], Browser]
) -> None:
    asked = {"near": SPOT, "metres": "2500", "layer": ["risk_point"]}
    client = browser("赵值")
    counted = client.get("/api/map/inside", asked).json()
    hits = client.get("/api/map/hits", asked).json()
    assert [hit["place_id"] for hit in hits["items"]] == [drawn[0].pk, drawn[1].pk]
    assert [hit["metres"] for hit in hits["items"]] == pytest.approx([1000, 2000], abs=5)
    assert sum(counted["points"]) == 2
    assert hits["next"] is None


def test_a_long_list_is_read_part_by_part(world: World, drawn: list[Place], browser: Callable[[str], Browser]) -> None:
    client, found, cursor = browser("赵值"), [], ""
    while True:
        part = client.get("/api/map/hits", {"limit": 3, "cursor": cursor}).json()
        found += [hit["place_id"] for hit in part["items"]]
        if (cursor := part["next"]) is None:
            break
    assert len(found) == len(set(found))
    assert set(found) >= {place.pk for place in drawn}
    assert client.get("/api/map/hits", {"cursor": "WyJhIl0"}).status_code == 422


def test_nobody_counts_what_lies_elsewhere(world: World, drawn: list[Place], browser: Callable[[str], Browser]) -> None:
    asked = {"near": SPOT, "metres": "9000"}
    other = browser("郑运")
    hits = other.get("/api/map/hits", asked).json()["items"]
    assert not {hit["place_id"] for hit in hits} & {place.pk for place in drawn}
    own = [hit for hit in hits if hit["kind"] == "risk_point"]
    assert sum(other.get("/api/map/inside", asked).json()["points"]) == len(own)


@pytest.mark.parametrize("asked", [{"near": "120"}, {"near": SPOT, "metres": "0"}, {"ring": "120,30"}, {"level": "9"}])
def test_what_cannot_be_read_is_refused_in_words(
    world: World, browser: Callable[[str], Browser], asked: dict[str, str]
) -> None:
    answer = browser("赵值").get("/api/map/inside", asked)
    assert answer.status_code == 422
    assert answer.json()["error"]["fix"]


def test_moving_things_are_where_they_said_last_and_only_for_those_who_may_see_them(
    world: World, browser: Callable[[str], Browser], drive: Callable[..., None]
) -> None:
    tanker = afoot(world.haulier, "危货罐车")
    assert browser("赵值").get("/api/map/positions").json()["items"] == []
    drive(tanker, 120.25, 30.5, ts=1_700_000_000_000)
    (told,) = browser("赵值").get("/api/map/positions").json()["items"]
    assert told == {"place_id": tanker[0].pk, "lon": 120.25, "lat": 30.5, "at": "2023-11-14T22:13:20+00:00"}
    assert browser("王安").get("/api/map/positions").json()["items"] == []
