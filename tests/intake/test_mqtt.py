"""Readings from a real broker: nothing lost, nothing doubled, whoever of broker and engine dies."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anlan.connectors.columns import write_binary
from anlan.connectors.mqtt import Broker as Address
from tests.engine.client import Nursery, Process
from tests.engine.plant import SqliteHistory, waves
from tests.intake.broker import Broker, Publisher

START = (int(time.time()) - 86_400) * 1000
Reading = tuple[int, int, float]


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path / "broker")
    yield made
    made.stop()


@pytest.fixture
def publisher(broker: Broker) -> Iterator[Publisher]:
    made = Publisher(broker)
    yield made
    made.close()


class Plant:
    """An engine that listens to the broker, its history, and what it should hold in the end."""

    def __init__(self, nursery: Nursery, folder: Path, broker: Broker) -> None:
        self.nursery, self.folder, self.broker = nursery, folder, broker
        folder.mkdir()
        self.process: Process | None = None

    def start(self, crash: str = "") -> Process:
        self.process = Process(self.nursery, self.folder, crash, self.broker.url)
        return self.process

    def connected(self) -> bool:
        assert self.process is not None
        found = self.process.report().get("connectors")
        return bool(isinstance(found, list) and found and found[0]["connected"])

    def readings(self) -> list[Reading]:
        return SqliteHistory(self.folder / "history.db").readings()

    def poison(self) -> list[dict[str, object]]:
        files = sorted((self.folder / "quarantine").glob("payload-*.bin"))
        return [json.loads(path.read_bytes().split(b"\n")[0]) for path in files]


@pytest.fixture
def plant(nursery: Nursery, tmp_path: Path, broker: Broker) -> Iterator[Plant]:
    made = Plant(nursery, tmp_path / "engine", broker)
    made.start()
    until(made.connected)
    yield made
    assert made.process is not None
    made.process.kill()


def body(number: int) -> dict[str, object]:
    rows = waves(number, START)
    return {
        "tag": [f"T{tag:02}" for tag, _, _ in rows],
        "ts": [ts for _, ts, _ in rows],
        "value": [value for *_, value in rows],
    }


def expected(numbers: range) -> list[Reading]:
    return sorted(reading for number in numbers for reading in waves(number, START))


def test_json_and_binary_payloads_are_taken(plant: Plant, publisher: Publisher) -> None:
    publisher.send(body(0))
    rows = waves(1, START)
    tags, times, values = zip(*rows, strict=True)
    publisher.send(write_binary(bytes(16), times, values, tags, [1] * len(rows)))
    publisher.send({"tag": "S01", "ts": START, "value": 1}, "south")
    until(lambda: len(plant.readings()) == 41)
    assert plant.readings() == sorted([*expected(range(2)), (21, START, 1.0)])


def test_poison_is_set_aside_and_does_not_come_again(plant: Plant, publisher: Publisher) -> None:
    for poison in (b"\xff\xfe", b"{", b"ANC1", b"", b"[" * 4000):
        publisher.send(poison)
    publisher.send({"tag": "T01", "ts": START, "value": 1}, "nobody")
    publisher.send(body(0))
    until(lambda: len(plant.readings()) == 20)
    assert len(plant.poison()) == 6
    assert plant.process is not None and plant.process.stop() == 0
    plant.start()
    until(plant.connected)
    publisher.send(body(1))
    until(lambda: len(plant.readings()) == 40)
    assert len(plant.poison()) == 6


def test_one_bad_reading_does_not_hold_up_the_rest(plant: Plant, publisher: Publisher) -> None:
    publisher.send({"tag": ["T01", "nobody", "T02"], "ts": [START, START, 5], "value": [1, 2, 3]})
    until(lambda: len(plant.readings()) == 1)
    assert plant.readings() == [(1, START, 1.0)]


def test_a_message_sent_twice_changes_nothing(plant: Plant, publisher: Publisher) -> None:
    for number in (0, 0, 1, 0):
        publisher.send(body(number))
    until(lambda: len(plant.readings()) >= 40)
    assert plant.process is not None and plant.process.stop() == 0
    assert plant.readings() == expected(range(2))


def test_what_is_published_while_the_engine_is_away_comes_later(plant: Plant, publisher: Publisher) -> None:
    assert plant.process is not None
    plant.process.kill()
    for number in range(30):
        publisher.send(body(number))
    publisher.settle()
    plant.start()
    until(lambda: len(plant.readings()) == 600)
    assert plant.readings() == expected(range(30))


def test_a_broker_that_starts_again_loses_and_doubles_nothing(plant: Plant, publisher: Publisher) -> None:
    for number in range(60):
        publisher.send(body(number))
        if number in (20, 40):
            plant.broker.stop()
            plant.broker.start()
    publisher.settle()
    until(lambda: len(plant.readings()) >= 1200)
    assert plant.process is not None and plant.process.stop() == 0
    assert plant.readings() == expected(range(60))


def kill_again_and_again(plant: Plant, publisher: Publisher, times: int) -> None:
    points = ["after_append", "after_fsync", "after_step", "after_acknowledge"]
    number = 0
    for life in range(times):
        assert plant.process is not None
        plant.process.kill()
        process = plant.start(f"{points[life % 4]}:{2 + life % 5}")
        while process.poll() is None:
            publisher.send(body(number))
            number += 1
            time.sleep(0.01)
    plant.start()
    publisher.settle()
    until(lambda: len(plant.readings()) >= 20 * number)
    assert plant.process is not None and plant.process.stop() == 0
    assert plant.readings() == expected(range(number))


def test_an_engine_killed_between_fsync_and_acknowledgement_loses_and_doubles_nothing(
    plant: Plant, publisher: Publisher
) -> None:
    kill_again_and_again(plant, publisher, 4)


@pytest.mark.prove
def test_twenty_engines_killed_lose_and_double_nothing(plant: Plant, publisher: Publisher) -> None:
    kill_again_and_again(plant, publisher, 20)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("mqtt://broker", Address("broker", 1883)),
        ("mqtts://u:p%40s@broker:9999", Address("broker", 9999, "u", "p@s", tls=True)),
        ("mqtt://broker/county-engine", Address("broker", 1883, client_id="county-engine")),
    ],
)
def test_the_address_of_a_broker_is_a_url(url: str, address: Address) -> None:
    assert Address.parse(url) == address


@pytest.mark.parametrize("url", ["", "broker:1883", "http://broker"])
def test_what_is_no_address_is_refused_with_words(url: str) -> None:
    with pytest.raises(ValueError, match="ANLAN_MQTT_URL"):
        Address.parse(url)
