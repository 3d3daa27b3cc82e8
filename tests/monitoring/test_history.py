"""A tag's history as pages read it: what is in Parquet joined with what is only in the log yet, within grants."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from anlan.apps.monitoring import selectors
from anlan.engine.config import EngineConfig
from anlan.engine.history import HistoryWriter
from anlan.engine.log import Log
from anlan.engine.records import BATCH, Readings, encode
from anlan.kit.errors import NotInScope
from tests.monitoring.conftest import Plant

START = datetime(2026, 11, 20, 8, tzinfo=UTC)


def ms(second: int) -> int:
    return round((START + timedelta(seconds=second)).timestamp() * 1000)


def readings(tags: list[int], seconds: list[int], values: list[float]) -> Readings:
    times = np.array([ms(second) for second in seconds], np.int64)
    good = np.ones(len(tags), np.uint8)
    return Readings(ms(max(seconds)), np.empty(0, BATCH), np.array(tags, np.uint32), times, np.array(values), good)


@pytest.fixture
def data(plant: Plant, settings, tmp_path: Path) -> Iterator[Path]:
    """Records 0 and 1 are in the history and the log, record 2 only in the log."""
    settings.DATA = tmp_path
    tags = [plant.pressure.pk, plant.level.pk]
    records = [readings(tags, [second, second], [10.0 + second, 50.0]) for second in (0, 1, 2)]
    Log(EngineConfig(tmp_path).log).append([encode(record) for record in records])
    writer = HistoryWriter(tmp_path / "history")
    for offset, record in enumerate(records[:2]):
        writer.write(0, offset, record.tags, record.ts, record.values, record.good)
    writer.close()
    yield tmp_path


def test_what_is_only_in_the_log_is_part_of_the_history(viewer, plant: Plant, data: Path) -> None:
    found = selectors.tag_history(viewer("王安"), plant.pressure.pk, START, START + timedelta(minutes=1))
    assert found.ts.tolist() == [ms(0), ms(1), ms(2)]
    assert found.mean.tolist() == [10.0, 11.0, 12.0]


def test_a_window_before_the_last_seconds_leaves_them_out(viewer, plant: Plant, data: Path) -> None:
    found = selectors.tag_history(viewer("王安"), plant.pressure.pk, START, START + timedelta(seconds=2))
    assert found.mean.tolist() == [10.0, 11.0]


def test_several_tags_come_in_one_read_without_those_out_of_scope(viewer, plant: Plant, data: Path) -> None:
    ids = [plant.pressure.pk, plant.level.pk, 999_999]
    end = START + timedelta(minutes=1)
    found = selectors.tags_history(viewer("王安"), ids, START, end)
    assert sorted(found) == ids[:2]
    assert found[plant.level.pk].mean.tolist() == [50.0] * 3
    assert selectors.tags_history(viewer("孙外"), ids, START, end) == {}
    with pytest.raises(NotInScope):
        selectors.tag_history(viewer("孙外"), plant.pressure.pk, START, end)


def test_a_tag_without_readings_has_an_empty_history(viewer, plant: Plant, data: Path) -> None:
    found = selectors.tag_history(viewer("王安"), plant.valve.pk, START, START + timedelta(minutes=1))
    assert len(found.ts) == 0


def test_a_damaged_log_does_not_hide_the_history(viewer, plant: Plant, data: Path) -> None:
    (segment,) = EngineConfig(data).log.glob("*.log")
    segment.write_bytes(segment.read_bytes()[:60])
    found = selectors.tag_history(viewer("王安"), plant.pressure.pk, START, START + timedelta(minutes=1))
    assert found.mean.tolist() == [10.0, 11.0]
