"""Grades, warnings, the worst of all parts, and when a pond must be closed."""

from datetime import date

import pytest

from anlan.packs.families import tailings_ponds as pack
from anlan.rules import tailings as rules
from anlan.rules.levels import Level
from anlan.rules.tailings import Part

DAY = date(2026, 7, 20)
PONDS = pack.load(DAY)


@pytest.mark.parametrize(
    ("volume", "height", "grade"),
    [
        (50, 20, 5),
        (100, 20, 4),
        (99.9, 30, 4),
        (500, 62, 3),
        (50, 65, 4),
        (50, 120, 3),
        (20_000, 20, 3),
        (60_000, 99, 2),
    ],
)
def test_the_grade_goes_by_volume_and_height(volume: float, height: float, grade: int) -> None:
    assert PONDS.grade(volume, height).grade == grade


def test_upstream_dams_want_a_longer_beach() -> None:
    four = PONDS.numbered(4)
    assert (four.beach("upstream"), four.beach("downstream"), four.superelevation) == (50, 35, 0.5)


def test_enough_of_one_colour_count_as_the_next() -> None:
    counts = PONDS.counts()
    assert rules.gathered([1, 1, 1], counts) == 1
    assert rules.gathered([1, 1, 1, 1], counts) == 2
    assert rules.gathered([2, 2, 2], counts) == 3
    assert rules.gathered([3, 3], counts) == 4
    assert rules.gathered([], counts) == 0


def test_a_short_beach_is_worse_the_shorter() -> None:
    beach = next(item for item in PONDS.items if item.role == "beach")
    limits = beach.limits({"min_beach": 50.0})
    found = [rules.warning(length, limits, falling=True) for length in (120, 79, 69, 59, 50, 10)]
    assert found == [0, 1, 2, 3, 4, 4]


def part(level: Level | None, key: str = "a") -> Part:
    return Part(key, level, "x", {})


def test_the_worst_part_decides_and_nothing_is_averaged() -> None:
    found = rules.judged([part(Level.LOW), part(Level.SERIOUS, "b"), part(Level.GENERAL)], lift=False)
    assert (found.level, found.deciding and found.deciding.key) == (Level.SERIOUS, "b")


def test_what_nobody_knows_is_never_low() -> None:
    assert rules.judged([part(Level.LOW), part(Level.UNKNOWN)], lift=True).level is Level.UNKNOWN
    assert rules.judged([], lift=True).level is Level.UNKNOWN
    assert rules.judged([part(Level.GENERAL), part(Level.UNKNOWN)], lift=False).level is Level.GENERAL


def test_people_close_below_lift_a_bad_level_by_one_but_not_a_good_one() -> None:
    assert rules.judged([part(Level.GENERAL)], lift=True).level is Level.SERIOUS
    assert rules.judged([part(Level.MAJOR)], lift=True).level is Level.MAJOR
    assert rules.judged([part(Level.LOW)], lift=True).level is Level.LOW


def test_three_idle_years_mean_closing_within_one_more() -> None:
    last = date(2023, 2, 28)
    assert not rules.closing(last, date(2026, 2, 27), 3, 1).must
    due = rules.closing(last, date(2026, 2, 28), 3, 1)
    assert (due.must, due.until, due.late) == (True, date(2027, 2, 28), False)
    assert rules.closing(last, date(2027, 3, 1), 3, 1).late
    assert not rules.closing(None, DAY, 3, 1).must
    assert rules.years_after(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert rules.months_after(date(2026, 1, 31), 13) == date(2027, 2, 28)


def test_a_low_factor_of_safety_names_the_graver_state() -> None:
    steps = list(PONDS.stability_steps.items())
    assert rules.stability_state(1.25, 1.25, steps) == ""
    assert rules.stability_state(1.22, 1.25, steps) == "stability_098"
    assert rules.stability_state(1.18, 1.25, steps) == "stability_095"
    assert {PONDS.state(key).class_ for key in PONDS.stability_steps} == {"critical", "unsafe"}


def test_the_pack_says_of_every_state_where_it_stands() -> None:
    assert all(state.clause for state in PONDS.states)
    assert {state.class_ for state in PONDS.states} <= set(PONDS.classes)
