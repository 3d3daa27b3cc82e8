"""The main pages under twenty people: what the real server needs for each, at the size of DESIGN §9.

10 000 enterprises, 100 000 risk points, 20 000 measured points, 100 000 alarms. Twenty people who are signed in ask for
one page after the other and look at each for a while (``ANLAN_BENCH_PAGES_THINK`` seconds on average, 2 if not said),
for a minute (``ANLAN_BENCH_PAGES_S``). Filling the county takes longer than measuring it: ``ANLAN_BENCH_PAGES_FOLDER``
names a folder that keeps it for the next run. What is told is the time until the whole answer was there; server and
people share the machine's cores, and whatever else runs there (``load``: its average in that minute). As many web
processes run as ``anlan up`` would start here (``ANLAN_WEB_PROCESSES``). What a page costs the server is told besides,
as processor time, on which other work has less influence: ``processor_ms`` of each page by itself in one process, and
of all together. ``of_slowest`` is a page's share of the slowest twentieth of all answers: which to mend next. Findings
are not there yet.
"""

import asyncio
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from anlan.cli.benches.live import _running
from anlan.cli.benches.live_parts import free_port
from anlan.cli.benches.map import _wait
from anlan.cli.up import by_cores, cores, web_processes
from anlan.web.siblings import living

TARGET_MS = 150
SLOWEST = 20  # one in so many answers
#: What is asked: name → address; ``{firm}`` is an enterprise, ``{point}`` a risk point, ``{tag}`` a measured one.
PAGES = {
    "map": "/",
    "map data": "/map/view.json?box=121.6,40.6,122.5,41.2&zoom=10&cell=80",
    "map data, close": "/map/view.json?box=121.60,40.60,121.70,40.66&zoom=13&cell=80",
    "map tree": "/map/tree.json",
    "map search": "/map/find.json?q=%E4%BC%81%E4%B8%9A77",
    "place panel": "/map/places/{firm}",
    "place": "/places/{firm}",
    "why": "/places/{firm}/why",
    "duty": "/duty",
    "alarms": "/alarms",
    "alarms, page 4": "/alarms?state=closed&page=4",
    "risks": "/risks",
    "risks, serious": "/risks?level=3&sort=name",
    "enterprises": "/enterprises",
    "enterprises, search": "/enterprises?q=%E4%BC%81%E4%B8%9A77&industry=26",
    "enterprise file": "/enterprises/{firm}",
    "desk": "/desk?enterprise={firm}",
    "chart": "/chart?tags={tag}",
    "chart series": "/chart/series.json?tags={tag}&minutes=480",
    "wall": "/wall",
    "find": "/find.json?q=%E4%BC%81%E4%B8%9A77",
    "search": "/search?q=%E4%BC%81%E4%B8%9A77",
    "shifts": "/shifts",
    "notices": "/notices",
    "api levels": "/api/levels?level=4&limit=100",
}
#: Pages of some roles only.
ONLY = {"desk": "safety_officer"}


def run() -> Iterator[dict[str, object]]:
    """p50 and p95 of each page, its questions to the database, and the memory of the web process."""
    with ExitStack() as stack:
        kept = os.environ.get("ANLAN_BENCH_PAGES_FOLDER")
        folder = Path(kept or stack.enter_context(tempfile.TemporaryDirectory(prefix="anlan-pages-")))
        env = {**os.environ, "ANLAN_DATA": str(folder), "PYTHONUNBUFFERED": "1"}
        yield from measure(stack, env, _filled(env, folder / "seeded.json"))


def _filled(env: dict[str, str], told: Path) -> dict[str, Any]:
    """What the seed told; a folder that was filled before is brought up to date and used again."""
    if not told.exists():
        told.parent.mkdir(parents=True, exist_ok=True)
        seeded = _part(env, "seed")
        told.write_text(seeded)
    return dict(json.loads(_part(env, "again", told.read_text())))


