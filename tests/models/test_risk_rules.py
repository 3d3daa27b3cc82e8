"""Risk methods, major installations and external risk: what holds for all numbers, and whose tables they are."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kit.models.errors import Refused
from anlan.kit.models.running import run
from anlan.packs import loader
from anlan.rules import assessment, external_risk, major_installations
from anlan.rules.assessment import Band
from anlan.rules.external_risk import Line, Point, Societal, Verdict
from anlan.rules.levels import Level
from anlan.rules.major_installations import Holding

BANDS = [
    Band(10, "1", "重大", Level.MAJOR),
    Band(5, "2", "一般", Level.GENERAL, above=True),
    Band(0, "3", "低", Level.LOW),
]
LINES = Societal(Line(1e-3, -1), Line(1e-5, -1), 1000)
ORDER = list(Verdict)


def outputs(name: str, **inputs: object) -> dict[str, object]:
    return {key: each.value for key, each in run(name, inputs).outputs.items()}


@pytest.mark.parametrize(("value", "grade"), [(10, "1"), (9.999, "2"), (5, "3"), (5.001, "2"), (0, "3")])
def test_a_limit_belongs_to_the_band_that_says_so(value: float, grade: str) -> None:
    assert assessment.band_of(assessment.exact(value), BANDS).grade == grade


@settings(max_examples=20, deadline=None)
@given(st.fractions(0, 1000), st.fractions(0, 1000))
def test_a_higher_product_is_never_milder(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert assessment.band_of(high, BANDS).level >= assessment.band_of(low, BANDS).level


def test_products_are_those_of_the_decimals_that_were_written() -> None:
    assert float(assessment.product([0.1, 3, 7])) == 2.1


quantities = st.lists(st.floats(0, 1e4).map(lambda q: round(q, 3)), min_size=1, max_size=5)


@settings(max_examples=20, deadline=None)
@given(quantities, st.integers(0, 200), st.floats(0, 100))
def test_more_of_a_substance_never_lowers_s_or_r(masses: list[float], persons: int, more: float) -> None:
    def judged(extra: float) -> dict[str, object]:
        kept = [{"name": "氯", "q_t": q + extra * (index == 0)} for index, q in enumerate(masses)]
        return outputs("gb18218/grading", substances=kept, exposed_persons=persons)

    less, greater = judged(0), judged(more)
    for name in ("S", "R"):
        before, after = less[name], greater[name]
        assert isinstance(before, float)
        assert isinstance(after, float)
        assert after >= before


def test_a_threshold_reached_in_tenths_is_reached() -> None:
    kept = [Holding(str(index), 0.1, 1, 1) for index in range(10)]
    tables = major_installations.judge(kept, 0, ([Step(0, 1.0)], [Step(0, 0.0, "四级")]))
    assert tables.is_major
    assert tables.s == 1


class Step:
    """A row of table 5 or 6."""

    def __init__(self, start: int, value: float, name: str = "") -> None:
        self.people_from, self.alpha, self.r_from, self.name = start, value, float(start), name


def test_a_cas_number_of_several_rows_needs_the_name_of_the_row() -> None:
    with pytest.raises(Refused, match="有几行"):
        run("gb18218/grading", {"substances": [{"cas": "9004-70-0", "q_t": 1, "beta": 1}], "exposed_persons": 0})
    named = {"cas": "9004-70-0", "name": "硝化纤维素(含水≥25%)", "q_t": 50, "beta": 1}
    assert outputs("gb18218/grading", substances=[named], exposed_persons=0)["S"] == 1


def test_names_in_and_before_brackets_are_known() -> None:
    for name in ("光气", "碳酰氯", "碳酰氯(光气)"):
        found = outputs("gb18218/grading", substances=[{"name": name, "q_t": 0.3}], exposed_persons=1)
        assert (found["S"], found["R"]) == (1, 20)


curves = st.lists(
    st.tuples(st.floats(1, 1000), st.floats(0, 1e-2)), min_size=1, max_size=6, unique_by=lambda each: each[0]
)


def curve(pairs: list[tuple[float, float]]) -> list[Point]:
    """A falling staircase of some numbers."""
    frequencies = sorted((f for _, f in pairs), reverse=True)
    return [Point(n, f) for n, f in zip(sorted(n for n, _ in pairs), frequencies, strict=True)]


@settings(max_examples=20, deadline=None)
@given(curves, st.floats(0, 1))
def test_a_lower_curve_is_never_worse(pairs: list[tuple[float, float]], share: float) -> None:
    points = curve(pairs)
    lower = [Point(point.n, point.f * share) for point in points]
    assert external_risk.check_curve(points) is None
    before, after = (external_risk.judge_societal(each, LINES).verdict for each in (points, lower))
    assert ORDER.index(after) <= ORDER.index(before)


def test_the_curve_touching_a_line_is_still_on_its_good_side() -> None:
    assert external_risk.judge_societal([Point(1, 1e-5)], LINES).verdict is Verdict.TOLERABLE
    assert external_risk.judge_societal([Point(1, 1e-3)], LINES).verdict is Verdict.REDUCE
    assert external_risk.judge_societal([Point(1, 1.001e-3)], LINES).verdict is Verdict.INTOLERABLE


def test_a_company_with_its_own_bands_replaces_the_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built_in = Path(loader.BUILT_IN / "core/lec.yaml").read_text()
    (tmp_path / "core").mkdir()
    (tmp_path / "core/lec.yaml").write_text(built_in.replace("at_least: 320", "at_least: 270"))
    before = outputs("lec", L=3, E=6, C=15)
    monkeypatch.setenv("ANLAN_PACKS", str(tmp_path))
    loader.forget()
    try:
        after = outputs("lec", L=3, E=6, C=15)
    finally:
        monkeypatch.undo()
        loader.forget()
    assert (before["level"], after["level"]) == ("较大(橙)", "重大(红)")


def test_a_pack_that_did_not_hold_on_the_day_refuses() -> None:
    with pytest.raises(Refused, match="没有有效版本"):
        run("gb18218/alpha", {"exposed_persons": 1, "on": "2018-01-01"})
    with pytest.raises(Refused, match="日期"):
        run("gb18218/alpha", {"exposed_persons": 1, "on": "yesterday"})


@pytest.mark.parametrize("wrong", [Holding("x", -1, 1, 1), Holding("x", 1, 0, 1), Holding("x", 1, 1, float("nan"))])
def test_a_holding_that_cannot_be_counted_is_refused(wrong: Holding) -> None:
    assert major_installations.check_holding(wrong) is not None


@pytest.mark.parametrize(
    "target",
    ["高敏感/重要/一般一类防护目标", "高敏感、重要防护目标", "一般防护目标一类", "一般防护目标中的一类防护目标"],
)
def test_a_target_has_several_names_and_may_stand_with_others_of_its_limit(target: str) -> None:
    assert outputs("gb36894/individual-risk", target=target)["in_service"] == 3e-6
