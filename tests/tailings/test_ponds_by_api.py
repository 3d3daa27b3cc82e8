"""A program reads of a pond what its page tells, routes a storm, and writes down who looked."""

import json
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
    assert client.post(f"{at}/tests", done | {"next_due": "9999-12-31"}, "application/json").status_code == 422
    assert client.post(f"{at}/tests", done | {"next_due": "9998-12-31"}, "application/json").status_code == 201


def test_a_pond_elsewhere_is_not_there(world: World, tested: Pond, program: Callable[[str], Client]) -> None:
    client = program("孙外")
    assert client.get("/api/ponds").json()["items"] == []
    for part in ("", "/standing", "/flood", "/floods", "/curves", "/below", "/closing", "/judgings"):
        assert client.get(f"/api/ponds/{tested.pk}{part}").status_code == 404


WRITTEN = {
    "name": "北沟尾矿库", "method": "upstream", "height": 30, "volume": 1.2e6, "crest": 180.0, "top": 180.0,
    "slope": 0.015, "normal_level": 176.0, "storage": [[170, 0], [176, 2e5], [180, 5e5]],
    "drains": [{"name": "溢洪道", "kind": "weir", "crest": 176.5, "width": 4.0}],
    "catchment": {"area": 0.6, "mean24": 85, "cv": 0.5, "lag": 0.3}, "path": [[120.05, 30.0], [120.06, 30.0]],
}  # fmt: skip


def test_a_pond_is_registered_judged_and_edited(world: World, program: Callable[[str], Client]) -> None:
    client = program("李巡")
    answer = client.post("/api/ponds", WRITTEN | {"place_id": world.plant.pk}, "application/json")
    made = answer.json()
    assert (answer.status_code, made["place_id"], made["grade"]) == (201, world.plant.pk, 4)
    assert made["level"] is not None and made["drains"] == WRITTEN["drains"]
    at = f"/api/ponds/{made['id']}"
    names = set(WRITTEN) | {"stored", "control_depth", "commissioned"}
    again = {name: value for name, value in made.items() if name in names} | {"stored": 9e5, "people_below": 40}
    edited = client.put(at, again, "application/json").json()
    assert (edited["stored"], edited["people_below"], edited["drains"]) == (9e5, 40, WRITTEN["drains"])
    bare = {name: WRITTEN[name] for name in ("name", "method", "height", "volume", "crest", "top")}
    assert client.put(at, bare, "application/json").json()["drains"] == []
    assert client.get(f"{at}/curves").json()["error"]["code"] == "pond.no_curve"


def test_curves_and_the_table_of_floods_are_told(tested: Pond, program: Callable[[str], Client]) -> None:
    client, at = program("李巡"), f"/api/ponds/{tested.pk}"
    drawn = client.get(f"{at}/curves").json()
    assert (drawn["levels"][0], drawn["levels"][-1], drawn["crest"]) == (198, 210, 210)
    assert drawn["volumes"] == sorted(drawn["volumes"]) and drawn["volumes"][-1] == 890_000
    assert drawn["flows"][0] == 0 and drawn["flows"][-1] > 0
    assert max(client.get(f"{at}/curves", {"open": [0]}).json()["flows"]) == 0
    rows = client.get(f"{at}/floods").json()["items"]
    assert [row["period"] for row in rows] == [10, 20, 50, 100, 200, 500, 1000]
    peaks = [row["peak_level"] for row in rows]
    assert peaks == sorted(peaks)
    wide = client.get(f"{at}/floods", {"area": 5}).json()["items"]
    assert all(one["peak_level"] > other["peak_level"] for one, other in zip(wide, rows, strict=True))
    course = client.get(f"{at}/flood", {"rain": 60}).json()
    assert sum(course["rains"]) == pytest.approx(60, abs=0.5) and course["runoff"] > 0
    assert len(course["volumes"]) == len(course["hours"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"height": float("nan")}, {"height": 1e308}, {"volume": 2**63}, {"people_below": 2**63}, {"name": "\ud800"},
        {"name": " "}, {"storage": [[170, 0], [170, 1]]}, {"storage": [[170, 0]]}, {"storage": [[170, 0, 0, 0]]},
        {"drains": [{"name": "井", "kind": "tower"}]}, {"drains": [{"name": "井", "kind": "lift"}]},
        {"drains": [{"name": "井", "kind": "rated", "levels": [170, 171], "flows": [2, 1]}]},
        {"drains": [{"name": "井", "kind": "pump", "above": 171, "flow": 1}] * 2},
        {"path": [[120, 30]]}, {"path": [[200, 30], [201, 30]]}, {"last_deposit": "9999-12-31"}, {"stability_on": 5},
        {"catchment": {"area": 1, "mean24": 85, "cv": 1e-300, "lag": 1}}, {"place_id": 2**63}, {"深": 1},
        {"catchment": {"area": 1, "mean24": 85, "cv": 0.5, "lag": 1, "shares": [0.5] * 24}}, {"crest": -501},
    ],
)  # fmt: skip
def test_a_pond_that_cannot_be_is_refused_and_nothing_is_kept(
    world: World, program: Callable[[str], Client], wrong: dict[str, object]
) -> None:
    body = json.dumps(WRITTEN | {"place_id": world.plant.pk} | wrong)
    answer = program("李巡").post("/api/ponds", body, "application/json")
    assert answer.status_code == 422 and answer.json()["error"]["fix"]
    assert not Pond.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"stability": 1.2, "stability_on": "9998-12-31"}, {"commissioned": "0002-01-01"},
        {"state": "idle", "last_deposit": "0002-01-01"}, {"path": [[120.05, 30.0], [120.05, 30.0]]},
        {"path": [[-180, -80], [180, 80]]}, {"storage": [[-500, 0], [9000, 1e11]]}, {"design_period": 1e5},
        {"catchment": {"area": 1000, "mean24": 800, "cv": 3, "cs_over_cv": 10, "lag": 24, "reservoirs": 10}},
        {"catchment": {"area": 1, "mean24": 300, "cv": 1, "lag": 1}, "design_period": 1e5},
        {"path": [[100.0, 30.0], [130.0, 40.0]], "volume": 1e10, "height": 500, "crest": 600, "top": 600, "storage": [],
         "drains": [], "catchment": None, "normal_level": None},
    ],
)  # fmt: skip
def test_an_odd_pond_is_taken_or_refused_in_words_and_then_read(
    world: World, program: Callable[[str], Client], odd: dict[str, object]
) -> None:
    client = program("李巡")
    answer = client.post("/api/ponds", WRITTEN | {"place_id": world.plant.pk} | odd, "application/json")
    assert answer.status_code in (201, 422), answer.content
    if answer.status_code == 201:
        at = f"/api/ponds/{answer.json()['id']}"
        for part in ("", "/standing", "/flood", "/floods", "/curves", "/below", "/closing"):
            assert client.get(f"{at}{part}").status_code in (200, 422), part


def test_a_pond_is_written_only_by_who_may(world: World, tested: Pond, program: Callable[[str], Client]) -> None:
    body = WRITTEN | {"place_id": world.plant.pk}
    assert program("孙外").post("/api/ponds", body, "application/json").status_code == 404
    assert program("孙外").put(f"/api/ponds/{tested.pk}", WRITTEN, "application/json").status_code == 404
    assert program("赵值").put(f"/api/ponds/{tested.pk}", WRITTEN, "application/json").status_code == 403
    assert Pond.objects.get().name == tested.name
