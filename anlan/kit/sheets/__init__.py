"""Excel and CSV, in and out: read with suspicion, written as a stream, handed back with the bad rows marked."""

from anlan.kit.sheets.writing import XLSX, Sheet, SheetColumn, csv_text, xlsx

__all__ = ["XLSX", "Sheet", "SheetColumn", "csv_text", "xlsx"]
