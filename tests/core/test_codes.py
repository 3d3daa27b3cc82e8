"""Codes of divisions (GB/T 2260) and organisations (GB 32100-2015)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules import codes

#: Codes of registered organisations, as public code collections print them.
REGISTERED = (
    "91350200MA2YJ1XR9G",
    "91350200776049653A",
    "91350500798359476R",
    "91350503MA31DKY80A",
    "91440101MA5CJQ4N59",
    "913502000728319549",
    "914403003429409755",
    "914403006990676707",
    "91440300L83341734R",
    "123502001549897397",
    "91350503MA31DNG762",
    "913502115628130384",
    "9135021359498494XQ",
    "91350203MA31NDF85F",
    "91350203MA32AXT97E",
    "91350203MA31XXW31H",
    "91350206MA31LUJ437",
    "91350213678251743X",
)
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("code", REGISTERED)
def test_a_registered_code_passes(code: str) -> None:
    assert codes.uscc(code) is None


@pytest.mark.parametrize("code", ["91350203M0001QAY9B", "91350200MA2YJ1XR9A"])
def test_a_wrong_check_character_is_named(code: str) -> None:
    refusal = codes.uscc(code)
    assert refusal is not None
    assert refusal.code == "code.uscc_check"
    assert code in refusal.filled(refusal.message)


@pytest.mark.parametrize(
    "code", ["", "91350200MA2YJ1XR9", "91350200MA2YJ1XR9GG", "9135020OMA2YJ1XR9G", "91350200ma2yj1xr9g"]
)
def test_a_code_of_the_wrong_form_is_refused(code: str) -> None:
    refusal = codes.uscc(code)
    assert refusal is not None
    assert refusal.code == "code.uscc_form"


@given(st.sampled_from(REGISTERED), st.integers(8, 16), st.sampled_from(CHARACTERS))
def test_any_single_wrong_character_is_caught(code: str, position: int, character: str) -> None:
    changed = code[:position] + character + code[position + 1 :]
    assert (codes.uscc(changed) is None) == (changed == code)


@pytest.mark.parametrize(
    ("kind", "code", "parent", "parent_kind"),
    [
        ("province", "210000", "", ""),
        ("city", "211100", "210000", "province"),
        ("county", "211122", "211100", "city"),
        ("county", "429004", "420000", "province"),  # governed by the province directly
        ("town", "211122001", "211122", "county"),
        ("town", "441900003", "441900", "city"),  # a city without counties
        ("county", "211122", "", "city"),  # the level above has no code
    ],
)
def test_a_division_code_of_its_level_and_parent_passes(kind: str, code: str, parent: str, parent_kind: str) -> None:
    assert codes.check(kind, code, parent, parent_kind) is None


@pytest.mark.parametrize(
    ("kind", "code", "parent", "parent_kind", "reason"),
    [
        ("province", "211100", "", "", "code.division_form"),
        ("city", "210000", "", "", "code.division_form"),
        ("county", "211100", "", "", "code.division_form"),
        ("county", "2111220", "", "", "code.division_form"),
        ("county", "011122", "", "", "code.division_form"),
        ("town", "211122", "", "", "code.division_form"),
        ("county", "211321", "211100", "city", "code.division_parent"),
        ("city", "141100", "210000", "province", "code.division_parent"),
        ("town", "211321001", "211122", "county", "code.division_parent"),
    ],
)
def test_a_division_code_of_another_level_or_parent_is_refused(
    kind: str, code: str, parent: str, parent_kind: str, reason: str
) -> None:
    refusal = codes.check(kind, code, parent, parent_kind)
    assert refusal is not None
    assert refusal.code == reason


def test_no_code_is_always_good_and_a_risk_point_numbers_as_it_likes() -> None:
    assert codes.check("enterprise", "") is None
    assert codes.check("risk_point", "R-101/甲") is None
    assert codes.check("risk_point", "R" * 25) is not None
