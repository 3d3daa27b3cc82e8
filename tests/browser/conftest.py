"""One running product for all browser tests, and Chromium pages signed in as the people of its county."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.world import PASSWORD, PEOPLE

CHROMIUM = os.environ.get("ANLAN_CHROMIUM", "/usr/bin/chromium")
WITHIN_S = 60
ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
USERNAMES = {name: username for name, username, *_ in PEOPLE}


@dataclass
class Product:
    """``anlan web``, ``engine`` and ``worker`` on a data folder of their own."""

    data: Path
    env: dict[str, str]
    port: int
    county: dict[str, Any] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str) -> bytes:
        done = subprocess.run([sys.executable, *arguments], env=self.env, cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def start(self, part: str, *arguments: str) -> None:
        with (self.data / f"{part}.out").open("ab") as log:
            self.processes[part] = subprocess.Popen(
                [sys.executable, "-m", "anlan", part, *arguments], env=self.env, cwd=ROOT, stdout=log, stderr=log
            )

    def start_web(self) -> None:
        self.start("web", "--port", str(self.port))
        self.wait_for(lambda: httpx.get(f"{self.base}/accounts/login/", timeout=10).status_code == 200)

    def kill(self, part: str) -> None:
        self.processes[part].send_signal(signal.SIGKILL)
        self.processes[part].wait(10)

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(20)

    def wait_for(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + WITHIN_S
        while time.monotonic() < until:
            try:
                if done():
                    return
            except (httpx.HTTPError, OSError):
                pass
            time.sleep(0.1)
        raise AssertionError("\n".join(path.read_text()[-2000:] for path in self.data.glob("*.out")))

    def send(self, tag: str, value: float, *, ago_s: float = 0.0) -> None:
        """A reading as a gateway sends it; answered once it is safe."""
        answer = self.post(tag, value, ago_s=ago_s)
        assert answer["accepted"] == 1, answer

    def post(self, tag: str, value: float, *, ago_s: float = 0.0) -> dict[str, Any]:
        reading = {"tag": tag, "ts": int((time.time() - ago_s) * 1000), "value": value, "quality": 1}
        key = {"Authorization": f"Bearer {self.county['key']}"}
        answer = httpx.post(f"{self.base}/intake", json=reading, headers=key, timeout=30)
        answer.raise_for_status()
        return dict(answer.json())

    def place(self, key: str) -> int:
        return int(self.county["places"][key])

    def tag(self, code: str) -> int:
        return int(self.county["tags"][code])


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="package")
def product(request: pytest.FixtureRequest) -> Iterator[Product]:
    assert request.config.cache
    with tempfile.TemporaryDirectory(prefix="anlan-browser-") as folder:
        data = Path(folder)
        (data / "numba").symlink_to(
            request.config.cache.mkdir("numba")
        )  # compiled kernels outlive a run; see _cache.py
        outside = ("ANLAN_DATABASE_URL", "ANLAN_MQTT_URL", "DJANGO_SETTINGS_MODULE")
        env = {name: value for name, value in os.environ.items() if name not in outside}
        product = Product(data, {**env, "ANLAN_DATA": folder, "PYTHONPATH": str(ROOT)}, free_port())
        product.run("-m", "anlan", "manage", "migrate", "-v", "0")
        product.county = json.loads(product.run("-m", "tests.browser.county"))
        try:
            product.start("engine")
            product.start("worker")
            product.start_web()
            product.wait_for(lambda: (data / "engine.json").exists())
            product.wait_for(lambda: product.post("CALM_F", 50.0)["accepted"] == 1)
            yield product
        finally:
            product.stop()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def sessions() -> dict[str, Any]:
    """What a browser keeps of a sign-in, by name, so that each person signs in by hand only once."""
    return {}


@pytest.fixture
def open_as(product: Product, chromium: Browser, sessions: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """``open_as("赵值", "/duty", width=390)``: a page of a browser of its own. No page may say an error."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(name: str, path: str = "/", *, width: int = 1440, height: int = 900, **options: Any) -> Page:
        if name not in sessions:
            sessions[name] = sign_in(product, chromium, name)
        view = {"width": width, "height": height}
        context = chromium.new_context(
            base_url=product.base, locale="zh-CN", viewport=view, storage_state=sessions[name], **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(path)
        return page

    expect.set_options(timeout=60_000)
    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def sign_in(product: Product, chromium: Browser, name: str) -> Any:
    with closing(chromium.new_context(base_url=product.base, locale="zh-CN")) as context:
        page = context.new_page()
        page.goto("/accounts/login/")
        page.get_by_label("用户名").fill(USERNAMES[name])
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.locator("#connection")).to_be_visible()
        return context.storage_state()
