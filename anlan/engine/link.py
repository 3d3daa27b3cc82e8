"""What the web process and the engine say to each other over the Unix socket, and the web's end of it.

Every message has its length and a request number in front, so many requests are under way at once and answers come
when they are ready. The engine answers a batch only after it is durable.
"""

import asyncio
import contextlib
import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import orjson

READINGS, CODES = 1, 2  # kinds of request
DONE, BUSY, TABLE = 0, 1, 2  # kinds of answer

REQUEST = struct.Struct("<IIIIII16s")  # length, number, kind, source, readings, whether named, batch id
ANSWER = struct.Struct("<IIII")  # length, number, kind, mark of the tag table
COUNTS = struct.Struct("<9I?3xI")  # one count a reason, repeated, how many refused follow
REFUSED = struct.Struct("<II")  # index, reason
MAX_REQUEST = 16 << 20
MOST_WAITING_BYTES = 64 << 20
ANSWER_WITHIN_S = 15.0


def mark(version: str) -> int:
    """A number that changes with the tag table."""
    return zlib.crc32(version.encode())


def done(number: int, found: "Done") -> bytes:
    """The engine's answer to a batch."""
    listed = b"".join(REFUSED.pack(*entry) for entry in found.refused)
    size = ANSWER.size + COUNTS.size + len(listed)
    counts = COUNTS.pack(*found.counts, found.repeated, len(found.refused))
    return ANSWER.pack(size, number, DONE, found.table) + counts + listed


def busy(number: int, table: int, why: str) -> bytes:
    """The engine cannot take it now."""
    text = why.encode()
    return ANSWER.pack(ANSWER.size + len(text), number, BUSY, table) + text


def codes(number: int, table: int, version: str, known: dict[str, int]) -> bytes:
    """The tags of a source."""
    text = orjson.dumps({"version": version, "codes": known})
    return ANSWER.pack(ANSWER.size + len(text), number, TABLE, table) + text


class Done(NamedTuple):
    """What became of a batch (see engine.admit.REASONS for the order of the counts)."""

    table: int
    counts: Sequence[int]
    repeated: bool
    refused: list[tuple[int, int]]


class Codes(NamedTuple):
    """A source's tags by code, at one version of the table."""

    table: int
    version: str
    codes: dict[str, int]


class EngineAway(Exception):
    """The engine does not answer, or cannot take more now. What was sent may or may not be durable: send it again."""


class Columns(NamedTuple):
    """A batch as it goes to the engine: raw little-endian columns."""

    n: int
    id: bytes
    named: bool
    parts: tuple[bytes, ...]  # ts i8, values f8, tags u4, good u1


def unpack(message: bytes) -> Done | Codes | EngineAway:
    """An answer of the engine, the length in front."""
    _, _, kind, table = ANSWER.unpack_from(message)
    body = message[ANSWER.size :]
    if kind == DONE:
        *counts, repeated, listed = COUNTS.unpack_from(body)
        refused = list(REFUSED.iter_unpack(body[COUNTS.size : COUNTS.size + listed * REFUSED.size]))
        return Done(table, tuple(counts), repeated, refused)
    if kind == TABLE:
        found = orjson.loads(body)
        return Codes(table, found["version"], found["codes"])
    return EngineAway(body.decode(errors="replace"))


class _Protocol(asyncio.Protocol):
    """One connection: writes of one turn of the event loop leave together, answers find their request by number."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.waiting: dict[int, asyncio.Future[Done | Codes]] = {}
        self.outgoing: list[bytes] = []
        self.outgoing_bytes = 0
        self.number = 0
        self.received = bytearray()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(high=MOST_WAITING_BYTES)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(EngineAway("引擎已退出"))
        self.waiting.clear()

    def send(self, kind: int, source: int, columns: Columns) -> tuple[int, asyncio.Future[Done | Codes]]:
        assert self.transport is not None
        size = REQUEST.size + sum(map(len, columns.parts))
        if self.transport.get_write_buffer_size() + self.outgoing_bytes + size > MOST_WAITING_BYTES:
            raise EngineAway("等待引擎处理的数据过多")
        self.number = self.number + 1 & 0xFFFFFFFF
        future: asyncio.Future[Done | Codes] = self.loop.create_future()
        self.waiting[self.number] = future
        if not self.outgoing:
            self.loop.call_soon(self._flush)
        self.outgoing += (
            REQUEST.pack(size, self.number, kind, source, columns.n, columns.named, columns.id),
            *columns.parts,
        )
        self.outgoing_bytes += size
        return self.number, future

    def _flush(self) -> None:
        outgoing, self.outgoing, self.outgoing_bytes = self.outgoing, [], 0
        if self.transport is not None:
            self.transport.write(b"".join(outgoing))

    def data_received(self, data: bytes) -> None:
        self.received += data
        position = 0
        while len(self.received) - position >= ANSWER.size:
            size, number, _, _ = ANSWER.unpack_from(self.received, position)
            if len(self.received) - position < size:
                break
            self._answer(number, unpack(bytes(self.received[position : position + size])))
            position += size
        del self.received[:position]

    def _answer(self, number: int, answer: Done | Codes | EngineAway) -> None:
        future = self.waiting.pop(number, None)
        if future is None or future.done():
            return
        if isinstance(answer, EngineAway):
            future.set_exception(answer)
        else:
            future.set_result(answer)


@contextlib.contextmanager
def reachable(path: Path) -> Iterator[str]:
    """A name for a socket that the kernel takes: it allows 107 bytes, a data folder may lie deeper."""
    if len(os.fsencode(path)) < 100:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


class Link:
    """The web's way to the engine. Connects when needed; raises EngineAway when there is nobody."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._protocol: _Protocol | None = None
        self._connecting = asyncio.Lock()

    async def send(self, source: int, columns: Columns) -> Done:
        """Hand over a batch; returns when it is durable."""
        answer = await self._ask(READINGS, source, columns)
        assert isinstance(answer, Done)
        return answer

    async def codes(self, source: int) -> Codes:
        """The tags that a source may send."""
        answer = await self._ask(CODES, source, Columns(0, bytes(16), False, ()))
        assert isinstance(answer, Codes)
        return answer

    async def _ask(self, kind: int, source: int, columns: Columns) -> Done | Codes:
        protocol = self._protocol
        if protocol is None or protocol.transport is None or protocol.transport.is_closing():
            protocol = await self._connect()
        number, future = protocol.send(kind, source, columns)
        timer = protocol.loop.call_later(ANSWER_WITHIN_S, _too_late, future)
        try:
            return await future
        finally:
            timer.cancel()
            protocol.waiting.pop(number, None)

    async def _connect(self) -> _Protocol:
        async with self._connecting:
            protocol = self._protocol
            if protocol is None or protocol.transport is None or protocol.transport.is_closing():
                try:
                    with reachable(self.path) as name:
                        loop = asyncio.get_running_loop()
                        _, protocol = await loop.create_unix_connection(_Protocol, name)
                except OSError as error:
                    raise EngineAway(f"引擎未运行：{error.strerror or error}") from error
                self._protocol = protocol
            return protocol


def _too_late(future: asyncio.Future[Done | Codes]) -> None:
    if not future.done():
        future.set_exception(EngineAway(f"引擎在 {ANSWER_WITHIN_S:.0f} 秒内没有应答"))
