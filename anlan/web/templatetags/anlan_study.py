"""Numbers of a study as people read them."""

from django import template
from django.utils.translation import gettext

from anlan.rules.figures import power
from anlan.rules.refusal import Refusal
from anlan.web.views.consequences import drawing, files, words

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


@register.filter
def two(value: float) -> str:
    """Two figures, as many as a number of deaths is worth."""
    return f"{float(f'{value:.2g}'):,.0f}"


register.filter("power", power)


@register.simple_tag
def refusal_words(refusal: Refusal) -> str:
    """What is wrong and what to do, in the reader's language."""
    fix = gettext(refusal.fix) if refusal.fix else ""
    return refusal.filled(f"{gettext(refusal.message)} {fix}")


@register.filter
def heads(value: float | None) -> str:
    """How many people, no finer than the models are."""
    return files.people(value)


@register.filter
def soon(seconds: float | None) -> str:
    """When something comes."""
    return files.minutes(seconds)


@register.filter
def likely(value: float | None) -> str:
    """A probability as people say it."""
    return gettext("不详") if value is None else drawing.chance(value)


@register.filter
def far(value: float) -> str:
    """A distance as people say it."""
    return drawing.metres(value)


@register.filter
def strength(value: float | None, unit: str) -> str:
    """A value of a field: heat in kW/m², pressure in kPa, concentrations as they are."""
    if value is None:
        return ""
    factor, told = {"W/m²": (1e-3, "kW/m²"), "Pa": (1e-3, "kPa"), "kg/m³": (1e6, "mg/m³")}.get(unit, (1.0, unit))
    return f"{figures(value * factor)} {told}"


@register.filter
def effect_name(kind: str) -> str:
    """What an effect is called."""
    return str(words.EFFECTS[kind])
