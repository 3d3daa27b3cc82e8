"""The log keeps every durable record, drops what was never finished, and says so when a durable one is damaged."""

from pathlib import Path

import pytest

from anlan.engine.log import FRAME, HEAD, INNER, Log, LogCorrupt, LogFailed, read, segments, set_damage_aside


def write(folder: Path, bodies: list[bytes], segment_bytes: int = 1 << 20) -> None:
    log = Log(folder, segment_bytes=segment_bytes)
    for body in bodies:
        log.append([(1, [body])])
    log.close()


def bodies(folder: Path, start: int = 0) -> list[bytes]:
    return [bytes(frame.body).rstrip(b"\0") for frame in read(folder, start)]


def frame_size(body: bytes) -> int:
    return FRAME.size + INNER.size + len(body) + -len(body) % 8


def test_records_come_back_in_order_with_their_offsets(tmp_path: Path) -> None:
    write(tmp_path, [b"one", b"two", b"three"])
    found = [(frame.offset, frame.kind, bytes(frame.body).rstrip(b"\0")) for frame in read(tmp_path)]
    assert found == [(0, 1, b"one"), (1, 1, b"two"), (2, 1, b"three")]
    assert bodies(tmp_path, 2) == [b"three"]


def test_many_records_share_one_write(tmp_path: Path) -> None:
    log = Log(tmp_path)
    assert log.append([(1, [b"a"]), (2, [b"b", b"c"]), (3, [b"d"])]) == 0
    assert log.append([(1, [b"e"])]) == 3
    assert bodies(tmp_path) == [b"a", b"bc", b"d", b"e"]
    log.close()


def test_a_log_goes_on_where_it_ended(tmp_path: Path) -> None:
    write(tmp_path, [b"one"])
    write(tmp_path, [b"two"])
    assert bodies(tmp_path) == [b"one", b"two"]


@pytest.mark.parametrize("cut", range(1, frame_size(b"half written")))
def test_half_a_frame_at_the_end_is_dropped(tmp_path: Path, cut: int) -> None:
    write(tmp_path, [b"whole", b"half written"])
    path = segments(tmp_path)[0].path
    path.write_bytes(path.read_bytes()[:-cut])
    log = Log(tmp_path)
    assert log.torn_bytes == frame_size(b"half written") - cut
    log.append([(1, [b"next"])])
    log.close()
    assert bodies(tmp_path) == [b"whole", b"next"]


def test_a_segment_whose_head_was_never_finished_begins_anew(tmp_path: Path) -> None:
    write(tmp_path, [b"one"])
    (tmp_path / f"{1:020d}.log").write_bytes(b"ANL")
    write(tmp_path, [b"two"])
    assert bodies(tmp_path) == [b"one", b"two"]


def test_a_write_torn_in_its_middle_is_dropped_though_its_end_is_whole(tmp_path: Path) -> None:
    """The disk may keep the pages of one unfinished write in any order; nobody was told that it was durable."""
    log = Log(tmp_path)
    log.append([(1, [b"durable"])])
    log.append([(1, [b"torn"]), (1, [b"whole"])])
    log.close()
    damage(tmp_path, b"torn")
    assert bodies(tmp_path) == [b"durable"]
    write(tmp_path, [b"next"])
    assert bodies(tmp_path) == [b"durable", b"next"]


def damage(folder: Path, body: bytes) -> None:
    for segment in segments(folder):
        data = segment.path.read_bytes()
        if body in data:
            segment.path.write_bytes(data.replace(body, b"x" * len(body)))


def test_a_damaged_durable_record_is_reported_and_not_skipped(tmp_path: Path) -> None:
    write(tmp_path, [b"one", b"two", b"three"])
    damage(tmp_path, b"two")
    with pytest.raises(LogCorrupt) as caught:
        bodies(tmp_path)
    assert caught.value.offset == 1
    with pytest.raises(LogCorrupt, match="--set-damage-aside"):
        Log(tmp_path)


def test_a_damaged_length_is_reported_too(tmp_path: Path) -> None:
    write(tmp_path, [b"one", b"two", b"three"])
    path = segments(tmp_path)[0].path
    data = bytearray(path.read_bytes())
    data[HEAD.size : HEAD.size + 4] = (1 << 30).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(LogCorrupt):
        Log(tmp_path)


def test_damage_in_an_older_segment_is_reported(tmp_path: Path) -> None:
    write(tmp_path, [b"a" * 100, b"b" * 100, b"c" * 100], segment_bytes=64)
    damage(tmp_path, b"b" * 100)
    with pytest.raises(LogCorrupt):
        bodies(tmp_path)
    assert bodies(tmp_path, 2) == [b"c" * 100]


def test_a_missing_segment_is_reported(tmp_path: Path) -> None:
    write(tmp_path, [b"a" * 100, b"b" * 100, b"c" * 100], segment_bytes=64)
    segments(tmp_path)[1].path.unlink()
    with pytest.raises(LogCorrupt):
        bodies(tmp_path)


def test_damage_set_aside_keeps_every_readable_record(tmp_path: Path) -> None:
    folder, quarantine = tmp_path / "log", tmp_path / "quarantine"
    write(folder, [b"one", b"two", b"three"])
    damage(folder, b"two")
    assert len(set_damage_aside(folder, quarantine)) == 1
    assert bodies(folder) == [b"one", b"three"]
    assert len(list(quarantine.iterdir())) == 1
    write(folder, [b"four"])
    assert bodies(folder) == [b"one", b"three", b"four"]


def test_only_segments_that_are_wholly_held_go(tmp_path: Path) -> None:
    write(tmp_path, [bytes([65 + number]) * 100 for number in range(5)], segment_bytes=250)
    log = Log(tmp_path, segment_bytes=250)
    first = [segment.first for segment in segments(tmp_path)]
    assert len(first) > 2
    assert log.drop(first[1] - 2) == 0
    assert log.drop(first[1] - 1) == 1
    assert log.drop(1000) == len(first) - 2
    assert segments(tmp_path)[-1].first == first[-1]
    log.close()


def test_a_full_disk_leaves_the_log_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(tmp_path)
    log.append([(1, [b"one"])])

    def full(descriptor: int, parts: list[bytes]) -> int:
        import os

        os.write(descriptor, b"".join(parts)[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.writev", full)
    with pytest.raises(OSError, match="No space"):
        log.append([(1, [b"two"])])
    monkeypatch.undo()
    log.append([(1, [b"three"])])
    log.close()
    assert bodies(tmp_path) == [b"one", b"three"]


def test_a_failed_sync_ends_the_log_for_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(tmp_path)

    def fail(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("os.fdatasync", fail)
    with pytest.raises(LogFailed):
        log.append([(1, [b"one"])])
    monkeypatch.undo()
    with pytest.raises(LogFailed):
        log.append([(1, [b"two"])])
    log.close()
