"""A program reads of a park what its desk tells, narrowed to what its owner may see."""

from collections.abc import Callable
from datetime import timedelta
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
        spec = core.TokenSpec("园区平台", clock.now() + timedelta(hours=1))
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
