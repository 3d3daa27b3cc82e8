"""Read Excel and CSV as people hand them in: bounded, row by row, values as they were meant.

Formulas count by the value that was last calculated. Merged cells count in every row they cover. What cannot be read is
refused before a row is looked at, with a reason and what to do.
"""

import codecs
import csv
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from anlan.kit import files
from anlan.kit.errors import Refused
from anlan.rules.refusal import Refusal

Cell = str | int | float | bool | date | datetime | None
Row = tuple[int, Sequence[Cell]]  # number in the file, from 1

MAX_BYTES = 100 * 2**20
MAX_UNPACKED = 2**30  # of an Excel file [byte]
MAX_SHARED = 200 * 2**20  # of its texts, which are held in memory [byte]
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_MERGES = 20_000
PIECE = 2**20
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class Source:
    """A file that may be read. ``sheet`` is the part of the archive with its first visible sheet."""

    path: Path
    kind: str  # xlsx or csv
    encoding: str = ""
    delimiter: str = ","
    sheet: str = ""
    merges: tuple[tuple[int, int, int, int], ...] = ()  # top, left, bottom, right, from 1


def examine(path: Path) -> Source:
    """What a file is and whether it may be read. Raises Refused."""
    size = path.stat().st_size
    if size == 0:
        raise _refused("file.empty", "文件是空的。", "请重新选择文件。")
    if size > MAX_BYTES:
        raise _refused("file.too_large", "文件超过 {limit} MB。", "请拆分后再上传。", limit=str(MAX_BYTES // 2**20))
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(_OLD_EXCEL):
        fix = "请在 Excel 或 WPS 中另存为 .xlsx（不加密码）后再上传。"
        raise _refused("sheet.old_excel", "这是旧版 .xls 或加了密码的文件。", fix)
    return _examined_xlsx(path) if start.startswith(b"PK") else _examined_csv(path)


def rows(source: Source, width: int = MAX_COLUMNS) -> AbstractContextManager[Iterator[Row]]:
    """The rows that hold anything, in order, their first ``width`` columns; the file is closed in the end."""
    return _excel_rows(source, width) if source.kind == "xlsx" else _csv_rows(source)


def _examined_xlsx(path: Path) -> Source:
    with files.harmless(path, _broken(), MAX_UNPACKED) as archive:
        shared = next((part for part in archive.infolist() if part.filename == "xl/sharedStrings.xml"), None)
        if shared is not None and shared.file_size > MAX_SHARED:
            raise _refused("file.bomb", "文件解压后过大。", "请检查文件，另存后再上传。")
        if "xl/workbook.xml" not in archive.namelist():
            raise _refused("sheet.no_workbook", "这不是 Excel 工作簿。", "请上传 .xlsx 或 .csv 文件。")
        sheet = _first_sheet(path)
        return Source(path, "xlsx", sheet=sheet, merges=_merges(archive, sheet))


def _first_sheet(path: Path) -> str:
    """The part that holds the first sheet people can see."""
    with _workbook(path) as book:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise _refused("sheet.no_sheet", "文件里没有可见的工作表。", "请把数据放在第一个工作表。")
        return str(sheets[0]._worksheet_path).lstrip("/")


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:
    from openpyxl import load_workbook  # only here: no other process waits a fifth of a second for it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that do not matter here
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, ParseError, zipfile.BadZipFile, TypeError) as error:
        raise _broken() from error
    try:
        yield book
    finally:
        book.close()


def _merges(archive: zipfile.ZipFile, sheet: str) -> tuple[tuple[int, int, int, int], ...]:
    """Merged ranges, which stand behind the rows."""
    found: set[tuple[int, int, int, int]] = set()
    rest = b""
    with archive.open(sheet) as part:
        while piece := part.read(PIECE):
            rest = rest[-100:] + piece
            for left, top, right, bottom in _MERGE.findall(rest):
                found.add((int(top), _number(left), int(bottom), _number(right)))
            if len(found) > MAX_MERGES:
                fix = "请取消合并单元格后再上传。"
                raise _refused("sheet.too_many_merges", "合并单元格超过 {limit} 处。", fix, limit=str(MAX_MERGES))
    return tuple(sorted(found))


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


@contextmanager
def _excel_rows(source: Source, width: int) -> Iterator[Iterator[Row]]:
    with _workbook(source.path) as book:
        sheet = next(one for one in book.worksheets if one.sheet_state == "visible")
        sheet.reset_dimensions()
        yield _spread(_bounded(_excel(sheet, width)), source.merges)


def _excel(sheet: Any, width: int) -> Iterator[Row]:
    try:
        for number, values in enumerate(sheet.iter_rows(max_col=width, values_only=True), start=1):
            cells = [_meant(value) for value in values]
            while cells and cells[-1] is None:
                cells.pop()
            if cells:
                yield number, cells
    except (ParseError, ValueError, KeyError, IndexError, OverflowError, zipfile.BadZipFile, EOFError) as error:
        raise _broken() from error


def _meant(value: Any) -> Cell:
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, time):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | date):
        return value
    return str(value)


