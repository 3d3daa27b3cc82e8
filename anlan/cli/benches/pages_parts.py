"""The processes of the pages' benchmark: fill a county to the size of DESIGN §9, and count the questions of each page.

``python -m anlan.cli.benches.pages_parts seed``, ``… again TOLD`` and ``… queries SESSION PATH …``, on the folder that
``ANLAN_DATA`` names. The places are those of the map's benchmark; each risk point has an assessment, every fifth a
measured point; alarms go back a month. Findings do not exist yet, so their million is not there.
"""

import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import click
import numpy as np

TAGS, ALARMS, OPEN, CHANGES = 20_000, 100_000, 400, 20_000
RUNS = 3
MONTH_S = 30 * 86_400
BATCH = 2_000
#: (role, how many): whose desks stand open while it is measured.
PEOPLE = (("leader", 4), ("duty_officer", 8), ("inspector", 4), ("safety_officer", 4))

Row = tuple[Any, ...]


def seed() -> None:
    """The county, what it shows, what is measured in it, and twenty people who have signed in."""
    from anlan.cli import setup_django

    setup_django()
    from django.core.management import call_command

    from anlan.apps.core.upkeep import keep_statistics
    from anlan.cli.benches import map_parts

    call_command("migrate", verbosity=0)
    rows = list(map_parts._places())
    levels = np.random.default_rng(3).choice(5, len(rows), p=map_parts.SHARES).tolist()
    _insert_places(rows, levels)
    points = [row for row in rows if row[3] == "risk_point"]
    _assess(points, dict(zip((row[0] for row in rows), levels, strict=True)))
    tags = _measure(rows, points)
    _alarm(tags)
    firms = [row for row in rows if row[3] == "enterprise"]
    _file(firms)
    keep_statistics()  # as the worker does every hour
    click.echo(json.dumps({"users": _people(firms, tags), "places": len(rows), "tags": len(tags), "alarms": ALARMS}))


def _insert_places(rows: list[Row], levels: list[int]) -> None:
    from anlan.cli.benches.filling import EPOCH, insert

    columns = ("id", "parent_id", "path", "kind", "name", "code", "sector", "asset", "created", "geometry")
    insert("core_place", (*columns, "west", "south", "east", "north"), rows)
    shown = _shown(rows, levels)
    names = ("place_id", "level", "since", "points", "enterprises", "as_of")
    told = ((pk, level, EPOCH, json.dumps(own[0]), json.dumps(own[1]), EPOCH) for pk, level, own in shown)
    insert("ledger_placelevel", names, told)


def _shown(rows: list[Row], levels: list[int]) -> Iterator[tuple[int, int, list[list[int]]]]:
    """Each place with its level, the worst below it, and how many points and enterprises of each level lie there."""
    counts = {row[0]: [[0] * 5, [0] * 5] for row in rows}
    worst = dict(zip((row[0] for row in rows), levels, strict=True))
    above = {row[0]: row[1] for row in rows}
    for row in reversed(rows):  # what lies below comes after
        own = counts[row[0]]
        if row[3] == "risk_point":
            own[0][worst[row[0]]] += 1
        if row[3] == "enterprise":
            own[1][worst[row[0]]] += 1
        if (parent := above[row[0]]) is not None:
            worst[parent] = max(worst[parent], worst[row[0]])
            for kind in (0, 1):
                counts[parent][kind] = [a + b for a, b in zip(counts[parent][kind], own[kind], strict=True)]
    return ((row[0], worst[row[0]], counts[row[0]]) for row in rows)


def _assess(points: list[Row], levels: dict[int, int]) -> None:
    """An assessment for each risk point, and changes of colour over a month."""
    from anlan.apps.ledger.models import Fact, LevelChange
    from anlan.kit import clock

    now = clock.now()
    rng = np.random.default_rng(5)
    ago = rng.integers(0, MONTH_S, len(points)).tolist()
    facts = (
        Fact(
            place_id=row[0], kind="assessment", level=levels[row[0]], reason="评估", happened=at, recorded=at, since=at
        )
        for row, back in zip(points, ago, strict=True)
        for at in (now - timedelta(seconds=back),)
    )
    Fact.objects.bulk_create(facts, BATCH)
    chosen = rng.choice(len(points), CHANGES, replace=False).tolist()
    back = rng.integers(0, MONTH_S, CHANGES).tolist()
    changes = (
        LevelChange(place_id=points[one][0], at=now - timedelta(seconds=s), before=1, after=levels[points[one][0]])
        for one, s in zip(chosen, back, strict=True)
    )
    LevelChange.objects.bulk_create(changes, BATCH)


