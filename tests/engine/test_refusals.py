"""Each reading that cannot be believed is refused alone, with its reason; the rest of the batch goes on."""

import numpy as np
import pytest

from anlan.engine.admit import Answer, admit, answers
from anlan.engine.reasons import REASONS
from anlan.engine.records import Configure, Readings
from anlan.engine.step import State, step
from tests.engine.plant import NOW, SOUTH, TAGS, table
from tests.engine.test_step import Reading, batch


@pytest.fixture
def state() -> State:
    return step(State(), [(0, Configure(NOW, table()))])[0]


class Sent:
    """Sends batches as the engine does, all in one group."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.kept: list[tuple[int, int, float]] = []

    def __call__(self, *batches, arrival: int = NOW) -> list[Answer]:  # type: ignore[no-untyped-def]
        group = admit(self.state, batches, arrival)
        verdicts = None
        if group.record is not None:
            effect = step(self.state, [(self.state.offset + 1, group.record)])[1][0]
            verdicts = effect.verdicts
            record = group.record
            self.kept += list(zip(record.tags.tolist(), record.ts.tolist(), record.values.tolist(), strict=True))
        return answers(group, batches, verdicts)


@pytest.fixture
def send(state: State) -> Sent:
    return Sent(state)


GOOD: Reading = (1, NOW, 1.0)


@pytest.mark.parametrize(
    ("reading", "reason"),
    [
        ((TAGS + 5, NOW, 1.0), "unknown_tag"),
        ((0xFFFFFFFF, NOW, 1.0), "unknown_tag"),
        ((0, NOW, 1.0), "unknown_tag"),
        ((TAGS + 1, NOW, 1.0), "other_source"),
        ((2, NOW + 300_001, 1.0), "future_time"),
        ((2, -(2**63), 1.0), "bad_time"),
        ((2, 0, 1.0), "bad_time"),
        ((2, 2**63 - 1, 1.0), "future_time"),
        ((2, NOW, float("nan")), "bad_value"),
        ((2, NOW, float("inf")), "bad_value"),
        ((2, NOW, float("-inf")), "bad_value"),
    ],
)
def test_a_reading_that_cannot_be_is_refused_and_the_rest_goes_on(send: Sent, reading: Reading, reason: str) -> None:
    (answer,) = send(batch([GOOD, reading, (3, NOW, 3.0)], 1))
    assert answer.counts[0] == 2
    assert [(index, REASONS[code]) for index, code in answer.refused] == [(1, reason)]
    assert send.kept == [GOOD, (3, NOW, 3.0)]


def test_five_minutes_ahead_are_allowed(send: Sent) -> None:
    assert send(batch([(1, NOW + 300_000, 1.0)]))[0].counts[0] == 1


def test_a_bad_reading_may_carry_no_number(send: Sent) -> None:
    sent = batch([(1, NOW, float("nan")), (2, NOW, float("inf")), (3, NOW, 1.0)])
    bad = np.array([0, 0, 1], "u1")
    sent = type(sent)(sent.source, sent.id, sent.named, sent.tags, sent.ts, sent.values, bad)
    (answer,) = send(sent)
    assert answer.counts[0] == 3
    assert [str(value) for *_, value in send.kept] == ["nan", "nan", "1.0"]


def test_late_goes_to_history_equal_is_dropped_and_contradiction_is_refused(send: Sent) -> None:
    send(batch([(1, NOW, 1.0)]))
    (answer,) = send(batch([(1, NOW - 1, 5.0), (1, NOW, 1.0), (1, NOW, 2.0), (1, NOW + 1, 3.0)]))
    assert dict(zip(REASONS, answer.counts, strict=True)) | {"taken": 1, "late": 1, "duplicate": 1, "conflict": 1} == (
        dict(zip(REASONS, answer.counts, strict=True))
    )
    assert [(index, REASONS[code]) for index, code in answer.refused] == [(2, "conflict")]


def test_a_batch_sent_twice_changes_nothing(send: Sent) -> None:
    send(batch([GOOD], 1))
    first = send.state.offset
    (again,) = send(batch([GOOD], 1))
    assert again.repeated
    assert sum(again.counts) == 0
    assert send.state.offset == first


def test_a_batch_sent_twice_at_once_counts_once(send: Sent) -> None:
    first, second = send(batch([GOOD], 1), batch([GOOD], 1))
    assert (first.repeated, second.repeated) == (False, True)
    assert send.kept == [GOOD]


def test_batches_without_a_name_are_never_repeats(send: Sent) -> None:
    first, second = send(batch([GOOD]), batch([GOOD]))
    assert not first.repeated and not second.repeated


def test_a_nameless_batch_may_be_sent_again_once_its_tag_is_known(send: Sent) -> None:
    unknown = batch([(TAGS + 5, NOW, 1.0), GOOD], 9, named=False)
    send(unknown)
    (again,) = send(unknown)
    assert not again.repeated


def test_answers_go_to_their_own_batch(send: Sent) -> None:
    given = send(
        batch([(1, NOW, 1.0)], 1),
        batch([(2, NOW, 1.0), (TAGS + 5, NOW, 1.0)], 2),
        batch([(1, NOW, 1.0)], 1),
        batch([(TAGS + 1, NOW, 1.0)], 4, SOUTH),
    )
    assert [answer.counts[0] for answer in given] == [1, 1, 0, 1]
    assert [len(answer.refused) for answer in given] == [0, 1, 0, 0]
    assert [answer.repeated for answer in given] == [False, False, True, False]


def test_only_the_first_twenty_are_listed(send: Sent) -> None:
    (answer,) = send(batch([(TAGS + 5, NOW, 1.0)] * 50))
    assert len(answer.refused) == 20
    assert answer.counts[REASONS.index("unknown_tag")] == 50


def test_the_record_says_who_sent_what(send: Sent) -> None:
    group = admit(send.state, [batch([GOOD], 1), batch([(TAGS + 1, NOW, 1.0), GOOD], 2, SOUTH)], NOW)
    assert isinstance(group.record, Readings)
    assert group.record.batches["source"].tolist() == [7, 8]
    assert group.record.batches["count"].tolist() == [1, 1]
