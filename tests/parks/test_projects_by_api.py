"""A program proposes a project, draws it, has it checked, signs it and takes it back, as the pages do."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.apps.core import actions as core
from anlan.apps.parks import actions
from anlan.apps.parks.models import Project
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Viewer
from tests.parks import parts
from tests.world import World

Program = Callable[[str], Client]
JSON = "application/json"
DECLARED = {
    "name": "年产 1 万吨乙酸乙酯项目", "applicant": "新川化工有限公司", "industry": "2614", "products": ["乙酸乙酯"],
    "chemicals": [{"name": "乙酸乙酯", "tonnes": 300.0, "category": "W5.3", "state": "液体"}], "processes": ["酯化"],
    "facilities": [{"kind": "process"}], "neighbours": 0,
}  # fmt: skip
TANK = {
    "name": "液氯储罐", "longitude": 120.0405, "latitude": 30.0005, "substance": "7782-50-5", "mass": 5000,
    "equipment": "pressure-vessel", "holes": ["10mm"],
}  # fmt: skip


@pytest.fixture
def program(viewer: Callable[[str], Viewer]) -> Program:
    def of(name: str) -> Client:
        spec = core.TokenSpec("园区平台", clock.now() + timedelta(hours=1), read_only=False)
        return Client(headers={"Authorization": f"Bearer {core.add_token(viewer(name), spec)[1]}"})

    return of


def proposed(world: World, client: Client) -> str:
    answer = client.post("/api/projects", DECLARED | {"place_id": world.park.pk}, JSON)
    assert answer.status_code == 201, answer.content
    return f"/api/projects/{answer.json()['id']}"


def test_a_project_is_declared_drawn_and_changed(world: World, program: Program) -> None:
    client = program("李巡")
    at = proposed(world, client)
    told = client.get(f"{at}/declared").json()
    assert told["chemicals"][0]["cas"] == "141-78-6", "known by its name"
    drawn = client.put(f"{at}/geometry", {"geometry": parts.INSIDE}, JSON).json()
    assert drawn["geometry"] == parts.INSIDE
    named = client.put(at, DECLARED | {"name": "扩建项目", "investment": 1200}, JSON).json()
    assert (named["name"], named["investment"], named["state"], named["checking"]) == ("扩建项目", 1200, "draft", "")
    [row] = client.get("/api/projects", {"place_id": str(world.park.pk), "state": "draft"}).json()["items"]
    assert (row["name"], row["place"], row["blocking"]) == ("扩建项目", world.park.name, None)
    assert client.put(f"{at}/geometry", {"geometry": None}, JSON).json()["geometry"] is None


def test_a_project_is_checked_signed_withdrawn_and_reopened(world: World, program: Program) -> None:
    client, other = program("李巡"), program("李巡")
    project = parts.admissible(world)
    at = f"/api/projects/{project.pk}"
    assert client.get(f"{at}/check").status_code == 422, "it was never checked"
    asked = client.post(f"{at}/check")
    assert (asked.status_code, asked.json()["state"], asked.json()["blocking"]) == (202, "checked", 0)
    assert client.get(f"{at}/check").json()["blocking"] == []
    opinion = {"office": "emergency", "verdict": "agree", "text": "同意"}
    signed = client.post(f"{at}/signatures", opinion, JSON)
    assert (signed.status_code, signed.json()["by"], signed.json()["verdict"]) == (201, "李巡", "agree")
    twice = other.post(f"{at}/signatures", opinion | {"office": "ecology"}, JSON)
    assert (twice.status_code, twice.json()["error"]["code"]) in (
        (409, "opinion.two_offices"),
        (422, "opinion.bad_office"),
    )
    assert client.post(f"{at}/withdraw", {"reason": "另选址"}, JSON).json()["state"] == "withdrawn"
    assert client.put(at, DECLARED, JSON).status_code == 409
    assert client.post(f"{at}/reopen", {"reason": "恢复"}, JSON).json()["state"] == "draft"


def test_papers_and_what_may_leak_are_written_down(world: World, program: Program) -> None:
    client = program("李巡")
    at = proposed(world, client)
    kept = {"kind": "conditions", "dated": parts.today().isoformat(), "number": "安评〔2026〕1号"}
    paper = client.post(f"{at}/papers", kept, JSON)
    assert paper.status_code == 201 and client.get(f"{at}/papers").json()["items"] == [paper.json()]
    assert client.post(f"/api/projects/papers/{paper.json()['id']}/end").status_code == 204
    assert client.get(f"{at}/papers").json()["items"] == []
    made = client.post(f"{at}/installations", TANK, JSON)
    assert (made.status_code, made.json()["number"], made.json()["mass"]) == (201, 1, 5000)
    edited = client.put(f"{at}/installations/1", TANK | {"mass": 800, "head": 1}, JSON).json()
    assert (edited["mass"], edited["head"]) == (800, 1)
    asked = client.post(f"{at}/check").json()
    assert asked["checking"] == "waiting", "the risk takes a job"
    assert client.post(f"{at}/installations/1/end").status_code == 204
    assert client.post(f"{at}/installations/1/end").status_code == 404
    nothing = client.post(f"{at}/installations/propose")
    assert (nothing.status_code, nothing.json()["error"]["code"]) == (422, "project.nothing_to_propose")


def test_installations_are_proposed_from_the_chemicals(world: World, program: Program) -> None:
    client = program("李巡")
    at = proposed(world, client)
    client.put(f"{at}/geometry", {"geometry": parts.INSIDE}, JSON)
    answer = client.post(f"{at}/installations/propose")
    assert answer.status_code == 201 and answer.json()["items"][0]["mass"] > 0


def test_a_plant_is_screened_with_its_papers(world: World, program: Program) -> None:
    client, at = program("李巡"), f"/api/parks/{world.park.pk}/screening/{world.plant.pk}"
    kept = {"kind": "conditions", "dated": parts.today().isoformat()}
    paper = client.post(f"{at}/papers", kept, JSON).json()
    told = client.get(at).json()
    assert (told["place_id"], told["papers"]) == (world.plant.pk, [paper])
    assert {line["verdict"] for line in told["lines"]} <= {"pass", "fail", "unknown", "none"} and told["lines"]
    assert told["failing"] == sum(line["verdict"] == "fail" for line in told["lines"])
    for place in (world.haulier.pk, world.mill.pk, 2**62):
        assert client.get(f"/api/parks/{world.park.pk}/screening/{place}").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "}, {"name": "\ud800"}, {"name": "\0"}, {"stage": "dreamt"}, {"industry": "9Z"}, {"place_id": 2**63},
        {"investment": float("nan")}, {"investment": -1}, {"neighbours": 2**63}, {"plant_id": 0}, {"products": [""]},
        {"chemicals": [{"name": "乙酸乙酯", "cas": "1-2-3"}]}, {"chemicals": [{"name": "氯", "tonnes": 1e308}]},
        {"facilities": [{"kind": "castle"}]}, {"facilities": [{"kind": "process", "longitude": 120}]}, {"多": 1},
    ],
)  # fmt: skip
def test_a_project_that_cannot_be_is_refused(world: World, program: Program, wrong: dict[str, Any]) -> None:
    body = json.dumps(DECLARED | {"place_id": world.park.pk} | wrong)
    answer = program("李巡").post("/api/projects", body, JSON)
    assert answer.status_code == 422 and answer.json()["error"]["message"]
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Point", "coordinates": [120, 30]}, {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[120, 30], [121, 30], [120, 30]]]},
        {"type": "Polygon", "coordinates": [[[float("nan"), 30]] * 4]}, {"type": "Polygon", "coordinates": [[["a"]]]},
        {"type": "Polygon", "coordinates": [[[1e308, 30]] * 4]}, {"type": "Polygon"}, {"type": "Polygon", "bbox": "x"},
        [], "\ud800",
    ],
)  # fmt: skip
def test_land_that_is_no_area_is_refused(world: World, program: Program, shape: Any) -> None:
    project = parts.proposed(world)
    answer = program("李巡").put(f"/api/projects/{project.pk}/geometry", json.dumps({"geometry": shape}), JSON)
    assert answer.status_code == 422
    assert Project.objects.get().geometry == parts.INSIDE


@pytest.mark.parametrize(
    "ring",
    [
        [[120.0401, 30.0001]] * 4,
        [[120.04, 30.0], [120.05, 30.01], [120.05, 30.0], [120.04, 30.01], [120.04, 30.0]],
        [[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]],
    ],
)
def test_an_odd_area_is_checked_or_refused_in_words(world: World, program: Program, ring: list[Any]) -> None:
    """A point, a bow tie, the whole earth."""
    project, client = parts.proposed(world), program("李巡")
    at = f"/api/projects/{project.pk}"
    shape = {"type": "Polygon", "coordinates": [ring]}
    assert client.put(f"{at}/geometry", {"geometry": shape}, JSON).status_code in (200, 422)
    assert client.post(f"{at}/check").status_code in (202, 409, 422)
    assert client.post(f"{at}/installations/propose").status_code in (201, 422)


def test_a_project_elsewhere_is_not_there_and_who_may_not_change_it_is_refused(world: World, program: Program) -> None:
    project = parts.proposed(world)
    at, body = f"/api/projects/{project.pk}", DECLARED | {"place_id": world.park.pk}
    stranger, reader = program("孙外"), program("赵值")
    writes: list[tuple[str, str, Any]] = [
        ("put", "", DECLARED), ("put", "/geometry", {"geometry": None}), ("post", "/check", {}),
        ("post", "/withdraw", {"reason": "无"}), ("post", "/installations", TANK),
        ("post", "/installations/propose", {}),
    ]  # fmt: skip
    for method, part, sent in writes:
        assert getattr(stranger, method)(f"{at}{part}", sent, JSON).status_code == 404, part
        assert getattr(reader, method)(f"{at}{part}", sent, JSON).status_code == 403, part
    assert stranger.post("/api/projects", body, JSON).status_code == 404
    assert reader.post("/api/projects", body, JSON).status_code == 403
    assert Project.objects.get().revision == project.revision


def test_a_file_that_was_handed_in_elsewhere_is_no_paper_of_a_project(
    world: World, program: Program, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = program("李巡")
    ids = [
        client.post(f"/api/places/{place.pk}/files", {"file": SimpleUploadedFile("a.csv", b"1,2")}).json()["id"]
        for place in (world.park, world.plant)
    ]
    project = parts.proposed(world)
    kept = {"kind": "conditions", "dated": parts.today().isoformat()}
    at = f"/api/projects/{project.pk}/papers"
    assert client.post(at, kept | {"file_id": ids[0]}, JSON).json()["file_id"] == ids[0]
    wrong = client.post(at, kept | {"file_id": ids[1]}, JSON)
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "park.file_elsewhere")
    every = {"assessed": parts.today().isoformat(), "assessor": "省安科院", "losses": parts.losses()}
    graded = client.post(f"/api/parks/{world.park.pk}/gradings", every | {"report_id": ids[0]}, JSON)
    assert (graded.status_code, graded.json()["report_id"]) == (201, ids[0])


def test_what_a_project_names_out_of_sight_is_not_told(world: World, program: Program) -> None:
    project = parts.proposed(world)
    Project.objects.update(plant=world.mill, scenarios=[77])
    told = program("李巡").get(f"/api/projects/{project.pk}/declared").json()
    assert (told["plant_id"], told["scenarios"]) == (None, [])
    assert actions.open_project_now(SYSTEM, project.pk).plant_id == world.mill.pk
