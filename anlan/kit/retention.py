"""What the installation keeps, kind by kind, and how what is past its time goes.

Each part of the product registers what it stores under a key of the pack ``core/retention``; the pack says how long.
What has no ``remove`` is never deleted from here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from anlan.kit import clock
from anlan.packs.families import retention
from anlan.packs.families.retention import Rule


@dataclass(frozen=True)
class Stored:
    """How much there is. ``bytes`` None: lies in the database and is not told apart there."""

    rows: int
    bytes: int | None = None
    oldest: datetime | None = None


@dataclass(frozen=True)
class Kind:
    """``measure(before)``: what is stored that is older than ``before`` (None = all of it)."""

    measure: Callable[[datetime | None], Stored]
    remove: Callable[[datetime], int] | None = None


@dataclass(frozen=True)
class State:
    """One kind as it stands: what there is, what its rule says, and what would go now."""

    key: str
    rule: Rule
    stored: Stored
    before: datetime | None
    due: Stored | None


_KINDS: dict[str, Kind] = {}


def register(key: str, kind: Kind) -> None:
    """Have something that is stored take part. Belongs in an app's ``ready``."""
    _KINDS[key] = kind


def known() -> dict[str, Rule]:
    """The rules of today."""
    return dict(retention.load(clock.today()).kinds)


def states() -> list[State]:
    """Every kind of the pack that a part of the product keeps, as it stands now; nothing is changed."""
    return [_state(key, rule) for key, rule in known().items() if key in _KINDS]


def remove(key: str) -> int:
    """Delete what is past its time of one kind; returns how much. Nothing where its rule keeps it."""
    rule, kind = known()[key], _KINDS[key]
    before = _before(rule)
    return kind.remove(before) if before is not None and kind.remove is not None else 0


def removable() -> list[str]:
    """Keys of the kinds that go after a time."""
    return [key for key, rule in known().items() if rule.keep == "days" and key in _KINDS and _KINDS[key].remove]


def _state(key: str, rule: Rule) -> State:
    kind, before = _KINDS[key], _before(rule)
    due = kind.measure(before) if before is not None else None
    return State(key, rule, kind.measure(None), before, due)


def _before(rule: Rule) -> datetime | None:
    if rule.keep != "days" or rule.days is None:
        return None
    return clock.now() - timedelta(days=rule.days)
