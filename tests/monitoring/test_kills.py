"""The process that stores events is killed again and again: no alarm is lost or doubled."""

import random
import subprocess
import time
from collections import Counter

import pytest

from anlan.apps.core.models import Notice, Outbox
from anlan.apps.ledger.models import Fact
from anlan.apps.monitoring.models import Alarm
from tests.monitoring.conftest import Plant
from tests.processes import process

RECORDS = 60

#: Hands over all records from the first on, as an engine does that forgot how far it was.
SCRIPT = """
import sys
import numpy as np
from anlan.apps.monitoring.actions import DjangoSink
from tests.monitoring.conftest import EVENT
tags, records, now = {tags}, {records}, {now}
sink = DjangoSink()
for offset in range(records):
    tag = tags[offset // 2 % len(tags)]
    kind = 1 - offset % 2
    rows = [(index, tag, now + offset, limit, kind, 99.0) for index, limit in enumerate((0, 1))]
    events = np.array(rows, EVENT)
    sink.apply(0, offset, events, np.full(2, offset), np.full(2, now + offset))
    print("done", offset, flush=True)
"""


def script(plant: Plant) -> str:
    tags = [plant.pressure.pk, plant.level.pk]
    return SCRIPT.format(tags=tags, records=RECORDS, now=round(time.time() * 1000) - 60_000)


def check_whole() -> None:
    """Every raise has one alarm, one fact, one notice a person; every clear ended one."""
    alarms = list(Alarm.objects.order_by("pk"))
    raised = {f"0-{offset}-{index}" for offset in range(0, RECORDS, 2) for index in (0, 1)}
    cleared = {f"0-{offset}-{index}" for offset in range(1, RECORDS, 2) for index in (0, 1)}
    assert {alarm.raise_event for alarm in alarms} == raised
    assert {alarm.clear_event for alarm in alarms} == cleared
    assert len(alarms) == len(raised)
    assert Counter(Fact.objects.values_list("source_id", flat=True)) == Counter({alarm.pk: 1 for alarm in alarms})
    assert not Fact.objects.filter(clearing=None).exists()
    assert set(Counter(Notice.objects.values_list("person", "key")).values()) == {1}
    assert Notice.objects.values("key").distinct().count() == len(raised)
    assert Outbox.objects.filter(topic="alarm").count() == len(raised) + len(cleared)


def run_to_the_end(started: subprocess.Popen[str]) -> bool:
    """Whether the process ended by itself."""
    assert started.stdout is not None
    started.stdout.read()
    return started.wait() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["sink_before_commit", "sink_after_commit"])
def test_killed_around_the_commit_nothing_is_lost_or_doubled(
    plant: Plant, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = script(plant)
    for passes in (2, 17):
        monkeypatch.setenv("ANLAN_CRASH", f"{point}:{passes}")
        with process(work) as started:
            assert not run_to_the_end(started)
    monkeypatch.delenv("ANLAN_CRASH")
    with process(work) as started:
        assert run_to_the_end(started)
    check_whole()


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_twenty_times_nothing_is_lost_or_doubled(plant: Plant) -> None:
    work = script(plant)
    dice = random.Random(20261121)
    for _ in range(20):
        with process(work) as started:
            assert started.stdout is not None
            started.stdout.readline()
            time.sleep(dice.uniform(0, 0.2))
            started.kill()
    with process(work) as started:
        assert run_to_the_end(started)
    check_whole()
