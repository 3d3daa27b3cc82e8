"""Random rules, readings and cuts, in which equalities, ties and gaps are common."""

import math

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from anlan.kernels import detect as kernel
from tests.detect.oracle import Event, Rules

TAGS = 3
Columns = tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]
values = st.one_of(
    st.integers(-6, 6).map(float),
    st.sampled_from([0.1, 0.2, 0.1 + 0.2, 1e-300, -1e300, 1e300, 5e-324, float("inf"), float("-inf"), float("nan")]),
    st.floats(-6, 6, allow_nan=False, width=32),
    st.floats(-6, 6, allow_nan=False),
)
limits = st.none() | st.integers(-5, 5).map(float) | st.sampled_from([0.1, 0.2, 0.30000000000000004, 1e300, -1e300])
delays = st.sampled_from([0, 0, 1, 2, 3, 5])
rules = st.builds(
    Rules, limits, limits, limits, limits, st.sampled_from([0.0, 0.0, 0.1, 1.0, 2.5]), delays, delays,
    st.sampled_from([0, 0, 1, 4, 9]),
)  # fmt: skip
qualities = st.sampled_from([True, True, True, True, False])


@st.composite
def readings(draw: st.DrawFn, most: int = 60) -> list[tuple[int, int, float, bool]]:
    """(tag, ts, value, good): mostly forward in time, now and then at the same time, back, or after a gap."""
    steps = draw(
        st.lists(
            st.tuples(st.integers(0, TAGS - 1), st.sampled_from([0, 0, 1, 1, 1, 2, 3, 12, -1, -3]), values, qualities),
            max_size=most,
        )
    )
    ts, rows = 1000, []
    for tag, step, value, good in steps:
        ts += step
        rows.append((tag, ts, value, good))
    return rows


def table(tag_rules: list[Rules]) -> npt.NDArray[np.void]:
    rows = np.zeros(len(tag_rules), kernel.RULES)
    for row, rule in zip(rows, tag_rules, strict=True):
        for name in ("hh", "h", "l", "ll"):
            row[name] = np.nan if getattr(rule, name) is None else getattr(rule, name)
        for name in ("deadband", "on_delay_ms", "off_delay_ms", "missing_ms"):
            row[name] = getattr(rule, name)
    return rows


def columns(rows: list[tuple[int, int, float, bool]]) -> Columns:
    tags, ts, numbers, good = zip(*rows, strict=True) if rows else ((), (), (), ())
    return np.array(tags, "u4"), np.array(ts, "i8"), np.array(numbers, "f8"), np.array(good, bool)


def plain(events: npt.NDArray[np.void]) -> list[Event]:
    rows = events[["ts", "tag", "limit", "kind", "value"]].tolist()
    return [Event(ts, tag, limit, kind, None if math.isnan(value) else value) for ts, tag, limit, kind, value in rows]


def ordered(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda event: event[:3])


VERDICTS = ("taken", "late", "duplicate", "conflict")
