"""Units are converted, and nothing that only looks like a unit passes."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kit.models import units
from anlan.kit.models.errors import BadInput


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "expected"),
    [
        (5, "mm", "m", 0.005),
        (20, "degC", "K", 293.15),
        (20, "°C", "K", 293.15),
        (20, "℃", "K", 293.15),
        (68, "degF", "K", 293.15),
        (300, "ppm", "-", 3e-4),
        (50, "%", "-", 0.5),
        (0.5, "-", "%", 50),
        (2, "t", "kg", 2000),
        (80, "g/s", "kg/s", 0.08),
        (12.5, "kW/m2", "W/m2", 12500),
        (12.5, "kW/m²", "W/m^2", 12500),
        (1, "1/min", "1/s", 1 / 60),
        (1, "kJ/kg/K", "J/kg/degC", 1000),
        (1, "(kW/m2)^(4/3) s", "(W/m2)^(4/3) s", 1e4),
        (1, "m/kg^1/3", "cm/kg^(1/3)", 100),
        (3.2, "per 1e8 h", "1/h", 3.2e-8),
        (180, "deg", "rad", math.pi),
        (1, "bar", "Pa", 1e5),
        (1, "bara", "Pa", 1e5),
        (1, "barg", "kPag", 100),
        (10, "psig", "psi", None),
        (760, "mmHg", "Pa", 101325),
        (1, "m s-1", "km/h", 3.6),
    ],
)
def test_a_value_is_converted(value: float, unit: str, wanted: str, expected: float | None) -> None:
    if expected is None:
        with pytest.raises(BadInput, match="表压"):
            units.convert(value, unit, wanted, "x")
    else:
        assert units.convert(value, unit, wanted, "x") == pytest.approx(expected, rel=1e-6)


def test_lists_of_lists_are_converted_element_by_element() -> None:
    assert units.convert([[0, 100], [20]], "degC", "K", "T") == [[273.15, 373.15], [293.15]]


@pytest.mark.parametrize(
    ("unit", "wanted", "said"),
    [
        ("m", "Pa", "换算不成 Pa"),
        ("ppm", "kg/m3", "换算不成 kg/m3"),
        ("-", "deg", "换算不成 deg"),
        ("deg", "-", "换算不成 -"),
        ("s", "ln s", "换算不成 ln s"),
        ("GBP", "CNY", "换算不成 CNY"),
        ("psig", "Pa", "表压"),
        ("bar(g)", "Pa", "表压"),
        ("psia", "psig", "绝对压力"),
        ("hogsheads of ale", "m3", "不认识的单位"),
        ("KPA", "Pa", "不认识的单位"),
        ("m^9^9^9", "m", "不认识的单位"),
        ("1e3 kg", "kg", "不认识的单位"),
        ("__import__('os')", "m", "不认识的单位"),
        ("m" * 1000, "m", "不认识的单位"),
        ("(m", "m", "不认识的单位"),
        ("m//s", "m/s", "不认识的单位"),
    ],
)
def test_what_cannot_be_converted_is_refused_with_both_units(unit: str, wanted: str, said: str) -> None:
    with pytest.raises(BadInput, match="x：") as refused:
        units.convert(1.0, unit, wanted, "x")
    assert said in str(refused.value)


def test_a_difference_of_temperature_has_no_zero() -> None:
    assert units.factor("degC", "K", "T") == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="mkgsPaK/*^()-·23 %°µ.", max_size=20))
def test_any_text_is_a_unit_or_not_and_nothing_else(text: str) -> None:
    assert units.known(text) in (True, False)


@settings(max_examples=40, deadline=None)
@given(st.floats(-1e6, 1e6), st.sampled_from([("mm", "m"), ("degC", "K"), ("psi", "Pa"), ("%", "-")]))
def test_there_and_back_is_the_same(value: float, pair: tuple[str, str]) -> None:
    there = units.convert(value, pair[0], pair[1], "x")
    assert units.convert(there, pair[1], pair[0], "x") == pytest.approx(value, rel=1e-9, abs=1e-6)
