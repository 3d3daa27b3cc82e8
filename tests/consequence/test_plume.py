"""The Gaussian plume and its rise: mass, symmetry, monotonicity, limits, thresholds, refusals."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import plume, plume_rise, sigma
from anlan.kernels.consequence.plume import Plume
from anlan.kernels.consequence.plume_rise import Stack
from anlan.kernels.consequence.vertical import vertical_factor
from anlan.kernels.validity import OutOfRange

NAN = float("nan")
PLUMES = st.builds(
    Plume,
    st.floats(0.01, 100),
    st.floats(0.5, 20),
    st.sampled_from(get_args(sigma.Stability)),
    st.sampled_from(get_args(sigma.PlumeSet)),
    st.floats(0, 100),
)


@settings(max_examples=15, deadline=None)
@given(PLUMES, st.floats(100, 5000))
def test_the_flux_through_a_cross_section_is_the_release_rate(release: Plume, x: float) -> None:
    across, up = (float(width) for width in plume.widths(release, x))
    y = np.linspace(-7 * across, 7 * across, 141)[:, None]
    z = np.linspace(0, release.height + 8 * up, 1201)
    flux = np.trapezoid(np.trapezoid(plume.concentration(release, x, y, z), z, axis=1), y[:, 0]) * release.wind
    assert flux == pytest.approx(release.rate, rel=1e-3)


@settings(max_examples=15, deadline=None)
@given(PLUMES, st.floats(50, 5000), st.floats(0, 300), st.floats(0, 50))
def test_the_plume_is_symmetric_linear_in_rate_and_inverse_in_wind(
    release: Plume, x: float, y: float, z: float
) -> None:
    left, right = plume.concentration(release, x, [-y, y], z)
    assert left == right
    assert right <= plume.concentration(release, x, 0, z)
    double = replace(release, rate=2 * release.rate)
    assert plume.concentration(double, x, y, z) == pytest.approx(2 * right)
    fast = replace(release, wind=2 * release.wind)
    assert plume.concentration(fast, x, y, z) == pytest.approx(right / 2)


@settings(max_examples=10, deadline=None)
@given(PLUMES)
def test_a_ground_plume_falls_with_distance(release: Plume) -> None:
    x = np.geomspace(100, 10e3, 100)
    values = plume.concentration(replace(release, height=0, sigma_set="briggs-rural"), x)
    assert (np.diff(values) < 0).all()


def test_far_away_a_mixed_layer_is_uniform() -> None:
    release = Plume(1, 3, "D", height=50, mixing_height=300)
    values = plume.concentration(release, 90e3, 0, np.linspace(0, 300, 7))
    across, _ = plume.widths(release, 90e3)
    uniform = 1 / (3 * 300 * np.sqrt(2 * np.pi) * float(across))
    assert values == pytest.approx(np.full(7, uniform), rel=0.02)


def test_a_high_inversion_changes_nothing() -> None:
    release = Plume(1, 3, "D", height=50)
    lidded = replace(release, mixing_height=2000)
    assert plume.concentration(lidded, 1000, 0, 10) == pytest.approx(plume.concentration(release, 1000, 0, 10))


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 300), st.floats(5, 600))
def test_the_vertical_factor_keeps_the_mass_between_ground_and_inversion(height: float, spread: float) -> None:
    z = np.linspace(0, 300, 3001)
    assert np.trapezoid(vertical_factor(z, height, spread, 300), z) == pytest.approx(1, rel=1e-5)


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 300), st.floats(0, 300))
def test_images_and_cosines_agree_where_one_takes_over(z: float, height: float) -> None:
    before, after = (float(vertical_factor(z, height, share * 300, 300)) for share in (0.6999999, 0.7000001))
    assert after == pytest.approx(before, rel=1e-5)


def test_the_greatest_ground_concentration_is_the_greatest() -> None:
    release = Plume(0.08, 6, "D", height=60)
    found = plume.ground_maximum(release)
    assert found is not None
    x, value = found
    assert (plume.concentration(release, np.geomspace(10, 50e3, 3000)) <= value * (1 + 1e-9)).all()
    assert plume.concentration(release, x) == pytest.approx(value)
    assert plume.ground_maximum(replace(release, height=0)) is None


@settings(max_examples=15, deadline=None)
@given(PLUMES, st.floats(-4.5, -2))
def test_on_the_threshold_the_concentration_is_the_threshold(release: Plume, exponent: float) -> None:
    release = replace(release, sigma_set="briggs-rural")
    threshold = 10**exponent * release.rate
    reach = plume.threshold_distance(release, threshold)
    if reach is None:
        return
    near, far = reach
    assert plume.concentration(release, far) == pytest.approx(threshold, rel=1e-6)
    assert near == plume.NEAREST or plume.concentration(release, near) == pytest.approx(threshold, rel=1e-6)
    middle = 0.5 * (near + far)
    y = plume.half_width(release, middle, threshold)
    assert y == 0 or plume.concentration(release, middle, y) == pytest.approx(threshold, rel=1e-6)


def test_a_larger_release_reaches_farther() -> None:
    reach = [plume.threshold_distance(Plume(rate, 3, "D"), 1e-5) for rate in (0.1, 1, 10)]
    far = [found[1] for found in reach if found is not None]
    assert len(far) == 3 and far == sorted(far)


def test_the_outline_encloses_the_area_it_says() -> None:
    found = plume.contour(Plume(1, 3, "D"), 1e-5)
    assert found is not None
    x, y = found.outline.T
    shoelace = 0.5 * abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    assert shoelace == pytest.approx(found.area, rel=1e-6)
    assert (found.outline[0] == found.outline[-1]).all()
    finer = plume.contour(Plume(1, 3, "D"), 1e-5, points=2000)
    assert finer is not None and found.area == pytest.approx(finer.area, rel=1e-3)


def test_rise_is_reached_gradually_and_never_exceeded() -> None:
    for stability in get_args(sigma.Stability):
        for stack in (Stack(1, 70, 400), Stack(1, 200, 325), Stack(1, 10, 288), Stack(2, 5, 280)):
            rise = plume_rise.plume_rise(stack, 288.15, 4, stability)
            heights = rise.at(np.linspace(0, 2 * rise.distance, 200))
            assert heights[0] == 0 or rise.final == 0
            assert (np.diff(heights) >= -1e-9).all()
            assert heights[-1] == pytest.approx(rise.final)


def test_rise_lifts_the_plume_off_the_ground() -> None:
    low = Plume(1, 4, "D", height=30)
    high = replace(low, rise=plume_rise.plume_rise(Stack(1, 15, 420), 288, 4, "D"))
    assert plume.concentration(high, 800) < plume.concentration(low, 800)


def test_known_values_of_briggs_rise() -> None:
    """GasDispersion.jl 0.4.1, test/utils/util_tests.jl, from the ISC3 formulas."""
    unstable = plume_rise.plume_rise(Stack(1, 87.52583639607202, 400), 288.15, 4, "A")
    assert (unstable.distance, unstable.final) == pytest.approx((612.07897481385, 112.8895989623143), rel=1e-4)
    stable = plume_rise.plume_rise(Stack(1, 72.93819699672669, 400), 288.15, 4, "E")
    assert (stable.distance, stable.final) == pytest.approx((317.60677324769046, 68.59722859012221), rel=1e-4)
    driven = plume_rise.plume_rise(Stack(1, 179.87751923862007, 325), 288.15, 4, "A")
    assert float(driven.at(50)) == pytest.approx(81.01824072514351, rel=1e-4)


def test_downwash_lowers_a_slow_release_but_not_below_ground() -> None:
    assert plume_rise.downwash(10, Stack(1, 1, 298), 2) == 8
    assert plume_rise.downwash(10, Stack(1, 3, 298), 2) == 10
    assert plume_rise.downwash(1, Stack(1, 0.1, 298), 2) == 0


GOOD = Plume(1, 3, "D")


@pytest.mark.parametrize(
    "bad",
    [
        {"rate": 0.0},
        {"rate": NAN},
        {"wind": 0.0},
        {"wind": NAN},
        {"stability": "G"},
        {"sigma_set": "slade-puff"},
        {"height": -1.0},
        {"height": 500.0, "mixing_height": 300.0},
        {"averaging_time": 7200.0},
    ],
)
def test_an_impossible_release_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(OutOfRange):
        plume.concentration(replace(GOOD, **bad), 100)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize("place", [(0, 0, 0), (-10, 0, 0), (NAN, 0, 0), (100, NAN, 0), (100, 0, -1), (100, 0, NAN)])
def test_an_impossible_place_is_refused(place: tuple[float, float, float]) -> None:
    with pytest.raises(OutOfRange):
        plume.concentration(GOOD, *place)


def test_impossible_thresholds_and_stacks_are_refused() -> None:
    with pytest.raises(OutOfRange):
        plume.threshold_distance(GOOD, 0)
    with pytest.raises(OutOfRange, match="100 km"):
        plume.threshold_distance(GOOD, 1e-15)
    with pytest.raises(OutOfRange):
        plume_rise.plume_rise(Stack(1, NAN, 400), 288, 4, "D")
    with pytest.raises(OutOfRange):
        plume_rise.plume_rise(Stack(1, 10, 400), 288, 0, "D")
    with pytest.raises(OutOfRange):
        plume_rise.buoyant_rise(-1, 4)
