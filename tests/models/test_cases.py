"""Cases against their tolerance: what agrees is met, a wrong number is a failure, and nothing unread passes."""

import json
import math
from pathlib import Path

import pytest

from anlan.kit.models import cases
from anlan.kit.models.cases import Case, Result
from anlan.kit.models.errors import BadCases, BadInput
from anlan.kit.models.running import Json, Quantity
from anlan.kit.models.tolerance import Tolerance, compare


def case(
    expected: object, tolerance: object = None, inputs: object = None, model: str = "toy", **more: object
) -> dict[str, object]:
    return {
        "id": "one",
        "model": model,
        "inputs": {"diameter": {"value": 1, "unit": "m"}} if inputs is None else inputs,
        "expected": expected,
        "tolerance": tolerance or {"type": "relative", "value": 0.01},
        "source": "by hand",
        **more,
    }


def read(tmp_path: Path, *listed: object) -> list[Case]:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"cases": listed}))
    return cases.read(file)


def checked(tmp_path: Path, *arguments: object, **more: object) -> Result:
    [one] = read(tmp_path, case(*arguments, **more))  # type: ignore[arg-type]  # the helper's own optional arguments
    return cases.check(one)


def metres(value: object, unit: str = "m") -> dict[str, object]:
    return {"diameter": {"value": value, "unit": unit}}


def test_a_right_number_is_met_and_a_wrong_one_is_a_failure(tmp_path: Path) -> None:
    assert checked(tmp_path, metres(1.005)).status == "met"
    wrong = checked(tmp_path, metres(1.02))
    assert (wrong.status, wrong.failed) == ("not met", True)
    assert wrong.comparisons[0].deviation == pytest.approx(0.0196, rel=0.01)


def test_the_expected_unit_is_the_one_compared_in(tmp_path: Path) -> None:
    result = checked(tmp_path, metres(1000, "mm"))
    assert result.status == "met"
    assert (result.comparisons[0].computed, result.comparisons[0].unit) == (1000, "mm")


def test_an_expected_unit_of_another_dimension_is_not_run(tmp_path: Path) -> None:
    assert checked(tmp_path, metres(1, "kg")).status == "not run"


def test_what_is_refused_or_not_run_is_a_failure(tmp_path: Path) -> None:
    refused = checked(tmp_path, metres(1), None, {"diameter": 11})
    assert (refused.status, refused.failed) == ("refused", True)
    unknown = checked(tmp_path, metres(1), model="toys")
    assert (unknown.status, unknown.failed) == ("not run", True)
    mistyped = checked(tmp_path, metres(1), None, {"diametre": 1})
    assert (mistyped.status, mistyped.failed) == ("not run", True)
    missing = checked(tmp_path, {**metres(1), "volume": {"value": 1, "unit": "m3"}})
    assert (missing.status, missing.failed) == ("not run", True)
    assert "volume" in missing.message


def test_an_expected_refusal_is_met_only_by_a_refusal(tmp_path: Path) -> None:
    assert checked(tmp_path, "refusal", None, {"diameter": 11}).status == "met"
    assert checked(tmp_path, "refusal", None, {"diameter": math.nan}).status == "met"
    assert checked(tmp_path, "refusal").status == "not met"
    assert checked(tmp_path, "refusal", None, {"diametre": math.nan}).status == "not run"


def test_an_expected_refusal_needs_no_tolerance(tmp_path: Path) -> None:
    [one] = read(tmp_path, {key: value for key, value in case("refusal").items() if key != "tolerance"})
    assert one.expected is None


def test_a_case_that_disagrees_must_really_disagree(tmp_path: Path) -> None:
    assert not checked(tmp_path, metres(2), disagrees="a misprint").failed
    assert checked(tmp_path, metres(1), disagrees="a misprint").failed


def agrees(expected: Json, computed: Json, tolerance: dict[str, object], name: str = "x", unit: str = "-") -> bool:
    return compare(name, Quantity(expected, unit), Quantity(computed, unit), Tolerance.read(tolerance)).met


def test_numbers_by_name_are_compared_name_by_name() -> None:
    near: dict[str, object] = {"type": "relative", "value": 0.01}
    assert agrees({"a": 1.0, "b": [2.0]}, {"b": [2.01], "a": 1.001}, near)
    assert not agrees({"a": 1.0}, {"a": 1.1}, near)
    assert not agrees({"a": 1.0}, {"a": 1.0, "b": 1.0}, near)
    assert not agrees({"a": 1.0, "b": 1.0}, {"a": 1.0}, near)


def test_relative_absolute_exact_and_order_of_magnitude() -> None:
    assert agrees(100.0, 101.0, {"type": "relative", "value": 0.01})
    assert not agrees(100.0, 101.1, {"type": "relative", "value": 0.01})
    assert not agrees(0.0, 1e-9, {"type": "relative", "value": 0.5})
    assert agrees(0.0, 0.9, {"type": "absolute", "value": 1})
    assert not agrees(0.0, 1.1, {"type": "absolute", "value": 1})
    assert agrees(2.1, 0.1 * 3 * 7, {"type": "exact"})
    assert not agrees(2.1, 2.1001, {"type": "exact"})
    assert agrees(10.0, 20.0, {"type": "order-of-magnitude", "value": 2})
    assert agrees(10.0, 5.0, {"type": "order-of-magnitude", "value": 2})
    assert not agrees(10.0, 21.0, {"type": "order-of-magnitude", "value": 2})
    assert not agrees(10.0, -10.0, {"type": "order-of-magnitude", "value": 2})


