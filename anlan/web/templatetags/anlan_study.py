"""Numbers of a study as people read them."""

from django import template
from django.utils.translation import gettext

from anlan.rules.refusal import Refusal

register = template.Library()


@register.filter
def scaled(value: float | None, factor: float) -> float | None:
    """A number in another unit."""
    return None if value is None else value * factor


@register.filter
def figures(value: float) -> str:
    """Three figures, as many as the models are worth."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 1000 else f"{rounded:g}"


@register.simple_tag
def refusal_words(refusal: Refusal) -> str:
    """What is wrong and what to do, in the reader's language."""
    fix = gettext(refusal.fix) if refusal.fix else ""
    return refusal.filled(f"{gettext(refusal.message)} {fix}")
