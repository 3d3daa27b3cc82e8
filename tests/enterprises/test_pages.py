"""What somebody meets on the pages of enterprises: search, the file, forms, documents, the desk."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from anlan.apps.core.actions import add_place, edit_place, run_due
from anlan.apps.core.models import Job
from anlan.apps.enterprises import forms
from anlan.apps.enterprises.actions import add_certificates, add_chemicals, add_licences
from anlan.apps.enterprises.models import Enterprise, FileRecord, Licence
from anlan.kit.grants import SYSTEM
from tests.enterprises.conftest import ammonia, certificate, days, licence
from tests.world import World, plot

Browser = Callable[[str], Client]


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()[:400]
    return response.content.decode()


def test_the_list_is_narrowed_by_address_and_counts_beside_it(world: World, firm: Enterprise, browser: Browser) -> None:
    page = text(browser("赵值"), "/enterprises?type=170&industry=26&size=小型")
    assert "恒泰化工厂" in page
    assert "顺达运输行" not in page
    assert "经济类型：私有" in page  # the chip
    assert "金桥冶炼厂" not in text(browser("赵值"), "/enterprises")


def test_ammonia_near_the_school_is_found_by_name(world: World, firm: Enterprise, browser: Browser) -> None:
    edit_place(SYSTEM, world.school.pk, geometry=plot(122.0, 41.0, 0.001))
    edit_place(SYSTEM, world.plant.pk, geometry=plot(122.0, 41.01, 0.001))
    edit_place(SYSTEM, world.reactor.pk, geometry=plot(122.0, 41.01, 0.001))
    edit_place(SYSTEM, world.depot.pk, geometry=plot(122.0, 41.2, 0.001))
    add_chemicals(SYSTEM, [ammonia(world.reactor.pk), ammonia(world.depot.pk)])
    page = text(browser("赵值"), "/enterprises?substance=氨&near=西岭小学&radius=3000")
    assert "恒泰化工厂" in page
    assert "顺达运输行" not in page
    assert "距西岭小学校 ≤ 3 km" in page
    assert "氨 8 t" in page
    assert "恒泰化工厂" in text(browser("赵值"), "/enterprises?near=西岭小学&radius=2000&level=0&level=1&level=2")
    assert "没有名为“月球”" in text(browser("赵值"), "/enterprises?substance=氨&near=月球")


def test_near_a_school_means_near_any_school(world: World, firm: Enterprise, browser: Browser) -> None:
    edit_place(SYSTEM, world.school.pk, geometry=plot(122.0, 41.3, 0.001))
    edit_place(SYSTEM, world.depot.pk, geometry=plot(122.0, 41.0, 0.001))
    nearer = add_place(SYSTEM, world.dongguan, "public_object", "东关中学")
    edit_place(SYSTEM, nearer.pk, geometry=plot(122.0, 41.01, 0.001))
    add_chemicals(SYSTEM, [ammonia(world.depot.pk)])
    page = text(browser("赵值"), "/enterprises?substance=氨&near=学校&radius=3000")
    assert "顺达运输行" in page
    assert "距学校 ≤ 3 km（2 处中最近的一处）" in page


def test_every_group_opens_and_says_what_to_do_when_empty(world: World, firm: Enterprise, browser: Browser) -> None:
    client = browser("王安")
    page = text(client, f"/enterprises/{world.plant.pk}")
    for group in forms.groups().groups:
        assert f"?group={group.key}" in page
        shown = text(client, f"/enterprises/{world.plant.pk}?group={group.key}")
        assert group.kind == "enterprise" or "这一组还没有登记" in shown


def test_the_head_says_who_to_call_and_why_the_colour(world: World, firm: Enterprise, browser: Browser) -> None:
    page = text(browser("王安"), f"/enterprises/{world.plant.pk}")
    assert "何总" in page
    assert "tel:0427-5550001" in page
    assert "档案缺项" in page


@pytest.mark.parametrize("group", [g.key for g in forms.groups().groups if g.kind != "enterprise"])
def test_the_form_of_every_group_can_be_filled_in(world: World, firm: Enterprise, browser: Browser, group: str) -> None:
    client = browser("王安")
    address = f"/enterprises/{world.plant.pk}/add?group={group}"
    assert "必填" in text(client, address)
    response = client.post(address, _filled(group))
    assert response.status_code == 302, response.content.decode()[-2000:]
    assert "历史" in text(client, response.headers["Location"])


def _filled(group: str) -> dict[str, str]:
    """Something for every field."""
    samples = {"integer": "3", "decimal": "1.5", "date": "2024-02-29", "due": "2031-01-01", "phone": "0427-5550000"}
    samples |= {"flag": "1", "cas": "7664-41-7", "uscc": "91350200MA2YJ1XR9G", "long": "第一行\n第二行"}
    form = forms.form(group)
    return {f.key: next(iter(form.choices.get(f.key, {})), samples.get(f.type, "样本")) for f in form.fields}


def test_a_refused_form_keeps_what_was_typed_and_says_where(world: World, firm: Enterprise, browser: Browser) -> None:
    response = browser("王安").post(
        f"/enterprises/{world.plant.pk}/add?group=plans", {"name": "综合预案", "type": "综合应急预案", "issued": "去年"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "有 1 处需要更正" in page
    assert "发布日期“去年”不对。请填写日期" in page
    assert 'value="综合预案"' in page
    assert not FileRecord.objects.exists()


def test_a_row_is_changed_ended_and_restored_with_its_history(world: World, firm: Enterprise, browser: Browser) -> None:
    client = browser("王安")
    [row] = add_licences(SYSTEM, [licence(world.plant.pk, days(-2))])
    item = f"/enterprises/items/licence-{row.pk}"
    assert "已过 2 天" in text(client, item)
    changed = {"name": "安全生产许可证", "number": "WH-002", "issuer": "省厅", "issued": "2026-01-01"}
    assert client.post(f"{item}/edit", {**changed, "valid_until": "2029-01-01"}).status_code == 302
    page = text(client, item)
    assert "WH-001" in page
    assert "WH-002" in page
    assert client.post(f"{item}/end", {"reason": "已注销"}).status_code == 302
    assert "停用原因：已注销" in text(client, item)
    assert "已停用" in text(client, f"/enterprises/{world.plant.pk}?group=licences")
    assert client.post(f"{item}/restore").status_code == 302
    assert Licence.objects.get().ended is None


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> None:
    """Files go into the test's own folder."""
    settings.MEDIA_ROOT = tmp_path