def _measure(rows: list[Row], points: list[Row]) -> list[int]:
    """A gateway in each town, a measured point at every fifth risk point."""
    from anlan.apps.monitoring.models import Source, Tag

    towns = [row for row in rows if row[3] == "town"]
    sources = {
        town[2]: Source.objects.create(
            code=f"bench-{town[0]}", name=f"{town[4]}网关", kind="http", place_id=town[0], key_digest=f"bench-{town[0]}"
        )
        for town in towns
    }
    length = len(towns[0][2])
    tags = [
        Tag(
            source=sources[row[2][:length]], place_id=row[0], code=f"T{number}", name=f"压力 {number}", unit="kPa", h=90
        )
        for number, row in enumerate(points[:: len(points) // TAGS])
    ]
    return [tag.pk for tag in Tag.objects.bulk_create(tags, BATCH)]


def _alarm(tags: list[int]) -> None:
    """A month of alarms that are over, and some that stand."""
    from anlan.apps.monitoring.models import Alarm
    from anlan.kit import clock

    now = clock.now()
    rng = np.random.default_rng(9)
    ago = np.sort(rng.integers(600, MONTH_S, ALARMS))[::-1].tolist()
    which = rng.choice(tags, ALARMS).tolist()
    stands = set(range(ALARMS - OPEN, ALARMS))
    seen: set[int] = set()
    for number in stands:  # one of a tag stands at a time
        while which[number] in seen:
            which[number] = int(rng.choice(tags))
        seen.add(which[number])
    alarms = (_stay(number, tag, now - timedelta(seconds=back), number in stands)
              for number, (tag, back) in enumerate(zip(which, ago, strict=True)))  # fmt: skip
    Alarm.objects.bulk_create(alarms, BATCH)


def _stay(number: int, tag: int, raised: Any, stands: bool) -> Any:  # noqa: FBT001 - a row
    from anlan.apps.monitoring.models import Alarm

    told = {"tag_id": tag, "limit": 2, "level": 3, "raised": raised, "raised_value": 93.0, "limit_value": 90.0}
    due = raised + timedelta(minutes=10)
    if stands:
        return Alarm(**told, raise_event=f"b-{number}-0", due=due, counted=True)
    over = raised + timedelta(minutes=7)
    ended = {"state": "closed", "cleared": over, "clear_event": f"b-{number}-1", "acknowledged": over}
    return Alarm(**told, **ended, raise_event=f"b-{number}-0", due=due)


def _file(firms: list[Row]) -> None:
    """Basic facts, a licence and a substance for each enterprise."""
    from anlan.apps.enterprises.models import Chemical, Enterprise, Licence
    from anlan.kit import clock

    today = clock.today()
    basics = (
        Enterprise(place_id=row[0], economic_type="173", industry="2614", size="小型", status="正常生产",
                   principal="试验", principal_phone="0427-1234567", address=f"试验路 {row[0]} 号", employees=50)
        for row in firms
    )  # fmt: skip
    Enterprise.objects.bulk_create(basics, BATCH)
    until = [today + timedelta(days=number % 1000 - 20) for number in range(len(firms))]
    papers = (
        Licence(place_id=row[0], subject="单位", name="安全生产许可证", number=str(row[0]), valid_until=day, due=day)
        for row, day in zip(firms, until, strict=True)
    )
    Licence.objects.bulk_create(papers, BATCH)
    held = (Chemical(place_id=row[0], name="氨", cas="7664-41-7", role="原料", hazardous=True, quantity=2.0)
            for row in firms[::4])  # fmt: skip
    Chemical.objects.bulk_create(held, BATCH)


def _people(firms: list[Row], tags: list[int]) -> list[dict[str, Any]]:
    """Twenty people with their sessions; ``firm`` is the enterprise that one of them keeps, or just looks at."""
    from anlan.apps.core import actions as core
    from anlan.apps.core.models import Place
    from anlan.apps.monitoring.models import Tag
    from anlan.kit.grants import SYSTEM

    county = Place.objects.get(pk=1)
    found: list[dict[str, Any]] = []
    for role, many in PEOPLE:
        for number in range(many):
            firm = firms[(len(found) * 487) % len(firms)][0]
            at = Place.objects.get(pk=firm) if role == "safety_officer" else county
            new = core.NewPerson(f"{role}-{number}", f"试验{role}{number}", None)
            person = core.add_person(SYSTEM, new, role, at)
            core.notify([person.pk], "试验通知", "", f"bench-{person.pk}")
            tag = Tag.objects.filter(place__path__startswith=at.path).first() if at.pk != 1 else None
            told = {"role": role, "firm": firm, "tag": tag.pk if tag else tags[len(found)]}
            found.append({**told, "session": session_of(person)})
    return found


def again(told: str) -> None:
    """A county that was filled before, with the people signed in anew."""
    from anlan.cli import setup_django

    setup_django()
    from django.core.management import call_command

    from anlan.apps.core.models import Person
    from anlan.apps.core.upkeep import keep_statistics

    call_command("migrate", verbosity=0)
    keep_statistics()
    seeded = json.loads(told)
    counted: Counter[str] = Counter()
    for user in seeded["users"]:
        number, counted[user["role"]] = counted[user["role"]], counted[user["role"]] + 1
        user["session"] = session_of(Person.objects.get(username=f"{user['role']}-{number}"))
    click.echo(json.dumps(seeded))


def session_of(person: Any) -> str:
    """A session as after signing in; returns its key."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from anlan.apps.core.sessions import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def queries(session: str, addresses: list[str]) -> None:
    """How many questions to the database each address takes, its second time; how long the slowest took; and the
    processor time of the whole answer, median of some."""
    from anlan.cli import setup_django

    setup_django()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, told = Client(headers={"host": "localhost"}), {}
    client.cookies["sessionid"] = session
    for address in addresses:
        took = [_processor_s(client, address) for _ in range(1 + RUNS)][1:]
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
            assert answer.status_code == 200, address
        slowest = max(float(str(one["time"])) for one in asked.captured_queries)
        processor = round(1000 * statistics.median(took), 1)
        told[address] = {"queries": len(asked), "slowest_ms": round(1000 * slowest), "processor_ms": processor}
    click.echo(json.dumps(told))


def _processor_s(client: Any, address: str) -> float:
    began = time.process_time()
    client.get(address)
    return time.process_time() - began


if __name__ == "__main__":
    if sys.argv[1] == "seed":
        seed()
    elif sys.argv[1] == "again":
        again(sys.argv[2])
    else:
        queries(sys.argv[2], sys.argv[3:])
