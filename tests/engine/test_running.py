"""A running engine: what it tells, what it survives, how it ends."""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from anlan.engine.clock import ArrivalClock
from anlan.engine.config import EngineConfig
from anlan.engine.log import segments
from anlan.engine.runner import Engine, EngineError
from anlan.engine.values import LastValues
from tests.engine.client import Away, Client, Nursery, Process
from tests.engine.plant import NORTH, SOUTH, SqliteHistory, SqliteSink, Tables, columns, table, waves

START = (int(time.time()) - 86_400) * 1000


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


class Plant:
    """An engine in this process, its sink and its tables."""

    def __init__(self, folder: Path, clock: ArrivalClock | None = None, **config: object) -> None:
        self.sink = SqliteSink(folder / "sink.db")
        self.history = SqliteHistory(folder / "history.db")
        self.tables = Tables()
        hurried = {"tick_s": 0.03, "tables_s": 0.05, "snapshot_s": 0.2} | config
        self.config = EngineConfig(folder, **hurried)  # type: ignore[arg-type]
        self.engine = Engine(self.config, self.sink, self.history, self.tables, clock=clock)

    @contextmanager
    def running(self) -> Iterator[Client]:
        self.engine.open()
        thread = threading.Thread(target=self.engine.run)
        thread.start()
        until(lambda: self.engine.state.table.version)
        client = Client(self.config.socket)
        try:
            yield client
        finally:
            client.close()
            self.engine.stop()
            thread.join()
            self.engine.close()


def test_the_last_values_can_be_read_beside_the_engine(tmp_path: Path) -> None:
    with Plant(tmp_path).running() as client:
        client.send(waves(0, START))
        client.send(waves(1, START))
        values = LastValues(tmp_path / "values.bin").read(np.array([1, 20], "u4"))
    assert values.ts.tolist() == [START + 1000] * 2
    assert values.value.tolist() == [tag_value for _, _, tag_value in waves(1, START)][::19]


def test_a_second_engine_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    first = Plant(tmp_path)
    with pytest.raises(EngineError, match=r"另一个引擎.*ANLAN_DATA"):
        Plant(tmp_path)
    with first.running():
        pass
    with Plant(tmp_path).running():
        pass


def test_a_new_table_is_in_force_within_a_moment(tmp_path: Path) -> None:
    plant = Plant(tmp_path)
    with plant.running() as client:
        client.send([(1, START, 7.0)])
        plant.tables.now = table("2", high=5.0)
        until(lambda: plant.engine.state.table.version == "2")
        client.send([(1, START + 1000, 7.0)])
        until(plant.sink.events)
    assert [(tag, ts, limit, kind) for _, tag, ts, limit, kind in plant.sink.events()] == [(1, START + 1000, 1, 1)]


def test_a_table_that_cannot_be_is_refused_and_the_last_one_holds(tmp_path: Path) -> None:
    plant = Plant(tmp_path)
    with plant.running() as client:
        plant.tables.now = table("2", high=float("inf"))
        until(lambda: plant.engine.tables_error)
        assert client.send(waves(0, START)).counts[0] == 20
    assert plant.engine.state.table.version == "1"


def test_while_the_database_is_away_readings_are_taken_and_events_wait(tmp_path: Path) -> None:
    plant = Plant(tmp_path)
    with plant.running() as client:
        plant.sink.away = True
        for number in range(8):
            assert client.send(waves(number, START)).counts[0] == 20
        until(lambda: plant.engine.events.progress.error)
        assert plant.sink.events() == []
        plant.sink.away = False
        until(lambda: plant.engine.events.progress.backlog == 0)
    events = plant.sink.events()
    assert len(events) == len({name for name, *_ in events}) > 0


def test_a_backlog_of_events_that_is_too_long_refuses_new_readings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = Plant(tmp_path)
    with plant.running() as client:
        monkeypatch.setattr(plant.engine.events, "most", 10)
        plant.sink.away = True
        with pytest.raises(Away, match="积压"):
            for number in range(8):
                client.send(waves(number, START))
        plant.sink.away = False
        until(lambda: plant.engine.events.progress.backlog == 0)
        client.send(waves(9, START))
    assert plant.engine.counters.busy == 1


