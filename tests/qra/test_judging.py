"""Contours, distances, criteria, capacity, contributions, uncertainty: on maps whose answer is known."""

import numpy as np
import pytest

from anlan.kernels.qra import capacity, contribution, criteria, individual
from anlan.kernels.qra.contours import contours, signed_area
from anlan.kernels.qra.criteria import ACCEPTABLE, INTOLERABLE, PRACTICABLE, Line
from anlan.kernels.qra.distance import safety_distances
from anlan.kernels.qra.layout import Grid
from anlan.kernels.qra.uncertainty import Question, Spread, monte_carlo
from anlan.kernels.validity import OutOfRange
from tests.qra.parks import GRID, small

MIDDLE = (1000.0, 1000.0)
DISTANCE = np.hypot(GRID.x[None, :] - MIDDLE[0], GRID.y[:, None] - MIDDLE[1])
CONE = 10 ** (-4 - DISTANCE / 200)  # 1e-6 at 400 m


def test_a_contour_of_a_cone_is_a_circle_with_its_area() -> None:
    (found,) = contours(CONE, GRID, [1e-6])
    assert found.area == pytest.approx(np.pi * 400**2, rel=2e-3)
    assert not found.open_at_edge and len(found.polygons) == 1
    (ring,) = found.polygons[0]
    assert (ring[0] == ring[-1]).all() and signed_area(ring) > 0
    assert np.hypot(*(ring - MIDDLE).T) == pytest.approx(400, abs=2)


def test_a_hole_in_a_contour_is_not_counted() -> None:
    (found,) = contours(np.where(DISTANCE < 200, 1e-9, CONE), GRID, [1e-6])
    assert len(found.polygons[0]) == 2
    assert found.area < np.pi * (400**2 - 190**2)


def test_a_contour_beyond_the_grid_says_so_and_is_still_closed() -> None:
    (found,) = contours(np.full_like(CONE, 1e-5), GRID, [1e-6])
    ring = found.polygons[0][0]
    assert found.open_at_edge and (ring[0] == ring[-1]).all()


@pytest.mark.parametrize("level", [0.0, -1e-6, np.nan])
def test_a_level_that_is_no_risk_is_refused(level: float) -> None:
    with pytest.raises(OutOfRange):
        contours(CONE, GRID, [level])
    with pytest.raises(OutOfRange):
        safety_distances(CONE, GRID, MIDDLE, level)


def test_the_safety_distance_of_a_cone_is_its_radius_in_every_direction() -> None:
    found = safety_distances(CONE, GRID, MIDDLE, 1e-6, 24)
    assert found.distance == pytest.approx(np.full(24, 400), abs=3)
    assert not found.cut.any()
    assert safety_distances(CONE, GRID, MIDDLE, 1e-9).cut.any()
    assert not safety_distances(CONE, GRID, MIDDLE, 1e-2).distance.any()


def test_bearings_run_from_north_clockwise() -> None:
    east = np.where(GRID.x[None, :] > MIDDLE[0] + 300, 1e-5, 1e-12) * np.ones((GRID.rows, 1))
    found = safety_distances(east, GRID, MIDDLE, 1e-6, 4)
    assert found.cut.tolist() == [False, True, False, False]


def test_a_curve_is_judged_by_the_worst_of_its_corners() -> None:
    upper, lower = Line(10, 1e-4), Line(10, 1e-6)
    judged = criteria.judge_curve([1, 10, 50], [1e-5, 2e-6, 1e-6], upper, lower)
    assert judged.zone == PRACTICABLE
    assert (judged.upper_at, judged.upper) == (50, pytest.approx(0.05))
    assert criteria.judge_curve([100], [2e-5], upper, lower).zone == INTOLERABLE
    assert criteria.judge_curve([1], [1e-7], upper, lower).zone == ACCEPTABLE


def test_a_line_that_ends_inside_a_step_is_still_broken_there() -> None:
    upper = Line(10, 1e-4, most=100)
    assert criteria.judge_curve([5000], [5e-5], upper, upper).upper == pytest.approx(5)


def test_targets_keep_a_limit_that_they_reach_exactly() -> None:
    first, second = criteria.judge_targets([3e-7, 4e-7], [3e-7, 3e-7])
    assert first.kept and not second.kept
    with pytest.raises(OutOfRange):
        criteria.judge_targets([np.nan], [3e-7])


def test_room_for_frequency_is_what_brings_the_worst_target_to_its_limit() -> None:
    room = capacity.frequency_factor([1e-7, 2e-7, 0], [3e-7, 3e-7, 3e-7])
    assert (room.value, room.governs) == (pytest.approx(1.5), 1)
    more = capacity.additional_frequency([1e-7, 2e-7], [3e-7, 3e-7], [0.5, 0.01])
    assert (more.value, more.governs) == (pytest.approx(4e-7), 0)
    assert capacity.additional_frequency([4e-7], [3e-7], 0.5).value == 0
    assert capacity.societal_factor([1, 10], [1e-4, 1e-5], Line(10, 1e-4)).value == pytest.approx(10)


def test_room_for_inventory_is_found_within_its_accuracy() -> None:
    room = capacity.inventory_factor(lambda factor: np.array([1e-8, 1e-7]) * factor**2, [3e-7, 3e-7])
    assert (room.value, room.governs) == (pytest.approx(3**0.5, rel=2e-3), 1)
    assert capacity.inventory_factor(lambda factor: np.zeros(1), [3e-7]).governs == -1


def test_contributions_sum_to_the_risk_and_the_largest_comes_first() -> None:
    whole, points = small(), [(720.0, 910.0), (1215.0, 1100.0)]
    by_location = contribution.by_group(whole, points, whole.releases.location)
    assert by_location.sum(axis=1) == pytest.approx(individual.at_points(whole, points).sum(axis=1))
    first, second = (contribution.largest(row, 2)[0] for row in by_location)
    assert (first.group, second.group) == (0, 1)
    assert sum(share.share for share in contribution.largest(by_location[0], 9)) == pytest.approx(1)


def question(whole: object) -> Question:
    return Question([(720.0, 910.0)], [[1215.0, 1100.0, 5.0]], [0, 0, 1, 1, 1], [1.375, 1.375, 0, 0])


def test_the_same_seed_gives_the_same_percentiles_and_certainty_gives_one_number() -> None:
    whole = small()
    spread = Spread(frequency=3.0, rate=2.0, probit=0.3)
    one, two, other = (monte_carlo(whole, question(whole), spread, 40, seed=seed) for seed in (7, 7, 8))
    assert (one.risk == two.risk).all() and (one.risk != other.risk).any()
    assert (np.diff(one.risk, axis=0) > 0).all() and (np.diff(one.potential_loss) > 0).all()
    certain = monte_carlo(whole, question(whole), Spread(), 10)
    exact = individual.at_points(whole, [(720.0, 910.0)]).sum()
    assert certain.risk == pytest.approx(np.full((3, 1), exact))


def test_uncertain_frequencies_spread_as_their_error_factor_says() -> None:
    found = monte_carlo(small(), question(None), Spread(frequency=10.0, shared=1.0), 1500, seed=2)
    assert found.potential_loss[2] / found.potential_loss[1] == pytest.approx(10, rel=0.25)


def test_an_error_factor_below_one_or_nan_is_refused() -> None:
    for wrong in (0.5, np.nan):
        with pytest.raises(OutOfRange):
            Spread(frequency=wrong)
    with pytest.raises(OutOfRange):
        Line(10, np.nan)
    with pytest.raises(OutOfRange):
        contours(np.full((3, 3), np.nan), Grid(0, 0, 1, 3, 3), [1e-6])
