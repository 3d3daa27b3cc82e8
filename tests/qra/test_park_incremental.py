"""A changed park computed from the one before: the same numbers as from nothing, and only the changed part is done."""

from dataclasses import replace

import numpy as np
import pytest

from anlan.kit.park import assembly, incremental
from anlan.kit.park.compute import Result, compute
from anlan.kit.park.inputs import People, Reading, Source
from tests.qra.runs import DAY, reading, source

SOURCES = (source("甲", 500, 500, 1e-4, 150), source("乙", 900, 700, 3e-5, 200), source("丙", 1400, 1200, 1e-5, 300))
PEOPLE = (People("镇", 800, 650, 200, 250), People("店", 1410, 1190, 12))


def park(*sources: Source, people: tuple[People, ...] = PEOPLE) -> Reading:
    return reading(sources, population=people)


def both(after: Reading) -> tuple[Result, Result]:
    """The result from the park before, and from nothing."""
    first, second = assembly.build(park(*SOURCES), DAY), assembly.build(after, DAY)
    return incremental.again(first, compute(first, None), second), compute(second, None)


CHANGES = {
    "moved": (SOURCES[0], replace(SOURCES[1], x=960.0), SOURCES[2]),
    "more often": (SOURCES[0], source("乙", 900, 700, 9e-5, 200), SOURCES[2]),
    "larger": (SOURCES[0], SOURCES[1], source("丙", 1400, 1200, 1e-5, 350)),
    "added": (*SOURCES, source("丁", 300, 1500, 1e-5, 100)),
    "left out": (SOURCES[0], SOURCES[2]),
    "in another order": (SOURCES[2], SOURCES[0], SOURCES[1]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_gives_what_computing_from_nothing_gives(change: str) -> None:
    quick, slow = both(park(*CHANGES[change]))
    assert quick.risk == pytest.approx(slow.risk, abs=1e-11)
    assert quick.deaths.number == pytest.approx(slow.deaths.number, abs=1e-6)
    assert quick.deaths.potential_loss == pytest.approx(slow.deaths.potential_loss, rel=1e-6)


def test_only_what_changed_is_done_again() -> None:
    reused = {name: both(park(*sources))[0].reused for name, sources in CHANGES.items()}
    assert reused == {"moved": 2, "more often": 2, "larger": 2, "added": 3, "left out": 2, "in another order": 3}


def test_other_people_are_counted_anew() -> None:
    quick, slow = both(park(*SOURCES, people=PEOPLE[:1]))
    assert quick.reused == 0 and np.array_equal(quick.deaths.number, slow.deaths.number)


def test_two_sources_at_one_place_are_told_apart() -> None:
    twins = (source("甲", 500, 500, 1e-4, 150), source("乙", 500, 500, 2e-4, 100))
    first = assembly.build(park(*twins), DAY)
    second = assembly.build(park(twins[1], replace(twins[0], x=520.0)), DAY)
    quick, slow = incremental.again(first, compute(first, None), second), compute(second, None)
    assert quick.reused == 1 and quick.risk == pytest.approx(slow.risk, abs=1e-11)
