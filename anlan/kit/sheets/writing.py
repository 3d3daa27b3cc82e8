"""Write Excel and CSV as a stream: rows go out while they are read, however many there are.

Only what this product needs of the format: typed cells, widths, a frozen heading with a filter, drop-down choices. A
text never becomes a formula: in Excel it is written as text, in CSV an apostrophe leads it where it might be run.
"""

import csv
import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone
from django.utils.functional import Promise

Value = str | int | float | bool | date | datetime | Promise | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DRAIN_BYTES = 64 * 1024
LONGEST_CELL = 32_767
VALIDATED_ROWS = 100_000  # drop-downs of a template reach down to here
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_RUNS = ("=", "+", "-", "@", "\t", "\r")
_EPOCH = datetime.fromisoformat("1899-12-30")
PLAIN, HEAD, MOMENT, DAY, TEXT, HEAD_REQUIRED, WRAPPED = range(7)


@dataclass(frozen=True)
class SheetColumn:
    """A heading. ``text``: what is typed below stays text (codes, telephones). ``choices`` become a drop-down."""

    title: str
    width: int = 16
    required: bool = False
    text: bool = False
    choices: tuple[str, ...] = ()
    hint: str = ""  # shown when a cell of the column is selected


@dataclass(frozen=True)
class Sheet:
    """One sheet: headings and the rows below them."""

    title: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Value]] = ()
    wrapped: bool = False
    hidden: bool = False


