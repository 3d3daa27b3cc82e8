"""A server and an engine for the tests of the intake, and a gateway that sends to them."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.engine.client import ROOT, Nursery, Process
from tests.engine.conftest import nursery
from tests.engine.plant import SqliteHistory

__all__ = ["nursery"]


class Gateway:
    """Sends readings as the north's gateway does, each reading later than the one before."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self.folder = port, folder
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
        self._now = int(time.time()) * 1000 - 3_600_000

    def now(self) -> int:
        self._now += 1000
        return self._now

    def post(self, body: object, key: str = "north-key") -> httpx.Response:
        return self.http.post("/intake", json=body, headers={"Authorization": f"Bearer {key}"})

    def post_raw(self, body: bytes, kind: str, key: str = "north-key") -> httpx.Response:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": kind}
        return self.http.post("/intake", content=body, headers=headers)

    def accepted(self) -> int:
        """What the engine counts by now."""
        return int(str(self.report()["accepted"]))

    def report(self) -> dict[str, Any]:
        import json

        time.sleep(1.1)
        found: dict[str, Any] = json.loads((self.folder / "engine.json").read_text())
        return found

    def raw(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def kept(self) -> list[tuple[int, int, float]]:
        return SqliteHistory(self.folder / "history.db").readings()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens at port {port}")


@contextlib.contextmanager
def server(folder: Path) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.intake.serve", str(port), str(folder)], cwd=ROOT)
    try:
        wait_for_port(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def engine(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    made = Process(nursery, tmp_path_factory.mktemp("engine"))
    assert made.wait_ready()
    yield made
    made.kill()


@pytest.fixture(scope="module")
def gateway(engine: Process) -> Iterator[Gateway]:
    with server(engine.folder) as port:
        made = Gateway(port, engine.folder)
        yield made
        made.http.close()
