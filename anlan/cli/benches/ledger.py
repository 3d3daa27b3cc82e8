"""The ledger among a million places: one fact, the whole tree from nothing, from the action to the screen, appends.

The kernel is measured in this process. What needs a database runs in processes of its own over a scratch installation:
on SQLite, and on PostgreSQL too if ``ANLAN_DATABASE_URL`` names a server (in a database that is dropped afterwards).
``ANLAN_BENCH_PLACES`` changes the number of places.
"""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from urllib.parse import urlsplit, urlunsplit

import numpy as np

from anlan.cli.benches.ledger_parts import Figure, figure, grown
from anlan.kernels import rollup

PLACES = int(os.environ.get("ANLAN_BENCH_PLACES", "1000000"))
SINGLE, WHOLE = 5_000, 7
UNASSESSED = 1


def run() -> Iterator[Figure]:
    """Kernel first, then each database."""
    yield from _kernel()
    for name, url in _databases():
        with url as address:
            yield from _on_database(name, address)


def _kernel() -> Iterator[Figure]:
    depth, kinds = grown(PLACES)
    ids = np.arange(1, len(depth) + 1)
    none = np.zeros(0, np.int32)
    tree = rollup.plant(ids, depth, kinds == "risk_point", kinds == "enterprise", none, none)
    state = rollup.Rollup(tree, UNASSESSED)
    points = np.flatnonzero(kinds == "risk_point")
    state.load(points, np.zeros(len(points), np.int8), np.zeros(len(points), np.bool_))
    rng = np.random.default_rng(7)
    at = rng.choice(points, SINGLE)
    took = [1e3 * _seconds(lambda place=int(place): state.put(place, 4)) for place in at]
    size = f"{len(depth):,} places"
    yield figure(f"ledger kernel: one fact among {size}, p50", np.percentile(took, 50), "ms", SINGLE)
    yield figure(f"ledger kernel: one fact among {size}, p99", np.percentile(took, 99), "ms", SINGLE)
    whole = min(_seconds(state.rebuild) for _ in range(WHOLE))
    plain = _seconds(lambda: plain_rollup(tree, state.base))
    peers = {"plain Python": plain}
    yield figure(f"ledger kernel: whole tree of {size} from nothing", whole, "s", WHOLE, peers)


def plain_rollup(tree: rollup.Tree, base: rollup.Buckets) -> list[list[int]]:
    """The same histograms by a loop over the places, children before parents."""
    sums = [[0] * rollup.BUCKETS for _ in range(len(base))]
    parents = tree.parent.tolist()
    for at, bucket in reversed(list(enumerate(base.tolist()))):
        row = sums[at]
        if bucket >= 0:
            row[bucket] += 1
        if parents[at] >= 0:
            above = sums[parents[at]]
            for number, count in enumerate(row):
                above[number] += count
    return sums


def _seconds(work: object) -> float:
    assert callable(work)
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _databases() -> Iterator[tuple[str, AbstractContextManager[str]]]:
    yield "SQLite", nullcontext("")
    url = os.environ.get("ANLAN_DATABASE_URL", "")
    if url.startswith("postgres"):
        yield "PostgreSQL", _scratch(url)


@contextmanager
def _scratch(url: str) -> Iterator[str]:
    """A database of our own on a server, dropped in the end."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    name = Identifier(f"anlan_bench_{secrets.token_hex(4)}")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(name))
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name.as_string().strip(chr(34))}"))
        finally:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _on_database(name: str, url: str) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="anlan-bench-") as folder:
        address = url or f"sqlite:///{folder}/anlan.sqlite3"
        environment = os.environ | {"ANLAN_DATA": folder, "ANLAN_DATABASE_URL": address}
        part = [sys.executable, "-m", "anlan.cli.benches.ledger_parts", name, str(PLACES)]
        with subprocess.Popen(part, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
            assert process.stdout is not None
            yield from map(json.loads, process.stdout)
        if process.returncode:
            raise RuntimeError(f"the part on {name} ended with {process.returncode}")
