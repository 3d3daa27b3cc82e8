"""Pools: size, evaporation, boiling, and the pool over time."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.consequence import pool
from anlan.kernels.consequence.airborne import Ground
from anlan.kernels.consequence.pool import Vapour
from anlan.kernels.consequence.pool_course import Feed, Floor, PoolCourse, Weather, course, spread_speed
from anlan.kernels.validity import OutOfRange
from anlan.packs.families import substances

TODAY = date(2026, 11, 1)
CHLORINE, HEXANE, METHANE, BENZENE = (
    substances.find(each, TODAY) for each in ("chlorine", "n-hexane", "methane", "benzene")
)
CONCRETE = Ground(288.15, 1.28, 6.6e-7)
few = settings(max_examples=40, deadline=None)


@few
@given(st.floats(0.01, 1e4), st.floats(1e-3, 1))
def test_a_pool_holds_its_volume(volume: float, thickness: float) -> None:
    found = pool.geometry(volume, thickness)
    assert found.area * thickness == pytest.approx(volume)
    assert math.pi / 4 * found.diameter**2 == pytest.approx(found.area)
    assert pool.geometry(volume, thickness, 1.0).area <= 1.0


@few
@given(st.floats(0.5, 100), st.floats(0.5, 20), st.floats(100, 5e4), st.floats(1.05, 2))
def test_evaporation_grows_with_size_wind_and_pressure(size: float, wind: float, pressure: float, more: float) -> None:
    rate = pool.evaporation_rate(size, wind, Vapour(pressure, 0.086, 293.15))
    assert pool.evaporation_rate(size * more, wind, Vapour(pressure, 0.086, 293.15)) > rate
    assert pool.evaporation_rate(size, wind * more, Vapour(pressure, 0.086, 293.15)) > rate
    assert pool.evaporation_rate(size, wind, Vapour(pressure * more, 0.086, 293.15)) > rate
    assert pool.evaporation_rate(size, wind, Vapour(0.0, 0.086, 293.15)) == 0


def test_the_vapours_own_flow_matters_only_near_boiling() -> None:
    plain, counted = (pool.evaporation_rate(5, 3, Vapour(500, 0.1, 300), ambient=each) for each in (None, 101325.0))
    assert counted == pytest.approx(plain, rel=3e-3)
    assert pool.evaporation_rate(5, 3, Vapour(9e4, 0.1, 300), ambient=101325.0) > 2 * pool.evaporation_rate(
        5, 3, Vapour(9e4, 0.1, 300)
    )
    with pytest.raises(OutOfRange, match="boils"):
        pool.evaporation_rate(5, 3, Vapour(1.1e5, 0.1, 300), ambient=101325.0)


def test_boiling_on_ground_slows_and_its_mass_is_its_integral() -> None:
    time = np.linspace(1e-3, 600, 200001)
    found = pool.boiling_on_ground(50.0, 239.2, 2.88e5, CONCRETE, time)
    assert (np.diff(found.rate) < 0).all()
    gained = np.trapezoid(found.rate, time)
    assert found.mass[-1] - found.mass[0] == pytest.approx(gained, rel=1e-2)


def test_boiling_on_water_is_proportional() -> None:
    assert pool.boiling_on_water(10, 100, 5e5) == pytest.approx(500 * 100 * 10 / 5e5)
    assert pool.boiling_on_water(10, 0, 5e5) == 0


def kept(found: PoolCourse, spilt: float) -> None:
    """What was spilt lies in the pool or is in the air."""
    assert found.mass[-1] + found.evaporated[-1] == pytest.approx(spilt, rel=1e-9)
    assert (np.diff(found.evaporated) >= 0).all() and (found.mass >= 0).all()
    assert (np.diff(found.radius) >= 0).all()


@pytest.mark.parametrize(
    ("name", "kelvin"), [("chlorine", 239.0), ("n-hexane", 293.15), ("methane", 111.0), ("ammonia", 239.0)]
)
def test_a_pool_keeps_its_mass(name: str, kelvin: float) -> None:
    found = course(
        substances.find(name, TODAY), Feed(kelvin, 500.0, 2.0, 100.0), Floor(CONCRETE), Weather(), 900.0, 200
    )
    kept(found, 700.0)
    sum_of_rates = np.sum(found.rate[1:] * np.diff(found.time))
    assert sum_of_rates == pytest.approx(found.evaporated[-1])


def test_a_bund_bounds_the_pool_and_its_evaporation() -> None:
    feed = Feed(239.0, 0.0, 10.0, 300.0)
    free, bound = (course(CHLORINE, feed, Floor(CONCRETE, bund_area=a), Weather(), 600.0, 200) for a in (None, 50.0))
    assert math.pi * bound.radius[-1] ** 2 == pytest.approx(50.0)
    assert bound.evaporated[-1] < free.evaporated[-1]


def test_a_cryogen_stays_at_its_boiling_point_and_takes_its_heat_from_the_ground() -> None:
    found = course(METHANE, Feed(111.6, 20000.0), Floor(CONCRETE, bund_area=100.0), Weather(wind=0.1), 600.0)
    assert found.temperature[1:] == pytest.approx(111.67, abs=0.5)
    late = found.time > 100
    ideal = pool.boiling_on_ground(100.0, 111.67, 5.11e5, CONCRETE, found.time[late])
    assert found.rate[late] == pytest.approx(ideal.rate, rel=0.1)


def test_a_volatile_pool_cools_itself_and_benzene_stops_at_its_melting_point() -> None:
    hexane = course(HEXANE, Feed(293.15, 300.0), Floor(CONCRETE), Weather(), 300.0, 200)
    assert hexane.temperature[-1] < 285
    benzene = course(BENZENE, Feed(285.0, 1000.0), Floor(CONCRETE), Weather(283.0), 1200.0, 200)
    assert benzene.temperature.min() == pytest.approx(278.68, abs=0.05)


def test_more_wind_evaporates_more() -> None:
    slow, fast = (course(HEXANE, Feed(293.15, 300.0), Floor(CONCRETE), Weather(wind=u), 300.0, 150) for u in (2.0, 8.0))
    assert fast.evaporated[-1] > slow.evaporated[-1]


def test_finer_steps_change_little() -> None:
    feed = Feed(239.0, 1000.0)
    coarse, fine = (course(CHLORINE, feed, Floor(CONCRETE), Weather(), 120.0, n).evaporated[-1] for n in (200, 800))
    assert coarse == pytest.approx(fine, rel=0.02)


def test_a_pool_on_water_spreads_wider_and_boils_faster() -> None:
    land, water = (
        course(METHANE, Feed(111.0, 5000.0), Floor(CONCRETE, 0.005, None, each), Weather(), 300.0, 200)
        for each in (None, 500.0)
    )
    assert water.rate.max() > land.rate.max()
    kept(water, 5000.0)


def test_the_edge_slows_down_and_stops() -> None:
    speeds = [spread_speed(10.0, r, 0.005, 1e-6, 9.81) for r in (2.0, 5.0, 10.0, 20.0, 30.0)]
    assert speeds == sorted(speeds, reverse=True)
    assert speeds[-1] == 0
    assert spread_speed(10.0, 10.0, 0.005, 100.0, 9.81) < spread_speed(10.0, 10.0, 0.005, 1e-6, 9.81)


@pytest.mark.parametrize("bad", [math.nan, -1.0, math.inf])
def test_impossible_pools_refuse(bad: float) -> None:
    with pytest.raises(OutOfRange):
        pool.geometry(bad, 0.01)
    with pytest.raises(OutOfRange):
        pool.evaporation_rate(bad, 5, Vapour(1e4, 0.1, 300))
    with pytest.raises(OutOfRange):
        pool.evaporation_rate(5, 5, Vapour(bad, 0.1, 300))
    with pytest.raises(OutOfRange):
        pool.boiling_on_ground(bad, 239, 2.9e5, CONCRETE, 1.0)
    with pytest.raises(OutOfRange):
        pool.boiling_on_water(bad, 100, 2.9e5)
    with pytest.raises(OutOfRange):
        course(CHLORINE, Feed(239.0, bad), Floor(CONCRETE), Weather(), 60.0)
    with pytest.raises(OutOfRange):
        course(CHLORINE, Feed(239.0, 10.0), Floor(CONCRETE), Weather(wind=bad), 60.0)


def test_a_pool_of_nothing_or_of_vapour_refuses() -> None:
    with pytest.raises(OutOfRange, match="nothing is spilt"):
        course(CHLORINE, Feed(239.0), Floor(CONCRETE), Weather(), 60.0)
    with pytest.raises(OutOfRange, match="temperature of the spilt liquid"):
        course(CHLORINE, Feed(293.0, 10.0), Floor(CONCRETE), Weather(), 60.0)
