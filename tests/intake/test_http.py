"""Readings over HTTP, through the real server into a running engine: what is taken, and the answer to what is not."""

import json
import struct
import time

import httpx
import pytest

from anlan.connectors.columns import BINARY_TYPE, write_binary
from tests.intake.conftest import Gateway


def problem(response: httpx.Response) -> tuple[int, str]:
    """The status and code of an error; every error says what to do."""
    error = response.json()["error"]
    assert error["message"] and error["fix"]
    return response.status_code, error["code"]


def test_a_single_reading_is_taken(gateway: Gateway) -> None:
    response = gateway.post({"tag": "T01", "ts": gateway.now(), "value": 1.5})
    assert response.status_code == 200
    assert response.json() == {"accepted": 1, "refused": [], "counts": {}, "duplicate_batch": False}


def test_columns_are_taken(gateway: Gateway) -> None:
    now = gateway.now()
    body = {"batch": f"b{now}", "tag": ["T01", "T02"], "ts": [now, now], "value": [1, 2.5], "quality": ["good", False]}
    assert gateway.post(body).json()["accepted"] == 2


def test_one_time_may_serve_a_whole_scan(gateway: Gateway) -> None:
    assert gateway.post({"tag": ["T01", "T02"], "ts": gateway.now(), "value": [1, 2]}).json()["accepted"] == 2


def test_binary_columns_are_taken_with_the_numbers_of_the_tag_list(gateway: Gateway) -> None:
    listed = gateway.http.get("/intake/tags", headers={"Authorization": "Bearer north-key"}).json()
    number = {row["code"]: row["tag"] for row in listed["tags"]}
    now = gateway.now()
    body = write_binary(struct.pack("<q8x", now), [now] * 2, [1.0, 2.0], [number["T01"], number["T02"]], [1, 1])
    assert gateway.post_raw(body, BINARY_TYPE).json()["accepted"] == 2
    again = gateway.post_raw(body, BINARY_TYPE).json()
    assert (again["accepted"], again["duplicate_batch"]) == (0, True)


