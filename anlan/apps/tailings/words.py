"""What a pond's keys and judgements are called, for pages and programs."""

from typing import Any

from django.utils.translation import gettext, gettext_noop

from anlan.apps.tailings.models import Judging
from anlan.kit import clock
from anlan.packs.families import tailings_ponds as pack
from anlan.rules.facts import fill
from anlan.rules.tailings import Part


def condition(key: str | None) -> str:
    """危库 … 正常库; 未判定 where nobody knows."""
    words = pack.load(clock.today()).classes.get(key or "")
    return gettext(words.name) if words else gettext("未判定")


def duty(key: str | None) -> str:
    """What has to be done with a pond of a class; empty where nobody knows its class."""
    words = pack.load(clock.today()).classes.get(key or "")
    return gettext(words.duty) if words and words.duty else ""


#: Parts that tell a reading, and what is said to who may not read measurements.
_UNREAD = {
    "{item} {value} {unit}，达到{colour}限值 {limit}": gettext_noop("{item}达到{colour}限值"),
    "{item} {value} {unit}，没有预警": gettext_noop("{item}没有预警"),
}


def said(part: Part, *, readings: bool = True) -> str:
    """A part of a judgement in words; ``readings``: whether the reader may know what was measured (``tag.view``)."""
    params = {name: gettext(value) if isinstance(value, str) else value for name, value in part.params.items()}
    return fill(gettext(_text(part.text, readings=readings)), params)


def kept(judging: Judging, *, readings: bool = True) -> list[dict[str, Any]]:
    """The parts of a stored judgement in words."""
    return [
        {
            "level": part["level"],
            "text": fill(gettext(_text(part["text"], readings=readings)), part["params"]),
            "clause": part["clause"],
        }
        for part in judging.parts
    ]


def _text(text: str, *, readings: bool) -> str:
    return text if readings else _UNREAD.get(text, text)
