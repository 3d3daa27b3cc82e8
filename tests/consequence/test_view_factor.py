"""What a receiver sees of a flame."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import view_factor
from anlan.kernels.validity import OutOfRange

LENGTH = st.floats(0.1, 50)
DISTANCE = st.floats(1.05, 100)
TILT = st.floats(0, 70)


@settings(max_examples=60, deadline=None)
@given(LENGTH, DISTANCE, TILT)
def test_a_factor_lies_between_nothing_and_everything(length: float, distance: float, tilt: float) -> None:
    outside = distance + length * np.sin(np.radians(tilt))
    found = view_factor.tilted_cylinder(length, outside, tilt)
    assert 0 <= found.vertical <= found.maximum <= 1 + 1e-9
    assert 0 <= found.horizontal <= found.maximum


@settings(max_examples=40, deadline=None)
@given(LENGTH, st.floats(1.05, 50), st.floats(1.01, 3))
def test_farther_away_less_is_seen_of_an_upright_flame(length: float, distance: float, step: float) -> None:
    near, far = view_factor.vertical_cylinder(length, [distance, distance * step]).maximum
    assert far < near


@settings(max_examples=40, deadline=None)
@given(LENGTH, st.floats(1.05, 50), st.floats(1.01, 3))
def test_a_longer_flame_is_seen_more(length: float, distance: float, step: float) -> None:
    short, long = view_factor.vertical_cylinder([length, length * step], distance).vertical
    assert long >= short - 1e-12


def test_an_endless_upright_flame_fills_the_share_of_an_endless_cylinder() -> None:
    assert view_factor.vertical_cylinder(9000.0, 4.0).vertical == pytest.approx(0.5 * 1 / 4.0, rel=1e-3)


def test_before_the_surface_half_is_flame_for_the_upright_receiver() -> None:
    assert view_factor.vertical_cylinder(9000.0, 1.000001).vertical == pytest.approx(0.5, abs=1e-3)


def test_a_flame_far_away_sends_as_its_shadow_does() -> None:
    # area 2 R L seen from the side, at distance X: F = 2 R L / (pi X^2), when X is large
    assert view_factor.vertical_cylinder(2.0, 500.0).vertical == pytest.approx(2 * 2.0 / np.pi / 500.0**2, rel=0.01)


@pytest.mark.parametrize("distance", [2.0, 5.0, 20.0])
def test_summing_over_the_surface_gives_the_closed_form(distance: float) -> None:
    summed = view_factor.frustum([[0, 0, 0], [0, 0, 3.0]], [1.0, 1.0], [distance, 0.0, 0.0])
    closed = view_factor.vertical_cylinder(3.0, distance)
    assert -summed[0] == pytest.approx(closed.vertical, rel=0.01)
    assert summed[2] == pytest.approx(closed.horizontal, rel=0.01)


def test_the_leaning_cylinder_agrees_with_the_sum_over_its_surface() -> None:
    length, distance, tilt = 2.2, 4.712, np.radians(50.8286)
    along = (np.arange(300) + 0.5) / 300 * length
    turn = (np.arange(300) + 0.5) / 300 * 2 * np.pi
    s, phi = np.meshgrid(along, turn, indexing="ij")
    place = np.stack([s * np.sin(tilt) + np.cos(phi) - distance, np.sin(phi), s * np.cos(tilt)], -1)
    axis = np.array([np.sin(tilt), 0, np.cos(tilt)])
    around = np.stack([-np.sin(phi), np.cos(phi), 0 * phi], -1)
    area = np.cross(around, np.broadcast_to(axis, around.shape)) * length / 300 * 2 * np.pi / 300
    square = np.sum(place**2, -1)
    facing = np.maximum(-np.sum(place * area, -1), 0) / square**2 / np.pi
    closed = view_factor.tilted_cylinder(length, distance, np.degrees(tilt))
    assert -np.sum(facing * place[..., 0]) == pytest.approx(closed.vertical, rel=1e-3)
    assert np.sum(facing * place[..., 2]) == pytest.approx(closed.horizontal, rel=1e-3)


def test_a_lying_flame_is_symmetric_about_its_middle() -> None:
    found = view_factor.horizontal_cylinder(10.0, 5.0, [0.2, 0.8])
    assert found.vertical[0] == pytest.approx(found.vertical[1])
    assert view_factor.horizontal_cylinder(10.0, 5.0, 0.5).vertical > found.vertical[0]


@settings(max_examples=60, deadline=None)
@given(st.floats(1.01, 100), st.floats(0, 180))
def test_of_a_sphere_is_seen_at_most_its_solid_angle(distance: float, angle: float) -> None:
    found = float(view_factor.sphere(distance, angle))
    assert -1e-12 <= found <= 1 / distance**2 + 1e-12


def test_a_sphere_at_the_horizon_joins_both_formulas() -> None:
    ratio = 3.0
    edge = 90 - np.degrees(np.arcsin(1 / ratio))
    assert view_factor.sphere(ratio, edge - 1e-6) == pytest.approx(
        float(view_factor.sphere(ratio, edge + 1e-6)), rel=1e-4
    )
    assert view_factor.sphere(ratio, 180) == 0


def test_an_inner_receiver_sees_nothing_from_outside() -> None:
    with pytest.raises(OutOfRange, match="inside the flame"):
        view_factor.frustum([[0, 0, 0], [0, 0, 3.0]], [1.0, 2.0], [0.5, 0.0, 1.0])


@pytest.mark.parametrize(
    ("length", "distance", "tilt"),
    [(1, 0.9, 0), (0, 2, 0), (1, 2, 95), (3, 2, 60), (np.nan, 2, 0), (1, np.nan, 0), (1, 2, np.nan)],
)
def test_what_no_formula_covers_refuses(length: float, distance: float, tilt: float) -> None:
    with pytest.raises(OutOfRange):
        view_factor.tilted_cylinder(length, distance, tilt)
