"""The figures that ``/metrics`` tells of engine, worker and records: counts and ages, no names of people or places."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count

from anlan.apps.core import selectors as core
from anlan.apps.ledger import selectors as ledger
from anlan.apps.monitoring.choices import AlarmState
from anlan.apps.monitoring.models import Alarm
from anlan.apps.monitoring.selectors.health import engine_says, heard, state_of
from anlan.kit import clock
from anlan.kit.exposition import Family, counter, gauge

#: Counters of the engine's report: name there, name here, help.
COUNTERS = (
    ("accepted", "readings_accepted", "Readings taken, late ones among them."),
    ("batches", "batches", "Batches of readings answered."),
    ("repeated_batches", "batches_repeated", "Batches that were sent again and not counted twice."),
    ("busy", "batches_refused", "Batches refused because too much waits."),
    ("poison", "messages_unreadable", "Messages that could not be read and were set aside."),
    ("clock_jumps", "clock_jumps", "Jumps of the machine's clock."),
    ("failed_writes", "failed_writes", "Writes to disk that failed."),
)
#: What becomes of readings without being a mistake of their sender; every other reason is a refusal.
KEPT_APART = {
    "late": "Readings older than the newest of their tag, kept in the history.",
    "duplicate": "Readings sent before.",
}
GAUGES = (
    ("offset", "log_offset", "Newest record of the log."),
    ("log_bytes", "log_bytes", "Size of the log [byte]."),
    ("tags", "tags", "Tags in the engine's table."),
    ("snapshot", "snapshot_offset", "Record up to which the last snapshot of this run holds the state; -1: none yet."),
)
#: Where the engine delivers to: name, its backlog, how far it is and its trouble in the report.
DELIVERIES = (
    ("events", "events_waiting", "applied", "events_error"),
    ("history", "history_waiting", "history", "history_error"),
)


def engine_figures() -> Iterator[Family]:
    """What the engine last said about itself; nothing but its absence where none ever ran."""
    said = engine_says()
    yield gauge("anlan_engine_reports", "Whether an engine ever reported here.", (bool(said), {}))
    if not said:
        return
    yield from _counters(said)
    for key, name, text in GAUGES:
        yield gauge(f"anlan_engine_{name}", text, (_number(said, key), {}))
    yield gauge("anlan_engine_memory_bytes", "Memory in use [byte].", (_number(said, "rss_mb") * 2**20, {}))
    yield gauge(
        "anlan_engine_clock_seconds", "Arrival time of the newest record.", (_number(said, "arrival") / 1e3, {})
    )
    yield from _deliveries(said)
    yield from _snapshot_age()


def _counters(said: Mapping[str, Any]) -> Iterator[Family]:
    for key, name, text in COUNTERS:
        yield counter(f"anlan_engine_{name}_total", text, (_number(said, key), {}))
    counts = said.get("counts", {})
    for key, text in KEPT_APART.items():
        yield counter(f"anlan_engine_readings_{key}_total", text, (_number(counts, key), {}))
    refused = [(float(number), {"reason": reason}) for reason, number in counts.items() if reason not in KEPT_APART]
    yield counter("anlan_engine_readings_refused_total", "Readings refused.", *refused)


def _deliveries(said: Mapping[str, Any]) -> Iterator[Family]:
    waiting, upto, failing = [], [], []
    for name, backlog, offset, error in DELIVERIES:
        labels = {"delivery": name}
        waiting.append((_number(said, backlog), labels))
        upto.append((_number(said, offset), labels))
        failing.append((float(bool(said.get(error))), labels))
    yield gauge("anlan_engine_backlog", "Events or readings that wait to be delivered.", *waiting)
    yield gauge("anlan_engine_delivered_offset", "Record of the log up to which all is delivered.", *upto)
    yield gauge("anlan_engine_delivery_failing", "Whether the last attempt to deliver failed.", *failing)


def _snapshot_age() -> Iterator[Family]:
    saved = [path.stat().st_mtime for path in (settings.DATA / "snapshots").glob("*/*") if path.is_file()]
    if saved:
        age = max(0.0, clock.now().timestamp() - max(saved))
        yield gauge("anlan_engine_snapshot_age_seconds", "Age of the newest snapshot [s].", (age, {}))


def record_figures() -> Iterator[Family]:
    """What the database says. Raises DatabaseError when it does not answer."""
    now = clock.now()
    beats = heard(engine_says())
    ages = [((now - at).total_seconds(), {"part": part}) for part, at in beats.items() if at]
    up = [(float(state_of(part, at, now) == "ok"), {"part": part}) for part, at in beats.items()]
    yield gauge("anlan_up", "Whether a part was heard of lately.", *up)
    yield gauge("anlan_heartbeat_age_seconds", "Time since a part was heard of [s].", *ages)
    yield from _projector(now)
    jobs = [(float(number), {"state": state}) for state, number in core.job_counts().items()]
    yield gauge("anlan_jobs", "Jobs that are not done.", *jobs)
    yield gauge("anlan_alarms", "Alarms that are not closed.", *_alarms())
    yield gauge("anlan_outbox_id", "Newest live event written.", (core.newest_event(), {}))


def _projector(now: datetime) -> Iterator[Family]:
    said = ledger.projector_says()
    yield gauge("anlan_projector_leads", "Whether a worker leads.", (core.is_led("projector"), {}))
    yield gauge("anlan_ledger_fact_id", "Newest fact written.", (ledger.newest_fact(), {}))
    if not said:
        return
    yield gauge("anlan_projector_fact_id", "Newest fact taken into the levels.", (_number(said, "last_fact"), {}))
    yield gauge("anlan_projector_pending", "Places whose new level is not shown yet.", (_number(said, "pending"), {}))
    yield gauge("anlan_projector_facts", "Facts in force or to come.", (_number(said, "facts"), {}))
    lag = (now - ledger.projected_until()).total_seconds()
    yield gauge("anlan_projector_lag_seconds", "How old the levels are that are shown [s].", (lag, {}))


def _alarms() -> Iterator[tuple[float, dict[str, str]]]:
    counted = dict(
        Alarm.objects.exclude(state=AlarmState.CLOSED)
        .order_by()
        .values("state")
        .annotate(number=Count("pk"))
        .values_list("state", "number")
    )
    for state in AlarmState:
        if state != AlarmState.CLOSED:
            yield float(counted.get(state.value, 0)), {"state": state.value}


def _number(said: Mapping[str, Any], name: str) -> float:
    value = said.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
