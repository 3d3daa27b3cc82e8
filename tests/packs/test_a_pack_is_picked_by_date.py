"""The date picks the version; the user's folder adds and replaces; what is absent is said in words."""

from datetime import date
from pathlib import Path

import pytest

from anlan.packs import loader
from anlan.packs.families import accident_types, levels
from anlan.packs.model import PackError
from anlan.rules.levels import Level
from tests.packs.conftest import Write
from tests.packs.test_the_linter_finds_every_problem_with_its_line import SCALE


def test_an_accident_before_july_2026_has_the_types_of_1986() -> None:
    assert len(accident_types.load(date(2026, 6, 30)).types) == 20


def test_an_accident_from_july_2026_has_the_types_of_2025() -> None:
    assert len(accident_types.load(date(2026, 7, 1)).types) == 27


def test_serious_is_called_major_in_plans() -> None:
    """重大 is red for risk and orange for accident plans: the rank is one thing, its word another."""
    words = levels.load(date(2026, 11, 1))
    assert words.word("risk", Level.MAJOR).text == "重大风险"
    assert words.word("plan", Level.SERIOUS).text == "重大"
    assert words.word("plan", Level.SERIOUS).sign == "橙"


def test_a_fact_names_its_words() -> None:
    assert levels.word_of("core/levels/plan", Level.MAJOR, date(2026, 11, 1)).text == "特别重大"


def test_a_date_before_every_version_is_refused_with_what_there_is() -> None:
    with pytest.raises(PackError, match="1987-02-01 至 2026-06-30"):
        accident_types.load(date(1980, 1, 1))


def test_a_pack_that_does_not_exist_is_refused_with_where_was_looked() -> None:
    with pytest.raises(PackError, match="没有规则包 core/nothing"):
        loader.load("core/nothing", date(2026, 1, 1))


def test_the_users_pack_replaces_the_one_of_the_product(write: Write, own_packs: Path) -> None:
    write("core/levels.yaml", SCALE.replace("text: 重大", "text: 一级"), valid_from="2026-01-01", valid_to="2026-12-31")
    assert levels.load(date(2026, 6, 1)).word("risk", Level.MAJOR).text == "一级"
    assert levels.load(date(2025, 6, 1)).word("risk", Level.MAJOR).text == "重大风险"


def test_the_users_pack_with_the_same_validity_replaces_it_for_good(write: Write, own_packs: Path) -> None:
    write("core/levels.yaml", SCALE.replace("text: 重大", "text: 一级"), valid_from="2016-10-09")
    assert levels.load(date(2030, 1, 1)).word("risk", Level.MAJOR).text == "一级"


def test_a_broken_pack_of_the_user_is_not_passed_over(write: Write, own_packs: Path) -> None:
    """Silently taking the product's own limits instead would be worse than stopping."""
    write("core/levels.yaml", SCALE, valid_from="soon")
    with pytest.raises(PackError, match="anlan packs check"):
        levels.load(date(2026, 1, 1))


def test_a_pack_is_read_once() -> None:
    assert levels.load(date(2026, 1, 1)) is levels.load(date(2026, 1, 2))


def test_what_was_read_cannot_be_changed() -> None:
    words = levels.load(date(2026, 1, 1)).scales
    with pytest.raises(TypeError):
        words["risk"] = words["plan"]  # type: ignore[index]


def test_the_header_says_where_the_data_come_from() -> None:
    header = loader.load("chemicals/gb18218", date(2026, 1, 1)).header
    assert (header.standard, header.confidence) == ("GB 18218-2018", "read")
    assert [version.standard for version in loader.versions("core/accident_types")] == [
        "GB 6441-2025",
        "GB/T 6441-1986",
    ]
