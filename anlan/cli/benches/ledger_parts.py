"""The part of the ledger's bench that needs a database: ``python -m anlan.cli.benches.ledger_parts NAME PLACES``."""

import json
import multiprocessing
import os
import platform
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from anlan.cli import setup_django
from anlan.cli.benches.filling import EPOCH, insert

Figure = dict[str, object]

PER_ENTERPRISE, WRITERS, WRITING_S, FACTS, BATCH = 100, 4, 4.0, 60, 200
READY_S = 300.0


def figure(name: str, value: float, unit: str, runs: int, peers: Mapping[str, float] | None = None) -> Figure:
    """One line of the report. ``ratio`` says how many times better we are, whatever the unit."""
    peers = peers or {}
    better = {peer: (value / other if unit.endswith("/s") else other / value) for peer, other in peers.items()}
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    found = {"name": name, "value": round(float(value), 4), "unit": unit, "runs": runs}
    rounded = {peer: round(other, 4) for peer, other in peers.items()}
    return found | {"peers": rounded, "ratio": {peer: round(r, 2) for peer, r in better.items()}, "machine": machine}


def grown(places: int) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.str_]]:
    """Depth and kind of a county with ten towns, their enterprises and 100 risk points in each, in preorder."""
    towns = 10
    enterprises = max(1, places // (towns * (PER_ENTERPRISE + 1)))
    firm = [(3, "enterprise"), *[(4, "risk_point")] * PER_ENTERPRISE]
    town = [(2, "town"), *firm * enterprises]
    rows = [(1, "county"), *town * towns]
    depth, kinds = zip(*rows, strict=True)
    return np.array(depth, np.int16), np.array(kinds)


def main(name: str, places: int) -> Iterator[Figure]:
    """Fill the database, then measure."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    points = _fill(places)
    yield from _to_the_screen(name, points)
    yield from _appends(name, points)


def _fill(places: int) -> list[int]:
    """Places, an assessment for every point, and the levels shown; returns the ids of the points."""
    from django.db import connection

    from anlan.rules import paths

    depth, kinds = grown(places)
    way: list[str] = []
    rows, points = [], []
    for number, (step, kind) in enumerate(zip(depth.tolist(), kinds.tolist(), strict=True), 1):
        parent = int(way[step - 2][-paths.STEP :], 36) if step > 1 else None
        way = [*way[: step - 1], "".join([*way[step - 2 : step - 1], paths.step(number)])]
        rows.append((number, parent, way[-1], kind, f"{kind} {number}", "", "", EPOCH))
        if kind == "risk_point":
            points.append(number)
    insert("core_place", ("id", "parent_id", "path", "kind", "name", "code", "sector", "created"), rows)
    columns = ("id", "place_id", "kind", "level", "reason", "params", "source_kind", "happened", "recorded", "since")
    facts = [(n, at, "assessment", 1, "评估", "{}", "", EPOCH, EPOCH, EPOCH) for n, at in enumerate(points, 1)]
    insert("ledger_fact", (*columns, "applies_to", "words"), [(*fact, "self", "core/levels/risk") for fact in facts])
    insert(
        "ledger_placelevel", ("place_id", "level", "since", "points", "enterprises", "as_of"), list(_shown())
    )  # it reads: not during COPY
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in ("core_place", "ledger_fact"):
                cursor.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")  # noqa: S608
            cursor.execute("ANALYZE")
    return points


def _shown() -> Iterator[tuple[object, ...]]:
    """Rows as the projector would have written them."""
    from anlan.apps.ledger import loading
    from anlan.apps.ledger.picture import LEVEL_OF, Picture, by_level, moment

    tree = loading.load_tree(lambda: None)
    picture = Picture(tree, loading.load_facts(EPOCH, lambda: None), moment(EPOCH))
    for at, place in enumerate(tree.ids.tolist()):
        points, enterprises = (json.dumps(by_level(counts)) for counts in picture.rollup.counts(at))
        yield place, int(LEVEL_OF[picture.rollup.level[at]]), EPOCH, points, enterprises, EPOCH


def _to_the_screen(name: str, points: list[int]) -> Iterator[Figure]:
    """From the call of the action to the row that pages read, with the real worker."""
    worker = subprocess.Popen([sys.executable, "-m", "anlan", "worker"])
    try:
        seconds = _wait_for_worker()
        yield figure(f"ledger: a leader takes over {len(points):,} points, {name}", seconds, "s", 1)
        rng = np.random.default_rng(7)
        took = sorted(_raise_and_look(int(at)) for at in rng.choice(points, FACTS, replace=False))
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)
    peers = {"recomputed by SQL": statistics.median(_recompute() for _ in range(3))}
    what = f"ledger: fact raised to county shown, {len(points):,} points, {name}"
    yield figure(f"{what}, p50", statistics.median(took), "s", FACTS, peers)
    yield figure(f"{what}, p99", took[int(len(took) * 0.99)], "s", FACTS)


def _wait_for_worker() -> float:
    from anlan.apps.ledger.selectors import projected_until
    from anlan.kit import clock

    began, asked = time.perf_counter(), clock.now()
    while projected_until() < asked:
        if time.perf_counter() - began > READY_S:
            raise RuntimeError("the worker did not start")
        time.sleep(0.05)
    return time.perf_counter() - began


def _raise_and_look(place: int) -> float:
    """Seconds until the point and every place above it show a major fact (the county counts one more)."""
    from anlan.apps.ledger.actions import raise_fact
    from anlan.apps.ledger.models import PlaceLevel
    from anlan.kit import clock

    county = PlaceLevel.objects.filter(pk=1).values_list("points", flat=True)
    before = county[0][4]
    began = time.perf_counter()
    raise_fact(place, "alarm", 4, "超限", {}, source=("alarm", place), happened=clock.now())
    while county[0][4] == before:
        time.sleep(0.005)
    return time.perf_counter() - began


def _recompute() -> float:
    """The level of the county and of one chain below it, each from its live facts by SQL."""
    from django.db.models import Max

    from anlan.apps.core.models import Place
    from anlan.apps.ledger.explanation import live
    from anlan.apps.ledger.models import Fact
    from anlan.kit import clock
    from anlan.rules import paths

    began = time.perf_counter()
    for place in Place.objects.filter(pk__lte=4):
        within = Fact.objects.filter(live(clock.now()), place__path__gte=place.path)
        within.filter(place__path__lt=paths.after(place.path)).aggregate(Max("level"))
    return time.perf_counter() - began


def _appends(name: str, points: list[int]) -> Iterator[Figure]:
    """Facts appended a second by several processes: one by one, in batches, and with counts in the transaction."""
    inside = _race(_one_with_counts, points)
    peers = {"counts in the writing transaction": inside}
    what = f"ledger: facts appended by {WRITERS} processes, {name}"
    yield figure(f"{what}, one a transaction", _race(_one, points), "facts/s", 1, peers)
    yield figure(f"{what}, {BATCH} a transaction", _race(_many, points), "facts/s", 1)


Write = Callable[[list[int], int], int]


def _race(write: Write, points: list[int]) -> float:
    from django.db import connection

    connection.close()
    counts: multiprocessing.Queue[int] = multiprocessing.Queue()
    writers = [multiprocessing.Process(target=_write, args=(write, points[n::WRITERS], counts)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    total = sum(counts.get(timeout=10 * WRITING_S + 60) for _ in writers)
    for writer in writers:
        writer.join()
    return total / WRITING_S


def _write(write: Write, points: list[int], counts: "multiprocessing.Queue[int]") -> None:
    total, end = 0, time.monotonic() + WRITING_S
    while time.monotonic() < end:
        total += write(points, total)
    counts.put(total)


def _new(points: list[int], number: int) -> Any:
    from anlan.apps.ledger.actions import NewFact
    from anlan.kit import clock

    source = ("bench", time.time_ns())
    return NewFact(points[number % len(points)], "alarm", 2, "超限", {}, clock.now(), source=source)


def _one(points: list[int], number: int) -> int:
    from anlan.apps.ledger.actions import raise_facts

    return len(raise_facts([_new(points, number)]))


def _many(points: list[int], number: int) -> int:
    from anlan.apps.ledger.actions import raise_facts

    return len(raise_facts([_new(points, number + n) for n in range(BATCH)]))


def _one_with_counts(points: list[int], number: int) -> int:
    """What a rollup inside the transaction does: the row of every place above is written, and waited for."""
    from django.db import transaction

    from anlan.apps.core.models import Place
    from anlan.apps.ledger.models import PlaceLevel
    from anlan.kit import clock
    from anlan.rules import paths

    with transaction.atomic():
        _one(points, number)
        path = Place.objects.values_list("path", flat=True).get(pk=points[number % len(points)])
        for place in paths.ancestor_ids(path):
            PlaceLevel.objects.filter(pk=place).update(as_of=clock.now())
    return 1


if __name__ == "__main__":
    setup_django()
    for line in main(sys.argv[1], int(sys.argv[2])):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()
