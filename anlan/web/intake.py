"""``POST /intake`` and ``GET /intake/tags``: a raw ASGI callable beside Django, because an empty view costs a
millisecond.

A batch is read here, checked and made durable by the engine; 2xx means that it will survive a crash. Whatever goes
wrong before the whole body is here leaves nothing behind.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from anlan.connectors.columns import (
    BINARY_TYPE,
    JSON_TYPE,
    NO_TAG_BYTES,
    Columns,
    Known,
    Unreadable,
    read_binary,
    read_json,
)
from anlan.engine import link
from anlan.engine.reasons import KEPT, REASONS, TEXTS

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
FindSource = Callable[[str], tuple[int, bool] | None]

MOST_BODY = 8 << 20
MOST_WAITING = 2_000  # requests
KEY_KNOWN_S = 5.0
KEY_KEPT_S = 3_600.0  # a known key still serves so long while the database is away
KEYS_KEPT = 10_000
CODES_AGAIN_S = 0.5
RETRY_S = b"2"


class Problem(Exception):
    """An answer other than 200, in the one error shape."""

    def __init__(self, status: int, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = orjson.dumps({"error": {"code": code, "message": message, "fix": fix}})


class Gone(Exception):
    """The client left before its body was whole."""


def _away(error: Exception) -> Problem:
    return Problem(503, "engine.away", f"引擎暂时不能接收数据（{error}）", "稍后重发同一批数据，重复的部分不会重复计入")


WRONG_KEY = (401, "key.wrong", "密钥缺失或不正确", "在请求头中发送 Authorization: Bearer <数据源密钥>")
DISABLED = (401, "key.disabled", "该数据源已停用", "请系统管理员启用该数据源")
CHUNKED = (411, "body.length_required", "不接收分块传输，请求须带 Content-Length", "关闭 chunked，整批发送")
TOO_LARGE = (413, "body.too_large", "请求体超过 8 MiB", "分成较小的批次发送，每批约 1000 个读数为宜")
WRONG_TYPE = (415, "body.type", "不认识的 Content-Type", f"发送 {JSON_TYPE} 或 {BINARY_TYPE}")
DATABASE = (503, "database.away", "暂时无法核对密钥", "稍后重发")
CROWDED = (503, "intake.busy", "等待处理的请求过多", "稍后重发同一批数据")
UNKNOWN_PATH = (404, "path.unknown", "没有这个地址", "读数发往 POST /intake，点位表见 GET /intake/tags")
WRONG_METHOD = (405, "method.wrong", "该地址不支持此方法", "POST /intake 或 GET /intake/tags")


class _Key(NamedTuple):
    """What the database said about a key, and when."""

    source: tuple[int, bool] | None
    asked: float


class Keys:
    """Sources by key, asked at most every few seconds; while the database is away known keys go on."""

    def __init__(self, find: FindSource) -> None:
        self._find = find
        self._known: dict[str, _Key] = {}
        self._asking: dict[str, asyncio.Task[_Key]] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="keys")

    async def source(self, key: str) -> int:
        entry = self._known.get(key)
        if entry is None or time.monotonic() - entry.asked > KEY_KNOWN_S:
            entry = await self._ask(key)
        if entry.source is None:
            raise Problem(*WRONG_KEY)
        number, enabled = entry.source
        if not enabled:
            raise Problem(*DISABLED)
        return number

    async def _ask(self, key: str) -> _Key:
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.ensure_future(self._look(key))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def _look(self, key: str) -> _Key:
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._thread, self._find, key)
        except Exception as error:  # whatever the database says: a known key goes on for a while
            entry = self._known.get(key)
            if entry is None or entry.source is None or time.monotonic() - entry.asked > KEY_KEPT_S:
                raise Problem(*DATABASE) from error
            return entry
        if len(self._known) >= KEYS_KEPT:
            self._known.clear()
        entry = self._known[key] = _Key(found, time.monotonic())
        return entry


class _Codes(NamedTuple):
    """A source's tags, as the engine last told."""

    known: Known
    table: int
    asked: float


