"""What an alarm means, one sentence at a time."""

import numpy as np
import pytest

from anlan.kernels import detect as kernel
from tests.detect.oracle import Rules
from tests.detect.strategies import plain, table

Row = tuple[int, float] | tuple[int, float, bool]


def run(rule: Rules, *rows: Row) -> list[tuple[int, str, str]]:
    """(ts, limit, raise or clear) of one tag's readings in a file."""
    state = kernel.State.empty(1)
    kernel.configure(state, [0], table([rule]), kernel.NEVER)
    ts, values = [row[0] for row in rows], [row[1] for row in rows]
    good = [len(row) < 3 or bool(row[2]) for row in rows]
    events = kernel.replay(state, [0] * len(rows), ts, values, good).events
    return [(e.ts, kernel.LIMITS[e.limit], ("clear", "raise")[e.kind]) for e in plain(events)]


def test_a_value_equal_to_the_limit_is_beyond_it() -> None:
    assert run(Rules(h=5), (0, 4.999), (1, 5)) == [(1, "H", "raise")]
    assert run(Rules(l=5), (0, 5.001), (1, 5)) == [(1, "L", "raise")]


def test_a_value_equal_to_the_way_back_is_not_back_yet() -> None:
    assert run(Rules(h=5, deadband=1), (0, 5), (1, 4), (2, 3.999)) == [(0, "H", "raise"), (2, "H", "clear")]
    assert run(Rules(l=5, deadband=1), (0, 5), (1, 6), (2, 6.001)) == [(0, "L", "raise"), (2, "L", "clear")]


def test_a_delay_counts_from_the_first_reading_of_the_run() -> None:
    assert run(Rules(h=5, on_delay_ms=2), (0, 5), (1, 5), (2, 5)) == [(2, "H", "raise")]
    assert run(Rules(h=5, on_delay_ms=2), (0, 5), (1, 4), (2, 5), (3, 5), (4, 5)) == [(4, "H", "raise")]
    assert run(Rules(h=5, off_delay_ms=2), (0, 5), (1, 4), (2, 5), (3, 4), (5, 4)) == [
        (0, "H", "raise"),
        (5, "H", "clear"),
    ]


def test_a_value_inside_the_deadband_breaks_both_runs() -> None:
    rule = Rules(h=5, deadband=2, on_delay_ms=2, off_delay_ms=2)
    assert run(rule, (0, 5), (1, 4), (2, 5), (3, 5), (4, 5)) == [(4, "H", "raise")]
    assert run(rule, (0, 5), (2, 5), (3, 2), (4, 4), (5, 2), (6, 2), (7, 2)) == [(2, "H", "raise"), (7, "H", "clear")]


def test_bad_readings_neither_start_nor_break_nor_end_a_run() -> None:
    rule = Rules(h=5, on_delay_ms=2)
    assert run(rule, (0, 5, False), (1, 5), (2, 5)) == []
    assert run(rule, (0, 5), (1, 0, False), (2, 5)) == [(2, "H", "raise")]
    assert run(rule, (0, 5), (2, 5, False)) == []
    assert run(rule, (0, 5), (2, 5, False), (3, 5)) == [(3, "H", "raise")]


def test_each_limit_keeps_its_own_state() -> None:
    rows = [(0, 10.0), (1, 7.0), (2, 10.0), (3, 0.0)]
    expected = [(0, "HH", "raise"), (0, "H", "raise"), (1, "HH", "clear"), (2, "HH", "raise")]
    assert run(Rules(hh=9, h=5), *rows) == [*expected, (3, "HH", "clear"), (3, "H", "clear")]


def test_missing_is_raised_when_time_passes_the_deadline_and_not_before() -> None:
    state = kernel.State.empty(2)
    kernel.configure(state, [0, 1], table([Rules(missing_ms=10), Rules()]), kernel.NEVER)
    rows = [(0, 0), (1, 10), (1, 11), (1, 30), (0, 31)]
    outcome = kernel.replay(state, [tag for tag, _ in rows], [ts for _, ts in rows], [0.0] * 5, [True] * 5)
    assert [tuple(e) for e in plain(outcome.events)] == [(11, 0, 4, 1, None), (31, 0, 4, 0, None)]


def test_a_tag_never_seen_goes_missing_live_but_not_in_a_file() -> None:
    live, file = kernel.State.empty(1), kernel.State.empty(1)
    kernel.configure(live, [0], table([Rules(missing_ms=10)]), 100)
    kernel.configure(file, [0], table([Rules(missing_ms=10)]), kernel.NEVER)
    assert len(kernel.tick(live, 110)) == len(kernel.tick(file, 10**15)) == 0
    assert len(kernel.tick(live, 111)) == 1


