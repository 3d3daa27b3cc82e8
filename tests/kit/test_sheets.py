"""Files as people hand them in: read as they were meant, refused with a reason, handed back as they came."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from anlan.kit import sheets
from anlan.kit.errors import Refused
from anlan.kit.sheets import Sheet, SheetColumn, Unreadable, values, xlsx

KNOWN = {"name": ("名称", "name"), "code": ("编码", "code"), "quantity": ("数量", "quantity")}


local = datetime.fromisoformat


def saved(path: Path, rows: Sequence[Sequence[object]], *merges: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for merge in merges:
        sheet.merge_cells(merge)
    book.save(path)
    return path


def read(path: Path) -> list[tuple[int, list[object]]]:
    with sheets.rows(sheets.examine(path)) as found:
        return [(number, list(cells)) for number, cells in found]


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        read(path)
    return refused.value.refusal.code


def test_merged_cells_count_in_every_row_they_cover_and_blank_rows_do_not_count(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", [["名称", "编码"], ["甲", "1"], [None, "2"], [None, None], ["乙", "3"]], "A2:A3")
    assert read(path) == [(1, ["名称", "编码"]), (2, ["甲", "1"]), (3, ["甲", "2"]), (5, ["乙", "3"])]


def test_a_formula_counts_by_its_last_value_and_never_as_text(tmp_path: Path) -> None:
    assert read(saved(tmp_path / "a.xlsx", [["=1+1", "名称"]])) == [(1, [None, "名称"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_usual_spelling(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(delimiter.join(["名称", "编码"]) + "\r\n" + delimiter.join(["甲", "'=1"]) + "\r\n\r\n", encoding)
    assert read(path) == [(1, ["名称", "编码"]), (2, ["甲", "=1"])]


def test_what_is_no_table_is_refused_with_a_reason(tmp_path: Path) -> None:
    samples = {"old.xls": b"\xd0\xcf\x11\xe0" + b"x" * 99, "empty.csv": b"", "picture.csv": b"\x89PNG\r\n\0\0\xff\xfe"}
    for name, content in samples.items():
        (tmp_path / name).write_bytes(content)
    assert refusal(tmp_path / "old.xls") == "sheet.old_excel"
    assert refusal(tmp_path / "empty.csv") == "file.empty"
    assert refusal(tmp_path / "picture.csv") == "sheet.not_text"
    (tmp_path / "cut.xlsx").write_bytes(saved(tmp_path / "a.xlsx", [["名称"]]).read_bytes()[:900])
    assert refusal(tmp_path / "cut.xlsx") == "sheet.broken"


def test_an_archive_that_would_blow_up_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    whole = saved(tmp_path / "a.xlsx", [["名称"]])
    with zipfile.ZipFile(whole, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"\0" * 30_000_000)
    assert refusal(whole) == "file.bomb"


def test_headings_are_found_below_a_title_and_by_either_name(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", [["清河县企业清单"], [" 名 称*", "Code（必填）", "电话", "导入说明"], ["甲"]])
    head = sheets.find(read(path), KNOWN, ["name"])
    assert (head.row, dict(head.columns), head.unused, head.remark) == (2, {"name": 0, "code": 1}, ("电话",), 3)


@pytest.mark.parametrize(
    ("titles", "code", "said"),
    [(["名称", "name"], "sheet.twice", "A、B"), (["编码"], "sheet.missing", "名称"),
     (["甲", "乙"], "sheet.no_head", "名称"),
     (["编码", "名称全称"], "sheet.missing", "“名称全称”是否应为“名称”？")],
)  # fmt: skip
def test_headings_that_cannot_be_used_are_refused_in_words(titles: list[str], code: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        sheets.find([(1, titles)], KNOWN, ["name"])
    assert refused.value.refusal.code == code
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 3, 1),
        local("2026-03-01 08:00"),
        "2026-03-01",
        "2026/3/1",
        "２０２６年3月1日",
        "20260301",
        46082,
        "46082",
    ],
)
def test_a_day_is_understood_in_every_usual_spelling(cell: object) -> None:
    assert values.day(cell) == date(2026, 3, 1)  # type: ignore[arg-type]


def test_cells_are_read_as_they_were_meant() -> None:
    assert values.text(990121.0) == "990121"
    assert values.text(" 恒泰\u3000化工（东区）\u200b ") == "恒泰 化工（东区）"
    assert values.code("９１９９０121ma0000001x ") == "91990121MA0000001X"
    assert values.number("１,２００.5") == 1200.5
    assert values.yes("是") and not values.yes(False)


@pytest.mark.parametrize(
    ("reader", "cell", "said"),
    [(values.number, "约三吨", "不是数字"), (values.number, "nan", "不是数字"),
     (values.day, "2026-02-30", "2026-03-01"),
     (values.text, "#N/A", "错误值"), (values.code, 9.19901e17, "文本格式"), (values.whole, 1.5, "不是整数")],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_in_words(reader: object, cell: object, said: str) -> None:
    assert callable(reader)
    with pytest.raises(Unreadable, match=said):
        reader(cell)


def test_a_wrong_choice_is_answered_with_the_nearest_right_one() -> None:
    with pytest.raises(Unreadable, match="是否应为：风险点"):
        values.choice("风险电", {"risk_point": "风险点", "unit": "生产单元"})


def test_a_file_comes_back_as_it_was_with_bad_rows_coloured_and_explained(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", [["名称", "编码"], ["甲", "1"], ["乙", "2"], ["丙", "3"]])
    book = openpyxl.load_workbook(path)
    book.active["A2"].font = Font(bold=True)  # type: ignore[index]
    book.active["A3"].number_format = "@"  # type: ignore[index]
    book.active.column_dimensions["A"].width = 33  # type: ignore[union-attr]
    book.create_sheet("另一张")["B2"] = "留着"
    book.save(path)
    source = sheets.examine(path)
    head = sheets.find(read(path), KNOWN, ["name"])
    sheets.mark(source, head, {3: "编码 <2> 已有"}, tmp_path / "marked.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    sheet = marked.worksheets[0]
    assert [cell.value for cell in sheet["C"]] == ["导入说明", None, "编码 <2> 已有", None]
    assert sheet["A3"].fill.fgColor.rgb == sheet["C3"].fill.fgColor.rgb == "FFFFE8A3"
    assert sheet["A3"].number_format == "@"
    assert sheet["A2"].fill.fill_type is None and sheet["A2"].font.bold
    assert (sheet.column_dimensions["A"].width, sheet.column_dimensions["C"].width) == (33, 60)
    assert marked["另一张"]["B2"].value == "留着"
    again = sheets.examine(tmp_path / "marked.xlsx")
    head = sheets.find(read(again.path), KNOWN, ["name"])
    sheets.mark(again, head, {4: "现在是这一行"}, tmp_path / "twice.xlsx")
    column = openpyxl.load_workbook(tmp_path / "twice.xlsx").worksheets[0]["C"]
    assert [cell.value for cell in column] == ["导入说明", None, None, "现在是这一行"]


def test_a_csv_comes_back_in_its_own_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("名称,编码\r\n甲,1\r\n乙,2\r\n", "gb18030")
    head = sheets.find(read(path), KNOWN, ["name"])
    sheets.mark(sheets.examine(path), head, {3: "编码已有"}, tmp_path / "b.csv")
    rows = list(csv.reader((tmp_path / "b.csv").read_text("gb18030").splitlines()))
    assert rows == [["名称", "编码", "导入说明"], ["甲", "1"], ["乙", "2", "编码已有"]]


def test_a_workbook_has_types_widths_a_filter_and_choices_of_any_length() -> None:
    choices = tuple(f"选项{n}" for n in range(90))
    columns = [SheetColumn("时间", 20), SheetColumn("编码", 20, required=True, text=True, hint="18 位"),
               SheetColumn("类别", choices=choices)]  # fmt: skip
    rows = [
        [datetime(2026, 3, 1, 0, tzinfo=UTC), "007", None],
        [date(2026, 3, 1), "=1+1", "选项3"],
        [1.5, "\x00坏", True],
    ]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(xlsx([Sheet("清单/一", columns, rows), Sheet("说明", [])]))))
    sheet = book.worksheets[0]
    assert sheet.title == "清单 一"
    assert sheet["A2"].value == local("2026-03-01 08:00")
    assert sheet["A3"].value == local("2026-03-01")
    assert (sheet["B2"].value, sheet["B3"].value, sheet["B4"].value) == ("007", "=1+1", "坏")
    assert sheet["B3"].data_type == "s" or sheet["B3"].data_type == "inlineStr"
    assert sheet.column_dimensions["B"].width == 20
    listed = next(rule for rule in sheet.data_validations.dataValidation if rule.type == "list")
    assert listed.formula1 == "选项!$A$2:$A$91"
    assert book["选项"].sheet_state == "hidden"
    assert book["选项"]["A91"].value == "选项89"