class Intake:
    """The ASGI callable. ``find_source`` looks up a key in the database, ``socket`` is the engine's."""

    def __init__(self, find_source: FindSource, socket: Path) -> None:
        self.keys = Keys(find_source)
        self._socket = socket
        self._links: dict[int, link.Link] = {}
        self._codes: dict[int, _Codes] = {}
        self._table = 0
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, body = 200, await self._answer(scope, receive)
        except (Problem, link.EngineAway) as error:
            problem = error if isinstance(error, Problem) else _away(error)
            status, body = problem.status, problem.body
        except Gone:
            return
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        if status == 503:
            headers.append((b"retry-after", RETRY_S))
        if status == 401:
            headers.append((b"www-authenticate", b"Bearer"))
        if status in (411, 413):
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> bytes:
        path, method = scope["path"], scope["method"]
        headers = dict(scope["headers"])
        if path == "/intake/tags":
            return await self._tags(method, headers)
        if path not in ("/intake", "/intake/"):
            raise Problem(*UNKNOWN_PATH)
        if method != "POST":
            raise Problem(*WRONG_METHOD)
        length = _length(headers)
        kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower().decode("latin-1")
        if kind not in (JSON_TYPE, BINARY_TYPE):
            raise Problem(*WRONG_TYPE)
        source = await self.keys.source(_key(headers))
        if self._waiting >= MOST_WAITING:
            raise Problem(*CROWDED)
        self._waiting += 1
        try:
            body = await _body(receive, length)
            columns = await self._read(kind, body, source)
            done = await self._engine().send(source, link.Columns(*columns[:4]))
        finally:
            self._waiting -= 1
        self._table = done.table
        return _result(columns, done)

    async def _read(self, kind: str, body: bytes, source: int) -> Columns:
        try:
            if kind == BINARY_TYPE:
                return read_binary(body, source)
            columns = read_json(body, source, await self._known(source))
            if NO_TAG_BYTES in columns.parts[2]:
                columns = read_json(body, source, await self._known(source, fresh=True))
        except Unreadable as error:
            raise Problem(400, "body.unreadable", str(error), error.fix) from None
        return columns

    async def _known(self, source: int, *, fresh: bool = False) -> Known:
        """The source's tags; asked again when the engine's table changed, or for a code that is not among them."""
        entry = self._codes.get(source)
        now = time.monotonic()
        outdated = entry is None or (self._table and entry.table != self._table)
        if entry is None or ((outdated or fresh) and now - entry.asked > CODES_AGAIN_S):
            found = await self._engine().codes(source)
            entry = self._codes[source] = _Codes(Known(found.codes), found.table, now)
        return entry.known

    async def _tags(self, method: str, headers: Mapping[bytes, bytes]) -> bytes:
        if method not in ("GET", "HEAD"):
            raise Problem(*WRONG_METHOD)
        source = await self.keys.source(_key(headers))
        found = await self._engine().codes(source)
        tags = [{"tag": number, "code": code} for code, number in found.codes.items()]
        return orjson.dumps({"version": found.version, "tags": tags})

    def _engine(self) -> link.Link:
        """One connection for each event loop."""
        loop = id(asyncio.get_running_loop())
        if loop not in self._links:
            self._links[loop] = link.Link(self._socket)
        return self._links[loop]


def _length(headers: Mapping[bytes, bytes]) -> int:
    if b"transfer-encoding" in headers or b"content-length" not in headers:
        raise Problem(*CHUNKED)
    try:
        length = int(headers[b"content-length"])
    except ValueError:
        raise Problem(*CHUNKED) from None
    if length > MOST_BODY:
        raise Problem(*TOO_LARGE)
    return length


def _key(headers: Mapping[bytes, bytes]) -> str:
    scheme, _, key = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() != b"bearer" or not 0 < len(key) <= 200:
        raise Problem(*WRONG_KEY)
    return key.strip().decode("latin-1")


async def _body(receive: Receive, length: int) -> bytes:
    message = await receive()
    parts: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise Gone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BODY:
            raise Problem(*TOO_LARGE)
        if not message.get("more_body", False):
            break
        message = await receive()
    if size != length:
        raise Gone
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _result(columns: Columns, done: link.Done) -> bytes:
    counts = {name: number for name, number in zip(REASONS, done.counts, strict=True) if number and name != "taken"}
    refused = [_refused(columns, index, reason) for index, reason in done.refused]
    answer = {
        "accepted": sum(done.counts[:KEPT]),
        "refused": refused,
        "counts": counts,
        "duplicate_batch": done.repeated,
    }
    return orjson.dumps(answer)


def _refused(columns: Columns, index: int, reason: int) -> dict[str, object]:
    numbers = columns.parts[2]
    tag = columns.codes[index] if columns.codes else int.from_bytes(numbers[4 * index : 4 * index + 4], "little")
    message, fix = TEXTS[reason]
    return {"index": index, "tag": tag, "reason": REASONS[reason], "message": message, "fix": fix}


def _find_source(key: str) -> tuple[int, bool] | None:
    """The source of a key, from the database."""
    from django.db import close_old_connections

    from anlan.apps.monitoring.selectors import source_by_key

    close_old_connections()
    return source_by_key(key)


intake = Intake(_find_source, Path(os.environ.get("ANLAN_DATA", "data")).resolve() / "engine.sock")
