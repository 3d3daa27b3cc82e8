"""Following the outbox: nothing is lost when ids become visible out of order."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from anlan.apps.core.models import Outbox
from anlan.kit.tail import Tail


def put(topic: str, row_id: int | None = None) -> int:
    return Outbox.objects.create(pk=row_id, topic=topic).pk


@pytest.fixture
def outbox(django_db_reset_sequences: None) -> Iterator[type[Outbox]]:
    yield Outbox


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


@contextmanager
def writer_that_commits_at_the_end(topic: str) -> Iterator[None]:
    """Another connection has drawn its id and has not committed when the body runs; it has committed afterwards."""
    drawn, commit = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            put(topic)
            drawn.set()
            commit.wait(20)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    assert drawn.wait(20)
    yield
    commit.set()
    thread.join()


def topics(tail: Tail[Outbox]) -> list[str]:
    return [row.topic for row in tail.poll()]


def test_a_new_tail_starts_behind_the_last_row(outbox: type[Outbox]) -> None:
    put("old")
    tail = Tail(outbox.objects.all())
    assert topics(tail) == []
    put("new")
    assert topics(tail) == ["new"]
    assert topics(tail) == []


def test_a_tail_of_an_empty_table_starts_with_its_first_row(outbox: type[Outbox]) -> None:
    tail = Tail(outbox.objects.all())
    put("first")
    assert topics(tail) == ["first"]


@pytest.mark.postgresql
def test_a_row_committed_after_a_later_one_still_comes(outbox: type[Outbox]) -> None:
    put("before")
    tail = Tail(outbox.objects.all())
    with writer_that_commits_at_the_end("slow"):
        put("quick")
        assert topics(tail) == ["quick"]
        assert tail.gaps == 1
    assert topics(tail) == ["slow"]
    assert (tail.gaps, tail.low_water) == (0, tail.high)


@pytest.mark.postgresql
def test_a_transaction_open_when_the_tail_starts_is_not_missed(outbox: type[Outbox]) -> None:
    with writer_that_commits_at_the_end("slow"):
        put("quick")
        tail = Tail(outbox.objects.all())
        assert topics(tail) == []
    assert topics(tail) == ["slow"]


@pytest.mark.postgresql
def test_a_rolled_back_id_is_forgotten_after_the_grace_period(outbox: type[Outbox]) -> None:
    ticking = Clock()
    put("before")
    tail = Tail(outbox.objects.all(), ticking=ticking, grace_s=30)
    with transaction.atomic():
        put("rolled back")
        transaction.set_rollback(True)
    put("kept")
    assert topics(tail) == ["kept"]
    assert tail.gaps == 1
    ticking.at = 31
    assert topics(tail) == []
    assert tail.gaps == 0


def test_several_rows_fill_several_gaps_in_order(outbox: type[Outbox]) -> None:
    tail = Tail(outbox.objects.all(), after=0)
    for row_id in (2, 5):
        put(str(row_id), row_id)
    assert topics(tail) == ["2", "5"]
    for row_id in (4, 1, 6):
        put(str(row_id), row_id)
    assert topics(tail) == ["1", "4", "6"]
    assert tail.low_water == 2


def test_the_memory_of_gaps_is_bounded(outbox: type[Outbox]) -> None:
    tail = Tail(outbox.objects.all(), after=0, max_gaps=10)
    put("far", 1_000_000)
    assert topics(tail) == ["far"]
    assert tail.gaps == 10
    assert tail.given_up == 999_989
    put("late", 999_995)
    assert topics(tail) == ["late"]


def test_a_tail_goes_on_from_the_low_water_mark_of_another(outbox: type[Outbox]) -> None:
    first = Tail(outbox.objects.all(), after=0)
    put("2", 2)
    assert topics(first) == ["2"]
    put("1", 1)
    assert topics(Tail(outbox.objects.all(), after=first.low_water)) == ["1", "2"]


def test_a_long_backlog_comes_in_batches(outbox: type[Outbox]) -> None:
    tail = Tail(outbox.objects.all(), after=0, batch=2)
    for row_id in range(1, 6):
        put(str(row_id), row_id)
    assert [topics(tail) for _ in range(4)] == [["1", "2"], ["3", "4"], ["5"], []]
