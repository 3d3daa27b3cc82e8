"""Several writers at once, as PostgreSQL has them (SQLite lets one in at a time)."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from anlan.apps.core import actions
from anlan.apps.core.choices import JobState
from anlan.apps.core.models import Job, Place
from anlan.kit import jobs
from anlan.kit.errors import Refused
from anlan.kit.grants import SYSTEM
from tests import world as worlds
from tests.core.test_moving_places import paths_are_right

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def together(*works: Callable[[], object]) -> None:
    """Run all at the same moment, each on its own connection; what one raises is raised here."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        start.wait()
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, work) for work in works]:
            done.result()


def test_a_place_added_while_its_parent_moves_is_not_left_behind() -> None:
    world = worlds.build_places()

    def add() -> None:
        for number in range(15):
            actions.add_place(SYSTEM, Place.objects.get(pk=world.plant.pk), "unit", f"装置{number}")

    def move() -> None:
        for _ in range(8):
            actions.move_place(SYSTEM, world.plant.pk, world.xiling.pk)
            actions.move_place(SYSTEM, world.plant.pk, world.park.pk)

    together(add, add, move)
    assert paths_are_right()


def test_two_who_join_zones_at_once_make_no_circle() -> None:
    world = worlds.build_places()
    one = actions.add_place(SYSTEM, world.qinghe, "zone", "上游")
    other = actions.add_place(SYSTEM, world.linshan, "zone", "下游")
    refused: list[str] = []

    def join(member: Place, zone: Place) -> None:
        try:
            actions.join_zone(SYSTEM, member.pk, zone.pk)
        except Refused as error:
            refused.append(error.refusal.code)

    together(lambda: join(one, other), lambda: join(other, one))
    assert refused == ["zone.circle"]


def test_several_workers_run_each_job_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[int] = []
    jobs.work_of("core.tidy")  # the product's own are known before the copy is made
    monkeypatch.setattr(jobs, "_works", dict(jobs._works))
    jobs.job("test.count")(lambda payload, progress: ran.append(payload["n"]))
    for number in range(30):
        actions.enqueue("test.count", {"n": number})
    together(*(lambda name=name: actions.run_due(name) for name in ("甲", "乙", "丙")))  # type: ignore[misc]
    assert sorted(ran) == list(range(30))
    assert Job.objects.filter(state=JobState.DONE, attempts=1).count() == 30


def test_one_of_several_leads() -> None:
    led: list[str] = []

    def ask(name: str) -> None:
        if actions.lead("projector", name, 60):
            led.append(name)

    together(*(lambda name=name: ask(name) for name in "甲乙丙丁"))  # type: ignore[misc]
    assert len(led) == 1
