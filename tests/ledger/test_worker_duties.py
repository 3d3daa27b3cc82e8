"""What the worker does besides colours: it says when the engine falls silent and keeps the day's head of the chain."""

from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from django.conf import settings

from anlan.apps.core.actions import audit, lead
from anlan.apps.core.models import Job, Notice
from anlan.apps.ledger.projector import LEASE
from anlan.apps.ledger.sealing import Sealer
from anlan.apps.ledger.selectors import seal_head
from anlan.apps.ledger.tasks import keep_head, next_midnight
from anlan.cli.worker import EngineWatch
from anlan.kit import clock
from tests.ledger.conftest import Clock
from tests.world import World


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    return tmp_path


def engine_was_alive(data: Path, ago: timedelta) -> None:
    at = int((clock.now() - ago).timestamp() * 1000)
    (data / "engine.json").write_bytes(orjson.dumps({"at": at}))


def test_a_silent_engine_is_told_once_to_those_who_look_after_the_product(world: World, data: Path) -> None:
    engine_was_alive(data, timedelta(minutes=5))
    watch = EngineWatch()
    watch.look()
    watch.look()
    EngineWatch().look()  # after a restart of the worker
    assert Notice.objects.filter(person=world.people["冯管"]).count() == 1
    assert not Notice.objects.filter(person=world.people["王安"]).exists()


def test_a_living_engine_needs_no_notice(world: World, data: Path) -> None:
    engine_was_alive(data, timedelta(seconds=1))
    EngineWatch().look()
    assert not Notice.objects.exists()


def test_no_engine_was_ever_there_and_nobody_is_woken(world: World, data: Path) -> None:
    EngineWatch().look()
    assert not Notice.objects.exists()


def test_the_days_head_goes_to_the_sheet_once_and_again_tomorrow(db: None, data: Path) -> None:
    audit(None, "test.act")
    lead(LEASE, "test", 60)
    Sealer("test").tick()
    for _ in range(2):
        keep_head({}, lambda done, total: None)
    (line,) = (data / "seal-heads.txt").read_text().splitlines()
    assert line.split("\t")[1:] == ["1", seal_head().digest]
    assert Job.objects.filter(kind="ledger.seal_head", run_at=next_midnight()).count() == 1


def test_the_next_day_begins_at_local_midnight(hands: Clock) -> None:
    assert next_midnight().strftime("%H:%M %z") == "00:00 +0800"
    assert timedelta() < next_midnight() - hands() <= timedelta(days=1)
