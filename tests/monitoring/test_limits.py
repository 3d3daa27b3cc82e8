"""Which limits a tag may have, and how an alarm lives."""

from dataclasses import replace
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules import alarms as rules
from anlan.rules.alarms import Limits, check_limits

GOOD = Limits(
    hh=110, h=100, l=10, ll=5, deadband=2, on_delay_s=5, off_delay_s=5, missing_s=60, range_low=0, range_high=150
)


def test_ordered_limits_with_a_narrow_deadband_pass() -> None:
    assert check_limits(GOOD) is None
    assert check_limits(Limits()) is None
    assert check_limits(Limits(h=1)) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"hh": 100}, "tag.limits_out_of_order"),
        ({"hh": 99}, "tag.limits_out_of_order"),
        ({"ll": 10}, "tag.limits_out_of_order"),
        ({"h": 4, "hh": None, "l": None}, "tag.limits_out_of_order"),
        ({"deadband": -0.1}, "tag.negative_deadband"),
        ({"deadband": 5}, "tag.wide_deadband"),
        ({"deadband": 10}, "tag.wide_deadband"),
        ({"on_delay_s": -1}, "tag.bad_delay"),
        ({"off_delay_s": 86_401}, "tag.bad_delay"),
        ({"missing_s": 0}, "tag.bad_missing"),
        ({"missing_s": -5}, "tag.bad_missing"),
        ({"range_low": 150}, "tag.bad_range"),
        ({"h": float("nan")}, "tag.not_a_number"),
        ({"ll": float("-inf")}, "tag.not_a_number"),
    ],
)
def test_limits_that_make_no_sense_are_refused(change: dict[str, float], code: str) -> None:
    refusal = check_limits(replace(GOOD, **change))
    assert refusal is not None
    assert refusal.code == code
    assert "{" not in refusal.filled(refusal.message) + refusal.filled(refusal.fix)


numbers = st.none() | st.floats(-1e9, 1e9)


@given(numbers, numbers, numbers, numbers, st.floats(0, 1e6))
def test_limits_that_pass_can_always_clear(
    hh: float | None, h: float | None, low: float | None, ll: float | None, deadband: float
) -> None:
    limits = Limits(hh=hh, h=h, l=low, ll=ll, deadband=deadband)
    if check_limits(limits) is None:
        values = [value for _, value in limits.ordered()]
        assert values == sorted(set(values))
        assert all(above - deadband > below for below, above in pairwise(values))


def test_every_way_through_an_alarms_life_ends_closed() -> None:
    state = rules.UNACKNOWLEDGED
    for happenings in product((rules.ACKNOWLEDGE, rules.CLEAR), repeat=2):
        if len(set(happenings)) == 2:
            state = rules.UNACKNOWLEDGED
            for one in happenings:
                state = rules.TRANSITIONS[state, one]
            assert state == rules.CLOSED


def test_only_the_listed_steps_exist() -> None:
    states = (rules.UNACKNOWLEDGED, rules.ACKNOWLEDGED, rules.RETURNED, rules.CLOSED)
    refused = [state for state in states if rules.may_acknowledge(state)]
    assert refused == [rules.ACKNOWLEDGED, rules.CLOSED]


def test_what_came_and_went_in_a_backlog_waits_for_nobody() -> None:
    assert rules.after_clear(rules.UNACKNOWLEDGED, historic=True) == rules.CLOSED
    assert rules.after_clear(rules.UNACKNOWLEDGED, historic=False) == rules.RETURNED


@pytest.mark.parametrize(("age_ms", "historic"), [(0, False), (300_000, False), (300_001, True), (-1, False)])
def test_an_event_is_historic_five_minutes_after_it_happened(age_ms: int, historic: bool) -> None:
    assert rules.is_historic(1_000_000, 1_000_000 + age_ms) is historic
