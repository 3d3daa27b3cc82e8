"""A program reads a quantitative study and sets one up: what it is made of, what was computed, the risk at a point and
with a source elsewhere, who brings down whom, who would have to move."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.apps.consequences.models import ParkSource, ParkStudy
from anlan.apps.consequences.parks import actions
from anlan.apps.core import actions as core
from anlan.apps.enterprises.models import Chemical
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Viewer
from tests.consequences.test_park_knock_on import spheres
from tests.consequences.test_park_study import CHLORINE, LAT, LON, METRE, STUDY, _at, computed
from tests.world import World

pytestmark = pytest.mark.usefixtures("own_folder")

TANK = {
    "name": "2 号氯罐", "substance": "氯", "mass": 5000, "equipment": "pressure-vessel", "holes": ["10mm"],
    "longitude": LON, "latitude": LAT,
}  # fmt: skip
STILL = {"stability": "D", "wind": 3.0, "share": 1.0, "rose": [1 / 16] * 16}


def send(client: Client, path: str, body: dict[str, Any] | None = None, method: str = "post") -> Any:
    return getattr(client, method)(path, json.dumps(body or {}), content_type="application/json")


@pytest.fixture
def program(viewer: Callable[[str], Viewer]) -> Callable[[str], Client]:
    def of(name: str) -> Client:
        spec = core.TokenSpec("风险平台", clock.now() + timedelta(hours=1), read_only=False)
        return Client(headers={"Authorization": f"Bearer {core.add_token(viewer(name), spec)[1]}"})

    return of


@pytest.fixture
def made(world: World) -> ParkStudy:
    """A study that is not computed yet, with a nursery beside the chlorine."""
    core.add_place(SYSTEM, world.park, "public_object", "园区幼儿园", geometry=_at(60, 0))
    one = actions.add_study(SYSTEM, world.park.pk, STUDY)
    actions.add_sources(SYSTEM, one.pk, [replace(CHLORINE, place_id=world.plant.pk)])
    return one


def test_what_was_computed_is_told_and_before_that_refused(made: ParkStudy, program: Callable[[str], Client]) -> None:
    client, at = program("李巡"), f"/api/risk-studies/{made.pk}"
    refused = client.get(f"{at}/result")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "park.not_computed")
    computed(made)
    [row] = client.get("/api/risk-studies").json()["items"]
    assert (row["id"], row["fresh"], row["sources"]) == (made.pk, True, 1) and row["loss"] is not None
    whole = client.get(at).json()
    assert [one["substance"] for one in whole["installations"]] == [CHLORINE.substance] and whole["weather"]
    found = client.get(f"{at}/result").json()
    assert found["failing"] >= 1 and found["contours"]["type"] == "FeatureCollection"
    assert found["societal"]["loss"] == row["loss"]
    targets = client.get(f"{at}/targets", {"failing": True, "limit": 1}).json()
    assert targets["items"][0]["name"] == "园区幼儿园" and targets["items"][0]["risk"] > targets["items"][0]["limit"]
    point = client.get(f"{at}/point", {"longitude": LON, "latitude": LAT}).json()
    assert point["risk"] > 0 and 0 < sum(one["share"] for one in point["shares"]) <= 1 + 1e-9
    part, seen = targets, 1
    while part["next"]:
        part = client.get(f"{at}/targets", {"failing": True, "limit": 1, "cursor": part["next"]}).json()
        seen += len(part["items"])
    assert seen == found["failing"]


def test_a_study_elsewhere_is_not_there(made: ParkStudy, program: Callable[[str], Client]) -> None:
    client = program("孙外")
    assert client.get("/api/risk-studies").json()["items"] == []
    spot = "longitude=121&latitude=41"
    source = ParkSource.objects.get()
    moved = f"/moved?installation_id={source.pk}&{spot}"
    for part in ("", "/result", "/targets", f"/point?{spot}", moved, "/knock-on", "/relocation", "/stores"):
        assert client.get(f"/api/risk-studies/{made.pk}{part}").status_code == 404
    for part, body in (("installations", {"installations": [TANK]}), ("compute", {}), ("end", {})):
        assert send(client, f"/api/risk-studies/{made.pk}/{part}", body).status_code == 404
    assert client.get(f"/api/risk-installations/{source.pk}").status_code == 404
    assert send(client, f"/api/risk-installations/{source.pk}/end").status_code == 404
    assert ParkSource.objects.filter(ended=None).count() == 1 and made.sources.count() == 1


def test_what_each_source_adds_is_told_of_the_whole_and_of_a_point(
    made: ParkStudy, program: Callable[[str], Client]
) -> None:
    actions.add_sources(SYSTEM, made.pk, [replace(CHLORINE, name="远处氯罐", longitude=LON + 400 * METRE)])
    computed(made)
    client, at = program("李巡"), f"/api/risk-studies/{made.pk}"
    found = client.get(f"{at}/result").json()
    assert sum(one["loss"] for one in found["sources"]) == pytest.approx(found["societal"]["loss"])
    point = client.get(f"{at}/point", {"longitude": LON - 100 * METRE, "latitude": LAT}).json()
    assert point["sources"][0]["source"] == CHLORINE.name
    assert sum(one["risk"] for one in point["sources"]) == pytest.approx(point["risk"])
    assert found["societal"]["upper"]["frequency"] > found["societal"]["lower"]["frequency"] > 0


def test_a_source_moved_away_would_keep_the_limit_and_nothing_is_stored(
    made: ParkStudy, program: Callable[[str], Client]
) -> None:
    computed(made)
    client, at, source = program("李巡"), f"/api/risk-studies/{made.pk}", ParkSource.objects.get()
    spot = {"longitude": LON + 1200 * METRE, "latitude": LAT}
    found = client.get(f"{at}/moved", {"installation_id": source.pk, **spot}).json()
    assert found["before"] > found["failing"]
    assert "园区幼儿园" in [one["name"] for one in found["better"]]
    assert found["contours"]["features"] != client.get(f"{at}/result").json()["contours"]["features"]
    here = client.get(f"{at}/moved", {"installation_id": source.pk, "longitude": LON, "latitude": LAT}).json()
    assert (here["failing"], here["worse"], here["better"]) == (here["before"], [], [])
    source.refresh_from_db()
    assert source.longitude == LON
    far = client.get(f"{at}/moved", {"installation_id": source.pk, "longitude": 0, "latitude": 0})
    assert (far.status_code, far.json()["error"]["code"]) == (422, "park.far")


def test_who_would_have_to_move_and_how_far(made: ParkStudy, program: Callable[[str], Client]) -> None:
    computed(made)
    found = program("李巡").get(f"/api/risk-studies/{made.pk}/relocation").json()
    assert found["plants"][0]["order"] == 1 and found["plants"][0]["broken"] >= 1
    near = next(one for one in found["targets"] if one["name"] == "园区幼儿园")
    assert near["fails"] and near["metres"] < 100 and (near["needed"] is None or near["needed"] > near["metres"])


def test_who_brings_down_whom_is_told_with_effect_and_distance(world: World, program: Callable[[str], Client]) -> None:
    study = spheres(world, domino=True)
    found = program("李巡").get(f"/api/risk-studies/{study.pk}/knock-on").json()
    first, second = ParkSource.objects.order_by("pk").values_list("pk", flat=True)
    assert {(one["from_id"], one["to_id"]) for one in found["pairs"]} == {(first, second), (second, first)}
    pair = found["pairs"][0]
    assert pair["metres"] == pytest.approx(26, abs=1) and pair["value"] >= pair["threshold"] and pair["effect"]
    assert 0 < pair["probability"] <= 1 and found["in_risk"] and found["fallen"][0]["added"] > 0
    assert found["chains"][0]["source"] != found["chains"][0]["steps"][0][0]


def test_a_program_sets_a_study_up_and_changes_it(world: World, program: Callable[[str], Client]) -> None:
    client = program("李巡")
    body = {"name": "程序评价", "place_id": world.park.pk, "cell": 50, "margin": 1500, "weather": [STILL]}
    begun = send(client, "/api/risk-studies", body).json()
    assert begun["installations"] == [] and begun["weather"][0]["name"] == "D 3 m/s"
    at = f"/api/risk-studies/{begun['id']}"
    (tank,) = send(client, f"{at}/installations", {"installations": [TANK | {"place_id": world.plant.pk}]}).json()
    assert client.get(at).json()["under_way"]
    computed(ParkStudy.objects.get(pk=begun["id"]))
    assert client.get(f"{at}/result").json()["fresh"]
    own = f"/api/risk-installations/{tank['id']}"
    send(client, f"{own}/move", {"longitude": LON + 0.001, "latitude": LAT})
    assert not client.get(f"{at}/result").json()["fresh"]
    put = send(client, own, TANK | {"mass": 900, "holes": ["10mm", "10mm"]}, "put").json()
    assert (put["mass"], put["holes"], put["place_id"]) == (900, ["10mm"], None)
    whole = client.get(own).json()
    assert whole["whole"]["mass"] == 900 and whole["study_id"] == begun["id"]
    again = {"name": "改名", "stage": "new", "weather": client.get(at).json()["weather"]}
    assert send(client, at, again, "put").json()["stage"] == "new"
    assert send(client, f"{at}/compute").status_code == 202
    assert send(client, f"{own}/end").status_code == 200 and client.get(at).json()["installations"] == []
    assert send(client, f"{at}/end").json()["ended"]
    assert send(client, f"{at}/compute").status_code == 409


def test_what_files_hold_becomes_sources_as_proposed(made: ParkStudy, world: World, program: Any) -> None:
    held = Chemical.objects.create(place=world.plant, name="液氯", cas="7782-50-5", state="液体", design_maximum=30)
    client, at = program("李巡"), f"/api/risk-studies/{made.pk}"
    (store,) = client.get(f"{at}/stores").json()
    assert (store["chemical_id"], store["tonnes"], store["used"]) == (held.pk, 30, False)
    taken = send(client, f"{at}/installations/held", {"chemical_ids": [held.pk]}).json()
    assert taken["added"][0]["name"] == store["proposed"]["name"] and taken["refused"] == []
    assert client.get(f"{at}/stores").json()[0]["used"]
    wrong = send(client, f"{at}/installations/held", {"chemical_ids": [2**62]})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "park.not_held")


def test_the_enterprise_reads_of_its_own_source_and_not_of_the_study(
    made: ParkStudy, program: Callable[[str], Client]
) -> None:
    computed(made)
    own = program("王安").get(f"/api/risk-installations/{ParkSource.objects.get().pk}").json()
    assert own["name"] == CHLORINE.name and own["most"] > 0.1
    assert own["study_id"] is None and own["whole"] is None
    assert program("王安").get(f"/api/risk-studies/{made.pk}").status_code == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"substance": "以太"},
        {"equipment": "teapot"},
        {"holes": ["1km"]},
        {"holes": []},
        {"mass": 0},
        {"mass": "nan"},
        {"mass": 2**63},
        {"temperature": 21},
        {"longitude": 181},
        {"escalation": "balloon"},
        {"name": "\ud800"},
        {"name": " "},
        {"colour": "red"},
    ],
)
def test_a_source_that_cannot_be_is_refused_in_words(
    made: ParkStudy, program: Callable[[str], Client], changed: dict[str, Any]
) -> None:
    at = f"/api/risk-studies/{made.pk}/installations"
    answer = send(program("李巡"), at, {"installations": [TANK, TANK | changed]})
    assert answer.status_code == 422 and answer.json()["error"]["fix"]
    assert made.sources.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"weather": [STILL | {"share": 0.5}]},
        {"weather": [STILL | {"rose": [1.0] * 16}]},
        {"weather": [STILL | {"rose": [1.0]}]},
        {"weather": [STILL | {"rose": [1e308] * 16}]},
        {"weather": []},
        {"cell": 1},
        {"margin": 1e9},
        {"name": " "},
        {"stage": "old"},
    ],
)
def test_a_study_that_cannot_be_is_refused_in_words(
    made: ParkStudy, program: Callable[[str], Client], changed: dict[str, Any]
) -> None:
    answer = send(
        program("李巡"), f"/api/risk-studies/{made.pk}", {"name": "改名", "weather": [STILL]} | changed, "put"
    )
    assert answer.status_code == 422 and answer.json()["error"]["fix"]
    made.refresh_from_db()
    assert made.name == STUDY.name
