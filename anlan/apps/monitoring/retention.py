"""What monitoring stores and for how long: readings by step, what was set aside, alarms."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from anlan.apps.core.retention import of_rows
from anlan.apps.ledger.models import Fact
from anlan.apps.monitoring.models import Alarm
from anlan.kit.retention import Kind, Stored, register

if TYPE_CHECKING:
    from anlan.engine.history_store import Part

STEPS = ("raw", "minute", "hour")


def join() -> None:
    """Have these kinds take part in retention."""
    for step in STEPS:
        register(f"readings_{step}", Kind(_measured(step), _asked_for(step)))
    register("log", Kind(lambda before: _folder(settings.DATA / "log", "**/*", before)))
    register("quarantine", Kind(_quarantined, _drop_quarantined))
    register("alarms", Kind(of_rows(Alarm.objects.all(), "raised").measure))
    register("facts", Kind(of_rows(Fact.objects.all(), "recorded").measure))


def _measured(step: str) -> Callable[[datetime | None], Stored]:
    def measure(before: datetime | None) -> Stored:
        parts = [part for part in _parts(step) if before is None or part.start + part.span <= _ms(before)]
        size = sum(_size(settings.DATA / "history" / part.name) for part in parts)
        oldest = min((part.low_ts for part in parts), default=None)
        return Stored(sum(part.rows for part in parts), size, _moment(oldest))

    return measure


def _asked_for(step: str) -> Callable[[datetime], int]:
    def remove(before: datetime) -> int:
        """Only the engine writes the history: it is told up to when, and deletes whole parts within a minute."""
        due = sum(part.rows for part in _parts(step) if part.start + part.span <= _ms(before))
        path = settings.DATA / "retention.json"
        said = _said(path) | {step: _ms(before)}
        draft = path.with_suffix(".tmp")
        draft.write_text(json.dumps(said))
        draft.replace(path)
        return due

    return remove


def _parts(step: str) -> "Iterator[Part]":
    from anlan.engine.history_store import Manifest  # brings DuckDB along

    return (part for part in Manifest.load(settings.DATA / "history").parts if part.kind == step)


def _said(path: Path) -> dict[str, int]:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _folder(folder: Path, pattern: str, before: datetime | None) -> Stored:
    found = [path.stat() for path in folder.glob(pattern) if path.is_file()]
    kept = [one for one in found if before is None or one.st_mtime < before.timestamp()]
    oldest = min((one.st_mtime for one in kept), default=None)
    return Stored(len(kept), sum(one.st_size for one in kept), datetime.fromtimestamp(oldest, UTC) if oldest else None)


def _quarantined(before: datetime | None) -> Stored:
    return _folder(settings.DATA / "quarantine", "*", before)


def _drop_quarantined(before: datetime) -> int:
    gone = 0
    for path in (settings.DATA / "quarantine").glob("payload-*.bin"):
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(ms: int | None) -> datetime | None:
    return datetime.fromtimestamp(ms / 1000, UTC) if ms is not None else None
