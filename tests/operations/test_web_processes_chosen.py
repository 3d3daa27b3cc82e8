"""How many web processes run, and what they tell of one another."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from anlan.cli.up import by_cores, parts, web_processes
from anlan.kit.exposition import Family, Sample, counter, render
from anlan.web import checks, siblings
from tests.operations.prometheus import Figures


@pytest.mark.parametrize(("cores", "webs"), [(1, 1), (2, 2), (3, 2), (4, 2), (6, 3), (8, 4), (64, 4)])
def test_more_cores_more_processes(cores: int, webs: int) -> None:
    assert by_cores(cores) == webs


@pytest.mark.parametrize("said", ["0", "-1", "two", "1.5", "17", "２"])
def test_a_number_that_makes_no_sense_is_refused_in_words(
    said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANLAN_WEB_PROCESSES", said)
    with pytest.raises(SystemExit) as left:
        web_processes(1)
    assert left.value.code == 1
    assert "ANLAN_WEB_PROCESSES" in (told := capsys.readouterr().err) and said in told and "1 到 16" in told


def test_where_connections_are_not_spread_there_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert web_processes(4) == 1
    monkeypatch.setenv("ANLAN_WEB_PROCESSES", "2")
    with pytest.raises(SystemExit):
        web_processes(4)
    assert "Linux" in capsys.readouterr().err


def test_one_process_has_the_port_for_itself_and_several_share_it() -> None:
    assert [part.name for part in parts("127.0.0.1", 8000, [])] == ["web", "engine", "worker"]
    several = parts("127.0.0.1", 8000, ["--tls-cert", "c"], 2)
    assert [part.name for part in several] == ["web 1", "web 2", "engine", "worker"]
    assert all(part.arguments[-3:] == ("--tls-cert", "c", "--shared") for part in several if part.kind == "web")


def figures(process: int, n: float) -> list[Family]:
    return [counter("anlan_web_requests_total", "Requests answered.", (n, {"process": str(process)}))]


def told_by(folder: Path, process: int, n: float) -> Path:
    (folder / "web").mkdir(exist_ok=True)
    path = folder / "web" / f"{process}.json"
    path.write_bytes(orjson.dumps([siblings._plain(one) for one in figures(process, n)]))
    return path


def test_figures_of_the_living_are_told_together_and_of_nobody_else(tmp_path: Path) -> None:
    mine, parent = os.getpid(), os.getppid()
    told_by(tmp_path, mine, 1.0)  # older than what this process knows now
    told_by(tmp_path, parent, 5.0)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    told_by(tmp_path, gone.pid, 7.0)
    (tmp_path / "web" / "no.json").write_text("{")
    found = Figures(render(siblings.with_others(tmp_path, figures(mine, 2.0))))
    assert {dict(labels)["process"]: n for (_, labels), n in found.values.items()} == {str(mine): 2, str(parent): 5}
    os.utime(tmp_path / "web" / f"{parent}.json", (1, 1))
    assert siblings.living(tmp_path) == [mine]


def test_histograms_survive_the_way(tmp_path: Path) -> None:
    samples = [Sample(1, {"le": "+Inf"}, "_bucket"), Sample(0.5, {}, "_sum"), Sample(1, {}, "_count")]
    family = Family("anlan_x_seconds", "histogram", "Seconds.", samples)
    path = told_by(tmp_path, os.getppid(), 0.0)
    path.write_bytes(orjson.dumps([siblings._plain(family)]))
    [again] = siblings.with_others(tmp_path, [])
    assert render([again]) == render([family])


@pytest.mark.parametrize(("wanted", "alive", "state"), [(1, 1, ""), (2, 2, "ok"), (2, 1, "late"), (2, 0, "away")])
def test_the_health_page_says_when_one_is_missing(
    wanted: int, alive: int, state: str, tmp_path: Path, settings: Any
) -> None:
    settings.DATA = tmp_path
    (tmp_path / "serving.json").write_text(f'{{"web_processes": {wanted}}}')
    for process in (os.getpid(), os.getppid())[:alive]:
        told_by(tmp_path, process, 1.0)
    assert [check.state for check in checks._webs()] == ([state] if state else [])