def test_a_gateway_is_told_only_its_own_tags(gateway: Gateway) -> None:
    listed = gateway.http.get("/intake/tags", headers={"Authorization": "Bearer south-key"}).json()
    assert [row["code"] for row in listed["tags"]] == ["S01"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"tag": "nobody"}, "unknown_tag"),
        ({"tag": 5}, "unknown_tag"),
        ({"tag": None}, "unknown_tag"),
        ({"tag": ["T01"]}, "unknown_tag"),
        ({"tag": "S01"}, "unknown_tag"),
        ({"ts": "yesterday"}, "bad_time"),
        ({"ts": None}, "bad_time"),
        ({"ts": 1.5}, "bad_time"),
        ({"ts": 2**70}, "bad_time"),
        ({"ts": 12}, "bad_time"),
        ({"ts": 4_000_000_000_000}, "future_time"),
        ({"value": None}, "bad_value"),
        ({"value": "12"}, "bad_value"),
        ({"value": {}}, "bad_value"),
    ],
)
def test_one_bad_reading_is_refused_and_the_rest_goes_on(
    gateway: Gateway, change: dict[str, object], reason: str
) -> None:
    now = gateway.now()
    readings = [{"tag": "T01", "ts": now, "value": 1}, {"tag": "T02", "ts": now, "value": 2} | change]
    readings.append({"tag": "T03", "ts": now, "value": 3})
    answer = gateway.post({name: [row[name] for row in readings] for name in ("tag", "ts", "value")}).json()
    assert answer["accepted"] == 2
    assert answer["counts"] == {reason: 1}
    (refused,) = answer["refused"]
    assert (refused["index"], refused["reason"], refused["tag"]) == (1, reason, readings[1]["tag"])
    assert refused["fix"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_number_that_is_none_is_not_json(gateway: Gateway, number: str) -> None:
    body = f'{{"tag": "T01", "ts": {gateway.now()}, "value": {number}}}'.encode()
    response = gateway.post_raw(body, "application/json")
    assert response.status_code == 400 or response.json()["counts"] == {"bad_value": 1}


def test_nan_in_binary_columns_is_refused(gateway: Gateway) -> None:
    now = gateway.now()
    body = write_binary(bytes(16), [now] * 2, [float("nan"), 2.0], [1, 2], [1, 1])
    answer = gateway.post_raw(body, BINARY_TYPE).json()
    assert (answer["accepted"], answer["counts"]) == (1, {"bad_value": 1})


def test_a_bad_reading_may_carry_null(gateway: Gateway) -> None:
    body = {"tag": "T01", "ts": gateway.now(), "value": None, "quality": "bad"}
    assert gateway.post(body).json()["accepted"] == 1


def test_a_late_reading_is_kept_for_the_history(gateway: Gateway) -> None:
    now = gateway.now()
    gateway.post({"tag": "T04", "ts": now, "value": 1})
    answer = gateway.post({"tag": "T04", "ts": now - 5000, "value": 2}).json()
    assert (answer["accepted"], answer["counts"], answer["refused"]) == (1, {"late": 1}, [])


def test_a_duplicate_reading_is_dropped(gateway: Gateway) -> None:
    now = gateway.now()
    gateway.post({"tag": "T05", "ts": now, "value": 1})
    answer = gateway.post({"batch": "other", "tag": ["T05"], "ts": [now], "value": [1.0]}).json()
    assert (answer["accepted"], answer["counts"], answer["refused"]) == (0, {"duplicate": 1}, [])


def test_a_contradicting_reading_is_put_in_quarantine(gateway: Gateway) -> None:
    now = gateway.now()
    gateway.post({"tag": "T06", "ts": now, "value": 1})
    answer = gateway.post({"tag": "T06", "ts": now, "value": 2}).json()
    assert (answer["accepted"], answer["counts"]) == (0, {"conflict": 1})
    assert answer["refused"][0]["reason"] == "conflict"
    lines = (gateway.folder / "quarantine" / "conflicts.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["value"] == 2.0


def test_a_batch_sent_twice_changes_nothing(gateway: Gateway) -> None:
    body = {"batch": f"twice {gateway.now()}", "tag": ["T01"], "ts": [gateway.now()], "value": [1]}
    assert gateway.post(body).json()["accepted"] == 1
    before = gateway.accepted()
    again = gateway.post(body).json()
    assert (again["accepted"], again["duplicate_batch"]) == (0, True)
    assert gateway.accepted() == before


def test_the_same_batch_name_of_two_gateways_is_two_batches(gateway: Gateway) -> None:
    name = f"shared {gateway.now()}"
    assert gateway.post({"batch": name, "tag": ["T01"], "ts": [gateway.now()], "value": [1]}).json()["accepted"] == 1
    body = {"batch": name, "tag": ["S01"], "ts": [gateway.now()], "value": [1]}
    assert gateway.post(body, "south-key").json()["accepted"] == 1


def test_another_gateways_tag_is_refused(gateway: Gateway) -> None:
    body = write_binary(bytes(16), [gateway.now()], [1.0], [1], [1])
    answer = gateway.post_raw(body, BINARY_TYPE, "south-key").json()
    assert (answer["accepted"], answer["counts"]) == (0, {"other_source": 1})


@pytest.mark.parametrize("key", ["wrong", "x" * 1000])
def test_a_wrong_key_is_refused(gateway: Gateway, key: str) -> None:
    response = gateway.post({"tag": "T01", "ts": gateway.now(), "value": 1}, key)
    assert problem(response) == (401, "key.wrong")
    assert response.headers["www-authenticate"] == "Bearer"


def test_a_missing_key_is_refused(gateway: Gateway) -> None:
    assert problem(gateway.http.post("/intake", json={})) == (401, "key.wrong")
    assert problem(gateway.http.get("/intake/tags")) == (401, "key.wrong")


def test_a_disabled_gateway_is_refused(gateway: Gateway) -> None:
    response = gateway.post({"tag": "T01", "ts": gateway.now(), "value": 1}, "old-key")
    assert problem(response) == (401, "key.disabled")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"12",
        b"{}",
        b"\xff\xfe",
        b'{"tag": "T01", "ts": 1}',
        b'{"tag": ["T01"], "ts": [1, 2], "value": [1]}',
        b'{"tag": ["T01"], "ts": [1], "value": 1}',
        b'{"tag": "T01", "ts": [1], "value": 1}',
        b'{"tag": ["T01"], "ts": [1], "value": [1], "quality": [7]}',
        b'{"tag": ["T01"], "ts": [1], "value": [1], "quality": "good"}',
        b'{"batch": 5, "tag": ["T01"], "ts": [1], "value": [1]}',
        b'{"tag": ' + b"[" * 5000,
    ],
)
def test_what_is_no_batch_is_refused_whole(gateway: Gateway, body: bytes) -> None:
    assert problem(gateway.post_raw(body, "application/json")) == (400, "body.unreadable")


