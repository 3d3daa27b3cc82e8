"""The file of an import, whatever its form: its rows as values, and the same file with remarks beside bad rows."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.translation import gettext as _

from anlan.apps.exchange.kinds import Field, Kind, Row
from anlan.apps.exchange.models import ImportRun
from anlan.kit import sheets
from anlan.kit.errors import Refused
from anlan.kit.sheets import Cell, Head, Source, Unreadable
from anlan.rules.refusal import Refusal

MAX_GEOJSON = 30 * 2**20  # it is held in memory [byte]
SUFFIXES = (".xlsx", ".csv", ".geojson", ".json")


class Table:
    """An Excel or CSV file whose headings were understood."""

    def __init__(self, kind: Kind, path: Path) -> None:
        self.source: Source = sheets.examine(path)
        with sheets.rows(self.source) as found:
            first = list(islice(found, sheets.SEARCHED_ROWS))
        fields, known = spoken(kind)
        self.head: Head = sheets.find(first, known, [key for key, one in fields.items() if one.required])
        self.unused = self.head.unused
        self._fields = fields

    def rows(self) -> Iterator[Row]:
        with sheets.rows(self.source, self.head.width) as found:
            for number, cells in found:
                if number > self.head.row:
                    yield self._row(number, cells)

    def mark(self, remarks: Mapping[int, str], target: Path) -> None:
        sheets.mark(self.source, self.head, remarks, target)

    def _row(self, number: int, cells: Any) -> Row:
        given = {key: cells[at] if at < len(cells) else None for key, at in self.head.columns.items()}
        return read_row(self._fields.values(), number, given)


class Features:
    """A GeoJSON file: each feature is a row, its properties are the columns."""

    def __init__(self, kind: Kind, path: Path) -> None:
        if not kind.geojson:
            fix = "请用 Excel 或 CSV。"
            raise _refused("import.no_geojson", "“{kind}”不能用 GeoJSON 导入。", fix, kind=str(kind.label))
        if path.stat().st_size > MAX_GEOJSON:
            limit = str(MAX_GEOJSON // 2**20)
            raise _refused("file.too_large", "文件超过 {limit} MB。", "请拆分后再上传。", limit=limit)
        self._whole = _collection(path)
        titles = list(dict.fromkeys(key for one in self._whole["features"] for key in one["properties"]))
        fields, known = spoken(kind)
        required = [key for key, one in fields.items() if one.required]
        self.head = sheets.find([(0, titles)], known, required)
        self.unused = self.head.unused
        self._fields = fields
        self._columns = {key: titles[at] for key, at in self.head.columns.items()}

    def rows(self) -> Iterator[Row]:
        for number, feature in enumerate(self._whole["features"], start=1):
            given = {key: _cell(feature["properties"].get(title)) for key, title in self._columns.items()}
            row = read_row(self._fields.values(), number, given)
            row.geometry = feature.get("geometry")
            yield row

    def mark(self, remarks: Mapping[int, str], target: Path) -> None:
        for number, feature in enumerate(self._whole["features"], start=1):
            feature["properties"].pop(sheets.REMARK, None)
            if number in remarks:
                feature["properties"][sheets.REMARK] = remarks[number]
        target.write_text(json.dumps(self._whole, ensure_ascii=False), "utf-8")


File = Table | Features


def spoken(kind: Kind) -> tuple[dict[str, Field], dict[str, tuple[str, ...]]]:
    """The columns in the reader's language, which also take the words of the others; and what each may be called.

    A file is written in one language and may be read in another: by the worker, or by somebody who has switched.
    """
    here = {one.key: one for one in kind.fields()}
    called = {key: [one.label, one.title, key] for key, one in here.items()}
    words: dict[str, list[Mapping[str, str]]] = {key: [] for key in here}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for one in kind.fields():
                called[one.key] += [one.label, one.title]
                words[one.key].append({key: str(word) for key, word in one.choices.items()})
    fields = {key: replace(one, also=tuple(words[key])) for key, one in here.items()}
    return fields, {key: tuple(dict.fromkeys(names)) for key, names in called.items()}


def opened(kind: Kind, path: Path, name: str) -> File:
    """The file, if its form and headings can be used. Raises Refused."""
    return Features(kind, path) if name.lower().endswith((".geojson", ".json")) else Table(kind, path)


@contextmanager
def local(run: ImportRun) -> Iterator[Path]:
    """The stored file as one that can be opened by its path."""
    with tempfile.TemporaryDirectory(prefix="anlan-import-") as folder:
        path = Path(folder) / f"import{Path(run.stored).suffix}"
        with default_storage.open(run.stored) as stored, path.open("wb") as copy:
            shutil.copyfileobj(stored, copy)
        yield path


def read_row(fields: Iterable[Field], number: int, given: Mapping[str, Cell]) -> Row:
    """Cells as values; what cannot be read, or is missing, becomes a problem of the row."""
    row = Row(number, {})
    for one in fields:
        try:
            value = one.value(given.get(one.key))
        except Unreadable as problem:
            row.values[one.key] = None
            row.refuse(f"{one.label}：{problem}")
            continue
        row.values[one.key] = value
        if value is None and one.required:
            row.refuse(_("{label}没有填").format(label=one.label))
    return row


def _collection(path: Path) -> dict[str, Any]:
    bad = _refused("import.bad_geojson", "这不是 GeoJSON 文件。", "请导出为 UTF-8 的 FeatureCollection。")
    try:
        whole = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, UnicodeDecodeError, RecursionError) as error:
        raise bad from error
    features = whole.get("features") if isinstance(whole, dict) else None
    good = isinstance(features, list) and all(isinstance(one, dict) for one in features)
    if not good or whole.get("type") != "FeatureCollection":
        raise bad
    for feature in whole["features"]:
        feature["properties"] = feature.get("properties") if isinstance(feature.get("properties"), dict) else {}
    return dict(whole)


def _cell(value: Any) -> Cell:
    return value if value is None or isinstance(value, str | int | float | bool) else json.dumps(value)


def _refused(code: str, message: str, fix: str, **params: str) -> Refused:
    return Refused(Refusal(code, message, fix, params))