def test_an_absolute_bound_has_a_unit_of_its_own() -> None:
    bound = {"type": "absolute", "value": 1.0, "unit": "percentage points"}
    assert agrees(53, 52.2, bound, unit="%")
    assert not agrees(53, 51.8, bound, unit="%")
    assert agrees(5, 5.0009, {"type": "absolute", "value": 1, "unit": "mm"}, unit="m")
    assert not agrees(5, 5.0011, {"type": "absolute", "value": 1, "unit": "mm"}, unit="m")
    assert agrees(300, 300.9, {"type": "absolute", "value": 1, "unit": "K"}, unit="degC")
    with pytest.raises(BadInput, match="tolerance"):
        agrees(5, 5, {"type": "absolute", "value": 1, "unit": "kg"}, unit="m")


def test_a_key_that_names_an_output_or_its_beginning_replaces_the_value() -> None:
    tolerance = {"type": "relative", "value": 0.02, "mass_rate": 0.01, "flux": 0.15, "vs_ALOHA": 0.45}
    assert agrees(100, 98.5, tolerance)
    assert not agrees(100, 98.5, tolerance, "mass_rate")
    assert agrees(100, 86, tolerance, "flux_at_receptors")
    assert not agrees(100, 86, tolerance, "fluxes")
    assert agrees(100, 60, tolerance, "ALOHA_distance")
    assert not agrees(100, 60, tolerance, "Briggs_Gaussian_distance")


def test_either_of_two_bounds_is_enough() -> None:
    tolerance = {"type": "relative", "value": 0.01, "or_absolute": 1.0}
    assert agrees(16, 16.9, tolerance)
    assert agrees(10000, 10090, tolerance)
    assert not agrees(16, 17.1, tolerance)


def test_lists_are_compared_element_by_element_and_must_be_as_long() -> None:
    tolerance = {"type": "relative", "value": 0.01}
    assert agrees([[1.0, 2.0], [3.0]], [[1.0, 2.01], [3.0]], tolerance)
    assert not agrees([1.0, 2.0], [1.0, 2.1], tolerance)
    assert not agrees([1.0, 2.0], [1.0], tolerance)
    assert not agrees([1.0, 2.0], [1.0, 2.0, 3.0], tolerance)
    assert agrees(1.0, [1.0, 1.005], tolerance)
    assert not agrees(1.0, [1.0, 1.05], tolerance)
    assert not agrees(1.0, [], tolerance)


def test_texts_flags_and_null_are_equal_or_not() -> None:
    lax = {"type": "relative", "value": 10}
    assert agrees("一级", "一级", lax)
    assert not agrees("一级", "二级", lax)
    assert not agrees(True, 1, lax)
    assert agrees(None, None, lax)
    assert not agrees(None, 0, lax)


@pytest.mark.parametrize(
    "tolerance",
    [
        {"type": "realtive", "value": 1},
        {"type": "relative"},
        {"type": "relative", "value": -1},
        {"type": "relative", "value": math.inf},
        {"type": "relative", "value": "1"},
        "loose",
    ],
)
def test_a_tolerance_that_is_not_understood_is_refused(tmp_path: Path, tolerance: object) -> None:
    with pytest.raises(BadCases, match="tolerance"):
        read(tmp_path, case(metres(1), tolerance))


def test_remarks_behind_units_are_read_over_but_gauge_is_not_a_remark(tmp_path: Path) -> None:
    given = {"diameter": {"value": 1, "unit": "m (inferred from 2*0.5)"}, "count": {"value": 2, "unit": "two of them"}}
    assert checked(tmp_path, metres(1, "m @10 m"), None, given).status == "met"
    gauge = {"diameter": 1, "pressure_abs": {"value": 2, "unit": "bar (g)"}}
    assert checked(tmp_path, metres(1), None, gauge).status == "refused"
    assert checked(tmp_path, metres(1), None, {"diameter": {"value": 1, "unit": "somewhat"}}).status == "refused"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "不是 JSON"),
        ("[]", "没有算例"),
        ('{"model": "toy"}', "没有算例"),
        ('[{"id": "a"}]', "缺少 model"),
        ('[{"id": "a", "model": "toy", "inputs": {}, "expected": {}, "tolerance": {"type": "exact"}}]', "expected"),
        ('[{"id": "a", "model": "toy", "inputs": [], "expected": {}, "tolerance": {"type": "exact"}}]', "inputs"),
        ("[3]", "不是对象"),
        ('[{"id": "a", "model": "toy", "inputs": {}, "expected": {"x": NaN}, "tolerance": {"type": "exact"}}]', "有限"),
        ("[" * 100_000, "嵌套太深"),
    ],
)
def test_a_file_that_is_no_file_of_cases_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "cases.json"
    file.write_text(text)
    with pytest.raises(BadCases) as refused:
        cases.read(file)
    assert said in str(refused.value)
    assert str(file) in str(refused.value)
