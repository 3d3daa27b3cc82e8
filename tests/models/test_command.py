"""``anlan model`` as its user runs it."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from anlan.cli.model import command
from anlan.kit.models.catalogue import models

Run = Callable[..., Result]
CASE = {
    "id": "one",
    "model": "toy",
    "inputs": {"diameter": {"value": 1, "unit": "m"}},
    "expected": {"diameter": {"value": 1, "unit": "m"}},
    "tolerance": {"type": "relative", "value": 0.01},
    "source": "by hand",
}


@pytest.fixture
def run() -> Run:
    def call(*arguments: object, stdin: str | None = None) -> Result:
        return CliRunner().invoke(command, [str(each) for each in arguments], input=stdin)

    return call


def cases_file(tmp_path: Path, **changes: object) -> Path:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([{**CASE, **changes}], ensure_ascii=False))
    return file


def refused(result: Result) -> str:
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""
    return result.stderr


def test_list_names_every_model(run: Run) -> None:
    shown = run("list").stdout
    assert all(name in shown for name in models())
    assert {"model": "toy", "summary": "Give back what came in, as it came in."} in json.loads(
        run("list", "--json").stdout
    )


def test_show_tells_inputs_units_and_defaults(run: Run) -> None:
    shown = run("show", "toy").stdout
    for said in (
        "diameter [m]：数，必填",
        "temperature [K]：数，默认 293.15",
        "Valid for small things.",
        "A / D / F 之一",
    ):
        assert said in shown
    assert json.loads(run("show", "toy", "--json").stdout)["inputs"]["required"] == ["diameter"]


def test_run_takes_options_a_file_or_stdin_and_gives_json_with_units(run: Run, tmp_path: Path) -> None:
    by_option = run("run", "toy", "-p", "diameter=5 mm", "-p", "a=L/R=2", "-p", "path=[1, 2]", "-p", "label=7")
    answer = json.loads(by_option.stdout)
    assert answer["outputs"]["diameter"] == {"value": 0.005, "unit": "m"}
    assert answer["inputs"]["a=L/R"] == {"value": 2, "unit": "-"}
    assert answer["inputs"]["label"]["value"] == "7"
    file = tmp_path / "inputs.json"
    file.write_text('{"inputs": {"diameter": {"value": 5, "unit": "mm"}}}')
    assert json.loads(run("run", "toy", file).stdout)["outputs"]["diameter"]["value"] == 0.005
    assert (
        json.loads(run("run", "toy", "-", stdin='{"diameter": 0.005}').stdout)["outputs"]["diameter"]["value"] == 0.005
    )
    assert json.loads(run("run", "toy", file, "-p", "diameter=1").stdout)["outputs"]["diameter"]["value"] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "toys"), "没有模型 toys"),
        (("show", "toys"), "没有模型 toys"),
        (("run", "toy"), "缺少输入 diameter"),
        (("run", "toy", "-p", "diameter"), "名称=值"),
        (("run", "toy", "-p", "diameter=NaN"), "不是有限的数"),
        (("run", "toy", "-p", "diameter=5 kg"), "kg"),
        (("run", "toy", "-p", "diametre=5"), "diameter"),
        (("run", "toy", "-p", "diameter=11"), "11"),
        (("run", "toy", "nowhere.json"), "nowhere.json"),
        (("check", "nowhere.json"), "nowhere.json"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(run: Run, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(run(*arguments))


@pytest.mark.parametrize("text", ["{", "[1]", "3", "\ufeff{", "[" * 100_000])
def test_inputs_that_are_no_json_object_are_refused(run: Run, text: str) -> None:
    refused(run("run", "toy", "-", stdin=text))


def test_check_prints_the_deviation_and_leaves_with_0_when_all_are_met(run: Run, tmp_path: Path) -> None:
    result = run("check", cases_file(tmp_path, expected={"diameter": {"value": 1.005, "unit": "m"}}))
    assert result.exit_code == 0
    assert "0.50%" in result.stdout
    assert "符合 1" in result.stdout


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"expected": {"diameter": {"value": 2, "unit": "m"}}}, "不符"),
        ({"model": "toys"}, "没有运行"),
        ({"inputs": {"diameter": 11}}, "被拒绝"),
        ({"disagrees": "a misprint"}, "失败 1"),
    ],
)
def test_a_case_that_is_not_met_makes_check_fail(
    run: Run, tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    result = run("check", cases_file(tmp_path, **changes))
    assert result.exit_code == 1
    assert said in result.stdout


def test_a_case_that_disagrees_is_listed_with_its_reason_and_does_not_fail(run: Run, tmp_path: Path) -> None:
    file = cases_file(tmp_path, expected={"diameter": {"value": 2, "unit": "m"}}, disagrees="a misprint on page 7")
    result = run("check", file)
    assert result.exit_code == 0
    assert "a misprint on page 7" in result.stdout


def test_check_writes_json_and_the_validation_page(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "validation.md"
    answer = json.loads(run("check", cases_file(tmp_path), "--json", "--markdown", page).stdout)
    assert answer["summary"]["met"] == 1
    assert answer["cases"][0]["outputs"]["diameter"]["deviation"] == 0
    assert "| one | toy | diameter | 1 | 1 | m |" in page.read_text()
    assert "by hand" in page.read_text()
    assert not re.search(r"[\u4e00-\u9fff]", page.read_text()), "the documents are English"


def test_check_reads_folders(run: Run, tmp_path: Path) -> None:
    cases_file(tmp_path)
    assert "符合 1" in run("check", tmp_path).stdout
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "没有 .json" in refused(run("check", empty))
