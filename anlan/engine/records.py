"""What the log holds: readings, the tag table, ticks and clock shifts, as bytes and back."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anlan.engine.log import Part
from anlan.engine.tables import TagTable

READINGS, CONFIGURE, TICK, SHIFT = 1, 2, 3, 4

# One batch of a readings record: who sent it, how many readings, its id (zero = not remembered).
BATCH = np.dtype([("source", "<u4"), ("count", "<u4"), ("id", "V16")])

_READINGS = struct.Struct("<qII")  # arrival, batches, readings
_TIMES = struct.Struct("<qq")


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Readings of one or many batches that became durable together, all with one arrival time."""

    arrival_ms: int
    batches: np.ndarray
    tags: npt.NDArray[np.uint32]
    ts: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    good: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Configure:
    """From here on this tag table holds."""

    arrival_ms: int
    table: TagTable


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed."""

    arrival_ms: int


@dataclass(frozen=True, slots=True)
class Shift:
    """The clock jumped: all remembered arrivals move by ``jump_ms``, time goes on at ``arrival_ms``."""

    arrival_ms: int
    jump_ms: int


Record = Readings | Configure | Tick | Shift


def encode(record: Record) -> tuple[int, Sequence[Part]]:
    """(kind, parts of the body) for ``Log.append``."""
    match record:
        case Readings():
            head = _READINGS.pack(record.arrival_ms, len(record.batches), len(record.tags))
            columns = (record.batches, record.ts, record.values, record.tags, record.good)
            return READINGS, [head, *(memoryview(column.view("u1").data) for column in columns)]
        case Configure():
            table = record.table.to_bytes()
            return CONFIGURE, [_TIMES.pack(record.arrival_ms, len(table)), table]
        case Tick():
            return TICK, [_TIMES.pack(record.arrival_ms, 0)]
        case Shift():
            return SHIFT, [_TIMES.pack(record.arrival_ms, record.jump_ms)]


def _readings(body: memoryview) -> Readings:
    arrival, batches, n = _READINGS.unpack_from(body)
    position = _READINGS.size
    columns = []
    # Copies: a view of the file is read-only, for which compiled code would be compiled once more.
    for dtype, count in ((BATCH, batches), ("<i8", n), ("<f8", n), ("<u4", n), ("u1", n)):
        column = np.frombuffer(body, dtype, count, position).copy()
        position += column.nbytes
        columns.append(column)
    batch, ts, values, tags, good = columns
    return Readings(arrival, batch, tags, ts, values, good)


def _configure(body: memoryview) -> Configure:
    arrival, length = _TIMES.unpack_from(body)
    return Configure(arrival, TagTable.from_bytes(bytes(body[_TIMES.size : _TIMES.size + length])))


_DECODERS: dict[int, Callable[[memoryview], Record]] = {
    READINGS: _readings,
    CONFIGURE: _configure,
    TICK: lambda body: Tick(_TIMES.unpack_from(body)[0]),
    SHIFT: lambda body: Shift(*_TIMES.unpack_from(body)),
}


def decode(kind: int, body: memoryview) -> Record:
    """The record of a frame."""
    return _DECODERS[kind](body)
