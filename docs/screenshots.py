"""Takes the pictures of the README from the running demo: ``python docs/screenshots.py``.

Needs Chromium (``ANLAN_CHROMIUM``, else /usr/bin/chromium). Each picture is at most 300 kB.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("ANLAN_CHROMIUM", "/usr/bin/chromium")
OUT = Path(__file__).parent / "images"
LARGEST = 300_000  # bytes
STARTS_IN_S = 180
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@contextmanager
def demo() -> Iterator[tuple[str, Path]]:
    """The demo on a free port and a folder of its own."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="anlan-pictures-") as folder:
        command = [sys.executable, "-m", "anlan", "demo", "--port", str(port), "--data", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        try:
            wait(f"http://127.0.0.1:{port}/accounts/login/", Path(folder), process)
            yield f"http://127.0.0.1:{port}", Path(folder)
        finally:
            process.terminate()
            process.wait(60)


def wait(url: str, folder: Path, process: "subprocess.Popen[bytes]") -> None:
    """Until people can sign in: the pages answer and the county is built."""
    until = time.monotonic() + STARTS_IN_S
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(url, timeout=5).status_code == 200 and (folder / "demo.json").exists():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    sys.exit("the demo did not start")


def sign_in(browser: Browser, base: str, folder: Path) -> dict[str, object]:
    """The duty officer's session, for pages of every size."""
    notes = json.loads((folder / "demo.json").read_text("utf-8"))
    page = browser.new_context(base_url=base, locale="zh-CN").new_page()
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill("zhaozhi")
    page.get_by_label("密码", exact=True).fill(notes["password"])
    page.get_by_role("button", name="登录").click()
    page.locator("#connection").wait_for()
    return dict(page.context.storage_state())


class Camera:
    """Opens pages as the duty officer and keeps pictures of them."""

    def __init__(self, browser: Browser, base: str, folder: Path) -> None:
        self.browser, self.base = browser, base
        self.session = sign_in(browser, base, folder)

    def open(self, path: str, size: dict[str, int], theme: str) -> Page:
        context = self.browser.new_context(
            base_url=self.base,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport=size,
            color_scheme=theme,
            storage_state=self.session,
        )
        page = context.new_page()
        page.set_default_timeout(90_000)
        page.goto(path)
        return page

    def keep(self, page: Page, name: str) -> None:
        page.wait_for_timeout(1500)
        file = OUT / f"{name}.png"
        page.screenshot(path=file)
        page.context.close()
        size = file.stat().st_size
        if size > LARGEST:
            sys.exit(f"{file.name} has {size} bytes, more than {LARGEST}: make its view smaller")


def take(camera: Camera) -> None:
    """The story's first alarm, then every picture."""
    duty = camera.open("/duty", DESK, "light")
    duty.locator("#queue li").nth(2).wait_for()
    duty.locator("[data-trend][data-drawn]").wait_for()
    plant = duty.locator("#duty-detail .place-path a", has_text="公司").first.get_attribute("href") or "/"
    camera.keep(duty, "duty")
    for theme, name in (("light", "map"), ("dark", "map-dark")):
        page = camera.open("/", DESK, theme)
        page.locator("#map[data-ready]").wait_for()
        camera.keep(page, name)
    page = camera.open(plant, DESK, "light")
    page.locator("svg.spark path").first.wait_for()
    camera.keep(page, "place")
    page = camera.open("/duty", PHONE, "light")
    page.locator("#queue li").first.wait_for()
    camera.keep(page, "duty-phone")


def main() -> None:
    OUT.mkdir(exist_ok=True)
    with demo() as (base, folder), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        take(Camera(browser, base, folder))
        browser.close()


if __name__ == "__main__":
    main()
