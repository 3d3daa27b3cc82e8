"""Snapshots of the engine's state: written aside, checksummed, renamed. One lies here only when everything up to its
offset is applied in the database and kept in the history, so a restart from it can lose nothing."""

import os
import struct
import zlib
from itertools import pairwise
from pathlib import Path

from anlan.engine.crash import point
from anlan.engine.step import Batches, State
from anlan.engine.tables import TagTable
from anlan.kernels import detect

MAGIC = b"ANLANSN1"
_HEAD = struct.Struct("<8sIqqqqq")  # magic, crc32 of the rest, offset, arrival, lengths of table, tags, batches
KEPT = 2


def pack(state: State) -> bytes:
    """The whole state as bytes, its checksum in front."""
    parts = state.table.to_bytes(), state.tags.to_bytes(), state.batches.to_bytes()
    sizes = struct.pack("<qqqqq", state.offset, state.arrival_ms, *(len(part) for part in parts))
    crc = zlib.crc32(sizes)
    for part in parts:
        crc = zlib.crc32(part, crc)
    return b"".join((MAGIC, crc.to_bytes(4, "little"), sizes, *parts))


def unpack(data: bytes) -> State | None:
    """The state, or None where the bytes are not a whole snapshot."""
    if len(data) < _HEAD.size or not data.startswith(MAGIC):
        return None
    _, crc, offset, arrival, *lengths = _HEAD.unpack_from(data)
    if len(data) != _HEAD.size + sum(lengths) or zlib.crc32(memoryview(data)[12:]) != crc:
        return None
    ends = [_HEAD.size + sum(lengths[:count]) for count in range(4)]
    table, tags, batches = (data[start:end] for start, end in pairwise(ends))
    try:
        known = detect.State.from_bytes(tags)
    except detect.BadSnapshot:
        return None
    return State(offset, arrival, TagTable.from_bytes(table), known, Batches.from_bytes(batches))


def save(folder: Path, offset: int, data: bytes) -> None:
    """Put a packed state in place, durable, and remove older ones but one."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / "writing.tmp"
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    point("snapshot_before_rename")
    aside.rename(folder / f"{offset + 1:020d}.snapshot")
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    point("snapshot_after_rename")
    for old in sorted(folder.glob("*.snapshot"))[:-KEPT]:
        old.unlink()


def load(folder: Path, first: int | None) -> tuple[State, list[Path]]:
    """The newest whole snapshot from which the log (oldest record ``first``) goes on, and those found broken."""
    broken = []
    for path in sorted(folder.glob("*.snapshot"), reverse=True):
        state = unpack(path.read_bytes())
        if state is None:
            broken.append(path)
        elif first is None or state.offset + 1 >= first:
            return state, broken
    return State(), broken
