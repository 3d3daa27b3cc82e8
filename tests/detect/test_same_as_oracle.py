"""The compiled rules and the plain ones see the same events in whatever readings, rules and cuts hypothesis invents."""

from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernels import detect as kernel
from tests.detect.oracle import Event, Oracle, Rules
from tests.detect.strategies import TAGS, VERDICTS, Columns, columns, ordered, plain, readings, rules, table
from tests.thorough import examples

three_rules = st.lists(rules, min_size=TAGS, max_size=TAGS)
cuts = st.lists(st.integers(1, 17), min_size=1, max_size=8)


def pieces(length: int, sizes: list[int]) -> Iterator[slice]:
    start, turn = 0, 0
    while start < length:
        stop = min(length, start + sizes[turn % len(sizes)])
        yield slice(start, stop)
        start, turn = stop, turn + 1


def cut(batch: Columns, piece: slice) -> Columns:
    tags, ts, values, good = batch
    return tags[piece], ts[piece], values[piece], good[piece]


def both(tag_rules: list[Rules], now: int | None) -> tuple[kernel.State, Oracle]:
    state, oracle = kernel.State.empty(TAGS), Oracle()
    kernel.configure(state, np.arange(TAGS), table(tag_rules), kernel.NEVER if now is None else now)
    for number, rule in enumerate(tag_rules):
        oracle.configure(number, rule, now)
    return state, oracle


@examples(100, proof=2_000)
@given(three_rules, readings())
def test_a_file_gives_the_oracle_s_events_and_verdicts(
    tag_rules: list[Rules], rows: list[tuple[int, int, float, bool]]
) -> None:
    state, oracle = both(tag_rules, None)
    outcome = kernel.replay(state, *columns(rows))
    answers = [oracle.row(*row) for row in rows]
    assert [VERDICTS[v] for v in outcome.verdicts] == [verdict for verdict, _ in answers]
    assert plain(outcome.events) == ordered([event for _, events in answers for event in events])


@examples(50, proof=1_000)
@given(three_rules, readings(), cuts)
def test_a_file_cut_anywhere_gives_the_same_events(
    tag_rules: list[Rules], rows: list[tuple[int, int, float, bool]], sizes: list[int]
) -> None:
    whole, _ = both(tag_rules, None)
    state, _ = both(tag_rules, None)
    batch = columns(rows)
    expected = plain(kernel.replay(whole, *batch).events)
    got = [e for piece in pieces(len(rows), sizes) for e in plain(kernel.replay(state, *cut(batch, piece)).events)]
    assert ordered(got) == expected


@examples(100, proof=1_500)
@given(three_rules, three_rules, readings(), cuts, st.data())
def test_live_with_ticks_jumps_new_rules_and_a_restart_in_the_middle(
    first: list[Rules],
    second: list[Rules],
    rows: list[tuple[int, int, float, bool]],
    sizes: list[int],
    data: st.DataObject,
) -> None:
    state, oracle = both(first, 1000)
    arrival = 1000
    batch = columns(rows)
    for piece in pieces(len(rows), sizes):
        arrival += data.draw(st.integers(0, 6))
        assert plain(kernel.tick(state, arrival)) == oracle.tick(arrival)
        outcome = kernel.detect(state, *cut(batch, piece), arrival)
        answers = [oracle.reading(*row, arrival) for row in rows[piece]]
        assert [VERDICTS[v] for v in outcome.verdicts] == [verdict for verdict, _ in answers]
        assert plain(outcome.events) == ordered([event for _, events in answers for event in events])
        match data.draw(st.sampled_from(["go on", "go on", "restart", "new rules", "jump", "grow"])):
            case "restart":
                state = kernel.State.from_bytes(state.to_bytes())
            case "grow":
                state.grow(len(state) + 5)
            case "new rules":
                assert _reconfigure(state, oracle, second, arrival) == []
                first, second = second, first
            case "jump":
                jump = data.draw(st.integers(-20, 20))
                kernel.shift(state, jump)
                for tag in oracle.tags.values():
                    tag.waited_from = None if tag.waited_from is None else tag.waited_from + jump
                arrival += jump


def _reconfigure(state: kernel.State, oracle: Oracle, tag_rules: list[Rules], now: int) -> list[tuple[Event, Event]]:
    """Events in which the two differ."""
    got = plain(kernel.configure(state, np.arange(TAGS), table(tag_rules), now))
    expected = [e for number, rule in enumerate(tag_rules) for e in oracle.configure(number, rule, now)]
    assert len(got) == len(expected)
    return [(a, b) for a, b in zip(got, ordered(expected), strict=True) if a != b]
