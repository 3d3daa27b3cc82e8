"""Hand a file back as it came, with each bad row coloured and explained in an added column.

An Excel file keeps everything it had: only the rows in question, one column and the styles are touched, row by row,
whatever its size. A CSV file keeps its encoding.
"""

import copy
import csv
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree as ET
from xml.sax import make_parser
from xml.sax.handler import feature_external_ges, feature_external_pes
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from anlan.kit.sheets.heads import REMARK, Head
from anlan.kit.sheets.reading import PIECE, Source
from anlan.kit.sheets.writing import LONGEST_CELL, letters

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FILL = "FFFFE8A3"
_WIDTH = "60"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


def mark(source: Source, head: Head, remarks: Mapping[int, str], target: Path) -> None:
    """Write the file to ``target`` with the remark of each row (by its number) beside it."""
    if source.kind == "csv":
        _mark_csv(source, head, remarks, target)
        return
    with zipfile.ZipFile(source.path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        styles, plain = _styles(old)
        for part in old.infolist():
            with new.open(zipfile.ZipInfo(part.filename, part.date_time), "w", force_zip64=True) as out:
                if part.filename == source.sheet:
                    _mark_sheet(old.open(part), out, _Marker(out, head, remarks, plain))  # type: ignore[arg-type]
                elif part.filename == "xl/styles.xml":
                    out.write(styles)
                else:
                    _copy(old.open(part), out)


def _copy(source: object, out: object) -> None:
    while piece := source.read(PIECE):  # type: ignore[attr-defined]  # two open parts of archives
        out.write(piece)  # type: ignore[attr-defined]


def _mark_csv(source: Source, head: Head, remarks: Mapping[int, str], target: Path) -> None:
    at = head.remark if head.remark is not None else head.width
    with (
        source.path.open(encoding=source.encoding, newline="") as old,
        target.open("w", encoding=source.encoding, newline="") as new,
    ):
        writer = csv.writer(new, delimiter=source.delimiter)
        for number, cells in enumerate(csv.reader(old, delimiter=source.delimiter), start=1):
            said = REMARK if number == head.row else remarks.get(number, "")
            if said or head.remark is not None:
                cells += [""] * (at + 1 - len(cells))
                cells[at] = said
            writer.writerow(cells)


def _styles(archive: zipfile.ZipFile) -> tuple[bytes, int]:
    """The styles with a coloured twin of each, and how many there were: the twin of style n is n + that many."""
    ET.register_namespace("", _MAIN)
    raw = archive.read("xl/styles.xml") if "xl/styles.xml" in archive.namelist() else b""
    if not raw:
        return raw, 0
    for prefix, address in re.findall(rb'xmlns:(\w+)="([^"]+)"', raw):
        ET.register_namespace(prefix.decode(), address.decode())
    root = ET.fromstring(raw)  # noqa: S314 - bounded above, and expat refuses to blow up entities
    fills, formats = root.find(f"{{{_MAIN}}}fills"), root.find(f"{{{_MAIN}}}cellXfs")
    if fills is None or formats is None:
        return raw, 0
    fill = ET.SubElement(ET.SubElement(fills, f"{{{_MAIN}}}fill"), f"{{{_MAIN}}}patternFill", patternType="solid")
    ET.SubElement(fill, f"{{{_MAIN}}}fgColor", rgb=_FILL)
    plain = len(formats)
    for one in list(formats):
        twin = copy.deepcopy(one)
        twin.attrib.update(fillId=str(len(fills) - 1), applyFill="1")
        formats.append(twin)
    fills.set("count", str(len(fills)))
    formats.set("count", str(len(formats)))
    return ET.tostring(root, "utf-8", xml_declaration=True), plain


def _mark_sheet(part: BinaryIO, out: BinaryIO, marker: "_Marker") -> None:
    parser = make_parser()  # noqa: S317 - bounded by reading.examine; no entity leads outside
    parser.setFeature(feature_external_ges, False)
    parser.setFeature(feature_external_pes, False)
    parser.setContentHandler(marker)
    with part:
        parser.parse(part)
    marker.flush()


class _Marker(XMLGenerator):
    """Passes a sheet through, and touches the rows in question."""

    def __init__(self, out: BinaryIO, head: Head, remarks: Mapping[int, str], plain: int) -> None:
        self._text = io.TextIOWrapper(_Kept(out), "utf-8", write_through=False)  # type: ignore[type-var]
        super().__init__(self._text, "utf-8", short_empty_elements=True)
        self._column = letters((head.remark if head.remark is not None else head.width) + 1)
        self._at = (head.remark if head.remark is not None else head.width) + 1
        self._head, self._remarks, self._plain = head, remarks, plain
        self._row = 0
        self._skipped = 0
        self._has_columns = False
        self._widest = 0  # the last column whose width the file itself says

    def flush(self) -> None:
        self._text.flush()

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        tag = name.rsplit(":", 1)[-1]
        if tag == "row":
            self._row = int(attrs.get("r", str(self._row + 1)))
        if self._skipped or (tag == "c" and self._is_remark(attrs)):
            self._skipped += 1
            return
        if tag == "col":
            self._widest = max(self._widest, int(attrs.get("max", "0")))
        if tag == "sheetData" and not self._has_columns:
            self._columns(name.replace("sheetData", "cols"), name.replace("sheetData", "col"))
        bad = tag in ("c", "row") and self._row in self._remarks and self._plain
        given = dict(attrs.items())
        if bad and tag == "c":
            given["s"] = str(int(given.get("s", "0")) + self._plain)
        if (tag == "row" and self._row in self._remarks) or self._row == self._head.row:
            given.pop("spans", None)
        super().startElement(name, AttributesImpl(given))

    def endElement(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        tag = name.rsplit(":", 1)[-1]
        if tag == "row":
            self._remark(name[: -len("row")])
        if tag == "cols":
            self._has_columns = True
            self._width(name.replace("cols", "col"))
        super().endElement(name)

    def characters(self, content: str) -> None:
        if not self._skipped:
            super().characters(content)

    def _is_remark(self, attrs: AttributesImpl) -> bool:
        return attrs.get("r", "").rstrip("0123456789") == self._column

    def _columns(self, group: str, one: str) -> None:
        super().startElement(group, AttributesImpl({}))
        self._width(one)
        super().endElement(group)

    def _width(self, name: str) -> None:
        """As wide as an explanation, unless the file itself says how wide that column is."""
        if self._at > self._widest:
            told = {"min": str(self._at), "max": str(self._at), "width": _WIDTH, "customWidth": "1"}
            super().startElement(name, AttributesImpl(told))
            super().endElement(name)

    def _remark(self, prefix: str) -> None:
        """The cell with the words, at the end of a row."""
        said = REMARK if self._row == self._head.row else self._remarks.get(self._row)
        if not said:
            return
        style = {"s": str(self._plain)} if self._plain and self._row in self._remarks else {}
        cell = {"r": f"{self._column}{self._row}", "t": "inlineStr", **style}
        super().startElement(f"{prefix}c", AttributesImpl(cell))
        super().startElement(f"{prefix}is", AttributesImpl({}))
        super().startElement(f"{prefix}t", AttributesImpl({"xml:space": "preserve"}))
        super().characters(_UNWRITABLE.sub("", said)[:LONGEST_CELL])
        for tag in ("t", "is", "c"):
            super().endElement(prefix + tag)


class _Kept(io.RawIOBase):
    """The part of an archive as a raw stream that the text over it does not close."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # whatever has bytes
        self._out.write(piece)
        return len(piece)
