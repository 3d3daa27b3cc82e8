"""Individual risk: the fast map equals the exact one, turns with the wind, adds up, and follows a moved source."""

import numpy as np
import pytest

from anlan.kernels.qra import individual
from anlan.kernels.qra.contours import contours
from anlan.kernels.qra.layout import Grid, Park, Releases, Rose, Shape, circle, outline, park, rings
from anlan.kernels.validity import OutOfRange
from tests.qra.parks import GRID, plume, rose, small


def test_the_fast_map_encloses_the_same_areas_as_the_exact_one() -> None:
    whole = small(wind=rose(weathers=2).refined(3))
    fast, exact = individual.risk_map(whole, GRID), individual.exact_map(whole, GRID)
    for level in (1e-7, 3e-7, 1e-6, 3e-6):
        one, other = (contours(values, GRID, [level])[0].area for values in (fast, exact))
        assert one == pytest.approx(other, rel=5e-3)


def test_the_risk_at_points_is_that_of_the_exact_map() -> None:
    whole = small()
    exact = individual.exact_map(whole, GRID)
    points = [(GRID.x[10], GRID.y[40]), (GRID.x[62], GRID.y[52]), (GRID.x[35], GRID.y[45])]
    found = individual.at_points(whole, points).sum(axis=1)
    assert found == pytest.approx([exact[40, 10], exact[52, 62], exact[45, 35]], rel=1e-9)


def test_near_the_source_the_fast_map_is_exact() -> None:
    whole = small(at=((700.0, 900.0),))
    fast, exact = individual.risk_map(whole, GRID), individual.exact_map(whole, GRID)
    near = np.hypot(GRID.x[None, :] - 700, GRID.y[:, None] - 900) < 180
    assert np.allclose(fast[near], exact[near], rtol=1e-12, atol=0)


def test_a_wind_rose_turned_by_a_quarter_turns_the_map_by_a_quarter() -> None:
    middle = ((1000.0, 1000.0),)
    before = individual.risk_map(small(middle, rose()), GRID)
    after = individual.risk_map(small(middle, Rose(np.roll(rose().probability, 4, axis=1))), GRID)
    assert np.allclose(np.rot90(before, -1), after, rtol=1e-4, atol=1e-12)  # row 0 is south


def test_a_rose_turned_by_one_sector_turns_the_polar_field_by_one_sector() -> None:
    before = individual.field(small(), 0, 20.0)
    after = individual.field(small(wind=Rose(np.roll(rose().probability, 1, axis=1))), 0, 20.0)
    sector = before.mesh.spokes // 16
    assert np.allclose(np.roll(before.risk, sector, axis=0), after.risk, rtol=1e-4, atol=1e-12)


def test_the_station_tells_where_the_wind_comes_from() -> None:
    directions = np.zeros((1, 8))
    directions[0, 0] = 1.0  # from the north
    only = park([(1000, 1000)], Rose.observed([1.0], directions), [plume(2.0)], one_release())
    south, north = individual.at_points(only, [(1000, 900), (1000, 1100)]).sum(axis=1)
    assert south > 0 == north


def test_two_equal_sources_double_the_risk_and_doubled_frequencies_too() -> None:
    one, two = small(at=((700.0, 900.0),)), small(at=((700.0, 900.0),), factor=2.0)
    twice = Park(one.at, one.rose, one.tables, Releases(*(np.concatenate((c, c)) for c in one.releases)))
    assert np.allclose(individual.risk_map(twice, GRID), 2 * individual.risk_map(one, GRID), rtol=1e-5)
    assert np.allclose(individual.risk_map(two, GRID), 2 * individual.risk_map(one, GRID), rtol=1e-5)


def test_a_dragged_source_gives_the_map_of_a_park_computed_anew() -> None:
    whole = small()
    dragged = individual.Dragged(whole, GRID, 1).to(905.0, 1390.0)
    anew = individual.risk_map(whole.moved(1, 905.0, 1390.0), GRID)
    assert np.allclose(dragged, anew, rtol=1e-9, atol=1e-18)


def test_a_changed_location_gives_the_map_of_a_park_computed_anew() -> None:
    before = small()
    often = before.releases.frequency.copy()
    often[before.of(1)] *= 3
    after = Park(before.at, before.rose, before.tables, before.releases._replace(frequency=often))
    updated = individual.changed(individual.risk_map(before, GRID), GRID, before, after, 1)
    assert np.allclose(updated, individual.risk_map(after, GRID), rtol=1e-9, atol=1e-18)


def test_the_risk_of_a_fire_in_any_weather_is_frequency_times_lethality() -> None:
    only = park([(1000, 1000)], rose(), [circle(100, 0.4)], one_release(-1))
    inside, outside = individual.at_points(only, [(1050, 1000), (1000, 1101)]).sum(axis=1)
    share = rose().probability.sum()
    assert inside == pytest.approx(1e-4 * 0.4 * share, rel=1e-6) and outside == 0


def test_a_source_outside_the_grid_still_reaches_into_it() -> None:
    outside = small(at=((-300.0, 900.0),))
    assert individual.risk_map(outside, GRID)[:, 0].max() > 0


def test_more_rate_never_means_less_risk() -> None:
    little, much = (park([(1000, 1000)], rose(), [plume(q)], one_release()) for q in (0.5, 1.0))
    assert (individual.risk_map(much, GRID) >= individual.risk_map(little, GRID) * (1 - 1e-6)).all()


def one_release(weather: int = 0) -> Releases:
    return Releases(np.array([0]), np.array([0]), np.array([weather]), np.array([1e-4]))


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: Rose(np.full((1, 16), np.nan)), "probability"),
        (lambda: Rose(np.full((1, 16), 0.1)), "sum"),
        (lambda: Rose(np.full((1, 10), 0.1)), "multiple of 4"),
        (lambda: rose().refined(2), "odd"),
        (lambda: Grid(0, 0, 0, 10, 10), "cell"),
        (lambda: Grid(np.nan, 0, 10, 10, 10), "west"),
        (lambda: circle(-1), "radius"),
        (lambda: circle(np.nan), "radius"),
        (lambda: circle(10, 1.5), "lethality"),
        (lambda: rings([0, 10, 5], [1, 0.5, 0]), "rising"),
        (lambda: rings([0, 10], [1, np.nan]), "lethality"),
        (lambda: outline([0, 10, 30], [1, 2, 3]), "even steps"),
        (lambda: Shape(np.array([1.0, np.nan]), np.ones(2), 5.0), "a of the footprint"),
        (lambda: Shape(np.ones(2), np.zeros(2), 5.0), "width"),
        (lambda: park([(0, 0)], rose(), [], one_release()), "no footprints"),
        (lambda: park([(0, np.nan)], rose(), [plume(1)], one_release()), "place"),
        (lambda: park([(0, 0)], rose(), [plume(1)], one_release(7)), "weather"),
        (lambda: park([(0, 0)], rose(), [plume(1)], one_release()._replace(frequency=np.array([np.nan]))), "frequency"),
        (lambda: individual.at_points(small(), [(np.nan, 0)]), "point"),
        (lambda: individual.Dragged(small(), GRID, 9), "location 9"),
        (lambda: small().moved(0, np.nan, 0), "x ="),
    ],
)
def test_what_cannot_be_is_refused_by_name(make: object, word: str) -> None:
    assert callable(make)
    with pytest.raises(OutOfRange, match=word):
        make()
