"""From the upload to the undo, by the pages; and the list of risks that a leader takes along."""

import io
from collections.abc import Callable

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.apps.core.actions import lead
from anlan.apps.core.models import AuditRow, Place
from anlan.apps.exchange.models import ImportRun
from anlan.apps.ledger.actions import raise_fact
from anlan.apps.ledger.projector import LEASE, Projector
from anlan.kit import clock
from anlan.rules.levels import Level
from tests.exchange.conftest import work, workbook
from tests.exchange.test_places import BAD, GOOD
from tests.world import World

Browser = Callable[[str], Client]


def uploaded(client: Client, rows: object, kind: str = "places", name: str = "名单.xlsx") -> ImportRun:
    content = rows if isinstance(rows, bytes) else workbook(rows)  # type: ignore[arg-type]
    client.post("/imports/new", {"kind": kind, "file": SimpleUploadedFile(name, content)})
    work()
    return ImportRun.objects.latest("pk")


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_template_comes_filled_in_is_checked_published_and_undone(browser: Browser, world: World) -> None:
    client = browser("王安")
    sheet = openpyxl.load_workbook(io.BytesIO(body(client.get("/imports/template?kind=places")))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(GOOD[0])
    run = uploaded(client, GOOD)
    page = client.get(f"/imports/{run.pk}").content.decode()
    assert "待发布" in page and "东区" in page
    client.post(f"/imports/{run.pk}/publish", {"whole": "on"})
    assert "正在发布" in client.get(f"/imports/{run.pk}").content.decode()
    work()
    assert "撤销导入" in client.get(f"/imports/{run.pk}").content.decode()
    assert Place.objects.filter(name="东区", retired=None).exists()
    client.post(f"/imports/{run.pk}/undo")
    work()
    assert "已撤销" in client.get("/imports").content.decode()
    assert not Place.objects.filter(name="东区", retired=None).exists()
    assert "已导入" in client.get("/notices").content.decode()


def test_the_preview_lists_the_bad_rows_and_offers_the_marked_file(browser: Browser, world: World) -> None:
    client = browser("王安")
    run = uploaded(client, BAD)
    page = client.get(f"/imports/{run.pk}?state=bad").content.decode()
    assert "没有找到“恒泰化工”" in page and "甲罐" not in page
    assert "只导入没有错的行" in page
    marked = client.get(f"/imports/{run.pk}/marked")
    assert openpyxl.load_workbook(io.BytesIO(body(marked))).worksheets[0]["H1"].value == "导入说明"


def test_while_the_job_runs_the_page_shows_how_far_it_is_and_then_renews_itself(browser: Browser, world: World) -> None:
    client = browser("王安")
    client.post("/imports/new", {"kind": "places", "file": SimpleUploadedFile("名单.xlsx", workbook(GOOD))})
    run = ImportRun.objects.latest("pk")
    waiting = client.get(f"/imports/{run.pk}", headers={"HX-Request": "true", "HX-Target": "import-state"})
    assert "正在核对" in waiting.content.decode() and 'hx-trigger="every 1s"' in waiting.content.decode()
    work()
    done = client.get(f"/imports/{run.pk}", headers={"HX-Request": "true", "HX-Target": "import-state"})
    assert done["HX-Refresh"] == "true"


def test_a_wrong_upload_is_answered_in_words(browser: Browser, world: World) -> None:
    client = browser("王安")
    answer = client.post("/imports/new", {"kind": "places", "file": SimpleUploadedFile("a.exe", b"MZ")}, follow=True)
    assert "不接收“a.exe”这种文件" in answer.content.decode()
    assert "还没有选择文件" in client.post("/imports/new", {"kind": "places"}, follow=True).content.decode()


def test_what_was_exported_can_be_handed_in_again_and_changes_nothing(browser: Browser, world: World) -> None:
    client = browser("王安")
    for suffix in ("xlsx", "csv", "geojson"):
        content = body(client.get(f"/imports/export?kind=places&format={suffix}"))
        run = uploaded(client, content, name=f"场所.{suffix}")
        rows = list(run.lines.values_list("state", "remark", "title"))
        own = [row for row in rows if row[2] in ("聚合反应釜", "进料阀组")]
        assert [row[0] for row in own] == ["same", "same"], rows
    assert AuditRow.objects.filter(action="list.export", subject="list:places").count() == 3


def test_the_major_risks_of_a_park_are_one_click_from_its_page(browser: Browser, world: World) -> None:
    raise_fact(world.valve.pk, "assessment", Level.MAJOR, "阀组泄漏", {}, source=None, happened=clock.now())
    lead(LEASE, "test", 60)
    Projector("test", lambda: None).tick()
    client = browser("李巡")
    link = f"/risks?under={world.park.pk}&amp;level=4"
    assert link in client.get(f"/places/{world.park.pk}").content.decode()
    page = client.get(link.replace("&amp;", "&")).content.decode()
    assert "进料阀组" in page and "阀组泄漏" in page and "停车场油罐" not in page
    answer = client.get(f"{link.replace('&amp;', '&')}&format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(body(answer))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[:3] for row in rows[1:]] == [["进料阀组", "重大风险", "阀组泄漏"]]
    assert rows[1][4:6] == ["恒泰化工厂", "柳湾化工园"]
    assert AuditRow.objects.filter(action="list.export", subject="list:risks").exists()


def test_a_place_that_was_never_assessed_is_listed_as_unknown(browser: Browser, world: World) -> None:
    page = browser("李巡").get("/risks?level=0").content.decode()
    assert "进料阀组" in page and "尚未评估" in page
    assert browser("李巡").get(f"/risks?under={world.jetty.pk}").status_code == 404
