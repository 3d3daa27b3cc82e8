"""What a model takes, and what is refused, each in one message that says what, which value and what to do."""

import math
from typing import cast

import pytest

from anlan.kit.models.errors import BadInput, ModelError, Refused, UnknownInput, UnknownModel
from anlan.kit.models.running import run


def taken(**inputs: object) -> dict[str, object]:
    return cast(dict[str, object], run("toy", {"diameter": 1, **inputs}).outputs["everything"].value)


def refused(kind: type[ModelError] = BadInput, **inputs: object) -> str:
    with pytest.raises(kind) as error:
        run("toy", {"diameter": 1, **inputs})
    assert type(error.value) is kind
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    "given", [0.005, {"value": 5, "unit": "mm"}, {"value": 0.005}, "5 mm", "5mm", "0.5cm", "0.005", "5e-3 m"]
)
def test_a_number_may_be_given_in_several_ways(given: object) -> None:
    assert taken(diameter=given)["diameter"] == pytest.approx(0.005)


def test_lists_and_objects_take_one_unit_for_all_or_one_for_each() -> None:
    assert taken(path={"value": [1, 2], "unit": "km"})["path"] == [1000, 2000]
    assert taken(path=["1 km", 2])["path"] == [1000, 2]
    assert taken(path="1 km")["path"] == 1000
    assert taken(parts={"value": {"a": 1}, "unit": "km"})["parts"] == {"a": 1000}
    assert taken(tanks=[{"mass": "2 t", "name": "V1"}])["tanks"] == [{"mass": 2000, "name": "V1"}]


def test_texts_choices_and_flags_are_taken_as_they_are() -> None:
    found = taken(stability={"value": "F", "unit": "-"}, label="5 mm", wet=True, count=3.0)
    assert (found["stability"], found["label"], found["wet"], found["count"]) == ("F", "5 mm", True, 3)


def test_null_is_what_was_not_given() -> None:
    assert taken(path=None, temperature={"value": None, "unit": "K"})["temperature"] == 293.15


def test_an_unknown_model_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownModel, match=r"没有模型 gb18218/gradin，是否想写 gb18218/grading"):
        run("gb18218/gradin", {})


def test_an_unknown_input_is_refused_with_the_nearest_name() -> None:
    assert "没有输入 diametre，是否想写 diameter" in refused(UnknownInput, diametre=2)
    assert "tanks[0] 的 没有输入 mas，是否想写 mass" in refused(UnknownInput, tanks=[{"mas": 1}])


def test_a_missing_input_is_named_with_its_unit_and_meaning() -> None:
    with pytest.raises(BadInput, match=r"缺少输入 diameter；diameter \[m\]：Diameter"):
        run("toy", {})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, {"value": math.nan, "unit": "mm"}, 10**400])
def test_what_is_not_finite_is_refused(value: object) -> None:
    assert "不是有限的数" in refused(diameter=value)


@pytest.mark.parametrize("value", ["NaN", "wide", "", True, [1], {"a": 1}, "5 mm 3", "--5"])
def test_what_is_no_number_is_refused(value: object) -> None:
    assert "diameter" in refused(diameter=value)


def test_wrong_types_say_what_is_wanted() -> None:
    assert "整数" in refused(count=1.5)
    assert "true 或 false" in refused(wet="yes")
    assert "A / D / F 之一" in refused(stability="G")
    assert "文字" in refused(label=3)
    assert "列表" in refused(path=True)
    assert "tanks[0].mass" in refused(tanks=[{"mass": "x"}]) or "mass" in refused(tanks=[{"mass": "x"}])


def test_a_unit_of_another_dimension_names_both() -> None:
    said = refused(diameter="5 kg")
    assert "kg" in said
    assert "m" in said
    assert "换算不成 m" in said


def test_an_angle_needs_its_unit_only_when_one_is_given() -> None:
    assert taken(tilt=30)["tilt"] == 30
    assert taken(tilt="0.5 rad")["tilt"] == pytest.approx(28.6479, rel=1e-5)
    assert "换算不成 deg" in refused(tilt={"value": 30, "unit": "-"})


def test_gauge_pressure_is_taken_only_where_pressure_is_a_difference() -> None:
    assert taken(pressure_gauge="10 psig")["pressure_gauge"] == pytest.approx(68947.573)
    assert "表压" in refused(pressure_abs="10 psig")
    assert "绝对压力" in refused(pressure_gauge="2 bara")


def test_outside_its_range_the_model_refuses_in_its_own_words() -> None:
    assert "diameter = 11 m" in refused(Refused, diameter=11)


def test_a_result_that_is_not_finite_is_no_result() -> None:
    assert "不是有限的数" in refused(Refused, label="infinite")


def test_a_division_by_zero_inside_is_a_refusal_not_a_trace() -> None:
    assert "算不出结果" in refused(Refused, count=0)


def test_the_outcome_repeats_the_inputs_in_the_units_of_the_model() -> None:
    outcome = run("toy", {"diameter": "5 mm"}).as_json()
    assert isinstance(outcome, dict)
    assert outcome["inputs"] == {"diameter": {"value": 0.005, "unit": "m"}}


def test_a_number_in_a_documented_output_stands_for_any_number() -> None:
    outputs = run("toy", {"diameter": 1, "label": "numbered"}).outputs
    assert {name: each.unit for name, each in outputs.items()} == {"F(N>=1)": "1/yr", "F(N>=250)": "1/yr"}


def test_an_output_that_is_not_documented_is_no_result() -> None:
    assert "没有输出 G(N>=1)" in refused(Refused, label="undocumented")
