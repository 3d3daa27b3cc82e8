"""Dense gas after Britter and McQuaid: the workbook's points, inverse, mass, regimes, refusals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import britter_mcquaid as bm
from anlan.kernels.consequence.atmosphere import air_density
from anlan.kernels.validity import OutOfRange

NAN = float("nan")
CLOUD = bm.DenseCloud(bm.reduced_gravity(1.76, air_density(298)), 111.15, 298)
LNG = bm.DensePlume(CLOUD, 97.888 / 1.76, 10.9)
AMMONIA = bm.DensePuff(
    bm.DenseCloud(bm.reduced_gravity(1.434, air_density(293.15)), 293.15, 293.15, 1 / 16.4), 72500, 2
)
ALPHAS = st.floats(-1.5, 1.0)


@pytest.mark.parametrize(
    ("alpha", "expected"),
    [
        (-0.75, [1.75, 1.92, 2.08, 2.25, 2.4, 2.6]),
        (-0.40, [1.784, 2.016, 2.21, 2.394, 2.564, 2.714]),
        (0.0, [1.78, 1.96, 2.16, 2.35, 2.56, 2.71]),
    ],
)
def test_the_plume_lines_give_the_published_points(alpha: float, expected: list[float]) -> None:
    """GasDispersion.jl 0.4.1, test/models/britter_mcquaid_plume_tests.jl, from CCPS 1999."""
    assert bm.plume_curve(alpha).scaled[1:] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("alpha", "expected"),
    [
        (-0.75, [0.7, 0.85, 0.95, 1.15, 1.48, 1.83, 2.075]),
        (0.0, [0.81, 1.0, 1.19, 1.39, 1.62, 1.83, 2.05]),
        (0.75, [0.93, 1.03, 1.185, 1.375, 1.525, 1.68, 1.8475]),
    ],
)
def test_the_puff_lines_give_the_published_points(alpha: float, expected: list[float]) -> None:
    assert bm.puff_curve(alpha).scaled == pytest.approx(expected)


@pytest.mark.parametrize(
    ("x", "t", "expected"),
    [
        (160, 200, 0.0030830245167018195),
        (333, 124, 0.1 / 16.4),
        (333, 1396, 0.00018497619507887978),
        (2500, 3125, 0.0007259996788424369 / 16.4),
    ],
)
def test_the_potchefstroom_cloud_is_uniform_and_follows_its_edge(x: float, t: float, expected: float) -> None:
    """GasDispersion.jl 0.4.1, test/models/britter_mcquaid_puff_tests.jl, from the workbook."""
    assert float(AMMONIA.concentration(x, t)) == pytest.approx(expected, rel=2e-3)


@settings(max_examples=25, deadline=None)
@given(ALPHAS, st.booleans())
def test_the_curves_fall_and_their_lines_do_not_cross(alpha: float, plume: bool) -> None:
    curve = bm.plume_curve(alpha) if plume else bm.puff_curve(alpha)
    assert (np.diff(curve.scaled) > 0).all()
    ratios = curve.ratio(np.geomspace(0.5, 5000, 300))
    assert (np.diff(ratios) <= 1e-12).all() and (ratios <= 1).all()


@settings(max_examples=25, deadline=None)
@given(ALPHAS, st.floats(1e-5, 0.0999))
def test_distance_is_the_inverse_of_concentration(alpha: float, ratio: float) -> None:
    for curve in (bm.plume_curve(alpha), bm.puff_curve(alpha)):
        assert float(curve.ratio(curve.distance(ratio))) == pytest.approx(ratio, rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.001, 1.0))
def test_the_thermal_correction_is_undone_by_its_inverse(ratio: float) -> None:
    actual = bm.to_actual(CLOUD, ratio)
    assert float(bm.to_isothermal(CLOUD, actual)) == pytest.approx(ratio)
    assert actual >= ratio - 1e-12  # a cold cloud
    warm = replace(CLOUD, temperature=298.0)
    assert float(bm.to_actual(warm, ratio)) == pytest.approx(ratio)


def test_width_depth_and_concentration_carry_the_released_volume() -> None:
    for x in (20.0, 100.0, 900.0):
        ratio = float(bm.plume_curve(LNG.alpha).ratio(x / LNG.length))
        carried = 2 * float(LNG.half_width(x)) * float(LNG.depth(x)) * ratio * LNG.wind
        assert carried == pytest.approx(LNG.volume_rate)
    t = 500.0
    ratio = float(bm.puff_curve(AMMONIA.alpha).ratio(AMMONIA.edge(t) / AMMONIA.length))
    assert np.pi * AMMONIA.radius(t) ** 2 * AMMONIA.depth(t) * ratio == pytest.approx(AMMONIA.volume)


def test_the_edge_is_at_a_place_when_the_cloud_arrives_there() -> None:
    arrival, departure = AMMONIA.passage(333)
    assert float(AMMONIA.edge(arrival)) == pytest.approx(333)
    assert float(AMMONIA.centre(departure) - AMMONIA.radius(departure)) == pytest.approx(333)
    assert AMMONIA.concentration(333, arrival * 0.99) == 0
    assert AMMONIA.concentration(333, arrival * 1.01) > 0
    assert AMMONIA.concentration(333, 0.5 * (arrival + departure), y=1e5) == 0


def test_more_gas_reaches_farther_and_more_wind_less_far() -> None:
    assert replace(LNG, volume_rate=100).distance(0.05) > LNG.distance(0.05)
    assert bm.DensePuff(AMMONIA.cloud, 145000, 2).distance(0.001) > AMMONIA.distance(0.001)


def test_a_strong_wind_makes_a_release_passive() -> None:
    assert LNG.dense
    assert not replace(LNG, wind=80).dense
    assert AMMONIA.dense


def test_the_regime_by_duration() -> None:
    assert bm.regime(600, 5, 500) == "continuous"
    assert bm.regime(10, 5, 500) == "instantaneous"
    assert bm.regime(100, 5, 500) == "transitional"


def test_alpha_and_gravity_give_the_volume_rate() -> None:
    assert bm.volume_rate_of(LNG.alpha, CLOUD.reduced_gravity, LNG.wind) == pytest.approx(LNG.volume_rate)


@pytest.mark.parametrize(
    "call",
    [
        lambda: bm.reduced_gravity(1.0, 1.2),
        lambda: bm.reduced_gravity(NAN, 1.2),
        lambda: bm.plume_curve(1.01),
        lambda: bm.puff_curve(NAN),
        lambda: replace(LNG, wind=0.0),
        lambda: replace(LNG, volume_rate=NAN),
        lambda: LNG.concentration(0),
        lambda: LNG.concentration(NAN),
        lambda: LNG.distance(0),
        lambda: LNG.distance(1.5),
        lambda: AMMONIA.concentration(NAN, 10),
        lambda: AMMONIA.concentration(100, -1),
        lambda: AMMONIA.distance(0.5),
        lambda: replace(LNG, cloud=replace(CLOUD, temperature=NAN)),
        lambda: bm.regime(0, 5, 100),
        lambda: bm.richardson(LNG, 0),
    ],
)
def test_impossible_dense_releases_are_refused(call: object) -> None:
    with pytest.raises(OutOfRange):
        call()  # type: ignore[operator]  # a lambda of the list above
