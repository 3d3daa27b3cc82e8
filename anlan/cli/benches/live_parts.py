"""The processes of the live benchmark: make the data, send readings at a fixed rate, hold the viewers' streams."""

import asyncio
import json
import socket
import struct
import sys
import time
from contextlib import closing
from pathlib import Path

import click
import numpy as np
import orjson

RATE = 50_000  # readings a second
BATCH = 1_000
TAGS = BATCH  # every batch has one reading of each tag
VIEWERS = 200
CONNECTIONS = 4


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def seed() -> None:
    """One plant with its tags and one person who may see them."""
    from anlan.cli import setup_django

    setup_django()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.core.management import call_command

    from anlan.apps.core import actions as core
    from anlan.apps.core.sessions import SessionStore
    from anlan.apps.monitoring import actions
    from anlan.apps.monitoring.actions import TagSpec
    from anlan.kit.grants import SYSTEM
    from anlan.rules.alarms import Limits

    call_command("migrate", verbosity=0)
    county = core.add_place(SYSTEM, None, "county", "试验县", code="990121")
    plant = core.add_place(SYSTEM, county, "enterprise", "试验厂", sector="chemical")
    source, key = actions.add_source(SYSTEM, plant.pk, "bench", "试验网关")
    limits = Limits(hh=2e9, h=1e9, l=-1e9, ll=-2e9, deadband=1, missing_s=600)
    specs = [TagSpec(plant.pk, f"T{number}", f"测点 {number}", limits=limits) for number in range(TAGS)]
    tags = [tag.pk for tag in actions.add_tags(SYSTEM, source.pk, specs)]
    person = core.add_person(SYSTEM, core.NewPerson("bench", "试验员", "bench-试验-2026-Anlan"), "leader", county)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    click.echo(json.dumps({"tags": tags, "key": key, "session": session.session_key}))


async def send(folder: Path, port: int, key: str, seconds: float, tags: list[int]) -> None:
    """Batches at a fixed rate over a few connections; writes down when each was accepted."""
    accepted: list[tuple[int, float]] = []
    links = [await asyncio.open_connection("127.0.0.1", port) for _ in range(CONNECTIONS)]
    numbers = iter(range(1, round(seconds * RATE / BATCH) + 1))
    start = time.time()
    column = np.array(tags, "<u4").tobytes()

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number in numbers:
            due = start + number * BATCH / RATE
            await asyncio.sleep(max(0.0, due - time.time()))
            writer.write(_request(key, _batch(number, round(due * 1000), column)))
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if b"content-length" in line)
            answer = orjson.loads(await reader.readexactly(length))
            accepted.append((number, time.time()))
            if answer.get("accepted") != BATCH:
                raise RuntimeError(f"batch {number}: {answer}")

    await asyncio.gather(*(work(*link) for link in links))
    np.save(folder / "accepted.npy", np.array(sorted(accepted), np.float64))


def _batch(number: int, ts: int, tags: bytes) -> bytes:
    """Binary columns: every tag's value is the number of the batch, its time [ms] when it was due."""
    times = np.full(BATCH, ts, "<i8").tobytes()
    values = np.full(BATCH, float(number), "<f8").tobytes()
    return struct.pack("<4sI16s", b"ANC1", BATCH, bytes(16)) + times + values + tags + b"\1" * BATCH


def _request(key: str, body: bytes) -> bytes:
    head = (
        f"POST /intake HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/vnd.anlan.columns\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def view(folder: Path, port: int, session: str, tags: list[int]) -> None:
    """One stream for each tag; writes down (viewer, when, newest batch seen) until ``stop`` is there."""
    seen: list[tuple[int, float, float]] = []
    ready = 0

    async def watch(viewer: int, tag: int) -> None:
        nonlocal ready
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
        head = f"GET /live?tags={tag} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={session}\r\n\r\n"
        writer.write(head.encode())
        while b"hello" not in (await reader.readline()):
            pass
        ready += 1
        event = b""
        async for line in reader:
            if line.startswith(b"event: "):
                event = line[7:].strip()
            elif line.startswith(b"data: ") and event == b"values":
                seen.append((viewer, time.time(), orjson.loads(line[6:])["v"][0]))

    tasks = [asyncio.create_task(watch(viewer, tag)) for viewer, tag in enumerate(tags)]
    while ready < len(tags):
        await asyncio.sleep(0.1)
    (folder / "viewers.ready").touch()
    while not (folder / "stop").exists():
        await asyncio.sleep(0.2)
    for task in tasks:
        task.cancel()
    np.save(folder / "viewers.npy", np.array(seen, np.float64))


def main(part: str, *arguments: str) -> None:
    if part == "seed":
        seed()
        return
    folder, port, session, *rest = arguments
    if part == "send":
        key, seconds, *tags = rest
        asyncio.run(send(Path(folder), int(port), key, float(seconds), [int(tag) for tag in tags]))
    else:
        asyncio.run(view(Path(folder), int(port), session, [int(tag) for tag in rest]))


if __name__ == "__main__":
    main(*sys.argv[1:])
