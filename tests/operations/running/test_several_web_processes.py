"""Two web processes behind one port: both answer, count together, and one that is killed is not missed."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from anlan.cli.supervise import Supervisor
from anlan.cli.up import ENDING, parts
from tests import migrated
from tests.operations.prometheus import Figures
from tests.product import METRICS_TOKEN, OUTSIDE, ROOT, WITHIN_S, free_port

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux spreads connections over several processes"),
]
RATE = 20
COUNTY = """
import sys
from datetime import timedelta
from anlan.cli import setup_django
setup_django()
from anlan.apps.core import actions, selectors
from anlan.kit import clock
from tests import world
viewer = selectors.viewer_of(world.build().people["王安"])
until = clock.now() + timedelta(days=1)
sys.stdout.write(actions.add_token(viewer, actions.TokenSpec(name="同步", until=until))[1])
"""


@dataclass
class Two:
    """Two web processes under the product's supervisor, and what it said."""

    base: str
    data: Path
    token: str
    said: list[str]
    supervisor: Supervisor

    def ask(self, path: str, token: str = "") -> httpx.Response:
        """By a connection of its own, so that either process may get it."""
        return httpx.get(
            f"{self.base}{path}", headers={"Authorization": f"Bearer {token}"} if token else {}, timeout=30
        )

    def figures(self) -> Figures:
        return Figures(self.ask("/metrics", METRICS_TOKEN).text)

    def processes(self) -> set[int]:
        named = "anlan_web_start_time_seconds"
        return {int(dict(labels)["process"]) for name, labels in self.figures().values if name == named}

    def until(self, what: Callable[[], bool]) -> None:
        told: list[bool] = []

        def done() -> bool:
            try:
                told.append(what())
            except httpx.HTTPError:
                told.append(False)
            return told[-1]

        self.supervisor.tend(WITHIN_S, until=done)
        assert told[-1], self.said


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    data, port = tmp_path_factory.mktemp("two"), free_port()
    outside = {name: os.environ.pop(name) for name in OUTSIDE if name in os.environ}
    told = {"ANLAN_DATA": str(data), "ANLAN_API_RATE": str(RATE), "ANLAN_METRICS_TOKEN": METRICS_TOKEN}
    os.environ |= told
    migrated.put(data / migrated.NAME)
    made = subprocess.run([sys.executable, "-c", COUNTY], cwd=ROOT, capture_output=True, text=True, check=True)
    (data / "serving.json").write_text(json.dumps({"certificate": None, "web_processes": 2}))
    said: list[str] = []
    webs = [part for part in parts("127.0.0.1", port, [], 2) if part.kind == "web"]
    run = Two(f"http://127.0.0.1:{port}", data, made.stdout, said, Supervisor(webs, ENDING, said.append))
    try:
        run.supervisor.start()
        run.until(lambda: len(run.processes()) == 2)
        yield run
    finally:
        run.supervisor.end()
        for name in told:
            del os.environ[name]
        os.environ |= outside


def answered(found: Figures) -> dict[str, float]:
    """Pages by process."""
    pages = [(dict(labels), value) for (name, labels), value in found.values.items() if name.endswith("requests_total")]
    return {labels["process"]: n for labels, n in pages if (labels["part"], labels["status"]) == ("pages", "2xx")}


def test_both_answer_and_either_tells_the_figures_of_both(two: Two) -> None:
    before = answered(two.figures())
    for _ in range(24):  # that all of them go to one happens once in eight million times
        assert two.ask("/accounts/login/").status_code == 200
    two.until(lambda: sum(answered(two.figures()).values()) - sum(before.values()) >= 24)
    after = answered(two.figures())
    assert len(after) == 2 and all(after[one] > before.get(one, 0) for one in after)


def test_a_limit_holds_over_both(two: Two) -> None:
    answers = [two.ask("/api/me", two.token).status_code for _ in range(3 * RATE)]
    assert set(answers) == {200, 429}
    assert answers.count(200) <= 2 * RATE  # a minute may end meanwhile
    if answers[RATE:] == [429] * (2 * RATE):
        assert answers[:RATE] == [200] * RATE


def test_one_that_is_killed_is_not_missed_and_comes_back(two: Two) -> None:
    killed, stays = sorted(two.processes())
    os.kill(killed, signal.SIGKILL)
    two.until(lambda: any("SIGKILL" in line for line in two.said))
    assert [two.ask("/accounts/login/").status_code for _ in range(10)] == [200] * 10
    two.until(lambda: len(two.processes()) == 2)
    assert stays in two.processes() and killed not in two.processes()


def test_a_second_product_is_refused_the_port(two: Two) -> None:
    port = two.base.rpartition(":")[2]
    command = [sys.executable, "-m", "anlan", "web", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and port in done.stderr


def test_both_end_when_told_and_leave_no_word_behind(two: Two) -> None:
    ending = threading.Thread(target=two.supervisor.end)
    ending.start()
    ending.join(11)
    assert not ending.is_alive()
    assert not any("强制结束" in line for line in two.said)
    assert not list((two.data / "web").glob("*.json"))
