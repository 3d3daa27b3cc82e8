"""Shapes that every endpoint shares: strict input, ids, moments, lists that are read part by part, the one error.

A list answers ``{"items": […], "next": "…"}``. ``next`` is given back as ``cursor`` to read on; it is null at the end.
A cursor holds the sort keys of the last row, so that rows that come and go meanwhile shift nothing.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.timezone import is_naive
from ninja import Field, Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict

from anlan.kit.errors import BadInput
from anlan.rules.refusal import Refusal

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)

LARGEST_ID = 2**63 - 1
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
LONGEST_LIST = 500


def _storable(text: str) -> str:
    """Neither NUL nor half of a character, which no database takes."""
    if _UNSTORABLE.search(text):
        msg = "holds a character that cannot be stored"
        raise ValueError(msg)
    return text


def _written(value: Any) -> Any:
    """Moments and days are written as ISO 8601 has them, never as a number of seconds."""
    if isinstance(value, str) and not _DAY.match(value):
        msg = "begins with a day, as in 2026-11-21"
        raise ValueError(msg)
    if isinstance(value, int | float):
        msg = "is written as in 2026-11-21, not as a number"
        raise ValueError(msg)
    return value


def _with_zone(moment: datetime) -> datetime:
    """The moment in UTC: databases refuse zones that are further away than any on earth."""
    if is_naive(moment):
        msg = "needs a time zone, as in 2026-11-21T03:00:00+08:00"
        raise ValueError(msg)
    if not MINYEAR < moment.year < MAXYEAR:
        msg = "lies at the end of time"
        raise ValueError(msg)
    return moment.astimezone(UTC)


def _not_the_last(day: date) -> date:
    """What is due on a day has run out on the next, which there must be."""
    if not MINYEAR < day.year < MAXYEAR:
        msg = "lies at the end of time"
        raise ValueError(msg)
    return day


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Words = Annotated[str, AfterValidator(_storable)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Moment = Annotated[datetime, BeforeValidator(_written), AfterValidator(_with_zone)]
Day = Annotated[date, BeforeValidator(_written), AfterValidator(_not_the_last)]


class Strict(Schema):
    """What is sent may hold nothing that is not asked for."""

    model_config = ConfigDict(extra="forbid")


class Slice(Strict):
    """Which part of a list."""

    limit: int = Field(100, ge=1, le=LONGEST_LIST, description="Most rows in one answer.")
    cursor: Words = Field("", max_length=400, description="`next` of the answer before; empty = from the start.")


class Listed(Schema, Generic[Item]):
    """A part of a list."""

    items: list[Item]
    next: str | None = Field(None, description="Give it back as `cursor` to read on; null = this was the last part.")


class Said(Schema):
    """What is wrong, in the language that was asked for."""

    code: str = Field(description="Stable, for programs.")
    message: str = Field(description="What is wrong, with which value.")
    fix: str = Field(description="What to do about it.")


class ErrorOut(Schema):
    """The one shape of every error."""

    error: Said


def sends(*kinds: str) -> dict[str, Any]:
    """``openapi_extra`` of an operation that answers with a file of one of these media types."""
    binary, document = {"type": "string", "format": "binary"}, {"type": "object"}
    content = {kind: {"schema": document if kind.endswith("json") else binary} for kind in kinds}
    return {"responses": {200: {"description": "The file.", "content": content}}}


def cut(rows: QuerySet[Row], part: Slice, *by: str) -> dict[str, Any]:
    """The part of ``rows`` that was asked for, ordered ``by`` columns that are never empty (``-`` = backwards)."""
    ordered = rows.order_by(*by)
    if part.cursor:
        ordered = ordered.filter(_after(rows.model, by, read_cursor(part.cursor, len(by))))
    found = list(ordered[: part.limit + 1])
    return page_of(found, part, lambda row: [getattr(row, name.lstrip("-")) for name in by])


def page_of(found: Sequence[Any], part: Slice, keys: Any) -> dict[str, Any]:
    """Rows of which one more than asked for was read, as a part of a list; ``keys`` of a row make the cursor."""
    items = list(found[: part.limit])
    more = len(found) > part.limit
    return {"items": items, "next": _cursor(keys(items[-1])) if more else None}


def _after(model: type[Model], by: Sequence[str], values: Sequence[Any]) -> Q:
    """What comes after a row in that order: greater in the first column, or equal there and greater in the next."""
    either, equal = Q(), Q()
    for name, value in zip(by, values, strict=True):
        column = name.lstrip("-")
        known = _typed(model, column, value)
        either |= equal & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": known})
        equal &= Q(**{column: known})
    return either


def _typed(model: type[Model], column: str, value: Any) -> Any:
    field = model._meta.pk if column == "pk" else model._meta.get_field(column)
    try:
        return field.to_python(value)  # type: ignore[union-attr]  # columns, never relations
    except (ValidationError, TypeError, ValueError, OverflowError) as error:
        raise bad_cursor() from error


def _cursor(keys: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(list(keys))).decode().rstrip("=")


def read_cursor(text: str, length: int) -> list[Any]:
    """The sort keys in a cursor. Raises BadInput for one that this list never gave."""
    try:
        keys = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise bad_cursor() from error
    if not isinstance(keys, list) or len(keys) != length or not all(_plain(key) for key in keys):
        raise bad_cursor()
    return keys


def _plain(key: Any) -> bool:
    """Whether the database takes it: text without NUL, or a number of its size."""
    return (isinstance(key, str) and "\0" not in key) or (type(key) is int and abs(key) <= LARGEST_ID)


def bad_cursor() -> BadInput:
    fix = "请使用上一页答复中的 next，且不改变其他参数。"
    return BadInput(Refusal("cursor.unreadable", "cursor 无法识别。", fix))
