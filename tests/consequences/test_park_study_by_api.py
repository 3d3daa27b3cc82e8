"""A program reads a quantitative study: what it is made of, what was computed, and the risk at a point."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from anlan.apps.consequences.models import ParkStudy
from anlan.apps.consequences.parks import actions
from anlan.apps.core import actions as core
from anlan.kit import clock
from anlan.kit.grants import SYSTEM, Viewer
from tests.consequences.test_park_study import CHLORINE, LAT, LON, STUDY, _at, computed
from tests.world import World

pytestmark = pytest.mark.usefixtures("own_folder")


@pytest.fixture
def program(viewer: Callable[[str], Viewer]) -> Callable[[str], Client]:
    def of(name: str) -> Client:
        spec = core.TokenSpec("风险平台", clock.now() + timedelta(hours=1))
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
    for part in ("", "/result", "/targets", "/point?longitude=121&latitude=41"):
        assert client.get(f"/api/risk-studies/{made.pk}{part}").status_code == 404
