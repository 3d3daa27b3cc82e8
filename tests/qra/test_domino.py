"""Domino effects."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence.probit import Coefficients
from anlan.kernels.qra import domino
from anlan.kernels.validity import OutOfRange
from anlan.packs.families import domino_thresholds

PACK = domino_thresholds.load(date(2026, 1, 1))
CHANCE = st.floats(0, 1)


def law(name: str) -> domino.TimeToFailure:
    found = PACK.equipment[name].time_to_failure
    assert found is not None
    return domino.TimeToFailure(
        found.slope, found.size, found.power, found.constant, (found.volume_from, found.volume_to)
    )


COOLING = Coefficients(PACK.mitigation.a, PACK.mitigation.b, PACK.mitigation.scale)


@pytest.mark.parametrize("name", ["atmospheric", "pressurised"])
@settings(max_examples=25, deadline=None)
@given(flux=st.floats(5, 150), step=st.floats(1.01, 1.9))
def test_a_hotter_fire_leaves_less_time(name: str, flux: float, step: float) -> None:
    cool, hot = domino.log_time_to_failure([flux, flux * step], 100.0, law(name))
    assert hot < cool


def test_a_large_pressure_vessel_holds_longer_and_a_large_tank_shorter() -> None:
    small, large = domino.log_time_to_failure(50.0, [10.0, 300.0], law("pressurised"))
    assert large > small
    small, large = domino.log_time_to_failure(50.0, [30.0, 17000.0], law("atmospheric"))
    assert large < small


def test_cooling_mostly_comes_in_time_after_twenty_minutes_and_not_within_five() -> None:
    late, early = domino.escalation_by_heat([20 * 60.0, 5 * 60.0], COOLING)
    assert late == pytest.approx(0.1, abs=0.01)
    assert early == pytest.approx(0.9, abs=0.01)


def test_a_fire_that_ends_before_the_time_to_failure_does_not_escalate() -> None:
    assert domino.escalation_by_heat(600.0, COOLING, 500.0) == 0
    assert domino.escalation_by_heat(600.0, COOLING, 700.0) == domino.escalation_by_heat(600.0, COOLING)


@pytest.mark.parametrize("name", PACK.equipment)
@settings(max_examples=20, deadline=None)
@given(peak=st.floats(0, 2e5), step=st.floats(1.01, 5))
def test_a_stronger_blast_never_damages_less(name: str, peak: float, step: float) -> None:
    kind = PACK.equipment[name]
    probit = Coefficients(kind.blast.a, kind.blast.b)
    weak, strong = domino.escalation_by_blast([peak, peak * step], probit, 1000 * kind.overpressure)
    assert 0 <= weak <= strong <= 1
    assert domino.escalation_by_blast(999 * kind.overpressure, probit, 1000 * kind.overpressure) == 0


def test_pressure_vessels_are_harder_to_break_by_blast_than_tanks() -> None:
    chances = {
        name: float(domino.escalation_by_blast(6e4, Coefficients(kind.blast.a, kind.blast.b), 0.0))
        for name, kind in PACK.equipment.items()
    }
    assert chances["atmospheric"] > chances["pressurised"]


@settings(max_examples=40, deadline=None)
@given(st.lists(CHANCE, max_size=7), st.floats(0, 1e-3))
def test_all_combinations_together_are_the_primary_event(chances: list[float], frequency: float) -> None:
    found = domino.combinations(frequency, chances)
    assert len(found) == 2 ** len(chances)
    assert sum(found.values()) == pytest.approx(frequency)


@settings(max_examples=30, deadline=None)
@given(st.lists(CHANCE, min_size=1, max_size=6))
def test_each_target_escalates_as_often_as_its_probability_says(chances: list[float]) -> None:
    found = domino.combinations(1.0, chances)
    for number, chance in enumerate(chances):
        total = sum(frequency for members, frequency in found.items() if number in members)
        assert total == pytest.approx(chance, abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.lists(CHANCE, min_size=12, max_size=12), st.integers(1, 4))
def test_the_courses_of_a_chain_together_are_the_primary_event(chances: list[float], orders: int) -> None:
    units = "ABCD"
    pairs = [(one, other) for one in units for other in units if one != other]
    escalation: dict[str, dict[str, float]] = {one: {} for one in units}
    for (one, other), chance in zip(pairs, chances, strict=True):
        escalation[one][other] = chance
    courses = domino.chains("A", 1e-4, escalation, orders)
    assert sum(course.frequency for course in courses) == pytest.approx(1e-4)
    for course in courses:
        assert sum(len(each) for each in course.generations) == len(course.units)
        assert len(course.generations) <= orders + 1


def test_a_chain_of_three_multiplies_along() -> None:
    escalation = {"A": {"B": 0.5}, "B": {"C": 0.2, "A": 1.0}}
    courses = {course.units: course.frequency for course in domino.chains("A", 1.0, escalation, 3)}
    assert courses == pytest.approx({frozenset("A"): 0.5, frozenset("AB"): 0.4, frozenset("ABC"): 0.1})


def test_two_causes_of_one_generation_add_up_as_independent() -> None:
    escalation = {"A": {"B": 1.0, "C": 1.0}, "B": {"D": 0.5}, "C": {"D": 0.5}}
    courses = {course.units: course.frequency for course in domino.chains("A", 1.0, escalation)}
    assert courses[frozenset("ABCD")] == pytest.approx(0.75)


def test_one_generation_is_the_sum_over_independent_targets() -> None:
    courses = domino.chains("A", 1e-5, {"A": {"B": 0.3, "C": 0.2}}, 1)
    found = {course.units: course.frequency for course in courses}
    assert found == pytest.approx(
        {frozenset("A"): 5.6e-6, frozenset("AB"): 2.4e-6, frozenset("AC"): 1.4e-6, frozenset("ABC"): 6e-7}
    )
    assert domino.involvement(courses) == pytest.approx({"A": 1e-5, "B": 3e-6, "C": 2e-6})


def test_a_cut_off_leaves_out_only_what_is_rarer() -> None:
    escalation = {"A": {"B": 0.5}, "B": {"C": 1e-3}}
    courses = domino.chains("A", 1.0, escalation, 2, 0.01)
    assert {course.units for course in courses} == {frozenset("A"), frozenset("AB")}


def test_a_leak_that_spares_its_own_unit_may_come_back_to_it_and_ends_there() -> None:
    escalation = {"A": {"B": 0.5}, "B": {"A": 0.4}}
    spent = {course.generations for course in domino.chains("A", 1.0, escalation, 4)}
    assert all(len(generations) <= 2 for generations in spent)
    back = {course.generations: course.frequency for course in domino.chains("A", 1.0, escalation, 4, spent=False)}
    a, b = frozenset("A"), frozenset("B")
    assert back == pytest.approx({(a,): 0.5, (a, b): 0.3, (a, b, a): 0.2})


def test_with_a_cut_off_any_number_of_targets_is_taken() -> None:
    escalation = {"A": {f"T{number}": 0.02 for number in range(40)}}
    courses = domino.chains("A", 1e-4, escalation, 1, 1e-7)
    assert courses[0].units == {"A"} and courses[0].frequency == pytest.approx(1e-4 * 0.98**40)
    assert sum(course.frequency for course in courses) <= 1e-4 and min(one.frequency for one in courses) >= 1e-7
    with pytest.raises(OutOfRange, match="raise it"):
        domino.chains("A", 1.0, {"A": {f"T{number}": 0.5 for number in range(40)}}, 1, 1e-12)


@settings(max_examples=50, deadline=None)
@given(st.lists(CHANCE, min_size=20, max_size=20), st.booleans())
def test_the_failures_in_closed_form_are_the_sum_over_all_courses(chances: list[float], spent: bool) -> None:
    units = "ABCDE"
    pairs = [(one, other) for one in units for other in units if one != other]
    escalation: dict[str, dict[str, float]] = {one: {} for one in units}
    for (one, other), chance in zip(pairs, chances, strict=True):
        escalation[one][other] = chance
    courses = domino.chains("A", 1e-4, escalation, 2, spent=spent)
    total = dict.fromkeys(units, 0.0)
    for course in courses:
        for generation in course.generations[1:]:
            for unit in generation:
                total[unit] += course.frequency
    found = domino.failures("A", 1e-4, escalation, spent=spent)
    assert {unit: found.get(unit, 0.0) for unit in units} == pytest.approx(total, abs=1e-16)


@pytest.mark.parametrize("chance", [np.nan, -0.1, 1.1])
def test_a_chance_that_is_none_refuses_in_closed_form(chance: float) -> None:
    with pytest.raises(OutOfRange):
        domino.failures("A", 1e-5, {"A": {"B": chance}})
    with pytest.raises(OutOfRange):
        domino.failures("A", 1e-5, {"A": {"B": 0.5}, "B": {"C": chance}})


@pytest.mark.parametrize(("flux", "volume"), [(np.nan, 100), (50, np.nan), (0.5, 100), (50, 1e6), (50, -1)])
def test_a_vessel_out_of_range_refuses(flux: float, volume: float) -> None:
    with pytest.raises(OutOfRange):
        domino.log_time_to_failure(flux, volume, law("pressurised"))


@pytest.mark.parametrize("chance", [np.nan, -0.1, 1.1])
def test_a_chance_that_is_none_refuses(chance: float) -> None:
    with pytest.raises(OutOfRange):
        domino.combinations(1e-5, [chance])
    with pytest.raises(OutOfRange):
        domino.chains("A", 1e-5, {"A": {"B": chance}})


def test_too_many_targets_refuse() -> None:
    with pytest.raises(OutOfRange, match="targets"):
        domino.combinations(1.0, [0.5] * 17)


def test_nan_is_never_below_a_threshold() -> None:
    with pytest.raises(OutOfRange):
        domino.credible(np.nan, 15.0, "kW/m2")
    with pytest.raises(OutOfRange):
        domino.escalation_by_blast(np.nan, Coefficients(-18.96, 2.44), 22e3)


def test_the_pack_says_that_its_numbers_are_from_memory() -> None:
    assert {kind.confidence for kind in PACK.equipment.values()} == {"memory"}
