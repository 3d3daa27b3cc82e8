"""A program hands in files as a person does, within what its token lets through."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.apps.core import actions
from anlan.apps.core.models import ApiToken, Person, Place
from anlan.kit import clock
from anlan.kit.grants import Viewer
from tests.conftest import give_second_factor
from tests.exchange.conftest import work, workbook
from tests.world import World

Viewing = Callable[[str], Viewer]
HEAD = ["名称", "类别", "上级"]


def program(viewer: Viewer, **details: Any) -> Client:
    if viewer.second_factor:
        give_second_factor(Person.objects.get(pk=viewer.person_id))
    spec = {"name": "同步", "until": clock.now() + timedelta(days=1), "read_only": False, **details}
    secret = actions.add_token(viewer, actions.TokenSpec(**spec))[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


def hand_in(client: Client, *rows: list[str]) -> dict[str, Any]:
    """A file of places, looked at as the worker does."""
    file = SimpleUploadedFile("名单.xlsx", workbook([HEAD, *rows]))
    made = client.post("/api/imports", {"kind": "places", "file": file})
    assert made.status_code == 201, made.content.decode()
    work()
    return told(client, made.json()["id"])


def told(client: Client, run: int) -> dict[str, Any]:
    return dict(client.get(f"/api/imports/{run}").json())


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def test_a_file_goes_in_is_looked_at_published_and_taken_back(world: World, viewer: Viewing) -> None:
    client = program(viewer("王安"))
    run = hand_in(client, ["新库", "区域", "恒泰化工厂"], ["坏行", "没有这一类", "恒泰化工厂"])
    assert (run["state"], run["fresh"], run["bad"]) == ("staged", 1, 1)
    [bad] = client.get(f"/api/imports/{run['id']}/lines?state=bad").json()["items"]
    assert bad["number"] == 3 and "没有这一类" in bad["remark"]
    refused = post(client, f"/api/imports/{run['id']}/publish", whole=True)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "import.has_bad_rows")
    assert post(client, f"/api/imports/{run['id']}/publish").json()["state"] == "publishing"
    work()
    assert told(client, run["id"])["state"] == "published" and Place.objects.filter(name="新库").exists()
    post(client, f"/api/imports/{run['id']}/undo")
    work()
    assert told(client, run["id"])["state"] == "undone"
    assert not Place.objects.filter(name="新库", retired=None).exists()


def test_the_file_comes_back_with_its_bad_rows_explained(world: World, viewer: Viewing) -> None:
    client = program(viewer("王安"))
    run = hand_in(client, ["坏行", "没有这一类", "恒泰化工厂"])
    answer = client.get(f"/api/imports/{run['id']}/marked")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None and "没有这一类" in str(sheet.cell(2, 4).value)


def test_the_template_and_the_columns_say_the_same(world: World, viewer: Viewing) -> None:
    client = program(viewer("王安"))
    kinds = {kind["key"]: kind for kind in client.get("/api/imports/kinds").json()["items"]}
    answer = client.get("/api/imports/kinds/places/template")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    titles = [str(cell.value).rstrip(" *") for cell in sheet[1]]
    assert [column["title"] for column in kinds["places"]["columns"]] == titles
    assert kinds["places"]["formats"] == ["xlsx", "csv", "geojson"] and kinds["equipment"]["formats"] == ["xlsx", "csv"]


def test_an_export_can_be_handed_in_again_and_changes_nothing(world: World, viewer: Viewing) -> None:
    client = program(viewer("陈县"))
    whole = b"".join(client.get("/api/exports/enterprises?format=csv").streaming_content)
    assert "恒泰化工厂".encode() in whole and "林山".encode() not in whole
    made = client.post("/api/imports", {"kind": "enterprises", "file": SimpleUploadedFile("企业.csv", whole)}).json()
    work()
    run = told(client, made["id"])
    assert (run["fresh"], run["changed"], run["bad"]) == (0, 0, 0) and run["same"] > 0


def test_what_has_no_shapes_is_not_written_as_geojson(world: World, viewer: Viewing) -> None:
    answer = program(viewer("王安")).get("/api/exports/equipment?format=geojson")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "export.no_such_format")


def test_a_token_for_one_place_imports_nowhere_else(world: World, viewer: Viewing) -> None:
    client = program(viewer("陈县"), place_id=world.plant.pk)
    run = hand_in(client, ["新库", "区域", "恒泰化工厂"], ["车场", "区域", "顺达运输行"])
    remarks = client.get(f"/api/imports/{run['id']}/lines?state=bad").json()["items"]
    assert run["fresh"] == 1 and [row["title"] for row in remarks] == ["车场"]
    post(client, f"/api/imports/{run['id']}/publish")
    work()
    assert Place.objects.filter(name="新库").exists() and not Place.objects.filter(name="车场").exists()


def test_what_a_token_asked_for_is_not_done_once_the_token_has_ended(world: World, viewer: Viewing) -> None:
    client = program(viewer("陈县"), place_id=world.plant.pk)
    run = hand_in(client, ["新库", "区域", "恒泰化工厂"])
    post(client, f"/api/imports/{run['id']}/publish")
    ApiToken.objects.update(revoked=clock.now())
    work()
    assert not Place.objects.filter(name="新库").exists()


def test_a_narrow_token_sees_its_own_imports_only(world: World, viewer: Viewing) -> None:
    whole, narrow = program(viewer("陈县")), program(viewer("陈县"), place_id=world.plant.pk)
    first = hand_in(whole, ["新库", "区域", "恒泰化工厂"])
    second = hand_in(narrow, ["新库", "区域", "恒泰化工厂"])
    assert narrow.get(f"/api/imports/{first['id']}").status_code == 404
    assert [run["id"] for run in narrow.get("/api/imports").json()["items"]] == [second["id"]]
    assert [run["id"] for run in whole.get("/api/imports").json()["items"]] == [second["id"], first["id"]]
