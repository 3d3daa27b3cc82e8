"""A program has a report made, asks how far it is, fetches its files and deletes it, as its owner may on the pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from anlan.apps.core import actions as core
from anlan.kit import clock
from anlan.kit.grants import Viewer
from tests.world import World

Who = Callable[[str], Viewer]


@pytest.fixture
def program(ground: World, viewer: Who) -> Callable[[str], Client]:
    def of(name: str) -> Client:
        spec = core.TokenSpec("汇总", clock.now() + timedelta(hours=1), read_only=False)
        return Client(headers={"Authorization": f"Bearer {core.add_token(viewer(name), spec)[1]}"})

    return of


def test_a_program_has_a_report_made_and_fetches_it(ground: World, program: Callable[[str], Client]) -> None:
    client = program("王安")
    known = client.get("/api/reports/kinds").json()
    assert len(known["kinds"]) == 4 and known["usual"] in known["periods"]
    asked = client.post("/api/reports", {"place_id": ground.plant.pk, "kind": "major_list"}, "application/json")
    made = asked.json()
    assert (asked.status_code, made["state"], made["files"]) == (202, "making", [])
    core.run_due("test")
    told = client.get(f"/api/reports/{made['id']}").json()
    assert (told["state"], told["by"], told["place"]) == ("done", "王安", "恒泰化工厂") and told["as_of"]
    for file in told["files"]:
        sent = client.get(f"/api/reports/{made['id']}/content", {"format": file["format"]})
        assert len(b"".join(sent.streaming_content)) == file["size"]
    listed = client.get("/api/reports", {"kind": "major_list", "under": ground.plant.pk}).json()["items"]
    assert [one["id"] for one in listed] == [made["id"]]
    assert client.get("/api/reports", {"kind": "analysis"}).json()["items"] == []


def test_only_the_maker_deletes_a_report(ground: World, program: Callable[[str], Client]) -> None:
    maker, reader = program("王安"), program("李巡")
    asked = {"place_id": ground.plant.pk, "kind": "major_list"}
    one = maker.post("/api/reports", asked, "application/json").json()["id"]
    assert reader.get(f"/api/reports/{one}").status_code == 404, "nobody else sees it before it is made"
    core.run_due("test")
    refused = reader.delete(f"/api/reports/{one}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "report.not_own")
    assert maker.delete(f"/api/reports/{one}").status_code == 204
    assert maker.get(f"/api/reports/{one}").status_code == 404


def test_a_period_that_is_not_offered_is_refused_with_those_that_are(
    ground: World, program: Callable[[str], Client]
) -> None:
    asked = {"place_id": ground.plant.pk, "kind": "analysis", "days": 31}
    refused = program("王安").post("/api/reports", asked, "application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "report.bad_period")
    assert "30" in refused.json()["error"]["fix"]
