"""Readings that are durable in the log and not in the history yet: the last seconds of every chart."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from anlan.engine import log
from anlan.engine.history_read import Rows
from anlan.engine.history_store import Manifest
from anlan.engine.records import READINGS, Readings, decode


def read(data: Path, tags: Sequence[int], start_ms: int, end_ms: int) -> Rows | None:
    """Readings of ``tags`` in [start, end) behind what the history holds; None where there are none.

    The engine may be writing, merging and dropping segments meanwhile: what cannot be read now is in the history soon.
    """
    wanted = np.array(tags, np.uint32)
    upto = Manifest.load(data / "history").upto
    found = []
    for folder in sorted((data / "log").glob("[0-9]*")):
        for record in _records(folder, upto.get(int(folder.name), -1) + 1):
            mine = np.isin(record.tags, wanted) & (record.ts >= start_ms) & (record.ts < end_ms)
            if mine.any():
                found.append((record.tags[mine], record.ts[mine], record.values[mine], record.good[mine]))
    return Rows(*(np.concatenate(column) for column in zip(*found, strict=True))) if found else None


def _records(folder: Path, start: int) -> Iterator[Readings]:
    try:
        for frame in log.read(folder, start):
            if frame.kind == READINGS:
                record = decode(frame.kind, frame.body)
                assert isinstance(record, Readings)
                yield record
    except (OSError, log.LogError):
        return
