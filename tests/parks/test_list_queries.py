"""The list of parks, on its page and by the API, asks the same however many parks there are."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anlan.apps.core.actions import add_place
from anlan.kit.grants import SYSTEM
from tests.parks.parts import graded, permitted
from tests.world import World, plot


def asked(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_more_parks_ask_no_more(world: World, browser: Callable[[str], Client]) -> None:
    graded(world)
    permitted(world)
    client = browser("李巡")
    before = {address: asked(client, address) for address in ("/parks", "/api/parks")}
    for number in range(4):
        add_place(SYSTEM, world.qinghe, "park", f"园区{number}", geometry=plot(120.2 + number / 100, 30.2, 0.005))
    assert asked(client, "/api/parks") == before["/api/parks"]
    assert asked(client, "/parks") == before["/parks"]
    rows = client.get("/api/parks").json()
    assert len(rows) == 5 and next(one for one in rows if one["grade"])["grade"] == "D"
