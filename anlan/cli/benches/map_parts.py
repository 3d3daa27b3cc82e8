"""The processes of the map's benchmark: fill a county of a hundred thousand points, then change two thousand a second.

``python -m anlan.cli.benches.map_parts seed`` and ``… churn SECONDS``, on the folder that ``ANLAN_DATA`` names.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

import click
import numpy as np

TOWNS, ENTERPRISES, POINTS, MOVING = 10, 10_000, 100_000, 2_000
WEST, SOUTH, WIDTH, HEIGHT = 121.6, 40.6, 0.9, 0.6  # of the county [degree]
TRADES = ("hazchem", "dust", "ammonia", "machinery", "construction", "commerce", "gas", "logistics")
#: Shares of unknown, low, general, serious and major.
SHARES = (0.03, 0.72, 0.17, 0.06, 0.02)
PER_S = 2_000

Row = tuple[Any, ...]


def seed() -> None:
    """The county with what each place shows, and somebody who may see it."""
    from anlan.cli import setup_django

    setup_django()
    from django.core.management import call_command

    from anlan.cli.benches.filling import EPOCH, insert

    call_command("migrate", verbosity=0)
    rows = list(_places())
    columns = ("id", "parent_id", "path", "kind", "name", "code", "sector", "asset", "created", "geometry")
    insert("core_place", (*columns, "west", "south", "east", "north"), rows)
    levels = np.random.default_rng(3).choice(5, len(rows), p=SHARES).tolist()
    none = json.dumps([0] * 5)
    shown = ((row[0], level, EPOCH, none, none, EPOCH) for row, level in zip(rows, levels, strict=True))
    insert("ledger_placelevel", ("place_id", "level", "since", "points", "enterprises", "as_of"), shown)
    click.echo(json.dumps({"session": _session(), "places": len(rows)}))


class _Tree:
    """Numbers places as they come, parents before what is in them."""

    def __init__(self) -> None:
        self.number = 0

    def row(self, parent: "Row | None", kind: str, name: str, sector: str, box: Sequence[float]) -> "Row":
        from anlan.cli.benches.filling import EPOCH
        from anlan.rules import paths

        self.number += 1
        path = (parent[2] if parent else "") + paths.step(self.number)
        shape = json.dumps(_shape(box))
        return (self.number, parent[0] if parent else None, path, kind, name, "", sector, "", EPOCH, shape, *box)


def _places() -> Iterator[Row]:
    """Rows of places in the order of the tree; enterprises have an outline, points and vehicles a spot."""
    rng, tree = np.random.default_rng(7), _Tree()
    county = tree.row(None, "county", "试验县", "", (WEST, SOUTH, WEST + WIDTH, SOUTH + HEIGHT))
    yield county
    for number in range(TOWNS):
        x, y = WEST + WIDTH * (number % 5) / 5, SOUTH + HEIGHT * (number // 5) / 2
        town = tree.row(county, "town", f"试验{number + 1}镇", "", (x, y, x + WIDTH / 5, y + HEIGHT / 2))
        yield town
        spots = rng.random((ENTERPRISES // TOWNS, 2)) * (WIDTH / 5 - 0.01, HEIGHT / 2 - 0.01) + (x, y)
        for at, (west, south) in enumerate(spots.round(6).tolist()):
            yield from _enterprise(tree, town, at, (west, south, west + 0.004, south + 0.003), rng)
    vehicles = rng.random((MOVING, 2)) * (WIDTH, HEIGHT) + (WEST, SOUTH)
    for at, (lon, lat) in enumerate(vehicles.round(6).tolist()):
        yield tree.row(county, "mobile", f"试验车{at}", "", (lon, lat, lon, lat))


def _enterprise(tree: _Tree, town: Row, at: int, box: Sequence[float], rng: np.random.Generator) -> Iterator[Row]:
    trade = TRADES[at % len(TRADES)]
    firm = tree.row(town, "enterprise", f"{town[4]}企业{at}", trade, box)
    yield firm
    inside = rng.random((POINTS // ENTERPRISES, 2)) * (0.004, 0.003) + (box[0], box[1])
    for number, (lon, lat) in enumerate(inside.round(6).tolist()):
        yield tree.row(firm, "risk_point", f"风险点{number + 1}", trade, (lon, lat, lon, lat))


def _shape(box: Sequence[float]) -> dict[str, object]:
    west, south, east, north = box
    if west == east:
        return {"type": "Point", "coordinates": [west, south]}
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _session() -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from anlan.apps.core import actions as core
    from anlan.apps.core.models import Place
    from anlan.apps.core.sessions import SessionStore
    from anlan.kit.grants import SYSTEM

    county = Place.objects.get(pk=1)
    person = core.add_person(SYSTEM, core.NewPerson("bench", "试验员", "bench-试验-2026-Anlan"), "leader", county)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def churn(seconds: float) -> None:
    """Two thousand vehicles change colour each second, written as the projector writes them."""
    from anlan.cli import setup_django

    setup_django()
    from django.db import transaction

    from anlan.apps.core.actions.record import emit_many
    from anlan.apps.core.models import Place
    from anlan.apps.ledger.models import PlaceLevel
    from anlan.kit import clock

    ids = list(Place.objects.filter(kind="mobile").values_list("pk", flat=True))
    rng = np.random.default_rng(11)
    began, told = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        level, now = int(rng.integers(1, 5)), clock.now()
        chosen = rng.choice(ids, PER_S // 4, replace=False).tolist()
        with transaction.atomic():
            PlaceLevel.objects.filter(pk__in=chosen).update(level=level, since=now)
            emit_many("level", ((place, _event(place, level, now.isoformat())) for place in chosen))
        told += len(chosen)
        time.sleep(max(0.0, told / PER_S - (time.monotonic() - began)))
    click.echo(json.dumps({"per_s": round(told / (time.monotonic() - began))}))


def _event(place: int, level: int, since: str) -> dict[str, object]:
    counts = [0] * 5
    told = {"place": place, "before": 1, "after": level, "since": since, "reason": ""}
    return {**told, "points": counts, "enterprises": counts}


if __name__ == "__main__":
    if sys.argv[1] == "seed":
        seed()
    else:
        churn(float(sys.argv[2]))
