"""What other limits would have raised: the alarm kernel over a tag's own past, with its rules and with others.

A process of its own (``python -m anlan.engine.trial``), because the kernel brings a compiler along that the web
process does without. It reads one JSON object from standard input and writes one to standard output.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from anlan.engine import history_read, recent
from anlan.engine.history_read import Series
from anlan.engine.tables import TagRule, TagTable
from anlan.kernels import detect
from anlan.kernels._cache import use_cache

WARM_MS = 3_600_000  # read before the window, so that it begins with the alarms that stood then
LISTED = 12  # raises named per tag and set of rules


@dataclass(frozen=True)
class Raised:
    """One alarm that would have stood: which limit, from when to when [ms] (None = still), the value that raised it."""

    limit: str
    start: int
    end: int | None
    value: float | None


@dataclass(frozen=True)
class Verdict:
    """What one set of rules makes of the past of a tag: alarms by limit, and for how long any stood [ms]."""

    counts: dict[str, int]
    total: int
    longest: int
    alarms: list[Raised]


@dataclass(frozen=True)
class Trial:
    """A tag's past under its rules of today and under others."""

    tag: int
    readings: int
    first: int | None  # [ms]
    last: int | None
    low: float | None
    high: float | None
    now: Verdict
    then: Verdict


def run(data: Path, wanted: Sequence[Mapping[str, Any]], start: int, end: int) -> list[Trial]:
    """Try rules on what is stored of [start, end) ms. ``wanted``: ``tag``, ``now`` and ``then`` (rules as of
    :class:`~anlan.engine.tables.TagRule`)."""
    tags = [int(one["tag"]) for one in wanted]
    span = start - WARM_MS, end
    tail = recent.read(data, tags, *span)
    found = history_read.read(data / "history", tags, *span, points=span[1] - span[0] + 2, tail=tail)
    return [_trial(one, found[int(one["tag"])], start, end) for one in wanted]


def _trial(one: Mapping[str, Any], series: Series, start: int, end: int) -> Trial:
    inside = (series.ts >= start) & (series.ts < end)
    good = inside & series.good
    ts, values = series.ts[inside], series.mean[good]
    return Trial(
        tag=int(one["tag"]),
        readings=len(ts),
        first=int(ts[0]) if len(ts) else None,
        last=int(ts[-1]) if len(ts) else None,
        low=float(values.min()) if len(values) else None,
        high=float(values.max()) if len(values) else None,
        now=_judge(one["now"], series, start, end),
        then=_judge(one["then"], series, start, end),
    )


def _judge(rules: Mapping[str, Any], series: Series, start: int, end: int) -> Verdict:
    """The kernel's own events, folded into alarms that stood within the window."""
    table = TagTable.build("trial", [TagRule(0, 1, "", **rules)], {})
    state = detect.State.empty(1)
    detect.configure(state, table.tags, table.rules, detect.NEVER)
    tags = np.zeros(len(series.ts), np.uint32)
    events = detect.replay(state, tags, series.ts, series.mean, series.good).events
    alarms = [one for one in _folded(events) if (one.end is None or one.end > start) and one.start < end]
    spans = [min(one.end or end, end) - max(one.start, start) for one in alarms]
    counts = {name: sum(one.limit == name for one in alarms) for name in detect.LIMITS}
    named = sorted(alarms, key=lambda one: -one.start)[:LISTED]
    return Verdict(
        {name: n for name, n in counts.items() if n}, _covered(alarms, start, end), max(spans, default=0), named
    )


def _folded(events: np.ndarray) -> list[Raised]:
    """Raise and clear of each limit as one stay."""
    standing: dict[int, tuple[int, float]] = {}
    found = []
    for event in events:
        limit, ts = int(event["limit"]), int(event["ts"])
        if event["kind"]:
            standing[limit] = (ts, float(event["value"]))
        elif limit in standing:
            found.append(_raised(limit, *standing.pop(limit), ts))
    return found + [_raised(limit, ts, value, None) for limit, (ts, value) in standing.items()]


def _raised(limit: int, ts: int, value: float, end: int | None) -> Raised:
    return Raised(detect.LIMITS[limit], ts, end, value if value == value else None)


def _covered(alarms: Sequence[Raised], start: int, end: int) -> int:
    """How long at least one alarm stood [ms]."""
    total, upto = 0, start
    for one in sorted(alarms, key=lambda one: one.start):
        first, last = max(one.start, upto), min(one.end or end, end)
        if last > first:
            total, upto = total + last - first, last
    return total


def main() -> None:
    asked = orjson.loads(sys.stdin.buffer.read())
    data = Path(asked["data"])
    use_cache(data / "numba")
    trials = run(data, asked["tags"], int(asked["start"]), int(asked["end"]))
    sys.stdout.buffer.write(orjson.dumps([asdict(one) for one in trials]))


if __name__ == "__main__":
    main()
