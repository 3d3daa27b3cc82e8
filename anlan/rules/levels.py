"""The algebra of risk levels: five values, one order, one maximum.

``UNKNOWN`` (never assessed, or monitoring lost) is neither low nor a worse colour. It outranks low, because a place
with something unknown in it may not be shown as low, and yields to general and above, because what is known to be
worse must be seen.
"""

from collections.abc import Iterable
from enum import IntEnum


class Level(IntEnum):
    """A rank, as stored. Its words come from a pack; its colour is fixed: red, orange, yellow, blue, hatched."""

    UNKNOWN = 0
    LOW = 1
    GENERAL = 2
    SERIOUS = 3
    MAJOR = 4


#: From mildest to worst: the order in which a maximum is taken.
ORDER: tuple[Level, ...] = (Level.LOW, Level.UNKNOWN, Level.GENERAL, Level.SERIOUS, Level.MAJOR)

_SEVERITY = {level: severity for severity, level in enumerate(ORDER)}


def severity(level: Level) -> int:
    """Position of a level in :data:`ORDER`, 0 (low) to 4 (major)."""
    return _SEVERITY[level]


def worst(levels: Iterable[Level]) -> Level:
    """The worst of some levels; ``UNKNOWN`` if there are none, because nothing was assessed."""
    return max(levels, key=severity, default=Level.UNKNOWN)
