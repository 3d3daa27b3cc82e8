"""Log lines: one object each where that is asked for, a number for every request, and nothing that people sent."""

import asyncio
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from anlan.cli.supervise import Part, Supervisor, echo
from anlan.config import asgi
from anlan.kit import logs
from tests.world import World

PHONE = "13900001234"


def broken(request: HttpRequest) -> HttpResponse:
    try:
        raise KeyError(PHONE)
    except KeyError as error:
        raise ValueError(f"invalid literal '{request.GET['phone']}'\nDETAIL: row ({PHONE})") from error


def fine(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.META['REMOTE_ADDR']} {request.scheme}")


urlpatterns = [path("broken", broken), path("fine", fine)]
handler500 = "anlan.kit.pages.server_error"


class Lines(logging.StreamHandler[io.StringIO]):
    """What the loggers say, as the product writes it."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__(io.StringIO())
        self.setFormatter(formatter)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def objects(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines(logs.JsonLines())
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def ask(
    address: str, headers: dict[str, str] | None = None, client: str = "192.0.2.7"
) -> tuple[int, dict[str, str], str]:
    """Through the application that the server runs: status, headers, body."""
    where, _, query = address.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": where,
        "query_string": query.encode(),
        "headers": [(n.encode(), v.encode()) for n, v in {"host": "localhost", **(headers or {})}.items()],
        "http_version": "1.1",
        "client": (client, 4711),
        "server": ("127.0.0.1", 8000),
        "scheme": "http",
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(asgi.application(scope, receive, send))
    head = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], head, b"".join(message.get("body", b"") for message in sent[1:]).decode()


@pytest.fixture
def pages(settings: Any) -> Any:
    settings.ROOT_URLCONF = "tests.operations.test_logs"
    return settings


def test_an_error_is_one_line_with_the_number_that_the_browser_got(pages: Any, lines: Lines) -> None:
    status, head, _ = ask(f"/broken?phone={PHONE}")
    (said,) = lines.objects()
    assert status == 500
    assert said["request_id"] == head["x-request-id"]
    assert (said["level"], said["logger"]) == ("error", "django.request")
    assert {"time", "part", "message"} <= said.keys()
    assert "in broken" in said["exception"] and "ValueError: invalid literal" in said["exception"]
    assert "KeyError" in said["exception"]


def test_what_was_sent_is_not_in_the_log(pages: Any, lines: Lines) -> None:
    ask(f"/broken?phone={PHONE}", {"cookie": "sessionid=geheim", "authorization": "Bearer geheim"})
    assert lines.text
    assert PHONE not in lines.text
    assert "geheim" not in lines.text


def test_every_answer_has_a_number_of_its_own(pages: Any) -> None:
    numbers = {ask(address)[1]["x-request-id"] for address in ("/fine", "/fine", "/live", "/intake", "/nothing")}
    assert len(numbers) == 5


def test_a_broken_route_outside_django_answers_and_is_logged(monkeypatch: pytest.MonkeyPatch, lines: Lines) -> None:
    async def falls(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError(f"'{PHONE}'")

    monkeypatch.setattr(asgi, "intake", falls)
    status, head, body = ask("/intake")
    assert (status, json.loads(body)["error"]["code"]) == (500, "internal")
    (said,) = lines.objects()
    assert (said["request_id"], said["logger"]) == (head["x-request-id"], "anlan.web.traffic")
    assert PHONE not in lines.text


def test_only_a_known_proxy_says_who_asks(pages: Any) -> None:
    said = {"x-real-ip": "203.0.113.5", "x-forwarded-proto": "https", "x-request-id": "abcdef-0123456789"}
    _, head, body = ask("/fine", said, client="127.0.0.1")
    assert body == "127.0.0.1 http"
    assert head["x-request-id"] != "abcdef-0123456789"
    pages.PROXIES = ("127.0.0.1", "10.0.0.0/8")
    for proxy in ("127.0.0.1", "10.2.3.4", "::ffff:10.2.3.4"):
        _, head, body = ask("/fine", said, client=proxy)
        assert (body, head["x-request-id"]) == ("203.0.113.5 https", "abcdef-0123456789"), proxy
    assert ask("/fine", said, client="192.0.2.7")[2] == "192.0.2.7 http"


def test_what_a_proxy_says_is_not_believed_blindly(pages: Any) -> None:
    pages.PROXIES = ("127.0.0.1",)
    said = {"x-real-ip": "evil", "x-forwarded-proto": "gopher", "x-request-id": 'x" \n'}
    _, head, body = ask("/fine", said, client="127.0.0.1")
    assert body == "127.0.0.1 http"
    assert head["x-request-id"].isalnum()


@pytest.mark.parametrize(("proxies", "read"), [((), 0), (("127.0.0.1",), 3)])
def test_a_proxy_that_still_sends_is_heard_out_before_it_is_answered(pages: Any, proxies: Any, read: int) -> None:
    """nginx takes no answer while it sends, and would tell the visitor that we are broken."""
    pages.PROXIES = proxies
    waiting = [{"type": "http.request", "body": b"x", "more_body": more} for more in (True, True, False)]
    sent: list[Any] = []

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append((message, len(waiting)))

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/intake",
        "headers": [(b"content-length", b"99999999"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(asgi.application(scope, receive, send))
    assert (sent[0][0]["status"], sent[0][1]) == (413, 3 - read)


def test_a_wrong_password_leaves_no_name_in_the_log(world: World, lines: Lines) -> None:
    for _ in range(6):
        Client().post("/accounts/login/", {"login": "zhaozhi", "password": "Geheim-123456"})
    assert "zhaozhi" not in lines.text
    assert "Geheim" not in lines.text


def test_plain_lines_say_the_same_to_people(pages: Any) -> None:
    handler = Lines(logs.PlainLines())
    logging.getLogger().addHandler(handler)
    try:
        number = ask(f"/broken?phone={PHONE}")[1]["x-request-id"]
        logging.getLogger("anlan").warning("two\nlines")
    finally:
        logging.getLogger().removeHandler(handler)
    first, *_, last = handler.text.splitlines()
    assert f" ERROR django.request [{number}]: Internal Server Error: /broken" in first
    assert last.endswith(" WARNING anlan: two\\nlines")
    assert PHONE not in handler.text


FALLS = """
from anlan.cli import setup_django
setup_django("engine")
import logging
logging.getLogger("anlan.engine").info("hello")
logging.getLogger("other").info("not said")
raise OSError("no space left on '/srv/anlan'")
"""


def fall(form: str, tmp_path: Any) -> list[str]:
    env = {"PATH": "/usr/bin:/bin", "ANLAN_LOG": form, "ANLAN_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", FALLS], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr.splitlines()


def test_a_process_that_falls_says_so_in_one_object(tmp_path: Any) -> None:
    hello, fallen = map(json.loads, fall("json", tmp_path))
    assert (hello["part"], hello["level"], hello["message"]) == ("engine", "info", "hello")
    assert fallen["level"] == "critical"
    assert fallen["exception"].endswith("OSError: no space left on '/srv/anlan'")


def test_without_json_it_says_so_as_python_does(tmp_path: Any) -> None:
    hello, begin, *_ = fall("", tmp_path)
    assert hello.endswith(" INFO anlan.engine: hello")
    assert begin.startswith("Traceback")


def test_the_supervisor_passes_objects_on_and_wraps_all_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANLAN_LOG", "json")
    script = """print('{"time": "now", "part": "web", "message": "ours"}'); print("not ours", flush=True)"""
    supervisor = Supervisor([Part("web", (script,), ("-c",))], ["web"], echo)
    said: list[str] = []
    supervisor.start()
    supervisor.tend(20, until=lambda: len(said.append(capsys.readouterr().err) or "".join(said).splitlines()) >= 3)
    supervisor.end()
    lines = {line["message"]: line for line in map(json.loads, "".join(said).splitlines()[:3])}  # in any order
    ours, wrapped = lines.pop("ours"), lines.pop("not ours")
    (fell,) = lines.values()
    assert ours == {"time": "now", "part": "web", "message": "ours"}
    assert (wrapped["part"], wrapped["logger"], wrapped["message"]) == ("web", "output", "not ours")
    assert fell["part"] == "supervisor" and "意外停止" in fell["message"]


def test_a_part_that_is_asked_where_it_stands_tells_and_goes_on() -> None:
    code = (
        "import os, signal; from anlan.kit import logs\n"
        "def waiting(): os.kill(os.getpid(), signal.SIGUSR1)\n"
        "logs.begin('web'); waiting(); print('on')"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "on\n" and " in waiting" in told.stderr
