"""Jobs: a row in the caller's transaction, claimed by one worker under a lease, run again if that worker dies."""

import logging
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q

from anlan.apps.core.choices import JobState
from anlan.apps.core.models import Job
from anlan.kit import clock
from anlan.kit.jobs import LEASE, MAX_ATTEMPTS, STEP, LeaseLost, back_off, work_of

logger = logging.getLogger(__name__)


def enqueue(kind: str, payload: Mapping[str, Any] | None = None, run_at: datetime | None = None) -> Job:
    """Ask for work. The job exists if and only if the caller's transaction commits."""
    return Job.objects.create(kind=kind, payload=dict(payload or {}), run_at=run_at or clock.now())


def ensure_job(kind: str, run_at: datetime | None = None) -> Job:
    """Have one job of ``kind`` waiting or running, for work that comes round again."""
    waiting = Job.objects.filter(kind=kind, state__in=[JobState.WAITING, JobState.RUNNING]).first()
    return waiting or enqueue(kind, run_at=run_at)


def run_due(holder: str, *, limit: int = 100) -> int:
    """Run the jobs that are due, oldest first, one after another; returns how many were run."""
    for count in range(limit):
        claimed = _claim(holder)
        if claimed is None:
            return count
        _run(claimed)
    return limit


def _claim(holder: str) -> Job | None:
    """Lease the oldest due job, or one whose worker has let its lease lapse."""
    now = clock.now()
    due = Q(state=JobState.WAITING, run_at__lte=now) | Q(state=JobState.RUNNING, lease_until__lte=now)
    with transaction.atomic():
        rows = Job.objects.filter(due).order_by("run_at", "pk")
        found = rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked).first()
        if found is None:
            return None
        found.state, found.holder, found.lease_until = JobState.RUNNING, holder, now + LEASE
        found.attempts += 1
        found.save(update_fields=["state", "holder", "lease_until", "attempts"])
    return found


def _run(claimed: Job) -> None:
    work = work_of(claimed.kind)
    try:
        if claimed.attempts > MAX_ATTEMPTS:
            _finish(claimed, JobState.FAILED, "every worker that took this job died with it")
        elif work is None:
            _finish(claimed, JobState.FAILED, f"no work is registered for jobs of kind {claimed.kind}")
        else:
            with _Beat(claimed) as beat:
                work(claimed.payload, beat.progress)
            _finish(claimed, JobState.DONE)
    except LeaseLost:
        logger.warning("job %s (%s) was taken over by another worker", claimed.pk, claimed.kind)
    except Exception as error:  # whatever a job raises is recorded on it, and it is tried again
        logger.exception("job %s (%s) failed", claimed.pk, claimed.kind)
        _try_again(claimed, f"{type(error).__name__}: {error}")


class _Beat:
    """Keeps the lease of a job between two words of progress, for as long as a step may take: the first computation of
    a data folder compiles its models, which on a busy machine takes minutes."""

    def __init__(self, claimed: Job) -> None:
        self._claimed, self._ended = claimed, threading.Event()
        self._heard = time.monotonic()
        self._thread = threading.Thread(target=self._beat, name=f"lease-{claimed.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()

    def progress(self, done: int, total: int) -> None:
        self._heard = time.monotonic()
        _progress(self._claimed, done, total)

    def _beat(self) -> None:
        every = LEASE.total_seconds() / 4
        while not self._ended.wait(every) and time.monotonic() - self._heard < STEP.total_seconds():
            try:
                held = _held(self._claimed).update(lease_until=clock.now() + LEASE)
            except DatabaseError as error:
                logger.warning("the lease of job %s is not renewed: %s", self._claimed.pk, error)
            else:
                if not held:
                    break
            finally:
                connection.close()


def _held(claimed: Job) -> Any:
    """The row of a job, as long as this claim of it stands."""
    return Job.objects.filter(pk=claimed.pk, state=JobState.RUNNING, holder=claimed.holder, attempts=claimed.attempts)


def _progress(claimed: Job, done: int, total: int) -> None:
    if not _held(claimed).update(done=done, total=total, lease_until=clock.now() + LEASE):
        raise LeaseLost


def _finish(claimed: Job, state: JobState, error: str = "") -> None:
    changes: dict[str, Any] = {"state": state, "error": error, "finished": clock.now(), "lease_until": None}
    if state == JobState.DONE:
        changes["done"] = F("total")
    if not _held(claimed).update(**changes):
        raise LeaseLost


def _try_again(claimed: Job, error: str) -> None:
    if claimed.attempts >= MAX_ATTEMPTS:
        _held(claimed).update(state=JobState.FAILED, error=error, finished=clock.now(), lease_until=None)
        return
    later = clock.now() + back_off(claimed.attempts)
    _held(claimed).update(state=JobState.WAITING, error=error, run_at=later, lease_until=None)
