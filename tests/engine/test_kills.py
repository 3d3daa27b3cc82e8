"""SIGKILL in mid-flight: no acknowledged reading is lost or doubled, no alarm is lost or doubled.

A client sends batch after batch and notes what was acknowledged; the engine is killed at a named point or at any moment
and started again, over and over; what was not acknowledged is sent again under its name. In the end every reading is in
the history exactly once, and the database holds exactly the events of an uninterrupted run over the same log.
"""

import itertools
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from anlan.engine.config import EngineConfig
from anlan.engine.runner import records
from anlan.engine.step import State, step
from tests.engine.client import Away, Client, Nursery, Process
from tests.engine.plant import SqliteHistory, SqliteSink, waves

POINTS = [
    "after_append",
    "after_fsync",
    "after_step",
    "after_acknowledge",
    "snapshot_before_rename",
    "snapshot_after_rename",
    "sink_before_commit",
    "sink_after_commit",
    "history_before_commit",
]
START = (int(time.time()) - 86_400) * 1000


class Story:
    """What was sent and acknowledged, over all lives of the engine."""

    def __init__(self, nursery: Nursery, folder: Path) -> None:
        self.nursery, self.folder = nursery, folder
        self.next = 0
        self.acknowledged: list[int] = []

    def live(self, crash: str = "", seconds: float = 30.0, batches: int = 400) -> bool:
        """One life of the engine: send until it dies, or enough is sent. True when it was killed."""
        process = Process(self.nursery, self.folder, crash)
        try:
            if not process.wait_ready():
                return True
            return self._send(process, time.monotonic() + seconds, batches)
        finally:
            process.kill()

    def _send(self, process: Process, until: float, batches: int) -> bool:
        try:
            client = Client(process.socket)
            try:
                for _ in range(batches):
                    if time.monotonic() > until:
                        return True
                    client.send(waves(self.next, START), f"batch {self.next}")
                    self.acknowledged.append(self.next)
                    self.next += 1
                    time.sleep(0.002)
            finally:
                client.close()
        except Away:
            return True
        return False

    def finish(self) -> None:
        """A last life without harm, ended as an operator would."""
        process = Process(self.nursery, self.folder)
        try:
            assert process.wait_ready()
            self._send(process, time.monotonic() + 30, 10)
            assert process.stop() == 0
        finally:
            process.kill()

    def check(self) -> None:
        assert self.acknowledged == list(range(self.next))
        expected = sorted(reading for number in self.acknowledged for reading in waves(number, START))
        assert SqliteHistory(self.folder / "history.db").readings() == expected
        assert sorted(SqliteSink(self.folder / "sink.db").events()) == sorted(uninterrupted(self.folder))


def uninterrupted(folder: Path) -> Iterator[tuple[str, int, int, int, int]]:
    """The events of one run over the whole log."""
    state = State()
    for offset, record in records(EngineConfig(folder)):
        _, (effect,) = step(state, [(offset, record)])
        for event in effect.events:
            fields = (int(event[name]) for name in ("index", "tag", "ts", "limit", "kind"))
            index, *rest = fields
            yield (f"0-{offset}-{index}", *rest)  # type: ignore[misc]


def kill_at(nursery: Nursery, folder: Path, point: str, times: int) -> Story:
    chance = random.Random(point)
    story = Story(nursery, folder)
    story.live(batches=12)
    for _ in range(times):
        assert story.live(f"{point}:{chance.randint(1, 4)}", batches=100_000), f"{point} was never passed"
    story.finish()
    return story


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_a_bad_moment_loses_and_doubles_nothing(nursery: Nursery, tmp_path: Path, point: str) -> None:
    kill_at(nursery, tmp_path, point, 2).check()


@pytest.mark.prove
@pytest.mark.parametrize("point", POINTS)
def test_twenty_kills_at_a_bad_moment_lose_and_double_nothing(nursery: Nursery, tmp_path: Path, point: str) -> None:
    kill_at(nursery, tmp_path, point, 20).check()


def kill_anywhere(nursery: Nursery, folder: Path, times: int) -> Story:
    chance = random.Random(20_261_121)
    story = Story(nursery, folder)
    for _ in range(times):
        story.live(seconds=chance.uniform(0.02, 0.8), batches=100_000)
    story.finish()
    return story


def test_kills_at_any_moment_lose_and_double_nothing(nursery: Nursery, tmp_path: Path) -> None:
    story = kill_anywhere(nursery, tmp_path, 3)
    story.check()
    assert len(story.acknowledged) > 20


@pytest.mark.prove
def test_forty_kills_at_any_moment_lose_and_double_nothing(nursery: Nursery, tmp_path: Path) -> None:
    kill_anywhere(nursery, tmp_path, 40).check()


def test_the_batch_that_was_acknowledged_before_the_kill_is_known_after_it(nursery: Nursery, tmp_path: Path) -> None:
    first = Process(nursery, tmp_path)
    assert first.wait_ready()
    client = Client(first.socket)
    assert not client.send(waves(0, START), "the one").repeated
    client.close()
    first.kill()
    second = Process(nursery, tmp_path)
    assert second.wait_ready()
    client = Client(second.socket)
    assert client.send(waves(0, START), "the one").repeated
    assert client.send(waves(1, START), "another").counts[0] == 20
    client.close()
    assert second.stop() == 0
    readings = SqliteHistory(tmp_path / "history.db").readings()
    assert len(readings) == 40
    assert [tag for tag, _ in itertools.groupby(reading[0] for reading in readings)] == list(range(1, 21))
