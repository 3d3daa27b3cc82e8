"""The how-to names every column that there is."""

from pathlib import Path

import pytest

from anlan.apps.exchange.kinds import known

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "import.md"


def line(key: str) -> str:
    kind = known()[key]
    columns = "、".join(f"{one.title}{'*' if one.required else ''} `{one.key}`" for one in kind.fields())
    return f"| {kind.label} `{key}` | {columns} |"


@pytest.mark.parametrize("key", known())
def test_every_column_of_a_kind_is_in_the_how_to(key: str) -> None:
    assert line(key) in PAGE.read_text("utf-8").splitlines()
