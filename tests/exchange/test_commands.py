"""``anlan import`` and ``anlan export`` as a system manager types them: what they say, and how they leave."""

import csv
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from anlan.apps.core.models import AuditRow, Job, Place
from anlan.apps.exchange.models import ImportRun
from anlan.cli import main
from tests.exchange.conftest import workbook
from tests.world import World

HEAD = ["名称", "类别", "上级"]
GOOD = ["新库", "区域", "恒泰化工厂"]
BAD = ["坏行", "没有这一类", "恒泰化工厂"]
Anlan = Callable[..., Result]


@pytest.fixture
def anlan(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Anlan:
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, list(words))


def file(*rows: list[str], name: str = "名单.xlsx") -> str:
    Path(name).write_bytes(workbook([HEAD, *rows]))
    return name


def is_there(name: str) -> bool:
    return Place.objects.filter(name=name, retired=None).exists()


def test_without_publish_rows_are_only_looked_at(anlan: Anlan) -> None:
    done = anlan("import", "places", file(GOOD))
    assert (done.exit_code, done.stdout) == (0, "名单.xlsx 已核对：新增 1，更改 0，有错 0\n")
    assert not is_there("新库")


def test_with_publish_they_are_written_and_nothing_is_left_to_the_worker(anlan: Anlan) -> None:
    done = anlan("import", "places", file(GOOD), "--publish")
    assert (done.exit_code, done.stdout) == (0, "名单.xlsx 已导入：新增 1，更改 0\n")
    assert is_there("新库") and not Job.objects.filter(kind__startswith="exchange.").exists()


def test_a_bad_row_is_told_with_its_number_and_the_command_leaves_with_1(anlan: Anlan) -> None:
    done = anlan("import", "places", file(GOOD, BAD), "--publish")
    assert done.exit_code == 1 and is_there("新库")
    assert "第 3 行：" in done.stderr and "没有这一类" in done.stderr


def test_the_marked_file_says_beside_each_bad_row_what_is_wrong(anlan: Anlan) -> None:
    done = anlan("import", "places", file(GOOD, BAD), "-o", "标出.xlsx")
    sheet = openpyxl.load_workbook("标出.xlsx").active
    assert done.exit_code == 1 and "标出错行的文件：标出.xlsx" in done.stdout
    assert sheet is not None and [sheet.cell(row, 1).value for row in (1, 2, 3)] == ["名称", "新库", "坏行"]
    assert sheet.cell(2, 4).value is None and "没有这一类" in str(sheet.cell(3, 4).value)


def test_whole_writes_nothing_while_a_row_is_bad(anlan: Anlan) -> None:
    done = anlan("import", "places", file(GOOD, BAD), "--publish", "--whole")
    assert done.exit_code == 1 and "还有 1 行有错，不能整批导入" in done.stderr
    assert not is_there("新库")


def test_more_bad_rows_than_fit_the_screen_are_counted(anlan: Anlan) -> None:
    done = anlan("import", "places", file(*([f"坏{n}", "没有这一类", "恒泰化工厂"] for n in range(25))))
    assert done.stderr.count("行：") == 20 and "还有 5 行有错，请用 -o" in done.stderr


def test_a_file_that_cannot_be_read_leaves_with_1_and_says_what_to_do(anlan: Anlan) -> None:
    Path("坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    done = anlan("import", "places", "坏.xlsx")
    assert done.exit_code == 1 and "请用 Excel 或 WPS 打开后另存" in done.stderr
    Path("旧.doc").write_bytes(b"x")
    done = anlan("import", "places", "旧.doc")
    assert done.exit_code == 1 and "请上传 .xlsx、.csv 或 .geojson" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "厂房", "名单.xlsx"), "没有“厂房”这一类；有：places（场所）"),
        (("import", "places", "没有.xlsx"), "没有.xlsx"),
        (("import", "places", "名单.xlsx", "--whole"), "--whole 要与 --publish 同用"),
        (("export", "厂房", "全部.xlsx"), "没有“厂房”这一类"),
        (("export", "places", "全部.pdf"), "场所不能写成“.pdf”；可用：.xlsx、.csv、.geojson"),
        (("export", "equipment", "全部.geojson"), "设备不能写成“.geojson”；可用：.xlsx、.csv"),
    ],
)
def test_wrong_usage_leaves_with_2(anlan: Anlan, words: tuple[str, ...], said: str) -> None:
    file(GOOD)
    done = anlan(*words)
    assert done.exit_code == 2 and said in done.stderr
    assert not ImportRun.objects.exists()


def test_as_somebody_the_rows_go_no_further_than_their_rights(anlan: Anlan) -> None:
    done = anlan("import", "places", file(GOOD, ["车场", "区域", "顺达运输行"]), "--publish", "--as", "wangan")
    assert done.exit_code == 1 and is_there("新库") and not is_there("车场")
    assert ImportRun.objects.get().by.name == "王安"  # type: ignore[union-attr]  # somebody it was
    assert AuditRow.objects.get(action="place.add", detail__name="新库").actor.name == "王安"  # type: ignore[union-attr]


def test_an_export_as_somebody_holds_only_what_they_see(anlan: Anlan) -> None:
    assert anlan("export", "places", "本厂.csv", "--as", "wangan").exit_code == 0
    assert anlan("export", "places", "全部.csv").exit_code == 0
    mine, all_of_it = (
        {row[0] for row in csv.reader(Path(name).read_text("utf-8-sig").splitlines())}
        for name in ("本厂.csv", "全部.csv")
    )
    assert {"恒泰化工厂", "聚合反应釜", "进料阀组"} == mine - {"名称"} and {"顺达运输行", "金桥冶炼厂"} <= all_of_it


@pytest.mark.parametrize("words", [("import", "places", "名单.xlsx"), ("export", "places", "全部.csv")])
def test_somebody_whom_nobody_knows_or_who_may_not_is_told(anlan: Anlan, words: tuple[str, ...]) -> None:
    file(GOOD)
    done = anlan(*words, "--as", "nobody")
    assert done.exit_code == 1 and "没有用户名为“nobody”的在用账号" in done.stderr
    done = anlan(*words, "--as", "heke")
    assert done.exit_code == 1 and "权限" in done.stderr
    assert not Path("全部.csv").exists()


def test_an_export_can_be_imported_again_and_changes_nothing(anlan: Anlan) -> None:
    for name in ("全部.xlsx", "全部.geojson"):
        assert anlan("export", "places", name).exit_code == 0
        done = anlan("import", "places", name)
        assert done.exit_code in (0, 1) and "新增 0，更改 0" in done.stdout, done.output


def test_a_folder_that_is_not_there_is_told_and_nothing_is_left_behind(anlan: Anlan) -> None:
    done = anlan("export", "places", "没有/全部.csv")
    assert done.exit_code == 1 and "没有文件夹" in done.stderr