def measure(stack: ExitStack, env: dict[str, str], seeded: dict[str, Any] | None) -> Iterator[dict[str, object]]:
    """The same on a folder that may be filled already (``seeded``: what its seed told)."""
    seeded = seeded or json.loads(_part(env, "seed"))
    users: list[dict[str, Any]] = seeded["users"]
    port = free_port()
    webs = _served(stack, env, port)
    used = sum(map(_processor_s, webs))
    took, failed = asyncio.run(_visit(f"http://127.0.0.1:{port}", users))
    used = sum(map(_processor_s, webs)) - used
    if failed:
        raise RuntimeError(f"answered otherwise than 200: {failed}")
    counts = _counted(env, users)
    size = {name: seeded[name] for name in ("places", "tags", "alarms")}
    every = sorted(one for found in took.values() for one in found)
    slow = every[-max(1, len(every) // SLOWEST) :]
    for name, found in took.items():
        share = {"of_slowest": round(sum(one >= slow[0] for one in found) / len(slow), 3)}
        yield _figure(name, sorted(found), {**counts[name], **share}, size)
    together = {"users": len(users), "web_processes": len(webs), "per_s": round(len(every) / _seconds(), 1)}
    yield _figure("all together", every, {}, together)
    yield _plain("pages, processor time of the web processes a page", round(1000 * used / len(every), 1), "ms", {})
    memory = {"each": [_pss_mb(pid) for pid in webs]}  # what several share is counted once
    yield _plain("pages, memory of the web processes", round(sum(memory["each"]), 1), "MB", memory)


def _served(stack: ExitStack, env: dict[str, str], port: int) -> list[int]:
    """The web processes on that port, each ready to answer."""
    many = web_processes(by_cores(cores()))
    shared = ["--shared"] * (many > 1)
    webs = [stack.enter_context(_running(env, "web", "--port", str(port), *shared)).pid for _ in range(many)]
    _wait(port)
    until = time.monotonic() + 120
    while not set(webs) <= set(living(Path(env["ANLAN_DATA"]))):
        if time.monotonic() > until:
            raise RuntimeError("a web process was not ready within 120 s")
        time.sleep(0.1)
    return webs


def _pss_mb(pid: int) -> float:
    """Memory of a process, what it shares with others divided by their number."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024, 1)


def _processor_s(pid: int) -> float:
    """Processor time that a process has used [s], by Linux' ``/proc``."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _seconds() -> float:
    return float(os.environ.get("ANLAN_BENCH_PAGES_S", "60"))


async def _visit(base: str, users: list[dict[str, Any]]) -> tuple[dict[str, list[float]], list[str]]:
    """Every page once to warm up, then everybody for the time; milliseconds by page, and what failed."""
    took: dict[str, list[float]] = {name: [] for name in PAGES}
    failed: list[str] = []
    warming = [  # by connections of their own, so that every process has met every page
        _browse(base, user, {name: [] for name in PAGES}, failed, until=0.0) for user in (users[0], users[-1]) * 3
    ]
    await asyncio.gather(*warming)
    until = time.perf_counter() + _seconds()
    await asyncio.gather(*(_browse(base, user, took, failed, until) for user in users))
    return took, failed


async def _browse(
    base: str, user: dict[str, Any], took: dict[str, list[float]], failed: list[str], until: float
) -> None:
    """One person: a page, a look at it, the next. Without an end (0) each page once, without looking."""
    import httpx

    dice = random.Random(user["session"])  # noqa: S311 - the order of pages
    think = float(os.environ.get("ANLAN_BENCH_PAGES_THINK", "2"))
    mine = [name for name in PAGES if ONLY.get(name, user["role"]) == user["role"]]
    # no certificates are read: it is plain HTTP, and to read them takes each person a tenth of a second
    who = {"sessionid": user["session"]}
    async with httpx.AsyncClient(base_url=base, cookies=who, timeout=120, verify=False) as client:  # noqa: S501
        if until:
            await asyncio.sleep(dice.random() * think)
        while mine and (not until or time.perf_counter() < until):
            name = dice.choice(mine) if until else mine.pop()
            began = time.perf_counter()
            answer = await client.get(_address(name, user))
            took[name].append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                failed.append(f"{name} {answer.status_code}")
            if until:
                await asyncio.sleep(dice.expovariate(1 / think))


def _address(name: str, user: dict[str, Any]) -> str:
    return PAGES[name].format(firm=user["firm"], tag=user["tag"])


def _counted(env: dict[str, str], users: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Questions to the database, page by page."""
    found: dict[str, dict[str, Any]] = {}
    for role in ("leader", "safety_officer"):
        user = next(one for one in users if one["role"] == role)
        addresses = {name: _address(name, user) for name in PAGES if ONLY.get(name, "leader") == role}
        told = json.loads(_part(env, "queries", user["session"], *addresses.values()))
        found |= {name: told[address] for name, address in addresses.items()}
    return found


def _figure(name: str, found: list[float], counts: dict[str, Any], size: dict[str, Any]) -> dict[str, object]:
    def at(share: float) -> float:
        return round(found[min(int(len(found) * share), len(found) - 1)], 1) if found else 0.0

    facts = {"p50": at(0.5), "max": at(1.0), "target": TARGET_MS, "passes": at(0.95) <= TARGET_MS, **counts, **size}
    return _plain(f"pages, {name}, p95", at(0.95), "ms", {"runs": len(found), **facts})


def _plain(name: str, value: float, unit: str, facts: dict[str, Any]) -> dict[str, object]:
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "runs": 1,
        "peers": {},
        "ratio": {},
        "machine": machine,
        "load": round(os.getloadavg()[0], 1),
        **facts,
    }


def _part(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "anlan.cli.benches.pages_parts", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip().splitlines()[-1]
