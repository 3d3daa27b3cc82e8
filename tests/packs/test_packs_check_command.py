"""``anlan packs check``: exit 1 with file and line of every problem, 0 when there is none."""

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
