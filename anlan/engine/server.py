"""The engine's end of the Unix socket: all that is waiting is taken at once, answers leave when they are ready."""

import contextlib
import os
import selectors
import socket
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from anlan.engine import link
from anlan.engine.admit import Batch

READ_BYTES = 1 << 20
TURN_BYTES = 4 << 20  # at most this much is taken in one turn, so that answers do not wait long


@dataclass(slots=True, eq=False)
class Peer:
    """One connection."""

    socket: socket.socket
    received: bytearray
    outgoing: bytearray


@dataclass(slots=True, eq=False)
class Request:
    """One message of a peer; ``batch`` is None where it asks for the codes of its source."""

    peer: Peer
    number: int
    source: int
    batch: Batch | None


class Server:
    """Listens on a path. Used by one thread, except ``wake``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        _bind(self._listener, path)
        self._listener.listen(64)
        self._wake_out, self._wake_in = socket.socketpair()
        self._wake_out.setblocking(False)
        self._wake_in.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, None)
        self._selector.register(self._wake_out, selectors.EVENT_READ, None)

    def wake(self) -> None:
        """End a waiting ``poll``; any thread may call it."""
        with contextlib.suppress(BlockingIOError, OSError):
            self._wake_in.send(b"\0")

    def poll(self, timeout_s: float) -> list[Request]:
        """All requests that are whole by now; waits for the first at most ``timeout_s``."""
        requests: list[Request] = []
        for key, mask in self._selector.select(timeout_s):
            peer = key.data
            if key.fileobj is self._listener:
                self._accept()
            elif key.fileobj is self._wake_out:
                with contextlib.suppress(BlockingIOError):
                    self._wake_out.recv(4096)
            else:
                if mask & selectors.EVENT_WRITE:
                    self._flush(peer)
                if mask & selectors.EVENT_READ:
                    self._receive(peer, requests)
        return requests

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        connection.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            connection.setsockopt(socket.SOL_SOCKET, option, 4 << 20)
        self._selector.register(connection, selectors.EVENT_READ, Peer(connection, bytearray(), bytearray()))

    def _receive(self, peer: Peer, requests: list[Request]) -> None:
        taken = 0
        while taken < TURN_BYTES:
            try:
                data = peer.socket.recv(READ_BYTES)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            if not data:
                self._drop(peer)
                return
            peer.received += data
            taken += len(data)
        try:
            requests += _parse(peer)
        except ValueError:
            self._drop(peer)

    def send(self, peer: Peer, data: bytes) -> None:
        """Queue an answer; ``flush`` or the next ``poll`` sends it."""
        peer.outgoing += data

    def flush(self, peers: set[Peer]) -> None:
        for peer in peers:
            self._flush(peer)

    def _flush(self, peer: Peer) -> None:
        if peer.socket.fileno() < 0:
            return
        try:
            sent = peer.socket.send(peer.outgoing) if peer.outgoing else 0
        except BlockingIOError:
            sent = 0
        except OSError:
            self._drop(peer)
            return
        del peer.outgoing[:sent]
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if peer.outgoing else 0)
        if self._selector.get_key(peer.socket).events != wanted:
            self._selector.modify(peer.socket, wanted, peer)

    def _drop(self, peer: Peer) -> None:
        """A peer left, or sent what is no message: whatever was half received is forgotten."""
        if peer.socket.fileno() >= 0:
            self._selector.unregister(peer.socket)
            peer.socket.close()

    def close(self) -> None:
        for key in list(self._selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.close()
        self._wake_in.close()
        self._selector.close()
        self.path.unlink(missing_ok=True)


def _bind(listener: socket.socket, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    before = os.umask(0o177)
    try:
        with link.reachable(path) as name:
            listener.bind(name)
    finally:
        os.umask(before)


def _parse(peer: Peer) -> list[Request]:
    received, end, starts = peer.received, 0, []
    while len(received) - end >= link.REQUEST.size:
        size = int.from_bytes(received[end : end + 4], "little")
        if not link.REQUEST.size <= size <= link.MAX_REQUEST:
            raise ValueError(f"a message of {size} bytes")
        if len(received) - end < size:
            break
        starts.append(end)
        end += size
    if not starts:
        return []
    whole = bytes(memoryview(received)[:end])
    del received[:end]
    return [_request(peer, whole, start) for start in starts]


def _request(peer: Peer, data: bytes, start: int) -> Request:
    size, number, kind, source, n, named, batch = link.REQUEST.unpack_from(data, start)
    if kind == link.CODES:
        return Request(peer, number, source, None)
    if kind != link.READINGS or size != link.REQUEST.size + 21 * n:
        raise ValueError(f"a message of kind {kind} with {n} readings in {size} bytes")
    at = start + link.REQUEST.size
    columns = Batch(
        source,
        batch,
        bool(named),
        np.frombuffer(data, "<u4", n, at + 16 * n),
        np.frombuffer(data, "<i8", n, at),
        np.frombuffer(data, "<f8", n, at + 8 * n),
        np.frombuffer(data, "u1", n, at + 20 * n),
    )
    return Request(peer, number, source, columns)
