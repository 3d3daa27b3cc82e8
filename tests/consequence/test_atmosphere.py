"""Air near the ground: classes, wind profiles, lengths, heights, densities."""

import math
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import atmosphere as air
from anlan.kernels.consequence.sigma import Stability
from anlan.kernels.validity import OutOfRange

CLASSES = get_args(Stability)
PROFILES = (*get_args(air.PowerLaw), *get_args(air.Similarity))
NAN = float("nan")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("stability", CLASSES)
def test_a_profile_goes_through_its_measurement_and_grows(profile: air.Profile, stability: Stability) -> None:
    z = np.array([2.0, 5, 10, 20, 50])
    wind = air.wind_at(z, 4.0, 10.0, stability, profile)
    assert wind[2] == pytest.approx(4.0)
    assert (np.diff(wind) > 0).all()


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(PROFILES), st.sampled_from(CLASSES), st.floats(1, 100), st.floats(1, 100), st.floats(0.5, 20))
def test_carrying_the_wind_up_and_down_gives_it_back(
    profile: air.Profile, stability: Stability, low: float, high: float, wind: float
) -> None:
    there = float(air.wind_at(high, wind, low, stability, profile))
    if 0 < there <= 100:
        assert float(air.wind_at(low, there, high, stability, profile)) == pytest.approx(wind)


def test_stable_air_shears_more() -> None:
    for profile in PROFILES:
        gain = [float(air.wind_at(50, 3, 10, s, profile)) for s in CLASSES]
        assert gain == sorted(gain)


def test_all_classes_of_the_yellow_book_profile_match_its_published_implementation() -> None:
    """GasDispersion.jl 0.4.1, test/utils/tno_tests.jl: 2 m/s at 10 m carried to 15 m over z0 = 0.1 m."""
    known = [2.105802252736218, 2.1134438908570603, 2.1298117227821707, 2.176091259055681, 2.3401491268457204]
    found = [float(air.wind_at(15, 2, 10, s, "tno")) for s in CLASSES]
    assert found == pytest.approx([*known, 2.542796254727042])


def test_the_sign_of_the_length_tells_the_class() -> None:
    for fit in get_args(air.LengthFit):
        lengths = [air.monin_obukhov_length(0.1, s, fit) for s in CLASSES]
        assert lengths[3] == math.inf
        assert all(length < 0 for length in lengths[:3]) and all(length > 0 for length in lengths[4:])
        assert abs(lengths[0]) < abs(lengths[1]) < abs(lengths[2]) and lengths[4] > lengths[5]


def test_friction_velocity_in_neutral_air_is_the_logarithmic_law() -> None:
    assert air.friction_velocity(5, 10, "D", 0.1) == pytest.approx(0.4 * 5 / math.log(100))


@pytest.mark.parametrize(
    ("wind", "insolation", "expected"),
    [(1, "strong", "A"), (2.5, "slight", "C"), (4, "moderate", "B-C"), (7, "strong", "C"), (9, "night-clear", "D")],
)
def test_pasquills_table(wind: float, insolation: air.Insolation, expected: str) -> None:
    assert air.pasquill_class(wind, insolation) == expected


def test_the_sky_by_sun_and_cloud() -> None:
    assert air.insolation_of(70, 2) == "strong"
    assert air.insolation_of(70, 6) == "moderate"
    assert air.insolation_of(20, 0) == "slight"
    assert air.insolation_of(-10, 3) == "night-clear"
    assert air.insolation_of(-10, 8) == "overcast"


def test_measured_radiation_gives_the_class() -> None:
    assert air.radiation_class(1.5, 1000, 0) == "A"
    assert air.radiation_class(3.5, 700, 0) == "B"
    assert air.radiation_class(1.5, 0, 0.5) == "F"
    assert air.radiation_class(1.5, 0, -0.5) == "E"
    assert air.radiation_class(5, 0, 0.5) == "D"


def test_stable_air_has_no_mixed_layer_and_others_320_times_the_wind() -> None:
    assert air.mixing_height(2, "F") is None
    assert air.mixing_height(1, "D") == pytest.approx(320, rel=1e-3)  # SCREEN3


def test_air_of_the_standard_atmosphere_weighs_1_225() -> None:
    assert air.air_density(288.15) == pytest.approx(1.225, rel=1e-4)
    assert air.air_density(288.15, vapour_pressure=1700) < air.air_density(288.15)
    assert air.gas_density(0.01703, 298.15) == pytest.approx(0.696, rel=1e-3)


@pytest.mark.parametrize(
    "call",
    [
        lambda: air.wind_at(10, 0, 10, "D"),
        lambda: air.wind_at(NAN, 3, 10, "D"),
        lambda: air.wind_at(10, NAN, 10, "D"),
        lambda: air.wind_at(0.05, 3, 10, "D", "tno"),
        lambda: air.wind_at(10, 3, 10, "G"),  # type: ignore[arg-type]  # that is the point
        lambda: air.wind_at(15, 3, 10, "D", "irwin"),  # type: ignore[arg-type]  # that is the point
        lambda: air.monin_obukhov_length(0, "A"),
        lambda: air.monin_obukhov_length(NAN, "A"),
        lambda: air.pasquill_class(NAN, "strong"),
        lambda: air.pasquill_class(3, "dim"),  # type: ignore[arg-type]  # that is the point
        lambda: air.radiation_class(3, -1, 0),
        lambda: air.mixing_height(3, "D", latitude=0),
        lambda: air.air_density(NAN),
        lambda: air.gas_density(0.0, 300),
    ],
)
def test_impossible_air_is_refused(call: object) -> None:
    with pytest.raises(OutOfRange):
        call()  # type: ignore[operator]  # a lambda of the list above
