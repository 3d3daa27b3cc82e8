"""A kept footprint is the computed one, is found again after a restart, and never stands for another."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from anlan.kernels.consequence import footprint_cache
from anlan.kernels.consequence.footprint import Footprint, ToxicProbit
from anlan.kernels.consequence.footprint_cache import DenseScenario, FootprintCache, dense_footprint
from anlan.kernels.consequence.slab import Fluid, Release, Weather
from anlan.kernels.validity import OutOfRange

SCENARIO = DenseScenario(
    Fluid(0.070906, 498.1, 239.1, 287_840, 926.3, 1574, 1978.34, -27.01),
    Release("horizontal-jet", 0.1, 239.1, rate=10, duration=600, height=1, liquid=0.8),
    Weather(3.0, "D"),
    ToxicProbit(-6.35, 0.5, 2.75),
)
OTHERS = [
    replace(SCENARIO, release=replace(SCENARIO.release, rate=11)),
    replace(SCENARIO, weather=Weather(3.0, "E")),
    replace(SCENARIO, probit=ToxicProbit(-6.35, 0.5, 2.5)),
    replace(SCENARIO, fluid=replace(SCENARIO.fluid, molar_mass=0.08)),
    replace(SCENARIO, exposure=600.0),
]


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    def computed(scenario: DenseScenario) -> Footprint:
        raise AssertionError(f"computed again: {scenario}")

    monkeypatch.setattr(footprint_cache, "dense_footprint", computed)


def test_what_is_kept_is_what_was_computed() -> None:
    cache = FootprintCache()
    first, again, fresh = cache.get(SCENARIO), cache.get(SCENARIO), dense_footprint(SCENARIO)
    assert first is again
    assert (cache.hits, cache.misses) == (1, 1)
    assert np.array_equal(first.a, fresh.a) and np.array_equal(first.b, fresh.b) and np.array_equal(first.x, fresh.x)


def test_the_distances_are_even_and_the_tables_fall() -> None:
    found = dense_footprint(SCENARIO)
    assert np.diff(found.x) == pytest.approx(5.0)
    assert found.x[0] == 5
    assert np.all(found.b > 0)
    assert found.reach(-2.33) > 100


@pytest.mark.parametrize("other", OTHERS, ids=["rate", "weather", "probit", "substance", "exposure"])
def test_another_scenario_is_another_footprint(other: DenseScenario) -> None:
    cache = FootprintCache()
    assert other.name() != SCENARIO.name()
    assert not np.array_equal(cache.get(SCENARIO).a, cache.get(other).a)
    assert cache.misses == 2


def test_the_least_recently_used_goes_first() -> None:
    cache = FootprintCache(most=2)
    cache.get_all([SCENARIO, OTHERS[0], SCENARIO, OTHERS[1]])
    assert len(cache) == 2
    cache.get(SCENARIO)
    assert cache.misses == 3
    cache.get(OTHERS[0])
    assert cache.misses == 4


def test_a_kept_footprint_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        FootprintCache().get(SCENARIO).a[0] = 1


def test_the_folder_outlives_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = FootprintCache(folder=tmp_path).get(SCENARIO)
    forbid(monkeypatch)
    found = FootprintCache(folder=tmp_path).get(SCENARIO)
    assert np.array_equal(found.a, made.a)
    assert np.isnan(found.slope)


@pytest.mark.parametrize("harm", ["cut", "foreign", "empty"])
def test_a_damaged_file_is_computed_again(tmp_path: Path, harm: str) -> None:
    made = FootprintCache(folder=tmp_path).get(SCENARIO)
    (file,) = tmp_path.glob("*.npz")
    whole = file.read_bytes()
    file.write_bytes({"cut": whole[: len(whole) // 2], "foreign": b"PK\x03\x04 something else", "empty": b""}[harm])
    cache = FootprintCache(folder=tmp_path)
    assert np.array_equal(cache.get(SCENARIO).a, made.a)
    assert cache.misses == 1
    assert file.read_bytes()[:1000] == whole[:1000]


def test_other_code_does_not_read_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FootprintCache(folder=tmp_path).get(SCENARIO)
    monkeypatch.setattr(footprint_cache, "fingerprint", lambda: "other")
    cache = FootprintCache(folder=tmp_path)
    cache.get(SCENARIO)
    assert cache.misses == 1


def test_the_folder_stays_bounded(tmp_path: Path) -> None:
    cache = FootprintCache(folder=tmp_path, most_files=2)
    cache.get_all([SCENARIO, *OTHERS])
    assert len(list(tmp_path.iterdir())) <= 2


def test_threads_give_the_same_in_the_same_order() -> None:
    asked = [SCENARIO, *OTHERS, SCENARIO]
    alone, together = FootprintCache().get_all(asked), FootprintCache().get_all(asked, threads=4)
    for one, other in zip(alone, together, strict=True):
        assert np.array_equal(one.a, other.a)


def test_a_refused_scenario_is_refused_again_and_not_kept() -> None:
    cache = FootprintCache()
    for _ in range(2):
        with pytest.raises(OutOfRange, match="step"):
            cache.get(replace(SCENARIO, step=0.0))
    assert len(cache) == 0
    with pytest.raises(OutOfRange, match="most"):
        FootprintCache(most=0)
