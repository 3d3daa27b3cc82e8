"""The engine as a process, and a client that speaks to its socket."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from anlan.engine import link
from tests.engine.plant import NORTH, columns

ROOT = Path(__file__).parents[2]


class Away(Exception):
    """The engine did not answer: whether the batch is durable is not known."""


class Client:
    """Sends batches and waits for the answers."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        try:
            with link.reachable(path) as name:
                self.socket.connect(name)
        except OSError as error:
            self.socket.close()
            raise Away from error

    def close(self) -> None:
        self.socket.close()

    def send(
        self, readings: Sequence[tuple[int, int, float]], name: str = "", source: int = NORTH, kind: int = link.READINGS
    ) -> link.Done:
        """One batch, acknowledged."""
        parts = columns(readings) if readings else ()
        batch = blake2b(name.encode(), digest_size=16).digest() if name else bytes(16)
        size = link.REQUEST.size + sum(map(len, parts))
        head = link.REQUEST.pack(size, 1, kind, source, len(readings), bool(name), batch)
        try:
            self.socket.sendall(b"".join((head, *parts)))
            answer = self._receive(4)
            answer += self._receive(int.from_bytes(answer, "little") - 4)
        except OSError as error:
            raise Away from error
        found = link.unpack(answer)
        if isinstance(found, Exception):
            raise Away(str(found))
        assert isinstance(found, link.Done)
        return found

    def _receive(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise Away("closed")
            data += more
        return data


class Nursery:
    """A process with everything loaded that forks an engine when asked: a life costs 50 ms instead of seconds."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.engine.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, *words: object) -> str:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(word) for word in words]) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        self._process.communicate()


class Process:
    """An engine that tests start and kill."""

    def __init__(self, nursery: Nursery, folder: Path, crash: str = "", broker: str = "") -> None:
        self.nursery, self.folder = nursery, folder
        self.socket = folder / "engine.sock"
        self.socket.unlink(missing_ok=True)
        self.pid = int(nursery.ask("start", folder, crash, broker))
        self.code: int | None = None

    def poll(self) -> int | None:
        """The exit code once it has ended; -9 for a kill."""
        if self.code is None:
            answer = self.nursery.ask("poll", self.pid)
            self.code = int(answer) if answer else None
        return self.code

    def wait_ready(self) -> bool:
        """True when it answers; False when it died first."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.poll() is not None:
                return False
            if self.socket.exists() and self.report().get("state") == "running" and self.report().get("tags"):
                return True
            time.sleep(0.02)
        raise AssertionError("the engine did not start: " + (self.folder / "stderr.txt").read_text()[-2000:])

    def report(self) -> dict[str, object]:
        try:
            found = json.loads((self.folder / "engine.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return found if found.get("pid") == self.pid else {}

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()

    def stop(self) -> int:
        """End it as an operator would."""
        os.kill(self.pid, signal.SIGTERM)
        return self.wait()

    def wait(self, seconds: float = 60) -> int:
        until = time.monotonic() + seconds
        while (code := self.poll()) is None:
            assert time.monotonic() < until, "the engine does not end"
            time.sleep(0.01)
        return code
