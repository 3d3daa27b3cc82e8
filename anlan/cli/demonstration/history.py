"""Lays down the month before the demo began: normal running, a reading a minute of every tag.

The recording of two days is repeated, each plant at another point of it. Runs before the engine, which alone may write
the history afterwards; what is there already is passed over, so a broken-off start goes on where it stopped.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from anlan.apps.monitoring.models import Tag
from anlan.cli.demonstration.county import county_of
from anlan.cli.demonstration.gateways import library_of
from anlan.engine.history import HistoryWriter
from anlan.packs.families.demo import SourceSpec

DAYS = 30
DAY_MS = 86_400_000
MINUTES = 1440
SHARD = 1000  # no shard of an engine; its offsets are days since the epoch

Block = tuple[npt.NDArray[np.uint32], npt.NDArray[np.float64]]


@dataclass(frozen=True)
class Plant:
    """What a source says in normal running: its tags' numbers, and their values minute by minute."""

    numbers: npt.NDArray[np.uint32]
    values: npt.NDArray[np.float64]
    offset: int  # [min]

    @classmethod
    def of(cls, source: SourceSpec, on: date) -> "Plant":
        recording = library_of(source.sector, on).recording("normal")
        known = dict(Tag.objects.filter(source__code=source.code).values_list("code", "pk"))
        numbers = np.array([known[code] for code in recording.tags], np.uint32)
        return cls(numbers, recording.values, source.history_offset_h * 60)

    def day(self, day: int, minutes: int) -> Block:
        """Tags and values of so many minutes of a day (since the epoch), tag by tag."""
        rows = (day * MINUTES + self.offset + np.arange(minutes)) % len(self.values)
        return np.repeat(self.numbers, minutes), self.values[rows].T.ravel()


def lay_down(data: Path, begun: datetime) -> None:
    """Write the month up to the minute in which the demo's county was built."""
    county, _ = county_of(begun.date())
    last, minutes = divmod(int(begun.timestamp()) // 60, MINUTES)
    writer = HistoryWriter(data / "history")
    try:
        days = range(max(last - DAYS, writer.upto(SHARD) + 1), last + 1)
        plants = [Plant.of(source, begun.date()) for source in county.sources] if days else []
        for day in days:
            _write(writer, plants, day, MINUTES if day < last else minutes)
    finally:
        writer.close()


def _write(writer: HistoryWriter, plants: list[Plant], day: int, minutes: int) -> None:
    blocks = [plant.day(day, minutes) for plant in plants]
    tags, values = (np.concatenate(columns) for columns in zip(*blocks, strict=True))
    ts = np.tile(day * DAY_MS + np.arange(minutes, dtype=np.int64) * 60_000, len(tags) // max(minutes, 1))
    columns = {"tag": tags, "ts": ts, "value": values, "good": np.ones(len(tags), np.uint8)}
    if minutes == MINUTES:
        writer.write_day(SHARD, day, columns)
    else:
        writer.write(SHARD, day, tags, ts, values, columns["good"])
