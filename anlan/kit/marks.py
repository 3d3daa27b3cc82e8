"""The small marks that a page shows by the hundred: levels, moments, ways to places, people.

They are written here and not as templates because a template costs ten times as much, and a duty desk or a list shows
several hundred of them. Templates use them by the tags of the same names, lists by ``kit/listing/cells.py``.

What was written lately is kept and given again for the same values in the same language: the way to a plant stands in
every row about it, a moment in every list that has it. Nothing is kept that does not follow from the values alone.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.urls import get_script_prefix, get_urlconf
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anlan.kit import addresses, words
from anlan.kit.clock import now, today
from anlan.packs.families import levels
from anlan.packs.families.levels import Word
from anlan.rules.levels import Level

SCALE = "core/levels/risk"
_WAYS = _MOMENTS = 10_000  # kept; a way takes half a kilobyte


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
    told = words.remaining(moment, at) if due else words.relative(moment, at)
    return SafeString(f"{_begin_of_clock(moment, mode, due and moment < at)}{escape(told)}</time>")


@lru_cache(maxsize=_MOMENTS)
def _begin_of_clock(moment: datetime, mode: str, late: bool) -> SafeString:  # noqa: FBT001 - what is kept goes by it
    return format_html(
        '<time class="{}" datetime="{}" title="{}" data-clock="{}">',
        "clock is-late" if late else "clock",
        timezone.localtime(moment).isoformat(),
        words.exact(moment),
        mode,
    )


def place_path(path: Sequence[Any], link: str = "all") -> SafeString:
    """The way down to a place; steps have ``id name visible``. ``link``: ``all``, ``above`` the last, or ``none``."""
    steps = tuple((one.id, str(one.name), getattr(one, "visible", True) in (True, None)) for one in path)
    return _place_path(steps, link, get_language(), (get_urlconf(), get_script_prefix()))


_Step = tuple[int | None, str, bool]  # number, name, whether the viewer may look there


@lru_cache(maxsize=_WAYS)
def _place_path(
    path: tuple[_Step, ...], link: str, _language: str | None, _addresses: tuple[str | None, str]
) -> SafeString:
    last = len(path) - 1
    linked = [link == "all" or (link == "above" and at < last) for at in range(len(path))]
    steps = format_html_join("", "<li>{}</li>", ((_step(*one),) for one in zip(path, linked, strict=True)))
    return format_html('<ol class="place-path" aria-label="{}">{}</ol>', _("位置"), steps)


def _step(place: _Step, linked: bool) -> SafeString:  # noqa: FBT001 - one of two forms of a step
    number, name, visible = place
    if not visible:
        outside = _("在您的权限范围之外")
        return format_html('<span class="hidden-place" title="{}">{}</span>', outside, _("范围外"))
    url = addresses.of("web:place", number) if linked and number is not None else ""
    told = escape(name)  # also one that was marked safe: it is kept under the plain name
    return format_html('<a href="{}">{}</a>', url, told) if url else format_html("<span>{}</span>", told)


def person(name: Any, note: str = "") -> SafeString:
    """A person, or a name, with a role or a phone number as ``note``. ``None`` is the system itself."""
    told = str(getattr(name, "name", name)) if name is not None else _("系统")
    style = "person-chip is-system" if name is None else "person-chip"
    more = format_html("<small>{}</small>", note) if note else ""
    chip = '<span class="{}"><i aria-hidden="true">{}</i><span>{}</span>{}</span>'
    return format_html(chip, style, told[:1], told, more)
