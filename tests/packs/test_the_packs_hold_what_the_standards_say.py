"""Spot checks of the tables against the standards they come from."""

from datetime import date

import pytest

from anlan.packs.families import accident_types, alarm_facts, divisions, major_installations, roles
from anlan.rules.levels import Level

TODAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("name", "threshold"),
    [("氨", 10), ("氯", 5), ("碳酰氯(光气)", 0.3), ("异氰酸甲酯", 0.75), ("甲醇", 500), ("硝酸钾", 1000)],
)
def test_the_threshold_of(name: str, threshold: float) -> None:
    [found] = [each for each in major_installations.load(TODAY).substances if each.name == name]
    assert found.q_t == threshold


def test_gb18218_has_85_named_substances_and_their_cas_numbers_check() -> None:
    substances = major_installations.load(TODAY).substances
    assert [each.no for each in substances] == list(range(1, 86))
    for cas in (cas for each in substances for cas in each.cas):
        digits = cas.replace("-", "")
        total = sum(int(digit) * weight for weight, digit in enumerate(reversed(digits[:-1]), 1))
        assert total % 10 == int(digits[-1]), cas


def test_beta_alpha_and_grades_are_those_of_tables_3_to_6() -> None:
    tables = major_installations.load(TODAY)
    assert {gas.name: gas.beta for gas in tables.toxic_gases}["碳酰氯"] == 20
    assert {one.symbol: (one.q_t, one.beta) for one in tables.categories}["W5.2"] == (50, 1)
    assert [one.alpha for one in tables.exposures] == [2.0, 1.5, 1.2, 1.0, 0.5]
    assert [(one.name, one.r_from) for one in tables.grades] == [("一级", 100), ("二级", 50), ("三级", 10), ("四级", 0)]


def test_exposure_and_grades_leave_no_gap() -> None:
    tables = major_installations.load(TODAY)
    for higher, lower in zip(tables.exposures, tables.exposures[1:], strict=False):
        assert lower.people_to == higher.people_from - 1
    for higher_grade, lower_grade in zip(tables.grades, tables.grades[1:], strict=False):
        assert lower_grade.r_to == higher_grade.r_from


def test_poisoning_and_suffocation_became_two_types() -> None:
    old = {kind.name: kind.successors for kind in accident_types.load(date(2026, 1, 1)).types}
    assert old["中毒和窒息"] == ("中毒", "窒息")
    assert old["放炮"] == ()


def test_an_invented_county_cannot_have_a_real_code() -> None:
    known = divisions.load(TODAY)
    assert known.name("211122") == "盘山县"
    assert len([one for one in known.divisions if one.parent is None]) == 34
    assert not [one for one in known.divisions if one.code.startswith(known.invented)]


def test_every_alarm_has_a_meaning_and_missing_is_never_low() -> None:
    facts = alarm_facts.load(TODAY)
    assert facts.effect("HH", "critical").level is Level.MAJOR
    for rank in facts.ranks:
        for limit in ("MISSING", "SOURCE_LOST"):
            assert facts.effect(limit, rank).level is Level.UNKNOWN


def test_a_worse_limit_is_never_milder_and_never_has_more_time() -> None:
    facts = alarm_facts.load(TODAY)
    for rank in facts.ranks:
        for outer, inner in (("HH", "H"), ("LL", "L")):
            assert facts.effect(outer, rank).level > facts.effect(inner, rank).level
            assert facts.effect(outer, rank).acknowledge_minutes <= facts.effect(inner, rank).acknowledge_minutes


def test_who_only_looks_may_not_acknowledge() -> None:
    found = roles.load(TODAY)
    may = {key for key in found.roles if "alarm.acknowledge" in found.capabilities_of(key)}
    assert {"duty_officer", "safety_officer"} <= may
    assert not may & {"leader", "worker", "expert"}


def test_a_role_that_is_gone_gives_nothing() -> None:
    assert roles.load(TODAY).capabilities_of("emperor") == frozenset()
