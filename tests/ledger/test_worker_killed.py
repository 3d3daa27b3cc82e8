"""Several writers, real workers, SIGKILL in the middle: every colour is right in the end, no change lost or doubled."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests import migrated
from tests.postgres import own_database

Environment = dict[str, str]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Environment]:
    """The environment of an installation of its own, migrated and with places in it."""
    plain = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    with own_database() as url:
        here = f"sqlite:///{tmp_path / migrated.NAME}"
        environment = plain | {"ANLAN_DATA": str(tmp_path), "ANLAN_DATABASE_URL": url or here}
        if url:
            run(environment, "anlan", "manage", "migrate", "--verbosity=0", "--skip-checks")
        else:
            migrated.put(tmp_path / migrated.NAME)
        run(environment, "tests.ledger.writers", "build")
        yield environment


def run(environment: Environment, *arguments: str) -> None:
    done = start(environment, *arguments)
    _, errors = done.communicate(timeout=240)
    assert done.returncode == 0, errors.decode()[-3000:]


def start(environment: Environment, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env=environment,
        cwd=settings.PACKAGE.parent,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )


def write_under_fire(environment: Environment, *, writers: int, steps: int, kills: int) -> None:
    """Two workers, one of which is killed and replaced now and then while the writers write."""
    dice = random.Random(7)
    workers = [start(environment, "anlan", "worker") for _ in range(2)]
    writing = [start(environment, "tests.ledger.writers", "write", str(n), str(steps)) for n in range(1, writers + 1)]
    try:
        for _ in range(kills):
            time.sleep(dice.uniform(1, 4))
            victim = workers.pop(0)
            victim.kill()
            victim.communicate()
            workers.append(start(environment, "anlan", "worker"))
        for writer in writing:
            _, errors = writer.communicate(timeout=240)
            assert writer.returncode == 0, errors.decode()[-3000:]
        run(environment, "tests.ledger.writers", "check")
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        for worker in workers:
            worker.communicate(timeout=15)
            assert worker.returncode == 0
    finally:
        for process in [*workers, *writing]:
            process.kill()
            process.communicate()


def test_a_worker_keeps_its_lease_while_it_loads_and_others_write(own: Environment) -> None:
    run(own, "tests.ledger.writers", "take_up")


def test_a_killed_worker_loses_and_doubles_nothing(own: Environment) -> None:
    write_under_fire(own, writers=2, steps=30, kills=1)


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_twenty_killed_workers_lose_and_double_nothing(own: Environment) -> None:
    write_under_fire(own, writers=6, steps=2_000, kills=20)
