"""The components that pages are made of. ``/style`` shows each of them in all its states."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anlan.kit import addresses, assets, icons, marks
from anlan.rules.levels import Level

register = template.Library()

# The first mark found decides: Edge calls itself Chrome too, Chrome calls itself Safari, Android calls itself Linux.
_BROWSERS = {"MicroMessenger": "WeChat", "Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
_SYSTEMS = {"Android": "Android", "iP": "iOS", "Windows": "Windows", "Mac OS": "macOS", "Linux": "Linux"}


@register.filter
def level_token(level: int) -> str:
    """``unknown low general serious major``: the ending of the class and colour names of a level."""
    return Level(level).name.lower()


@register.simple_tag
def asset(name: str) -> str:
    """Address of a file that the front-end build made: ``{% asset "map.js" %}``."""
    return assets.url(name)


@register.simple_tag
def module(name: str) -> SafeString:
    """A module with all that it imports fetched at once, not one after another as the browser comes upon it."""
    needed = format_html_join("", '<link rel="modulepreload" href="{}">', ((each,) for each in assets.ahead(name)))
    return format_html('{}<script type="module" src="{}"></script>', needed, assets.url(name))


@register.simple_tag
def asset_or_nothing(name: str) -> str:
    """The same for a page that must come out even where nothing was built: the one that says that something broke."""
    try:
        return assets.url(name)
    except assets.AssetMissing:
        return ""


@register.simple_tag
def address(page: str, number: int) -> str:
    """As ``{% url %}`` for the thing with this id, for rows of which a page has hundreds."""
    return addresses.of(page, number)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon in the colour of the text; decoration only, so always beside words or a label."""
    return icons.svg(name)


@register.simple_tag
def level_badge(
    level: int, word: str = "", size: str = "", count: int | None = None, words: str = marks.SCALE
) -> SafeString:
    """The colour of a level with its character and word.

    The scale ``words`` of a pack gives the word (plans name ranks otherwise than risks); ``word="-"`` shows the
    character alone, any other replaces the pack's. ``size`` is ``sm``, ``lg`` or nothing; ``count`` stands in place of
    the word.
    """
    return marks.level(level, word, size, count, words)


@register.simple_tag
def clock(moment: datetime | None, mode: str = "ago") -> SafeString:
    """A moment as ``ago`` (3 分钟前) or ``due`` (还剩 4 分钟); the exact time on hover. The page keeps it right."""
    return marks.clock(moment or None, mode)


@register.simple_tag
def place_path(path: Sequence[Any], link: str = "all") -> SafeString:
    """The way down to a place; steps have ``id name visible``. ``link``: ``all``, ``above`` the last, or ``none``."""
    return marks.place_path(path, link)


@register.simple_tag
def person_chip(person: Any, note: str = "") -> SafeString:
    """A person, or a name, with a role or a phone number as ``note``. ``None`` is the system itself."""
    return marks.person(person, note)


@register.inclusion_tag("kit/components/fact_line.html")
def fact_line(line: Any) -> dict[str, Any]:
    """One fact that holds a colour: where, what, since when, and its source where the viewer may open it."""
    return {"line": line}


@register.inclusion_tag("kit/components/field.html")
def field(bound: BoundField, label: str, hint: str = "", **attributes: str) -> dict[str, Any]:
    """A form field: label, control, hint, errors, tied together for those who do not see them."""
    base = bound.id_for_label
    notes = [f"{base}-hint"] * bool(hint) + [f"{base}-error"] * bool(bound.errors)
    told: dict[str, str | bool] = {"class": "form-control", **attributes}
    if notes:
        told["aria-describedby"] = " ".join(notes)
    if bound.errors:
        told["aria-invalid"] = "true"
    return {"field": bound, "widget": bound.as_widget(attrs=told), "label": label, "hint": hint}


@register.filter
def browser_name(agent: str) -> str:
    """The browser and system of a session, as far as its User-Agent tells."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in agent), _("浏览器"))
    system = next((name for mark, name in _SYSTEMS.items() if mark in agent), "")
    return f"{browser} · {system}" if system else browser


@register.inclusion_tag("kit/components/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", action: str = "") -> dict[str, str]:
    """What an empty list says: that it is empty, and what to do next."""
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("kit/components/progress.html")
def progress(done: float, total: float, label: str, state: str = "") -> dict[str, Any]:
    """Work under way, with its number. ``total`` 0 = not known yet; ``state`` ``failed`` says that it stopped."""
    share = round(100 * done / total) if total else None
    return {"done": done, "total": total, "share": share, "label": label, "state": state}


@register.inclusion_tag("kit/components/confirm.html")
def confirm(text: str, *, title: str = "", yes: str = "") -> dict[str, str]:
    """Attributes for a button or form that asks before it acts: ``<form {% confirm "…" %}>``."""
    return {"text": text, "title": title or _("请确认"), "yes": yes or _("确定")}


@register.inclusion_tag("kit/components/toast.html")
def toast(text: str, kind: str = "info") -> dict[str, str]:
    """A short message in the corner: ``info``, ``success`` or ``error``. Errors stay until they are closed."""
    return {"text": text, "kind": "error" if kind in ("error", "warning") else "info"}


@register.simple_block_tag
def card(content: str, title: str = "", note: str = "") -> SafeString:
    """A titled surface: ``{% card title=_("报警") %}…{% endcard %}``."""
    head = format_html('<header class="panel-head"><h2>{}</h2><span>{}</span></header>', title, note) if title else ""
    return format_html('<section class="panel">{}<div class="panel-body">{}</div></section>', head, content)
