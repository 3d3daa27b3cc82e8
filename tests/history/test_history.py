"""The history keeps every reading once and shows any stretch of it in as many steps as asked."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.engine import history, history_read
from anlan.engine.history_store import DAY, HOUR, MINUTE, Manifest

BEGIN = 1_767_225_600_000  # 2026-01-01 00:00 UTC


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[history.HistoryWriter]:
    found = history.HistoryWriter(tmp_path / "history")
    yield found
    found.close()


def put(
    writer: history.HistoryWriter,
    upto: int,
    rows: Sequence[tuple[int, int, float] | tuple[int, int, float, bool]],
    shard: int = 0,
) -> None:
    tags, ts, values = (np.array([row[place] for row in rows]) for place in range(3))
    good = np.array([len(row) < 4 or row[-1] for row in rows], "u1")
    writer.write(shard, upto, tags.astype("u4"), ts.astype("i8"), values.astype("f8"), good)


def everything(writer: history.HistoryWriter) -> list[tuple[int, int, float, int]]:
    parts = [p for p in json.loads((writer.folder / "manifest.json").read_bytes())["parts"] if p[1] == "raw"]
    if not parts:
        return []
    names = [str(writer.folder / p[0]) for p in parts]
    return duckdb.execute("SELECT tag, ts, value, good FROM read_parquet(?) ORDER BY tag, ts", [names]).fetchall()


def month(
    writer: history.HistoryWriter, days: int = 2, every: int = 5 * MINUTE, tags: int = 4
) -> npt.NDArray[np.float64]:
    """Days of a slow wave per tag, written by the hour, out of order within. Returns values[tag, step]."""
    steps = np.arange(days * DAY // every)
    values: npt.NDArray[np.float64] = np.sin(steps / 50)[None, :] * 10 + np.arange(1.0, tags + 1)[:, None] * 100
    per_hour = HOUR // every
    rng = np.random.default_rng(3)
    for offset, first in enumerate(range(0, len(steps), per_hour)):
        chunk = steps[first : first + per_hour]
        tag, step = (a.ravel() for a in np.meshgrid(np.arange(1, tags + 1), chunk, indexing="ij"))
        order = rng.permutation(len(tag))
        tag, step = tag[order], step[order]
        good = np.ones(len(tag), np.uint8)
        writer.write(0, offset, tag.astype("u4"), BEGIN + step * every, values[tag - 1, step], good)
    return values


def test_what_was_written_is_read_back_step_by_step(writer: history.HistoryWriter) -> None:
    put(writer, 5, [(2, BEGIN + 2000, 5.5), (1, BEGIN + 1000, 3.0), (1, BEGIN, 1.0), (1, BEGIN + 2000, -2.0, False)])
    found = history.read(writer.folder, [1, 2, 3], BEGIN, BEGIN + 10_000, 500)
    assert found[1].ts.tolist() == [BEGIN, BEGIN + 1000, BEGIN + 2000]
    assert found[1].low.tolist()[:2] == found[1].high.tolist()[:2] == found[1].mean.tolist()[:2] == [1.0, 3.0]
    assert found[1].good.tolist() == [True, True, False]
    assert np.isnan([found[1].low[2], found[1].high[2], found[1].mean[2]]).all()
    assert found[2].mean.tolist() == [5.5]
    assert found[3].ts.tolist() == []


def test_a_step_has_the_lowest_highest_and_mean_of_its_good_readings(writer: history.HistoryWriter) -> None:
    put(writer, 1, [(1, BEGIN + i, float(i)) for i in range(1000)] + [(1, BEGIN + 1000, 99999.0, False)])
    found = history.read(writer.folder, [1], BEGIN, BEGIN + 2000, 3)[1]
    assert found.ts.tolist() == [BEGIN, BEGIN + 1000]
    assert (found.low[0], found.high[0], found.mean[0]) == (0.0, 999.0, 499.5)
    assert found.good.tolist() == [True, False]


def test_an_offset_held_already_changes_nothing(writer: history.HistoryWriter) -> None:
    put(writer, 3, [(1, BEGIN, 1.0)])
    put(writer, 3, [(1, BEGIN + 1, 2.0)])
    put(writer, 2, [(1, BEGIN + 2, 2.0)])
    put(writer, 0, [(1, BEGIN + 3, 3.0)], shard=1)
    assert len(everything(writer)) == 2
    assert (writer.upto(0), writer.upto(1), writer.upto(2)) == (3, 0, -1)


def test_an_empty_batch_moves_the_offset(writer: history.HistoryWriter) -> None:
    put(writer, 9, [])
    assert writer.upto(0) == 9


def test_a_restart_knows_how_far_it_was(writer: history.HistoryWriter) -> None:
    put(writer, 7, [(1, BEGIN, 1.0)])
    writer.close()
    again = history.HistoryWriter(writer.folder)
    assert again.upto(0) == 7
    again.close()


def test_two_processes_may_not_write_one_history(writer: history.HistoryWriter) -> None:
    with pytest.raises(history.HistoryBusy, match="another process"):
        history.HistoryWriter(writer.folder)


def test_a_damaged_manifest_is_named_and_nothing_is_deleted(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"parts": [')
    (tmp_path / "raw-1-1.parquet").write_text("")
    with pytest.raises(history.DamagedHistory, match=r"manifest\.json is damaged"):
        history.HistoryWriter(tmp_path)
    assert (tmp_path / "raw-1-1.parquet").exists()


def test_rubbish_of_a_crash_is_swept(tmp_path: Path) -> None:
    (tmp_path / "raw-2026010100-00000009.parquet").write_text("half a file")
    writer = history.HistoryWriter(tmp_path)
    assert not list(tmp_path.glob("*.parquet"))
    writer.close()


def test_nothing_at_all_is_an_empty_series(tmp_path: Path) -> None:
    assert history.read(tmp_path / "none", [7], BEGIN, BEGIN + DAY, 500)[7].ts.tolist() == []
    assert history.read(tmp_path, [], BEGIN, BEGIN + DAY, 500) == {}


@pytest.mark.parametrize("points", [2, 30, 100, 400, 2000])
def test_merged_and_summed_history_shows_the_same_curve(writer: history.HistoryWriter, points: int) -> None:
    values = month(writer)
    before = history.read(writer.folder, [1, 3], BEGIN, BEGIN + 2 * DAY, points)
    assert writer.compact() >= 2
    kinds = {part.kind for part in writer._manifest.parts}
    assert kinds == {"raw", "minute", "hour"}
    after = history.read(writer.folder, [1, 3], BEGIN, BEGIN + 2 * DAY, points)
    for tag in (1, 3):
        assert len(after[tag].ts) <= points
        assert after[tag].ts.tolist() == before[tag].ts.tolist()
        np.testing.assert_array_equal(after[tag].low, before[tag].low)
        np.testing.assert_array_equal(after[tag].high, before[tag].high)
        np.testing.assert_allclose(after[tag].mean, before[tag].mean)
        assert after[tag].low.min() == values[tag - 1].min()
        assert after[tag].high.max() == values[tag - 1].max()


def test_merging_loses_and_doubles_nothing(writer: history.HistoryWriter) -> None:
    month(writer)
    before = everything(writer)
    writer.compact(thorough=True)
    assert everything(writer) == before
    assert writer.compact(thorough=True) == 0


def test_a_reading_that_comes_days_late_is_found_before_and_after_the_next_merge(writer: history.HistoryWriter) -> None:
    month(writer)
    writer.compact()
    put(writer, 10_000, [(1, BEGIN + 7 * HOUR + 1, 5000.0), (9, BEGIN + HOUR, -5000.0)])
    for _ in range(2):
        for points in (3, 60, 2000):
            assert history.read(writer.folder, [1], BEGIN, BEGIN + DAY, points)[1].high.max() == 5000.0
            assert history.read(writer.folder, [9], BEGIN, BEGIN + 2 * DAY, points)[9].low.tolist() == [-5000.0]
        writer.compact(thorough=True)


def test_a_late_reading_sent_twice_is_kept_once_after_the_merge(writer: history.HistoryWriter) -> None:
    month(writer)
    put(writer, 1000, [(1, BEGIN + 1, 7.0)])
    put(writer, 1001, [(1, BEGIN + 1, 7.0)])
    writer.compact(thorough=True)
    assert everything(writer).count((1, BEGIN + 1, 7.0, 1)) == 1


def test_many_small_parts_of_the_open_hour_are_merged(writer: history.HistoryWriter) -> None:
    for offset in range(40):
        put(writer, offset, [(1, BEGIN + offset * 1000, float(offset))])
    writer.compact()
    assert len(writer._manifest.parts) < 16
    assert [row[2] for row in everything(writer)] == list(map(float, range(40)))


def test_the_tail_of_the_log_is_joined(writer: history.HistoryWriter) -> None:
    put(writer, 1, [(1, BEGIN, 1.0)])
    tail = history.Rows(np.array([1, 2], "u4"), np.array([BEGIN + 1000] * 2), np.array([4.0, 5.0]), np.ones(2, "u1"))
    found = history.read(writer.folder, [1, 2], BEGIN, BEGIN + 2000, 100, tail)
    assert found[1].mean.tolist() == [1.0, 4.0]
    assert found[2].mean.tolist() == [5.0]


def test_a_reader_whose_files_were_just_merged_away_looks_again(
    writer: history.HistoryWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    month(writer)
    expected = history.read(writer.folder, [1], BEGIN, BEGIN + 2 * DAY, 100)[1]
    stale = Manifest.load(writer.folder)
    monkeypatch.setattr(history, "KEEP_S", 0.0)
    writer.compact()
    writer.compact()
    answers = iter([stale])
    monkeypatch.setattr(history_read, "_manifest", lambda folder: next(answers, None) or Manifest.load(folder))
    assert history.read(writer.folder, [1], BEGIN, BEGIN + 2 * DAY, 100)[1].ts.tolist() == expected.ts.tolist()


def test_tending_merges_in_the_background(writer: history.HistoryWriter) -> None:
    month(writer)
    writer.tend(every_s=0.01)
    for _ in range(1000):
        if {part.kind for part in writer._manifest.parts} == {"raw", "minute", "hour"}:
            break
        writer._stop.wait(0.02)
    assert {part.kind for part in writer._manifest.parts} == {"raw", "minute", "hour"}


@settings(max_examples=10, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(1, 3),
            st.integers(0, DAY + 2 * HOUR),
            st.floats(-1e6, 1e6) | st.just(float("inf")),
            st.sampled_from([True, True, False]),
        ),
        min_size=1,
        max_size=60,
        unique_by=lambda row: row[:2],
    ),
    cuts=st.integers(1, 4),
    points=st.sampled_from([2, 7, 40, 300, 3000]),
)
def test_any_readings_in_any_batches_show_what_plain_arithmetic_says(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[int, int, float, bool]],
    cuts: int,
    points: int,
) -> None:
    writer = history.HistoryWriter(tmp_path_factory.mktemp("history"))
    for offset in range(cuts):
        put(writer, offset, [(tag, BEGIN + ts, value, good) for tag, ts, value, good in rows[offset::cuts]])
        writer.compact(thorough=bool(offset % 2))
    end = BEGIN + 2 * DAY
    found = history.read(writer.folder, [1, 2, 3], BEGIN, end, points)
    for tag in (1, 2, 3):
        mine = [(ts, value) for t, ts, value, good in rows if t == tag and good and np.isfinite(value)]
        assert found[tag].good.sum() <= len(mine)
        assert len(found[tag].ts) <= points
        if mine:
            assert np.nanmin(found[tag].low) == min(value for _, value in mine)
            assert np.nanmax(found[tag].high) == max(value for _, value in mine)
        assert bool(found[tag].good.any()) == bool(mine)
    writer.close()
