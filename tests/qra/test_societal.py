"""Societal risk: the footprints' loss equals individual risk times people, and F-N curves are stairs that fall."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.qra import individual, societal
from anlan.kernels.validity import OutOfRange
from tests.qra.parks import GRID, small

EVENTS = st.lists(st.tuples(st.floats(0, 1e3), st.floats(0, 1)), max_size=20)


def test_individual_risk_times_population_is_the_potential_loss() -> None:
    rng = np.random.default_rng(3)
    persons = rng.uniform(0, 1, (GRID.rows, GRID.columns)) * (rng.uniform(size=(GRID.rows, GRID.columns)) < 0.2)
    whole = small()
    deaths = societal.expected_deaths(whole, societal.people_on(GRID, persons), GRID.cell)
    product = float((individual.risk_map(whole, GRID) * persons).sum())
    assert deaths.potential_loss == pytest.approx(product, rel=1e-3)
    assert deaths.by_release().sum() == pytest.approx(deaths.potential_loss)


def test_people_in_a_fire_die_by_its_lethality() -> None:
    deaths = societal.expected_deaths(small(), [[1210.0, 1100.0, 10.0]], GRID.cell)
    assert deaths.number[3] == pytest.approx(8.0, rel=1e-3)  # the circle with lethality 0.8


def test_nobody_there_nobody_dies() -> None:
    assert societal.expected_deaths(small(), np.zeros((0, 3)), GRID.cell).potential_loss == 0


@given(EVENTS)
@settings(max_examples=40, deadline=None)
def test_the_curve_rises_in_n_falls_in_f_and_its_area_is_the_loss(events: list[tuple[float, float]]) -> None:
    number, frequency = [n for n, _ in events], [f for _, f in events]
    n, f = societal.curve(number, frequency)
    assert (np.diff(n) > 0).all() and (np.diff(f) <= 0).all()
    loss, shares = societal.potential_loss(number, frequency)
    area = float((np.diff(np.concatenate(([0.0], n))) * f).sum())
    assert area == pytest.approx(loss, rel=1e-9, abs=1e-12)
    assert shares.sum() == pytest.approx(1 if loss > 0 else 0, abs=1e-9)


def test_the_frequency_of_at_least_n_counts_every_event_with_n_or_more() -> None:
    found = societal.frequency_of([1, 3, 4, 100], [1, 3, 3, 10], [1e-4, 3e-5, 1e-5, 1e-6])
    assert found == pytest.approx([1.41e-4, 4.1e-5, 1e-6, 0])


@pytest.mark.parametrize(
    ("numbers", "frequencies"), [([np.nan], [1e-5]), ([-1], [1e-5]), ([1], [np.inf]), ([1, 2], [1e-5])]
)
def test_events_that_cannot_be_are_refused(numbers: list[float], frequencies: list[float]) -> None:
    with pytest.raises(OutOfRange):
        societal.curve(numbers, frequencies)


@pytest.mark.parametrize("people", [[[0, 0, -1]], [[0, np.nan, 1]], [[0, 0, np.inf]]])
def test_people_that_cannot_be_are_refused(people: list[list[float]]) -> None:
    with pytest.raises(OutOfRange):
        societal.expected_deaths(small(), people, GRID.cell)


def test_rates_refuse_nobody_and_more_hours_than_a_year_has() -> None:
    with pytest.raises(OutOfRange):
        societal.fatal_accident_rate(1e-5, 0)
    with pytest.raises(OutOfRange):
        societal.average_individual_risk(0.03, 9000)
    with pytest.raises(OutOfRange):
        societal.average_individual_risk(float("nan"), 2000)
