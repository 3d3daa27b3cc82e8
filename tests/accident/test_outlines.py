"""Outlines of clouds: smooth between the stations of a run, round where they end, and the passive plume's averaging."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely

from anlan.kernels.consequence.footprint import ToxicProbit
from anlan.kit.accident import cloud
from anlan.kit.accident.cloud import DenseDrift, PassivePlume, PassivePuff
from anlan.kit.accident.inputs import Breach, Sky, Store
from anlan.kit.accident.simulate import simulate
from anlan.kit.accident.source import Begun
from anlan.kit.accident.zones import Floats
from anlan.packs.families import substances

DAY = date(2026, 6, 1)
CHLORINE = ToxicProbit(-6.35, 0.5, 2.75)
JET = Begun(3.0, 1800, 0, 0.05, 239.0, 10.0, 0.8, 1.0, jet=True)
LIGHT = Begun(3.0, 1800, 0, 0.05, 293.0, 0.7, 0.0, 1.0, jet=True)
PUFF = Begun(0, 0, 50, 1, 293, 0.7, 0, 0)


def dense(averaging: float = cloud.TOXIC_S) -> DenseDrift:
    return DenseDrift(JET, substances.find("氯", DAY), Sky(3, "D"), averaging)


def corners(x: Floats, width: Floats) -> Floats:
    """Angles by which the outline turns at its points, ends left out [deg]."""
    turns = np.degrees(np.diff(np.arctan2(np.diff(width), np.diff(x))))
    return np.asarray(np.abs(turns[30:-10]))


@pytest.mark.parametrize("level", [1e-6, 1e-5, 1e-4])
def test_the_outline_of_a_dense_cloud_has_no_corners(level: float) -> None:
    x, width = dense().strip(level)
    assert corners(x, width).max() < 5


def test_the_outline_goes_through_what_the_model_says_at_its_stations() -> None:
    drift, level = dense(), 1e-5
    x, width = drift.strip(level)
    found, share = drift._found, drift._fraction(level)
    stations, exact = found.run.stations.x - found.run.origin, found.half_width_of(share)
    inside = (stations > 20) & (stations < 0.97 * x[-1])
    assert np.interp(stations[inside], x, width) == pytest.approx(exact[inside], rel=0.01)


def test_between_the_stations_the_outline_is_where_the_cloud_has_that_concentration() -> None:
    drift, level = dense(), 1e-5
    x, width = drift.strip(level)
    places = slice(60, 150)
    assert drift.at(x[places], width[places]) == pytest.approx(level, rel=0.25)


@pytest.mark.parametrize("drift", [PassivePlume(LIGHT, Sky(3, "D")), PassivePuff(PUFF, Sky(3))])
def test_a_passive_outline_ends_where_the_axis_has_the_level(drift: PassivePlume | PassivePuff) -> None:
    level = 1e-5
    x, _ = drift.strip(level)
    assert drift.at(np.array([x[-1]]), np.zeros(1))[0] == pytest.approx(level, rel=1e-3)


def test_a_deadly_outline_is_smooth_and_ends_where_the_footprint_crosses() -> None:
    footprint = dense().deadly(CHLORINE)
    x, width = cloud.lethal_strip(footprint, 0.0)
    assert corners(x, width).max() < 5
    assert np.interp(np.log(x[-1]), np.log(footprint.x), footprint.a) == pytest.approx(0.0, abs=1e-3)


def test_nothing_is_met_where_the_level_is_never_reached() -> None:
    high = replace(LIGHT, height=30.0), replace(PUFF, height=30.0)
    for drift in (PassivePlume(high[0], Sky(3)), PassivePuff(high[1], Sky(3))):
        assert not drift.strip(10.0)[1].any()


def test_a_flammable_plume_is_taken_over_seconds_and_reaches_farther_than_its_mean_over_minutes() -> None:
    mean, moment = (PassivePlume(LIGHT, Sky(5), seconds) for seconds in (cloud.TOXIC_S, cloud.MOMENT_S))
    level = 0.03
    assert moment.strip(level)[0][-1] > 1.2 * mean.strip(level)[0][-1]
    axis = np.array([100.0]), np.zeros(1)
    assert moment.at(*axis)[0] == pytest.approx(mean.at(*axis)[0] * (600 / 20) ** 0.2, rel=1e-6)


def test_zones_of_an_accident_are_whole_and_nested() -> None:
    effect = simulate(Store("氯", 20000), Breach("hole", 0.025), Sky(3, "D"), DAY).effect("toxic")
    assert effect is not None
    areas = [zone.area for zone in effect.zones if not zone.level.key.startswith("lethal")]
    assert areas == sorted(areas, reverse=True)
    for outer, inner in zip(effect.zones, effect.zones[1:], strict=False):
        if not inner.level.key.startswith("lethal"):
            assert shapely.area(shapely.difference(inner.shape, outer.shape)) < 0.01 * inner.area
