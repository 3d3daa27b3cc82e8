"""The small marks that a page shows by the hundred: levels, moments, ways to places, people.

They are written here and not as templates because a template costs ten times as much, and a duty desk or a list shows
several hundred of them. Templates use them by the tags of the same names, lists by ``kit/listing/cells.py``.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anlan.kit import addresses, words
from anlan.kit.clock import now, today
from anlan.packs.families import levels
from anlan.packs.families.levels import Word
from anlan.rules.levels import Level

SCALE = "core/levels/risk"


def level(value: int, word: str = "", size: str = "", count: int | None = None, scale: str = SCALE) -> SafeString:
    """The colour of a level with its character and word (see the tag ``level_badge``)."""
    rank = Level(value)
    told = levels.word_of(scale, rank, today())
    if count is None and word in ("", "-"):
        return _plain(rank, told, word, size, get_language())
    return _level(rank, told, word, size, count)


@cache
def _plain(rank: Level, told: Word, word: str, size: str, _language: str | None) -> SafeString:
    """One of a handful of badges for each language: a level with its own word, or with none."""
    return _level(rank, told, word or _(told.text), size, None)


def _level(rank: Level, told: Word, word: str, size: str, count: int | None) -> SafeString:
    name, text = _(told.text), "" if word == "-" or count is not None else word
    if count is not None:
        end = format_html('<span class="num">{}</span>', count)
    elif text:
        end = format_html("<span>{}</span>", text)
    else:
        end = format_html('<span class="visually-hidden">{}</span>', name)
    style = f"level-badge is-{rank.name.lower()}" + (f" is-{size}" if size else "")
    title = "" if text else format_html(' title="{}"', name)
    return format_html('<span class="{}"{}><b>{}</b>{}</span>', style, title, _(told.sign), end)


def clock(moment: datetime | None, mode: str = "ago") -> SafeString:
    """A moment as ``ago`` (3 分钟前) or ``due`` (还剩 4 分钟), the exact time on hover; the page keeps it right."""
    if moment is None:
        return format_html('<span class="clock">{}</span>', _("从未"))
    at = now()
    due = mode == "due"
    return format_html(
        '<time class="{}" datetime="{}" title="{}" data-clock="{}">{}</time>',
        "clock is-late" if due and moment < at else "clock",
        timezone.localtime(moment).isoformat(),
        words.exact(moment),
        mode,
        words.remaining(moment, at) if due else words.relative(moment, at),
    )


def place_path(path: Sequence[Any], link: str = "all") -> SafeString:
    """The way down to a place; steps have ``id name visible``. ``link``: ``all``, ``above`` the last, or ``none``."""
    last = len(path) - 1
    linked = [link == "all" or (link == "above" and at < last) for at in range(len(path))]
    steps = format_html_join("", "<li>{}</li>", ((_step(*one),) for one in zip(path, linked, strict=True)))
    return format_html('<ol class="place-path" aria-label="{}">{}</ol>', _("位置"), steps)


def _step(place: Any, linked: bool) -> SafeString:  # noqa: FBT001 - one of two forms of a step
    visible = getattr(place, "visible", True)
    if visible is not None and not visible:
        outside = _("在您的权限范围之外")
        return format_html('<span class="hidden-place" title="{}">{}</span>', outside, _("范围外"))
    url = addresses.of("web:place", place.id) if linked else ""
    return format_html('<a href="{}">{}</a>', url, place.name) if url else format_html("<span>{}</span>", place.name)


def person(name: Any, note: str = "") -> SafeString:
    """A person, or a name, with a role or a phone number as ``note``. ``None`` is the system itself."""
    told = str(getattr(name, "name", name)) if name is not None else _("系统")
    style = "person-chip is-system" if name is None else "person-chip"
    more = format_html("<small>{}</small>", note) if note else ""
    chip = '<span class="{}"><i aria-hidden="true">{}</i><span>{}</span>{}</span>'
    return format_html(chip, style, told[:1], told, more)
