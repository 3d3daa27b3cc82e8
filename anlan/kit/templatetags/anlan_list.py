"""The list component: ``{% listing list %}`` draws what :func:`anlan.kit.listing.answer` hands to a template."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from anlan.kit.listing import Choice, Option, Shown, drawing

register = template.Library()


@register.inclusion_tag("kit/listing/listing.html")
def listing(shown: Shown, heading: int = 1, tools: str = "") -> Mapping[str, Any]:
    """A whole list. ``heading``: 1 where it is the page, 2 where it is a part; ``tools`` stand beside its title."""
    return {"list": shown, "heading": heading, "tools": tools}


@register.simple_tag
def offered(choice: Choice, asked: Sequence[str]) -> list[Option]:
    """What a menu lists: its options, and what only a link could name."""
    return choice.offered(asked)


@register.simple_tag
def drawn(choice: Choice, options: Sequence[Option], asked: Sequence[str]) -> SafeString:
    """The options of a menu, those in force marked."""
    return drawing.options(choice, options, asked)
