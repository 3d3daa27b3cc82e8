"""How columns commonly show their values."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from anlan.kit import clock
from anlan.kit.templatetags import anlan_kit
from anlan.packs.families import levels
from anlan.rules.levels import Level


def level(value: int) -> SafeString:
    """The badge of a level, with its word."""
    return _level(int(value), get_language() or "")


def level_word(value: int) -> str:
    """The word of a risk level, for files."""
    return gettext(levels.word_of("core/levels/risk", Level(value), clock.now().date()).text)


def link(text: object, url: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, text) if url else format_html("{}", text)


def ago(moment: datetime | None) -> SafeString:
    """A moment as "3 分钟前"; the page keeps it right."""
    return render_to_string("kit/components/clock.html", anlan_kit.clock(moment)) if moment else SafeString("")


def way(steps: Sequence[Any], link_to: str = "all") -> SafeString:
    """The way down to a place."""
    return render_to_string("kit/components/place_path.html", anlan_kit.place_path(steps, link_to))


@cache
def _level(value: int, language: str) -> SafeString:
    """One of a handful of badges for each language."""
    return render_to_string("kit/components/level_badge.html", anlan_kit.level_badge(value, "", "sm"))
