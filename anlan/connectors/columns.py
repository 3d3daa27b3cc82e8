"""The payloads in which gateways send readings, by HTTP or MQTT: JSON single, JSON columns, binary columns.

Binary columns (``application/vnd.anlan.columns``), all little-endian, times in epoch milliseconds::

    byte  0  4s   b"ANC1"
          4  u4   n, the number of readings
          8  16s  batch id, all zero = none
         24  n×i8 ts
             n×f8 value
             n×u4 tag (numbers from GET /intake/tags)
             n×u1 quality, 1 good, 0 bad

JSON: ``{"tag", "ts", "value", "quality"}`` or ``{"batch", "tag": […], "ts": […] or one for all, "value": […],
"quality": […]}``; quality is ``true``/1/"good" or ``false``/0/"bad", good if left out; a bad value may be null.

A payload that cannot be read at all raises ``Unreadable``. A single reading that cannot be is passed on as one that the
engine refuses (no such tag, no such time, no number), so that it is counted and the rest goes on.
"""

import math
import struct
from array import array
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple, cast

import orjson

HEAD = struct.Struct("<4sI16s")
MAGIC = b"ANC1"
BINARY_TYPE = "application/vnd.anlan.columns"
JSON_TYPE = "application/json"
NO_ID = bytes(16)
NO_TAG = 0xFFFFFFFF
NO_TIME = -(2**63)
BYTES_EACH = 21
QUALITY: dict[bool | str, int] = {True: 1, False: 0, "good": 1, "bad": 0}  # 1 and 0 are True and False


class Unreadable(ValueError):
    """The payload is not what it should be; ``fix`` says what to send."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


class Columns(NamedTuple):
    """A batch as raw columns, and what names it: the sender's id, or its content."""

    n: int
    id: bytes
    named: bool
    parts: tuple[bytes, bytes, bytes, bytes]  # ts i8, value f8, tag u4, quality u1
    codes: Sequence[object] = ()  # the tags as sent, for messages


def read_binary(body: bytes, source: int) -> Columns:
    """Cut binary columns."""
    if len(body) < HEAD.size or body[:4] != MAGIC:
        raise Unreadable("这不是一批二进制列", "以 ANC1、读数个数和批次号开头")
    _, n, batch = HEAD.unpack_from(body)
    if len(body) != HEAD.size + BYTES_EACH * n:
        raise Unreadable(
            f"{n} 个读数应为 {HEAD.size + BYTES_EACH * n} 字节，实际收到 {len(body)} 字节",
            "整批发送：ts、value、tag、quality 四列长度相同",
        )
    ends = [HEAD.size + width * n for width in (0, 8, 16, 20, 21)]
    ts, values, tags, good = (body[start:end] for start, end in pairwise(ends))
    named = batch != NO_ID
    return Columns(n, _identity(source, batch if named else body, named=named), named, (ts, values, tags, good))


def read_json(body: bytes, source: int, known: Mapping[str, int]) -> Columns:
    """Read a JSON payload; ``known`` gives the number of a tag's code."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"不是 JSON：{error}", "发送一个 UTF-8 编码的 JSON 对象") from None
    if not isinstance(document, dict):
        raise Unreadable("内容不是 JSON 对象", '发送 {"tag": …, "ts": …, "value": …}')
    codes, times, values, quality = _lists(document)
    batch = document.get("batch")
    if batch is not None and not (isinstance(batch, str) and 0 < len(batch) <= 200):
        raise Unreadable("batch 不是 1 到 200 个字符的文本", "用文本命名批次，或省略 batch")
    identity = _identity(source, body if batch is None else batch.encode(), named=batch is not None)
    n = len(codes)
    parts = (_times(times), _values(values), _tags(codes, known), _qualities(quality, n))
    return Columns(n, identity, batch is not None, parts, codes)


def _lists(document: dict[str, object]) -> tuple[list[object], list[object], list[object], list[object] | None]:
    for name in ("tag", "ts", "value"):
        if name not in document:
            raise Unreadable(f"缺少 {name}", "发送 tag、ts、value；数据可能不可信时再加 quality")
    codes, times, values, quality = (document.get(name) for name in ("tag", "ts", "value", "quality"))
    if not isinstance(codes, list):
        single = [codes], [times], [values], None if quality is None else [quality]
        if any(isinstance(column, list) for column in (times, values, quality)):
            raise Unreadable("tag 是一个编码，而其他列是列表", "各列都发送同样长度的列表")
        return single
    n = len(codes)
    times = times if isinstance(times, list) else [times] * n
    for name, column in (("ts", times), ("value", values), ("quality", quality)):
        if column is None and name == "quality":
            continue
        if not isinstance(column, list) or len(column) != n:
            length = f"{len(column)} 项" if isinstance(column, list) else "不是列表"
            raise Unreadable(f"tag 有 {n} 项，{name} {length}", "各列发送同样的长度")
    assert isinstance(values, list)
    assert quality is None or isinstance(quality, list)
    return codes, times, values, quality


def _tags(codes: list[object], known: Mapping[str, int]) -> bytes:
    try:
        return array("I", map(known.__getitem__, codes)).tobytes()  # type: ignore[arg-type]  # no code, no number
    except (KeyError, TypeError):
        return array("I", [known.get(code, NO_TAG) if isinstance(code, str) else NO_TAG for code in codes]).tobytes()


def _times(times: list[object]) -> bytes:
    try:
        return array("q", cast(list[int], times)).tobytes()  # anything but integers goes the slow way
    except (TypeError, OverflowError):
        return array("q", map(_time, times)).tobytes()


def _time(value: object) -> int:
    return value if isinstance(value, int) and abs(value) < 2**63 else NO_TIME


def _values(values: list[object]) -> bytes:
    try:
        return array("d", cast(list[float], values)).tobytes()  # null, text and the like go the slow way
    except (TypeError, OverflowError):
        return array("d", map(_number, values)).tobytes()


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, int | float) else math.nan
    except OverflowError:
        return math.nan


def _qualities(quality: list[object] | None, n: int) -> bytes:
    if quality is None:
        return b"\x01" * n
    try:
        return bytes([QUALITY[entry] for entry in cast(list[bool | str], quality)])
    except (KeyError, TypeError):
        wrong = next(entry for entry in quality if not isinstance(entry, bool | int | str) or entry not in QUALITY)
        raise Unreadable(f"quality 不能是 {wrong!r}"[:200], '发送 true 或 "good"，false 或 "bad"') from None


def _identity(source: int, content: bytes, *, named: bool) -> bytes:
    """16 bytes that name a batch among all sources' batches."""
    person = b"named" if named else b"content"
    return blake2b(content, digest_size=16, salt=source.to_bytes(8, "little"), person=person).digest()


def write_binary(
    batch: bytes, ts: Sequence[int], values: Sequence[float], tags: Sequence[int], quality: Sequence[int]
) -> bytes:
    """Binary columns of readings, for gateways written in Python."""
    columns = (array("q", ts), array("d", values), array("I", tags), array("B", quality))
    return HEAD.pack(MAGIC, len(ts), batch) + b"".join(column.tobytes() for column in columns)


def read(body: bytes, source: int, known: Mapping[str, int]) -> Columns:
    """Read a payload of which nobody said what it is: binary columns carry their mark."""
    return read_binary(body, source) if body.startswith(MAGIC) else read_json(body, source, known)
