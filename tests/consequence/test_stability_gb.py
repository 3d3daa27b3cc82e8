"""The class by sun, cloud and wind of GB/T 3840-91."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import stability_gb as gb
from anlan.kernels.validity import OutOfRange

NAN = float("nan")
ORDER = ["A", "A-B", "B", "B-C", "C", "C-D", "D", "E", "F"]


@pytest.mark.parametrize(
    ("elevation", "total", "low", "level"),
    [
        (-5, 3, 3, -2),
        (70, 0, 0, 3),
        (70, 9, 2, 1),
        (40, 6, 6, 0),
        (70, 6, 6, 1),
        (40, 10, 10, 0),
        (15, 2, 2, -1),
        (16, 6, 4, 1),
    ],
)
def test_the_table_of_radiation(elevation: float, total: float, low: float, level: int) -> None:
    assert gb.radiation_level(elevation, total, low) == level


@pytest.mark.parametrize(
    ("wind", "level", "expected"),
    [(1.9, 3, "A"), (1, -2, "F"), (2.5, 3, "A-B"), (4, 2, "B-C"), (5.5, 2, "C-D"), (8, 3, "D"), (3, -2, "E")],
)
def test_the_table_of_classes(wind: float, level: int, expected: str) -> None:
    assert gb.stability(wind, level) == expected


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 20), st.integers(-2, 2))
def test_more_sun_never_makes_the_air_more_stable(wind: float, level: int) -> None:
    assert ORDER.index(gb.stability(wind, level + 1)) <= ORDER.index(gb.stability(wind, level))


def test_the_sun_stands_overhead_on_the_tropic_at_midsummer_noon() -> None:
    """At 120 degrees east Beijing noon is local noon; 21 June is day 171."""
    assert gb.sun_elevation(171, 12, 23.45, 120) == pytest.approx(90, abs=0.2)
    assert gb.sun_elevation(171, 0, 23.45, 120) < -40
    assert gb.sun_elevation(354, 12, 40, 120) == pytest.approx(90 - 40 - 23.45, abs=0.2)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 364), st.floats(0, 12), st.floats(-80, 80))
def test_morning_and_afternoon_are_alike(day: int, before: float, latitude: float) -> None:
    morning = gb.sun_elevation(day, 12 - before, latitude, 120)
    assert gb.sun_elevation(day, 12 + before, latitude, 120) == pytest.approx(morning, abs=1e-4)


@pytest.mark.parametrize(
    "call",
    [
        lambda: gb.radiation_level(NAN, 1, 1),
        lambda: gb.radiation_level(30, 2, 5),
        lambda: gb.radiation_level(30, 12, 5),
        lambda: gb.stability(NAN, 1),
        lambda: gb.stability(3, 4),
        lambda: gb.sun_elevation(366, 12, 40, 120),
        lambda: gb.sun_elevation(100, NAN, 40, 120),
    ],
)
def test_impossible_skies_are_refused(call: object) -> None:
    with pytest.raises(OutOfRange):
        call()  # type: ignore[operator]  # a lambda of the list above
