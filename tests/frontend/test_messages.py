"""Whatever the interface says, it says in English too."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from scripts import messages

ROOT = Path(__file__).parents[2]
PO = sorted(messages.LOCALE.glob("*/LC_MESSAGES/django.po"))
_STRINGS = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`(?:[^`\\]|\\.)*`')
_DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_BLOCK = re.compile(r"\{%\s*blocktrans.*?endblocktrans\w*\s*%\}", re.DOTALL)
_COMMENT = re.compile(r"\{%\s*comment.*?endcomment\s*%\}", re.DOTALL)


@pytest.mark.parametrize("path", PO, ids=lambda path: path.parts[-3])
def test_every_message_is_translated_with_the_same_names_in_it(path: Path) -> None:
    lacking = messages.lacking(messages.bring_up_to_date(path))
    assert lacking == [], "run `make messages` and translate them"


#: What is typed in Chinese whatever the page's language: a plate, names of places.
EXAMPLE = re.compile(r"鲁A12345|“城关镇/东岸化工”")


@pytest.mark.parametrize("path", PO, ids=lambda path: path.parts[-3])
def test_no_translation_is_left_in_chinese(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    kept = [entry.id for entry in catalogue if entry.id and messages.CHINESE.search(EXAMPLE.sub("", str(entry.string)))]
    assert kept == []


def templates() -> list[Path]:
    return sorted((ROOT / "anlan").rglob("*.html"))


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name)
def test_no_template_holds_chinese_outside_gettext(path: Path) -> None:
    text = _DJANGO.sub("", _COMMENT.sub("", _BLOCK.sub("", path.read_text("utf-8"))))
    bare = [line.strip() for line in text.splitlines() if messages.CHINESE.search(line)]
    assert bare == []


def scripts() -> list[Path]:
    return sorted((ROOT / "anlan").rglob("frontend/**/*.ts"))


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.name)
def test_no_script_holds_chinese_outside_gettext(path: Path) -> None:
    source = messages.without_comments(path.read_text("utf-8"))
    told = set(messages.from_script(source))
    texts = [text[1:-1] for text in _STRINGS.findall(source) if messages.CHINESE.search(text)]
    assert [text for text in texts if text not in told] == []


def test_messages_are_found_in_every_kind_of_file() -> None:
    refused = 'fix = "去那里。"\nRefusal("a.b", "不行。", fix)\n_("好")\nngettext("{n} 个", "{n} 个", n)'
    assert set(messages.from_python(refused)) == {"去那里。", "不行。", "好", ("{n} 个", "{n} 个")}
    template = (
        '{% load i18n %}{% translate "甲" %}{% tag _("乙") %}{% blocktranslate %}丙 {{ n }}{% endblocktranslate %}'
    )
    assert set(messages.from_template(template)) == {"甲", "乙", "丙 %(n)s"}
    assert set(messages.from_script('// _("注释")\nconst url = "http://a"; f(_("丁 {n}", { n }));')) == {"丁 {n}"}
    assert set(messages.from_pack("a: {reason: 戊, note: 己}", {"reason"})) == {"戊"}
