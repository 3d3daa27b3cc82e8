"""Collects what the interface says, and keeps the English catalogue in step.

    python scripts/messages.py            bring every anlan/kit/locale/*/LC_MESSAGES/django.po up to date
    python scripts/messages.py --check    change nothing; exit 1 and say what is missing

Both list what has no translation yet. Chinese is the source. It is collected from four kinds of file: Python (gettext
calls, and the texts of refusals), templates (through Django's own ``templatize``), TypeScript (``_("…")``), and the
words of packs that people see. The command line speaks Chinese only.
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "anlan/kit/locale"
CHINESE = re.compile(r"[\u3400-\u9fff]")

Message = str | tuple[str, str]  # the second is the plural, always the same words in Chinese
Found = Iterator[Message]

#: Calls in Python whose text arguments are translated when they are shown.
CALLS = {
    "_": (0,), "gettext": (0,), "gettext_lazy": (0,), "gettext_noop": (0,),
    "Refusal": (1, 2), "_refused": (1, 2), "_bad_time": (1,), "raise_fact": (3,), "NewFact": (3,), "notify": (1,),
    "Finding": (2, 3),
}  # fmt: skip
KEYWORDS = {"reason", "message", "fix", "text"}
#: Words in packs that pages translate: keys of a document, columns of a table (two, where pages join them by the sign).
PACKS = {
    "core/levels.yaml": {"text", "sign"},
    "core/alarm_facts.yaml": {"reason"},
    "core/lapse_facts.yaml": {"reason"},
    "core/roles.yaml": {"name", "capabilities"},
    "core/admission.yaml": {"title", "name", "stages", "offices"},
    "core/park_desk.yaml": {"gates", "name", "unit", "states"},
    "core/retention.yaml": {"name"},
    "core/file_groups.yaml": {"name", "branches"},
    "core/file_fields.csv": {"label", "choices", "hint"},
    "core/economic_types.csv": {"name"},
    "core/industries.csv": {"name"},
    "core/public_objects.csv": {"name"},
    "chemicals/park_grading.yaml": {"name", "meaning"},
    "chemicals/park_grading-items.csv": {"text", "how"},
    "chemicals/park_grading-vetoes.csv": {"text"},
    "chemicals/park_study.yaml": {"reason"},
    "chemicals/site_distances.yaml": {"name"},
    "chemicals/gb18218-categories.csv": {"category：description"},
    "sectors/*/sector.yaml": {"name"},
}

_STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"(n?)(?:gettext|_)\(\s*{_STRING}(?:\s*,\s*{_STRING})?", re.DOTALL)
_IN_SCRIPT = re.compile(r'(?<![\w.$])_\(\s*"((?:[^"\\]|\\.)*)"')
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'\w])//[^\n]*", re.DOTALL)


def from_python(source: str) -> Found:
    """Texts given to gettext or to a refusal, also through a name that holds a text."""
    tree = ast.parse(source)
    held = _held_texts(tree)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if name == "ngettext" and len(call.args) > 1:
            yield tuple(arg.value for arg in call.args[:2] if isinstance(arg, ast.Constant))  # type: ignore[misc]
        if name not in CALLS:
            continue
        given = [call.args[at] for at in CALLS[name] if at < len(call.args)]
        given += [keyword.value for keyword in call.keywords if keyword.arg in KEYWORDS]
        for argument in given:
            yield from _texts(argument, held)


def _held_texts(tree: ast.AST) -> dict[str, list[str]]:
    """Name -> the texts that are assigned to it anywhere in the file, alone, in a table, or by a loop over one."""
    held: dict[str, list[str]] = defaultdict(list)
    for node in ast.walk(tree):
        pairs: list[tuple[ast.expr, ast.expr]] = []
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs += zip(target.elts, node.value.elts, strict=False)
                else:
                    pairs.append((target, node.value))
        elif isinstance(node, ast.For | ast.comprehension):
            pairs += [(name, node.iter) for name in ast.walk(node.target) if isinstance(name, ast.Name)]
        for name, value in pairs:
            if isinstance(name, ast.Name):
                held[name.id] += list(_texts(value, held))
    return held


def _texts(node: ast.expr, held: dict[str, list[str]]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value):
        yield node.value
    elif isinstance(node, ast.Name):
        yield from held.get(node.id, [])
    else:
        for part in _parts(node):
            yield from _texts(part, held)


def _parts(node: ast.expr) -> Sequence[ast.expr]:
    """The expressions that one is chosen from: branches, members of a table, what ``table.get`` gives."""
    match node:
        case ast.IfExp():
            return (node.body, node.orelse)
        case ast.Dict():
            return node.values
        case ast.Tuple() | ast.List():
            return node.elts
        case ast.Subscript():
            return (node.value,)
        case ast.Call(func=ast.Attribute(attr="get", value=table)):
            return (table, *node.args[1:])
        case _:
            return ()


def from_template(source: str) -> Found:
    """Texts of translate, blocktranslate and ``_("…")`` in a template."""
    from django.utils.translation.template import templatize

    for plural, first, second in _IN_TEMPLATE.findall(templatize(source)):
        message = ast.literal_eval(first)
        yield (message, ast.literal_eval(second)) if plural and second else message


def without_comments(source: str) -> str:
    """TypeScript without what only its authors read."""
    return _COMMENT.sub("", source)


def from_script(source: str) -> Found:
    """Texts of ``_("…")`` in TypeScript."""
    for text in _IN_SCRIPT.findall(without_comments(source)):
        yield json.loads(f'"{text}"')


def from_pack(source: str, keys: set[str]) -> Found:
    """The Chinese texts under some keys of a pack, at any depth, alone or as a table of texts."""
    yield from _under(yaml.safe_load(source), keys)


def _under(node: object, keys: set[str]) -> Iterator[str]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in children:
        texts = value.values() if isinstance(value, dict) else (value,)
        if key in keys:
            yield from (text for text in texts if isinstance(text, str) and CHINESE.search(text))
        yield from _under(value, keys)


def from_table(source: str, columns: set[str]) -> Found:
    """The Chinese texts in some columns of a pack's table; a cell of choices holds several."""
    for row in csv.DictReader(source.splitlines()):
        for column in sorted(columns):
            cell = "：".join(row[name] for name in column.split("："))
            texts = cell.split(";") if column == "choices" else [cell]
            yield from (text for text in texts if CHINESE.search(text))


