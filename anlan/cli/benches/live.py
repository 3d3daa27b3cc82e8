"""From a POST that was accepted to the event handler of a browser, at 50 000 readings a second.

The whole product runs: web, engine, worker. 200 viewers hold a stream of their own, each of another tag, and one real
Chromium watches 50 tags. Every reading carries the number of its batch, so a viewer knows what it sees: the latency of
a batch is the time from its 200 answer to the first event that shows this batch or a newer one. Sender, viewers,
browser and servers share the machine's cores.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from anlan.cli.benches.live_parts import BATCH, RATE, VIEWERS, free_port

SECONDS = 20
WATCHED = 50  # tags in the browser
TARGET_MS = 1000
CHROMIUM = tuple(
    f"/usr/bin/{name}" for name in ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
)

#: What the page does: note when which batch was seen, and of how many tags there was news.
WATCH = """tags => {
  window.seen = [];
  const stream = new EventSource("/live?tags=" + tags.join(","));
  stream.addEventListener("values", event => {
    const {t, v} = JSON.parse(event.data);
    window.seen.push([Date.now() / 1000, Math.max(...v), t.length]);
  });
}"""


def run() -> Iterator[dict[str, object]]:
    """Latency in the viewers and in Chromium, the rate that was kept, and the memory of the web process."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anlan-live-")))
        env = {**os.environ, "ANLAN_DATA": str(folder), "PYTHONUNBUFFERED": "1"}
        seeded = json.loads(_part(env, "seed"))
        port = free_port()
        web = stack.enter_context(_running(env, "web", "--port", str(port)))
        for verb in ("engine", "worker"):
            stack.enter_context(_running(env, verb))
        _wait_for_engine(folder)
        common = (str(folder), str(port), seeded["session"])
        viewers = stack.enter_context(_started(env, "view", *common, *map(str, seeded["tags"][:VIEWERS])))
        _wait_for(folder / "viewers.ready")
        browser = stack.enter_context(_chromium(port, seeded["session"], seeded["tags"][-WATCHED:]))
        _part(env, "send", *common, seeded["key"], str(SECONDS), *map(str, seeded["tags"]))
        time.sleep(2.0)  # what was sent last may still be on its way
        memory = _rss_mb(web.pid)
        (folder / "stop").touch()
        viewers.wait(30)
        accepted, seen = np.load(folder / "accepted.npy"), np.load(folder / "viewers.npy")
        yield from _figures(accepted, seen, browser(), memory)


def _figures(
    accepted: npt.NDArray[np.float64], seen: npt.NDArray[np.float64], browser: list[list[float]], memory: float
) -> Iterator[dict[str, object]]:
    span = accepted[-1, 1] - accepted[0, 1]
    rate = BATCH * (len(accepted) - 1) / span
    by_viewer = [_latencies(accepted, seen[seen[:, 0] == viewer, 1:]) for viewer in range(VIEWERS)]
    late = np.concatenate(by_viewer)
    facts = {"readings_per_s": round(rate), "wanted_per_s": RATE, "batches": len(accepted)}
    yield _figure(f"live p99, accepted to event, {VIEWERS} viewers of {VIEWERS} tags", late, facts)
    if browser:
        news = {"tags_watched": WATCHED, "frames": len(browser), **facts}
        yield _figure("live p99, accepted to event handler, Chromium", _latencies(accepted, np.array(browser)), news)
    yield {**_plain("live memory of the web process", memory, "MB"), **facts, "viewers": VIEWERS + 1}


def _latencies(accepted: npt.NDArray[np.float64], seen: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """For each batch (number, when accepted [s]): how long until it or a newer one was seen [ms]; lost = infinite."""
    if not len(seen):
        return np.full(len(accepted), np.inf)
    at, newest = seen[:, 0], np.maximum.accumulate(seen[:, 1])
    first = np.searchsorted(newest, accepted[:, 0])
    when = np.append(at, np.inf)[first]
    return np.maximum(0.0, (when - accepted[:, 1]) * 1000)


def _figure(name: str, late: npt.NDArray[np.float64], facts: dict[str, object]) -> dict[str, object]:
    p50, p99 = (float(np.percentile(late, share, method="inverted_cdf")) for share in (50, 99))
    plain = _plain(name, round(p99, 1), "ms")
    return {**plain, "p50": round(p50, 1), "max": round(float(late.max()), 1), "target": TARGET_MS, **facts}


def _plain(name: str, value: float, unit: str) -> dict[str, object]:
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return {"name": name, "value": value, "unit": unit, "runs": 1, "peers": {}, "ratio": {}, "machine": machine}


def _part(env: dict[str, str], *arguments: str) -> str:
    """Run one of ``live_parts`` to its end; what it printed."""
    command = [sys.executable, "-m", "anlan.cli.benches.live_parts", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


@contextmanager
def _started(env: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    with _ended([sys.executable, "-m", "anlan.cli.benches.live_parts", *arguments], env) as process:
        yield process


@contextmanager
def _running(env: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    with _ended([sys.executable, "-m", "anlan", *arguments], env) as process:
        yield process


@contextmanager
def _ended(command: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, env=env) as process:  # noqa: S603 - our own program
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def _chromium(port: int, session: str, tags: list[int]) -> Iterator[Callable[[], list[list[float]]]]:
    """A page that watches; yields how to fetch what it noted, nothing where there is no browser."""
    found = next((path for path in CHROMIUM if Path(path).exists()), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        found = None
    if found is None:
        yield list
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        context = browser.new_context()
        base = f"http://127.0.0.1:{port}"
        page = context.new_page()
        page.goto(f"{base}/accounts/login/", wait_until="domcontentloaded")
        context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
        page.evaluate(WATCH, tags)
        yield lambda: list(page.evaluate("() => window.seen"))
        browser.close()


def _wait_for(path: Path, within_s: float = 120.0) -> None:
    until = time.monotonic() + within_s
    while not path.exists():
        if time.monotonic() > until:
            msg = f"{path.name} did not come within {within_s:.0f} s"
            raise RuntimeError(msg)
        time.sleep(0.1)


def _wait_for_engine(folder: Path) -> None:
    """Until it has taken the tags up."""
    _wait_for(folder / "engine.json")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if json.loads((folder / "engine.json").read_bytes()).get("tags"):
            return
        time.sleep(0.2)
    raise RuntimeError("the engine did not take up the tags")


def _rss_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024, 1)
