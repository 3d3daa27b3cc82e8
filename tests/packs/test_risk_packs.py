"""The tables of risk methods and of external risk, and what the check of packs finds in broken ones."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from anlan.packs import linter
from anlan.packs.families import external_risk, lec, ls_matrix, mes
from anlan.packs.loader import BUILT_IN
from anlan.rules.levels import Level

Write = Callable[..., Path]
TODAY = date(2026, 11, 1)


def test_lec_has_the_scores_of_graham_and_kinney() -> None:
    found = lec.load(TODAY).factors
    assert [score.value for score in found["L"]] == [10, 6, 3, 1, 0.5, 0.2, 0.1]
    assert [score.value for score in found["E"]] == [10, 6, 3, 2, 1, 0.5]
    assert [score.value for score in found["C"]] == [100, 40, 15, 7, 3, 1]
    assert [band.at_least for band in lec.load(TODAY).schemes["common"].bands] == [320, 160, 70, 20, 0]


def test_ls_has_three_schemes_that_all_call_25_major_and_1_low() -> None:
    schemes = ls_matrix.load(TODAY).schemes
    assert set(schemes) == {"common", "a", "b"}
    for scheme in schemes.values():
        assert (scheme.bands[0].level, scheme.bands[-1].level) == (Level.MAJOR, Level.LOW)


def test_what_is_from_memory_says_so() -> None:
    assert ls_matrix.load(TODAY).schemes["a"].confidence == "memory"
    assert mes.load(TODAY).schemes["injury"].confidence == "memory"
    criteria = external_risk.load(TODAY)
    assert {target.confidence for target in criteria.targets} == {"memory"}
    assert (criteria.societal.confidence, criteria.societal.n_end_confidence) == ("read", "memory")


def test_a_stricter_target_never_has_a_higher_limit() -> None:
    limits = [(target.new_or_rebuilt, target.in_service) for target in external_risk.load(TODAY).targets]
    assert limits == sorted(limits)
    assert limits[0] == (3e-7, 3e-6)
    assert limits[-1] == (1e-5, 3e-5)


def problems(write: Write, name: str, before: str, after: str) -> str:
    """What is found when one text of a built-in pack is replaced."""
    text = (BUILT_IN / name).read_text()
    assert before in text
    body = text.split("\n\n", 1)[1].replace(before, after)
    file = write(name, body, id=name.removesuffix(".yaml"))
    return "\n".join(map(str, linter.check(file.parents[1])))


def test_bands_out_of_order_or_with_a_gap_at_zero_are_found(write: Write) -> None:
    assert "从大到小" in problems(write, "core/lec.yaml", "at_least: 160", "at_least: 500")
    assert "从 0 起" in problems(write, "core/mes.yaml", "at_least: 0,", "at_least: 1,")


def test_a_default_that_is_no_scheme_is_found(write: Write) -> None:
    assert "default" in problems(write, "core/ls_matrix.yaml", "default: common", "default: ours")


def test_a_score_twice_is_found(write: Write) -> None:
    assert "互不相同" in problems(write, "core/mes.yaml", "{value: 3, text: 有减轻", "{value: 5, text: 有减轻")


def test_criteria_that_contradict_each_other_are_found(write: Write) -> None:
    assert "新建" in problems(write, "chemicals/gb36894.yaml", "new_or_rebuilt: 1.0e-5", "new_or_rebuilt: 1.0e-4")
    assert "下线" in problems(write, "chemicals/gb36894.yaml", "f_at_one: 1.0e-5", "f_at_one: 1.0e-2")
