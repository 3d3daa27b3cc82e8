"""TAGS files: a CSV of alarm rules, read strictly. Every error is said, with file and line."""

import csv
import itertools
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from anlan.kernels.detect import RULES

LIMITS = ("ll", "l", "h", "hh")  # from low to high
LOW = ("ll", "l")
NOT_NEGATIVE = ("deadband", "on_delay_s", "off_delay_s")
TIMES = {"on_delay_s": "on_delay_ms", "off_delay_s": "off_delay_ms", "missing_s": "missing_ms"}
NOT_BUILT = ("roc_per_s", "stuck_eps", "stuck_s", "range_low", "range_high")
COLUMNS = ("tag", "hh", "h", "l", "ll", *NOT_NEGATIVE, "roc_per_s", "stuck_eps", "stuck_s", "missing_s", *NOT_BUILT[3:])
LONGEST_S = 10 * 366 * 86400


class BadTags(ValueError):
    """The file's errors, one a line, each with file and line number."""


@dataclass(frozen=True)
class TagRules:
    """Tags in the order of their names, and the rules of each."""

    names: list[str]
    rules: npt.NDArray[np.void]


def read(path: Path) -> TagRules:
    """Read a TAGS file.

    Raises
    ------
    BadTags
        What is wrong where, and what to write instead.
    OSError
        The file cannot be opened.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            return _parse(path, lines.read())
    except UnicodeDecodeError as error:
        raise BadTags(f"{path}: 不是 UTF-8 编码；请另存为 UTF-8") from error


def _parse(path: Path, text: str) -> TagRules:
    reader = csv.reader(text.splitlines(), strict=True)
    errors: list[str] = []
    found: dict[str, tuple[int, dict[str, float]]] = {}
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(path, header)
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            line = reader.line_num
            tag, numbers, wrong = _row(header, row)
            if tag in found:
                wrong.append(f"点位 {tag} 在第 {found[tag][0]} 行已有；每个点位只写一行")
            errors += [f"{path}:{line}: {message}" for message in wrong]
            found.setdefault(tag, (line, numbers))
    except csv.Error as error:
        errors.append(f"{path}:{reader.line_num}: 不是合法的 CSV：{error}")
    if not errors and not found:
        errors.append(f"{path}:1: 没有任何点位")
    if errors:
        raise BadTags("\n".join(errors))
    names = sorted(found)
    return TagRules(names, _table([found[name][1] for name in names]))


def _check_header(path: Path, header: list[str]) -> None:
    unknown = [name for name in header if name not in COLUMNS]
    doubled = sorted({name for name in header if header.count(name) > 1})
    if "tag" not in header:
        raise BadTags(f"{path}:1: 缺少列 tag；第一行须是列名：{','.join(COLUMNS)}")
    if unknown:
        raise BadTags(f"{path}:1: 未知的列 {', '.join(map(repr, unknown))}；可用的列：{','.join(COLUMNS)}")
    if doubled:
        raise BadTags(f"{path}:1: 列 {', '.join(doubled)} 出现多次；每列只写一次")


def _row(header: list[str], row: list[str]) -> tuple[str, dict[str, float], list[str]]:
    """Name, numbers and errors of a line."""
    if len(row) != len(header):
        return row[0], {}, [f"有 {len(row)} 格，列名有 {len(header)} 个；请补齐或去掉多余的格"]
    cells = dict(zip(header, row, strict=True))
    tag = cells.pop("tag")
    wrong = [] if tag.strip() else ["tag 是空的；请填点位名"]
    numbers: dict[str, float] = {}
    for name, cell in cells.items():
        if not cell.strip():
            continue
        try:
            numbers[name] = _number(name, cell)
        except ValueError as error:
            wrong.append(f"{name}: {error}")
    return tag, numbers, wrong + _order(numbers)


def _number(name: str, cell: str) -> float:
    if name in NOT_BUILT:
        raise ValueError(f"值 {cell!r}：此规则尚未实现；请留空")
    try:
        number = float(cell)
    except ValueError:
        raise ValueError(f"{cell!r} 不是数字；请填数字，没有则留空") from None
    if not math.isfinite(number):
        raise ValueError(f"{cell!r} 不是有限的数；没有此限请留空")
    if name in NOT_NEGATIVE and number < 0:
        raise ValueError(f"{cell} 是负数；请填 0 或正数")
    if name == "missing_s" and number < 0.001:
        raise ValueError(f"{cell} 不大于 0；没有此规则请留空")
    if name in TIMES and number > LONGEST_S:
        raise ValueError(f"{cell} 秒超过十年；单位是秒")
    return number


def _order(numbers: dict[str, float]) -> list[str]:
    """LL <= L < H <= HH, as far as they are there."""
    given = [(name, numbers[name]) for name in LIMITS if name in numbers]
    return [
        f"{low}={a:g} 与 {high}={b:g} 次序不对；须 ll ≤ l < h ≤ hh"
        for (low, a), (high, b) in itertools.pairwise(given)
        if a > b or (a == b and (low in LOW) != (high in LOW))
    ]


def _table(rows: list[dict[str, float]]) -> npt.NDArray[np.void]:
    table = np.zeros(len(rows), RULES)
    for name in LIMITS:
        table[name] = [row.get(name, math.nan) for row in rows]
    table["deadband"] = [row.get("deadband", 0.0) for row in rows]
    for name, field in TIMES.items():
        table[field] = [round(row.get(name, 0.0) * 1000) for row in rows]
    return table
