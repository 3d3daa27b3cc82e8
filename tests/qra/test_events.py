"""Event trees sum to one; ignition grows with sources and time; cost and benefit."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.qra import cost_benefit, events
from anlan.kernels.qra.events import Branch
from anlan.kernels.validity import OutOfRange

SHARE = st.floats(0, 1)


@given(st.lists(SHARE, max_size=8))
@settings(max_examples=40, deadline=None)
def test_the_ends_of_a_chain_of_questions_sum_to_one(probabilities: list[float]) -> None:
    assert sum(events.chain(probabilities)) == pytest.approx(1)


@given(SHARE, SHARE, SHARE)
@settings(max_examples=40, deadline=None)
def test_the_ends_of_a_flammable_release_sum_to_one(immediate: float, delayed: float, explosion: float) -> None:
    assert sum(events.flammable(immediate, delayed, explosion).values()) == pytest.approx(1)


def test_ends_of_one_name_are_added() -> None:
    later = (Branch("fire", 0.5), Branch("nothing", 0.5))
    assert events.end_states((Branch("fire", 0.2), Branch("later", 0.8, later))) == pytest.approx(
        {"fire": 0.6, "nothing": 0.4}
    )


def test_branches_that_do_not_sum_to_one_are_refused_by_their_fork() -> None:
    with pytest.raises(OutOfRange, match="later/"):
        events.end_states((Branch("later", 1.0, (Branch("fire", 0.5), Branch("nothing", 0.4))),))


@pytest.mark.parametrize("probability", [-0.1, 1.1, math.nan])
def test_a_probability_outside_its_range_is_refused(probability: float) -> None:
    with pytest.raises(OutOfRange):
        events.chain([probability])
    with pytest.raises(OutOfRange):
        events.flammable(probability, 0.5, 0.5)


@given(st.floats(0, 10), st.floats(0, 1), st.floats(0, 100))
@settings(max_examples=40, deadline=None)
def test_two_like_sources_ignite_like_two_independent_ones(number: float, rate: float, time: float) -> None:
    one = events.ignition(number, rate, time)
    assert events.ignition(2 * number, rate, time) == pytest.approx(events.any_of([one, one]), abs=1e-12)


def test_traffic_ignites_more_the_denser_it_is_and_passes_into_many_sources() -> None:
    sparse, dense = (events.ignition_by_road(flow, 20, 100, 0.4 / 60, 60) for flow in (0.01, 0.5))
    assert 0 < sparse < dense < 1
    assert dense == pytest.approx(events.ignition(2.5, 0.4 / 60, 60))


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_ignition_refuses_what_cannot_be(value: float) -> None:
    for arguments in ((value, 1, 1), (1, value, 1), (1, 1, value)):
        with pytest.raises(OutOfRange):
            events.ignition(*arguments)


def test_a_point_is_covered_at_most_always() -> None:
    assert events.grid_point(1e-6, 0.1, 12, 1.0, 500, 1.0).covered == 1
    with pytest.raises(OutOfRange):
        events.grid_point(1e-6, 0.1, 12, math.nan, 500, 1.0)


def test_the_worked_example_of_the_health_and_safety_executive() -> None:
    assert cost_benefit.benefit(20, 1_336_800, 1e-5, 25) == pytest.approx(6684)
    assert cost_benefit.benefit(20, 1_336_800, 1e-5, 25, 0.035) < 6684
    assert cost_benefit.justified_cost([6684, 2072, 512.5, 15], 10).most == pytest.approx(92835)
    for wrong in (-1.0, math.nan):
        with pytest.raises(OutOfRange):
            cost_benefit.justified_cost([wrong], 10)
    with pytest.raises(OutOfRange, match="disproportion"):
        cost_benefit.justified_cost([1.0], 0.5)
