"""Documents that cannot rot: what they name exists, and what exists is named."""

import ast
import re
from pathlib import Path

import pytest

from anlan.cli import VERBS

ROOT = Path(__file__).resolve().parents[2]
ROWS = {"A": 13, "B": 11, "C": 9, "D": 7, "E": 7, "F": 7, "G": 10, "H": 24, "I": 9, "J": 8, "K": 6}
STATES = {"works", "part", "open"}
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def rows() -> dict[str, tuple[str, str]]:
    """Row number → (state, everything said about it)."""
    found = {}
    for line in (ROOT / "docs/rows.md").read_text().splitlines():
        match = re.match(r"\| ([A-K]\d+) \|[^|]*\| (\w+) \|(.*)\|$", line)
        if match:
            assert match[1] not in found, f"row {match[1]} stands twice"
            found[match[1]] = (match[2], match[3])
    return found


def named_tests(text: str) -> list[str]:
    return re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", text)


def test_every_row_is_listed_with_a_known_state() -> None:
    listed = rows()
    assert set(listed) == {f"{letter}{number}" for letter, last in ROWS.items() for number in range(1, last + 1)}
    assert {state for state, _ in listed.values()} <= STATES


def test_a_row_that_works_names_its_proof() -> None:
    unproven = [row for row, (state, text) in rows().items() if state != "open" and not named_tests(text)]
    assert not unproven


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_named_tests_exist(document: Path) -> None:
    for name in named_tests(document.read_text()):
        file, _, function = name.partition("::")
        assert (ROOT / file).is_file(), name
        if function:
            tree = ast.parse((ROOT / file).read_text())
            defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
            assert function in defined, name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text()):
        if "://" not in target:
            assert (document.parent / target).exists(), target


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    used = {
        name
        for file in [*ROOT.glob("anlan/**/*.py"), *ROOT.glob("tests/**/*.py"), ROOT / "hatch_build.py"]
        for name in re.findall(r"[\"'](ANLAN_[A-Z_]+)[\"']", file.read_text())
    }
    documented = set(re.findall(r"`(ANLAN_[A-Z_]+)`", (ROOT / "docs/settings.md").read_text()))
    assert documented == used


def test_every_verb_is_documented() -> None:
    documented = set(re.findall(r"^## anlan (\w+)", (ROOT / "docs/commands.md").read_text(), re.MULTILINE))
    assert documented == set(VERBS)


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs/adr/README.md").read_text()
    assert all(file.name in index for file in (ROOT / "docs/adr").glob("0*.md"))
