"""Fireballs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import bleve
from anlan.kernels.validity import OutOfRange

BALL = bleve.fireball(50_000)


@pytest.mark.parametrize("name", bleve.CORRELATIONS)
@settings(max_examples=20, deadline=None)
@given(mass=st.floats(1, 1e6), step=st.floats(1.01, 10))
def test_more_fuel_makes_a_larger_and_longer_ball(name: str, mass: float, step: float) -> None:
    small, large = bleve.fireball(mass, name), bleve.fireball(min(mass * step, 1e7), name)
    assert large.diameter > small.diameter
    assert large.duration > small.duration * (1 - 0.02)  # Roberts' branches meet at 30 t within 2 %


def test_the_duration_of_a_mass_gives_the_mass_back() -> None:
    assert bleve.mass_of_duration(bleve.fireball(40_000, "tno").duration) == pytest.approx(40_000)


def test_the_steady_ball_radiates_its_share_of_the_heat() -> None:
    power = bleve.emissive_power(50_000, 46e6, 0.3, BALL)
    assert power * np.pi * BALL.diameter**2 * BALL.duration == pytest.approx(0.3 * 50_000 * 46e6)


def test_the_growing_ball_radiates_the_same_heat_as_the_steady_one() -> None:
    power = bleve.emissive_power(50_000, 46e6, 0.3, BALL)
    course = bleve.course(BALL, power * bleve.PEAK_OVER_MEAN, 2000)
    heat = np.sum(course.emissive * np.pi * course.diameter**2 * course.step)
    assert heat == pytest.approx(0.3 * 50_000 * 46e6, rel=1e-3)


def test_the_ball_touches_the_ground_while_it_grows_and_then_rises() -> None:
    course = bleve.course(BALL, 2e5, 300)
    growing = course.time < BALL.duration / 3
    np.testing.assert_allclose(course.height[growing], course.diameter[growing] / 2)
    assert (np.diff(course.height) > 0).all()
    assert course.height[-1] == pytest.approx(1.5 * BALL.diameter, rel=0.01)
    assert course.diameter.max() == BALL.diameter


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 3000), st.floats(1.05, 2))
def test_flux_and_dose_fall_with_distance(distance: float, step: float) -> None:
    places = [distance + 1, (distance + 1) * step]
    near, far = bleve.flux(3e5, BALL, places)
    assert far < near <= 3e5
    course = bleve.course(BALL, 3e5, 20)
    close, away = bleve.dose(course, places)
    assert away < close


def test_at_the_distance_of_a_flux_the_flux_is_that() -> None:
    place = bleve.distance_of_flux(5000.0, 3e5, BALL)
    assert bleve.flux(3e5, BALL, place) == pytest.approx(5000.0, rel=1e-6)
    assert bleve.distance_of_flux(4e5, 3e5, BALL) == 0
    with pytest.raises(OutOfRange):
        bleve.distance_of_flux(np.nan, 3e5, BALL)


def test_a_shorter_stay_gives_a_smaller_dose() -> None:
    course = bleve.course(BALL, 3e5)
    doses = [float(bleve.dose(course, 300.0, exposure=stay)) for stay in (2.0, 5.0, BALL.duration, 1000.0)]
    assert doses[0] < doses[1] < doses[2] == pytest.approx(doses[3])


def test_a_harder_burst_radiates_a_larger_share_up_to_a_limit() -> None:
    assert bleve.radiative_fraction(1e6) == pytest.approx(0.27)
    assert bleve.radiative_fraction(6e6) == 0.4


@pytest.mark.parametrize("mass", [np.nan, 0.0, -5.0, 1e9, np.inf])
def test_a_mass_out_of_range_refuses(mass: float) -> None:
    with pytest.raises(OutOfRange):
        bleve.fireball(mass)


def test_an_unknown_correlation_refuses_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="roberts"):
        bleve.fireball(1000, "robert")


def test_a_distance_that_is_no_number_refuses() -> None:
    with pytest.raises(OutOfRange):
        bleve.flux(3e5, BALL, np.nan)
