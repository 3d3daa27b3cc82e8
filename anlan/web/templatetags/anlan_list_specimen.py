from collections.abc import Mapping
from typing import Any

from django import template

from anlan.kit.listing import Shown
from anlan.web import list_specimen as specimen

register = template.Library()


@register.simple_tag(takes_context=True)
def list_specimen(context: Mapping[str, Any]) -> Shown:
    """The invented list of the style page."""
    return specimen.shown(context["request"])
