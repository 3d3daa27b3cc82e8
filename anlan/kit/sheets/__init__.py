"""Excel and CSV, in and out: read with suspicion, written as a stream, handed back with the bad rows marked."""

from anlan.kit.sheets import values
from anlan.kit.sheets.heads import REMARK, SEARCHED_ROWS, Head, find
from anlan.kit.sheets.marking import mark
from anlan.kit.sheets.reading import Cell, Row, Source, examine, rows
from anlan.kit.sheets.values import Unreadable
from anlan.kit.sheets.writing import XLSX, Sheet, SheetColumn, csv_text, xlsx

__all__ = [
    "REMARK",
    "SEARCHED_ROWS",
    "XLSX",
    "Cell",
    "Head",
    "Row",
    "Sheet",
    "SheetColumn",
    "Source",
    "Unreadable",
    "csv_text",
    "examine",
    "find",
    "mark",
    "rows",
    "values",
    "xlsx",
]
