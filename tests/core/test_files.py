import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.apps.core import actions
from anlan.apps.core.models import AuditRow, StoredFile
from anlan.kit import files
from anlan.kit.errors import NotAllowed, NotInScope, Refused
from anlan.kit.grants import Viewer
from tests.world import World


def png(width: int = 2, height: int = 2) -> bytes:
    size = struct.pack(">II", width, height)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + b"IHDR"
        + size
        + b"\x08\x02\0\0\0"
        + b"\0" * 8
        + b"IEND\xaeB`\x82"
    )


def jpeg(width: int = 2, height: int = 2) -> bytes:
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9
    frame = b"\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width) + b"\0" * 10
    return b"\xff\xd8" + app0 + frame + b"\xff\xd9"


def office(*parts: str, kind: str = "xl/workbook.xml", types: str = "", fill: int = 1) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f"<Types>{types}</Types>")
        for part in (kind, *parts):
            archive.writestr(part, "0" * fill)
    return target.getvalue()


PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n"

GOOD = [
    ("现场.png", png(), "image/png"),
    ("现场.JPG", jpeg(), "image/jpeg"),
    ("报告.pdf", PDF, "application/pdf"),
    ("台账.xlsx", office(), files._OFFICE["xl/workbook.xml"].content_type),
    ("方案.docx", office(kind="word/document.xml"), files._OFFICE["word/document.xml"].content_type),
    ("点位.csv", "位号,名称\nT1,温度\n".encode(), "text/csv"),
    ("点位.csv", "位号,名称\nT1,温度\n".encode("gb18030"), "text/csv"),
]

BAD = [
    ("page.html", b"<html><script>alert(1)</script>", "file.name_differs"),
    ("page.png", b"<html><script>alert(1)</script>", "file.name_differs"),
    ("run.exe", b"MZ\x90\0\x03\0\0\0", "file.not_allowed"),
    ("图.svg", b"<svg onload='alert(1)'/>", "file.name_differs"),
    ("图.png", PDF, "file.name_differs"),
    ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64, "file.not_allowed"),
    ("宏.xlsx", office("xl/vbaProject.bin"), "file.active_content"),
    ("宏.xlsx", office(types="application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "file.active_content"),
    ("嵌入.docx", office("word/embeddings/oleObject1.bin", kind="word/document.xml"), "file.active_content"),
    ("炸弹.xlsx", office("xl/a.xml", fill=40 * 2**20), "file.bomb"),
    ("很多.xlsx", office(*(f"xl/{n}.xml" for n in range(files.MAX_PARTS))), "file.bomb"),
    ("越界.xlsx", office("../../etc/passwd"), "file.broken"),
    ("压缩.zip", office(kind="readme.txt"), "file.not_allowed"),
    ("半截.xlsx", office()[:-20], "file.broken"),
    ("半截.pdf", PDF[:20], "file.broken"),
    ("半截.jpg", jpeg()[:12], "file.broken"),
    ("巨图.png", png(60_000, 60_000), "file.too_many_pixels"),
    ("脚本.pdf", PDF.replace(b"/Type", b"/OpenAction << /S /JavaScript >> /Type"), "file.active_content"),
    ("空.csv", b"", "file.empty"),
    ("大.csv", b"0" * (files.MAX_BYTES + 1), "file.too_large"),
    ("二进制.csv", b"a,b\0c", "file.not_allowed"),
]


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]  # pytest-django's settings


@pytest.mark.parametrize(("name", "content", "content_type"), GOOD, ids=range(len(GOOD)))
def test_a_harmless_file_is_kept_as_it_came(
    world: World, viewer: Callable[[str], Viewer], name: str, content: bytes, content_type: str
) -> None:
    kept = actions.store_file(viewer("王安"), world.plant, SimpleUploadedFile(name, content, "application/x-lie"))
    assert (kept.name, kept.content_type, kept.size) == (name, content_type, len(content))
    with default_storage.open(kept.stored) as stored:
        assert stored.read() == content
    assert AuditRow.objects.get(action="file.add").detail == {"digest": kept.digest}


@pytest.mark.parametrize(("name", "content", "reason"), BAD, ids=[f"{name}-{reason}" for name, _, reason in BAD])
def test_a_file_that_may_do_harm_is_refused_and_nothing_is_kept(
    world: World, viewer: Callable[[str], Viewer], name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        actions.store_file(viewer("王安"), world.plant, SimpleUploadedFile(name, content))
    assert refused.value.refusal.code == reason
    assert refused.value.refusal.fix
    assert not StoredFile.objects.exists()
    assert not AuditRow.objects.filter(action="file.add").exists()


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("..\\..\\windows\\图.png", "图.png"),
        ("/etc/passwd", "passwd"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("换\n行\0.csv", "换行.csv"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
        ("  ...", "文件"),
        ('<b>"x".csv', "bx.csv"),
    ],
)
def test_a_name_is_made_fit_to_show_and_save(name: str, clean: str) -> None:
    assert files.clean_name(name) == clean


def test_the_digest_is_sm3(world: World, viewer: Callable[[str], Viewer]) -> None:
    kept = actions.store_file(viewer("王安"), world.plant, SimpleUploadedFile("a.csv", b"abc"))
    assert kept.digest == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905-2016 A.1


def test_a_worker_hands_in_nothing_and_an_outsider_finds_no_such_place(
    world: World, viewer: Callable[[str], Viewer]
) -> None:
    with pytest.raises(NotAllowed):
        actions.store_file(viewer("周工"), world.plant, SimpleUploadedFile("a.csv", b"abc"))
    with pytest.raises(NotInScope):
        actions.store_file(viewer("孙外"), world.plant, SimpleUploadedFile("a.csv", b"abc"))


def test_a_file_is_served_so_that_the_browser_runs_nothing(
    world: World, viewer: Callable[[str], Viewer], browser: Callable[[str], Client]
) -> None:
    table = actions.store_file(viewer("王安"), world.plant, SimpleUploadedFile("点位.csv", b"a,b"))
    photo = actions.store_file(viewer("王安"), world.plant, SimpleUploadedFile("图.png", png()))
    answer = browser("李巡").get(f"/files/{table.pk}")
    assert b"".join(answer.streaming_content) == b"a,b"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    shown = browser("李巡").get(f"/files/{photo.pk}")
    assert shown["Content-Disposition"].startswith("inline")
    shown.close()


def test_the_outsider_gets_no_file(
    world: World, viewer: Callable[[str], Viewer], browser: Callable[[str], Client]
) -> None:
    kept = actions.store_file(viewer("王安"), world.plant, SimpleUploadedFile("点位.csv", b"a,b"))
    assert browser("孙外").get(f"/files/{kept.pk}").status_code == 404
    assert Client().get(f"/files/{kept.pk}").status_code == 302