def test_a_full_disk_refuses_readings_and_goes_on_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    plant = Plant(tmp_path)
    acknowledged = threading.Event()
    with plant.running() as client:
        with monkeypatch.context() as patch:
            patch.setattr(plant.engine.log, "append", full)
            with pytest.raises(Away, match="磁盘"):
                client.send(waves(0, START))
            plant.engine.inbox.submit(NORTH, (bytes(16), False), columns(waves(1, START)), acknowledged.set)
            time.sleep(0.3)
            assert not acknowledged.is_set()
        assert acknowledged.wait(10)
        assert client.send(waves(2, START)).counts[0] == 20
    assert len(plant.history.readings()) == 40


def test_before_the_table_is_known_readings_are_put_off_not_refused(tmp_path: Path) -> None:
    plant = Plant(tmp_path)
    with plant.running():
        pass
    answer = threading.Event()
    slow = Plant(tmp_path)
    version = slow.tables.version
    slow.tables.version = lambda: (answer.wait(10), version())[1]  # type: ignore[method-assign]
    with slow.running() as client:
        with pytest.raises(Away, match="点位表"):
            client.send(waves(0, START))
        answer.set()
        until(lambda: slow.engine._tables_asked)
        assert client.send(waves(0, START)).counts[0] == 20


def test_segments_go_only_when_everybody_holds_them(tmp_path: Path) -> None:
    plant = Plant(tmp_path, segment_bytes=2_000, snapshot_bytes=1)
    with plant.running() as client:
        client.send(waves(0, START))
        until(lambda: plant.sink.applied(0) >= 0)
        plant.sink.away = True
        for number in range(1, 30):
            client.send(waves(number, START))
        time.sleep(0.3)
        kept = segments(plant.config.log)
        assert kept[0].first <= SqliteSink(tmp_path / "sink.db").applied(0) + 1
        assert len(kept) > 3
        plant.sink.away = False
        until(lambda: len(segments(plant.config.log)) == 1)
    assert len(plant.history.readings()) == 600


def test_silence_is_missing_and_the_next_reading_ends_it(tmp_path: Path) -> None:
    now = [1_760_000_000_000, 0]
    plant = Plant(tmp_path, ArrivalClock(lambda: now[0], lambda: now[1]))
    with plant.running() as client:
        client.send([(tag, now[0], 1.0) for tag in (1, 2)])
        for _ in range(61):
            now[:] = now[0] + 1000, now[1] + 1000
            time.sleep(0.035)
        until(lambda: len(plant.sink.events()) == 5)
        client.send([(1, now[0], 1.0)])
        until(lambda: len(plant.sink.events()) == 6)
    events = plant.sink.events()
    assert {(tag, limit, kind) for _, tag, _, limit, kind in events[:5]} == {(tag, 4, 1) for tag in range(1, 6)}
    assert (events[5][1], *events[5][3:]) == (1, 4, 0)


def test_a_clock_that_jumps_raises_no_burst_of_missing(tmp_path: Path) -> None:
    now = [1_760_000_000_000, 0]
    plant = Plant(tmp_path, ArrivalClock(lambda: now[0], lambda: now[1]))
    with plant.running() as client:
        client.send([(1, now[0], 1.0)])
        for jump in (3_600_000, -1_800_000):
            now[0] += jump
            until(lambda: plant.engine.state.arrival_ms == now[0])
            time.sleep(0.1)
        client.send([(1, now[0], 2.0)])
    assert plant.sink.events() == []
    assert plant.engine.clock.jumps == 2
    assert json.loads((tmp_path / "engine.json").read_text())["clock_jumps"] == 2


def test_a_pause_of_the_engine_is_not_the_sensors_silence(tmp_path: Path) -> None:
    now = [1_760_000_000_000, 0]
    with Plant(tmp_path, ArrivalClock(lambda: now[0], lambda: now[1])).running() as client:
        client.send([(1, now[0], 1.0)])
    now[0] += 7_200_000
    plant = Plant(tmp_path, ArrivalClock(lambda: now[0], lambda: now[1]))
    with plant.running():
        until(lambda: plant.engine.state.arrival_ms == now[0])
        time.sleep(0.1)
    assert plant.sink.events() == []


