"""A shortened past of a small county through the same code as the demo's month."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anlan.apps.core.actions import lead
from anlan.apps.core.models import Outbox, Place
from anlan.apps.incidents.models import Shift
from anlan.apps.ledger.models import Fact, LevelChange, PlaceLevel
from anlan.apps.ledger.projector import LEASE
from anlan.apps.ledger.sealing import Sealer, breaks
from anlan.apps.monitoring.actions import TagSpec, add_source, add_tags
from anlan.apps.monitoring.models import Alarm
from anlan.apps.monitoring.selectors import tag_table
from anlan.cli.demonstration import county, history, plan
from anlan.cli.demonstration.month import SHARD
from anlan.engine.history import HistoryWriter
from anlan.engine.history_store import Manifest
from anlan.kernels import detect
from anlan.kit import clock
from anlan.kit.grants import SYSTEM
from anlan.packs.families import tags
from anlan.rules.alarms import Limits
from anlan.rules.levels import Level

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = 1


@pytest.fixture
def past(tmp_path: Path, settings: Any) -> history.Making:
    """One day of a county with the recorded plants and a cold store, with five weeks' troubles in it."""
    settings.DEMO, settings.DATA = True, tmp_path
    noted = county.build(tmp_path)
    begun = datetime.fromisoformat(noted.begun)
    _cold_store()
    history.first_colours(begun, DAYS)
    known, _ = county.county_of(clock.day_of(begun))
    plan.survey([source.code for source in known.sources], clock.day_of(begun)).save(tmp_path)
    making = history.Making.of(tmp_path, begun, known.sources, known.speed, DAYS)
    making.run()
    return making


def _cold_store() -> None:
    above = Place.objects.get(parent=None)
    from anlan.apps.core.actions import add_place

    store = add_place(SYSTEM, above, "enterprise", "望潮冷库", sector="ammonia")
    room = add_place(SYSTEM, store, "risk_point", "机房")
    source, _ = add_source(SYSTEM, store.pk, "cold_store-gw", "冷库网关")
    names = ("hh", "h", "l", "ll", "deadband", "on_delay_s", "off_delay_s", "missing_s", "range_low", "range_high")
    known = tags.load("ammonia", clock.today()).tags
    specs = [
        TagSpec(
            room.pk, tag.code, tag.name, tag.unit, tag.decimals, tag.rank, Limits(**{n: getattr(tag, n) for n in names})
        )
        for tag in known
    ]
    add_tags(SYSTEM, source.pk, specs)


def _limits(tag: tags.TagSpec, names: tuple[str, ...]) -> Limits:
    return Limits(**{name: getattr(tag, name) for name in names})


def test_a_day_of_the_past_is_whole_and_over(past: history.Making, tmp_path: Path) -> None:
    end = datetime.fromtimestamp(past._last * 60, UTC)
    start = end - timedelta(days=DAYS)
    alarms = Alarm.objects.filter(raise_event__startswith=str(SHARD)[:1])
    assert alarms.exists(), "something happened"
    assert set(alarms.values_list("state", flat=True)) == {"closed"}, "and all of it was answered"
    assert all(start <= alarm.raised <= (alarm.cleared or end) <= end for alarm in alarms)
    assert not Fact.objects.filter(kind="alarm", clearing=None).exists()
    assert Shift.objects.filter(taken__isnull=False).exists()
    assert not Outbox.objects.filter(topic="alarm").exists(), "nobody listens to the past"
    _same_as_the_rules_over_the_readings(past, alarms.count())
    _colours_are_those_of_the_facts(start, end)
    _the_chain_holds()
    _the_living_history_takes_it_over(past, tmp_path)


def _same_as_the_rules_over_the_readings(past: history.Making, stored: int) -> None:
    """As many alarms as ``anlan detect`` finds in the same readings."""
    again = history.Making.of(
        past._data,
        datetime.fromtimestamp(past._last * 60, UTC),
        county.county_of(clock.today())[0].sources,
        120,
        DAYS,
    )
    table = again._past.table(tag_table())
    state = detect.State.empty(int(table.tags[-1]) + 2)
    detect.configure(state, table.tags, table.rules, past._first * 60_000)
    raised = 0
    for _, minutes in again._past.chunks():
        for record in minutes.records():
            events = detect.detect(state, record.tags, record.ts, record.values, record.good, record.arrival_ms).events
            raised += int((events["kind"] == 1).sum()) + int((detect.tick(state, record.arrival_ms)["kind"] == 1).sum())
    assert raised == stored


def _colours_are_those_of_the_facts(start: datetime, end: datetime) -> None:
    """After the day every place is what it was before: all alarms are over, nothing else changed."""
    for shown in PlaceLevel.objects.all():
        last = LevelChange.objects.filter(place_id=shown.place_id, at__lte=end).order_by("-at", "-pk").first()
        assert shown.level == (last.after if last else Level.UNKNOWN)
    assert LevelChange.objects.filter(at__gt=start, at__lt=end, cause__isnull=False).exists()


def _the_chain_holds() -> None:
    assert lead(LEASE, "test", 60)
    sealer = Sealer("test")
    while sealer.tick():
        pass
    assert list(breaks()) == []


def _the_living_history_takes_it_over(past: history.Making, data: Path) -> None:
    writer = HistoryWriter(data / "history")
    try:
        writer.adopt(data / "history" / "arrived-month")
    finally:
        writer.close()
    parts = Manifest.load(data / "history").parts
    assert sum(part.rows for part in parts) == past.progress.readings
    assert not (data / "history" / "arrived-month").exists()
    assert np.all([part.high_ts <= past._last * 60_000 for part in parts])
    assert clock.is_simulated() is False
