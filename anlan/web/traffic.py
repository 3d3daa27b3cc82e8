"""What every request gets at the door: a number of its own, the address it really came from, a count and a time.

Counted in this process since its start; ``/metrics`` of any web process tells it (``siblings``). A stream counts when
it begins.
"""

import ipaddress
import logging
import os
import re
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver

from anlan.kit import clock, exposition, logs
from anlan.kit.exposition import Family, Histogram, Sample
from anlan.web.asgi_types import AsgiApp, Message, Receive, Scope, Send
from anlan.web.live.hub import Hub

logger = logging.getLogger(__name__)

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_IDENTITY = re.compile(rb"[A-Za-z0-9-]{8,64}")
_BROKEN = orjson.dumps({"error": {"code": "internal", "message": "系统出错，已记录。", "fix": "请稍后重试。"}})


class Traffic:
    """Answers by part and class of status, how long each took to begin, and refused sign-ins."""

    def __init__(self) -> None:
        self.started = clock.now()
        self.hub: Hub | None = None
        self.refused: Counter[str] = Counter({"password": 0, "locked_out": 0})
        self._answers: Counter[tuple[str, str]] = Counter()
        self._seconds: dict[str, Histogram] = {}

    def count(self, part: str, status: int, seconds: float) -> None:
        self._answers[part, f"{status // 100}xx"] += 1
        self._seconds.setdefault(part, Histogram(BOUNDS_S)).observe(seconds)

    def families(self) -> Iterator[Family]:
        """The figures of this process, which ``process`` names."""
        mine = {"process": str(os.getpid())}
        answers = [(float(n), {**mine, "part": part, "status": status}) for (part, status), n in self._copy()]
        yield exposition.counter("anlan_web_requests_total", "Requests answered.", *answers)
        seconds = [s for part, took in list(self._seconds.items()) for s in took.samples({**mine, "part": part})]
        yield Family("anlan_web_request_seconds", "histogram", "Time until an answer begins [s].", seconds)
        refused = [(float(n), {**mine, "reason": reason}) for reason, n in self.refused.items()]
        yield exposition.counter("anlan_web_sign_ins_refused_total", "Sign-ins refused.", *refused)
        yield exposition.gauge(
            "anlan_web_start_time_seconds", "When this process began.", (self.started.timestamp(), mine)
        )
        if self.hub is not None:
            yield exposition.gauge("anlan_web_streams", "Browsers that listen to /live.", (len(self.hub), mine))
            yield Family(
                "anlan_web_outbox_id", "gauge", "Newest live event handed out.", [Sample(self.hub.last_id, mine)]
            )

    def _copy(self) -> list[tuple[tuple[str, str], int]]:
        return sorted(self._answers.copy().items())


traffic = Traffic()


@receiver(user_login_failed)
def _failed(**_: Any) -> None:
    traffic.refused["password"] += 1


@receiver(user_locked_out)
def _locked(**_: Any) -> None:
    traffic.refused["locked_out"] += 1


async def attend(part: str, app: AsgiApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Let ``app`` answer, under a number that stands in the answer and in every line of log about it."""
    began = time.perf_counter()
    proxied = _through_proxy(scope)
    identity = _identify(scope, proxied=proxied)
    incoming = Incoming(scope, receive)
    begun = False

    async def answer(message: Message) -> None:
        nonlocal begun
        if message["type"] == "http.response.start":
            begun = True
            if proxied:
                await incoming.finish()
            traffic.count(part, message["status"], time.perf_counter() - began)
            message["headers"] = [*message["headers"], (b"x-request-id", identity.encode())]
        await send(message)

    held = logs.request_id.set(identity)
    try:
        await app(scope, incoming.receive, answer)
    except ConnectionError:
        raise  # whoever asked has left
    except Exception:
        logger.exception("%s could not answer", part)
        if begun:
            raise  # an answer that breaks off must not look whole
        await _apologise(answer)
    finally:
        logs.request_id.reset(held)


async def _apologise(send: Send) -> None:
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(_BROKEN)).encode())]
    await send({"type": "http.response.start", "status": 500, "headers": head})
    await send({"type": "http.response.body", "body": _BROKEN})


class Incoming:
    """A body on its way in. A proxy that is still sending one hears no answer, so what nobody wanted is read here."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive = receive
        self._more = any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])

    async def receive(self) -> Message:
        message = await self._receive()
        self._more = message["type"] == "http.request" and bool(message.get("more_body"))
        return message

    async def finish(self) -> None:
        while self._more:
            await self.receive()


def _through_proxy(scope: Scope) -> bool:
    """Whether a proxy of ours passes the request on; then who asked, and how, is what the proxy says."""
    client = scope.get("client")
    if not client or not _ours(client[0], settings.PROXIES):
        return False
    headers = dict(scope["headers"])
    if address := _address(headers.get(b"x-real-ip", b"")):
        scope["client"] = (address, 0)
    if (scheme := headers.get(b"x-forwarded-proto")) in (b"http", b"https"):
        scope["scheme"] = scheme.decode()
    return True


def _identify(scope: Scope, *, proxied: bool) -> str:
    """A number for the request: the proxy's, so that both logs name it alike, or a new one."""
    said = dict(scope["headers"]).get(b"x-request-id", b"") if proxied else b""
    return said.decode() if _IDENTITY.fullmatch(said) else secrets.token_hex(8)


@lru_cache(maxsize=1_000)
def _ours(host: str, proxies: tuple[str, ...]) -> bool:
    address = _address(host.encode())
    return bool(address) and any(ipaddress.ip_address(address) in ipaddress.ip_network(one) for one in proxies)


def _address(said: bytes) -> str:
    """An address in its usual form; nothing for anything else."""
    try:
        address = ipaddress.ip_address(said.decode("ascii").strip())
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
