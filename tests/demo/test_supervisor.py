"""The supervisor restarts what falls, waits longer each time, stops in order, and says all of it in words."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from anlan.cli import supervise
from anlan.cli.supervise import Part, Supervisor

LIVES = "import time\nprint('up', flush=True)\ntime.sleep(60)"
FALLS = "raise SystemExit(3)"
DEAF = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf', flush=True)\ntime.sleep(60)"


def part(name: str, script: str) -> Part:
    return Part(name, (script,), ("-c",))


def wait_until(what: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not what():
        time.sleep(0.02)


class Run:
    """A supervisor over small scripts, and what it said."""

    def __init__(self, *parts: Part) -> None:
        self.said: list[str] = []
        self.supervisor = Supervisor(parts, [each.name for each in parts], self.said.append)

    def until(self, what: Callable[[], bool], seconds: float = 20.0) -> None:
        self.supervisor.tend(seconds, until=what)
        assert what(), self.said

    def heard(self, words: str) -> bool:
        return any(words in line for line in self.said)


def test_what_a_part_prints_carries_its_name() -> None:
    run = Run(part("web", LIVES))
    run.supervisor.start()
    run.until(lambda: run.heard("up"))
    run.supervisor.end()
    assert "web     | up" in run.said


def test_a_part_that_falls_is_started_again_after_a_growing_wait() -> None:
    run = Run(part("engine", FALLS))
    run.supervisor.start()
    run.until(lambda: run.heard("2 秒后"))
    run.supervisor.end()
    assert [line for line in run.said if "意外停止" in line][:2] == [
        "engine 意外停止（退出码 3），1 秒后重新启动",
        "engine 意外停止（退出码 3），2 秒后重新启动",
    ]


def test_a_killed_part_is_told_by_its_signal() -> None:
    run = Run(part("engine", LIVES))
    run.supervisor.start()
    run.until(lambda: run.heard("up"))
    process = run.supervisor._running["engine"].process
    assert process is not None
    process.kill()
    run.until(lambda: run.heard("SIGKILL"))
    run.until(lambda: sum("up" in line for line in run.said) == 2)
    run.supervisor.end()


def test_parts_stop_in_the_order_of_their_ending() -> None:
    said_at_end = (
        "import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(print('bye', flush=True)))"
    )
    lives = said_at_end + "\nprint('up', flush=True)\nwhile True: time.sleep(0.05)"
    run = Run(part("web", lives), part("engine", lives))
    run.supervisor.start()
    run.until(lambda: sum("up" in line for line in run.said) == 2)
    run.supervisor.end()
    wait_until(lambda: sum("bye" in line for line in run.said) == 2)
    assert [line.split()[0] for line in run.said if "bye" in line] == ["web", "engine"]


def test_a_part_that_will_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "STOP_S", 0.3)
    run = Run(part("worker", DEAF))
    run.supervisor.start()
    run.until(lambda: run.heard("deaf"))
    run.supervisor.end()
    assert run.heard("worker 在 0.3 秒内没有停下，已强制结束")
    assert not run.supervisor.alive("worker")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_a_part_does_not_outlive_a_killed_supervisor() -> None:
    """Or the next start would find the port taken and the log locked."""
    script = (
        "from anlan.cli.supervise import Part, Supervisor\n"
        "code = 'from anlan.cli.supervise import _end_with_parent as e; e(); import os, time;"
        " print(os.getpid(), flush=True); time.sleep(60)'\n"
        "s = Supervisor([Part('x', (code,), ('-c',))], ['x'], lambda line: print(line, flush=True))\n"
        "s.start(); s.tend()"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline().split("|")[1])
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not _runs(child))
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_sigterm_stops_everything() -> None:
    script = (
        "from anlan.cli.supervise import Part, Supervisor\n"
        "s = Supervisor([Part('x', ('import time; print(7, flush=True); time.sleep(60)',), ('-c',))], ['x'],"
        " lambda line: print(line, flush=True))\n"
        "s.listen(); s.start(); s.tend(); s.end(); print('ended', flush=True)"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert "7" in process.stdout.readline()
    os.kill(process.pid, signal.SIGTERM)
    rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert rest.endswith("ended\n")
