"""The same limits as alerting rules of Prometheus, run by ``promtool test rules``, which checks every alert itself.

Delay on and off are ``for`` and ``keep_firing_for``; the deadband is a second clause that holds while the alert fires.
The readings lie on the clock, one scan a second, because Prometheus looks at the clock and not at readings; MISSING
is left out. What it takes to load the file is subtracted.
"""

import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from anlan.cli.benches.detect_parts import Event

TAGS, SCANS = 1_000, 60
LIMITS = ("HH", "H", "L", "LL")

Values = npt.NDArray[np.float64]


def installed() -> bool:
    return shutil.which("promtool") is not None


def seconds(values: Values, rules: npt.NDArray[np.void], begin: int, events: Sequence[Event]) -> float:
    """Processor seconds of promtool over ``values`` (scans x tags), which must fire just as ``events`` say.

    Raises
    ------
    AssertionError
        Prometheus saw another alert at some second; the message is its own.
    """
    with tempfile.TemporaryDirectory(prefix="anlan-bench-") as folder:
        Path(folder, "rules.yml").write_text("\n".join(_rules(rules)))
        firing = list(_firing(len(values), begin, events))
        return _took(folder, values, rules, firing) - _took(folder, values, rules, firing[:1])


def _took(folder: str, values: Values, rules: npt.NDArray[np.void], firing: list[list[set[int]]]) -> float:
    """Processor seconds of promtool over the scans whose alerts are given; all samples are loaded in any case."""
    Path(folder, "test.yml").write_text("\n".join(_test(values, rules, firing)))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [str(shutil.which("promtool")), "test", "rules", "test.yml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise AssertionError(f"Prometheus saw other alerts: {(done.stdout + done.stderr)[:2000]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _rules(rules: npt.NDArray[np.void]) -> Iterator[str]:
    (on_ms,), (off_ms,) = np.unique(rules["on_delay_ms"]), np.unique(rules["off_delay_ms"])
    yield "groups: [{name: limits, rules: ["
    for limit in LIMITS:
        name, over, back = limit.lower(), *((">=", "-") if limit.startswith("H") else ("<=", "+"))
        firing = f'ALERTS{{alertname="{limit}",alertstate="firing"}}'
        held = f"(x {over} on(tag) ({name} {back} on(tag) deadband) and on(tag) {firing})"
        delays = f"for: {on_ms}ms, keep_firing_for: {off_ms}ms"
        yield f"{{alert: {limit}, expr: 'x {over} on(tag) {name} or {held}', {delays}}},"
    yield "]}]"


def _test(values: Values, rules: npt.NDArray[np.void], firing: list[list[set[int]]]) -> Iterator[str]:
    scans, tags = values.shape
    yield "rule_files: [rules.yml]"
    yield "evaluation_interval: 1s"
    yield "tests: [{interval: 1s, input_series: ["
    for tag in range(tags):
        yield f"{{series: 'x{{tag=\"{tag}\"}}', values: '{' '.join(map(repr, values[:, tag].tolist()))}'}},"
        for name in ("hh", "h", "l", "ll", "deadband"):
            yield f"{{series: '{name}{{tag=\"{tag}\"}}', values: '{float(rules[name][tag])!r}x{scans}'}},"
    yield "], alert_rule_test: ["
    for scan, now in enumerate(firing):
        for limit, name in enumerate(LIMITS):
            alerts = ", ".join(f'{{exp_labels: {{tag: "{tag}"}}}}' for tag in sorted(now[limit]))
            yield f"{{eval_time: {scan}s, alertname: {name}, exp_alerts: [{alerts}]}},"
    yield "]}]"


def _firing(scans: int, begin: int, events: Sequence[Event]) -> Iterator[list[set[int]]]:
    """The tags that are in alarm at each scan, by limit."""
    firing: list[set[int]] = [set() for _ in LIMITS]
    waiting = iter([*events, (1 << 62, 0, 0, 0)])
    ts, tag, limit, kind = next(waiting)
    for scan in range(scans):
        while ts <= begin + 1000 * scan:
            (firing[limit].add if kind else firing[limit].discard)(tag)
            ts, tag, limit, kind = next(waiting)
        yield [set(tags) for tags in firing]
