"""READINGS files: CSV or Parquet of any size, streamed by DuckDB in the file's order.

A row that cannot be read is set aside with its reason and the rest goes on.
"""

import csv
import gzip
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from anlan.engine.arrow import Chunk, Column, StreamError, chunks
from anlan.kit import clock

REQUIRED = ("ts", "tag", "value")
SHOWN = 5  # rows shown for each reason

#: Reasons by code; 0 is a row that can be used.
REASONS = ("", "未知点位", "时间不可读", "数值不可读", "质量不可读", "行格式不对")
MALFORMED = 5

_GOOD = "lower(trim({quality})) IN ('', 'good', 'true', '1')"
_BAD = "lower(trim({quality})) IN ('bad', 'false', '0')"


class BadReadings(ValueError):
    """The file as a whole cannot be used: why, and what to do."""


@dataclass(frozen=True)
class Readings:
    """Rows that can be used, in the file's order."""

    tags: npt.NDArray[np.uint32]
    ts: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    good: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.tags)


@dataclass
class Refused:
    """Rows set aside: how many for which reason, and the first few of each."""

    counts: Counter[int] = field(default_factory=Counter)
    examples: list[tuple[int, int, str]] = field(default_factory=list)  # row, reason, text

    def add(self, first_row: int, chunk: Chunk, problem: Column) -> None:
        for reason in np.unique(problem[problem != 0]).tolist():
            rows = np.flatnonzero(problem == reason)
            room = max(0, SHOWN - self.counts[reason])
            self.counts[reason] += len(rows)
            self.examples += [(first_row + int(row), reason, chunk.text("text", int(row))) for row in rows[:room]]

    def lines(self, path: Path, *, header: bool, skipped: list[int]) -> Iterator[str]:
        """The examples in the file's order. Malformed lines (``skipped``) have no row, but count as lines."""
        for row, reason, text in sorted(self.examples):
            line = row + 1 + header
            for gap in skipped:
                line += gap <= line
            yield f"{path}:{line}: {REASONS[reason]} {text!r}"


class ReadingsFile:
    """A file of readings of known tags, whose numbers are their positions in ``names``."""

    def __init__(self, path: Path, names: list[str]) -> None:
        self.path = path
        self.rows = 0
        self.refused = Refused()
        self._is_csv = not _is_parquet(path)
        self._db = duckdb.connect()
        self._db.execute(f"SET TimeZone = '{clock.ZONE.key}'").fetchall()
        self._db.execute(f"CREATE TYPE tag_name AS ENUM ({','.join(map(_text, names))})").fetchall()
        source, columns = self._csv() if self._is_csv else self._parquet()
        self._query = _select(source, columns)

    def _csv(self) -> tuple[str, dict[str, tuple[str, str]]]:
        header = _header(self.path)
        _check_columns(self.path, header)
        names = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(header)))
        source = (
            f"read_csv({_file(self.path)}, auto_detect=false, header=true, delim=',', quote='\"', escape='\"', "
            f"columns={{{names}}}, ignore_errors=true, store_rejects=true)"
        )
        return source, {name: (f"c{place}", "VARCHAR") for place, name in enumerate(header)}

    def _parquet(self) -> tuple[str, dict[str, tuple[str, str]]]:
        source = f"read_parquet({_file(self.path)})"
        try:
            described = self._db.execute(f"DESCRIBE FROM {source}").fetchall()
        except duckdb.Error as error:
            raise BadReadings(f"{self.path}: 不是可读的 Parquet 文件：{error}") from error
        _check_columns(self.path, [row[0] for row in described])
        return source, {row[0]: (f'"{row[0]}"', row[1]) for row in described}

    def __iter__(self) -> Iterator[Readings]:
        try:
            for chunk in chunks(self._db.sql(self._query)):
                yield self._usable(chunk)
        except (StreamError, duckdb.Error) as error:
            raise BadReadings(f"{self.path}: 读到第 {self.rows} 行之后无法继续：{error}") from error
        self.refused.counts[MALFORMED] += len(self._malformed())

    def _usable(self, chunk: Chunk) -> Readings:
        problem = chunk.numbers("problem")
        keep = problem == 0
        if not keep.all():
            self.refused.add(self.rows, chunk, problem)
        self.rows += len(problem)
        tags, ts, values, good = (chunk.numbers(name)[keep] for name in ("tag", "ts", "value", "good"))
        return Readings(tags.astype(np.uint32), ts.astype(np.int64), values.astype(np.float64), good.astype(np.uint8))

    def report(self) -> Iterator[str]:
        """A line for each reason and its first few rows."""
        malformed = self._malformed()
        for reason, count in sorted(self.refused.counts.items()):
            if count:
                yield f"拒收 {count} 行：{REASONS[reason]}"
        yield from self.refused.lines(self.path, header=self._is_csv, skipped=[line for line, _ in malformed])
        yield from (f"{self.path}:{line}: {REASONS[MALFORMED]} {text!r}" for line, text in malformed[:SHOWN])

    def _malformed(self) -> list[tuple[int, str]]:
        if not self._is_csv:
            return []
        rows = self._db.execute(
            "SELECT line, any_value(csv_line) FROM reject_errors GROUP BY line ORDER BY line"
        ).fetchall()
        return [(int(line), str(text)) for line, text in rows]


