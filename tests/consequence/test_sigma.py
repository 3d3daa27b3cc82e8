"""The sigma sets: known values, joints, order of the classes, refusals."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import sigma
from anlan.kernels.validity import OutOfRange

PLUMES = get_args(sigma.PlumeSet)
PUFFS = get_args(sigma.PuffSet)
CLASSES = get_args(sigma.Stability)
X = np.geomspace(100, 10e3, 60)


@pytest.mark.parametrize("name", [*PLUMES, *PUFFS])
def test_every_set_has_every_class_and_its_source(name: sigma.SigmaSet) -> None:
    for stability in CLASSES:
        for width in (sigma.sigma_y(X, stability, name), sigma.sigma_z(X, stability, name)):
            assert width.shape == X.shape
            assert (width > 0).all()
    assert sigma.provenance(name).source


@pytest.mark.parametrize("name", PLUMES)
@pytest.mark.parametrize("stability", CLASSES)
def test_a_plume_grows_with_distance(name: sigma.PlumeSet, stability: sigma.Stability) -> None:
    """Apart from the small steps that the fits make at the joints of their pieces."""
    for width in (sigma.sigma_y(X, stability, name), sigma.sigma_z(X, stability, name)):
        assert (width[1:] > 0.985 * width[:-1]).all()


@pytest.mark.parametrize("name", [*PLUMES, *PUFFS])
def test_unstable_air_mixes_more(name: sigma.SigmaSet) -> None:
    for place in (200.0, 1000.0, 5000.0):
        across = [float(sigma.sigma_y(place, s, name)) for s in CLASSES]
        up = [float(sigma.sigma_z(place, s, name)) for s in CLASSES]
        assert across == sorted(across, reverse=True)
        assert up == sorted(up, reverse=True)


@pytest.mark.parametrize("joint", [300.0, 500.0, 1000.0, 10000.0])
def test_the_chinese_power_laws_meet_at_their_joints(joint: float) -> None:
    for stability in CLASSES:
        for width in (sigma.sigma_y, sigma.sigma_z):
            before, after = width([joint * (1 - 1e-9), joint * (1 + 1e-9)], stability, "gb-3840")
            assert after == pytest.approx(before, rel=5e-4)


def test_the_known_misprints_are_not_followed() -> None:
    """Griffiths 1994: Briggs D rural 0.0015; CCPS 1999: urban A and B grow faster than linearly."""
    assert sigma.sigma_z(1000, "D", "briggs-rural") == pytest.approx(60 / np.sqrt(2.5))
    assert sigma.sigma_z(1000, "A", "briggs-urban") == pytest.approx(240 * np.sqrt(2))
    assert sigma.sigma_y(500, "F", "slade-puff") == pytest.approx(5.05, abs=0.01)  # not 6.1, CCPS 1999 p. 101


def test_the_sets_of_pasquills_curves_agree_at_one_kilometre() -> None:
    """Fits of the same curves: within 10 % in class D."""
    values = [
        float(sigma.sigma_y(1000, "D", name))
        for name in ("pasquill-gifford", "isc3-rural", "turner", "martin", "gb-3840", "tno-plume")
    ]
    assert max(values) / min(values) < 1.1


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 1e5), st.sampled_from(CLASSES))
def test_half_a_plume_is_the_puff_of_the_yellow_book(x: float, stability: sigma.Stability) -> None:
    half = float(sigma.sigma_y(x, stability, "tno-plume")) / 2
    assert float(sigma.sigma_y(x, stability, "tno-puff")) == pytest.approx(half)


def test_averaging_over_18_75_s_halves_the_ten_minute_plume() -> None:
    assert sigma.averaging_factor(18.75, 600) == pytest.approx(0.5)
    assert sigma.averaging_factor(1, 600) == pytest.approx(0.5)
    assert sigma.averaging_factor(600, 600) == 1
    assert sigma.averaging_factor(3600, 600) == pytest.approx(6**0.2)


@pytest.mark.parametrize("x", [0.0, -5.0, float("nan"), float("inf"), 1.1e5])
def test_impossible_distances_are_refused(x: float) -> None:
    with pytest.raises(OutOfRange, match="x ="):
        sigma.sigma_y(x, "D", "briggs-rural")
    with pytest.raises(OutOfRange):
        sigma.sigma_z([100.0, x], "D", "turner")


def test_unknown_classes_and_sets_are_refused() -> None:
    with pytest.raises(OutOfRange, match="known are A, B"):
        sigma.sigma_y(100, "G", "turner")  # type: ignore[arg-type]  # that is the point
    with pytest.raises(OutOfRange, match="briggs-rural"):
        sigma.sigma_z(100, "D", "Briggs")  # type: ignore[arg-type]  # that is the point
    with pytest.raises(OutOfRange, match="along the wind"):
        sigma.sigma_x(100, "D", "turner")  # type: ignore[arg-type]  # that is the point
    with pytest.raises(OutOfRange):
        sigma.averaging_factor(float("nan"), 600)
