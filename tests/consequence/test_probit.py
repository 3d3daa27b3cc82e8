"""From dose to harm and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import probit
from anlan.kernels.validity import OutOfRange

ALL = {**probit.THERMAL, **probit.OVERPRESSURE, "chlorine": probit.Coefficients(-8.29, 0.92)}


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=25, deadline=None)
@given(share=st.floats(1e-4, 1 - 1e-4))
def test_the_dose_for_a_share_harms_that_share(name: str, share: float) -> None:
    dose = probit.dose_for(ALL[name], share)
    assert probit.probability(probit.evaluate(ALL[name], dose)) == pytest.approx(share, rel=1e-9)


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=25, deadline=None)
@given(dose=st.floats(1e-3, 1e9), step=st.floats(1.001, 100))
def test_more_dose_never_harms_fewer(name: str, dose: float, step: float) -> None:
    less, more = probit.probability(probit.evaluate(ALL[name], [dose, dose * step]))
    assert 0 <= less <= more <= 1


def test_no_dose_harms_nobody() -> None:
    assert probit.probability(probit.evaluate(probit.THERMAL["eisenberg"], 0.0)) == 0


def test_five_is_half() -> None:
    assert probit.probability(5) == 0.5
    assert probit.of_probability(0.5) == 5


@settings(max_examples=40, deadline=None)
@given(st.floats(1e3, 1e5), st.floats(1, 1000))
def test_the_same_dose_is_the_same_harm_however_it_came(flux: float, time: float) -> None:
    longer = probit.thermal_dose(flux * 0.5, time * 2 ** (4 / 3))
    assert longer == pytest.approx(float(probit.thermal_dose(flux, time)), rel=1e-12)


def test_tsao_perry_in_watts_and_in_kilowatts_is_one() -> None:
    watts = probit.evaluate(probit.THERMAL["tsao-perry"], 3e7)
    kilowatts = probit.evaluate(probit.Coefficients(-12.8, 2.56, 1 / probit.KILOWATT_DOSE), 3e7)
    assert watts == pytest.approx(float(kilowatts), abs=0.01)


def test_a_quarter_of_the_time_needs_twice_the_concentration_when_n_is_two() -> None:
    law = probit.Coefficients(-8.29, 0.92)
    long, short = probit.concentration_for(law, 2.0, 0.5, [40.0, 10.0])
    assert short == pytest.approx(2 * long)


def test_one_ppm_of_chlorine_is_almost_three_milligrams() -> None:
    assert probit.milligrams(1.0, 70.906e-3) == pytest.approx(2.948, rel=1e-3)


def test_a_long_blast_hurts_more_than_a_short_one_of_the_same_peak() -> None:
    for function in (probit.lung_damage, probit.head_impact, probit.body_impact):
        short, long = function(2e5, [200.0, 5000.0])
        assert short < long


def test_what_makes_a_house_fall_has_damaged_it_before() -> None:
    minor, major, collapse = (probit.building(degree, 2e4, 2000.0) for degree in ("minor", "major", "collapse"))
    assert minor > major > collapse


def test_long_blast_meets_the_static_limit_of_a_house() -> None:
    # at the limit pressure and endless impulse half of the houses are hit
    assert probit.building("collapse", 40_000, 1e8) == pytest.approx(5, abs=1e-6)


@pytest.mark.parametrize("dose", [np.nan, -1.0, np.inf])
def test_a_dose_that_is_none_refuses(dose: float) -> None:
    with pytest.raises(OutOfRange):
        probit.evaluate(probit.THERMAL["tno"], dose)


@pytest.mark.parametrize("share", [np.nan, 0.0, 1.0, 1.5, -0.1])
def test_a_share_without_a_probit_refuses(share: float) -> None:
    with pytest.raises(OutOfRange):
        probit.of_probability(share)


def test_nan_is_not_turned_into_a_share() -> None:
    with pytest.raises(OutOfRange):
        probit.probability(np.nan)
    with pytest.raises(OutOfRange):
        probit.lung_damage(np.nan, 100.0)
    with pytest.raises(OutOfRange):
        probit.toxic_dose(100.0, np.nan, 2.0)


def test_an_unknown_probit_and_an_unknown_degree_refuse_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="eisenberg"):
        probit.named(probit.THERMAL, "eisenburg")
    with pytest.raises(ValueError, match="collapse"):
        probit.building("fall", 1e4, 100.0)


def test_coefficients_that_would_turn_harm_around_refuse() -> None:
    with pytest.raises(OutOfRange):
        probit.evaluate(probit.Coefficients(1.0, -2.0), 1.0)