def _select(source: str, columns: dict[str, tuple[str, str]]) -> str:
    """The query that turns whatever the file has into numbers, and says of each row what is wrong with it."""
    ts, tag, value = (columns[name][0] for name in REQUIRED)
    quality = f"CAST({columns['quality'][0]} AS VARCHAR)" if "quality" in columns else "''"
    quality = f"coalesce({quality}, '')"
    good, bad = _GOOD.format(quality=quality), _BAD.format(quality=quality)
    return f"""
        SELECT coalesce(tag, 0)::UINTEGER AS tag, coalesce(ts, 0)::BIGINT AS ts, good::UTINYINT AS good,
               CASE WHEN isfinite(value) THEN value ELSE 'nan'::DOUBLE END AS value,
               (CASE WHEN tag IS NULL THEN 1 WHEN ts IS NULL THEN 2 WHEN NOT good AND NOT bad THEN 4
                     WHEN good AND NOT coalesce(isfinite(value), false) THEN 3 ELSE 0 END)::UTINYINT AS problem,
               CASE problem WHEN 0 THEN NULL WHEN 1 THEN tag_text WHEN 2 THEN ts_text WHEN 3 THEN value_text
                            ELSE quality_text END AS text
        FROM (SELECT enum_code(TRY_CAST(CAST({tag} AS VARCHAR) AS tag_name)) AS tag,
                     {_time(ts, columns["ts"][1])} AS ts, TRY_CAST({value} AS DOUBLE) AS value,
                     {good} AS good, {bad} AS bad, CAST({tag} AS VARCHAR) AS tag_text,
                     CAST({ts} AS VARCHAR) AS ts_text, CAST({value} AS VARCHAR) AS value_text, {quality} AS quality_text
              FROM {source})
    """  # noqa: S608 - names and paths are quoted above


def _time(ts: str, kind: str) -> str:
    """Milliseconds since 1970: whole numbers are that already; times without an offset are Beijing time."""
    moment = f"epoch_ms(TRY_CAST({ts} AS TIMESTAMPTZ))"
    if kind == "VARCHAR":
        return f"TRY(CASE WHEN {ts}[5] = '-' THEN {moment} ELSE TRY_CAST({ts} AS BIGINT) END)"
    if kind.startswith(("TIMESTAMP", "DATE")):
        return f"TRY({moment})"
    return f"TRY_CAST({ts} AS BIGINT)"


def _header(path: Path) -> list[str]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            line = file.readline(1 << 20).decode("utf-8-sig")
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
        raise BadReadings(f"{path}:1: 不是 UTF-8 编码的 CSV，也不是 Parquet；请另存为 UTF-8") from error
    return [name.strip() for name in next(csv.reader(io.StringIO(line)), [])]


def _check_columns(path: Path, header: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    doubled = [name for name in (*REQUIRED, "quality") if header.count(name) > 1]
    if missing:
        raise BadReadings(f"{path}:1: 缺少列 {', '.join(missing)}；须有 ts,tag,value，可有 quality")
    if doubled:
        raise BadReadings(f"{path}:1: 列 {', '.join(doubled)} 出现多次；每列只写一次")


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _file(path: Path) -> str:
    """The path as DuckDB text, in which nothing is a pattern."""
    return _text(re.sub(r"([*?\[])", r"[\1]", str(path)))
