"""A document as PDF: cover, contents with page numbers and bookmarks, tables that repeat their head."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from reportlab import rl_config  # type: ignore[import-untyped]  # ships no types
from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]  # ships no types
from reportlab.lib.enums import TA_CENTER, TA_RIGHT  # type: ignore[import-untyped]  # ships no types
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]  # ships no types
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]  # ships no types
from reportlab.lib.units import cm  # type: ignore[import-untyped]  # ships no types
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]  # ships no types
from reportlab.platypus import (  # type: ignore[import-untyped]  # ships no types
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)
from reportlab.platypus.tableofcontents import TableOfContents  # type: ignore[import-untyped]  # ships no types

from anlan.kit.documents import fonts
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
    lines_of,
    wide,
)

MARGIN, WIDTH, TALLEST = 2.0 * cm, 17.0 * cm, 20.0 * cm
INK, SOFT, LINE, HEAD = HexColor("#1A2029"), HexColor("#5B626C"), HexColor("#C3C8CE"), HexColor("#EEF0F2")
#: Tables up to so many rows keep with their caption on one page.
SHORT = 8
TITLE = 42  # columns that fit on a line of the largest size
CELL_PAD = 3
#: Pictures as bytes, not as text: a quarter smaller, and ReportLab turns them to text in plain Python (0.3 s a map).
rl_config.useA85 = 0


def pdf(document: Document) -> bytes:
    """The bytes of the document."""
    fonts.registered()
    out = BytesIO()
    template = _Template(out, document)
    story = [*_cover(document), *_story(document.blocks)]
    template.multiBuild(story, canvasmaker=_numbered(document))
    return out.getvalue()


def _story(blocks: Sequence[Block]) -> Iterator[Flowable]:
    """A heading goes over to the next page where what it heads would not fit below it."""
    for number, block in enumerate(blocks):
        if isinstance(block, Heading):
            yield CondPageBreak(_room(blocks[number : number + 4]))
        yield from _parts(block, number)


def _room(blocks: Sequence[Block]) -> float:
    """What a heading wants below itself: the headings and short words that follow, and the first of anything else."""
    wanted = 0.0
    for block in blocks:
        if isinstance(block, Picture):
            return float(wanted + _image(block).drawHeight + cm)
        if isinstance(block, Pairs):
            return float(wanted + min(sum(map(_lines_tall, lines_of(block.pairs))) + 1.2, 16) * cm)
        if isinstance(block, Grid):
            return float(wanted + min(len(block.rows) + 2, 6) * 0.7 * cm)
        wanted += 1.2 * cm
    return wanted


def _lines_tall(pairs: Sequence[tuple[str, str]]) -> float:
    """How tall a line of pairs will be, roughly [cm]."""
    room = 84 if len(pairs) == 1 else 34
    return max(0.45 * -(-wide(value) // room) + 0.3 for _, value in pairs)


@cache
def style(name: str) -> ParagraphStyle:
    """One of a handful of styles of paragraphs."""
    base = ParagraphStyle("plain", fontName=fonts.NAME, fontSize=10, leading=16, wordWrap="CJK", textColor=INK)
    more: dict[str, dict[str, Any]] = {
        "plain": {"spaceAfter": 4},
        "strong": {"spaceAfter": 4, "fontSize": 11, "leading": 17},
        "point": {"spaceAfter": 3, "leftIndent": 14, "bulletIndent": 2},
        "note": {"fontSize": 8.5, "leading": 13, "textColor": SOFT, "spaceAfter": 4},
        "title": {"fontSize": 22, "leading": 32, "alignment": TA_CENTER, "spaceAfter": 6},
        "long": {"fontSize": 17, "leading": 26, "alignment": TA_CENTER, "spaceAfter": 6},
        "subtitle": {"fontSize": 13, "leading": 20, "alignment": TA_CENTER, "textColor": SOFT, "spaceAfter": 14},
        "h1": {"fontSize": 15, "leading": 22, "spaceBefore": 14, "spaceAfter": 6},
        "h2": {"fontSize": 12, "leading": 18, "spaceBefore": 8, "spaceAfter": 4},
        "caption": {"fontSize": 9, "leading": 13, "alignment": TA_CENTER, "textColor": SOFT, "spaceAfter": 8},
        "above": {
            "fontSize": 9,
            "leading": 13,
            "textColor": SOFT,
            "spaceBefore": 4,
            "spaceAfter": 3,
            "keepWithNext": 1,
        },
        "cell": {"fontSize": 8.5, "leading": 12},
        "number": {"fontSize": 8.5, "leading": 12, "alignment": TA_RIGHT},
        "name": {"fontSize": 8.5, "leading": 12, "textColor": SOFT},
        "toc0": {"fontSize": 10.5, "leading": 18},
        "toc1": {"fontSize": 9.5, "leading": 15, "leftIndent": 14, "textColor": SOFT},
    }
    return ParagraphStyle(name, parent=base, **more[name])


class _Head(Paragraph):  # type: ignore[misc]  # ReportLab ships no types
    """A heading that tells the table of contents and the bookmarks where it came to stand."""

    def __init__(self, heading: Heading, key: str) -> None:
        super().__init__(fonts.markup(heading.text), style(f"h{heading.level}"))
        self.heading, self.key = heading, key


class _Template(BaseDocTemplate):  # type: ignore[misc]
    def __init__(self, out: BytesIO, document: Document) -> None:
        super().__init__(
            out, pagesize=A4, title=document.title, author="安澜", subject=document.subtitle,
            leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        )  # fmt: skip
        frame = Frame(MARGIN, MARGIN, WIDTH, A4[1] - 2 * MARGIN, 0, 0, 0, 0)
        self.addPageTemplates(PageTemplate("page", [frame]))

    def afterFlowable(self, flowable: Flowable) -> None:
        if isinstance(flowable, _Head):
            level = flowable.heading.level - 1
            self.canv.bookmarkPage(flowable.key)
            self.canv.addOutlineEntry(flowable.heading.text, flowable.key, level, closed=level > 0)
            self.notify("TOCEntry", (level, fonts.markup(flowable.heading.text), self.page, flowable.key))


def _numbered(document: Document) -> Callable[..., Canvas]:
    """A canvas that writes title, mark, page and number of pages on every page, once all are known."""

    @dataclass
    class Page:
        state: dict[str, Any]

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._kept: list[Page] = []

        def showPage(self) -> None:
            self._kept.append(Page(dict(self.__dict__)))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._kept, 1):
                self.__dict__.update(page.state)
                _margins(self, document, number, len(self._kept))
                super().showPage()
            super().save()

    return Numbered


def _margins(canvas: Canvas, document: Document, number: int, pages: int) -> None:
    canvas.setFont(fonts.NAME, 8)
    canvas.setFillColor(SOFT)
    foot = 1.15 * cm
    canvas.drawRightString(A4[0] - MARGIN, foot, f"第 {number} 页，共 {pages} 页")
    canvas.drawString(MARGIN, foot, f"{document.title}　{document.written}"[:60])
    if document.mark:
        canvas.drawRightString(A4[0] - MARGIN, A4[1] - 1.2 * cm, document.mark)


def _cover(document: Document) -> list[Flowable]:
    """Title, what is said of the document, contents; a long document begins its text on a new page."""
    story: list[Flowable] = [
        Paragraph(fonts.markup(document.title), style("title" if wide(document.title) <= TITLE else "long"))
    ]
    story.append(Paragraph(fonts.markup(document.subtitle or document.written), style("subtitle")))
    if document.cover:
        story += [_pairs(Pairs(document.cover)), Spacer(1, 10)]
    if document.contents:
        table = TableOfContents(dotsMinLevel=0)
        table.levelStyles = [style("toc0"), style("toc1")]
        story += [Paragraph("目录", style("h1")), table, PageBreak()]
    return story


def _parts(block: Block, number: int) -> list[Flowable]:
    match block:
        case Heading():
            return [_Head(block, f"h{number}")]
        case Words(text, "point"):
            return [Paragraph(fonts.markup(text), style("point"), bulletText="•")]
        case Words(text, kind):
            return [Paragraph(fonts.markup(text), style(kind))]
        case Picture():
            return [KeepTogether([_image(block), Paragraph(fonts.markup(block.caption), style("caption"))])]
        case Break():
            return [PageBreak()]
        case Pairs():
            return [KeepTogether([*_above(block.caption), _pairs(block)]), Spacer(1, 8)]
        case Grid():
            parts = [*_above(block.caption), _grid(block)]
            return [KeepTogether(parts) if len(block.rows) <= SHORT else _flow(parts), Spacer(1, 8)]


def _flow(parts: list[Flowable]) -> Flowable:
    """A caption that stays with the beginning of a table which may go on over pages."""
    return parts[0] if len(parts) == 1 else _Captioned(*parts)


class _Captioned(Flowable):  # type: ignore[misc]
    """Splits as its table does; the first piece keeps the caption."""

    def __init__(self, caption: Paragraph, table: Table) -> None:
        super().__init__()
        self.caption, self.table = caption, table

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.room = self.caption.wrap(width, height)[1] + 3
        return width, self.room + self.table.wrap(width, height)[1]

    def split(self, width: float, height: float) -> list[Flowable]:
        self.room = self.caption.wrap(width, height)[1] + 3
        pieces = self.table.split(width, height - self.room)
        return [_Captioned(self.caption, pieces[0]), *pieces[1:]] if pieces else []

    def draw(self) -> None:
        whole = self.table.wrap(WIDTH, A4[1])[1]
        self.caption.drawOn(self.canv, 0, whole + 3)
        self.table.drawOn(self.canv, 0, 0)


def _above(caption: str) -> list[Flowable]:
    return [Paragraph(fonts.markup(caption), style("above"))] if caption else []


def _image(block: Picture) -> Flowable:
    image = Image(BytesIO(block.png))
    scale = min(block.width * cm / image.imageWidth, TALLEST / image.imageHeight)
    image.drawWidth, image.drawHeight = image.imageWidth * scale, image.imageHeight * scale
    return image


def _grid(block: Grid) -> Flowable:
    shares = list(block.widths) or [1.0] * len(block.head)
    names = ["number" if column in block.right else "cell" for column in range(len(block.head))]
    rows = [[_cell(text, names[column]) for column, text in enumerate(row)] for row in (block.head, *block.rows)]
    tints = [
        ("BACKGROUND", (column, line), (column, line), HexColor(TINTS[cell.level]))
        for line, row in enumerate(block.rows, 1)
        for column, cell in enumerate(row)
        if isinstance(cell, Cell)
    ]
    widths = [WIDTH * share / sum(shares) for share in shares]
    return _table(rows, widths, [("BACKGROUND", (0, 0), (-1, 0), HEAD), *tints], heads=1)


def _cell(text: str | Cell, name: str) -> Paragraph:
    return Paragraph(fonts.markup(text.text if isinstance(text, Cell) else text), style(name))


def _pairs(block: Pairs) -> Flowable:
    rows, spans = [], []
    for line, pairs in enumerate(lines_of(block.pairs)):
        cells = [one for name, text in pairs for one in (_cell(name, "name"), _cell(text, "cell"))]
        if len(pairs) == 1:
            cells += ["", ""]
            spans.append(("SPAN", (1, line), (3, line)))
        rows.append(cells)
    told = list(lines_of(block.pairs))
    heads = [
        ("BACKGROUND", (2 * at, line), (2 * at, line), HEAD)
        for line, pairs in enumerate(told)
        for at in range(len(pairs))
    ]
    return _table(rows, [2.9 * cm, 5.6 * cm, 2.9 * cm, 5.6 * cm], [*heads, *spans])


def _table(rows: Sequence[Any], widths: Sequence[float], more: Sequence[Any], heads: int = 0) -> Table:
    rules = [
        ("GRID", (0, 0), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *((side, (0, 0), (-1, -1), CELL_PAD) for side in ("TOPPADDING", "BOTTOMPADDING")),
        *((side, (0, 0), (-1, -1), CELL_PAD + 1) for side in ("LEFTPADDING", "RIGHTPADDING")),
    ]
    return Table(rows, colWidths=widths, repeatRows=heads, style=[*rules, *more], hAlign="LEFT")
