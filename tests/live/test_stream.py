"""The stream itself: values, coming back, signing out, leaving, and bad requests."""

from contextlib import suppress

import httpx
import pytest

from tests.live.conftest import Live


def level(live: Live, **payload: object) -> int:
    return live.hand.emit("level", live.places["plant"], {"place": live.places["plant"], **payload})


def test_an_event_comes_with_its_outbox_id(live: Live) -> None:
    stream = live.stream("赵值")
    number = level(live, after=4)
    event = stream.expect("level")
    assert (event.id, event.data["after"]) == (number, 4)


def test_values_come_as_columns_with_unknown_as_null(live: Live) -> None:
    tag = live.tags["reactor"]
    stream = live.stream("赵值", f"?tags={tag}")
    live.hand.put(tag, float("nan"), 1_790_000_000_000, 0)
    event = stream.expect("values", lambda event: event.data["ts"] == [1_790_000_000_000])
    assert event.data == {"t": [tag], "v": [None], "ts": [1_790_000_000_000], "q": [0]}
    assert event.id is None


def test_the_last_values_come_first(live: Live) -> None:
    tag = live.tags["depot"]
    live.hand.put(tag, 7.25, 1_790_000_000_001)
    assert live.stream("赵值", f"?tags={tag}").expect("values").data["v"] == [7.25]


def test_a_browser_that_comes_back_gets_what_it_missed_once_and_in_order(live: Live) -> None:
    first = level(live, n=0)
    live.stream("赵值").response.close()
    missed = [level(live, n=number) for number in range(1, 6)]
    stream = live.stream("赵值", headers={"last-event-id": str(first)})
    live.read_to_mark(stream, "赵值")
    assert [event.id for event in stream.seen if event.name == "level"] == missed


def test_a_page_that_says_with_which_event_it_was_made_gets_all_later_ones(live: Live) -> None:
    first = level(live)
    later = [level(live) for _ in range(3)]
    stream = live.stream("赵值", f"?since_id={first}")
    live.read_to_mark(stream, "赵值")
    assert [event.id for event in stream.seen if event.name == "level" and event.id != first] == later


def test_a_browser_that_comes_back_to_a_new_process_gets_what_it_missed(live: Live) -> None:
    first = level(live, n=0)
    before = live.stream("赵值")
    assert live.server.stop() == 0
    assert before.expect_end()[-1].data == {"reason": "restart"}
    missed = level(live, n=1)
    live.server.start()
    stream = live.stream("赵值", headers={"last-event-id": str(first)})
    live.read_to_mark(stream, "赵值")
    assert [event.id for event in stream.seen if event.id == missed] == [missed]


def test_a_browser_that_was_away_for_too_long_loads_its_page_anew(live: Live) -> None:
    before = live.hand.emit_many("level", live.places["plant"], 2_500, 1)
    live.server.stop()
    live.server.start()
    response = live.server.open(live.sessions["赵值"], headers={"last-event-id": str(before - 2_500)})
    hello = next(line for line in response.iter_lines() if line.startswith("data: "))
    assert '"reset":true' in hello
    response.close()


@pytest.mark.prove  # on a busy machine those who read may be too slow, too
def test_a_browser_that_does_not_read_is_sent_away_and_others_are_not_held_up(live: Live) -> None:
    stuck = live.server.open(live.sessions["赵值"])
    stream = live.stream("李巡")
    for _ in range(20):
        last = live.hand.emit_many("level", live.places["plant"], 15, 20_000)
        stream.expect("level", lambda event, last=last: event.id == last)
    read = b""
    with suppress(httpx.RemoteProtocolError):  # it may be cut off in the middle of what it never took
        for part in stuck.iter_raw():
            read += part
    assert f"id: {last}\n".encode() not in read, "its stream ended before, without waiting for it"
    stuck.close()


def test_the_stream_ends_when_the_session_ends(live: Live) -> None:
    session = live.hand.sign_in("李巡")
    stream = live.server.stream(session)
    live.hand.sign_out(session)
    assert stream.expect_end()[-1].data == {"reason": "signed_out"}
    assert live.server.refused(session)[0] == 401


def test_grants_taken_away_silence_the_stream_at_once(live: Live) -> None:
    stream = live.stream("吴专")
    level(live, n="before")
    stream.expect("level")
    live.hand.withdraw("吴专")
    live.read_to_mark(stream, "吴专")
    level(live, n="after")
    live.read_to_mark(stream, "吴专")
    assert [event.data["n"] for event in stream.seen if event.name == "level"] == ["before"]


def test_somebody_who_lacks_their_second_factor_hears_nothing(live: Live) -> None:
    live.hand.forget_factor("陈县")
    session = live.hand.sign_in("陈县", False)
    assert live.server.refused(session)[0] == 401


@pytest.mark.parametrize("session", [None, "", "x" * 32, "../../etc", 'a"b;c'])
def test_without_a_session_there_is_no_stream(live: Live, session: str | None) -> None:
    status, body = live.server.refused(session)
    assert status == 401
    assert '"code":"live.signed_out"' in body


@pytest.mark.parametrize("tags", ["x", "1,,2x", "-1", "1.5", "9" * 12, "１"])
def test_tags_that_are_no_numbers_are_refused(live: Live, tags: str) -> None:
    assert live.server.refused(live.sessions["赵值"], f"?tags={tags}")[0] == 400


def test_too_many_tags_are_refused_with_the_number_allowed(live: Live) -> None:
    status, body = live.server.refused(live.sessions["赵值"], "?tags=" + ",".join(map(str, range(2_001))))
    assert status == 400
    assert "最多订阅 2000 个点位" in body


@pytest.mark.parametrize("last", ["", "x", "-5", "99999999999999999999", "1e3"])
def test_a_last_event_id_that_makes_no_sense_starts_afresh(live: Live, last: str) -> None:
    stream = live.stream("赵值", headers={"last-event-id": last})
    number = level(live)
    assert stream.expect("level").id == number


def test_the_pulse_says_which_part_is_silent(live: Live) -> None:
    event = live.stream("赵值").expect("health")
    assert event.data == {"engine_at": None, "worker_at": None, "stale": ["engine", "worker"]}