def everything() -> dict[Message, set[str]]:
    """Every message with the files that use it."""
    found: dict[Message, set[str]] = defaultdict(set)
    readers = (("*.py", from_python), ("*.html", from_template), ("*.ts", from_script))
    for pattern, reader in readers:
        paths = [path for path in sorted((ROOT / "anlan").rglob(pattern)) if ROOT / "anlan/cli" not in path.parents]
        for path in paths:
            for message in reader(path.read_text("utf-8")):
                found[message].add(path.relative_to(ROOT).as_posix())
    for pattern, keys in PACKS.items():
        for path in sorted((ROOT / "anlan/packs").glob(pattern)):
            words = from_table if path.suffix == ".csv" else from_pack
            for message in words(path.read_text("utf-8"), keys):
                found[message].add(path.relative_to(ROOT).as_posix())
    return found


def bring_up_to_date(path: Path) -> Catalog:
    """Add new messages to a catalogue and drop those that nothing says any more."""
    template = Catalog(project="anlan", charset="utf-8")
    for message, files in everything().items():
        template.add(message, locations=[(name, 1) for name in sorted(files)])
    with path.open("rb") as file:
        catalogue = read_po(file)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = ""
    catalogue.revision_date = catalogue.creation_date
    return catalogue


def lacking(catalogue: Catalog) -> list[str]:
    """Messages without a translation, or whose {names} are not those of the message."""
    return [
        f"{' | '.join(sorted(name for name, _ in message.locations))}: {message.id}"
        for message in catalogue
        if message.id and not _is_whole(message.id, message.string)
    ]


def _is_whole(message: str | Sequence[str], translation: str | Sequence[str] | None) -> bool:
    forms = [translation or ""] if translation is None or isinstance(translation, str) else translation
    source = message if isinstance(message, str) else message[-1]
    wanted = sorted(set(re.findall(r"\{\w+\}|%\(\w+\)s", source)))
    return all(forms) and all(sorted(set(re.findall(r"\{\w+\}|%\(\w+\)s", form))) == wanted for form in forms)


def main() -> int:
    parser = argparse.ArgumentParser(description="Collect messages; keep the catalogues in step.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if something is missing")
    check = parser.parse_args().check
    missing: list[str] = []
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        catalogue = bring_up_to_date(path)
        missing += lacking(catalogue)
        if not check:
            with path.open("wb") as file:
                write_po(file, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
    sys.stdout.writelines(f"no translation: {line}\n" for line in missing)
    sys.stdout.write(f"{len(missing)} messages lack a translation\n")
    return 1 if check and missing else 0


if __name__ == "__main__":
    sys.exit(main())
