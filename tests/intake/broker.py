"""A real mosquitto on a free port, that tests can kill and start again; and a gateway that publishes to it."""

import json
import shutil
import subprocess
import threading
import time
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.intake.conftest import free_port, wait_for_port

CONFIG = """
listener {port} 127.0.0.1
allow_anonymous true
user root
persistence true
persistence_location {folder}/
autosave_interval 1
autosave_on_changes true
max_queued_messages 0
max_inflight_messages 100
"""


class Broker:
    """Keeps what waits for the engine also over its own end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.port = free_port()
        (folder / "mosquitto.conf").write_text(CONFIG.format(port=self.port, folder=folder))
        self.start()

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> None:
        binary = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        self.process = subprocess.Popen(
            [binary, "-c", str(self.folder / "mosquitto.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for_port(self.port)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


class Publisher:
    """Publishes with QoS 1; ``settle`` waits until the broker has taken everything."""

    def __init__(self, broker: Broker) -> None:
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id="gateway", clean_session=False)
        self._client.reconnect_delay_set(1, 1)
        self._client.max_queued_messages_set(0)
        connected = threading.Event()
        self._client.on_publish = self._published
        self._sent = self._taken = 0
        self._client.on_connect = lambda *_: connected.set()
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()
        assert connected.wait(20)

    def _published(self, *_: object) -> None:
        self._taken += 1

    def send(self, body: object, source: str = "north") -> None:
        payload = body if isinstance(body, bytes) else json.dumps(body)
        self._client.publish(f"anlan/{source}/readings", payload, qos=1)  # waits in the client while there is no broker
        self._sent += 1

    def settle(self) -> None:
        until = time.monotonic() + 60
        while self._taken < self._sent:
            assert time.monotonic() < until, f"the broker took {self._taken} of {self._sent}"
            time.sleep(0.05)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
