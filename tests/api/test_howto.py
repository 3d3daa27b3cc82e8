"""The how-to's commands are run as they stand, against the product on a real port."""

import hashlib
import hmac
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.db import OperationalError

from anlan.apps.core import actions
from anlan.config.wsgi import application
from anlan.kit import clock
from anlan.kit.grants import Viewer
from tests.monitoring.conftest import plant

__all__ = ["plant"]

HOWTO = (Path(__file__).parents[2] / "docs/howto/api.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", HOWTO, re.DOTALL)


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def served(transactional_db: None) -> Iterator[str]:
    server: WSGIServer = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    thread = threading.Thread(target=_serve, args=(server,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


def _serve(server: WSGIServer) -> None:
    from django.db import connection

    server.serve_forever(0.02)
    connection.close()


@contextmanager
def working() -> Iterator[None]:
    """The worker, as long as the commands wait for what they had asked of it."""
    done = threading.Event()
    thread = threading.Thread(target=_work, args=(done,), daemon=True)
    thread.start()
    yield
    done.set()
    thread.join(10)


def _work(done: threading.Event) -> None:
    from django.db import connection

    while not done.wait(0.05):
        with suppress(OperationalError):  # the server writes at this moment
            actions.run_due("howto")
    connection.close()


def commands() -> str:
    """Every shell block, without the placeholders that the reader fills in."""
    lines = "\n".join(text for language, text in BLOCKS if language == "sh").splitlines()
    return "\n".join(line for line in lines if not line.startswith("export "))


def test_every_command_and_the_python_example_work_as_they_stand(
    served: str, world: Any, plant: Any, viewer: Callable[[str], Viewer], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    spec = actions.TokenSpec("说明", clock.now() + timedelta(hours=1), read_only=False)
    _, secret = actions.add_token(viewer("王安"), spec)
    env = {**os.environ, "BASE": served, "TOKEN": secret}
    shell = f"set -euo pipefail\n{commands()}"
    with working():
        done = subprocess.run(["bash", "-c", shell], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{done.stdout[-500:]}{done.stderr[-2000:]}"
    assert '"code": "not_found"' in done.stdout and "恒泰化工厂" in done.stdout
    assert "FeatureCollection" in (tmp_path / "enterprises.geojson").read_text()
    example = next(text for language, text in BLOCKS if language == "python" and "httpx" in text)
    done = subprocess.run([sys.executable, "-c", example], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_signature_example_tells_true_from_false() -> None:
    example = next(text for language, text in BLOCKS if language == "python" and "def genuine" in text)
    names: dict[str, Any] = {}
    exec(example, names)
    now, body = int(time.time()), b'{"id": "alarm-1"}'
    good = hmac.new(b"key", f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    assert names["genuine"]("key", f"t={now},v1={good}", body)
    assert not names["genuine"]("key", f"t={now},v1={good}", body + b" ")
    assert not names["genuine"]("other", f"t={now},v1={good}", body)
    assert not names["genuine"]("key", f"t={now - 600},v1={good}", body)
