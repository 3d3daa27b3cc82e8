"""The last values, written by one process and read by another."""

import itertools
import multiprocessing
import time
from pathlib import Path

import numpy as np

from anlan.engine.values import PIECE, LastValues, ValueWriter


def put(writer: ValueWriter, tags: list[int], ts: int, value: float, arrival: int = 5) -> None:
    n = len(tags)
    writer.put(np.array(tags, "u4"), np.full(n, ts), np.full(n, value), np.ones(n, "u1"), arrival)


def test_there_is_no_value_before_there_is_an_engine(tmp_path: Path) -> None:
    values = LastValues(tmp_path / "values.bin").read(np.array([1, 2], "u4"))
    assert values.ts.tolist() == [0, 0]


def test_the_last_reading_of_a_tag_is_seen(tmp_path: Path) -> None:
    writer, reader = ValueWriter(tmp_path / "v"), LastValues(tmp_path / "v")
    writer.put(np.array([3, 3], "u4"), np.array([1, 2]), np.array([1.5, 2.5]), np.array([1, 0], "u1"), 9)
    value, ts, good, arrival = reader.read(np.array([3, 4], "u4"))
    assert (value[0], ts[0], good[0], arrival[0]) == (2.5, 2, 0, 9)
    assert ts[1] == 0


def test_only_changes_since_the_cursor_come(tmp_path: Path) -> None:
    writer, reader = ValueWriter(tmp_path / "v"), LastValues(tmp_path / "v")
    tags = np.array([1, 2, 3], "u4")
    put(writer, [1, 2], 1, 1.0)
    first = reader.changed_since(0, tags)
    assert first.tags.tolist() == [1, 2]
    put(writer, [2, 9], 2, 2.0)
    second = reader.changed_since(first.cursor, tags)
    assert (second.tags.tolist(), second.values.value.tolist()) == ([2], [2.0])
    assert reader.changed_since(second.cursor, tags).tags.tolist() == []


def test_the_file_grows_under_an_open_reader(tmp_path: Path) -> None:
    writer, reader = ValueWriter(tmp_path / "v"), LastValues(tmp_path / "v")
    put(writer, [1], 1, 1.0)
    assert reader.read(np.array([1, 10_000], "u4")).ts.tolist() == [1, 0]
    writer.grow(10_001)
    put(writer, [10_000], 2, 2.0)
    assert reader.read(np.array([1, 10_000], "u4")).ts.tolist() == [1, 2]


def test_values_outlive_the_engine(tmp_path: Path) -> None:
    put(ValueWriter(tmp_path / "v"), [1], 1, 1.0)
    again = ValueWriter(tmp_path / "v")
    assert LastValues(tmp_path / "v").read(np.array([1], "u4")).ts.tolist() == [1]
    put(again, [1], 2, 2.0)
    assert LastValues(tmp_path / "v").read(np.array([1], "u4")).ts.tolist() == [2]


def write_without_end(path: Path, tags: list[int]) -> None:
    """What another process does: one number in every column of every tag, then the next number."""
    writer = ValueWriter(path)
    for number in itertools.count(1):
        put(writer, tags, number, float(number), number)
        time.sleep(0.0002)


def test_a_reader_never_sees_half_a_write(tmp_path: Path) -> None:
    tags = list(range(2000))
    put(ValueWriter(tmp_path / "v"), tags, 0, 0.0, 0)
    process = multiprocessing.get_context("spawn").Process(target=write_without_end, args=(tmp_path / "v", tags))
    process.start()
    try:
        reader = LastValues(tmp_path / "v")
        seen: set[float] = set()
        while len(seen) < 100:
            value, ts, _, arrival = reader.read(np.array(tags, "u4"))
            one = {*value.tolist(), *ts.tolist(), *arrival.tolist()}
            assert len(one) == 1
            seen |= one
    finally:
        process.kill()
        process.join()


def test_what_an_engine_left_that_died_while_writing_is_read(tmp_path: Path) -> None:
    writer = ValueWriter(tmp_path / "v")
    put(writer, [1], 1, 1.0)
    writer._mapped.head["version"] += 1
    assert LastValues(tmp_path / "v").read(np.array([1], "u4")).ts.tolist() == [1]


def test_many_tags_are_read_in_pieces(tmp_path: Path) -> None:
    writer, reader = ValueWriter(tmp_path / "v"), LastValues(tmp_path / "v")
    tags = np.arange(3 * PIECE + 5, dtype="u4")
    writer.grow(len(tags))
    writer.put(tags, tags.astype("i8") + 1, tags.astype("f8"), np.ones(len(tags), "u1"), 9)
    assert reader.read(tags).value.tolist() == tags.tolist()
    assert reader.changed_since(0, tags).tags.tolist() == tags.tolist()
    assert reader.read(np.zeros(0, "u4")).ts.tolist() == []
