"""Durable intake: HTTP columns of 1 000 readings into the real server and engine, JSON and binary.

Client, web server and engine share the machine's cores. Every accepted reading was group-committed to the disk, went
through the alarm kernel (all limits armed) and into the table of last values before its answer left; the figure counts
what the engine says it accepted, and fails if that is not what the client was told.
"""

import contextlib
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from anlan.engine.report import read_report

SECONDS = 8
ROUNDS = 3
CONNECTIONS = 128  # gateways at work at a time; each waits for its answer before it sends again
SETS = 20  # of tags, 1 000 each
TARGETS = {"json": 1_000_000, "binary": 3_000_000}

LUA = """
local kind, sets, n = "%(kind)s", %(sets)d, 1000
local ffi = require("ffi")
local bodies, count, start = {}, 0, %(start)d
local function column(make) local t = {} for i = 1, n do t[i] = make(i) end return t end
math.randomseed(1)
for s = 0, sets - 1 do
  local first = s * n
  local values = column(function() return 50 + (math.random() + math.random() + math.random() - 1.5) * 2 end)
  if kind == "json" then
    local codes = column(function(i) return string.format('"T%%05d"', first + i) end)
    local text = column(function(i) return string.format("%%.4f", values[i]) end)
    bodies[s] = {'{"tag":[' .. table.concat(codes, ",") .. '],"value":[' .. table.concat(text, ",") .. '],"ts":[', "]}"}
  else
    local tags = ffi.new("uint32_t[?]", n, column(function(i) return first + i end))
    local data = ffi.new("double[?]", n, values)
    local rest = ffi.string(data, 8 * n) .. ffi.string(tags, 4 * n) .. string.rep("\\1", n)
    local head = "ANC1" .. ffi.string(ffi.new("uint32_t[1]", n), 4) .. string.rep("\\0", 16)
    bodies[s] = {head, rest}
  end
end
wrk.method = "POST"
wrk.headers["Authorization"] = "Bearer bench"
wrk.headers["Content-Type"] = kind == "json" and "application/json" or "application/vnd.anlan.columns"
request = function()
  local body, ts = bodies[count %% sets], start + math.floor(count / sets) * 1000
  count = count + 1
  local times
  if kind == "json" then
    local text = string.format("%%.0f", ts)
    times = string.rep(text .. ",", n - 1) .. text
  else
    times = string.rep(ffi.string(ffi.new("int64_t[1]", ts), 8), n)
  end
  return wrk.format(nil, "/intake", nil, body[1] .. times .. body[2])
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration, e.status,
    latency:percentile(50), latency:percentile(99)))
end
"""


def run() -> Iterator[dict[str, object]]:
    """One figure for JSON and one for binary columns; needs ``wrk``."""
    if shutil.which("wrk") is None:
        raise RuntimeError("wrk is not installed: apt-get install wrk")
    for kind in TARGETS:
        found = [_round(kind) for _ in range(ROUNDS)]
        yield {
            "name": f"intake {kind} columns of 1000, durable and detected",
            "value": round(statistics.median(each["rate"] for each in found)),
            "unit": "readings/s",
            "runs": [round(each["rate"]) for each in found],
            "target": TARGETS[kind],
            "p50_ms": statistics.median(each["p50_ms"] for each in found),
            "p99_ms": statistics.median(each["p99_ms"] for each in found),
            "engine_rss_mb": max(each["rss"] for each in found),
            "peers": {},
            "ratio": {},
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        }


def _round(kind: str) -> dict[str, float]:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anlan-bench-")))
        port = _free_port()
        stack.enter_context(_process([sys.executable, "-m", "anlan.cli.benches.intake_parts", "engine", str(folder)]))
        stack.enter_context(_process([sys.executable, "-m", "anlan.cli.benches.intake_parts", str(port), str(folder)]))
        _wait(folder, port)
        return _load(kind, port, folder)


def _load(kind: str, port: int, folder: Path) -> dict[str, float]:
    script = folder / "load.lua"
    start = (int(time.time()) - 86_400) * 1000
    script.write_text(LUA % {"kind": kind, "sets": SETS, "start": start})
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(script), f"http://127.0.0.1:{port}"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words
    match = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", output)
    assert match is not None, output
    requests, micros, errors, p50, p99 = map(int, match.groups())
    if errors:
        raise RuntimeError(f"{errors} of {requests} requests were refused")
    report = _settled(folder)
    counts = report["counts"]
    assert isinstance(counts, dict)
    took = sum(counts.values()) + int(str(report["accepted"])) - counts["late"]
    # Requests still under way when the load stopped reached the engine, but the client saw no answer.
    if not 0 <= took - 1000 * requests <= 1000 * CONNECTIONS or counts["unknown_tag"] or counts["conflict"]:
        raise RuntimeError(f"{requests} batches were answered, but the engine counts {took} readings: {counts}")
    rate = 1000 * requests / (micros / 1e6)
    return {"rate": rate, "p50_ms": p50 / 1000, "p99_ms": p99 / 1000, "rss": float(str(report["rss_mb"]))}


def _settled(folder: Path) -> dict[str, object]:
    """The engine's report when nothing more comes in."""
    before = -1
    while True:
        time.sleep(1.3)
        report = read_report(folder / "engine.json")
        assert report is not None
        if report["batches"] == before:
            return report
        before = int(str(report["batches"]))


@contextlib.contextmanager
def _process(command: list[str]) -> Iterator[None]:
    process = subprocess.Popen(command)  # noqa: S603 - our own words
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(folder: Path, port: int) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        report = read_report(folder / "engine.json")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            if report and report["tags"]:
                return
        time.sleep(0.1)
    raise RuntimeError("server and engine did not start within 90 s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