def test_a_bad_reading_is_an_arrival_and_a_late_or_repeated_one_is_not() -> None:
    state = kernel.State.empty(1)
    kernel.configure(state, [0], table([Rules(missing_ms=10)]), 0)
    kernel.detect(state, [0], [5], [1.0], [False], 5)
    assert kernel.detect(state, [0, 0, 0], [4, 5, 5], [1.0, 1.0, 2.0], [False] * 3, 12).verdicts.tolist() == [1, 2, 3]
    assert [e.ts for e in plain(kernel.tick(state, 16))] == [16]


def test_the_same_value_with_another_quality_is_a_conflict() -> None:
    state = kernel.State.empty(1)
    verdicts = kernel.detect(state, [0] * 3, [1] * 3, [7.0] * 3, [False, False, True], 1).verdicts
    assert verdicts.tolist() == [kernel.TAKEN, kernel.DUPLICATE, kernel.CONFLICT]


def test_a_removed_limit_in_alarm_is_cleared_and_a_moved_one_waits_for_readings() -> None:
    state = kernel.State.empty(1)
    kernel.configure(state, [0], table([Rules(h=5, hh=8, missing_ms=5)]), 0)
    kernel.detect(state, [0], [1], [9.0], [True], 1)
    kernel.tick(state, 100)
    events = plain(kernel.configure(state, [0], table([Rules(h=20)]), 100))
    assert [tuple(e) for e in events] == [(100, 0, 0, 0, None), (100, 0, 4, 0, None)]
    assert state.alarms().tolist() == [[False, True, False, False, False]]
    assert [e.kind for e in plain(kernel.detect(state, [0], [200], [9.0], [True], 200).events)] == [0]


def test_events_of_one_time_are_ordered_by_tag_then_limit() -> None:
    state = kernel.State.empty(3)
    kernel.configure(state, [0, 1, 2], table([Rules(h=1, hh=1)] * 3), 0)
    outcome = kernel.detect(state, [2, 0, 1, 2], [5, 5, 5, 4], [1.0] * 4, [True] * 4, 5)
    assert [(e.tag, e.limit) for e in plain(outcome.events)] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]
    assert outcome.events["index"].tolist() == [1, 1, 2, 2, 0, 0]


def test_thousands_of_events_from_one_batch_all_come_out() -> None:
    n = 5000
    state = kernel.State.empty(n)
    kernel.configure(state, np.arange(n), table([Rules(h=1, hh=1, missing_ms=1)] * n), 0)
    assert len(kernel.tick(state, 10)) == n
    assert len(kernel.detect(state, np.arange(n), np.full(n, 11), np.ones(n), np.ones(n, bool), 11).events) == 3 * n


def test_columns_that_may_not_be_written_are_taken_too() -> None:
    state = kernel.State.empty(1)
    tags, ts = np.frombuffer(b"\0\0\0\0", "u4"), np.frombuffer(b"\1" + b"\0" * 7, "i8")
    values, good = np.frombuffer(b"\0" * 8, "f8"), np.frombuffer(b"\1", "u1")
    assert kernel.detect(state, tags, ts, values, good, 1).verdicts.tolist() == [kernel.TAKEN]


def test_an_unknown_tag_number_is_refused_before_anything_is_taken() -> None:
    state = kernel.State.empty(2)
    with pytest.raises(IndexError, match="tag 2 is unknown"):
        kernel.detect(state, [0, 2], [1, 1], [1.0, 1.0], [True, True], 1)
    assert kernel.detect(state, [0], [1], [1.0], [True], 1).verdicts.tolist() == [kernel.TAKEN]


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        kernel.detect(kernel.State.empty(1), [0], [1, 2], [1.0], [True], 1)


@pytest.mark.parametrize(
    "rule",
    [
        Rules(h=float("inf")),
        Rules(deadband=-1),
        Rules(deadband=float("inf")),
        Rules(on_delay_ms=-1),
        Rules(missing_ms=1 << 60),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(rule: Rules) -> None:
    with pytest.raises(ValueError, match=r"tag 7: .* may not be"):
        kernel.configure(kernel.State.empty(8), [7], table([rule]), 0)


def test_a_snapshot_that_is_cut_changed_or_foreign_is_refused() -> None:
    data = kernel.State.empty(3).to_bytes()
    for broken in (
        b"",
        data[:20],
        data[:-1],
        data[:-1] + b"x",
        data + b"x",
        b"x" + data[1:],
        data[:9] + b"\7" + data[10:],
    ):
        with pytest.raises(kernel.BadSnapshot):
            kernel.State.from_bytes(broken)
    assert len(kernel.State.from_bytes(data)) == 3