def xlsx(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """The bytes of a workbook."""
    whole = [*sheets, *_choices_sheet(sheets)]
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
        for name, content in _frame(whole):
            archive.writestr(name, content)
        for number, sheet in enumerate(whole, start=1):
            with archive.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
                for text in _sheet(sheet):
                    part.write(text.encode())
                    if sink.waiting >= DRAIN_BYTES:
                        yield sink.drain()
    yield sink.drain()


def csv_text(titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The bytes of a CSV file in UTF-8 with the mark that Excel looks for."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(titles)
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
        if buffer.tell() >= DRAIN_BYTES:
            yield buffer.getvalue().encode("utf-8", "replace")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode("utf-8", "replace")


def _csv_cell(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return _local(value).strftime("%Y-%m-%d %H:%M:%S")
    text = str(value)
    return f"'{text}" if text.startswith(_RUNS) else text


class _Sink(io.RawIOBase):
    """Where the archive is written to, and taken from piece by piece. It cannot be sought in."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.waiting = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # whatever has bytes, as of any raw stream
        self._pieces.append(piece)
        self.waiting += len(piece)
        return len(piece)

    def drain(self) -> bytes:
        taken, self._pieces, self.waiting = b"".join(self._pieces), [], 0
        return taken


def _local(value: datetime) -> datetime:
    return timezone.localtime(value).replace(tzinfo=None) if value.tzinfo else value


def letters(number: int) -> str:
    """The name of a column: 1 → A, 27 → AA."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _sheet(sheet: Sheet) -> Iterator[str]:
    last = letters(max(len(sheet.columns), 1))
    yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    yield '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    yield '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
    yield 'state="frozen"/></sheetView></sheetViews><cols>'
    for number, column in enumerate(sheet.columns, start=1):
        style = f' style="{TEXT}"' if column.text else ""
        yield f'<col min="{number}" max="{number}" width="{column.width}"{style} customWidth="1"/>'
    yield "</cols><sheetData>"
    yield _head_row(sheet.columns)
    count = 1
    for count, row in enumerate(sheet.rows, start=2):
        cells = (_cell(f"{letters(at)}{count}", value, wrapped=sheet.wrapped) for at, value in enumerate(row, start=1))
        yield f'<row r="{count}">{"".join(cells)}</row>'
    yield "</sheetData>"
    if count > 1:
        yield f'<autoFilter ref="A1:{last}{count}"/>'
    yield _validations(sheet.columns)
    yield "</worksheet>"


def _head_row(columns: Sequence[SheetColumn]) -> str:
    cells = (
        _text_cell(f"{letters(at)}1", column.title, HEAD_REQUIRED if column.required else HEAD)
        for at, column in enumerate(columns, start=1)
    )
    return f'<row r="1" ht="24" customHeight="1">{"".join(cells)}</row>'


def _cell(name: str, value: Value, *, wrapped: bool) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _text_cell(name, "是" if value else "否", PLAIN)
    if isinstance(value, int | float):
        return f'<c r="{name}"><v>{value!r}</v></c>' if math.isfinite(value) else ""
    if isinstance(value, datetime):
        serial = (_local(value) - _EPOCH).total_seconds() / 86_400
        return f'<c r="{name}" s="{MOMENT}"><v>{serial:.8f}</v></c>'
    if isinstance(value, date):
        return f'<c r="{name}" s="{DAY}"><v>{(value - _EPOCH.date()).days}</v></c>'
    return _text_cell(name, str(value), WRAPPED if wrapped else PLAIN)


def _text_cell(name: str, text: str, style: int) -> str:
    clean = escape(_UNWRITABLE.sub("", text)[:LONGEST_CELL])
    return f'<c r="{name}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{clean}</t></is></c>'


def _validations(columns: Sequence[SheetColumn]) -> str:
    told = [(at, column) for at, column in enumerate(columns, start=1) if column.choices or column.hint]
    if not told:
        return ""
    listed = [column for column in columns if column.choices]
    rules = "".join(_validation(at, column, listed) for at, column in told)
    return f'<dataValidations count="{len(told)}">{rules}</dataValidations>'


def _validation(at: int, column: SheetColumn, listed: Sequence[SheetColumn]) -> str:
    cells = f"{letters(at)}2:{letters(at)}{VALIDATED_ROWS}"
    title, hint = quoteattr(column.title[:32]), quoteattr(column.hint[:255])
    prompt = f' showInputMessage="1" promptTitle={title} prompt={hint}' if column.hint else ""
    if not column.choices:
        return f'<dataValidation allowBlank="1"{prompt} sqref="{cells}"/>'
    source = letters(listed.index(column) + 1)
    formula = f"{CHOICES}!${source}$2:${source}${len(column.choices) + 1}"
    return (
        f'<dataValidation type="list" allowBlank="1" showErrorMessage="1"{prompt} sqref="{cells}">'
        f"<formula1>{formula}</formula1></dataValidation>"
    )


CHOICES = "选项"


def _choices_sheet(sheets: Sequence[Sheet]) -> list[Sheet]:
    """A hidden sheet with the values of all drop-downs, which may be longer than a formula."""
    listed = [column for sheet in sheets[:1] for column in sheet.columns if column.choices]
    if not listed:
        return []
    longest = max(len(column.choices) for column in listed)
    rows = [[c.choices[at] if at < len(c.choices) else None for c in listed] for at in range(longest)]
    return [Sheet(CHOICES, [SheetColumn(column.title) for column in listed], rows, hidden=True)]


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="等线"/></font>'
    '<font><b/><sz val="11"/><name val="等线"/></font></fonts>'
    '<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFEAECF0"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFCBD1DA"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="7">'
    "<xf/>"
    '<xf fontId="1" fillId="2" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="center"/></xf>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/>'
    '<xf numFmtId="49" applyNumberFormat="1"/>'
    '<xf fontId="1" fillId="3" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="center"/></xf>'
    '<xf applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _frame(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str]]:
    """Every part but the sheets themselves."""
    numbers = range(1, len(sheets) + 1)
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
    )
    yield (
        "[Content_Types].xml",
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'{kinds}<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    )
    yield (
        "_rels/.rels",
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    listed = "".join(
        f'<sheet name={quoteattr(_sheet_name(sheet.title))} sheetId="{n}"{_state(sheet)} r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'
    yield "xl/workbook.xml", _XML + book
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    styles = f'<Relationship Id="rId{len(sheets) + 1}" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{related}{styles}</Relationships>',
    )
    yield "xl/styles.xml", _STYLES


def _state(sheet: Sheet) -> str:
    return ' state="hidden"' if sheet.hidden else ""


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", title).strip("'")[:31] or "Sheet"
