"""A snapshot is whole or it is not there."""

from pathlib import Path

from anlan.engine import snapshot
from anlan.engine.records import Tick
from anlan.engine.step import State, step
from tests.engine.plant import NOW


def state(offset: int) -> State:
    return step(State(), [(number, Tick(NOW + number)) for number in range(offset + 1)])[0]


def save(folder: Path, offset: int) -> None:
    snapshot.save(folder, offset, snapshot.pack(state(offset)))


def test_the_newest_is_loaded_and_two_are_kept(tmp_path: Path) -> None:
    for offset in (3, 5, 8):
        save(tmp_path, offset)
    assert snapshot.load(tmp_path, 0)[0].offset == 8
    assert len(list(tmp_path.iterdir())) == 2


def test_a_damaged_one_is_passed_over_for_the_one_before(tmp_path: Path) -> None:
    save(tmp_path, 3)
    save(tmp_path, 5)
    newest = sorted(tmp_path.iterdir())[-1]
    data = bytearray(newest.read_bytes())
    data[-1] ^= 1
    newest.write_bytes(data)
    found, broken = snapshot.load(tmp_path, 0)
    assert found.offset == 3
    assert broken == [newest]


def test_one_from_which_the_log_does_not_go_on_is_not_used(tmp_path: Path) -> None:
    save(tmp_path, 3)
    assert snapshot.load(tmp_path, 4)[0].offset == 3
    assert snapshot.load(tmp_path, 5)[0].offset == -1


def test_without_any_the_state_is_empty(tmp_path: Path) -> None:
    assert snapshot.load(tmp_path, None)[0].offset == -1


def test_half_a_snapshot_is_none(tmp_path: Path) -> None:
    data = snapshot.pack(state(2))
    assert all(snapshot.unpack(data[:size]) is None for size in range(len(data)))
