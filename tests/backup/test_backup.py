"""Everything goes into one file while the product works; the folder is destroyed; all is there again."""

import io
import json
import shutil
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess, run
from typing import Any

import pytest

from tests.postgres import own_database
from tests.product import Product


def anlan(product: Product, *arguments: str) -> "CompletedProcess[str]":
    command = [sys.executable, "-m", "anlan", *arguments]
    return run(command, env=product.env, capture_output=True, text=True, check=False)


def inventory(product: Product) -> dict[str, Any]:
    return dict(json.loads(product.run("-m", "tests.backup.inventory", str(product.tag("STREAM_L")))))


class Gateway(threading.Thread):
    """Sends readings one after another and counts those that were acknowledged."""

    def __init__(self, product: Product) -> None:
        super().__init__(daemon=True)
        self.product, self.acknowledged, self.ended = product, 0, threading.Event()

    def run(self) -> None:
        while not self.ended.is_set():
            self.acknowledged += int(self.product.post("STREAM_L", 50.0)["accepted"])
            time.sleep(0.01)

    def end(self) -> None:
        self.ended.set()
        self.join()


@contextmanager
def installation(folder: Path, database: str) -> Iterator[Product]:
    folder.mkdir()
    product = Product.build(folder, database)
    try:
        yield product
    finally:
        product.stop()


@pytest.mark.prove
@pytest.mark.parametrize("database", ["sqlite", "the server's"])
def test_a_destroyed_installation_comes_back_from_its_backup(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database == "sqlite":
        monkeypatch.delenv("ANLAN_DATABASE_URL", raising=False)
    archive, folder = tmp_path / "all.anlan", tmp_path / "data"
    with own_database() as url, installation(folder, url) as product:
        product.launch()
        product.send("MAP_P", 97.0)
        gateway = Gateway(product)
        gateway.start()
        product.wait_for(lambda: len(inventory(product)["Alarm"]) == 2)  # H and HH
        before, acknowledged = inventory(product), gateway.acknowledged
        saved = anlan(product, "backup", str(archive))
        assert saved.returncode == 0, saved.stderr
        gateway.end()
        for part in list(product.processes):
            product.kill(part)
        shutil.rmtree(folder)
        folder.mkdir()
        with own_database() as fresh:
            if fresh:
                product.env["ANLAN_DATABASE_URL"] = fresh
            restored = anlan(product, "restore", str(archive))
            assert restored.returncode == 0, restored.stderr
            product.launch()
            after = inventory(product)
            for name in ("Place", "Person", "Fact", "Alarm", "AuditRow"):
                assert set(before[name]) <= set(after[name]), name
            assert after["readings"] >= acknowledged > 0
            assert anlan(product, "verify").returncode == 0
            assert "丢失" not in anlan(product, "doctor").stdout
            product.stop()


@pytest.fixture(scope="module")
def saved(request: pytest.FixtureRequest) -> Iterator[tuple[Product, Path]]:
    """A product that does not run, and its backup."""
    with (
        tempfile.TemporaryDirectory(prefix="anlan-backup-") as name,
        own_database() as url,
        installation(Path(name, "data"), url) as product,
    ):
        archive = Path(name, "all.anlan")
        assert anlan(product, "backup", str(archive)).returncode == 0
        yield product, archive


def refused(product: Product, archive: Path, data: Path, **env: str) -> str:
    """What ``anlan restore`` says when it refuses; it leaves nothing behind."""
    data.mkdir(exist_ok=True)
    held = sorted(data.iterdir())
    other = Product(data, product.env | {"ANLAN_DATA": str(data)} | env, 0)
    done = anlan(other, "restore", str(archive))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert sorted(data.iterdir()) == held
    return done.stderr


def test_a_file_that_exists_is_not_written_over(saved: tuple[Product, Path]) -> None:
    product, archive = saved
    before = archive.read_bytes()
    done = anlan(product, "backup", str(archive))
    assert done.returncode == 1
    assert "已存在" in done.stderr
    assert archive.read_bytes() == before


def test_a_folder_with_data_is_not_written_over(saved: tuple[Product, Path], tmp_path: Path) -> None:
    product, archive = saved
    (tmp_path / "secret.key").write_text("x")
    assert "不是空的" in refused(product, archive, tmp_path)


def test_a_cut_backup_is_refused(saved: tuple[Product, Path], tmp_path: Path) -> None:
    product, archive = saved
    cut = tmp_path / "cut.anlan"
    cut.write_bytes(archive.read_bytes()[:-1000])
    assert "已损坏" in refused(product, cut, tmp_path / "data")


def test_a_changed_backup_is_refused(saved: tuple[Product, Path], tmp_path: Path) -> None:
    product, archive = saved
    changed = tmp_path / "changed.anlan"
    with tarfile.open(archive) as old, tarfile.open(changed, "w:gz") as new:
        for member in old:
            file = old.extractfile(member)
            assert file is not None
            content = file.read()
            if member.name == "secret.key":
                content = content[::-1]
            new.addfile(member, io.BytesIO(content))
    assert "不完整或被改动过" in refused(product, changed, tmp_path / "data")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "不能读取"), (b"no archive", "不能读取"), (b"\x1f\x8b\x08\x00", "不能读取")],
    ids=["empty", "text", "half a head"],
)
def test_what_is_no_backup_is_refused(saved: tuple[Product, Path], tmp_path: Path, content: bytes, said: str) -> None:
    other = tmp_path / "other"
    other.write_bytes(content)
    assert said in refused(saved[0], other, tmp_path / "data")


def test_a_backup_of_a_later_format_names_its_version(saved: tuple[Product, Path], tmp_path: Path) -> None:
    later = tmp_path / "later.anlan"
    with tarfile.open(later, "w:gz") as tar:
        content = json.dumps({"format": 99, "version": "9.9"}).encode()
        info = tarfile.TarInfo("backup.json")
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
    assert "安澜 9.9" in refused(saved[0], later, tmp_path / "data")


@pytest.mark.parametrize("head", [b'{"format": 1}', b'{"format": 1, "at": "x", "database": "oracle"}', b'["format"]'])
def test_a_head_that_says_too_little_is_refused(saved: tuple[Product, Path], tmp_path: Path, head: bytes) -> None:
    odd = tmp_path / "odd.anlan"
    with tarfile.open(odd, "w:gz") as tar:
        info = tarfile.TarInfo("backup.json")
        info.size = len(head)
        tar.addfile(info, io.BytesIO(head))
    assert "odd.anlan" in refused(saved[0], odd, tmp_path / "data")


def test_a_way_out_of_the_folder_is_refused(saved: tuple[Product, Path], tmp_path: Path) -> None:
    evil = tmp_path / "evil.anlan"
    with tarfile.open(evil, "w:gz") as tar:
        for name, content in (("backup.json", b'{"format": 1, "at": "x", "database": "sqlite"}'), ("../out", b"x")):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    assert "已损坏" in refused(saved[0], evil, tmp_path / "data")
    assert not (tmp_path / "out").exists()


def test_the_other_kind_of_database_is_refused(saved: tuple[Product, Path], tmp_path: Path) -> None:
    product, archive = saved
    other = "sqlite:////nowhere/x" if product.env.get("ANLAN_DATABASE_URL", "").startswith("postgres") else ""
    other = other or "postgres://nobody@127.0.0.1:1/none"
    assert "同一种数据库" in refused(product, archive, tmp_path / "data", ANLAN_DATABASE_URL=other)
