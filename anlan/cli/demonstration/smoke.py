"""Does what the duty officer's browser does: sign in, open the map, hear the stream until the first alarm."""

import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

USER = "zhaozhi"
LOGIN = "/accounts/login/"
PAGE_WITHIN_S = 120.0
ALARM_WITHIN_S = 120.0
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class SmokeError(Exception):
    """The demo did not do what it should; the text says what."""


@dataclass
class Browser:
    """Cookies and one request after another."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def request(self, method: str, path: str, form: dict[str, str] | None = None) -> http.client.HTTPResponse:
        """Ask; the answer is not read yet."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ALARM_WITHIN_S)
        head = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode(form) if form is not None else None, head)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return answer

    def sign_in(self, user: str, password: str) -> None:
        page = self.request("GET", LOGIN).read().decode()
        token = _TOKEN.search(page)
        if token is None:
            raise SmokeError("登录页没有表单")
        form = {"csrfmiddlewaretoken": token[1], "login": user, "password": password}
        answer = self.request("POST", LOGIN, form)
        answer.read()
        if answer.status != 302:
            raise SmokeError(f"{user} 不能登录（HTTP {answer.status}）")

    def events(self) -> Iterator[tuple[str, object]]:
        """(name, data) of the live stream."""
        answer = self.request("GET", "/live")
        if answer.status != 200:
            raise SmokeError(f"实时流没有打开（HTTP {answer.status}）")
        name = ""
        for raw in answer:
            key, _, value = raw.decode().rstrip("\r\n").partition(":")
            if key == "event":
                name = value.strip()
            elif key == "data":
                yield name, json.loads(value)


def first_page(browser: Browser, password: str, going_on: Callable[[], bool]) -> None:
    """Sign in and open the map, as soon as the product answers."""
    end = time.monotonic() + PAGE_WITHIN_S
    while going_on() and time.monotonic() < end:
        try:
            browser.sign_in(USER, password)
            answer = browser.request("GET", "/")
            answer.read()
        except OSError:
            time.sleep(0.05)
            continue
        if answer.status != 200:
            raise SmokeError(f"地图页没有打开（HTTP {answer.status}）")
        return
    raise SmokeError(f"{PAGE_WITHIN_S:g} 秒内没有打开第一个页面")


def first_alarm(browser: Browser) -> None:
    """Until the stream tells of an alarm that has been raised."""
    end = time.monotonic() + ALARM_WITHIN_S
    for name, _ in browser.events():
        if name == "alarm":
            return
        if time.monotonic() > end:
            break
    raise SmokeError(f"{ALARM_WITHIN_S:g} 秒内实时流里没有报警")


def counts(data: Path) -> dict[str, int]:
    """How much there is: places, tags, accepted readings, alarms."""
    from anlan.cli import setup_django

    setup_django()
    from anlan.apps.core.models import Place
    from anlan.apps.monitoring.models import Alarm, Tag

    report = json.loads((data / "engine.json").read_text())
    return {
        "places": Place.objects.count(),
        "tags": Tag.objects.count(),
        "readings": report["accepted"],
        "alarms": Alarm.objects.count(),
    }