def test_a_lost_log_goes_on_above_what_was_applied(tmp_path: Path) -> None:
    """Else the database would take new events for old ones and drop them."""
    plant = Plant(tmp_path)
    with plant.running() as client:
        client.send(waves(0, START))
    shutil.rmtree(tmp_path / "log")
    shutil.rmtree(tmp_path / "snapshots")
    again = Plant(tmp_path)
    with again.running() as client:
        client.send([(1, START + 5_000, 90.0)])
        until(lambda: again.engine.events.progress.backlog == 0)
    assert len(again.sink.events()) == len(plant.sink.events())
    assert (1, START + 5_000) in [(tag, ts) for _, tag, ts, *_ in again.sink.events()]
    assert any("丢失" in note for note in again.engine.notes)


def test_a_damaged_log_stops_the_start_with_words(nursery: Nursery, tmp_path: Path) -> None:
    first = Process(nursery, tmp_path)
    assert first.wait_ready()
    client = Client(first.socket)
    client.send(waves(0, START))
    client.send(waves(1, START))
    client.close()
    first.kill()
    shutil.rmtree(tmp_path / "snapshots", ignore_errors=True)
    path = next(segment.path for segment in segments(tmp_path / "log" / "0"))
    data = bytearray(path.read_bytes())
    data[60] ^= 1
    path.write_bytes(data)
    second = Process(nursery, tmp_path)
    assert second.wait() == 1
    assert "--set-damage-aside" in (tmp_path / "stderr.txt").read_text()


def test_the_end_asked_for_leaves_everything_delivered(nursery: Nursery, tmp_path: Path) -> None:
    process = Process(nursery, tmp_path)
    assert process.wait_ready()
    client = Client(process.socket)
    for number in range(10):
        client.send(waves(number, START))
    client.close()
    assert process.stop() == 0
    report = json.loads((tmp_path / "engine.json").read_text())
    assert report["state"] == "stopped"
    assert report["applied"] == report["history"] == report["snapshot"] == report["offset"]
    assert not (tmp_path / "engine.sock").exists()
    assert len(SqliteHistory(tmp_path / "history.db").readings()) == 200


def test_noise_on_the_socket_harms_nobody(tmp_path: Path) -> None:
    plant = Plant(tmp_path)
    with plant.running() as client:
        for noise in (b"\0" * 64, b"\xff" * 64, b"GET / HTTP/1.1\r\n\r\n" * 4, (70).to_bytes(4, "little") + b"\1" * 66):
            other = Client(plant.config.socket)
            other.socket.sendall(noise)
            assert other.socket.recv(1) == b""
            other.close()
        half = Client(plant.config.socket)
        half.socket.sendall((400).to_bytes(4, "little") + b"\1" * 100)
        half.close()
        assert client.send(waves(0, START)).counts[0] == 20
    assert plant.engine.counters.batches == 1


def test_a_deep_data_folder_works(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    with Plant(deep).running() as client:
        assert client.send([(21, START, 1.0)], source=SOUTH).counts[0] == 1


def test_the_sinks_name_of_an_event_is_unique(tmp_path: Path) -> None:
    plant = Plant(tmp_path)
    with plant.running() as client:
        client.send([(1, START, 50.0)], source=NORTH)
        until(lambda: len(plant.sink.events()) == 2)
    assert len({name for name, *_ in plant.sink.events()}) == 2


def test_an_engine_that_waits_for_its_database_can_be_stopped(tmp_path: Path) -> None:
    plant = Plant(tmp_path)
    plant.sink.away = True
    thread = threading.Thread(target=plant.engine.open)
    thread.start()
    until(lambda: (tmp_path / "engine.json").exists())
    assert json.loads((tmp_path / "engine.json").read_text())["state"] == "waiting for database"
    plant.engine.stop()
    thread.join(20)
    assert not thread.is_alive()
    plant.engine.run()
    plant.engine.close()


def test_a_database_older_than_the_snapshot_is_reported(tmp_path: Path) -> None:
    plant = Plant(tmp_path)
    with plant.running() as client:
        client.send(waves(0, START))
    (tmp_path / "sink.db").unlink()
    again = Plant(tmp_path)
    with again.running():
        pass
    assert any("旧备份" in note for note in again.engine.notes)
