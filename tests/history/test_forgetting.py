"""What is past its time goes from the disk: real Parquet parts, asked for by the hourly clock, deleted by the engine.

Readings go only when their minutes and hours are summed, so that the past stays drawn, only coarser.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anlan.apps.monitoring import retention
from anlan.engine.history import HistoryWriter, read
from anlan.engine.history_store import DAY, Manifest
from anlan.kit import clock

KEPT_DAYS = 1095  # of readings, by the pack core/retention
TAG, STEPS = 7, 48


def ms_ago(days: float) -> int:
    """The beginning of the day (UTC) so many days ago."""
    return round((clock.now() - timedelta(days=days)).timestamp() * 1000) // DAY * DAY


@pytest.fixture
def history(settings: Any, tmp_path: Path) -> Iterator[HistoryWriter]:
    """A day that is long past, and one of this week."""
    settings.DATA = tmp_path
    writer = HistoryWriter(tmp_path / "history")
    for offset, start in enumerate((ms_ago(KEPT_DAYS + 3), ms_ago(4))):
        ts = start + np.arange(STEPS) * (DAY // STEPS)
        one = np.ones(STEPS, np.uint8)
        writer.write(0, offset, np.full(STEPS, TAG, np.uint32), ts, np.arange(STEPS, dtype=float), one)
    yield writer
    writer.close()


def rows(folder: Path, kind: str) -> list[int]:
    """How many rows each part of a kind has."""
    return [part.rows for part in Manifest.load(folder).parts if part.kind == kind]


def test_readings_go_from_the_disk_and_their_sums_stay(history: HistoryWriter) -> None:
    folder, before = history.folder, clock.now() - timedelta(days=KEPT_DAYS)
    measure, remove = retention._measured("raw"), retention._asked_for("raw")
    assert measure(None).rows == 2 * STEPS and measure(before).rows == STEPS
    assert remove(before) == STEPS
    files = {path.name for path in folder.glob("raw-*.parquet")}
    while history.compact():
        pass
    assert sum(rows(folder, "raw")) == STEPS, "this week's readings stay, the old ones are gone"
    assert sum(rows(folder, "hour")) >= 24, "the hours of the old day are summed before its readings go"
    named = {part.name for part in Manifest.load(folder).parts}
    assert {path.name for path in folder.glob("*.parquet")} >= named and files - named
    drawn = read(folder, [TAG], ms_ago(KEPT_DAYS + 3), ms_ago(KEPT_DAYS + 3) + DAY, 24)[TAG]
    assert len(drawn.ts) and float(np.nanmax(drawn.high)) == STEPS - 1, "the past is still drawn"


def test_the_files_themselves_are_unlinked(history: HistoryWriter) -> None:
    old = {path.name for path in history.folder.glob("raw-*.parquet")}
    retention._asked_for("raw")(clock.now() - timedelta(days=KEPT_DAYS))
    while history.compact():
        pass
    history.close()
    again = HistoryWriter(history.folder)  # what a reader may still have open goes at the next start at the latest
    kept = {part.name for part in Manifest.load(history.folder).parts}
    assert {path.name for path in again.folder.glob("*.parquet")} == kept and not old <= kept
    again.close()


def test_nothing_that_is_within_its_time_goes(history: HistoryWriter) -> None:
    retention._asked_for("raw")(clock.now() - timedelta(days=KEPT_DAYS + 30))
    while history.compact():
        pass
    assert sum(rows(history.folder, "raw")) == 2 * STEPS
