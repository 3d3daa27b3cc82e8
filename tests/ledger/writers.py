"""Processes that write facts and places as fast as they can, and one that checks what came of it.

``python -m tests.ledger.writers build | take_up | write SEED STEPS | check``, on the database of the environment.
"""

import random
import sys
import threading
import time
from datetime import timedelta

from anlan.cli import setup_django

WAIT_S = 90.0


def build() -> None:
    from tests import world

    world.build_places()


def write(seed: int, steps: int) -> None:
    """Raise and clear at random; the first writer also builds and moves."""
    from anlan.apps.core.models import Place
    from anlan.apps.ledger.actions import clear_fact, raise_fact
    from anlan.kit import clock
    from anlan.kit.errors import Refused

    dice = random.Random(seed)
    places = list(Place.objects.order_by("pk").values_list("pk", flat=True))
    held: list[int] = []
    for step in range(steps):
        try:
            if seed == 1 and step % 8 == 0:
                _restructure(dice)
            elif held and dice.random() < 0.4:
                clear_fact(held.pop(dice.randrange(len(held))), clock.now())
            else:
                now = clock.now()
                until = now + timedelta(seconds=dice.uniform(0.2, 2)) if dice.random() < 0.3 else None
                reach = "descendants" if dice.random() < 0.2 else "self"
                at, level = dice.choice(places), dice.randrange(5)
                fact = raise_fact(at, "check", level, "检查", {}, happened=now, until=until, applies_to=reach)
                held.append(fact.pk)
        except Refused:
            continue
        time.sleep(dice.uniform(0, 0.03))


def _restructure(dice: random.Random) -> None:
    from anlan.apps.core import actions
    from anlan.apps.core.models import Place
    from anlan.kit.grants import SYSTEM

    plants = list(Place.objects.filter(kind="enterprise"))
    towns = list(Place.objects.filter(kind__in=["town", "park"]))
    plant = dice.choice(plants)
    actions.add_place(SYSTEM, plant, "risk_point", f"新点{dice.randrange(10**6)}")
    actions.move_place(SYSTEM, plant.pk, dice.choice(towns).pk)


def take_up() -> None:
    """Load as a worker that comes to lead does, keeping its lease at every look, while another process writes."""
    from django.db import connection

    from anlan.apps.core.actions import audit
    from anlan.apps.ledger import loading
    from anlan.cli import worker

    loading._CHUNK, worker.RENEW_S = 2, 0.0
    others = threading.Thread(target=lambda: [audit(None, "test.act") for _ in range(50)] and connection.close())
    lead = worker.Lead("test")
    assert lead._keep()
    others.start()
    lead._take_up()
    others.join()
    assert lead._keep()


def check() -> None:
    """Wait until the projector has seen everything, then hold the database to the definition."""
    from anlan.apps.core.models import AuditRow, AuditSeal
    from anlan.apps.ledger.sealing import breaks
    from anlan.apps.ledger.selectors import projected_until
    from anlan.kit import clock
    from tests.ledger import oracle
    from tests.ledger.test_projector_equals_oracle import follow_every_colour, shown

    time.sleep(2.5)  # the last expiries
    asked, given_up = clock.now(), time.monotonic() + WAIT_S
    while projected_until() < asked or AuditSeal.objects.count() < AuditRow.objects.count():
        if time.monotonic() > given_up:
            sys.exit(f"the worker is behind: {projected_until()} < {asked}")
        time.sleep(0.1)
    assert shown() == oracle.from_database(clock.now())
    follow_every_colour()
    assert list(breaks()) == []


if __name__ == "__main__":
    setup_django()
    verb, *numbers = sys.argv[1:]
    {"build": build, "write": write, "check": check, "take_up": take_up}[verb](*map(int, numbers))
