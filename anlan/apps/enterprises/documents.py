"""A whole file as an Excel workbook (a sheet for each group) or a Word document (a heading and a table for each)."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from anlan.apps.core.models import Place
from anlan.apps.enterprises import export
from anlan.apps.enterprises.export import Table
from anlan.kit import clock, sheets
from anlan.kit.grants import Viewer

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS = {"xlsx": sheets.XLSX, "docx": DOCX}
NARROW = 6  # columns of a table; wider ones are told row by row
_SHEET_NAME = 31

Progress = Callable[[int, int], None]


def build(viewer: Viewer, place: Place, suffix: str, progress: Progress | None = None) -> bytes:
    """The bytes of the file in a format of :data:`FORMATS`."""
    found = list(export.tables(viewer, place, progress))
    return excel(found) if suffix == "xlsx" else word(place, found)


def excel(found: Sequence[Table]) -> bytes:
    """A sheet for each group with rows, and one that lists all groups first."""
    contents = [(table.branch, _(table.group.name), len(table.rows)) for table in found]
    columns = [sheets.SheetColumn(_("分支")), sheets.SheetColumn(_("组"), 36), sheets.SheetColumn(_("条数"), 8)]
    index = sheets.Sheet(_("目录"), columns, contents)
    return b"".join(sheets.xlsx([index, *(_sheet(table) for table in found if table.rows)]))


def _sheet(table: Table) -> sheets.Sheet:
    texts = ("text", "phone", "cas", "uscc", "choice", "long")
    wide = [field.type in texts for field in table.fields]
    columns = [
        sheets.SheetColumn(title, max(14, 2 * len(title) + 2), text=text)
        for title, text in zip(table.titles, [*wide, True], strict=True)
    ]
    name = _(table.group.name).replace("/", "、")[:_SHEET_NAME]
    return sheets.Sheet(name, columns, table.rows)


def word(place: Place, found: Sequence[Table]) -> bytes:
    """Title, date, then branch by branch; groups without rows are named, not left out."""
    document = _document()
    document.add_heading(_("{name} 安全生产档案").format(name=place.name), 0)
    made = timezone.localtime(clock.now())
    document.add_paragraph(
        _("统一社会信用代码：{code}　导出时间：{time}").format(code=place.code or "—", time=f"{made:%Y-%m-%d %H:%M}")
    )
    branch = ""
    for number, table in enumerate(found, 1):
        if table.branch != branch:
            branch = table.branch
            document.add_heading(_(branch), 1)
        document.add_heading(f"{number}. {_(table.group.name)}", 2)
        _write(document, table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _write(document: Any, table: Table) -> None:
    if not table.rows:
        document.add_paragraph(_("没有登记。"))
    elif len(table.titles) <= NARROW:
        _grid(document, table.titles, [[export.said(value) for value in row] for row in table.rows])
    else:
        for row in table.rows:
            pairs = [(t, export.said(v)) for t, v in zip(table.titles, row, strict=True) if v not in (None, "")]
            _pairs(document, pairs)
            document.add_paragraph()


def _grid(document: Any, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    grid = document.add_table(rows=1, cols=len(titles), style="Table Grid")
    for cell, title in zip(grid.rows[0].cells, titles, strict=True):
        cell.paragraphs[0].add_run(title).bold = True
    _repeat(grid.rows[0])
    for row in rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = text


def _pairs(document: Any, pairs: Sequence[tuple[str, str]]) -> None:
    """Two names and two values a line."""
    grid = document.add_table(rows=0, cols=4, style="Table Grid")
    for start in range(0, len(pairs), 2):
        cells = grid.add_row().cells
        for at, (title, text) in enumerate(pairs[start : start + 2]):
            cells[2 * at].paragraphs[0].add_run(title).bold = True
            cells[2 * at + 1].text = text


def _repeat(row: Any) -> None:
    """Say the heading again on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _document() -> Any:
    """A4 upright, a typeface for Chinese and one for the rest."""
    document = Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = "Times New Roman"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    document.styles["Normal"].font.size = Pt(10.5)
    return document
