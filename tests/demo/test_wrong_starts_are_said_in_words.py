"""A port in use, a folder that cannot be written, a database that is away: plain words, exit 1, no traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest


def anlan(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key not in ("ANLAN_DATA", "ANLAN_DATABASE_URL")}
    return subprocess.run(
        [sys.executable, "-m", "anlan", *arguments],
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def assert_said(result: subprocess.CompletedProcess[str], *words: str) -> None:
    assert result.returncode == 1, result
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr


@pytest.mark.parametrize("verb", ["up", "demo"])
def test_a_port_in_use(verb: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert_said(anlan(verb, "--port", port, ANLAN_DATA=str(tmp_path)), port, "--port")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    inside = str(tmp_path / "file" / "data")
    assert_said(anlan("up", "--port", "18099", ANLAN_DATA=inside), inside, "不能写入")
    assert_said(anlan("demo", "--port", "0", "--data", inside), inside, "不能写入")


def test_an_address_of_a_database_that_makes_no_sense(tmp_path: Path) -> None:
    result = anlan("up", "--port", "18099", ANLAN_DATA=str(tmp_path), ANLAN_DATABASE_URL="mystery://x")
    assert_said(result, "ANLAN_DATABASE_URL", "postgres://")


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    nobody = "postgres://nobody@127.0.0.1:1/none"
    result = anlan("up", "--port", "18099", ANLAN_DATA=str(tmp_path), ANLAN_DATABASE_URL=nobody)
    assert_said(result, "连不上数据库", "ANLAN_DATABASE_URL")


def test_a_broken_pack_of_the_user(tmp_path: Path) -> None:
    packs = tmp_path / "packs" / "core"
    packs.mkdir(parents=True)
    (packs / "levels.yaml").write_text("id: core/levels\n", encoding="utf-8")
    result = anlan("up", "--port", "18099", ANLAN_DATA=str(tmp_path / "data"), ANLAN_PACKS=str(packs.parent))
    assert_said(result, "levels.yaml:1:", "ANLAN_PACKS")


def test_doctor_before_the_first_start(tmp_path: Path) -> None:
    assert_said(anlan("doctor", ANLAN_DATA=str(tmp_path)), "anlan up")


def test_a_benchmark_that_does_not_exist() -> None:
    assert_said(anlan("bench", "flying"), "flying", "intake")


def test_verifying_before_the_first_start(tmp_path: Path) -> None:
    assert_said(anlan("verify", ANLAN_DATA=str(tmp_path)), "还没有表", "anlan up")
