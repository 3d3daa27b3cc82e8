"""The demo lives through its past month on a clock that nobody else can set."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from anlan.apps.core.actions import audit, emit
from anlan.apps.core.models import AuditRow, Outbox
from anlan.kit import clock

THEN = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)


def test_outside_the_demo_the_time_cannot_be_simulated() -> None:
    with pytest.raises(clock.ClockError, match="ANLAN_DEMO"), clock.simulated(THEN):
        pass


def test_the_clock_stands_until_it_is_moved_and_goes_only_forwards(settings: Any) -> None:
    settings.DEMO = True
    with clock.simulated(THEN) as time:
        assert clock.now() == THEN
        time.go_on(timedelta(minutes=5))
        assert clock.now() == THEN + timedelta(minutes=5)
        with pytest.raises(clock.ClockError, match="back"):
            time.go_to(THEN)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.django_db
def test_what_is_done_then_is_dated_then_and_no_live_event_tells_of_it(settings: Any) -> None:
    settings.DEMO = True
    with clock.simulated(THEN):
        audit(None, "test.mark")
        emit("fact", None, {})
    assert AuditRow.objects.get(action="test.mark").at == THEN
    assert not Outbox.objects.exists()
