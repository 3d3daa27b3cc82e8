"""TNT and vapour clouds."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import tnt, vapour_cloud
from anlan.kernels.validity import OutOfRange

STEP = st.floats(1.02, 3)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.05, 13), STEP)
def test_kinney_graham_falls_with_distance(scaled: float, step: float) -> None:
    near, far = tnt.kinney_graham([scaled, scaled * step])
    assert far < near


@settings(max_examples=60, deadline=None)
@given(st.floats(0.2, 50), STEP)
def test_a_surface_burst_falls_with_distance(scaled: float, step: float) -> None:
    near, far = tnt.surface_overpressure([scaled, scaled * step])
    assert far < near


@settings(max_examples=40, deadline=None)
@given(st.floats(1.5, 30), STEP)
def test_impulse_falls_with_distance_in_the_far_field(scaled: float, step: float) -> None:
    assert np.diff(tnt.surface_impulse([scaled, scaled * step]))[0] < 0
    assert np.diff(tnt.kinney_graham_impulse([scaled, min(scaled * step, 40)]))[0] <= 0


@pytest.mark.parametrize("curve", [tnt._PRESSURE, tnt._IMPULSE, tnt._DURATION, tnt._REFLECTED, tnt._ARRIVAL])
def test_the_pieces_of_a_fit_join(curve: tnt.Fit) -> None:
    for (end, one), (_, other) in itertools.pairwise(curve):
        ends = [np.polynomial.polynomial.polyval(np.log(end), terms) for terms in (one, other)]
        assert ends[0] == pytest.approx(ends[1], abs=0.05)


def test_an_echo_is_at_least_twice_the_blast() -> None:
    scaled = np.array([0.5, 1, 5, 30])
    ratio = tnt.surface_reflected(scaled) / tnt.surface_overpressure(scaled)
    assert (ratio > 1.98).all() and (np.diff(ratio) < 0).all()


def test_a_surface_burst_is_that_of_almost_twice_the_charge_in_free_air() -> None:
    scaled = np.array([3.0, 10.0])
    free = tnt.kinney_graham(scaled / 1.8 ** (1 / 3)) * 101325
    np.testing.assert_allclose(tnt.surface_overpressure(scaled), free, rtol=0.35)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.06, 39))
def test_the_distance_of_an_overpressure_gives_it_back(scaled: float) -> None:
    assert tnt.kinney_graham_distance(float(tnt.kinney_graham(scaled))) == pytest.approx(scaled, rel=1e-6)


def test_one_psi_lies_where_epa_puts_it() -> None:
    assert tnt.surface_distance(6894.76) == pytest.approx(float(tnt.distance_one_psi(1.0)), rel=0.08)


def test_ten_times_the_charge_reaches_as_far_as_its_cube_root() -> None:
    assert tnt.scaled_distance(100, 1000) == pytest.approx(float(tnt.scaled_distance(100 / 10 ** (1 / 3), 100)))


@pytest.mark.parametrize("scaled", [0.049, 40.1, np.nan, -1.0])
def test_outside_its_range_kinney_graham_refuses(scaled: float) -> None:
    with pytest.raises(OutOfRange):
        tnt.kinney_graham(scaled)


@pytest.mark.parametrize("scaled", [0.19, 199.0, np.nan])
def test_outside_its_range_the_surface_burst_refuses(scaled: float) -> None:
    with pytest.raises(OutOfRange):
        tnt.surface_overpressure(scaled)


@pytest.mark.parametrize("strength", range(1, 11))
@settings(max_examples=20, deadline=None)
@given(place=st.floats(0.1, 30), step=STEP)
def test_multi_energy_never_rises_with_distance(strength: int, place: float, step: float) -> None:
    near, far = vapour_cloud.multi_energy([place, place * step], strength).overpressure
    assert far <= near * 1.002


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 100))
def test_a_stronger_source_never_blows_less(place: float) -> None:
    peaks = [float(vapour_cloud.multi_energy(place, strength).overpressure) for strength in range(1, 11)]
    assert all(weak <= strong * 1.005 for weak, strong in itertools.pairwise(peaks))


@pytest.mark.parametrize(("millibar", "factor"), [(50, 0.11), (140, 0.05), (300, 0.028)])
def test_a_detonation_reaches_as_far_as_the_french_circular_says(millibar: float, factor: float) -> None:
    # circular of 10 May 2010: distance = factor E^(1/3) for index 10, with E in J
    place = factor * 101325 ** (1 / 3)
    assert vapour_cloud.multi_energy(place, 10).overpressure * 1013.25 == pytest.approx(millibar, rel=0.1)


def test_from_two_and_a_half_on_the_strong_sources_are_one() -> None:
    peaks = [float(vapour_cloud.multi_energy(3.0, strength).overpressure) for strength in range(6, 11)]
    np.testing.assert_allclose(peaks, peaks[0], rtol=0.02)


def test_weak_sources_fall_like_sound() -> None:
    near, far = vapour_cloud.multi_energy([2.0, 20.0], 3).overpressure
    assert near == pytest.approx(10 * far, rel=0.1)


@pytest.mark.parametrize("mach", [0.05, 0.2, 0.5, 1.0, 2.5, 5.2])
def test_baker_strehlow_tang_falls_with_distance(mach: float) -> None:
    found = vapour_cloud.baker_strehlow_tang(np.geomspace(0.3, 9.5, 60), mach)
    assert (np.diff(found.overpressure) <= 0).all()
    assert (np.diff(found.impulse) < 0).all()


def test_a_faster_flame_blows_harder_in_the_near_field() -> None:
    peaks = [float(vapour_cloud.baker_strehlow_tang(0.15, mach).overpressure) for mach in (0.1, 0.3, 0.6, 1.2, 3, 5)]
    assert peaks == sorted(peaks)


def test_both_methods_see_the_same_detonation_in_order_of_magnitude() -> None:
    # the cloud on the ground counts twice in one method, so its scaled distance is 2^(1/3) shorter
    other = vapour_cloud.baker_strehlow_tang(3.0 / 2 ** (1 / 3), 5.2)
    own = vapour_cloud.multi_energy(3.0, 10)
    assert 0.5 < float(own.overpressure / other.overpressure) < 1.1


def test_scaling_up_by_a_thousand_makes_ten_times_the_distance_and_impulse() -> None:
    scaled = vapour_cloud.multi_energy(2.0, 7)
    small, large = (vapour_cloud.unscaled(scaled, energy) for energy in (1e9, 1e12))
    assert large.impulse == pytest.approx(10 * small.impulse)
    assert large.overpressure == small.overpressure


def test_the_table_of_flame_speeds_rises_with_congestion_and_confinement() -> None:
    for reactivity in ("low", "medium", "high"):
        for expansion in vapour_cloud.FLAME_MACH:
            speeds = [vapour_cloud.flame_mach(expansion, reactivity, each) for each in ("low", "medium", "high")]
            assert speeds == sorted(speeds)
        assert vapour_cloud.flame_mach("3D", reactivity, "low") < vapour_cloud.flame_mach("2D", reactivity, "low")


@pytest.mark.parametrize(("expansion", "reactivity", "congestion"), [("4D", "low", "low"), ("2D", "lo", "low")])
def test_an_unknown_surrounding_refuses(expansion: str, reactivity: str, congestion: str) -> None:
    with pytest.raises(ValueError, match=r"2D|low, medium"):
        vapour_cloud.flame_mach(expansion, reactivity, congestion)


@pytest.mark.parametrize(
    ("place", "strength"), [(0.05, 5), (200, 5), (1, 0), (1, 11), (np.nan, 5), (1, np.nan), (1, 2.5)]
)
def test_multi_energy_refuses_outside_its_curves(place: float, strength: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        vapour_cloud.multi_energy(place, strength)  # type: ignore[arg-type]


@pytest.mark.parametrize(("place", "mach"), [(0.05, 1), (20, 1), (1, 0.01), (1, 6), (np.nan, 1), (1, np.nan)])
def test_baker_strehlow_tang_refuses_outside_its_curves(place: float, mach: float) -> None:
    with pytest.raises(OutOfRange):
        vapour_cloud.baker_strehlow_tang(place, mach)


def test_a_flash_fire_ends_where_the_cloud_is_too_lean() -> None:
    x = np.linspace(1, 1000, 300)
    cloud = 0.5 * np.exp(-x / 100)
    assert vapour_cloud.flash_fire(x, cloud, 0.05).far == pytest.approx(100 * np.log(10), rel=1e-6)
    assert vapour_cloud.flash_fire(x, cloud, 0.05, 0.5).far == pytest.approx(100 * np.log(20), rel=1e-6)
    assert vapour_cloud.flash_fire(x, cloud, 0.9) == (0.0, 0.0)


def test_a_cloud_that_burns_to_the_end_of_the_list_refuses() -> None:
    with pytest.raises(ValueError, match="farther out"):
        vapour_cloud.flash_fire([1, 2], [0.5, 0.4], 0.05)
    with pytest.raises(OutOfRange):
        vapour_cloud.flash_fire([1, 2], [0.5, np.nan], 0.05)