def test_a_file_is_attached_to_a_row(world: World, firm: Enterprise, browser: Browser, kept: None) -> None:
    client = browser("王安")
    [row] = add_licences(SYSTEM, [licence(world.plant.pk, None)])
    item = f"/enterprises/items/licence-{row.pk}"
    assert client.post(f"{item}/files", {"file": SimpleUploadedFile("许可证.csv", b"1,2")}).status_code == 302
    assert "许可证.csv" in text(client, item)


def test_basic_facts_are_filled_in_and_typed_industries_are_understood(world: World, browser: Browser) -> None:
    client = browser("王安")
    assert "建立档案" in text(client, f"/enterprises/{world.plant.pk}?group=basics")
    filled = _filled("basics") | {"industry": "2614 有机化学原料制造", "economic_type": "173"}
    assert client.post(f"/enterprises/{world.plant.pk}/basics", filled).status_code == 302
    assert Enterprise.objects.get().industry == "2614"
    assert "有机化学原料制造（2614）" in text(client, f"/enterprises/{world.plant.pk}?group=basics")


def test_the_whole_file_leaves_as_excel_and_word(world: World, firm: Enterprise, browser: Browser) -> None:
    add_licences(SYSTEM, [licence(world.plant.pk, days(30))])
    client, address = browser("王安"), f"/enterprises/{world.plant.pk}/export"
    book = zipfile.ZipFile(io.BytesIO(client.post(address, {"format": "xlsx"}).content))
    names = book.read("xl/workbook.xml").decode()
    assert "目录" in names
    assert "行政许可资质" in names
    document = Document(io.BytesIO(client.post(address, {"format": "docx"}).content))
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name.startswith("Heading")]
    assert "恒泰化工厂 安全生产档案" in document.paragraphs[0].text
    assert len(headings) == 35 + 6
    assert any("WH-001" in cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "WH-001" in text(client, f"/enterprises/{world.plant.pk}/print")


def test_a_long_file_is_made_by_the_worker_for_its_asker_alone(
    world: World, firm: Enterprise, browser: Browser, kept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anlan.web.views.enterprises.exports.SHORT", 0)
    client = browser("王安")
    there = client.post(f"/enterprises/{world.plant.pk}/export", {"format": "docx"}).headers["Location"]
    assert "正在整理各组" in text(client, there)
    run_due("test")
    assert Job.objects.get(kind="enterprises.export").state == "done"
    assert "下载" in text(client, there)
    assert b"".join(client.get(f"{there}/file").streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert text(browser("赵值"), there, 404)
    assert text(browser("赵值"), f"{there}/file", 404)


def test_the_desk_shows_what_is_due_and_what_the_file_lacks(world: World, firm: Enterprise, browser: Browser) -> None:
    add_licences(SYSTEM, [licence(world.plant.pk, days(-4))])
    add_certificates(SYSTEM, [certificate(world.plant.pk, days(50))])
    page = text(browser("王安"), "/desk")
    assert "已过 4 天" in page
    assert "还剩 50 天" in page
    assert "应急预案备案" in page
    assert "安全生产许可证有效期至" in page  # the reason of the colour
    assert "还剩 50 天" not in text(browser("王安"), "/desk?band=0")


def test_somebody_with_several_enterprises_chooses(world: World, firm: Enterprise, browser: Browser) -> None:
    add_licences(SYSTEM, [licence(world.plant.pk, days(-4)), licence(world.haulier.pk, days(3), number="D")])
    page = text(browser("李巡"), "/desk")
    assert "企业一览" in page
    one = text(browser("李巡"), f"/desk?enterprise={world.haulier.pk}")
    assert "还剩 3 天" in one
    assert "已过 4 天" not in one
    assert text(browser("李巡"), f"/desk?enterprise={world.mill.pk}", 404)


def test_who_keeps_no_file_has_no_desk(world: World, browser: Browser) -> None:
    assert browser("赵值").get("/desk").status_code == 403
    assert browser("周工").get("/enterprises").status_code == 403
