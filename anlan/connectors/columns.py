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
"quality": […]}``; ts may also be ISO 8601 with its time zone; quality is ``true``/1/"good" or ``false``/0/"bad",
good if left out; a bad value may be null.

A payload that cannot be read at all raises ``Unreadable``. A single reading that cannot be is passed on as one that the
engine refuses (no such tag, no such time, no number), so that it is counted and the rest goes on.
"""

import contextlib
import math
import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
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
NO_TAG_BYTES = NO_TAG.to_bytes(4, "little")
BYTES_EACH = 21
TAG_KEY = b'"tag":'
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CUT = -8_607_213_954  # stands for a list of tags that was cut out; no tag has such a code
CUT_TEXT = str(CUT).encode()
LISTS_BYTES = 1 << 20  # of remembered lists, a source
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


class Known:
    """A source's tags by code, and the lists of tags that it sent before.

    A gateway sends the same list with every scan. Its bytes are then cut out of the payload and not read again, which
    takes a third off the work. A list is remembered only after it was read as JSON and every code was known.
    """

    def __init__(self, codes: Mapping[str, int]) -> None:
        self.codes = codes
        self._lists: dict[bytes, tuple[bytes, list[object]]] = {}
        self._room = LISTS_BYTES

    def cut(self, body: bytes) -> tuple[dict[str, object], bytes, list[object]] | None:
        """The document with ``CUT`` for the list, the tags' numbers, their codes; None for a list not seen before."""
        start, end = _span(body)
        found = self._lists.get(body[start:end])
        if found is None:
            return None
        document = _document(b"".join((body[:start], CUT_TEXT, body[end:])))
        return (document, *found) if document.get("tag") == CUT else None

    def remember(self, body: bytes, codes: list[object], tags: bytes) -> None:
        start, end = _span(body)
        if not 0 < end - start <= self._room or NO_TAG_BYTES in tags:
            return
        with contextlib.suppress(orjson.JSONDecodeError):
            if orjson.loads(body[start:end]) == codes:
                self._lists[body[start:end]] = tags, codes
                self._room -= end - start


def _span(body: bytes) -> tuple[int, int]:
    """Where the first list of tags lies in a payload; empty where it has none."""
    start = body.find(TAG_KEY) + len(TAG_KEY)
    end = body.find(b"]", start) + 1
    return (start, end) if start >= len(TAG_KEY) and end else (0, 0)


def read_json(body: bytes, source: int, known: Known) -> Columns:
    """Read a JSON payload; ``known`` gives the number of a tag's code."""
    if (cut := known.cut(body)) is not None:
        document, tags, codes = cut
        document["tag"] = codes
        times, values, quality = _lists(document)[1:]
    else:
        document = _document(body)
        codes, times, values, quality = _lists(document)
        tags = _tags(codes, known.codes)
        known.remember(body, codes, tags)
    n, batch = len(codes), document.get("batch")
    if batch is not None and not (isinstance(batch, str) and 0 < len(batch) <= 200):
        raise Unreadable("batch 不是 1 到 200 个字符的文本", "用文本命名批次，或省略 batch")
    identity = _identity(source, body if batch is None else batch.encode(), named=batch is not None)
    return Columns(
        n, identity, batch is not None, (_times(times), _values(values), tags, _qualities(quality, n)), codes
    )


def _document(body: bytes) -> dict[str, object]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"不是 JSON：{error}", "发送一个 UTF-8 编码的 JSON 对象") from None
    if not isinstance(document, dict):
        raise Unreadable("内容不是 JSON 对象", '发送 {"tag": …, "ts": …, "value": …}')
    return document


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
        return _packed("I", cast(list[int], list(map(known.__getitem__, cast(list[str], codes)))))
    except (KeyError, TypeError):
        return _packed("I", [known.get(code, NO_TAG) if isinstance(code, str) else NO_TAG for code in codes])


def _times(times: list[object]) -> bytes:
    first = times[0] if times else None
    try:
        if type(first) is int and times.count(first) == len(times):  # a scan: one time for all
            return struct.pack("<q", first) * len(times)
        return _packed("q", cast(list[int], times))  # anything but integers goes the slow way
    except struct.error:
        return _packed("q", [_time(each) for each in times])


def _time(value: object) -> int:
    """Epoch milliseconds, or ISO 8601 with a time zone; a local time without one could be any."""
    if isinstance(value, str) and len(value) <= 40:
        with contextlib.suppress(ValueError, OverflowError):
            moment = datetime.fromisoformat(value)
            return (moment - EPOCH) // timedelta(milliseconds=1) if moment.tzinfo else NO_TIME
    return value if isinstance(value, int) and abs(value) < 2**63 else NO_TIME


def _values(values: list[object]) -> bytes:
    try:
        return _packed("d", cast(list[float], values))  # null, text and the like go the slow way
    except (struct.error, OverflowError):
        return _packed("d", [_number(each) for each in values])


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, int | float) else math.nan
    except OverflowError:
        return math.nan


def _packed(kind: str, numbers: Sequence[float]) -> bytes:
    """Little-endian bytes; struct is two times as fast as array or NumPy on a list."""
    return struct.pack(f"<{len(numbers)}{kind}", *numbers)


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
    digest = sha256(struct.pack("<Q?", source, named))
    digest.update(content)
    return digest.digest()[:16]


def write_binary(
    batch: bytes, ts: Sequence[int], values: Sequence[float], tags: Sequence[int], quality: Sequence[int]
) -> bytes:
    """Binary columns of readings, for gateways written in Python."""
    columns = (_packed("q", ts), _packed("d", values), _packed("I", tags), bytes(quality))
    return HEAD.pack(MAGIC, len(ts), batch) + b"".join(columns)


def read(body: bytes, source: int, known: Known) -> Columns:
    """Read a payload of which nobody said what it is: binary columns carry their mark."""
    return read_binary(body, source) if body.startswith(MAGIC) else read_json(body, source, known)
