"""What the web server runs: ``/live`` and ``/intake`` as they are, everything else in Django on threads.

Django's own ASGI handler opens a thread and a database connection for every request; its WSGI handler on a fixed set
of threads serves about four times as many.
"""

import os
from collections.abc import Iterable
from typing import Any, cast

import orjson
from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.config.settings")
_django = get_wsgi_application()  # loads the apps, which the routes below need

from django.conf import settings  # noqa: E402

from anlan.web import warm  # noqa: E402
from anlan.web.asgi_types import AsgiApp, Message, Receive, Scope, Send  # noqa: E402
from anlan.web.intake import intake  # noqa: E402
from anlan.web.live import Live  # noqa: E402
from anlan.web.siblings import Siblings  # noqa: E402
from anlan.web.traffic import attend, traffic  # noqa: E402

THREADS = 8
LARGEST_BODY = 64 * 1024 * 1024  # of a page's form with its files


class Application:
    """Hands each request to the part that answers it."""

    def __init__(self) -> None:
        self.live = Live(settings.DATA)
        traffic.hub = self.live.hub
        self._siblings = Siblings(settings.DATA, traffic.families)
        # a2wsgi types scopes and messages one by one, this package as plain mappings
        self._pages = cast(AsgiApp, WSGIMiddleware(cast(Any, _django), workers=THREADS))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            scope["headers"] = _one_cookie(scope["headers"])
            part, app = self._part(scope["path"])
            await attend(part, app, scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1003})

    def _part(self, path: str) -> tuple[str, AsgiApp]:
        if path == "/live":
            return "live", self.live
        if path == "/intake" or path.startswith("/intake/"):
            return "intake", intake
        return "pages", self._page

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.live.start()
                await self._siblings.start()
                warm.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._siblings.stop()
                await self.live.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A body without a length would arrive empty in Django, so it is refused; so is one that nobody may send."""
        length = _length(scope)
        if length is None:
            await _refuse(send, 411, "request.no_length", "请求没有给出长度。", "请发送 Content-Length，不要分块传输。")
        elif length > LARGEST_BODY:
            most = f"最多 {LARGEST_BODY // 1024 // 1024} MiB。"
            await _refuse(send, 413, "request.too_large", f"请求有 {length} 字节，太大。", most)
        else:
            await self._pages(scope, _whole(receive), send)


def _one_cookie(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """HTTP/2 lets a browser send its cookies in pieces, to be put together again (RFC 9113, 8.2.3)."""
    cookies = [value for name, value in headers if name == b"cookie"]
    if len(cookies) < 2:
        return list(headers)
    return [*(one for one in headers if one[0] != b"cookie"), (b"cookie", b"; ".join(cookies))]


def _length(scope: Scope) -> int | None:
    """How long the body is [byte]; None if it is chunked or its length is not given."""
    headers = {name.lower(): value for name, value in scope["headers"]}
    if b"transfer-encoding" in headers:
        return None
    if text := headers.get(b"content-length", b""):
        return int(text) if text.isdigit() else None
    may_have_body = scope["method"] in ("POST", "PUT", "PATCH") and str(scope["http_version"]).startswith("2")
    return None if may_have_body else 0


def _whole(receive: Receive) -> Receive:
    """``receive`` as a coroutine (the server's own is only awaitable), and a broken-off body as an error.

    Without the latter half a form would look like a whole one.
    """

    async def coroutine() -> Message:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("the client left before its request was whole")
        return message

    return coroutine


async def _refuse(send: Send, status: int, code: str, message: str, fix: str) -> None:
    body = orjson.dumps({"error": {"code": code, "message": message, "fix": fix}})
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*head, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body})


application = Application()
