import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from anlan.apps.core import actions
from anlan.apps.core.choices import JobState
from anlan.apps.core.models import Job
from anlan.kit import clock, jobs
from tests.processes import process, wait_for

Ran = list[Mapping[str, Any]]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ran]:
    """What jobs of kind ``test.note`` were given; ``test.fail`` fails."""
    found: Ran = []
    jobs.work_of("core.tidy")  # the product's own are known before the copy is made
    monkeypatch.setattr(jobs, "_works", dict(jobs._works))

    @jobs.job("test.note")
    def note(payload: Mapping[str, Any], progress: jobs.Progress) -> None:
        progress(1, 2)
        found.append(payload)

    @jobs.job("test.fail")
    def fail(payload: Mapping[str, Any], progress: jobs.Progress) -> None:
        msg = "no route to host"
        raise ConnectionError(msg)

    yield found


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """``later(timedelta(minutes=5))``: time goes on."""
    start, passed = clock.now(), [timedelta()]
    monkeypatch.setattr(clock, "now", lambda: start + passed[0])

    def go_on(by: timedelta) -> None:
        passed[0] += by

    return go_on


def test_a_job_runs_once(db: None, ran: Ran) -> None:
    job = actions.enqueue("test.note", {"n": 1})
    assert actions.run_due("甲") == 1
    assert actions.run_due("甲") == 0
    job.refresh_from_db()
    assert ran == [{"n": 1}]
    assert (job.state, job.done, job.total) == (JobState.DONE, 2, 2)


def test_a_job_of_a_rolled_back_transaction_never_was(db: None, ran: Ran) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.enqueue("test.note")
        raise RuntimeError
    assert actions.run_due("甲") == 0


def test_a_job_waits_for_its_time(db: None, ran: Ran, later: Callable[[timedelta], None]) -> None:
    actions.enqueue("test.note", run_at=clock.now() + timedelta(hours=1))
    assert actions.run_due("甲") == 0
    later(timedelta(hours=1))
    assert actions.run_due("甲") == 1


def test_a_failing_job_is_tried_again_later_and_at_last_given_up(
    db: None, ran: Ran, later: Callable[[timedelta], None]
) -> None:
    job = actions.enqueue("test.fail")
    for _ in range(jobs.MAX_ATTEMPTS):
        assert actions.run_due("甲") == 1
        assert actions.run_due("甲") == 0
        later(timedelta(hours=1))
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error == "ConnectionError: no route to host"
    assert actions.run_due("甲") == 0


def test_the_work_of_a_silent_worker_is_taken_over_and_the_first_is_stopped(
    db: None, ran: Ran, later: Callable[[timedelta], None]
) -> None:
    @jobs.job("test.slow")
    def slow(payload: Mapping[str, Any], progress: jobs.Progress) -> None:
        if len(ran) == 0:
            ran.append({"by": "first"})
            later(jobs.LEASE)
            assert actions.run_due("乙") == 1
            progress(1, 1)
            ran.append({"by": "never reached"})
        else:
            ran.append({"by": "second"})

    job = actions.enqueue("test.slow")
    actions.run_due("甲")
    job.refresh_from_db()
    assert ran == [{"by": "first"}, {"by": "second"}]
    assert (job.state, job.holder, job.attempts) == (JobState.DONE, "乙", 2)


def test_a_job_that_kills_every_worker_is_given_up(db: None, ran: Ran, later: Callable[[timedelta], None]) -> None:
    job = actions.enqueue("test.note")
    Job.objects.update(state=JobState.RUNNING, holder="死", lease_until=clock.now(), attempts=jobs.MAX_ATTEMPTS)
    assert actions.run_due("甲") == 1
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert not ran


def test_a_kind_that_nobody_knows_fails_with_a_reason(db: None) -> None:
    job = actions.enqueue("test.unheard_of")
    actions.run_due("甲")
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "test.unheard_of" in job.error


def test_work_that_comes_round_is_asked_for_once(db: None, later: Callable[[timedelta], None]) -> None:
    assert actions.ensure_job("core.tidy") == actions.ensure_job("core.tidy")
    actions.run_due("甲")
    assert Job.objects.get(kind="core.tidy", state=JobState.WAITING).run_at == clock.now() + timedelta(hours=1)


WORKER = """
import time
from anlan.apps.core import actions
from anlan.kit import jobs

@jobs.job("test.killed")
def hang(payload, progress):
    progress(1, 3)
    print("running", flush=True)
    time.sleep(60)

actions.run_due("to be killed")
"""


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_killed_worker_runs_again(ran: Ran, later: Callable[[timedelta], None]) -> None:
    job = actions.enqueue("test.killed", {"n": 7})
    with process(WORKER) as worker:
        wait_for(worker, "running")
        worker.kill()
        worker.wait()

    jobs.job("test.killed")(lambda payload, progress: ran.append(payload))
    assert actions.run_due("heir") == 0, "its lease has not lapsed yet"
    later(jobs.LEASE + timedelta(minutes=1))
    assert actions.run_due("heir") == 1
    job.refresh_from_db()
    assert ran == [{"n": 7}]
    assert (job.state, job.holder, job.attempts) == (JobState.DONE, "heir", 2)


@pytest.mark.django_db(transaction=True)
def test_a_step_that_takes_long_keeps_its_lease(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anlan.apps.core.actions.jobs.LEASE", timedelta(seconds=0.2))
    longer: list[bool] = []

    @jobs.job("test.long")
    def long(payload: Mapping[str, Any], progress: jobs.Progress) -> None:
        longer_held = Job.objects.filter(
            kind="test.long", lease_until__gt=Job.objects.get(kind="test.long").lease_until
        )
        until = time.monotonic() + 10
        while not longer_held.exists() and time.monotonic() < until:
            time.sleep(0.02)
        longer.append(actions.run_due("乙") == 0)

    actions.enqueue("test.long")
    actions.run_due("甲")
    assert longer == [True]
    assert Job.objects.get(kind="test.long").state == JobState.DONE
