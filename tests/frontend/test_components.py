"""The components in all their states, as a page renders them."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import Client

from anlan.kit import assets, clock, words
from anlan.rules.levels import Level
from anlan.web import specimens


def render(source: str, **context: object) -> str:
    return Template("{% load anlan_kit i18n %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("level", "token", "mark", "word"),
    [
        (4, "major", "红", "重大风险"),
        (3, "serious", "橙", "较大风险"),
        (2, "general", "黄", "一般风险"),
        (1, "low", "蓝", "低风险"),
        (0, "unknown", "未", "未知"),
    ],
)
def test_a_level_is_told_by_colour_and_by_character_and_by_word(level: int, token: str, mark: str, word: str) -> None:
    html = render("{% level_badge level %}", level=level)
    assert f'class="level-badge is-{token}"' in html
    assert f"<b>{mark}</b>" in html
    assert word in html


@pytest.mark.parametrize("level", Level)
def test_a_level_shown_by_its_character_alone_still_has_its_name_for_those_who_listen(level: Level) -> None:
    html = render('{% level_badge level "-" %}{% level_badge level count=0 %}', level=level)
    assert html.count("title=") == 2
    assert '<span class="num">0</span>' in html
    assert "visually-hidden" in html


def test_the_words_of_a_rank_come_from_the_scale_that_is_asked_for() -> None:
    assert "重大" in render('{% level_badge 3 words="core/levels/plan" %}')
    assert "较大" in render('{% level_badge 3 words="core/levels/risk" %}')


def test_a_moment_is_told_in_words_with_the_exact_time_on_hover() -> None:
    moment = clock.now() - timedelta(minutes=3, seconds=5)
    html = render("{% clock moment %}", moment=moment)
    assert "3 分钟前" in html
    assert f'title="{words.exact(moment)}"' in html
    assert 'data-clock="ago"' in html


def test_a_missed_deadline_is_marked() -> None:
    late, early = clock.now() - timedelta(minutes=2, seconds=1), clock.now() + timedelta(minutes=4, seconds=30)
    assert "is-late" in render('{% clock moment "due" %}', moment=late)
    assert "已超 2 分钟" in render('{% clock moment "due" %}', moment=late)
    assert "is-late" not in render('{% clock moment "due" %}', moment=early)
    assert "从未" in render("{% clock moment %}", moment=None)


@pytest.mark.parametrize(
    ("ago", "told"),
    [(timedelta(seconds=4), "刚刚"), (timedelta(seconds=40), "40 秒前"), (timedelta(hours=5), "5 小时前"),
     (timedelta(days=1, hours=1), "1 天前"), (timedelta(minutes=-90), "1 小时 30 分后")],
)  # fmt: skip
def test_the_server_tells_moments_as_the_page_does(ago: timedelta, told: str) -> None:
    at = clock.now()
    assert words.relative(at - ago, at) == told


def test_a_place_outside_the_viewer_s_scope_has_no_name_and_no_link() -> None:
    html = render("{% place_path path %}", path=specimens.hidden_places())
    assert "范围外" in html
    assert html.count("<a ") == 1


def test_the_last_step_of_a_path_is_no_link_where_that_is_asked() -> None:
    path = specimens.places()
    assert render("{% place_path path %}", path=path).count("<a ") == 4
    assert render('{% place_path path "above" %}', path=path).count("<a ") == 3
    assert render('{% place_path path "none" %}', path=path).count("<a ") == 0


def test_a_fact_is_shown_with_its_source_only_where_the_viewer_may_open_it() -> None:
    alarm, *_, foreign = specimens.facts()
    assert "查看来源" in render("{% fact_line line %}", line=alarm)
    assert "查看来源" not in render("{% fact_line line %}", line=foreign)
    assert "权限范围之外" in render("{% fact_line line %}", line=foreign)


def test_progress_has_a_number_or_says_why_not() -> None:
    assert "33 %" in render('{% progress 420 1280 "导入" %}')
    assert "准备中" in render('{% progress 0 0 "导入" %}')
    assert "已停止" in render('{% progress 5 10 "导入" "failed" %}')


def test_texts_of_people_are_escaped_in_every_component() -> None:
    evil = "<script>alert(1)</script>"
    person = SimpleNamespace(name=evil)
    source = (
        "{% person_chip person evil %}{% empty_state evil evil '/' evil %}{% toast evil %}{% progress 1 2 evil %}"
        "<form {% confirm evil %}></form>{% card title=evil note=evil %}{{ evil }}{% endcard %}{% level_badge 1 evil %}"
    )
    assert "<script" not in render(source, evil=evil, person=person)


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    class Form(forms.Form):
        name = forms.CharField()

    html = render('{% field form.name "名称" hint="写全称" autocomplete="off" %}', form=Form({"name": ""}))
    assert '<label class="form-label" for="id_name">名称</label>' in html
    assert 'aria-describedby="id_name-hint id_name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name-error"' in html


def test_an_unknown_asset_is_named_with_those_there_are() -> None:
    with pytest.raises(assets.AssetMissing, match=r"nothing\.js.*kit\.js"):
        assets.url("nothing.js")


COMPONENTS = [
    "level-badge", "clock", "place-path", "person-chip", "fact-line", "queue-row", "panel", "empty-state",
    "progress-line", "spark", "chart", "layer-control", "toast-line", "connection", "data-theme-switch",
]  # fmt: skip


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "重大风险"), ("en", "Major risk")])
def test_the_style_page_shows_every_component(language: str, said: str, client: Client) -> None:
    html = client.get("/style", headers={"Accept-Language": language}).content.decode()
    assert said in html
    assert [name for name in COMPONENTS if name not in html] == []
