from datetime import UTC, datetime, timedelta

import pytest

from anlan.apps.core import actions, selectors
from anlan.kit import clock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_one_leads_until_the_lease_lapses(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    assert actions.lead("projector", "甲", 5)
    assert not actions.lead("projector", "乙", 5)
    assert actions.lead("projector", "甲", 5)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(seconds=5))
    assert actions.lead("projector", "乙", 5)
    assert not actions.lead("projector", "甲", 5)


def test_a_leader_who_leaves_makes_room_at_once(db: None) -> None:
    assert actions.lead("projector", "甲", 60)
    actions.release("projector", "乙")
    assert not actions.lead("projector", "乙", 60)
    actions.release("projector", "甲")
    assert actions.lead("projector", "乙", 60)


def test_the_last_heartbeat_of_a_part_is_kept(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.beat("engine", {"accepted": 1})
    monkeypatch.setattr(clock, "now", lambda: NOON)
    actions.beat("engine", {"accepted": 2})
    assert selectors.heartbeats()["engine"].at == NOON
    assert selectors.heartbeats()["engine"].detail == {"accepted": 2}