def test_half_a_binary_batch_is_refused_whole(gateway: Gateway) -> None:
    now = gateway.now()
    body = write_binary(bytes(16), [now] * 3, [1.0, 2.0, 3.0], [1, 2, 3], [1, 1, 1])
    for size in (0, 3, 23, 24, len(body) - 1):
        assert problem(gateway.post_raw(body[:size], BINARY_TYPE)) == (400, "body.unreadable")
    assert problem(gateway.post_raw(body + b"x", BINARY_TYPE)) == (400, "body.unreadable")


def test_an_unknown_type_is_refused(gateway: Gateway) -> None:
    assert problem(gateway.post_raw(b"<xml/>", "text/xml")) == (415, "body.type")


def test_other_methods_and_paths_are_refused(gateway: Gateway) -> None:
    assert problem(gateway.http.get("/intake")) == (405, "method.wrong")
    assert problem(gateway.http.get("/intake/nothing")) == (404, "path.unknown")


def send_raw(gateway: Gateway, head: str, *parts: bytes) -> tuple[bytes, int]:
    """The answer's first line, and how many bytes of the parts could be sent."""
    with gateway.raw() as connection:
        connection.sendall(head.replace("\n", "\r\n").encode())
        sent = 0
        try:
            for part in parts:
                connection.sendall(part)
                sent += len(part)
        except OSError:
            pass
        try:
            answer = connection.recv(65536)
        except ConnectionResetError:
            answer = b""
        return answer.split(b"\r\n")[0], sent


HEAD = "POST /intake HTTP/1.1\nHost: x\nAuthorization: Bearer north-key\nContent-Type: application/json\n"


def test_a_chunked_body_is_refused(gateway: Gateway) -> None:
    body = json.dumps({"tag": "T07", "ts": gateway.now(), "value": 1}).encode()
    chunk = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    status, _ = send_raw(gateway, HEAD + "Transfer-Encoding: chunked\n\n", chunk)
    assert status.startswith(b"HTTP/1.1 411")


def test_a_hundred_megabytes_are_refused_without_being_read(gateway: Gateway) -> None:
    size = 100 << 20
    status, sent = send_raw(gateway, HEAD + f"Content-Length: {size}\n\n")
    assert status.startswith(b"HTTP/1.1 413")
    status, sent = send_raw(gateway, HEAD + f"Content-Length: {size}\n\n", *[b"x" * (1 << 20)] * 100)
    assert sent < size // 2
    assert gateway.post({"tag": "T01", "ts": gateway.now(), "value": 1}).json()["accepted"] == 1


def test_a_client_that_leaves_in_mid_body_leaves_nothing(gateway: Gateway) -> None:
    before = gateway.report()
    body = json.dumps({"tag": "T08", "ts": gateway.now(), "value": 1}).encode()
    for size in (0, 1, len(body) - 1):
        with gateway.raw() as connection:
            head = HEAD + f"Content-Length: {len(body)}\n\n"
            connection.sendall(head.replace("\n", "\r\n").encode() + body[:size])
    after = gateway.report()
    assert (after["batches"], after["accepted"]) == (before["batches"], before["accepted"])


def test_every_refusal_is_counted_by_its_reason(gateway: Gateway) -> None:
    before = gateway.report()["counts"]
    now = gateway.now()
    gateway.post({"tag": ["nobody", "T09", "T10"], "ts": [now, 12, now + 10**9], "value": [1, 1, 1]})
    after = gateway.report()["counts"]
    changed = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert changed == {"unknown_tag": 1, "bad_time": 1, "future_time": 1}


def test_a_known_gateway_goes_on_while_the_database_is_away(gateway: Gateway) -> None:
    gateway.post({"tag": "T01", "ts": gateway.now(), "value": 1})
    (gateway.folder / "away").touch()
    try:
        time.sleep(0.6)
        assert gateway.post({"tag": "T01", "ts": gateway.now(), "value": 1}).json()["accepted"] == 1
        response = gateway.post({"tag": "T01", "ts": gateway.now(), "value": 1}, "never-seen")
        assert problem(response) == (503, "database.away")
    finally:
        (gateway.folder / "away").unlink()