def _bounded(found: Iterator[Row]) -> Iterator[Row]:
    for count, row in enumerate(found):
        if count > MAX_ROWS:
            fix = "请拆分成几个文件。"
            raise _refused("sheet.too_many_rows", "超过 {limit} 行。", fix, limit=f"{MAX_ROWS:,}".replace(",", " "))
        yield row


def _spread(found: Iterator[Row], merges: Sequence[tuple[int, int, int, int]]) -> Iterator[Row]:
    """Give every row of a merged range the value of its first cell. Ranges across one row only are headlines."""
    tall = [merge for merge in merges if merge[2] > merge[0]]
    held: dict[tuple[int, int, int, int], Cell] = {}
    at = 0
    for number, cells in found:
        while at < len(tall) and tall[at][0] <= number:
            top, left, _, _ = tall[at]
            held[tall[at]] = cells[left - 1] if top == number and left <= len(cells) else None
            at += 1
        held = {merge: value for merge, value in held.items() if merge[2] >= number}
        yield number, _filled(cells, held) if held else cells


def _filled(cells: Sequence[Cell], held: dict[tuple[int, int, int, int], Cell]) -> Sequence[Cell]:
    filled = list(cells)
    for (_, left, _, _), value in held.items():
        filled += [None] * (left - len(filled))
        if filled[left - 1] is None:
            filled[left - 1] = value
    return filled


def _examined_csv(path: Path) -> Source:
    for encoding in _encodings(path):
        if _decodes(path, encoding):
            with path.open(encoding=encoding, newline="") as file:
                return Source(path, "csv", encoding, _delimiter(file.read(4096)))
    raise _refused("sheet.not_text", "既不是 Excel 也不是 CSV 文件。", "请上传 .xlsx，或 UTF-8、GB18030 编码的 .csv。")


def _encodings(path: Path) -> tuple[str, ...]:
    with path.open("rb") as file:
        start = file.read(2)
    return ("utf-16",) if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else _ENCODINGS


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                if "\0" in decoder.decode(piece):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: str) -> str:
    """The sign that stands most often in the first line."""
    line = text.split("\n", 1)[0]
    return max(",\t;", key=line.count)


@contextmanager
def _csv_rows(source: Source) -> Iterator[Iterator[Row]]:
    with source.path.open(encoding=source.encoding, newline="") as file:
        yield _bounded(_csv(csv.reader(file, delimiter=source.delimiter)))


def _csv(reader: Any) -> Iterator[Row]:
    try:
        for number, values in enumerate(reader, start=1):
            cells = [_unquoted(value) or None for value in values[:MAX_COLUMNS]]
            if any(cells):
                yield number, cells
    except csv.Error as error:
        raise _broken() from error


def _unquoted(value: str) -> str:
    """Without the apostrophe that keeps a text from being run, as this product writes it."""
    text = value.strip()
    return text[1:] if text[:2] in ("'=", "'+", "'-", "'@") else text


def _broken() -> Refused:
    return _refused("sheet.broken", "文件不完整或已损坏，读不出来。", "请用 Excel 或 WPS 打开后另存，再上传。")


def _refused(code: str, message: str, fix: str, **params: str) -> Refused:
    return Refused(Refusal(code, message, fix, params))
