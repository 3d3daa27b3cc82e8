"""Takes pictures of the running demo: ``python docs/screenshots.py [images] [screens] [--demo URL FOLDER]``.

``images`` are those of the README, at most 300 kB each. ``screens`` is every page at 390, 1440 and 3840 px, light and
dark, the wall in its shapes, as small WebP with an index: for eyes that judge the whole product at once. ``--demo``
photographs a demo that already runs, with its data folder. Needs Chromium (``ANLAN_CHROMIUM``, else /usr/bin/chromium).
"""

import argparse
import base64
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
from playwright.sync_api import Error as PlaywrightError

CHROMIUM = os.environ.get("ANLAN_CHROMIUM", "/usr/bin/chromium")
OUT = Path(__file__).parent / "images"
LARGEST = 300_000  # bytes
STARTS_IN_S = 180
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
SCREENS = Path(__file__).parent / "screens"
SIZES = {"390": PHONE, "1440": {"width": 1440, "height": 900}, "3840": {"width": 3840, "height": 2160}}
WALLS = {
    "16x9": {"width": 1920, "height": 1080}, "4k": {"width": 3840, "height": 2160},
    "32x9": {"width": 3840, "height": 1080},
    "4x3": {"width": 1600, "height": 1200}, "portrait": {"width": 1080, "height": 1920}, "phone": PHONE,
}  # fmt: skip
WIDEST = 1600  # px of a kept picture: larger screens are kept smaller
QUALITY = 0.55
LARGEST_SCREENS = 6_000_000  # bytes together
#: name → address, and what must be there before the picture is taken
PAGES = {
    "map": ("/", "#map[data-ready]"),
    "duty": ("/duty", "#queue"),
    "alarms": ("/alarms", "main h1"),
    "enterprises": ("/enterprises", "main h1"),
    "desk": ("/desk", "main h1"),
    "risks": ("/risks", "main h1"),
    "consequences": ("/consequences", "main h1"),
    "chart": ("/chart?tags=7,8,9&minutes=480", "#tag-chart[data-drawn]"),
    "tag": ("/tags/7", "#tag-chart[data-drawn]"),
    "shifts": ("/shifts", "main h1"),
    "imports": ("/imports", "main h1"),
    "manage": ("/manage", "main h1"),
    "notices": ("/notices", "main h1"),
    "search": ("/search?q=化工", "main h1"),
    "health": ("/health", "main h1"),
    "stage": ("/stage", "main h1"),
    "sessions": ("/accounts/sessions/", "main h1"),
    "style": ("/style", "main h1"),
}
SHRINK = """async ([data, widest, quality]) => {
  const image = new Image();
  image.src = `data:image/png;base64,${data}`;
  await image.decode();
  const scale = Math.min(1, widest / image.width);
  const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({type: "image/webp", quality})).arrayBuffer());
  let text = "";
  for (const one of bytes) text += String.fromCharCode(one);
  return btoa(text);
}"""


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


def shoot(camera: Camera) -> None:
    """Every page at every size in both themes, and the index that shows them."""
    SCREENS.mkdir(exist_ok=True)
    darkroom = camera.browser.new_page()
    taken: dict[str, list[str]] = {}
    views = [(name, *PAGES[name], size, theme) for name in PAGES for size in SIZES for theme in ("light", "dark")]
    for name, path, ready, size, theme in views:
        if picture := snap(camera, darkroom, (path, ready), SIZES[size], theme):
            file = f"{name}-{size}-{theme}.webp"
            (SCREENS / file).write_bytes(picture)
            taken.setdefault(name, []).append(file)
    for shape, view in WALLS.items():
        if picture := snap(camera, darkroom, ("/wall", "#map[data-ready]"), view, "dark"):
            (SCREENS / f"wall-{shape}.webp").write_bytes(picture)
            taken.setdefault("wall", []).append(f"wall-{shape}.webp")
    (SCREENS / "README.md").write_text(index(taken), "utf-8")
    weight = sum(file.stat().st_size for file in SCREENS.glob("*.webp"))
    sys.stdout.write(f"{sum(map(len, taken.values()))} pictures, {weight} bytes\n")
    if weight > LARGEST_SCREENS:
        sys.exit(f"the pictures have {weight} bytes together, more than {LARGEST_SCREENS}")


def snap(camera: Camera, darkroom: Page, page_at: tuple[str, str], size: dict[str, int], theme: str) -> bytes | None:
    """One page as a small picture; nothing where the viewer may not open it."""
    path, ready = page_at
    page = camera.open(path, size, theme)
    try:
        if page.locator(".error-page, .entrance").count():
            return None
        page.locator(ready).first.wait_for(state="attached", timeout=45_000)
        page.wait_for_timeout(1200)
        data = base64.b64encode(page.screenshot()).decode()
    except PlaywrightError as failure:
        sys.stderr.write(f"{path} at {size['width']} px: {str(failure).splitlines()[0]}\n")
        return None
    finally:
        page.context.close()
    return base64.b64decode(darkroom.evaluate(SHRINK, [data, WIDEST, QUALITY]))


def index(taken: dict[str, list[str]]) -> str:
    lines = [
        "# Every page at every size",
        "",
        "Taken by `python docs/screenshots.py screens` from the demo county.",
        "",
    ]
    for name, files in taken.items():
        lines += [f"## {name}", "", " ".join(f"[![{file}]({file})]({file})" for file in files), ""]
    return "\n".join(lines)


@contextmanager
def running(given: list[str] | None) -> Iterator[tuple[str, Path]]:
    if given:
        yield given[0], Path(given[1])
        return
    with demo() as made:
        yield made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", choices=["images", "screens"], default="images")
    parser.add_argument("--demo", nargs=2, metavar=("URL", "FOLDER"))
    given = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    with running(given.demo) as (base, folder), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        camera = Camera(browser, base, folder)
        if "images" in given.what:
            take(camera)
        if "screens" in given.what:
            shoot(camera)
        browser.close()


if __name__ == "__main__":
    main()
