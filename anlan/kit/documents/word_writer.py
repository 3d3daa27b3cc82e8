"""A document as Word: styles, contents that Word can renew, tables that repeat their head, pages numbered."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document as new_document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor

from anlan.kit.documents.model import (
    TINTS,
    Block,
    Break,
    Cell,
    Document,
    Grid,
    Heading,
    Pairs,
    Picture,
    Words,
    contents,
    lines_of,
)

WIDTH = 17.0  # of the text [cm]
LATIN, SONG, HEI = "Times New Roman", "宋体", "黑体"
INK, SOFT = RGBColor(0x1A, 0x20, 0x29), RGBColor(0x5B, 0x62, 0x6C)
HEAD = "EEF0F2"
SIZES = {"Normal": 10.5, "Title": 20, "Heading 1": 15, "Heading 2": 12.5, "Heading 3": 11, "List Bullet": 10.5}


def word(document: Document) -> bytes:
    """The bytes of the document."""
    file = _sheet()
    file.core_properties.title, file.core_properties.author = document.title, "安澜"
    _margins(file, document)
    file.add_heading(document.title, 0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    line = file.add_paragraph(document.subtitle or document.written)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if document.cover:
        _pairs(file, Pairs(document.cover))
    if document.contents:
        _contents(file, document)
    for number, block in enumerate(document.blocks):
        _add(file, block, number)
    return _saved(file)


def _sheet() -> Any:
    """An empty document: A4 upright, a typeface for Chinese and one for the rest."""
    file = new_document()
    section = file.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    for name, size in SIZES.items():
        style = file.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = LATIN, Pt(size), INK
        faces = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            faces.attrib.pop(qn(f"w:{theme}"), None)
        faces.set(qn("w:eastAsia"), HEI if name.startswith(("Title", "Heading")) else SONG)
    return file


def _saved(file: Any) -> bytes:
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def _add(file: Any, block: Block, number: int) -> None:
    match block:
        case Heading():
            _mark(file.add_heading(block.text, block.level), number)
        case Words(text, kind):
            _words(file, text, kind)
        case Picture():
            file.add_picture(BytesIO(block.png), width=Cm(block.width))
            _keep(file.paragraphs[-1])
            _soft(file.add_paragraph(), block.caption).alignment = WD_ALIGN_PARAGRAPH.CENTER
        case Break():
            file.add_page_break()
        case Pairs():
            _caption(file, block.caption)
            _pairs(file, block)
            file.add_paragraph()
        case Grid():
            _caption(file, block.caption)
            _grid(file, block)
            file.add_paragraph()


def _words(file: Any, text: str, kind: str) -> None:
    if kind == "note":
        _soft(file.add_paragraph(), text)
    elif kind == "point":
        file.add_paragraph(text, style="List Bullet")
    else:
        file.add_paragraph().add_run(text).bold = kind == "strong"


def _soft(paragraph: Any, text: str) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(9), SOFT
    return paragraph


def _caption(file: Any, text: str) -> None:
    if text:
        _keep(_soft(file.add_paragraph(), text))


def _keep(paragraph: Any) -> None:
    paragraph.paragraph_format.keep_with_next = True


def _grid(file: Any, block: Grid) -> None:
    shares = list(block.widths) or [1.0] * len(block.head)
    widths = [Cm(WIDTH * share / sum(shares)) for share in shares]
    made = _table(file, len(block.head), widths)
    rows = [made.rows[0], *(made.add_row() for _ in block.rows)]
    for row, texts in zip(rows, [block.head, *block.rows], strict=True):
        _row(row, texts, widths, block)
    for cell in rows[0].cells:
        _tint(cell, HEAD)
        for run in cell.paragraphs[0].runs:
            run.bold = True
    _property(rows[0], "w:tblHeader")


def _row(row: Any, texts: Sequence[str | Cell], widths: Sequence[Any], block: Grid) -> None:
    _property(row, "w:cantSplit")
    for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.width = widths[column]
        _write(cell, text.text if isinstance(text, Cell) else text)
        if isinstance(text, Cell):
            _tint(cell, TINTS[text.level].lstrip("#"))
        if column in block.right:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _pairs(file: Any, block: Pairs) -> None:
    widths = [Cm(2.9), Cm(5.6), Cm(2.9), Cm(5.6)]
    made = _table(file, 4, widths, rows=0)
    for line in lines_of(block.pairs):
        row = made.add_row()
        _property(row, "w:cantSplit")
        cells = row.cells
        for cell, width in zip(cells, widths, strict=True):
            cell.width = width
        for at, (name, text) in enumerate(line):
            _tint(cells[2 * at], HEAD)
            _write(cells[2 * at], name)
            _write(cells[2 * at + 1], text)
        if len(line) == 1:
            cells[1].merge(cells[3])


def _table(file: Any, columns: int, widths: Sequence[Any], rows: int = 1) -> Any:
    made = file.add_table(rows=rows, cols=columns, style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    return made


def _write(cell: Any, text: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.add_run(text).font.size = Pt(9)


def _tint(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)):
        shade.set(qn(name), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _property(row: Any, name: str) -> None:
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


# ------------------------------------------------------------------ contents


def _contents(file: Any, document: Document) -> None:
    """A field that Word renews, holding the headings as links for readers that do not renew it."""
    title = file.add_paragraph()
    title.add_run("目录").bold = True
    heads = list(contents(document))
    for place, (number, heading) in enumerate(heads):
        line = file.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        line.paragraph_format.left_indent = Cm(0.6 * (heading.level - 1))
        if place == 0:
            _field_part(line, "begin")
            _instruction(line, 'TOC \\o "1-2" \\h \\z \\u')
            _field_part(line, "separate")
        line._p.append(_link(heading.text, f"h{number}"))
        if place == len(heads) - 1:
            _field_part(line, "end")
    file.add_page_break()


def _link(text: str, target: str) -> Any:
    link, run, words = OxmlElement("w:hyperlink"), OxmlElement("w:r"), OxmlElement("w:t")
    link.set(qn("w:anchor"), target)
    words.text = text
    run.append(words)
    link.append(run)
    return link


def _mark(heading: Any, number: int) -> None:
    """A bookmark that the contents lead to."""
    for name in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(name)
        mark.set(qn("w:id"), str(number))
        if name == "w:bookmarkStart":
            mark.set(qn("w:name"), f"h{number}")
        heading._p.append(mark)


def _margins(file: Any, document: Document) -> None:
    section = file.sections[0]
    if document.mark:
        _soft(section.header.paragraphs[0], document.mark).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _soft(foot, f"{document.title}　第 ")
    _field(foot, "PAGE")
    _soft(foot, " 页，共 ")
    _field(foot, "NUMPAGES")
    _soft(foot, " 页")


def _field(paragraph: Any, code: str) -> None:
    _field_part(paragraph, "begin")
    _instruction(paragraph, code)
    _field_part(paragraph, "separate")
    _soft(paragraph, "1")
    _field_part(paragraph, "end")


def _field_part(paragraph: Any, kind: str) -> None:
    part = OxmlElement("w:fldChar")
    part.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(part)


def _instruction(paragraph: Any, code: str) -> None:
    words = OxmlElement("w:instrText")
    words.set(qn("xml:space"), "preserve")
    words.text = f" {code} "
    paragraph.add_run()._r.append(words)
