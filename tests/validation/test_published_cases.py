"""Every published case at its own tolerance: met, or listed as disagreeing with the reason, and then really so."""

from pathlib import Path

import pytest

from anlan.kit.models import cases
from anlan.kit.models.catalogue import models

FOLDER = Path(__file__).parent / "cases"
CASES = [(file.stem, case) for file in sorted(FOLDER.glob("*.json")) for case in cases.read(file)]
IDS = [f"{family}:{case.id}" for family, case in CASES]


def described(result: cases.Result) -> str:
    wrong = [f"{each.name}: {each.computed} for {each.expected}" for each in result.comparisons if not each.met]
    return f"{result.status} {result.message} {'; '.join(wrong)}"


@pytest.mark.parametrize(("family", "case"), CASES, ids=IDS)
def test_the_published_case_is_met(family: str, case: cases.Case) -> None:
    result = cases.check(case)
    if case.disagrees:
        assert result.status != "met", f"{case.id} is met: take away why it disagrees"
    else:
        assert result.status == "met", described(result)


@pytest.mark.parametrize(("family", "case"), CASES, ids=IDS)
def test_the_case_names_its_source_and_a_model_that_exists_or_why_there_is_none(family: str, case: cases.Case) -> None:
    assert case.source
    assert case.model in models() or case.disagrees


def test_the_validation_page_shows_every_case_and_no_failure() -> None:
    page = (Path(__file__).parents[2] / "docs/validation.md").read_text(encoding="utf-8")
    missing = [case.id for _, case in CASES if f"| {case.id} |" not in page]
    assert missing == [], "run anlan model check tests/validation/cases --markdown docs/validation.md"
    assert ", 0 failed." in page


def test_no_case_stands_twice() -> None:
    ids = [case.id for _, case in CASES]
    assert len(set(ids)) == len(ids)
