"""All rows of a list, as a file that is sent while it is made. Every column goes in, also those that are not shown."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from anlan.kit import clock, sheets
from anlan.kit.listing.shown import Shown
from anlan.kit.listing.spec import Row

CHUNK = 500


def excel(shown: Shown) -> StreamingHttpResponse:
    columns = [
        sheets.SheetColumn(_title(str(column.label), column.unit), max(column.width, 2 * len(str(column.label)) + 4))
        for column in shown.spec.columns
    ]
    sheet = sheets.Sheet(str(shown.spec.title), columns, _values(shown))
    return _download(shown, sheets.xlsx([sheet]), sheets.XLSX, "xlsx")


def csv_file(shown: Shown) -> StreamingHttpResponse:
    titles = [_title(str(column.label), column.unit) for column in shown.spec.columns]
    return _download(shown, sheets.csv_text(titles, _values(shown)), "text/csv; charset=utf-8", "csv")


def geojson(shown: Shown) -> StreamingHttpResponse:
    return _download(shown, _features(shown), "application/geo+json", "geojson")


def prepared(shown: Shown) -> Iterator[Row]:
    """Every row, fetched and prepared a few hundred at a time."""
    rows = shown.rows.iterator(chunk_size=CHUNK) if isinstance(shown.rows, QuerySet) else iter(shown.rows)
    for piece in _pieces(rows):
        yield from shown.spec.prepare(piece)


def _pieces(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while piece := list(islice(source, CHUNK)):
        yield piece


def _values(shown: Shown) -> Iterator[Sequence[Any]]:
    for row in prepared(shown):
        yield [column.value(row) for column in shown.spec.columns]


def _features(shown: Shown) -> Iterator[bytes]:
    assert shown.spec.geometry is not None
    yield b'{"type":"FeatureCollection","features":['
    between = ""
    for row in prepared(shown):
        properties = {str(column.label): _plain(column.value(row)) for column in shown.spec.columns}
        feature = {"type": "Feature", "geometry": shown.spec.geometry(row), "properties": properties}
        yield f"{between}\n{json.dumps(feature, ensure_ascii=False)}".encode()
        between = ","
    yield b"\n]}\n"


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _title(label: str, unit: str) -> str:
    return f"{label} [{unit}]" if unit else label


def _download(shown: Shown, content: Iterator[bytes], kind: str, suffix: str) -> StreamingHttpResponse:
    return attachment(content, kind, f"{shown.spec.title}-{timezone.localtime(clock.now()):%Y%m%d-%H%M}.{suffix}")


def attachment(content: Iterable[bytes], kind: str, name: str) -> StreamingHttpResponse:
    """A file that is sent while it is made, to be saved under ``name``; nobody keeps or guesses its content."""
    response = StreamingHttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
