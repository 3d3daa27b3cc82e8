"""What a gateway is told while the engine is away, and that its retries lose and double nothing."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.engine.client import Nursery, Process
from tests.engine.plant import SqliteHistory, waves
from tests.intake.conftest import Gateway, server

START = (int(time.time()) - 86_400) * 1000


def body(number: int) -> dict[str, object]:
    rows = waves(number, START)
    return {
        "batch": f"scan {number}",
        "tag": [f"T{tag:02}" for tag, _, _ in rows],
        "ts": START + number * 1000,
        "value": [value for *_, value in rows],
    }


def test_without_an_engine_the_gateway_is_told_to_come_back(tmp_path: Path) -> None:
    with server(tmp_path) as port:
        gateway = Gateway(port, tmp_path)
        response = gateway.post(body(0))
        gateway.http.close()
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert response.json()["error"]["code"] == "engine.away"


class Retrying:
    """A gateway that sends each scan until it is told that it was taken."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.refused = self.repeated = 0

    def __call__(self, number: int) -> None:
        while (response := self.gateway.post(body(number))).status_code == 503:
            self.refused += 1
            time.sleep(0.02)
        assert response.status_code == 200
        self.repeated += response.json()["duplicate_batch"]


def lives(nursery: Nursery, folder: Path, points: list[str]) -> Retrying:
    number = 0
    with server(folder) as port:
        gateway = Gateway(port, folder)
        send = Retrying(gateway)
        for point in points:
            process = Process(nursery, folder, point)
            assert process.wait_ready() or process.poll() is not None
            while process.poll() is None:
                if gateway.post(body(number)).status_code == 200:
                    number += 1
            last = Process(nursery, folder)
            assert last.wait_ready()
            for _ in range(5):
                send(number)
                number += 1
            assert last.stop() == 0
        gateway.http.close()
    expected = sorted(reading for each in range(number) for reading in waves(each, START))
    assert SqliteHistory(folder / "history.db").readings() == expected
    return send


def test_a_gateway_that_repeats_what_was_not_acknowledged_doubles_nothing(nursery: Nursery, tmp_path: Path) -> None:
    send = lives(nursery, tmp_path, ["after_fsync:20", "after_step:6"])
    assert send.repeated >= 1


@pytest.mark.prove
def test_twenty_lives_of_the_engine_lose_and_double_nothing(nursery: Nursery, tmp_path: Path) -> None:
    points = [f"{point}:{passes}" for point in ("after_append", "after_fsync", "after_step") for passes in range(6, 13)]
    lives(nursery, tmp_path, points)


def test_many_gateways_at_once_each_get_their_own_answer(gateway: Gateway) -> None:
    import asyncio

    async def one(http: httpx.AsyncClient, number: int) -> bool:
        count = number % 7 + 1
        codes = [f"T{tag:02}" for tag in range(1, count + 1)] + ["nobody"] * (number % 3)
        document = {"tag": codes, "ts": START + number, "value": [number] * len(codes)}
        response = await http.post("/intake", json=document, headers={"Authorization": "Bearer north-key"})
        answer = response.json()
        kept = answer["accepted"] + answer["counts"].get("conflict", 0) + answer["counts"].get("duplicate", 0)
        return bool(kept == count and answer["counts"].get("unknown_tag", 0) == number % 3)

    async def all_of_them() -> list[bool]:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{gateway.port}", timeout=60) as http:
            return await asyncio.gather(*(one(http, number) for number in range(300)))

    with ThreadPoolExecutor(1) as aside:  # a browser test of the same worker may hold this thread's loop
        assert all(aside.submit(asyncio.run, all_of_them()).result())
