"""The HTTP side: who asks, for what, and since when."""

import asyncio
import contextlib
from collections.abc import Iterable, Iterator
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import orjson
from django.conf import settings

from anlan.kit import clock
from anlan.kit.errors import NotSignedIn, TooMany
from anlan.web.asgi_types import Receive, Scope, Send
from anlan.web.live.client import Client, Event, Tags, frame
from anlan.web.live.hub import Hub, Identity, Missed

MOST_TAGS = 2_000
PING_S = 10.0
LINGER_S = 2.0  # a browser that takes nothing gets this long [s] to take the farewell
HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
)


class Refuse(Exception):
    """The request cannot be served."""

    def __init__(self, status: int, code: str, message: str, fix: str, *, retry_after_s: int = 0) -> None:
        super().__init__(code)
        self.status = status
        self.headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        if status == 401:
            self.headers.append((b"www-authenticate", b"Bearer"))
        if retry_after_s:
            self.headers.append((b"retry-after", str(retry_after_s).encode()))
        self.body = orjson.dumps({"error": {"code": code, "message": message, "fix": fix}})


class Live:
    """The ASGI application of ``/live``."""

    def __init__(self, data: Path | None = None) -> None:
        self.hub = Hub(data or settings.DATA)

    async def start(self) -> None:
        await self.hub.start()

    async def stop(self) -> None:
        await self.hub.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            client, missed = await self._admit(scope)
        except Refuse as refuse:
            await send({"type": "http.response.start", "status": refuse.status, "headers": refuse.headers})
            await send({"type": "http.response.body", "body": refuse.body})
            return
        try:
            await self._stream(client, missed, receive, send)
        finally:
            self.hub.leave(client)

    async def _admit(self, scope: Scope) -> tuple[Client, Missed]:
        if scope["method"] != "GET":
            raise Refuse(405, "live.method", "此地址只接受 GET。", "请用 GET 打开事件流。")
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        wanted = _tags(asked.get("tags", []))
        key = await self._key(scope)
        found: Identity | None = await self.hub.identify(key, wanted) if key else None
        if key is None or found is None:
            raise Refuse(401, "live.signed_out", "您没有登录，或登录已过期。", "请重新登录。")
        client = Client(key, found.viewer, found.tags)
        client.wanted = wanted
        client.follows = asked.get("moves") == ["1"]
        missed = await self.hub.join(client, _last_id(scope, asked.get("since_id", [])))
        return client, missed

    async def _key(self, scope: Scope) -> str | None:
        """The session's key, or the token's where one is shown."""
        given = _header(scope, b"authorization")
        if not given:
            return _session_key(scope)
        scheme, _, secret = given.strip().partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            fix = "请写作 Authorization: Bearer <令牌>。"
            raise Refuse(401, "token.bad_header", "请求头 Authorization 无法识别。", fix)
        try:
            return await self.hub.admit(secret.strip(), str((scope.get("client") or ("",))[0]))
        except NotSignedIn as refused:
            told = refused.refusal
            raise Refuse(401, told.code, told.message, told.fix) from None
        except TooMany as many:
            wait = many.retry_after_s
            raise Refuse(429, "too_many_requests", "请求太多。", f"请 {wait} 秒后再试。", retry_after_s=wait) from None

    async def _stream(self, client: Client, missed: Missed, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
        hello = {"server_time": clock.now().isoformat(), "last_id": self.hub.last_id, "reset": missed.reset}
        await _body(send, frame("hello", hello) + b"".join(_seen(client, missed.events)))
        sending = asyncio.create_task(_send_all(client, send))
        leaving = asyncio.create_task(_until_gone(receive))
        dropping = asyncio.create_task(client.dropped(LINGER_S))
        try:
            await asyncio.wait((sending, leaving, dropping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving, dropping):
                task.cancel()
            await asyncio.gather(sending, leaving, dropping, return_exceptions=True)


async def _send_all(client: Client, send: Send) -> None:
    """Until the stream ends from our side."""
    while not client.closing:
        await _body(send, await client.take(PING_S))
    await _body(send, await client.take(0))
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _body(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _seen(client: Client, events: Iterable[Event]) -> Iterator[bytes]:
    return (client.frame_of(event) for event in events)


def _tags(asked: list[str]) -> Tags:
    """The tag numbers of ``tags=1,2``, ascending; 400 for anything else, or too many."""
    texts = [text for part in asked for text in part.split(",") if text]
    if len(texts) > MOST_TAGS:
        raise Refuse(
            400, "live.too_many_tags", f"最多订阅 {MOST_TAGS} 个点位，收到 {len(texts)} 个。", "请只订阅画面上的点位。"
        )
    numbers = {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10}
    if len(numbers) < len(set(texts)):
        raise Refuse(400, "live.bad_tags", "tags 里有不是点位编号的内容。", "请写成 tags=1,2,3。")
    return np.array(sorted(numbers), np.uint32)


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name), "")


def _session_key(scope: Scope) -> str | None:
    with contextlib.suppress(CookieError):
        morsel = SimpleCookie(_header(scope, b"cookie")).get(settings.SESSION_COOKIE_NAME)
        return morsel.value if morsel else None
    return None


def _last_id(scope: Scope, asked: list[str]) -> int | None:
    """Where the browser stopped: its own header on a reconnect, else what the page was made with."""
    text = _header(scope, b"last-event-id") or (asked[0] if asked else "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
