"""Keeps the product's processes running: starts them, restarts one that falls, stops them in order.

Every part is a process of its own, ``python -m anlan.cli.supervise <verb> …``: it hears no Ctrl+C of the terminal
(the supervisor passes on what it wants heard) and, on Linux, is ended by the system when the supervisor is killed.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO

import click

from anlan.cli import main
from anlan.kit import logs

STOP_S = 12.0  # a part that does not end within this is killed
STEADY_S = 60.0  # a part that ran this long starts anew at the shortest wait
LONGEST_WAIT_S = 30.0
POLL_S = 0.1
_PR_SET_PDEATHSIG = 1


#: What Python runs for a part, before its arguments.
PROGRAM = ("-m", "anlan.cli.supervise")


@dataclass(frozen=True)
class Part:
    """One process: its name in messages, the verb and its options. Of several alike, a number follows the name."""

    name: str
    arguments: tuple[str, ...]
    program: tuple[str, ...] = PROGRAM

    @property
    def kind(self) -> str:
        return self.name.partition(" ")[0]


class Running:
    """A part with the process it has now, or the time at which it gets the next."""

    def __init__(self, part: Part, say: Callable[[str], None]) -> None:
        self.part, self.say = part, say
        self.process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._begun = self._due = 0.0
        self._falls = 0

    def start(self) -> None:
        command = [sys.executable, *self.part.program, *self.part.arguments]
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._begun = time.monotonic()
        assert self.process.stdout is not None
        self._reader = threading.Thread(target=self._pass_on, args=(self.process.stdout,), daemon=True)
        self._reader.start()

    def _pass_on(self, output: IO[str]) -> None:
        with output:
            for line in output:
                self.say(logs.passed_on(self.part.name, line.rstrip()))

    def tend(self) -> None:
        """Notice that the process fell, or start it again when it is time."""
        now = time.monotonic()
        if self.process is None:
            if now >= self._due:
                self.start()
        elif (code := self.process.poll()) is not None:
            self._falls = 1 if now - self._begun > STEADY_S else self._falls + 1
            wait = min(LONGEST_WAIT_S, 0.5 * 2**self._falls)
            self.process, self._due = None, now + wait
            self.say(f"{self.part.name} 意外停止（{_how(code)}），{wait:g} 秒后重新启动")

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self, within_s: float) -> None:
        """Wait for a process that was asked to end, then end it."""
        if self.process is None:
            return
        if self.process.poll() is None:
            try:
                self.process.wait(max(0.0, within_s))
            except subprocess.TimeoutExpired:
                self.say(f"{self.part.name} 在 {STOP_S:g} 秒内没有停下，已强制结束")
                self.process.kill()
                self.process.wait()
        if self._reader is not None:
            self._reader.join(1.0)


class Supervisor:
    """Runs parts until ``stop`` or a signal. They start in the order given; kinds stop in the order of ``ending``."""

    def __init__(self, parts: Sequence[Part], ending: Sequence[str], say: Callable[[str], None]) -> None:
        self._running = {part.name: Running(part, say) for part in parts}
        self._ending, self._say = ending, say
        self._stopping = threading.Event()

    def listen(self) -> None:
        """Have SIGTERM, SIGINT and SIGHUP stop everything."""
        for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(one, lambda *_: self._stopping.set())

    def add(self, part: Part) -> None:
        self._running[part.name] = Running(part, self._say)

    def start(self) -> None:
        for running in self._running.values():
            running.start()

    def stop(self) -> None:
        self._stopping.set()

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def alive(self, name: str) -> bool:
        process = self._running[name].process
        return process is not None and process.poll() is None

    def tend(self, seconds: float | None = None, until: Callable[[], bool] = lambda: False) -> None:
        """Look after the parts: for so long [s], until something is so, or until told to stop."""
        end = None if seconds is None else time.monotonic() + seconds
        while not self.stopping and not until() and (end is None or time.monotonic() < end):
            for running in list(self._running.values()):  # ``add`` may come from another thread
                running.tend()
            self._stopping.wait(POLL_S)

    def end(self) -> None:
        """Stop every part, in order; those of one kind together."""
        self._stopping.set()
        for kind in self._ending:
            alike = [running for running in self._running.values() if running.part.kind == kind]
            for running in alike:
                running.ask_to_stop()
            until = time.monotonic() + STOP_S
            for running in alike:
                running.stop(until - time.monotonic())


def _how(code: int) -> str:
    """How a process ended, in words."""
    return f"信号 {signal.Signals(-code).name}" if code < 0 else f"退出码 {code}"


def echo(line: str) -> None:
    click.echo(logs.outside("supervisor", line), err=True)


def _end_with_parent() -> None:
    """Have the system end this process when the supervisor dies without a word (Linux; elsewhere nothing)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    _end_with_parent()
    main(prog_name="anlan")
