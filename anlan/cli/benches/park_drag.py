"""One source of the target park dragged in a headless Chromium that draws in software: 500 scenarios, 60 sources, 16
directions, 6 weathers, 1000 x 1000 cells, five contours.

From the movement of the pointer until the frame with the new contours is painted: request, deposit, contours, answer,
drawing. Browser and server share the machine's cores; on a busy machine the processor time of each tells more than the
clock. At the end the hand rests, and the exact contours follow.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from anlan.cli.benches.live import _running
from anlan.cli.benches.live_parts import free_port
from anlan.cli.benches.map import SIZE, _browser, _figure, _wait

MOVES, WARM_UP, TARGET_MS = 30, 5, 300
DRAWN = "before => Number(document.querySelector('#park-map').dataset.dragCount || 0) > before"


def run() -> Iterator[dict[str, object]]:
    """Median and slowest movement, and the server's part of it."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="anlan-park-"))
        env = {**os.environ, "ANLAN_DATA": str(Path(folder)), "PYTHONUNBUFFERED": "1"}
        seeded = json.loads(_seed(env))
        port = free_port()
        web = stack.enter_context(_running(env, "web", "--port", str(port)))
        _wait(port)
        browser = stack.enter_context(_browser())
        whole, server, spent = _dragged(browser, port, seeded, web.pid)
        facts = {"target": TARGET_MS, "min": min(whole), "max": max(whole), "load": round(os.getloadavg()[0], 1)}
        yield _figure("park, one source dragged: new contours drawn", statistics.median(whole), "ms", MOVES, facts)
        yield _figure("park, one source dragged: the server's part", statistics.median(server), "ms", MOVES, {})
        for name, seconds in spent.items():
            yield _figure(f"park, one source dragged: processor time, {name}", 1e3 * seconds / MOVES, "ms", MOVES, {})


def _dragged(
    browser: Any, port: int, seeded: dict[str, Any], web: int
) -> tuple[list[float], list[float], dict[str, float]]:
    base = f"http://127.0.0.1:{port}"
    context = browser.new_context(viewport=SIZE, locale="zh-CN")
    context.add_cookies([{"name": "sessionid", "value": seeded["session"], "url": base}])
    page = context.new_page()
    page.goto(f"{base}/consequences/parks/{seeded['study']}")
    page.locator("#park-map[data-ready]").wait_for(timeout=120_000)
    box = page.locator(f"[data-pin='{seeded['source']}']").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    whole, server, before_all = [], [], dict[str, float]()
    for step in range(WARM_UP + MOVES):
        before_all = _spent(web) if step == WARM_UP else before_all
        before = int(page.get_attribute("#park-map", "data-drag-count") or 0)
        page.mouse.move(x + 6 * (step + 1), y + 3 * (step % 7))
        page.wait_for_function(DRAWN, arg=before, timeout=60_000)
        whole.append(float(page.get_attribute("#park-map", "data-drag-ms")))
        server.append(float(page.get_attribute("#park-map", "data-drag-server-ms")))
    spent = {name: seconds - before_all.get(name, 0.0) for name, seconds in _spent(web).items()}
    page.mouse.up()
    return whole[WARM_UP:], server[WARM_UP:], spent


def _spent(web: int) -> dict[str, float]:
    """Processor time so far of the server, and of the browser's processes by their kind [s]."""
    import psutil

    told = {"server": 0.0}
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            times, line = one.cpu_times(), " ".join(one.cmdline())
            kind = re.search(r"--type=([\w-]+)", line)
            name = f"browser ({kind[1]})" if kind else "browser" if "chrom" in line.split(" ", 1)[0] else "driver"
            name = "server" if web in (one.pid, one.ppid()) else name
            told[name] = told.get(name, 0.0) + times.user + times.system
    return told


def _seed(env: dict[str, str]) -> str:
    command = [sys.executable, "-m", "anlan.cli.benches.park_drag_parts", "seed"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout
