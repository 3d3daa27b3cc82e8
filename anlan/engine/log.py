"""The log: every record in one order, durable before it is acknowledged.

A shard's log is a folder of segments named by their first offset. A segment is a head and frames ``[len, crc32,
payload]``; a payload is a small head (marker, kind, offset, how much was durable when it was written) and the
record's body, padded so that columns stay aligned. Whatever is broken after the last durable frame is a torn write
and dropped on opening; anything broken before it was acknowledged once, so it is reported and never skipped.
"""

import contextlib
import mmap
import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from anlan.engine.crash import point

MAGIC = b"ANLANLOG"
HEAD = struct.Struct("<8sq")  # magic, first offset
FRAME = struct.Struct("<II")  # length of the payload, crc32 of the payload
INNER = struct.Struct("<4sIqq")  # marker, kind, offset, first offset not known to be durable when written
MARKER = b"\xa7AN\x1a"
PADDING = bytes(8)
MAX_FRAME = 256 << 20

Part = bytes | bytearray | memoryview


class LogError(Exception):
    """Base of what can be wrong with a log."""


class LogCorrupt(LogError):
    """A record that was durable cannot be read any more."""

    def __init__(self, path: Path, position: int, offset: int, what: str) -> None:
        super().__init__(
            f"{path}：第 {position} 字节处的记录 {offset} {what}。请从备份恢复该文件；"
            f"或用 anlan engine --set-damage-aside 启动，保留可读的记录，损坏的文件移入隔离目录。"
        )
        self.path, self.position, self.offset = path, position, offset


class LogFailed(LogError):
    """The disk did not make a record durable; nothing later may be acknowledged by this process."""


class Frame(NamedTuple):
    """One record as it lies in the log."""

    offset: int
    kind: int
    body: memoryview


class Segment(NamedTuple):
    """One file of the log."""

    path: Path
    first: int


def segments(folder: Path) -> list[Segment]:
    """The log's files, oldest first."""
    return [Segment(path, int(path.stem)) for path in sorted(folder.glob("[0-9]*.log"))]


