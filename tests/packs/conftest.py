"""Packs written on the spot: a header that is whole, and a body that the test breaks."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anlan.packs import loader

HEADER = """\
id: {id}
title: 试验
standard: 试验
clause: 无
valid_from: {valid_from}
valid_to: {valid_to}
source: 试验
confidence: product
"""
HEADER_LINES = HEADER.count("\n")

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """``write("core/levels.yaml", body, id=…, valid_from=…)`` puts a pack into the test's folder."""

    def put(name: str, body: str, **header: str) -> Path:
        values = {"id": name.partition(".")[0].partition("-")[0], "valid_from": "2020-01-01", "valid_to": "null"}
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER.format(**(values | header)) + body, encoding="utf-8")
        return path

    return put


@pytest.fixture
def own_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The test's folder as the user's own packs."""
    monkeypatch.setenv("ANLAN_PACKS", str(tmp_path))
    loader.forget()
    yield tmp_path
    loader.forget()
