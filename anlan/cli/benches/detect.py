"""The alarm kernel beside NumPy, plain Python, Bytewax and Prometheus: the same readings, rules and events.

20 000 tags, 100 scans of an AR(1) process, one reading a second, tags in random order; four limits with deadband, on-
and off-delay, and MISSING, for which some tags fall silent for a while. Each peer's events are compared one by one; a
peer that is too slow for all readings gets the first of them, and the kernel's events over just those.

Everything here runs on one core, so the seconds are the processor's own: neighbours on the machine do not count.
Bytewax is measured where it is installed, here or in the interpreter that ``ANLAN_BENCH_BYTEWAX`` names; Prometheus
where ``promtool`` is.
"""

import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from anlan.cli.benches import detect_parts as peers
from anlan.cli.benches import detect_prometheus as prometheus
from anlan.kernels import detect as kernel

TAGS, SCANS, BEGIN = 20_000, 100, 1_700_000_000_000
RUNS, BATCH = 7, 100_000
SILENT, SILENT_TAGS = slice(40, 80), 50  # scans in which the first tags say nothing
PLAIN, BYTEWAX = 15 * TAGS, 10 * TAGS  # readings for the slow ones

Columns = peers.Columns


def run() -> Iterator[dict[str, object]]:
    """One figure per limit distance and batch size."""
    kernel.warm()
    data, mean, sd = readings()
    for distance in (3, 2):
        rules = limits(mean, sd, distance)
        yield _against_peers(data, rules, distance)
        for batch in (1_000, 20_000):
            (seconds,) = _median(partial(ours, rules, data, batch))
            yield _figure(f"detect, limits at {distance} sd, batches of {batch}", len(data["tag"]) / seconds, {}, {})


