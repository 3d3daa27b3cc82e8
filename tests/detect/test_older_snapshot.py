"""An installation goes on from what the first version had written: nothing raised is forgotten or raised again."""

from pathlib import Path

import pytest

from anlan.kernels import detect as kernel
from tests.detect.oracle import Rules
from tests.detect.strategies import plain, table

#: Written by version 1 after RULES, BEFORE and a tick at 9 s.
SNAPSHOT = Path(__file__).with_name("version_1.snapshot")
ALIKE = Rules(hh=9, h=5, l=-5, deadband=1, on_delay_ms=2_000, off_delay_ms=2_000, missing_ms=3_000)
RULES = [ALIKE, ALIKE, ALIKE, ALIKE, Rules(h=5)]
#: (tag, ts, value, good): in alarm; on its way into one; silent; bad; calm.
BEFORE = [
    (0, 1_000, 6.0, 1),
    (1, 1_000, 0.0, 1),
    (2, 1_000, 0.0, 1),
    (3, 1_000, 0.0, 1),
    (4, 1_000, 0.0, 1),
    (0, 4_000, 6.0, 1),
    (0, 8_000, 6.0, 1),
    (1, 8_000, -6.0, 1),
    (3, 8_000, 0.0, 0),
]
AFTER = [
    (0, 9_000, 4.5, 1),
    (1, 9_000, -6.0, 1),
    (2, 9_000, 1.0, 1),
    (3, 9_000, 6.0, 1),
    (4, 9_000, 5.0, 1),
    (0, 10_000, 3.0, 1),
    (1, 10_000, -6.0, 1),
    (3, 10_000, 6.0, 1),
    (0, 12_000, 3.0, 1),
    (3, 11_000, 6.0, 1),
]


def take(state: kernel.State, rows: list[tuple[int, int, float, int]]) -> list[tuple[int, str, int]]:
    """Each reading by itself, arriving at its own time: (tag, limit, raise or clear)."""
    found = []
    for tag, ts, value, good in rows:
        found += plain(kernel.detect(state, [tag], [ts], [value], [good], ts).events)
    found += plain(kernel.tick(state, rows[-1][1] + 1_000))
    return [(event.tag, kernel.LIMITS[event.limit], event.kind) for event in found]


def as_of_this_version() -> kernel.State:
    state = kernel.State.empty(len(RULES))
    kernel.configure(state, list(range(len(RULES))), table(RULES), 0)
    assert take(state, BEFORE) == [(0, "H", 1), (2, "MISSING", 1)]
    return state


def test_a_state_of_the_first_version_goes_on_where_it_stood() -> None:
    before = kernel.State.from_bytes(SNAPSHOT.read_bytes())
    assert before.alarms().tolist() == as_of_this_version().alarms().tolist()
    assert take(before, AFTER) == take(as_of_this_version(), AFTER) == [
        (2, "MISSING", 0), (4, "H", 1), (1, "L", 1), (0, "H", 0), (3, "H", 1),
    ]  # fmt: skip


def test_a_snapshot_of_the_first_version_that_was_cut_is_refused() -> None:
    data = SNAPSHOT.read_bytes()
    for broken in (data[:-1], data[:-1] + b"x"):
        with pytest.raises(kernel.BadSnapshot):
            kernel.State.from_bytes(broken)
