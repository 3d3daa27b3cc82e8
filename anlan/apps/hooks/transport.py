"""Sending a body to an address: looked up once and held to it, signed, no redirects, bounded in time and size."""

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from anlan import __version__
from anlan.kit.errors import Refused, check
from anlan.rules import hooks as rules
from anlan.rules.refusal import Refusal

WITHIN_S = 10.0  # the whole exchange; a receiver should take the event down and answer at once
READ = 600  # bytes of an answer that are looked at


@dataclass(frozen=True)
class Answer:
    """What came back: ``status`` None = nothing, ``text`` says why or what."""

    status: int | None
    text: str
    took_ms: int

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def look_up(url: str) -> str:
    """The address of the network that a URL stands for now. Raises Refused for one that may not be reached."""
    check(rules.url_is_good(url))
    parts = urlsplit(url)
    allowed = [ipaddress.ip_network(one, strict=False) for one in settings.HOOK_NETWORKS]
    host = str(parts.hostname)
    try:
        found = socket.getaddrinfo(host, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        fix = "请检查地址和域名解析。"
        raise Refused(Refusal("hook.unknown_host", "找不到主机“{host}”。", fix, {"host": host[:80]})) from error
    addresses = [str(one[4][0]) for one in found]
    for address in addresses:
        check(rules.may_reach(address, allowed))
    return addresses[0]


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send a body; whatever goes wrong is told in the answer."""
    began = time.monotonic()
    try:
        status, text = _exchange(urlsplit(url), look_up(url), body, headers)
    except Refused as refused:
        status, text = None, f"{refused.refusal.code}: {refused.refusal.filled(refused.refusal.message)}"
    except (OSError, http.client.HTTPException) as error:
        status, text = None, f"{type(error).__name__}: {error}"
    return Answer(status, text[:READ].replace("\0", ""), round((time.monotonic() - began) * 1000))


def signed(secret: str, body: bytes, moment: int) -> str:
    """``t=<seconds>,v1=<HMAC-SHA256 of "seconds.body">``: the receiver compares it and refuses what is old."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _exchange(parts: SplitResult, address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    connection = _Pinned(parts, address)
    watch = threading.Timer(WITHIN_S, connection.give_up)  # also for one that answers a letter at a time
    watch.daemon = True
    watch.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        own = {"Content-Type": "application/json", "User-Agent": f"Anlan-Hooks/{__version__}", "Connection": "close"}
        connection.request("POST", target, body, {**own, **headers})
        response = connection.getresponse()
        return response.status, response.read(READ).decode(errors="replace")
    finally:
        watch.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was checked, whatever the name stands for by now; TLS still checks the name."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        super().__init__(str(parts.hostname), _port(parts), timeout=WITHIN_S)
        self._address = address
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), WITHIN_S)
        if self._tls is not None:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)

    def give_up(self) -> None:
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