def readings() -> tuple[Columns, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Readings, and mean and deviation of each tag."""
    rng = np.random.default_rng(7)
    mean, sd = rng.uniform(10, 200, TAGS), rng.uniform(0.5, 5, TAGS)
    x, scans = rng.standard_normal(TAGS), []
    for scan in range(SCANS):
        x = 0.9 * x + np.sqrt(1 - 0.81) * rng.standard_normal(TAGS)
        talking = np.arange(SILENT_TAGS if SILENT.start <= scan < SILENT.stop else 0, TAGS)
        tag = rng.permutation(talking)
        scans.append((tag, np.full(len(tag), BEGIN + scan * 1000), (mean + sd * x)[tag]))
    tag, ts, value = (np.concatenate(column) for column in zip(*scans, strict=True))
    return {"tag": tag.astype(np.uint32), "ts": ts, "value": value, "arrival": ts}, mean, sd


def limits(mean: npt.NDArray[np.float64], sd: npt.NDArray[np.float64], distance: float) -> npt.NDArray[np.void]:
    rules = np.zeros(TAGS, kernel.RULES)
    for name, sign, further in (("hh", 1, 1), ("h", 1, 0), ("l", -1, 0), ("ll", -1, 1)):
        rules[name] = mean + sign * (distance + further) * sd
    rules["deadband"] = 0.3 * sd
    rules["on_delay_ms"] = rules["off_delay_ms"] = 2000
    rules["missing_ms"] = 20_000
    return rules


def ours(
    rules: npt.NDArray[np.void], data: Columns, batch: int
) -> tuple[float, list[npt.NDArray[np.void]], kernel.State]:
    """Seconds, events and state of the kernel over all readings, with a tick before each batch."""
    state = kernel.State.empty(TAGS)
    kernel.configure(state, np.arange(TAGS), rules, BEGIN)
    good, events = np.ones(len(data["tag"]), np.uint8), []
    began = time.process_time()
    for rows, now in _batches(data, batch):
        events.append(kernel.tick(state, now))
        outcome = kernel.detect(state, data["tag"][rows], data["ts"][rows], data["value"][rows], good[rows], now)
        events.append(outcome.events)
    return time.process_time() - began, events, state


def vectorised(rules: npt.NDArray[np.void], data: Columns, batch: int) -> tuple[float, list[peers.Event], None]:
    rival = peers.Vectorised(rules)
    rival.arrival[:] = BEGIN
    began = time.process_time()
    for rows, now in _batches(data, batch):
        rival.tick(now)
        rival.take(data["tag"][rows], data["ts"][rows], data["value"][rows], now)
    return time.process_time() - began, rival.found(), None


def _batches(data: Columns, batch: int) -> Iterator[tuple[slice, int]]:
    for start in range(0, len(data["tag"]), batch):
        yield slice(start, start + batch), int(data["arrival"][start])


def _against_peers(data: Columns, rules: npt.NDArray[np.void], distance: int) -> dict[str, object]:
    count = len(data["tag"])
    data = data | {"arrival": np.repeat(data["ts"][::BATCH], BATCH)[:count]}
    (_, parts, state), (_, found, _) = ours(rules, data, BATCH), vectorised(rules, data, BATCH)
    expected = _plain_events(parts)
    _same("numpy", expected, found)
    seconds, numpy_seconds = _median(partial(ours, rules, data, BATCH), partial(vectorised, rules, data, BATCH))
    speed, rivals = count / seconds, {"numpy": count / numpy_seconds}
    first = {name: column[:PLAIN] for name, column in data.items()}
    plain_seconds, found = peers.plain_run(rules, first, BATCH)
    _same("python", _plain_events(ours(rules, first, BATCH)[1]), found)
    rivals["python"] = PLAIN / plain_seconds
    if interpreter := _bytewax():
        rivals["bytewax"] = BYTEWAX / _bytewax_seconds(interpreter, data, rules)
    if prometheus.installed():
        rivals["prometheus"] = prometheus.TAGS * prometheus.SCANS / _prometheus_seconds(data, rules)
    share = float(state.alarms().any(axis=1).mean())
    more = {"events": len(expected), "tags_in_alarm": round(share, 4)}
    return _figure(f"detect, limits at {distance} sd, batches of {BATCH}", speed, rivals, more)


def _median(*jobs: Callable[[], tuple[float, object, object]]) -> list[float]:
    """The median seconds of each job; the jobs take turns, so that a busy machine slows all alike."""
    rounds = [[job()[0] for job in jobs] for _ in range(RUNS)]
    return [statistics.median(seconds) for seconds in zip(*rounds, strict=True)]


def _plain_events(parts: list[npt.NDArray[np.void]]) -> list[peers.Event]:
    return sorted(np.concatenate(parts)[["ts", "tag", "limit", "kind"]].tolist())


def _same(peer: str, expected: list[peers.Event], found: list[peers.Event]) -> None:
    if expected != found:
        raise AssertionError(f"{peer} found {len(found)} events, the kernel {len(expected)}, or others")


def _bytewax() -> str | None:
    if named := os.environ.get("ANLAN_BENCH_BYTEWAX"):
        return named
    return sys.executable if importlib.util.find_spec("bytewax") else None


def _bytewax_seconds(interpreter: str, data: Columns, rules: npt.NDArray[np.void]) -> float:
    first = {name: column[:BYTEWAX] for name, column in data.items()}
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder) / "readings.npz", allow_pickle=False, rules=rules, **first)
        command = [interpreter, peers.__file__, str(Path(folder) / "readings.npz")]
        answer = json.loads(subprocess.check_output(command, text=True))  # noqa: S603 - the tester's own interpreter
    limits_only = [event for event in _plain_events(ours(rules, first, BATCH)[1]) if event[2] != kernel.MISSING]
    _same("bytewax", limits_only, [tuple(event) for event in answer["events"]])
    return float(answer["seconds"])


def _prometheus_seconds(data: Columns, rules: npt.NDArray[np.void]) -> float:
    """Tags that never fall silent, from the first scan on."""
    tags = slice(SILENT_TAGS, SILENT_TAGS + prometheus.TAGS)
    rows = (tags.start <= data["tag"]) & (data["tag"] < tags.stop) & (data["ts"] < BEGIN + 1000 * prometheus.SCANS)
    mine = {name: column[rows] for name, column in data.items()}
    mine["tag"] = mine["tag"] - np.uint32(SILENT_TAGS)
    values = np.empty((prometheus.SCANS, prometheus.TAGS))
    values[(mine["ts"] - BEGIN) // 1000, mine["tag"]] = mine["value"]
    own = rules.copy()
    own[: prometheus.TAGS] = rules[tags]
    own["missing_ms"] = 0
    events = _plain_events(ours(own, mine, len(mine["tag"]))[1])
    return prometheus.seconds(values, own[: prometheus.TAGS], BEGIN, events)


def _figure(name: str, value: float, rivals: dict[str, float], more: Mapping[str, object]) -> dict[str, object]:
    return {
        "name": name,
        "value": round(value),
        "unit": "readings/s",
        "runs": RUNS,
        "peers": {peer: round(speed) for peer, speed in rivals.items()},
        "ratio": {peer: round(value / speed, 1) for peer, speed in rivals.items()},
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        **more,
    }
