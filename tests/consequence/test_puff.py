"""Puffs and short releases: mass, limits towards the plume, order of arrival, refusals."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import puff, sigma
from anlan.kernels.consequence.puff import Receptors, ShortRelease, Weather
from anlan.kernels.validity import OutOfRange

NAN = float("nan")
CLASSES = get_args(sigma.Stability)
F2 = Weather(2, "F")


def plume_with_puff_widths(rate: float, weather: Weather, x: float, y: float, z: float, h: float) -> float:
    across = float(sigma.sigma_y(x, weather.stability, weather.sigma_set))
    up = float(sigma.sigma_z(x, weather.stability, weather.sigma_set))
    vertical = np.exp(-0.5 * ((z - h) / up) ** 2) + np.exp(-0.5 * ((z + h) / up) ** 2)
    return float(rate / (2 * np.pi * weather.wind * across * up) * np.exp(-0.5 * (y / across) ** 2) * vertical)


@pytest.mark.parametrize("sigma_set", get_args(sigma.PuffSet))
@pytest.mark.parametrize("stability", ["A", "D", "F"])
def test_a_puff_holds_the_released_mass(sigma_set: sigma.PuffSet, stability: sigma.Stability) -> None:
    weather = Weather(3, stability, sigma_set)
    travel = 3 * 200.0
    sx, sy, sz = (float(w(travel, stability, sigma_set)) for w in (sigma.sigma_x, sigma.sigma_y, sigma.sigma_z))
    x = travel + np.linspace(-6, 6, 61) * sx
    y = np.linspace(-6, 6, 61) * sy
    z = np.linspace(0, 20 + 7 * sz, 801)
    field = puff.puff(5.0, 20.0, weather, Receptors(x[:, None, None], y[:, None], z), 200.0)
    assert np.trapezoid(np.trapezoid(np.trapezoid(field, z), y), x) == pytest.approx(5.0, rel=2e-3)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(CLASSES), st.floats(1, 10), st.floats(200, 3000), st.floats(0, 30))
def test_a_puff_summed_over_time_is_the_plume(stability: sigma.Stability, wind: float, x: float, h: float) -> None:
    weather = Weather(wind, stability)
    spread = float(sigma.sigma_x(x, stability, "slade-puff"))
    times = (x + np.linspace(-8, 8, 801) * spread) / wind
    values = puff.puff(1.0, h, weather, Receptors(x, 0, 2), times[times > 0], "receptor")
    total = np.trapezoid(values, times[times > 0])
    assert total == pytest.approx(plume_with_puff_widths(1.0, weather, x, 0, 2, h), rel=1e-3)


@pytest.mark.parametrize("along", get_args(puff.Along))
def test_a_long_release_is_the_plume_while_it_lasts(along: puff.Along) -> None:
    weather = Weather(3, "D")
    found = puff.short_release(ShortRelease(2, 1e5, 5), weather, Receptors(500, 10, 1), 9e4, along)
    assert found == pytest.approx(plume_with_puff_widths(2, weather, 500, 10, 1, 5), rel=1e-6)


@pytest.mark.parametrize("along", get_args(puff.Along))
@settings(max_examples=10, deadline=None)
@given(st.floats(0, 2000), st.floats(1, 600), st.floats(50, 3000))
def test_a_short_release_never_exceeds_its_plume(along: puff.Along, t: float, duration: float, x: float) -> None:
    found = puff.short_release(ShortRelease(1, duration), F2, Receptors(x), t, along)
    assert 0 <= found <= plume_with_puff_widths(1, F2, x, 0, 0, 0) * (1 + 1e-9)


def test_a_very_short_release_is_a_puff() -> None:
    found = puff.short_release(ShortRelease(100, 0.1, 2), F2, Receptors(400, 0, 1), 201.0, "palazzi")
    assert found == pytest.approx(float(puff.puff(10, 2, F2, Receptors(400, 0, 1), 200.95, "receptor")), rel=1e-3)


def test_many_puffs_are_the_short_release() -> None:
    release = ShortRelease(0.5, 60, 3)
    starts, masses = puff.equal_puffs(release, 800)
    times = np.array([180.0, 220, 260, 300])
    train = puff.puff_train(starts, masses, 3, F2, Receptors(400, 0, 1.5), times)[0]
    direct = puff.short_release(release, F2, Receptors(400, 0, 1.5), times, "intpuff")
    assert train[1:3] == pytest.approx(direct[1:3], rel=0.05)
    assert masses.sum() == pytest.approx(30)


def test_the_train_is_the_sum_of_its_puffs() -> None:
    times, points = np.array([150.0, 200.0]), Receptors(np.array([300.0, 400.0]), 5.0, 1.0)
    train = puff.puff_train([0.0, 20.0], [1.0, 3.0], 2, F2, points, times)
    direct = puff.puff(1.0, 2, F2, Receptors(np.array([[300.0], [400.0]]), 5.0, 1.0), times)
    direct = direct + puff.puff(3.0, 2, F2, Receptors(np.array([[300.0], [400.0]]), 5.0, 1.0), times - 20)
    assert train == pytest.approx(direct, rel=1e-4)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0, 10), min_size=2, max_size=6), st.integers(1, 50))
def test_a_varying_rate_keeps_its_mass_in_puffs(rates: list[float], count: int) -> None:
    times = np.arange(len(rates), dtype=float) * 7
    _, masses = puff.varying_puffs(times, rates, count)
    assert masses.sum() == pytest.approx(np.trapezoid(rates, times))
    assert (masses >= -1e-12).all()


def test_the_cloud_arrives_later_farther_away_and_stays_about_as_long_as_it_lasted() -> None:
    release, weather = ShortRelease(1, 300), Weather(3, "D", "plume-puff")
    near = puff.arrival(release, weather, Receptors(300), 1e-7)
    far = puff.arrival(release, weather, Receptors(1500), 1e-7)
    assert near is not None and far is not None
    assert near[0] < far[0] and near[1] < far[1]
    assert near[1] - near[0] == pytest.approx(300, rel=0.3)
    assert puff.arrival(release, weather, Receptors(1500), 10.0) is None


def test_the_dose_of_a_release_is_the_plumes_rate_of_dose_times_its_duration() -> None:
    release, weather = ShortRelease(1, 300), Weather(3, "D", "plume-puff")
    times = puff.passage_times(release, weather, 800)
    values = puff.short_release(release, weather, Receptors(800), times)
    dose = puff.toxic_load(times, values)
    assert dose == pytest.approx(300 * plume_with_puff_widths(1, weather, 800, 0, 0, 0), rel=1e-3)


def test_a_load_to_a_power_of_a_constant_is_that_power() -> None:
    assert puff.toxic_load([0.0, 30, 60], [2.0, 2, 2], 2.75) == pytest.approx(60 * 2**2.75)


@pytest.mark.parametrize(
    "call",
    [
        lambda: puff.puff(0, 0, F2, Receptors(100), 50),
        lambda: puff.puff(1, 0, F2, Receptors(100), 0),
        lambda: puff.puff(1, 0, F2, Receptors(NAN), 50),
        lambda: puff.puff(1, NAN, F2, Receptors(100), 50),
        lambda: puff.puff(1, 0, replace(F2, wind=0), Receptors(100), 50),
        lambda: puff.puff(1, 0, replace(F2, sigma_set="turner"), Receptors(100), 50),  # type: ignore[arg-type]  # so
        lambda: puff.puff(1, 0, F2, Receptors(100), 50, "here"),  # type: ignore[arg-type]  # that is the point
        lambda: puff.short_release(ShortRelease(1, 0), F2, Receptors(100), 50),
        lambda: puff.short_release(ShortRelease(1, 10), F2, Receptors(0), 50),
        lambda: puff.short_release(ShortRelease(1, 10), F2, Receptors(100), NAN),
        lambda: puff.short_release(ShortRelease(1, 10), F2, Receptors(100), 50, "x"),  # type: ignore[arg-type]  # so
        lambda: puff.puff_train([0.0], [NAN], 0, F2, Receptors(100), [50.0]),
        lambda: puff.puff_train([60.0], [1.0], 0, F2, Receptors(100), [50.0]),
        lambda: puff.toxic_load([0.0, 0.0], [1.0, 1.0]),
        lambda: puff.varying_puffs([0.0, 1.0], [1.0, -1.0], 5),
    ],
)
def test_impossible_clouds_are_refused(call: object) -> None:
    with pytest.raises(OutOfRange):
        call()  # type: ignore[operator]  # a lambda of the list above
