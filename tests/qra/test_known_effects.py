"""What a leak does is kept on disk: the same again from there, anew where anything differs or the file is cut."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from anlan.kit.park import installation
from anlan.kit.park.inputs import Source, WeatherClass
from anlan.kit.park.installation import Installation
from anlan.kit.park.keeping import keep

ON = date(2026, 11, 1)
SKIES = (WeatherClass("D 5 m/s", "D", 5.0, 1.0, (1 / 16,) * 16),)
PROPANE = Installation("丙烷罐", "74-98-6", 20e3, "pressure-vessel", ("10mm", "rupture"))


def made(one: Installation, folder: Path) -> Source:
    """As a process that has just begun would have it."""
    installation._effects.cache_clear()
    return installation.as_source(one, (0.0, 0.0), SKIES, ON, folder)[0]


@pytest.fixture
def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object) -> None:
        raise AssertionError(given)

    monkeypatch.setattr(installation, "_computed", refuse)


def test_a_second_process_reads_what_the_first_computed(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    first = made(PROPANE, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    request.getfixturevalue("no_models")
    assert made(PROPANE, tmp_path) == first
    renamed = made(replace(PROPANE, name="别名", amount=3.0), tmp_path)
    assert [one.outcomes for one in renamed.scenarios] == [one.outcomes for one in first.scenarios]
    with pytest.raises(AssertionError):
        made(replace(PROPANE, mass=21e3), tmp_path)


def test_a_cut_file_counts_as_missing(tmp_path: Path) -> None:
    first = made(PROPANE, tmp_path)
    for file in tmp_path.iterdir():
        file.write_bytes(file.read_bytes()[:50])
    assert made(PROPANE, tmp_path) == first


def test_where_nothing_can_be_kept_the_answer_comes_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder is wanted")
    keep(tmp_path / "taken" / "one", lambda out: out.write(b"x"))
    keep(tmp_path / "two", lambda out: out.write(b"x"))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["taken", "two"]
