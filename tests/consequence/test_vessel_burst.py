"""Bursting vessels and what flies from them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import vessel_burst
from anlan.kernels.validity import OutOfRange

AIR = 101325.0


def burst(pressure: float = 2e6, volume: float = 25.0) -> vessel_burst.Burst:
    energy = float(vessel_burst.isentropic_energy(pressure, AIR, volume, 1.4))
    return vessel_burst.Burst(energy, pressure, volume)


@settings(max_examples=40, deadline=None)
@given(st.floats(2e5, 1e8), st.floats(1.1, 1.6))
def test_expansion_gives_less_than_brodes_energy(pressure: float, gamma: float) -> None:
    work = float(vessel_burst.isentropic_energy(pressure, AIR, 10.0, gamma))
    assert 0 < work < vessel_burst.brode_energy(pressure, AIR, 10.0, gamma)


def test_work_of_expansion_is_the_integral_of_the_pressure() -> None:
    pressure, volume, gamma = 3e6, 2.0, 1.3
    end = volume * (pressure / AIR) ** (1 / gamma)
    space = np.linspace(volume, end, 200_001)
    integral = np.trapezoid(pressure * (volume / space) ** gamma, space)
    assert vessel_burst.isentropic_energy(pressure, AIR, volume, gamma) == pytest.approx(integral, rel=1e-4)


def test_a_flashing_liquid_gives_the_difference_of_its_energies() -> None:
    after = vessel_burst.Saturated(0.0, 400e3, 0.0, 1800.0)
    assert vessel_burst.flashing_energy(10.0, 250e3, 900.0, after) == pytest.approx(10 * (250e3 - 200e3))
    with pytest.raises(OutOfRange):
        vessel_burst.flashing_energy(10.0, 250e3, 2000.0, after)


def test_the_first_shock_satisfies_the_shock_tube() -> None:
    vessel = burst()
    excess = vessel_burst.start_overpressure(vessel)
    root = np.sqrt(2.8 * (2.8 + 2.4 * excess))
    right = (excess + 1) * (1 - 0.4 * excess / root) ** (-7)
    assert right == pytest.approx(vessel.pressure / AIR)


@settings(max_examples=30, deadline=None)
@given(st.floats(3e5, 5e7), st.floats(1.05, 3))
def test_blast_falls_with_distance_and_starts_below_the_vessels_pressure(pressure: float, step: float) -> None:
    vessel = burst(pressure)
    near = 3.0 * step
    found = vessel_burst.blast(vessel, [near, near * step])
    assert found.overpressure[1] < found.overpressure[0] <= pressure - AIR


def test_far_away_a_burst_is_high_explosive() -> None:
    from anlan.kernels.consequence import tnt

    vessel = burst()
    charge = 2 * vessel.energy / tnt.TNT_ENERGY
    alike = tnt.kinney_graham(tnt.scaled_distance(60.0, charge)) * AIR
    assert vessel_burst.blast(vessel, 60.0).overpressure == pytest.approx(float(alike))


def test_inside_the_vessel_there_is_no_blast_to_give() -> None:
    with pytest.raises(OutOfRange, match="distance"):
        vessel_burst.blast(burst(), 0.5)


@settings(max_examples=20, deadline=None)
@given(st.floats(5, 300), st.floats(10, 80))
def test_without_drag_a_fragment_flies_a_parabola(velocity: float, angle: float) -> None:
    piece = vessel_burst.Fragment(10.0, 0.0)
    parabola = velocity**2 * np.sin(2 * np.radians(angle)) / vessel_burst.GRAVITY
    assert vessel_burst.fragment_range(piece, velocity, angle) == pytest.approx(parabola)


@settings(max_examples=15, deadline=None)
@given(st.floats(20, 300), st.floats(10, 70), st.floats(0.01, 1))
def test_drag_shortens_the_flight(velocity: float, angle: float, area: float) -> None:
    free, braked = (
        vessel_burst.fragment_range(vessel_burst.Fragment(50.0, each), velocity, angle) for each in (0.0, area)
    )
    assert 0 < braked < free


def test_a_little_drag_changes_little() -> None:
    light = vessel_burst.fragment_range(vessel_burst.Fragment(50.0, 1e-8), 100, 40)
    assert light == pytest.approx(vessel_burst.fragment_range(vessel_burst.Fragment(50.0, 0.0), 100, 40), rel=1e-5)


def test_with_drag_the_best_angle_lies_below_half_a_right_angle() -> None:
    reach, angle = vessel_burst.farthest_range(vessel_burst.Fragment(100.0, 0.5), 150.0)
    assert 20 < angle < 45
    assert reach >= vessel_burst.fragment_range(vessel_burst.Fragment(100.0, 0.5), 150.0, 45.0)


def test_a_fifth_of_the_energy_moves_the_fragments() -> None:
    velocity = vessel_burst.fragment_velocity(7e7, 5000, 0.2)
    assert 0.5 * 5000 * velocity**2 == pytest.approx(0.2 * 7e7)


@pytest.mark.parametrize("pressure", [np.nan, AIR, 5e4])
def test_a_vessel_without_pressure_refuses(pressure: float) -> None:
    with pytest.raises(OutOfRange):
        vessel_burst.brode_energy(pressure, AIR, 10.0, 1.4)
    with pytest.raises(OutOfRange):
        vessel_burst.isentropic_energy(pressure, AIR, 10.0, 1.4)


@pytest.mark.parametrize(("velocity", "angle"), [(np.nan, 45), (100, np.nan), (100, 90), (-1, 45), (5000, 45)])
def test_a_flight_out_of_range_refuses(velocity: float, angle: float) -> None:
    with pytest.raises(OutOfRange):
        vessel_burst.fragment_range(vessel_burst.Fragment(10.0, 0.1), velocity, angle)
