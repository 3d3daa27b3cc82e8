"""Small words of the map's templates."""

from collections.abc import Iterable, Mapping, Sequence

from django import template

from anlan.rules.levels import ORDER

register = template.Library()


@register.filter
def worst_first(counts: Sequence[int]) -> list[tuple[int, int]]:
    """(level, count) of the levels that there are, the worst first."""
    return [(int(level), counts[level]) for level in reversed(ORDER) if counts[level]]


@register.filter
def total(counts: Sequence[int]) -> int:
    return sum(counts)


@register.filter
def pairs_total(pairs: Iterable[tuple[str, int]]) -> int:
    return sum(count for _, count in pairs)


@register.filter
def at(mapping: Mapping[str, str], key: str) -> str:
    return mapping.get(key, "")


@register.filter
def to_int(text: str) -> int:
    return int(text)


@register.filter
def distance(metres: float) -> str:
    """Metres as one reads them off a map."""
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{metres:.0f} m"
