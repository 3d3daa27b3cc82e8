"""The tables along the wind give the very probit of the Gaussian plume."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import puff, sigma
from anlan.kernels.consequence.footprint import (
    PlumeWeather,
    ToxicProbit,
    plume_tables,
    puff_tables,
    short_release_tables,
)
from anlan.kernels.validity import OutOfRange

CHLORINE = ToxicProbit(-6.35, 0.5, 2.75)
X = np.arange(5.0, 3000.0, 5.0)


def probit_directly(x: float, y: float, rate: float, stability: sigma.Stability, wind: float, minutes: float) -> float:
    """Purple Book chlorine probit of a ground plume, Briggs open country."""
    sy = float(sigma.sigma_y(x, stability, "briggs-rural"))
    sz = float(sigma.sigma_z(x, stability, "briggs-rural"))
    concentration = 1e6 * rate / (np.pi * wind * sy * sz) * np.exp(-0.5 * (y / sy) ** 2)
    return float(-6.35 + 0.5 * np.log(concentration**2.75 * minutes))


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from("ABCDEF"),
    st.floats(0.5, 15),
    st.floats(0.1, 50),
    st.floats(1, 60),
    st.integers(0, len(X) - 1),
    st.floats(0, 2),
)
def test_the_tables_give_the_probit_of_the_plume(
    stability: sigma.Stability, wind: float, rate: float, minutes: float, i: int, widths: float
) -> None:
    foot = plume_tables(X, PlumeWeather(stability, wind), CHLORINE, minutes * 60).at_rate(rate)
    y = widths * float(sigma.sigma_y(X[i], stability, "briggs-rural"))
    direct = probit_directly(float(X[i]), y, rate, stability, wind, minutes)
    assert 5 + foot.a[i] - foot.b[i] * y**2 == pytest.approx(direct, abs=1e-9)


def test_the_probit_equals_the_cutoff_on_the_edge_of_the_strip() -> None:
    foot = plume_tables(X, PlumeWeather("D", 5), CHLORINE, 1800).at_rate(10)
    width = foot.half_width(-3.09)
    inside = width > 0
    assert inside.any() and not inside.all()
    assert (foot.a - foot.b * width**2)[inside] == pytest.approx(-3.09)
    assert foot.reach(-3.09) == X[inside].max()


def test_an_elevated_release_is_harmless_at_its_foot() -> None:
    ground = plume_tables(X, PlumeWeather("F", 2), CHLORINE, 1800)
    stack = plume_tables(X, PlumeWeather("F", 2, release_height=50), CHLORINE, 1800)
    assert np.isfinite(stack.a).all()
    assert (stack.a < ground.a).all()
    assert stack.half_width(-3.09)[0] == 0


def test_footprints_of_other_rates_share_the_tables() -> None:
    foot = plume_tables(X, PlumeWeather("D", 5), CHLORINE, 1800)
    other = foot.at_rate(20)
    assert other.b is foot.b
    assert other.a - foot.a == pytest.approx(0.5 * 2.75 * np.log(20))


def test_a_longer_averaging_time_widens_and_thins_the_plume() -> None:
    short = plume_tables(X, PlumeWeather("D", 5, averaging_time=60), CHLORINE, 1800)
    long = plume_tables(X, PlumeWeather("D", 5, averaging_time=3600), CHLORINE, 1800)
    assert (short.b > long.b).all()
    assert (short.a > long.a).all()


@pytest.mark.parametrize(
    ("weather", "duration"),
    [
        (PlumeWeather("G", 5), 600),  # type: ignore[arg-type]  # that is the point
        (PlumeWeather("D", 0), 600),
        (PlumeWeather("D", float("nan")), 600),
        (PlumeWeather("D", 5, "brigs"), 600),  # type: ignore[arg-type]  # that is the point
        (PlumeWeather("D", 5), 0),
        (PlumeWeather("D", 5, release_height=700, mixing_height=600), 600),
    ],
)
def test_impossible_weather_is_refused(weather: PlumeWeather, duration: float) -> None:
    with pytest.raises(OutOfRange):
        plume_tables(X, weather, CHLORINE, duration)


@pytest.mark.parametrize("x", [[0.0, 5.0], [10.0, 5.0], [float("nan")], [2e5]])
def test_impossible_distances_are_refused(x: list[float]) -> None:
    with pytest.raises(OutOfRange):
        plume_tables(x, PlumeWeather("D", 5), CHLORINE, 600)


WEATHER = puff.Weather(3, "D", "plume-puff")


@settings(max_examples=15, deadline=None)
@given(st.floats(100, 3000), st.floats(0, 200), st.floats(1, 10000))
def test_the_tables_of_a_puff_give_the_load_of_its_passage(x: float, y: float, mass: float) -> None:
    foot = puff_tables([x], WEATHER, CHLORINE, 5, 1.5).at_rate(mass)
    spread = float(sigma.sigma_x(x, "D", "plume-puff"))
    times = (x + np.linspace(-4.5, 8, 2001) * spread) / 3
    values = puff.puff(mass, 5, WEATHER, puff.Receptors(x, y, 1.5), times, "receptor") * 1e6
    direct = -6.35 + 0.5 * np.log(float(puff.toxic_load(times, values, 2.75)) / 60)
    assert 5 + foot.a[0] - foot.b[0] * y**2 == pytest.approx(direct, abs=1e-5)


@settings(max_examples=15, deadline=None)
@given(st.floats(100, 3000), st.floats(0, 200), st.floats(0.5, 3000))
def test_the_tables_of_a_short_release_give_the_load_of_its_passage(x: float, y: float, duration: float) -> None:
    foot = short_release_tables([x], WEATHER, CHLORINE, duration, 5, 1.5)
    release = puff.ShortRelease(1, duration, 5)
    times = puff.passage_times(release, WEATHER, x, 20000)
    values = puff.short_release(release, WEATHER, puff.Receptors(x, y, 1.5), times) * 1e6
    direct = -6.35 + 0.5 * np.log(float(puff.toxic_load(times, values, 2.75)) / 60)
    assert 5 + foot.a[0] - foot.b[0] * y**2 == pytest.approx(direct, abs=1e-3)


def test_a_long_release_has_the_footprint_of_the_plume_and_a_brief_one_that_of_the_puff() -> None:
    x = [200.0, 1000.0]
    plume = plume_tables(x, PlumeWeather("D", 3, "pasquill-gifford"), CHLORINE, 1e5)
    assert short_release_tables(x, WEATHER, CHLORINE, 1e5).a == pytest.approx(plume.a, abs=0.01)
    brief = short_release_tables(x, WEATHER, CHLORINE, 0.01).at_rate(100)
    assert brief.a == pytest.approx(puff_tables(x, WEATHER, CHLORINE).a, abs=1e-6)


def test_impossible_puffs_are_refused() -> None:
    with pytest.raises(OutOfRange):
        puff_tables([100.0], puff.Weather(0, "D"), CHLORINE)
    with pytest.raises(OutOfRange):
        short_release_tables([100.0], WEATHER, CHLORINE, float("nan"))
    with pytest.raises(OutOfRange):
        puff_tables([0.0], WEATHER, CHLORINE)
