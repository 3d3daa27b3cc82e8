"""Each broken pack is reported at the file and line where its author must look, in words that say what to do."""

from pathlib import Path

import pytest

from anlan.packs import linter
from tests.packs.conftest import HEADER_LINES, Write

SCALE = """\
scales:
  risk:
    title: 风险
    clause: 无
    confidence: product
    words:
      major: {text: 重大, sign: 红}
      serious: {text: 较大, sign: 橙}
      general: {text: 一般, sign: 黄}
      low: {text: 低, sign: 蓝}
      unknown: {text: 未知, sign: 未}
"""


def lines(folder: Path) -> list[tuple[str, int]]:
    return [(problem.file.name, problem.line) for problem in linter.check(folder)]


def messages(folder: Path) -> str:
    return "\n".join(str(problem) for problem in linter.check(folder))


def test_a_whole_pack_has_no_problem(write: Write, tmp_path: Path) -> None:
    write("core/levels.yaml", SCALE)
    assert linter.check(tmp_path) == []


def test_the_packs_that_come_with_the_product_have_no_problem() -> None:
    assert linter.check(linter.BUILT_IN) == []


BROKEN_BODIES = {
    "an unknown key": (SCALE + "colour: red\n", 12, "不认识的键 colour"),
    "a misspelt key": (SCALE.replace("    title: 风险", "    titel: 风险"), 3, "是否想写 title"),
    "a key that is missing": (SCALE.replace("    clause: 无\n", ""), 3, "缺少 clause"),
    "a key written twice": (SCALE.replace("    clause: 无", "    clause: 无\n    clause: 有"), 5, "写了两次"),
    "a number for a text": (SCALE.replace("title: 风险", "title: 12"), 3, "请加引号"),
    "a list for a text": (SCALE.replace("title: 风险", "title: [a]"), 3, "应是文字"),
    "a word that is not one of the choices": (
        SCALE.replace("confidence: product", "confidence: sure"),
        5,
        "verified / read / memory / product",
    ),
    "a rank without a word": (SCALE.replace("      low: {text: 低, sign: 蓝}\n", ""), 3, "缺少 low"),
    "a table where a list of keys belongs": ("scales: [a]\n", 1, "键和值"),
}


@pytest.mark.parametrize("case", BROKEN_BODIES)
def test_a_body_with(case: str, write: Write, tmp_path: Path) -> None:
    body, line, words = BROKEN_BODIES[case]
    write("core/levels.yaml", body)
    assert ("levels.yaml", HEADER_LINES + line) in lines(tmp_path)
    assert words in messages(tmp_path)


def test_all_problems_are_told_at_once(write: Write, tmp_path: Path) -> None:
    write("core/levels.yaml", SCALE.replace("title: 风险", "title: 12").replace("clause: 无", "clauses: 无") + "x: 1\n")
    assert len(linter.check(tmp_path)) == 4  # wrong type, unknown clauses, missing clause, unknown x


def test_a_missing_header_line_is_told(write: Write, tmp_path: Path) -> None:
    path = write("core/levels.yaml", SCALE)
    path.write_text(path.read_text(encoding="utf-8").replace("source: 试验\n", ""), encoding="utf-8")
    assert ("levels.yaml", 1) in lines(tmp_path)
    assert "缺少 source" in messages(tmp_path)


def test_a_date_that_is_none_is_told_at_its_line(write: Write, tmp_path: Path) -> None:
    write("core/levels.yaml", SCALE, valid_from="2020-02-31")
    assert lines(tmp_path) == [("levels.yaml", 5)]


def test_a_pack_may_not_end_before_it_begins(write: Write, tmp_path: Path) -> None:
    write("core/levels.yaml", SCALE, valid_to="2019-01-01")
    assert "早于生效日期" in messages(tmp_path)


def test_versions_that_overlap_are_told_at_the_later_one(write: Write, tmp_path: Path) -> None:
    write("core/levels-old.yaml", SCALE, valid_to="2022-12-31")
    write("core/levels-new.yaml", SCALE, valid_from="2022-12-31")
    assert lines(tmp_path) == [("levels-new.yaml", 5)]
    assert "重叠" in messages(tmp_path)


def test_versions_that_follow_each_other_are_fine(write: Write, tmp_path: Path) -> None:
    write("core/levels-old.yaml", SCALE, valid_to="2022-12-31")
    write("core/levels-new.yaml", SCALE, valid_from="2023-01-01")
    assert linter.check(tmp_path) == []


def test_yaml_that_cannot_be_read_is_told_at_its_line(write: Write, tmp_path: Path) -> None:
    write("core/levels.yaml", 'scales: {a: "b\n')
    [problem] = linter.check(tmp_path)
    assert problem.line > HEADER_LINES
    assert "语法错误" in problem.message


def test_a_file_that_is_no_utf8_is_told_at_the_first_foreign_byte(write: Write, tmp_path: Path) -> None:
    path = write("core/levels.yaml", SCALE)
    path.write_bytes(path.read_bytes() + "备注: 中文\n".encode("gb18030"))
    assert lines(tmp_path) == [("levels.yaml", HEADER_LINES + 12)]
    assert "UTF-8" in messages(tmp_path)


