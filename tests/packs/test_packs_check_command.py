"""``anlan packs``: check says file and line of every problem; tags writes the table that ``anlan detect`` reads."""

from pathlib import Path

from click.testing import CliRunner

from anlan.cli.packs import command
from tests.packs.conftest import Write


def test_problems_are_printed_with_file_and_line(write: Write, tmp_path: Path) -> None:
    path = write("core/levels.yaml", "scales: 3\n")
    result = CliRunner().invoke(command, ["check", str(tmp_path)])
    assert result.exit_code == 1
    assert f"{path}:9: " in result.output
    assert "发现 1 个问题" in result.output


def test_the_products_own_packs_pass() -> None:
    result = CliRunner().invoke(command, ["check"])
    assert result.exit_code == 0
    assert "没有问题" in result.output


def test_the_users_folder_is_checked_too(write: Write, own_packs: Path) -> None:
    write("core/levels.yaml", "scales: 3\n")
    assert CliRunner().invoke(command, ["check"]).exit_code == 1


def test_the_tags_of_a_sector_come_as_the_table_of_detect() -> None:
    result = CliRunner().invoke(command, ["tags", "tep"])
    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[0].startswith("tag,hh,h,l,ll,deadband,")
    assert "XMEAS_07,3000.0,2895.0,,,10.0,0.0,300.0,300.0" in lines


def test_a_sector_without_tags_is_refused_in_words() -> None:
    result = CliRunner().invoke(command, ["tags", "moonbase"])
    assert result.exit_code == 1
    assert "sectors/moonbase/tags" in result.output
