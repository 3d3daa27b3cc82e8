"""Takes pictures of the running demo: ``python docs/screenshots.py [images] [screens] [--demo URL FOLDER]``.

``images`` are those of the README, at most 300 kB each. ``screens`` is every page at 390, 1440 and 3840 px, light and
dark, the wall in its shapes, as small WebP with an index: for eyes that judge the whole product at once; ``--only``
takes some of them anew. ``--demo`` photographs a demo that already runs, with its data folder; its pages are enough,
gateways, worker and engine only make the figures live. Needs Chromium (``ANLAN_CHROMIUM``, else what is installed).
"""

import argparse
import base64
import hashlib
import hmac
import itertools
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Literal

import httpx
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

CHROMIUM = os.environ.get("ANLAN_CHROMIUM") or shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
OUT = Path(__file__).parent / "images"
LARGEST = 300_000  # bytes
STARTS_IN_S = 180
PLAIN = ["--no-sandbox", "--disable-gpu", "--lang=zh-CN"]
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--lang=zh-CN"]  # draws maps, slowly
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
SCREENS = Path(__file__).parent / "screens"
SIZES = {"390": PHONE, "1440": {"width": 1440, "height": 900}, "3840": {"width": 3840, "height": 2160}}
WALLS = {
    "16x9": {"width": 1920, "height": 1080}, "4k": {"width": 3840, "height": 2160},
    "32x9": {"width": 3840, "height": 1080},
    "4x3": {"width": 1600, "height": 1200}, "portrait": {"width": 1080, "height": 1920}, "phone": PHONE,
}  # fmt: skip
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WIDEST = 1200  # px of a kept picture: larger screens are kept smaller
QUALITY = 0.42
LARGEST_SCREENS = 9_000_000  # bytes together
DUTY, INSPECTOR, OFFICER, MANAGER = "zhaozhi", "lixun", "wangan", "qianguan"
NOBODY = ""  # has not signed in


@dataclass(frozen=True)
class Shot:
    """A page: its address, or where the way to it begins and which links to follow from there (patterns, the first
    link that fits each); ``then`` is added to the address, ``ready`` must be there before the picture is taken."""

    start: str
    _: KW_ONLY
    follow: tuple[str, ...] = ()
    then: str = ""
    ready: str = "main h1"
    who: str = DUTY

    @property
    def drawn(self) -> bool:
        """Whether it shows a map, which wants WebGL."""
        return "data-ready" in self.ready


NEW_SCENARIO = (r"/consequences\?under=\d+", r"/places/\d+/scenarios/new")
PLANT, PARK, PROJECT, POND = (r"/enterprises/\d+",), (r"/parks/\d+",), (r"/projects/\d+",), (r"/tailings/\d+",)
SCENARIO, STUDY = (r"/consequences/\d+",), (r"/consequences/parks/\d+",)
ANCHENG = "/enterprises?q=安澄化工"
PAGES = {
    "login": Shot("/accounts/login/", ready="form", who=NOBODY),
    "map": Shot("/", ready="#map[data-ready]"),
    "map-place": Shot("/risks?q=汽提塔", follow=(r"/places/\d+", r"/\?place=\d+.*"), ready="#map[data-ready]"),
    "duty": Shot("/duty", ready="#queue"),
    "alarms": Shot("/alarms"),
    "county": Shot(ANCHENG, follow=(*PLANT, r"/places/\d+")),
    "place": Shot("/risks?q=汽提塔", follow=(r"/places/\d+",)),
    "enterprises": Shot("/enterprises"),
    "enterprise": Shot(ANCHENG, follow=PLANT),
    "enterprise-print": Shot(ANCHENG, follow=(*PLANT, PLANT[0] + "/print"), ready="h1"),
    "desk": Shot("/desk", who=OFFICER),
    "risks": Shot("/risks"),
    "changes": Shot("/changes?kind=all"),
    "park": Shot("/parks", follow=PARK),
    "park-grading": Shot("/parks", follow=(*PARK, r"/parks/gradings/\d+")),
    "park-vehicles": Shot("/parks", follow=PARK, then="/vehicles"),
    "park-screening": Shot("/parks", follow=PARK, then="/screening", who=INSPECTOR),
    "projects": Shot("/projects"),
    "project": Shot("/projects", follow=PROJECT, ready="#shape-map[data-ready]"),
    "consequences": Shot("/consequences"),
    "scenario": Shot("/consequences", follow=SCENARIO, ready="main [data-ready]"),
    "scenario-new": Shot("/parks", follow=(*PARK, *NEW_SCENARIO), who=INSPECTOR),
    "what-if": Shot("/consequences", follow=(*SCENARIO, r"/consequences/what-if\?.+"), ready="main [data-ready]"),
    "park-studies": Shot("/consequences/parks"),
    "park-risk": Shot("/consequences/parks", follow=STUDY, ready="main [data-ready]"),
    "tailings": Shot("/tailings"),
    "pond": Shot("/tailings", follow=POND, ready="main [data-ready]"),
    "pond-flood": Shot("/tailings", follow=POND, then="/study"),
    "pond-closing": Shot("/tailings/closing"),
    "reports": Shot("/reports"),
    "chart": Shot("/chart?tags=7,8,9&minutes=480", ready="#tag-chart[data-drawn]"),
    "tag": Shot("/tags/7", ready="#tag-chart[data-drawn]"),
    "shifts": Shot("/shifts"),
    "imports": Shot("/imports", who=INSPECTOR),
    "manage": Shot("/manage", who=MANAGER),
    "places": Shot("/manage/places", who=MANAGER),
    "place-kept": Shot("/manage/places", follow=(r"/manage/places/\d+",), ready="main [data-ready]", who=MANAGER),
    "people": Shot("/manage/people", who=MANAGER),
    "person": Shot("/manage/people", follow=(r"/manage/people/\d+",), who=MANAGER),
    "grant": Shot("/manage/people", follow=(r"/manage/people/\d+", r"/manage/people/grant.*"), who=MANAGER),
    "packs": Shot("/manage/packs", who=MANAGER),
    "sources": Shot("/manage/sources", who=MANAGER),
    "tags": Shot("/manage/tags", who=MANAGER),
    "audit": Shot("/manage/audit", who=MANAGER),
    "retention": Shot("/manage/retention", who=MANAGER),
    "tokens": Shot("/account/tokens"),
    "hooks": Shot("/account/hooks"),
    "notices": Shot("/notices"),
    "search": Shot("/search?q=化工"),
    "health": Shot("/health"),
    "stage": Shot("/stage"),
    "sessions": Shot("/accounts/sessions/"),
    "style": Shot("/style"),
}
WALL = Shot("/wall", ready="#map[data-ready]")
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


