"""The free jet: dilution, symmetry, reflection, choked source, buoyant limit, refusals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import jet
from anlan.kernels.consequence.jet import Jet, Reservoir
from anlan.kernels.validity import OutOfRange

NAN = float("nan")
METHANE = Jet(0.02, 300, 0.68, 1.2)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.001, 0.5), st.floats(1, 500), st.floats(0.05, 5), st.floats(0.1, 200), st.floats(0, 20))
def test_a_jet_only_dilutes_and_is_symmetric(d: float, u: float, rho: float, s: float, r: float) -> None:
    source = Jet(d, u, rho, 1.2)
    axis, left, right = (float(jet.concentration(source, s, offset)) for offset in (0, -r, r))
    assert left == right <= axis <= rho
    assert jet.velocity(source, s) <= u


@pytest.mark.parametrize("density", [0.1, 0.68, 1.2, 3.0])
def test_momentum_and_substance_are_the_same_through_any_far_cross_section(density: float) -> None:
    """The mean field of Chen and Rodi's constants carries 82 % of both, turbulence the rest."""
    source = replace(METHANE, density=density, fit="chen-rodi")
    for s in (20.0, 80.0):
        r = np.linspace(0, s, 20001)
        speed = jet.velocity(source, s, r)
        momentum = np.trapezoid(2 * np.pi * r * 1.2 * speed**2, r)
        assert momentum == pytest.approx(0.82 * source.mass_rate * source.velocity, rel=0.01)
        flow = np.trapezoid(2 * np.pi * r * speed * jet.concentration(source, s, r), r)
        assert flow == pytest.approx(0.82 * source.mass_rate, rel=0.1)


def test_far_away_a_light_gas_is_found_at_a_higher_volume_fraction() -> None:
    """As the root of the ratio of densities (Birch et al. 1984)."""
    light, heavy = replace(METHANE, density=0.3), replace(METHANE, density=1.2)
    ratio = (jet.concentration(light, 50) / 0.3) / (jet.concentration(heavy, 50) / 1.2)
    assert float(ratio) == pytest.approx(2, rel=0.03)


def test_on_the_distance_of_a_threshold_the_axis_is_at_it() -> None:
    x = jet.distance(METHANE, 0.03)
    assert float(jet.concentration(METHANE, x)) == pytest.approx(0.03)
    edge = jet.half_width(METHANE, x / 2, 0.03)
    assert float(jet.concentration(METHANE, x / 2, edge)) == pytest.approx(0.03)
    assert jet.half_width(METHANE, 2 * x, 0.03) == 0


def test_the_flammable_mass_is_the_volume_integral() -> None:
    lower, upper = 0.03, 0.1
    s = np.linspace(1e-3, float(jet.distance(METHANE, lower)), 3000)[:, None]
    r = np.linspace(0, 0.3, 1500) * s
    field = jet.concentration(METHANE, s, r)
    inside = np.where((field >= lower) & (field < upper), field, 0)
    rings = np.trapezoid(2 * np.pi * r * inside, r, axis=1)
    assert jet.mass_between(METHANE, lower, upper) == pytest.approx(np.trapezoid(rings, s[:, 0]), rel=0.02)


def test_the_ground_reflects_and_a_jet_far_above_it_does_not_notice() -> None:
    at_ground = jet.concentration_at(METHANE, 0, 5, 0, 0)
    high = jet.concentration_at(METHANE, 50, 5, 0, 50)
    assert at_ground == pytest.approx(2 * float(high))
    assert high == pytest.approx(float(jet.concentration(METHANE, 5)))
    assert jet.concentration_at(METHANE, 50, -5, 0, 50) == 0


def test_a_jet_upwards_is_a_jet_along_the_ground_turned() -> None:
    up = jet.concentration_at(METHANE, 100, 0.3, 0, 105, angle=90)
    level = jet.concentration_at(METHANE, 100, 5, 0.3, 100)
    assert up == pytest.approx(float(level))


def test_the_pseudo_source_keeps_mass_and_momentum() -> None:
    gas, ambient = Reservoir(100e5, 288.15, 0.01604, 1.31), 101325.0
    source = jet.pseudo_source(gas, 0.01, 0.8, ambient)
    pressure = 100e5 * (2 / 2.31) ** (1.31 / 0.31)
    temperature = 288.15 * 2 / 2.31
    sonic = np.sqrt(1.31 * 8.314462618 / 0.01604 * temperature)
    mass = 0.8 * np.pi / 4 * 0.01**2 * pressure * 0.01604 / (8.314462618 * temperature) * sonic
    assert source.mass_rate == pytest.approx(mass)
    thrust = mass * 0.8 * sonic + np.pi / 4 * 0.01**2 * (pressure - ambient)
    assert source.mass_rate * source.velocity == pytest.approx(thrust)


def test_an_unchoked_opening_is_its_own_source() -> None:
    source = jet.pseudo_source(Reservoir(1.2e5, 300, 0.028, 1.4), 0.05, 1, 101325)
    assert source.diameter == pytest.approx(0.05)


def test_high_above_a_light_jet_the_plume_takes_over_and_dilutes_faster() -> None:
    slow = Jet(0.5, 3, 0.6, 1.2)
    s = np.geomspace(1, 100, 50)
    axis = jet.rising_axis(slow, s)
    assert (np.diff(axis) <= 0).all()
    assert (axis <= jet.concentration(slow, s)).all()
    assert axis[-1] / axis[-10] == pytest.approx((s[-1] / s[-10]) ** (-5 / 3))
    assert jet.momentum_length(slow) < 10
    assert jet.momentum_length(replace(slow, density=1.2)) == float("inf")


@pytest.mark.parametrize(
    "call",
    [
        lambda: Jet(0, 10, 1, 1.2),
        lambda: Jet(0.1, NAN, 1, 1.2),
        lambda: Jet(0.1, 10, 1, 1.2, fit="chen"),  # type: ignore[arg-type]  # that is the point
        lambda: jet.concentration(METHANE, 0),
        lambda: jet.concentration(METHANE, NAN),
        lambda: jet.concentration(METHANE, 1, NAN),
        lambda: jet.concentration_at(METHANE, 1, 5, 0, -1),
        lambda: jet.concentration_at(METHANE, 1, 5, 0, 1, angle=100),
        lambda: jet.distance(METHANE, 0),
        lambda: jet.mass_between(METHANE, 0.1, 0.05),
        lambda: jet.rising_axis(replace(METHANE, density=2.0), 5),
        lambda: jet.pseudo_source(Reservoir(1e5, 300, 0.028, 1.4), 0.05, 1, 101325),
        lambda: jet.pseudo_source(Reservoir(NAN, 300, 0.028, 1.4), 0.05, 1, 101325),
    ],
)
def test_impossible_jets_are_refused(call: object) -> None:
    with pytest.raises(OutOfRange):
        call()  # type: ignore[operator]  # a lambda of the list above
