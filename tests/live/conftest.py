"""The real web server in a process of its own, and browsers' ends of the stream."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from typing import Any
from uuid import uuid4

import httpx
import pytest

WITHIN_S = 20.0  # long enough for a loaded machine; what is expected comes at once


@dataclass(frozen=True)
class Event:
    name: str
    data: dict[str, Any]
    id: int | None


@dataclass
class Stream:
    """A browser's end of ``/live``; a thread reads it."""

    response: httpx.Response
    events: Queue[Event | None] = field(default_factory=Queue)
    seen: list[Event] = field(default_factory=list)

    def read(self) -> None:
        try:
            fields: dict[str, str] = {}
            for line in self.response.iter_lines():
                if line.startswith(":"):
                    continue
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif fields:
                    number = fields.get("id")
                    self.events.put(Event(fields["event"], json.loads(fields["data"]), int(number) if number else None))
                    fields = {}
        except (httpx.HTTPError, httpx.StreamError):
            pass
        self.events.put(None)

    def next(self) -> Event | None:
        """The next event; None at the end of the stream. Raises Empty when nothing comes."""
        event = self.events.get(timeout=WITHIN_S)
        if event is not None:
            self.seen.append(event)
        return event

    def expect(self, name: str, wanted: Callable[[Event], bool] = lambda event: True) -> Event:
        """Read on until an event of that name comes."""
        while (event := self.next()) is not None:
            if event.name == name and wanted(event):
                return event
        raise AssertionError(f"the stream ended before {name}; seen: {[one.name for one in self.seen]}")

    def expect_end(self) -> list[Event]:
        """Read on until the server ends the stream."""
        while self.next() is not None:
            pass
        return self.seen


class Server:
    """``anlan web`` on a free port."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.clients: list[httpx.Client] = []
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "anlan", "web", "--port", str(self.port)]
        self.log = (Path(self.env["ANLAN_DATA"]) / "web.log").open("ab")
        self.process = subprocess.Popen(command, env=self.env, stdout=self.log, stderr=subprocess.STDOUT)
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                httpx.get(f"{self.base}/live", timeout=10)
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(Path(self.log.name).read_text())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.log.close()
        return code

    def open(self, session: str | None, query: str = "", headers: dict[str, str] | None = None) -> httpx.Response:
        client = httpx.Client(timeout=httpx.Timeout(WITHIN_S, read=None))
        self.clients.append(client)
        sent = {**(headers or {}), **({"cookie": f"sessionid={session}"} if session else {})}
        return client.send(client.build_request("GET", f"{self.base}/live{query}", headers=sent), stream=True)

    def refused(self, session: str | None, query: str = "") -> tuple[int, str]:
        """Status and body where no stream is given."""
        response = self.open(session, query)
        text = response.read().decode() if response.status_code != 200 else ""
        response.close()
        return response.status_code, text

    def stream(self, session: str, query: str = "", headers: dict[str, str] | None = None) -> Stream:
        response = self.open(session, query, headers)
        assert response.status_code == 200, response.read()
        stream = Stream(response)
        threading.Thread(target=stream.read, daemon=True).start()
        stream.expect("hello")
        return stream


class Hand:
    """Calls functions of ``tests.live.hand`` in its process."""

    def __init__(self, env: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.live.hand"]
        self.process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args: self._call(name, args)

    def _call(self, name: str, args: tuple[Any, ...]) -> Any:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([name, args]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


@dataclass(frozen=True)
class Live:
    """The server, the hand that changes things, and what there is: ids of places, people and tags, session keys."""

    server: Server
    hand: Hand
    places: dict[str, int]
    people: dict[str, int]
    tags: dict[str, int]
    sessions: dict[str, str]

    def stream(self, name: str, query: str = "", headers: dict[str, str] | None = None) -> Stream:
        return self.server.stream(self.sessions[name], query, headers)

    def mark(self, name: str) -> str:
        """Send a person something that only they see; what was sent before it has then come or never will."""
        text = uuid4().hex
        self.hand.emit("notice", None, {"person": self.people[name], "text": text})
        return text

    def read_to_mark(self, stream: Stream, name: str) -> list[Event]:
        text = self.mark(name)
        stream.expect("notice", lambda event: event.data["text"] == text)
        return stream.seen


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="package")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A data folder of its own; on PostgreSQL also a database of its own."""
    env = {**os.environ, "ANLAN_DATA": str(tmp_path_factory.mktemp("live")), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    env.pop("ANLAN_CRASH", None)
    url = env.get("ANLAN_DATABASE_URL", "")
    if url.startswith("postgres"):
        name = f"live_{uuid4().hex[:12]}"
        _run_sql(url, f"CREATE DATABASE {name}")
        env["ANLAN_DATABASE_URL"] = httpx.URL(url).copy_with(path=f"/{name}").__str__()
        yield env
        _run_sql(url, f"DROP DATABASE {name} WITH (FORCE)")
    else:
        yield env


def _run_sql(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(scope="package")
def _live(environment: dict[str, str]) -> Iterator[Live]:
    hand = Hand(environment)
    built = hand.build()
    server = Server(environment)
    yield Live(server, hand, **built)
    server.stop()
    hand.close()


@pytest.fixture
def live(_live: Live) -> Iterator[Live]:
    """The server with nobody at the stream."""
    yield _live
    for client in _live.server.clients:
        client.close()
    _live.server.clients.clear()


__all__ = ["Empty", "Event", "Hand", "Live", "Server", "Stream"]
