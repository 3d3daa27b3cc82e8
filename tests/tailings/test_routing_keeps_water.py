"""Routing a flood: no water is lost or made, a bigger flood stands higher, what cannot be is refused in words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernels.tailings import storm
from anlan.kernels.tailings.outlets import Outlet, Tower, Weir
from anlan.kernels.tailings.routing import Course, Pool
from anlan.kernels.tailings.storage import Storage
from anlan.kernels.validity import OutOfRange
from anlan.kit.tailings.inputs import Catchment, outlet, storage
from anlan.kit.tailings.study import Demands, Study

LEVELS, AREAS = [200.0, 203.0, 206.0, 208.0, 210.0], [2e4, 5e4, 9e4, 12e4, 15e4]
TOWER = Tower(sill=206.3, width=6, mouth=4.9, culvert=3.1, outlet=170, loss=3.5)
CATCHMENT = Catchment(3.2, 85, 0.5, 3.5, 0.55, 0.72, 0.6, 20, 3, 2, 0.4)


def pool(*outlets: Outlet) -> Pool:
    return Pool(Storage.of_areas(LEVELS, AREAS), outlets or (TOWER,), 210.0)


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(pool(), CATCHMENT, Demands(0.5, 50, 210.0, 0.012))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(0, 60), min_size=2, max_size=60),
    st.floats(200.1, 209.9),
    st.sampled_from([60.0, 600.0, 3600.0]),
    st.floats(0, 1),
)
def test_no_water_is_lost_or_made(flows: list[float], start: float, step: float, open_share: float) -> None:
    one = pool(Tower(open=open_share, sill=206.3, width=6, outlet=170), Weir(crest=209, width=12))
    course = one.route(flows, step, start)
    if course.over is None:
        assert abs(course.imbalance) < 1e-9
        assert np.all(course.outflow >= 0)


def test_a_bigger_flood_stands_higher_and_a_blocked_drain_higher_still(study: Study) -> None:
    peaks = [study.of_rain(rain, 206.4).course.peak_level for rain in (0, 50, 100, 150, 200)]
    assert peaks == sorted(peaks)
    half = Study(
        pool(Tower(open=0.3, sill=206.3, width=6, mouth=4.9, culvert=3.1, outlet=170)), CATCHMENT, study.demands
    )
    assert half.of_rain(150, 206.4).course.peak_level > study.of_rain(150, 206.4).course.peak_level


def test_the_peak_leaves_later_and_smaller_than_it_comes(study: Study) -> None:
    course = study.of_period(100, 206.4).course
    assert course.peak_outflow < course.inflow.max()
    assert course.outflow.argmax() >= course.inflow.argmax()


def test_finer_steps_change_the_peak_by_millimetres() -> None:
    def peak(step: float) -> float:
        _, inflow = CATCHMENT.inflow(150, step, 72)
        return pool().route(inflow, step, 206.4).peak_level

    assert peak(300.0) == pytest.approx(peak(60.0), abs=0.01)


def test_water_at_the_crest_ends_the_course(study: Study) -> None:
    course: Course = pool(Weir(crest=209.9, width=1)).route([200.0] * 40, 3600, 208)
    assert course.over is not None and course.peak_level == 210
    assert course.times[-1] == pytest.approx(course.over)


def test_what_a_pond_withstands_is_the_flood_that_just_meets_the_demands(study: Study) -> None:
    period = study.stands(206.4)
    assert 2 < period < 10_000
    assert study.of_period(period * 0.98, 206.4).holds
    assert not study.of_period(period * 1.02, 206.4).holds
    rain = study.rain_stood(206.4)
    assert study.of_rain(rain, 206.4).holds and not study.of_rain(rain + 2, 206.4).holds


def test_a_higher_level_tonight_withstands_less(study: Study) -> None:
    found = [study.stands(level) for level in (206.0, 207.0, 208.0, 209.0, 209.6)]
    assert found == sorted(found, reverse=True)
    assert found[-1] == 0


def test_all_rain_of_the_day_falls_and_the_worst_hour_is_the_formulas() -> None:
    rain = storm.hyetograph(200, 0.55, 0.72, 600, 0.6)
    assert rain.sum() == pytest.approx(200)
    hour = max(rain[at : at + 6].sum() for at in range(len(rain) - 5))
    assert hour == pytest.approx(storm.depth_within(200, 1, 0.55, 0.72), rel=1e-9)


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([[200, 0], [205, 2e5], [203, 4e5]], "levels = 203 in row 3"),
        ([[200, 0], [205, 2e5], [208, 1e5]], "volumes = 100000 in row 3"),
        ([[200, 0]], "two or more"),
        ([[200, 0], [205, float("nan")]], "volumes = nan"),
        ([[200], [205]], "level, volume"),
    ],
)
def test_a_storage_curve_that_cannot_be_is_refused(rows: list[list[float]], word: str) -> None:
    with pytest.raises(OutOfRange, match=word):
        storage(rows)


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ({"kind": "siphon"}, "must be one of weir"),
        ({"kind": "weir", "crest": 200, "depth": 3}, "depth"),
        ({"kind": "weir", "crest": "hoch"}, "must be numbers"),
        ({"kind": "tower", "sill": 206, "outlet": 207}, "below the sill"),
        ({"kind": "weir", "open": 1.5}, "open"),
        ({"kind": "rated", "levels": [1, 2], "flows": [3, 1]}, "must not fall"),
    ],
)
def test_a_drain_that_cannot_be_is_refused(written: dict[str, object], word: str) -> None:
    with pytest.raises(OutOfRange, match=word):
        outlet(written)


@pytest.mark.parametrize(("start", "word"), [(210.0, "below the crest"), (199.0, "start"), (float("nan"), "start")])
def test_a_level_that_cannot_be_routed_from_is_refused(start: float, word: str) -> None:
    with pytest.raises(OutOfRange, match=word):
        pool().route([0, 1, 0], 600, start)