def test_a_pack_in_the_wrong_place_is_told(write: Write, tmp_path: Path) -> None:
    write("core/words.yaml", SCALE, id="core/levels")
    assert lines(tmp_path) == [("words.yaml", 1)]


def test_an_id_that_no_family_knows_is_told(write: Write, tmp_path: Path) -> None:
    write("core/weather.yaml", SCALE)
    assert "没有规则包族" in messages(tmp_path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "没有这个文件夹" in str(linter.check(tmp_path / "none")[0])


ROLES = """\
capabilities:
  place.view: 查看
roles:
  leader:
    name: 领导
    capabilities: [place.view, place.fly]
"""


def test_a_reference_to_nothing_is_told_where_it_stands(write: Write, tmp_path: Path) -> None:
    write("core/roles.yaml", ROLES)
    assert lines(tmp_path) == [("roles.yaml", HEADER_LINES + 6)]
    assert "place.fly" in messages(tmp_path)


def test_a_reference_to_a_pack_of_another_time_is_told(write: Write, tmp_path: Path) -> None:
    """The ranks of tags come from core/alarm_facts, which the product has since 2020 only."""
    write("sectors/x/tags.yaml", TAGS, id="sectors/x/tags", valid_from="1990-01-01", valid_to="1999-12-31")
    (tmp_path / "sectors/x/tags.csv").write_text(TABLE, encoding="utf-8")
    assert "同一时期没有版本" in messages(tmp_path)


TAGS = """\
parts: {a: 甲}
rules:
  own: {text: 自定, clause: 无, confidence: product}
tags: tags.csv
"""
TABLE = """\
code,name,unit,decimals,part,rank,basis,normal,hh,h,l,ll
T1,温度,℃,1,a,general,own,20,90,80,10,5
T2,压力,kPa,1,a,general,own,100,,150,,
"""

BROKEN_TABLES = {
    "a row that is too short": (TABLE + "T3,液位,%,1,a,general,own,50,90,80,10\n", 4, "少 1 格"),
    "a row that is too long": (TABLE.replace("90,80,10,5", "90,80,10,5,9"), 2, "多 1 格"),
    "a cell that is no number": (TABLE.replace("20,90", "zwanzig,90"), 2, "不是数字"),
    "an empty cell that is needed": (TABLE.replace("T2,压力", "T2,"), 3, "name 是空的"),
    "the same code twice": (TABLE.replace("T2", "T1"), 3, "重复（第一次在第 2 行）"),
    "limits in the wrong order": (TABLE.replace("90,80", "70,80"), 2, "应小于"),
    "a column that nobody knows": (TABLE.replace("part,", "parts,", 1), 1, "不认识的列 parts"),
    "a rank that does not exist": (TABLE.replace("压力,kPa,1,a,general", "压力,kPa,1,a,dire"), 3, "没有 dire"),
    "a part that does not exist": (TABLE.replace("压力,kPa,1,a", "压力,kPa,1,b"), 3, "没有 b"),
}


@pytest.mark.parametrize("case", BROKEN_TABLES)
def test_a_table_with(case: str, write: Write, tmp_path: Path) -> None:
    table, line, words = BROKEN_TABLES[case]
    write("sectors/x/tags.yaml", TAGS, id="sectors/x/tags")
    (tmp_path / "sectors/x/tags.csv").write_text(table, encoding="utf-8")
    assert ("tags.csv", line) in lines(tmp_path)
    assert words in messages(tmp_path)


def test_lines_are_right_after_a_cell_of_several_lines(write: Write, tmp_path: Path) -> None:
    write("sectors/x/tags.yaml", TAGS, id="sectors/x/tags")
    table = TABLE.replace("T1,温度", 'T1,"温\n度"') + "T3,液位,%,x,a,general,own,50,,,,\n"
    (tmp_path / "sectors/x/tags.csv").write_text(table, encoding="utf-8")
    assert lines(tmp_path) == [("tags.csv", 5)]


def test_a_table_that_is_not_there_is_told(write: Write, tmp_path: Path) -> None:
    write("sectors/x/tags.yaml", TAGS, id="sectors/x/tags")
    assert lines(tmp_path) == [("tags.yaml", HEADER_LINES + 4)]


def test_a_table_that_no_pack_uses_is_told(write: Write, tmp_path: Path) -> None:
    write("core/levels.yaml", SCALE)
    (tmp_path / "core" / "left.csv").write_text("a\n1\n", encoding="utf-8")
    assert lines(tmp_path) == [("left.csv", 1)]


def test_a_recording_that_is_not_there_is_told(write: Write, tmp_path: Path) -> None:
    body = "lead_minutes: 1\nstep_s: 60\nrecordings:\n  a: {title: 甲, file: none.parquet, raises: 0, clears: 0}\n"
    write("sectors/x/recordings.yaml", body, id="sectors/x/recordings")
    assert lines(tmp_path) == [("recordings.yaml", HEADER_LINES + 4)]
