"""/metrics: for whoever knows the token, and nothing of people or places."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import DatabaseError
from django.test import Client

from anlan.apps.core import actions as core
from anlan.apps.core.models import Person, Place
from anlan.apps.monitoring import selectors
from anlan.web.traffic import traffic
from tests.monitoring.conftest import CLEAR, RAISE, Engine, Plant, ms_ago, plant
from tests.operations.prometheus import Figures

__all__ = ["plant"]

TOKEN = "a-token-that-only-prometheus-knows"
REPORT = {
    "accepted": 70,
    "counts": {"late": 3, "duplicate": 2, "unknown_tag": 5, "bad_value": 0},
    "batches": 9,
    "events_waiting": 4,
    "events_error": "OperationalError: connection refused",
    "history_waiting": 12,
    "history_error": "",
    "log_bytes": 4096,
    "offset": 80,
    "applied": 77,
}


@pytest.fixture
def data(settings: Any, tmp_path: Path) -> Path:
    settings.METRICS_TOKEN = TOKEN
    settings.DATA = tmp_path
    return tmp_path


def ask(**headers: str) -> Any:
    return Client(headers={"accept": "application/json", **headers}).get("/metrics")


def figures() -> Figures:
    answer = ask(authorization=f"Bearer {TOKEN}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    return Figures(answer.content.decode())


def test_without_the_setting_there_is_no_such_address(db: None) -> None:
    for headers in ({}, {"authorization": "Bearer "}, {"authorization": f"Bearer {TOKEN}"}):
        assert ask(**headers).status_code == 404


@pytest.mark.parametrize(
    "said", [None, "", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer 令牌"]
)
def test_without_the_right_token_nothing_is_told(db: None, data: Path, said: str | None) -> None:
    answer = ask(**({} if said is None else {"authorization": said}))
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["error"]["code"] == "metrics.token"
    assert "anlan_" not in answer.content.decode()


def test_a_signed_in_manager_needs_the_token_too(browser: Any, data: Path) -> None:
    assert browser("冯管").get("/metrics").status_code == 401


def test_nothing_can_be_sent_there(db: None, data: Path) -> None:
    assert Client(headers={"authorization": f"Bearer {TOKEN}"}).post("/metrics").status_code == 405


def test_the_engines_report_is_told(db: None, data: Path) -> None:
    (data / "engine.json").write_bytes(orjson.dumps(REPORT | {"at": ms_ago(0)}))
    (data / "snapshots/0").mkdir(parents=True)
    (data / "snapshots/0/80.snap").write_bytes(b"")
    found = figures()
    assert found["anlan_up", ("part", "engine")] == 1
    assert found["anlan_engine_readings_accepted_total",] == 70
    assert found["anlan_engine_readings_late_total",] == 3
    assert found["anlan_engine_readings_duplicate_total",] == 2
    assert found["anlan_engine_readings_refused_total", ("reason", "unknown_tag")] == 5
    assert found["anlan_engine_backlog", ("delivery", "events")] == 4
    assert found["anlan_engine_delivered_offset", ("delivery", "events")] == 77
    assert found["anlan_engine_delivery_failing", ("delivery", "events")] == 1
    assert found["anlan_engine_delivery_failing", ("delivery", "history")] == 0
    assert 0 <= found["anlan_engine_snapshot_age_seconds",] < 60
    assert found.kinds["anlan_engine_log_bytes"] == "gauge"


def test_a_silent_engine_is_down_and_one_that_never_ran_says_nothing(db: None, data: Path) -> None:
    found = figures()
    assert found["anlan_engine_reports",] == 0
    assert not any(name.startswith("anlan_engine_readings") for name in found.names())
    (data / "engine.json").write_bytes(orjson.dumps(REPORT | {"at": ms_ago(90)}))
    found = figures()
    assert found["anlan_up", ("part", "engine")] == 0
    assert 89 < found["anlan_heartbeat_age_seconds", ("part", "engine")] < 120


def test_alarms_jobs_and_the_projector_are_counted(plant: Plant, data: Path) -> None:
    engine = Engine()
    engine.say((plant.pressure, "HH", RAISE), (plant.level, "H", RAISE))
    engine.say((plant.level, "H", CLEAR))
    core.enqueue("core.tidy")
    core.beat("projector", {"as_of": "2026-01-01T00:00:00+00:00", "pending": 6, "facts": 2, "last_fact": 1})
    found = figures()
    assert found["anlan_alarms", ("state", "unacknowledged")] == 1
    assert found["anlan_alarms", ("state", "returned")] == 1
    assert found["anlan_alarms", ("state", "acknowledged")] == 0
    assert found["anlan_jobs", ("state", "waiting")] == 1
    assert (found["anlan_projector_pending",], found["anlan_projector_fact_id",]) == (6, 1)
    assert found["anlan_ledger_fact_id",] >= 1
    assert found["anlan_projector_lag_seconds",] > 3600
    assert found["anlan_projector_leads",] == 0
    assert found["anlan_outbox_id",] > 0


def test_a_refused_sign_in_is_counted_without_saying_whose(world: Any, data: Path) -> None:
    before = traffic.refused["password"]
    Client().post("/accounts/login/", {"login": "zhaozhi", "password": "wrong"})
    assert figures()["anlan_web_sign_ins_refused_total", ("reason", "password")] == before + 1


def test_no_name_of_people_or_places_is_told(plant: Plant, data: Path) -> None:
    Engine().say((plant.pressure, "HH", RAISE))
    text = ask(authorization=f"Bearer {TOKEN}").content.decode()
    names = [*Place.objects.values_list("name", flat=True), plant.source.code, plant.pressure.code]
    names += [each for row in Person.objects.values_list("username", "name") for each in row]
    assert not [name for name in names if name in text]


def test_while_the_database_is_away_engine_and_web_are_still_told(
    db: None, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise DatabaseError("connection refused")

    (data / "engine.json").write_bytes(orjson.dumps(REPORT))
    monkeypatch.setattr(selectors, "record_figures", away)
    found = figures()
    assert found["anlan_database_up",] == 0
    assert found["anlan_engine_batches_total",] == 9
