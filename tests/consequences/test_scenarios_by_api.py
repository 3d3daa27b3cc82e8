"""A program reads of an accident all that its page shows: who lies inside, a point, a line, files, beginnings."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client

from anlan.apps.consequences import actions
from anlan.apps.consequences.models import Scenario
from anlan.apps.consequences.specs import ScenarioSpec
from anlan.apps.core import actions as core
from anlan.apps.core.models import AuditRow, Place
from anlan.apps.enterprises.models import Chemical
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Viewer
from tests.consequences.conftest import LAT, LON, Blow
from tests.world import World, plot

Program = Callable[[str], Client]
METRE = 1 / 111_320
PROPANE = {
    "name": "丙烷罐破裂", "longitude": LON, "latitude": LAT, "substance": "丙烷", "mass": 20e3, "kind": "rupture",
}  # fmt: skip
CHLORINE = PROPANE | {"name": "液氯泄漏", "substance": "氯", "mass": 4e4, "kind": "hole", "diameter": 0.02}
SOUTH = {"wind": 2, "wind_from": 180, "stability": "D"}


@pytest.fixture
def program(viewer: Callable[[str], Viewer], data: Any) -> Program:
    def of(name: str) -> Client:
        spec = core.TokenSpec("后果平台", clock.now() + timedelta(hours=1), read_only=False)
        return Client(headers={"Authorization": f"Bearer {core.add_token(viewer(name), spec)[1]}"})

    return of


@pytest.fixture
def leak(world: World) -> Scenario:
    """Chlorine leaks in the plant, a school lies to the north of it."""
    core.add_place(SYSTEM, world.dongguan, "public_object", "城北小学", geometry=plot(LON, LAT + 300 * METRE, 0.0002))
    return actions.add_scenario(SYSTEM, world.plant.pk, ScenarioSpec(**CHLORINE))


def north(metres: float) -> dict[str, float]:
    return {"longitude": LON, "latitude": LAT + metres * METRE}


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def test_the_result_names_places_and_figures(leak: Scenario, program: Program) -> None:
    found = program("李巡").get(f"/api/scenarios/{leak.pk}/result", SOUTH).json()
    (toxic,) = found["effects"]
    school = next(one for one in toxic["places"] if one["name"] == "城北小学")
    assert (school["kind"], school["sort"]) == ("public_object", "学校") and 0 < school["chance"] <= 1
    assert school["arrival"] > 0 and school["value"] > 0 and school["level"] in {one["level"] for one in toxic["zones"]}
    assert toxic["law"] and toxic["unit"] == "kg/m³" and {one["key"] for one in toxic["figures"]} == {"exposure"}
    assert found["rate"] > 0 and found["duration"] > 0 and found["skies"] == 0 and found["station"] is None


def test_the_worst_weather_tells_in_which_class_each_level_reaches_farthest(leak: Scenario, program: Program) -> None:
    found = program("李巡").get(f"/api/scenarios/{leak.pk}/result", {"sky": "worst"}).json()
    (toxic,) = found["effects"]
    assert found["skies"] > 1
    reaches = [one["reach"] for one in toxic["zones"]]
    assert [one["reach"] for one in toxic["farthest"]] == pytest.approx(reaches)
    assert all(one["stability"] in "ABCDEF" and one["wind"] > 0 for one in toxic["farthest"])


def test_a_point_gets_less_and_later_the_farther_down_the_wind(leak: Scenario, program: Program) -> None:
    client, at = program("李巡"), f"/api/scenarios/{leak.pk}/point"
    near, far = (client.get(at, SOUTH | north(metres)).json()[0] for metres in (200, 900))
    assert near["effect"] == "toxic" and near["metres"] == pytest.approx(200, rel=0.01)
    assert near["value"] > far["value"] > 0 and near["arrival"] < far["arrival"]
    assert near["chance"] >= far["chance"] and near["level"] and near["level_name"]
    assert max(near["course"]["value"]) == pytest.approx(near["value"], rel=0.1)
    (behind,) = client.get(at, SOUTH | north(-900)).json()
    assert behind["value"] == 0 and behind["level"] is None and behind["course"] is None
    assert client.get(at, SOUTH | north(200) | {"effect": "fireball"}).json() == []


def test_the_line_tells_the_same_as_its_points(leak: Scenario, program: Program) -> None:
    client, line = program("李巡"), ",".join(f"{LON},{LAT + metres * METRE}" for metres in (200, 900))
    (told,) = client.get(f"/api/scenarios/{leak.pk}/profile", SOUTH | {"line": line}).json()
    (point,) = client.get(f"/api/scenarios/{leak.pk}/point", SOUTH | north(200)).json()
    assert told["metres"][0] == 0 and told["metres"][-1] == pytest.approx(700, rel=0.01)
    assert (told["value"][0], told["arrival"][0]) == pytest.approx((point["value"], point["arrival"]), rel=1e-3)
    (down,) = client.get(f"/api/scenarios/{leak.pk}/profile", SOUTH).json()
    assert down["value"] == pytest.approx(sorted(down["value"], reverse=True))


def test_what_is_only_tried_tells_the_same_and_keeps_nothing(leak: Scenario, program: Program) -> None:
    client = program("李巡")
    tried = CHLORINE | {"weather": SOUTH}
    kept = client.get(f"/api/scenarios/{leak.pk}/point", SOUTH | north(300)).json()
    assert post(client, "/api/scenarios/try/point", tried | {"at": north(300)}).json() == kept
    line = {"line": [north(200), north(900)]}
    (told,) = post(client, "/api/scenarios/try/profile", tried | line).json()
    assert told["metres"][-1] == pytest.approx(700, rel=0.01) and told["value"][0] > told["value"][-1]
    whole = post(client, "/api/scenarios/try", tried).json()
    assert whole["effects"][0]["zones"] and whole["effects"][0]["places"]
    assert Scenario.objects.count() == 1


def test_every_effect_is_told_of_a_point_in_the_weather_that_is_worst_for_it(world: World, program: Program) -> None:
    body = PROPANE | {"weather": {"sky": "worst"}, "at": north(200)}
    found = post(program("李巡"), "/api/scenarios/try/point", body).json()
    assert {"fireball", "flash_fire", "explosion"} <= {one["effect"] for one in found}
    heat = next(one for one in found if one["effect"] == "fireball")
    assert heat["unit"] == "W/m²" and heat["course"]["value"][0] == 0 and max(heat["course"]["value"]) == heat["value"]
    assert next(one for one in found if one["effect"] == "explosion")["course"] is None


def test_files_leave_as_they_are_asked_for_and_it_is_written_down(leak: Scenario, program: Program) -> None:
    client, at = program("李巡"), f"/api/scenarios/{leak.pk}/file"
    zones = client.get(at, SOUTH)
    assert zones["Content-Type"] == "application/geo+json" and zones.json()["features"]
    book = client.get(at, SOUTH | {"format": "xlsx"})
    with ZipFile(BytesIO(b"".join(book.streaming_content))) as opened:  # type: ignore[attr-defined]
        assert "城北小学" in opened.read("xl/worksheets/sheet2.xml").decode()
    sheet = client.get(at, SOUTH | {"format": "pdf"})
    assert sheet.content.startswith(b"%PDF") and "attachment" in sheet["Content-Disposition"]
    tried = post(client, "/api/scenarios/try/file", CHLORINE | {"weather": SOUTH, "format": "docx"})
    assert ZipFile(BytesIO(tried.content)).testzip() is None
    rows = AuditRow.objects.filter(action="scenario.export").order_by("pk")
    assert [row.detail["format"] for row in rows] == ["geojson", "xlsx", "pdf", "docx"]
    assert [row.subject for row in rows][-2:] == [f"scenario:{leak.pk}", "scenario:what-if"]


def test_what_a_file_holds_may_be_tried_as_it_is_offered(world: World, program: Program) -> None:
    Chemical.objects.create(place=world.plant, name="液氯", cas="7782-50-5", state="液体", design_maximum=30)
    client = program("赵值")
    (pick,) = client.get("/api/scenarios/picks", {"place_id": world.plant.pk, "breach": "rupture"}).json()
    assert (pick["substance"], pick["mass"]) == ("7782-50-5", 30e3)
    assert post(client, "/api/scenarios/try", pick["scenario"]).json()["effects"][0]["kind"] == "toxic"
    assert program("孙外").get("/api/scenarios/picks", {"place_id": world.plant.pk}).status_code == 404


def test_a_station_is_told_and_asked(leak: Scenario, program: Program, blow: Blow, station: Place) -> None:
    client = program("李巡")
    (silent,) = client.get("/api/weather-stations", {"longitude": LON, "latitude": LAT}).json()
    assert (silent["place_id"], silent["current"], silent["seen"]) == (station.pk, False, None)
    blow(平均风速=3, 风向=90, 气温=6.5)
    (now,) = client.get("/api/weather-stations", {"longitude": LON, "latitude": LAT}).json()
    assert now["current"] and now["seen"] and len(now["tags"]) == 6
    found = client.get(f"/api/scenarios/{leak.pk}/result", {"sky": "live"}).json()
    assert (found["wind"], found["wind_from"], found["station"]["assumed"]) == (3.0, 90.0, ["humidity"])
    (point,) = client.get(f"/api/scenarios/{leak.pk}/point", {"sky": "live"} | north(300)).json()
    assert (point["wind"], point["wind_from"]) == (3.0, 90.0)
    outside = program("孙外").get("/api/weather-stations", {"longitude": LON, "latitude": LAT})
    assert outside.json() == []


@pytest.mark.parametrize(
    ("part", "query"),
    [
        ("point", {"longitude": "nan", "latitude": 30}),
        ("point", {"longitude": LON, "latitude": 89}),
        ("point", {"longitude": LON - 90, "latitude": LAT}),
        ("point", {"longitude": LON, "latitude": LAT, "effect": "meteor"}),
        ("point", {}),
        ("profile", {"line": "1,2,3"}),
        ("profile", {"line": "nan,1,2,3"}),
        ("profile", {"line": "0,0,1,1"}),
        ("profile", {"wind": 1e9}),
        ("file", {"format": "exe"}),
        ("result", {"sky": "live"}),
    ],
)
def test_what_cannot_be_is_refused_in_words(leak: Scenario, program: Program, part: str, query: dict[str, Any]) -> None:
    answer = program("李巡").get(f"/api/scenarios/{leak.pk}/{part}", query)
    assert answer.status_code == 422 and answer.json()["error"]["fix"]
    assert not AuditRow.objects.filter(action="scenario.export").exists()


def test_somebody_elses_scenario_and_ground_are_not_there(world: World, leak: Scenario, program: Program) -> None:
    client = program("孙外")
    for part in ("result", "profile", "file", f"point?longitude={LON}&latitude={LAT}"):
        assert client.get(f"/api/scenarios/{leak.pk}/{part}").status_code == 404
    for part, more in (("", {}), ("/point", {"at": north(10)}), ("/profile", {}), ("/file", {})):
        assert post(client, f"/api/scenarios/try{part}", CHLORINE | more).status_code == 422
        named = CHLORINE | more | {"place_id": world.plant.pk}
        assert post(client, f"/api/scenarios/try{part}", named).status_code == 404