def sign_in(browser: Browser, base: str, folder: Path, who: str) -> dict[str, object]:
    """Somebody's session, for pages of every size; who needs a second factor sets one up."""
    notes = json.loads((folder / "demo.json").read_text("utf-8"))
    page = browser.new_context(base_url=base, locale="zh-CN").new_page()
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill(who)
    page.get_by_label("密码", exact=True).fill(notes["password"])
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    kept = folder / f".second-factor-{who}"
    if "/totp/activate" in page.url:
        kept.write_text(page.locator("code.secret").inner_text().replace(" ", ""), "ascii")
        page.get_by_label("验证码").fill(code(kept.read_text("ascii")))
        page.get_by_role("button", name="启用", exact=True).click()
    elif "/2fa/authenticate" in page.url:
        page.get_by_label("验证码").fill(code(kept.read_text("ascii")))
        page.get_by_role("button", name="登录", exact=True).click()
    page.locator("#connection").wait_for(state="attached")
    return dict(page.context.storage_state())


def code(secret: str) -> str:
    """The six digits of this half minute (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    at = digest[-1] & 0x0F
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class Camera:
    """Opens pages as people of the county and keeps pictures of them."""

    def __init__(self, browser: Browser, base: str, folder: Path) -> None:
        self.browser, self.base, self.folder = browser, base, folder
        self.plain = browser.browser_type.launch(executable_path=CHROMIUM, args=PLAIN)  # ten times as fast on 4K
        self.sessions: dict[str, dict[str, object]] = {}
        self.contexts: dict[tuple[object, ...], BrowserContext] = {}  # kept: their pages share what was fetched

    def open(self, path: str, size: dict[str, int], theme: Theme, who: str = DUTY, *, drawn: bool = True) -> Page:
        if who not in self.sessions:
            self.sessions[who] = sign_in(self.plain, self.base, self.folder, who) if who else {"cookies": []}
        kept = (who, *size.values(), theme, drawn)
        if kept not in self.contexts:
            self.contexts[kept] = (self.browser if drawn else self.plain).new_context(
                base_url=self.base,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                viewport=size,
                device_scale_factor=sharpness(size),
                color_scheme=theme,
                reduced_motion="reduce",
                storage_state=self.sessions[who],
            )
        page = self.contexts[kept].new_page()
        page.set_default_timeout(90_000)
        page.goto(path)
        return page

    def address(self, shot: Shot) -> str:
        """Where a page lies in this county: the way to it is walked once."""
        address = shot.start
        for pattern in shot.follow:
            page = self.open(address, DESK, "light", shot.who, drawn=False)
            links = page.locator("main a[href]").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
            page.close()
            address = next((link for link in links if re.fullmatch(pattern, link)), "")
            if not address:
                raise LookupError(f"no link {pattern} on the way from {shot.start}")
        return address + shot.then

    def keep(self, page: Page, name: str) -> None:
        page.wait_for_timeout(1500)
        file = OUT / f"{name}.png"
        page.screenshot(path=file)
        page.close()
        if file.stat().st_size > LARGEST:  # hills in shades: 256 colours tell them as well
            Image.open(file).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
        size = file.stat().st_size
        if size > LARGEST:
            sys.exit(f"{file.name} has {size} bytes, more than {LARGEST}: make its view smaller")


def sharpness(size: dict[str, int]) -> float:
    """Pixels of the device for one of the page: a picture that is kept smaller need not be drawn four times as large,
    which software takes minutes for."""
    return 0.5 if size["width"] >= 2 * WIDEST else 1.0


def take(camera: Camera) -> None:
    """The story's first alarm, then every picture."""
    duty = camera.open("/duty", DESK, "light")
    duty.locator("#queue li").nth(2).wait_for()
    duty.locator("[data-trend][data-drawn]").wait_for()
    plant = duty.locator("#duty-detail .place-path a", has_text="公司").first.get_attribute("href") or "/"
    camera.keep(duty, "duty")
    for theme, name in zip(THEMES, ("map", "map-dark"), strict=True):
        page = camera.open("/", DESK, theme)
        page.locator("#map[data-ready]").wait_for()
        camera.keep(page, name)
    page = camera.open(plant, DESK, "light")
    page.locator("svg.spark path").first.wait_for()
    camera.keep(page, "place")
    page = camera.open("/duty", PHONE, "light")
    page.locator("#queue li").first.wait_for()
    camera.keep(page, "duty-phone")


