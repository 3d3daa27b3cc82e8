"""A whole file as an Excel workbook (a sheet for each group) or a Word document (a heading and a table for each)."""

from collections.abc import Callable, Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.apps.core.models import Place
from anlan.apps.enterprises import export
from anlan.apps.enterprises.export import Table
from anlan.kit import clock, documents, sheets
from anlan.kit.documents import DOCX, Block, Document, Grid, Heading, Pairs, Words
from anlan.kit.grants import Viewer

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
    made = timezone.localtime(clock.now())
    code = _("统一社会信用代码：{code}　导出时间：{time}").format(code=place.code or "—", time=f"{made:%Y-%m-%d %H:%M}")
    title = _("{name} 安全生产档案").format(name=place.name)
    return documents.word(Document(title, made.date(), tuple(_blocks(found)), subtitle=code))


def _blocks(found: Sequence[Table]) -> Iterator[Block]:
    branch = ""
    for number, table in enumerate(found, 1):
        if table.branch != branch:
            branch = table.branch
            yield Heading(_(branch))
        yield Heading(f"{number}. {_(table.group.name)}", 2)
        yield from _rows(table)


def _rows(table: Table) -> Iterator[Block]:
    """A table where it is narrow, else names and values row by row."""
    if not table.rows:
        yield Words(_("没有登记。"))
    elif len(table.titles) <= NARROW:
        yield Grid(table.titles, [[export.said(value) for value in row] for row in table.rows])
    else:
        for row in table.rows:
            yield Pairs([(t, export.said(v)) for t, v in zip(table.titles, row, strict=True) if v not in (None, "")])