class _Reader:
    """Walks the frames of one segment; stops at the first that is not whole."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        with segment.path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            self.raw: mmap.mmap | bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        self.data = memoryview(self.raw)
        self.good_head = bytes(self.data[: HEAD.size]) == HEAD.pack(MAGIC, segment.first)
        self.position = HEAD.size
        self.offset = segment.first
        self.synced = segment.first

    def at(self, position: int) -> tuple[int, int, int, int] | None:
        """(kind, offset, synced, end) of the whole frame at a byte, or None."""
        body = position + FRAME.size + INNER.size
        if body > len(self.data):
            return None
        length, crc = FRAME.unpack_from(self.data, position)
        end = position + FRAME.size + length
        if not INNER.size <= length <= MAX_FRAME or end > len(self.data):
            return None
        marker, kind, offset, synced = INNER.unpack_from(self.data, position + FRAME.size)
        if marker != MARKER or zlib.crc32(self.data[position + FRAME.size : end]) != crc:
            return None
        return kind, offset, synced, end

    def frames(self) -> Iterator[Frame]:
        while self.good_head and (found := self.at(self.position)):
            kind, offset, synced, end = found
            if offset != self.offset:
                return
            body = self.data[self.position + FRAME.size + INNER.size : end]
            self.position, self.offset, self.synced = end, offset + 1, max(synced, self.synced)
            yield Frame(offset, kind, body)

    @property
    def at_end(self) -> bool:
        return self.good_head and self.position == len(self.data)

    def later(self) -> Iterator[tuple[int, int, int]]:
        """(position, offset, synced) of whole frames after the place where reading stopped."""
        position = self.position if self.good_head else 0
        while (position := self.raw.find(MARKER, position + 1)) >= 0:
            if found := self.at(position - FRAME.size):
                yield position - FRAME.size, found[1], found[2]

    def check_tail(self) -> None:
        """Raise where the unreadable rest held a record that had been durable."""
        for _, offset, synced in self.later():
            if offset < self.offset or synced > self.offset:
                raise LogCorrupt(self.segment.path, self.position, self.offset, "已损坏，而其后的记录完好")


def read(folder: Path, start: int = 0) -> Iterator[Frame]:
    """All records from ``start`` on. Raises LogCorrupt at the first that should be there and is not."""
    files = segments(folder)
    following = [segment.first for segment in files[1:]]
    for segment, after in zip(files, [*following, None], strict=True):
        if after is not None and after <= start:
            continue
        reader = _Reader(segment)
        for frame in reader.frames():
            if frame.offset >= start:
                yield frame
        if after is None:
            reader.check_tail()
        elif not reader.at_end or (reader.offset != after and not _jumped(files, after)):
            raise LogCorrupt(segment.path, reader.position, reader.offset, "已损坏或丢失")


def _jumped(files: list[Segment], first: int) -> bool:
    """Whether the segment starts a new count on purpose (see ``Log.skip_to``)."""
    return any(segment.first == first and segment.path.with_suffix(".jump").exists() for segment in files)


class Log:
    """The writing end. One process at a time; ``append`` returns when the records are durable."""

    def __init__(self, folder: Path, *, first: int = 0, segment_bytes: int = 64 << 20) -> None:
        self.folder = folder
        self.segment_bytes = segment_bytes
        self.torn_bytes = 0
        self.written = 0  # bytes, by this process
        folder.mkdir(parents=True, exist_ok=True)
        self._failed = False
        existing = segments(folder)
        if existing:
            self._reopen(existing)
        else:
            self._begin(first)

    def _reopen(self, existing: list[Segment]) -> None:
        last = existing[-1]
        reader = _Reader(last)
        for _ in reader.frames():
            pass
        reader.check_tail()
        self.next = reader.offset
        size = reader.position if reader.good_head else 0
        self.torn_bytes = len(reader.data) - size
        del reader
        self._file = os.open(last.path, os.O_RDWR | os.O_APPEND)
        os.ftruncate(self._file, size)
        if not size:
            os.write(self._file, HEAD.pack(MAGIC, last.first))
        os.fsync(self._file)
        self._size = max(size, HEAD.size)

    def _begin(self, first: int) -> None:
        """A new segment whose first record will be ``first``, durable with its name."""
        path = self.folder / f"{first:020d}.log"
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o640)
        os.write(self._file, HEAD.pack(MAGIC, first))
        os.fsync(self._file)
        self._sync_folder()
        self._size = HEAD.size
        self.next = first

    def _sync_folder(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def append(self, records: Sequence[tuple[int, Sequence[Part]]]) -> int:
        """Write records in order with one fdatasync; returns the first one's offset.

        Raises OSError when nothing of it was kept (disk full: try later) and LogFailed when that cannot be known.
        """
        if self._failed:
            raise LogFailed("日志写入曾经失败，请重新启动引擎")
        if self._size >= self.segment_bytes:
            os.close(self._file)
            self._begin(self.next)
        first = self.next
        parts = [part for number, record in enumerate(records) for part in self._framed(first + number, *record)]
        size = self._write(parts)
        point("after_append")
        try:
            os.fdatasync(self._file)
        except OSError as error:
            self._failed = True
            raise LogFailed(f"{self.folder}：磁盘没有保存记录：{error}") from error
        point("after_fsync")
        self._size += size
        self.written += size
        self.next = first + len(records)
        return first

    def _framed(self, offset: int, kind: int, body: Sequence[Part]) -> list[Part]:
        length = sum(len(part) for part in body)
        padding = PADDING[: -length % 8]
        inner = INNER.pack(MARKER, kind, offset, self.next)
        crc = zlib.crc32(inner)
        for part in body:
            crc = zlib.crc32(part, crc)
        return [FRAME.pack(INNER.size + length + len(padding), zlib.crc32(padding, crc)), inner, *body, padding]

    def _write(self, parts: list[Part]) -> int:
        wanted = sum(len(part) for part in parts)
        data: list[Part] = parts if len(parts) <= 512 else [b"".join(parts)]
        try:
            written = os.writev(self._file, data)
            if written != wanted:
                rest = memoryview(b"".join(data))[written:]
                while rest:
                    rest = rest[os.write(self._file, rest) :]
        except OSError:
            os.ftruncate(self._file, self._size)
            raise
        return wanted

    def skip_to(self, first: int) -> None:
        """Go on counting at ``first``: others hold later offsets than this log (it was lost or restored)."""
        os.close(self._file)
        (self.folder / f"{first:020d}.jump").touch()
        self._begin(first)

    def drop(self, upto: int) -> int:
        """Remove segments of which every record is ``<= upto``; returns how many."""
        files = segments(self.folder)
        gone = [file for file, after in pairwise(files) if after.first <= upto + 1]
        for segment in gone:
            segment.path.unlink()
            segment.path.with_suffix(".jump").unlink(missing_ok=True)
        return len(gone)

    def size(self) -> int:
        """Bytes on disk."""
        total = 0
        for segment in segments(self.folder):
            with contextlib.suppress(FileNotFoundError):
                total += segment.path.stat().st_size
        return total

    def close(self) -> None:
        os.close(self._file)


def set_damage_aside(folder: Path, quarantine: Path) -> list[str]:
    """Keep what can be read of a damaged log: damaged files go to the quarantine, whole records stay.

    Returns what was done, a line per file. The records that could not be read are lost and said to be so.
    """
    done = []
    for segment in segments(folder):
        reader = _Reader(segment)
        for _ in reader.frames():
            pass
        if reader.at_end:
            continue
        rest = [(position, offset) for position, offset, _ in reader.later() if offset > reader.offset]
        quarantine.mkdir(parents=True, exist_ok=True)
        data = bytes(reader.data)
        (quarantine / f"damaged-{segment.path.name}").write_bytes(data)
        if rest:
            position, offset = rest[0]
            renewed = folder / f"{offset:020d}.log"
            renewed.write_bytes(HEAD.pack(MAGIC, offset) + data[position:])
            renewed.with_suffix(".jump").touch()
        segment.path.write_bytes(data[: reader.position] if reader.good_head else HEAD.pack(MAGIC, segment.first))
        until = rest[0][1] - 1 if rest else reader.offset
        done.append(f"{segment.path.name}：记录 {reader.offset} 至 {until} 已丢失")
    return done
