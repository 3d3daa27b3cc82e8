"""The one map in a headless Chromium that draws in software: 10 000 enterprises, 100 000 points, 2 000 vehicles.

First picture: from the address to the map that lacks nothing, the tree and the lists beside it included. Frames: the
time between two pictures while the map is dragged, at rest and with 2 000 vehicles changing colour each second. Browser
and server share the machine's cores.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

from anlan.cli.benches.live import CHROMIUM, _ended, _rss_mb, _running
from anlan.cli.benches.live_parts import free_port

RUNS, DRAG_S, TARGET_MS, TARGET_FPS = 5, 6.0, 2_000, 30
SETTLE_MS = 1_000
SIZE = {"width": 1440, "height": 900}
#: What a machine without a graphics card does: pages are put together by the processor, WebGL is drawn by it too.
FLAGS = ["--no-sandbox", "--enable-unsafe-swiftshader"]
READY = "#map[data-ready]"
#: Note the time of every picture.
WATCH = """() => {
  window.frames_at = [];
  const note = at => { window.frames_at.push(at); requestAnimationFrame(note); };
  requestAnimationFrame(note);
}"""


def run() -> Iterator[dict[str, object]]:
    """First picture cold and warm, frames while dragging, answers of the server, its memory."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anlan-map-")))
        env = {**os.environ, "ANLAN_DATA": str(folder), "PYTHONUNBUFFERED": "1"}
        seeded = json.loads(_part(env, "seed"))
        port = free_port()
        web = stack.enter_context(_running(env, "web", "--port", str(port)))
        _wait(port)
        page = stack.enter_context(_browser())
        yield from _first_pictures(page, port, seeded)
        yield from _frames(stack, page, env)
        yield _figure("map memory of the web process", _rss_mb(web.pid), "MB", 1, {"places": seeded["places"]})


def _first_pictures(browser: Any, port: int, seeded: dict[str, Any]) -> Iterator[dict[str, object]]:
    took = []
    for _ in range(RUNS + 1):
        context = browser.new_context(viewport=SIZE, locale="zh-CN")
        base = f"http://127.0.0.1:{port}"
        context.add_cookies([{"name": "sessionid", "value": seeded["session"], "url": base}])
        page = context.new_page()
        page.wait_for_timeout(SETTLE_MS)  # a window that was just opened is busy with itself
        began = time.perf_counter()
        page.goto(base, wait_until="commit")
        page.locator(READY).wait_for(timeout=120_000)
        took.append((time.perf_counter() - began) * 1000)
        if len(took) <= RUNS:
            context.close()
    places = {"places": seeded["places"], "target": TARGET_MS}
    yield _figure("map first picture, server just started", took[0], "ms", 1, places)
    warm = took[1:]
    facts = {**places, "max": round(max(warm)), "min": round(min(warm))}
    yield _figure("map first picture", statistics.median(warm), "ms", RUNS, facts)


def _frames(stack: ExitStack, browser: Any, env: dict[str, str]) -> Iterator[dict[str, object]]:
    page = browser.contexts[-1].pages[-1]
    page.evaluate(WATCH)
    yield _fluency("map frames while dragging", _drag(page))
    command = [sys.executable, "-m", "anlan.cli.benches.map_parts", "churn", str(2 * DRAG_S + 4)]
    stack.enter_context(_ended(command, env))
    time.sleep(3.0)
    yield _fluency("map frames while dragging, 2 000 changes a second", _drag(page))
    page.wait_for_timeout(200)
    start = page.evaluate("window.frames_at.length")
    page.wait_for_timeout(round(DRAG_S * 500))
    yield _fluency("map frames at rest, 2 000 changes a second", page.evaluate(f"window.frames_at.slice({start})"))


def _drag(page: Any) -> list[float]:
    """Times of the pictures [ms] while the map is dragged about."""
    box = page.locator("#map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.wheel(0, -400)
    page.wait_for_timeout(1500)
    start = page.evaluate("window.frames_at.length")
    until = time.monotonic() + DRAG_S
    while time.monotonic() < until:
        for there in ((x + 150, y + 60), (x - 120, y - 90), (x, y)):
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(*there, steps=30)
            page.mouse.up()
    return list(page.evaluate(f"window.frames_at.slice({start})"))


def _fluency(name: str, at: Sequence[float]) -> dict[str, object]:
    """Pictures a second, and how long the slow ones took."""
    gaps = sorted(after - before for before, after in pairwise(at)) or [float("inf")]
    rate = 1000 * len(gaps) / sum(gaps)
    facts = {"p95_ms": round(gaps[int(len(gaps) * 0.95)], 1), "max_ms": round(gaps[-1], 1), "target": TARGET_FPS}
    return _figure(name, rate, "frames/s", 1, facts)


def _figure(name: str, value: float, unit: str, runs: int, facts: dict[str, Any]) -> dict[str, object]:
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    plain = {"name": name, "value": round(value, 1), "unit": unit, "runs": runs, "peers": {}, "ratio": {}}
    return {**plain, "machine": machine, **facts}


def _part(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "anlan.cli.benches.map_parts", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def _wait(port: int) -> None:
    """Until the web process answers; the sign-in page does not touch the places."""
    import httpx

    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/accounts/login/", timeout=10).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError("the web process did not answer within 120 s")


class _browser:
    """Chromium, or a word on what is missing."""

    def __enter__(self) -> Any:
        found = next((path for path in CHROMIUM if Path(path).exists()), None)
        try:
            from playwright.sync_api import sync_playwright
        except ImportError:
            found = None
        if found is None:
            raise RuntimeError("needs Chromium and playwright")
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=found, args=FLAGS)
        return self._browser

    def __exit__(self, *_: object) -> None:
        self._browser.close()
        self._playwright.stop()
