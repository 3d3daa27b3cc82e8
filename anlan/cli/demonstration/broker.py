"""An MQTT broker for the demo: the one that ANLAN_MQTT_URL names, else a mosquitto of our own, else none."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from anlan.cli.supervise import STOP_S

#: What waits for the engine while it is away is kept.
CONFIG = """
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
max_queued_messages 0
"""
READY_S = 5.0


class Broker:
    """``url`` is empty when there is no broker."""

    def __init__(self, data: Path) -> None:
        self.url = os.environ.get("ANLAN_MQTT_URL", "")
        self.words = f"MQTT 代理 {self.url}"
        self._process: subprocess.Popen[bytes] | None = None
        program = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
        if self.url:
            return
        if program is None:
            self.words = "没有 MQTT 代理（未装 mosquitto，未设 ANLAN_MQTT_URL），润川石化的网关改用 HTTP 上传"
            return
        self._start(program, data)

    def _start(self, program: str, data: Path) -> None:
        folder, port = data / "mosquitto", free_port()
        folder.mkdir(exist_ok=True)
        config = folder / "mosquitto.conf"
        config.write_text(CONFIG.format(port=port, folder=folder))
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(  # noqa: S603 - found on the path
            [program, "-c", str(config)], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        if _answers(port):
            self.url, self.words = f"mqtt://127.0.0.1:{port}", f"MQTT 代理 mosquitto，端口 {port}"
        else:
            self.stop()
            self.words = "mosquitto 没有启动，润川石化的网关改用 HTTP 上传"

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(STOP_S)
            self._process = None


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    """Whether something listens on the port within a few seconds."""
    end = time.monotonic() + READY_S
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False
