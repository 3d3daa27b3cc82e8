"""Payloads become the same columns, by whatever way they are read."""

import json
import struct
from collections.abc import Mapping

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.connectors.columns import Columns, Known, Unreadable, read, read_json, write_binary

CODES = {f"T{number}": number for number in range(1, 9)} | {"]": 20, '"tag":[': 21, "é": 22}


def rows(columns: Columns) -> list[tuple[int, float, int, int]]:
    n = columns.n
    ts, values, tags, good = columns.parts
    unpacked = (struct.unpack(f"<{n}{kind}", part) for kind, part in zip("qdI", (ts, values, tags), strict=True))
    return list(zip(*unpacked, good, strict=True))


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2026-01-02T03:04:05.678Z", 1767323045678),
        ("2026-01-02T11:04:05.678+08:00", 1767323045678),
        ("2026-01-02T11:04:05", -(2**63)),
        ("0001-01-01T00:00:00+23:59", -62135683140000),
        ("9" * 30, -(2**63)),
    ],
)
def test_a_time_may_be_iso_8601_with_its_zone(text: str, ms: int) -> None:
    body = orjson.dumps({"tag": ["T1", "T2"], "ts": [text, 5], "value": [1, 2]})
    assert [ts for ts, *_ in rows(read_json(body, 1, Known(CODES)))] == [ms, 5]


def test_a_list_seen_before_gives_the_same_columns_as_the_first_time() -> None:
    known = Known(CODES)
    body = orjson.dumps({"tag": ["T1", "T2"], "ts": [5, 6], "value": [1, 2.5], "quality": [1, "bad"]})
    first, second = read_json(body, 1, known), read_json(body, 1, known)
    assert first == second
    assert rows(second) == [(5, 1.0, 1, 1), (6, 2.5, 2, 0)]


codes = st.lists(st.sampled_from([*CODES, "nobody", 5, None]), min_size=1, max_size=5)


@given(st.lists(codes, min_size=1, max_size=6), st.booleans(), st.sampled_from(["", "first", "nested", "last"]))
def test_remembered_lists_change_no_column(batches: list[list[object]], spaced: bool, trap: str) -> None:
    known = Known(CODES)
    for number, batch in enumerate([*batches, *batches]):
        document: dict[str, object] = {"tag": batch, "ts": number, "value": [number] * len(batch)}
        if trap == "first":
            document = {"batch": '"tag":["T1"]', **document}
        elif trap == "nested":
            document = {"more": {"tag": ["T1", "T2"]}, **document}
        elif trap == "last":
            document["more"] = {"tag": ["T1", "T2"]}
        body = json.dumps(document, separators=None if spaced else (",", ":")).encode()
        assert read_json(body, 1, known) == read_json(body, 1, Known(CODES))


def test_a_key_given_twice_counts_as_json_says() -> None:
    known = Known(CODES)
    read_json(b'{"tag":["T1"],"ts":[1],"value":[1]}', 1, known)
    body = b'{"tag":["T1"],"ts":[1,2],"value":[1,2],"tag":["T2","T3"]}'
    assert read_json(body, 1, known) == read_json(body, 1, Known(CODES))


def test_the_memory_for_lists_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anlan.connectors.columns.LISTS_BYTES", 100)
    known = Known({f"T{number}": number for number in range(1000)})
    for number in range(1000):
        read_json(orjson.dumps({"tag": [f"T{number}"], "ts": [1], "value": [1]}), 1, known)
    assert len(known._lists) < 20


def test_binary_columns_come_back() -> None:
    body = write_binary(b"b" * 16, [1, 2], [0.5, -1.0], [7, 8], [1, 0])
    columns = read(body, 1, Known({}))
    assert rows(columns) == [(1, 0.5, 7, 1), (2, -1.0, 8, 0)]
    assert columns.named


def test_batches_are_named_by_sender_and_name_or_by_content() -> None:
    def identity(source: int, document: Mapping[str, object]) -> bytes:
        return read_json(orjson.dumps({"tag": "T1", "ts": 1, "value": 1} | document), source, Known(CODES)).id

    names = [identity(1, {}), identity(2, {}), identity(1, {"batch": "a"}), identity(2, {"batch": "a"})]
    assert len({*names, identity(1, {"value": 2})}) == 5
    assert identity(1, {"batch": "a"}) == identity(1, {"batch": "a", "value": 2})


@given(st.binary(max_size=60))
def test_no_bytes_are_more_than_unreadable(body: bytes) -> None:
    for payload in (body, b"ANC1" + body, b'{"tag":' + body):
        try:
            read(payload, 1, Known(CODES))
        except Unreadable as error:
            assert error.fix


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(["tag", "ts", "value", "quality", "batch"])


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(st.dictionaries(fields, json_values, max_size=5))
def test_no_json_is_more_than_unreadable(document: dict[str, object]) -> None:
    try:
        columns = read(json.dumps(document).encode(), 1, Known(CODES))
    except Unreadable as error:
        assert error.fix
    else:
        assert [len(part) for part in columns.parts] == [width * columns.n for width in (8, 8, 4, 1)]