def shoot(camera: Camera, only: list[str], sizes: list[str]) -> None:
    """Every page (or only some) at every size (or only some) in both themes, and the index that shows them."""
    SCREENS.mkdir(exist_ok=True)
    darkroom = camera.browser.new_page()
    for name in only or PAGES:
        try:
            path = camera.address(PAGES[name])
        except (LookupError, PlaywrightError) as failure:
            sys.stderr.write(f"{name}: {str(failure).splitlines()[0]}\n")
            continue
        for size in sizes:
            at_once = [(theme,) for theme in THEMES] if PAGES[name].drawn else [THEMES]  # a map is long in changing
            both = (snap(camera, darkroom, PAGES[name], path, SIZES[size], themes) for themes in at_once)
            for theme, picture in itertools.chain.from_iterable(both):
                (SCREENS / f"{name}-{size}-{theme}.webp").write_bytes(picture)
    for shape, view in {} if only else WALLS.items():
        for _theme, picture in snap(
            camera, darkroom, Shot("/wall", ready="#map[data-ready]"), "/wall", view, ("dark",)
        ):
            (SCREENS / f"wall-{shape}.webp").write_bytes(picture)
    (SCREENS / "README.md").write_text(index(), "utf-8")
    weights = [file.stat().st_size for file in SCREENS.glob("*.webp")]
    sys.stdout.write(f"{len(weights)} pictures, {sum(weights)} bytes\n")
    if sum(weights) > LARGEST_SCREENS:
        sys.exit(f"the pictures have {sum(weights)} bytes together, more than {LARGEST_SCREENS}")


def snap(
    camera: Camera, darkroom: Page, shot: Shot, path: str, size: dict[str, int], themes: tuple[Theme, ...] = THEMES
) -> Iterator[tuple[str, bytes]]:
    """One page as small pictures, theme by theme; nothing where the viewer may not open it."""
    page = camera.open(path, size, themes[0], shot.who, drawn=shot.drawn)
    try:
        if shot.who and page.locator(".error-page, .entrance").count():
            sys.stderr.write(f"{path}: {shot.who} may not open it\n")
            return
        page.locator(shot.ready).first.wait_for(state="attached", timeout=60_000)
        for theme in themes:
            page.emulate_media(color_scheme=theme)
            page.wait_for_timeout(1000)
            data = base64.b64encode(page.screenshot(timeout=60_000)).decode()
            yield theme, base64.b64decode(darkroom.evaluate(SHRINK, [data, WIDEST, QUALITY]))
    except PlaywrightError as failure:
        sys.stderr.write(f"{path} at {size['width']} px: {str(failure).splitlines()[0]}\n")
    finally:
        page.close()


def index() -> str:
    """The pictures that there are, page by page."""
    lines = [
        "# Every page at every size",
        "",
        "Taken by `python docs/screenshots.py screens` from the demo county.",
        "",
    ]
    for name in (*PAGES, "wall"):
        files = [f"{name}-{size}-{theme}.webp" for size in SIZES for theme in THEMES]
        files = [f"wall-{shape}.webp" for shape in WALLS] if name == "wall" else files
        there = [file for file in files if (SCREENS / file).exists()]
        if there:
            lines += [f"## {name}", "", " ".join(f"[![{file}]({file})]({file})" for file in there), ""]
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
    parser.add_argument("--only", nargs="+", choices=list(PAGES), default=[], help="screens of these pages alone")
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=list(SIZES), help="screens this wide alone")
    given = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    with running(given.demo) as (base, folder), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        camera = Camera(browser, base, folder)
        if "images" in given.what:
            take(camera)
        if "screens" in given.what:
            shoot(camera, given.only, given.sizes)
        browser.close()


if __name__ == "__main__":
    main()
