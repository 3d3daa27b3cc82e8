"""The worker: one leads and keeps the levels, all do jobs."""

import logging
import os
import secrets
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING

import click

from anlan.cli import setup_django
from anlan.cli.compiling import Compilation
from anlan.kit import memory

if TYPE_CHECKING:
    from anlan.apps.hooks.actions import Feeder
    from anlan.apps.ledger.projector import Projector
    from anlan.apps.ledger.sealing import Sealer

logger = logging.getLogger(__name__)

TICK_S = 0.1
LEASE_S = 6.0
RENEW_S = 1.0
JOBS_S = 0.5
HOOKS_S = 0.5
HOOK_SENDERS = 4
LAST_JOB_S = 8.0  # how long the end waits for a job; what is left runs again elsewhere

_ended = threading.Event()


@click.command()
def command() -> None:
    """只运行投影与任务：等级与数量、留痕封存、定时任务。"""
    setup_django("worker")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _ended.set())
    memory.settle()
    holder = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"
    jobs = threading.Thread(target=_do_jobs, args=(holder,), name="jobs", daemon=True)
    jobs.start()
    hooks = threading.Thread(target=_send_hooks, name="hooks", daemon=True)
    hooks.start()
    compilation = Compilation()
    Lead(holder).follow_or_lead()
    jobs.join(LAST_JOB_S)
    hooks.join(LAST_JOB_S)
    compilation.end()


def _do_jobs(holder: str) -> None:
    """Run what is due until the end; the database may be away for a while."""
    from django.db import DatabaseError, connection

    from anlan.apps.core.actions import ensure_job, run_due
    from anlan.apps.ledger.tasks import next_midnight

    ensured = False
    while not _ended.wait(JOBS_S):
        try:
            if not ensured:
                ensure_job("core.tidy")
                ensure_job("hooks.tidy")
                ensure_job("tailings.judge")
                ensure_job("ledger.seal_head", next_midnight())
                ensured = True
            run_due(holder, limit=1)
        except DatabaseError:
            logger.exception("the database does not answer; jobs wait")
            connection.close()
    connection.close()


def _send_hooks() -> None:
    """Send what waits for web hooks until the end; a slow receiver holds up nobody else."""
    from django.db import DatabaseError, connection

    from anlan.apps.hooks.actions import send_due

    with ThreadPoolExecutor(max_workers=HOOK_SENDERS, thread_name_prefix="hook") as pool:
        while not _ended.wait(HOOKS_S):
            try:
                send_due(pool)
            except DatabaseError:
                logger.exception("the database does not answer; hooks wait")
                connection.close()
    connection.close()


class Lead:
    """Takes the lease when it is free and folds facts and seals rows as long as it is held."""

    def __init__(self, holder: str) -> None:
        self._holder = holder
        self._renewed = float("-inf")
        self._projector: Projector | None = None
        self._sealer: Sealer | None = None
        self._feeder: Feeder | None = None
        self._engine = EngineWatch()
        # loading reads for a minute; on that connection SQLite refuses to write once another process has written
        self._keeper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeper")

    def follow_or_lead(self) -> None:
        """Until the end: one tick after another, each on its own feet."""
        from django.db import DatabaseError, connection

        from anlan.apps.core.actions import release
        from anlan.apps.ledger.projector import LEASE, LeadLost

        while not _ended.is_set():
            began, waiting = time.monotonic(), False
            try:
                waiting = self._tick()
            except LeadLost:
                logger.warning("another worker leads now")
                self._drop()
            except DatabaseError:
                logger.exception("the database does not answer; levels wait")
                self._drop()
                connection.close()
                _ended.wait(1.0)
            if not waiting:
                _ended.wait(max(0.0, TICK_S - (time.monotonic() - began)))
        if self._projector is not None:
            release(LEASE, self._holder)
        self._keeper.submit(connection.close)
        self._keeper.shutdown()
        connection.close()

    def _tick(self) -> bool:
        """One round; True if there is more to do at once."""
        if not self._keep():
            self._drop()
            return False
        if self._projector is None or self._sealer is None or self._feeder is None:
            self._take_up()
            return True
        return self._projector.tick() + self._sealer.tick() + self._feeder.tick() > 0

    def _keep(self) -> bool:
        """Take or renew the lease and say so, once a second; False while another leads."""
        from anlan.apps.core.actions import beat, lead
        from anlan.apps.ledger.projector import LEASE

        if time.monotonic() - self._renewed < RENEW_S:
            return self._projector is not None
        leads = lead(LEASE, self._holder, LEASE_S)
        self._renewed = time.monotonic()
        beat("worker", {"pid": os.getpid(), "leads": leads})
        if self._projector is not None and leads:
            beat("projector", self._projector.state())
            self._engine.look()
        return leads

    def _stay(self) -> None:
        """While loading takes its time: keep the lease, stop if it is lost or the end has come."""
        from anlan.apps.ledger.projector import LeadLost

        due = time.monotonic() - self._renewed >= RENEW_S
        if _ended.is_set() or (due and not self._keeper.submit(self._keep).result()):
            raise LeadLost

    def _drop(self) -> None:
        """Forget everything; whoever leads next makes it again from the database."""
        self._projector = self._sealer = self._feeder = None

    def _take_up(self) -> None:
        from anlan.apps.hooks.actions import Feeder
        from anlan.apps.ledger.projector import Projector
        from anlan.apps.ledger.sealing import Sealer

        self._projector, self._sealer = Projector(self._holder, self._stay), Sealer(self._holder)
        self._feeder = Feeder()
        memory.settle()  # the whole tree


class EngineWatch:
    """Sends one notice when the engine has fallen silent, to those who look after the product."""

    def __init__(self) -> None:
        self._told: str | None = None

    def look(self) -> None:
        from django.utils import timezone
        from django.utils.translation import gettext

        from anlan.apps.core.actions import notify
        from anlan.apps.core.models import Place
        from anlan.apps.core.selectors import people_with
        from anlan.apps.monitoring.selectors import pulse

        heard = pulse()
        at = heard.get("engine_at")
        if at is None or "engine" not in heard["stale"] or at == self._told:
            return
        self._told = at
        people = {person for top in Place.objects.filter(parent=None) for person in people_with("health.view", top)}
        since = f"{timezone.localtime(datetime.fromisoformat(at)):%m-%d %H:%M:%S}"
        text = gettext("引擎自 {time} 起没有响应，此后的读数和报警未经处理。").format(time=since)
        notify(people, text, "/health", f"engine:{at}")
