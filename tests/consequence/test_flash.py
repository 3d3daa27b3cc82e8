"""Flash, drops, rain-out and airborne quantity."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import airborne, flash
from anlan.kernels.consequence.airborne import Ground, Release, Spill
from anlan.kernels.validity import OutOfRange

GROUND = Ground(298.15, 1.28, 6.6e-7)
BUTANE = Spill(0.0, 602.5, 272.55, 385546.0)
few = settings(max_examples=40, deadline=None)


def test_a_liquid_below_its_boiling_point_does_not_flash() -> None:
    assert flash.flash_fraction(0.0, 2400, 4e5) == 0
    assert flash.flash_fraction(-20.0, 2400, 4e5, exact=True) == 0


@few
@given(st.floats(0.1, 150))
def test_the_exponential_flash_lies_below_the_linear_one(superheat: float) -> None:
    linear, exact = (flash.flash_fraction(superheat, 2400, 4e5, exact=each) for each in (False, True))
    assert 0 < exact < linear <= 1


def test_small_superheats_make_both_flashes_one() -> None:
    linear, exact = (flash.flash_fraction(1e-3, 2400, 4e5, exact=each) for each in (False, True))
    assert linear == pytest.approx(exact, rel=1e-5)


def test_more_than_everything_does_not_flash() -> None:
    with pytest.raises(OutOfRange, match="exponential"):
        flash.flash_fraction(200.0, 2400, 4e5)


@few
@given(st.floats(1e-5, 5e-3), st.floats(1.01, 3))
def test_smaller_drops_float(drop: float, factor: float) -> None:
    one, two = (flash.aerosol_fraction(each, 3e-4) for each in (drop, drop * factor))
    assert 0 <= two <= one <= 1


def test_half_the_mass_floats_where_the_mass_median_is_critical() -> None:
    spread = math.log(1.8)
    assert flash.aerosol_fraction(1e-4, 1e-4 * math.exp(3 * spread**2)) == pytest.approx(0.5)


def test_drops_falling_at_the_critical_size_balance_weight_and_drag() -> None:
    air = flash.Settling(600, 2.6, 7e-6)
    drop = flash.critical_drop(60, air)
    fall = 60 * math.tan(math.radians(4.46))
    drag = 0.75 * flash.sphere_drag(2.6 * fall * drop / 7e-6) * 2.6 * fall**2
    assert (600 - 2.6) * 9.80665 * drop == pytest.approx(drag)
    assert flash.critical_drop(90, air) > drop


def test_faster_jets_and_hotter_liquids_make_finer_drops() -> None:
    assert flash.aerodynamic_drop(0.01, 1.2, 80) < flash.aerodynamic_drop(0.01, 1.2, 40)
    assert flash.flashing_drop(40) < flash.flashing_drop(10)


@few
@given(st.floats(10, 3600), st.floats(0, 1), st.floats(0, 1), st.floats(1, 1e5))
def test_what_is_in_the_air_was_released_and_a_dike_helps(
    duration: float, flashed: float, afloat: float, dike: float
) -> None:
    release = Release(20.0, duration, flashed, afloat)
    free, bounded = (airborne.airborne(release, BUTANE, GROUND, each) for each in (None, dike))
    assert bounded.total <= free.total + 1e-9
    assert free.total <= 20.0 * duration * (1 + 1e-9)
    assert bounded.total >= bounded.flashed + bounded.aerosol


def test_the_heat_from_the_ground_falls_with_the_root_of_time() -> None:
    first, second = airborne.conduction_flux(GROUND, 272.55, np.array([10.0, 40.0]))
    assert first == pytest.approx(2 * second)
    assert float(airborne.conduction_flux(GROUND, 310.0, 10.0)) == 0


@pytest.mark.parametrize("bad", [math.nan, -1.0, math.inf])
def test_impossible_inputs_refuse(bad: float) -> None:
    with pytest.raises(OutOfRange):
        flash.flash_fraction(20.0, bad, 4e5)
    with pytest.raises(OutOfRange):
        flash.aerosol_fraction(bad, 1e-4)
    with pytest.raises(OutOfRange):
        flash.aerosol_fraction(1e-4, 1e-4, 1.0)
    with pytest.raises(OutOfRange):
        flash.critical_drop(bad, flash.Settling(600, 2.6, 7e-6))
    with pytest.raises(OutOfRange):
        airborne.airborne(Release(bad, 600, 0.2, 0.5), BUTANE, GROUND)
    with pytest.raises(OutOfRange):
        airborne.airborne(Release(1.0, 600, 1.2, 0.5), BUTANE, GROUND)
    with pytest.raises(OutOfRange):
        airborne.conduction_flux(Ground(298, bad, 6e-7), 270, 1.0)
