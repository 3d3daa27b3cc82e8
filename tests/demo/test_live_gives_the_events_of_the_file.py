"""One recording through POST /intake, over MQTT, and through ``anlan detect``: the same events.

The real processes, the real broker, the real alarms in the database. Live, the recording runs in accelerated time with
delays shortened alike, so a live time t stands for the file's time t0 + (t - start) · speed.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from anlan.cli.demonstration.broker import Broker, free_port
from anlan.cli.demonstration.notes import Notes
from anlan.cli.demonstration.replay import Frame, payload
from anlan.cli.demonstration.senders import HttpSender, MqttSender, Sender
from anlan.packs.families import demo
from tests.demo.test_recordings import FOLDER, TODAY, events_of_file, library_of

RECORDING = "idv_06"
SPEED = demo.load("county", TODAY).speed
STEP_MS = 60_000 // SPEED

Event = tuple[str, str, str, int, float | None]  # tag, limit, raise or clear, ts of the file, value of a raise


class Product:
    """Web and engine on a data folder with the invented county."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.broker = Broker(data)
        self.keys: dict[str, str] = {}
        self.environment = {k: v for k, v in os.environ.items() if k not in ("ANLAN_DATABASE_URL", "ANLAN_PACKS")}
        self.environment |= {"ANLAN_DATA": str(data), "DJANGO_SETTINGS_MODULE": "anlan.config.settings"}
        if self.broker.url:
            self.environment["ANLAN_MQTT_URL"] = self.broker.url
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Migrate, build the county, start web and engine, and wait until readings are taken."""
        build = (
            "from anlan.cli import prepare, setup_django; setup_django(); prepare._migrate()\n"
            "from pathlib import Path; from anlan.cli.demonstration import county; import os\n"
            "county.build(Path(os.environ['ANLAN_DATA']))"
        )
        subprocess.run([sys.executable, "-c", build], env=self.environment, check=True, timeout=240)
        for arguments in (["web", "--port", str(self.port)], ["engine"]):
            command = [sys.executable, "-m", "anlan", *arguments]
            self.processes.append(subprocess.Popen(command, env=self.environment))
        notes = Notes.read(self.data)
        assert notes is not None
        self.keys = notes.keys
        self.wait_for(self._takes_readings, 180)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _takes_readings(self) -> bool:
        """The engine knows the tags, and the broker's client is there."""
        try:
            report = json.loads((self.data / "engine.json").read_bytes())
            with urllib.request.urlopen(f"{self.url}/accounts/login/", timeout=5):
                pass
        except (OSError, ValueError):
            return False
        connected = all(connector.get("connected") for connector in report["connectors"])
        return report["tags"] == 159 and connected

    def wait_for(self, what: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, (self.data / "engine.json").read_text()
            time.sleep(0.1)

    def settled(self, since_ms: int) -> bool:
        """A report later than this says that no event waits for the database."""
        report = json.loads((self.data / "engine.json").read_bytes())
        return report["at"] > since_ms + 500 and report["events_waiting"] == 0 and not report["events_error"]

    def end(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(30)
        self.broker.stop()


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    found = Product(tmp_path_factory.mktemp("product"))
    try:
        found.start()
        yield found
    finally:
        found.end()


def replay(product: Product, source: str, sender: Sender) -> list[Event]:
    """Send the whole recording, then read the alarms it raised, in the file's time."""
    recording = library_of("tep", TODAY).recording(RECORDING)
    start = (int(time.time() * 1000) // 1000) * 1000 - len(recording.ts) * STEP_MS
    for number, values in enumerate(recording.values):
        frame = Frame(number, recording.tags, values.tolist())
        body = payload(frame, start + number * STEP_MS, f"{source}-{number}")
        while not sender.send(body):
            time.sleep(0.2)
    sender.close()
    sent = time.time_ns() // 1_000_000
    product.wait_for(lambda: product.settled(sent), 90)
    return alarms(product.data, source, start, int(recording.ts[0]))


def alarms(data: Path, source: str, start: int, first: int) -> list[Event]:
    """A source's limit alarms as events, live times turned into the file's."""
    query = (
        'SELECT t.code, a."limit", a.raised, a.raised_value, a.cleared FROM monitoring_alarm a'
        " JOIN monitoring_tag t ON t.id = a.tag_id JOIN monitoring_source s ON s.id = t.source_id"
        ' WHERE s.code = ? AND a."limit" < 4'
    )
    with sqlite3.connect(data / "anlan.sqlite3") as database:
        rows = database.execute(query, [source]).fetchall()
    database.close()
    found: list[Event] = []
    for code, number, raised, value, cleared in rows:
        limit = ("HH", "H", "L", "LL")[number]
        found.append((code, limit, "raise", first + (_ms(raised) - start) * SPEED, value))
        if cleared:
            found.append((code, limit, "clear", first + (_ms(cleared) - start) * SPEED, None))
    return sorted(found, key=str)


def _ms(text: str) -> int:
    return round(datetime.fromisoformat(text + "+00:00").timestamp() * 1000)


def from_file(folder: Path) -> list[Event]:
    said = events_of_file(FOLDER / "recordings" / f"{RECORDING}.parquet", folder)
    return sorted(
        (
            (e["tag"], e["limit"], e["event"], e["ts"], e["value"] if e["event"] == "raise" else None)  # type: ignore[misc]
            for e in said
        ),
        key=str,
    )


@pytest.mark.prove
def test_by_http(product: Product, tmp_path: Path) -> None:
    sender = HttpSender(product.url, product.keys["ancheng-dcs"])
    assert replay(product, "ancheng-dcs", sender) == from_file(tmp_path)


@pytest.mark.skipif(not (os.environ.get("ANLAN_MQTT_URL") or shutil.which("mosquitto")), reason="no MQTT broker")
@pytest.mark.prove
def test_by_mqtt(product: Product, tmp_path: Path) -> None:
    assert product.broker.url
    assert replay(product, "runchuan-mqtt", MqttSender(product.broker.url, "runchuan-mqtt")) == from_file(tmp_path)
