"""How columns commonly show their values."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from anlan.kit import clock, marks
from anlan.packs.families import levels
from anlan.rules.levels import Level


def level(value: int) -> SafeString:
    """The badge of a level, with its word."""
    return marks.level(value, size="sm")


def level_word(value: int) -> str:
    """The word of a risk level, for files."""
    return gettext(levels.word_of(marks.SCALE, Level(value), clock.today()).text)


def link(text: object, url: str) -> SafeString:
    told = conditional_escape(text if isinstance(text, str) else str(text))
    return SafeString(f'<a href="{conditional_escape(url)}">{told}</a>') if url else SafeString(told)


def ago(moment: datetime | None) -> SafeString:
    """A moment as "3 分钟前"; the page keeps it right."""
    return marks.clock(moment) if moment else SafeString("")


def way(steps: Sequence[Any], link_to: str = "all") -> SafeString:
    """The way down to a place."""
    return marks.place_path(steps, link_to)
