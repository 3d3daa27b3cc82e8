"""``anlan detect`` as its user runs it: files in, events out, clear words for bad input."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from anlan.cli.detect import command

TAGS = "tag,hh,h,l,ll,deadband,on_delay_s,off_delay_s,missing_s\nT1,9,5,,,1,0,0,10\nT2,,,2,,0,1,0,\n"


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def call(readings: str | bytes, tags: str = TAGS, name: str = "readings.csv") -> Result:
        (tmp_path / name).write_bytes(readings.encode() if isinstance(readings, str) else readings)
        (tmp_path / "tags.csv").write_text(tags)
        return CliRunner().invoke(command, [str(tmp_path / name), "--tags", str(tmp_path / "tags.csv")])

    return call


def events(result: Result) -> list[tuple[object, ...]]:
    assert result.exit_code == 0, result.stderr
    return [tuple(json.loads(line).values()) for line in result.stdout.splitlines()]


def test_events_are_json_lines_ordered_by_time_tag_and_limit(run: Run) -> None:
    result = run("ts,tag,value\n1000,T2,2\n2000,T2,1\n2000,T1,9\n30000,T2,3\n1500,T2,0\n")
    assert events(result) == [
        ("T1", 2000, "H", "raise", 9.0),
        ("T1", 2000, "HH", "raise", 9.0),
        ("T2", 2000, "L", "raise", 1.0),
        ("T1", 30000, "MISSING", "raise", None),
        ("T2", 30000, "L", "clear", 3.0),
    ]
    assert list(json.loads(result.stdout.splitlines()[0])) == ["tag", "ts", "limit", "event", "value"]
    assert "迟到 1" in result.stderr


@pytest.mark.parametrize(
    ("text", "ts"),
    [
        ("2026-01-01T08:00:00+08:00", 1767225600000),
        ("2026-01-01T00:00:00Z", 1767225600000),
        ("2026-01-01 08:00:00.25", 1767225600250),  # no offset: Beijing time
        ("2025-12-31T19:00:00-05:00", 1767225600000),
        ("1767225600000", 1767225600000),
        ("-5", -5),
    ],
)
def test_times_are_read_with_their_offset_and_as_beijing_time_without(run: Run, text: str, ts: int) -> None:
    assert events(run(f"ts,tag,value\n{text},T1,7\n")) == [("T1", ts, "H", "raise", 7.0)]


def test_bad_quality_needs_no_value_and_keeps_data_from_going_missing(run: Run) -> None:
    rows = "1000,T1,7,good\n9000,T1,,bad\n15000,T2,9,\n18000,T1,3,GOOD\n"
    assert [event[1:4] for event in events(run("ts,tag,value,quality\n" + rows))] == [
        (1000, "H", "raise"),
        (18000, "H", "clear"),
    ]


def test_columns_may_come_in_any_order_with_others_between(run: Run) -> None:
    assert events(run('note,value,"tag",unit,ts\n"a, b",7,T1,°C,1000\n')) == [("T1", 1000, "H", "raise", 7.0)]


def test_rows_that_cannot_be_read_are_counted_with_their_line_and_the_rest_goes_on(run: Run) -> None:
    rows = [
        "1000,T1,7,good",
        "1000,T9,7,good",
        "noon,T1,7,good",
        "2000,T1,hot,good",
        "2000,T1,nan,good",
        "2000,T1",
        "2000,T1,7,so-so",
    ]
    result = run("ts,tag,value,quality\n" + "\n".join([*rows, "3000,T1,1,good"]) + "\n")
    assert [event[3] for event in events(result)] == ["raise", "clear"]
    for line, words in (
        (3, "未知点位 'T9'"),
        (4, "时间不可读 'noon'"),
        (5, "数值不可读 'hot'"),
        (6, "数值不可读 'nan'"),
        (8, "质量不可读 'so-so'"),
    ):
        assert f"readings.csv:{line}: {words}" in result.stderr
    assert "readings.csv:7: 行格式不对 '2000,T1'" in result.stderr
    assert "读数 8：采纳 2，拒收 6；事件 2" in result.stderr


def test_a_file_of_which_nothing_can_be_used_is_refused(run: Run) -> None:
    result = run("ts,tag,value\n1000,X,7\n")
    assert result.exit_code == 1
    assert "没有一行能用" in result.stderr


def test_a_file_without_rows_has_no_events(run: Run) -> None:
    assert events(run("ts,tag,value\n")) == []


def test_csv_gzip_and_parquet_give_the_same_events(run: Run, tmp_path: Path) -> None:
    text = "ts,tag,value,quality\n" + "".join(f"{i * 1000},T{i % 2 + 1},{i * 7 % 13},good\n" for i in range(500))
    source = tmp_path / "in.csv"
    source.write_text(text)
    kinds = {"a": "ts::BIGINT", "b": "make_timestamptz(ts * 1000)", "c": "make_timestamptz(ts * 1000)::TIMESTAMP"}
    for name, ts in kinds.items():
        with duckdb.connect() as db:
            db.execute("SET TimeZone = 'Asia/Shanghai'").fetchall()
            query = f"SELECT {ts} AS ts, tag, value::FLOAT AS value, quality = 'good' AS quality FROM '{source}'"
            db.execute(f"COPY ({query}) TO '{tmp_path / name}.parquet'").fetchall()
    expected = events(run(text))
    assert len(expected) > 50
    assert events(run(gzip.compress(text.encode()), name="readings.csv.gz")) == expected
    for name in kinds:
        assert events(run((tmp_path / f"{name}.parquet").read_bytes(), name="readings.parquet")) == expected


@pytest.mark.parametrize(
    ("readings", "words"),
    [
        ("ts,tag\n1,T1\n", "缺少列 value"),
        ("", "缺少列 ts, tag, value"),
        ("ts,tag,value,value\n1,T1,1,1\n", "列 value 出现多次"),
        (b"\xff\xfe\x00,\n", "不是 UTF-8"),
        (b"PAR1 and then nothing", "不是可读的 Parquet"),
    ],
)
def test_readings_that_are_not_readings_are_refused(run: Run, readings: str | bytes, words: str) -> None:
    result = run(readings)
    assert result.exit_code == 1
    assert words in result.stderr
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ("tag,h,hihi\nT1,5,6\n", "tags.csv:1: 未知的列 'hihi'"),
        ("h,l\n5,1\n", "tags.csv:1: 缺少列 tag"),
        ("tag,h,h\nT1,5,6\n", "tags.csv:1: 列 h 出现多次"),
        ("tag,h\nT1,5\nT1,6\n", "tags.csv:3: 点位 T1 在第 2 行已有"),
        ("tag,h\nT1,warm\n", "tags.csv:2: h: 'warm' 不是数字"),
        ("tag,h\nT1,nan\n", "tags.csv:2: h: 'nan' 不是有限的数"),
        ("tag,h\nT1,-inf\n", "tags.csv:2: h: '-inf' 不是有限的数"),
        ("tag,deadband\nT1,-1\n", "tags.csv:2: deadband: -1 是负数"),
        ("tag,on_delay_s\nT1,-1\n", "tags.csv:2: on_delay_s: -1 是负数"),
        ("tag,missing_s\nT1,0\n", "tags.csv:2: missing_s: 0 不大于 0"),
        ("tag,off_delay_s\nT1,1e99\n", "tags.csv:2: off_delay_s: 1e99 秒超过十年"),
        ("tag,h,l\nT1,5,5\n", "tags.csv:2: l=5 与 h=5 次序不对"),
        ("tag,hh,h\nT1,5,6\n", "tags.csv:2: h=6 与 hh=5 次序不对"),
        ("tag,l,ll\nT1,1,2\n", "tags.csv:2: ll=2 与 l=1 次序不对"),
        ("tag,roc_per_s\nT1,3\n", "tags.csv:2: roc_per_s: 值 '3'：此规则尚未实现"),
        ("tag,h\nT1,5,6\n", "tags.csv:2: 有 3 格"),
        ("tag,h\n,5\n", "tags.csv:2: tag 是空的"),
        ("tag,h\n", "tags.csv:1: 没有任何点位"),
        ('tag,h\n"T1,5\n', "不是合法的 CSV"),
    ],
)
def test_a_tag_table_with_errors_is_refused_by_file_and_line(run: Run, tags: str, words: str) -> None:
    result = run("ts,tag,value\n1000,T1,7\n", tags)
    assert result.exit_code == 1
    assert words in result.stderr


def test_all_errors_of_a_tag_table_are_said_at_once(run: Run) -> None:
    result = run("ts,tag,value\n", "tag,h\nT1,x\nT2,y\n")
    assert "tags.csv:2" in result.stderr
    assert "tags.csv:3" in result.stderr


def test_empty_columns_of_rules_to_come_and_equal_outer_limits_are_fine(run: Run) -> None:
    tags = "tag,hh,h,l,ll,roc_per_s,stuck_eps,stuck_s,range_low,range_high\nT1,5,5,1,1,,,,,\n"
    assert len(events(run("ts,tag,value\n1000,T1,7\n", tags))) == 2


def test_names_of_tags_and_files_are_never_code(run: Run) -> None:
    tags = 'tag,h\n"a\'); DROP TABLE x; --",5\n炉温°,5\n'
    result = run("ts,tag,value\n1000,a'); DROP TABLE x; --,7\n1000,炉温°,7\n", tags, name="it's [1]*.csv")
    assert [event[0] for event in events(result)] == ["a'); DROP TABLE x; --", "炉温°"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "tags.csv").write_text(TAGS)
    result = CliRunner().invoke(command, [str(tmp_path / "no.csv"), "--tags", str(tmp_path / "tags.csv")])
    assert (result.exit_code, "no.csv" in result.stderr) == (1, True)
    (tmp_path / "yes.csv").write_text("ts,tag,value\n")
    result = CliRunner().invoke(command, [str(tmp_path / "yes.csv"), "--tags", str(tmp_path / "no.csv")])
    assert (result.exit_code, "no.csv" in result.stderr) == (1, True)


def test_the_output_file_gets_the_events(tmp_path: Path) -> None:
    (tmp_path / "tags.csv").write_text(TAGS)
    (tmp_path / "r.csv").write_text("ts,tag,value\n1000,T1,7\n")
    arguments = [str(tmp_path / "r.csv"), "--tags", str(tmp_path / "tags.csv"), "-o"]
    assert CliRunner().invoke(command, [*arguments, str(tmp_path / "e.jsonl")]).stdout == ""
    assert json.loads((tmp_path / "e.jsonl").read_text())["limit"] == "H"
    assert CliRunner().invoke(command, [*arguments, str(tmp_path / "no" / "e.jsonl")]).exit_code == 1
