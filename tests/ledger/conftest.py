"""A clock that the test turns, and a projector that the test lets tick."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from anlan.apps.core.actions import lead
from anlan.apps.ledger.projector import LEASE, Projector
from anlan.kit import clock

BEGIN = datetime.now(UTC) + timedelta(hours=1)  # after the grants of the test world have begun


class Clock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.time = BEGIN

    def __call__(self) -> datetime:
        return self.time

    def turn(self, seconds: float) -> datetime:
        self.time += timedelta(seconds=seconds)
        return self.time


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The product's clock, in the test's hands."""
    held = Clock()
    monkeypatch.setattr(clock, "now", held)
    return held


@pytest.fixture
def project(db: None, hands: Clock) -> Callable[[], Projector]:
    """Shows what the facts say now; the projector lives on between calls."""
    kept: list[Projector] = []

    def run() -> Projector:
        if not kept:
            kept.append(new_projector())
        settle(kept[0])
        return kept[0]

    return run


def new_projector() -> Projector:
    assert lead(LEASE, "test", 10**9)
    return Projector("test", lambda: None)


def settle(projector: Projector) -> None:
    """Tick until nothing waits, not even for the next reading of the tree."""
    for _ in range(100):
        if projector._reload_at is not None:
            projector._reload_at = 0.0
        if not projector.tick() and projector._reload_at is None:
            return
    raise AssertionError("the projector does not come to rest")
