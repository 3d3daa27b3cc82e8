"""A product of three processes on a data folder of its own, for tests that need all of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from anlan.kernels._cache import share
from tests import migrated

WITHIN_S = 60
METRICS_TOKEN = "only-for-tests"
ROOT = Path(__file__).parents[1]
OUTSIDE = ("ANLAN_DATABASE_URL", "ANLAN_MQTT_URL", "DJANGO_SETTINGS_MODULE")


@dataclass
class Product:
    """``anlan web``, ``engine`` and ``worker`` on a data folder of their own."""

    data: Path
    env: dict[str, str]
    port: int
    county: dict[str, Any] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @classmethod
    def build(cls, data: Path, database: str = "") -> "Product":
        """A migrated installation with the county of tests/browser/county.py; compiled kernels outlive it."""
        share(data)
        env = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
        env |= {
            "ANLAN_DATA": str(data),
            "PYTHONPATH": str(ROOT),
            "ANLAN_METRICS_TOKEN": METRICS_TOKEN,
            "ANLAN_LOG": "json",
        }
        product = cls(data, env | ({"ANLAN_DATABASE_URL": database} if database else {}), free_port())
        if database:
            product.run("-m", "anlan", "manage", "migrate", "-v", "0", "--skip-checks")
        else:
            migrated.put(data / migrated.NAME)
        product.run("-c", "from anlan.cli import compiling; compiling.compile_all()")  # no page shall wait for that
        product.county = json.loads(product.run("-m", "tests.browser.county"))
        return product

    def launch(self) -> None:
        """All parts, until a reading is taken."""
        self.start("engine")
        self.start("worker")
        self.start_web()
        self.wait_for(lambda: (self.data / "engine.json").exists())
        self.wait_for(lambda: self.post("CALM_F", 50.0)["accepted"] == 1)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str) -> bytes:
        done = subprocess.run([sys.executable, *arguments], env=self.env, cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def start(self, part: str, *arguments: str) -> None:
        with (self.data / f"{part}.out").open("ab") as log:
            self.processes[part] = subprocess.Popen(
                [sys.executable, "-m", "anlan", part, *arguments], env=self.env, cwd=ROOT, stdout=log, stderr=log
            )

    def start_web(self) -> None:
        self.start("web", "--port", str(self.port))
        self.wait_for(lambda: httpx.get(f"{self.base}/accounts/login/", timeout=10).status_code == 200)

    def kill(self, part: str) -> None:
        self.processes[part].send_signal(signal.SIGKILL)
        self.processes[part].wait(10)

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(20)

    def wait_for(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + WITHIN_S
        while time.monotonic() < until:
            try:
                if done():
                    return
            except (httpx.HTTPError, OSError):
                pass
            time.sleep(0.1)
        raise AssertionError("\n".join(path.read_text()[-2000:] for path in self.data.glob("*.out")))

    def told(self) -> str:
        """The end of each part's log, with what its threads are doing now."""
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGUSR1)
        time.sleep(1.0)
        return "\n".join(f"--- {path.name}\n{path.read_text()[-6000:]}" for path in sorted(self.data.glob("*.out")))

    def send(self, tag: str, value: float, *, ago_s: float = 0.0) -> None:
        """A reading as a gateway sends it; answered once it is safe."""
        answer = self.post(tag, value, ago_s=ago_s)
        assert answer["accepted"] == 1, answer

    def post(self, tag: str, value: float, *, ago_s: float = 0.0) -> dict[str, Any]:
        reading = {"tag": tag, "ts": int((time.time() - ago_s) * 1000), "value": value, "quality": 1}
        key = {"Authorization": f"Bearer {self.county['key']}"}
        answer = httpx.post(f"{self.base}/intake", json=reading, headers=key, timeout=30)
        answer.raise_for_status()
        return dict(answer.json())

    def place(self, key: str) -> int:
        return int(self.county["places"][key])

    def tag(self, code: str) -> int:
        return int(self.county["tags"][code])


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
