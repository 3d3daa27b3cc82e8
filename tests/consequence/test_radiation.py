"""Heat through air."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import radiation
from anlan.kernels.validity import OutOfRange


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1900), st.floats(240, 330), st.floats(0.05, 0.9))
def test_air_lets_through_less_when_it_is_longer_or_damper(path: float, kelvin: float, humidity: float) -> None:
    here = float(radiation.transmissivity_wayne(path, kelvin, humidity))
    assert 0 <= here <= 1
    assert radiation.transmissivity_wayne(path + 50, kelvin, humidity) <= here
    assert radiation.transmissivity_wayne(max(path, 10), kelvin, humidity + 0.1) <= radiation.transmissivity_wayne(
        max(path, 10), kelvin, humidity
    )


def test_bagster_and_wayne_agree_where_both_hold() -> None:
    pressure = 0.7 * float(radiation.saturation_pressure(288.15))
    bagster = radiation.transmissivity_bagster([20, 50], pressure)
    wayne = radiation.transmissivity_wayne([20, 50], 288.15, 0.7)
    np.testing.assert_allclose(bagster, wayne, rtol=0.1)


@pytest.mark.parametrize("path", [0.5, 200.0])
def test_outside_its_band_bagster_refuses(path: float) -> None:
    with pytest.raises(OutOfRange, match="Bagster"):
        radiation.transmissivity_bagster(path, 1200.0)


def test_a_point_sends_through_every_sphere_the_same() -> None:
    distance = np.array([1.0, 7.0, 300.0])
    np.testing.assert_allclose(radiation.point_source(5e6, distance) * 4 * np.pi * distance**2, 5e6)


def test_the_weights_of_a_flames_points_are_its_whole_power_and_peak_at_the_waist() -> None:
    weights = radiation.source_weights(50, 0.75)
    assert weights.sum() == pytest.approx(1)
    assert int(np.argmax(weights)) in (36, 37)
    assert (np.diff(weights[:37]) > 0).all()
    assert (np.diff(weights[37:]) < 0).all()


def test_far_away_many_points_are_one() -> None:
    places = [[0, 0, 0], [1, 0, 0]]
    both = radiation.many_sources(places, [2e6, 3e6], [[800.0, 0, 0]], 288.15, 0.5)
    one = radiation.point_source(5e6, 799.4, radiation.transmissivity_wayne(799.4, 288.15, 0.5))
    assert both[0] == pytest.approx(float(one), rel=1e-3)


@pytest.mark.parametrize(
    ("emissive", "factor", "through"), [(np.nan, 0.1, 1), (1e5, 1.1, 1), (1e5, 0.1, -0.1), (2e6, 0.1, 1)]
)
def test_an_impossible_flame_refuses(emissive: float, factor: float, through: float) -> None:
    with pytest.raises(OutOfRange):
        radiation.solid_flame(emissive, factor, through)


@pytest.mark.parametrize(
    ("path", "kelvin", "humidity"), [(np.nan, 288, 0.5), (10, 400, 0.5), (10, 288, 0), (-1, 288, 0.5)]
)
def test_air_that_is_none_refuses(path: float, kelvin: float, humidity: float) -> None:
    with pytest.raises(OutOfRange):
        radiation.transmissivity_wayne(path, kelvin, humidity)
