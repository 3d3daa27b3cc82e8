"""The components that pages are made of. ``/style`` shows each of them in all its states."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anlan.kit import assets, icons, words
from anlan.kit.clock import now
from anlan.rules.levels import Level

register = template.Library()

Context = Mapping[str, Any]


def _mark(level: Level) -> str:
    """The character beside the colour, for eyes that do not see it."""
    return (_("未知"), _("蓝"), _("黄"), _("橙"), _("红"))[level]


def _risk_word(level: Level) -> str:
    return (_("未评估"), _("低风险"), _("一般风险"), _("较大风险"), _("重大风险"))[level]


@register.simple_tag
def asset(name: str) -> str:
    """Address of a file that the front-end build made: ``{% asset "map.js" %}``."""
    return assets.url(name)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon in the colour of the text; decoration only, so always beside words or a label."""
    return icons.svg(name)


@register.simple_tag(takes_context=True)
def nav_link(context: Context, url: str, name: str, text: str) -> SafeString | str:
    """One entry of the main navigation, marked when its page is open; nothing where the page does not exist."""
    request = context.get("request")
    if not url or request is None:
        return ""
    here = request.path == url or (url != "/" and request.path.startswith(url))
    current = SafeString(' aria-current="page"') if here else ""
    return format_html('<a href="{}"{}>{}<span>{}</span></a>', url, current, icons.svg(name), text)


@register.inclusion_tag("kit/components/level_badge.html")
def level_badge(level: int, word: str = "", size: str = "", count: int | None = None) -> dict[str, Any]:
    """The colour of a level with its character and word. ``word`` comes from a pack (accident plans name ranks otherwise);
    ``word="-"`` shows the character alone; ``size`` is ``sm``, ``lg`` or nothing; ``count`` puts a number in place of the word."""
    rank = Level(level)
    text = "" if word == "-" or count is not None else word or _risk_word(rank)
    return {"token": rank.name.lower(), "mark": _mark(rank), "word": text, "name": _risk_word(rank), "size": size, "count": count}


@register.inclusion_tag("kit/components/clock.html")
def clock(moment: datetime | None, mode: str = "ago") -> dict[str, Any]:
    """A moment: ``ago`` (3 分钟前) or ``due`` (还剩 4 分钟, 已超 2 分钟); the exact time on hover. The page keeps it right."""
    if moment is None:
        return {"moment": None}
    at = now()
    text = words.remaining(moment, at) if mode == "due" else words.relative(moment, at)
    return {"moment": moment, "mode": mode, "text": text, "exact": words.exact(moment), "late": mode == "due" and moment < at}


@register.inclusion_tag("kit/components/place_path.html")
def place_path(path: Sequence[Any], link: str = "all") -> dict[str, Any]:
    """The way down to a place, from a sequence of ``id name visible``. ``link``: ``all``, ``above`` (not the last) or ``none``."""
    return {"path": path, "link": link}


@register.inclusion_tag("kit/components/person_chip.html")
def person_chip(person: Any, note: str = "") -> dict[str, Any]:
    """A person by name, with a role or a phone number as ``note``. ``None`` is the system itself."""
    name = str(person.name) if person is not None else _("系统")
    return {"name": name, "initial": name[:1], "note": note, "system": person is None}


@register.inclusion_tag("kit/components/fact_line.html")
def fact_line(line: Any) -> dict[str, Any]:
    """One fact that holds a colour: where, what, since when, and its source where the viewer may open it."""
    return {"line": line}


@register.inclusion_tag("kit/components/queue_row.html", takes_context=True)
def queue_row(context: Context, row: Any, selected: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 — template argument
    """One thing that waits for the duty officer: colour, place, what, clock, one main button."""
    return {"row": row, "selected": selected, "csrf_token": context.get("csrf_token")}


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


@register.inclusion_tag("kit/components/sparkline.html")
def sparkline(values: Sequence[float | None], label: str, high: float | None = None, low: float | None = None) -> dict[str, Any]:
    """A small trend without axes; gaps (``None``) are gaps; limits are dashed lines. Drawn by ``kit/spark.ts``."""
    return {"values": list(values), "label": label, "high": high, "low": low}


@register.simple_block_tag
def card(content: str, title: str = "", note: str = "") -> SafeString:
    """A titled surface: ``{% card title=_("报警") %}…{% endcard %}``."""
    head = format_html('<header class="panel-head"><h2>{}</h2><span>{}</span></header>', title, note) if title else ""
    return format_html('<section class="panel">{}<div class="panel-body">{}</div></section>', head, content)


@register.filter
def level_token(level: int) -> str:
    """``unknown low general serious major``: the ending of the class and colour names of a level."""
    return Level(level).name.lower()
