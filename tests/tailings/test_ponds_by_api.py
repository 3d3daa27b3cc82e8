"""A program reads of a pond what its page tells, routes a storm, and writes down who looked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from anlan.apps.core import actions as core
from anlan.apps.tailings.models import Pond
from anlan.kit import clock
from anlan.kit.grants import Viewer
from tests.tailings.conftest import Reads
from tests.world import World


@pytest.fixture
def program(viewer: Callable[[str], Viewer]) -> Callable[[str], Client]:
    def of(name: str) -> Client:
        spec = core.TokenSpec("监测", clock.now() + timedelta(hours=1), read_only=False)
        return Client(headers={"Authorization": f"Bearer {core.add_token(viewer(name), spec)[1]}"})

    return of


def test_a_pond_tells_that_the_night_is_safe_and_what_it_would_stand(
    tested: Pond, program: Callable[[str], Client]
) -> None:
    client = program("李巡")
    [row] = client.get("/api/ponds").json()["items"]
    assert (row["name"], row["condition"], row["grade"]) == ("东沟尾矿库", "normal", 4)
    told = client.get(f"/api/ponds/{tested.pk}/standing").json()
    assert (told["safe"], told["water"], told["condition"]) == ("yes", 206.4, "normal")
    assert told["outlook"]["stands"] >= 100 and told["outlook"]["limit"] < 210
    assert [one["rain"] for one in told["outlook"]["floods"]][1:] == [50, 100, 150]
    assert {one["item"] for one in told["items"]} >= {"level", "beach"}
    whole = client.get(f"/api/ponds/{tested.pk}").json()
    assert whole["period"] == 100 and whole["drains"][0]["name"] == "1 号排水井"


def test_it_says_no_when_the_water_stands_too_high(
    tested: Pond, reads: Reads, program: Callable[[str], Client]
) -> None:
    reads(POND_1=209.6, FREE_1=0.4)
    told = program("李巡").get(f"/api/ponds/{tested.pk}/standing").json()
    assert told["safe"] == "no" and told["level"] == told["parts"][0]["level"] == 4


def test_a_storm_is_routed_from_the_level_and_with_the_drains_that_are_asked(
    tested: Pond, program: Callable[[str], Client]
) -> None:
    client, at = program("李巡"), f"/api/ponds/{tested.pk}/flood"
    usual = client.get(at).json()
    shut = client.get(at, {"open": [0]}).json()
    assert (usual["period"], usual["start"], usual["holds"]) == (100, 206.4, True)
    assert shut["peak_level"] > usual["peak_level"] and max(shut["outflow"]) == 0
    rain = client.get(at, {"rain": 60, "start": 206}).json()
    assert (rain["period"], rain["rain"], rain["start"]) == (None, 60, 206)
    refused = client.get(at, {"start": 260})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "pond.out_of_range")


def test_what_is_seen_and_tested_is_written_down(tested: Pond, program: Callable[[str], Client]) -> None:
    client, at = program("李巡"), f"/api/ponds/{tested.pk}"
    seen = client.post(f"{at}/inspections", {"note": "雨后巡坝"}, "application/json")
    assert (seen.status_code, seen.json()["by"]) == (201, "李巡")
    assert client.get(f"{at}/inspections").json()["items"][0]["note"] == "雨后巡坝"
    day = clock.today().isoformat()
    done = {"drain": "1 号排水井", "on": day, "way": "flow", "flow": 3.1, "outcome": "blocked"}
    assert client.post(f"{at}/tests", done, "application/json").status_code == 201
    [kept] = client.get("/api/ponds/tests", {"pond_id": tested.pk, "outcome": "blocked"}).json()["items"]
    assert (kept["flow"], kept["late"]) == (3.1, False)
    assert client.get(f"{at}/standing").json()["open"]["1 号排水井"] < 1
    assert len(client.get(f"{at}/judgings").json()["items"]) >= 2
    wrong = client.post(f"{at}/tests", done | {"drain": "9 号"}, "application/json")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "test.no_drain")


def test_a_pond_elsewhere_is_not_there(world: World, tested: Pond, program: Callable[[str], Client]) -> None:
    client = program("孙外")
    assert client.get("/api/ponds").json()["items"] == []
    for part in ("", "/standing", "/flood", "/below", "/closing", "/judgings", "/inspections"):
        assert client.get(f"/api/ponds/{tested.pk}{part}").status_code == 404
