"""The same records give the same events, however the state came to be."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.engine import snapshot
from anlan.engine.admit import Batch, admit
from anlan.engine.log import Log, read
from anlan.engine.records import Configure, Readings, Record, Shift, Tick, decode, encode
from anlan.engine.step import Batches, Effect, State, step
from anlan.engine.tables import TagTable
from tests.engine.plant import NORTH, NOW, TAGS, columns, table, waves

Reading = tuple[int, int, float]


def batch(readings: list[Reading], name: int = 0, source: int = NORTH, *, named: bool = True) -> Batch:
    ts, values, tags, good = columns(readings)
    arrays = np.frombuffer(tags, "<u4"), np.frombuffer(ts, "<i8"), np.frombuffer(values), np.frombuffer(good, "u1")
    return Batch(source, name.to_bytes(16, "little"), named, *arrays)


def readings(state: State, number: int) -> Readings:
    record = admit(state, [batch(waves(number, NOW), number + 1)], NOW + number * 1000).record
    assert record is not None
    return record


def story(length: int) -> list[Record]:
    """Readings that cross limits, ticks, a clock shift and two tables."""
    state = State()
    records: list[Record] = [Configure(NOW, table())]
    step(state, [(0, records[0])])
    for number in range(length):
        records.append(readings(state, number))
        records.append(Tick(NOW + number * 1000 + 500))
        if number == length // 2:
            records += [Shift(NOW + 9_000_000, 9_000_000), Configure(NOW + 9_000_000, table("2", high=5.0))]
    return [*records, Tick(NOW + 99_000_000)]


def names(effects: list[Effect]) -> list[tuple[int, int, int, int, int, int]]:
    fields = ("index", "tag", "ts", "limit", "kind")
    return [(effect.offset, *(int(event[name]) for name in fields)) for effect in effects for event in effect.events]


def test_replay_from_any_snapshot_gives_the_same_events() -> None:
    records = list(enumerate(story(12)))
    whole = names(step(State(), records)[1])
    assert {kind for *_, kind in whole} == {0, 1}
    assert {limit for *_, limit, _ in whole} >= {0, 1, 4}
    for cut in range(len(records)):
        state, first = step(State(), records[:cut])
        restored = snapshot.unpack(snapshot.pack(state))
        assert restored is not None
        assert names(first) + names(step(restored, records[cut:])[1]) == whole


def test_records_survive_the_log(tmp_path: Path) -> None:
    records = story(5)
    log = Log(tmp_path)
    log.append([encode(record) for record in records])
    log.close()
    back = [(frame.offset, decode(frame.kind, frame.body)) for frame in read(tmp_path)]
    assert names(step(State(), back)[1]) == names(step(State(), list(enumerate(records)))[1])


def test_events_are_numbered_within_their_record() -> None:
    effects = step(State(), list(enumerate(story(4))))[1]
    assert all(effect.events["index"].tolist() == list(range(len(effect.events))) for effect in effects)
    assert max(len(effect.events) for effect in effects) > 1


def test_a_record_is_never_taken_twice() -> None:
    state, _ = step(State(), [(0, Tick(NOW))])
    with pytest.raises(ValueError, match="taken already"):
        step(state, [(0, Tick(NOW))])


def test_the_alarms_of_a_tag_that_left_the_table_clear() -> None:
    state, _ = step(State(), [(0, Configure(NOW, table()))])
    high = batch([(1, NOW, 50.0), (2, NOW, 50.0)], 1)
    record = admit(state, [high], NOW).record
    assert record is not None
    step(state, [(1, record)])
    smaller = TagTable.build("2", [], {})
    events = step(state, [(2, Configure(NOW + 1000, smaller))])[1][0].events
    assert sorted((int(event["tag"]), int(event["limit"]), int(event["kind"])) for event in events) == [
        (1, 0, 0),
        (1, 1, 0),
        (2, 0, 0),
        (2, 1, 0),
    ]


def test_a_clock_shift_raises_no_missing() -> None:
    state, _ = step(State(), [(0, Configure(NOW, table())), (1, Tick(NOW + 1000))])
    hour = 3_600_000
    effects = step(state, [(2, Shift(NOW + hour, hour)), (3, Tick(NOW + hour + 1000))])[1]
    assert names(effects) == []
    assert len(step(state, [(4, Tick(NOW + hour + 120_000))])[1][0].events) == 5


def test_the_oldest_batch_ids_are_forgotten_first() -> None:
    ids = [number.to_bytes(16, "little") for number in range(1, 6)]
    batches = Batches(room=3)
    for each in ids:
        batches.add(each)
    assert [each in batches for each in ids] == [False, False, True, True, True]
    assert Batches.from_bytes(batches.to_bytes()).to_bytes() == batches.to_bytes()


@given(st.lists(st.tuples(st.integers(1, TAGS), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=60))
def test_how_readings_are_cut_into_records_changes_no_event(raw: list[tuple[int, int, int]]) -> None:
    rows = [(tag, NOW + second * 1000, float(value)) for tag, second, value in raw]

    def events(cuts: list[list[Reading]]) -> list[tuple[int, ...]]:
        state, _ = step(State(), [(0, Configure(NOW, table()))])
        found = []
        for number, cut in enumerate(cuts):
            record = admit(state, [batch(cut)], NOW).record
            assert record is not None
            found += names(step(state, [(number + 1, record)])[1])
        return sorted(each[2:] for each in found)

    assert events([rows]) == events([[row] for row in rows])
