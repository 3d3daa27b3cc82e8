"""A program reads and writes at a park what its desk tells and keeps, narrowed to what its owner may see and do."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.test import Client

from anlan.apps.core import actions as core
from anlan.apps.parks import actions
from anlan.apps.parks.specs import FacilitySpec, GateSpec, GradingSpec, ListedSpec
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Viewer
from tests.parks import parts
from tests.world import World


@pytest.fixture
def program(viewer: Callable[[str], Viewer]) -> Callable[[str], Client]:
    def of(name: str) -> Client:
        spec = core.TokenSpec("园区平台", clock.now() + timedelta(hours=1), read_only=False)
        return Client(headers={"Authorization": f"Bearer {core.add_token(viewer(name), spec)[1]}"})

    return of


def rows(client: Client, address: str, **query: str) -> list[Any]:
    return list(client.get(address, query).json()["items"])


def test_the_desk_of_a_park_is_told(world: World, program: Callable[[str], Client]) -> None:
    park = world.park.pk
    every = parts.losses()
    lost = every | dict(zip(list(every)[:2], (1.0, 2.0), strict=True))
    actions.assess_park(SYSTEM, park, GradingSpec(parts.today(), "省安科院", lost))
    actions.add_facility(SYSTEM, park, FacilitySpec("emergency_pool", "应急池", capacity=8000.0, used=1200.0))
    actions.add_listed(SYSTEM, park, ListedSpec("product", "光气", "剧毒", parts.today()))
    gate = actions.add_gate(SYSTEM, park, GateSpec("东门", "goods"))
    held = parts.permitted(world, "鲁A12345")
    actions.enter(SYSTEM, actions.Report(gate.pk, held.plate))
    client, at = program("李巡"), f"/api/parks/{park}"
    told = client.get(at).json()
    assert (told["name"], told["inside"], told["entered"], told["room"]) == (world.park.name, 1, 1, None)
    [grading] = rows(client, f"{at}/gradings")
    assert grading["assessor"] == "省安科院" and [one["lost"] for one in grading["lost"]] == [2.0, 1.0]
    assert [one["used"] for one in rows(client, f"{at}/facilities")] == [1200.0]
    assert [one["words"] for one in rows(client, f"{at}/listed")] == ["光气"]
    assert [one["plate"] for one in rows(client, f"{at}/passes")] == ["鲁A12345"]
    [passage] = rows(client, f"{at}/passages", way="inside")
    assert (passage["gate_in"], passage["gate_out"], passage["late"]) == ("东门", "", 0)
    assert rows(client, f"{at}/passages", way="turned") == []


def test_what_a_project_declared_and_who_has_to_sign_is_told(world: World, program: Callable[[str], Client]) -> None:
    project = parts.proposed(world, parts.GOOD)
    client, at = program("李巡"), f"/api/projects/{project.pk}"
    told = client.get(f"{at}/declared").json()
    assert [one["name"] for one in told["chemicals"]] == [one.name for one in parts.GOOD.chemicals]
    assert all(not one["verdict"] for one in rows(client, f"{at}/signatures")) and rows(client, f"{at}/papers") == []
    plants = rows(client, f"/api/parks/{world.park.pk}/screening")
    assert world.plant.pk in {one["place_id"] for one in plants}


def test_a_park_elsewhere_is_not_there(world: World, program: Callable[[str], Client]) -> None:
    client = program("孙外")
    for part in ("", "/gradings", "/facilities", "/groups", "/listed", "/passes", "/passages", "/neighbours"):
        assert client.get(f"/api/parks/{world.park.pk}{part}").status_code == 404


JSON = "application/json"


def now(hours: float = 0) -> str:
    return (clock.now() + timedelta(hours=hours)).isoformat()


def bodies(world: World) -> dict[str, dict[str, Any]]:
    """Something good for each address below a park."""
    day = parts.today().isoformat()
    return {
        "gradings": {"assessed": day, "assessor": "省安科院", "losses": parts.losses()},
        "gates": {"name": "西门", "use": "goods", "longitude": 120.041, "latitude": 30.001},
        "passes": {"plate": "鲁A 54321", "carrier": "远程物流", "cargo": "液氯", "un": "1017", "tonnes": 20,
                   "since": now(-1), "until": now(8), "destination_id": world.plant.pk},
        "facilities": {"kind": "emergency_pool", "name": "应急池", "capacity": 8000, "used": 1200},
        "groups": {"name": "东片", "member_ids": [world.plant.pk, world.haulier.pk], "contact": "王工", "phone": "110"},
        "listed": {"kind": "product", "words": "光气", "reason": "剧毒", "since": day},
    }  # fmt: skip


def test_what_a_park_keeps_is_written_changed_and_ended(world: World, program: Callable[[str], Client]) -> None:
    world.haulier.also_in.add(world.park)
    client, at, sent = program("李巡"), f"/api/parks/{world.park.pk}", bodies(world)
    made = {}
    for part, body in sent.items():
        answer = client.post(f"{at}/{part}", body, JSON)
        assert answer.status_code == 201, answer.content
        made[part] = answer.json()
    assert (made["gradings"]["grade"], made["passes"]["plate"], made["gates"]["state"]) == ("D", "鲁A54321", "checked")
    assert [one["id"] for one in made["groups"]["members"]] == [world.plant.pk, world.haulier.pk]
    told = client.put(f"{at}/profile", {"industries": ["26"], "office": "管委会"}, JSON).json()
    assert (told["industries"], told["office"], told["phone"]) == (["26"], "管委会", "")
    gate = f"/api/parks/gates/{made['gates']['id']}"
    assert client.put(f"{gate}/state", {"state": "closed"}, JSON).json()["error"]["code"] == "gate.no_reason"
    assert client.put(f"{gate}/state", {"state": "closed", "note": "检修"}, JSON).json()["state_note"] == "检修"
    facility, group = (f"/api/parks/{part}/{made[part]['id']}" for part in ("facilities", "groups"))
    assert client.put(facility, sent["facilities"] | {"used": 1300}, JSON).json()["used"] == 1300
    assert client.put(group, sent["groups"] | {"leader_id": world.plant.pk}, JSON).json()["leader_id"] == world.plant.pk
    for row in (gate, facility, group, f"/api/parks/listed/{made['listed']['id']}"):
        assert client.post(f"{row}/end").status_code == 204
        assert client.post(f"{row}/end").status_code in (404, 409), "it was ended before"
    for part in ("passes", "gradings"):
        row = f"/api/parks/{part}/{made[part]['id']}/withdraw"
        assert client.post(row, {"reason": "登记有误"}, JSON).json()["withdrawn_reason"] == "登记有误"
        assert client.post(row, {"reason": "登记有误"}, JSON).status_code == 409


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("gradings", {"assessed": "9999-12-31"}), ("gradings", {"losses": {}}), ("gradings", {"losses": {"x": 1}}),
        ("gradings", {"losses": {"\ud800": 1}}), ("gradings", {"notes": {"没有": "的项"}}),
        ("gradings", {"vetoes": ["x"]}), ("gradings", {"assessor": " "}),
        ("gates", {"use": "air"}), ("gates", {"latitude": None}), ("gates", {"longitude": 181}),
        ("gates", {"name": "\0"}), ("gates", {"\ud800": 1}),
        ("passes", {"plate": "?"}), ("passes", {"un": "17"}), ("passes", {"tonnes": float("inf")}),
        ("passes", {"stay_min": 2**63}), ("passes", {"since": "2026-01-01T00:00:00"}),
        ("passes", {"until": "2026-01-01T00:00:00+99:00"}), ("passes", {"until": "9999-12-31T23:59:59-23:00"}),
        ("facilities", {"kind": "moat"}), ("facilities", {"state": "gone"}), ("facilities", {"capacity": -1}),
        ("facilities", {"used": 1e300}), ("facilities", {"name": "\ud800"}),
        ("groups", {"member_ids": []}), ("groups", {"member_ids": [2**63]}), ("groups", {"drilled": "2999-01-01"}),
        ("listed", {"words": "x"}), ("listed", {"until": "1999-01-01"}), ("listed", {"kind": "weather"}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(
    world: World, program: Callable[[str], Client], part: str, wrong: dict[str, Any]
) -> None:
    body = json.dumps(bodies(world)[part] | wrong)
    answer = program("李巡").post(f"/api/parks/{world.park.pk}/{part}", body, JSON)
    assert answer.status_code == 422 and answer.json()["error"]["message"], answer.content
    assert rows(program("李巡"), f"/api/parks/{world.park.pk}/{part}" if part != "gates" else "/api/sources") == []


def test_a_pass_of_far_zones_is_taken_by_its_moment(world: World, program: Callable[[str], Client]) -> None:
    far = clock.now().astimezone(timezone(timedelta(hours=23)))
    body = bodies(world)["passes"] | {"since": far.isoformat(), "until": (far + timedelta(hours=2)).isoformat()}
    answer = program("李巡").post(f"/api/parks/{world.park.pk}/passes", body, JSON)
    assert answer.status_code == 201
    assert datetime.fromisoformat(answer.json()["since"]) == far


def test_nobody_writes_at_a_park_without_the_right(world: World, program: Callable[[str], Client]) -> None:
    sent = bodies(world)
    for name, status in (("孙外", 404), ("赵值", 403)):
        client = program(name)
        for part, body in sent.items():
            assert client.post(f"/api/parks/{world.park.pk}/{part}", body, JSON).status_code == status, part
        assert client.put(f"/api/parks/{world.park.pk}/profile", {}, JSON).status_code == status
    member = sent["groups"] | {"member_ids": [world.plant.pk, world.mill.pk]}
    assert program("李巡").post(f"/api/parks/{world.park.pk}/groups", member, JSON).status_code == 404
